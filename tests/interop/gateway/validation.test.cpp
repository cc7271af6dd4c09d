// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/validation.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using list = std::vector<std::string>;

struct row {
    std::string about;
    interop::cors_filter filter;
    std::vector<std::string> paths{};  ///< of the problems; none if it is accepted
};

std::vector<std::string> problem_paths(const interop::cors_filter& filter) {
    interop::manifest_problems problems;
    interop::validate(filter, "HTTPRoute a/b", "cors", problems);
    std::vector<std::string> paths;
    for (const interop::manifest_problem& problem : problems) {
        CAPTURE(problem.text());
        CHECK(problem.is_error);
        CHECK(problem.object == "HTTPRoute a/b");
        paths.push_back(problem.path);
    }
    return paths;
}

void holds(const row& r) {
    CAPTURE(r.about);
    CHECK(problem_paths(r.filter) == r.paths);
}

list repeated(std::size_t count, const std::string& prefix) {
    list items;
    for (std::size_t i = 0; i < count; ++i) items.push_back(prefix + std::to_string(i));
    return items;
}

}  // namespace

TEST_CASE("origins: what the CRD's tests accept") {
    holds({"several",
           {.allow_origins = {"https://xpto.com", "http://*.abcd.com", "http://*.abcd.com:12345",
                              "https://*:443", "https://*"}}});
    for (const char* origin :
         {"*", "https://*.com", "http://a", "https://UPPER.example", "https://a.b:0",
          "https://a.b:99999", "http://127.0.0.1:1", "https://-a-.b-", "https://*:1"}) {
        holds({origin, {.allow_origins = {origin}}});
    }
}

TEST_CASE("origins: what the CRD's tests reject") {
    holds({"* beside another", {.allow_origins = {"*", "https://a.com"}}, {"cors.allowOrigins"}});
    for (const char* origin : {"xpto.com",
                               "https://xpto.com:notaport",
                               "xpto/https://xpto.com",
                               "https://xpto.com:111111",
                               "https://xpto.com:",
                               "https://xpto.com/cart",
                               "spiffe://xpto.com",
                               "http://*bar.com",
                               "http://bar*.com",
                               "http://bar.*.com",
                               "http://*bar",
                               "http://bar*",
                               "http://*.bar.*.dev",
                               "",
                               "http://",
                               "https://a..b",
                               "https://.a",
                               "https://a.",
                               "https://a.b/",
                               "http://a_b",
                               "https://u@a.b",
                               "http://[::1]",
                               "null",
                               "https://*.",
                               "https://**",
                               "HTTPS://a.b",
                               "https://a.b ",
                               " https://a.b",
                               "https://*.*"}) {
        holds({origin, {.allow_origins = {origin}}, {"cors.allowOrigins[0]"}});
    }
    holds({"253 characters at most",
           {.allow_origins = {"https://" + std::string(246, 'a')}},
           {"cors.allowOrigins[0]"}});
    holds({"just short enough", {.allow_origins = {"https://" + std::string(245, 'a')}}});
}

TEST_CASE("methods, headers and numbers") {
    const row rows[] = {
        {"the methods of the CRD's tests", {.allow_methods = {"GET", "OPTIONS", "POST"}}},
        {"every method",
         {.allow_methods = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                            "PATCH"}}},
        {"* alone", {.allow_methods = {"*"}, .allow_headers = {"*"}, .expose_headers = {"*"}}},
        {"no such method", {.allow_methods = {"BAZINGA"}}, {"cors.allowMethods[0]"}},
        {"lower case", {.allow_methods = {"get"}}, {"cors.allowMethods[0]"}},
        {"* among methods", {.allow_methods = {"GET", "*", "POST"}}, {"cors.allowMethods"}},
        {"* among headers", {.allow_headers = {"*", "x-a"}}, {"cors.allowHeaders"}},
        {"* among exposed headers is accepted", {.expose_headers = {"*", "x-a"}}},
        {"a wildcard in a name is a name", {.allow_headers = {"X-Custom-*"}}},
        {"no header name", {.allow_headers = {"a b"}}, {"cors.allowHeaders[0]"}},
        {"no header name", {.expose_headers = {"ok", ""}}, {"cors.exposeHeaders[1]"}},
        {"a name of 256", {.allow_headers = {std::string(256, 'a')}}},
        {"a name of 257", {.allow_headers = {std::string(257, 'a')}}, {"cors.allowHeaders[0]"}},
        {"64 headers", {.allow_headers = repeated(64, "x-"), .expose_headers = repeated(64, "x-")}},
        {"65 headers",
         {.allow_headers = repeated(65, "x-"), .expose_headers = repeated(65, "x-")},
         {"cors.allowHeaders", "cors.exposeHeaders"}},
        {"65 origins", {.allow_origins = repeated(65, "https://a")}, {"cors.allowOrigins"}},
        {"a set", {.allow_origins = {"https://a", "https://a"}}, {"cors.allowOrigins[1]"}},
        {"a set is case-sensitive", {.allow_headers = {"X-A", "x-a"}}},
        {"ten methods",
         {.allow_methods = {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE",
                            "PATCH", "*"}},
         {"cors.allowMethods", "cors.allowMethods"}},
        {"maxAge 1", {.max_age = 1}},
        {"maxAge 0", {.max_age = 0}, {"cors.maxAge"}},
        {"maxAge -1", {.max_age = -1}, {"cors.maxAge"}},
        {"maxAge of 32 bits", {.max_age = 2147483647}},
        {"more", {.max_age = 2147483648}, {"cors.maxAge"}},
        {"an empty filter", {}},
        {"all problems at once",
         {.allow_origins = {"a", "https://b"}, .allow_methods = {"X"}, .max_age = 0},
         {"cors.allowOrigins[0]", "cors.allowMethods[0]", "cors.maxAge"}},
    };
    for (const row& r : rows) holds(r);
}

