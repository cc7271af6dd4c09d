// SPDX-License-Identifier: MIT
#include <corsac/testing/http_cache.hpp>

#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <string>

namespace {

namespace sim = corsac::testing;
using sim::browser;
using sim::cache_mode;
using sim::quirks;
using sim::step;

constexpr const char* page = "https://app.example";
constexpr const char* other_page = "https://admin.example";
constexpr const char* sister_page = "https://www.app.example";
constexpr const char* api = "https://api.example/items";

struct freshness_row {
    const char* about;
    sim::response answer;
    std::int64_t seconds;
};

const freshness_row lifetimes[] = {
    {"nothing said", {200, {}}, 0},
    {"max-age", {200, {{"Cache-Control", "private, max-age=60"}}}, 60},
    {"of several the first", {200, {{"Cache-Control", "max-age=0, max-age=60"}}}, 0},
    {"a number that no clock needs",
     {200, {{"Cache-Control", "max-age=99999999999999999999"}}},
     sim::detail::longest_freshness},
    {"in quotes, as no browser reads it", {200, {{"Cache-Control", "max-age=\"60\""}}}, 0},
    {"no number", {200, {{"Cache-Control", "max-age=1m"}}}, 0},
    {"for shared caches only", {200, {{"Cache-Control", "s-maxage=60"}}}, 0},
    {"no-cache", {200, {{"Cache-Control", "max-age=60, no-cache"}}}, 0},
    {"an age", {200, {{"Cache-Control", "max-age=60"}, {"Age", "50"}}}, 10},
    {"a higher age", {200, {{"Cache-Control", "max-age=60"}, {"Age", "70"}}}, 0},
    {"Expires after Date",
     {200,
      {{"Date", "Tue, 29 Feb 2028 23:59:00 GMT"}, {"Expires", "Wed, 01 Mar 2028 00:01:00 GMT"}}},
     120},
    {"Expires that is no date", {200, {{"Expires", "0"}}}, 0},
    {"max-age comes before Expires",
     {200, {{"Cache-Control", "max-age=0"}, {"Expires", "Sun, 06 Nov 2094 08:49:37 GMT"}}},
     0},
    {"a tenth of the time since Last-Modified",
     {200,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
       {"Last-Modified", "Sun, 06 Nov 1994 08:39:37 GMT"}}},
     60},
    {"unless it must be asked about",
     {200,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
       {"Last-Modified", "Sun, 06 Nov 1994 08:39:37 GMT"},
       {"Cache-Control", "must-revalidate"}}},
     0},
    {"a permanent redirect", {301, {}}, sim::detail::longest_freshness},
    {"another redirect", {302, {}}, 0},
    {"what is gone", {410, {}}, sim::detail::longest_freshness},
    {"what is not there", {404, {}}, 0},
};

/// Echoes the origin, for a while, and counts.
struct careless_server {
    sim::header_list also{};
    int asked = 0;

    sim::response operator()(const sim::request& r) {
        ++asked;
        sim::response out{200, also};
        out.headers.push_back({"Cache-Control", "max-age=600"});
        if (const auto origin = r.first("Origin")) {
            out.headers.push_back({"Access-Control-Allow-Origin", std::string(*origin)});
        }
        return out;
    }
};

}  // namespace

