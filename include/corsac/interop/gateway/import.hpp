// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_IMPORT_HPP
#define CORSAC_INTEROP_GATEWAY_IMPORT_HPP

#include <corsac/interop/gateway/crd_rules.hpp>
#include <corsac/interop/gateway/detail/delegation.hpp>
#include <corsac/interop/gateway/detail/expression_guard.hpp>
#include <corsac/interop/gateway/detail/inheritance.hpp>
#include <corsac/interop/gateway/detail/listener_importer.hpp>
#include <corsac/interop/gateway/detail/notes.hpp>
#include <corsac/interop/gateway/detail/policy_attacher.hpp>
#include <corsac/interop/gateway/detail/references.hpp>
#include <corsac/interop/gateway/detail/scopes.hpp>
#include <corsac/interop/gateway/imported.hpp>  // IWYU pragma: export
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

class gateway_importer {
public:
    gateway_importer(const gateway_objects& objects, const gateway_import_options& options,
                     manifest_problems& problems)
        : objects_(objects), options_(options), problems_(problems) {}

    [[nodiscard]] gateway_import run() {
        const std::size_t errors = problems_.errors();
        if (options_.profile == gateway_profile::gateway_api) validate(objects_, problems_);
        listeners_.add_all();
        for (const traffic_policy& from : objects_.policies) policies_.add_policy(from);
        std::vector<effective_route> routes = serve_mesh(delegation{objects_, problems_}.run());
        imported_.routes.reserve(routes.size());  // scopes point into it
        for (effective_route& route : routes) add_route(std::move(route));
        for (std::size_t i = 0; i < objects_.policies.size(); ++i) policies_.attach_targets(i);
        result<policy_table> built = std::move(builder_).build();
        for (const config_error& e : built.errors()) {
            problems_.error({}, {}, std::string(e.message()));
        }
        if (problems_.errors() != errors) return {};
        imported_.table = *std::move(built);
        policies_.find_unmatched();
        report_splits();
        note_taker{imported_, problems_}.run();
        return std::move(imported_);
    }

private:
    /// Requests inside a mesh go to a Service by its own names, whatever a route's hostnames are.
    /// Spec: https://gateway-api.sigs.k8s.io/mesh/
    [[nodiscard]] static std::vector<effective_route> serve_mesh(
        std::vector<effective_route> routes) {
        std::vector<effective_route> all;
        for (effective_route& one : routes) {
            const auto is_service = [](const parent_reference& p) { return p.kind == "Service"; };
            const auto& parents = one.route.parents;
            const auto services = std::count_if(parents.begin(), parents.end(), is_service);
            if (services != 0 && !one.route.hostnames.empty()) {
                effective_route mesh = one;
                mesh.route.hostnames.clear();
                std::erase_if(mesh.route.parents,
                              [&](const parent_reference& p) { return !is_service(p); });
                std::erase_if(one.route.parents, is_service);
                all.push_back(std::move(mesh));
                if (one.route.parents.empty()) continue;
            }
            all.push_back(std::move(one));
        }
        return all;
    }

    void add_route(effective_route effective) {
        imported_.routes.push_back(std::move(effective.route));
        http_route& from = imported_.routes.back();
        text_list hostnames;
        for (const std::string& hostname : from.hostnames) hostnames.push_back(hostname);
        const std::string name = from.meta.full_name();
        const route_id route = builder_.add_route(
            {.name = name, .hostnames = std::move(hostnames), .created = from.meta.created});
        route_scope& scope = scopes_.add({route, &from, {}});
        // Who delegates answers for its children.
        const object_meta& root =
            effective.via.empty() ? from.meta : effective.via.back().route->meta;
        bool attached = false;
        for (const parent_reference& parent : from.parents) {
            attached = listeners_.add_parent(root, route, parent) || attached;
        }
        if (!attached && !from.parents.empty()) {
            problems_.warning(from.meta.title(), "spec.parentRefs",
                              "no listener takes this route, so it gets no requests");
        }
        const inherited_policy above = inheritance_.find(effective.via);
        std::set<std::string> names;
        for (http_rule& rule : from.rules) {
            if (!rule.name.empty() && !names.insert(rule.name).second) {
                problems_.error(from.meta.title(), rule.path + ".name",
                                "\"" + rule.name + "\" is the name of another rule, too");
            }
            add_rule(from, scope, rule, attached || from.parents.empty(), above);
        }
        policies_.attach_inherited(from, route, above);
    }

