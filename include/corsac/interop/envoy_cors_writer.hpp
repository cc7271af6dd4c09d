// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_CORS_WRITER_HPP
#define CORSAC_INTEROP_ENVOY_CORS_WRITER_HPP

#include <corsac/interop/document.hpp>
#include <corsac/interop/envoy_export.hpp>
#include <corsac/interop/envoy_parity.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

namespace detail {

[[nodiscard]] inline document matcher_document(const envoy_origin_matcher& matcher) {
    using form = envoy_origin_matcher::form;
    document made = document::map();
    if (matcher.how == form::between) {
        std::string regex = '^' + escape_regex(matcher.text) + ".*";
        regex += escape_regex(matcher.suffix) + '$';
        made.set("safeRegex", document::map()).set("regex", document(std::string_view(regex)));
        return made;
    }
    const std::string_view key = matcher.how == form::exact    ? "exact"
                                 : matcher.how == form::prefix ? "prefix"
                                 : matcher.how == form::suffix ? "suffix"
                                                               : "contains";
    if (matcher.ignore_case) made.set("ignoreCase", document(true));
    made.set(key, document(std::string_view(matcher.text)));
    return made;
}

}  // namespace detail

/// Writes Envoy's `CorsPolicy` as it is, unset fields left out: what kgateway sends to Envoy, in
/// the spelling and order of its own output.
///
/// Not for moving a policy to Envoy: `to_envoy` does that, and leaves nothing to be inherited.
[[nodiscard]] inline document to_document(const envoy_cors& from) {
    document config = document::map();
    config.set("@type", document(envoy_cors_policy));
    if (!from.enabled && from.allow_origins.empty()) {
        document& enabled = config.set("filterEnabled", document::map());
        enabled.set("defaultValue", document::map());  // 0 %, as protobuf writes it
        enabled.set("runtimeKey", document("envoy.cors.filter_enabled"));
        return config;
    }
    const auto text = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) config.set(key, document(std::string_view(value)));
    };
    const auto flag = [&](std::string_view key, std::optional<bool> value) {
        if (value) config.set(key, document(*value));
    };
    flag("allowCredentials", from.allow_credentials);
    text("allowHeaders", from.allow_headers);
    text("allowMethods", from.allow_methods);
    if (!from.allow_origins.empty()) {
        document& list = config.set("allowOriginStringMatch", document::list());
        for (const envoy_origin_matcher& matcher : from.allow_origins) {
            list.push_back(detail::matcher_document(matcher));
        }
    }
    flag("allowPrivateNetworkAccess", from.allow_private_network);
    text("exposeHeaders", from.expose_headers);
    flag("forwardNotMatchingPreflights", from.forward_not_matching_preflights);
    text("maxAge", from.max_age);
    return config;
}

}  // namespace corsac::inline v0

#endif
