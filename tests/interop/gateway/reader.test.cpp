// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/reader.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

const std::string head = "apiVersion: gateway.networking.k8s.io/v1\n"
                         "kind: HTTPRoute\n"
                         "metadata: {name: r, namespace: n}\n";

std::string cors(const std::string& fields) {
    return head + "spec:\n  rules:\n  - filters:\n    - type: CORS\n      cors: " + fields + "\n";
}

std::string match(const std::string& fields) {
    return head + "spec: {rules: [{matches: [{" + fields + "}]}]}\n";
}
std::string filter(const std::string& one) {
    return head + "spec: {rules: [{filters: [" + one + "]}]}\n";
}
std::string gateway(const std::string& fields) {
    return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n"
           "spec: {gatewayClassName: x, " +
           fields + "}\n";
}

const std::string policy_head = "apiVersion: gateway.kgateway.dev/v1alpha1\n"
                                "kind: TrafficPolicy\nmetadata: {name: p, namespace: n}\n";

struct row {
    const char* about;
    std::string yaml;
    const char* problem;
};

}  // namespace

TEST_CASE("what cannot be read is refused as a whole, with its path") {
    const row rows[] = {
        {"cut off in a flow list", cors("{allowOrigins: ['https://a.example'"), "error: yaml-cpp"},
        {"cut off in a quote", cors("{allowOrigins: ['https://a.exa"), "error: yaml-cpp"},
        {"a tab as indentation", head + "spec:\n\trules: []\n", "error: yaml-cpp"},
        {"an alias of nothing", cors("*nothing"), "error: yaml-cpp"},
        {"no object", "just text\n", "error: document 1: is no Kubernetes object"},
        {"a list", "- a\n- b\n", "error: document 1: is no Kubernetes object"},
        {"no kind", "apiVersion: gateway.networking.k8s.io/v1\nmetadata: {name: r}\nspec: {}\n",
         "error: document 1, kind: is missing"},
        {"no name", "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nspec: {}\n",
         "error: document 1, metadata.name: is missing"},
        {"no spec", head, "error: HTTPRoute n/r, spec: is missing"},
        {"a scalar for a map", cors("7"), ".cors: must be a map, not an integer (7)"},
        {"a string for a list", cors("{allowOrigins: 'https://a.example'}"),
         ".cors.allowOrigins: must be a list, not a string (https://a.example)"},
        {"a number for a string", cors("{allowOrigins: [1]}"),
         ".cors.allowOrigins[0]: must be a string, not an integer (1)"},
        {"null for a string", cors("{allowOrigins: [~]}"),
         ".cors.allowOrigins[0]: must be a string, not null"},
        {"a map for a string", cors("{allowHeaders: [{a: b}]}"),
         ".cors.allowHeaders[0]: must be a string, not a map"},
        {"a quoted boolean", cors("{allowCredentials: 'true'}"),
         ".cors.allowCredentials: must be true or false, not a string (true)"},
        {"yes for true", cors("{allowCredentials: yes}"),
         ".cors.allowCredentials: must be true or false, not a string (yes)"},
        {"a fraction", cors("{maxAge: 1.5}"), ".cors.maxAge: must be an integer, not a number"},
        {"a word for a number", cors("{maxAge: soon}"), ".cors.maxAge: must be an integer, not a"},
        {"a number beyond any", cors("{maxAge: 99999999999999999999}"), "is too large"},
        {"a key twice", cors("{maxAge: 1, maxAge: 2}"),
         "document 1, spec.rules[0].filters[0].cors.maxAge: this key is in the map twice"},
        {"a path without /", head + "spec: {rules: [{matches: [{path: {value: foo}}]}]}\n",
         "spec.rules[0].matches[0].path.value: must begin with /"},
        {"a type of path that is not known",
         head + "spec: {rules: [{matches: [{path: {type: Glob, value: /a*}}]}]}\n",
         "spec.rules[0].matches[0].path.type: \"Glob\" is not known"},
        {"an unknown field of a match, which would widen it",
         head + "spec: {rules: [{matches: [{paths: {value: /a}}]}]}\n",
         "error: HTTPRoute n/r, spec.rules[0].matches[0].paths: is no field that is known here, "
         "and "
         "without it"},
        {"one of a path", head + "spec: {rules: [{matches: [{path: {values: /a}}]}]}\n",
         "error: HTTPRoute n/r, spec.rules[0].matches[0].path.values: is no field"},
        {"one of a condition",
         head + "spec: {rules: [{matches: [{headers: [{name: a, value: b, typ: Exact}]}]}]}\n",
         "error: HTTPRoute n/r, spec.rules[0].matches[0].headers[0].typ: is no field"},
        {"a condition without its value",
         head + "spec: {rules: [{matches: [{queryParams: [{name: a}]}]}]}\n",
         "spec.rules[0].matches[0].queryParams[0].value: is missing"},
        {"a malformed hostname", head + "spec: {hostnames: ['a..b']}\n", "\"a..b\" is no hostname"},
        {"the same object twice", head + "spec: {}\n---\n" + head + "spec: {}\n",
         "error: HTTPRoute n/r: is there twice"},
        {"a word that is no choice of namespaces",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n"
         "spec: {listeners: [{name: l, port: 80, allowedRoutes: {namespaces: {from: Any}}}]}\n",
         "allowedRoutes.namespaces.from: must be All, Selector or Same"},
        {"a selector that is not there",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n"
         "spec: {listeners: [{name: l, port: 80, allowedRoutes: {namespaces: {from: "
         "Selector}}}]}\n",
         "allowedRoutes.namespaces.selector: is missing"},
        {"a selector that says nothing",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g}\n"
         "spec: {listeners: [{name: l, port: 80, allowedRoutes: {namespaces: {from: Selector, "
         "selector: {matchExpressions: [{key: a, operator: In}]}}}}]}\n",
         "matchExpressions[0].values: must not be empty"},
        {"a name that is empty",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
         "metadata: {name: ''}\nspec: {}\n",
         "error: document 1, metadata.name: is missing"},
        {"a name that is a number",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
         "metadata: {name: 7}\nspec: {}\n",
         "error: document 1, metadata.name: must be a string, not an integer (7)"},
        {"a condition that is no map", match("headers: [7]"),
         ".matches[0].headers[0]: must be a map, not an integer (7)"},
        {"a type of condition that is not known",
         match("headers: [{type: Glob, name: a, value: b}]"),
         ".matches[0].headers[0].type: \"Glob\" is not known; write Exact or RegularExpression"},
        {"a name of a header with a colon", match("headers: [{name: 'a:', value: b}]"),
         ".matches[0].headers[0].name: is no name"},
        {"a name of a parameter with an equals sign", match("queryParams: [{name: a=, value: b}]"),
         ".matches[0].queryParams[0].name: is no name"},
        {"a path that is no map", match("path: /a"),
         ".matches[0].path: must be a map, not a string (/a)"},
        {"a path that is empty", match("path: {value: ''}"),
         ".matches[0].path.value: must begin with /"},
        {"a match that is no map", head + "spec: {rules: [{matches: [7]}]}\n",
         "spec.rules[0].matches[0]: must be a map, not an integer (7)"},
        {"a rule that is no map", head + "spec: {rules: [7]}\n",
         "spec.rules[0]: must be a map, not an integer (7)"},
        {"a backend that is no map", head + "spec: {rules: [{backendRefs: [7]}]}\n",
         "spec.rules[0].backendRefs[0]: must be a map, not an integer (7)"},
        {"a parent that is no map", head + "spec: {parentRefs: [7]}\n",
         "spec.parentRefs[0]: must be a map, not an integer (7)"},
        {"a filter that is no map", filter("7"),
         "spec.rules[0].filters[0]: must be a map, not an integer (7)"},
        {"a filter without a type", filter("{cors: {}}"),
         "spec.rules[0].filters[0].type: is missing"},
        {"a redirect that is no map", filter("{type: RequestRedirect, requestRedirect: 7}"),
         "filters[0].requestRedirect: must be a map, not an integer (7)"},
        {"a redirect's path that is no map",
         filter("{type: RequestRedirect, requestRedirect: {path: /a}}"),
         "filters[0].requestRedirect.path: must be a map, not a string (/a)"},
        {"an extension without a reference", filter("{type: ExtensionRef}"),
         "spec.rules[0].filters[0]: extensionRef is missing"},
        {"a reference that is no map", filter("{type: ExtensionRef, extensionRef: p}"),
         "filters[0].extensionRef: must be a map, not a string (p)"},
        {"a reference to another namespace, which there is none to",
         filter("{type: ExtensionRef, extensionRef: {group: g, kind: K, name: p, namespace: m}}"),
         "filters[0].extensionRef.namespace: is no field"},
        {"a listener that is no map", gateway("listeners: [7]"),
         "spec.listeners[0]: must be a map, not an integer (7)"},
        {"a kind of routes that is no map",
         gateway("listeners: [{name: l, port: 80, allowedRoutes: {kinds: [HTTPRoute]}}]"),
         "allowedRoutes.kinds[0]: must be a map, not a string (HTTPRoute)"},
        {"routes of no namespace, which can be said of listeners only",
         gateway("listeners: [{name: l, port: 80, allowedRoutes: {namespaces: {from: None}}}]"),
         "allowedRoutes.namespaces.from: must be All, Selector or Same"},
        {"a word that is no choice of namespaces for listeners",
         gateway("allowedListeners: {namespaces: {from: Any}}"),
         "spec.allowedListeners.namespaces.from: must be All, Selector, Same or None"},
        {"a ListenerSet without a Gateway",
         "apiVersion: gateway.networking.k8s.io/v1\nkind: ListenerSet\nmetadata: {name: s}\n"
         "spec: {listeners: []}\n",
         "error: ListenerSet default/s, spec.parentRef: is missing"},
        {"a grant from no map",
         "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
         "metadata: {name: g}\nspec: {from: [7], to: [8]}\n",
         "spec.from[0]: must be a map, not an integer (7)"},
        {"a grant to no map",
         "apiVersion: gateway.networking.k8s.io/v1beta1\nkind: ReferenceGrant\n"
         "metadata: {name: g}\nspec: {from: [7], to: [8]}\n",
         "spec.to[0]: must be a map, not an integer (8)"},
        {"a policy without a spec", policy_head, "error: TrafficPolicy n/p, spec: is missing"},
        {"a policy that is no map", policy_head + "spec: 7\n",
         "TrafficPolicy n/p, spec: must be a map, not an integer (7)"},
        {"a target that is no map", policy_head + "spec: {targetRefs: [7]}\n",
         "spec.targetRefs[0]: must be a map, not an integer (7)"},
        {"a selector of targets that is no map", policy_head + "spec: {targetSelectors: [7]}\n",
         "spec.targetSelectors[0]: must be a map, not an integer (7)"},
        {"a policy's CORS that is no map", policy_head + "spec: {cors: 7}\n",
         "spec.cors: must be a map, not an integer (7)"},
        {"two rules of one name", head + "spec: {rules: [{name: a}, {name: a}]}\n",
         "spec.rules[1].name: \"a\" is the name of another rule, too"},
        {"a port that does not exist", cors("{allowOrigins: ['https://a.example:99999']}"),
         ".cors.allowOrigins[0]: \"https://a.example:99999\" has a malformed port"},
        {"an anchor that contains itself", cors("&a {allowOrigins: [*a]}"),
         ".cors.allowOrigins[0]: an anchor contains itself"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded = manifests::load(r.yaml);
        INFO(loaded.said());
        CHECK(loaded.problems.errors() >= 1);
        CHECK_FALSE(loaded.import.table.has_value());
        CHECK(loaded.said().find(r.problem) != std::string::npos);
        CHECK(loaded.import.attached.empty());
    }
}

