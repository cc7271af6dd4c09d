// SPDX-License-Identifier: MIT
#include <corsac/interop/document_writer.hpp>
#include <corsac/interop/envoy_export.hpp>
#include <corsac/interop/gateway_export.hpp>

#include "manifests.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <string_view>
#include <vector>

using corsac::loss_kind;

namespace {

corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

std::string lines(const corsac::export_losses& losses, bool serious_only) {
    std::string all;
    for (const corsac::export_loss& loss : losses) {
        if (!serious_only || loss.kind != loss_kind::always) all += loss.text() + '\n';
    }
    return all;
}

}  // namespace

TEST_CASE("load, save and load again is the same, as YAML and as JSON") {
    for (const char* file :
         {"examples/gateway/manifests/native-filter.yaml",
          "examples/gateway/manifests/traffic-policy.yaml", "conformance.yaml", "levels.yaml"}) {
        CAPTURE(file);
        manifests::loaded first = manifests::load(manifests::read_file(file));
        REQUIRE(first.problems.errors() == 0);
        const std::vector<corsac::document> saved = to_documents(first.objects);
        for (const bool as_json : {false, true}) {
            CAPTURE(as_json);
            corsac::manifest_problems problems;
            const std::string text = as_json ? to_json(saved) : to_yaml(saved);
            const corsac::gateway_objects second =
                read_gateway_objects(as_json ? manifests::parse_json(text, problems)
                                             : manifests::parse_yaml(text, problems),
                                     problems);
            CHECK(problems.errors() == 0);
            CHECK(second.documents == saved);
            CHECK(to_documents(second) == saved);
            CHECK((as_json ? to_json(second.documents) : to_yaml(second.documents)) == text);
        }
        // Nothing but the order of a cors map's keys changes on the way.
        if (std::string_view(file).find("examples") == 0) CHECK(saved == first.objects.documents);
    }
}

TEST_CASE("the scenario's manifests are saved byte for byte as they are shipped") {
    for (const char* file : {"examples/gateway/manifests/native-filter.yaml",
                             "examples/gateway/manifests/traffic-policy.yaml"}) {
        std::string text = manifests::read_file(file);
        text.erase(0, text.find('\n') + 1);  // the comment
        CHECK(to_yaml(to_documents(manifests::load(text).objects)) == text);
    }
}

TEST_CASE("saving writes the policies as they are now, and keeps what it does not know") {
    manifests::loaded loaded =
        manifests::load("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                        "metadata: {name: r, namespace: n, annotations: {a: b}}\n"
                        "spec:\n  rules:\n  - timeouts: {request: 5s}\n    filters:\n"
                        "    - {type: RequestMirror, requestMirror: {}}\n"
                        "    - {type: CORS, cors: {allowOrigins: ['https://a.example']}}\n");
    REQUIRE(loaded.import.table.has_value());
    loaded.objects.routes[0].rules[0].filters.cors->max_age = 60;
    CHECK(to_yaml(to_documents(loaded.objects)) ==
          "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
          "metadata:\n  name: r\n  namespace: \"n\"\n  annotations:\n    a: b\n"
          "spec:\n  rules:\n  - timeouts:\n      request: \"5s\"\n    filters:\n"
          "    - type: RequestMirror\n      requestMirror: {}\n"
          "    - type: CORS\n      cors:\n        allowOrigins:\n        - https://a.example\n"
          "        maxAge: 60\n");
}

