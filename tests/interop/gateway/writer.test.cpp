// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/writer.hpp>

#include <corsac/interop/document/document_writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

using interop::loss_kind;

namespace {

corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

std::string lines(const interop::export_losses& losses, bool serious_only) {
    std::string all;
    for (const interop::export_loss& loss : losses) {
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
        const std::vector<interop::document> saved = to_documents(first.objects);
        for (const bool as_json : {false, true}) {
            CAPTURE(as_json);
            interop::manifest_problems problems;
            const std::string text = as_json ? to_json(saved) : interop::to_yaml(saved);
            const interop::gateway_objects second =
                read_gateway_objects(as_json ? manifests::parse_json(text, problems)
                                             : manifests::parse_yaml(text, problems),
                                     problems);
            CHECK(problems.errors() == 0);
            CHECK(second.documents == saved);
            CHECK(to_documents(second) == saved);
            CHECK((as_json ? to_json(second.documents) : interop::to_yaml(second.documents)) ==
                  text);
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
        CHECK(interop::to_yaml(to_documents(manifests::load(text).objects)) == text);
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
    CHECK(interop::to_yaml(to_documents(loaded.objects)) ==
          "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
          "metadata:\n  name: r\n  namespace: \"n\"\n  annotations:\n    a: b\n"
          "spec:\n  rules:\n  - timeouts:\n      request: \"5s\"\n    filters:\n"
          "    - type: RequestMirror\n      requestMirror: {}\n"
          "    - type: CORS\n      cors:\n        allowOrigins:\n        - https://a.example\n"
          "        maxAge: 60\n");
}

TEST_CASE("a policy as HTTPRoute and as TrafficPolicy, and back") {
    const corsac::policy p = build({.allow_origins = {"https://a.example", "https://*.b.example"},
                                    .allow_methods = {"PUT", "DELETE"},
                                    .allow_headers = {"Authorization", "X-One"},
                                    .expose_headers = {"X-Two"},
                                    .allow_credentials = true,
                                    .max_age = 600});
    const interop::exported route =
        interop::to_http_route(p,
                               {.name = "r",
                                .name_space = "shop",
                                .parents = {{.name_space = "infra", .name = "gw"}},
                                .hostnames = {"shop.example"},
                                .backend = "cart",
                                .port = 8080},
                               {.strict = true});
    INFO(lines(route.losses, false));
    REQUIRE(route.value.has_value());
    const manifests::loaded loaded = manifests::load(interop::to_yaml(*route.value));
    REQUIRE(loaded.import.table.has_value());
    const corsac::matched_route found = loaded.import.table->find("shop.example", "/x", "GET");
    REQUIRE(found.governing() != nullptr);
    corsac::policy_options back = found.governing()->options();
    back.tolerate_forbidden_names = false;
    CHECK(back == p.options());

    for (const auto kind :
         {interop::traffic_policy_kind::kgateway, interop::traffic_policy_kind::gloo}) {
        const interop::exported tp = to_traffic_policy(
            p, kind, "t", "shop", {{"HTTPRoute", "r", "rule1", {}, {}}}, {.strict = true});
        REQUIRE(tp.value.has_value());
        const manifests::loaded again = manifests::load(to_json(*tp.value));
        CHECK(again.problems.errors() == 0);
        REQUIRE(again.objects.policies.size() == 1);
        CHECK(again.objects.policies[0].targets[0].section == "rule1");
        interop::export_losses losses;
        CHECK(again.objects.policies[0].cors == to_cors_filter(p.options(), losses));
    }
}

TEST_CASE("objects with the listed part of a policy with a matcher say what they leave out") {
    const auto p = corsac::make_policy(
        {.allow_origins = {"https://a.example"}},
        corsac::origin_if{[](std::string_view origin) { return origin == "https://b.example"; }});
    REQUIRE(p);
    const auto says = [](const interop::exported& made) {
        std::size_t told = 0;
        for (const interop::export_loss& loss : made.losses) told += loss.field == "matcher";
        return told == 1 && made.value.has_value();
    };
    CHECK(says(interop::to_http_route(*p, {.name = "r", .backend = "cart"}, {})));
    CHECK(says(interop::to_traffic_policy(*p, interop::traffic_policy_kind::kgateway, "t", "shop",
                                          {}, {})));
    CHECK_FALSE(
        interop::to_http_route(*p, {.name = "r", .backend = "cart"}, {.strict = true}).value);
}

TEST_CASE("what the Gateway API cannot write is left out, and said") {
    struct loss_row {
        const char* about;
        corsac::policy_options options;
        const char* says;
    };
    const std::string long_host = "https://" + std::string(60, 'a') + '.' + std::string(60, 'b') +
                                  '.' + std::string(60, 'c') + '.' + std::string(60, 'd');
    const std::string long_name(257, 'x');
    const loss_row rows[] = {
        {"an origin of 254 characters",
         {.allow_origins = {long_host + ":12345", "https://a.example"}},
         "is no origin that the Gateway API can write; it is left out"},
        {"a name of 257",
         {.allow_origins = {"https://a.example"}, .allow_headers = {"X-A", long_name}},
         "is longer than the Gateway API takes; it is left out"},
    };
    for (const loss_row& r : rows) {
        CAPTURE(r.about);
        interop::export_losses losses;
        const interop::cors_filter filter = to_cors_filter(r.options, losses);
        INFO(lines(losses, true));
        CHECK(filter.allow_origins == std::vector<std::string>{"https://a.example"});
        CHECK(filter.allow_headers.size() == (r.options.allow_headers.empty() ? 0U : 1U));
        CHECK(lines(losses, true).find(r.says) != std::string::npos);
    }
}

TEST_CASE("references are written with what they say, and without what they do not") {
    const corsac::policy p = build({.allow_origins = {"https://a.example"}});
    const auto written = [](const interop::exported& made) {
        REQUIRE(made.value.has_value());
        return interop::to_yaml(*made.value);
    };
    CHECK(written(interop::to_http_route(
                      p,
                      {.name = "r", .parents = {{.name = "gw", .section = "http"}}, .backend = "b"},
                      {}))
              .find("  parentRefs:\n  - name: gw\n    sectionName: http\n  rules:\n") !=
          std::string::npos);
    CHECK(written(to_traffic_policy(p, interop::traffic_policy_kind::kgateway, "t", "n",
                                    {{"Gateway", "gw", "", {}, {}}}, {}))
              .find("    kind: Gateway\n    name: gw\n  cors:\n") != std::string::npos);
}

TEST_CASE("objects that differ from their documents are saved as far as both go") {
    const std::string yaml = "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
                             "metadata: {name: r, namespace: n}\nspec:\n  rules:\n"
                             "  - filters: [{type: CORS, cors: {allowOrigins: ['*']}}]\n"
                             "    backendRefs: [{name: b, port: 80}]\n  - {}\n---\n"
                             "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n"
                             "metadata: {name: p, namespace: n}\nspec: {cors: {maxAge: 7}}\n";
    interop::gateway_objects objects = manifests::load(yaml).objects;
    const std::vector<interop::document> before = objects.documents;
    REQUIRE(objects.routes.size() == 1);
    REQUIRE(objects.policies.size() == 1);
    // Without its policy, a document stays as it is.
    objects.policies[0].cors.reset();
    objects.routes[0].rules[0].filters.cors.reset();
    objects.routes[0].rules[0].backends.clear();
    CHECK(to_documents(objects) == before);
    objects.routes[0].rules.clear();
    CHECK(to_documents(objects) == before);
    // What was made has no document to be written to.
    objects.documents.clear();
    CHECK(to_documents(objects).empty());
}
