// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_LISTENER_IMPORTER_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_LISTENER_IMPORTER_HPP

#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/detail/scopes.hpp>
#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/label_selector.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// The listeners of a table that is being built: of Gateways, ListenerSets and Services, and which
/// routes they take.
class listener_importer {
public:
    listener_importer(const gateway_objects& objects, policy_table_builder& builder,
                      gateway_scopes& scopes, std::vector<imported_listener>& listeners,
                      manifest_problems& problems)
        : objects_(objects), builder_(builder), scopes_(scopes), listeners_(listeners),
          problems_(problems) {}

    void add_all() {
        for (const gateway_object& gateway : objects_.gateways) add_gateway(gateway);
        for (const listener_set& set : objects_.listener_sets) add_listener_set(set);
    }

    /// @param from  The route, or the one that delegates to it.
    /// @return      Whether a listener of the parent takes it.
    bool add_parent(const object_meta& from, route_id route, const parent_reference& parent) {
        const bool service = parent.kind == "Service";
        const bool set = parent.kind == "ListenerSet" || parent.kind == "XListenerSet";
        if (parent.kind != "Gateway" && !service && !set) {
            problems_.warning(from.title(), parent.path + ".kind",
                              parent.kind + " is no parent that is known here; the route gets no "
                                            "requests from it");
            return false;
        }
        const std::string kind = set ? "ListenerSet" : parent.kind;
        const std::string name = parent.name_space + '/' + parent.name;
        gateway_scope* gateway = scopes_.find(kind, parent.name_space, parent.name);
        if (gateway == nullptr) {
            gateway = &scopes_.add(
                kind, {builder_.add_gateway(), parent.name, parent.name_space, nullptr, {}});
            if (!service) {
                problems_.warning(from.title(), parent.path,
                                  kind + ' ' + name +
                                      " is not among the documents; it is taken to exist and to "
                                      "let the route in");
            }
        }
        if (service) return add_service(*gateway, route, parent);
        bool attached = false, found = false;
        for (const listener_scope& listener : gateway->listeners) {
            if (!parent.section.empty() && listener.name != parent.section) continue;
            if (parent.port != 0 && listener.port != parent.port) continue;
            found = true;
            if (listener.object != nullptr && !lets_in(*listener.object, from, parent)) continue;
            builder_.add_parent(route, listener.id);
            attached = true;
        }
        if (!found && gateway->meta == nullptr) {
            const listener_id added = builder_.add_listener(gateway->id, "");
            listeners_.push_back({name, parent.section, {}, {}, parent.port, {}, gateway->id});
            gateway->listeners.push_back({added, parent.section, parent.port});
            builder_.add_parent(route, added);
            attached = true;
        }
        return attached;
    }

private:
    void add_gateway(const gateway_object& gateway) {
        gateway_scope scope{
            builder_.add_gateway(), gateway.meta.name, gateway.meta.name_space, &gateway.meta, {}};
        for (const gateway_listener& listener : gateway.listeners) {
            add_listener(scope, listener, gateway.meta.full_name(), {});
        }
        scopes_.add("Gateway", std::move(scope));
    }

    void add_listener(gateway_scope& scope, const gateway_listener& listener,
                      const std::string& gateway, const std::string& set) {
        scope.listeners.push_back({builder_.add_listener(scope.id, {.hostname = listener.hostname,
                                                                    .port = listener.port}),
                                   listener.name, listener.port, &listener});
        listeners_.push_back({gateway, listener.name, listener.hostname, listener.protocol,
                              listener.port, set, scope.id});
    }

    void add_listener_set(const listener_set& set) {
        gateway_scope* gateway = scopes_.find("Gateway", set.gateway_space, set.gateway);
        const std::string name = set.gateway_space + '/' + set.gateway;
        if (gateway == nullptr) {
            gateway = &scopes_.add(
                "Gateway", {builder_.add_gateway(), set.gateway, set.gateway_space, nullptr, {}});
            problems_.warning(set.meta.title(), "spec.parentRef",
                              "Gateway " + name +
                                  " is not among the documents; it is taken to "
                                  "exist and to let the listeners in");
        }
        gateway_scope scope{gateway->id, set.meta.name, set.meta.name_space, &set.meta, {}};
        if (lets_in(name, set)) {
            for (const gateway_listener& listener : set.listeners) {
                if (conflicts(name, listener, set)) continue;
                add_listener(scope, listener, name, set.meta.full_name());
            }
        }
        scopes_.add("ListenerSet", std::move(scope));
    }

