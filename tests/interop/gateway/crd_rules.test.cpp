// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/crd_rules.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

std::string route(const std::string& spec) {
    return "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
           "metadata: {name: r, namespace: n}\nspec: {" +
           spec + "}\n";
}
std::string rule(const std::string& fields) { return route("rules: [{" + fields + "}]"); }
std::string match(const std::string& fields) { return rule("matches: [{" + fields + "}]"); }
std::string path(const std::string& value) { return match("path: {value: '" + value + "'}"); }
std::string filter(const std::string& fields) { return rule("filters: [{" + fields + "}]"); }

std::string gateway(const std::string& listeners) {
    return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
           "metadata: {name: g, namespace: n}\nspec: {gatewayClassName: x, listeners: [" +
           listeners + "]}\n";
}

std::string many(const std::string& item, int count) {
    std::string items = item;
    for (int i = 1; i < count; ++i) items += ", " + item;
    return items;
}

struct row {
    const char* about;
    std::string yaml;
    const char* problem;  ///< empty if there is none
};

}  // namespace

TEST_CASE("what the CRDs reject is an error with its path, by the profile of the Gateway API") {
    const row rows[] = {
        {"a method in lower case", match("method: get"),
         "matches[0].method: \"get\" is none of GET"},
        {"a method that is none", match("method: BAZINGA"), "matches[0].method: \"BAZINGA\""},
        {"a path with a space", path("/a b"), "matches[0].path.value: has a character"},
        {"a path that goes up", path("/../x"), "must not contain '/../'"},
        {"one that ends so", path("/a/.."), "must not end with '/..'"},
        {"an empty element", path("//"), "must not contain '//'"},
        {"a fragment", path("/x?y#z"), "must not contain '#'"},
        {"a query", path("/x?y"), "has a character"},
        {"an encoded slash", path("/a%2fb"), "must not contain '%2f'"},
        {"half an encoded byte", path("/a%2"), "has a character"},
        {"any other encoded byte", path("/a%20b"), ""},
        {"an expression may have all of these",
         match("path: {type: RegularExpression, value: '/a//b#'}"), ""},
        {"a path that is too long", path("/" + std::string(1024, 'a')), "at most 1024"},
        {"a weight below 0", rule("backendRefs: [{name: a, port: 80, weight: -1}]"),
         "backendRefs[0].weight: must be between 0 and 1000000"},
        {"a weight that is too large", rule("backendRefs: [{name: a, port: 80, weight: 1000001}]"),
         "backendRefs[0].weight: must be between 0 and 1000000"},
        {"a port that is none", rule("backendRefs: [{name: a, port: 99999}]"),
         "backendRefs[0].port: must be between 1 and 65535"},
        {"a header name", match("headers: [{name: 'a b', value: c}]"), "headers[0].name: \"a b\""},
        {"an empty value", match("headers: [{name: a, value: ''}]"),
         "headers[0].value: must have 1 to 4096"},
        {"one name twice", match("queryParams: [{name: a, value: b}, {name: a, value: c}]"),
         "queryParams[1].name: Duplicate value: \"a\""},
        {"too many conditions", match("headers: [" + many("{name: a, value: b}", 17) + "]"),
         "matches[0].headers: has 17 items, must have at most 16"},
        {"a hostname in capitals", route("hostnames: [A.example]"), "hostnames[0]: \"A.example\""},
        {"a hostname with a port", route("hostnames: ['a.example:80']"),
         "hostnames[0]: \"a.example:80"},
        {"too many rules", route("rules: [" + many("{}", 17) + "]"), "rules: has 17 items"},
        {"too many matches in all",
         route("rules: [" + many("{matches: [" + many("{}", 64) + "]}", 3) + "]"),
         "must be less than 128"},
        {"a name of a rule", rule("name: A_b"), "rules[0].name: \"A_b\" is no name"},
        {"a parent twice", route("parentRefs: [{name: g}, {name: g}]"),
         "parentRefs[1]: sectionName or port must be unique"},
        {"a redirect and backends",
         rule("filters: [{type: RequestRedirect, requestRedirect: {scheme: https}}], backendRefs: "
              "[{name: a, port: 80}]"),
         "must not be used together with backendRefs"},
        {"a filter without its part", filter("type: URLRewrite"),
         "filters[0]: filter.urlRewrite must be specified for URLRewrite filter.type"},
        {"a part of another filter",
         filter("type: RequestRedirect, requestRedirect: {}, urlRewrite: {}"),
         "urlRewrite: filter.urlRewrite must be nil if the filter.type is not URLRewrite"},
        {"a filter twice",
         rule("filters: [" + many("{type: RequestRedirect, requestRedirect: {}}", 2) + "]"),
         "filters[1]: RequestRedirect filter cannot be repeated"},
        {"a scheme", filter("type: RequestRedirect, requestRedirect: {scheme: ftp}"),
         "requestRedirect.scheme: \"ftp\" is none of http, https"},
        {"a status", filter("type: RequestRedirect, requestRedirect: {statusCode: 304}"),
         "requestRedirect.statusCode: must be"},
        {"a prefix to replace, and none that matched",
         rule("matches: [{path: {type: Exact, value: /a}}], filters: [{type: URLRewrite, "
              "urlRewrite: "
              "{path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]"),
         "urlRewrite.path: exactly one PathPrefix match"},
        {"a prefix to replace",
         rule("matches: [{path: {value: /a}}], filters: [{type: URLRewrite, urlRewrite: {path: "
              "{type: ReplacePrefixMatch, replacePrefixMatch: /b}}}]"),
         ""},
        {"a header to set, twice",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [" +
                many("{name: a, value: b}", 2) + "]}"),
         "set[1].name: Duplicate value"},
        {"a timeout", rule("timeouts: {request: soon}"),
         "timeouts.request: \"soon\" is no duration"},
        {"a timeout that is one", rule("timeouts: {request: 1h30m}"), ""},
        {"a listener's port", gateway("{name: l, port: 0, protocol: HTTP}"),
         "listeners[0].port: must be between 1 and 65535"},
        {"listeners of one name",
         gateway("{name: l, port: 80, protocol: HTTP}, {name: l, port: 81, protocol: HTTP}"),
         "listeners[1].name: Duplicate value: \"l\""},
        {"listeners that cannot be told apart",
         gateway("{name: l, port: 80, protocol: HTTP}, {name: m, port: 80, protocol: HTTP}"),
         "listeners[1]: Combination of port, protocol and hostname must be unique"},
        {"TLS on HTTP", gateway("{name: l, port: 80, protocol: HTTP, tls: {}}"),
         "listeners[0].tls: tls must not be specified"},
        {"TLS that is passed through on HTTPS",
         gateway("{name: l, port: 443, protocol: HTTPS, tls: {mode: Passthrough}}"),
         "tls.mode: tls mode must be Terminate"},
        {"a name of an object",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
         "metadata: {name: \"r\\nreloaded\", namespace: n}\nspec: {}\n",
         "metadata.name: \"r\\x0areloaded\" is no name"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string problem = r.problem;
        const manifests::loaded loaded = manifests::load(r.yaml);
        INFO(loaded.said());
        CHECK((loaded.problems.errors() == 0) == problem.empty());
        CHECK(loaded.import.table.has_value() == problem.empty());
        CHECK(loaded.said().find(problem) != std::string::npos);
        CHECK(
            (problem.empty() || loaded.said().find("(profile gateway_api)") != std::string::npos));
    }
}

TEST_CASE("the other profiles take what can be served") {
    for (const std::string& yaml :
         {match("method: PURGE"), path("/a//b"), match("headers: [{name: a, value: ''}]")}) {
        CAPTURE(yaml);
        const manifests::loaded loaded = manifests::load(yaml, interop::gateway_profile::extended);
        INFO(loaded.said());
        CHECK(loaded.import.table.has_value());
    }
    CHECK_FALSE(manifests::load(rule("backendRefs: [{name: a, port: 80, weight: -1}]"),
                                interop::gateway_profile::extended)
                    .import.table.has_value());
}
