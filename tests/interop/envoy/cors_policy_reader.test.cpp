// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/cors_policy_reader.hpp>

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/envoy/cors_policy_writer.hpp>
#include <corsac/interop/matchers/re2.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using form = interop::string_matcher::form;
using list = corsac::text_list;

const interop::regex_engine engine = interop::re2_engine<RE2>{};

/// Every field set to something else than its default.
interop::envoy_cors full() {
    interop::envoy_cors p;
    p.allow_origins = {{form::exact, "https://a.example", false, {}},
                       {form::prefix, "HTTPS://b.", true, {}},
                       {form::suffix, ".c.example", false, {}},
                       {form::contains, "d", true, {}},
                       make_regex_matcher(R"(^https://(e|f)\.example(:\d{2,5})?$)", engine)};
    p.allow_methods = "GET, PUT";
    p.allow_headers = "x-a,x-b";
    p.expose_headers = "*";
    p.max_age = "600";
    p.allow_credentials = false;
    p.allow_private_network = true;
    p.forward_not_matching_preflights = false;
    p.enabled = false;
    p.shadow = true;
    return p;
}

/// Each field of `full` set or not, every combination.
interop::envoy_cors part_of(const interop::envoy_cors& all, unsigned bits) {
    interop::envoy_cors p = all;
    if ((bits & 1) != 0) p.allow_origins.clear();
    if ((bits & 2) != 0) p.allow_methods.clear();
    if ((bits & 4) != 0) p.allow_headers.clear();
    if ((bits & 8) != 0) p.expose_headers.clear();
    if ((bits & 16) != 0) p.max_age.clear();
    if ((bits & 32) != 0) p.allow_credentials.reset();
    if ((bits & 64) != 0) p.allow_private_network.reset();
    if ((bits & 128) != 0) p.forward_not_matching_preflights.reset();
    if ((bits & 256) != 0) p.enabled = true;
    if ((bits & 512) != 0) p.shadow = false;
    return p;
}

}  // namespace

TEST_CASE("what is written is read again, and written again the same") {
    for (unsigned bits = 0; bits < 1024; ++bits) {
        const interop::envoy_cors p = part_of(full(), bits);
        const std::string written = to_yaml(to_document(p));
        input in(written);
        const interop::envoy_cors read = read_envoy_cors(in.view(), engine);
        if (read == p && in.problems.empty() && to_yaml(to_document(read)) == written) continue;
        CAPTURE(bits);
        CAPTURE(written);
        FAIL_CHECK(in.said());
    }
    input in(to_yaml(to_document(full())));
    CHECK(read_envoy_cors(in.view(), engine).allow_origins[4].matches("https://f.example:8443"));
}

TEST_CASE("a CorsPolicy in Envoy's own spelling, alone and in its place") {
    const std::string fields =
        "{'@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3."
        "CorsPolicy, allow_origin_string_match: [{exact: 'https://a.example'},"
        " {safe_regex: {google_re2: {}, regex: 'https://b.*'}}],"
        " allow_methods: 'GET', allow_headers: 'x-a', expose_headers: 'x-b',"
        " max_age: '5', allow_credentials: true,"
        " allow_private_network_access: true,"
        " forward_not_matching_preflights: false,"
        " filter_enabled: {default_value: {numerator: 0, denominator: HUNDRED},"
        " runtime_key: k}, shadow_enabled: {default_value: {numerator: 1000000,"
        " denominator: MILLION}}}";
    for (const std::string& yaml :
         {fields, "envoy.filters.http.cors: " + fields,
          "typed_per_filter_config: {envoy.filters.http.cors: " + fields + "}",
          "typedPerFilterConfig: {envoy.filters.http.cors: " + fields + "}"}) {
        CAPTURE(yaml);
        input in(yaml);
        const interop::envoy_cors read = read_envoy_cors(in.view(), engine);
        CHECK_MESSAGE(in.problems.empty(), in.said());
        CHECK(read.allow_origins ==
              std::vector<interop::string_matcher>{{form::exact, "https://a.example", false, {}},
                                                   {form::regex, "https://b.*", false, {}}});
        CHECK(read.allow_methods == "GET");
        CHECK(read.allow_headers == "x-a");
        CHECK(read.expose_headers == "x-b");
        CHECK(read.max_age == "5");
        CHECK(read.allow_credentials == true);
        CHECK(read.allow_private_network == true);
        CHECK(read.forward_not_matching_preflights == false);
        CHECK_FALSE(read.enabled);
        CHECK(read.shadow);
    }
    const corsac::result<corsac::policy> p =
        corsac::make_policy({.allow_origins = {"https://a.example", "https://*.b.example:*"}});
    const interop::exported config = interop::to_envoy(*p, {});
    input exported(to_yaml(*config.value));
    const interop::envoy_cors read = read_envoy_cors(exported.view(), engine);
    CHECK_MESSAGE(exported.problems.empty(), exported.said());
    REQUIRE(read.allow_origins.size() == 2);
    CHECK(read.allow_origins[1].matches("https://x.b.example:8443"));
    input disabled(to_yaml(interop::to_envoy_disabled()));
    CHECK_FALSE(read_envoy_cors(disabled.view(), engine).enabled);
    CHECK(disabled.problems.empty());
}

