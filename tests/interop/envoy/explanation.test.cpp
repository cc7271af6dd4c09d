// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/explanation.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

/// A route to three backends, of which the first has a filter of its own, and to one for /one.
const std::string route =
    "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
    "metadata: {name: r, namespace: n}\nspec:\n  parentRefs: [{name: gw}]\n  rules:\n"
    "  - backendRefs: [{name: a, port: 1, filters: [{type: CORS, cors: {allowOrigins: "
    "['https://backend.example']}}]}, {name: b, port: 1}]\n"
    "    matches: [{path: {value: /r}}]\n"
    "  - {name: only, backendRefs: [{name: b, port: 1}], matches: [{path: {value: /one}}]}\n";

std::string policy(const std::string& name, const std::string& target, const std::string& cors) {
    return "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
           "{name: " +
           name + ", namespace: n}\nspec: {targetRefs: [" + target + "], cors: {" + cors + "}}\n";
}
std::string on_gateway(const std::string& cors) {
    return policy("g", "{kind: Gateway, name: gw}", cors);
}
std::string on_route(const std::string& cors) {
    return policy("t", "{kind: HTTPRoute, name: r}", cors);
}

std::string explained(const std::string& yaml, const manifests::request& request,
                      std::size_t backend = 0) {
    const manifests::loaded loaded = manifests::load(yaml, interop::gateway_profile::extended);
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    const interop::envoy_policies envoy(loaded.import);
    const corsac::request_facts facts = request.facts();
    const auto found = loaded.import.table->find(make_route_request(facts, request.path));
    return std::string(explain(envoy, found, backend, facts).view());
}

}  // namespace

TEST_CASE("each field is told with the object that it comes from, as Envoy inherits") {
    const std::string yaml =
        route +
        on_gateway("allowOrigins: ['https://a.example'], allowCredentials: true, exposeHeaders: "
                   "[X-Gateway]") +
        on_route("allowOrigins: ['https://a.example'], allowCredentials: false");
    const manifests::request request{.path = "/one", .origin = "https://a.example"};
    CHECK(explained(yaml, request) ==
          "rule: n/r rule \"only\"\n"
          "decision: a matcher matches origin \"https://a.example\"; what else the application "
          "wrote stays\n"
          "access-control-allow-origin: https://a.example  <- route (TrafficPolicy n/t)\n"
          "access-control-allow-credentials: true  <- gateway (TrafficPolicy n/g)\n"
          "access-control-expose-headers: X-Gateway  <- gateway (TrafficPolicy n/g)\n"
          "takes part: route (TrafficPolicy n/t), matches exact https://a.example\n"
          "takes part: gateway (TrafficPolicy n/g)\n");

    const manifests::loaded loaded = manifests::load(yaml, interop::gateway_profile::extended);
    const interop::envoy_policies envoy(loaded.import);
    const corsac::request_facts facts = request.facts();
    const auto found = loaded.import.table->find(make_route_request(facts, request.path));
    const auto said =
        nlohmann::json::parse(std::string(explain_json(envoy, found, 0, facts).view()));
    CHECK(said["headers"][1]["level"] == "gateway");
    CHECK(said["attachments"][0]["matches"] == "exact https://a.example");
}

