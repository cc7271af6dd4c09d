// SPDX-License-Identifier: MIT
#include <corsac/testing/policy_server.hpp>

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::browser;
using sim::credentials_mode;
using sim::quirks;
using sim::step;

using names = std::vector<std::string>;

constexpr const char* page = "https://app.example";
constexpr const char* api = "https://api.example/items";

const corsac::result<corsac::policy> usual =
    corsac::make_policy({.allow_origins = {"https://app.example"}, .allow_methods = {"PUT"}});
const corsac::result<corsac::policy> bare =
    corsac::make_policy({.allow_origins = {"https://app.example"}, .refuse_credentials = true});

/// What an application answers by itself.
const sim::response careless{
    404, {{"Vary", "Accept"}, {"ACCESS-CONTROL-ALLOW-ORIGIN", "*"}, {"Content-Type", "a/b"}}};

struct row {
    const char* about;
    const corsac::result<corsac::policy>& policy;
    sim::request request;
    int status;
    sim::header_list headers;
};

const row rows[] = {
    {"an allowed origin: what the application wrote is replaced, and completed",
     usual,
     {.method = "GET", .headers = {{"Origin", page}}},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"access-control-allow-origin", page},
      {"vary", "Origin"}}},
    {"a stranger: what the application wrote is removed",
     usual,
     {.method = "GET", .headers = {{"Origin", "https://evil.example"}}},
     404,
     {{"Vary", "Accept"}, {"Content-Type", "a/b"}, {"vary", "Origin"}}},
    {"a preflight does not reach the application",
     usual,
     {.method = "OPTIONS", .headers = {{"Origin", page}, {"Access-Control-Request-Method", "PUT"}}},
     204,
     {{"access-control-allow-origin", page},
      {"access-control-allow-methods", "PUT"},
      {"vary", "Origin"},
      {"vary", "Access-Control-Request-Method"},
      {"vary", "Access-Control-Request-Headers"}}},
    {"another OPTIONS does",
     usual,
     {.method = "OPTIONS"},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"vary", "Origin"},
      {"vary", "Access-Control-Request-Method"},
      {"vary", "Access-Control-Request-Headers"}}},
    {"credentials that the browser would attach count as a cookie",
     bare,
     {.method = "GET", .headers = {{"Origin", page}}, .credentials = true},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"vary", "Origin"},
      {"vary", "Cookie"},
      {"vary", "Authorization"}}},
};

}  // namespace

TEST_CASE("a server that is governed by a policy answers as one that applies it") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        REQUIRE(r.policy);
        int asked = 0;
        const auto application = [&](const sim::request& q) {
            ++asked;
            CHECK(q.method == r.request.method);
            return careless;
        };
        const sim::response answer = sim::governed_by(*r.policy, application)(r.request);
        CHECK(answer.status == r.status);
        CHECK(answer.headers == r.headers);
        CHECK(asked == (r.status == 404 ? 1 : 0));
    }
}

TEST_CASE("without an application everything is 200") {
    const auto server = [] { return sim::governed_by(*usual); };
    CHECK(server()({.method = "GET"}).status == 200);
    CHECK(server()({.method = "GET"}).headers == sim::header_list{{"vary", "Origin"}});
}

TEST_CASE("Vary is not written where it is covered") {
    const auto covered = [](const sim::request&) {
        return sim::response{200, {{"VARY", "a, origin"}}};
    };
    CHECK(sim::governed_by(*usual, covered)({.method = "GET"}).headers ==
          sim::header_list{{"VARY", "a, origin"}});
}

TEST_CASE("a policy is a server, too") {
    const corsac::result<corsac::policy> built = corsac::make_policy({
        .allow_origins = {"https://app.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"Authorization", "X-Custom-*"},
        .expose_headers = {"X-Request-Id"},
        .allow_credentials = true,
        .max_age = 600,
    });
    REQUIRE(built);
    const corsac::policy& policy = *built;

    browser b{page};
    CHECK(b.fetch({.url = api, .method = "PUT", .credentials = credentials_mode::include}, policy));
    b.wait(599'000);
    CHECK(b.fetch({.url = api, .method = "PUT"}, policy).preflights() == 0);
    CHECK(b.fetch({.url = api, .headers = {{"X-Custom-A", "1"}}}, policy));
    // A refused preflight is silent, so what the browser misses is the origin.
    CHECK(b.fetch({.url = api, .method = "DELETE"}, policy).blocked_at ==
          step::preflight_origin_missing);
    CHECK(browser("https://evil.example").fetch({.url = api}, policy).blocked_at ==
          step::actual_origin_missing);

    const auto application = [](const sim::request&) {
        return sim::response{404, {{"X-Request-Id", "7"}, {"Access-Control-Allow-Origin", "*"}}};
    };
    const sim::answer a = b.fetch({.url = api}, sim::governed_by(policy, application));
    CHECK(a.allowed());
    CHECK(a.status == 404);
    CHECK(a.exposed() == names{"x-request-id"});
}

TEST_CASE("a header that is called * opens nothing, not even in a browser's cache") {
    const corsac::result<corsac::policy> built =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .allow_headers = {"*"}});
    REQUIRE(built);
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        browser b(page, q);
        (void)b.fetch({.url = api, .headers = {{"*", "1"}}}, *built);
        CHECK_FALSE(b.fetch({.url = api, .headers = {{"Authorization", "Basic Og=="}}}, *built));
    }
}

TEST_CASE("a policy that refuses credentials sees that the browser would attach some") {
    const corsac::result<corsac::policy> built =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .refuse_credentials = true});
    REQUIRE(built);
    browser b{page};
    CHECK(b.fetch({.url = api}, *built));
    CHECK(b.fetch({.url = api, .credentials = credentials_mode::include}, *built).blocked_at ==
          step::actual_origin_missing);
}
