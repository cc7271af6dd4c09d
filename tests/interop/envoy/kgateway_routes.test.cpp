// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/kgateway_routes.hpp>

#include <corsac/interop/document/document_writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

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
    root.set("routes", to_kgateway_routes(from.objects, from.import, gateway));
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

TEST_CASE("each Gateway is an Envoy of its own") {
    const manifests::loaded loaded =
        manifests::load(gateway_head + "  - {name: http, port: 80}\n" + route_head +
                        "  rules: [{backendRefs: [{name: a, port: 1}]}]\n");
    CHECK(write(loaded, "n/gw").find("kube_n_a_1") != std::string::npos);
    CHECK(write(loaded, "n/other") == "routes: []\n");
}