TEST_CASE("all problems of all documents are reported at once") {
    const manifests::loaded loaded = manifests::load(
        cors("{allowOrigins: [1], allowCredentials: 2, maxAge: []}") + "---\nkind: Gateway\n");
    INFO(loaded.said());
    CHECK(loaded.problems.errors() == 5);
}

TEST_CASE("an unknown field is a warning with its path, and the rest counts") {
    const manifests::loaded loaded =
        manifests::load(cors("{allowOrigins: ['https://a.example'], allowOrigin: x}") +
                        "    surplus: 1\nmore: {}\n---\napiVersion: v1\nkind: Service\n"
                        "metadata: {name: s}\n");
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    for (const char* warning :
         {"warning: HTTPRoute n/r, spec.rules[0].filters[0].cors.allowOrigin: is no field",
          "warning: HTTPRoute n/r, spec.rules[0].surplus: is no field",
          "warning: HTTPRoute n/r, more: is no field",
          "warning: document 2: is a Service of v1, which has no effect"}) {
        CAPTURE(warning);
        CHECK(loaded.said().find(warning) != std::string::npos);
    }
    CHECK(manifests::ask(*loaded.import.table, {.origin = "https://a.example"})["allow-origin"] ==
          "https://a.example");
}

TEST_CASE("a list of very many entries is refused, and soon") {
    std::string origins = "{allowOrigins: [";
    for (int i = 0; i < 200000; ++i) origins += "'https://a" + std::to_string(i) + ".example', ";
    const manifests::loaded loaded = manifests::load(cors(origins + "]}"));
    CHECK(loaded.problems.errors() == 1);
    CHECK(loaded.said().find("allowOrigins: has 200000 items, must have at most 64") !=
          std::string::npos);
}

