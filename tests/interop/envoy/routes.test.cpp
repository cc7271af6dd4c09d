// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/routes.hpp>

#include <corsac/interop/document/document_writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

const std::string gateway = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                            "metadata: {name: gw, namespace: n}\nspec:\n  listeners:\n"
                            "  - {name: http, port: 80, protocol: HTTP}\n";

/// A route of that Gateway. @param spec  Its hostnames and rules, in flow style.
std::string route(const std::string& name, const std::string& spec) {
    return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
           "metadata: {name: " +
           name + ", namespace: n}\nspec: {parentRefs: [{name: gw}], " + spec + "}\n";
}

std::string allows(const std::string& origin) {
    return "filters: [{type: CORS, cors: {allowOrigins: ['" + origin + "']}}]";
}

struct written {
    manifests::loaded from;
    interop::exported result;

    explicit written(const std::string& yaml,
                     const interop::envoy_routes_options& options = interop::envoy_routes_options{})
        : from(manifests::load(yaml, interop::gateway_profile::extended)) {
        INFO(from.said());
        REQUIRE(from.import.table.has_value());
        result = to_envoy_routes(from.objects, from.import, options);
    }

    [[nodiscard]] std::string yaml() const { return result.value ? to_yaml(*result.value) : ""; }

    /// `domain: route, route; …` of all virtual hosts.
    [[nodiscard]] std::string routes() const {
        std::string all;
        for (std::size_t i = 0; i < result.value->size(); ++i) {
            const interop::document& hosts = *result.value->item(i).find("virtual_hosts");
            for (std::size_t k = 0; k < hosts.size(); ++k) {
                const interop::document& list = *hosts.item(k).find("routes");
                all += (all.empty() ? "" : "; ") + hosts.item(k).find("name")->text();
                for (std::size_t r = 0; r < list.size(); ++r) {
                    all += (r == 0 ? ": " : ", ") + list.item(r).find("name")->text();
                }
            }
        }
        return all;
    }

    [[nodiscard]] std::string losses() const {
        std::string all;
        for (const interop::export_loss& loss : result.losses) {
            if (loss.kind != interop::loss_kind::always) all += loss.text() + '\n';
        }
        return all;
    }
};

}  // namespace

TEST_CASE("a route configuration has the winner whole, and names the rule") {
    CHECK(written(gateway +
                  route("r", "hostnames: [a.example], rules: [{backendRefs: [{name: shop, port: "
                             "8080}], " +
                                 allows("https://a.example") + "}]"))
              .yaml() == "- name: n/gw:80\n"
                         "  ignore_port_in_host_matching: true\n"
                         "  virtual_hosts:\n"
                         "  - name: a.example\n"
                         "    domains:\n"
                         "    - a.example\n"
                         "    routes:\n"
                         "    - name: 'n/r rules[0].matches[0]'\n"
                         "      match:\n"
                         "        prefix: /\n"
                         "      route:\n"
                         "        cluster: kube_n_shop_8080\n"
                         "        cluster_not_found_response_code: INTERNAL_SERVER_ERROR\n"
                         "      typed_per_filter_config:\n"
                         "        envoy.filters.http.cors:\n"
                         "          '@type': type.googleapis.com/"
                         "envoy.extensions.filters.http.cors.v3.CorsPolicy\n"
                         "          allow_origin_string_match:\n"
                         "          - exact: https://a.example\n"
                         "          allow_methods: GET, HEAD, POST\n"
                         "          allow_headers: Origin\n"
                         "          expose_headers: Content-Type\n"
                         "          max_age: \"5\"\n"
                         "          allow_credentials: false\n"
                         "          allow_private_network_access: false\n"
                         "          forward_not_matching_preflights: false\n");
}

