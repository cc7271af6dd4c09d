// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_EXPORT_HPP
#define CORSAC_INTEROP_ENVOY_EXPORT_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/export_loss.hpp>
#include <corsac/interop/document/listed_export.hpp>
#include <corsac/interop/document/target_vocabulary.hpp>
#include <corsac/interop/gateway/writer.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

namespace detail {

// RE2 for what a serialised origin consists of. Envoy compares whole strings.
inline constexpr std::string_view regex_host = R"(([a-z0-9_-]+(\.[a-z0-9_-]+)*\.?|\[[0-9a-f:]+\]))";
inline constexpr std::string_view regex_port = R"((:[1-9][0-9]{0,4})?)";

/// The regular expression that matches what an entry of allow_origins does; empty for an exact one.
[[nodiscard]] inline std::string origin_regex(std::string_view entry) {
    const auto ignore = [](config_code, std::string_view, std::string_view) {};
    const origin_pattern pattern = parse_origin_pattern(entry, ignore);
    if (pattern.kind() == pattern_kind::exact && !pattern.any_port()) return {};
    if (pattern.kind() == pattern_kind::any_origin) {
        return "null|[a-z][a-z0-9+.-]*://" + std::string(regex_host) + std::string(regex_port);
    }
    const std::string_view text = pattern.view();
    std::string regex;
    if (pattern.has_wildcard()) {
        const std::size_t star = pattern.wildcard_at();
        regex = escape_regex(text.substr(0, star));
        std::string_view rest = text.substr(star + 1);
        switch (pattern.kind()) {
        case pattern_kind::subdomains:
            regex += R"(([a-z0-9_-]+\.)+)";
            rest.remove_prefix(1);
            break;
        case pattern_kind::any_host: regex += regex_host; break;
        default: regex += "[a-z0-9-]+";
        }
        regex += escape_regex(rest);
    } else {
        regex = escape_regex(text);
    }
    return pattern.any_port() ? regex + std::string(regex_port) : regex;
}

/// @param credentials  Without them `*` stands for whatever one line of Origin holds, as the text
///                     `*` does in Envoy.
[[nodiscard]] inline document origin_matchers(const text_list& origins, bool credentials) {
    document list = document::list();
    const bool any = has_any(origins);
    for (const std::string_view entry : origins) {
        if (any && entry != "*") continue;
        const std::string regex = any && !credentials ? std::string{} : origin_regex(entry);
        document matcher = document::map();
        if (regex.empty()) {
            matcher.set("exact", document(entry));
        } else {
            matcher.set("safe_regex", document::map())
                .set("regex", document(std::string_view(regex)));
        }
        list.push_back(std::move(matcher));
    }
    if (list.size() == 0) {
        // An empty list would let a less specific policy's show through. No origin is this one.
        document nobody = document::map();
        nobody.set("exact", document("nobody"));
        list.push_back(std::move(nobody));
    }
    return list;
}

/// A list as Envoy sends it: joined; `*` alone if it is there.
[[nodiscard]] inline std::string envoy_list(const text_list& items, bool patterns,
                                            export_losses& losses) {
    if (has_any(items)) return "*";
    std::string joined;
    for (const std::string_view item : items) {
        if (patterns && item.back() == '*') {
            losses.add(loss_kind::narrower, "allow_headers", item,
                       "is a pattern, and Envoy has none for names; it is left out");
            continue;
        }
        joined += (joined.empty() ? "" : ", ") + std::string(item);
    }
    return joined;
}

/// A `RuntimeFractionalPercent`.
[[nodiscard]] inline document envoy_percent(std::int64_t percent) {
    document value = document::map();
    value.set("numerator", document(percent));
    value.set("denominator", document("HUNDRED"));
    document fractional = document::map();
    fractional.set("default_value", std::move(value));
    return fractional;
}

inline void report_envoy(const policy_options& options, export_losses& losses) {
    // What Envoy always does is said below, whether it was asked for or not.
    report_unsaid(
        options,
        {.lists = {&policy_options::allow_origins, &policy_options::allow_methods,
                   &policy_options::allow_headers, &policy_options::expose_headers},
         .switches = {&policy_options::allow_credentials, &policy_options::allow_private_network,
                      &policy_options::shadow, &policy_options::advertise,
                      &policy_options::keep_existing, &policy_options::forward_denied_preflights},
         .lost = {}},
        losses);
    const auto always = [&](std::string_view field, std::string_view message) {
        losses.add(loss_kind::always, field, {}, std::string(message));
    };
    always("vary", "Envoy adds no Vary");
    always("allow_origin", "Envoy repeats the origin where a policy without credentials says *");
    always("upstream headers", "Envoy removes none, also not those of a refused origin");
    always("allow_methods", "Envoy sends the list unchecked and leaves the verdict to the browser");
    always("allow_headers", "Envoy sends the list unchecked and leaves the verdict to the browser");
    always("preflight_status", "Envoy answers 200, granted or not");
    if (options.forward_denied_preflights) {
        losses.add(loss_kind::narrower, "forward_denied_preflights", {},
                   "Envoy forwards preflights of unknown origins only");
    } else {
        always("denied preflights", "Envoy sends the lists, though no Access-Control-Allow-Origin");
    }
}

}  // namespace detail

