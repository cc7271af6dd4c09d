// SPDX-License-Identifier: MIT
#include <corsac/request/field_name.hpp>

#include <doctest/doctest.h>

namespace {

TEST_CASE("a script cannot set these request headers") {
    for (const char* name : {"Cookie", "host", "ORIGIN", "Sec-Fetch-Mode", "sec-", "Proxy-X", "TE",
                             "Access-Control-Request-Method", "Via", "Set-Cookie"}) {
        CAPTURE(name);
        CHECK(corsac::is_forbidden_request_header(name));
    }
    for (const char* name : {"Authorization", "Content-Type", "X-Sec", "Secure", "Proxy", "Cookies",
                             "User-Agent", "Access-Control-Request-Private-Network"}) {
        CAPTURE(name);
        CHECK_FALSE(corsac::is_forbidden_request_header(name));
    }
}

static_assert(corsac::is_forbidden_response_header("Set-Cookie2"));
static_assert(!corsac::is_forbidden_response_header("Cookie"));
static_assert(corsac::is_cors_safelisted_response_header("content-length"));
static_assert(!corsac::is_cors_safelisted_response_header("ETag"));
static_assert(corsac::is_cors_non_wildcard_request_header("authorization"));
static_assert(!corsac::is_cors_non_wildcard_request_header("proxy-authorization"));

}  // namespace
