// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_ENTRIES_HPP
#define CORSAC_INTEROP_GATEWAY_ENTRIES_HPP

// Tested in tests/interop/envoy/routes.test.cpp.

#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// One match of one rule under one hostname of one listener, and what it was read from. Borrows
/// from the import.
struct gateway_entry {
    matched_route found;
    std::string domain;                   ///< `a.example`, `*.a.example`, or `*`
    const imported_listener* listener{};  ///< null for a route without parents
    const http_route* route{};
    const http_rule* rule{};
    const http_match* match{};
};

/// Every entry of an imported table, in the order of precedence.
[[nodiscard]] inline std::vector<gateway_entry> list_entries(const gateway_import& import) {
    std::vector<gateway_entry> entries;
    if (!import.table) return entries;
    import.table->visit_routes([&](const matched_route& found, std::string_view host,
                                   std::string_view, path_kind, std::string_view) {
        gateway_entry entry;
        entry.found = found;
        entry.domain = host.empty() || host.front() == '.' ? '*' + std::string(host) : host;
        const auto listener = static_cast<std::size_t>(found.listener());
        if (listener < import.listeners.size()) entry.listener = &import.listeners[listener];
        const imported_rule& at = import.rules[static_cast<std::size_t>(found.id())];
        entry.route = &import.routes[at.route];
        entry.rule = &entry.route->rules[at.rule];
        entry.match = &entry.rule->matches[found.match_number()];
        entries.push_back(std::move(entry));
    });
    return entries;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
