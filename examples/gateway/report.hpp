// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_REPORT_HPP
#define CORSAC_EXAMPLES_GATEWAY_REPORT_HPP

#include "snapshot.hpp"

#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/table/policy_table.hpp>

#include <cstddef>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

inline std::string_view name_of(corsac::route_state state) {
    switch (state) {
    case corsac::route_state::no_route: return "no route";
    case corsac::route_state::ungoverned: return "no policy";
    case corsac::route_state::disabled: return "switched off";
    case corsac::route_state::governed: return "one policy";
    case corsac::route_state::split: return "a policy per backend; preflights get what all allow";
    case corsac::route_state::ambiguous: return "several Host fields: gets 400";
    case corsac::route_state::broken: return "broken: every request gets 500";
    }
    return "";
}

/// Text of a manifest as it may be printed: what a terminal would obey is escaped.
inline std::string shown(std::string_view text) {
    std::string line;
    corsac::interop::append_shown(line, text);
    return line;
}

inline void print_list(std::string_view name, const corsac::text_list& items) {
    if (items.empty()) return;
    std::cout << "    " << name << ':';
    for (const std::string_view item : items) std::cout << ' ' << shown(item);
    std::cout << '\n';
}

/// Lines that are read; more are only counted.
inline constexpr std::size_t max_printed = 50;

inline void print_problems(const corsac::interop::manifest_problems& problems) {
    std::size_t printed = 0;
    const std::size_t all = problems.errors() + problems.warnings() + problems.notes().size();
    const auto print = [&](const corsac::interop::manifest_problem& problem) {
        if (printed++ < max_printed) std::cout << problem.text() << '\n';
    };
    for (const auto& problem : problems) {
        if (problem.is_error) print(problem);
    }
    for (const auto& problem : problems) {
        if (!problem.is_error) print(problem);
    }
    for (const auto& note : problems.notes()) print(note);
    if (all > max_printed) std::cout << "and " << all - max_printed << " more\n";
}

/// Headers and query parameters that a rule asks for.
inline void print_conditions(const corsac::interop::http_match& match) {
    const auto print = [](std::string_view what, const std::vector<std::string>& lines,
                          std::string_view how) {
        for (const std::string& line : lines) {
            std::cout << ", " << what << ' ' << how << shown(line);
        }
    };
    print("header", match.headers, "");
    print("header", match.header_expressions, "like ");
    print("query", match.query, "");
    print("query", match.query_expressions, "like ");
}

/// Prints the effective policy of each route, where it comes from, and what it shadows.
inline void print_policies(const snapshot& manifests) {
    for (const corsac::interop::gateway_entry& entry : list_entries(manifests.import)) {
        const corsac::matched_route& route = entry.found;
        const corsac::interop::http_match& match = *entry.match;
        std::cout << (entry.domain == "*" ? "any host" : shown(entry.domain)) << ' '
                  << shown(match.path)
                  << (match.kind == corsac::path_kind::prefix       ? " and below"
                      : match.kind == corsac::path_kind::expression ? " as an expression"
                                                                    : "")
                  << (match.method.empty() ? "" : ", ") << shown(match.method);
        print_conditions(match);
        std::cout << " (HTTPRoute " << shown(route.route()) << ", rule " << route.rule_number()
                  << "): " << name_of(route.state()) << '\n';
        if (const corsac::policy* p = route.governing()) {
            const corsac::policy_options options = p->options();
            print_list("allow_origins", options.allow_origins);
            print_list("allow_methods", options.allow_methods);
            print_list("allow_headers", options.allow_headers);
            print_list("expose_headers", options.expose_headers);
            if (options.allow_credentials) std::cout << "    with credentials\n";
        }
        if (!route.defect().empty()) std::cout << "    " << shown(route.defect()) << '\n';
        route.visit_attachments([](const corsac::attachment_view& a) {
            std::cout << "    " << (a.wins ? "from " : "shadowed: ") << corsac::name_of(a.level)
                      << ", " << a.kind << ' ' << shown(a.name)
                      << (a.governs == nullptr ? " (disables)" : "") << '\n';
        });
    }
}

}  // namespace gateway

#endif
