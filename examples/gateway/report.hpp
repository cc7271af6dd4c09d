// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_REPORT_HPP
#define CORSAC_EXAMPLES_GATEWAY_REPORT_HPP

#include <corsac/table/policy_table.hpp>

#include <iostream>
#include <string_view>

namespace gateway {

inline std::string_view name_of(corsac::route_state state) {
    switch (state) {
    case corsac::route_state::no_route: return "no route";
    case corsac::route_state::ungoverned: return "no policy";
    case corsac::route_state::disabled: return "switched off";
    case corsac::route_state::governed: return "one policy";
    case corsac::route_state::split: return "a policy per backend; preflights get what all allow";
    case corsac::route_state::broken: return "broken: every request gets 500";
    }
    return "";
}

inline void print_list(std::string_view name, const corsac::text_list& items) {
    if (items.empty()) return;
    std::cout << "    " << name << ':';
    for (const std::string_view item : items) std::cout << ' ' << item;
    std::cout << '\n';
}

/// Prints the effective policy of each route, where it comes from, and what it shadows.
inline void print_policies(const corsac::policy_table& table) {
    table.visit_routes([](const corsac::matched_route& route, std::string_view host,
                          std::string_view path, corsac::path_kind kind, std::string_view method) {
        std::cout << (host.empty()          ? "any host"
                      : host.front() == '.' ? "*"
                                            : "")
                  << host << ' ' << (path.empty() ? "/" : path)
                  << (kind == corsac::path_kind::prefix       ? " and below"
                      : kind == corsac::path_kind::expression ? " as an expression"
                                                              : "")
                  << (method.empty() ? "" : ", ") << method << " (HTTPRoute " << route.route()
                  << ", rule " << route.rule_number() << "): " << name_of(route.state()) << '\n';
        if (const corsac::policy* p = route.governing()) {
            const corsac::policy_options options = p->options();
            print_list("allow_origins", options.allow_origins);
            print_list("allow_methods", options.allow_methods);
            print_list("allow_headers", options.allow_headers);
            print_list("expose_headers", options.expose_headers);
            if (options.allow_credentials) std::cout << "    with credentials\n";
        }
        if (!route.defect().empty()) std::cout << "    " << route.defect() << '\n';
        route.visit_attachments([](const corsac::attachment_view& a) {
            std::cout << "    " << (a.wins ? "from " : "shadowed: ") << corsac::name_of(a.level)
                      << ", " << a.kind << ' ' << a.name
                      << (a.governs == nullptr ? " (disables)" : "") << '\n';
        });
    });
}

}  // namespace gateway

#endif
