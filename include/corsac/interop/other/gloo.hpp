// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_GLOO_HPP
#define CORSAC_INTEROP_OTHER_GLOO_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// Envoy takes each field that the policy of a route leaves out from that of its virtual host.
inline void note_gloo_inheritance(const document_view& view) {
    std::string unset;
    const auto look_for = [&](std::string_view name) {
        if (!view[name]) unset += (unset.empty() ? "" : ", ") + std::string(name);
    };
    if (!view["allowOrigin"] && !view["allowOriginRegex"]) look_for("allowOrigin");
    for (const std::string_view name :
         {"allowMethods", "allowHeaders", "exposeHeaders", "maxAge"}) {
        look_for(name);
    }
    if (unset.empty()) return;
    view.problems().note(view.object(), view.path(),
                         "does not set " + unset +
                             "; in a route, these are taken from the cors of its virtual host, and "
                             "the route may be in a RouteTable or have a RouteOption: that is not "
                             "read here");
}

}  // namespace detail

/// Reads classic Gloo's `cors` of a virtual host or a route, or the `options` that it stands in.
///
/// @param engine  For expressions that are no patterns; if it is empty, these are errors.
/// @return        Nothing if it says `disableForRoute`.
[[nodiscard]] inline std::optional<imported_cors> read_gloo_cors(const document_view& given,
                                                                 const regex_engine& engine) {
    const document_view view = given["cors"] ? given["cors"] : given;
    imported_cors made;
    if (given["corsPolicyMergeSettings"]) {
        given["corsPolicyMergeSettings"].warning(
            "joins what virtual host and route expose; that is not read here, so list all of it in "
            "each policy");
    }
    if (!view.is_map({"allowOrigin", "allowOriginRegex", "allowMethods", "allowHeaders",
                      "exposeHeaders", "maxAge", "allowCredentials", "disableForRoute"})) {
        return made;
    }
    if (view["disableForRoute"].boolean().value_or(false)) return std::nullopt;
    detail::note_gloo_inheritance(view);
    const std::size_t errors = view.problems().errors();
    made.options.allow_credentials = view["allowCredentials"].boolean().value_or(false);
    detail::read_exact_origins(view["allowOrigin"], made);
    view["allowOriginRegex"].each([&](const document_view& regex) {
        detail::add_regex(regex, engine, made, detail::add_envoy_matcher);
    });
    detail::check_allows_somebody(
        view[view["allowOriginRegex"] ? "allowOriginRegex" : "allowOrigin"], made.names_somebody(),
        errors);
    detail::read_lists(view, made.options);
    return made;
}

/// The same without matchers: what no entry of allow_origins says is an error.
[[nodiscard]] inline std::optional<policy_options> read_gloo_cors(const document_view& view) {
    std::optional<imported_cors> read = read_gloo_cors(view, regex_engine{});
    if (!read) return std::nullopt;
    return std::move(read->options);
}

}  // namespace corsac::inline v0_2_0::interop

#endif
