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
    {"however old it is",
     {301,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
       {"Last-Modified", "Sun, 06 Nov 1994 08:39:37 GMT"},
       {"Cache-Control", "must-revalidate"}}},
     sim::detail::longest_freshness},
    {"the other one", {308, {}}, sim::detail::longest_freshness},
    {"a choice", {300, {}}, sim::detail::longest_freshness},
    {"another redirect", {302, {}}, 0},
    {"yet another", {307, {}}, 0},
    {"what is no redirect", {309, {}}, 0},
    {"what is gone", {410, {}}, sim::detail::longest_freshness},
    {"what is next to it", {411, {}}, 0},
    {"what is not there", {404, {}}, 0},
    {"changed just now",
     {200,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
       {"Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"}}},
     0},
    {"changed after it was sent",
     {200,
      {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
       {"Last-Modified", "Sun, 06 Nov 1994 08:59:37 GMT"}}},
     0},
    {"an age that is no number", {200, {{"Cache-Control", "max-age=60"}, {"Age", "1m"}}}, 60},
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
    CHECK(sim::detail::parse_http_date("Fri, 31 Dec 1999 23:59:59 GMT") == 946684799);
    CHECK(sim::detail::parse_http_date("Tue, 29 Feb 2000 00:00:00 GMT") == 951782400);
    CHECK(sim::detail::parse_http_date("Mon, 01 Mar 2100 00:00:00 GMT") == 4107542400);
    CHECK(sim::detail::parse_http_date("Sat, 31 Jan 2026 00:00:00 GMT") == 1769817600);
    CHECK(sim::detail::parse_http_date("Wed, 01 Jul 2026 00:00:00 GMT") == 1782864000);
    CHECK(sim::detail::parse_http_date("Tue, 01 Dec 2026 00:00:00 GMT") == 1796083200);
    CHECK_FALSE(sim::detail::parse_http_date("Mon, 30 Feb 2026 18:32:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, x5 Nov 2026 18:32:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov x026 18:32:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov 2026 x8:32:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov 2026 18:x2:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 anF 2026 18:32:42 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov 2026 18:32:4x GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Nov 2026 18:32:42 CET"));
    CHECK_FALSE(sim::detail::parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT"));
    CHECK_FALSE(sim::detail::parse_http_date("Wed, 25 Xyz 2026 18:32:42 GMT"));
}