TEST_CASE("how long an answer is fresh") {
    for (const freshness_row& r : lifetimes) {
        CAPTURE(r.about);
        CHECK(sim::detail::freshness_of(r.answer) == r.seconds);
    }
    CHECK(sim::detail::parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT") == 0);
    CHECK(sim::detail::parse_http_date("Wed, 25 Nov 2026 18:32:42 GMT") == 1795631562);
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov 2026 18:32:42 CET"));
    CHECK_FALSE(sim::detail::parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Xyz 2026 18:32:42 GMT"));
}

TEST_CASE("an answer without Vary: Origin fails for the second page that asks") {
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        careless_server server;
        browser b(page, q);
        CHECK(b.fetch({.url = api}, server).allowed());
        CHECK(b.fetch({.url = api}, server).from_cache);
        b.visit(sister_page);
        const sim::answer a = b.fetch({.url = api}, server);
        CHECK(a.blocked_at == step::actual_origin_mismatch);
        CHECK(a.requests.empty());
        CHECK(a.sentence().ends_with(
            "; the answer was cached for another request: send Vary: Origin with every answer of "
            "this URL, also where there is no Origin"));
        CHECK(server.asked == 1);
        // Ten minutes later it is asked anew.
        b.wait(600'000);
        CHECK(b.fetch({.url = api}, server).allowed());

        careless_server careful{.also = {{"vary", "Accept-Encoding, origin"}}};
        browser c(page, q);
        CHECK(c.fetch({.url = api}, careful).allowed());
        c.visit(sister_page);
        CHECK(c.fetch({.url = api}, careful).allowed());
        CHECK(careful.asked == 2);
    }
}

TEST_CASE("nor may it be missing where there is no Origin") {
    const auto server = [](const sim::request& r) {
        sim::response out{200, {{"Cache-Control", "max-age=600"}}};
        if (r.first("Origin")) {
            out.headers.push_back({"Access-Control-Allow-Origin", "*"});
            out.headers.push_back({"Vary", "Origin"});
        }
        return out;
    };
    browser b{page};
    const sim::fetch_options image{
        .url = api, .mode = sim::request_mode::no_cors, .initiator = sim::initiator::image};
    CHECK(b.fetch(image, server).allowed());
    const sim::answer a = b.fetch({.url = api}, server);
    CHECK(a.blocked_at == step::actual_origin_missing);
    CHECK(a.sentence().find("send Vary: Origin with every answer") != std::string::npos);
    // A page of another site has a cache of its own.
    b.visit(other_page);
    CHECK(b.fetch({.url = api}, server).allowed());
}

TEST_CASE("a 304 has to bring the CORS headers, too") {
    bool tidy = false;
    const auto server = [&](const sim::request& r) {
        const std::string origin(r.first("Origin").value_or(""));
        sim::response out{r.first("If-None-Match") ? 304 : 200, {{"ETag", "\"v\""}}};
        if (out.status == 200 || tidy) {
            out.headers.push_back({"Access-Control-Allow-Origin", origin});
        }
        return out;
    };
    browser b{page};
    CHECK(b.fetch({.url = api}, server).status == 200);
    CHECK(b.fetch({.url = api}, server).status == 200);
    b.visit(sister_page);
    const sim::answer stale = b.fetch({.url = api}, server);
    CHECK(stale.blocked_at == step::actual_origin_mismatch);
    CHECK(stale.requests.size() == 1);
    tidy = true;
    CHECK(b.fetch({.url = api}, server).allowed());
}

TEST_CASE("cache modes, methods and conditions") {
    struct row {
        const char* about;
        sim::fetch_options second;
        int asked;
    };
    const row rows[] = {
        {"again", {.url = api}, 1},
        {"no-store", {.url = api, .cache = cache_mode::no_store}, 2},
        {"reload", {.url = api, .cache = cache_mode::reload}, 2},
        {"no-cache", {.url = api, .cache = cache_mode::no_cache}, 2},
        {"another query", {.url = "https://api.example/items?page=2"}, 2},
        {"a fragment is the page's", {.url = "https://api.example/items#top"}, 1},
        {"HEAD", {.url = api, .method = "HEAD"}, 2},
        {"POST", {.url = api, .method = "POST"}, 2},
        {"a range", {.url = api, .headers = {{"Range", "bytes=0-1"}}}, 2},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        careless_server server;
        browser b{page};
        CHECK(b.fetch({.url = api}, server).allowed());
        CHECK(b.fetch(r.second, server).allowed());
        CHECK(server.asked == r.asked);
    }
    // What changes a resource makes its answer old.
    careless_server server;
    browser b{page};
    CHECK(b.fetch({.url = api}, server).allowed());
    CHECK(b.fetch({.url = api, .method = "POST"}, server).allowed());
    CHECK(b.fetch({.url = api}, server).allowed());
    CHECK(server.asked == 3);
    // Nothing but the cache, where there is nothing.
    b.http_cache().clear();
    const sim::answer none = b.fetch(
        {.url = "/x", .mode = sim::request_mode::same_origin, .cache = cache_mode::only_if_cached},
        server);
    CHECK(none.blocked_at == step::network);
}

TEST_CASE("a policy's answers may be cached: they say what they depend on") {
    const auto policy =
        corsac::make_policy({.allow_origins = {page, sister_page}, .allow_credentials = true});
    REQUIRE(policy);
    const auto application = [](const sim::request&) {
        return sim::response{200, {{"Cache-Control", "max-age=600"}}};
    };
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        browser b(page, q);
        const auto server = sim::governed_by(*policy, application);
        for (const char* visitor : {page, sister_page, "https://evil.app.example", page}) {
            b.visit(visitor);
            auto ask = server;
            const bool listed = std::string(visitor).find("evil") == std::string::npos;
            CHECK(b.fetch({.url = api}, ask).allowed() == listed);
        }
    }
}
