// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_ENTRIES_HPP
#define CORSAC_INTEROP_GATEWAY_ENTRIES_HPP

// Tested in tests/interop/envoy/routes.test.cpp.

#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

/// One match of one rule under one hostname of one listener, and what it was read from. Borrows
/// from the objects and from their table.
struct gateway_entry {
    matched_route found;
    std::string domain;                   ///< `a.example`, `*.a.example`, or `*`
    const imported_listener* listener{};  ///< null for a route without parents
    const http_route* route{};
    const http_rule* rule{};
    const http_match* match{};
};

/// Every entry of an imported table, in the order of precedence.
///
/// @param objects  Those that were imported.
[[nodiscard]] inline std::vector<gateway_entry> list_entries(const gateway_objects& objects,
                                                             const gateway_import& import) {
    std::map<std::string_view, const http_route*> routes;
    std::vector<std::string> names;
    names.reserve(objects.routes.size());  // the keys stay where they are
    for (const http_route& route : objects.routes) {
        names.push_back(route.meta.full_name());
        routes.emplace(names.back(), &route);
    }
    std::vector<gateway_entry> entries;
    if (!import.table) return entries;
    import.table->visit_routes([&](const matched_route& found, std::string_view host,
                                   std::string_view, path_kind, std::string_view) {
        gateway_entry entry;
        entry.found = found;
        entry.domain = host.empty() || host.front() == '.' ? '*' + std::string(host) : host;
        const auto listener = static_cast<std::size_t>(found.listener());
        if (listener < import.listeners.size()) entry.listener = &import.listeners[listener];
        entry.route = routes.at(found.route());
        entry.rule = &entry.route->rules[found.rule_number()];
        entry.match = &entry.rule->matches[found.match_number()];
        entries.push_back(std::move(entry));
    });
    return entries;
}

}  // namespace corsac::inline v0::interop

#endif
