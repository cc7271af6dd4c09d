// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/import.hpp>

#include <corsac/interop/matchers/re2.hpp>
#include <corsac/table/route_explanation.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>
#include <string_view>

using corsac::outcome;
using corsac::route_state;

TEST_CASE("the scenario's two manifests") {
    struct variant {
        const char* file;
        const char* allow_headers;
        const char* expose_headers;
        corsac::attachment_level level;
        const char* object;
    };
    const variant variants[] = {
        {"examples/gateway/manifests/native-filter.yaml", "Origin", "Origin, X-HTTPRoute-Header",
         corsac::attachment_level::rule_filter, "HTTPRoute httpbin/httpbin-cors"},
        {"examples/gateway/manifests/traffic-policy.yaml", "Origin, Authorization, Content-Type",
         "Origin, X-TrafficPolicy-Header", corsac::attachment_level::rule_reference,
         "TrafficPolicy httpbin/httpbin-cors"},
    };
    for (const variant& v : variants) {
        CAPTURE(v.file);
        const manifests::loaded loaded = manifests::load(manifests::read_file(v.file));
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        manifests::request request{.method = "OPTIONS",
                                   .host = "cors.example:8080",
                                   .path = "/get",
                                   .origin = "https://example.com",
                                   .requested_method = "POST",
                                   .requested_headers = "Origin"};
        const manifests::answer granted = manifests::ask(*loaded.import.table, request);
        CHECK(granted.status == 204);
        CHECK(granted["allow-origin"] == "https://example.com");
        CHECK(granted["allow-credentials"] == "true");
        CHECK(granted["allow-methods"] == "GET, POST, OPTIONS");
        CHECK(granted["allow-headers"] == v.allow_headers);
        CHECK(granted["max-age"] == "86400");
        CHECK(granted["expose-headers"] == v.expose_headers);

        const corsac::request_facts facts = request.facts();
        const auto found = loaded.import.table->find(make_route_request(facts, request.path));
        const std::string said(explain(found, evaluate(found, facts)).view());
        CHECK(said.find(std::string(name_of(v.level)) + " (" + v.object + ")") != said.npos);

        request.origin = "https://notallowed.com";
        const manifests::answer refused = manifests::ask(*loaded.import.table, request);
        CHECK(refused.status == 403);
        CHECK(refused.fields.size() == 1);  // Vary

        request.host = "other.example";
        CHECK(manifests::ask(*loaded.import.table, request).outcome == outcome::no_policy);
    }
}