TEST_CASE("routes stand in the order in which Envoy must try them") {
    struct row {
        const char* about;
        std::string routes;
        const char* expected;
    };
    const std::string to = "backendRefs: [{name: a, port: 1}]";
    const row rows[] = {
        {"exact before prefix, long before short",
         route("r", "hostnames: [h], rules: [{" + to +
                        ", matches: [{path: {value: /}}, {path: "
                        "{value: /a/b}}, {path: {type: Exact, value: /a}}, {path: {value: /a}}]}]"),
         "h: n/r rules[0].matches[2], n/r rules[0].matches[1], n/r rules[0].matches[3], "
         "n/r rules[0].matches[0]"},
        {"a rule for a method is preceded by the preflights that ask for it",
         route("r", "hostnames: [h], rules: [{" + to + ", matches: [{method: PUT}, {}]}]"),
         "h: n/r rules[0].matches[0] preflight, n/r rules[0].matches[0], "
         "n/r rules[0].matches[1]"},
        {"one for OPTIONS takes what has no Origin, or asks for nothing",
         route("r", "hostnames: [h], rules: [{" + to + ", matches: [{method: OPTIONS}]}]"),
         "h: n/r rules[0].matches[0] preflight, n/r rules[0].matches[0], "
         "n/r rules[0].matches[0]"},
        {"what no rule of a host takes goes on to less specific hosts, the longest first",
         route("one", "hostnames: [x.a.test], rules: [{" + to + ", matches: [{method: GET}]}]") +
             route("two", "hostnames: ['*.test', '*.a.test'], rules: [{" + to +
                              ", matches: [{path: {value: /two}}]}]") +
             route("all", "rules: [{" + to + "}]"),
         "x.a.test: n/one rules[0].matches[0] preflight, n/one rules[0].matches[0], "
         "n/two rules[0].matches[0], n/two rules[0].matches[0], n/all rules[0].matches[0]; "
         "*.a.test: n/two rules[0].matches[0], n/two rules[0].matches[0], "
         "n/all rules[0].matches[0]; "
         "*.test: n/two rules[0].matches[0], n/all rules[0].matches[0]; "
         "*: n/all rules[0].matches[0]"},
        {"nothing stands after a route that takes everything",
         route("r", "hostnames: [h], rules: [{" + to + "}]") + route("s", "rules: [{" + to + "}]"),
         "h: n/r rules[0].matches[0]; *: n/s rules[0].matches[0]"},
        {"a path that no request has would make Envoy refuse the whole configuration",
         route("r", "hostnames: [h], rules: [{" + to +
                        ", matches: [{path: {value: '/a?b'}}, {path: {value: /c}}]}]"),
         "h: n/r rules[0].matches[1]"},
        {"backends that differ: preflights by origins that all allow, then all others",
         route("r", "hostnames: [h], rules: [{backendRefs: [{name: a, port: 1, " +
                        allows("https://a.example") + "}, {name: b, port: 1, " +
                        allows("https://b.example") + "}]}]"),
         "h: n/r rules[0].matches[0] preflight, n/r rules[0].matches[0] refused preflight, "
         "n/r rules[0].matches[0]"},
        {"one with another condition does not take everything",
         route("r", "hostnames: [h], rules: [{" + to +
                        ", matches: [{queryParams: [{name: q, value: "
                        "v}]}, {headers: [{name: A, value: b}]}, {queryParams: [{name: q, type: "
                        "RegularExpression, value: a.*}]}, {headers: [{name: A, type: "
                        "RegularExpression, value: a.*}]}]}]") +
             route("s", "rules: [{" + to + "}]"),
         "h: n/r rules[0].matches[1], n/r rules[0].matches[3], n/r rules[0].matches[0], "
         "n/r rules[0].matches[2], n/s rules[0].matches[0]; *: n/s rules[0].matches[0]"},
        {"where one has no policy, nobody can grant anything",
         route("r", "hostnames: [h], rules: [{backendRefs: [{name: a, port: 1, " +
                        allows("https://a.example") + "}, {name: b, port: 1}]}]"),
         "h: n/r rules[0].matches[0] refused preflight, n/r rules[0].matches[0]"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(written(gateway + r.routes).routes() == r.expected);
    }
}

TEST_CASE("what stands on a route") {
    struct row {
        const char* about;
        std::string spec;
        std::vector<const char*> has;
        std::vector<const char*> lacks;
    };
    const std::string cors = "CorsPolicy";
    const row rows[] = {
        {"nothing where nothing governs",
         "rules: [{backendRefs: [{name: a, port: 1}]}]",
         {"cluster: kube_n_a_1\n"},
         {"CorsPolicy", "validate_clusters"}},
        {"a broken rule answers 500",
         "rules: [{backendRefs: [{name: a, port: 1}], filters: [{type: ExtensionRef, "
         "extensionRef: {group: g, kind: K, name: gone}}]}]",
         {"direct_response:\n        status: 500\n"},
         {"CorsPolicy", "cluster"}},
        {"a broken backend's share of the requests gets 500, and so does every preflight",
         "rules: [{" + allows("https://a.example") +
             ", backendRefs: [{name: a, port: 1}, {name: b, port: 1, filters: [{type: "
             "ExtensionRef, extensionRef: {group: g, kind: K, name: gone}}]}]}]",
         {"validate_clusters: false\n", "preflight'\n", "direct_response:\n        status: 500\n",
          "- name: kube_n_a_1\n", "- name: corsac_nowhere\n", "numerator: 0\n"},
         {"kube_n_b_1"}},
        {"a redirect is one, and its preflights have the policy's headers",
         "rules: [{matches: [{path: {value: /old}}], filters: [{type: RequestRedirect, "
         "requestRedirect: {scheme: https, hostname: new.example, port: 8443, statusCode: 308, "
         "path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}}}, {type: CORS, cors: "
         "{allowOrigins: ['https://a.example']}}]}]",
         {"matches[0] preflight'\n", "exact: https://a.example\n",
          "      redirect:\n        scheme_redirect: https\n        host_redirect: new.example\n"
          "        port_redirect: 8443\n        prefix_rewrite: /new\n"
          "        response_code: PERMANENT_REDIRECT\n"},
         {"direct_response", "is no CORS"}},
        {"a rule without backends answers 500 with its CORS headers",
         "rules: [{" + allows("https://a.example") + "}]",
         {"cluster: corsac_nowhere\n        cluster_not_found_response_code: INTERNAL_SERVER",
          "validate_clusters: false\n", "exact: https://a.example\n"},
         {"direct_response"}},
        {"a backend without weight is no backend",
         "rules: [{backendRefs: [{name: a, port: 1, weight: 0}, {name: b, port: 2}]}]",
         {"cluster: kube_n_b_2\n"},
         {"kube_n_a_1", "weighted_clusters"}},
        {"backends of one policy share it",
         "rules: [{" + allows("https://a.example") +
             ", backendRefs: [{name: a, port: 1, weight: 3}, {name: b, port: 2}]}]",
         {"clusters:\n          - name: kube_n_a_1\n            weight: 3\n"
          "          - name: kube_n_b_2\n            weight: 1\n"
          "        cluster_not_found_response_code: INTERNAL_SERVER_ERROR\n"
          "      typed_per_filter_config:\n"},
         {"preflight'"}},
        {"preflights of backends that differ have an origin that each allows",
         "rules: [{backendRefs: [{name: a, port: 1, filters: [{type: CORS, cors: {allowOrigins: "
         "['*']}}]}, {name: b, port: 1, filters: [{type: CORS, cors: {allowOrigins: "
         "['https://a.example', 'https://*.b.example']}}]}]}]",
         {"regex: \".*\"\n", "regex: 'https://a\\.example|https://"},
         {}},
        {"expressions are compared, too",
         "rules: [{backendRefs: [{name: a, port: 1}], matches: [{path: {type: RegularExpression, "
         "value: /p.*}, headers: [{name: X-A, type: RegularExpression, value: b.*}], queryParams: "
         "[{name: q, type: RegularExpression, value: r.*}]}]}]",
         {"match:\n        safe_regex:\n          regex: /p.*\n        headers:\n"
          "        - name: X-A\n          string_match:\n            safe_regex:\n"
          "              regex: b.*\n        query_parameters:\n        - name: q\n"
          "          string_match:\n            safe_regex:\n              regex: r.*\n"},
         {}},
        {"headers and query are compared",
         "rules: [{backendRefs: [{name: a, port: 1}], matches: [{path: {value: /a/}, headers: "
         "[{name: X-A, value: b}], queryParams: [{name: q, value: r}]}]}]",
         {"match:\n        path_separated_prefix: /a\n        headers:\n        - name: X-A\n"
          "          string_match:\n            exact: b\n"
          "        query_parameters:\n        - name: q\n"
          "          string_match:\n            exact: r\n"},
         {":method"}},
        {"a preflight is told by its method, its origin and what it asks for",
         "rules: [{backendRefs: [{name: a, port: 1}], matches: [{method: PUT}]}]",
         {"        - name: ':method'\n          string_match:\n            exact: OPTIONS\n"
          "        - name: origin\n          present_match: true\n"
          "        - name: access-control-request-method\n          string_match:\n"
          "            exact: PUT\n"},
         {}},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string yaml = written(gateway + route("r", r.spec)).yaml();
        INFO(yaml);
        for (const char* text : r.has) {
            CAPTURE(text);
            CHECK(yaml.find(text) != yaml.npos);
        }
        for (const char* text : r.lacks) {
            CAPTURE(text);
            CHECK(yaml.find(text) == yaml.npos);
        }
    }
}

TEST_CASE("a redirect goes where the Gateway API says, in Envoy's words") {
    struct row {
        const char* about;
        const char* listener;  ///< null: the route names a Gateway that is not there
        const char* match;
        const char* redirect;
        const char* written;  ///< behind `redirect:`
    };
    const char* const http = "port: 80, protocol: HTTP";
    const char* const other = "port: 8080, protocol: HTTP";
    const char* const https = "port: 443, protocol: HTTPS";
    // Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter
    const row rows[] = {
        {"without a status it is 302, and keeps the port of the request", http, "/", "", ""},
        {"a port that is given", other, "/", "port: 8443", "port_redirect: 8443\n"},
        {"another host keeps the listener's port", other, "/", "hostname: b.example",
         "host_redirect: b.example\nport_redirect: 8080\n"},
        {"unless it is that of the scheme", http, "/", "hostname: b.example",
         "host_redirect: b.example\n"},
        {"also where that is https", https, "/", "hostname: b.example",
         "host_redirect: b.example\n"},
        {"443 is not that of http", "port: 443, protocol: HTTP", "/", "hostname: b.example",
         "host_redirect: b.example\nport_redirect: 443\n"},
        {"80 is not that of https", "port: 80, protocol: HTTPS", "/", "hostname: b.example",
         "host_redirect: b.example\nport_redirect: 80\n"},
        {"another scheme has its own port", other, "/", "scheme: https",
         "scheme_redirect: https\nport_redirect: 443\n"},
        {"and so has http", other, "/", "scheme: http",
         "scheme_redirect: http\nport_redirect: 80\n"},
        {"Envoy leaves 80 and 443 out by itself", http, "/", "scheme: https",
         "scheme_redirect: https\n"},
        {"likewise", https, "/", "scheme: http", "scheme_redirect: http\n"},
        {"scheme and host", other, "/", "scheme: https, hostname: b.example",
         "scheme_redirect: https\nhost_redirect: b.example\n"},
        {"a listener that nobody knows has no port", nullptr, "/", "hostname: b.example",
         "host_redirect: b.example\n"},
        {"likewise", nullptr, "/", "scheme: https", "scheme_redirect: https\n"},
        {"the whole path", http, "/old", "path: {type: ReplaceFullPath, replaceFullPath: /new}",
         "path_redirect: /new\n"},
        {"what a prefix matches", http, "/old/",
         "path: {type: ReplacePrefixMatch, replacePrefixMatch: /new/}", "prefix_rewrite: /new\n"},
        {"a prefix that is all", http, "/",
         "path: {type: ReplacePrefixMatch, replacePrefixMatch: /new}", "prefix_rewrite: /new/\n"},
        {"a prefix is taken away, and one slash is left", http, "/a.b",
         "path: {type: ReplacePrefixMatch, replacePrefixMatch: /}",
         "regex_rewrite:\n  pattern:\n    regex: ^/a\\.b/*\n  substitution: /\n"},
        {"moved for good", http, "/", "statusCode: 301", "response_code: MOVED_PERMANENTLY\n"},
        {"found", http, "/", "statusCode: 302", "response_code: FOUND\n"},
        {"see other", http, "/", "statusCode: 303", "response_code: SEE_OTHER\n"},
        {"with the same method", http, "/", "statusCode: 307",
         "response_code: TEMPORARY_REDIRECT\n"},
        {"with the same method, for good", http, "/", "statusCode: 308",
         "response_code: PERMANENT_REDIRECT\n"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string owner =
            r.listener == nullptr
                ? ""
                : "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                  "metadata: {name: gw, namespace: n}\nspec: {listeners: [{name: http, " +
                      std::string(r.listener) + "}]}\n";
        const std::string spec = "rules: [{matches: [{path: {value: " + std::string(r.match) +
                                 "}}], filters: [{type: RequestRedirect, requestRedirect: {" +
                                 r.redirect + "}}]}]";
        const std::string yaml = written(owner + route("r", spec)).yaml();
        INFO(yaml);
        std::string expected = r.written;
        if (expected.find("response_code") == expected.npos) expected += "response_code: FOUND\n";
        const std::string head = "      redirect:\n";
        const std::size_t at = yaml.find(head);
        REQUIRE(at != yaml.npos);
        std::string said;
        for (std::size_t line = at + head.size(); yaml.compare(line, 8, "        ") == 0;) {
            const std::size_t end = yaml.find('\n', line) + 1;
            said += yaml.substr(line + 8, end - line - 8);
            line = end;
        }
        CHECK(said == expected);
    }
}

TEST_CASE("a scope that is switched off says so, and inherits nothing") {
    const std::string yaml =
        written(gateway + route("r", "rules: [{backendRefs: [{name: a, port: 1}]}]") +
                "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                "metadata: {name: g, namespace: n}\n"
                "spec: {targetRefs: [{kind: Gateway, name: gw}], cors: {allowOrigins: ['*']}}\n"
                "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                "metadata: {name: off, namespace: n}\n"
                "spec: {targetRefs: [{kind: HTTPRoute, name: r}], cors: {disable: {}}}\n")
            .yaml();
    CHECK(yaml.find("filter_enabled:\n            default_value:\n              numerator: 0\n") !=
          yaml.npos);
    CHECK(yaml.find("allow_origin_string_match") == yaml.npos);
}

TEST_CASE("ports and Gateways have configurations of their own, and so have routes without any") {
    const std::string all =
        written("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                "metadata: {name: gw, namespace: n}\nspec:\n  listeners:\n"
                "  - {name: a, port: 80, hostname: '*.a.test'}\n"
                "  - {name: b, port: 80, hostname: '*.b.test'}\n"
                "  - {name: c, port: 81}\n" +
                route("r", "rules: [{backendRefs: [{name: a, port: 1}]}]") +
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                "metadata: {name: s, namespace: n}\n"
                "spec: {rules: [{backendRefs: [{name: a, port: 1}]}]}\n"
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                "metadata: {name: t, namespace: n}\n"
                "spec: {parentRefs: [{name: elsewhere, sectionName: web}], rules: [{backendRefs: "
                "[{name: a, port: 1}]}]}\n")
            .yaml();
    for (const char* name : {"- name: n/elsewhere/web\n", "- name: n/gw:80\n", "- name: n/gw:81\n",
                             "- name: routes\n"}) {
        CAPTURE(name);
        CHECK(all.find(name) != all.npos);
    }
    CHECK(all.find("domains:\n    - '*.a.test'\n") != all.npos);
    CHECK(all.find("domains:\n    - '*.b.test'\n") != all.npos);
}

TEST_CASE("a host is its listener's, not one of a listener that names it more precisely") {
    const std::string all =
        written("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                "metadata: {name: gw, namespace: n}\nspec:\n  listeners:\n"
                "  - {name: a, port: 80}\n"
                "  - {name: b, port: 80, hostname: '*.b.test'}\n"
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                "metadata: {name: r, namespace: n}\nspec: {parentRefs: [{name: gw, sectionName: "
                "a}], rules: [{backendRefs: [{name: a, port: 1}]}]}\n"
                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                "metadata: {name: s, namespace: n}\nspec: {parentRefs: [{name: gw, sectionName: "
                "b}], hostnames: [x.b.test], rules: [{backendRefs: [{name: b, port: 1}], matches: "
                "[{path: {value: /s}}]}]}\n")
            .routes();
    CHECK(all == "x.b.test: n/s rules[0].matches[0]; *: n/r rules[0].matches[0]; *.b.test");
}

TEST_CASE("clusters have the names that their owner gives them") {
    const std::string yaml =
        written(gateway + route("r", "rules: [{backendRefs: [{name: shop, port: 8080}]}]"),
                {.cluster_name =
                     [](const interop::http_backend& b) {
                         return b.service + '.' + b.name_space + ".svc:" + std::to_string(b.port);
                     }})
            .yaml();
    CHECK(yaml.find("cluster: shop.n.svc:8080\n") != yaml.npos);
}

TEST_CASE("what Envoy, or this export, cannot say is listed with the object that says it") {
    const std::string spec =
        "rules: [{timeouts: {request: 1s}, backendRefs: [{name: a, port: 1}], filters: [{type: "
        "URLRewrite, urlRewrite: {hostname: a.example}}, {type: CORS, cors: {allowOrigins: "
        "['https://a.example'], allowCredentials: true, allowHeaders: ['X-Custom-*'], "
        "exposeHeaders: ['*']}}], matches: [{path: {value: /a}}, {path: {value: /b}}]}]";
    const written loose(gateway + route("r", spec) +
                        "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                        "metadata: {name: p, namespace: n}\n"
                        "spec: {targetRefs: [{kind: Gateway, name: gw}], rateLimit: {}}\n");
    CHECK(loose.losses() ==
          "other: HTTPRoute n/r, spec.rules[0], timeouts: is no CORS and is left out\n"
          "other: HTTPRoute n/r, spec.rules[0], filters[0] (URLRewrite): is no CORS and is "
          "left out\n"
          "other: TrafficPolicy n/p, rateLimit: is no CORS and is left out\n"
          "narrower: HTTPRoute n/r, expose_headers: \"*\" cannot stand for the names in a response "
          "where credentials are allowed\n"
          "narrower: HTTPRoute n/r, allow_headers: \"X-Custom-*\" is a pattern, and Envoy has none "
          "for names; it is left out\n");
    CHECK(loose.result.value.has_value());
    CHECK_FALSE(written(gateway + route("r", spec), {.strict = true}).result.value.has_value());
    const std::string plain =
        "rules: [{backendRefs: [{name: a, port: 1}], " + allows("https://*.a.example") + "}]";
    CHECK(written(gateway + route("r", plain), {.strict = true}).result.value.has_value());
}

TEST_CASE("an import that failed gives no configuration") {
    const manifests::loaded broken = manifests::load(gateway + route("r", "rules: [{x: [}]"));
    CHECK_FALSE(broken.import.table.has_value());
    CHECK(to_envoy_routes(broken.objects, broken.import, {}).value->size() == 0);
}
