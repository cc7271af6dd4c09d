// SPDX-License-Identifier: MIT
#include <corsac/live/shared_origins.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <string_view>
#include <thread>
#include <type_traits>
#include <utility>

namespace {

using corsac::config_code;
using corsac::make_policy;
using corsac::make_shared_origins;
using corsac::shared_origins_options;

static_assert(corsac::origin_matcher<corsac::shared_origin_matcher>);
static_assert(std::is_nothrow_copy_constructible_v<corsac::shared_origin_matcher>);

struct match_row {
    const char* about;
    std::string_view origin;
    bool allowed;
};

constexpr match_row match_rows[] = {
    {"an entry", "https://example.com", true},
    {"a pattern", "https://shop.example.org", true},
    {"any port", "http://localhost:3000", true},
    {"an origin that is not listed", "https://example.net", false},
    {"a trailing dot is a different host", "https://example.com.", false},
    {"what is no origin is not echoed", "https://a.example.org/path", false},
    {"null", "null", false},
    {"nothing", "", false},
};

TEST_CASE("a shared set matches like a policy's own and answers with the request's text") {
    const auto set = make_shared_origins(
        {.allow_origins = {"https://example.com", "https://*.example.org", "http://localhost:*"}});
    REQUIRE(set);
    const auto matcher = set->matcher();
    for (const match_row& r : match_rows) {
        CAPTURE(r.about);
        const std::string_view matched = matcher.match(r.origin);
        CHECK(!matched.empty() == r.allowed);
        if (r.allowed) CHECK(matched.data() == r.origin.data());
    }
}

struct error_row {
    const char* about;
    shared_origins_options options;
    config_code code;
};

const error_row error_rows[] = {
    {"a path",
     {.allow_origins = {"https://example.com/"}, .allow_credentials = false},
     config_code::origin_has_path},
    {"any origin: credentials are assumed",
     {.allow_origins = {"*"}},
     config_code::credentials_with_any_origin},
    {"http: credentials are assumed",
     {.allow_origins = {"http://example.com"}},
     config_code::credentials_with_insecure_origin},
    {"null: credentials are assumed",
     {.allow_origins = {"null"}},
     config_code::credentials_with_null_origin},
    {"a public suffix that only the caller knows",
     {.allow_origins = {"https://*.github.io"},
      .is_public_suffix = [](std::string_view host) { return host == "github.io"; }},
     config_code::credentials_with_public_suffix},
    {"one danger accepted is not another",
     {.allow_origins = {"null"}, .dangerously_allow_any_origin_with_credentials = true},
     config_code::credentials_with_null_origin},
};

TEST_CASE("mistakes in a shared set") {
    for (const error_row& r : error_rows) {
        CAPTURE(r.about);
        const auto set = make_shared_origins(r.options);
        REQUIRE_FALSE(set);
        REQUIRE(set.errors().size() == 1);
        CHECK(set.errors()[0].code() == r.code);
        CHECK(set.errors()[0].field() == "allow_origins");
    }
}

TEST_CASE("what is insecure with credentials needs an explicit word") {
    CHECK(make_shared_origins({.allow_origins = {"*"}, .allow_credentials = false}));
    CHECK(make_shared_origins(
        {.allow_origins = {"*"}, .dangerously_allow_any_origin_with_credentials = true}));
    CHECK(make_shared_origins({.allow_origins = {"http://example.com"},
                               .dangerously_allow_insecure_origins_with_credentials = true}));
    CHECK(make_shared_origins({.allow_origins = {"https://*.com"},
                               .dangerously_allow_public_suffixes_with_credentials = true}));
    CHECK(make_shared_origins(
        {.allow_origins = {"null"}, .dangerously_allow_null_origin_with_credentials = true}));
}

TEST_CASE("no policy with credentials on a set that is not checked for them") {
    const auto set = make_shared_origins({.allow_origins = {"*"}, .allow_credentials = false});
    REQUIRE(set);
    CHECK(make_policy({}, set->matcher()));
    const auto refused =
        make_policy({.allow_methods = {"put"}, .allow_credentials = true}, set->matcher());
    REQUIRE_FALSE(refused);
    REQUIRE(refused.errors().size() == 2);
    CHECK(refused.errors()[0].code() == config_code::method_wrong_case);
    CHECK(refused.errors()[1].code() == config_code::credentials_with_any_origin);
}

TEST_CASE("* in a shared set is answered with the origin, since the set may change") {
    const auto set = make_shared_origins({.allow_origins = {"*"}, .allow_credentials = false});
    const auto built = make_policy({}, set->matcher());
    REQUIRE(built);
    const support::request request{"GET", {{{"Origin", "https://example.com"}}}};
    support::response response;
    corsac::apply(corsac::evaluate(*built, request), response);
    CHECK(response.summary().view() ==
          "access-control-allow-origin: https://example.com | vary: Origin");
}

TEST_CASE("several policies share one set, and it outlives its owner") {
    auto set = make_shared_origins({.allow_origins = {"https://old.example"}});
    REQUIRE(set);
    const auto reading = make_policy({.allow_credentials = true}, set->matcher());
    const auto writing = make_policy(
        {.allow_origins = {"https://own.example"}, .allow_methods = {"PUT"}}, set->matcher());
    REQUIRE(reading);
    REQUIRE(writing);
    CHECK(reading->allows_origin("https://old.example"));
    CHECK(writing->allows_origin("https://old.example"));

    CHECK(set->replace({"https://new.example"}).empty());
    CHECK_FALSE(reading->allows_origin("https://old.example"));
    CHECK_FALSE(writing->allows_origin("https://old.example"));
    CHECK(reading->allows_origin("https://new.example"));
    CHECK(writing->allows_origin("https://new.example"));
    CHECK(writing->allows_origin("https://own.example"));
    CHECK_FALSE(reading->allows_origin("https://own.example"));

    { const auto gone = std::move(set); }
    CHECK(reading->allows_origin("https://new.example"));
}

TEST_CASE("a bad replacement keeps the old set and reports every mistake") {
    auto set = make_shared_origins({.allow_origins = {"https://example.com"}});
    REQUIRE(set);
    const auto matcher = set->matcher();
    const auto errors = set->replace({"https://good.example", "https://a.example/", "*", "null"});
    REQUIRE(errors.size() == 3);
    CHECK(errors[0].code() == config_code::origin_has_path);
    CHECK(errors[0].index() == 1);
    CHECK(errors[1].code() == config_code::credentials_with_any_origin);
    CHECK(errors[2].code() == config_code::credentials_with_null_origin);
    CHECK_FALSE(matcher.match("https://example.com").empty());
    CHECK(matcher.match("https://good.example").empty());
}

TEST_CASE("a list may be empty: it allows nobody, at once") {
    auto set = make_shared_origins({});
    REQUIRE(set);
    const auto built = make_policy({.allow_credentials = true}, set->matcher());
    REQUIRE(built);
    CHECK_FALSE(built->allows_origin("https://a.example"));
    CHECK(set->replace({"https://a.example"}).empty());
    CHECK(built->allows_origin("https://a.example"));
    CHECK(set->replace({}).empty());
    CHECK_FALSE(built->allows_origin("https://a.example"));
}

TEST_CASE("no way of passing a matcher goes around what its set may hold") {
    const auto set = make_shared_origins({.allow_origins = {"*"}, .allow_credentials = false});
    const auto no = corsac::origin_if{[](std::string_view) { return false; }};
    const corsac::policy_options options{.allow_credentials = true};
    CHECK_FALSE(make_policy(options, corsac::any_of{set->matcher(), no}));
    CHECK_FALSE(make_policy(options, corsac::any_of{no, corsac::any_of{no, set->matcher()}}));
    CHECK_FALSE(make_policy<corsac::shared_origin_matcher>(options, set->matcher()));
    // One that was prepared for a policy without credentials, and is taken out of it.
    const auto anonymous = make_policy({}, set->matcher());
    CHECK_FALSE(make_policy(options, anonymous->origins()));
    CHECK_FALSE(make_policy(options, anonymous->origins().second));

    const auto permitting = make_shared_origins(
        {.allow_origins = {"null"}, .dangerously_allow_null_origin_with_credentials = true});
    const auto refused = make_policy(options, permitting->matcher());
    REQUIRE_FALSE(refused);
    CHECK(refused.errors()[0].code() == config_code::matcher_more_dangerous);
    CHECK(refused.errors()[0].text() == "dangerously_allow_null_origin_with_credentials");
    CHECK(make_policy({}, permitting->matcher()));
    CHECK(make_policy(
        {.allow_credentials = true, .dangerously_allow_null_origin_with_credentials = true},
        permitting->matcher()));
}

TEST_CASE("a matcher of the caller's that hides one of a set gets nothing that is insecure") {
    struct hiding {
        corsac::shared_origin_matcher hidden;
        [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
            return hidden.match(origin);
        }
    };
    auto set =
        make_shared_origins({.allow_origins = {"https://a.example"}, .allow_credentials = false});
    const auto built = make_policy({.allow_credentials = true}, hiding{set->matcher()});
    REQUIRE(built);
    CHECK(built->allows_origin("https://a.example"));
    for (const char* insecure : {"*", "https://*", "https://*.com", "http://b.example", "null"}) {
        CAPTURE(insecure);
        CHECK(set->replace({"https://a.example", insecure}).empty());
        CHECK(built->allows_origin("https://a.example"));
        CHECK_FALSE(built->allows_origin("https://b.com"));
        CHECK_FALSE(built->allows_origin(insecure));
    }
    CHECK(set->replace({"https://a.example"}).empty());
    CHECK(built->allows_origin("https://a.example"));
}

TEST_CASE("readers see one list or the other, whole, while it is replaced") {
    auto set =
        make_shared_origins({.allow_origins = {"https://always.example", "https://even.example"}});
    REQUIRE(set);
    const auto built = make_policy({.allow_credentials = true}, set->matcher());
    REQUIRE(built);
    std::atomic<bool> stop{false};
    std::atomic<unsigned> begun{0};
    const auto read = [&](unsigned& wrong) {
        do {
            if (!built->allows_origin("https://always.example")) ++wrong;
            if (built->allows_origin("https://never.example")) ++wrong;
            begun.fetch_add(1);
        } while (!stop.load());
    };
    unsigned wrong[2]{};
    std::thread readers[2]{std::thread{read, std::ref(wrong[0])},
                           std::thread{read, std::ref(wrong[1])}};
    while (begun.load() < 2) std::this_thread::yield();
    unsigned refused = 0;
    for (int i = 0; i < 500; ++i) {
        const bool odd = i % 2 == 0;
        const auto errors = odd ? set->replace({"https://always.example", "https://*.odd.example"})
                                : set->replace({"https://always.example", "https://even.example"});
        if (!errors.empty()) ++refused;
        // In force as soon as replace returns.
        if (built->allows_origin("https://even.example") == odd) ++refused;
    }
    stop.store(true);
    for (std::thread& reader : readers) reader.join();
    CHECK(refused == 0);
    CHECK(wrong[0] == 0);
    CHECK(wrong[1] == 0);
}

bool strangers_cloud(std::string_view labels) noexcept { return labels == "mycloud.example"; }

TEST_CASE("a policy's own public suffixes count for the lists that it shares, too") {
    const corsac::policy_options options{.allow_credentials = true,
                                         .is_public_suffix = strangers_cloud};
    const auto unaware = corsac::make_shared_origins({.allow_origins = {"https://a.example"}});
    const auto refused = corsac::make_policy(options, unaware->matcher());
    REQUIRE(refused.errors().size() == 1);
    CHECK(refused.errors()[0].text() == "is_public_suffix");
    const auto aware = corsac::make_shared_origins(
        {.allow_origins = {"https://a.example"}, .is_public_suffix = strangers_cloud});
    CHECK(corsac::make_policy(options, aware->matcher()));
}

TEST_CASE("what only a shared * lets in is not trusted with writes") {
    const auto shared = corsac::make_shared_origins(
        {.allow_origins = {"*", "https://a.example"}, .allow_credentials = false});
    const auto policy =
        corsac::make_policy({.reject_cross_origin_writes = true}, shared->matcher());
    REQUIRE(policy);
    const auto status = [&](std::string_view origin) {
        corsac::request_facts facts;
        facts.method = "POST";
        facts.add("Origin", origin);
        return corsac::evaluate(*policy, facts).status();
    };
    CHECK(status("https://evil.example") == 403);
    CHECK(status("https://a.example") == 0);
}

}  // namespace