TEST_CASE("a tenth of the time since Last-Modified goes for three statuses") {
    for (int status = 200; status <= 599; ++status) {
        CAPTURE(status);
        const sim::response r{status,
                              {{"Date", "Sun, 06 Nov 1994 08:49:37 GMT"},
                               {"Last-Modified", "Sun, 06 Nov 1994 08:39:37 GMT"}}};
        const bool guessed = status == 200 || status == 203 || status == 206;
        const bool stays = status == 300 || status == 301 || status == 308 || status == 410;
        CHECK(sim::detail::freshness_of(r) == (guessed ? 60
                                               : stays ? sim::detail::longest_freshness
                                                       : 0));
    }
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

namespace {

/// How often the server was asked by the standard, by Chromium and by Firefox.
struct asked_row {
    const char* about;
    sim::fetch_options first;
    sim::response answer;
    sim::fetch_options second;
    int asked[3];
};

constexpr auto own_mode = sim::request_mode::same_origin;
const sim::fetch_options own{.url = "/items"};
const sim::fetch_options own_stale{.url = "/items", .cache = cache_mode::force_cache};

sim::response fresh(int status) { return {status, {{"Cache-Control", "max-age=600"}}}; }
sim::response fresh(int status, const char* name, const char* value) {
    return {status, {{"Cache-Control", "max-age=600"}, {name, value}}};
}

const asked_row asked_rows[] = {
    {"HEAD after GET", own, fresh(200), {.url = "/items", .method = "HEAD"}, {2, 1, 2}},
    {"HEAD after HEAD",
     {.url = "/items", .method = "HEAD"},
     fresh(200),
     {.url = "/items", .method = "HEAD"},
     {2, 2, 1}},
    {"GET after HEAD", {.url = "/items", .method = "HEAD"}, fresh(200), own, {2, 2, 2}},
    {"a range", own, fresh(200), {.url = "/items", .headers = {{"Range", "bytes=0-1"}}}, {2, 1, 2}},
    {"another method", own, fresh(200), {.url = "/items", .method = "DELETE"}, {2, 2, 2}},
    {"another method, even if stale",
     own,
     fresh(200),
     {.url = "/items", .method = "DELETE", .cache = cache_mode::force_cache},
     {2, 1, 2}},
    {"PATCH",
     own,
     fresh(200),
     {.url = "/items", .method = "PATCH", .cache = cache_mode::force_cache},
     {2, 1, 2}},
    {"PUT",
     own,
     fresh(200),
     {.url = "/items", .method = "PUT", .cache = cache_mode::force_cache},
     {2, 2, 2}},
    {"a script's Authorization",
     own,
     fresh(200),
     {.url = "/items", .headers = {{"Authorization", "a"}}},
     {1, 1, 2}},
    {"stale", own, {200, {}}, own, {2, 2, 2}},
    {"stale, and good enough", own, {200, {}}, own_stale, {1, 1, 1}},
    {"stale, and there is nothing else",
     own,
     {200, {}},
     {.url = "/items", .mode = own_mode, .cache = cache_mode::only_if_cached},
     {1, 1, 1}},
    {"what a script asks on a condition",
     own,
     fresh(200),
     {.url = "/items", .headers = {{"If-None-Match", "a"}}},
     {2, 2, 2}},
    {"unless it said how to use the cache",
     own,
     fresh(200),
     {.url = "/items", .headers = {{"If-None-Match", "a"}}, .cache = cache_mode::force_cache},
     {1, 1, 1}},
    {"no-store", own, fresh(200, "Cache-Control", "no-store"), own_stale, {2, 2, 2}},
    {"a part", own, fresh(206), own_stale, {2, 2, 2}},
    {"not a part", own, fresh(207), own_stale, {1, 1, 1}},
    {"who are you", own, fresh(401), own_stale, {1, 2, 1}},
    {"pay", own, fresh(402), own_stale, {1, 1, 1}},
    {"too often", own, fresh(429), own_stale, {1, 1, 2}},
    {"one more", own, fresh(430), own_stale, {1, 1, 1}},
    {"a choice, without Location", own, fresh(300), own_stale, {1, 1, 2}},
    {"with one", own, fresh(300, "Location", "/x"), own_stale, {1, 1, 1}},
    {"the last of these, without Location", own, fresh(399), own_stale, {1, 1, 2}},
    {"and the next", own, fresh(400), own_stale, {1, 1, 1}},
    {"not modified, without being asked", own, fresh(304), own_stale, {2, 1, 2}},
    {"use a proxy", own, fresh(305, "Location", "/x"), own_stale, {1, 1, 1}},
    {"OK", own, fresh(200), own, {1, 1, 1}},
    {"created", own, fresh(201), own, {1, 1, 2}},
    {"not from the source", own, fresh(203), own, {1, 1, 1}},
    {"nothing to show", own, fresh(204), own, {1, 1, 1}},
    {"clear the form", own, fresh(205), own, {1, 1, 2}},
    {"the first redirect", own, fresh(300, "Location", "/x"), own, {1, 1, 1}},
    {"the last redirect", own, fresh(399, "Location", "/x"), own, {1, 1, 1}},
    {"wrong", own, fresh(400), own, {1, 1, 2}},
    {"not there", own, fresh(404), own, {1, 1, 2}},
    {"gone", own, fresh(410), own, {1, 1, 1}},
    {"how long", own, fresh(411), own, {1, 1, 2}},
    {"Vary: *", own, fresh(200, "Vary", "*"), own, {2, 2, 2}},
    {"among others", own, fresh(200, "Vary", "*, Accept"), own, {2, 2, 2}},
    {"Vary with what is the same", own, fresh(200, "Vary", "Accept, Origin"), own, {1, 1, 1}},
    {"Vary with what is not",
     own,
     fresh(200, "Vary", "X-A, Accept"),
     {.url = "/items", .headers = {{"Accept", "text/html"}}},
     {2, 2, 2}},
};

int asked_by(const quirks& q, const asked_row& r) {
    int asked = 0;
    const auto server = [&](const sim::request&) {
        ++asked;
        return r.answer;
    };
    browser b(page, q);
    (void)b.fetch(r.first, server);
    (void)b.fetch(r.second, server);
    return asked;
}

}  // namespace

TEST_CASE("what is kept, and for which requests") {
    for (const asked_row& r : asked_rows) {
        CAPTURE(r.about);
        CHECK(asked_by(quirks::standard, r) == r.asked[0]);
        CHECK(asked_by(quirks::chromium, r) == r.asked[1]);
        CHECK(asked_by(quirks::firefox, r) == r.asked[2]);
    }
}

TEST_CASE("what changes a resource makes its answer old, and no other's") {
    struct row {
        const char* about;
        const char* method;
        int status;
        int asked[3];  ///< in all, by the standard, Chromium and Firefox
    };
    constexpr row rows[] = {
        {"nothing is changed by", "HEAD", 200, {2, 1, 2}},
        {"nor by", "OPTIONS", 200, {2, 2, 2}},
        {"but by", "POST", 200, {3, 3, 3}},
        {"what is answered elsewhere, too", "POST", 399, {3, 3, 3}},
        {"not if it fails", "POST", 400, {2, 2, 2}},
        {"in Chromium not by", "PUT", 200, {3, 2, 3}},
        {"and again by", "DELETE", 200, {3, 3, 3}},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.method);
        const auto asked = [&](const quirks& q) {
            int n = 0;
            const auto server = [&](const sim::request& got) {
                ++n;
                return fresh(got.method == "GET" ? 200 : r.status);
            };
            browser b(page, q);
            (void)b.fetch(own, server);
            (void)b.fetch({.url = "/items", .method = r.method}, server);
            (void)b.fetch(own, server);
            return n;
        };
        CHECK(asked(quirks::standard) == r.asked[0]);
        CHECK(asked(quirks::chromium) == r.asked[1]);
        CHECK(asked(quirks::firefox) == r.asked[2]);
    }
    const auto server = [](const sim::request&) { return fresh(200); };
    const sim::fetch_options head{.url = "/items", .method = "HEAD"};
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        browser b(page, q);
        (void)b.fetch(own, server);
        (void)b.fetch(head, server);
        (void)b.fetch({.url = "/others"}, server);
        (void)b.fetch({.url = "/items", .method = "POST"}, server);
        CHECK(b.fetch({.url = "/others"}, server).from_cache);
        CHECK_FALSE(b.fetch(head, server).from_cache);
    }
}