TEST_CASE("every level finds its policy") {
    const manifests::loaded loaded = manifests::load(manifests::read_file("levels.yaml"));
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    struct row {
        const char* about;
        std::string_view host, path, method;
        route_state state;
        std::string_view origin;  ///< the one that the winner allows
    };
    const row rows[] = {
        {"the native filter wins over a reference", "example.com", "/path1", "GET",
         route_state::governed, "https://native.example"},
        {"disabled for one rule by name", "example.com", "/disabled", "GET", route_state::disabled,
         ""},
        {"a rule by its name", "example.com", "/by-section", "GET", route_state::governed,
         "https://section.example"},
        {"a rule by reference", "example.com", "/by-reference", "GET", route_state::governed,
         "https://reference.example"},
        {"backends differ", "example.com", "/split", "GET", route_state::split, ""},
        {"the Gateway's, for what has none", "example.com", "/put", "PUT", route_state::governed,
         "https://gateway.example"},
        {"the Gateway's, for what has none", "example.com", "/put", "GET", route_state::no_route,
         ""},
        {"the older of two on a route", "other.example", "/", "GET", route_state::governed,
         "https://route.example"},
        {"a route beats its listener", "a.second.example", "/", "GET", route_state::governed,
         "https://route.example"},
        {"another namespace, let in", "third.example", "/", "GET", route_state::governed,
         "https://gateway.example"},
        {"another namespace, not let in by the second listener", "b.second.example", "/", "GET",
         route_state::governed, "https://gateway.example"},
        {"no such host", "nobody.example", "/", "GET", route_state::no_route, ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const corsac::matched_route found = loaded.import.table->find(r.host, r.path, r.method);
        CHECK(found.state() == r.state);
        if (!r.origin.empty()) {
            REQUIRE(found.governing() != nullptr);
            CHECK(found.governing()->allows_origin(r.origin));
        }
    }
    CHECK(loaded.said().find("spec.rules[4].backendRefs: the backends have different") !=
          std::string::npos);
    // One filter or disable for each attachment.
    std::size_t attachments = 0;
    loaded.import.table->visit_routes([&](const corsac::matched_route& route, auto...) {
        route.visit_attachments([&](const corsac::attachment_view& a) {
            ++attachments;
            const auto& from = loaded.import.attached[static_cast<std::size_t>(a.id)];
            CHECK(from.level == a.level);
            CHECK(from.filter.has_value() == (a.governs != nullptr));
        });
    });
    CHECK(attachments > 10);
}

TEST_CASE("the attached policy's age and name are those of its object") {
    const manifests::loaded loaded = manifests::load(manifests::read_file("levels.yaml"));
    REQUIRE(loaded.import.table.has_value());
    const corsac::matched_route found = loaded.import.table->find("other.example", "/", "GET");
    const std::string said(explain(found, corsac::decision{}).view());
    CHECK(said.find("applies: route (TrafficPolicy default/on-route)") != said.npos);
    CHECK(said.find("shadowed: route (TrafficPolicy default/a-younger-one)") != said.npos);
    CHECK(said.find("shadowed: gateway (TrafficPolicy default/on-gateway)") != said.npos);
}

namespace {

struct reference_row {
    const char* about;
    std::string extension;
    std::string policy;
    route_state expected;
};

std::string with_reference(const std::string& extension, const std::string& extra) {
    return "apiVersion: gateway.networking.k8s.io/v1\n"
           "kind: HTTPRoute\n"
           "metadata: {name: r, namespace: n}\n"
           "spec:\n"
           "  rules:\n"
           "  - filters: [{type: ExtensionRef, extensionRef: " +
           extension + "}]\n" + extra;
}

constexpr const char* open_policy = "---\n"
                                    "apiVersion: gateway.kgateway.dev/v1alpha1\n"
                                    "kind: TrafficPolicy\n"
                                    "metadata: {name: p, namespace: n}\n"
                                    "spec: {cors: {allowOrigins: ['*']}}\n";

}  // namespace

TEST_CASE("a reference to nothing answers 500, whatever else there is") {
    const reference_row rows[] = {
        {"it is there", "{group: gateway.kgateway.dev, kind: TrafficPolicy, name: p}", open_policy,
         route_state::governed},
        {"another name", "{group: gateway.kgateway.dev, kind: TrafficPolicy, name: q}", open_policy,
         route_state::broken},
        {"another group", "{group: gloo.solo.io, kind: TrafficPolicy, name: p}", open_policy,
         route_state::broken},
        {"another kind", "{group: gateway.kgateway.dev, kind: DirectResponse, name: p}",
         open_policy, route_state::broken},
        {"another namespace", "{group: gateway.kgateway.dev, kind: TrafficPolicy, name: p}",
         "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
         "metadata: {name: p}\nspec: {cors: {allowOrigins: ['*']}}\n",
         route_state::broken},
        {"without CORS it governs nothing",
         "{group: gateway.kgateway.dev, kind: TrafficPolicy, name: p}",
         "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
         "metadata: {name: p, namespace: n}\nspec: {buffer: {}}\n",
         route_state::ungoverned},
    };
    for (const reference_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(with_reference(r.extension, r.policy));
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(loaded.import.table->find("h", "/", "GET").state() == r.expected);
        const manifests::answer got =
            manifests::ask(*loaded.import.table, {.method = "GET", .origin = "https://a.example"});
        CHECK((got.status == 500) == (r.expected == route_state::broken));
        CHECK((got["allow-origin"] == "*") == (r.expected == route_state::governed));
        CHECK((loaded.said().find("gets 500") != std::string::npos) ==
              (r.expected == route_state::broken));
    }
}

TEST_CASE("a policy whose target is not there is attached to nothing, with a warning") {
    for (const char* target :
         {"{group: gateway.networking.k8s.io, kind: HTTPRoute, name: gone}",
          "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r, sectionName: gone}",
          "{group: gateway.networking.k8s.io, kind: Gateway, name: gone}",
          "{group: '', kind: Service, name: r}"}) {
        CAPTURE(target);
        const manifests::loaded loaded =
            manifests::load("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                            "metadata: {name: r, namespace: n}\nspec: {rules: [{name: one}]}\n---\n"
                            "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                            "metadata: {name: p, namespace: n}\nspec: {targetRefs: [" +
                            std::string(target) + "], cors: {allowOrigins: ['*']}}\n");
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(loaded.problems.warnings() == 1);
        CHECK(loaded.said().find("TrafficPolicy n/p, spec.targetRefs[0]") != std::string::npos);
        CHECK(loaded.import.table->find("h", "/", "GET").state() == route_state::ungoverned);
    }
}

TEST_CASE("a route that no listener takes gets no requests") {
    const manifests::loaded loaded =
        manifests::load("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
                        "metadata: {name: gw, namespace: infra}\n"
                        "spec: {listeners: [{name: http, port: 80, protocol: HTTP}]}\n---\n"
                        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                        "metadata: {name: r, namespace: n}\n"
                        "spec: {parentRefs: [{name: gw, namespace: infra}]}\n");
    REQUIRE(loaded.import.table.has_value());
    CHECK(loaded.said().find("no listener takes this route") != std::string::npos);
    CHECK(loaded.import.table->find("h", "/", "GET").state() == route_state::no_route);
}

TEST_CASE("JSON and a List read like YAML") {
    interop::manifest_problems problems;
    const auto documents = manifests::parse_json(
        R"({"apiVersion":"v1","kind":"List","items":[
            {"apiVersion":"gateway.networking.k8s.io/v1","kind":"HTTPRoute",
             "metadata":{"name":"r","namespace":"n","creationTimestamp":null},
             "spec":{"rules":[{"matches":[{"path":{"type":"PathPrefix","value":"/"}}],
              "filters":[{"type":"CORS","cors":{"allowOrigins":["https://a.example"],
                          "allowCredentials":true,"maxAge":7}}]}]}}]})",
        problems);
    const interop::gateway_objects objects = read_gateway_objects(documents, problems);
    const interop::gateway_import import =
        import_gateway(objects, interop::gateway_profile::gateway_api, problems);
    CHECK(problems.empty());
    REQUIRE(import.table.has_value());
    const manifests::answer got = manifests::ask(
        *import.table,
        {.method = "OPTIONS", .origin = "https://a.example", .requested_method = "GET"});
    CHECK(got["max-age"] == "7");
    CHECK(got["allow-credentials"] == "true");
}

