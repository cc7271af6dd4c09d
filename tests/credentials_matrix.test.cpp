// SPDX-License-Identifier: MIT
#include <corsac/credentials_matrix.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

namespace {

using corsac::outcome;
using corsac::policy_options;

constexpr policy_options anyone() {
    return {.allow_origins = {"*"}, .expose_headers = {"X-Request-Id"}};
}
constexpr policy_options one() {
    return {.allow_origins = {"https://example.com"}, .reject_disallowed = true};
}
constexpr policy_options logged_in() {
    return {.allow_origins = {"https://example.com"}, .allow_credentials = true};
}

struct row {
    const char* about;
    policy_options (*options)();
    support::request request;
    outcome expected;
    bool withheld;
    int status;
    std::string_view response;
};

#define VARY_CREDENTIALS "vary: Cookie | vary: Authorization"
#define SHARED "access-control-allow-origin: https://example.com | "

constexpr row rows[] = {
    {"without credentials * is answered",
     anyone,
     {"GET", {{{"Origin", "https://example.com"}}}},
     outcome::allowed,
     false,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id | "  //
     VARY_CREDENTIALS},
    {"a cookie under * gets nothing",
     anyone,
     {"GET", {{{"Origin", "https://example.com"}, {"cookie", "a=b"}}}},
     outcome::origin_not_allowed,
     true,
     0,
     VARY_CREDENTIALS},
    {"nor does it without Origin, for the caches",
     anyone,
     {"GET", {{{"Cookie", "a=b"}}}},
     outcome::not_cors,
     true,
     0,
     VARY_CREDENTIALS},
    {"an empty Authorization is one",
     one,
     {"GET", {{{"AUTHORIZATION", ""}, {"Origin", "https://example.com"}}}},
     outcome::origin_not_allowed,
     true,
     0,
     "vary: Origin | " VARY_CREDENTIALS},
    {"a listed origin without credentials gets itself",
     one,
     {"GET", {{{"Origin", "https://example.com"}, {"Cookies", "a=b"}}}},
     outcome::allowed,
     false,
     0,
     SHARED "vary: Origin | " VARY_CREDENTIALS},
    {"an origin that is not allowed is rejected as ever",
     one,
     {"GET", {{{"Origin", "https://evil.example"}, {"Cookie", "a=b"}}}},
     outcome::origin_not_allowed,
     false,
     403,
     "vary: Origin | " VARY_CREDENTIALS},
    {"a preflight is decided as ever, whatever it carries",
     one,
     {"OPTIONS",
      {{{"Origin", "https://example.com"},
        {"Access-Control-Request-Method", "GET"},
        {"Cookie", "a=b"}}}},
     outcome::allowed,
     false,
     204,
     SHARED "vary: Origin | vary: Access-Control-Request-Method | "
            "vary: Access-Control-Request-Headers"},
    {"where credentials are allowed nothing differs",
     logged_in,
     {"GET", {{{"Origin", "https://example.com"}, {"Cookie", "a=b"}}}},
     outcome::allowed,
     false,
     0,
     SHARED "access-control-allow-credentials: true | vary: Origin"},
};

constexpr bool holds(const row& r) {
    const auto built = corsac::make_policy(r.options());
    const auto made = corsac::evaluate_by_credentials(*built, r.request);
    support::response response;
    corsac::apply(made, response);
    return made.decided.outcome() == r.expected && made.withheld == r.withheld &&
           made.decided.status() == r.status && response.summary().view() == r.response;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("evaluate_by_credentials follows the matrix") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options());
        REQUIRE(built);
        const auto made = corsac::evaluate_by_credentials(*built, r.request);
        support::response response{{"Access-Control-Allow-Origin", "https://upstream.example"}};
        corsac::apply(made, response);
        CHECK(made.decided.outcome() == r.expected);
        CHECK(made.withheld == r.withheld);
        CHECK(made.decided.status() == r.status);
        CHECK(response.summary().view() == r.response);
    }
}

/// A server that can only look fields up, and one that can only add them.
struct looking_up {
    std::string_view cookie;

    [[nodiscard]] constexpr std::string_view method() const noexcept { return "GET"; }
    [[nodiscard]] constexpr std::string_view first(std::string_view name) const noexcept {
        if (name == "origin") return "https://example.com";
        return name == "cookie" ? cookie : std::string_view{};
    }
};
struct adding {
    std::string_view vary[2]{};
    std::size_t lines = 0;

    constexpr void add(std::string_view name, std::string_view value) {
        if (name == "vary") vary[lines++] = value;
    }
};

TEST_CASE("servers that look fields up and only add lines") {
    const auto built = corsac::make_policy(one());
    CHECK_FALSE(corsac::carries_credentials(looking_up{}));
    CHECK(corsac::carries_credentials(looking_up{"a=b"}));
    adding sink;
    corsac::apply(corsac::evaluate_by_credentials(*built, looking_up{"a=b"}), sink);
    REQUIRE(sink.lines == 2);
    CHECK(sink.vary[0] == "Origin");
    CHECK(sink.vary[1] == "Cookie, Authorization");
}

}  // namespace