namespace {

/// A route with one rule whose filters are given as YAML in flow style.
std::string route_with(const std::string& filters, const std::string& backend_filters = "[]") {
    return "apiVersion: gateway.networking.k8s.io/v1\n"
           "kind: HTTPRoute\n"
           "metadata: {name: r, namespace: n}\n"
           "spec:\n"
           "  rules:\n"
           "  - filters: " +
           filters +
           "\n"
           "    backendRefs: [{name: b, port: 80, filters: " +
           backend_filters + "}]\n";
}

}  // namespace

TEST_CASE("filters: what the CRD demands of the list") {
    struct filter_row {
        const char* about;
        std::string yaml;
        const char* problem;
    };
    const std::string cors = "{type: CORS, cors: {allowOrigins: ['*']}}";
    std::string many = "[";
    for (int i = 0; i < 17; ++i) many += "{type: RequestMirror, requestMirror: {}},";
    const filter_row rows[] = {
        {"one is fine", route_with("[" + cors + "]"), ""},
        {"an empty one is fine", route_with("[{type: CORS, cors: {}}]"), ""},
        {"twice in a rule", route_with("[" + cors + ", " + cors + "]"),
         "spec.rules[0].filters[1]: CORS filter cannot be repeated"},
        {"once in the rule and once in the backend", route_with("[" + cors + "]", "[" + cors + "]"),
         ""},
        {"twice in a backend", route_with("[]", "[" + cors + ", " + cors + "]"),
         "spec.rules[0].backendRefs[0].filters[1]: CORS filter cannot be repeated"},
        {"the type without the field", route_with("[{type: CORS}]"),
         "spec.rules[0].filters[0]: filter.cors must be specified for CORS filter.type"},
        {"the field without the type", route_with("[{type: URLRewrite, cors: {}}]"),
         "spec.rules[0].filters[0].cors: filter.cors must be nil if the filter.type is not CORS"},
        {"more than 16", route_with(many + "]"),
         "spec.rules[0].filters: must have at most 16 items"},
    };
    for (const filter_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.yaml);
        CAPTURE(loaded.said());
        CHECK(loaded.import.table.has_value() == (std::string_view(r.problem).empty()));
        CHECK(loaded.said().find(r.problem) != std::string::npos);
    }
}

TEST_CASE("the extended profile takes what corsac can do and the Gateway API cannot") {
    const std::string yaml = route_with(
        "[{type: CORS, cors: {allowOrigins: ['http://localhost:*', 'capacitor://localhost'],"
        " allowHeaders: ['X-Custom-*', '*'], maxAge: 0}}]");
    const manifests::loaded strict = manifests::load(yaml);
    CHECK_FALSE(strict.import.table.has_value());
    CHECK(strict.problems.errors() == 4);

    const manifests::loaded extended = manifests::load(yaml, interop::gateway_profile::extended);
    INFO(extended.said());
    REQUIRE(extended.import.table.has_value());
    const manifests::answer got =
        ask(*extended.import.table, manifests::request{.method = "OPTIONS",
                                                       .origin = "capacitor://localhost",
                                                       .requested_method = "GET",
                                                       .requested_headers = "x-custom-1"});
    CHECK(got["allow-origin"] == "capacitor://localhost");
    CHECK(got["allow-headers"] == "x-custom-1");
    CHECK(got["max-age"] == "0");
}

