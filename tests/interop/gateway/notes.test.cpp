// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/detail/notes.hpp>

#include <corsac/interop/gateway/import.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

const std::string head = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                         "metadata: {name: r, namespace: n}\nspec:\n  rules:\n";
const std::string cors = "filters: [{type: CORS, cors: {allowOrigins: ['https://a.example']}}]";

struct row {
    const char* about;
    std::string yaml;
    const char* note;  ///< empty if there is none
};

const std::string expression = "{type: RegularExpression, name: v, value: '1.*";

/// A rule, one with other matches of the same precedence, and the first rule again.
std::string repeated_after(int others) {
    std::string between;
    for (int i = 0; i < others; ++i) {
        between += "{headers: [{name: Host, value: h" + std::to_string(i) + "}]}, ";
    }
    const std::string first =
        "  - {" + cors + ", matches: [{headers: [{name: Host, value: h}]}]}\n";
    return head + first + "  - {" + cors + ", matches: [" + between + "]}\n" + first;
}

std::string notes_of(const manifests::loaded& loaded) {
    std::string all;
    for (const interop::manifest_problem& note : loaded.problems.notes()) all += note.text() + '\n';
    return all;
}

}  // namespace

TEST_CASE("notes say what is right as it is written, and probably not what was meant") {
    const row rows[] = {
        {"nothing to say", head + "  - {" + cors + "}\n", ""},
        {"a rule after one that takes all of its requests",
         head + "  - {" + cors + ", matches: [{path: {value: /a/}}]}\n  - {" + cors +
             ", matches: [{path: {value: /a}, method: PUT}, {path: {value: /a}}]}\n",
         ""},
        {"the same match twice",
         head + "  - {" + cors + ", matches: [{path: {value: /a/}}]}\n  - {" + cors +
             ", matches: [{path: {value: /a}}]}\n",
         "note: HTTPRoute n/r, spec.rules[1]: no request reaches this rule"},
        {"a condition that another rule does not have, too late",
         head + "  - {" + cors + ", matches: [{queryParams: [{name: v, value: '1'}]}]}\n  - {" +
             cors + ", matches: [{queryParams: [{name: v, value: '1'}]}]}\n",
         "note: HTTPRoute n/r, spec.rules[1]: no request reaches this rule"},
        {"a header that no preflight carries",
         head + "  - {" + cors + ", matches: [{headers: [{name: X-Beta, value: '1'}]}]}\n  - {" +
             cors + "}\n",
         "note: HTTPRoute n/r, spec.rules[0].matches: asks for the header X-Beta, which no "
         "preflight carries"},
        {"one of several matches is enough",
         head + "  - {" + cors +
             ", matches: [{headers: [{name: X-Beta, value: '1'}]}, {path: "
             "{value: /a}}]}\n",
         ""},
        {"a header that browsers send by themselves",
         head + "  - {" + cors + ", matches: [{headers: [{name: Origin, value: 'x'}]}]}\n", ""},
        {"headers that browsers add by themselves, by their beginning",
         head + "  - {" + cors +
             ", matches: [{headers: [{name: Sec-Fetch-Site, value: none}, "
             "{name: Access-Control-Request-Method, value: PUT}, {name: "
             "X-Forwarded-Proto, value: https}]}]}\n",
         ""},
        {"an expression on a header that no preflight carries",
         head + "  - {" + cors +
             ", matches: [{headers: [{type: RegularExpression, name: X-Beta, "
             "value: '1.*'}]}]}\n",
         "note: HTTPRoute n/r, spec.rules[0].matches: asks for the header X-Beta"},
        {"the same method twice",
         head + "  - {" + cors + ", matches: [{method: PUT}]}\n  - {" + cors +
             ", matches: [{method: PUT}]}\n",
         "note: HTTPRoute n/r, spec.rules[1]: no request reaches this rule"},
        {"two methods",
         head + "  - {" + cors + ", matches: [{method: PUT}]}\n  - {" + cors +
             ", matches: [{method: GET}]}\n",
         ""},
        {"another query parameter",
         head + "  - {" + cors + ", matches: [{queryParams: [{name: v, value: '1'}]}]}\n  - {" +
             cors + ", matches: [{queryParams: [{name: w, value: '1'}]}]}\n",
         ""},
        {"the same expression twice",
         head + "  - {" + cors + ", matches: [{queryParams: [" + expression + "'}]}]}\n  - {" +
             cors + ", matches: [{queryParams: [" + expression + "'}]}]}\n",
         "note: HTTPRoute n/r, spec.rules[1]: no request reaches this rule"},
        {"an expression on a query parameter that another rule does not have",
         head + "  - {" + cors + ", matches: [{queryParams: [" + expression + "'}]}]}\n  - {" +
             cors + ", matches: [{queryParams: [" + expression + "x'}]}]}\n",
         ""},
        {"an expression on a header that another rule does not have",
         head + "  - {" + cors +
             ", matches: [{headers: [{type: RegularExpression, name: Origin, "
             "value: 'a.*'}]}]}\n  - {" +
             cors +
             ", matches: [{headers: [{type: RegularExpression, name: Origin, value: "
             "'b.*'}]}]}\n",
         ""},
        {"the same match twice, with 63 others between", repeated_after(63),
         "note: HTTPRoute n/r, spec.rules[2]: no request reaches this rule"},
        {"with more between, nobody looks", repeated_after(64), ""},
        {"CORS headers that a filter writes",
         head +
             "  - filters: [{type: ResponseHeaderModifier, responseHeaderModifier: {add: [{name: "
             "ACCESS-Control-Allow-Origin, value: '*'}, {name: X-Other, value: '1'}]}}]\n",
         "note: HTTPRoute n/r, spec.rules[0].filters[0]: says add ACCESS-Control-Allow-Origin"},
        {"a rule without a policy beside one that has one",
         head + "  - {" + cors + "}\n  - {matches: [{path: {value: /b}}]}\n",
         "note: HTTPRoute n/r, spec.rules[1]: has no CORS policy: CORS headers that its backends "
         "write themselves pass through"},
        {"where nothing has a policy, nothing is said", head + "  - {}\n", ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const std::string note = r.note;
        const manifests::loaded loaded = manifests::load(r.yaml);
        INFO(loaded.said());
        INFO(notes_of(loaded));
        REQUIRE(loaded.import.table.has_value());
        CHECK((loaded.problems.notes().size() == (note.empty() ? 0U : 1U)));
        CHECK(notes_of(loaded).find(note) != std::string::npos);
        CHECK(loaded.problems.errors() == 0);
    }
}

TEST_CASE("what no rule takes is its listener's, or its Gateway's") {
    const auto policy = [](const std::string& name, const std::string& section,
                           const std::string& origin) {
        return "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
               "{name: " +
               name + ", namespace: n}\nspec: {targetRefs: [{kind: Gateway, name: g" + section +
               "}], cors: {" + origin + "}}\n";
    };
    const manifests::loaded loaded = manifests::load(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: g, namespace: "
        "n}\nspec: {gatewayClassName: x, listeners: [{name: a, port: 80, protocol: HTTP}, {name: "
        "b, "
        "port: 81, protocol: HTTP}, {name: c, port: 82, protocol: HTTP}]}\n---\n" +
        head + policy("on-gateway", "", "allowOrigins: ['https://g.example']") +
        policy("on-a", ", sectionName: a", "allowOrigins: ['https://a.example']") +
        policy("on-c", ", sectionName: c", "disable: {}"));
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    REQUIRE(loaded.import.unmatched.size() == 3);
    CHECK(loaded.import.unmatched[0]->allows_origin("https://a.example"));
    CHECK(loaded.import.unmatched[1]->allows_origin("https://g.example"));
    CHECK_FALSE(loaded.import.unmatched[2].has_value());
}

TEST_CASE("in a cluster that is shared, what make_policy refuses is an error") {
    const std::string yaml = head + "  - filters: [{type: CORS, cors: {allowOrigins: ['*'], "
                                    "allowCredentials: true}}]\n";
    for (const bool strict : {false, true}) {
        CAPTURE(strict);
        manifests::loaded loaded;
        loaded.objects =
            read_gateway_objects(manifests::parse_yaml(yaml, loaded.problems), loaded.problems);
        loaded.import = import_gateway(
            loaded.objects, interop::gateway_import_options{.strict = strict}, loaded.problems);
        INFO(loaded.said());
        CHECK(loaded.import.table.has_value() == !strict);
        CHECK((loaded.problems.errors() != 0) == strict);
        CHECK(loaded.said().find("spec.rules[0].filters[0].cors.allowOrigins[0]") !=
              std::string::npos);
    }
}

TEST_CASE("of several policies on one listener or Gateway the oldest governs what no rule takes") {
    const auto policy = [](const std::string& name, const std::string& target, int day) {
        return "---\napiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\nmetadata: "
               "{name: " +
               name + ", namespace: n, creationTimestamp: '2026-01-0" + std::to_string(day) +
               "T00:00:00Z'}\nspec: {targetRefs: [{kind: Gateway, name: " + target +
               "}], cors: {allowOrigins: ['https://" + name + ".example']}}\n";
    };
    struct policies_row {
        const char* about;
        std::string policies;
        const char* allowed;  ///< on listener `l` of Gateway `g`; empty if there is no policy
    };
    const policies_row rows[] = {
        {"the second is older", policy("a", "g", 2) + policy("b", "g", 1), "https://b.example"},
        {"the first is older", policy("a", "g", 1) + policy("b", "g", 2), "https://a.example"},
        {"both are of one age, and the second's name comes first",
         policy("b", "g", 1) + policy("a", "g", 1), "https://a.example"},
        {"the listener's comes first, whatever its age",
         policy("a", "g", 1) + policy("b", "g, sectionName: l", 2), "https://b.example"},
        {"the listener's comes first, wherever it stands",
         policy("b", "g, sectionName: l", 2) + policy("a", "g", 1), "https://b.example"},
        {"another Gateway's has no part", policy("a", "other", 1), ""},
    };
    for (const policies_row& r : rows) {
        CAPTURE(r.about);
        const auto gateway = [](const std::string& name) {
            return "---\napiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: "
                   "{name: " +
                   name +
                   ", namespace: n}\nspec: {gatewayClassName: x, listeners: [{name: l, port: 80, "
                   "protocol: HTTP}]}\n";
        };
        const manifests::loaded loaded =
            manifests::load(gateway("g") + gateway("other") + r.policies);
        INFO(loaded.said());
        REQUIRE(loaded.import.unmatched.size() == 2);
        const auto& governing = loaded.import.unmatched[0];
        REQUIRE(governing.has_value() == (*r.allowed != '\0'));
        if (governing) CHECK(governing->options().allow_origins[0] == r.allowed);
    }
}
