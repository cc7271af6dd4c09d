// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_TRAEFIK_HPP
#define CORSAC_INTEROP_OTHER_TRAEFIK_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

/// Reads the CORS settings of Traefik's `headers` middleware, of its `spec` or of the `headers`
/// map.
///
/// @param engine  For expressions that are no patterns; if it is empty, these are errors.
/// @return        Nothing if it has none.
///
/// Spec: https://doc.traefik.io/traefik/middlewares/http/headers/#cors-headers
[[nodiscard]] inline std::optional<imported_cors> read_traefik_cors(const document_view& spec,
                                                                    const regex_engine& engine) {
    const document_view headers = spec["headers"] ? spec["headers"] : spec;
    const document_view origins = headers["accessControlAllowOriginList"];
    const document_view expressions = headers["accessControlAllowOriginListRegex"];
    bool any = origins || expressions;
    for (const std::string_view name :
         {"accessControlAllowCredentials", "accessControlAllowHeaders", "accessControlAllowMethods",
          "accessControlExposeHeaders", "accessControlMaxAge"}) {
        any = any || headers[name];
    }
    if (!any) return std::nullopt;
    imported_cors made;
    const std::size_t errors = headers.problems().errors();
    policy_options& options = made.options;
    options.allow_credentials = headers["accessControlAllowCredentials"].boolean().value_or(false);
    detail::read_exact_origins(origins, made);
    expressions.each([&](const document_view& regex) {
        const std::string text = regex.string();
        if (text.empty() || text.front() != '^' || text.back() != '$') {
            regex.warning("has no ^ and $: Traefik finds it anywhere in an origin, also in "
                          "strangers'; here it must match the whole");
        }
        detail::add_regex(regex, engine, made, detail::add_matcher);
    });
    detail::check_allows_somebody(expressions ? expressions : origins, made.names_somebody(),
                                  errors);
    options.allow_methods = headers["accessControlAllowMethods"].strings();
    options.allow_headers = headers["accessControlAllowHeaders"].strings();
    options.expose_headers = headers["accessControlExposeHeaders"].strings();
    options.max_age = headers["accessControlMaxAge"].integer();
    options.tolerate_forbidden_names = true;
    if (!headers["addVaryHeader"].boolean().value_or(false)) {
        headers["addVaryHeader"].warning("is off: caches could mix origins up; Vary is always sent "
                                         "here");
    }
    return made;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
