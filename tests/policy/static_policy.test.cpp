// SPDX-License-Identifier: MIT
#include <corsac/policy/static_policy.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <type_traits>

namespace {

constexpr corsac::policy_options options() {
    return {
        .allow_origins = {"https://example.com", "https://*.example.com", "http://localhost:*"},
        .allow_methods = {"GET", "PUT", "DELETE"},
        .allow_headers = {"Authorization", "X-Custom-*"},
        .expose_headers = {"X-Request-Id"},
        .allow_credentials = true,
        .max_age = 600,
    };
}

constexpr auto checked = corsac::static_policy([] { return options(); });

static_assert(corsac::policy_like<decltype(checked)>);
static_assert(corsac::policy_like<corsac::policy>);
static_assert(std::is_trivially_copyable_v<decltype(checked)>);
static_assert(std::is_trivially_copyable_v<corsac::decision>);

// The compiler can test a policy.
static_assert(checked.allows_origin("https://example.com"));
static_assert(checked.allows_origin("https://a.b.example.com"));
static_assert(!checked.allows_origin("https://evil.example"));
static_assert(corsac::evaluate(checked,
                               support::request{"OPTIONS",
                                                {{{"Origin", "https://example.com"},
                                                  {"Access-Control-Request-Method", "PUT"}}}})
                  .status() == 204);

TEST_CASE("a static policy decides as the same options do at run time") {
    const auto built = corsac::make_policy(options());
    for (const char* origin : {"https://example.com", "https://a.example.com", "http://localhost:1",
                               "https://evil.example", "null", "garbage"}) {
        for (const char* method : {"GET", "PUT", "PATCH", "garbage in"}) {
            CAPTURE(origin);
            CAPTURE(method);
            const support::request request{"OPTIONS",
                                           {{{"Origin", origin},
                                             {"Access-Control-Request-Method", method},
                                             {"Access-Control-Request-Headers", "x-custom-a"}}}};
            const corsac::decision a = corsac::evaluate(checked, request);
            const corsac::decision b = corsac::evaluate(*built, request);
            CHECK(a.outcome() == b.outcome());
            support::response from_a;
            support::response from_b;
            corsac::apply(a, from_a);
            corsac::apply(b, from_b);
            CHECK(from_a.summary() == from_b.summary());
        }
    }
    CHECK(checked.options() == built->options());
}

}  // namespace
