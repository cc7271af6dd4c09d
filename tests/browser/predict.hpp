// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_PREDICT_HPP
#define CORSAC_TESTS_BROWSER_PREDICT_HPP

#include "application.hpp"
#include "table.hpp"

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <httplib.h>

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using policy_map = std::map<std::string, corsac::policy, std::less<>>;

/// The policy that governs a target, or null.
inline const corsac::policy* find_policy(const policy_map& policies, std::string_view target) {
    const auto found = policies.find(parse_target(target).policy);
    return found == policies.end() ? nullptr : &found->second;
}

/// The servers as the simulated browser meets them: the same policies, the same application.
class simulated_server {
public:
    explicit simulated_server(const policy_map& policies) : policies_(policies) {}

    corsac::testing::response operator()(const corsac::testing::request& request) {
        const std::size_t path = request.url.find('/', request.url.find("://") + 3);
        const std::string target = request.url.substr(path);
        const auto application = [&target](const corsac::testing::request&) {
            const reply answered = answer(parse_target(target));
            corsac::testing::response made{.status = answered.status, .headers = {}};
            for (const auto& [name, value] : answered.headers)
                made.headers.push_back({name, value});
            return made;
        };
        const corsac::policy* const p = find_policy(policies_, target);
        const corsac::testing::response out =
            p != nullptr ? corsac::testing::governed_by(*p, application)(request)
                         : application(request);
        for (const corsac::testing::header& h : out.headers) {
            names_.insert(corsac::testing::detail::lower(h.name));
        }
        return out;
    }

    /// All header names that were ever sent.
    [[nodiscard]] const std::set<std::string>& names() const { return names_; }

private:
    const policy_map& policies_;
    std::set<std::string> names_;
};

/// A real server as the simulated browser meets it, over HTTP.
class remote_server {
public:
    corsac::testing::response operator()(const corsac::testing::request& request) {
        const std::size_t path = request.url.find('/', request.url.find("://") + 3);
        httplib::Request sent;
        sent.method = request.method;
        sent.path = request.url.substr(path);
        sent.body = request.body;
        for (const corsac::testing::header& h : request.headers) {
            if (h.name != "Host") sent.headers.emplace(h.name, h.value);
        }
        httplib::Client client{request.url.substr(0, path)};
        corsac::testing::response out{.status = 0, .headers = {}};
        if (const httplib::Result received = client.send(sent)) {
            out.status = received->status;
            for (const auto& [name, value] : received->headers) {
                out.headers.push_back({name, value});
                names_.insert(corsac::testing::detail::lower(name));
            }
        }
        return out;
    }

    [[nodiscard]] const std::set<std::string>& names() const { return names_; }

private:
    std::set<std::string> names_;
};

/// What one browser is expected to do with each step of a case.
template <class Server>
std::vector<corsac::testing::answer> predict(const test_case& c, Server& server,
                                             const corsac::testing::quirks& q) {
    const bool opaque = c.context == "sandbox" || c.context == "data";
    corsac::testing::browser b{
        corsac::testing::page_options{.url = c.page,
                                      .context = opaque ? corsac::testing::page_context::opaque
                                                        : corsac::testing::page_context::document,
                                      .quirks = q}};
    std::vector<corsac::testing::answer> answers;
    for (const test_step& step : c.steps) {
        b.wait(step.wait_ms);
        if (!step.page.empty()) {
            b.visit(step.page);
        } else if (!opaque) {
            b.visit(c.page);
        }
        answers.push_back(b.fetch(step.fetch, server));
    }
    return answers;
}

#endif