TEST_CASE("a listener takes routes of the kinds and namespaces that it says") {
    struct row {
        const char* about;
        const char* listener;  ///< fields beside its name and port
        bool takes;
        const char* says;
    };
    const row rows[] = {
        {"its own namespace, where nothing is said", "", false, "no listener takes this route"},
        {"all", "allowedRoutes: {namespaces: {from: All}}", true, ""},
        {"by label",
         "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: "
         "{team: shop}}}}",
         true, ""},
        {"by another label",
         "allowedRoutes: {namespaces: {from: Selector, selector: {matchLabels: "
         "{team: bank}}}}",
         false, "no listener takes this route"},
        {"by expressions",
         "allowedRoutes: {namespaces: {from: Selector, selector: "
         "{matchExpressions: [{key: team, operator: In, values: [shop, a]}, "
         "{key: old, operator: DoesNotExist}, {key: x, operator: NotIn, values: "
         "[y]}]}}}",
         true, ""},
        {"by an expression that does not hold",
         "allowedRoutes: {namespaces: {from: Selector, "
         "selector: {matchExpressions: [{key: team, "
         "operator: NotIn, values: [shop]}]}}}",
         false, "no listener takes this route"},
        {"an empty selector is everybody",
         "allowedRoutes: {namespaces: {from: Selector, selector: {}}}", true, ""},
        {"routes of other kinds",
         "allowedRoutes: {kinds: [{kind: GRPCRoute}], namespaces: {from: "
         "All}}",
         false, "no listener takes this route"},
        {"routes of this and other kinds",
         "allowedRoutes: {kinds: [{kind: GRPCRoute}, {kind: "
         "HTTPRoute}], namespaces: {from: All}}",
         true, ""},
        {"routes of this kind in the core group, where there is none",
         "allowedRoutes: {kinds: [{group: '', kind: HTTPRoute}], namespaces: {from: All}}", false,
         "no listener takes this route"},
        {"routes of this kind and group, and then others",
         "allowedRoutes: {kinds: [{group: gateway.networking.k8s.io, kind: HTTPRoute}, {kind: "
         "GRPCRoute}], namespaces: {from: All}}",
         true, ""},
        {"a protocol of an implementation's own",
         "protocol: example.com/bar, allowedRoutes: {namespaces: {from: All}}", true, ""},
        {"no HTTP at all",
         "protocol: TLS, tls: {mode: Passthrough}, allowedRoutes: {namespaces: {from: All}}", false,
         "no listener takes this route"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string fields = r.listener;
        const manifests::loaded loaded = manifests::load(
            "apiVersion: v1\nkind: Namespace\nmetadata: {name: n, labels: {team: shop}}\n---\n"
            "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
            "metadata: {name: gw, namespace: infra}\n"
            "spec: {listeners: [{name: l, port: 80" +
            (fields.empty() ? fields : ", " + fields) +
            "}]}\n---\n"
            "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
            "metadata: {name: r, namespace: n}\n"
            "spec: {parentRefs: [{name: gw, namespace: infra}], rules: [{}]}\n");
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(static_cast<bool>(loaded.import.table->find("h", "/", "GET")) == r.takes);
        CHECK(loaded.said().find(r.says) != std::string::npos);
        CHECK(loaded.problems.empty() == (*r.says == '\0'));
    }
}

TEST_CASE("a namespace whose labels are not known is let in, with a warning") {
    const manifests::loaded loaded = manifests::load(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        "metadata: {name: gw, namespace: infra}\n"
        "spec: {listeners: [{name: l, port: 80, allowedRoutes: {namespaces: {from: Selector, "
        "selector: {matchLabels: {a: b}}}}}]}\n---\n"
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: r, namespace: n}\n"
        "spec: {parentRefs: [{name: gw, namespace: infra}], rules: [{}]}\n");
    REQUIRE(loaded.import.table.has_value());
    CHECK(loaded.import.table->find("h", "/", "GET"));
    CHECK(loaded.said().find("Namespace n is not among the documents") != std::string::npos);
}