TEST_CASE("kgateway's profile leaves out what only a comparison of text could match") {
    const std::string yaml =
        route_with("[{type: CORS, cors: {allowOrigins: ['https://a.b*', 'https://c.example']}}]");
    CHECK_FALSE(manifests::load(yaml).import.table.has_value());
    CHECK_FALSE(manifests::load(yaml, interop::gateway_profile::extended).import.table.has_value());

    const manifests::loaded loaded = manifests::load(yaml, interop::gateway_profile::kgateway);
    CHECK(loaded.said().find("cors.allowOrigins[0]: \"https://a.b*\" is compared as text") !=
          std::string::npos);
    REQUIRE(loaded.import.table.has_value());
    const auto allowed = [&](const char* origin) {
        return ask(*loaded.import.table, manifests::request{.origin = origin})["allow-origin"];
    };
    CHECK(allowed("https://c.example") == "https://c.example");
    CHECK(allowed("https://a.b") == "-");
    CHECK(allowed("https://a.bevil.example") == "-");
    REQUIRE(loaded.import.attached[0].filter.has_value());
    CHECK(loaded.import.attached[0].filter->allow_origins[0] == "https://a.b*");  // Envoy's way

    const manifests::loaded nobody =
        manifests::load(route_with("[{type: CORS, cors: {allowOrigins: ['https://a.b*']}}]"),
                        interop::gateway_profile::kgateway);
    CHECK_FALSE(nobody.import.table.has_value());
    CHECK(nobody.said().find("cors.allowOrigins: allows nobody: every entry is left out") !=
          std::string::npos);

    // What is wrong for another reason stays an error.
    CHECK_FALSE(manifests::load(route_with("[{type: CORS, cors: {allowOrigins: ['a.example']}}]"),
                                interop::gateway_profile::kgateway)
                    .import.table.has_value());
}

TEST_CASE("what is legal and doubtful is imported as it is meant, with a warning") {
    struct doubtful {
        const char* about;
        std::string filter;
        manifests::request request;
        const char* header;
        const char* value;
        const char* warning;
    };
    const manifests::request preflight{.method = "OPTIONS",
                                       .origin = "https://a.example",
                                       .requested_method = "PUT",
                                       .requested_headers = "authorization"};
    const doubtful rows[] = {
        {"any origin with credentials is echoed",
         "{allowOrigins: ['*'], allowCredentials: true}",
         {.origin = "https://a.example"},
         "allow-origin",
         "https://a.example",
         "cors.allowOrigins[0]: \"*\" with allowCredentials lets every site act"},
        {"* for headers covers Authorization",
         "{allowOrigins: ['*'], allowMethods: ['*'], allowHeaders: ['*']}", preflight,
         "allow-headers", "authorization", "cors.allowHeaders[0]: \"*\" covers Authorization"},
        {"a wildcard in a header name is literal",
         "{allowOrigins: ['*'], allowMethods: [PUT], allowHeaders: ['X-*', Authorization]}",
         preflight, "allow-headers", "Authorization",
         "cors.allowHeaders[0]: \"X-*\" is one literal name"},
        {"forbidden names",
         "{allowOrigins: ['*'], allowHeaders: [Origin], allowMethods: [TRACE]}",
         {.origin = "https://a.example"},
         "allow-origin",
         "*",
         "cors.allowHeaders[0]: \"Origin\" is a header that no script can set"},
        {"a public suffix",
         "{allowOrigins: ['https://*.example'], allowCredentials: true}",
         {.origin = "https://a.example"},
         "allow-credentials",
         "true",
         "strangers can register"},
        {"a duration",
         "{allowOrigins: ['*'], allowMethods: [PUT], allowHeaders: ['*'], maxAge: 1h}", preflight,
         "max-age", "3600", "cors.maxAge: is the string \"1h\""},
        {"* is exposed as it is without credentials",
         "{allowOrigins: ['*'], exposeHeaders: ['*'], maxAge: 1h}",
         {.origin = "https://a.example"},
         "expose-headers",
         "*",
         "cors.maxAge: is the string"},
        {"a wildcard in an exposed name is literal",
         "{allowOrigins: ['*'], exposeHeaders: ['X-*', X-A]}",
         {.origin = "https://a.example"},
         "expose-headers",
         "X-A",
         "cors.exposeHeaders[0]: \"X-*\" is one literal name in the Gateway API, and is left out"},
        {"what browsers expose anyway",
         "{allowOrigins: ['*'], exposeHeaders: ['X-*', Cache-Control]}",
         {.origin = "https://a.example"},
         "allow-origin",
         "*",
         "cors.exposeHeaders[1]: \"Cache-Control\""},
        {"an origin that anyone on the network can rewrite",
         "{allowOrigins: ['http://a.example'], allowCredentials: true}",
         {.origin = "http://a.example"},
         "allow-credentials",
         "true",
         "cors.allowOrigins[0]: \"http://a.example\" with allowCredentials trusts pages that "
         "anyone on the network can rewrite; the Gateway API allows that"},
        {"no origin at all",
         "{}",
         {.origin = "https://a.example"},
         "allow-origin",
         "-",
         "cors.allowOrigins: no origin is listed"},
        {"* is exposed by name with credentials",
         "{allowOrigins: ['https://a.example'], allowCredentials: true, exposeHeaders: ['*']}",
         {.origin = "https://a.example"},
         "expose-headers",
         "-",
         "cors.exposeHeaders[0]: \"*\" is no wildcard for browsers"},
    };
    for (const doubtful& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded =
            manifests::load(route_with("[{type: CORS, cors: " + r.filter + "}]"));
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(loaded.said().find(r.warning) != std::string::npos);
        CHECK(ask(*loaded.import.table, r.request)[r.header] == r.value);
    }
}

