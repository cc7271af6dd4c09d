// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_GLOO_HPP
#define CORSAC_INTEROP_OTHER_GLOO_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <optional>
#include <utility>

namespace corsac::inline v0::interop {

/// Reads classic Gloo's `cors` of a virtual host or a route.
///
/// @param engine  For expressions that are no patterns; if it is empty, these are errors.
/// @return        Nothing if it says `disableForRoute`.
[[nodiscard]] inline std::optional<imported_cors> read_gloo_cors(const document_view& view,
                                                                 const regex_engine& engine) {
    imported_cors made;
    if (!view.is_map({"allowOrigin", "allowOriginRegex", "allowMethods", "allowHeaders",
                      "exposeHeaders", "maxAge", "allowCredentials", "disableForRoute"})) {
        return made;
    }
    if (view["disableForRoute"].boolean().value_or(false)) return std::nullopt;
    view.problems().note(view.object(), view.path(),
                         "Envoy takes what a route leaves out from its virtual host, and Gloo can "
                         "join their lists (corsPolicyMergeSettings); neither is read here");
    detail::read_credentials_and_origins(view, made);
    view["allowOriginRegex"].each(
        [&](const document_view& regex) { detail::add_regex(regex, engine, made); });
    detail::read_lists(view, made.options);
    return made;
}

/// The same without matchers: what no entry of allow_origins says is an error.
[[nodiscard]] inline std::optional<policy_options> read_gloo_cors(const document_view& view) {
    std::optional<imported_cors> read = read_gloo_cors(view, regex_engine{});
    if (!read) return std::nullopt;
    return std::move(read->options);
}

}  // namespace corsac::inline v0::interop

#endif
