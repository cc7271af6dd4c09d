// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_CORS_CHECK_HPP
#define CORSAC_TESTING_CORS_CHECK_HPP

#include <corsac/origin/public_suffix.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// A failed check, with the value, method, header name or token at fault. `at` is `none` where the
/// check passed.
struct check_result {
    step at = step::none;
    std::string offender{};

    [[nodiscard]] explicit operator bool() const { return at == step::none; }
};

/// Spec: https://fetch.spec.whatwg.org/#ok-status
[[nodiscard]] constexpr bool is_ok_status(int status) noexcept {
    return status >= 200 && status <= 299;
}

/// Spec: https://fetch.spec.whatwg.org/#redirect-status
[[nodiscard]] constexpr bool is_redirect_status(int status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/// The CORS check.
///
/// @param origin  The serialised origin of the request, perhaps `null`.
/// Spec: https://fetch.spec.whatwg.org/#concept-cors-check
[[nodiscard]] inline check_result cors_check(const response& r, std::string_view origin,
                                             credentials_mode credentials, wire_kind kind) {
    const bool preflight = kind == wire_kind::preflight;
    const bool include = credentials == credentials_mode::include;
    const std::optional<std::string> allowed =
        detail::get(r.headers, "access-control-allow-origin");
    if (!allowed) {
        return {preflight ? step::preflight_origin_missing : step::actual_origin_missing, {}};
    }
    if (!include && *allowed == "*") return {};
    if (*allowed == "*") {
        return {preflight ? step::preflight_wildcard_with_credentials
                          : step::actual_wildcard_with_credentials,
                *allowed};
    }
    if (*allowed != origin) {
        return {preflight ? step::preflight_origin_mismatch : step::actual_origin_mismatch,
                *allowed};
    }
    if (!include) return {};
    const std::optional<std::string> may =
        detail::get(r.headers, "access-control-allow-credentials");
    if (may == "true") return {};
    return {preflight ? step::preflight_credentials_not_true : step::actual_credentials_not_true,
            may.value_or("")};
}

/// What a preflight asks: the method, and the unsafe header names in lower case.
struct preflight_question {
    std::string method{};
    std::vector<std::string> names{};
    credentials_mode credentials = credentials_mode::same_origin;
    /// The use-CORS-preflight flag: an upload listener, a stream body.
    bool forced = false;
};

/// Steps 7 and following of the CORS-preflight fetch: everything after the CORS check.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch
[[nodiscard]] inline check_result preflight_check(const response& r,
                                                  const preflight_question& asked,
                                                  const quirks& q) {
    if (!is_ok_status(r.status)) return {step::preflight_status, std::to_string(r.status)};
    const bool include = asked.credentials == credentials_mode::include;
    const auto methods = detail::extract_tokens(r.headers, "access-control-allow-methods");
    const auto names = detail::extract_tokens(r.headers, "access-control-allow-headers");
    if (methods.bad) return {step::preflight_methods_invalid, *methods.bad};
    const bool method_passes =
        is_safelisted_method(asked.method) || methods.has(asked.method) ||
        (!include && methods.has("*")) ||
        (!methods.present && asked.forced && !q.missing_methods_list_nothing);
    if (!method_passes && q.method_before_headers) return {step::preflight_method, asked.method};
    if (names.bad) return {step::preflight_headers_invalid, *names.bad};
    if (!method_passes) return {step::preflight_method, asked.method};
    const bool star = !include && names.has("*");
    for (const std::string& name : asked.names) {
        const bool special = name == "authorization" && !q.star_covers_authorization;
        if (special && !names.has_ignore_case(name)) return {step::preflight_authorization, name};
    }
    for (const std::string& name : asked.names) {
        if (star || names.has_ignore_case(name)) continue;
        return {name == "authorization" ? step::preflight_authorization : step::preflight_header,
                name};
    }
    return {};
}

/// Whether `Cross-Origin-Resource-Policy` lets an opaque response through.
/// Spec: https://fetch.spec.whatwg.org/#cross-origin-resource-policy-internal-check
[[nodiscard]] inline bool corp_check(const response& r, const std::optional<url>& origin,
                                     const url& target, const quirks& q) {
    const std::optional<std::string> policy =
        detail::get(r.headers, "cross-origin-resource-policy");
    if (policy != "same-origin" && policy != "same-site") return true;
    if (!origin) {
        return q.unusual_sites && policy == "same-site" && target.scheme == "http" &&
               !is_ip_address(target.host) && registrable_domain(target.host).empty();
    }
    if (origin->origin() == target.origin()) return true;
    if (policy == "same-origin") return false;
    if (q.unusual_sites && is_ip_address(target.host)) return false;
    return is_schemelessly_same_site(*origin, target) &&
           (origin->scheme == "https" || target.scheme == "http");
}

/// Whether Resource Timing may show the details of this response.
/// Spec: https://fetch.spec.whatwg.org/#concept-tao-check
[[nodiscard]] inline bool timing_check(const response& r, std::string_view origin,
                                       response_type tainting) {
    bool allowed = tainting == response_type::basic;
    const std::string list = detail::get(r.headers, "timing-allow-origin").value_or("");
    detail::for_each_element(list, [&](std::string_view element) {
        allowed = allowed || element == "*" || element == origin;
    });
    return allowed;
}

/// The headers of a response that a script can read.
/// Spec: https://fetch.spec.whatwg.org/#concept-filtered-response
[[nodiscard]] inline header_list readable_headers(const response& r, response_type type,
                                                  credentials_mode credentials, const quirks& q) {
    header_list out;
    if (type != response_type::basic && type != response_type::cors) return out;
    const auto listed = detail::extract_tokens(r.headers, "access-control-expose-headers");
    const auto star = std::find(listed.tokens.begin(), listed.tokens.end(), "*");
    const bool counts = star != listed.tokens.end() &&
                        (!listed.bad || (q.exposes_until_bad_name &&
                                         static_cast<std::size_t>(star - listed.tokens.begin()) <
                                             listed.before_bad));
    const bool everything =
        type == response_type::basic || (counts && credentials != credentials_mode::include);
    for (const header& h : r.headers) {
        if (is_forbidden_response_header(h.name)) continue;
        if (everything || is_safelisted_response_header(h.name) ||
            (!listed.bad && listed.has_ignore_case(h.name))) {
            out.push_back({h.name, std::string(detail::trim_ows(h.value))});
        }
    }
    return out;
}

}  // namespace corsac::inline v0_2_0::testing

#endif
