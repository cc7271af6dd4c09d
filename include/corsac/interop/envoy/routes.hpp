// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_ROUTES_HPP
#define CORSAC_INTEROP_ENVOY_ROUTES_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/export_loss.hpp>
#include <corsac/interop/envoy/clusters.hpp>
#include <corsac/interop/envoy/detail/redirect.hpp>
#include <corsac/interop/envoy/detail/route_match.hpp>
#include <corsac/interop/envoy/detail/route_policies.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// How `to_envoy_routes` writes.
struct envoy_routes_options {
    bool strict = false;  ///< see `export_options`
    /// The cluster of a backend, which is yours to define.
    std::function<std::string(const http_backend&)> cluster_name = kgateway_cluster_name;
};

namespace detail {

class envoy_routes_writer {
public:
    envoy_routes_writer(const gateway_objects& objects, const gateway_import& import,
                        const envoy_routes_options& options)
        : entries_(list_entries(import)), import_(import), options_(options) {
        policies_.report_others(objects);
    }

    [[nodiscard]] exported run() {
        std::map<std::string, std::vector<const gateway_entry*>> grouped;
        for (const gateway_entry& entry : entries_) {
            grouped[configuration_name(entry.listener)].push_back(&entry);
        }
        document configurations = document::list();
        for (const auto& [name, entries] : grouped) {
            configurations.push_back(configuration(name, entries));
        }
        return finish_export(std::move(configurations), std::move(policies_).losses(),
                             {options_.strict});
    }

private:
    /// `namespace/name:port` of the Gateway: listeners of one port are told apart by hostname
    /// alone.
    [[nodiscard]] static std::string configuration_name(const imported_listener* listener) {
        if (listener == nullptr) return "routes";
        if (listener->port != 0) return listener->gateway + ':' + std::to_string(listener->port);
        return listener->gateway + (listener->name.empty() ? "" : '/' + listener->name);
    }

    [[nodiscard]] document configuration(const std::string& name,
                                         const std::vector<const gateway_entry*>& entries) {
        goes_nowhere_ = false;
        document hosts = document::list();
        std::set<std::string_view> domains;
        for (const gateway_entry* entry : entries) {
            if (!domains.insert(entry->domain).second) continue;
            hosts.push_back(virtual_host(entry->domain, entries));
        }
        // What a listener names is its own, also where none of its routes is.
        for (const imported_listener& listener : import_.listeners) {
            const bool known = listener.hostname.empty() || listener.port == 0 ||
                               configuration_name(&listener) != name;
            if (known || !domains.insert(listener.hostname).second) continue;
            hosts.push_back(virtual_host(listener.hostname, entries));
        }
        document made = document::map();
        made.set("name", document(std::string_view(name)));
        made.set("ignore_port_in_host_matching", document(true));
        if (goes_nowhere_) made.set("validate_clusters", document(false));
        made.set("virtual_hosts", std::move(hosts));
        return made;
    }

    [[nodiscard]] document virtual_host(std::string_view domain,
                                        const std::vector<const gateway_entry*>& entries) {
        document host = document::map();
        host.set("name", document(domain));
        host.set("domains", document::list()).push_back(document(domain));
        document& routes = host.set("routes", document::list());
        // Envoy looks into one virtual host only; here, what no rule of a host takes goes on to the
        // rules of less specific ones.
        for (const gateway_entry* entry : entries) {
            if (!covers(entry->domain, domain) || !owns(*entry, domain)) continue;
            add_entry(*entry, routes);
            if (takes_all(*entry->match)) break;
        }
        return host;
    }

