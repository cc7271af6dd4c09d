// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_KGATEWAY_ROUTER_HPP
#define CORSAC_INTEROP_ENVOY_KGATEWAY_ROUTER_HPP

// Tested in tests/interop/envoy/kgateway_routes.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/envoy/detail/kgateway_layout.hpp>
#include <corsac/interop/envoy/detail/route_match.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <set>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Finds the rule that an Envoy takes which serves what kgateway makes of the manifests
/// (`to_kgateway_routes`): only the most specific virtual host is looked into, a rule for a method
/// gets no preflight, and a condition without a value asks for any.
///
/// For `envoy_policies::evaluate`. A `policy_table` looks up as the Gateway API says.
class kgateway_router {
public:
    /// @param import  Must outlive this, and stay where it is.
    explicit kgateway_router(const gateway_import& import)
        : import_(&import), entries_(list_entries(import)) {
        std::set<std::string_view> gateways;
        for (const imported_listener& listener : import.listeners) {
            if (!gateways.insert(listener.gateway).second) continue;
            for (auto& one : detail::lay_out_gateway(import, entries_, listener.gateway)) {
                configurations_.push_back(std::move(one));
            }
        }
    }
    kgateway_router(const kgateway_router&) = delete;
    kgateway_router& operator=(const kgateway_router&) = delete;

    /// @param request  Its method is the request's own, also of a preflight; of `any_listener`, all
    ///                 are tried, one after the other.
    /// @param fields   See `policy_table::find`.
    ///
    /// Cost: no allocation; grows with the number of hosts, and of routes of a host.
    template <class Fields>
    [[nodiscard]] matched_route find(const route_request& request,
                                     const Fields& fields) const noexcept {
        for (const detail::kgateway_configuration& one : configurations_) {
            if (!serves(one, request.listener)) continue;
            const detail::kgateway_host* host = find_host(one, detail::host_of(request.host));
            if (host == nullptr) continue;
            for (const gateway_entry* entry : host->routes) {
                if (holds(*entry->match, request, fields) &&
                    entry->found.guard_accepts(request, field_reader{fields})) {
                    return entry->found;
                }
            }
        }
        return {};
    }

private:
    [[nodiscard]] bool serves(const detail::kgateway_configuration& one,
                              std::uint32_t listener) const noexcept {
        if (listener == any_listener) return true;
        for (const imported_listener* served : one.listeners) {
            if (served == import_->listeners.data() + listener) return true;
        }
        return false;
    }

    [[nodiscard]] static const detail::kgateway_host* find_host(
        const detail::kgateway_configuration& one, std::string_view received) noexcept {
        const detail::kgateway_host* found = nullptr;
        for (const detail::kgateway_host& host : one.hosts) {
            const std::string_view domain = host.domain;
            if (domain.front() != '*') {
                if (detail::equals_ignore_case(domain, received)) return &host;
                continue;
            }
            const std::string_view suffix = domain.substr(1);
            if (received.size() <= suffix.size() && !suffix.empty()) continue;
            const std::string_view end = received.substr(received.size() - suffix.size());
            if (!detail::equals_ignore_case(end, suffix)) continue;
            if (found == nullptr || domain.size() > found->domain.size()) found = &host;
        }
        return found;
    }

    [[nodiscard]] static bool path_holds(const http_match& match, std::string_view path) noexcept {
        if (match.kind == path_kind::expression) return true;  // the guard looks at it
        if (match.kind == path_kind::exact) return path == match.path;
        if (path.substr(0, match.path.size()) != match.path) return false;
        return path.size() == match.path.size() || !detail::is_separated_prefix(match.path) ||
               path[match.path.size()] == '/';
    }

    template <class Fields>
    [[nodiscard]] static bool holds(const http_match& match, const route_request& request,
                                    const Fields& fields) noexcept {
        if (!match.method.empty() && match.method != request.method) return false;
        if (!path_holds(match, request.path)) return false;
        for (const std::string& line : match.headers) {
            const detail::split_condition c(line, ": ");
            const std::string_view value = fields(c.name);
            if (value.data() == nullptr || (!c.value.empty() && value != c.value)) return false;
        }
        for (const std::string& pair : match.query) {
            const detail::split_condition c(pair, "=");
            const std::string_view value = detail::query_value(request.query, c.name);
            if (value.data() == nullptr || (!c.value.empty() && value != c.value)) return false;
        }
        return true;
    }

    const gateway_import* import_;
    std::vector<gateway_entry> entries_;
    std::vector<detail::kgateway_configuration> configurations_;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
