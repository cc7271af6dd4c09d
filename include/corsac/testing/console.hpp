// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_CONSOLE_HPP
#define CORSAC_TESTING_CONSOLE_HPP

#include <corsac/testing/block.hpp>
#include <corsac/testing/detail/chromium_console.hpp>
#include <corsac/testing/detail/firefox_console.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/verdict.hpp>

#include <string>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// What failed, as the standard sees it.
[[nodiscard]] inline std::string plain_reason(const block& b) {
    const std::string value = "'" + lossy_utf8(b.offender) + "'";
    switch (b.at) {
    case step::preflight_origin_missing:
    case step::actual_origin_missing: return "the response has no Access-Control-Allow-Origin";
    case step::preflight_origin_mismatch:
    case step::actual_origin_mismatch:
        return b.origin_lines > 1
                   ? "the response has several Access-Control-Allow-Origin lines: " + value
                   : "Access-Control-Allow-Origin is " + value + ", not the request's origin";
    case step::preflight_wildcard_with_credentials:
    case step::actual_wildcard_with_credentials:
        return "Access-Control-Allow-Origin must not be * for a request with credentials";
    case step::preflight_credentials_not_true:
    case step::actual_credentials_not_true:
        return "Access-Control-Allow-Credentials is " + value +
               " and must be 'true' for a request with credentials";
    case step::preflight_status:
        return "its status is " + std::to_string(b.status) + ", not 200 to 299";
    case step::preflight_methods_invalid:
        return "Access-Control-Allow-Methods contains " + value + ", which is no method";
    case step::preflight_headers_invalid:
        return "Access-Control-Allow-Headers contains " + value + ", which is no header name";
    case step::preflight_method:
        return "method " + b.offender + " is not in Access-Control-Allow-Methods";
    case step::preflight_authorization:
        return "Access-Control-Allow-Headers does not name authorization, and * does not cover "
               "it";
    case step::preflight_header:
        return "header " + b.offender + " is not in Access-Control-Allow-Headers";
    case step::mode_same_origin: return "mode is same-origin, and this is another origin";
    case step::mode_no_cors_redirect: return "mode no-cors needs redirect mode follow";
    case step::scheme: return "the scheme is neither http nor https";
    case step::corp: return "Cross-Origin-Resource-Policy keeps it from this origin";
    case step::websocket_status: return "its status is " + std::to_string(b.status) + ", not 101";
    case step::event_source_response:
        return "its status is not 200, or its type is not text/event-stream";
    case step::redirect_error_mode: return "it redirects, and redirect mode is error";
    case step::redirect_scheme: return "it redirects to another scheme than http and https";
    case step::redirect_credentials: return "it redirects to a URL with a user name or a password";
    case step::redirect_count: return "too many redirects";
    case step::redirect_location: return "it redirects to something that is no URL";
    case step::redirect_body: return "a stream body cannot be sent again after a redirect";
    case step::network: return "the browser's network code refuses " + b.offender;
    default: return std::string(to_string(b.at));
    }
}

}  // namespace detail

/// The lines that the console shows for a blocked request.
[[nodiscard]] inline std::vector<std::string> console_lines(const block& b, const quirks& q) {
    switch (q.console) {
    case console_language::chromium: return detail::chromium_console(b);
    case console_language::firefox: return detail::firefox_console(b);
    case console_language::plain: break;
    }
    std::string out = detail::is_preflight_step(b.at) ? "The preflight of " : "The request to ";
    out += b.current_url + " from origin " + b.request_origin;
    if (b.request_origin != b.page_origin) {
        out += " (made so by a redirect to a third origin; the page is " + b.page_origin + ")";
    }
    out += " is blocked: ";
    return {out + detail::plain_reason(b) + " (" + std::string(to_string(b.at)) + ")"};
}

}  // namespace corsac::inline v0_2_0::testing

#endif