TEST_CASE("what is wrong with a CorsPolicy is said with its path") {
    struct row {
        const char* yaml;
        const char* says;
        bool is_error;
    };
    const row rows[] = {
        {"[]", "error: source: must be a map, not a list", true},
        {"'@type': type.googleapis.com/google.protobuf.Struct",
         "error: source, @type: is no CorsPolicy", true},
        {"typed_per_filter_config: {envoy.filters.http.fault: {}}",
         "error: source, typed_per_filter_config.envoy.filters.http.cors: is missing", true},
        {"allow_origin_string_match: [{prefix: ''}]",
         "error: source, allow_origin_string_match[0].prefix: is empty", true},
        {"allow_origin_string_match: [~]",
         "error: source, allow_origin_string_match[0]: must be a map, not null", true},
        {"allowOriginStringMatch: [{exact: a}, {safeRegex: {regex: '['}}]",
         "error: source, allowOriginStringMatch[1].safeRegex.regex: is no regular", true},
        {"max_age: 5", "error: source, max_age: must be a string, not an integer", true},
        {"{maxAge: '5', max_age: '5'}", "error: source, maxAge: is the same field as max_age",
         true},
        {"allow_credentials: 'true'", "error: source, allow_credentials: must be true or false",
         true},
        {"filter_enabled: {}", "error: source, filter_enabled: has no default_value", true},
        {"filter_enabled: {default_value: {numerator: 1, denominator: DOZEN}}",
         "filter_enabled.default_value.denominator: must be HUNDRED", true},
        {"filter_enabled: {default_value: {numerator: -1}}", "numerator: is negative", true},
        {"filter_enabled: {default_value: {numerator: 50}}",
         "warning: source, filter_enabled.default_value: is a part of the requests", false},
        {"filter_enabled: {default_value: {numerator: 9999, denominator: TEN_THOUSAND}}",
         "warning: source, filter_enabled.default_value: is a part of the requests", false},
        {"allow_origin: ['*']", "warning: source, allow_origin: is no field that is known", false},
        {"allow_origin_string_match: [{safe_regex: {regex: '[^/]+'}}]",
         "warning: source, allow_origin_string_match[0]: matches the text \"*\"", false},
    };
    for (const row& r : rows) {
        CAPTURE(std::string_view(r.yaml));
        input in(r.yaml);
        (void)read_envoy_cors(in.view(), engine);
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK((in.problems.errors() != 0) == r.is_error);
        CHECK(in.problems.errors() + in.problems.warnings() == 1);
    }
}