    [[nodiscard]] static bool covers(std::string_view wide, std::string_view narrow) noexcept {
        if (wide == narrow || wide == "*") return true;
        return wide.front() == '*' && narrow.size() >= wide.size() &&
               narrow.substr(narrow.size() - wide.size() + 1) == wide.substr(1);
    }
    /// Whether the host is not one that another listener of the port names more precisely.
    [[nodiscard]] bool owns(const gateway_entry& entry, std::string_view domain) const {
        const imported_listener* own = entry.listener;
        if (own == nullptr || own->port == 0) return true;
        const auto domain_of = [](const imported_listener& listener) {
            return listener.hostname.empty() ? std::string_view{"*"}
                                             : std::string_view{listener.hostname};
        };
        const std::string_view hostname = domain_of(*own);
        for (const imported_listener& other : import_.listeners) {
            if (other.gateway != own->gateway || other.port != own->port) continue;
            const std::string_view name = domain_of(other);
            if (name != hostname && covers(hostname, name) && covers(name, domain)) return false;
        }
        return true;
    }
    [[nodiscard]] static bool takes_all(const http_match& match) noexcept {
        return match.kind == path_kind::prefix && match.method.empty() && match.headers.empty() &&
               match.query.empty() && match.header_expressions.empty() &&
               match.query_expressions.empty() &&
               match.path.find_first_not_of('/') == match.path.npos;
    }

    void add_entry(const gateway_entry& entry, document& routes) {
        const matched_route& found = entry.found;
        std::vector<std::size_t> live;  // backends that get requests
        bool some_broken = false, all_broken = true;
        for (std::size_t i = 0; i < found.backends(); ++i) {
            if (found.backend_weight(i) <= 0) continue;
            live.push_back(i);
            const bool broken = found.backend_state(i) == route_state::broken;
            some_broken = some_broken || broken;
            all_broken = all_broken && broken;
        }
        if (found.defect().empty() && entry.rule->filters.redirect) {
            add_redirect(entry, routes);
            return;
        }
        const bool dead = !found.defect().empty() || (!live.empty() && all_broken);
        const bool split = !dead && (found.state() == route_state::split || some_broken);
        document action = dead ? document{} : cluster_action(entry, live, split);
        document config = dead || split ? document{} : policies_.of_rule(entry);

        const std::string& method = entry.match->method;
        if (split && some_broken) {
            add_route(entry, " preflight", match_preflight(method), {}, {}, routes);
        } else if (split) {
            add_split_preflights(entry, live, cluster_action(entry, live, false), routes);
        } else if (!method.empty()) {
            add_route(entry, " preflight", match_preflight(method), action, config, routes);
        }
        for (const envoy_matchers& matchers : match_method(method)) {
            add_route(entry, "", matchers, action, config, routes);
        }
    }

    /// Envoy's filter leaves redirects alone, so that only preflights have the policy's headers.
    void add_redirect(const gateway_entry& entry, document& routes) {
        document config = policies_.of_rule(entry);
        if (!config.is_null()) {
            policies_.report_redirect(entry);
            document action = document::map();
            action.set("cluster", document(envoy_nowhere));
            goes_nowhere_ = true;
            add_route(entry, " preflight", match_preflight(entry.match->method), std::move(action),
                      std::move(config), routes);
        }
        for (const envoy_matchers& matchers : match_method(entry.match->method)) {
            add_route(entry, "", matchers, {}, {}, routes);
            document& made = routes.item(routes.size() - 1);
            if (made.find("direct_response") == nullptr) continue;
            document redirect =
                envoy_redirect(*entry.rule->filters.redirect, *entry.match, entry.listener);
            document named = document::map();
            for (const std::string_view field : {"name", "match"}) {
                named.set(field, *made.find(field));
            }
            named.set("redirect", std::move(redirect));
            made = std::move(named);
        }
    }

    /// A preflight may be granted if every backend grants it: its origin must be one of each
    /// policy's, and the lists are those that all of them have.
    void add_split_preflights(const gateway_entry& entry, const std::vector<std::size_t>& live,
                              const document& action, document& routes) {
        const matched_route& found = entry.found;
        const envoy_matchers preflight = match_preflight(entry.match->method);
        const document common =
            policies_.of(*found.governing(), envoy_route_policies::title_of(entry));
        bool silent = false;  // a backend without a policy, in whose name nobody can answer
        document origins;
        std::set<std::string> regexes;
        for (const std::size_t i : live) {
            const policy* own = found.governing(i);
            silent = silent || own == nullptr;
            if (own == nullptr) continue;
            const document config = policies_.of(*own, envoy_route_policies::title_of(entry, *own));
            regexes.insert(origins_regex(config));
            origins = *config.find(envoy_cors_filter)->find("allow_origin_string_match");
        }
        if (!silent) {
            envoy_matchers everywhere = preflight;
            for (const std::string& regex : regexes) {
                everywhere.push_back(regex_matcher(field::origin, regex));
            }
            add_route(entry, " preflight", everywhere, action,
                      with_origins(common, std::move(origins)), routes);
        }
        add_route(entry, " refused preflight", preflight, action,
                  with_origins(common, origin_matchers({}, false)), routes);
    }

