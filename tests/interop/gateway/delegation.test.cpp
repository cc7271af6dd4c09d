// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/detail/delegation.hpp>

#include <corsac/interop/gateway/import.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

// After the inputs and outputs of kgateway's own translator tests for delegation.

namespace {

const std::string route_head = "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n";

/// A Gateway, and a route that delegates with these matches to what is named.
std::string parent(const std::string& matches, const std::string& to,
                   const std::string& filters = "") {
    return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\n"
           "metadata: {name: http, namespace: infra}\n"
           "spec: {gatewayClassName: x, listeners: [{name: http, port: 80, protocol: HTTP}]}\n" +
           route_head +
           "metadata: {name: parent, namespace: infra}\nspec:\n"
           "  parentRefs: [{name: http}]\n  hostnames: [example.com]\n  rules:\n"
           "  - name: all\n    backendRefs: [{name: own, port: 80}]\n"
           "  - name: handed\n    matches: [" +
           matches + "]\n" + filters + "    backendRefs: [" + to + "]\n";
}

std::string child(const std::string& meta, const std::string& rules, const std::string& spec = "") {
    return route_head + "metadata: {" + meta + "}\nspec:\n" + spec + "  rules: [" + rules + "]\n";
}

std::string cors(const std::string& origin) {
    return "filters: [{type: CORS, cors: {allowOrigins: ['" + origin + "']}}]";
}

const std::string under_a = "{path: {type: PathPrefix, value: /a}}";
const std::string to_all_in_a =
    "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: '*', namespace: a}";
const std::string in_a = "name: child, namespace: a";

/// The route, its rule and the origin that is allowed there, or what there is instead.
std::string governing(const manifests::loaded& loaded, const manifests::request& asked) {
    const corsac::request_facts facts = asked.facts();
    const auto found = loaded.import.table->find(make_route_request(facts, asked.path));
    if (!found) return "no route";
    std::string said = std::string(found.route()) + ' ' + std::to_string(found.rule_number());
    if (found.state() == corsac::route_state::broken) return said + " 500";
    const corsac::policy* p = found.governing();
    return p == nullptr ? said : said + ' ' + std::string(p->options().allow_origins[0]);
}

}  // namespace

