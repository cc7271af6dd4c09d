// SPDX-License-Identifier: MIT
#include <corsac/decision/evaluate.hpp>

#include "decision/evaluate_cases.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using namespace evaluate_cases;
using enum corsac::outcome;

// The policies of this table alone.

constexpr policy_options everything() {
    return {.allow_origins = {"*"}, .allow_methods = {"*"}, .allow_headers = {"*"}};
}
constexpr policy_options anything_from_one() {
    return {.allow_origins = {"https://example.com"},
            .allow_methods = {"*"},
            .allow_headers = {"*"},
            .allow_credentials = true};
}
constexpr policy_options any_and_authorization() {
    return {.allow_origins = {"https://example.com"}, .allow_headers = {"*", "Authorization"}};
}
constexpr policy_options prefixes() {
    return {.allow_origins = {"https://example.com"}, .allow_headers = {"X-Custom-*", "X-A"}};
}
constexpr policy_options plain_200() {
    policy_options o = usual();
    o.preflight_status = 200;
    o.denied_preflight_status = 204;
    return o;
}
constexpr policy_options discreet() {
    policy_options o = usual();
    o.disclose_requested_only = true;
    return o;
}
constexpr policy_options forwarding() {
    policy_options o = usual();
    o.forward_denied_preflights = true;
    return o;
}
constexpr policy_options advertising() {
    policy_options o = usual();
    o.advertise = true;
    return o;
}
constexpr policy_options advertising_no_method() {
    return {.allow_origins = {"https://example.com"}, .advertise = true};
}
constexpr policy_options no_cache() {
    return {.allow_origins = {"https://example.com"}, .max_age = 0};
}
constexpr policy_options private_network() {
    return {.allow_origins = {"https://example.com"}, .allow_private_network = true};
}

#define GRANTED                                                                                    \
    "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | " \
    "access-control-allow-methods: GET, PUT, DELETE | "                                            \
    "access-control-allow-headers: Authorization, X-A, X-B | access-control-max-age: 600 | "       \
    "access-control-expose-headers: X-Request-Id | " VARY_PREFLIGHT