TEST_CASE("what a profile refuses names it") {
    const std::string port = cors("{allowOrigins: ['https://a.example:*'], maxAge: 0}");
    const std::string path = cors("{allowOrigins: ['https://a.example/'], maxAge: 0}");
    using profile = interop::gateway_profile;
    const auto said = [](const std::string& yaml, profile by) {
        return manifests::load(yaml, by).said();
    };
    CHECK(said(port, profile::gateway_api)
              .find("and perhaps a port; no path (profile "
                    "gateway_api)\n") != std::string::npos);
    CHECK(said(port, profile::gateway_api).find("caching off (profile gateway_api)\n") !=
          std::string::npos);
    CHECK(said(port, profile::extended).empty());
    CHECK(said(path, profile::extended).find("write \"https://a.example\" (profile extended)\n") !=
          std::string::npos);
    CHECK(said(cors("{allowOrigins: 7}"), profile::extended).find("profile") == std::string::npos);
}

TEST_CASE("an empty input is an empty table") {
    for (const char* yaml : {"", "---\n", "# nothing\n---\n---\n"}) {
        const manifests::loaded loaded = manifests::load(yaml);
        INFO(loaded.said());
        CHECK(loaded.problems.empty());
        REQUIRE(loaded.import.table.has_value());
        CHECK_FALSE(loaded.import.table->find("h", "/", "GET"));
    }
}

