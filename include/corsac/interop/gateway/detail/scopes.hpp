// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_SCOPES_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_SCOPES_HPP

#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/attachment.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

struct listener_scope {
    listener_id id{};
    std::string name{};
    std::int64_t port = 0;
    const gateway_listener* object = nullptr;  ///< null if it is not among the documents
};

/// A Gateway; or, with the id of its Gateway, a ListenerSet; or a Service of a mesh.
struct gateway_scope {
    gateway_id id{};
    std::string name{};
    std::string name_space{};
    const object_meta* meta = nullptr;  ///< null if it is not among the documents
    std::vector<listener_scope> listeners{};
};

struct route_scope {
    route_id id{};
    const http_route* object = nullptr;
    std::vector<rule_id> rules{};  ///< in the order of the object's
};

/// The scopes of a table that is being built, by the names that its objects have.
class gateway_scopes {
public:
    /// @param kind  `Gateway`, `ListenerSet` or `Service`.
    [[nodiscard]] gateway_scope* find(std::string_view kind, std::string_view name_space,
                                      std::string_view name) {
        const auto found = gateways_.find(full_name(kind, name_space, name));
        return found == gateways_.end() ? nullptr : &found->second;
    }
    gateway_scope& add(std::string_view kind, gateway_scope gateway) {
        return gateways_[full_name(kind, gateway.name_space, gateway.name)] = std::move(gateway);
    }
    route_scope& add(route_scope route) { return routes_.emplace_back(std::move(route)); }
    [[nodiscard]] const route_scope& last_route() const noexcept { return routes_.back(); }

    /// Calls `f(attachment_target)` for every scope that a policy of `name_space` names.
    /// @return  Whether there is any.
    template <class F>
    [[nodiscard]] bool visit(const policy_target& target, std::string_view name_space,
                             const F& f) const {
        bool any = false;
        const auto found = [&](attachment_target scope) {
            f(scope);
            any = true;
        };
        if (target.kind == "Gateway" || target.kind == "ListenerSet") {
            visit_gateways(target, name_space, found);
        }
        if (target.kind == "HTTPRoute") visit_routes(target, name_space, found);
        return any;
    }

    /// @param meta  Null for an object that is not among the documents: its labels are unknown.
    [[nodiscard]] static bool selects(const policy_target& target, std::string_view name,
                                      const object_meta* meta) {
        if (!target.name.empty()) return target.name == name;
        return meta != nullptr && target.selector.matches(meta->labels);
    }

private:
    [[nodiscard]] static std::string full_name(std::string_view kind, std::string_view name_space,
                                               std::string_view name) {
        return std::string(kind).append(" ").append(name_space).append("/").append(name);
    }

    template <class F>
    void visit_gateways(const policy_target& target, std::string_view name_space,
                        const F& found) const {
        for (const auto& [full, gateway] : gateways_) {
            if (full.compare(0, target.kind.size(), target.kind) != 0) continue;
            if (gateway.name_space != name_space) continue;
            if (!selects(target, gateway.name, gateway.meta)) continue;
            const bool whole = target.section.empty();
            if (whole && target.kind == "Gateway") found(gateway.id);
            for (const listener_scope& listener : gateway.listeners) {
                const bool all = whole && target.kind != "Gateway";
                if (all || (!whole && listener.name == target.section)) found(listener.id);
            }
        }
    }

    template <class F>
    void visit_routes(const policy_target& target, std::string_view name_space,
                      const F& found) const {
        for (const route_scope& route : routes_) {
            const object_meta& meta = route.object->meta;
            if (meta.name_space != name_space || !selects(target, meta.name, &meta)) continue;
            if (target.section.empty()) found(route.id);
            for (std::size_t rule = 0; rule < route.rules.size(); ++rule) {
                if (target.section.empty() || route.object->rules[rule].name != target.section) {
                    continue;
                }
                found({route.rules[rule], attachment_level::rule});
            }
        }
    }

    std::map<std::string, gateway_scope> gateways_;
    std::vector<route_scope> routes_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
