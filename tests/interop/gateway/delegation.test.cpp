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

TEST_CASE("a child's match must lie under its parent's, or is added to it") {
    struct match_row {
        const char* about;
        const char* parent;
        const char* child;
        const char* inherits;  ///< what the annotation says; empty if it is not there
        corsac::route_request asked;
        const char* header;  ///< the value of X-A
        bool reaches;
    };
    const char* const post = "POST";
    const match_row rows[] = {
        {"the parent's own path",
         "path: {value: /a}",
         "path: {value: /a}",
         "",
         {.path = "/a"},
         "",
         true},
        {"a path that only begins like it",
         "path: {value: /a}",
         "path: {value: /ab}",
         "",
         {.path = "/ab"},
         "",
         false},
        {"another path", "path: {value: /a}", "path: {value: /b}", "", {.path = "/b"}, "", false},
        {"an expression that begins with it",
         "path: {value: /a}",
         "path: {type: RegularExpression, value: '/a.*z'}",
         "",
         {.path = "/axyz"},
         "",
         true},
        {"an expression that does not",
         "path: {value: /a}",
         "path: {type: RegularExpression, value: '.*z'}",
         "",
         {.path = "/a/z"},
         "",
         false},
        {"under an exact path lies nothing",
         "path: {type: Exact, value: /a}",
         "path: {value: /a}",
         "",
         {.path = "/a"},
         "",
         false},
        {"a method that the child does not ask for",
         "path: {value: /a}, method: PUT",
         "path: {value: /a}",
         "",
         {.path = "/a", .method = "PUT"},
         "",
         false},
        {"a method that the child asks for, too",
         "path: {value: /a}, method: PUT",
         "path: {value: /a}, method: PUT",
         "",
         {.path = "/a", .method = "PUT"},
         "",
         true},
        {"another method",
         "path: {value: /a}, method: PUT",
         "path: {value: /a}, method: POST",
         "",
         {.path = "/a", .method = post},
         "",
         false},
        {"a query parameter that the child does not ask for",
         "path: {value: /a}, queryParams: [{name: q, value: '1'}]",
         "path: {value: /a}",
         "",
         {.path = "/a", .query = "q=1"},
         "",
         false},
        {"a query parameter that it asks for, too",
         "path: {value: /a}, queryParams: [{name: q, value: '1'}]",
         "path: {value: /a}, queryParams: [{name: q, value: '1'}]",
         "",
         {.path = "/a", .query = "q=1"},
         "",
         true},
        {"an expression on a header that it does not ask for",
         "path: {value: /a}, headers: [{type: RegularExpression, name: X-A, value: 'b.*'}]",
         "path: {value: /a}",
         "",
         {.path = "/a"},
         "bc",
         false},
        {"an expression on a query parameter that it does not ask for",
         "path: {value: /a}, queryParams: [{type: RegularExpression, name: q, value: 'b.*'}]",
         "path: {value: /a}",
         "",
         {.path = "/a", .query = "q=bc"},
         "",
         false},
        {"the same expression",
         "path: {value: /a}, headers: [{type: RegularExpression, name: X-A, value: 'b.*'}]",
         "path: {value: /a}, headers: [{type: RegularExpression, name: X-A, value: 'b.*'}]",
         "",
         {.path = "/a"},
         "bc",
         true},

        {"both paths",
         "path: {value: /a}",
         "path: {value: /x}",
         "true",
         {.path = "/a/x/y"},
         "",
         true},
        {"another word for it",
         "path: {value: /a}",
         "path: {value: /x}",
         "Enabled",
         {.path = "/a/x"},
         "",
         true},
        {"a third", "path: {value: /a}", "path: {value: /x}", "yes", {.path = "/a/x"}, "", true},
        {"a word that is none",
         "path: {value: /a}",
         "path: {value: /x}",
         "no",
         {.path = "/a/x"},
         "",
         false},
        {"an exact path of / is the parent's",
         "path: {value: /a/}",
         "path: {type: Exact, value: /}",
         "true",
         {.path = "/a"},
         "",
         true},
        {"a prefix of /", "path: {value: /}", "path: {value: /}", "true", {.path = "/b"}, "", true},
        {"an expression is added to it",
         "path: {value: /a}",
         "path: {type: RegularExpression, value: '/b.*'}",
         "true",
         {.path = "/a/bc"},
         "",
         true},
        {"an expression without a / in front",
         "path: {value: /a}",
         "path: {type: RegularExpression, value: 'b.*'}",
         "true",
         {.path = "/a/bc"},
         "",
         true},
        {"under an exact path, likewise nothing",
         "path: {type: Exact, value: /a}",
         "path: {value: /x}",
         "true",
         {.path = "/a/x"},
         "",
         false},
        {"the parent's method",
         "path: {value: /a}, method: PUT",
         "path: {value: /x}",
         "true",
         {.path = "/a/x", .method = "POST"},
         "",
         false},
        {"the parent's method, not the child's",
         "path: {value: /a}, method: PUT",
         "path: {value: /x}, method: POST",
         "true",
         {.path = "/a/x", .method = "PUT"},
         "",
         true},
        {"the child's method, where the parent has none",
         "path: {value: /a}",
         "path: {value: /x}, method: POST",
         "true",
         {.path = "/a/x", .method = "PUT"},
         "",
         false},
        {"the parent's header, not the child's",
         "path: {value: /a}, headers: [{name: X-A, value: b}]",
         "path: {value: /x}, headers: [{name: X-A, value: c}]",
         "true",
         {.path = "/a/x"},
         "b",
         true},
        {"the parent's header, not the child's expression",
         "path: {value: /a}, headers: [{name: X-A, value: b}]",
         "path: {value: /x}, headers: [{type: RegularExpression, name: X-A, value: 'c.*'}]",
         "true",
         {.path = "/a/x"},
         "b",
         true},
        {"the parent's expression, not the child's header",
         "path: {value: /a}, headers: [{type: RegularExpression, name: X-A, value: 'b.*'}]",
         "path: {value: /x}, headers: [{name: X-A, value: c}]",
         "true",
         {.path = "/a/x"},
         "bc",
         true},
        {"and the header must be there",
         "path: {value: /a}, headers: [{name: X-A, value: b}]",
         "path: {value: /x}",
         "true",
         {.path = "/a/x"},
         "c",
         false},
        {"query parameters of both",
         "path: {value: /a}, queryParams: [{name: p, value: '1'}]",
         "path: {value: /x}, queryParams: [{name: q, value: '2'}]",
         "true",
         {.path = "/a/x", .query = "p=1"},
         "",
         false},
    };
    for (const match_row& r : rows) {
        CAPTURE(r.about);
        const std::string note =
            *r.inherits == '\0'
                ? ""
                : ", annotations: {a: b, delegation.kgateway.dev/inherit-parent-matcher: '" +
                      std::string(r.inherits) + "'}";
        const manifests::loaded loaded =
            manifests::load(parent('{' + std::string(r.parent) + '}', to_all_in_a) +
                            child(in_a + note, "{matches: [{" + std::string(r.child) + "}]}"));
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        corsac::route_request asked = r.asked;
        asked.host = "example.com";
        const auto found = loaded.import.table->find(asked, [&](std::string_view name) {
            return name == "X-A" ? std::string_view(r.header) : std::string_view{};
        });
        CHECK((found.route() == "a/child") == r.reaches);
    }
}