constexpr row rows[] = {
    // Preflights that are granted.
    {"a listed method is granted, with all that is allowed",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     GRANTED},
    {"listed headers, as browsers write them",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "authorization,x-a"}}}},
     allowed,
     204,
     GRANTED},
    {"POST needs no listing",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "POST"}, {ACRH, "x-a"}}}},
     allowed,
     204,
     GRANTED},
    {"upper case, white space, empty elements and repetitions",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, ", X-B\t,,x-a ,  X-A,"}}}},
     allowed,
     204,
     GRANTED},
    {"several lines",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-b"}, {ACRH, "x-a, x-b"}}}},
     allowed,
     204,
     GRANTED},
    {"an empty list of headers",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, ""}}}},
     allowed,
     204,
     GRANTED},
    {"nothing but safelisted methods",
     minimal,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "HEAD"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | " VARY_PREFLIGHT},
    {"another status",
     plain_200,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     200,
     GRANTED},
    {"a max-age of 0 is sent",
     no_cache,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-max-age: 0 "
     "| " VARY_PREFLIGHT},
    {"any method and header are reflected, never *",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "eGg"}, {ACRH, "x-b, X-A,,x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: eGg | access-control-allow-headers: x-b,x-a | " VARY_PREFLIGHT},
    {"reflected lines become one",
     anything_from_one,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "x-b"}, {ACRH, "x-a,x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | access-control-allow-headers: x-b,x-a | " VARY_PREFLIGHT},
    {"nothing asked, nothing reflected",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | " VARY_PREFLIGHT},
    {"everyone may send anything: reflected without credentials too",
     everything,
     {"OPTIONS", {{{ORIGIN, "https://x.example"}, {ACRM, "PUT"}, {ACRH, "x-a"}}}},
     allowed,
     204,
     "access-control-allow-origin: * | access-control-allow-methods: PUT | "
     "access-control-allow-headers: x-a | vary: Access-Control-Request-Method | "
     "vary: Access-Control-Request-Headers"},
    {"Authorization can be named beside *",
     any_and_authorization,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "authorization,x-z"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-headers: "
     "authorization,x-z | " VARY_PREFLIGHT},
    {"a prefix allows names that it begins",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,X-CUSTOM-id"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-headers: "
     "x-a,x-custom-id | " VARY_PREFLIGHT},
    {"only what was asked is disclosed",
     discreet,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | access-control-allow-headers: x-b | "
     "access-control-max-age: 600 | access-control-expose-headers: X-Request-Id | " VARY_PREFLIGHT},
    {"lists can be sent for the browser to judge",
     advertising,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PATCH"}, {ACRH, "x-z"}}}},
     allowed,
     204,
     GRANTED},
    {"private networks are not answered unless asked for",
     minimal,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"},
        {ACRM, "GET"},
        {"Access-Control-Request-Private-Network", "true"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | " VARY_PREFLIGHT},
    {"private networks can be answered",
     private_network,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"},
        {ACRM, "GET"},
        {"Access-Control-Request-Private-Network", "true"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-private-network: "
     "true | " VARY_PREFLIGHT " | vary: Access-Control-Request-Private-Network"},

    // Preflights that are refused: no Access-Control header at all.
    {"a stranger's preflight",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a malformed origin's preflight, to everyone's server: nothing of it is echoed",
     everything,
     {"OPTIONS", {{{ORIGIN, "garbage"}, {ACRM, "GET"}}}},
     allowed,
     204,
     "access-control-allow-origin: * | access-control-allow-methods: GET | "
     "vary: Access-Control-Request-Method | vary: Access-Control-Request-Headers"},
    {"null's preflight",
     usual,
     {"OPTIONS", {{{ORIGIN, "null"}, {ACRM, "GET"}}}},
     null_origin_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"two origins' preflight",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     several_origins,
     403,
     VARY_PREFLIGHT},
    {"an unlisted method",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PATCH"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"methods are case-sensitive",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "put"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"get is not GET",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "get"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a part of a listed method",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PU"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"the method * is a name like any other",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "*"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a list of methods",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET, PUT"}}}},
     method_malformed,
     403,
     VARY_PREFLIGHT},
    {"two requested methods",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRM, "GET"}}}},
     method_malformed,
     403,
     VARY_PREFLIGHT},
    {"an unlisted header",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,x-z"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"an unlisted header on another line",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a"}, {ACRH, "x-z"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"no token among the headers",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a, x b"}}}},
     header_malformed,
     403,
     VARY_PREFLIGHT},
    {"no token is reflected",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a\x01"}}}},
     header_malformed,
     403,
     VARY_PREFLIGHT},
    {"* does not cover Authorization",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "Authorization"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a header that is called * is not covered by *, whose meaning it would take on",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,*"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a prefix is not a name",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-custom-"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a prefix must be whole",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-cust"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"another status for a refusal",
     plain_200,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     204,
     VARY_PREFLIGHT},
    {"a refused preflight can be forwarded",
     forwarding,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     0,
     VARY_PREFLIGHT},
    {"a granted one is not",
     forwarding,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     GRANTED},
    {"where there is no list of methods the browser cannot judge, and might allow any",
     advertising_no_method,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "DELETE"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"lists are advertised to allowed origins only",
     advertising,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "PUT"}}}},
     origin_not_allowed,
     403,
     VARY_PREFLIGHT},
};

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("preflights are decided and answered as DESIGN and Fetch say") {
    for (const row& r : rows) check_row(r);
}

// Names that a policy lists in no order, and some that begin others.
constexpr auto listing_many = corsac::static_policy([] {
    return corsac::policy_options{
        .allow_origins = {"https://example.com"},
        .allow_headers = {"X-Request-Id", "X-A-Long", "Content-Type", "x-a", "X-Z", "Accept"}};
});

struct names_row {
    const char* about;
    std::string_view requested;
    corsac::outcome expected;
    std::string_view refused = "";
};

