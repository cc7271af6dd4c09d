// SPDX-License-Identifier: MIT
#include <corsac/testing/preflight_cache.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>

namespace {

namespace sim = corsac::testing;
using sim::credentials_mode;
using sim::quirks;

sim::response granting(const char* methods, const char* names, const char* max_age) {
    return {204,
            {{"Access-Control-Allow-Methods", methods},
             {"Access-Control-Allow-Headers", names},
             {"Access-Control-Max-Age", max_age}}};
}

struct max_age_row {
    const char* value;
    std::int64_t standard;
    std::int64_t chromium;
    std::int64_t firefox;
};

constexpr max_age_row max_ages[] = {
    {"", 5, 5, 5},
    {"0", 0, 0, 0},
    {"60", 60, 60, 60},
    {"0060", 60, 60, 60},
    {"4294967296", 86400, 7200, 86400},
    {"99999999999999999999", 86400, 5, 86400},
    {"-1", 5, 0, 0},
    {"-0", 5, 0, 0},
    {"+60", 5, 60, 0},
    {"60.5", 5, 5, 0},
    {"60s", 5, 5, 0},
    {"60, 60", 5, 5, 0},
    {"abc", 5, 5, 0},
    {"-", 5, 5, 0},
};

const sim::preflight_cache::key here{"https://app.example", "https://api.example/x"};

}  // namespace

TEST_CASE("Access-Control-Max-Age is read as each browser reads it") {
    for (const max_age_row& r : max_ages) {
        CAPTURE(r.value);
        const sim::response answered = granting("PUT", "", r.value);
        CHECK(sim::max_age_of(answered, quirks::standard) == r.standard);
        CHECK(sim::max_age_of(answered, quirks::chromium) == r.chromium);
        CHECK(sim::max_age_of(answered, quirks::firefox) == r.firefox);
    }
    CHECK(sim::max_age_of({204, {}}, quirks::firefox) == 5);
}

