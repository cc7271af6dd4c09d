// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_ISTIO_HPP
#define CORSAC_INTEROP_OTHER_ISTIO_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// Reads an entry of `allowOrigins`.
inline void read_istio_match(const document_view& match, const regex_engine& engine,
                             imported_cors& to) {
    if (!match) match.error("must be a map, not null");
    if (!match.is_map({"exact", "prefix", "regex"})) return;
    const document_view exact = match["exact"], prefix = match["prefix"], regex = match["regex"];
    if ((exact ? 1 : 0) + (prefix ? 1 : 0) + (regex ? 1 : 0) != 1) {
        return match.error("must have one of exact, prefix and regex");
    }
    if (regex) return add_regex(regex, engine, to, add_envoy_matcher);
    const std::size_t errors = match.problems().errors();
    const std::string text = exact ? exact.string() : prefix.string();
    if (match.problems().errors() != errors) return;
    if (text.empty()) return (exact ? exact : prefix).error("is empty");
    if (exact) return add_exact(exact, text, to);
    if (text == "https://" || text == "http://") {
        to.options.allow_origins.push_back(text + "*:*");
    } else if (engine || text == "*") {
        add_envoy_matcher(prefix, {string_matcher::form::prefix, text, false, {}}, to);
    } else {
        prefix.error('"' + text + "\" also begins strangers' origins; list yours");
    }
}

}  // namespace detail

/// Reads Istio's `corsPolicy` of a rule of a VirtualService.
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
    const std::size_t errors = view.problems().errors();
    made.options.allow_credentials = view["allowCredentials"].boolean().value_or(false);
    if (!view["allowOrigins"]) detail::read_exact_origins(view["allowOrigin"], made);
    view["allowOrigins"].each(
        [&](const document_view& match) { detail::read_istio_match(match, engine, made); });
    if (view["allowOrigins"] && view["allowOrigin"]) {
        view["allowOrigin"].warning("has no effect in Istio beside allowOrigins");
    }
    const bool old = view["allowOrigin"] && !view["allowOrigins"];
    detail::check_allows_somebody(view[old ? "allowOrigin" : "allowOrigins"], made.names_somebody(),
                                  errors);
    detail::read_lists(view, made.options);
    if (view["unmatchedPreflights"].string() != "IGNORE") {
        view["unmatchedPreflights"].warning(
            "Istio lets refused preflights reach the application; they are answered here instead");
    }
    return made;
}

/// The policy of one rule of a VirtualService.
struct istio_rule_cors {
    std::size_t rule = 0;  ///< in `http`
    std::string name{};    ///< the rule's; may be empty
    imported_cors cors{};
};

/// Reads the policies of all rules of a VirtualService, of its `spec`. Nothing is inherited but by
/// delegation: a rule without a policy takes that of the rule, in another VirtualService, which
/// delegates to it. That is not read here, and a note says where it may be so.
///
/// Spec: https://istio.io/latest/docs/reference/config/networking/virtual-service/#Delegate
[[nodiscard]] inline std::vector<istio_rule_cors> read_istio_virtual_service(
    const document_view& spec, const regex_engine& engine) {
    std::vector<istio_rule_cors> rules;
    std::size_t number = 0;
    const bool is_delegate = !spec["hosts"];
    spec["http"].each([&](const document_view& rule) {
        const std::size_t at = number++;
        const document_view policy = rule["corsPolicy"], delegate = rule["delegate"];
        const auto note = [&](std::string text) {
            rule.problems().note(rule.object(), rule.path(), std::move(text));
        };
        if (delegate) {
            std::string target = delegate["namespace"].string();
            target += (target.empty() ? "" : "/") + delegate["name"].string();
            note("delegates to VirtualService " + target +
                 (policy ? ", whose rules without a corsPolicy take this one; that is not read here"
                         : ", whose policies are not read here"));
        } else if (!policy) {
            note(is_delegate ? "has no corsPolicy, and takes that of the rule which delegates to "
                               "this VirtualService; that is not read here"
                             : "has no corsPolicy, and takes none from elsewhere: requests to it "
                               "get no CORS headers but the application's");
        }
        if (policy) rules.push_back({at, rule["name"].string(), read_istio_cors(policy, engine)});
    });
    return rules;
}

/// Reads one rule's `corsPolicy` without matchers: what no entry of allow_origins says is an error.
[[nodiscard]] inline policy_options read_istio_cors(const document_view& view) {
    return read_istio_cors(view, regex_engine{}).options;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