TEST_CASE("a backend names routes by their name, in a namespace, or by a label") {
    const std::string rule_a = "{matches: [{path: {value: /a}}]}";
    const auto by_label = [](const char* name_space) {
        return parent(under_a, "{group: delegation.kgateway.dev, kind: label, name: team, "
                               "namespace: " +
                                   std::string(name_space) + "}");
    };
    const auto labelled = [](const char* label) {
        return "name: child, namespace: a, labels: {" + std::string(label) + "}";
    };
    const auto parents = [](const std::string& fields) {
        return "  parentRefs: [{group: gateway.networking.k8s.io, " + fields + "}]\n";
    };
    struct named_row {
        const char* about;
        std::string manifests;
        const char* expected;
    };
    const named_row rows[] = {
        {"a label in its namespace",
         by_label("a") + child(labelled("delegation.kgateway.dev/label: team"), rule_a),
         "a/child 0"},
        {"the label in another namespace",
         by_label("b") + child(labelled("delegation.kgateway.dev/label: team"), rule_a),
         "infra/parent 1 500"},
        {"another value of the label",
         by_label("a") + child(labelled("delegation.kgateway.dev/label: other"), rule_a),
         "infra/parent 1 500"},
        {"another label", by_label("a") + child(labelled("team: team"), rule_a),
         "infra/parent 1 500"},
        {"a label of another group",
         parent(under_a, "{group: example.com, kind: label, name: team, namespace: a}") +
             child(labelled("delegation.kgateway.dev/label: team"), rule_a),
         "infra/parent 1 500"},
        {"an HTTPRoute of another group",
         parent(under_a, "{group: example.com, kind: HTTPRoute, name: child, namespace: a}") +
             child(in_a, rule_a),
         "infra/parent 1 500"},
        {"another name",
         parent(under_a, "{group: gateway.networking.k8s.io, kind: HTTPRoute, name: other, "
                         "namespace: a}") +
             child(in_a, rule_a),
         "infra/parent 1 500"},
        {"a child that names its parent",
         parent(under_a, to_all_in_a) +
             child(in_a, rule_a, parents("kind: HTTPRoute, name: parent, namespace: infra")),
         "a/child 0"},
        {"a child that names its parent after another",
         parent(under_a, to_all_in_a) +
             child(in_a, rule_a,
                   parents("kind: HTTPRoute, name: parent, namespace: infra}, {group: "
                           "gateway.networking.k8s.io, kind: HTTPRoute, name: other")),
         "a/child 0"},
        {"a parent of that name in another namespace",
         parent(under_a, to_all_in_a) +
             child(in_a, rule_a, parents("kind: HTTPRoute, name: parent, namespace: b")),
         "infra/parent 1 500"},
        {"a Gateway of that name",
         parent(under_a, to_all_in_a) +
             child(in_a, rule_a, parents("kind: Gateway, name: parent, namespace: infra")),
         "infra/parent 1 500"},
        {"two rules, of which the second lies there",
         parent(under_a, to_all_in_a) +
             child(in_a, "{matches: [{path: {value: /b}}]}, " + rule_a + ", " + rule_a),
         "a/child 1"},
        {"a rule that answers 500 anyway, for its own reason",
         parent(under_a, to_all_in_a, "    filters: [{type: Nonsense}]\n"), "infra/parent 1 500"},
        {"a backend of its own beside the route",
         parent(under_a, "{name: s, port: 80}, " + to_all_in_a) + child(in_a, rule_a), "a/child 0"},
    };
    for (const named_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.manifests);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(governing(loaded, {.host = "example.com", .path = "/a"}) == r.expected);
        if (std::string_view(r.about).find("anyway") != std::string_view::npos) {
            CHECK(loaded.said().find("no route takes what is delegated") == std::string::npos);
        }
    }
}

