// SPDX-License-Identifier: MIT
#include <corsac/request/method.hpp>

#include <doctest/doctest.h>

namespace {

static_assert(corsac::is_cors_safelisted_method("GET"));
static_assert(corsac::is_cors_safelisted_method("HEAD"));
static_assert(corsac::is_cors_safelisted_method("POST"));
static_assert(!corsac::is_cors_safelisted_method("get"));
static_assert(!corsac::is_cors_safelisted_method("PUT"));

TEST_CASE("a script cannot send these methods, in whatever case") {
    for (const char* method : {"TRACE", "trAck", "connect"}) {
        CAPTURE(method);
        CHECK(corsac::is_forbidden_method(method));
    }
    for (const char* method : {"OPTIONS", "TRACER", ""}) {
        CAPTURE(method);
        CHECK_FALSE(corsac::is_forbidden_method(method));
    }
}

TEST_CASE("browsers upper-case six methods and keep all others") {
    for (const char* method : {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}) {
        CHECK(corsac::normalize_method(method) == method);
    }
    CHECK(corsac::normalize_method("delete") == "DELETE");
    CHECK(corsac::normalize_method("pOsT") == "POST");
    CHECK(corsac::normalize_method("patch") == "patch");
    CHECK(corsac::normalize_method("eGg") == "eGg");
}

}  // namespace
