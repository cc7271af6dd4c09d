// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_INHERITANCE_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_INHERITANCE_HPP

#include <corsac/interop/gateway/detail/delegation.hpp>
#include <corsac/interop/gateway/detail/references.hpp>
#include <corsac/interop/gateway/detail/scopes.hpp>
#include <corsac/interop/gateway/objects.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// What a route that is delegated to has from those that delegate: the policy of the nearest
/// that has one, whole.
struct inherited_policy {
    const delegating_rule* filter = nullptr;  ///< its rule's own filter
    std::optional<std::size_t> policy{};      ///< or this of `objects_.policies`
    bool wins = false;     ///< over what the child says, see `inherited-policy-priority`
    std::string broken{};  ///< a filter of a delegating rule cannot be applied

    [[nodiscard]] bool has_policy() const noexcept { return filter != nullptr || policy; }
};

class inheritance {
public:
    inheritance(const gateway_objects& objects, const reference_finder& references)
        : objects_(objects), references_(references) {}

    [[nodiscard]] inherited_policy find(const std::vector<delegating_rule>& via) const {
        inherited_policy found;
        for (const delegating_rule& one : via) {
            if (!one.rule->defect.empty()) found.broken = one.rule->defect;
            for (const extension_reference& extension : one.rule->filters.extensions) {
                if (references_.is_unrelated(extension)) continue;
                if (!references_.find_policy(one.route->meta.name_space, extension)) {
                    found.broken = extension.kind + ' ' + extension.name + " is not known";
                }
            }
            const std::string_view priority =
                annotation_of(one.route->meta, "kgateway.dev/inherited-policy-priority");
            const bool wins =
                priority == "ShallowMergePreferParent" || priority == "DeepMergePreferParent";
            if (found.has_policy() && !wins) continue;
            inherited_policy own = policy_of(one);
            if (!own.has_policy()) continue;
            own.wins = wins;
            own.broken = std::move(found.broken);
            found = std::move(own);
        }
        return found;
    }

private:
    /// What governs a delegating rule itself.
    [[nodiscard]] inherited_policy policy_of(const delegating_rule& one) const {
        inherited_policy found;
        if (one.rule->filters.cors) {
            found.filter = &one;
            return found;
        }
        for (const extension_reference& extension : one.rule->filters.extensions) {
            const auto index = references_.find_policy(one.route->meta.name_space, extension);
            if (!index || !says_cors(*index)) continue;
            found.policy = index;
            return found;
        }
        const object_meta& meta = one.route->meta;
        for (const bool section : {true, false}) {
            for (std::size_t i = 0; i < objects_.policies.size(); ++i) {
                const traffic_policy& from = objects_.policies[i];
                if (from.meta.name_space != meta.name_space || !says_cors(i)) continue;
                for (const policy_target& target : from.targets) {
                    if (target.kind != "HTTPRoute" || target.section.empty() == section ||
                        (section && target.section != one.rule->name) ||
                        !gateway_scopes::selects(target, meta.name, &meta)) {
                        continue;
                    }
                    const auto older = [&](const object_meta& other) {
                        return from.meta.created != other.created
                                   ? from.meta.created < other.created
                                   : from.meta.name < other.name;
                    };
                    if (!found.policy || older(objects_.policies[*found.policy].meta)) {
                        found.policy = i;
                    }
                }
            }
            if (found.policy) break;
        }
        return found;
    }

    [[nodiscard]] bool says_cors(std::size_t index) const {
        return objects_.policies[index].disables || objects_.policies[index].cors;
    }

    const gateway_objects& objects_;
    const reference_finder& references_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
