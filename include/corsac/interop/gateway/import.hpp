// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_IMPORT_HPP
#define CORSAC_INTEROP_GATEWAY_IMPORT_HPP

#include <corsac/interop/gateway/detail/scopes.hpp>
#include <corsac/interop/gateway/filter_policy.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

/// What an attachment of an imported table was made from; for exports and for Envoy's way of
/// evaluating.
struct attached_filter {
    attachment_level level{};
    std::optional<cors_filter> filter{};  ///< nothing: it disables
};

/// A listener of an imported table.
struct imported_listener {
    std::string gateway{};  ///< `namespace/name`
    std::string name{};
    std::string hostname{};
    std::string protocol{};
    std::int64_t port = 0;  ///< 0 if the Gateway is not among the documents
};

/// A table made from manifests.
struct gateway_import {
    std::optional<policy_table> table{};         ///< nothing if there was an error
    std::vector<attached_filter> attached{};     ///< by `attachment_id`
    std::vector<imported_listener> listeners{};  ///< by `listener_id`
};

namespace detail {

class gateway_importer {
public:
    gateway_importer(const gateway_objects& objects, gateway_profile profile,
                     manifest_problems& problems)
        : objects_(objects), profile_(profile), problems_(problems) {}

    [[nodiscard]] gateway_import run() {
        const std::size_t errors = problems_.errors();
        for (const gateway_object& gateway : objects_.gateways) add_gateway(gateway);
        for (const traffic_policy& from : objects_.policies) add_policy(from);
        for (const http_route& route : objects_.routes) add_route(route);
        for (std::size_t i = 0; i < objects_.policies.size(); ++i) attach_targets(i);
        result<policy_table> built = std::move(builder_).build();
        for (const config_error& e : built.errors()) {
            problems_.error({}, {}, std::string(e.message()));
        }
        if (problems_.errors() != errors) return {};
        imported_.table = *std::move(built);
        report_splits();
        return std::move(imported_);
    }

private:
    struct known_policy {
        std::optional<policy_id> id;
        bool expose_present = false;
    };

    void add_gateway(const gateway_object& gateway) {
        gateway_scope scope{
            builder_.add_gateway(), gateway.meta.name, gateway.meta.name_space, &gateway, {}};
        for (const gateway_listener& listener : gateway.listeners) {
            scope.listeners.push_back({builder_.add_listener(scope.id, listener.hostname),
                                       listener.name, listener.port, &listener});
            imported_.listeners.push_back({gateway.meta.full_name(), listener.name,
                                           listener.hostname, listener.protocol, listener.port});
        }
        scopes_.add(std::move(scope));
    }

    void add_policy(const traffic_policy& from) {
        known_policy known;
        if (from.cors && !from.disables) {
            filter_policy built =
                make_filter_policy(*from.cors, profile_, from.meta.title(), "spec.cors", problems_);
            if (built.value) known.id = builder_.add_policy(*std::move(built.value));
            known.expose_present = built.expose_present;
        }
        policies_.push_back(known);
    }

    void add_route(const http_route& from) {
        text_list hostnames;
        for (const std::string& hostname : from.hostnames) hostnames.push_back(hostname);
        const std::string name = from.meta.full_name();
        const route_id route = builder_.add_route(
            {.name = name, .hostnames = std::move(hostnames), .created = from.meta.created});
        route_scope& scope = scopes_.add({route, &from, {}});
        bool attached = false;
        for (const parent_reference& parent : from.parents) {
            if (parent.kind == "Gateway") attached = add_parent(from, route, parent) || attached;
        }
        if (!attached && !from.parents.empty()) {
            problems_.warning(from.meta.title(), "spec.parentRefs",
                              "no listener takes this route, so it gets no requests");
        }
        std::set<std::string> names;
        for (const http_rule& rule : from.rules) {
            if (!rule.name.empty() && !names.insert(rule.name).second) {
                problems_.error(from.meta.title(), rule.path + ".name",
                                "\"" + rule.name + "\" is the name of another rule, too");
            }
            add_rule(from, scope, rule, attached || from.parents.empty());
        }
    }

    bool add_parent(const http_route& from, route_id route, const parent_reference& parent) {
        gateway_scope* gateway = scopes_.find_gateway(parent.name_space, parent.name);
        const std::string name = parent.name_space + '/' + parent.name;
        if (gateway == nullptr) {
            gateway = &scopes_.add({builder_.add_gateway(), parent.name, parent.name_space});
            problems_.warning(from.meta.title(), parent.path,
                              "Gateway " + name +
                                  " is not among the documents; it is taken to exist and to let "
                                  "the route in");
        }
        bool attached = false, found = false;
        for (const listener_scope& listener : gateway->listeners) {
            if (!parent.section.empty() && listener.name != parent.section) continue;
            if (parent.port != 0 && listener.port != parent.port) continue;
            found = true;
            if (listener.object != nullptr && !lets_in(*listener.object, from, parent)) continue;
            builder_.add_parent(route, listener.id);
            attached = true;
        }
        if (!found && gateway->object == nullptr) {
            const listener_id added = builder_.add_listener(gateway->id, "");
            imported_.listeners.push_back({name, parent.section, {}, {}, parent.port});
            gateway->listeners.push_back({added, parent.section, parent.port});
            builder_.add_parent(route, added);
            attached = true;
        }
        return attached;
    }

