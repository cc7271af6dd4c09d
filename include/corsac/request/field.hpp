// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_FIELD_HPP
#define CORSAC_REQUEST_FIELD_HPP

// Tested in tests/request/header_access.test.cpp.

#include <string_view>

namespace corsac::inline v0_2_0 {

/// The field names of the CORS protocol as corsac hands them out: lower case, NUL-terminated.
namespace field {

using std::string_view_literals::operator""sv;  // whose size is not counted for each includer

inline constexpr std::string_view origin = "origin"sv;
inline constexpr std::string_view request_method = "access-control-request-method"sv;
inline constexpr std::string_view request_headers = "access-control-request-headers"sv;
inline constexpr std::string_view request_private_network =
    "access-control-request-private-network"sv;
inline constexpr std::string_view allow_origin = "access-control-allow-origin"sv;
inline constexpr std::string_view allow_credentials = "access-control-allow-credentials"sv;
inline constexpr std::string_view allow_methods = "access-control-allow-methods"sv;
inline constexpr std::string_view allow_headers = "access-control-allow-headers"sv;
inline constexpr std::string_view max_age = "access-control-max-age"sv;
inline constexpr std::string_view expose_headers = "access-control-expose-headers"sv;
inline constexpr std::string_view allow_private_network = "access-control-allow-private-network"sv;
inline constexpr std::string_view vary = "vary"sv;
inline constexpr std::string_view cookie = "cookie"sv;
inline constexpr std::string_view authorization = "authorization"sv;
inline constexpr std::string_view host = "host"sv;
inline constexpr std::string_view fetch_site = "sec-fetch-site"sv;
inline constexpr std::string_view fetch_mode = "sec-fetch-mode"sv;

/// What `evaluate_for_debugging` adds; no browser reads it.
inline constexpr std::string_view explanation = "x-cors-explanation"sv;

/// Every response field that a policy owns begins like this.
inline constexpr std::string_view access_control_prefix = "access-control-"sv;

/// The response fields that a policy owns, for servers that erase by name.
inline constexpr std::string_view owned[] = {
    allow_origin, allow_credentials, allow_methods,        allow_headers,
    max_age,      expose_headers,    allow_private_network};
}  // namespace field

}  // namespace corsac::inline v0_2_0

#endif
