// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_DETAIL_KGATEWAY_LAYOUT_HPP
#define CORSAC_INTEROP_ENVOY_DETAIL_KGATEWAY_LAYOUT_HPP

#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

struct kgateway_host {
    std::string name;
    std::string domain;
    /// Of several listeners the one with the longest hostname says what holds for the host.
    const gateway_entry* own = nullptr;
    std::vector<const gateway_entry*> routes{};  ///< in the order in which Envoy tries them
};

/// A `RouteConfiguration`. Listeners of plain HTTP on one port share it; each of HTTPS has its own.
struct kgateway_configuration {
    std::string name;
    bool tls = false;
    std::vector<const imported_listener*> listeners{};
    const gateway_entry* any = nullptr;  ///< null if it has no route
    std::vector<kgateway_host> hosts{};
};

/// A listener that is not among the documents is taken to.
[[nodiscard]] inline bool speaks_http(const imported_listener& listener) noexcept {
    return listener.protocol.empty() || listener.protocol == "HTTP";
}

/// Of paths of one length the text does not count, as it does in a `policy_table`.
[[nodiscard]] inline bool precedes_in_kgateway(const gateway_entry* a, const gateway_entry* b) {
    const http_match &x = *a->match, &y = *b->match;
    if (x.kind != y.kind) return x.kind < y.kind;
    if (x.path.size() != y.path.size()) return x.path.size() > y.path.size();
    if (x.method.empty() != y.method.empty()) return y.method.empty();
    const auto headers = [](const http_match& m) {
        return m.headers.size() + m.header_expressions.size();
    };
    const auto query = [](const http_match& m) {
        return m.query.size() + m.query_expressions.size();
    };
    if (headers(x) != headers(y)) return headers(x) > headers(y);
    if (query(x) != query(y)) return query(x) > query(y);
    const object_meta &one = a->route->meta, &two = b->route->meta;
    if (one.created != two.created) return one.created < two.created;
    const std::string name = one.full_name(), other = two.full_name();
    if (name != other) return name < other;
    if (a->rule != b->rule) return a->rule < b->rule;
    return a->match < b->match;
}

[[nodiscard]] inline kgateway_configuration lay_out(const imported_listener& listener,
                                                    const gateway_import& import,
                                                    const std::vector<gateway_entry>& entries) {
    kgateway_configuration made;
    made.tls = listener.protocol == "HTTPS";
    made.name = made.tls ? listener.name : "listener~" + std::to_string(listener.port);
    const auto belongs = [&](const imported_listener* other) {
        if (other == nullptr || other->gateway != listener.gateway) return false;
        return made.tls ? other == &listener : other->port == listener.port && speaks_http(*other);
    };
    for (const imported_listener& other : import.listeners) {
        if (belongs(&other)) made.listeners.push_back(&other);
    }
    std::map<std::string, kgateway_host> hosts;
    for (const gateway_entry& entry : entries) {
        if (!belongs(entry.listener)) continue;
        if (made.any == nullptr) made.any = &entry;
        std::string name = made.name + '~' + entry.domain;
        std::replace(name.begin(), name.end(), '.', '_');
        kgateway_host& host = hosts.emplace(name, kgateway_host{name, entry.domain}).first->second;
        const bool longer = host.own == nullptr ||
                            entry.listener->hostname.size() > host.own->listener->hostname.size();
        if (longer) host.own = &entry;
        host.routes.push_back(&entry);
    }
    for (auto& [name, host] : hosts) {
        std::stable_sort(host.routes.begin(), host.routes.end(), precedes_in_kgateway);
        made.hosts.push_back(std::move(host));
    }
    return made;
}

/// What kgateway makes of a Gateway: its translator, as far as it concerns routes.
/// Source: https://github.com/kgateway-dev/kgateway, internal/kgateway/translator
///
/// @param gateway  `namespace/name`.
/// @param entries  All of the table's; they must outlive the result.
[[nodiscard]] inline std::vector<kgateway_configuration> lay_out_gateway(
    const gateway_import& import, const std::vector<gateway_entry>& entries,
    std::string_view gateway) {
    std::vector<kgateway_configuration> made;
    std::vector<std::int64_t> ports;
    const auto add_port = [&](std::int64_t port) {
        bool shares = false;
        for (const imported_listener& listener : import.listeners) {
            if (listener.gateway != gateway || listener.port != port) continue;
            const bool tls = listener.protocol == "HTTPS";
            if (!tls && (shares || !speaks_http(listener))) continue;
            shares = shares || !tls;
            made.push_back(lay_out(listener, import, entries));
        }
    };
    for (const imported_listener& listener : import.listeners) {
        if (listener.gateway != gateway) continue;
        if (std::find(ports.begin(), ports.end(), listener.port) != ports.end()) continue;
        ports.push_back(listener.port);
        add_port(listener.port);
    }
    return made;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