/// The name of Envoy's CORS filter, the key of its per-filter configuration.
inline constexpr std::string_view envoy_cors_filter = "envoy.filters.http.cors";
/// The `@type` of that configuration.
inline constexpr std::string_view envoy_cors_policy =
    "type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy";

/// Writes the `typed_per_filter_config` of a route, a virtual host or a weighted cluster.
///
/// Every field is set, since Envoy takes what is not from the next less specific policy: what is
/// empty here gets a value that grants nothing.
///
/// Spec:
/// https://www.envoyproxy.io/docs/envoy/latest/api-v3/extensions/filters/http/cors/v3/cors.proto
[[nodiscard]] inline exported to_envoy(const policy& p, const export_options& options) {
    const policy_options from = p.options();
    export_losses losses;
    const auto pinned = [&](std::string text, std::string_view harmless, std::string_view field) {
        if (!text.empty()) return document(std::string_view(text));
        losses.add(loss_kind::always, field, {},
                   "is \"" + std::string(harmless) +
                       "\", which grants nothing: Envoy takes an "
                       "empty text for unset");
        return document(harmless);
    };
    document config = document::map();
    config.set("@type", document(envoy_cors_policy));
    config.set("allow_origin_string_match",
               detail::origin_matchers(from.allow_origins, from.allow_credentials));
    // Allowed without being listed; cannot be set by a script; readable without being listed; what
    // browsers do by themselves.
    config.set("allow_methods", pinned(detail::envoy_list(from.allow_methods, false, losses),
                                       "GET, HEAD, POST", "allow_methods"));
    config.set("allow_headers", pinned(detail::envoy_list(from.allow_headers, true, losses),
                                       "Origin", "allow_headers"));
    config.set("expose_headers", pinned(detail::envoy_list(from.expose_headers, false, losses),
                                        "Content-Type", "expose_headers"));
    config.set("max_age", pinned(from.max_age ? std::to_string(*from.max_age) : std::string{}, "5",
                                 "max_age"));
    if (from.shadow) {
        config.set("filter_enabled", detail::envoy_percent(0));
        config.set("shadow_enabled", detail::envoy_percent(100));
    }
    config.set("allow_credentials", document(from.allow_credentials));
    config.set("allow_private_network_access", document(from.allow_private_network));
    config.set("forward_not_matching_preflights", document(from.forward_denied_preflights));
    if (detail::has_any(from.allow_headers)) detail::report_any_header(from, losses);
    detail::report_envoy(from, losses);
    document per_filter = document::map();
    per_filter.set(envoy_cors_filter, std::move(config));
    return detail::finish_export(std::move(per_filter), std::move(losses), options);
}

/// The same of a policy with a matcher, of which only what is listed can be written.
template <other_policy P>
[[nodiscard]] exported to_envoy(const P& p, const export_options& options) {
    return detail::export_listed(p, options, [](const policy& listed, const export_options& any) {
        return to_envoy(listed, any);
    });
}

/// The `typed_per_filter_config` of a scope where the policy is switched off.
[[nodiscard]] inline document to_envoy_disabled() {
    document config = document::map();
    config.set("@type", document(envoy_cors_policy));
    config.set("filter_enabled", detail::envoy_percent(0));
    document per_filter = document::map();
    per_filter.set(envoy_cors_filter, std::move(config));
    return per_filter;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
