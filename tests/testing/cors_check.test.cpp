// SPDX-License-Identifier: MIT
#include <corsac/testing/cors_check.hpp>

#include <corsac/testing/answer.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::credentials_mode;
using sim::quirks;
using sim::step;

constexpr const char* page = "https://app.example";

sim::header acao(const char* value) { return {"Access-Control-Allow-Origin", value}; }
sim::header acac(const char* value) { return {"Access-Control-Allow-Credentials", value}; }
sim::header acam(const char* value) { return {"Access-Control-Allow-Methods", value}; }
sim::header acah(const char* value) { return {"Access-Control-Allow-Headers", value}; }
sim::header aceh(const char* value) { return {"Access-Control-Expose-Headers", value}; }

struct row {
    const char* about;
    credentials_mode credentials;
    sim::header_list headers;
    step expected;
};

const row rows[] = {
    {"no header", credentials_mode::omit, {}, step::actual_origin_missing},
    {"the origin", credentials_mode::omit, {acao(page)}, step::none},
    {"white space around it",
     credentials_mode::omit,
     {acao(" \thttps://app.example ")},
     step::none},
    {"a trailing slash",
     credentials_mode::omit,
     {acao("https://app.example/")},
     step::actual_origin_mismatch},
    {"another letter case",
     credentials_mode::omit,
     {acao("https://App.example")},
     step::actual_origin_mismatch},
    {"the same line twice",
     credentials_mode::omit,
     {acao(page), acao(page)},
     step::actual_origin_mismatch},
    {"a star", credentials_mode::same_origin, {acao("*")}, step::none},
    {"a star twice",
     credentials_mode::same_origin,
     {acao("*"), acao("*")},
     step::actual_origin_mismatch},
    {"a star with credentials",
     credentials_mode::include,
     {acao("*"), acac("true")},
     step::actual_wildcard_with_credentials},
    {"credentials allowed", credentials_mode::include, {acao(page), acac("true")}, step::none},
    {"credentials not mentioned",
     credentials_mode::include,
     {acao(page)},
     step::actual_credentials_not_true},
    {"credentials in another letter case",
     credentials_mode::include,
     {acao(page), acac("True")},
     step::actual_credentials_not_true},
    {"credentials twice",
     credentials_mode::include,
     {acao(page), acac("true"), acac("true")},
     step::actual_credentials_not_true},
    {"credentials do not matter without",
     credentials_mode::omit,
     {acao(page), acac("no")},
     step::none},
    {"null is another origin",
     credentials_mode::omit,
     {acao("null")},
     step::actual_origin_mismatch},
};

struct preflight_row {
    const char* about;
    sim::preflight_question asked;
    sim::header_list headers;
    step expected;
    int status = 204;
};

const preflight_row preflight_rows[] = {
    {"a method that is listed", {.method = "PUT"}, {acam("GET, PUT")}, step::none},
    {"a method that is not", {.method = "PUT"}, {acam("GET")}, step::preflight_method},
    {"a method in another letter case",
     {.method = "patch"},
     {acam("PATCH")},
     step::preflight_method},
    {"GET needs no listing", {.method = "GET", .names = {"x-a"}}, {acah("x-a")}, step::none},
    {"but no invalid list either",
     {.method = "GET", .names = {"x-a"}},
     {acah("x-a"), acam("G@T")},
     step::preflight_methods_invalid},
    {"a star for methods", {.method = "PUT"}, {acam("*")}, step::none},
    {"which is a literal with credentials",
     {.method = "PUT", .credentials = credentials_mode::include},
     {acam("*")},
     step::preflight_method},
    {"and a method of that name is listed",
     {.method = "*", .credentials = credentials_mode::include},
     {acam("*")},
     step::none},
    {"any letter case of a name", {.method = "GET", .names = {"x-a"}}, {acah("X-A")}, step::none},
    {"a name on the second line",
     {.method = "GET", .names = {"x-a"}},
     {acah("x-b"), acah("x-a")},
     step::none},
    {"a name that is missing",
     {.method = "GET", .names = {"x-a"}},
     {acah("x-*")},
     step::preflight_header},
    {"an invalid name beside it",
     {.method = "GET", .names = {"x-a"}},
     {acah("x-a, b d")},
     step::preflight_headers_invalid},
    {"a star for names", {.method = "GET", .names = {"x-a"}}, {acah("*")}, step::none},
    {"which does not cover Authorization",
     {.method = "GET", .names = {"authorization", "x-a"}},
     {acah("*")},
     step::preflight_authorization},
    {"unless that is named",
     {.method = "GET", .names = {"authorization", "x-a"}},
     {acah("*, authorization")},
     step::none},
    {"and is a literal with credentials",
     {.method = "GET", .names = {"x-a"}, .credentials = credentials_mode::include},
     {acah("*")},
     step::preflight_header},
    {"a forced preflight needs no list", {.method = "POST", .forced = true}, {}, step::none},
    {"any status from 200", {.method = "GET"}, {}, step::none, 299},
    {"but not 300", {.method = "GET"}, {}, step::preflight_status, 300},
    {"the status counts before the lists",
     {.method = "PUT"},
     {acam("G@T")},
     step::preflight_status,
     404},
};

