// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_S3_HPP
#define CORSAC_INTEROP_OTHER_S3_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/policy/policy_options.hpp>

#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

/// Reads the CORS rules of an S3 bucket, one policy for each. S3 takes the first that fits origin,
/// method and headers; here a policy is chosen by host and path, so one of them has to be.
///
/// Spec: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
[[nodiscard]] inline std::vector<policy_options> read_s3_cors(const document_view& rules) {
    std::vector<policy_options> policies;
    rules.each([&](const document_view& rule) {
        if (!rule.is_map({"ID", "AllowedOrigins", "AllowedMethods", "AllowedHeaders",
                          "ExposeHeaders", "MaxAgeSeconds"})) {
            return;
        }
        policy_options options;
        options.allow_origins = rule["AllowedOrigins"].strings();
        options.allow_methods = rule["AllowedMethods"].strings();
        options.allow_headers = rule["AllowedHeaders"].strings();
        options.expose_headers = rule["ExposeHeaders"].strings();
        options.max_age = rule["MaxAgeSeconds"].integer();
        options.disclose_requested_only = true;  // as S3 does
        rule["AllowedOrigins"].warning(
            "S3 allows credentials unless every origin is allowed; here that has to be said");
        policies.push_back(std::move(options));
    });
    if (policies.size() > 1) {
        rules.warning("S3 tries one rule after the other; here each is a policy of its own");
    }
    return policies;
}

}  // namespace corsac::inline v0::interop

#endif
