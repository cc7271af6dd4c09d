// SPDX-License-Identifier: MIT
#include <corsac/policy/policy_options.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace {

using corsac::optional_seconds;
using corsac::policy_options;

constexpr std::int64_t least = std::numeric_limits<std::int64_t>::min();

struct row {
    const char* about;
    optional_seconds seconds;
    bool is_set;
    std::int64_t value;
    std::int64_t value_or_5;
};

constexpr row rows[] = {
    {"nothing", {}, false, 0, 5},
    {"std::nullopt", std::nullopt, false, 0, 5},
    {"a std::optional without a value", std::optional<std::int64_t>{}, false, 0, 5},
    {"a number", 600, true, 600, 600},
    {"0 is a number", 0, true, 0, 0},
    {"a negative number, to be reported", -1, true, -1, -1},
    {"the least number", least, true, least, least},
    {"a std::optional with a value", std::optional<std::int64_t>{7}, true, 7, 7},
    {"one that holds 0", std::optional<std::int64_t>{0}, true, 0, 0},
    {"one of another integer", std::optional<std::uint32_t>{4294967295}, true, 4294967295,
     4294967295},
    {"a copy", optional_seconds{optional_seconds{3}}, true, 3, 3},
};

constexpr bool holds(const row& r) {
    return r.seconds.has_value() == r.is_set && static_cast<bool>(r.seconds) == r.is_set &&
           *r.seconds == r.value && r.seconds.value_or(5) == r.value_or_5;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("seconds are taken from what std::optional is taken from") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

static_assert(optional_seconds{5} == optional_seconds{5});
static_assert(optional_seconds{5} != optional_seconds{6});
static_assert(optional_seconds{} == optional_seconds{});
static_assert(optional_seconds{0} != optional_seconds{}, "0 seconds are not none");
static_assert(optional_seconds{5} == 5);
static_assert(optional_seconds{} == std::nullopt);
static_assert(optional_seconds{5} != std::nullopt);
static_assert(optional_seconds{5} == std::optional<std::int64_t>{5});
static_assert(!std::is_convertible_v<optional_seconds, bool>, "the test for a number is explicit");
static_assert(!std::is_constructible_v<optional_seconds, std::string_view>);
static_assert(!std::is_constructible_v<optional_seconds, std::optional<double>>,
              "a fraction would be cut");

constexpr bool an_option_left_out_allows_nothing() {
    const policy_options options;
    bool switches = false;
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        switches = switches || options.*one.member;
    }
    bool lists = false;
    for (const corsac::policy_list& list : corsac::policy_lists) {
        lists = lists || !(options.*list.member).empty();
    }
    return !switches && !lists && !options.max_age && options.preflight_status == 204 &&
           options.denied_preflight_status == 403 && options.is_public_suffix == nullptr;
}
static_assert(an_option_left_out_allows_nothing());

TEST_CASE("options are equal if every member is") {
    const policy_options plain;
    CHECK(plain == policy_options{});
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        CAPTURE(one.name);
        policy_options other;
        other.*one.member = true;
        CHECK_FALSE(other == plain);
    }
    for (const corsac::policy_list& list : corsac::policy_lists) {
        CAPTURE(list.name);
        policy_options other;
        (other.*list.member).push_back("a");
        CHECK_FALSE(other == plain);
    }
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        CAPTURE(one.name);
        policy_options other;
        other.*one.member = 200;
        CHECK_FALSE(other == plain);
    }
    CHECK_FALSE(policy_options{.max_age = 0} == plain);
    CHECK_FALSE(policy_options{.max_age = 0} == policy_options{.max_age = 1});
    CHECK_FALSE(policy_options{.is_public_suffix = [](std::string_view) { return true; }} == plain);
}

TEST_CASE("lists are taken from any range of texts") {
    const std::vector<std::string> owned{"https://a.example", "https://b.example"};
    const std::array<std::string_view, 1> views{"X-A"};
    const char* methods[] = {"PUT", "DELETE"};
    const auto built = corsac::make_policy(
        {.allow_origins = owned, .allow_methods = methods, .allow_headers = views});
    REQUIRE(built);
    CHECK(built->allows_origin("https://b.example"));
    CHECK(built->options().allow_methods == corsac::text_list{"PUT", "DELETE"});
    CHECK(built->options().allow_headers == corsac::text_list{"X-A"});
}

constexpr bool braces_too_many_do_no_harm() {
    policy_options options;
    options.allow_methods = {{"PUT", "DELETE"}};
    return options.allow_methods == corsac::text_list{"PUT", "DELETE"};
}
static_assert(braces_too_many_do_no_harm());

}  // namespace