TEST_CASE("what was listed is remembered until it expires") {
    sim::preflight_cache cache;
    const sim::preflight_question put{.method = "PUT", .names = {"x-a"}};
    cache.store(here, granting("PUT, DELETE", "X-A, X-B", "60"), put, 1000, quirks::standard);
    const auto covers = [&](const sim::preflight_question& asked, std::int64_t now) {
        return cache.covers(here, asked, now, quirks::standard);
    };
    CHECK(covers(put, 1000));
    CHECK(covers({.method = "DELETE", .names = {"x-b"}}, 1000));
    CHECK(covers({.method = "POST", .names = {"x-a"}}, 1000));
    CHECK_FALSE(covers({.method = "PATCH"}, 1000));
    CHECK_FALSE(covers({.method = "PUT", .names = {"x-c"}}, 1000));
    CHECK_FALSE(covers({.method = "POST", .forced = true}, 1000));
    CHECK(covers(put, 60'999));
    CHECK_FALSE(covers(put, 61'000));
}

TEST_CASE("origin, URL and credentials are part of the key") {
    sim::preflight_cache cache;
    const sim::preflight_question asked{.method = "PUT"};
    sim::preflight_question with_credentials = asked;
    with_credentials.credentials = credentials_mode::include;
    cache.store(here, granting("PUT", "", "60"), asked, 0, quirks::standard);
    CHECK_FALSE(cache.covers({"null", here.url}, asked, 0, quirks::standard));
    CHECK_FALSE(cache.covers({here.origin, here.url + "?q"}, asked, 0, quirks::standard));
    CHECK_FALSE(cache.covers(here, with_credentials, 0, quirks::standard));
    cache.store(here, granting("PUT", "", "60"), with_credentials, 0, quirks::standard);
    CHECK(cache.covers(here, with_credentials, 0, quirks::standard));
    cache.clear(here);
    CHECK(cache.size() == 0);
}

TEST_CASE("a cached star covers every name but Authorization") {
    sim::preflight_cache cache;
    const sim::preflight_question asked{.method = "GET", .names = {"x-a"}};
    cache.store(here, granting("*", "*", "60"), asked, 0, quirks::standard);
    CHECK(cache.covers(here, {.method = "PATCH", .names = {"x-b"}}, 0, quirks::standard));
    CHECK_FALSE(
        cache.covers(here, {.method = "GET", .names = {"authorization"}}, 0, quirks::standard));
}

TEST_CASE("Firefox remembers what was listed, byte for byte, for that credentials mode only") {
    sim::preflight_cache cache;
    const auto covers = [&](const sim::preflight_question& asked) {
        return cache.covers(here, asked, 0, quirks::firefox);
    };
    sim::preflight_question put{.method = "PUT", .credentials = credentials_mode::include};
    cache.store(here, granting("PUT, DELETE", "X-A", "60"), put, 0, quirks::firefox);
    CHECK(covers(put));
    CHECK(covers({.method = "DELETE", .credentials = credentials_mode::include}));
    CHECK(covers({.method = "PUT", .names = {"x-a"}, .credentials = credentials_mode::include}));
    put.credentials = credentials_mode::omit;
    CHECK_FALSE(covers(put));

    cache.clear();
    cache.store(here, granting("*", "*, x-b", "60"), put, 0, quirks::firefox);
    CHECK_FALSE(covers(put));
    CHECK_FALSE(covers({.method = "GET", .names = {"x-a"}}));
    CHECK(covers({.method = "GET", .names = {"x-b"}}));
    CHECK(covers({.method = "POST", .names = {"x-b"}}));
    CHECK_FALSE(covers({.method = "HEAD", .names = {"x-b"}}));
    // Nothing is needed, so nothing can have expired.
    CHECK(cache.covers(here, {.method = "POST", .forced = true}, 3'600'000, quirks::firefox));
}

TEST_CASE("Chromium keeps one answer, and drops one that does not suffice") {
    sim::preflight_cache cache;
    const sim::preflight_question put{.method = "PUT"};
    cache.store(here, granting("PUT", "", "60"), put, 0, quirks::chromium);
    CHECK(cache.covers(here, put, 0, quirks::chromium));
    CHECK_FALSE(cache.covers(here, {.method = "DELETE"}, 0, quirks::chromium));
    CHECK_FALSE(cache.covers(here, put, 0, quirks::chromium));
}

TEST_CASE("an answer takes the place of the last one in Chromium alone") {
    struct row {
        const char* about;
        const quirks& q;
        bool both;
    };
    const row rows[] = {{"the standard", quirks::standard, true},
                        {"Chromium", quirks::chromium, false},
                        {"Firefox", quirks::firefox, true}};
    for (const row& r : rows) {
        CAPTURE(r.about);
        sim::preflight_cache cache;
        cache.store(here, granting("PUT", "", "60"), {.method = "PUT"}, 0, r.q);
        cache.store(here, granting("DELETE", "", "60"), {.method = "DELETE"}, 0, r.q);
        CHECK(cache.covers(here, {.method = "DELETE"}, 0, r.q));
        CHECK(cache.covers(here, {.method = "DELETE"}, 0, r.q));  // and is kept
        CHECK(cache.covers(here, {.method = "PUT"}, 0, r.q) == r.both);
    }
}

TEST_CASE("what a preflight did not list is remembered where it was forced, in the standard") {
    const sim::preflight_question put{.method = "PUT", .forced = true};
    const sim::preflight_question post{.method = "POST", .forced = true};
    const auto covers = [](const sim::preflight_question& asked, const sim::response& answer,
                           const quirks& q) {
        sim::preflight_cache cache;
        cache.store(here, answer, asked, 0, q);
        return cache.covers(here, asked, 0, q);
    };
    const sim::response nothing{204, {}};
    CHECK(covers(put, nothing, quirks::standard));
    CHECK(covers(post, nothing, quirks::standard));
    CHECK_FALSE(covers(put, nothing, quirks::chromium));
    CHECK_FALSE(covers(put, nothing, quirks::firefox));
    // Browsers need nothing for POST, but to have asked.
    CHECK(covers(post, nothing, quirks::chromium));
    CHECK(covers(post, nothing, quirks::firefox));
    CHECK_FALSE(covers(post, granting("", "", "0"), quirks::chromium));
    CHECK_FALSE(covers(post, granting("", "", "0"), quirks::firefox));
    const sim::response others = granting("DELETE", "", "60");
    CHECK_FALSE(covers(put, others, quirks::standard));
    CHECK_FALSE(covers({.method = "PUT"}, nothing, quirks::standard));
}

TEST_CASE("a star that was listed for credentials is a name in browsers") {
    const sim::preflight_question asked{
        .method = "GET", .names = {"x-a"}, .credentials = credentials_mode::include};
    const auto covers = [&](credentials_mode credentials, const quirks& q) {
        sim::preflight_cache cache;
        sim::preflight_question first = asked;
        first.credentials = credentials;
        cache.store(here, granting("*", "*, x-b", "60"), first, 0, q);
        return cache.covers(here, {.method = "PATCH", .names = {"x-a"}, .credentials = credentials},
                            0, q);
    };
    CHECK(covers(credentials_mode::include, quirks::standard));
    CHECK(covers(credentials_mode::omit, quirks::standard));
    CHECK_FALSE(covers(credentials_mode::include, quirks::chromium));
    CHECK(covers(credentials_mode::omit, quirks::chromium));
    CHECK_FALSE(covers(credentials_mode::include, quirks::firefox));
    CHECK_FALSE(covers(credentials_mode::omit, quirks::firefox));
}

TEST_CASE("the next answer counts anew, and nothing is there twice") {
    const sim::preflight_question put{.method = "PUT", .credentials = credentials_mode::include};
    sim::preflight_question anonymous = put;
    anonymous.credentials = credentials_mode::omit;
    for (const quirks& q : {quirks::standard, quirks::firefox}) {
        sim::preflight_cache cache;
        cache.store(here, granting("PUT", "x-a", "60"), put, 0, q);
        const std::size_t size = cache.size();
        cache.store(here, granting("PUT", "x-a", "60"), put, 50'000, q);
        CHECK(cache.size() == size);
        CHECK(cache.covers(here, put, 109'999, q));
        CHECK_FALSE(cache.covers(here, put, 110'000, q));
    }
    // What was listed for credentials serves without them, and is what the next answer renews.
    sim::preflight_cache cache;
    cache.store(here, granting("PUT", "", "60"), put, 0, quirks::standard);
    cache.store(here, granting("PUT", "", "60"), anonymous, 0, quirks::standard);
    CHECK(cache.size() == 1);
    cache.store({here.origin, "https://api.example/y"}, granting("PUT", "", "60"), put, 0,
                quirks::standard);
    CHECK(cache.size() == 2);
    cache.store(here, granting("PUT", "", "0"), put, 1000, quirks::standard);
    CHECK_FALSE(cache.covers(here, put, 1000, quirks::standard));
    CHECK(cache.covers({here.origin, "https://api.example/y"}, put, 1000, quirks::standard));
    // An answer that is old at once is not kept.
    sim::preflight_cache none;
    none.store(here, granting("PUT", "", "0"), put, 0, quirks::standard);
    CHECK(none.size() == 0);
}
