// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_METHOD_HPP
#define CORSAC_REQUEST_METHOD_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Bytes of the longest method that a policy may list and a preflight may ask for; registered ones
/// have at most 17.
inline constexpr std::size_t max_requested_method_length = 64;

/// The method of every preflight, and of requests that are none.
[[nodiscard]] constexpr bool is_options(std::string_view method) noexcept {
    return detail::is_text(method, "OPTIONS");
}

/// The methods that need no permission. Spec: https://fetch.spec.whatwg.org/#cors-safelisted-method
[[nodiscard]] constexpr bool is_cors_safelisted_method(std::string_view method) noexcept {
    return detail::is_text(method, "GET") || detail::is_text(method, "HEAD") ||
           detail::is_text(method, "POST");
}

/// The methods that a script cannot send. Spec: https://fetch.spec.whatwg.org/#forbidden-method
[[nodiscard]] constexpr bool is_forbidden_method(std::string_view method) noexcept {
    return detail::equals_ignore_case(method, "CONNECT") ||
           detail::equals_ignore_case(method, "TRACE") ||
           detail::equals_ignore_case(method, "TRACK");
}

/// The spelling in which browsers send the method: six methods are upper-cased, all others kept.
///
/// @return  A literal, or `method` itself.
/// Spec: https://fetch.spec.whatwg.org/#concept-method-normalize
[[nodiscard]] constexpr std::string_view normalize_method(std::string_view method) noexcept {
    for (const std::string_view known : {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}) {
        if (detail::equals_ignore_case(method, known)) return known;
    }
    return method;
}

}  // namespace corsac::inline v0_2_0

#endif
