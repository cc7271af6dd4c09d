// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_FOREIGN_CORS_HPP
#define CORSAC_INTEROP_FOREIGN_CORS_HPP

#include <corsac/interop/cors_filter.hpp>
#include <corsac/interop/document_view.hpp>
#include <corsac/interop/imported_cors.hpp>
#include <corsac/interop/string_matcher.hpp>
#include <corsac/policy_options.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The CORS settings of Istio, classic Gloo, ingress-nginx and Amazon S3 as options. What a system
// allows by default and should not is reported and left out. The options still have to pass
// `make_policy`, or with matchers `make_matched_policy`, which refuses what is insecure.

namespace corsac::inline v0 {

namespace detail {

/// `24h`, `300s`, `300`; Istio's and Envoy's ways.
[[nodiscard]] inline std::optional<std::int64_t> read_duration(const document_view& view) {
    const document* value = view.value();
    if (value != nullptr && value->kind() == document_kind::string &&
        value->text().find_first_not_of("0123456789") == std::string::npos &&
        !value->text().empty() && value->text().size() <= 9) {
        return std::stoll(value->text());
    }
    if (value == nullptr || value->kind() != document_kind::string) return view.integer();
    manifest_problems ignored;  // that the Gateway API takes numbers only
    const document_view quiet(value, view.path(), view.object(), ignored);
    const std::optional<std::int64_t> seconds = read_seconds(quiet);
    if (!seconds) view.error("is no duration: write a number and s, m or h");
    return seconds;
}

// What Istio and classic Gloo write alike.

inline void read_credentials_and_origins(const document_view& view, imported_cors& made) {
    made.options.allow_credentials = view["allowCredentials"].boolean().value_or(false);
    view["allowOrigin"].each([&](const document_view& origin) {
        if (!origin) origin.error("must be a string, not null");
        if (origin) add_exact(origin, origin.string(), made);
    });
}

inline void read_lists(const document_view& view, policy_options& options) {
    options.allow_methods = view["allowMethods"].strings();
    options.allow_headers = view["allowHeaders"].strings();
    options.expose_headers = view["exposeHeaders"].strings();
    options.max_age = read_duration(view["maxAge"]);
}

}  // namespace detail

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

/// Reads the CORS rules of an S3 bucket, one policy for each. S3 takes the first that fits origin,
/// method and headers; here a policy is chosen by host and path, so one of them has to be.
///
/// Spec: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
[[nodiscard]] inline std::vector<policy_options> read_s3_cors(const document_view& rules) {
    std::vector<policy_options> policies;
    rules.each([&](const document_view& rule) {
        if (!rule.is_map({"ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders",
                          "ExposeHeaders", "MaxAgeSeconds"})) {
            return;
        }
        policy_options options;
        options.allow_origins = rule["AllowedOrigins"].strings();
        options.allow_methods = rule["AllowedMethods"].strings();
        options.allow_headers = rule["AllowedHeaders"].strings();
        options.expose_headers = rule["ExposeHeaders"].strings();
        options.max_age = rule["MaxAgeSeconds"].integer();
        options.disclose_requested_only = true;  // as S3 does
        rule["AllowedOrigins"].warning(
            "S3 allows credentials unless every origin is allowed; here that has to be said");
        policies.push_back(std::move(options));
    });
    if (policies.size() > 1) {
        rules.warning("S3 tries one rule after the other; here each is a policy of its own");
    }
    return policies;
}

}  // namespace corsac::inline v0

#endif