    /// Whether a listener takes routes of this kind and namespace.
    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes
    [[nodiscard]] bool lets_in(const gateway_listener& listener, const http_route& from,
                               const parent_reference& parent) {
        if (!listener.takes_http_routes) return false;
        if (listener.from == allowed_namespaces::all) return true;
        if (listener.from == allowed_namespaces::same) {
            return parent.name_space == from.meta.name_space;
        }
        for (const object_meta& meta : objects_.namespaces) {
            if (meta.name == from.meta.name_space) return listener.selector.matches(meta.labels);
        }
        problems_.warning(
            from.meta.title(), parent.path,
            "Namespace " + from.meta.name_space +
                " is not among the documents, so its labels are not known; listener " +
                listener.name + " is taken to let it in");
        return true;
    }

    /// @param reachable  Without a match, nothing leads to the rule.
    void add_rule(const http_route& from, route_scope& scope, const http_rule& rule,
                  bool reachable) {
        const rule_id id = builder_.add_rule(scope.id, rule.name);
        scope.rules.push_back(id);
        for (const http_match& match : rule.matches) {
            if (!reachable) break;
            route_match added{match.kind, match.path, match.method, {}, {}};
            for (const std::string& line : match.headers) added.headers.push_back(line);
            for (const std::string& pair : match.query) added.query.push_back(pair);
            builder_.add_match(id, added);
        }
        attach_filter(from, rule.filters, {id, attachment_level::rule_filter});
        for (const extension_reference& extension : rule.filters.extensions) {
            const std::size_t index = find_policy(from.meta.name_space, extension);
            if (index != objects_.policies.size()) {
                attach_policy(index, {id, attachment_level::rule_reference});
            } else {
                builder_.set_broken(id, dangling(from, extension, "this rule"));
            }
        }
        for (const http_backend& backend : rule.backends) {
            const backend_id added = builder_.add_backend(id, backend.name, backend.weight);
            attach_filter(from, backend.filters, added);
            // The documentation of traffic policies does not know them there, and a filter that is
            // not understood must not be skipped.
            for (const extension_reference& extension : backend.filters.extensions) {
                builder_.set_broken(added, dangling(from, extension, "this backend"));
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

    [[nodiscard]] std::size_t find_policy(std::string_view name_space,
                                          const extension_reference& extension) const {
        std::size_t index = 0;
        for (; index < objects_.policies.size(); ++index) {
            const object_meta& meta = objects_.policies[index].meta;
            if (meta.kind == extension.kind && meta.group == extension.group &&
                meta.name == extension.name && meta.name_space == name_space) {
                break;
            }
        }
        return index;
    }

    void attach_filter(const http_route& from, const http_filters& filters,
                       attachment_target target) {
        if (!filters.cors) return;
        const filter_policy built = make_filter_policy(*filters.cors, profile_, from.meta.title(),
                                                       filters.cors_path, problems_);
        if (!built.value) return;
        const std::string name = from.meta.full_name();
        builder_.attach(target, *built.value,
                        {.kind = from.meta.kind,
                         .name = name,
                         .created = from.meta.created,
                         .expose_present = built.expose_present});
        imported_.attached.push_back({target.level, filters.cors});
    }

    void attach_policy(std::size_t index, attachment_target target) {
        const traffic_policy& from = objects_.policies[index];
        const known_policy& known = policies_[index];
        const std::string name = from.meta.full_name();
        attachment_options options{.kind = from.meta.kind,
                                   .name = name,
                                   .created = from.meta.created,
                                   .expose_present = known.expose_present};
        if (from.disables) {
            builder_.disable(target, options);
            imported_.attached.push_back({target.level, std::nullopt});
        } else if (known.id) {
            builder_.attach(target, *known.id, options);
            imported_.attached.push_back({target.level, from.cors});
        }
    }

    void attach_targets(std::size_t index) {
        const traffic_policy& from = objects_.policies[index];
        for (const policy_target& target : from.targets) {
            if (target.kind != "Gateway" && target.kind != "HTTPRoute") {
                problems_.warning(from.meta.title(), target.path + ".kind",
                                  target.kind +
                                      " is no kind that a policy can be attached to here");
                continue;
            }
            const bool found =
                scopes_.visit(target, from.meta.name_space,
                              [&](attachment_target scope) { attach_policy(index, scope); });
            if (found) continue;
            problems_.warning(from.meta.title(), target.path,
                              "there is no such " + target.kind +
                                  (target.section.empty() ? "" : " with that section") +
                                  " in namespace " + from.meta.name_space +
                                  ", so the policy is not attached there");
        }
    }

    void report_splits() {
        if (!imported_.table) return;
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
    gateway_profile profile_;
    manifest_problems& problems_;
    policy_table_builder builder_;
    gateway_import imported_;
    gateway_scopes scopes_;
    std::vector<known_policy> policies_;
};

}  // namespace detail

/// Builds the table that a set of Gateway API objects describes.
///
/// A reference to a filter that is not there makes its rule answer 500, with a warning; a policy
/// whose target is not there is attached to nothing, with a warning. An error of any kind, and
/// there is no table at all.
[[nodiscard]] inline gateway_import import_gateway(const gateway_objects& objects,
                                                   gateway_profile profile,
                                                   manifest_problems& problems) {
    return detail::gateway_importer{objects, profile, problems}.run();
}

}  // namespace corsac::inline v0::interop

#endif