    /// @param reachable  Without a match, nothing leads to the rule.
    void add_rule(const http_route& from, route_scope& scope, http_rule& rule, bool reachable,
                  const inherited_policy& above) {
        const rule_id id = builder_.add_rule(scope.id, rule.name);
        scope.rules.push_back(id);
        imported_.rules.push_back({imported_.routes.size() - 1, scope.rules.size() - 1});
        if (!rule.defect.empty()) builder_.set_broken(id, rule.defect);
        if (reachable) add_matches(from, rule, id);
        if (!above.wins)
            policies_.attach_filter(from, rule.filters, {id, attachment_level::rule_filter});
        attach_extensions(from, rule.filters, id, !above.wins);
        if (!above.broken.empty()) builder_.set_broken(id, above.broken);
        for (const http_backend& backend : rule.backends) {
            if (options_.profile != gateway_profile::gateway_api &&
                (backend.weight < 0 || backend.weight > max_backend_weight)) {
                problems_.error(from.meta.title(), rule.path + ".backendRefs",
                                backend.name + " has a weight below 0, or above " +
                                    std::to_string(max_backend_weight));
            }
            const backend_id added = builder_.add_backend(id, backend.name, backend.weight);
            policies_.attach_filter(from, backend.filters, added);
            if (!backend.filters.defect.empty()) {
                builder_.set_broken(added, backend.filters.defect);
            }
            // The documentation of traffic policies does not know them there, and a filter that is
            // not understood must not be skipped.
            for (const extension_reference& extension : backend.filters.extensions) {
                if (references_.is_unrelated(extension)) continue;
                builder_.set_broken(added, dangling(from, extension, "this backend"));
            }
            if (!references_.knows_kind(backend)) {
                const std::string what = backend.group + '/' + backend.kind;
                builder_.set_broken(added, what + " is no kind of backend that is known");
                problems_.warning(from.meta.title(), rule.path + ".backendRefs",
                                  what + " is no kind of backend that is known; its share of the "
                                         "requests gets 500");
            } else if (!references_.is_granted(from, backend)) {
                builder_.set_broken(added,
                                    "no ReferenceGrant lets the route refer to " + backend.name);
                problems_.warning(from.meta.title(), rule.path + ".backendRefs",
                                  "no ReferenceGrant of namespace " + backend.name_space +
                                      " lets this route refer to " + backend.kind + ' ' +
                                      backend.name + "; its share of the requests gets 500");
            }
        }
    }

    void add_matches(const http_route& from, http_rule& rule, rule_id id) {
        for (std::size_t i = 0; i < rule.matches.size(); ++i) {
            const http_match& match = rule.matches[i];
            const expression_guard guard = compile_expressions(
                match, options_.engine, [&](std::string_view field, const std::string& message) {
                    const std::string at =
                        rule.path + ".matches[" + std::to_string(i) + "]." + std::string(field);
                    builder_.set_broken(id, at + ' ' + message);
                    problems_.warning(from.meta.title(), at,
                                      message + "; every request of this rule gets 500");
                });
            route_match added{match.kind, match.path, match.method, {}, {}};
            for (const std::string& line : match.headers) added.headers.push_back(line);
            for (const std::string& pair : match.query) added.query.push_back(pair);
            added.guarded_headers = static_cast<std::uint32_t>(match.header_expressions.size());
            added.guarded_query = static_cast<std::uint32_t>(match.query_expressions.size());
            if (!guard.empty()) added.guard = match_guard(guard);
            builder_.add_match(id, added);
        }
    }

    void attach_extensions(const http_route& from, const http_filters& filters, rule_id id,
                           bool attaches) {
        for (const extension_reference& extension : filters.extensions) {
            const auto index = references_.find_policy(from.meta.name_space, extension);
            if (index) {
                if (attaches)
                    policies_.attach_policy(*index, {id, attachment_level::rule_reference});
            } else if (!references_.is_unrelated(extension)) {
                builder_.set_broken(id, dangling(from, extension, "this rule"));
            }
        }
    }

    [[nodiscard]] std::string dangling(const http_route& from, const extension_reference& extension,
                                       std::string_view whose) {
        const std::string what = extension.kind + ' ' + from.meta.name_space + '/' + extension.name;
        problems_.warning(from.meta.title(), extension.path,
                          what + " is not known; every request of " + std::string(whose) +
                              " gets 500");
        return what + " is not known";
    }

    void report_splits() {
        std::set<std::string> said;
        imported_.table->visit_routes([&](const matched_route& route, std::string_view,
                                          std::string_view, path_kind, std::string_view) {
            if (route.state() != route_state::split) return;
            const std::string at = "spec.rules[" + std::to_string(route.rule_number()) + "]";
            const std::string title = "HTTPRoute " + std::string(route.route());
            if (!said.insert(title + at).second) return;
            problems_.warning(title, at + ".backendRefs",
                              "the backends have different CORS policies; preflights are granted "
                              "only what all of them allow");
        });
    }

    const gateway_objects& objects_;
    const gateway_import_options& options_;
    manifest_problems& problems_;
    policy_table_builder builder_;
    gateway_import imported_;
    gateway_scopes scopes_;
    reference_finder references_{objects_, options_};
    inheritance inheritance_{objects_, references_};
    listener_importer listeners_{objects_, builder_, scopes_, imported_.listeners, problems_};
    policy_attacher policies_{objects_, options_, builder_, scopes_, imported_, problems_};
};

}  // namespace detail

/// Builds the table that a set of Gateway API objects describes.
///
/// A rule that cannot be read as it is meant (a filter that is not there or not known, an
/// expression that is none) answers 500, with a warning; a policy whose target is not there is
/// attached to nothing, with a warning. An error of any kind, and there is no table at all.
[[nodiscard]] inline gateway_import import_gateway(const gateway_objects& objects,
                                                   const gateway_import_options& options,
                                                   manifest_problems& problems) {
    return detail::gateway_importer{objects, options, problems}.run();
}
[[nodiscard]] inline gateway_import import_gateway(const gateway_objects& objects,
                                                   gateway_profile profile,
                                                   manifest_problems& problems) {
    return import_gateway(objects, gateway_import_options{.profile = profile}, problems);
}

}  // namespace corsac::inline v0_2_0::interop

#endif
