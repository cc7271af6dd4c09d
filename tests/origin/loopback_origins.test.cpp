// SPDX-License-Identifier: MIT
#include <corsac/origin/loopback_origins.hpp>

#include <corsac/corsac.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {

TEST_CASE("loopback in every spelling, on every port, with credentials; and nothing else") {
    corsac::policy_options options{.allow_origins = {"https://app.example"},
                                   .allow_credentials = true};
    options.allow_origins.append(corsac::loopback_origins);
    const auto policy = corsac::make_policy(options);
    REQUIRE(policy);
    CHECK(policy.warnings().empty());
    const auto allows = [&](std::string_view origin) {
        const support::request asks{"GET", {{{"Origin", origin}}}};
        return corsac::evaluate(*policy, asks).allows();
    };
    for (const char* origin :
         {"http://localhost", "http://localhost:3000", "https://localhost:8443",
          "http://app.localhost:5173", "https://a.b.localhost", "http://localhost.:3000",
          "http://127.0.0.1", "http://127.0.0.1:3000", "https://127.0.0.1:3000",
          "http://127.255.0.3:1", "http://[::1]", "http://[::1]:65535", "https://[::1]:1",
          "https://app.example"}) {
        CHECK_MESSAGE(allows(origin), origin);
    }
    for (const char* origin :
         {"http://localhost.example", "http://notlocalhost", "http://localhost.evil.example:3000",
          "http://128.0.0.1", "http://126.255.255.255:3000", "http://127.0.0.1.evil.example",
          "http://[::2]", "ws://localhost", "null", "http://0.0.0.0:3000",
          "http://192.168.0.1:3000"}) {
        CHECK_MESSAGE(!allows(origin), origin);
    }
}

}  // namespace
