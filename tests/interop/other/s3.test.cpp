// SPDX-License-Identifier: MIT
#include <corsac/interop/other/s3.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

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

TEST_CASE("S3's rules in the spellings of its XML, CloudFormation and Terraform") {
    for (const char* yaml :
         {"CORSConfiguration: {CORSRule: {AllowedOrigin: 'https://a.example', AllowedMethod: [PUT, "
          "GET], AllowedHeader: x-a, ExposeHeader: ETag, MaxAgeSeconds: 30}}\n",
          "CorsConfiguration: {CorsRules: [{AllowedOrigins: ['https://a.example'], AllowedMethods: "
          "[PUT, GET], AllowedHeaders: [x-a], ExposedHeaders: [ETag], MaxAge: 30, Id: one}]}\n",
          "cors_rule: [{allowed_origins: ['https://a.example'], allowed_methods: [PUT, GET], "
          "allowed_headers: [x-a], expose_headers: [ETag], max_age_seconds: 30}]\n"}) {
        CAPTURE(yaml);
        input in(yaml);
        const auto policies = read_s3_cors(in.view());
        INFO(in.said());
        CHECK(in.problems.warnings() == 1);
        REQUIRE(policies.size() == 1);
        CHECK(policies[0].allow_origins == list{"https://a.example"});
        CHECK(policies[0].allow_methods == list{"PUT", "GET"});
        CHECK(policies[0].allow_headers == list{"x-a"});
        CHECK(policies[0].expose_headers == list{"ETag"});
        CHECK(policies[0].max_age == 30);
    }
}
