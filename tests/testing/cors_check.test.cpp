// SPDX-License-Identifier: MIT
#include <corsac/testing/cors_check.hpp>

#include <corsac/testing/answer.hpp>

#include <doctest/doctest.h>

#include <optional>
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
    {"PUT needs it", {.method = "PUT"}, {}, step::preflight_method},
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

TEST_CASE("a missing list of methods stands for the method where the preflight was forced") {
    // Not in browsers. Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7.4
    struct forced_row {
        const char* about;
        sim::preflight_question asked;
        sim::header_list headers;
        step standard;
        step browsers;
    };
    const forced_row forced_rows[] = {
        {"forced, and no list",
         {.method = "PUT", .forced = true},
         {},
         step::none,
         step::preflight_method},
        {"not forced", {.method = "PUT"}, {}, step::preflight_method, step::preflight_method},
        {"forced, and a list of others",
         {.method = "PUT", .forced = true},
         {acam("DELETE")},
         step::preflight_method,
         step::preflight_method},
        {"forced, and a list of nothing",
         {.method = "PUT", .forced = true},
         {acam("")},
         step::preflight_method,
         step::preflight_method},
    };
    for (const forced_row& r : forced_rows) {
        CAPTURE(r.about);
        const sim::response answered{204, r.headers};
        CHECK(sim::preflight_check(answered, r.asked, quirks::standard).at == r.standard);
        CHECK(sim::preflight_check(answered, r.asked, quirks::chromium).at == r.browsers);
        CHECK(sim::preflight_check(answered, r.asked, quirks::firefox).at == r.browsers);
    }
}

TEST_CASE("Firefox looks for the method before it reads the list of headers") {
    const sim::preflight_question asked{.method = "PUT", .names = {"x-a"}};
    const sim::response answered{204, {acam("GET"), acah("b d")}};
    CHECK(sim::preflight_check(answered, asked, quirks::standard).at ==
          step::preflight_headers_invalid);
    CHECK(sim::preflight_check(answered, asked, quirks::chromium).at ==
          step::preflight_headers_invalid);
    CHECK(sim::preflight_check(answered, asked, quirks::firefox).at == step::preflight_method);
}

TEST_CASE("five statuses redirect, a hundred are fine") {
    for (int status = 100; status <= 599; ++status) {
        CAPTURE(status);
        const bool redirects =
            status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
        CHECK(sim::is_redirect_status(status) == redirects);
        CHECK(sim::is_ok_status(status) == (status / 100 == 2));
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
    using type = sim::response_type;
    for (const type hidden : {type::error, type::opaque, type::opaque_redirect}) {
        const auto seen = sim::readable_headers({200, with("*")}, hidden, credentials_mode::omit,
                                                quirks::standard);
        CHECK(seen.empty());
    }
}

TEST_CASE("a star exposes everything in Firefox if what is no name comes after it") {
    struct exposed_row {
        const char* about;
        const char* list;
        bool standard;
        bool firefox;
    };
    constexpr exposed_row exposed_rows[] = {
        {"a star", "*", true, true},
        {"before what is no name", "*, b@d", false, true},
        {"behind a name and before what is none", "x-b, *, b@d", false, true},
        {"behind what is no name", "b@d, *", false, false},
        {"behind the first of two", "x-b, b@d, *, (d)", false, false},
        {"a name before what is none", "x-one, b@d", false, false},
    };
    for (const exposed_row& r : exposed_rows) {
        CAPTURE(r.about);
        const auto shows = [&](credentials_mode credentials, const quirks& q) {
            return !sim::readable_headers({200, {{"X-One", "1"}, aceh(r.list)}},
                                          sim::response_type::cors, credentials, q)
                        .empty();
        };
        CHECK(shows(credentials_mode::omit, quirks::standard) == r.standard);
        CHECK(shows(credentials_mode::omit, quirks::chromium) == r.standard);
        CHECK(shows(credentials_mode::omit, quirks::firefox) == r.firefox);
        CHECK_FALSE(shows(credentials_mode::include, quirks::firefox));
    }
}

TEST_CASE("Cross-Origin-Resource-Policy keeps opaque responses from other sites") {
    struct corp_row {
        const char* about;
        const char* policy;
        const char* page;  ///< null for an opaque origin
        const char* target;
        bool allowed;
        bool chromium;
    };
    constexpr corp_row corp_rows[] = {
        {"same-origin, the origin itself", "same-origin", page, "https://app.example/x", true,
         true},
        {"same-origin, another port", "same-origin", page, "https://app.example:8443/", false,
         false},
        {"same-site, another host of it", "same-site", page, "https://cdn.app.example/", true,
         true},
        {"same-site, another site", "same-site", page, "https://b.example.org/", false, false},
        {"same-site in the clear, from https", "same-site", page, "http://app.example/", true,
         true},
        {"same-site over TLS, from http", "same-site", "http://app.example", "https://app.example/",
         false, false},
        {"same-site, all in the clear", "same-site", "http://app.example",
         "http://cdn.app.example/", true, true},
        {"two ports of an address", "same-site", "http://127.0.0.1:1", "http://127.0.0.1:2/", true,
         false},
        {"two ports of a host of one label", "same-site", "http://localhost:1",
         "http://localhost:2/", true, true},
        {"no origin is of no site", "same-site", nullptr, "http://b.example/", false, false},
        {"but of a host of one label", "same-site", nullptr, "http://localhost/", false, true},
        {"not of an address", "same-site", nullptr, "http://127.0.0.1/", false, false},
        {"nor over TLS", "same-site", nullptr, "https://localhost/", false, false},
        {"nor is it of an origin", "same-origin", nullptr, "http://localhost/", false, false},
        {"cross-origin", "cross-origin", page, "https://b.example.org/", true, true},
        {"cross-origin, from no origin", "cross-origin", nullptr, "https://b.example.org/", true,
         true},
        {"another letter case is no policy", "Same-Origin", page, "https://b.example.org/", true,
         true},
        {"a list is no policy", "same-origin, same-site", page, "https://b.example.org/", true,
         true},
    };
    for (const corp_row& r : corp_rows) {
        CAPTURE(r.about);
        const auto origin = r.page == nullptr ? std::nullopt : sim::parse_url(r.page, nullptr);
        const auto target = sim::parse_url(r.target, nullptr);
        REQUIRE(target.has_value());
        const sim::response answered{200, {{"Cross-Origin-Resource-Policy", r.policy}}};
        CHECK(sim::corp_check(answered, origin, *target, quirks::standard) == r.allowed);
        CHECK(sim::corp_check(answered, origin, *target, quirks::firefox) == r.allowed);
        CHECK(sim::corp_check(answered, origin, *target, quirks::chromium) == r.chromium);
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