    /// Whether a Gateway takes listeners of this namespace: none, unless it says so.
    [[nodiscard]] bool lets_in(const std::string& gateway, const listener_set& set) {
        for (const gateway_object& one : objects_.gateways) {
            if (one.meta.full_name() != gateway) continue;
            const bool in =
                one.sets_from == allowed_namespaces::all ||
                (one.sets_from == allowed_namespaces::same &&
                 one.meta.name_space == set.meta.name_space) ||
                (one.sets_from == allowed_namespaces::selector &&
                 selects_namespace(one.sets_selector, set.meta, "spec.parentRef", "the Gateway"));
            if (!in) {
                problems_.warning(set.meta.title(), "spec.parentRef",
                                  "Gateway " + gateway + " takes no listeners from namespace " +
                                      set.meta.name_space + "; see its allowedListeners");
            }
            return in;
        }
        return true;
    }

    /// Of two listeners of one port that cannot be told apart, the Gateway's own and the older one
    /// stay.
    [[nodiscard]] bool conflicts(const std::string& gateway, const gateway_listener& listener,
                                 const listener_set& set) {
        for (const imported_listener& one : listeners_) {
            if (one.gateway != gateway || one.port != listener.port) continue;
            const bool same = one.protocol == listener.protocol;
            if (same && one.hostname != listener.hostname) continue;
            problems_.warning(set.meta.title(), "spec.listeners",
                              "listener " + listener.name + " has the port" +
                                  (same ? " and hostname" : "") + " of listener " + one.name +
                                  " and another " + (same ? "name" : "protocol") +
                                  ", and is left out");
            return true;
        }
        return false;
    }

    /// A Service has a listener for each of its names.
    bool add_service(gateway_scope& service, route_id route, const parent_reference& parent) {
        std::string host = parent.name;
        const std::string suffixes[] = {"", '.' + parent.name_space, ".svc", ".cluster.local"};
        for (const std::string& suffix : suffixes) {
            host += suffix;
            const listener_scope* known = nullptr;
            for (const listener_scope& one : service.listeners) {
                if (one.name == host && one.port == parent.port) known = &one;
            }
            if (known == nullptr) {
                const listener_id added = builder_.add_listener(service.id, host);
                service.listeners.push_back({added, host, parent.port});
                listeners_.push_back({"Service " + parent.name_space + '/' + parent.name,
                                      host,
                                      host,
                                      "HTTP",
                                      parent.port,
                                      {},
                                      service.id});
                known = &service.listeners.back();
            }
            builder_.add_parent(route, known->id);
        }
        return true;
    }

    /// Whether a listener takes routes of this kind and namespace.
    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#allowedroutes
    [[nodiscard]] bool lets_in(const gateway_listener& listener, const object_meta& from,
                               const parent_reference& parent) {
        if (!listener.takes_http_routes) return false;
        if (listener.from == allowed_namespaces::all) return true;
        if (listener.from == allowed_namespaces::same) {
            return parent.name_space == from.name_space;
        }
        return selects_namespace(listener.selector, from, parent.path, "listener " + listener.name);
    }

    [[nodiscard]] bool selects_namespace(const label_selector& selector, const object_meta& of,
                                         const std::string& path, const std::string& who) {
        for (const object_meta& meta : objects_.namespaces) {
            if (meta.name == of.name_space) return selector.matches(meta.labels);
        }
        problems_.warning(of.title(), path,
                          "Namespace " + of.name_space +
                              " is not among the documents, so its labels are not known; " + who +
                              " is taken to let it in");
        return true;
    }

    const gateway_objects& objects_;
    policy_table_builder& builder_;
    gateway_scopes& scopes_;
    std::vector<imported_listener>& listeners_;
    manifest_problems& problems_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