TEST_CASE("the next answer takes the place of the last one, a 304 brings it up to date") {
    int served = 0;
    std::string conditions;
    sim::response next;
    const auto server = [&](const sim::request& r) {
        ++served;
        conditions.clear();
        for (const char* name : {"If-None-Match", "If-Modified-Since"}) {
            conditions += std::string(r.first(name).value_or("-")) + ' ';
        }
        return next;
    };
    const auto shows = [](const sim::answer& a, const char* name) {
        return sim::detail::get(a.headers, name).value_or("-");
    };
    browser b{page};
    next = fresh(200, "X-Version", "1");
    CHECK(shows(b.fetch(own, server), "X-Version") == "1");
    next = fresh(200, "X-Version", "2");
    CHECK(shows(b.fetch({.url = "/items", .cache = cache_mode::reload}, server), "X-Version") ==
          "2");
    CHECK(shows(b.fetch(own, server), "X-Version") == "2");
    CHECK(served == 2);

    b.http_cache().clear();
    next = {200, {{"ETag", "e"}, {"Last-Modified", "x"}, {"X-A", "1"}, {"X-B", "1"}}};
    (void)b.fetch(own, server);
    next = {304, {{"x-a", "2"}}};
    const sim::answer updated = b.fetch(own, server);
    CHECK(conditions == "e x ");
    CHECK(updated.from_cache);
    CHECK(updated.status == 200);
    CHECK(shows(updated, "X-A") == "2");
    CHECK(shows(updated, "X-B") == "1");
    next = {200, {{"X-A", "3"}}};
    const sim::answer other = b.fetch(own, server);
    CHECK_FALSE(other.from_cache);
    CHECK(shows(other, "X-A") == "3");
    CHECK(shows(other, "X-B") == "-");
    (void)b.fetch(own, server);
    CHECK(conditions == "- - ");
    // The date of another variant says nothing about this one, its name does.
    next = {200, {{"ETag", "e"}, {"Last-Modified", "x"}, {"Vary", "X-C"}}};
    (void)b.fetch(own, server);
    (void)b.fetch({.url = "/items", .headers = {{"X-C", "1"}}}, server);
    CHECK(conditions == "e - ");
}

