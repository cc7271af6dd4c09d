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

std::string redirect(const std::string& status) {
    return "{filters: [{type: RequestRedirect, requestRedirect: {statusCode: " + status + "}}]}";
}

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
        {"another part of a path", path("/a/./b"), "must not contain '/./'"},
        {"one that ends in a dot", path("/a/."), "must not end with '/.'"},
        {"an encoded byte in lower case", path("/a%c3%aF"), ""},
        {"an encoded byte with no second digit", path("/a%2g"), "has a character"},
        {"an encoded byte with no first digit", path("/a%g2"), "has a character"},
        {"an encoded byte below the letters", path("/a%2-"), "has a character"},
        {"an expression that is too long",
         match("path: {type: RegularExpression, value: '/" + std::string(1024, 'a') + "'}"),
         "matches[0].path.value: must have at most 1024 characters"},
        {"an expression need not begin with /",
         match("path: {type: RegularExpression, value: '.*[.]html'}"), ""},
        {"a header name that is too long",
         match("headers: [{name: " + std::string(257, 'a') + ", value: b}]"),
         "headers[0].name: must have 1 to 256 characters"},
        {"a Service without a port", rule("backendRefs: [{name: a}]"),
         "backendRefs[0].port: Must have port for Service reference"},
        {"a kind of another group needs none",
         rule("backendRefs: [{group: multicluster.example, kind: Service, name: a}]"), ""},
        {"another kind needs none", rule("backendRefs: [{kind: Backend, name: a}]"), ""},
        {"a mirror without a port",
         filter("type: RequestMirror, requestMirror: {backendRef: {name: a}}"),
         "requestMirror.backendRef.port: Must have port for Service reference"},
        {"a mirror with one",
         filter(
             "type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: 5}"),
         ""},
        {"an authorizer without a port",
         filter("type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: a}}"),
         "externalAuth.backendRef.port: Must have port for Service reference"},
        {"an authorizer twice, which the CRD permits",
         rule("filters: [" +
              many("{type: ExternalAuth, externalAuth: {protocol: HTTP, backendRef: {name: a, "
                   "port: 80}}}",
                   2) +
              "]"),
         ""},
        {"a share above 100",
         filter("type: RequestMirror, requestMirror: {backendRef: {name: a, port: 80}, percent: "
                "101}"),
         "requestMirror.percent: must be between 0 and 100"},
        {"a share beyond any number",
         filter("type: RequestMirror, requestMirror: {percent: 99999999999999999999}"),
         "requestMirror.percent: 99999999999999999999 is too large"},
        {"a share that is no number", filter("type: RequestMirror, requestMirror: {percent: half}"),
         "requestMirror.percent: must be an integer, not a string (half)"},
        {"two shares",
         filter("type: RequestMirror, requestMirror: {percent: 5, fraction: {numerator: 1}}"),
         "requestMirror: Only one of percent or fraction may be specified"},
        {"a fraction", filter("type: RequestMirror, requestMirror: {fraction: {numerator: 1}}"),
         ""},
        {"a kind with a digit in front", rule("backendRefs: [{kind: 1a, name: a}]"),
         "backendRefs[0].kind: \"1a\" is no kind"},
        {"a kind with a hyphen at the end", rule("backendRefs: [{kind: a-, name: a}]"),
         "backendRefs[0].kind: \"a-\" is no kind"},
        {"a kind with an underscore", rule("backendRefs: [{kind: A_b, name: a}]"),
         "backendRefs[0].kind: \"A_b\" is no kind"},
        {"a kind with a hyphen and a digit",
         rule("backendRefs: [{group: g.example, kind: A-2b, name: a}]"), ""},
        {"a group with capitals", rule("backendRefs: [{group: G.example, kind: K, name: a}]"),
         "backendRefs[0].group: \"G.example\" is no API group"},
        {"a namespace with a dot", rule("backendRefs: [{namespace: a.b, name: a, port: 80}]"),
         "backendRefs[0].namespace: \"a.b\" is no namespace"},
        {"a name of a rule that ends in a hyphen", rule("name: a-"), "rules[0].name: \"a-\""},
        {"a name of a rule beyond the letters", rule("name: 'a~'"), "rules[0].name: \"a~\""},
        {"64 matches in two rules, and a default in the third",
         route("rules: [" + many("{matches: [" + many("{}", 64) + "]}", 2) + ", {}]"),
         "must be less than 128"},
        {"a parent twice, once with what is its default",
         route("parentRefs: [{name: g}, {name: g, kind: Gateway}]"),
         "parentRefs[1]: sectionName or port must be unique"},
        {"a parent as a whole and in part",
         route("parentRefs: [{name: g}, {name: g, sectionName: l}]"),
         "parentRefs[1]: sectionName or port must be specified"},
        {"a section and a port of one parent",
         route("parentRefs: [{name: g, sectionName: l}, {name: g, port: 80}]"),
         "parentRefs[1]: sectionName or port must be specified"},
        {"two sections of one parent",
         route("parentRefs: [{name: g, sectionName: a}, {name: g, sectionName: b}]"), ""},
        {"parents of one name in two namespaces",
         route("parentRefs: [{name: g, namespace: a}, {name: g, namespace: b}]"), ""},
        {"statuses of redirects",
         route("rules: [" + redirect("301") + ", " + redirect("302") + ", " + redirect("303") +
               ", " + redirect("307") + ", " + redirect("308") + "]"),
         ""},
        {"a redirect and a rewrite",
         rule("filters: [{type: RequestRedirect, requestRedirect: {}}, {type: URLRewrite, "
              "urlRewrite: {}}]"),
         "filters: May specify either RequestRedirect or URLRewrite, but not both"},
        {"a redirect and a mirror",
         rule("filters: [{type: RequestRedirect, requestRedirect: {}}, {type: RequestMirror, "
              "requestMirror: {}}]"),
         ""},
        {"a whole path to replace, and none to write",
         filter("type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath}}"),
         "urlRewrite.path.replaceFullPath: is missing"},
        {"a path to write of another type",
         filter("type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: /a, "
                "replacePrefixMatch: /b}}"),
         "urlRewrite.path.replacePrefixMatch: type must be 'ReplacePrefixMatch' when it is set"},
        {"a whole path to write",
         filter("type: URLRewrite, urlRewrite: {path: {type: ReplaceFullPath, replaceFullPath: "
                "/a}}"),
         ""},
        {"a prefix to replace, of the default match",
         filter("type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, "
                "replacePrefixMatch: /b}}"),
         ""},
        {"a prefix to replace, of a match without a path",
         rule("matches: [{method: PUT}], filters: [{type: URLRewrite, urlRewrite: {path: {type: "
              "ReplacePrefixMatch, replacePrefixMatch: /b}}}]"),
         ""},
        {"a prefix to replace, of two",
         rule("matches: [{path: {value: /a}}, {path: {value: /b}}], filters: [{type: URLRewrite, "
              "urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /c}}}]"),
         "urlRewrite.path: exactly one PathPrefix match"},
        {"a header to set without a name",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{value: b}]}"),
         "set[0].name: is missing"},
        {"a header to add without a value",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {add: [{name: a}]}"),
         "add[0].value: is missing"},
        {"a header to set with a number for a value",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: 1}]}"),
         "set[0].value: must be a string, not an integer (1)"},
        {"a header to set with a tab",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: "
                "\"b\\tc\"}]}"),
         ""},
        {"a header to set with a line break",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: "
                "\"b\\nc\"}]}"),
         "set[0].value: \"b\\x0ac\" is no value of a header"},
        {"a header to set with a byte that erases",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: "
                "\"b\\x7f\"}]}"),
         "is no value of a header"},
        {"headers to set that are no list",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: a}"),
         "requestHeaderModifier.set: must be a list, not a string (a)"},
        {"a header to remove, twice",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {remove: [a, b, a]}"),
         "remove[2]: Duplicate value: \"a\""},
        {"a header to remove that is a number",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {remove: [1]}"),
         "remove[0]: must be a string, not an integer (1)"},
        {"headers to set, add and remove",
         filter("type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: a, value: b}], "
                "add: [{name: c, value: d}], remove: [e, f]}"),
         ""},
        {"no timeout", rule("timeouts: {request: ''}"), "timeouts.request: \"\" is no duration"},
        {"a timeout without a unit", rule("timeouts: {request: '10'}"), "\"10\" is no duration"},
        {"a timeout in days", rule("timeouts: {request: 1d}"), "\"1d\" is no duration"},
        {"a timeout of six digits", rule("timeouts: {request: 100000s}"), "is no duration"},
        {"a timeout of five parts", rule("timeouts: {request: 1h1m1s1ms1s}"), "is no duration"},
        {"a timeout in milliseconds", rule("timeouts: {backendRequest: 99999ms}"), ""},
        {"a listener without a port", gateway("{name: l, protocol: HTTP}"),
         "listeners[0].port: is missing"},
        {"TLS on TCP", gateway("{name: l, port: 80, protocol: TCP, tls: {}}"),
         "listeners[0].tls: tls must not be specified"},
        {"TLS on UDP", gateway("{name: l, port: 80, protocol: UDP, tls: {}}"),
         "listeners[0].tls: tls must not be specified"},
        {"a hostname on TCP", gateway("{name: l, port: 80, protocol: TCP, hostname: a.example}"),
         "listeners[0].hostname: hostname must not be specified for protocols TCP, UDP"},
        {"a hostname on UDP", gateway("{name: l, port: 80, protocol: UDP, hostname: a.example}"),
         "listeners[0].hostname: hostname must not be specified"},
        {"UDP", gateway("{name: l, port: 80, protocol: UDP}, {name: m, port: 80, protocol: TCP}"),
         ""},
        {"TLS that ends at HTTPS",
         gateway("{name: l, port: 443, protocol: HTTPS, tls: {mode: Terminate, certificateRefs: "
                 "[{name: c}]}}"),
         ""},
        {"TLS that nothing is said of", gateway("{name: l, port: 443, protocol: TLS}"),
         "tls.mode: tls mode must be set for protocol TLS"},
        {"TLS whose mode is the default",
         gateway("{name: l, port: 443, protocol: TLS, tls: {certificateRefs: [{name: c}]}}"), ""},
        {"a mode that is none", gateway("{name: l, port: 443, protocol: TLS, tls: {mode: Pass}}"),
         "tls.mode: \"Pass\" is none of Terminate, Passthrough"},
        {"a name of a namespace",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
         "metadata: {name: r, namespace: a.b}\nspec: {}\n",
         "metadata.namespace: \"a.b\" is no namespace"},
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

TEST_CASE("what was made and not read has no text to judge") {
    interop::gateway_objects objects;
    interop::http_route made;
    made.meta.kind = "HTTPRoute";
    made.meta.name = "A_b";
    objects.routes.push_back(made);
    interop::manifest_problems problems;
    interop::validate(objects, problems);
    CHECK(problems.empty());
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
