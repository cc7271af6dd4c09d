// SPDX-License-Identifier: MIT
#include <corsac/interop/other/s3.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

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

namespace {

/// The one policy that each spelling below says.
void check_the_policy(const std::vector<corsac::policy_options>& policies) {
    REQUIRE(policies.size() == 1);
    CHECK(policies[0].allow_origins == list{"https://a.example"});
    CHECK(policies[0].allow_methods == list{"PUT", "GET"});
    CHECK(policies[0].allow_headers == list{"x-a"});
    CHECK(policies[0].expose_headers == list{"ETag"});
    CHECK(policies[0].max_age == 30);
}

}  // namespace

TEST_CASE("S3's rules as CloudFormation and Terraform spell them, whole files and parts") {
    const std::string cloud_formation =
        "{CorsRules: [{AllowedOrigins: ['https://a.example'], AllowedMethods: [PUT, GET], "
        "AllowedHeaders: [x-a], ExposedHeaders: [ETag], MaxAge: '30', Id: one}]}";
    const std::string rule =
        "{allowed_origins: ['https://a.example'], allowed_methods: [PUT, GET], "
        "allowed_headers: [x-a], expose_headers: [ETag], max_age_seconds: 30}";
    const std::string shown = "{root_module: {resources: [{type: aws_instance, values: {ami: x}}], "
                              "child_modules: [{resources: [{type: aws_s3_bucket, values: "
                              "{cors_rule: []}}, {type: aws_s3_bucket_cors_configuration, "
                              "values: {bucket: b, cors_rule: [" +
                              rule + "]}}]}]}}";
    for (const std::string& yaml :
         {"CorsConfiguration: " + cloud_formation,
          "{AWSTemplateFormatVersion: '2010-09-09', Resources: {T: {Type: AWS::SNS::Topic}, B: "
          "{Type: AWS::S3::Bucket, Properties: {BucketName: b, CorsConfiguration: " +
              cloud_formation + "}}}}",
          "{Type: AWS::S3::Bucket, Properties: {CorsConfiguration: " + cloud_formation + "}}",
          "cors_rule: [" + rule + "]", "cors_rule: " + rule,
          "resource: {aws_s3_bucket_cors_configuration: {c: {bucket: b, cors_rule: [" + rule +
              "]}}, aws_s3_bucket: {b: {bucket: b}}}",
          "resource: {aws_s3_bucket: {b: [{bucket: b, cors_rule: " + rule + "}]}}",
          "values: " + shown, "planned_values: " + shown}) {
        CAPTURE(yaml);
        input in(yaml + "\n");
        const auto policies = read_s3_cors(in.view());
        INFO(in.said());
        CHECK(in.problems.errors() == 0);
        CHECK(in.problems.warnings() == 1);
        check_the_policy(policies);
    }
}

TEST_CASE("what is wrong with S3's rules is said with its path") {
    struct row {
        const char* yaml;
        const char* says;
        bool is_error;
    };
    constexpr row rows[] = {
        {"CORSRules: [{AllowedMethods: [GET]}]",
         "error: source, CORSRules[0].AllowedOrigins: is missing, so that nobody", true},
        {"cors_rule: {allowed_origins: ['https://${var.host}']}",
         "error: source, cors_rule.allowed_origins: \"https://${var.host}\" is computed", true},
        {"CORSRules: [{AllowedOrigins: ['*'], MaxAgeSeconds: soon}]",
         "error: source, CORSRules[0].MaxAgeSeconds: is no number of seconds", true},
        {"CORSRules: [{AllowedOrigins: ['*'], MaxAgeSeconds: ''}]",
         "error: source, CORSRules[0].MaxAgeSeconds: is no number of seconds", true},
        {"CORSRules: [{AllowedOrigins: ['*'], MaxAgeSeconds: '1234567890'}]",
         "error: source, CORSRules[0].MaxAgeSeconds: is no number of seconds", true},
        {"CORSRules: [5]", "error: source, CORSRules[0]: must be a map", true},
        {"Resources: []", "warning: source: has no CORS rules of a bucket", false},
        {"Resources: {B: {Properties: {}}}", "warning: source: has no CORS rules of a bucket",
         false},
        {"root_module: {child_modules: [{resources: [{values: {}}]}]}",
         "warning: source: has no CORS rules of a bucket", false},
        {"CORSRules: [{AllowedOrigins: ['*'], AllowedHeaders: ~}]",
         "warning: source, CORSRules[0].AllowedOrigins: S3 allows credentials", false},
        {"Resources: {T: {Type: AWS::SNS::Topic}}",
         "warning: source: has no CORS rules of a "
         "bucket",
         false},
        {"resource: {aws_s3_bucket: {a: {cors_rule: {allowed_origins: ['*']}}, b: {cors_rule: "
         "{allowed_origins: ['*']}}}}",
         "warning: source: has the rules of 2 buckets", false},
        {"CORSRules: [{AllowedOrigins: ['*'], AllowedOrigns: []}]",
         "warning: source, CORSRules[0].AllowedOrigns: is no field that is known", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        (void)read_s3_cors(in.view());
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(in.problems.errors() == (r.is_error ? 1 : 0));
    }
}
