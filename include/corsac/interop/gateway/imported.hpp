// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_IMPORTED_HPP
#define CORSAC_INTEROP_GATEWAY_IMPORTED_HPP

// Tested in tests/interop/gateway/import.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// What an attachment of an imported table was made from; for exports and for Envoy's way of
/// evaluating.
struct attached_filter {
    attachment_level level{};
    std::optional<cors_filter> filter{};  ///< nothing: it disables
};

/// A listener of an imported table.
struct imported_listener {
    std::string gateway{};  ///< `namespace/name`; of a mesh `Service namespace/name`
    std::string name{};
    std::string hostname{};
    std::string protocol{};
    std::int64_t port = 0;       ///< 0 if the Gateway is not among the documents
    std::string listener_set{};  ///< `namespace/name` where it is not the Gateway's own
    gateway_id gateway_number{static_cast<std::uint32_t>(-1)};
};

/// Where a rule of an imported table stands.
struct imported_rule {
    std::size_t route = 0;  ///< in `gateway_import::routes`
    std::size_t rule = 0;   ///< in that route's
};

/// A table made from manifests.
struct gateway_import {
    std::optional<policy_table> table{};         ///< nothing if there was an error
    std::vector<attached_filter> attached{};     ///< by `attachment_id`
    std::vector<imported_listener> listeners{};  ///< by `listener_id`
    /// The routes as they are served: those that others delegate to, as often as they are reached,
    /// under the hostnames and matches that they have there.
    std::vector<http_route> routes{};
    std::vector<imported_rule> rules{};  ///< by `rule_id`
    /// By `listener_id`: the policy of requests that no rule takes, which get 404 with its headers.
    std::vector<std::optional<policy>> unmatched{};

    /// The listener that gets requests for a host: of those of a Gateway and port the one whose
    /// hostname is most precise. For `route_request::listener`.
    ///
    /// @param gateway  `namespace/name`, or `Service namespace/name`.
    /// @param host     A port and the dot at the end count for nothing.
    [[nodiscard]] std::optional<listener_id> find_listener(std::string_view gateway,
                                                           std::int64_t port,
                                                           std::string_view host) const noexcept {
        const std::string_view asked = corsac::detail::host_of(host);
        std::optional<listener_id> found;
        std::size_t precision = 0;
        for (std::size_t i = 0; i < listeners.size(); ++i) {
            const imported_listener& one = listeners[i];
            if (one.gateway != gateway || one.port != port) continue;
            std::string_view name = one.hostname;
            const bool wildcard = name.substr(0, 2) == "*.";
            if (wildcard) name.remove_prefix(1);
            const bool longer = asked.size() > name.size();
            if (!name.empty() && (wildcard ? !longer : asked.size() != name.size())) { continue; }
            const std::string_view end = asked.substr(asked.size() - name.size());
            if (!corsac::detail::equals_ignore_case(end, name)) continue;
            const std::size_t own = name.empty() ? 1 : 2 * name.size() + (wildcard ? 0U : 1U);
            if (own <= precision) continue;
            precision = own;
            found = listener_id{static_cast<std::uint32_t>(i)};
        }
        return found;
    }
};

/// How `import_gateway` reads objects.
struct gateway_import_options {
    gateway_profile profile = gateway_profile::gateway_api;
    bool strict = false;  ///< see `filter_policy_options`
    /// For the expressions of matches; `re2_engine<RE2>{}` knows all. A rule with one that it does
    /// not know answers 500.
    regex_engine engine = compile_simple_regex;
    /// `group/Kind` of `ExtensionRef` filters that have nothing to do with CORS and are applied by
    /// somebody else: `gateway.nginx.org/AuthenticationFilter`. A rule with any other that is not
    /// among the documents answers 500, as the Gateway API asks.
    std::vector<std::string> unrelated_extensions{};
    /// `group/Kind` of backends beside Services and what well-known implementations have. A backend
    /// of any other kind that is not among the documents answers 500.
    std::vector<std::string> backend_kinds{};
    /// Takes references to other namespaces to be granted, for documents without ReferenceGrants.
    bool assume_grants = false;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
