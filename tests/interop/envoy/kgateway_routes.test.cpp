// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/kgateway_routes.hpp>

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/envoy/kgateway_router.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

/// kgateway's own test data.
std::string read_golden(const std::string& name) {
    std::string text = manifests::read_file("tests/interop/kgateway/" + name + ".yaml");
    return text.erase(0, text.find('\n') + 1);  // where it is from
}

std::string write(const manifests::loaded& from, std::string_view gateway) {
    interop::document root = interop::document::map();
    root.set("routes", to_kgateway_routes(from.import, gateway));
    return to_yaml(root);
}

const std::string gateway_head = "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                                 "metadata: {name: gw, namespace: n}\nspec:\n  listeners:\n";
const std::string route_head =
    "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
    "metadata: {name: r, namespace: n}\nspec:\n  parentRefs: [{name: gw}]\n";
const std::string policy_head =
    "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n";

}  // namespace

TEST_CASE("kgateway's own test inputs give what kgateway makes of them, byte for byte") {
    for (const char* name : {"cors-hr-and-tp", "cors-httproute-backend", "cors-httproute-rule",
                             "cors-trafficpolicy-gw", "cors-trafficpolicy-route"}) {
        CAPTURE(name);
        const manifests::loaded loaded =
            manifests::load(read_golden(name), interop::gateway_profile::kgateway);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(write(loaded, "gwtest/http-gw-for-test") == read_golden(name + std::string("-out")));
    }
}