namespace {

const std::string plain_route = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                                "metadata: {name: r, namespace: n}\nspec:\n  rules:\n";

manifests::loaded load_with(const std::string& yaml,
                            const interop::gateway_import_options& options) {
    manifests::loaded result;
    result.objects =
        read_gateway_objects(manifests::parse_yaml(yaml, result.problems), result.problems);
    result.import = import_gateway(result.objects, options, result.problems);
    return result;
}

/// The rule that a request comes to, with ` 500` if it is broken; `-` if there is none.
std::string rule_of(const manifests::loaded& loaded, const corsac::route_request& request,
                    std::string_view header = {}) {
    const auto found = loaded.import.table->find(request, [&](std::string_view) { return header; });
    if (!found) return "-";
    return std::to_string(found.rule_number()) +
           (found.state() == route_state::broken ? " 500" : "");
}

}  // namespace

TEST_CASE("one bad rule costs one rule") {
    const manifests::loaded loaded = load_with(
        plain_route +
            "  - matches: [{path: {value: /filter}}]\n    filters: [{type: Nonsense}]\n"
            "  - matches: [{path: {value: /header}, headers: [{type: RegularExpression, name: X-A, "
            "value: '('}]}]\n"
            "  - matches: [{path: {type: RegularExpression, value: '/v[0-9'}}, {path: {value: "
            "/same-rule}}]\n"
            "  - matches: [{path: {value: /fine}}]\n",
        {.engine = interop::re2_engine<RE2>{}});
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    CHECK(rule_of(loaded, {.host = "h", .path = "/filter"}) == "0 500");
    CHECK(rule_of(loaded, {.host = "h", .path = "/header"}) == "1 500");
    CHECK(rule_of(loaded, {.host = "h", .path = "/v1"}) == "-");
    CHECK(rule_of(loaded, {.host = "h", .path = "/same-rule"}) == "2 500");
    CHECK(rule_of(loaded, {.host = "h", .path = "/fine"}) == "3");
    CHECK(loaded.problems.errors() == 0);
    for (const char* path : {"spec.rules[0].filters[0].type: \"Nonsense\"",
                             "spec.rules[1].matches[0].headers: X-A is no regular expression",
                             "spec.rules[2].matches[0].path.value: is no regular expression"}) {
        CAPTURE(path);
        CHECK(loaded.said().find(path) != std::string::npos);
    }
}

TEST_CASE("expressions match the whole path, header or query parameter") {
    const manifests::loaded loaded = load_with(
        plain_route +
            "  - matches: [{path: {type: RegularExpression, value: '/v[0-9]+/.*'}}]\n"
            "  - matches: [{path: {type: Exact, value: /v1/exact}}]\n"
            "  - matches: [{path: {value: /h}, headers: [{type: RegularExpression, name: X-A, "
            "value: 'b|c.*'}]}]\n"
            "  - matches: [{path: {value: /q}, queryParams: [{type: RegularExpression, name: q, "
            "value: '[0-9]'}]}]\n"
            "  - matches: [{path: {value: /v1}}]\n"
            "  - matches: [{path: {type: RegularExpression, value: '.*[.]html'}}]\n",
        {.engine = interop::re2_engine<RE2>{}});
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    CHECK(loaded.problems.empty());
    CHECK(rule_of(loaded, {.host = "h", .path = "/any/page.html"}) == "5");
    CHECK(rule_of(loaded, {.host = "h", .path = "/any/page.htm"}) == "-");
    CHECK(rule_of(loaded, {.host = "h", .path = "/q"}) == "-");
    CHECK(rule_of(loaded, {.host = "h", .path = "/v1/x"}) == "0");
    CHECK(rule_of(loaded, {.host = "h", .path = "/x/v1/x"}) == "-");
    CHECK(rule_of(loaded, {.host = "h", .path = "/v1/exact"}) == "1");
    CHECK(rule_of(loaded, {.host = "h", .path = "/v1"}) == "4");
    CHECK(rule_of(loaded, {.host = "h", .path = "/h"}, "cd") == "2");
    CHECK(rule_of(loaded, {.host = "h", .path = "/h"}, "bd") == "-");
    CHECK(rule_of(loaded, {.host = "h", .path = "/h"}) == "-");  // no such header
    CHECK(rule_of(loaded, {.host = "h", .path = "/q", .query = "q=7"}) == "3");
    CHECK(rule_of(loaded, {.host = "h", .path = "/q", .query = "q=77"}) == "-");
    // Without an engine the rule answers nothing but 500.
    const manifests::loaded without = load_with(
        plain_route + "  - matches: [{path: {value: /h}, headers: [{type: RegularExpression, name: "
                      "X-A, value: '[b]'}]}]\n",
        {});
    REQUIRE(without.import.table.has_value());
    CHECK(rule_of(without, {.host = "h", .path = "/h"}) == "0 500");
    CHECK(without.said().find("needs an engine") != std::string::npos);
}