TEST_CASE("what the other profiles take, and what they say of it") {
    struct profile_row {
        const char* about;
        interop::gateway_profile profile;
        std::string filter;
        manifests::request request;
        const char* header;  ///< null if it is refused
        const char* value;
        const char* says;  ///< empty if nothing is said
    };
    const manifests::request preflight{.method = "OPTIONS",
                                       .origin = "https://a.example",
                                       .requested_method = "PUT",
                                       .requested_headers = "authorization,x-a"};
    std::string names;
    for (int i = 0; i < 4097; ++i) names += "x-" + std::to_string(i) + ", ";
    using profile = interop::gateway_profile;
    const profile_row rows[] = {
        {"the origin of sandboxed frames, with credentials",
         profile::extended,
         "{allowOrigins: ['null'], allowCredentials: true}",
         {.origin = "null"},
         "allow-origin",
         "null",
         "cors.allowOrigins[0]: \"null\" with allowCredentials trusts every sandboxed frame of "
         "every "
         "site"},
        {"* beside Authorization", profile::extended,
         "{allowOrigins: ['*'], allowMethods: [PUT], allowHeaders: [Authorization, '*']}",
         preflight, "allow-headers", "authorization,x-a", ""},
        {"Authorization beside *", profile::extended,
         "{allowOrigins: ['*'], allowMethods: [PUT], allowHeaders: ['*', Authorization]}",
         preflight, "allow-headers", "authorization,x-a", ""},
        {"* beside another name", profile::extended,
         "{allowOrigins: ['*'], allowMethods: [PUT], allowHeaders: ['*', X-A]}", preflight,
         "allow-headers", "authorization,x-a",
         "cors.allowHeaders[0]: \"*\" covers Authorization in the Gateway API, and so here"},
        {"a pattern of exposed names, which there is none of",
         profile::extended,
         "{allowOrigins: ['*'], exposeHeaders: ['X-*']}",
         {},
         nullptr,
         "",
         "cors.exposeHeaders[0]: \"X-*\""},
        {"a warning and an error, each once, and a second error",
         profile::extended,
         "{allowOrigins: ['*'], allowCredentials: true, allowHeaders: ['a b', 'c d']}",
         {},
         nullptr,
         "",
         "cors.allowHeaders[1]: \"c d\""},
        {"an error before a warning",
         profile::extended,
         "{allowOrigins: ['a.example', 'https://*'], allowCredentials: true}",
         {},
         nullptr,
         "",
         "cors.allowOrigins[1]: \"https://*\" with allowCredentials lets every site act"},
        {"more names than anybody writes",
         profile::extended,
         "{allowOrigins: ['*'], allowHeaders: [" + names + "]}",
         {},
         nullptr,
         "",
         "cors: lists more than 4096 methods and headers (profile extended)"},
        {"a host of one label in kgateway's way, which is a pattern, too",
         profile::kgateway,
         "{allowOrigins: ['https://*.com']}",
         {.origin = "https://a.com"},
         "allow-origin",
         "https://a.com",
         "(profile kgateway)"},
        {"an error without a wildcard in kgateway's way",
         profile::kgateway,
         "{allowOrigins: ['https://a.example/x']}",
         {},
         nullptr,
         "",
         "has a path, query or fragment; write \"https://a.example\" (profile kgateway)"},
    };
    for (const profile_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded =
            manifests::load(route_with("[{type: CORS, cors: " + r.filter + "}]"), r.profile);
        const std::string said = loaded.said();
        INFO(said);
        CHECK(said.empty() == (*r.says == '\0'));
        const std::size_t at = said.find(r.says);
        CHECK(at != std::string::npos);
        if (*r.says != '\0') CHECK(said.find(r.says, at + 1) == std::string::npos);
        REQUIRE(loaded.import.table.has_value() == (r.header != nullptr));
        if (r.header != nullptr) CHECK(ask(*loaded.import.table, r.request)[r.header] == r.value);
    }
}
