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