TEST_CASE("a child serves what lies under its parent's match, on its parent's hosts") {
    const std::string rule_1 = "{matches: [{path: {value: /a/1}}], " +
                               cors("https://child.example") +
                               ", backendRefs: [{name: s, port: 80}]}";
    struct row {
        const char* about;
        std::string manifests;
        const char* host;
        const char* path;
        const char* expected;
    };
    const std::string basic =
        parent(under_a, to_all_in_a, "    " + cors("https://parent.example") + "\n") +
        child(in_a, rule_1);
    const std::string by_label =
        parent(under_a,
               "{group: delegation.kgateway.dev, kind: label, name: team, namespace: all}") +
        child("name: child, namespace: b, labels: {delegation.kgateway.dev/label: team}", rule_1);
    const std::string inherits =
        parent("{path: {value: /a}, headers: [{name: X-A, value: b}], method: PUT}", to_all_in_a) +
        child("name: child, namespace: a, annotations: "
              "{delegation.kgateway.dev/inherit-parent-matcher: 'true'}",
              "{matches: [{path: {type: Exact, value: /x}}], " + cors("https://child.example") +
                  "}");
    const row rows[] = {
        {"the child's filter governs", basic, "example.com", "/a/1/x",
         "a/child 0 https://child.example"},
        {"what no child takes goes on to other rules", basic, "example.com", "/a/2",
         "infra/parent 0"},
        {"it answers on no other host", basic, "other.example", "/a/1", "no route"},
        {"a child without a policy has its parent's",
         parent(under_a, to_all_in_a, "    " + cors("https://parent.example") + "\n") +
             child(in_a, "{matches: [{path: {value: /a/1}}]}"),
         "example.com", "/a/1", "a/child 0 https://parent.example"},
        {"a parent may come before its children",
         parent(under_a, to_all_in_a, "    " + cors("https://parent.example") + "\n")
                 .replace(basic.find("name: parent,"), 13,
                          "name: parent, annotations: {kgateway.dev/inherited-policy-priority: "
                          "ShallowMergePreferParent},") +
             child(in_a, rule_1),
         "example.com", "/a/1", "a/child 0 https://parent.example"},
        {"by name",
         parent(under_a, "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: child, "
                         "namespace: a}") +
             child(in_a, rule_1),
         "example.com", "/a/1", "a/child 0 https://child.example"},
        {"by label, in any namespace", by_label, "example.com", "/a/1",
         "b/child 0 https://child.example"},
        {"a match beside the parent's is none",
         parent(under_a, to_all_in_a) + child(in_a, "{matches: [{path: {value: /ab}}]}, " + rule_1),
         "example.com", "/ab", "infra/parent 0"},
        {"conditions of the parent must be the child's, too",
         parent("{path: {value: /a}, headers: [{name: X-A, value: b}]}", to_all_in_a) +
             child(in_a, rule_1),
         "example.com", "/a/1", "infra/parent 0"},
        {"or it inherits them", inherits, "example.com", "/a/x", "infra/parent 0"},
        {"a child that names another parent is not found",
         parent(under_a, to_all_in_a) +
             child(
                 in_a, rule_1,
                 "  parentRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: other, "
                 "namespace: infra}]\n"),
         "example.com", "/a/1", "infra/parent 1 500"},
        {"nor is one with hostnames of its own",
         parent(under_a, to_all_in_a) + child(in_a, rule_1, "  hostnames: [a.example]\n"),
         "example.com", "/a/1", "infra/parent 1 500"},
        {"what delegates to nobody answers 500", parent(under_a, to_all_in_a), "example.com",
         "/a/1", "infra/parent 1 500"},
        {"a child of a child",
         parent(under_a, to_all_in_a) +
             child(in_a, "{matches: [{path: {value: /a/b}}], backendRefs: [{group: "
                         "gateway.networking.k8s.io, kind: HTTPRoute, name: '*', namespace: b}]}") +
             child("name: deep, namespace: b",
                   "{matches: [{path: {value: /a/b/c}}], " + cors("https://deep.example") + "}"),
         "example.com", "/a/b/c", "b/deep 0 https://deep.example"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.manifests);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(governing(loaded, {.host = r.host, .path = r.path}) == r.expected);
    }
    const manifests::loaded loaded = manifests::load(inherits);
    corsac::route_request asked{.host = "example.com", .path = "/a/x", .method = "PUT"};
    const auto found = loaded.import.table->find(asked, [](std::string_view name) {
        return name == "X-A" ? std::string_view{"b"} : std::string_view{};
    });
    CHECK(found.route() == "a/child");
}

TEST_CASE("routes that delegate in a circle are an error") {
    const manifests::loaded loaded =
        manifests::load(parent(under_a, to_all_in_a) +
                        child(in_a, "{matches: [{path: {value: /a/b}}], backendRefs: [{group: "
                                    "gateway.networking.k8s.io, kind: HTTPRoute, name: child}]}"));
    CHECK_FALSE(loaded.import.table.has_value());
    CHECK(loaded.said().find("HTTPRoute a/child, spec.rules[0].backendRefs: delegates to a/child, "
                             "which delegates here: the routes form a cycle") != std::string::npos);
}

TEST_CASE("routes that nobody delegates to may be as many as a file holds") {
    std::string manifests;
    for (int i = 0; i < 10001; ++i) {
        manifests += "---\napiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: "
                     "{name: r" +
                     std::to_string(i) + "}\nspec: {}\n";
    }
    const manifests::loaded loaded = manifests::load(manifests);
    INFO(loaded.said());
    CHECK(loaded.problems.errors() == 0);
    CHECK(loaded.import.table.has_value());
}

TEST_CASE("routes that delegate to each other in too many ways are an error, soon") {
    std::string manifests = parent("{path: {value: /}}", to_all_in_a);
    for (int level = 0; level < 8; ++level) {
        const std::string space(1, static_cast<char>('a' + level));
        const std::string next(1, static_cast<char>('b' + level));
        for (int i = 0; i < 8; ++i) {
            manifests += child("name: r" + std::to_string(i) + ", namespace: " + space,
                               "{backendRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, "
                               "name: '*', namespace: " +
                                   next + "}]}");
        }
    }
    const manifests::loaded loaded = manifests::load(manifests);
    CHECK_FALSE(loaded.import.table.has_value());
    CHECK(loaded.said().find("delegate to each other in more than 10000 ways") !=
          std::string::npos);
}