constexpr names_row names_rows[] = {
    {"all names, as browsers sort them", "accept,content-type,x-a,x-a-long,x-request-id,x-z",
     allowed},
    {"in upper case", "ACCEPT,CONTENT-TYPE,X-A,X-A-LONG,X-REQUEST-ID,X-Z", allowed},
    {"the first of them", "accept", allowed},
    {"the last of them", "x-z", allowed},
    {"all but the first", "content-type,x-a,x-a-long,x-request-id,x-z", allowed},
    {"some", "accept,x-a,x-request-id", allowed},
    {"from the last to the first", "x-z,x-request-id,x-a-long,x-a,content-type,accept", allowed},
    {"each twice", "accept,accept,x-a,x-a", allowed},
    {"white space around them", "accept ,\tcontent-type, x-a ,x-a-long", allowed},
    {"a comma behind the last", "accept,content-type,", allowed},
    {"commas between", "accept,,content-type", allowed},
    {"a name that one in its place begins", "accept,content-type,x-a-long", allowed},
    {"a name that begins the one in its place", "accept,content-type,x-a,x-a-lon",
     header_not_allowed, "x-a-lon"},
    {"a name that begins with the one in its place", "accept-language", header_not_allowed,
     "accept-language"},
    {"more behind the one in its place", "accept content-type", header_malformed,
     "accept content-type"},
    {"one that is not listed before the rest", "a,accept", header_not_allowed, "a"},
    {"one that is not listed among the rest", "accept,b,content-type", header_not_allowed, "b"},
    {"one more than all", "accept,content-type,x-a,x-a-long,x-request-id,x-z,x-zz",
     header_not_allowed, "x-zz"},
    {"a byte that only differs in the bit of letter case", "accept,content\rtype", header_malformed,
     "content\rtype"},
};

constexpr bool names_are_judged(const names_row& r) {
    const support::request request{
        "OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, r.requested}}}};
    const corsac::decision d = corsac::evaluate(listing_many, request);
    return d.outcome() == r.expected && d.fields().subject == r.refused;
}

static_assert(support::every_row_holds<&names_rows, names_are_judged>());

TEST_CASE("requested names are judged alike in whatever order they come") {
    for (const names_row& r : names_rows) {
        CAPTURE(r.about);
        CHECK(names_are_judged(r));
    }
}

TEST_CASE("lists of requested headers are bounded") {
    const auto built = corsac::make_policy(anything_from_one());
    const auto decide = [&](std::string_view list) {
        return corsac::evaluate(
            *built,
            support::request{"OPTIONS",
                             {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, list}}}});
    };
    std::string names;
    for (int i = 0; i < 100; ++i) names += "x-header-number-" + std::to_string(i) + ",";
    CHECK(decide(names).outcome() == allowed);
    CHECK(decide(std::string(127, ',')).outcome() == allowed);
    CHECK(decide(std::string(1000, ',')).outcome() == header_list_too_long);
    CHECK(decide("x-" + std::string(4000, 'a')).outcome() == allowed);
    CHECK(decide("x-" + std::string(64 * 1024, 'a')).outcome() == header_list_too_long);
    CHECK(decide(std::string(64 * 1024, ' ')).outcome() == header_list_too_long);
    CHECK(decide(std::string(4095, 'a')).outcome() == allowed);  // and the byte behind it
    CHECK(decide(std::string(4096, 'a')).outcome() == header_list_too_long);

    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    // However many lines there are, they are one list.
    for (int i = 0; i < 16; ++i) facts.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*built, facts).outcome() == allowed);
    facts.add(ACRH, "");
    CHECK(corsac::evaluate(*built, facts).outcome() == allowed);
    // But an answer can repeat no more of them.
    facts.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*built, facts).outcome() == header_list_too_long);

    const auto listing = corsac::make_policy(usual());
    corsac::request_facts many;
    many.method = "OPTIONS";
    many.add(ORIGIN, "https://example.com");
    many.add(ACRM, "GET");
    for (int i = 0; i < 128; ++i) many.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*listing, many).outcome() == allowed);
    many.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*listing, many).outcome() == header_list_too_long);

    // Nor does it matter whether the policy lists them in the order in which they come.
    policy_options options{.allow_origins = {"https://example.com"}};
    std::string sorted;
    for (int i = 100; i < 228; ++i) {
        options.allow_headers.push_back("x-" + std::to_string(i));
        sorted += (i == 100 ? "x-" : ",x-") + std::to_string(i);
    }
    const auto long_list = corsac::make_policy(options);
    const auto decide_listed = [&](std::string_view list) {
        return corsac::evaluate(
            *long_list,
            support::request{"OPTIONS",
                             {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, list}}}});
    };
    CHECK(decide_listed(sorted).outcome() == allowed);
    CHECK(decide_listed(sorted + ',').outcome() == header_list_too_long);
}