TEST_CASE("a filter of another's, if it is named, does not break its rule") {
    const std::string yaml =
        plain_route + "  - filters: [{type: ExtensionRef, extensionRef: {group: gateway.nginx.org, "
                      "kind: AuthenticationFilter, name: f}}]\n";
    CHECK(rule_of(load_with(yaml, {}), {.host = "h", .path = "/"}) == "0 500");
    const manifests::loaded named =
        load_with(yaml, {.unrelated_extensions = {"gateway.nginx.org/AuthenticationFilter"}});
    CHECK(rule_of(named, {.host = "h", .path = "/"}) == "0");
    CHECK(named.problems.empty());
    const manifests::loaded other =
        load_with(yaml, {.unrelated_extensions = {"AuthenticationFilter"}});
    CHECK(rule_of(other, {.host = "h", .path = "/"}) == "0 500");
}

TEST_CASE("of two conditions on one name the first counts") {
    const manifests::loaded loaded = load_with(
        plain_route +
            "  - matches: [{headers: [{type: Exact, name: X-Tenant, value: one}, {name: x-tenant, "
            "value: two}]}]\n",
        {});
    REQUIRE(loaded.import.table.has_value());
    CHECK(rule_of(loaded, {.host = "h", .path = "/"}, "one") == "0");
    CHECK(rule_of(loaded, {.host = "h", .path = "/"}, "two") == "-");
    CHECK(loaded.said().find("headers[1]: is ignored: X-Tenant has a condition already") !=
          std::string::npos);
}

TEST_CASE("ListenerSets and Services are parents") {
    const std::string sets =
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
        "metadata: {name: http, namespace: n}\n"
        "spec: {gatewayClassName: x, ALLOWED listeners: [{name: http, port: 80, protocol: HTTP, "
        "hostname: gateway.example}]}\n---\n"
        "apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\n"
        "metadata: {name: extra, namespace: n}\n"
        "spec: {parentRef: {name: http}, listeners: [{name: a, port: 80, protocol: HTTP, hostname: "
        "a.example}, {name: same, port: 80, protocol: HTTP, hostname: gateway.example}]}\n---\n"
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: r, namespace: n}\nspec:\n  parentRefs: [{kind: ListenerSet, group: "
        "gateway.networking.k8s.io, name: extra}]\n  rules: [{}]\n---\n"
        "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
        "metadata: {name: p, namespace: n}\nspec: {targetRefs: [{group: "
        "gateway.networking.k8s.io, kind: ListenerSet, name: extra}], cors: {allowOrigins: "
        "['https://a.example']}}\n";
    const auto with = [&](const std::string& allowed) {
        std::string yaml = sets;
        return load_with(yaml.replace(yaml.find("ALLOWED"), 7, allowed), {});
    };
    const manifests::loaded in = with("allowedListeners: {namespaces: {from: Same}},");
    INFO(in.said());
    REQUIRE(in.import.table.has_value());
    CHECK(in.import.table->find("a.example", "/", "GET").state() == route_state::governed);
    CHECK(rule_of(in, {.host = "gateway.example", .path = "/"}) == "-");
    CHECK(in.said().find("listener same has the port and hostname of listener http") !=
          std::string::npos);
    CHECK(in.import.find_listener("n/http", 80, "A.example:80") == corsac::listener_id{1});
    CHECK(in.import.find_listener("n/http", 80, "other.example") == std::nullopt);
    const manifests::loaded out = with("");
    CHECK(rule_of(out, {.host = "a.example", .path = "/"}) == "-");
    CHECK(out.said().find("takes no listeners from namespace n") != std::string::npos);

    const manifests::loaded mesh = load_with(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: r, namespace: n}\nspec:\n  hostnames: [ignored.example]\n"
        "  parentRefs: [{kind: Service, group: '', name: echo, port: 80}]\n  rules: [{}]\n",
        {});
    REQUIRE(mesh.import.table.has_value());
    for (const char* host : {"echo", "echo.n", "echo.n.svc:80", "echo.n.svc.cluster.local"}) {
        CAPTURE(host);
        CHECK(rule_of(mesh, {.host = host, .path = "/"}) == "0");
        CHECK(mesh.import.find_listener("Service n/echo", 80, host).has_value());
    }
    CHECK(rule_of(mesh, {.host = "ignored.example", .path = "/"}) == "-");
    CHECK(rule_of(mesh, {.host = "echo.other", .path = "/"}) == "-");
}

