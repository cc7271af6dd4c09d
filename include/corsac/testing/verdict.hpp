// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_VERDICT_HPP
#define CORSAC_TESTING_VERDICT_HPP

#include <string_view>

namespace corsac::inline v0_2_0::testing {

/// How a fetch ends for the script.
enum class verdict {
    /// The script gets a response (an opaque one in mode `no-cors`).
    allowed,
    /// The promise is rejected; requests may have been sent.
    blocked,
    /// The API refuses the arguments; nothing is sent.
    throws,
};

/// The step of the Fetch standard that ended a request.
enum class step {
    none,
    /// The page's own URL does not parse.
    api_page,
    /// The URL does not parse, or contains a user name or a password.
    api_url,
    /// The method is no token, is forbidden, or is not safelisted in mode `no-cors`.
    api_method,
    /// A header name is no token, or a value contains NUL, CR or LF.
    api_header,
    /// A body with `GET` or `HEAD`, or a stream body in mode `no-cors`.
    api_body,
    /// `only-if-cached` outside mode `same-origin`.
    api_cache,
    /// Mode `same-origin`, and the target (of a redirect, too) is another origin.
    mode_same_origin,
    /// Mode `no-cors` goes with redirect mode `follow` only.
    mode_no_cors_redirect,
    /// Neither `http` nor `https`.
    scheme,
    preflight_origin_missing,
    preflight_origin_mismatch,
    preflight_wildcard_with_credentials,
    preflight_credentials_not_true,
    /// Not 200 to 299; a redirect as well.
    preflight_status,
    preflight_methods_invalid,
    preflight_headers_invalid,
    preflight_method,
    /// `*` does not cover `Authorization`.
    preflight_authorization,
    preflight_header,
    actual_origin_missing,
    actual_origin_mismatch,
    actual_wildcard_with_credentials,
    actual_credentials_not_true,
    /// `Cross-Origin-Resource-Policy`, which concerns mode `no-cors` only.
    corp,
    /// A WebSocket handshake whose status is not 101.
    websocket_status,
    /// An `EventSource` whose answer is not 200 and `text/event-stream`.
    event_source_response,
    redirect_error_mode,
    redirect_scheme,
    /// The target contains a user name or a password.
    redirect_credentials,
    /// More than 20 redirects.
    redirect_count,
    /// `Location` does not parse.
    redirect_location,
    /// A stream body cannot be sent a second time.
    redirect_body,
    /// The browser's network code failed by itself; see `quirks`.
    network,
};

[[nodiscard]] constexpr std::string_view to_string(verdict v) noexcept {
    switch (v) {
    case verdict::allowed: return "allowed";
    case verdict::blocked: return "blocked";
    case verdict::throws: return "throws";
    }
    return "";
}

/// `preflight_origin_missing` is `preflight:origin-missing`.
[[nodiscard]] constexpr std::string_view to_string(step s) noexcept {
    switch (s) {
    case step::none: return "none";
    case step::api_page: return "api:page";
    case step::api_url: return "api:url";
    case step::api_method: return "api:method";
    case step::api_header: return "api:header";
    case step::api_body: return "api:body";
    case step::api_cache: return "api:cache";
    case step::mode_same_origin: return "mode:same-origin";
    case step::mode_no_cors_redirect: return "mode:no-cors-redirect";
    case step::scheme: return "scheme";
    case step::preflight_origin_missing: return "preflight:origin-missing";
    case step::preflight_origin_mismatch: return "preflight:origin-mismatch";
    case step::preflight_wildcard_with_credentials: return "preflight:wildcard-with-credentials";
    case step::preflight_credentials_not_true: return "preflight:credentials-not-true";
    case step::preflight_status: return "preflight:status";
    case step::preflight_methods_invalid: return "preflight:methods-invalid";
    case step::preflight_headers_invalid: return "preflight:headers-invalid";
    case step::preflight_method: return "preflight:method";
    case step::preflight_authorization: return "preflight:authorization";
    case step::preflight_header: return "preflight:header";
    case step::actual_origin_missing: return "actual:origin-missing";
    case step::actual_origin_mismatch: return "actual:origin-mismatch";
    case step::actual_wildcard_with_credentials: return "actual:wildcard-with-credentials";
    case step::actual_credentials_not_true: return "actual:credentials-not-true";
    case step::corp: return "corp";
    case step::websocket_status: return "websocket:status";
    case step::event_source_response: return "event-source:response";
    case step::redirect_error_mode: return "redirect:error-mode";
    case step::redirect_scheme: return "redirect:scheme";
    case step::redirect_credentials: return "redirect:credentials";
    case step::redirect_count: return "redirect:count";
    case step::redirect_location: return "redirect:location";
    case step::redirect_body: return "redirect:body";
    case step::network: return "network";
    }
    return "";
}

/// Spec: https://fetch.spec.whatwg.org/#concept-response-type
enum class response_type { error, basic, cors, opaque, opaque_redirect };

[[nodiscard]] constexpr std::string_view to_string(response_type t) noexcept {
    switch (t) {
    case response_type::error: return "error";
    case response_type::basic: return "basic";
    case response_type::cors: return "cors";
    case response_type::opaque: return "opaque";
    case response_type::opaque_redirect: return "opaqueredirect";
    }
    return "";
}

/// What is sent.
enum class wire_kind { preflight, actual };

[[nodiscard]] constexpr std::string_view to_string(wire_kind k) noexcept {
    return k == wire_kind::preflight ? "preflight" : "actual";
}

}  // namespace corsac::inline v0_2_0::testing

#endif
