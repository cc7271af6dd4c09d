// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_TARGETED_CORS_HPP
#define CORSAC_INTEROP_OTHER_TARGETED_CORS_HPP

// Tested in tests/interop/other/envoy_gateway.test.cpp.

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// What a policy object of a gateway is attached to.
struct cors_target {
    std::string group{};
    std::string kind{};
    std::string name{};     ///< empty for a selector, which is not read
    std::string section{};  ///< a listener, or a rule
};

/// The CORS settings of a policy object, and what it is attached to.
struct targeted_cors {
    policy_options options{};
    std::vector<cors_target> targets{};
};

namespace detail {

/// Reads `targetRef`, `targetRefs` and `targetSelectors` of a `spec`.
[[nodiscard]] inline std::vector<cors_target> read_targets(const document_view& spec) {
    std::vector<cors_target> targets;
    const auto read = [&](const document_view& view) {
        if (!view.is_map({"group", "kind", "name", "namespace", "sectionName"})) return;
        targets.push_back({view["group"].string(), view["kind"].string(), view["name"].string(),
                           view["sectionName"].string()});
    };
    if (spec["targetRef"]) read(spec["targetRef"]);
    spec["targetRefs"].each(read);
    spec["targetSelectors"].each([&](const document_view& view) {
        view.warning("is a selector of labels; which objects it selects is not read here");
        targets.push_back({view["group"].string(), view["kind"].string(), {}, {}});
    });
    return targets;
}

/// Reads CORS settings whose fields are those of the Gateway API's filter.
///
/// @param cors  A part of `spec`.
/// @return      Nothing if there is none.
[[nodiscard]] inline std::optional<targeted_cors> read_targeted_cors(const document_view& spec,
                                                                     const document_view& cors) {
    if (!cors || !cors.is_map({"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders",
                               "maxAge", "allowCredentials"})) {
        return std::nullopt;
    }
    targeted_cors made;
    made.targets = read_targets(spec);
    const std::size_t errors = cors.problems().errors();
    made.options.allow_origins = cors["allowOrigins"].strings();
    check_allows_somebody(cors["allowOrigins"], !made.options.allow_origins.empty(), errors);
    made.options.allow_credentials = cors["allowCredentials"].boolean().value_or(false);
    read_lists(cors, made.options);
    return made;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
