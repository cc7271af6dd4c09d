// SPDX-License-Identifier: MIT
#include <corsac/policy/policy_rules.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using corsac::policy_options;

static_assert(corsac::policy_like<corsac::policy>);
static_assert(!corsac::policy_like<corsac::policy_options>);
static_assert(!corsac::policy_like<corsac::origin_set>);

constexpr policy_options usual() {
    return {.allow_origins = {"https://a.example"},
            .allow_methods = {"PUT", "eGg"},
            .allow_headers = {"X-One", "Authorization"},
            .expose_headers = {"X-Two", "X-Three"},
            .own_origins = {"HTTPS://Own.example:443"},
            .max_age = 600};
}
constexpr policy_options ageless() {
    return {.allow_origins = {"https://a.example"}, .max_age = 0};
}
constexpr policy_options minimal() { return {.allow_origins = {"https://a.example"}}; }
constexpr policy_options any() {
    return {.allow_origins = {"*"}, .allow_methods = {"*"}, .allow_headers = {"*"}};
}
constexpr policy_options prefixes() {
    return {.allow_origins = {"https://a.example"}, .allow_headers = {"X-Custom-*", "A*", "X-One"}};
}
/// Prefixes that begin others, and one another name away.
constexpr policy_options nested() {
    return {.allow_origins = {"https://a.example"},
            .allow_headers = {"X-B-*", "X-*", "X-A-*", "y*", "Y-Z-*"}};
}
constexpr policy_options discreet() {
    policy_options options = usual();
    options.disclose_requested_only = true;
    return options;
}

// --- what is sent ------------------------------------------------------------------------------

struct sent_row {
    const char* about;
    policy_options (*options)();
    std::string_view methods, headers, exposed, max_age;
    bool any_method, reflects_method, reflects_headers;
};

constexpr sent_row sent_rows[] = {
    {"lists in the order and case in which they are written", usual, "PUT, eGg",
     "X-One, Authorization", "X-Two, X-Three", "600", false, false, false},
    {"what is not written is not sent", minimal, "", "", "", "", false, false, false},
    {"any method and any header are reflected", any, "*", "*", "", "", true, true, true},
    {"a prefix cannot be sent, so headers are reflected", prefixes, "", "X-Custom-*, A*, X-One", "",
     "", false, false, true},
    {"only what was asked is disclosed", discreet, "PUT, eGg", "X-One, Authorization",
     "X-Two, X-Three", "600", false, true, true},
    {"an age of 0 is sent", ageless, "", "", "", "0", false, false, false},
};

constexpr bool is_sent(const sent_row& r) {
    const auto built = corsac::make_policy(r.options());
    const corsac::policy_rules rules = built->rules();
    return rules.methods() == r.methods && rules.headers() == r.headers &&
           rules.exposed() == r.exposed && rules.max_age() == r.max_age &&
           rules.allows_any_method() == r.any_method &&
           rules.reflects_method() == r.reflects_method &&
           rules.reflects_headers() == r.reflects_headers;
}

static_assert(support::every_row_holds<&sent_rows, is_sent>());

TEST_CASE("rules have the values of fields as they are sent, or say that they are reflected") {
    for (const sent_row& r : sent_rows) {
        CAPTURE(r.about);
        CHECK(is_sent(r));
        const auto built = corsac::make_policy(r.options());
        for (const std::string_view value : {built->rules().methods(), built->rules().headers(),
                                             built->rules().exposed(), built->rules().max_age()}) {
            CHECK(value.data()[value.size()] == '\0');
        }
    }
}

// --- who gets `*`, and which status --------------------------------------------------------------

struct star_row {
    const char* about;
    policy_options options;
    bool expected;
};

TEST_CASE("the answer is * if every origin is allowed and none is trusted with credentials") {
    const star_row rows[] = {
        {"any origin", {.allow_origins = {"*"}}, true},
        {"any origin beside another", {.allow_origins = {"https://a.example", "*"}}, true},
        {"any host of a scheme", {.allow_origins = {"https://*"}}, false},
        {"a list", {.allow_origins = {"https://a.example"}}, false},
        {"any origin with credentials",
         {.allow_origins = {"*"},
          .allow_credentials = true,
          .dangerously_allow_any_origin_with_credentials = true},
         false},
    };
    for (const star_row& r : rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options);
        REQUIRE(built);
        CHECK(built->rules().answers_star() == r.expected);
    }
}

TEST_CASE("a matcher of any origin is answered with *, too") {
    const auto built = corsac::make_policy({}, corsac::any_origin{});
    REQUIRE(built);
    CHECK(built->rules().answers_star());
}

/// A policy is plain if no switch has a say in the answers to simple requests.
constexpr bool is_plain_with(bool policy_options::* one) {
    policy_options options = minimal();
    options.*one = true;
    return corsac::make_policy(options)->rules().is_plain();
}
static_assert(corsac::make_policy(minimal())->rules().is_plain());
static_assert(!corsac::make_policy(any())->rules().is_plain(), "every answer is the same");
static_assert(!is_plain_with(&policy_options::reject_disallowed));
static_assert(!is_plain_with(&policy_options::reject_cross_origin_writes));
static_assert(!is_plain_with(&policy_options::refuse_credentials));
static_assert(!is_plain_with(&policy_options::keep_existing));
static_assert(!is_plain_with(&policy_options::shadow));
static_assert(is_plain_with(&policy_options::allow_credentials));
static_assert(is_plain_with(&policy_options::advertise));

constexpr bool statuses_are_those_written() {
    policy_options options = minimal();
    const auto usual_statuses = corsac::make_policy(options);
    options.preflight_status = 299;
    options.denied_preflight_status = 200;
    const auto others = corsac::make_policy(options);
    return usual_statuses->rules().preflight_status() == 204 &&
           usual_statuses->rules().denied_preflight_status() == 403 &&
           others->rules().preflight_status() == 299 &&
           others->rules().denied_preflight_status() == 200;
}
static_assert(statuses_are_those_written());

