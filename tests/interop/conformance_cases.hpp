// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_CONFORMANCE_CASES_HPP
#define CORSAC_TESTS_INTEROP_CONFORMANCE_CASES_HPP

#include <string_view>

// The 17 cases of kubernetes-sigs/gateway-api, conformance/tests/httproute-cors.go. `|` separates
// what a gateway may answer instead, `-` is no header, and an empty text is not looked at.

namespace conformance {

struct row {
    std::string_view path;
    std::string_view method;
    std::string_view origin;
    std::string_view requested_method;
    std::string_view requested_headers;
    bool preflight_allowed;
    std::string_view allow_origin;
    std::string_view allow_credentials;
    std::string_view allow_methods;
    std::string_view allow_headers;
    std::string_view expose_headers;
    std::string_view max_age;
};

inline constexpr std::string_view one = "/cors-1";
inline constexpr std::string_view two = "/cors-2";
inline constexpr std::string_view any = "/cors-wildcard-origin";
inline constexpr std::string_view all = "/cors-wildcard-methods-headers";
inline constexpr std::string_view unauth = "/cors-wildcard-methods-headers-unauth";
inline constexpr std::string_view both = "x-header-1, x-header-2";
inline constexpr std::string_view exposed = "x-header-3, x-header-4";

// clang-format off
inline constexpr row rows[] = {
    {one, "OPTIONS", "https://www.foo.com", "GET", both, true, "https://www.foo.com", "true", "GET, OPTIONS", both, exposed, "3600"},
    {one, "OPTIONS", "https://www.bar.com", "GET", both, true, "https://www.bar.com", "true", "GET, OPTIONS", both, exposed, "3600"},
    {one, "OPTIONS", "https://xpto.www.bar.com", "GET", both, true, "https://xpto.www.bar.com", "true", "GET, OPTIONS", both, exposed, "3600"},
    {one, "OPTIONS", "https://foobar.com", "GET", "", false, "-", "", "", "", "", ""},
    {one, "GET", "https://www.foo.com", "GET", both, false, "https://www.foo.com", "", "", "", "", ""},
    {one, "GET", "https://www.bar.com", "GET", both, false, "https://www.bar.com", "", "", "", "", ""},
    {one, "GET", "https://foobar.com", "GET", both, false, "-", "", "", "", "", ""},
    {two, "OPTIONS", "https://www.foo.com", "POST", "", true, "https://www.foo.com", "-", "POST|*", "", "", ""},
    {two, "OPTIONS", "https://www.foo.com", "POST", "", true, "https://www.foo.com", "-", "", "", "", ""},
    {any, "OPTIONS", "https://foobar.com", "PUT", "", true, "https://foobar.com|*", "-", "PUT", "", "", ""},
    {any, "OPTIONS", "https://foobar.com:12345", "PUT", "", true, "https://foobar.com:12345|*", "-", "PUT", "", "", ""},
    {any, "PUT", "https://foobar.com:12345", "", "", false, "https://foobar.com:12345|*", "-", "", "", "", ""},
    {any, "PUT", "https://foobar.com", "", "", false, "https://foobar.com|*", "-", "", "", "", ""},
    {all, "OPTIONS", "https://other.foo.com", "PUT", both, true, "https://other.foo.com", "true", "PUT", both, "", ""},
    {unauth, "OPTIONS", "https://other.foo.com", "PUT", both, true, "https://other.foo.com|*", "-", "PUT|*", "x-header-1, x-header-2|*", "", ""},
    {all, "GET", "https://other.foo.com", "", "", false, "https://other.foo.com", "true", "", "", "", ""},
    {unauth, "GET", "https://other.foo.com", "", "", false, "https://other.foo.com|*", "-", "", "", "", ""},
};
// clang-format on

}  // namespace conformance

#endif
