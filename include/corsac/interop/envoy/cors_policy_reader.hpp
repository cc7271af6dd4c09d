// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_CORS_POLICY_READER_HPP
#define CORSAC_INTEROP_ENVOY_CORS_POLICY_READER_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// The `CorsPolicy` itself: what is given, or what a `typed_per_filter_config` has for the filter.
[[nodiscard]] inline document_view find_envoy_cors(const document_view& view) {
    const document_view wrapped = field_of(view, "typed_per_filter_config", "typedPerFilterConfig");
    const document_view& map = wrapped ? wrapped : view;
    const document_view inside = map[envoy_cors_filter];
    return wrapped || inside ? inside : view;
}

/// Whether a `RuntimeFractionalPercent` is on, as far as its default says.
[[nodiscard]] inline std::optional<bool> read_runtime_percent(const document_view& view) {
    if (!view.is_map({"default_value", "defaultValue", "runtime_key", "runtimeKey"})) {
        return std::nullopt;
    }
    const document_view percent = field_of(view, "default_value", "defaultValue");
    if (!percent) view.error("has no default_value");
    if (!percent.is_map({"numerator", "denominator"})) return std::nullopt;
    const std::int64_t numerator = percent["numerator"].integer().value_or(0);
    const std::string of = percent["denominator"].string();
    const std::int64_t all = of == "MILLION" ? 1000000 : of == "TEN_THOUSAND" ? 10000 : 100;
    if (of != "" && of != "HUNDRED" && all == 100) {
        percent["denominator"].error("must be HUNDRED, TEN_THOUSAND or MILLION");
    } else if (numerator < 0) {
        percent["numerator"].error("is negative");
    } else if (numerator > 0 && numerator < all) {
        percent.warning("is a part of the requests; all of them are taken");
    }
    return numerator > 0;
}

/// @param on_matcher  Called as `on_matcher(view, matcher, credentials)` for each matcher.
template <class F>
[[nodiscard]] envoy_cors read_envoy_fields(const document_view& view, const regex_engine& engine,
                                           const F& on_matcher) {
    envoy_cors made;
    if (!view) view.error("is missing");
    if (!view.is_map({"@type",
                      "allow_origin_string_match",
                      "allowOriginStringMatch",
                      "allow_methods",
                      "allowMethods",
                      "allow_headers",
                      "allowHeaders",
                      "expose_headers",
                      "exposeHeaders",
                      "max_age",
                      "maxAge",
                      "allow_credentials",
                      "allowCredentials",
                      "filter_enabled",
                      "filterEnabled",
                      "shadow_enabled",
                      "shadowEnabled",
                      "allow_private_network_access",
                      "allowPrivateNetworkAccess",
                      "forward_not_matching_preflights",
                      "forwardNotMatchingPreflights"})) {
        return made;
    }
    const std::string type = view["@type"].string();
    if (!type.empty() && type != envoy_cors_policy &&
        type != "type.googleapis.com/envoy.config.route.v3.CorsPolicy") {
        view["@type"].error("is no CorsPolicy");
    }
    made.allow_credentials = field_of(view, "allow_credentials", "allowCredentials").boolean();
    field_of(view, "allow_origin_string_match", "allowOriginStringMatch")
        .each([&](const document_view& item) {
            const std::optional<string_matcher> matcher = read_string_matcher(item, engine);
            if (!matcher) return;
            on_matcher(item, *matcher, made.allow_credentials.value_or(false));
            made.allow_origins.push_back(*matcher);
        });
    made.allow_methods = field_of(view, "allow_methods", "allowMethods").string();
    made.allow_headers = field_of(view, "allow_headers", "allowHeaders").string();
    made.expose_headers = field_of(view, "expose_headers", "exposeHeaders").string();
    made.max_age = field_of(view, "max_age", "maxAge").string();
    made.allow_private_network =
        field_of(view, "allow_private_network_access", "allowPrivateNetworkAccess").boolean();
    made.forward_not_matching_preflights =
        field_of(view, "forward_not_matching_preflights", "forwardNotMatchingPreflights").boolean();
    const document_view enabled = field_of(view, "filter_enabled", "filterEnabled");
    made.enabled = read_runtime_percent(enabled).value_or(true);
    const document_view shadow = field_of(view, "shadow_enabled", "shadowEnabled");
    made.shadow = read_runtime_percent(shadow).value_or(false);
    return made;
}

