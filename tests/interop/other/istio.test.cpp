// SPDX-License-Identifier: MIT
#include <corsac/interop/other/istio.hpp>

#include <corsac/interop/matchers/re2.hpp>
#include <corsac/interop/other/gloo.hpp>
#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <cstdint>
#include <string>
#include <string_view>

namespace {

using list = corsac::text_list;

}  // namespace

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

TEST_CASE("a time is a duration of Go's or a number of seconds") {
    struct row {
        const char* written;
        std::int64_t seconds;  ///< -1 for none
        const char* says;
    };
    constexpr row rows[] = {
        {"24h", 86400, ""},
        {"1m30s", 90, ""},
        {"500ms", 0, ""},
        {"300", 300, ""},
        {"'300'", 300, ""},
        {"~", -1, ""},
        {"1d", -1,
         "warning: source, maxAge: is left out: durations have no unit d there either; write "
         "hours"},
        {"d", -1, "warning: source, maxAge: is left out"},
        {"soon", -1, "error: source, maxAge: is no duration: write numbers with h, m or s"},
        {"''", -1, "error: source, maxAge: is no duration"},
        {"'1234567890'", -1, "error: source, maxAge: is no duration"},
        {"[1]", -1, "error: source, maxAge: must be an integer, not a list"},
    };
    for (const row& r : rows) {
        CAPTURE(r.written);
        input in("{allowOrigins: [{exact: '*'}], unmatchedPreflights: IGNORE, maxAge: " +
                 std::string(r.written) + "}\n");
        CHECK(read_istio_cors(in.view(), {}).options.max_age.value_or(-1) == r.seconds);
        const std::string said = in.said();
        CHECK_MESSAGE((*r.says == '\0' ? said.empty() : said.find(r.says) == 0), said);
    }
}

TEST_CASE("what is of another kind than Istio has is an error, and names nobody") {
    struct row {
        const char* yaml;
        const char* says;
    };
    constexpr row rows[] = {
        {"[]", "error: source: must be a map"},
        {"{allowOrigins: [{exact: [a]}]}",
         "error: source, allowOrigins[0].exact: must be a string"},
        {"{allowOrigins: [[]]}", "error: source, allowOrigins[0]: must be a map"},
        {"{allowOrigins: {exact: a}}", "error: source, allowOrigins: must be a list"},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        CHECK_FALSE(read_istio_cors(in.view(), {}).names_somebody());
        CHECK_MESSAGE(in.says(r.says), in.said());
    }
    input http("{allowOrigins: [{prefix: 'http://'}], unmatchedPreflights: IGNORE}");
    CHECK(read_istio_cors(http.view(), {}).options.allow_origins == list{"http://*:*"});
    CHECK(http.problems.empty());
}

TEST_CASE("with an engine, what is no pattern becomes a matcher beside the options") {
    const interop::regex_engine re2 = interop::re2_engine<RE2>{};
    input in("allowOrigins: [{exact: 'https://a.example'}, {prefix: 'https://'},"
             " {prefix: 'https://app.'}, {regex: 'https://.*\\.b\\.example'},"
             " {regex: 'https://pr-[0-9]+\\.c\\.example'}]\n"
             "unmatchedPreflights: IGNORE\n");
    const interop::imported_cors istio = read_istio_cors(in.view(), re2);
    CHECK_MESSAGE(in.problems.errors() == 0, in.said());
    CHECK(istio.options.allow_origins ==
          list{"https://a.example", "https://*:*", "https://*.b.example"});
    REQUIRE(istio.matchers.size() == 2);
    CHECK(istio.matchers[0].text == "https://app.");
    CHECK(istio.matchers[1].text == R"(https://pr-[0-9]+\.c\.example)");
    CHECK(in.problems.warnings() == 1);
    CHECK(in.says("allowOrigins[2].prefix: \"https://app.\" also accepts https://app.evil.net"));
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
         "allowOrigins[0].prefix: \"https://a.b\" also accepts https://a.b.evil.net, which a "
         "stranger "
         "could own, with credentials"},
        {"any host with credentials",
         "{allowOrigins: [{regex: 'https?://.+'}], allowCredentials: true}",
         "also accepts https://evil.net, which a stranger could own, with credentials"},
        {"a pattern as a prefix", "{allowOrigins: [{prefix: 'https://*.a.example'}]}",
         "allowOrigins[0].prefix: \"https://*.a.example\" is no pattern where it comes from"},
        {"nobody, by an entry that no origin is", "{allowOrigins: [{regex: '(a|b)\\.example'}]}",
         "allowOrigins: allows nobody: no entry matches an origin that a browser sends"},
        {"nobody, by an empty text", "{allowOrigins: [{exact: ''}]}",
         "allowOrigins[0].exact: is empty"},
        {"nobody, by a form that Istio does not know", "{allowOrigins: [{suffix: .a.example}]}",
         "allowOrigins[0]: must have one of exact, prefix and regex"},
        {"two forms", "{allowOrigins: [{exact: 'https://a.example', regex: b}]}",
         "allowOrigins[0]: must have one of exact, prefix and regex"},
        {"null", "{allowOrigins: [~]}", "allowOrigins[0]: must be a map, not null"},
        {"nobody, by no list", "{allowMethods: [PUT]}",
         "allowOrigins: is missing, so that nobody would be allowed; list origins, or write []"},
        {"malformed", "{allowOrigins: [{regex: 'https://('}]}",
         "allowOrigins[0].regex: \"https://(\" is no regular expression of RE2: missing )"},
        {"a wildcard that is none", "{allowOrigins: [{exact: 'https://*.a.example'}]}",
         "allowOrigins[0].exact: \"https://*.a.example\" is no pattern where it comes from"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        input in(r.yaml);
        const auto read = read_istio_cors(in.view(), interop::re2_engine<RE2>{});
        CHECK(in.problems.errors() == 1);
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(read.matchers.empty());
    }
    input gloo("allowOrigin: ['https://*.a.example', ~]\n");
    (void)read_gloo_cors(gloo.view());
    CHECK(gloo.problems.errors() == 2);
    CHECK(gloo.says("allowOrigin[1]: must be a string, not null"));
}

