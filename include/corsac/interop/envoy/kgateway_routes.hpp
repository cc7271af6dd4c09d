// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_KGATEWAY_ROUTES_HPP
#define CORSAC_INTEROP_ENVOY_KGATEWAY_ROUTES_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/envoy/clusters.hpp>
#include <corsac/interop/envoy/cors_policy_writer.hpp>
#include <corsac/interop/envoy/detail/kgateway_layout.hpp>
#include <corsac/interop/envoy/detail/route_match.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// Keys in camelCase and in alphabetical order, all the way down: how kgateway prints.
[[nodiscard]] inline document in_kgateway_spelling(const document& from) {
    if (from.kind() != document_kind::map && from.kind() != document_kind::list) return from;
    if (from.kind() == document_kind::list) {
        document list = document::list();
        for (std::size_t i = 0; i < from.size(); ++i) {
            list.push_back(in_kgateway_spelling(from.item(i)));
        }
        return list;
    }
    std::map<std::string, document> sorted;
    for (std::size_t i = 0; i < from.size(); ++i) {
        std::string key;
        bool after_underscore = false;
        for (const char c : from.key(i)) {
            const bool lower = c >= 'a' && c <= 'z';
            if (c != '_') key += after_underscore && lower ? static_cast<char>(c - 'a' + 'A') : c;
            after_underscore = c == '_';
        }
        sorted.emplace(std::move(key), in_kgateway_spelling(from.item(i)));
    }
    document map = document::map();
    for (auto& [key, value] : sorted) map.set(key, std::move(value));
    return map;
}

/// Writes what `lay_out_gateway` laid out.
class kgateway_routes_writer {
public:
    kgateway_routes_writer(const gateway_import& import, std::string_view gateway)
        : import_(import), entries_(list_entries(import)), gateway_(gateway) {}

    [[nodiscard]] document run() const {
        document configurations = document::list();
        for (const kgateway_configuration& one : lay_out_gateway(import_, entries_, gateway_)) {
            configurations.push_back(in_kgateway_spelling(configuration(one)));
        }
        return configurations;
    }

private:
    using level = attachment_level;

    [[nodiscard]] document configuration(const kgateway_configuration& from) const {
        document made = document::map();
        made.set("name", document(std::string_view(from.name)));
        made.set("ignore_port_in_host_matching", document(true));
        const level most = from.tls ? level::listener : level::gateway;
        if (from.any != nullptr) add_policy(made, winner(*from.any, level::gateway, most));
        for (const kgateway_host& host : from.hosts) {
            document* list = made.find("virtual_hosts");
            if (list == nullptr) list = &made.set("virtual_hosts", document::list());
            list->push_back(virtual_host(host, from.tls));
        }
        return made;
    }

    [[nodiscard]] document virtual_host(const kgateway_host& from, bool tls) const {
        document host = document::map();
        host.set("name", document(std::string_view(from.name)));
        host.set("domains", document::list()).push_back(document(std::string_view(from.domain)));
        if (tls) host.set("require_tls", document("ALL"));
        if (!tls) add_policy(host, winner(*from.own, level::listener, level::listener));
        document& routes = host.set("routes", document::list());
        for (std::size_t i = 0; i < from.routes.size(); ++i) {
            const gateway_entry& entry = *from.routes[i];
            const std::string match = std::to_string(entry.found.match_number());
            std::string title = from.name + "-route-" + std::to_string(i) + "-httproute-";
            title += entry.route->meta.name + '-' + entry.route->meta.name_space + '-';
            title += std::to_string(entry.found.rule_number()) + '-' + match;
            if (!entry.rule->name.empty()) title += '-' + entry.rule->name;
            routes.push_back(route(title + "-matcher-" + match, entry));
        }
        return host;
    }

    [[nodiscard]] document route(const std::string& name, const gateway_entry& entry) const {
        document made = document::map();
        made.set("name", document(std::string_view(name)));
        made.set("match", match(*entry.match));
        const auto attached = winner(entry, level::route, level::rule_reference);
        if (attached) made.set("metadata", metadata(*attached));
        const std::vector<http_backend>& backends = entry.rule->backends;
        // Envoy takes no weights that are all zero.
        bool any = backends.size() == 1;
        for (const http_backend& backend : backends) any |= backend.weight != 0;
        if (!entry.found.defect().empty() || !any) {
            document& direct = made.set("direct_response", document::map());
            direct.set("status", document(std::int64_t{500}));
            direct.set("body", document::map())
                .set("inline_string", document("invalid route configuration detected and replaced "
                                               "with a direct response."));
            return made;
        }
        document& action = made.set("route", document::map());
        action.set("cluster_not_found_response_code", document("INTERNAL_SERVER_ERROR"));
        // A filter of the rule comes before any policy, and a policy before that of an only
        // backend.
        document config = filter_config(entry.rule->filters);
        if (config.is_null() && attached) config = policy_config(*attached);
        if (backends.size() == 1) {
            action.set("cluster", document(std::string_view(kgateway_cluster_name(backends[0]))));
            if (config.is_null()) config = filter_config(backends[0].filters);
        } else {
            document& clusters =
                action.set("weighted_clusters", document::map()).set("clusters", document::list());
            for (const http_backend& backend : backends) {
                clusters.push_back(weighted_cluster(kgateway_cluster_name(backend), backend.weight,
                                                    filter_config(backend.filters)));
            }
        }
        if (!config.is_null()) made.set("typed_per_filter_config", std::move(config));
        return made;
    }