TEST_CASE("a CorsPolicy as a policy of one's own") {
    input in("allow_origin_string_match: [{exact: 'https://a.example'},"
             " {safe_regex: {regex: '^https://.*\\.b\\.example$'}}, {suffix: .c.example},"
             " {safe_regex: {regex: 'https://(d|e)\\.example'}}]\n"
             "allow_methods: 'GET, PUT, OPTIONS'\nallow_headers: '*'\nexpose_headers: 'X-A,X-B'\n"
             "max_age: '600'\nallow_credentials: true\n");
    const auto made = import_envoy_cors(in.view(), engine);
    REQUIRE(made.has_value());
    CHECK_MESSAGE(in.problems.errors() == 0, in.said());
    CHECK(made->options.allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(made->matchers.size() == 2);
    CHECK(made->options.allow_methods == list{"GET", "PUT", "OPTIONS"});
    CHECK(made->options.allow_headers == list{"*", "Authorization"});
    CHECK(made->options.expose_headers == list{"X-A", "X-B"});
    CHECK(made->options.max_age == 600);
    CHECK(made->options.allow_credentials);
    CHECK(in.says("Envoy leaves it to the browser whether method and headers are allowed"));
    CHECK(in.says("Envoy lets refused preflights reach the application"));
    CHECK_FALSE(in.says("does not set"));
    const auto p = make_matched_policy(*made);
    REQUIRE(static_cast<bool>(p));
    for (const char* origin :
         {"https://a.example", "https://x.b.example", "https://x.c.example", "https://d.example"}) {
        CAPTURE(std::string_view(origin));
        CHECK(p->allows_origin(origin));
    }
    for (const char* origin : {"https://b.example", "https://evilc.example", "http://x.c.example",
                               "https://d.example.evil.example", "null", "*"}) {
        CAPTURE(std::string_view(origin));
        CHECK_FALSE(p->allows_origin(origin));
    }
}

TEST_CASE("what Envoy does by default is reported, and what is not meant is refused") {
    struct row {
        const char* yaml;
        const char* says;
        std::size_t errors;
    };
    const row rows[] = {
        {"allow_origin_string_match: []",
         "does not set allow_origin_string_match, allow_methods, allow_headers", 0},
        {"{}",
         "error: source, allow_origin_string_match: is missing, so that nobody would be allowed",
         1},
        {"{forward_not_matching_preflights: true, allowOriginStringMatch: []}",
         "Envoy lets refused preflights reach", 0},
        {"{allow_methods: '*, PUT', allowOriginStringMatch: []}",
         "warning: source, allow_methods: has *, which Envoy knows only", 0},
        {"{allowHeaders: '*, x-a', allowOriginStringMatch: []}",
         "warning: source, allowHeaders: has *, which Envoy knows only", 0},
        {"{max_age: '1234567890', allowOriginStringMatch: []}",
         "error: source, max_age: is no number of seconds", 1},
        {"{max_age: 24h, allowOriginStringMatch: []}",
         "error: source, max_age: is no number of seconds", 1},
        {"allow_origin_string_match: [{safe_regex: {regex: '(?s).*'}}]",
         "warning: source, allow_origin_string_match[0]: matches the text \"*\", so Envoy allows "
         "every origin",
         0},
        {"allow_origin_string_match: [{suffix: .a.example/}]",
         "warning: source, allow_origin_string_match[0]: \".a.example/\" matches no origin that a "
         "browser sends, and is left out",
         1},
        {"allow_origin_string_match: [{suffix: .a.example/}, {safe_regex: {regex: '(a|b).c'}}]",
         "error: source, allow_origin_string_match: allows nobody: no entry matches an origin that "
         "a browser sends; if that is meant, write []",
         1},
        {"allow_origin_string_match: [{prefix: 'https://*.a.example'}]",
         "error: source, allow_origin_string_match[0]: \"https://*.a.example\" is no pattern", 1},
        {"{allow_credentials: true, allow_origin_string_match: [{prefix: 'https://a.'}]}",
         "error: source, allow_origin_string_match[0]: \"https://a.\" also accepts "
         "https://a.evil.net, which a stranger could own, with credentials",
         1},
        {"{allowOriginStringMatch: [{prefix: 'https://a.'}], allowCredentials: false}",
         "warning: source, allowOriginStringMatch[0]: \"https://a.\" also accepts "
         "https://a.evil.net",
         0},
        {"allow_origin_string_match: [{exact: 'https://*.a.example'}]",
         "error: source, allow_origin_string_match[0]: \"https://*.a.example\" is no pattern", 1},
    };
    for (const row& r : rows) {
        CAPTURE(std::string_view(r.yaml));
        input in(r.yaml);
        (void)import_envoy_cors(in.view(), engine);
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(in.problems.errors() == r.errors);
    }
    // Each was seen to allow every origin in Envoy 1.40, with credentials, too.
    for (const char* matcher : {"{exact: '*'}", "{prefix: '*'}", "{suffix: '*'}", "{contains: '*'}",
                                "{prefix: '*', ignore_case: true}", "{safe_regex: {regex: '.*'}}",
                                "{safe_regex: {regex: '\\*'}}", "{safe_regex: {regex: '[^/]+'}}",
                                "{safe_regex: {regex: '\\*|https://a\\.example'}}"}) {
        CAPTURE(std::string_view(matcher));
        const std::string origins = "allow_origin_string_match: [" + std::string(matcher) + "]";
        input any("{" + origins + ", allow_credentials: true}");
        const auto everybody = import_envoy_cors(any.view(), engine);
        REQUIRE(everybody.has_value());
        CHECK(any.problems.errors() == 0);
        CHECK(everybody->options.allow_origins == list{"*"});
        CHECK_FALSE(make_matched_policy(*everybody));
        input anonymous(origins);
        const auto p = make_matched_policy(*import_envoy_cors(anonymous.view(), engine));
        REQUIRE(static_cast<bool>(p));
        CHECK(p->allows_origin("https://evil.example"));
    }
    input off("{filter_enabled: {default_value: {numerator: 0}}}");
    CHECK_FALSE(import_envoy_cors(off.view(), engine).has_value());
    input counted("{allow_origin_string_match: [{exact: 'https://a.example'}],"
                  " filter_enabled: {default_value: {numerator: 0}},"
                  " shadow_enabled: {default_value: {numerator: 100}}}");
    CHECK(import_envoy_cors(counted.view(), engine)->options.shadow);
}

TEST_CASE("kgateway's policies are read without an engine") {
    const interop::envoy_cors sent = interop::to_envoy_cors(
        {.allow_origins = {"https://example.com", "https://*.notexample.com", "http://*", "*"}});
    input in(to_yaml(to_document(sent)));
    const interop::envoy_cors read = read_envoy_cors(in.view(), interop::compile_simple_regex);
    CHECK_MESSAGE(in.problems.errors() == 0, in.said());
    CHECK(in.says("allowOriginStringMatch[3]: matches the text \"*\""));
    CHECK(read == sent);
    CHECK(read.allow_origins[1].matches("https://x.notexample.com"));
    CHECK_FALSE(read.allow_origins[1].matches("https://notexample.com"));
}
