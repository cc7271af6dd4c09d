// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_INGRESS_NGINX_HPP
#define CORSAC_INTEROP_OTHER_INGRESS_NGINX_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

/// Reads the `metadata.annotations` of an Ingress that ingress-nginx serves.
/// @return  Nothing unless `enable-cors` is `"true"`.
///
/// Spec:
/// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/#enable-cors
[[nodiscard]] inline std::optional<policy_options> read_ingress_nginx_cors(
    const document_view& annotations) {
    const auto annotation = [&](std::string_view name) {
        return annotations["nginx.ingress.kubernetes.io/" + std::string(name)];
    };
    if (annotation("enable-cors").string() != "true") return std::nullopt;
    policy_options options;
    const document_view origin = annotation("cors-allow-origin");
    detail::add_elements(origin ? origin.string() : "*", options.allow_origins);
    if (!origin) origin.warning("is not set, so ingress-nginx allows every origin");
    if (options.allow_origins.empty()) origin.error("names no origin, so that nobody is allowed");
    for (const std::string_view entry : options.allow_origins) {
        if (entry.find("://*.") == entry.npos) continue;
        origin.warning('"' + std::string(entry) +
                       "\" is one label in ingress-nginx, and one or more here");
    }
    const document_view methods = annotation("cors-allow-methods");
    detail::add_elements(methods ? methods.string() : "GET, PUT, POST, DELETE, PATCH, OPTIONS",
                         options.allow_methods);
    const document_view headers = annotation("cors-allow-headers");
    detail::add_elements(headers ? headers.string()
                                 : "Keep-Alive, User-Agent, X-Requested-With, If-Modified-Since, "
                                   "Cache-Control, Content-Type, Range, Authorization",
                         options.allow_headers);
    // DNT and Keep-Alive are among the defaults, and no script can set them.
    options.tolerate_forbidden_names = true;
    detail::add_elements(annotation("cors-expose-headers").string(), options.expose_headers);
    const document_view credentials = annotation("cors-allow-credentials");
    options.allow_credentials = credentials.string() == "true";
    if (!credentials) {
        credentials.warning(
            "is not set, so ingress-nginx allows credentials; here that has to be said");
    }
    const document_view age = annotation("cors-max-age");
    options.max_age = age ? detail::read_duration(age) : 1728000;
    return options;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
