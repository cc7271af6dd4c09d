// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_ISTIO_HPP
#define CORSAC_INTEROP_OTHER_ISTIO_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <string>

namespace corsac::inline v0::interop {

/// Reads Istio's `corsPolicy` of a VirtualService.
///
/// @param engine  For prefixes and expressions that are no patterns; if it is empty, these are
///                errors.
///
/// Spec: https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy
[[nodiscard]] inline imported_cors read_istio_cors(const document_view& view,
                                                   const regex_engine& engine) {
    imported_cors made;
    if (!view.is_map({"allowOrigins", "allowOrigin", "allowMethods", "allowHeaders",
                      "exposeHeaders", "maxAge", "allowCredentials", "unmatchedPreflights"})) {
        return made;
    }
    detail::read_credentials_and_origins(view, made);
    view["allowOrigins"].each([&](const document_view& match) {
        if (!match.is_map({"exact", "prefix", "regex"})) return;
        if (const std::string exact = match["exact"].string(); !exact.empty()) {
            detail::add_exact(match["exact"], exact, made);
        }
        if (const std::string prefix = match["prefix"].string(); !prefix.empty()) {
            if (prefix == "https://" || prefix == "http://") {
                made.options.allow_origins.push_back(prefix + "*:*");
            } else if (engine) {
                detail::add_matcher(match["prefix"],
                                    {string_matcher::form::prefix, prefix, false, {}}, made);
            } else {
                match["prefix"].error('"' + prefix +
                                      "\" also begins strangers' origins; list "
                                      "yours");
            }
        }
        if (match["regex"]) detail::add_regex(match["regex"], engine, made);
    });
    detail::read_lists(view, made.options);
    if (view["unmatchedPreflights"].string() != "IGNORE") {
        view["unmatchedPreflights"].warning(
            "Istio lets refused preflights reach the application; they are answered here instead");
    }
    return made;
}

/// The same without matchers: what no entry of allow_origins says is an error.
[[nodiscard]] inline policy_options read_istio_cors(const document_view& view) {
    return read_istio_cors(view, regex_engine{}).options;
}

}  // namespace corsac::inline v0::interop

#endif
