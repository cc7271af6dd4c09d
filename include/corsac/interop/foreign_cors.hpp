// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_FOREIGN_CORS_HPP
#define CORSAC_INTEROP_FOREIGN_CORS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/interop/cors_filter.hpp>
#include <corsac/interop/document_view.hpp>
#include <corsac/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The CORS settings of Istio, classic Gloo, ingress-nginx and Amazon S3 as options. What a system
// allows by default and should not is reported and left out. The options still have to pass
// `make_policy`, which refuses what is insecure.

namespace corsac::inline v0 {

namespace detail {

/// The entry of allow_origins for a regular expression, if there is one that allows no more:
/// `.*` for everything, and `https://.*\.example\.com` for subdomains.
[[nodiscard]] inline std::optional<std::string> origin_of_regex(std::string_view regex) {
    if (!regex.empty() && regex.front() == '^') regex.remove_prefix(1);
    if (!regex.empty() && regex.back() == '$') regex.remove_suffix(1);
    if (regex == ".*" || regex == ".+") return "*";
    std::string entry;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        const std::string_view rest = regex.substr(i);
        if (rest.substr(0, 2) == "\\." || rest.substr(0, 2) == "\\/") {
            entry += rest[1];
            ++i;
        } else if (rest.substr(0, 4) == ".*\\." || rest.substr(0, 4) == ".+\\.") {
            // Only as the whole left part of a host: elsewhere it would cross the port or the host.
            if (entry != "https://" && entry != "http://") return std::nullopt;
            entry += "*.";
            i += 3;
        } else if (is_alpha(rest[0]) || is_digit(rest[0]) || rest[0] == ':' || rest[0] == '/' ||
                   rest[0] == '-') {
            entry += rest[0];
        } else {
            return std::nullopt;
        }
    }
    return entry;
}

inline void add_regex(const document_view& view, text_list& origins) {
    const std::string regex = view.string();
    if (regex.empty()) return;
    if (const std::optional<std::string> entry = origin_of_regex(regex)) {
        origins.push_back(*entry);
    } else {
        view.error('"' + regex + "\" has no counterpart; list the origins, or patterns such as " +
                   "https://*.example.com");
    }
}

/// The elements of a comma-separated text.
inline void add_elements(std::string_view list, text_list& items) {
    while (has_elements(list)) {
        const std::string_view item = next_element(list);
        if (!item.empty()) items.push_back(item);
    }
}

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

}  // namespace detail

/// Reads Istio's `corsPolicy` of a VirtualService.
///
/// Spec: https://istio.io/latest/docs/reference/config/networking/virtual-service/#CorsPolicy
[[nodiscard]] inline policy_options read_istio_cors(const document_view& view) {
    policy_options options;
    if (!view.is_map({"allowOrigins", "allowOrigin", "allowMethods", "allowHeaders",
                      "exposeHeaders", "maxAge", "allowCredentials", "unmatchedPreflights"})) {
        return options;
    }
    for (const std::string& origin : view["allowOrigin"].strings()) {
        options.allow_origins.push_back(origin);
    }
    view["allowOrigins"].each([&](const document_view& match) {
        if (!match.is_map({"exact", "prefix", "regex"})) return;
        if (const std::string exact = match["exact"].string(); !exact.empty()) {
            options.allow_origins.push_back(exact);
        }
        if (const std::string prefix = match["prefix"].string(); !prefix.empty()) {
            if (prefix == "https://" || prefix == "http://") {
                options.allow_origins.push_back(prefix + "*:*");
            } else {
                match["prefix"].error('"' + prefix +
                                      "\" also begins strangers' origins; list "
                                      "yours");
            }
        }
        if (match["regex"]) detail::add_regex(match["regex"], options.allow_origins);
    });
    options.allow_methods = view["allowMethods"].strings();
    options.allow_headers = view["allowHeaders"].strings();
    options.expose_headers = view["exposeHeaders"].strings();
    options.max_age = detail::read_duration(view["maxAge"]);
    options.allow_credentials = view["allowCredentials"].boolean().value_or(false);
    if (view["unmatchedPreflights"].string() != "IGNORE") {
        view["unmatchedPreflights"].warning(
            "Istio lets refused preflights reach the application; they are answered here instead");
    }
    return options;
}

/// Reads classic Gloo's `cors` of a virtual host or a route.
/// @return  Nothing if it says `disableForRoute`.
[[nodiscard]] inline std::optional<policy_options> read_gloo_cors(const document_view& view) {
    policy_options options;
    if (!view.is_map({"allowOrigin", "allowOriginRegex", "allowMethods", "allowHeaders",
                      "exposeHeaders", "maxAge", "allowCredentials", "disableForRoute"})) {
        return options;
    }
    if (view["disableForRoute"].boolean().value_or(false)) return std::nullopt;
    options.allow_origins = view["allowOrigin"].strings();
    view["allowOriginRegex"].each(
        [&](const document_view& regex) { detail::add_regex(regex, options.allow_origins); });
    options.allow_methods = view["allowMethods"].strings();
    options.allow_headers = view["allowHeaders"].strings();
    options.expose_headers = view["exposeHeaders"].strings();
    options.max_age = detail::read_duration(view["maxAge"]);
    options.allow_credentials = view["allowCredentials"].boolean().value_or(false);
    return options;
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
