// SPDX-License-Identifier: MIT
#include <corsac/origin/origin_matcher.hpp>

#include "origin/set_of.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using corsac::any_of;
using corsac::any_origin;
using corsac::origin_if;

// --- who is a matcher ----------------------------------------------------------------------------

constexpr auto yes = [](std::string_view) { return true; };
constexpr auto no = [](std::string_view) { return false; };

struct answers_yes_or_no {
    bool match(std::string_view) const noexcept { return true; }
};
struct changes_as_it_matches {
    std::string_view match(std::string_view) noexcept { return {}; }
};

static_assert(corsac::origin_matcher<any_origin>);
static_assert(corsac::origin_matcher<corsac::origin_set>);
static_assert(corsac::origin_matcher<decltype(origin_if{yes})>);
static_assert(corsac::origin_matcher<decltype(any_of{any_origin{}, origin_if{no}})>);
static_assert(!corsac::origin_matcher<answers_yes_or_no>);
static_assert(!corsac::origin_matcher<changes_as_it_matches>);
static_assert(!corsac::origin_matcher<int>);

// --- what they answer ----------------------------------------------------------------------------

/// Answers one origin with a text of its own.
struct listed {
    std::string_view origin;
    std::string_view answer;

    [[nodiscard]] constexpr std::string_view match(std::string_view asked) const noexcept {
        return asked == origin ? answer : std::string_view{};
    }
};

struct row {
    const char* about;
    std::string_view (*match)(std::string_view);
    std::string_view origin;
    std::string_view answer;  ///< empty: refused
};

constexpr std::string_view everyone(std::string_view o) { return any_origin{}.match(o); }
constexpr std::string_view predicate_yes(std::string_view o) { return origin_if{yes}.match(o); }
constexpr std::string_view predicate_no(std::string_view o) { return origin_if{no}.match(o); }
constexpr std::string_view ports(std::string_view o) {
    return origin_if{
        [](std::string_view origin) { return origin.substr(0, 17) == "http://localhost:"; }}
        .match(o);
}
constexpr std::string_view either(std::string_view o) {
    return any_of{
        listed{"https://a.example", "first"},
        any_of{listed{"https://a.example", "second"}, listed{"https://b.example", "third"}}}
        .match(o);
}

constexpr row rows[] = {
    {"any origin is answered with itself", everyone, "https://a.example:8443",
     "https://a.example:8443"},
    {"null is any origin, too", everyone, "null", "null"},
    {"what is no origin is not any origin", everyone, "https://a.example/", ""},
    {"two origins are none", everyone, "https://a.example https://b.example", ""},
    {"nothing is no origin", everyone, "", ""},

    {"a predicate that says yes", predicate_yes, "https://a.example", "https://a.example"},
    {"a predicate that says no", predicate_no, "https://a.example", ""},
    {"a predicate sees the origin", ports, "http://localhost:3000", "http://localhost:3000"},
    {"and may refuse it", ports, "http://localhost.example", ""},
    {"a predicate is not asked for null", predicate_yes, "null", ""},
    {"nor for what is no origin", predicate_yes, "https://a.example/", ""},
    {"nor for upper case", predicate_yes, "https://A.example", ""},
    {"nor for nothing", predicate_yes, "", ""},

    {"the first matcher's answer counts", either, "https://a.example", "first"},
    {"then the last one's", either, "https://b.example", "third"},
    {"no matcher's", either, "https://c.example", ""},
};

constexpr bool holds(const row& r) { return r.match(r.origin) == r.answer; }

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a matcher answers what to write into the response, or nothing") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.origin);
        CHECK(r.match(r.origin) == r.answer);
    }
}

TEST_CASE("a predicate gets every origin once, and nothing else") {
    static int asked = 0;
    asked = 0;
    const origin_if counting{[](std::string_view) { return ++asked > 0; }};
    for (const char* origin : {"null", "", "garbage", "https://a.example/", "HTTPS://a.example"}) {
        CHECK(counting.match(origin).empty());
    }
    CHECK(asked == 0);
    CHECK(counting.match("https://a.example") == "https://a.example");
    CHECK(asked == 1);
}

TEST_CASE("an origin that a predicate allows is answered with the request's own text") {
    const std::string origin = "https://a.example";
    CHECK(origin_if{yes}.match(origin).data() == origin.data());
    const any_of beside{support::set_of({"https://a.example"}), origin_if{yes}};
    CHECK(beside.match(origin).data() != origin.data());
}

// --- what they say of themselves -----------------------------------------------------------------

struct perhaps_anyone {
    bool anyone;
    [[nodiscard]] constexpr std::string_view match(std::string_view) const noexcept { return {}; }
    [[nodiscard]] constexpr bool allows_any() const noexcept { return anyone; }
};

TEST_CASE("a matcher that lets everybody in names nobody") {
    CHECK_FALSE(corsac::lists_origin(perhaps_anyone{true}, "https://a.example", corsac::judged));
    CHECK(corsac::lists_origin(listed{"https://a.example", "b"}, "https://a.example",
                               corsac::judged));
}

static_assert(corsac::allows_any_origin(any_origin{}));
static_assert(!corsac::allows_any_origin(origin_if{yes}), "nobody can tell what it allows");
static_assert(!corsac::allows_any_origin(listed{"a", "b"}));
static_assert(corsac::allows_any_origin(perhaps_anyone{true}));
static_assert(!corsac::allows_any_origin(perhaps_anyone{false}));
static_assert(corsac::allows_any_origin(support::set_of({"https://a.example", "*"})));
static_assert(!corsac::allows_any_origin(support::set_of({"https://*"})));
static_assert(corsac::allows_any_origin(any_of{any_origin{}, origin_if{no}}));
static_assert(corsac::allows_any_origin(any_of{origin_if{no}, any_of{listed{}, any_origin{}}}));
static_assert(!corsac::allows_any_origin(any_of{origin_if{yes}, perhaps_anyone{false}}));

/// Remembers how often it was prepared.
struct prepared {
    int options = 0;
    [[nodiscard]] constexpr std::string_view match(std::string_view) const noexcept { return {}; }
    constexpr void prepare_for(int given, int& reports) {
        options = given;
        ++reports;
    }
};

constexpr bool every_matcher_is_prepared() {
    any_of all{prepared{}, any_of{origin_if{no}, prepared{}}};
    int reports = 0;
    all.prepare_for(7, reports);
    return reports == 2 && all.first.options == 7 && all.second.second.options == 7;
}
static_assert(every_matcher_is_prepared());

constexpr bool every_list_is_appended() {
    const any_of all{support::set_of({"https://b.example"}),
                     any_of{origin_if{no}, support::set_of({"null", "https://*.a.example"})}};
    corsac::text_list entries{"before"};
    all.append_to(entries);
    return entries ==
           corsac::text_list{"before", "https://b.example", "null", "https://*.a.example"};
}
static_assert(every_list_is_appended());

TEST_CASE("any_of passes on what its matchers can do") {
    CHECK(every_matcher_is_prepared());
    CHECK(every_list_is_appended());
}

}  // namespace
