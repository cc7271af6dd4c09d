// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_CONTOUR_HPP
#define CORSAC_INTEROP_OTHER_CONTOUR_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// Whether Contour takes the text for an origin; everything else is an expression to it.
[[nodiscard]] inline bool is_contour_origin(std::string_view text) {
    bool wrong = text.find('*') != text.npos;
    (void)parse_origin_pattern(text, [&](config_code code, std::string_view, std::string_view) {
        wrong = wrong || !is_warning(code);
    });
    return !wrong;
}

}  // namespace detail

/// Reads the `virtualhost.corsPolicy` of Contour's HTTPProxy, of its `spec`. It governs all of the
/// host `virtualhost.fqdn`.
///
/// @param engine  For expressions that are no patterns; if it is empty, these are errors.
/// @return        Nothing if there is none.
///
/// Spec: https://projectcontour.io/docs/main/config/cors/
[[nodiscard]] inline std::optional<imported_cors> read_contour_cors(const document_view& spec,
                                                                    const regex_engine& engine) {
    const document_view cors = spec["virtualhost"]["corsPolicy"];
    if (!cors || !cors.is_map({"allowCredentials", "allowOrigin", "allowMethods", "allowHeaders",
                               "exposeHeaders", "maxAge", "allowPrivateNetwork"})) {
        return std::nullopt;
    }
    imported_cors made;
    made.options.allow_credentials = cors["allowCredentials"].boolean().value_or(false);
    made.options.allow_private_network = cors["allowPrivateNetwork"].boolean().value_or(false);
    const std::size_t errors = cors.problems().errors();
    cors["allowOrigin"].each([&](const document_view& origin) {
        const std::string text = origin.string();
        if (text == "*" || detail::is_contour_origin(text)) {
            made.options.allow_origins.push_back(text);
        } else {
            detail::add_regex(origin, engine, made, detail::add_envoy_matcher);
        }
    });
    detail::check_allows_somebody(cors["allowOrigin"], made.names_somebody(), errors);
    detail::read_lists(cors, made.options);
    return made;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