// More lines than are read, hardly one with a name in it. The compiler would see if one were looked
// at beyond those.
constexpr auto for_one_origin = corsac::static_policy(
    [] { return corsac::policy_options{.allow_origins = {"https://example.com"}}; });
constexpr corsac::outcome outcome_of_lines(int count) {
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    for (int i = 0; i < count; ++i) facts.add(ACRH, i == 1 ? "accept" : "");
    return corsac::evaluate(for_one_origin, facts).outcome();
}
static_assert(outcome_of_lines(129) == header_list_too_long);
static_assert(outcome_of_lines(1000) == header_list_too_long);

TEST_CASE("of more lines than are read, none beyond those is kept") {
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    for (int i = 0; i < 129; ++i) facts.add(ACRH, i == 1 ? "accept" : "");
    const corsac::decision d = corsac::evaluate(for_one_origin, facts);
    CHECK(d.outcome() == header_list_too_long);
    REQUIRE(d.fields().requested_header_lines == 1);
    CHECK(std::string_view{d.fields().requested_headers[0]} == "accept");
}

TEST_CASE("an empty line of requested headers does not hide the next one") {
    const auto built = corsac::make_policy(anything_from_one());
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    facts.add(ACRH, std::string_view{});
    facts.add(ACRH, "x-a");
    std::string reflected;
    corsac::evaluate(*built, facts).visit([&](std::string_view name, std::string_view value) {
        if (name == corsac::field::allow_headers) reflected = value;
    });
    CHECK(reflected == "x-a");
}

TEST_CASE("a requested method is bounded") {
    const auto built = corsac::make_policy(anything_from_one());
    const std::string method(65, 'A');
    const support::request request{"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, method}}}};
    CHECK(corsac::evaluate(*built, request).outcome() == method_malformed);
    const std::string longest(64, 'A');
    const support::request asks{"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, longest}}}};
    CHECK(corsac::evaluate(*built, asks).outcome() == allowed);
}

TEST_CASE("what stands behind a prefix that is listed is looked at, and nothing before it") {
    const auto built = corsac::make_policy(
        {.allow_origins = {"https://example.com"}, .allow_headers = {"X-Custom-*", "Accepted"}});
    const auto decide = [&](std::string_view names) {
        return corsac::evaluate(*built, support::request{"OPTIONS",
                                                         {{{ORIGIN, "https://example.com"},
                                                           {ACRM, "GET"},
                                                           {ACRH, names}}}})
            .outcome();
    };
    CHECK(decide("accepted,x-custom-a@") == header_malformed);
    CHECK(decide("accepted,x-custom-ab") == allowed);
    CHECK(decide(", , , , , ,x-custom-ab") == allowed);
}

TEST_CASE("the longest list that is allowed is reflected whole") {
    const auto built = corsac::make_policy(anything_from_one());
    std::string names;
    for (int i = 0; i < 128; ++i) {
        names += (i == 0 ? "" : ",") + std::string(25, static_cast<char>('a' + i % 26)) + "-" +
                 std::to_string(i);
    }
    const support::request request{
        "OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, names}}}};
    std::string reflected;
    corsac::evaluate(*built, request).visit([&](std::string_view name, std::string_view value) {
        if (name == corsac::field::allow_headers) reflected = value;
    });
    CHECK(reflected == names);
}

}  // namespace