    /// @param action  Null for 500.
    void add_route(const gateway_entry& entry, std::string_view suffix,
                   const envoy_matchers& matchers, document action, document config,
                   document& routes) {
        document match = envoy_match(*entry.match, matchers);
        if (match.is_null()) return;
        std::string name = std::string(entry.found.route()) + " rules[";
        name += std::to_string(entry.found.rule_number()) + "].matches[";
        name.append(std::to_string(entry.found.match_number())).append("]").append(suffix);
        document made = document::map();
        made.set("name", document(std::string_view(name)));
        made.set("match", std::move(match));
        if (action.is_null()) {
            made.set("direct_response", document::map()).set("status", document(std::int64_t{500}));
        } else {
            made.set("route", std::move(action));
            if (!config.is_null()) made.set("typed_per_filter_config", std::move(config));
        }
        routes.push_back(std::move(made));
    }

    /// @param pinned  Whether each backend bears its own policy.
    [[nodiscard]] document cluster_action(const gateway_entry& entry,
                                          const std::vector<std::size_t>& live, bool pinned) {
        const auto cluster = [&](std::size_t backend) {
            const bool broken = entry.found.backend_state(backend) == route_state::broken;
            goes_nowhere_ = goes_nowhere_ || broken;
            return broken ? std::string(envoy_nowhere)
                          : options_.cluster_name(entry.rule->backends[backend]);
        };
        goes_nowhere_ = goes_nowhere_ || live.empty();
        document action = document::map();
        if (live.size() < 2) {
            const std::string name = live.empty() ? std::string(envoy_nowhere) : cluster(live[0]);
            action.set("cluster", document(std::string_view(name)));
        } else {
            document& clusters =
                action.set("weighted_clusters", document::map()).set("clusters", document::list());
            for (const std::size_t i : live) {
                clusters.push_back(
                    weighted_cluster(cluster(i), entry.found.backend_weight(i),
                                     pinned ? policies_.of_backend(entry, i) : document{}));
            }
        }
        action.set("cluster_not_found_response_code", document("INTERNAL_SERVER_ERROR"));
        return action;
    }

    std::vector<gateway_entry> entries_;
    const gateway_import& import_;
    const envoy_routes_options& options_;
    envoy_route_policies policies_;
    bool goes_nowhere_ = false;  ///< of the configuration that is being written
};

}  // namespace detail

/// Writes what an imported table decides as a list of Envoy's `RouteConfiguration`s, one for each
/// port of each Gateway. Listeners, clusters and endpoints are yours; the filter
/// `envoy.filters.http.cors` must be in the chain of every connection manager that uses them.
///
/// Routes stand in the order of precedence, since Envoy takes the first that matches. The policy
/// that wins stands on the route whole, as `to_envoy` writes it, so that nothing is inherited;
/// `to_envoy_disabled` stands where it is switched off, and a broken rule answers 500. A rule for a
/// method gets a route for the preflights that ask for it; where backends differ, their policies
/// stand on the weighted clusters and preflights get routes of their own, which grant what all of
/// them do.
///
/// @param objects  Those that were imported.
/// @return         Nothing in a list if the import has no table. Losses name the object.
///
/// Spec: https://www.envoyproxy.io/docs/envoy/latest/api-v3/config/route/v3/route.proto
[[nodiscard]] inline exported to_envoy_routes(const gateway_objects& objects,
                                              const gateway_import& import,
                                              const envoy_routes_options& options) {
    return detail::envoy_routes_writer{objects, import, options}.run();
}

}  // namespace corsac::inline v0_2_0::interop

#endif
