// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_S3_HPP
#define CORSAC_INTEROP_OTHER_S3_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// A field in whichever spelling it has: S3's JSON, its XML, CloudFormation or Terraform.
[[nodiscard]] inline document_view s3_field(const document_view& rule,
                                            std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        if (const document_view found = rule[name]) return found;
    }
    return rule[*names.begin()];
}

/// Calls `f(view)` for a map or each map of a list: a lone element of XML or a lone block of
/// Terraform is no list.
template <class F>
void each_s3_block(const document_view& view, const F& f) {
    if (view && view.value()->kind() == document_kind::map) return f(view);
    view.each(f);
}

/// A list, or the one element that XML has instead of it.
[[nodiscard]] inline std::vector<std::string> s3_list(const document_view& view) {
    const bool lone = view && view.value()->kind() == document_kind::string;
    std::vector<std::string> items =
        lone ? std::vector<std::string>{view.string()} : view.strings();
    for (const std::string& item : items) {
        if (item.find("${") == item.npos) continue;
        view.error('"' + item + "\" is computed by a template; read what that makes of it");
    }
    return items;
}

/// Seconds, also as a text, which CloudFormation takes.
[[nodiscard]] inline std::optional<std::int64_t> s3_seconds(const document_view& view) {
    if (!view || view.value()->kind() != document_kind::string) return view.integer();
    const std::string text = view.string();
    if (!text.empty() && text.size() <= 9 && text.find_first_not_of("0123456789") == text.npos) {
        return std::stoll(text);
    }
    view.error("is no number of seconds");
    return std::nullopt;
}

/// Calls `f(name, value)` for every entry of a map.
template <class F>
void each_s3_field(const document_view& map, const F& f) {
    if (!map || map.value()->kind() != document_kind::map) return;
    for (std::size_t i = 0; i < map.value()->size(); ++i) {
        f(map.value()->key(i), map[map.value()->key(i)]);
    }
}

/// The rules of every bucket, in whatever they stand in.
inline void find_s3_rules(const document_view& view, std::vector<document_view>& found) {
    if (!view) return;
    if (view["Resources"]) {  // a template of CloudFormation
        return each_s3_field(view["Resources"],
                             [&](std::string_view, const document_view& resource) {
                                 const document_view type = resource["Type"];
                                 if (!type || type.value()->text() != "AWS::S3::Bucket") return;
                                 find_s3_rules(resource["Properties"]["CorsConfiguration"], found);
                             });
    }
    if (view["resource"]) {  // a .tf.json: type, name, then one block or several
        for (const std::string_view type : {"aws_s3_bucket_cors_configuration", "aws_s3_bucket"}) {
            each_s3_field(view["resource"][type],
                          [&](std::string_view, const document_view& resource) {
                              each_s3_block(resource, [&](const document_view& block) {
                                  if (block["cors_rule"]) find_s3_rules(block, found);
                              });
                          });
        }
        return;
    }
    for (const std::string_view name : {"planned_values", "values", "root_module"}) {
        if (view[name]) return find_s3_rules(view[name], found);  // of `terraform show -json`
    }
    if (view["resources"] || view["child_modules"]) {
        view["resources"].each([&](const document_view& resource) {
            const document_view rules = resource["values"]["cors_rule"];
            if (rules && rules.value()->size() != 0) found.push_back(rules);
        });
        return view["child_modules"].each(
            [&](const document_view& module) { find_s3_rules(module, found); });
    }
    for (const std::string_view name : {"CORSConfiguration", "CorsConfiguration", "Properties"}) {
        if (view[name]) return find_s3_rules(view[name], found);
    }
    for (const std::string_view name : {"CORSRules", "CORSRule", "CorsRules", "cors_rule"}) {
        if (view[name]) return found.push_back(view[name]);
    }
    found.push_back(view);
}

[[nodiscard]] inline policy_options read_s3_rule(const document_view& rule) {
    policy_options options;
    const document_view origins =
        s3_field(rule, {"AllowedOrigins", "AllowedOrigin", "allowed_origins"});
    const std::size_t errors = rule.problems().errors();
    options.allow_origins = s3_list(origins);
    check_allows_somebody(origins, !options.allow_origins.empty(), errors);
    options.allow_methods =
        s3_list(s3_field(rule, {"AllowedMethods", "AllowedMethod", "allowed_methods"}));
    options.allow_headers =
        s3_list(s3_field(rule, {"AllowedHeaders", "AllowedHeader", "allowed_headers"}));
    options.expose_headers = s3_list(
        s3_field(rule, {"ExposeHeaders", "ExposeHeader", "ExposedHeaders", "expose_headers"}));
    options.max_age = s3_seconds(s3_field(rule, {"MaxAgeSeconds", "MaxAge", "max_age_seconds"}));
    options.disclose_requested_only = true;  // as S3 does
    origins.warning("S3 allows credentials unless every origin is allowed; here that has to be "
                    "said");
    return options;
}

}  // namespace detail

/// Reads the CORS rules of S3 buckets, one policy for each. S3 takes the first that fits origin,
/// method and headers; here a policy is chosen by host and path, so one of them has to be.
///
/// @param rules  As S3's JSON, as its XML (`xml_node`), or as they stand in a template of
///               CloudFormation, in a `.tf.json` of Terraform or in what `terraform show -json`
///               prints, which is also the way from HCL; a whole file or any part of it from the
///               rules up.
///
/// Spec: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
[[nodiscard]] inline std::vector<policy_options> read_s3_cors(const document_view& rules) {
    std::vector<policy_options> policies;
    std::vector<document_view> found;
    detail::find_s3_rules(rules, found);
    for (const document_view& list : found) {
        detail::each_s3_block(list, [&](const document_view& rule) {
            if (!rule.is_map({"ID", "Id", "id", "AllowedOrigins", "AllowedOrigin",
                              "allowed_origins", "AllowedMethods", "AllowedMethod",
                              "allowed_methods", "AllowedHeaders", "AllowedHeader",
                              "allowed_headers", "ExposeHeaders", "ExposeHeader", "ExposedHeaders",
                              "expose_headers", "MaxAgeSeconds", "MaxAge", "max_age_seconds"})) {
                return;
            }
            policies.push_back(detail::read_s3_rule(rule));
        });
    }
    if (found.empty()) rules.warning("has no CORS rules of a bucket");
    if (found.size() > 1) {
        rules.warning("has the rules of " + std::to_string(found.size()) +
                      " buckets; each rule is a policy of its own here");
    } else if (policies.size() > 1) {
        rules.warning("S3 tries one rule after the other; here each is a policy of its own");
    }
    return policies;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