TEST_CASE("what Envoy does is said in one sentence, and what let the origin in") {
    const std::string a = "allowOrigins: ['https://a.example']";
    const std::string lists = a + ", allowMethods: [PUT], allowHeaders: [X-A], maxAge: 60";
    struct row {
        const char* about;
        std::string policies;
        manifests::request request;
        std::vector<const char*> has;
    };
    const row rows[] = {
        {"no rule",
         "",
         {.path = "/x"},
         {"rule: none matches\n", "no rule matches; the request was"}},
        {"no policy",
         "",
         {.path = "/one"},
         {"no policy governs this request; it was left alone\n"}},
        {"switched off, whatever the Gateway says",
         on_gateway(a) + on_route("disable: {}"),
         {.path = "/one", .origin = "https://a.example"},
         {"the filter is switched off here; the request was left alone\n",
          "takes part: gateway (TrafficPolicy n/g)\n"}},
        {"no Origin",
         on_route(a),
         {.path = "/one"},
         {"not a CORS request: it has no Origin header\n", "takes part: route"}},
        {"an OPTIONS that is no preflight",
         on_route(a),
         {.method = "OPTIONS", .path = "/one", .origin = "https://b.example"},
         {"no matcher matches origin \"https://b.example\"; what the application wrote stays\n"}},
        {"another origin",
         on_route(a),
         {.path = "/one", .origin = "https://b.example"},
         {"no matcher matches origin \"https://b.example\"; what the application wrote stays\n"}},
        {"a preflight is answered, and each list told with its policy",
         on_gateway("allowOrigins: ['https://g.example'], exposeHeaders: [X-G]") + on_route(lists),
         {.method = "OPTIONS",
          .path = "/one",
          .origin = "https://a.example",
          .requested_method = "DELETE"},
         {"a matcher matches origin \"https://a.example\"; Envoy answers the preflight, and the "
          "browser compares the lists\n",
          "access-control-allow-methods: PUT  <- route (TrafficPolicy n/t)\n",
          "access-control-allow-headers: X-A  <- route (TrafficPolicy n/t)\n",
          "access-control-max-age: 60  <- route (TrafficPolicy n/t)\n",
          "access-control-expose-headers: X-G  <- gateway (TrafficPolicy n/g)\n"}},
        {"requested names are repeated for a wildcard, with its policy",
         on_route(a + ", allowHeaders: ['*']"),
         {.method = "OPTIONS",
          .path = "/one",
          .origin = "https://a.example",
          .requested_method = "PUT",
          .requested_headers = "x-a,x-b"},
         {"access-control-allow-headers: x-a,x-b  <- route (TrafficPolicy n/t)\n"}},
        {"a preflight of another origin is the application's",
         on_route(a),
         {.method = "OPTIONS",
          .path = "/one",
          .origin = "https://b.example",
          .requested_method = "PUT"},
         {"no matcher matches origin \"https://b.example\"; the preflight reaches the application, "
          "and what that answers stays\n"}},
        {"a wildcard at the end is a prefix",
         on_route("allowOrigins: ['http://*']"),
         {.path = "/one", .origin = "http://a.example"},
         {"takes part: route (TrafficPolicy n/t), matches prefix http://\n"}},
        {"and before the end an expression",
         on_route("allowOrigins: ['https://*.example']"),
         {.path = "/one", .origin = "https://a.example"},
         {"takes part: route (TrafficPolicy n/t), matches regex ^https://.*\\.example$\n"}},
        {"a backend's own origins take the place of the route's",
         on_route(a),
         {.path = "/r", .origin = "https://a.example"},
         {"no matcher matches origin \"https://a.example\"",
          "takes part: backend (HTTPRoute n/r) for backend n/a:1\n",
          "takes part: route (TrafficPolicy n/t)\n"}},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string said = explained(route + r.policies, r.request);
        INFO(said);
        for (const char* text : r.has) {
            CAPTURE(text);
            CHECK(said.find(text) != said.npos);
        }
    }
}

TEST_CASE("a backend's own filter is told for that backend only") {
    const std::string yaml = route + on_route("allowOrigins: ['https://a.example']");
    const manifests::request request{.path = "/r", .origin = "https://backend.example"};
    const std::string first = explained(yaml, request, 0), second = explained(yaml, request, 1);
    CHECK(first.find("a matcher matches origin \"https://backend.example\"") != first.npos);
    CHECK(second.find("no matcher matches origin \"https://backend.example\"") != second.npos);
    CHECK(second.find("backend") == second.find("backend.example"));
    // No such backend: what all of them inherit.
    CHECK(explained(yaml, request, 9) == second);
}
