// SPDX-License-Identifier: MIT
#include <corsac/live/shadow_candidate.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using corsac::policy_options;
using corsac::shadow_candidate;
using corsac::shadow_difference;
using support::request;

static_assert(std::is_nothrow_copy_constructible_v<shadow_candidate>);
static_assert(
    std::is_nothrow_invocable_v<const shadow_candidate&, const corsac::decision&, const request&>);

constexpr request get{"GET", {{{"Origin", "https://a.example"}}}};
constexpr request put{
    "OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}};

struct row {
    const char* about;
    policy_options in_force;
    policy_options candidate;
    request asked;
    shadow_difference difference;
    std::string_view sentence{};
};

const row rows[] = {
    {"the same policy",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"https://a.example"}},
     get,
     shadow_difference::none},
    {"another policy, of which this request shows nothing",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"https://a.example", "https://b.example"}, .allow_methods = {"PUT"}},
     get,
     shadow_difference::none},
    {"refused by both for another reason",
     {.allow_origins = {"https://b.example"}},
     {.allow_origins = {"https://a.example"}},
     put,
     shadow_difference::none},
    {"an origin that goes",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"https://b.example"}},
     get,
     shadow_difference::newly_refused,
     "\"GET\" from \"https://a.example\" would be refused: origin \"https://a.example\" is not in "
     "allow_origins; add it if you trust that site (response not shared)"},
    {"a method that goes",
     {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}},
     {.allow_origins = {"https://a.example"}},
     put,
     shadow_difference::newly_refused,
     "\"OPTIONS\" from \"https://a.example\" would be refused: method \"PUT\" is not in "
     "allow_methods; add it, or send another (methods are case-sensitive) (preflight refused)"},
    {"an origin that comes",
     {.allow_origins = {"https://b.example"}},
     {.allow_origins = {"https://a.example"}},
     get,
     shadow_difference::newly_allowed,
     "\"GET\" from \"https://a.example\" would be allowed; now: origin \"https://a.example\" is "
     "not "
     "in allow_origins; add it if you trust that site (response not shared)"},
    {"other headers",
     {.allow_origins = {"https://a.example"}, .expose_headers = {"X-A"}},
     {.allow_origins = {"https://a.example"}, .allow_credentials = true},
     get,
     shadow_difference::other_answer,
     "\"GET\" from \"https://a.example\" would get access-control-allow-credentials \"true\" "
     "instead of access-control-expose-headers \"X-A\""},
    {"another status",
     {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}},
     {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}, .preflight_status = 200},
     put,
     shadow_difference::other_answer,
     "\"OPTIONS\" from \"https://a.example\" would get status 200 instead of status 204"},
    {"rejected instead of not shared",
     {.allow_origins = {"https://b.example"}},
     {.allow_origins = {"https://b.example"}, .reject_disallowed = true},
     get,
     shadow_difference::other_answer,
     "\"GET\" from \"https://a.example\" would get status 403 instead of the application's answer"},
    {"no Origin: only caches see that it is another policy",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"*"}},
     {},
     shadow_difference::other_answer,
     "\"GET\" would get access-control-allow-origin \"*\" instead of vary \"Origin\""},
    {"several headers that come",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"https://a.example"}, .expose_headers = {"X-A"}, .allow_credentials = true},
     get,
     shadow_difference::other_answer,
     "\"GET\" from \"https://a.example\" would get access-control-allow-credentials \"true\", "
     "access-control-expose-headers \"X-A\" instead of nothing of it"},
    {"only caches see that credentials count",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"https://a.example"}, .refuse_credentials = true},
     get,
     shadow_difference::other_answer,
     "\"GET\" from \"https://a.example\" would get vary \"Cookie\", vary \"Authorization\" "
     "instead of nothing of it"},
    {"another status and another header",
     {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}, .max_age = 5},
     {.allow_origins = {"https://a.example"},
      .allow_methods = {"PUT"},
      .max_age = 600,
      .preflight_status = 200},
     put,
     shadow_difference::other_answer,
     "\"OPTIONS\" from \"https://a.example\" would get status 200, access-control-max-age \"600\" "
     "instead of status 204, access-control-max-age \"5\""},
    {"a method as long as is shown, without an Origin",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"*"}},
     {"TWENTY-LETTERS-LONG1", {}},
     shadow_difference::other_answer,
     "\"TWENTY-LETTERS-LONG1\" would get access-control-allow-origin \"*\" instead of vary "
     "\"Origin\""},
    {"a method that is longer",
     {.allow_origins = {"https://a.example"}},
     {.allow_origins = {"*"}},
     {"TWENTY-LETTERS-LONG12", {}},
     shadow_difference::other_answer,
     "\"TWENTY-LETTERS-LONG1…\" would get access-control-allow-origin \"*\" instead of vary "
     "\"Origin\""},
    {"a candidate in shadow is compared by its outcome",
     {.allow_origins = {"https://a.example"}, .expose_headers = {"X-A"}},
     {.allow_origins = {"https://a.example"}, .shadow = true},
     get,
     shadow_difference::none},
    {"and so is a policy in shadow that is in force",
     {.allow_origins = {"https://b.example"}, .shadow = true},
     {.allow_origins = {"https://a.example"}},
     get,
     shadow_difference::newly_allowed,
     "\"GET\" from \"https://a.example\" would be allowed; now: origin \"https://a.example\" is "
     "not "
     "in allow_origins; add it if you trust that site (response not shared); not enforced, the "
     "policy is in shadow"},
};

