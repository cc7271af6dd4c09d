// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_S3_HPP
#define CORSAC_INTEROP_OTHER_S3_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/policy/policy_options.hpp>

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0::interop {

namespace detail {

/// A field in whichever spelling it has: S3's JSON, its XML, CloudFormation or Terraform.
[[nodiscard]] inline document_view s3_field(const document_view& rule,
                                            std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const document_view found = rule[name]) return found;
    }
    return rule[*names.begin()];
}

/// A list, or the one element that XML has instead of it.
[[nodiscard]] inline std::vector<std::string> s3_list(const document_view& view) {
    if (view && view.value()->kind() == document_kind::string) return {view.string()};
    return view.strings();
}

/// The rules inside of what they stand in.
[[nodiscard]] inline document_view s3_rules(const document_view& view) {
    for (const std::string_view name : {"CORSConfiguration", "CorsConfiguration"}) {
        if (const document_view inside = view[name]) return s3_rules(inside);
    }
    for (const std::string_view name : {"CORSRules", "CORSRule", "CorsRules", "cors_rule"}) {
        if (const document_view inside = view[name]) return inside;
    }
    return view;
}

[[nodiscard]] inline policy_options read_s3_rule(const document_view& rule) {
    policy_options options;
    const document_view origins =
        s3_field(rule, {"AllowedOrigins", "AllowedOrigin", "allowed_origins"});
    options.allow_origins = s3_list(origins);
    options.allow_methods =
        s3_list(s3_field(rule, {"AllowedMethods", "AllowedMethod", "allowed_methods"}));
    options.allow_headers =
        s3_list(s3_field(rule, {"AllowedHeaders", "AllowedHeader", "allowed_headers"}));
    options.expose_headers = s3_list(
        s3_field(rule, {"ExposeHeaders", "ExposeHeader", "ExposedHeaders", "expose_headers"}));
    options.max_age = s3_field(rule, {"MaxAgeSeconds", "MaxAge", "max_age_seconds"}).integer();
    options.disclose_requested_only = true;  // as S3 does
    origins.warning("S3 allows credentials unless every origin is allowed; here that has to be "
                    "said");
    return options;
}

}  // namespace detail

/// Reads the CORS rules of an S3 bucket, one policy for each. S3 takes the first that fits origin,
/// method and headers; here a policy is chosen by host and path, so one of them has to be.
///
/// @param rules  As S3's JSON, as a tree of its XML, as CloudFormation's `CorsConfiguration` or as
///               Terraform's `cors_rule`; with or without what they stand in.
///
/// Spec: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
[[nodiscard]] inline std::vector<policy_options> read_s3_cors(const document_view& rules) {
    std::vector<policy_options> policies;
    const auto read = [&](const document_view& rule) {
        if (!rule.is_map({"ID", "Id", "id", "AllowedOrigins", "AllowedOrigin", "allowed_origins",
                          "AllowedMethods", "AllowedMethod", "allowed_methods", "AllowedHeaders",
                          "AllowedHeader", "allowed_headers", "ExposeHeaders", "ExposeHeader",
                          "ExposedHeaders", "expose_headers", "MaxAgeSeconds", "MaxAge",
                          "max_age_seconds"})) {
            return;
        }
        policies.push_back(detail::read_s3_rule(rule));
    };
    const document_view inside = detail::s3_rules(rules);
    if (inside && inside.value()->kind() == document_kind::map) {
        read(inside);
    } else {
        inside.each(read);
    }
    if (policies.size() > 1) {
        rules.warning("S3 tries one rule after the other; here each is a policy of its own");
    }
    return policies;
}

}  // namespace corsac::inline v0::interop

#endif