std::vector<std::string> readable(const sim::header_list& list, credentials_mode credentials) {
    sim::answer a;
    a.headers =
        sim::readable_headers({200, list}, sim::response_type::cors, credentials, quirks::standard);
    return a.exposed();
}

}  // namespace

TEST_CASE("the CORS check compares bytes") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(sim::cors_check({200, r.headers}, page, r.credentials, sim::wire_kind::actual).at ==
              r.expected);
    }
}

TEST_CASE("the preflight's lists are checked in the standard's order") {
    for (const preflight_row& r : preflight_rows) {
        CAPTURE(r.about);
        CHECK(sim::preflight_check({r.status, r.headers}, r.asked, quirks::standard).at ==
              r.expected);
    }
}

TEST_CASE("browsers let a star cover Authorization") {
    const sim::preflight_question asked{.method = "GET", .names = {"authorization"}};
    CHECK(sim::preflight_check({204, {acah("*")}}, asked, quirks::chromium));
    CHECK(sim::preflight_check({204, {acah("*")}}, asked, quirks::firefox));
}

TEST_CASE("a script reads what is safelisted or exposed") {
    const sim::header_list list = {
        {"X-One", "1"}, {"ETag", "e"}, {"Expires", "0"}, {"Set-Cookie", "a=b"}};
    const auto with = [&](const char* exposed) {
        sim::header_list out = list;
        out.push_back(aceh(exposed));
        return out;
    };
    using names = std::vector<std::string>;
    CHECK(readable(list, credentials_mode::omit) == names{"expires"});
    CHECK(readable(with("x-one, Set-Cookie"), credentials_mode::omit) == names{"expires", "x-one"});
    CHECK(readable(with("x-one, b@d"), credentials_mode::omit) == names{"expires"});
    CHECK(readable(with("*"), credentials_mode::omit) ==
          names{"access-control-expose-headers", "etag", "expires", "x-one"});
    CHECK(readable(with("*"), credentials_mode::include) == names{"expires"});
}

TEST_CASE("Cross-Origin-Resource-Policy keeps opaque responses from other sites") {
    struct corp_row {
        const char* about;
        const char* policy;
        const char* target;
        bool allowed;
    };
    constexpr corp_row corp_rows[] = {
        {"same-origin, another port", "same-origin", "https://app.example:8443/", false},
        {"same-site, another host of it", "same-site", "https://cdn.app.example/", true},
        {"same-site, another site", "same-site", "https://b.example.org/", false},
        {"cross-origin", "cross-origin", "https://b.example.org/", true},
        {"another letter case is no policy", "Same-Origin", "https://b.example.org/", true},
        {"a list is no policy", "same-origin, same-site", "https://b.example.org/", true},
    };
    const auto origin = sim::parse_url("https://app.example", nullptr);
    for (const corp_row& r : corp_rows) {
        CAPTURE(r.about);
        const auto target = sim::parse_url(r.target, nullptr);
        REQUIRE(target.has_value());
        const sim::response answered{200, {{"Cross-Origin-Resource-Policy", r.policy}}};
        CHECK(sim::corp_check(answered, origin, *target, quirks::standard) == r.allowed);
    }
}

TEST_CASE("Timing-Allow-Origin may be a list") {
    const auto with = [](const char* value) {
        return sim::response{200, {{"Timing-Allow-Origin", value}}};
    };
    const auto cors = sim::response_type::cors;
    CHECK(sim::timing_check(with("https://b.example, https://app.example"), page, cors));
    CHECK(sim::timing_check(with("https://b.example, *"), page, cors));
    CHECK_FALSE(sim::timing_check(with("https://app.example/"), page, cors));
    CHECK_FALSE(sim::timing_check({}, page, cors));
    CHECK(sim::timing_check({}, page, sim::response_type::basic));
}
