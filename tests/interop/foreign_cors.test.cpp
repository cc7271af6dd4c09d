// SPDX-License-Identifier: MIT
#include <corsac/interop/foreign_cors.hpp>

#include <corsac/interop/re2.hpp>
#include <corsac/policy.hpp>

#include "input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>
#include <string_view>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("regular expressions become patterns where these allow no more") {
    struct row {
        const char* regex;
        const char* entry;  ///< null: there is none
    };
    constexpr row rows[] = {
        {".*", "*"},
        {"^.*$", "*"},
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
        const auto entry = corsac::detail::origin_of_regex(r.regex);
        CHECK(entry.has_value() == (r.entry != nullptr));
        if (entry && r.entry != nullptr) CHECK(*entry == r.entry);
    }
}

TEST_CASE("Istio") {
    input in("allowOrigins: [{exact: 'https://a.example'}, {prefix: 'https://'},"
             " {regex: 'https://.*\\.b\\.example'}]\n"
             "allowMethods: [PUT]\nallowHeaders: [X-A]\nexposeHeaders: [X-B]\nmaxAge: 24h\n"
             "allowCredentials: false\n");
    const corsac::policy_options options = read_istio_cors(in.view());
    CHECK(in.problems.errors() == 0);
    CHECK(in.says("unmatchedPreflights: Istio lets refused preflights reach"));
    CHECK(options.allow_origins == list{"https://a.example", "https://*:*", "https://*.b.example"});
    CHECK(options.max_age == 86400);
    CHECK(make_policy(options));

    input bad("allowOrigins: [{prefix: 'https://app.'}, {regex: 'https?://.*'}]\n"
              "maxAge: soon\nunmatchedPreflights: IGNORE\n");
    (void)read_istio_cors(bad.view());
    CHECK(bad.problems.errors() == 3);
    CHECK(bad.problems.warnings() == 0);
    CHECK(bad.says("allowOrigins[0].prefix"));
}

