// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_CORS_POLICY_WRITER_HPP
#define CORSAC_INTEROP_ENVOY_CORS_POLICY_WRITER_HPP

// Tested in tests/interop/envoy/cors_policy_reader.test.cpp.

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

namespace detail {

[[nodiscard]] inline document matcher_document(const string_matcher& matcher) {
    using form = string_matcher::form;
    document made = document::map();
    if (matcher.how == form::regex) {
        made.set("safeRegex", document::map())
            .set("regex", document(std::string_view(matcher.text)));
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

/// Zero is left out, as protocol buffers leave it out.
[[nodiscard]] inline document percent_document(std::int64_t numerator, std::string_view key) {
    document percent = document::map();
    if (numerator != 0) percent.set("numerator", document(numerator));
    document made = document::map();
    made.set("defaultValue", std::move(percent));
    made.set("runtimeKey", document(key));
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
        for (const string_matcher& matcher : from.allow_origins) {
            list.push_back(detail::matcher_document(matcher));
        }
    }
    flag("allowPrivateNetworkAccess", from.allow_private_network);
    text("exposeHeaders", from.expose_headers);
    if (!from.enabled) {
        config.set("filterEnabled", detail::percent_document(0, "envoy.cors.filter_enabled"));
    }
    flag("forwardNotMatchingPreflights", from.forward_not_matching_preflights);
    text("maxAge", from.max_age);
    if (from.shadow) {
        config.set("shadowEnabled", detail::percent_document(100, "envoy.cors.shadow_enabled"));
    }
    return config;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