TEST_CASE("scalars are quoted where YAML would read something else") {
    for (const char* text : {"",     "~",    "null",
                             "true", "True", "yes",
                             "NO",   "on",   "y",
                             "1",    "-1.5", "1e3",
                             "0x1f", "a: b", "a #b",
                             "- a",  "*a",   "&a",
                             "!a",   "{a",   "[a",
                             "a\nb", "a\"b", "a\\b",
                             " a",   "a ",   "%a",
                             "@a",   "`a",   "a:",
                             "\x01", "äöü",  "2026-01-01T00:00:00Z",
                             "<<",   "=",    "it's",
                             "a, b", ", a",  "^.*$",
                             "? a",  "|",    ">",
                             "a: ",  "a :b", "a ~ (b)"}) {
        CAPTURE(text);
        corsac::document map = corsac::document::map();
        map.set("key", corsac::document(text));
        map.set(text, corsac::document("value"));
        corsac::manifest_problems problems;
        const auto yaml = manifests::parse_yaml(to_yaml(map), problems);
        const auto json = manifests::parse_json(to_json(map), problems);
        CHECK(problems.empty());
        REQUIRE(yaml.size() == 1);
        CHECK(yaml[0] == map);
        CHECK(json[0] == map);
    }
}

TEST_CASE("strings are quoted as kubectl quotes them") {
    struct row {
        const char* about;
        const char* text;
        const char* written;
    };
    const row rows[] = {
        {"a list of names is plain", "GET, POST", "GET, POST"},
        {"so is a regular expression", R"(^https://.*\.a\.example$)",
         R"(^https://.*\.a\.example$)"},
        {"what could be a number is in double quotes", "86400", "\"86400\""},
        {"a sign of YAML's own is in single ones", "*", "'*'"},
        {"and so is a key and value", "a: b", "'a: b'"},
        {"an apostrophe is not doubled", "it's: b", "\"it's: b\""},
        {"a line break needs an escape", "a\nb", "\"a\\nb\""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(to_yaml(corsac::document(r.text)) == std::string(r.written) + '\n');
    }
}

TEST_CASE("a policy as HTTPRoute and as TrafficPolicy, and back") {
    const corsac::policy p = build({.allow_origins = {"https://a.example", "https://*.b.example"},
                                    .allow_methods = {"PUT", "DELETE"},
                                    .allow_headers = {"Authorization", "X-One"},
                                    .expose_headers = {"X-Two"},
                                    .allow_credentials = true,
                                    .max_age = 600});
    const corsac::exported route =
        to_http_route(p,
                      {.name = "r",
                       .name_space = "shop",
                       .parents = {{.name_space = "infra", .name = "gw"}},
                       .hostnames = {"shop.example"},
                       .backend = "cart",
                       .port = 8080},
                      {.strict = true});
    INFO(lines(route.losses, false));
    REQUIRE(route.value.has_value());
    const manifests::loaded loaded = manifests::load(to_yaml(*route.value));
    REQUIRE(loaded.import.table.has_value());
    const corsac::matched_route found = loaded.import.table->find("shop.example", "/x", "GET");
    REQUIRE(found.governing() != nullptr);
    corsac::policy_options back = found.governing()->options();
    back.tolerate_forbidden_names = false;
    CHECK(back == p.options());

    for (const auto kind :
         {corsac::traffic_policy_kind::kgateway, corsac::traffic_policy_kind::gloo}) {
        const corsac::exported tp = to_traffic_policy(
            p, kind, "t", "shop", {{"HTTPRoute", "r", "rule1", {}, {}}}, {.strict = true});
        REQUIRE(tp.value.has_value());
        const manifests::loaded again = manifests::load(to_json(*tp.value));
        CHECK(again.problems.errors() == 0);
        REQUIRE(again.objects.policies.size() == 1);
        CHECK(again.objects.policies[0].targets[0].section == "rule1");
        corsac::export_losses losses;
        CHECK(again.objects.policies[0].cors == to_cors_filter(p.options(), losses));
    }
}

TEST_CASE("what an export cannot say is listed, and refused if that is asked for") {
    struct row {
        const char* about;
        corsac::policy_options options;
        const char* gateway;  ///< the serious losses
        const char* envoy;
    };
    const row rows[] = {
        {"nothing", {.allow_origins = {"https://a.example"}}, "", ""},
        {"a pattern inside a label",
         {.allow_origins = {"https://pr-*.a.example"}},
         "narrower: allow_origins: \"https://pr-*.a.example\" is no origin that the Gateway API "
         "can "
         "write; it is left out\n",
         ""},
        {"any port, null, schemes",
         {.allow_origins = {"http://localhost:*", "null", "capacitor://localhost"}},
         "narrower: allow_origins: \"http://localhost:*\" is no origin that the Gateway API can "
         "write; it is left out\n"
         "narrower: allow_origins: \"null\" is no origin that the Gateway API can write; it is "
         "left "
         "out\n"
         "narrower: allow_origins: \"capacitor://localhost\" is no origin that the Gateway API can "
         "write; it is left out\n",
         ""},
        {"a method of its own",
         {.allow_origins = {"*"}, .allow_methods = {"PURGE"}},
         "narrower: allow_methods: \"PURGE\" is no method that the Gateway API can write; it is "
         "left out\n",
         ""},
        {"a header pattern",
         {.allow_origins = {"*"}, .allow_headers = {"X-Custom-*"}},
         "narrower: allow_headers: \"X-Custom-*\" is a pattern, and the Gateway API has none for "
         "names; it is left out\n",
         "narrower: allow_headers: \"X-Custom-*\" is a pattern, and Envoy has none for names; it "
         "is "
         "left out\n"},
        {"* without Authorization",
         {.allow_origins = {"*"}, .allow_headers = {"*"}},
         "wider: allow_headers: \"*\" covers Authorization, too, in the target\n",
         "wider: allow_headers: \"*\" covers Authorization, too, in the target\n"},
        {"* with Authorization",
         {.allow_origins = {"*"}, .allow_headers = {"*", "Authorization"}},
         "",
         ""},
        {"max_age 0",
         {.allow_origins = {"*"}, .max_age = 0},
         "other: max_age: \"0\" becomes 1: the Gateway API has no 0\n",
         ""},
        {"rejecting",
         {.allow_origins = {"https://a.example"}, .reject_disallowed = true},
         "wider: reject_disallowed: requests of other origins reach the application\n",
         "wider: reject_disallowed: requests of other origins reach the application\n"},
        {"what the Gateway API's own matrix asks for, and nothing but this library does",
         {.allow_origins = {"https://a.example"}, .refuse_credentials = true},
         "wider: refuse_credentials: requests with a cookie or Authorization are answered like "
         "others\n",
         "wider: refuse_credentials: requests with a cookie or Authorization are answered like "
         "others\n"},
        {"a policy in shadow, which Envoy knows",
         {.allow_origins = {"https://a.example"}, .shadow = true},
         "other: shadow: the policy is enforced there\n",
         ""},
        {"private networks",
         {.allow_origins = {"https://a.example"}, .allow_private_network = true},
         "narrower: allow_private_network: the Gateway API does not know it\n",
         ""},
        {"statuses and disclosure",
         {.allow_origins = {"https://a.example"},
          .preflight_status = 200,
          .denied_preflight_status = 200,
          .disclose_requested_only = true},
         "other: disclose_requested_only: every preflight is told the whole lists\n"
         "other: denied_preflight_status: the target has its own\n"
         "other: preflight_status: the target has its own\n",
         "other: disclose_requested_only: every preflight is told the whole lists\n"
         "other: denied_preflight_status: the target has its own\n"
         "other: preflight_status: the target has its own\n"},
        {"forwarding",
         {.allow_origins = {"https://a.example"},
          .advertise = true,
          .forward_denied_preflights = true,
          .keep_existing = true},
         "other: advertise: the implementation decides that\n"
         "other: forward_denied_preflights: the Gateway API forbids it\n"
         "other: keep_existing: the implementation decides that\n",
         "narrower: forward_denied_preflights: Envoy forwards preflights of unknown origins "
         "only\n"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const corsac::policy p = build(r.options);
        const std::string_view gateway = r.gateway, envoy = r.envoy;
        const corsac::exported route = to_http_route(p, {.name = "r", .backend = "b"}, {});
        CHECK(lines(route.losses, true) == gateway);
        REQUIRE(route.value.has_value());
        // Whatever was lost, a cluster would take it.
        CHECK(manifests::load(to_yaml(*route.value)).problems.errors() == 0);
        CHECK(to_http_route(p, {.name = "r", .backend = "b"}, {.strict = true}).value.has_value() ==
              gateway.empty());
        const corsac::exported config = to_envoy(p, {});
        CHECK(lines(config.losses, true) == envoy);
        CHECK(to_envoy(p, {.strict = true}).value.has_value() == envoy.empty());
    }
    std::vector<std::string> many;
    for (int i = 0; i < 70; ++i) many.push_back("https://a" + std::to_string(i) + ".example");
    const corsac::exported cut =
        to_http_route(build({.allow_origins = many}), {.name = "r", .backend = "b"}, {});
    CHECK(cut.losses.serious() == 6);
}

TEST_CASE("Envoy's policy has every field, so that nothing is inherited") {
    const corsac::policy p = build({.allow_origins = {"https://a.example"}});
    CHECK(to_yaml(*to_envoy(p, {.strict = true}).value) ==
          "envoy.filters.http.cors:\n"
          "  '@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\n"
          "  allow_origin_string_match:\n"
          "  - exact: https://a.example\n"
          "  allow_methods: GET, HEAD, POST\n"
          "  allow_headers: Origin\n"
          "  expose_headers: Content-Type\n"
          "  max_age: \"5\"\n"
          "  allow_credentials: false\n"
          "  allow_private_network_access: false\n"
          "  forward_not_matching_preflights: false\n");
}

TEST_CASE("a policy in shadow stays in shadow in Envoy") {
    const corsac::policy p = build({.allow_origins = {"https://a.example"}, .shadow = true});
    CHECK(to_yaml(*to_envoy(p, {.strict = true}).value)
              .find("  filter_enabled:\n"
                    "    default_value:\n"
                    "      numerator: 0\n"
                    "      denominator: HUNDRED\n"
                    "  shadow_enabled:\n"
                    "    default_value:\n"
                    "      numerator: 100\n"
                    "      denominator: HUNDRED\n") != std::string::npos);
}

TEST_CASE("a pattern's regular expression matches the origins that the pattern does") {
    const char* const patterns[] = {"https://*.bar.example",
                                    "https://pr-*.a.example",
                                    "https://app-*-x.example.com",
                                    "http://localhost:*",
                                    "https://*",
                                    "https://*:8443",
                                    "https://*.b.example:*",
                                    "*"};
    const char* const origins[] = {"https://bar.example",
                                   "https://www.bar.example",
                                   "https://x.y.bar.example",
                                   "https://x..bar.example",
                                   "https://evilbar.example",
                                   "http://www.bar.example",
                                   "https://www.bar.example.evil.example",
                                   "https://www.bar.example:8443",
                                   "https://www.barxexample",
                                   "https://.bar.example",
                                   "https://pr-12.a.example",
                                   "https://pr-.a.example",
                                   "https://pr-1.2.a.example",
                                   "https://app-a-b-x.example.com",
                                   "https://app-a_b-x.example.com",
                                   "http://localhost",
                                   "http://localhost:3000",
                                   "http://localhost:",
                                   "http://localhost:03000",
                                   "http://localhost.evil",
                                   "https://[::1]",
                                   "https://[::1]:8443",
                                   "https://127.0.0.1:8443",
                                   "https://a_b.example",
                                   "https://a.example.",
                                   "https://a.example/",
                                   "https://a.example https://b.example",
                                   "https://user@a.example",
                                   "https://A.example",
                                   "https://x.b.example:1",
                                   "null",
                                   "*",
                                   "",
                                   "capacitor://localhost",
                                   "x",
                                   "https://",
                                   "https://a.example\r\nx: y"};
    for (const char* entry : patterns) {
        const corsac::policy p = build({.allow_origins = {entry}});
        const std::regex regex(corsac::detail::origin_regex(entry));
        for (const char* origin : origins) {
            CAPTURE(entry);
            CAPTURE(origin);
            CHECK(std::regex_match(origin, regex) == p.allows_origin(origin));
        }
    }
}
