// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_SIMULATION_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_SIMULATION_HPP

#include "application.hpp"
#include "decision_json.hpp"
#include "policy_json.hpp"

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playground {

/// What the server answers to one request, and why, if a policy was asked.
struct answered {
    corsac::testing::response response{};
    json decision = nullptr;
};

using simulated_server = std::function<answered(const corsac::testing::request&)>;

/// What is tried: a page, its request, and perhaps the same again some time later.
struct attempt {
    std::string page;
    corsac::testing::fetch_options fetch{};
    std::optional<std::int64_t> again_after{};  ///< seconds
};

/// Reads a request as the page describes it, with names as `fetch` has them.
///
/// Errors: what the JSON library does where a member is missing or of the wrong type.
inline attempt read_attempt(const json& asked) {
    using namespace corsac::testing;
    const json& from = asked.at("request");
    const auto pick = [&from](const char* member, auto... names) {
        const std::string given = from.at(member).get<std::string>();
        const std::string_view known[] = {names...};
        for (std::size_t i = 0; i < std::size(known); ++i) {
            if (known[i] == given) return static_cast<int>(i);
        }
        return 0;
    };
    attempt out;
    out.page = asked.at("page").get<std::string>();
    out.fetch.url = from.at("url").get<std::string>();
    out.fetch.method = from.at("method").get<std::string>();
    for (const json& pair : from.at("headers")) {
        out.fetch.headers.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    }
    out.fetch.credentials =
        static_cast<credentials_mode>(pick("credentials", "omit", "same-origin", "include"));
    out.fetch.mode = static_cast<request_mode>(pick("mode", "cors", "no-cors", "same-origin"));
    out.fetch.redirect = static_cast<redirect_mode>(pick("redirect", "follow", "error", "manual"));
    if (from.at("body").is_string()) out.fetch.body = text_body(from.at("body").get<std::string>());
    if (asked.at("again").is_string()) {
        out.again_after =
            read_number<std::int32_t>(asked.at("again").get_ref<const std::string&>());
    }
    return out;
}

/// An API that a policy governs, with an application behind it.
template <corsac::policy_like Policy>
simulated_server governed_server(Policy policy, std::string kind, std::string location) {
    return [=](const corsac::testing::request& r) {
        using namespace corsac::testing;
        corsac::request_facts facts;
        facts.method = r.method;
        for (const header& h : r.headers) facts.add(h.name, h.value);
        facts.credentials = r.credentials;
        const auto application_of = [&](const request& asked) {
            const std::string_view behind =
                asked.url == location ? "plain" : std::string_view{kind};
            const reply made = application(behind, location);
            response out{.status = made.status, .headers = {}};
            for (const auto& [name, value] : made.headers) out.headers.push_back({name, value});
            return out;
        };
        return answered{governed_by(policy, application_of)(r),
                        decision_json(policy, corsac::evaluate(policy, facts))};
    };
}

/// A server that answers what it is told to: one response to preflights, one to all else.
inline simulated_server scripted_server(corsac::testing::response preflight,
                                        corsac::testing::response other) {
    return [=](const corsac::testing::request& r) {
        const bool asks = r.method == "OPTIONS" && r.first("Access-Control-Request-Method");
        return answered{asks ? preflight : other, nullptr};
    };
}

inline json answer_json(const corsac::testing::answer& a, json exchanges) {
    using corsac::testing::to_string;
    return {{"verdict", to_string(a.verdict)},
            {"step", a.allowed() ? "" : std::string{to_string(a.blocked_at)}},
            {"type", to_string(a.type)},
            {"status", a.status},
            {"sentence", a.allowed() ? "" : a.sentence()},
            {"exposed", a.exposed()},
            {"exchanges", std::move(exchanges)}};
}

/// What one simulated browser does, with each exchange as the server saw it, and what it does some
/// time later.
inline json simulate(const attempt& tried, const simulated_server& server,
                     const corsac::testing::quirks& quirks) {
    using namespace corsac::testing;
    browser simulated{tried.page, quirks};
    json remembers = nullptr;
    const auto run = [&] {
        json exchanges = json::array();
        const answer a = simulated.fetch(tried.fetch, [&](const request& r) {
            answered made = server(r);
            if (r.method == "OPTIONS" && r.first("Access-Control-Request-Method")) {
                remembers = max_age_of(made.response, quirks);
            }
            exchanges.push_back({{"method", r.method},
                                 {"url", r.url},
                                 {"request", headers_json(r.headers)},
                                 {"status", made.response.status},
                                 {"response", headers_json(made.response.headers)},
                                 {"decision", std::move(made.decision)}});
            return std::move(made.response);
        });
        return answer_json(a, std::move(exchanges));
    };
    json out = run();
    out["remembers"] = out["verdict"] == "allowed" ? remembers : json(nullptr);
    out["again"] = nullptr;
    if (tried.again_after) {
        simulated.wait(*tried.again_after * 1000);
        out["again"] = run();
    }
    return out;
}

}  // namespace playground

#endif
