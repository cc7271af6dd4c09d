// SPDX-License-Identifier: MIT
#include <corsac/table/route_explanation.hpp>

#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

namespace {

using namespace tables;

TEST_CASE("explain names the level and the object behind each header, and what is shadowed") {
    one_of_each made;
    made.builder.attach(made.gateway, allows("https://g.example"),
                        {.kind = "TrafficPolicy", .name = "infra/default"});
    made.builder.attach({made.rule, attachment_level::rule_filter}, allows("https://a.example"),
                        {.kind = "HTTPRoute", .name = "shop/cart"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    const corsac::decision d = evaluate(found, get_from("https://a.example"));
    CHECK(explain(found, d).view() ==
          "rule: shop/cart rule \"api\"\n"
          "decision: response shared with \"https://a.example\", without credentials\n"
          "access-control-allow-origin: https://a.example  <- rule_filter (HTTPRoute shop/cart)\n"
          "applies: rule_filter (HTTPRoute shop/cart), matches https://a.example\n"
          "shadowed: gateway (TrafficPolicy infra/default)\n");
    CHECK(explain_json(found, d).view() ==
          R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
          R"("decision":"response shared with \u0022https://a.example\u0022, without credentials",)"
          R"("headers":[{"name":"access-control-allow-origin","value":"https://a.example",)"
          R"("level":"rule_filter","kind":"HTTPRoute","object":"shop/cart"}],)"
          R"("attachments":[{"role":"applies","level":"rule_filter","kind":"HTTPRoute",)"
          R"("object":"shop/cart","backend":"","matches":"https://a.example",)"
          R"("disables":false},)"
          R"({"role":"shadowed","level":"gateway","kind":"TrafficPolicy",)"
          R"("object":"infra/default","backend":"","matches":"","disables":false}]})");
}

TEST_CASE("explain names the pattern that let an origin in, also where the method is refused") {
    one_of_each made;
    made.builder.attach(made.route, build({.allow_origins = {"*"}}), {.kind = "K", .name = "any"});
    made.builder.attach({made.rule, attachment_level::rule},
                        build({.allow_origins = {"https://b.example", "https://*.a.example:*"}}),
                        {.kind = "K", .name = "n/p"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(explain(found, preflight("https://x.a.example:8443", "PUT", {})).view() ==
          "rule: shop/cart rule \"api\"\n"
          "decision: method \"PUT\" is not in allow_methods; add it, or send another (methods are "
          "case-sensitive) (preflight refused)\n"
          "applies: rule (K n/p), matches https://*.a.example:*\n"
          "shadowed: route (K any)\n");
    CHECK(explain(found, get_from("https://evil.example")).view().find("matches") ==
          std::string_view::npos);
}

TEST_CASE("explain follows the backend that a request goes to") {
    two_backends made;
    made.builder.attach(made.backend, allows("https://a.example"), {.kind = "K", .name = "own"});
    made.builder.attach(made.route, allows("https://b.example"), {.kind = "K", .name = "shared"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(explain(found, 0, get_from("https://a.example")).view() ==
          "rule: shop/cart rule \"api\"\n"
          "decision: response shared with \"https://a.example\", without credentials\n"
          "access-control-allow-origin: https://a.example  <- backend (K own)\n"
          "applies: backend (K own) for backend cart:80, matches https://a.example\n"
          "shadowed: route (K shared)\n");
    CHECK(explain(found, 1, get_from("https://b.example")).view() ==
          "rule: shop/cart rule \"api\"\n"
          "decision: response shared with \"https://b.example\", without credentials\n"
          "access-control-allow-origin: https://b.example  <- route (K shared)\n"
          "applies: route (K shared), matches https://b.example\n");
    CHECK(explain(found, get_from("https://a.example")).view().find("takes part: backend") !=
          std::string_view::npos);
}

/// A route in each state, and what is said of it to a request of https://a.example.
struct state_row {
    const char* about;
    void (*attach)(two_backends&);
    std::string_view lines;
    std::string_view json;
};

const state_row state_rows[] = {
    {"nothing is attached", [](two_backends&) {},
     "rule: shop/cart rule \"api\"\n"
     "decision: no policy governs this request; it was left alone\n",
     R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
     R"("decision":"no policy governs this request; it was left alone",)"
     R"("headers":[],"attachments":[]})"},
    {"switched off",
     [](two_backends& made) {
         made.builder.attach(made.route, allows("https://a.example"), {.kind = "K", .name = "on"});
         made.builder.disable({made.rule, attachment_level::rule}, {.kind = "K", .name = "off"});
     },
     "rule: shop/cart rule \"api\"\n"
     "decision: the policy is switched off here; the request was left alone\n"
     "applies: rule (K off), disables\n"
     "shadowed: route (K on)\n",
     R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
     R"("decision":"the policy is switched off here; the request was left alone",)"
     R"("headers":[],"attachments":[{"role":"applies","level":"rule","kind":"K","object":"off",)"
     R"("backend":"","matches":"","disables":true},{"role":"shadowed","level":"route",)"
     R"("kind":"K","object":"on","backend":"","matches":"","disables":false}]})"},
    {"broken",
     [](two_backends& made) {
         made.builder.attach(made.route, allows("https://a.example"), {.kind = "K", .name = "n"});
         made.builder.set_broken(made.rule, "K n/gone does not exist");
     },
     "rule: shop/cart rule \"api\"\n"
     "decision: a filter cannot be resolved, so every request gets 500: K n/gone does not exist\n"
     "applies: route (K n), matches https://a.example\n",
     R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
     R"("decision":"a filter cannot be resolved, so every request gets 500: )"
     R"(K n/gone does not exist",)"
     R"("headers":[],"attachments":[{"role":"applies","level":"route","kind":"K","object":"n",)"
     R"("backend":"","matches":"https://a.example","disables":false}]})"},
    {"split",
     [](two_backends& made) {
         made.builder.attach(made.backend, allows("https://a.example"), {.kind = "K", .name = "1"});
         made.builder.attach(made.other, build({.allow_origins = {"https://*.example"}}),
                             {.kind = "K", .name = "2"});
     },
     "rule: shop/cart rule \"api\"\n"
     "decision: response shared with \"https://a.example\", without credentials\n"
     "access-control-allow-origin: https://a.example  <- what all backends allow\n"
     "takes part: backend (K 1) for backend cart:80, matches https://a.example\n"
     "takes part: backend (K 2) for backend cart-v2:80, matches https://*.example\n",
     R"({"rule":{"route":"shop/cart","number":0,"name":"api"},)"
     R"("decision":"response shared with \u0022https://a.example\u0022, without credentials",)"
     R"("headers":[{"name":"access-control-allow-origin","value":"https://a.example",)"
     R"("level":"what all backends allow","kind":"","object":""}],)"
     R"("attachments":[{"role":"takes part","level":"backend","kind":"K","object":"1",)"
     R"("backend":"cart:80","matches":"https://a.example","disables":false},)"
     R"({"role":"takes part","level":"backend","kind":"K","object":"2",)"
     R"("backend":"cart-v2:80","matches":"https://*.example","disables":false}]})"},
};

TEST_CASE("explain says what became of a request in every state of a route") {
    for (const state_row& r : state_rows) {
        CAPTURE(r.about);
        two_backends made;
        r.attach(made);
        const corsac::policy_table table = finish(std::move(made.builder));
        const corsac::matched_route found = table.find("h", "/", "GET");
        CHECK(explain(found, get_from("https://a.example")).view() == r.lines);
        CHECK(explain_json(found, get_from("https://a.example")).view() == r.json);
    }
}

TEST_CASE("explain says that no rule matches") {
    const corsac::policy_table table = finish({});
    const corsac::matched_route none = table.find("h", "/", "GET");
    CHECK(explain(none, corsac::decision{}).view() ==
          "rule: none matches\ndecision: no rule matches; the request was left alone\n");
    CHECK(explain_json(none, get_from("https://a.example")).view() ==
          R"({"rule":null,"decision":"no rule matches; the request was left alone",)"
          R"("headers":[],"attachments":[]})");
}

TEST_CASE("explain says that a request with several Host fields belongs to no rule") {
    const corsac::policy_table table = routes({{"any", {}, {}}});
    const corsac::matched_route none =
        table.find({.host = "h", .path = "/", .method = "GET", .several_hosts = true});
    CHECK(explain(none, get_from("https://a.example")).view() ==
          "rule: none matches\ndecision: the request has several Host fields, so it gets 400\n");
}

TEST_CASE("explain in JSON follows the backend that a request goes to, too") {
    two_backends made;
    made.builder.attach(made.backend, allows("https://a.example"), {.kind = "K", .name = "own"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(explain_json(found, 0, get_from("https://a.example")).view().find(R"("object":"own")") !=
          std::string_view::npos);
    CHECK(explain_json(found, 1, get_from("https://a.example")).view().find(R"("object":"own")") ==
          std::string_view::npos);
}

TEST_CASE("an origin that stands twice matches no entry") {
    one_of_each made;
    made.builder.attach(made.route, build({.allow_origins = {"*"}}), {.kind = "K", .name = "n"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    corsac::request_facts twice = get_from("https://a.example");
    CHECK(explain(found, twice).view().find("matches *") != std::string_view::npos);
    twice.add("origin", "https://a.example");
    CHECK(explain(found, twice).view().find("matches") == std::string_view::npos);
}

}  // namespace
