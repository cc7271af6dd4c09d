// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_FIELD_NAME_HPP
#define CORSAC_REQUEST_FIELD_NAME_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// The names that a script cannot set, so they never stand in Access-Control-Request-Headers.
///
/// Not here: `X-HTTP-Method` and its kin, which are forbidden only with some values.
/// Spec: https://fetch.spec.whatwg.org/#forbidden-request-header
[[nodiscard]] constexpr bool is_forbidden_request_header(std::string_view name) noexcept {
    constexpr std::string_view names[] = {"Accept-Charset",
                                          "Accept-Encoding",
                                          "Access-Control-Request-Headers",
                                          "Access-Control-Request-Method",
                                          "Connection",
                                          "Content-Length",
                                          "Cookie",
                                          "Cookie2",
                                          "Date",
                                          "DNT",
                                          "Expect",
                                          "Host",
                                          "Keep-Alive",
                                          "Origin",
                                          "Referer",
                                          "Set-Cookie",
                                          "TE",
                                          "Trailer",
                                          "Transfer-Encoding",
                                          "Upgrade",
                                          "Via"};
    for (const std::string_view forbidden : names) {
        if (detail::equals_ignore_case(name, forbidden)) return true;
    }
    return detail::equals_ignore_case(name.substr(0, 6), "proxy-") ||
           detail::equals_ignore_case(name.substr(0, 4), "sec-");
}

/// The names that no script can read, exposed or not.
///
/// Spec: https://fetch.spec.whatwg.org/#forbidden-response-header-name
[[nodiscard]] constexpr bool is_forbidden_response_header(std::string_view name) noexcept {
    return detail::equals_ignore_case(name, "Set-Cookie") ||
           detail::equals_ignore_case(name, "Set-Cookie2");
}

/// The names that scripts can read without their being exposed.
///
/// Spec: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
[[nodiscard]] constexpr bool is_cors_safelisted_response_header(std::string_view name) noexcept {
    for (const std::string_view listed : {"Cache-Control", "Content-Language", "Content-Length",
                                          "Content-Type", "Expires", "Last-Modified", "Pragma"}) {
        if (detail::equals_ignore_case(name, listed)) return true;
    }
    return false;
}

/// The one request header that `*` never covers.
///
/// Spec: https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
[[nodiscard]] constexpr bool is_cors_non_wildcard_request_header(std::string_view name) noexcept {
    return detail::equals_ignore_case(name, "Authorization");
}

}  // namespace corsac::inline v0_2_0

#endif