TEST_CASE("objects of no concern need no name") {
    const manifests::loaded loaded = manifests::load(
        "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n---\n"
        "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: migrate-}\n---\n" +
        cors("{allowOrigins: ['https://a.example']}"));
    INFO(loaded.said());
    CHECK(loaded.import.table.has_value());
    CHECK(loaded.problems.warnings() == 2);
}

TEST_CASE("what is no string is not called missing, too, and a filter without a type not unknown") {
    const manifests::loaded number = manifests::load(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: 7}\n"
        "spec: {}\n");
    CHECK(number.problems.errors() == 1);
    const manifests::loaded untyped = manifests::load(filter("{}"));
    CHECK(untyped.problems.errors() == 1);
    CHECK(untyped.said().find("no filter that is known") == std::string::npos);
}

TEST_CASE("kinds without a part in CORS have no effect, which is said") {
    for (const char* kind :
         {"a DirectResponse of gateway.kgateway.dev/v1alpha1", "a Upstream of gloo.solo.io/v1",
          "a XMesh of gateway.networking.x-k8s.io/v1alpha1", "a Namespace of v2",
          "a GRPCRoute of gateway.networking.k8s.io/v1", "a List of v1"}) {
        CAPTURE(kind);
        const std::string said = kind;
        const std::size_t of = said.find(" of ");
        const manifests::loaded loaded =
            manifests::load("apiVersion: " + said.substr(of + 4) +
                            "\nkind: " + said.substr(2, of - 2) + "\nmetadata: {name: x}\n");
        INFO(loaded.said());
        CHECK(loaded.said() == "warning: document 1: is " + said + ", which has no effect\n");
    }
}

