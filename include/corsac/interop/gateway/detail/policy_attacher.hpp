// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_POLICY_ATTACHER_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_POLICY_ATTACHER_HPP

#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/detail/inheritance.hpp>
#include <corsac/interop/gateway/detail/scopes.hpp>
#include <corsac/interop/gateway/filter_policy.hpp>
#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Puts the policies of filters and of policy objects where they govern.
class policy_attacher {
public:
    /// All must outlive this.
    policy_attacher(const gateway_objects& objects, const gateway_import_options& options,
                    policy_table_builder& builder, gateway_scopes& scopes, gateway_import& imported,
                    manifest_problems& problems)
        : objects_(objects), options_(options), builder_(builder), scopes_(scopes),
          imported_(imported), problems_(problems) {}

    void add_policy(const traffic_policy& from) {
        known_policy known;
        if (from.cors && !from.disables) {
            filter_policy built =
                make_filter_policy(*from.cors, {options_.profile, options_.strict},
                                   from.meta.title(), "spec.cors", problems_);
            if (built.value) known.id = builder_.add_policy(*built.value);
            known.value = std::move(built.value);
            known.expose_present = built.expose_present;
        }
        policies_.push_back(known);
    }

    void attach_filter(const http_route& from, const http_filters& filters,
                       attachment_target target) {
        if (!filters.cors) return;
        const filter_policy built =
            make_filter_policy(*filters.cors, {options_.profile, options_.strict},
                               from.meta.title(), filters.cors_path, problems_);
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
        if (target.level <= attachment_level::listener && (from.disables || known.id)) {
            wide_.push_back({target, index});
        }
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
            if (target.kind != "Gateway" && target.kind != "HTTPRoute" &&
                target.kind != "ListenerSet") {
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

    /// What governs requests that come to a listener and match no rule: its policy, or else that of
    /// its Gateway; of several the oldest.
    void find_unmatched() {
        for (std::size_t i = 0; i < imported_.listeners.size(); ++i) {
            const wide_policy* best = nullptr;
            for (const wide_policy& one : wide_) {
                const bool own = one.target.level == attachment_level::listener;
                const std::size_t scope =
                    own ? i : static_cast<std::size_t>(imported_.listeners[i].gateway_number);
                if (one.target.scope == scope && (best == nullptr || precedes(one, *best))) {
                    best = &one;
                }
            }
            imported_.unmatched.push_back(best == nullptr ? std::nullopt
                                                          : policies_[best->index].value);
        }
    }

    /// Attaches what is inherited to the whole route, unless a policy of its own is there; to its
    /// rules, if it comes before these.
    void attach_inherited(const http_route& to, route_id route, const inherited_policy& above) {
        if (!above.has_policy()) return;
        std::vector<attachment_target> targets;
        if (above.wins) {
            for (const rule_id rule : scopes_.last_route().rules) {
                targets.push_back({rule, attachment_level::rule_filter});
            }
        } else {
            for (const traffic_policy& from : objects_.policies) {
                for (const policy_target& target : from.targets) {
                    if (target.kind == "HTTPRoute" && target.section.empty() &&
                        from.meta.name_space == to.meta.name_space &&
                        (from.cors || from.disables) &&
                        gateway_scopes::selects(target, to.meta.name, &to.meta)) {
                        return;
                    }
                }
            }
            targets.push_back(route);
        }
        for (const attachment_target target : targets) {
            if (above.filter != nullptr) {
                attach_filter(*above.filter->route, above.filter->rule->filters, target);
            } else {
                attach_policy(*above.policy, target);
            }
        }
    }

private:
    struct known_policy {
        std::optional<policy_id> id;
        std::optional<policy> value;
        bool expose_present = false;
    };

    struct wide_policy {
        attachment_target target;
        std::size_t index;  ///< of `objects_.policies`
    };

    [[nodiscard]] bool precedes(const wide_policy& a, const wide_policy& b) const {
        if (a.target.level != b.target.level) return a.target.level > b.target.level;
        const object_meta& one = objects_.policies[a.index].meta;
        const object_meta& two = objects_.policies[b.index].meta;
        return one.created != two.created ? one.created < two.created
                                          : one.full_name() < two.full_name();
    }

    const gateway_objects& objects_;
    const gateway_import_options& options_;
    policy_table_builder& builder_;
    gateway_scopes& scopes_;
    gateway_import& imported_;
    manifest_problems& problems_;
    std::vector<known_policy> policies_{};
    std::vector<wide_policy> wide_{};  ///< of Gateways and listeners
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