TEST_CASE("a child without a policy has that of the nearest parent that has one") {
    const auto policy = [](const std::string& name, const std::string& target,
                           const std::string& cors_fields,
                           const std::string& meta = "namespace: infra") {
        return "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
               "{name: " +
               name + ", " + meta + "}\nspec: {targetRefs: [" + target + "], " + cors_fields +
               "}\n";
    };
    const auto allows = [](const std::string& origin) {
        return "cors: {allowOrigins: ['https://" + origin + ".example']}";
    };
    const auto extension = [](const std::string& name) {
        return "    filters: [{type: ExtensionRef, extensionRef: {group: gateway.kgateway.dev, "
               "kind: TrafficPolicy, name: " +
               name + "}}]\n";
    };
    const auto prefers = [](std::string manifests, const std::string& word) {
        return manifests.replace(manifests.find("name: parent,"), 13,
                                 "name: parent, annotations: "
                                 "{kgateway.dev/inherited-policy-priority: " +
                                     word + "},");
    };
    const std::string rule_a = "{matches: [{path: {value: /a}}]}";
    const std::string own_rule =
        "{matches: [{path: {value: /a}}], " + cors("https://child.example") + "}";
    const std::string route_target = "{kind: HTTPRoute, name: parent}";
    const std::string rule_target = "{kind: HTTPRoute, name: parent, sectionName: handed}";
    const std::string plain = parent(under_a, to_all_in_a) + child(in_a, rule_a);
    const std::string older_p = policy("p", route_target, allows("p"),
                                       "namespace: infra, creationTimestamp: "
                                       "'2026-01-01T00:00:00Z'");
    const std::string none = "a/child 0";
    struct policy_row {
        const char* about;
        std::string manifests;
        std::string expected;
    };
    const policy_row rows[] = {
        {"nobody has one", plain, none},
        {"on the parent", plain + policy("p", route_target, allows("p")),
         "a/child 0 https://p.example"},
        {"on its rule, rather than on the parent",
         plain + policy("p", route_target, allows("p")) + policy("q", rule_target, allows("q")),
         "a/child 0 https://q.example"},
        {"on another rule of the parent",
         plain + policy("p", "{kind: HTTPRoute, name: parent, sectionName: all}", allows("p")),
         none},
        {"on another route", plain + policy("p", "{kind: HTTPRoute, name: other}", allows("p")),
         none},
        {"on a Gateway of the parent's name",
         plain + policy("p", "{kind: Gateway, name: parent}", allows("p")), none},
        {"of another namespace", plain + policy("p", route_target, allows("p"), "namespace: a"),
         none},
        {"without CORS", plain + policy("p", route_target, "buffer: {}"), none},
        {"of two the older",
         plain +
             policy("p", route_target, allows("p"),
                    "namespace: infra, creationTimestamp: '2026-01-02T00:00:00Z'") +
             policy("q", route_target, allows("q"),
                    "namespace: infra, creationTimestamp: '2026-01-01T00:00:00Z'"),
         "a/child 0 https://q.example"},
        {"of two of one age by name",
         plain + policy("q", route_target, allows("q")) + policy("p", route_target, allows("p")) +
             policy("r", route_target, allows("r")),
         "a/child 0 https://p.example"},
        {"named by the rule",
         parent(under_a, to_all_in_a, extension("p")) + child(in_a, rule_a) +
             policy("p", "", allows("p")),
         "a/child 0 https://p.example"},
        {"named by the rule, and without CORS",
         parent(under_a, to_all_in_a, extension("p")) + child(in_a, rule_a) +
             policy("p", "", "buffer: {}"),
         none},
        {"named by the rule, and not there",
         parent(under_a, to_all_in_a, extension("gone")) + child(in_a, rule_a), "a/child 0 500"},
        {"a filter of the rule that nobody knows",
         parent(under_a, to_all_in_a, "    filters: [{type: Nonsense}]\n") + child(in_a, rule_a),
         "a/child 0 500"},
        {"one on the child itself comes first",
         plain + older_p +
             policy("c", "{kind: HTTPRoute, name: child}", allows("c"), "namespace: a"),
         "a/child 0 https://c.example"},
        {"one that switches the child off, too",
         plain + older_p +
             policy("c", "{kind: HTTPRoute, name: child}", "cors: {disable: {}}", "namespace: a"),
         none},
        {"one of another kind of object of the child's name does not",
         plain + older_p + policy("c", "{kind: Gateway, name: child}", allows("c"), "namespace: a"),
         "a/child 0 https://p.example"},
        {"one of the parent's namespace does not",
         plain + older_p + policy("c", "{kind: HTTPRoute, name: child}", allows("c")),
         "a/child 0 https://p.example"},
        {"one on another route does not",
         plain + older_p +
             policy("c", "{kind: HTTPRoute, name: other}", allows("c"), "namespace: a"),
         "a/child 0 https://p.example"},
        {"one without CORS does not",
         plain + older_p +
             policy("c", "{kind: HTTPRoute, name: child}", "buffer: {}", "namespace: a"),
         "a/child 0 https://p.example"},
        {"the parent switches CORS off",
         plain + policy("p", route_target, "cors: {disable: {}}") +
             policy("g", "{kind: Gateway, name: http}", allows("g")),
         none},
        {"a parent that comes before its children",
         prefers(parent(under_a, to_all_in_a), "DeepMergePreferParent") + child(in_a, own_rule) +
             policy("p", route_target, allows("p")),
         "a/child 0 https://p.example"},
        {"a parent that comes before its children, and has none",
         prefers(parent(under_a, to_all_in_a), "ShallowMergePreferParent") + child(in_a, own_rule),
         "a/child 0 https://child.example"},
        {"a parent that comes after its children",
         prefers(parent(under_a, to_all_in_a), "ShallowMergePreferChild") + child(in_a, own_rule) +
             policy("p", route_target, allows("p")),
         "a/child 0 https://child.example"},
        {"a parent that comes before what the child names",
         prefers(parent(under_a, to_all_in_a), "ShallowMergePreferParent") +
             child(in_a, "{matches: [{path: {value: /a}}], filters: [{type: ExtensionRef, "
                         "extensionRef: {group: gateway.kgateway.dev, kind: TrafficPolicy, name: "
                         "c}}]}") +
             policy("p", route_target, allows("p")) + policy("c", "", allows("c"), "namespace: a"),
         "a/child 0 https://p.example"},
    };
    for (const policy_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.manifests);
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        CHECK(governing(loaded, {.host = "example.com", .path = "/a"}) == r.expected);
    }

    // One that was made, and says nothing but that.
    manifests::loaded made = manifests::load(
        plain + older_p +
        policy("c", "{kind: HTTPRoute, name: child}", "cors: {disable: {}}", "namespace: a"));
    made.objects.policies[1].cors.reset();
    made.import = import_gateway(made.objects, interop::gateway_import_options{}, made.problems);
    REQUIRE(made.import.table.has_value());
    CHECK(governing(made, {.host = "example.com", .path = "/a"}) == none);

    // Of a grandparent and a parent.
    const std::string middle = "{matches: [{path: {value: /a}}], MIDDLE backendRefs: [{group: "
                               "gateway.networking.k8s.io, kind: HTTPRoute, name: '*', namespace: "
                               "b}]}";
    const auto three = [&](const std::string& filters, const std::string& word) {
        std::string rule = middle;
        rule.replace(rule.find("MIDDLE"), 6, filters);
        const std::string all =
            parent(under_a, to_all_in_a, "    " + cors("https://grandparent.example") + '\n') +
            child(in_a, rule) +
            child("name: deep, namespace: b", "{matches: [{path: {value: /a}}]}");
        return manifests::load(word.empty() ? all : prefers(all, word));
    };
    const manifests::request asked{.host = "example.com", .path = "/a"};
    const std::string own = cors("https://parent.example") + ',';
    CHECK(governing(three("", ""), asked) == "b/deep 0 https://grandparent.example");
    CHECK(governing(three(own, ""), asked) == "b/deep 0 https://parent.example");
    CHECK(governing(three(own, "ShallowMergePreferParent"), asked) ==
          "b/deep 0 https://grandparent.example");
}

TEST_CASE("a filter of a delegating rule that somebody else applies breaks nothing") {
    manifests::loaded loaded;
    loaded.objects = read_gateway_objects(
        manifests::parse_yaml(
            parent(under_a, to_all_in_a,
                   "    filters: [{type: ExtensionRef, extensionRef: {group: gateway.nginx.org, "
                   "kind: AuthenticationFilter, name: f}}]\n") +
                child(in_a, "{matches: [{path: {value: /a}}]}"),
            loaded.problems),
        loaded.problems);
    loaded.import =
        import_gateway(loaded.objects,
                       interop::gateway_import_options{
                           .unrelated_extensions = {"gateway.nginx.org/AuthenticationFilter"}},
                       loaded.problems);
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    CHECK(governing(loaded, {.host = "example.com", .path = "/a"}) == "a/child 0");
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
