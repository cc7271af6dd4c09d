// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/imported_cors.hpp>

#include <corsac/interop/matchers/re2.hpp>
#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>

TEST_CASE("regular expressions become patterns where these allow no more") {
    struct row {
        const char* regex;
        const char* entry;  ///< null: there is none
    };
    constexpr row rows[] = {
        {".*", "*"},
        {"^.*$", "*"},
        {".+", "*"},
        {R"(http://.*\.example\.com)", "http://*.example.com"},
        {R"(ftp://.*\.example\.com)", nullptr},
        {R"(https://a\.example)", "https://a.example"},
        {R"(^https:\/\/a\.example$)", "https://a.example"},
        {R"(https://.*\.example\.com)", "https://*.example.com"},
        {R"(^https://.+\.example\.com:8443$)", "https://*.example.com:8443"},
        {R"(https://a.example)", nullptr},
        {R"(https?://a\.example)", nullptr},
        {R"(.*\.example\.com)", nullptr},
        {R"(https://[^.]+\.example\.com)", nullptr},
        {R"(https://a.*\.example\.com)", nullptr},
        {R"(https://a\.example(:\d+)?)", nullptr},
        {R"(https://a\.example|https://b\.example)", nullptr},
        {R"(https://.*)", nullptr},
        {R"(https://a\)", nullptr},
    };
    for (const row& r : rows) {
        CAPTURE(r.regex);
        const auto entry = interop::detail::origin_of_regex(r.regex);
        CHECK(entry.has_value() == (r.entry != nullptr));
        if (entry && r.entry != nullptr) CHECK(*entry == r.entry);
    }
}

TEST_CASE("mistakes in options and in matchers are reported together") {
    interop::imported_cors both;
    both.options.allow_origins = {"https://a.example/"};
    both.matchers = {make_regex_matcher("(", interop::re2_engine<RE2>{})};
    const auto p = make_matched_policy(both);
    REQUIRE_FALSE(p);
    REQUIRE(p.errors().size() == 2);
    CHECK(p.errors()[0].code() == corsac::config_code::matcher_malformed);
    CHECK(p.errors()[1].code() == corsac::config_code::origin_has_path);
}