TEST_CASE("a time that cannot be read is a warning, and the object counts as youngest") {
    const auto dated = [](const char* name, const char* time, const char* origin) {
        return std::string("apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                           "metadata: {name: ") +
               name + ", namespace: n, creationTimestamp: '" + time +
               "'}\nspec: {targetRefs: [{kind: HTTPRoute, name: r}], cors: {allowOrigins: ['" +
               origin + "']}}\n---\n";
    };
    const manifests::loaded loaded = manifests::load(
        dated("a", "yesterday", "https://a.example") +
        dated("b", "2026-01-02T00:00:00Z", "https://b.example") + head + "spec: {rules: [{}]}\n");
    INFO(loaded.said());
    CHECK(loaded.said().find("document 1, metadata.creationTimestamp: is no time such as") !=
          std::string::npos);
    REQUIRE(loaded.import.table.has_value());
    const corsac::policy* governing = loaded.import.table->find("h", "/", "GET").governing();
    REQUIRE(governing != nullptr);
    CHECK(governing->allows_origin("https://b.example"));
}

TEST_CASE("a redirect is read as it is written") {
    struct redirect_row {
        const char* about;
        const char* path;
        std::optional<std::string> full_path, prefix;
    };
    const redirect_row rows[] = {
        {"no path", "", {}, {}},
        {"a whole path", ", path: {type: ReplaceFullPath, replaceFullPath: /b}", "/b", {}},
        {"a prefix", ", path: {type: ReplacePrefixMatch, replacePrefixMatch: ''}", {}, ""},
    };
    for (const redirect_row& r : rows) {
        CAPTURE(r.about);
        const manifests::loaded loaded =
            manifests::load(filter("{type: RequestRedirect, requestRedirect: {hostname: a.example" +
                                   std::string(r.path) + "}}"));
        INFO(loaded.said());
        REQUIRE(loaded.import.table.has_value());
        const auto& read = loaded.objects.routes[0].rules[0].filters.redirect;
        REQUIRE(read.has_value());
        CHECK(read->hostname == "a.example");
        CHECK(read->status == 302);
        CHECK(read->full_path == r.full_path);
        CHECK(read->prefix == r.prefix);
    }
}

TEST_CASE("what stands beside disable is pointless, each field of it") {
    for (const char* field :
         {"allowOrigins: ['*']", "allowCredentials: false", "allowMethods: [PUT]",
          "allowHeaders: [a]", "exposeHeaders: [a]", "maxAge: 7"}) {
        CAPTURE(field);
        CHECK(
            manifests::load(policy_head + "spec: {cors: {disable: {}, " + field + "}}\n").said() ==
            "warning: TrafficPolicy n/p, spec.cors.disable: makes the other fields pointless\n");
    }
    CHECK(manifests::load(policy_head + "spec: {cors: {disable: {}}}\n").said().empty());
}

TEST_CASE("what a policy says beside CORS is known by name; a field that is null is not there") {
    const manifests::loaded loaded =
        manifests::load(policy_head + "spec: {buffer: {}, rateLimit: ~, cors: {disable: {}, "
                                      "allowOrigins: ['https://a.example']}}\n");
    REQUIRE(loaded.objects.policies.size() == 1);
    CHECK(loaded.objects.policies[0].others == std::vector<std::string>{"buffer"});
    CHECK(loaded.said() ==
          "warning: TrafficPolicy n/p, spec.cors.disable: makes the other fields pointless\n");
}
