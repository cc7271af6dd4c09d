// SPDX-License-Identifier: MIT
#include <corsac/interop/foreign_cors.hpp>

#include <corsac/policy.hpp>

#include "input.hpp"

#include <doctest/doctest.h>

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
