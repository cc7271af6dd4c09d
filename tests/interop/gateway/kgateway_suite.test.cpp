// SPDX-License-Identifier: MIT
// What kgateway's own end-to-end suite for CORS expects (test/kubernetes/e2e/features/cors), put to
// the table in corsac's way and to Envoy's twin.
#include <corsac/interop/envoy/filter.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <string_view>

namespace {

const std::string gateway_head = "apiVersion: gateway.networking.k8s.io/v1\n";
const std::string policy_head = "---\napiVersion: gateway.kgateway.dev/v1alpha1\n"
                                "kind: TrafficPolicy\n";

const std::string to_b = "    backendRefs: [{name: b, port: 1}]\n";

/// A route with two rules of its own paths and one that is switched off.
std::string route(const std::string& first_filters) {
    return gateway_head +
           "kind: Gateway\nmetadata: {name: gw, namespace: n}\n"
           "spec: {listeners: [{name: http, port: 8080, protocol: HTTP}]}\n---\n" +
           gateway_head +
           "kind: HTTPRoute\nmetadata: {name: r, namespace: n}\n"
           "spec:\n  parentRefs: [{name: gw}]\n  hostnames: [example.com]\n  rules:\n"
           "  - name: one\n    matches: [{path: {value: /path1}}]\n" +
           first_filters + to_b + "  - name: two\n    matches: [{path: {value: /path2}}]\n" + to_b +
           "  - name: off\n    matches: [{path: {value: /cors-disabled}}]\n" + to_b;
}

std::string policy_for(const std::string& name, const std::string& target,
                       const std::string& cors) {
    return policy_head + "metadata: {name: " + name + ", namespace: n}\nspec: {targetRefs: [" +
           target + "], cors: " + cors + "}\n";
}

const std::string on_gateway =
    policy_for("g", "{kind: Gateway, name: gw}",
               "{allowOrigins: ['https://notexample.com', 'https://a.b.*', 'https://*.edu'],"
               " allowMethods: [GET, POST], allowHeaders: [Content-Type, Authorization]}");

/// A preflight for GET, as the suite sends it.
manifests::request ask(const std::string& path, const std::string& origin) {
    return {.method = "OPTIONS",
            .host = "example.com",
            .path = path,
            .origin = origin,
            .requested_method = "GET"};
}

/// Decisions borrow from the request, too.
struct answers {
    explicit answers(const std::string& yaml)
        : loaded(manifests::load(yaml, interop::gateway_profile::kgateway)) {
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        envoy.emplace(loaded.import);
    }

    [[nodiscard]] corsac::decision ours(const manifests::request& asked) const {
        const auto facts = asked.facts();
        return evaluate(loaded.import.table->find(make_route_request(facts, asked.path)), facts);
    }
    [[nodiscard]] interop::envoy_decision theirs(const manifests::request& asked) const {
        const auto facts = asked.facts();
        return envoy->evaluate(loaded.import.table->find(make_route_request(facts, asked.path)), 0,
                               facts);
    }

    manifests::loaded loaded;
    std::optional<interop::envoy_policies> envoy;
};

struct origin_row {
    const char* origin;
    bool envoy_allows;
    bool ours_allows;
};

struct path_row {
    const char* about;
    std::string yaml;
    std::string path;
    const char* methods;  ///< null: no policy applies
    const char* headers;
};

}  // namespace

TEST_CASE("origins of kgateway's suite") {
    const origin_row rows[] = {
        {"https://notexample.com", true, true},
        // What stands for `https://a.b.*` in Envoy is the prefix `https://a.b.`. Strangers can
        // register such hosts, so the table leaves the entry out, with a warning.
        {"https://a.b.c.d", true, false},
        {"https://test.cors.edu", true, true},
        {"https://notedu.com", false, false},
        {"https://api.example.org", false, false},
        {"https://edu", false, false},
        {"http://a.b.c.d", false, false},
        {"https://notexample.org", false, false},
        {"https://api.notexample.com", false, false},
        {"https:/a.b", false, false},
    };
    const answers suite(route("") + on_gateway);
    CHECK(suite.loaded.said().find("https://a.b.*") != std::string::npos);
    for (const origin_row& r : rows) {
        CAPTURE(r.origin);
        const manifests::request asked = ask("/path1", r.origin);
        const interop::envoy_decision theirs = suite.theirs(asked);
        CHECK(theirs.origin_allowed == r.envoy_allows);
        CHECK(theirs.answers == r.envoy_allows);
        CHECK(theirs.allow_origin.has_value() == r.envoy_allows);
        CHECK(suite.ours(asked).allows() == r.ours_allows);
    }
}

TEST_CASE("levels of kgateway's suite") {
    const std::string on_rule =
        policy_for("t", "{kind: HTTPRoute, name: r, sectionName: one}",
                   "{allowOrigins: ['https://notexample.com'], allowMethods: [GET, POST, DELETE],"
                   " allowHeaders: [x-custom-header]}");
    const std::string off =
        policy_for("off", "{kind: HTTPRoute, name: r, sectionName: 'off'}", "{disable: {}}");
    const std::string native =
        "    filters: [{type: CORS, cors: {allowOrigins: ['https://notexample.com'],"
        " allowMethods: [GET], allowHeaders: [x-native]}}]\n";
    const std::string both = route("") + on_gateway + on_rule + off;
    const path_row rows[] = {
        {"a Gateway's policy, first path", route("") + on_gateway, "/path1", "GET, POST",
         "Content-Type, Authorization"},
        {"a Gateway's policy, second path", route("") + on_gateway, "/path2", "GET, POST",
         "Content-Type, Authorization"},
        {"a rule's own policy", both, "/path1", "GET, POST, DELETE", "x-custom-header"},
        {"beside it the Gateway's", both, "/path2", "GET, POST", "Content-Type, Authorization"},
        {"switched off", both, "/cors-disabled", nullptr, nullptr},
        {"a native filter", route(native) + on_gateway, "/path1", "GET", "x-native"},
        {"beside it the Gateway's, again", route(native) + on_gateway, "/path2", "GET, POST",
         "Content-Type, Authorization"},
    };
    for (const path_row& r : rows) {
        CAPTURE(r.about);
        const answers suite(r.yaml);
        const manifests::request asked = ask(r.path, "https://notexample.com");
        const corsac::decision ours = suite.ours(asked);
        const interop::envoy_decision theirs = suite.theirs(asked);
        REQUIRE(ours.governs() == (r.methods != nullptr));
        REQUIRE(theirs.answers == (r.methods != nullptr));
        if (r.methods == nullptr) continue;
        CHECK(ours.fields().allow_methods == r.methods);
        CHECK(ours.fields().allow_headers == r.headers);
        CHECK(theirs.allow_methods == r.methods);
        CHECK(theirs.allow_headers == r.headers);
    }
}