/// Says what Envoy does with a policy of its own and corsac does not.
inline void report_envoy_defaults(const envoy_cors& cors, const document_view& view) {
    view.warning("Envoy leaves it to the browser whether method and headers are allowed; here a "
                 "preflight that asks for others is refused");
    if (cors.forward_not_matching_preflights.value_or(true)) {
        view.warning("Envoy lets refused preflights reach the application; they are answered here "
                     "instead");
    }
    std::string unset;
    const auto check_set = [&](bool is_set, std::string_view name) {
        if (!is_set) unset += (unset.empty() ? "" : ", ") + std::string(name);
    };
    check_set(!cors.allow_origins.empty(), "allow_origin_string_match");
    check_set(!cors.allow_methods.empty(), "allow_methods");
    check_set(!cors.allow_headers.empty(), "allow_headers");
    check_set(!cors.expose_headers.empty(), "expose_headers");
    check_set(!cors.max_age.empty(), "max_age");
    check_set(cors.allow_credentials.has_value(), "allow_credentials");
    if (!unset.empty()) {
        view.warning("does not set " + unset +
                     "; Envoy takes these from a less specific policy, and here they are left out");
    }
}

}  // namespace detail

/// Reads Envoy's `CorsPolicy` in either spelling, alone or in a `typed_per_filter_config`, as it
/// is: for `evaluate_like_envoy`.
///
/// Spec:
/// https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/cors/v3/cors.proto
[[nodiscard]] inline envoy_cors read_envoy_cors(const document_view& view,
                                                const regex_engine& engine) {
    return detail::read_envoy_fields(detail::find_envoy_cors(view), engine,
                                     [](const document_view&, const string_matcher&, bool) {});
}

/// Reads the same as options for a policy of one's own, and matchers beside them for what is no
/// entry of allow_origins. What Envoy does by default and corsac does not is reported.
///
/// @return  Nothing if the filter is switched off.
[[nodiscard]] inline std::optional<imported_cors> import_envoy_cors(const document_view& view,
                                                                    const regex_engine& engine) {
    using form = string_matcher::form;
    const document_view at = detail::find_envoy_cors(view);
    const std::size_t errors = at.problems().errors();
    imported_cors made;
    policy_options& options = made.options;
    const envoy_cors cors = detail::read_envoy_fields(
        at, engine,
        [&](const document_view& item, const string_matcher& matcher, bool credentials) {
            options.allow_credentials = credentials;
            if (matcher.how == form::exact) {
                detail::add_exact(item, matcher.text, made);
            } else if (matcher.how == form::regex && detail::origin_of_regex(matcher.text)) {
                options.allow_origins.push_back(*detail::origin_of_regex(matcher.text));
            } else if (matcher.matches("*")) {
                options.allow_origins.push_back("*");  // as Envoy has it, and was said already
            } else {
                detail::add_matcher(item, matcher, made);
            }
        });
    if (!cors.enabled && !cors.shadow) return std::nullopt;
    detail::check_allows_somebody(
        detail::field_of(at, "allow_origin_string_match", "allowOriginStringMatch"),
        made.names_somebody(), errors);
    options.shadow = !cors.enabled;
    options.allow_credentials = cors.allow_credentials.value_or(false);
    detail::report_envoy_defaults(cors, at);
    const auto read_list = [&](const std::string& list, std::string_view snake,
                               std::string_view camel, text_list& items) {
        detail::add_elements(list, items);
        if (items.size() > 1 && detail::has_any(items)) {
            detail::field_of(at, snake, camel).warning("has *, which Envoy knows only alone");
        }
    };
    read_list(cors.allow_methods, "allow_methods", "allowMethods", options.allow_methods);
    read_list(cors.allow_headers, "allow_headers", "allowHeaders", options.allow_headers);
    read_list(cors.expose_headers, "expose_headers", "exposeHeaders", options.expose_headers);
    // Envoy repeats what was asked for, Authorization included.
    if (cors.allow_headers == "*") options.allow_headers.push_back("Authorization");
    // Lists often have Origin or OPTIONS, which do no harm there.
    options.tolerate_forbidden_names = true;
    const bool digits = cors.max_age.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || cors.max_age.size() > 9) {
        detail::field_of(at, "max_age", "maxAge").error("is no number of seconds");
    } else if (!cors.max_age.empty()) {
        options.max_age = std::stoll(cors.max_age);
    }
    options.allow_private_network = cors.allow_private_network.value_or(false);
    return made;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