TEST_CASE("a candidate says what it would have decided differently") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto in_force = corsac::make_policy(r.in_force);
        const auto other = corsac::make_policy(r.candidate);
        REQUIRE(in_force);
        REQUIRE(other);
        const shadow_candidate candidate{*other};
        candidate(corsac::evaluate(*in_force, r.asked), r.asked);
        using enum shadow_difference;
        for (const shadow_difference d : {none, newly_refused, newly_allowed, other_answer}) {
            CAPTURE(name_of(d));
            CHECK(candidate.count(d) == (d == r.difference ? 1 : 0));
        }
        const auto told = candidate.last_differences();
        REQUIRE(told.size() == (r.sentence.empty() ? 0 : 1));
        if (!told.empty()) CHECK(told[0].view() == r.sentence);
    }
}

/// Each request header that a response may vary by, alone and with the others.
constexpr bool every_vary_counts() {
    const auto varies = [](unsigned by) {
        corsac::decision_fields fields;
        fields.outcome = corsac::outcome::allowed;
        fields.vary_origin = (by & 1) != 0;
        fields.vary_preflight = (by & 2) != 0;
        fields.vary_private_network = (by & 4) != 0;
        fields.vary_credentials = (by & 8) != 0;
        return corsac::decision{fields};
    };
    for (unsigned one = 0; one < 16; ++one) {
        for (unsigned other = 0; other < 16; ++other) {
            const bool alike = corsac::detail::answers_alike(varies(one), varies(other));
            if (alike != (one == other)) return false;
        }
    }
    return true;
}
static_assert(every_vary_counts());

TEST_CASE("responses that vary by something else are another answer") {
    CHECK(every_vary_counts());
}

TEST_CASE("every difference has a name of its own") {
    CHECK(name_of(shadow_difference::none) == "none");
    CHECK(name_of(shadow_difference::newly_refused) == "newly_refused");
    CHECK(name_of(shadow_difference::newly_allowed) == "newly_allowed");
    CHECK(name_of(shadow_difference::other_answer) == "other_answer");
}

TEST_CASE("only the last differences are kept, the oldest of them first") {
    const auto in_force = corsac::make_policy({.allow_origins = {"*"}});
    const shadow_candidate candidate{
        *corsac::make_policy({.allow_origins = {"https://a.example"}})};
    const shadow_candidate copy = candidate;
    for (int i = 0; i < 40; ++i) {
        const std::string origin = "https://n" + std::to_string(i) + ".example";
        const request asked{"GET", {{{"Origin", origin}}}};
        copy(corsac::evaluate(*in_force, asked), asked);
    }
    CHECK(candidate.count(shadow_difference::newly_refused) == 40);
    const auto told = candidate.last_differences();
    REQUIRE(told.size() == corsac::max_shadow_sentences);
    CHECK(told.front().view().find("https://n24.example") != std::string_view::npos);
    CHECK(told.back().view().find("https://n39.example") != std::string_view::npos);
}

TEST_CASE("nothing that a request says breaks a line or fills the memory") {
    const auto in_force = corsac::make_policy({.allow_origins = {"*"}});
    const shadow_candidate candidate{
        *corsac::make_policy({.allow_origins = {"https://a.example"}})};
    const std::string origin = "x\r\n\x1b[31m\x7f\xff" + std::string(100'000, 'y');
    const std::string method = "BREW\n" + std::string(100'000, 'z');
    const request asked{method, {{{"Origin", origin}}}};
    candidate(corsac::evaluate(*in_force, asked), asked);
    const auto told = candidate.last_differences();
    REQUIRE(told.size() == 1);
    CHECK(told[0].view().starts_with("\"BREW\\x0azzz"));
    for (const char c : told[0].view()) {
        const auto byte = static_cast<unsigned char>(c);
        CHECK((byte >= 0x20 && byte != 0x7f));
    }
}

TEST_CASE("a live candidate is replaced while its counts go on") {
    const auto in_force = corsac::make_policy({.allow_origins = {"https://a.example"}});
    const corsac::live_policy live{*corsac::make_policy({.allow_origins = {"https://b.example"}})};
    const shadow_candidate candidate{live};
    candidate(corsac::evaluate(*in_force, get), get);
    CHECK(live.replace({.allow_origins = {"https://a.example"}}).empty());
    candidate(corsac::evaluate(*in_force, get), get);
    CHECK(candidate.count(shadow_difference::newly_refused) == 1);
    CHECK(candidate.count(shadow_difference::none) == 1);
}

}  // namespace