    [[nodiscard]] static document match(const http_match& from) {
        document made = document::map();
        if (from.kind == path_kind::expression) {
            made.set("safe_regex", document::map())
                .set("regex", document(std::string_view(from.path)));
        } else {
            made.set(from.kind == path_kind::exact    ? "path"
                     : is_separated_prefix(from.path) ? "path_separated_prefix"
                                                      : "prefix",
                     document(std::string_view(from.path)));
        }
        // An empty value means any.
        const auto condition = [](std::string_view line, std::string_view separator) {
            const split_condition c(line, separator);
            return c.value.empty() ? present_matcher(c.name) : exact_matcher(c.name, c.value);
        };
        document headers = document::list(), query = document::list();
        for (const std::string& line : from.headers) headers.push_back(condition(line, ": "));
        for (const std::string& pair : from.query) query.push_back(condition(pair, "="));
        for (const std::string& line : from.header_expressions) {
            const split_condition c(line, ": ");
            headers.push_back(regex_matcher(c.name, c.value));
        }
        for (const std::string& pair : from.query_expressions) {
            const split_condition c(pair, "=");
            query.push_back(regex_matcher(c.name, c.value));
        }
        if (!from.method.empty()) headers.push_back(exact_matcher(":method", from.method));
        if (headers.size() != 0) made.set("headers", std::move(headers));
        if (query.size() != 0) made.set("query_parameters", std::move(query));
        return made;
    }

    /// The policy object that counts among those attached at some levels.
    [[nodiscard]] static std::optional<attachment_view> winner(const gateway_entry& entry,
                                                               level least, level most) {
        std::optional<attachment_view> first;
        entry.found.visit_attachments([&](const attachment_view& a) {
            if (!first && a.level >= least && a.level <= most) first = a;
        });
        return first;
    }

    void add_policy(document& scope, const std::optional<attachment_view>& attached) const {
        if (!attached) return;
        scope.set("metadata", metadata(*attached));
        scope.set("typed_per_filter_config", policy_config(*attached));
    }

    /// Which object the field `cors` comes from. kgateway says so also where a filter of the rule
    /// comes before it.
    [[nodiscard]] static document metadata(const attachment_view& attached) {
        const std::string kind(attached.kind);
        const std::string group = kind == "TrafficPolicy" ? "gateway.kgateway.dev" : "gloo.solo.io";
        const std::string object = group + '/' + kind + '/' + std::string(attached.name);
        document made = document::map();
        made.set("filter_metadata", document::map())
            .set("merge." + kind + '.' + group, document::map())
            .set("cors", document::list())
            .push_back(document(std::string_view(object)));
        return made;
    }

    [[nodiscard]] document policy_config(const attachment_view& attached) const {
        const auto& filter = import_.attached[static_cast<std::size_t>(attached.id)].filter;
        if (filter) return per_filter(to_envoy_cors(*filter));
        envoy_cors disabled;
        disabled.enabled = false;
        return per_filter(disabled);
    }
    [[nodiscard]] static document filter_config(const http_filters& filters) {
        return filters.cors ? per_filter(to_envoy_cors(*filters.cors)) : document{};
    }
    [[nodiscard]] static document per_filter(const envoy_cors& config) {
        document made = document::map();
        made.set(envoy_cors_filter, to_document(config));
        return made;
    }

    const gateway_import& import_;
    std::vector<gateway_entry> entries_;
    std::string gateway_;
};

}  // namespace detail

/// Writes the route configurations that kgateway makes of one of its Gateways, which it serves with
/// an Envoy of its own: a list of `RouteConfiguration`s in the spelling and order of its output.
///
/// Policies sit where kgateway puts them: the Gateway's on the configuration, a listener's on the
/// virtual host (on the configuration, for HTTPS), a route's and a rule's on the routes, a
/// backend's on its weighted cluster. So Envoy inherits their fields one by one, and where backends
/// differ a preflight gets the answer of one that is drawn by lot. For comparing, and for moving
/// step by step; `to_envoy_routes` writes what a `policy_table` decides.
///
/// Every Service and ReferenceGrant is taken to exist. What is no CORS (redirects, timeouts, other
/// fields of policies) is left out.
///
/// @param gateway  `namespace/name`.
[[nodiscard]] inline document to_kgateway_routes(const gateway_import& import,
                                                 std::string_view gateway) {
    return detail::kgateway_routes_writer{import, gateway}.run();
}

}  // namespace corsac::inline v0_2_0::interop

#endif
