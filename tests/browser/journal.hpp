// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_JOURNAL_HPP
#define CORSAC_TESTS_BROWSER_JOURNAL_HPP

#include <corsac/corsac.hpp>

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// A request as a server saw it, and what corsac decided about it.
struct journal_entry {
    std::string method{};
    std::string url{};
    std::optional<std::string> origin{};
    std::optional<std::string> requested_method{};
    std::optional<std::string> requested_headers{};
    bool cookie = false;
    corsac::request_kind kind = corsac::request_kind::not_cors;
    bool governed = false;
    bool allows = false;
    bool credentials = false;
    std::string outcome{};
    std::string explanation{};
};

/// What all servers saw, case by case, in order.
class journal {
public:
    void write(const std::string& test_case, journal_entry entry) {
        const std::lock_guard lock{mutex_};
        entries_[test_case].push_back(std::move(entry));
    }

    [[nodiscard]] std::map<std::string, std::vector<journal_entry>> read() const {
        const std::lock_guard lock{mutex_};
        return entries_;
    }

    void clear() {
        const std::lock_guard lock{mutex_};
        entries_.clear();
    }

private:
    mutable std::mutex mutex_;
    std::map<std::string, std::vector<journal_entry>> entries_;
};

/// @param request  Anything corsac can read.
template <corsac::request_view R>
journal_entry journal_line(const R& request, const corsac::decision& d, std::string url) {
    const corsac::request_facts facts = corsac::read_facts(request);
    journal_entry entry;
    entry.method = facts.method;
    entry.url = std::move(url);
    if (facts.origin_lines != 0) entry.origin.emplace(facts.origin);
    if (facts.requested_method_lines != 0) entry.requested_method.emplace(facts.requested_method);
    if (facts.requested_header_lines != 0) {
        entry.requested_headers.emplace(facts.requested_headers[0]);
    }
    request.visit([&entry](std::string_view name, std::string_view value) {
        if (name == "Cookie" || name == "cookie") {
            entry.cookie = value.find("session=real") != std::string_view::npos;
        }
    });
    entry.kind = corsac::classify(request);
    entry.governed = d.governs();
    entry.allows = d.allows();
    entry.credentials = d.fields().allow_credentials;
    entry.outcome = corsac::name_of(d.outcome());
    entry.explanation = corsac::explain(d).view();
    return entry;
}

#endif