TEST_CASE("classic Gloo") {
    input in("allowOrigin: ['https://a.example']\nallowOriginRegex: ['https://.*\\.b\\.example']\n"
             "allowMethods: [PUT]\nmaxAge: '600'\nallowCredentials: true\n");
    const auto options = read_gloo_cors(in.view());
    REQUIRE(options.has_value());
    CHECK(in.problems.empty());
    CHECK(options->allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(options->max_age == 600);
    CHECK(options->allow_credentials);
    CHECK(make_policy(*options));
    input off("disableForRoute: true\n");
    CHECK_FALSE(read_gloo_cors(off.view()).has_value());
}

TEST_CASE("with an engine, what is no pattern becomes a matcher beside the options") {
    const corsac::regex_engine re2 = corsac::re2_engine<RE2>{};
    input in("allowOrigins: [{exact: 'https://a.example'}, {prefix: 'https://'},"
             " {prefix: 'https://app.'}, {regex: 'https://.*\\.b\\.example'},"
             " {regex: 'https://pr-[0-9]+\\.c\\.example'}]\n"
             "unmatchedPreflights: IGNORE\n");
    const corsac::imported_cors istio = read_istio_cors(in.view(), re2);
    CHECK_MESSAGE(in.problems.errors() == 0, in.said());
    CHECK(istio.options.allow_origins ==
          list{"https://a.example", "https://*:*", "https://*.b.example"});
    REQUIRE(istio.matchers.size() == 2);
    CHECK(istio.matchers[0].text == "https://app.");
    CHECK(istio.matchers[1].text == R"(https://pr-[0-9]+\.c\.example)");
    CHECK(in.problems.warnings() == 1);
    CHECK(
        in.says("allowOrigins[2].prefix: \"https://app.\" also matches hosts that strangers can"));
    const auto p = make_matched_policy(istio);
    REQUIRE(static_cast<bool>(p));

    input gloo("allowOrigin: ['https://a.example']\nallowCredentials: true\n"
               "allowOriginRegex: ['https://.*\\.b\\.example', 'https://(c|d)\\.example']\n");
    const auto options = read_gloo_cors(gloo.view(), re2);
    REQUIRE(options.has_value());
    CHECK_MESSAGE(gloo.problems.empty(), gloo.said());
    CHECK(options->options.allow_origins == list{"https://a.example", "https://*.b.example"});
    const auto q = make_matched_policy(*options);
    REQUIRE(static_cast<bool>(q));
    for (const char* origin : {"https://a.example", "https://x.b.example", "https://c.example"}) {
        CAPTURE(std::string_view(origin));
        CHECK(q->allows_origin(origin));
    }
    for (const char* origin :
         {"https://b.example", "https://c.example.evil.example", "null", "*"}) {
        CAPTURE(std::string_view(origin));
        CHECK_FALSE(q->allows_origin(origin));
    }
}

TEST_CASE("matchers that must not be imported") {
    struct row {
        const char* about;
        const char* yaml;
        const char* says;
    };
    const row rows[] = {
        {"strangers with credentials",
         "{allowOrigins: [{prefix: 'https://a.b'}], allowCredentials: true}",
         "allowOrigins[0].prefix: \"https://a.b\" also matches hosts that strangers can register, "
         "with credentials"},
        {"any host with credentials",
         "{allowOrigins: [{regex: 'https?://.+'}], allowCredentials: true}",
         "matches the origins of hosts that it does not name, with credentials"},
        {"everything, spelled otherwise", "{allowOrigins: [{regex: '(?s).*'}]}",
         "allowOrigins[0].regex: \"(?s).*\" matches every origin; if that is meant, write *"},
        {"malformed", "{allowOrigins: [{regex: 'https://('}]}",
         "allowOrigins[0].regex: \"https://(\" is no regular expression of RE2: missing )"},
        {"a wildcard that is none", "{allowOrigins: [{exact: 'https://*.a.example'}]}",
         "allowOrigins[0].exact: \"https://*.a.example\" is no pattern where it comes from"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        input in(r.yaml);
        const auto read = read_istio_cors(in.view(), corsac::re2_engine<RE2>{});
        CHECK(in.problems.errors() == 1);
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(read.matchers.empty());
    }
    input gloo("allowOrigin: ['https://*.a.example', ~]\n");
    (void)read_gloo_cors(gloo.view());
    CHECK(gloo.problems.errors() == 2);
    CHECK(gloo.says("allowOrigin[1]: must be a string, not null"));
}

TEST_CASE("mistakes in options and in matchers are reported together") {
    corsac::imported_cors both;
    both.options.allow_origins = {"https://a.example/"};
    both.matchers = {make_regex_matcher("(", corsac::re2_engine<RE2>{})};
    const auto p = make_matched_policy(both);
    REQUIRE_FALSE(p);
    REQUIRE(p.errors().size() == 2);
    CHECK(p.errors()[0].code() == corsac::config_code::matcher_malformed);
    CHECK(p.errors()[1].code() == corsac::config_code::origin_has_path);
}

TEST_CASE("ingress-nginx: what is unsafe by default is reported and not kept") {
    const std::string key = "nginx.ingress.kubernetes.io/";
    input defaults(key + "enable-cors: 'true'\n");
    const auto open = read_ingress_nginx_cors(defaults.view());
    REQUIRE(open.has_value());
    CHECK(open->allow_origins == list{"*"});
    CHECK_FALSE(open->allow_credentials);
    CHECK(open->max_age == 1728000);
    CHECK(defaults.says("cors-allow-origin: is not set, so ingress-nginx allows every origin"));
    CHECK(defaults.says("cors-allow-credentials: is not set"));
    CHECK(make_policy(*open));

    input set(key + "enable-cors: 'true'\n" + key +
              "cors-allow-origin: 'https://a.example, https://*.b.example'\n" + key +
              "cors-allow-credentials: 'true'\n" + key + "cors-allow-headers: 'X-A,X-B'\n" + key +
              "cors-max-age: '60'\n");
    const auto options = read_ingress_nginx_cors(set.view());
    REQUIRE(options.has_value());
    CHECK(options->allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(options->allow_headers == list{"X-A", "X-B"});
    CHECK(options->allow_credentials);
    CHECK(options->max_age == 60);
    CHECK(set.says("is one label in ingress-nginx"));
    CHECK(make_policy(*options));

    input off("a: b\n");
    CHECK_FALSE(read_ingress_nginx_cors(off.view()).has_value());
}

TEST_CASE("S3") {
    input in("- {AllowedOrigins: ['https://*.a.example'], AllowedMethods: [PUT, GET],"
             " AllowedHeaders: ['x-amz-*'], ExposeHeaders: [ETag], MaxAgeSeconds: 3000}\n"
             "- {AllowedOrigins: ['*'], AllowedMethods: [GET]}\n");
    const auto policies = read_s3_cors(in.view());
    REQUIRE(policies.size() == 2);
    CHECK(policies[0].allow_headers == list{"x-amz-*"});
    CHECK(policies[0].max_age == 3000);
    CHECK_FALSE(policies[0].allow_credentials);
    CHECK(in.says("[0].AllowedOrigins: S3 allows credentials"));
    CHECK(in.says("S3 tries one rule after the other"));
    for (const corsac::policy_options& options : policies) CHECK(make_policy(options));
}