TEST_CASE("a reference to another namespace needs a grant, and a backend a kind that is known") {
    const std::string to = "  - backendRefs: [{name: s, namespace: other, port: 80}]\n";
    const auto grant = [](const std::string& from, const std::string& target) {
        return "---\napiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
               "metadata: {name: g, namespace: other}\nspec: {from: [{group: "
               "gateway.networking.k8s.io, kind: HTTPRoute, namespace: " +
               from + "}], to: [{group: '', kind: Service" + target + "}]}\n";
    };
    struct row {
        const char* about;
        std::string yaml;
        const char* expected;
    };
    const row rows[] = {
        {"none", plain_route + to, "0 500"},
        {"to all", plain_route + to + grant("n", ""), "0"},
        {"to this one", plain_route + to + grant("n", ", name: s"), "0"},
        {"to another one", plain_route + to + grant("n", ", name: t"), "0 500"},
        {"from another namespace", plain_route + to + grant("m", ""), "0 500"},
        {"a kind that nobody knows",
         plain_route + "  - backendRefs: [{group: g, kind: K, name: s}]\n", "0 500"},
        {"a kind that is among the documents",
         plain_route + "  - backendRefs: [{group: g, kind: K, name: s}]\n"
                       "---\napiVersion: g/v1\nkind: K\n",
         "0"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = load_with(r.yaml, {});
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(rule_of(loaded, {.host = "h", .path = "/"}) == r.expected);
    }
    CHECK(rule_of(load_with(plain_route + to, {.assume_grants = true}),
                  {.host = "h", .path = "/"}) == "0");
}

namespace {

std::string gateway_named(const std::string& meta, const std::string& listeners,
                          const std::string& spec = "") {
    return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {" + meta +
           "}\nspec: {gatewayClassName: x, " + spec + "listeners: [" + listeners + "]}\n";
}
std::string route_under(const std::string& parents, const std::string& spec = "rules: [{}]") {
    return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
           "metadata: {name: r, namespace: n}\nspec: {parentRefs: [" +
           parents + "], " + spec + "}\n";
}
std::string set_named(const std::string& kind, const std::string& meta, const std::string& gateway,
                      const std::string& listeners) {
    return "---\napiVersion: gateway.networking." + std::string(kind[0] == 'X' ? "x-" : "") +
           "k8s.io/v1\nkind: " + kind + "\nmetadata: {" + meta + "}\nspec: {parentRef: {" +
           gateway + "}, listeners: [" + listeners + "]}\n";
}

const std::string one_listener = "{name: http, port: 80, protocol: HTTP}";
const std::string in_n = "name: gw, namespace: n";

}  // namespace

TEST_CASE("a route gets requests from the parents that take it") {
    struct row {
        const char* about;
        std::string yaml;
        std::string_view host;
        const char* expected;
        const char* says;  ///< empty if there is no problem
    };
    const std::string set = "{name: a, port: 81, protocol: HTTP, hostname: a.example}";
    const std::string in_set = "{group: gateway.networking.k8s.io, kind: ListenerSet, name: s}";
    const auto with_set = [&](const std::string& from, const std::string& space = "n") {
        return gateway_named("name: gw, namespace: " + space, one_listener,
                             "allowedListeners: {namespaces: {" + from + "}}, ") +
               set_named("ListenerSet", "name: s, namespace: n", "name: gw, namespace: " + space,
                         set) +
               route_under(in_set);
    };
    const std::string labelled = "---\napiVersion: v1\nkind: Namespace\nmetadata: {name: n, "
                                 "labels: {team: shop}}\n";
    const std::string selects = "from: Selector, selector: {matchLabels: {team: ";
    const row rows[] = {
        {"a kind that is no parent", route_under("{kind: Mesh, name: m}"), "h", "-",
         "HTTPRoute n/r, spec.parentRefs[0].kind: Mesh is no parent that is known here"},
        {"two Gateways, of which the second does not take it",
         gateway_named(in_n, one_listener) +
             gateway_named("name: other, namespace: m", one_listener) +
             route_under("{name: gw}, {name: other, namespace: m}"),
         "h", "0", ""},
        {"two Gateways, of which the first does not take it",
         gateway_named(in_n, one_listener) +
             gateway_named("name: other, namespace: m", one_listener) +
             route_under("{name: other, namespace: m}, {name: gw}"),
         "h", "0", ""},
        {"a section that is not there",
         gateway_named(in_n, one_listener) + route_under("{name: gw, sectionName: gone}"), "h", "-",
         "no listener takes this route"},
        {"a port that is not there",
         gateway_named(in_n, one_listener) + route_under("{name: gw, port: 81}"), "h", "-",
         "no listener takes this route"},
        {"a port that is", gateway_named(in_n, one_listener) + route_under("{name: gw, port: 80}"),
         "h", "0", ""},
        {"listeners of everybody", with_set("from: All", "infra"), "a.example", "0", ""},
        {"of nobody, which is said", with_set("from: None"), "a.example", "-",
         "ListenerSet n/s, spec.parentRef: Gateway n/gw takes no listeners from namespace n"},
        {"of another namespace", with_set("from: Same", "infra"), "a.example", "-",
         "Gateway infra/gw takes no listeners from namespace n"},
        {"of a namespace with a label", labelled + with_set(selects + "shop}}", "infra"),
         "a.example", "0", ""},
        {"of a namespace with another", labelled + with_set(selects + "bank}}", "infra"),
         "a.example", "-", "Gateway infra/gw takes no listeners from namespace n"},
        {"of a namespace whose labels are not known", with_set(selects + "shop}}", "infra"),
         "a.example", "0",
         "ListenerSet n/s, spec.parentRef: Namespace n is not among the documents, so its labels "
         "are not known; the Gateway is taken to let it in"},
        {"for a Gateway that is not among the documents",
         gateway_named("name: other, namespace: n", one_listener) +
             set_named("ListenerSet", "name: s, namespace: n", "name: gw", set) +
             route_under(in_set),
         "a.example", "0",
         "ListenerSet n/s, spec.parentRef: Gateway n/gw is not among the documents; it is taken to "
         "exist and to let the listeners in"},
        {"the kind's name before v1.5",
         gateway_named(in_n, one_listener, "allowedListeners: {namespaces: {from: Same}}, ") +
             set_named("XListenerSet", "name: s, namespace: n", "name: gw", set) +
             route_under("{group: gateway.networking.x-k8s.io, kind: XListenerSet, name: s}"),
         "a.example", "0", ""},
        {"a listener with another protocol on a port that is taken",
         gateway_named(in_n, one_listener, "allowedListeners: {namespaces: {from: Same}}, ") +
             set_named("ListenerSet", "name: s, namespace: n", "name: gw",
                       "{name: a, port: 80, protocol: HTTPS, hostname: a.example}") +
             route_under(in_set),
         "a.example", "-",
         "listener a has the port of listener http and another protocol, and is left out"},
        {"a Service without hostnames", route_under("{kind: Service, group: '', name: echo}"),
         "echo.n", "0", ""},
        {"a Service and a Gateway: by the Service's name",
         gateway_named(in_n, one_listener) +
             route_under("{name: gw}, {kind: Service, group: '', name: echo}",
                         "hostnames: [a.example], rules: [{}]"),
         "echo.n.svc", "0", ""},
        {"a Service and a Gateway: by the route's hostname",
         gateway_named(in_n, one_listener) +
             route_under("{name: gw}, {kind: Service, group: '', name: echo}",
                         "hostnames: [a.example], rules: [{}]"),
         "a.example", "0", ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = load_with(r.yaml, {});
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(rule_of(loaded, {.host = r.host, .path = "/"}) == r.expected);
        CHECK(loaded.said().find(r.says) != std::string::npos);
        CHECK(loaded.problems.empty() == (*r.says == '\0'));
    }
}

TEST_CASE("a Service has one listener for each name and port, however many routes it has") {
    const auto route = [](const char* name, const char* port) {
        return std::string("---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                           "metadata: {name: ") +
               name + ", namespace: n}\nspec: {parentRefs: [{kind: Service, group: '', name: echo" +
               port + "}], rules: [{}]}\n";
    };
    const manifests::loaded same =
        load_with(route("a", ", port: 80") + route("b", ", port: 80"), {});
    CHECK(same.import.listeners.size() == 4);
    const manifests::loaded other =
        load_with(route("a", ", port: 80") + route("b", ", port: 81"), {});
    CHECK(other.import.listeners.size() == 8);
    CHECK(other.import.find_listener("Service n/echo", 81, "echo") !=
          other.import.find_listener("Service n/echo", 80, "echo"));
}

TEST_CASE("a policy is attached to what its target names or selects, in its namespace") {
    struct row {
        const char* about;
        const char* target;
        bool attached;
    };
    const row rows[] = {
        {"a Gateway by name", "targetRefs: [{kind: Gateway, name: gw}]", true},
        {"a Gateway by label", "targetSelectors: [{kind: Gateway, matchLabels: {tier: edge}}]",
         true},
        {"a Gateway by another label",
         "targetSelectors: [{kind: Gateway, matchLabels: {tier: core}}]", false},
        {"a Gateway of another name", "targetRefs: [{kind: Gateway, name: other}]", false},
        {"a Gateway of another namespace", "targetRefs: [{kind: Gateway, name: far}]", false},
        {"a listener", "targetRefs: [{kind: Gateway, name: gw, sectionName: http}]", true},
        {"a listener that is not there",
         "targetRefs: [{kind: Gateway, name: gw, sectionName: gone}]", false},
        {"a route by another label",
         "targetSelectors: [{kind: HTTPRoute, matchLabels: {tier: core}}]", false},
        {"a route of another name", "targetRefs: [{kind: HTTPRoute, name: other}]", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = load_with(
            gateway_named("name: gw, namespace: n, labels: {tier: edge}", one_listener) +
                gateway_named("name: far, namespace: m, labels: {tier: edge}", one_listener) +
                route_under("{name: gw}") +
                "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
                "{name: p, namespace: n}\nspec: {" +
                r.target + ", cors: {allowOrigins: ['https://a.example']}}\n",
            {});
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK((loaded.import.table->find("h", "/", "GET").governing() != nullptr) == r.attached);
        CHECK(loaded.problems.empty() == r.attached);
        if (!r.attached) {
            CHECK(loaded.said().find("so the policy is not attached there") != std::string::npos);
        }
    }
    // Of a Gateway that is not among the documents the labels are not known.
    const manifests::loaded unknown = load_with(
        route_under("{name: gw}") +
            "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
            "{name: p, namespace: n}\nspec: {targetSelectors: [{kind: Gateway, matchLabels: {}}], "
            "cors: {allowOrigins: ['https://a.example']}}\n",
        {});
    REQUIRE(unknown.import.table.has_value());
    CHECK(unknown.import.table->find("h", "/", "GET").governing() == nullptr);
    CHECK(unknown.said().find("there is no such Gateway in namespace n") != std::string::npos);
}

TEST_CASE("a policy that has an error is one error, and there is no table") {
    const manifests::loaded loaded = load_with(
        plain_route + "  - {}\n---\napiVersion: gateway.kgateway.dev/v1alpha1\n"
                      "kind: TrafficPolicy\nmetadata: {name: p, namespace: n}\nspec: {targetRefs: "
                      "[{kind: HTTPRoute, name: r}], cors: {allowOrigins: [a.example]}}\n",
        {});
    INFO(loaded.said());
    CHECK_FALSE(loaded.import.table.has_value());
    CHECK(loaded.problems.errors() == 1);
    CHECK(loaded.said().find("error: TrafficPolicy n/p, spec.cors.allowOrigins[0]: ") == 0);
}

TEST_CASE("what is wrong with a backend costs its share of the requests") {
    const std::string nginx = "{type: ExtensionRef, extensionRef: {group: gateway.nginx.org, kind: "
                              "AuthenticationFilter, name: f}}";
    const auto backend = [](const std::string& filters) {
        return plain_route + "  - backendRefs: [{name: s, port: 80, filters: [" + filters + "]}]\n";
    };
    const std::string of_kind = plain_route + "  - backendRefs: [{group: g, kind: K, name: s}]\n";
    struct row {
        const char* about;
        std::string yaml;
        interop::gateway_import_options options;
        const char* expected;
    };
    const row rows[] = {
        {"a filter that nobody knows", backend("{type: Nonsense}"), {}, "0 500"},
        {"a filter of another's", backend(nginx), {}, "0 500"},
        {"a filter of another's that is named",
         backend(nginx),
         {.unrelated_extensions = {"gateway.nginx.org/AuthenticationFilter"}},
         "0"},
        {"a kind that the caller knows", of_kind, {.backend_kinds = {"g/K"}}, "0"},
        {"another kind that the caller knows", of_kind, {.backend_kinds = {"g/L"}}, "0 500"},
        {"the kind in another group", of_kind + "---\napiVersion: h/v1\nkind: K\n", {}, "0 500"},
        {"nothing between two lines", of_kind + "---\n---\n", {}, "0 500"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = load_with(r.yaml, r.options);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(rule_of(loaded, {.host = "h", .path = "/"}) == r.expected);
    }
}

TEST_CASE("a weight that is none is an error by every profile") {
    for (const char* weight : {"-1", "1000001"}) {
        CAPTURE(weight);
        const manifests::loaded loaded = load_with(
            plain_route + "  - backendRefs: [{name: s, port: 80, weight: " + weight + "}]\n",
            {.profile = interop::gateway_profile::extended});
        CHECK_FALSE(loaded.import.table.has_value());
        CHECK(loaded.said().find("n/s:80 has a weight below 0, or above 1000000") !=
              std::string::npos);
    }
}

TEST_CASE("backends with different policies are said once of a rule") {
    const manifests::loaded loaded = load_with(
        plain_route + "  - matches: [{path: {value: /a}}, {path: {value: /b}}]\n    backendRefs: "
                      "[{name: s, port: 80, filters: [{type: CORS, cors: {allowOrigins: "
                      "['https://a.example']}}]}, {name: t, port: 80}]\n",
        {});
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    CHECK(loaded.problems.warnings() == 1);
    CHECK(loaded.said().find("spec.rules[0].backendRefs: the backends have different CORS") !=
          std::string::npos);
}