TEST_CASE("what kgateway's test inputs do not have, after its source") {
    struct row {
        const char* about;
        std::string manifests;
        const char* has;  ///< in the output, once
    };
    const std::string http = gateway_head + "  - {name: http, port: 80, protocol: HTTP}\n";
    const std::string to_a = "backendRefs: [{name: a, port: 1}]";
    const row rows[] = {
        {"a listener's policy is on the virtual host",
         http + route_head + "  rules: [{" + to_a + "}]\n" + policy_head +
             "metadata: {name: p, namespace: n}\n"
             "spec: {targetRefs: [{kind: Gateway, name: gw, sectionName: http}], cors: "
             "{allowOrigins: ['https://a.example']}}\n",
         "  virtualHosts:\n"
         "  - domains:\n    - '*'\n    metadata:\n      filterMetadata:\n"
         "        merge.TrafficPolicy.gateway.kgateway.dev:\n          cors:\n"
         "          - gateway.kgateway.dev/TrafficPolicy/n/p\n"
         "    name: listener~80~*\n"},
        {"a listener of HTTPS has a configuration of its own, with its policy before the Gateway's",
         gateway_head + "  - {name: tls, port: 443, protocol: HTTPS, hostname: a.example}\n" +
             route_head + "  rules: [{" + to_a + "}]\n" + policy_head +
             "metadata: {name: g, namespace: n}\n"
             "spec: {targetRefs: [{kind: Gateway, name: gw}], cors: {allowOrigins: ['x://g']}}\n" +
             policy_head +
             "metadata: {name: l, namespace: n}\n"
             "spec: {targetRefs: [{kind: Gateway, name: gw, sectionName: tls}], cors: "
             "{allowOrigins: ['https://l.example']}}\n",
         "        - gateway.kgateway.dev/TrafficPolicy/n/l\n"
         "  name: tls\n"
         "  typedPerFilterConfig:\n"
         "    envoy.filters.http.cors:\n"
         "      '@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\n"
         "      allowOriginStringMatch:\n      - exact: https://l.example\n"
         "      maxAge: \"5\"\n"
         "  virtualHosts:\n"
         "  - domains:\n    - a.example\n"
         "    name: tls~a_example\n"
         "    requireTls: ALL\n"},
        {"method, headers and query; an empty value means any; the method comes last",
         http + route_head + "  rules:\n  - " + to_a +
             "\n    matches: [{path: {type: Exact, value: /x}, method: PUT, headers: [{name: X-A, "
             "value: b}, {name: X-C, value: ''}], queryParams: [{name: q, value: '1'}]}]\n",
         "    - match:\n"
         "        headers:\n"
         "        - name: X-A\n          stringMatch:\n            exact: b\n"
         "        - name: X-C\n          presentMatch: true\n"
         "        - name: ':method'\n          stringMatch:\n            exact: PUT\n"
         "        path: /x\n"
         "        queryParameters:\n"
         "        - name: q\n          stringMatch:\n            exact: \"1\"\n"},
        {"of paths of one length the one with a method comes first, whatever their text",
         http + route_head + "  rules:\n  - {" + to_a + ", matches: [{path: {value: /a}}]}\n  - {" +
             to_a + ", matches: [{path: {value: /b}, method: PUT}]}\n",
         "name: listener~80~*-route-0-httproute-r-n-1-0-matcher-0\n"},
        {"a prefix that ends in a slash is compared byte by byte",
         http + route_head + "  rules: [{" + to_a + ", matches: [{path: {value: /a/}}]}]\n",
         "        prefix: /a/\n"},
        {"the policy of a route comes before the filter of an only backend",
         http + route_head +
             "  rules:\n  - backendRefs:\n    - {name: a, port: 1, filters: [{type: CORS, cors: "
             "{allowOrigins: ['https://backend.example']}}]}\n" +
             policy_head +
             "metadata: {name: p, namespace: n}\n"
             "spec: {targetRefs: [{kind: HTTPRoute, name: r}], cors: {allowOrigins: "
             "['https://policy.example']}}\n",
         "          - exact: https://policy.example\n"},
        {"a rule that is broken answers 500, and so does one without backends",
         http + route_head + "  rules: [{}]\n",
         "    - directResponse:\n"
         "        body:\n"
         "          inlineString: invalid route configuration detected and replaced with a direct "
         "response.\n"
         "        status: 500\n"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded =
            manifests::load(r.manifests, interop::gateway_profile::kgateway);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        const std::string written = write(loaded, "n/gw");
        INFO(written);
        const std::size_t at = written.find(r.has);
        CHECK(at != written.npos);
        CHECK(written.find(r.has, at + 1) == written.npos);
    }
}

TEST_CASE("the routes of a host stand in the order of the Gateway API, but for the text of paths") {
    struct row {
        const char* about;
        const char* rules;     ///< of the route `r`
        const char* other;     ///< metadata and rules of another route; null for none
        const char* expected;  ///< route, rule and match of each, in order
    };
    const char* const later = "metadata: {name: a, namespace: n, creationTimestamp: "
                              "'2026-01-02T00:00:00Z'}\nspec:\n  parentRefs: [{name: gw}]\n";
    const row rows[] = {
        {"exact paths, then expressions, then prefixes",
         "[{matches: [{path: {value: /abcdef}}, {path: {type: RegularExpression, value: '/a.*'}}, "
         "{path: {type: Exact, value: /a}}]}]",
         nullptr, "r-n-0-2 r-n-0-1 r-n-0-0"},
        {"longer paths first", "[{matches: [{path: {value: /a}}, {path: {value: /ab}}]}]", nullptr,
         "r-n-0-1 r-n-0-0"},
        {"then those with a method",
         "[{matches: [{path: {value: /a}}, {path: {value: /b}, method: GET}]}]", nullptr,
         "r-n-0-1 r-n-0-0"},
        {"then those with more headers, expressions included",
         "[{matches: [{headers: [{name: A, value: b}]}, {headers: [{name: A, value: b}, {name: C, "
         "type: RegularExpression, value: d}]}, {}]}]",
         nullptr, "r-n-0-1 r-n-0-0 r-n-0-2"},
        {"then those with more query parameters, expressions included",
         "[{matches: [{queryParams: [{name: a, value: b}]}, {queryParams: [{name: a, value: b}, "
         "{name: c, type: RegularExpression, value: d}]}, {}]}]",
         nullptr, "r-n-0-1 r-n-0-0 r-n-0-2"},
        {"headers count before query parameters",
         "[{matches: [{queryParams: [{name: a, value: b}, {name: c, value: d}]}, {headers: [{name: "
         "A, value: b}]}]}]",
         nullptr, "r-n-0-1 r-n-0-0"},
        {"then the older route, whatever its name", "[{}]", later, "r-n-0-0 a-n-0-0"},
        {"of one age the first by name", "[{}]",
         "metadata: {name: a, namespace: n, creationTimestamp: '2026-01-01T00:00:00Z'}\nspec:\n  "
         "parentRefs: [{name: gw}]\n",
         "a-n-0-0 r-n-0-0"},
        {"of one route the first rule",
         "[{matches: [{path: {value: /b}}]}, {matches: [{path: "
         "{value: /a}}]}]",
         nullptr, "r-n-0-0 r-n-1-0"},
        {"of one rule the first match", "[{matches: [{path: {value: /b}}, {path: {value: /a}}]}]",
         nullptr, "r-n-0-0 r-n-0-1"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string second =
            r.other == nullptr
                ? ""
                : "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n" +
                      std::string(r.other) + "  rules: [{}]\n";
        const manifests::loaded loaded = manifests::load(
            gateway_head + "  - {name: http, port: 80, protocol: HTTP}\n" + second + "---\n" +
                "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: r, "
                "namespace: n, creationTimestamp: '2026-01-01T00:00:00Z'}\nspec:\n  parentRefs: "
                "[{name: gw}]\n  rules: " +
                r.rules + "\n",
            interop::gateway_profile::extended);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        const interop::document configurations = to_kgateway_routes(loaded.import, "n/gw");
        const interop::document& host = configurations.item(0).find("virtualHosts")->item(0);
        const interop::document& routes = *host.find("routes");
        std::string order;
        for (std::size_t i = 0; i < routes.size(); ++i) {
            std::string name(routes.item(i).find("name")->text());
            const std::string before = "-httproute-";
            name.erase(0, name.find(before) + before.size());
            order += (i == 0 ? "" : " ") + name.substr(0, name.find("-matcher-"));
        }
        CHECK(order == r.expected);
    }
}

TEST_CASE("listeners of plain HTTP share a port, each of HTTPS has a configuration of its own") {
    const auto names = [](const std::string& listeners) {
        const manifests::loaded loaded =
            manifests::load(gateway_head + listeners + route_head +
                                "  rules: [{backendRefs: [{name: a, port: 1}]}]\n" +
                                "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                                "metadata: {name: other, namespace: n}\nspec: {listeners: [{name: "
                                "theirs, port: 80, "
                                "protocol: HTTP, hostname: other.example}]}\n",
                            interop::gateway_profile::extended);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        const interop::document configurations = to_kgateway_routes(loaded.import, "n/gw");
        std::string all;
        for (std::size_t i = 0; i < configurations.size(); ++i) {
            const interop::document& one = configurations.item(i);
            all += (i == 0 ? "" : "; ") + std::string(one.find("name")->text()) + ":";
            const interop::document* const hosts = one.find("virtualHosts");
            for (std::size_t k = 0; hosts != nullptr && k < hosts->size(); ++k) {
                all += ' ' + std::string(hosts->item(k).find("domains")->item(0).text());
            }
        }
        return all;
    };
    CHECK(names("  - {name: a, port: 80, protocol: HTTP, hostname: a.example}\n"
                "  - {name: b, port: 80, protocol: HTTP, hostname: b.example}\n") ==
          "listener~80: a.example b.example");
    CHECK(names("  - {name: a, port: 443, protocol: HTTPS, hostname: a.example}\n"
                "  - {name: b, port: 443, protocol: HTTPS, hostname: b.example}\n"
                "  - {name: c, port: 80, protocol: HTTP, hostname: c.example}\n") ==
          "a: a.example; b: b.example; listener~80: c.example");
    CHECK(names("  - {name: a, port: 80, protocol: HTTP}\n"
                "  - {name: b, port: 9000, protocol: TCP}\n") == "listener~80: *");
}

TEST_CASE("each Gateway is an Envoy of its own") {
    const manifests::loaded loaded =
        manifests::load(gateway_head + "  - {name: http, port: 80}\n" + route_head +
                        "  rules: [{backendRefs: [{name: a, port: 1}]}]\n");
    CHECK(write(loaded, "n/gw").find("kube_n_a_1") != std::string::npos);
    CHECK(write(loaded, "n/other") == "routes: []\n");
}

namespace {

/// `kind/name` of a policy, with what it allows.
std::string policy_for(const std::string& name, const std::string& target,
                       const std::string& cors) {
    return policy_head + "metadata: {name: " + name + ", namespace: n}\nspec: {targetRefs: [" +
           target + "], cors: {" + cors + "}}\n";
}

std::string filter(const std::string& origin) {
    return "filters: [{type: CORS, cors: {allowOrigins: ['" + origin + "']}}]";
}

}  // namespace

TEST_CASE("Envoy's twin inherits from the places where kgateway puts policies") {
    const std::string http = gateway_head + "  - {name: http, port: 80, protocol: HTTP}\n";
    const std::string on_gateway = policy_for(
        "g", "{kind: Gateway, name: gw}",
        "allowOrigins: ['https://g.example'], allowCredentials: true, exposeHeaders: [X-G]");
    const std::string on_http = policy_for("l", "{kind: Gateway, name: gw, sectionName: http}",
                                           "allowOrigins: ['https://l.example']");
    const std::string off =
        policy_for("l", "{kind: Gateway, name: gw, sectionName: http}", "disable: {}");
    const std::string rule_to_one = "  rules: [{" + filter("https://rule.example") +
                                    ", backendRefs: [{name: a, port: 1, " +
                                    filter("https://backend.example") + "}]}]\n";
    struct row {
        const char* about;
        std::string manifests;
        const char* origin;
        bool allowed;
        bool credentials;
    };
    const std::string to_a = "  rules: [{backendRefs: [{name: a, port: 1}]}]\n";
    const row rows[] = {
        {"a listener's origins, and what it leaves open from its Gateway",
         http + route_head + to_a + on_gateway + on_http, "https://l.example", true, true},
        {"a listener's origins, not its Gateway's", http + route_head + to_a + on_gateway + on_http,
         "https://g.example", false, false},
        {"a listener switches its Gateway off", http + route_head + to_a + on_gateway + off,
         "https://g.example", false, false},
        {"a listener of HTTPS has nothing from its Gateway",
         gateway_head + "  - {name: http, port: 443, protocol: HTTPS}\n" + route_head + to_a +
             on_gateway + on_http,
         "https://l.example", true, false},
        {"another listener of the port owns the host, for its hostname is longer",
         http + "  - {name: own, port: 80, protocol: HTTP, hostname: a.example}\n" + route_head +
             "  hostnames: [a.example]\n" + to_a + on_http,
         "https://l.example", false, false},
        {"a rule's filter comes before that of its only backend", http + route_head + rule_to_one,
         "https://rule.example", true, false},
        {"which has no say at all", http + route_head + rule_to_one, "https://backend.example",
         false, false},
        {"a rule without backends answers 500, and the filter leaves that alone",
         http + route_head + "  rules: [{}]\n" + on_gateway, "https://g.example", false, false},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.manifests);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        const interop::envoy_policies envoy(loaded.import);
        const interop::kgateway_router router(loaded.import);
        const manifests::request asked{.host = "a.example", .origin = r.origin};
        const corsac::request_facts facts = asked.facts();
        const corsac::matched_route found =
            router.find(make_route_request(facts, "/"), [](auto) { return std::string_view{}; });
        REQUIRE(found);
        const interop::envoy_decision d = envoy.evaluate(found, 0, facts);
        CHECK(d.origin_allowed == r.allowed);
        CHECK(d.allow_credentials == r.credentials);
    }
}

TEST_CASE("Envoy's router takes the first route of the most specific host") {
    const manifests::loaded loaded = manifests::load(
        gateway_head +
            "  - {name: http, port: 80, protocol: HTTP}\n"
            "  - {name: own, port: 81, protocol: HTTP, hostname: '*.own.example'}\n" +
            route_head +
            "  hostnames: [a.example, '*.b.example', '*.c.b.example']\n  rules:\n"
            "  - matches: [{method: PUT}]\n"
            "  - matches: [{path: {value: /a/}}]\n"
            "  - matches: [{path: {type: Exact, value: /exact}, headers: [{name: X-Any, value: "
            "''}]}]\n"
            "  - matches: [{path: {value: /element}}]\n"
            "  - matches: [{path: {value: /h}, headers: [{name: X-A, value: b}]}]\n"
            "  - matches: [{path: {value: /q}, queryParams: [{name: q, value: '1'}]}]\n"
            "  - matches: [{path: {value: /any}, queryParams: [{name: q, value: ''}]}]\n"
            "  - matches: [{path: {type: RegularExpression, value: '/r.*'}}]\n"
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            "metadata: {name: all, namespace: n}\nspec:\n  parentRefs: [{name: gw, sectionName: "
            "http}]\n"
            "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            "metadata: {name: own, namespace: n}\nspec:\n  parentRefs: [{name: gw, sectionName: "
            "own}]\n",
        interop::gateway_profile::extended);
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    const interop::kgateway_router router(loaded.import);
    struct row {
        const char* about;
        std::string_view host, path, query, method, header;
        const char* expected;
        std::uint32_t listener = corsac::any_listener;
    };
    const std::string_view b = "x.y.b.example";
    const row rows[] = {
        {"a method", "a.example", "/", "", "PUT", "", "n/r 0"},
        {"no preflight comes to a rule for a method, nor to a less specific host", "A.example:80",
         "/", "", "OPTIONS", "", " "},
        {"a slash at the end is part of a prefix", b, "/a", "", "GET", "", " "},
        {"a slash at the end is part of a prefix", b, "/a/b", "", "GET", "", "n/r 1"},
        {"a wildcard is no host of its own", "b.example", "/a/b", "", "GET", "", "n/all 0"},
        {"the longer wildcard", "x.c.b.example", "/a/b", "", "GET", "", "n/r 1"},
        {"another host", "c.example", "/a/b", "", "GET", "", "n/all 0"},
        {"a condition without a value asks for any", "a.example", "/exact", "", "GET", "some",
         "n/r 2"},
        {"and there must be one", "a.example", "/exact", "", "GET", "", " "},
        {"an exact path is all", "a.example", "/exact/", "", "GET", "some", " "},
        {"a prefix is whole elements", "a.example", "/element", "", "GET", "", "n/r 3"},
        {"of them", "a.example", "/element/x", "", "GET", "", "n/r 3"},
        {"not half of one", "a.example", "/elements", "", "GET", "", " "},
        {"a header's value", "a.example", "/h", "", "GET", "b", "n/r 4"},
        {"in its letter case", "a.example", "/h", "", "GET", "B", " "},
        {"a query parameter's value", "a.example", "/q", "p=2&q=1", "GET", "", "n/r 5"},
        {"another value", "a.example", "/q", "q=2", "GET", "", " "},
        {"no query", "a.example", "/q", "", "GET", "", " "},
        {"any value", "a.example", "/any", "q=2", "GET", "", "n/r 6"},
        {"an expression", "a.example", "/r12", "", "GET", "", "n/r 7"},
        {"that does not match", "a.example", "/s", "", "GET", "", " "},
        {"the first listener does not serve the other's host", "x.own.example", "/", "", "GET", "",
         "n/all 0", 0},
        {"which serves no other", "a.example", "/", "", "PUT", "", " ", 1},
        {"but its own", "x.own.example", "/", "", "GET", "", "n/own 0", 1},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const corsac::matched_route found = router.find(
            corsac::route_request{.host = r.host,
                                  .path = r.path,
                                  .query = r.query,
                                  .method = r.method,
                                  .listener = r.listener},
            [&](std::string_view) { return r.header.empty() ? std::string_view{} : r.header; });
        const std::string number = found ? std::to_string(found.rule_number()) : "";
        CHECK((found ? std::string(found.route()) : "") + ' ' + number == r.expected);
    }
}
