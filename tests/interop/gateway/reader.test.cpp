// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/reader.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

const std::string head = "apiVersion: gateway.networking.k8s.io/v1\n"
                         "kind: HTTPRoute\n"
                         "metadata: {name: r, namespace: n}\n";

std::string cors(const std::string& fields) {
    return head + "spec:\n  rules:\n  - filters:\n    - type: CORS\n      cors: " + fields + "\n";
}

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