TEST_CASE("a 304 says what is decided now") {
    bool governed = false;
    const auto server = [&](const sim::request& r) {
        sim::response out{r.first("If-None-Match") ? 304 : 200,
                          {{"ETag", "e"}, {"Access-Control-Allow-Origin", "*"}}};
        if (governed) {
            out.decided = sim::made_decision{.outcome = corsac::outcome::allowed, .allows = true};
        }
        return out;
    };
    browser b{page};
    CHECK(b.fetch({.url = api}, server).allowed());
    governed = true;
    const sim::answer a =
        b.fetch({.url = api, .credentials = sim::credentials_mode::include}, server);
    CHECK(a.blocked_at == step::actual_wildcard_with_credentials);
    CHECK(a.advice.starts_with("list the origins and set allow_credentials"));
}

TEST_CASE("Firefox keeps answers with and without credentials apart, all keep frames apart") {
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        careless_server server;
        browser b(page, q);
        (void)b.fetch({.url = api}, server);
        const bool again =
            b.fetch({.url = api, .credentials = sim::credentials_mode::include}, server).from_cache;
        CHECK(again == (q.console != sim::console_language::firefox));
        // A sandboxed frame of the page has a cache of its own.
        sim::page_options frame{.url = page, .context = sim::page_context::opaque, .quirks = q};
        browser c(frame);
        careless_server other;
        (void)c.fetch({.url = api, .mode = sim::request_mode::no_cors}, other);
        c.visit(page);
        (void)c.fetch({.url = api, .mode = sim::request_mode::no_cors}, other);
        CHECK(other.asked == 2);
    }
}

TEST_CASE("Chromium forgets an answer that failed its check") {
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        careless_server server;
        const auto mute = [](const sim::request&) { return fresh(200); };
        browser b(page, q);
        CHECK(b.fetch({.url = api}, mute).blocked_at == step::actual_origin_missing);
        const bool asks_anew = b.fetch({.url = api}, server).allowed();
        CHECK(asks_anew == (q.console == sim::console_language::chromium));
        // Not what failed out of the cache, nor what a preflight kept back.
        browser c(page, q);
        const sim::fetch_options simple{.url = api, .mode = sim::request_mode::no_cors};
        (void)c.fetch(simple, mute);
        CHECK_FALSE(c.fetch({.url = api}, mute).allowed());
        CHECK_FALSE(c.fetch({.url = api, .headers = {{"X-A", "1"}}}, mute).allowed());
        CHECK(c.fetch(simple, mute).from_cache);
    }
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