TEST_CASE("what Istio's Envoy takes for everybody is everybody") {
    for (const char* match : {"{exact: '*'}", "{prefix: '*'}", "{regex: '.*'}", "{regex: '\\*'}",
                              "{regex: '(?s).*'}", "{regex: '[^/]+'}"}) {
        CAPTURE(std::string_view(match));
        input in("allowOrigins: [" + std::string(match) + "]\n");
        const auto read = read_istio_cors(in.view(), interop::re2_engine<RE2>{});
        CHECK_MESSAGE(in.problems.errors() == 0, in.said());
        CHECK(read.options.allow_origins == list{"*"});
    }
    input without_engine("allowOrigins: [{prefix: '*'}]\n");
    CHECK(read_istio_cors(without_engine.view()).allow_origins == list{"*"});
}

TEST_CASE("nobody is allowed only where that is written") {
    input in("{allowOrigins: [], allowMethods: [PUT]}\n");
    const auto read = read_istio_cors(in.view(), {});
    CHECK(in.problems.errors() == 0);
    const auto p = make_matched_policy(read);
    REQUIRE(static_cast<bool>(p));
    CHECK_FALSE(p->allows_origin("https://a.example"));
}

TEST_CASE("allowOrigin has no effect beside allowOrigins") {
    input in(
        "{allowOrigins: [{exact: 'https://a.example'}], allowOrigin: ['https://b.example']}\n");
    CHECK(read_istio_cors(in.view()).allow_origins == list{"https://a.example"});
    CHECK(in.says("warning: source, allowOrigin: has no effect in Istio beside allowOrigins"));
    input old("{allowOrigin: ['https://b.example']}\n");
    CHECK(read_istio_cors(old.view()).allow_origins == list{"https://b.example"});
}

TEST_CASE("the policies of a VirtualService, and where others may come from") {
    input in("hosts: [a.example]\n"
             "http:\n"
             "- {name: own, corsPolicy: {allowOrigins: [{exact: 'https://a.example'}]}}\n"
             "- {route: [{destination: {host: b}}]}\n"
             "- {delegate: {name: c, namespace: d}, corsPolicy: {allowOrigins: [{prefix: '*'}]}}\n"
             "- {delegate: {name: e}}\n");
    const auto rules = read_istio_virtual_service(in.view(), {});
    CHECK(in.problems.errors() == 0);
    REQUIRE(rules.size() == 2);
    CHECK(rules[0].rule == 0);
    CHECK(rules[0].name == "own");
    CHECK(rules[0].cors.options.allow_origins == list{"https://a.example"});
    CHECK(rules[1].rule == 2);
    REQUIRE(in.problems.notes().size() == 3);
    CHECK(in.problems.notes()[0].text() ==
          "note: source, http[1]: has no corsPolicy, and takes none from elsewhere: requests to it "
          "get no CORS headers but the application's");
    CHECK(in.problems.notes()[1].text() ==
          "note: source, http[2]: delegates to VirtualService d/c, whose rules without a "
          "corsPolicy take this one; that is not read here");
    CHECK(in.problems.notes()[2].text() ==
          "note: source, http[3]: delegates to VirtualService e, whose policies are not read here");

    input delegate("http: [{route: [{destination: {host: b}}]}]\n");
    CHECK(read_istio_virtual_service(delegate.view(), {}).empty());
    REQUIRE(delegate.problems.notes().size() == 1);
    CHECK(delegate.problems.notes()[0].text() ==
          "note: source, http[0]: has no corsPolicy, and takes that of the rule which delegates "
          "to this VirtualService; that is not read here");
}
