// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_FILTER_HPP
#define CORSAC_INTEROP_ENVOY_FILTER_HPP

#include <corsac/interop/envoy/evaluate.hpp>  // IWYU pragma: export
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// The filter as kgateway gives it to Envoy: `allowCredentials: false` is not passed on, a list
/// that is left out is unset, and a wildcard becomes a prefix or a regular expression.
[[nodiscard]] inline envoy_cors to_envoy_cors(const cors_filter& filter) {
    envoy_cors made;
    const auto join = [](const std::vector<std::string>& items) {
        std::string joined;
        for (const std::string& item : items) joined += (joined.empty() ? "" : ", ") + item;
        return joined;
    };
    for (const std::string& origin : filter.allow_origins) {
        using form = string_matcher::form;
        const std::size_t star = origin.find('*');
        if (star == origin.npos) {
            made.allow_origins.push_back({form::exact, origin, false, {}});
        } else if (star + 1 == origin.size() && star != 0) {
            made.allow_origins.push_back({form::prefix, origin.substr(0, star), false, {}});
        } else {
            const std::string regex = '^' + detail::escape_regex(origin.substr(0, star)) + ".*" +
                                      detail::escape_regex(origin.substr(star + 1)) + '$';
            made.allow_origins.push_back(make_regex_matcher(regex, compile_simple_regex));
        }
    }
    made.allow_methods = join(filter.allow_methods);
    made.allow_headers = join(filter.allow_headers);
    made.expose_headers = join(filter.expose_headers);
    made.max_age = std::to_string(filter.max_age.value_or(gateway_default_max_age));
    if (filter.allow_credentials.value_or(false)) made.allow_credentials = true;
    return made;
}

/// The policies of an imported table as Envoy holds them where kgateway configures it
/// (`to_kgateway_routes`): each at one of four places, from which fields are inherited one by one.
class envoy_policies {
public:
    explicit envoy_policies(const gateway_import& import) {
        for (const attached_filter& from : import.attached) {
            policies_.push_back(from.filter ? to_envoy_cors(*from.filter) : envoy_cors{});
            policies_.back().enabled = from.filter.has_value();
        }
        if (import.table) find_owners(import);
    }

    /// Decides as Envoy would for a request that goes to one of the rule's backends: of the
    /// policies of the backend, the route, the virtual host and the route configuration, one each,
    /// every field comes from the first that has it. A rule that is broken, or has no backend,
    /// answers 500, and Envoy's filter leaves that alone.
    ///
    /// @param backend  Ignored for a rule without backends.
    [[nodiscard]] envoy_decision evaluate(const matched_route& route, std::size_t backend,
                                          const request_facts& facts) const noexcept {
        return evaluate_like_envoy(chain(route, backend), facts);
    }

    /// The policies that have a say in that, the most specific first.
    ///
    /// The route bears the filter of its rule, or else the policy that is attached to rule or
    /// route, or else the filter of its only backend. The virtual host bears the policy of the
    /// listener with the longest hostname among those that share a port; for HTTPS, where each has
    /// a route configuration of its own, that bears the policy of the listener or else the
    /// Gateway's.
    [[nodiscard]] std::array<const envoy_cors*, 4> chain(const matched_route& route,
                                                         std::size_t backend) const noexcept {
        std::array<const envoy_cors*, 4> chain{};
        if (!route || !route.defect().empty() || !has_cluster(route)) return chain;
        const std::string_view name =
            backend < route.backends() ? route.backend_name(backend) : std::string_view{};
        const place* shared = find_place(route);
        const envoy_cors* only_backend = nullptr;
        route.visit_attachments([&](const attachment_view& a) {
            const envoy_cors* own = &policies_[static_cast<std::size_t>(a.id)];
            if (a.level == attachment_level::backend) {
                const envoy_cors*& at = route.backends() == 1 ? only_backend : chain[0];
                if (at == nullptr && a.backend == name) at = own;
            } else if (a.level >= attachment_level::route) {
                if (chain[1] == nullptr) chain[1] = own;
            } else if (a.level == attachment_level::gateway || (shared != nullptr && shared->tls)) {
                if (chain[3] == nullptr) chain[3] = own;
            }
        });
        if (chain[1] == nullptr) chain[1] = only_backend;
        if (shared != nullptr && !shared->tls && shared->policy != nobody) {
            chain[2] = &policies_[shared->policy];
        }
        return chain;
    }

    /// The attachment that one of these policies was made from.
    [[nodiscard]] attachment_id id_of(const envoy_cors& from) const noexcept {
        return attachment_id{static_cast<std::uint32_t>(&from - policies_.data())};
    }

private:
    /// Envoy takes no weights that are all zero; that of an only backend is not written.
    [[nodiscard]] static bool has_cluster(const matched_route& route) noexcept {
        bool any = route.backends() == 1;
        for (std::size_t i = 0; i < route.backends(); ++i) any |= route.backend_weight(i) != 0;
        return any;
    }

    static constexpr std::size_t nobody = static_cast<std::size_t>(-1);

    /// A virtual host: a hostname under a listener, or under those that share its port.
    struct place {
        std::uint32_t listener;
        std::string hostname;
        bool tls = false;
        std::size_t policy = nobody;  ///< of the listener that owns it

        [[nodiscard]] friend bool operator<(const place& a, const place& b) noexcept {
            return a.listener != b.listener ? a.listener < b.listener : a.hostname < b.hostname;
        }
    };

    void find_owners(const gateway_import& import) {
        struct owner {
            std::size_t length = 0;
            std::size_t policy = nobody;
        };
        std::map<std::tuple<std::string, std::int64_t, std::string>, owner> owners;
        std::set<place> places;
        import.table->visit_routes([&](const matched_route& route, std::string_view hostname,
                                       std::string_view, path_kind, std::string_view) {
            const auto at = static_cast<std::uint32_t>(route.listener());
            if (at >= import.listeners.size()) return;
            const imported_listener& listener = import.listeners[at];
            const bool tls = listener.protocol == "HTTPS";
            places.insert({at, std::string(hostname), tls});
            if (tls) return;
            const auto [found, is_new] =
                owners.try_emplace({listener.gateway, listener.port, std::string(hostname)});
            owner& own = found->second;
            if (!is_new && listener.hostname.size() <= own.length) return;
            own = {listener.hostname.size()};
            route.visit_attachments([&](const attachment_view& a) {
                if (a.level != attachment_level::listener || own.policy != nobody) return;
                own.policy = static_cast<std::size_t>(a.id);
            });
        });
        for (place one : places) {
            const imported_listener& listener = import.listeners[one.listener];
            const auto own = owners.find({listener.gateway, listener.port, one.hostname});
            if (!one.tls && own != owners.end()) one.policy = own->second.policy;
            places_.push_back(std::move(one));
        }
    }

    [[nodiscard]] const place* find_place(const matched_route& route) const noexcept {
        const auto listener = static_cast<std::uint32_t>(route.listener());
        const std::string_view hostname = route.hostname();
        const auto found = std::lower_bound(
            places_.begin(), places_.end(), listener, [&](const place& a, std::uint32_t wanted) {
                return a.listener != wanted ? a.listener < wanted : a.hostname < hostname;
            });
        const bool is_it =
            found != places_.end() && found->listener == listener && found->hostname == hostname;
        return is_it ? &*found : nullptr;
    }

    std::vector<envoy_cors> policies_;
    std::vector<place> places_;  ///< sorted
};

}  // namespace corsac::inline v0_2_0::interop

#endif