constexpr bool one_switch_is_not_another() {
    policy_options options = minimal();
    options.advertise = true;
    const auto built = corsac::make_policy(options);
    return built->rules().says<&policy_options::advertise>() &&
           !built->rules().says<&policy_options::shadow>() &&
           !built->rules().says<&policy_options::allow_credentials>();
}
static_assert(one_switch_is_not_another());

// --- names ---------------------------------------------------------------------------------------

struct name_row {
    const char* about;
    policy_options (*options)();
    bool (*ask)(const corsac::policy_rules&, std::string_view);
    std::string_view name;
    bool expected;
};

constexpr bool method(const corsac::policy_rules& rules, std::string_view name) {
    return rules.lists_method(name);
}
constexpr bool header(const corsac::policy_rules& rules, std::string_view name) {
    return rules.lists_header(name);
}
constexpr bool own(const corsac::policy_rules& rules, std::string_view name) {
    return rules.lists_own_origin(name);
}
constexpr bool unlisted(const corsac::policy_rules& rules, std::string_view name) {
    return rules.allows_unlisted_header(name);
}

constexpr name_row name_rows[] = {
    {"a listed method", usual, method, "PUT", true},
    {"methods are case-sensitive", usual, method, "put", false},
    {"one that is written in mixed case is sent so", usual, method, "eGg", true},
    {"a part of a method", usual, method, "PU", false},
    {"a method that begins with another", usual, method, "PUTS", false},
    {"a method that is safelisted is not listed by that", usual, method, "GET", false},
    {"a header is no method", usual, method, "X-One", false},
    {"no method", usual, method, "", false},
    {"no list of methods", minimal, method, "PUT", false},

    {"a listed header", usual, header, "X-One", true},
    {"header names come in any case", usual, header, "x-oNE", true},
    {"Authorization is listed where it is named", usual, header, "authorization", true},
    {"a method is no header", usual, header, "PUT", false},
    {"a header that is exposed is not allowed by that", usual, header, "X-Two", false},
    {"a part of a header", usual, header, "X-On", false},
    {"a header that begins with another", usual, header, "X-One-More", false},
    {"a byte that only differs in the bit of letter case", usual, header, "X\rOne", false},
    {"no header", usual, header, "", false},
    {"a pattern is no name", prefixes, header, "X-Custom-*", false},
    {"a name beside patterns", prefixes, header, "x-one", true},

    {"an own origin, as browsers send it", usual, own, "https://own.example", true},
    {"an own origin in another spelling is none", usual, own, "HTTPS://Own.example:443", false},
    {"an allowed origin is no own one by that", usual, own, "https://a.example", false},
    {"a method is no own origin", usual, own, "PUT", false},
    {"an own origin is no method", usual, method, "https://own.example", false},
    {"an own origin is no header", usual, header, "https://own.example", false},

    {"without a wildcard nothing is allowed unlisted", usual, unlisted, "X-Two", false},
    {"a name with a listed prefix", prefixes, unlisted, "X-Custom-Id", true},
    {"a prefix in any case", prefixes, unlisted, "x-cUSTOM-id", true},
    {"a prefix stands for one character more", prefixes, unlisted, "X-Custom-", false},
    {"the prefix must be whole", prefixes, unlisted, "X-Cust", false},
    {"the prefix must be at the begin", prefixes, unlisted, "My-X-Custom-Id", false},
    {"the second prefix counts", prefixes, unlisted, "Accept-Something", true},
    {"a prefix that begins others", nested, unlisted, "x-c", true},
    {"a prefix that another one begins", nested, unlisted, "X-B-c", true},
    {"the whole of a prefix that another one begins", nested, unlisted, "X-B-", true},
    {"the whole of a prefix that begins others", nested, unlisted, "X-", false},
    {"a name that sorts before every prefix", nested, unlisted, "A", false},
    {"a name that sorts after every prefix", nested, unlisted, "Z", false},
    {"a prefix in another case", nested, unlisted, "Y-", true},
    {"a prefix does not cover Authorization", prefixes, unlisted, "Authorization", false},
    {"any header", any, unlisted, "X-Anything", true},
    {"any header, be it of one letter", any, unlisted, "X", true},
    {"any header does not cover Authorization", any, unlisted, "AUTHORIZATION", false},
    {"a header that is called * would become a wildcard in the answer", any, unlisted, "*", false},
    {"a name that only begins with * would not", any, unlisted, "*a", true},
};

constexpr bool is_right(const name_row& r) {
    const auto built = corsac::make_policy(r.options());
    return r.ask(built->rules(), r.name) == r.expected;
}

static_assert(support::every_row_holds<&name_rows, is_right>());

TEST_CASE("methods and header names are found as they are compared on the wire") {
    for (const name_row& r : name_rows) {
        CAPTURE(r.about);
        CAPTURE(r.name);
        CHECK(is_right(r));
    }
}

TEST_CASE("every name of a long list is found, and no neighbour of it") {
    policy_options options = minimal();
    for (int i = 0; i < 2000; ++i) {
        options.allow_methods.push_back("METHOD" + std::to_string(i));
        options.allow_headers.push_back("X-Header-" + std::to_string(i));
    }
    const auto built = corsac::make_policy(options);
    REQUIRE(built);
    for (int i = 0; i < 4000; ++i) {
        REQUIRE(built->rules().lists_method("METHOD" + std::to_string(i)) == (i < 2000));
        REQUIRE(built->rules().lists_header("x-header-" + std::to_string(i)) == (i < 2000));
    }
}

}  // namespace
