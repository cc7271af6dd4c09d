// SPDX-License-Identifier: MIT
#include <corsac/table/policy_table.hpp>
// The table is built and explained by the headers beside it.
#include <corsac/decision/exposed_names.hpp>
#include <corsac/table/policy_table_builder.hpp>
#include <corsac/table/route_explanation.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>

namespace {

using corsac::attachment_level;
using corsac::outcome;
using corsac::route_state;

corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

/// A policy that is told apart by the one origin it allows.
corsac::policy allows(std::string_view origin) { return build({.allow_origins = {origin}}); }

std::string_view allowed_origin(const corsac::policy* p) {
    if (p == nullptr) return "none";
    static corsac::text_list kept[8];
    static std::size_t next = 0;
    corsac::text_list& list = kept[next++ % 8];
    list = p->options().allow_origins;
    return list.empty() ? "closed" : list[0];
}

corsac::policy_table finish(corsac::policy_table_builder builder) {
    corsac::result<corsac::policy_table> table = std::move(builder).build();
    for (const corsac::config_error& e : table.errors()) MESSAGE(e.message());
    REQUIRE(table);
    return *std::move(table);
}

corsac::request_facts preflight(std::string_view origin, std::string_view method,
                                std::string_view headers) {
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add("origin", origin);
    facts.add("access-control-request-method", method);
    if (!headers.empty()) facts.add("access-control-request-headers", headers);
    return facts;
}

corsac::request_facts get_from(std::string_view origin) {
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add("origin", origin);
    return facts;
}

/// One gateway, one listener, one route with one rule and one backend.
struct one_of_each {
    corsac::policy_table_builder builder;
    corsac::gateway_id gateway = builder.add_gateway();
    corsac::listener_id listener = builder.add_listener(gateway, "");
    corsac::route_id route = builder.add_route({.name = "shop/cart"});
    corsac::rule_id rule = builder.add_rule(route, "api");
    corsac::backend_id backend = builder.add_backend(rule, "cart:80", 1);

    one_of_each() {
        builder.add_parent(route, listener);
        builder.add_match(rule, {});
    }
    corsac::attachment_target target(attachment_level level) const {
        switch (level) {
        case attachment_level::gateway: return gateway;
        case attachment_level::listener: return listener;
        case attachment_level::route: return route;
        case attachment_level::backend: return backend;
        default: return {rule, level};
        }
    }
};

struct level_pair {
    const char* about;
    attachment_level weaker;
    attachment_level stronger;
};

constexpr level_pair adjacent_levels[] = {
    {"a listener beats its Gateway", attachment_level::gateway, attachment_level::listener},
    {"a route beats its listener", attachment_level::listener, attachment_level::route},
    {"a rule beats its route", attachment_level::route, attachment_level::rule},
    {"an ExtensionRef beats targetRefs", attachment_level::rule, attachment_level::rule_reference},
    {"the native filter beats an ExtensionRef", attachment_level::rule_reference,
     attachment_level::rule_filter},
    {"a backend's filter beats all", attachment_level::rule_filter, attachment_level::backend},
};

}  // namespace

TEST_CASE("of two adjacent levels the more specific one wins") {
    for (const level_pair& row : adjacent_levels) {
        CAPTURE(row.about);
        for (const bool stronger_first : {false, true}) {
            CAPTURE(stronger_first);
            one_of_each made;
            const auto attach = [&](attachment_level level, std::string_view origin) {
                // The stronger one is younger, so that age alone would decide otherwise.
                made.builder.attach(
                    made.target(level), allows(origin),
                    {.kind = "Test", .name = name_of(level), .created = static_cast<int>(level)});
            };
            if (stronger_first) attach(row.stronger, "https://stronger.example");
            attach(row.weaker, "https://weaker.example");
            if (!stronger_first) attach(row.stronger, "https://stronger.example");
            const corsac::policy_table table = finish(std::move(made.builder));

            const corsac::matched_route found = table.find("any.example", "/", "GET");
            CHECK(found.state() == route_state::governed);
            CHECK(allowed_origin(found.governing()) == "https://stronger.example");
            int winners = 0, shadowed = 0;
            found.visit_attachments([&](const corsac::attachment_view& a) {
                (a.wins ? winners : shadowed) += 1;
                CHECK(a.wins == (a.level == row.stronger));
                CHECK(a.name == name_of(a.level));
            });
            CHECK(winners == 1);
            CHECK(shadowed == 1);
        }
    }
}

TEST_CASE("the winner is taken whole") {
    one_of_each made;
    made.builder.attach(made.gateway,
                        build({.allow_origins = {"https://a.example"},
                               .expose_headers = {"X-Gateway"},
                               .allow_credentials = true,
                               .max_age = 600}),
                        {});
    made.builder.attach(made.route, build({.allow_origins = {"https://a.example"}}), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::decision d =
        evaluate(table.find("a.example", "/", "GET"), get_from("https://a.example"));
    CHECK(d.outcome() == outcome::allowed);
    CHECK_FALSE(d.fields().allow_credentials);
    CHECK(d.fields().expose_headers.empty());
}

TEST_CASE("disable switches an inherited policy off, and something more specific on again") {
    for (const level_pair& row : adjacent_levels) {
        CAPTURE(row.about);
        one_of_each off;
        off.builder.attach(off.target(row.weaker), allows("https://a.example"), {});
        off.builder.disable(off.target(row.stronger), {});
        const corsac::policy_table disabled = finish(std::move(off.builder));
        const corsac::matched_route found = disabled.find("h", "/", "GET");
        CHECK(found.state() == route_state::disabled);
        CHECK(found.governing() == nullptr);
        CHECK_FALSE(evaluate(found, get_from("https://a.example")).governs());

        one_of_each on;
        on.builder.disable(on.target(row.weaker), {});
        on.builder.attach(on.target(row.stronger), allows("https://a.example"), {});
        const corsac::policy_table enabled = finish(std::move(on.builder));
        CHECK(enabled.find("h", "/", "GET").state() == route_state::governed);
    }
}

TEST_CASE("of two at one level the older counts, then the one whose name is first") {
    struct row {
        const char* about;
        std::int64_t created_a, created_b;
        std::string_view name_a, name_b;
        std::string_view winner;
    };
    constexpr std::int64_t unknown = corsac::created_unknown;
    constexpr row rows[] = {
        {"the older one", 2, 1, "ns/a", "ns/b", "https://b.example"},
        {"the same age: by name", 1, 1, "ns/b", "ns/a", "https://b.example"},
        {"by namespace before name", 1, 1, "b/a", "a/b", "https://b.example"},
        {"a known age before an unknown one", unknown, 9, "ns/a", "ns/b", "https://b.example"},
        {"neither has an age", unknown, unknown, "ns/a", "ns/b", "https://a.example"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        one_of_each made;
        made.builder.attach(made.route, allows("https://a.example"),
                            {.kind = "TrafficPolicy", .name = r.name_a, .created = r.created_a});
        made.builder.attach(made.route, allows("https://b.example"),
                            {.kind = "TrafficPolicy", .name = r.name_b, .created = r.created_b});
        const corsac::policy_table table = finish(std::move(made.builder));
        CHECK(allowed_origin(table.find("h", "/", "GET").governing()) == r.winner);
    }
}

namespace {

struct named_match {
    std::string_view name;
    corsac::text_list hostnames;
    corsac::route_match match;
    std::int64_t created = corsac::created_unknown;
};

/// A table of one rule per route; the name of the route tells which one was found.
corsac::policy_table routes(std::initializer_list<named_match> list) {
    corsac::policy_table_builder builder;
    for (const named_match& item : list) {
        const corsac::route_id route = builder.add_route(
            {.name = item.name, .hostnames = item.hostnames, .created = item.created});
        builder.add_match(builder.add_rule(route, ""), item.match);
    }
    return finish(std::move(builder));
}

constexpr corsac::path_kind exact = corsac::path_kind::exact;

std::string_view found_route(const corsac::matched_route& found) {
    return found ? found.route() : "none";
}

}  // namespace

TEST_CASE("hostnames: exact, then the longest wildcard, then none; ports count for nothing") {
    const corsac::policy_table table = routes({{"any", {}, {}},
                                               {"exact", {"a.example"}, {}},
                                               {"wild", {"*.example"}, {}},
                                               {"longer", {"*.b.example"}, {}},
                                               {"narrow", {"x.b.example"}, {.path = "/only"}}});
    struct row {
        std::string_view host, path, expected;
    };
    constexpr row rows[] = {
        {"a.example", "/", "exact"},
        {"A.EXAMPLE", "/", "exact"},
        {"a.example:8080", "/", "exact"},
        {"a.example.", "/", "exact"},
        {"a.example.:8080", "/", "exact"},
        {"c.example", "/", "wild"},
        {"c.a.example", "/", "wild"},
        {"example", "/", "any"},
        {"b.example", "/", "wild"},
        {"x.b.example", "/only", "narrow"},
        {"x.b.example", "/other", "longer"},
        {"notexample", "/", "any"},
        {"", "/", "any"},
        {"[::1]:8080", "/", "any"},
        {".example", "/", "any"},
        {"*.example", "/", "wild"},
    };
    for (const row& r : rows) {
        CAPTURE(r.host);
        CHECK(found_route(table.find(r.host, r.path, "GET")) == r.expected);
    }
}

TEST_CASE("paths: exact, then the longest prefix of whole elements") {
    const corsac::policy_table table = routes({{"root", {}, {}},
                                               {"foo", {}, {.path = "/foo"}},
                                               {"foobar", {}, {.path = "/foo/bar/"}},
                                               {"exact", {}, {.kind = exact, .path = "/foo/bar"}},
                                               {"slash", {}, {.kind = exact, .path = "/x/"}}});
    struct row {
        std::string_view path, expected;
    };
    constexpr row rows[] = {
        {"/", "root"},
        {"/foo", "foo"},
        {"/foo/", "foo"},
        {"/foo/x", "foo"},
        {"/foobar", "root"},
        {"/foo/bar", "exact"},
        {"/foo/bar/", "foobar"},
        {"/foo/bar/x", "foobar"},
        {"/foo/barx", "foo"},
        {"/x/", "slash"},
        {"/x", "root"},
        {"/FOO", "root"},
        {"//foo", "root"},
        {"/foo//bar", "foo"},
        {"", "none"},
        {"foo", "none"},
        {"*", "none"},
    };
    for (const row& r : rows) {
        CAPTURE(r.path);
        CHECK(found_route(table.find("h", r.path, "GET")) == r.expected);
    }
}

TEST_CASE("a prefix of many elements is found under a path of many more") {
    const corsac::policy_table table =
        routes({{"deep", {}, {.path = "/a/b/c/d"}}, {"shallow", {}, {.path = "/a"}}});
    CHECK(found_route(table.find("h", "/a/b/c/d/e/f/g/h/i/j/k/l/m/n", "GET")) == "deep");
    CHECK(found_route(table.find("h", "/a/b/c/x/e/f/g/h/i/j/k/l/m/n", "GET")) == "shallow");
    CHECK(found_route(table.find("h", "/b/b/c/d", "GET")) == "none");
}

TEST_CASE("then method, most headers, most query parameters, oldest route, its name") {
    const corsac::policy_table table = routes({
        {"z", {}, {}, 5},
        {"method", {}, {.method = "PUT"}},
        {"header", {}, {.headers = {"X-Tenant: a"}}},
        {"headers", {}, {.headers = {"x-tenant: a", "x-user: b"}}},
        {"query", {}, {.query = {"v=2"}}},
        {"old", {}, {.path = "/age"}, 1},
        {"new", {}, {.path = "/age"}, 2},
        {"ns/b", {}, {.path = "/name"}, 3},
        {"ns/a", {}, {.path = "/name"}, 3},
    });
    const auto find = [&](std::string_view path, std::string_view query, std::string_view method,
                          std::string_view tenant, std::string_view user) {
        const auto fields = [&](std::string_view name) {
            if (corsac::detail::equals_ignore_case(name, "x-tenant")) return tenant;
            if (corsac::detail::equals_ignore_case(name, "x-user")) return user;
            return std::string_view{};
        };
        return found_route(
            table.find({.host = "h", .path = path, .query = query, .method = method}, fields));
    };
    CHECK(find("/", {}, "GET", {}, {}) == "z");
    CHECK(find("/", {}, "PUT", "a", "b") == "method");
    CHECK(find("/", {}, "put", {}, {}) == "z");
    CHECK(find("/", "v=2", "GET", "a", {}) == "header");
    CHECK(find("/", "v=2", "GET", "a", "b") == "headers");
    CHECK(find("/", "v=2", "GET", "c", "b") == "query");
    CHECK(find("/", "u&v=2&v=3", "GET", {}, {}) == "query");
    CHECK(find("/", "v=3&v=2", "GET", {}, {}) == "z");
    CHECK(find("/", "v", "GET", {}, {}) == "z");
    CHECK(find("/age", {}, "GET", {}, {}) == "old");
    CHECK(find("/name", {}, "GET", {}, {}) == "ns/a");
}

TEST_CASE("the first rule of a route, and a rule with several matches") {
    corsac::policy_table_builder builder;
    const corsac::route_id route = builder.add_route({.name = "r"});
    const corsac::rule_id first = builder.add_rule(route, "first");
    const corsac::rule_id second = builder.add_rule(route, "second");
    builder.add_match(first, {.path = "/a"});
    builder.add_match(first, {.path = "/b"});
    builder.add_match(second, {.path = "/b"});
    builder.add_match(second, {.path = "/c"});
    const corsac::policy_table table = finish(std::move(builder));
    CHECK(table.find("h", "/a", "GET").rule_name() == "first");
    CHECK(table.find("h", "/b", "GET").rule_name() == "first");
    CHECK(table.find("h", "/c", "GET").rule_name() == "second");
    CHECK(table.find("h", "/c", "GET").rule_number() == 1);
}

TEST_CASE("a preflight is looked up by the method that it asks for") {
    corsac::policy_table_builder builder;
    const corsac::route_id route = builder.add_route({.name = "r"});
    const corsac::rule_id put = builder.add_rule(route, "put");
    builder.add_match(put, {.method = "PUT"});
    builder.attach({put, attachment_level::rule_filter},
                   build({.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}}), {});
    const corsac::policy_table table = finish(std::move(builder));

    const auto lookup = [&](const corsac::request_facts& facts) {
        return table.find(make_route_request(facts, "/x?y=1"));
    };
    const corsac::request_facts asks_put = preflight("https://a.example", "PUT", {});
    CHECK(evaluate(lookup(asks_put), asks_put).status() == 204);
    const corsac::request_facts asks_get = preflight("https://a.example", "GET", {});
    CHECK(lookup(asks_get).state() == route_state::no_route);
    corsac::request_facts options = get_from("https://a.example");
    options.method = "OPTIONS";
    CHECK(lookup(options).state() == route_state::no_route);
}

TEST_CASE("the request target may be in any form that names a path") {
    const corsac::policy_table table = routes({{"a", {"a.example"}, {.path = "/p"}}});
    corsac::request_facts facts;
    facts.method = "GET";
    facts.host = "a.example:81";
    CHECK(found_route(table.find(make_route_request(facts, "/p"))) == "a");
    CHECK(found_route(table.find(make_route_request(facts, "/p?q#f"))) == "a");
    CHECK(found_route(table.find(make_route_request(facts, "/px"))) == "none");
    CHECK(found_route(table.find(make_route_request(facts, "*"))) == "none");
    facts.host = "b.example";
    CHECK(found_route(table.find(make_route_request(facts, "http://a.example/p"))) == "a");
    CHECK(found_route(table.find(make_route_request(facts, "/?u=http://a.example/p"))) == "none");
    CHECK(found_route(table.find(make_route_request(facts, "http://a.example?q"))) == "none");
}

TEST_CASE("a route serves the hostnames that it has in common with its listener") {
    corsac::policy_table_builder builder;
    const corsac::gateway_id gateway = builder.add_gateway();
    const corsac::listener_id wide = builder.add_listener(gateway, "*.example");
    const corsac::listener_id narrow = builder.add_listener(gateway, "b.example");
    builder.attach(wide, allows("https://wide.example"), {});
    builder.attach(narrow, allows("https://narrow.example"), {});
    const corsac::route_id route =
        builder.add_route({.name = "r", .hostnames = {"a.example", "*.b.example", "other.test"}});
    const corsac::route_id all = builder.add_route({.name = "all"});
    for (const corsac::route_id id : {route, all}) {
        builder.add_parent(id, wide);
        builder.add_parent(id, narrow);
        builder.add_match(builder.add_rule(id, ""), {});
    }
    const corsac::policy_table table = finish(std::move(builder));
    CHECK(found_route(table.find("a.example", "/", "GET")) == "r");
    CHECK(found_route(table.find("x.b.example", "/", "GET")) == "r");
    CHECK(found_route(table.find("c.example", "/", "GET")) == "all");
    CHECK(found_route(table.find("other.test", "/", "GET")) == "none");
    CHECK(allowed_origin(table.find("b.example", "/", "GET").governing()) ==
          "https://narrow.example");
    corsac::route_request request{.host = "b.example", .path = "/", .method = "GET"};
    request.listener = static_cast<std::uint32_t>(wide);
    CHECK(allowed_origin(table.find(request).governing()) == "https://wide.example");
}

TEST_CASE("a broken rule answers 500 and never grants anything") {
    one_of_each made;
    made.builder.attach({made.rule, attachment_level::rule_filter}, allows("https://a.example"),
                        {});
    made.builder.attach(made.backend, allows("https://a.example"), {});
    made.builder.set_broken(made.rule, "TrafficPolicy shop/gone does not exist");
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.state() == route_state::broken);
    for (const auto& facts :
         {get_from("https://a.example"), preflight("https://a.example", "GET", {}),
          corsac::request_facts{.method = "GET"}}) {
        // Also where a backend was chosen already, and has a policy of its own.
        for (const corsac::decision& d : {evaluate(found, facts), evaluate(found, 0, facts)}) {
            CHECK(d.status() == 500);
            CHECK_FALSE(d.allows());
        }
    }
    // For servers that only take a policy: one that allows nobody.
    REQUIRE(found.governing() != nullptr);
    CHECK_FALSE(found.governing()->allows_origin("https://a.example"));
    CHECK(explain(found, corsac::decision{}).view().find("shop/gone") != std::string_view::npos);
}

namespace {

struct two_backends : one_of_each {
    corsac::backend_id other = builder.add_backend(rule, "cart-v2:80", 1);
};

}  // namespace

TEST_CASE("a preflight gets what all backends allow, an actual request what its own does") {
    two_backends made;
    made.builder.attach(made.backend,
                        build({.allow_origins = {"https://*.example", "https://only-one.test"},
                               .allow_methods = {"PUT", "DELETE"},
                               .allow_headers = {"X-*", "Authorization"},
                               .expose_headers = {"A", "B"},
                               .allow_credentials = true,
                               .max_age = 600,
                               .dangerously_allow_public_suffixes_with_credentials = true}),
                        {.kind = "HTTPRoute", .name = "shop/cart"});
    made.builder.attach({made.rule, attachment_level::rule_filter},
                        build({.allow_origins = {"https://a.example"},
                               .allow_methods = {"*"},
                               .allow_headers = {"X-One", "Y"},
                               .expose_headers = {"B", "C"},
                               .max_age = 60}),
                        {.kind = "HTTPRoute", .name = "shop/cart"});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "PUT");
    REQUIRE(found.state() == route_state::split);

    const auto granted = preflight("https://a.example", "PUT", "x-one");
    const corsac::decision d = evaluate(found, granted);
    CHECK(d.outcome() == outcome::allowed);
    CHECK(d.status() == 204);
    CHECK(d.fields().allow_origin == "https://a.example");
    CHECK(d.fields().allow_methods == "PUT, DELETE");
    CHECK(d.fields().allow_headers == "X-One");
    CHECK(d.fields().expose_headers == "B");
    CHECK(d.fields().max_age == "60");
    CHECK_FALSE(d.fields().allow_credentials);
    CHECK(d.fields().vary_origin);

    struct row {
        const char* about;
        corsac::request_facts facts;
        outcome expected;
    };
    const row rows[] = {
        {"only the first allows this origin", preflight("https://b.example", "PUT", {}),
         outcome::origin_not_allowed},
        {"only the second allows this method", preflight("https://a.example", "PATCH", {}),
         outcome::method_not_allowed},
        {"only the first allows this header", preflight("https://a.example", "PUT", "x-two"),
         outcome::header_not_allowed},
        {"only the second allows this header", preflight("https://a.example", "PUT", "y"),
         outcome::header_not_allowed},
        {"an actual request of unknown backend", get_from("https://b.example"),
         outcome::origin_not_allowed},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(evaluate(found, r.facts).outcome() == r.expected);
    }
    CHECK(evaluate(found, 0, get_from("https://b.example")).allows());
    CHECK_FALSE(evaluate(found, 1, get_from("https://b.example")).allows());
    CHECK(evaluate(found, 0, get_from("https://a.example")).fields().allow_credentials);

    const corsac::route_explanation said = explain(found, d);
    CHECK(said.view().find("what all backends allow") != std::string_view::npos);
    CHECK(said.view().find("takes part: backend") != std::string_view::npos);
}

TEST_CASE("several backends of one mind are no split") {
    two_backends made;
    const corsac::policy_id shared = made.builder.add_policy(allows("https://a.example"));
    made.builder.attach(made.backend, shared, {});
    made.builder.attach(made.other, allows("https://a.example"), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    CHECK(table.find("h", "/", "GET").state() == route_state::governed);
}

TEST_CASE("a backend without a policy keeps every preflight from being granted") {
    two_backends made;
    made.builder.attach(made.backend, allows("https://a.example"), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    REQUIRE(found.state() == route_state::split);
    const corsac::decision d = evaluate(found, preflight("https://a.example", "GET", {}));
    CHECK(d.status() == 403);
    CHECK(d.outcome() == outcome::origin_not_allowed);
    CHECK(evaluate(found, 0, get_from("https://a.example")).allows());
    CHECK_FALSE(evaluate(found, 1, get_from("https://a.example")).governs());
}

TEST_CASE("a backend whose policy is in shadow has none that answers, and another one's stands") {
    two_backends made;
    made.builder.attach(made.backend, allows("https://a.example"), {});
    made.builder.attach(made.other, build({.allow_origins = {"https://a.example"}, .shadow = true}),
                        {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    REQUIRE(found.state() == route_state::split);
    CHECK(evaluate(found, preflight("https://a.example", "GET", {})).status() == 403);
    CHECK(evaluate(found, 0, get_from("https://a.example")).allows());
    CHECK(evaluate(found, 1, get_from("https://a.example")).in_shadow());
}

TEST_CASE("a route's policy may refuse credentials") {
    two_backends made;
    made.builder.attach({made.rule, attachment_level::rule},
                        build({.allow_origins = {"https://a.example"}, .refuse_credentials = true}),
                        {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const support::request with{"GET", {{{"Origin", "https://a.example"}, {"Cookie", "a=b"}}}};
    const support::request without{"GET", {{{"Origin", "https://a.example"}}}};
    const corsac::matched_route found = table.find(with, "/");
    CHECK(evaluate(found, with).outcome() == outcome::credentials_not_allowed);
    CHECK(evaluate(found, without).allows());
    CHECK(evaluate(found, 1, with).outcome() == outcome::credentials_not_allowed);
    corsac::request_facts facts = corsac::read_facts(with);
    CHECK(evaluate(found, facts).allows());  // who reads facts says what they carry
    facts.credentials = true;
    CHECK(evaluate(found, facts).outcome() == outcome::credentials_not_allowed);
}

TEST_CASE("a backend of weight 0 has no say") {
    one_of_each made;
    const corsac::backend_id drained = made.builder.add_backend(made.rule, "old:80", 0);
    made.builder.attach(made.backend, allows("https://a.example"), {});
    made.builder.attach(drained, allows("https://b.example"), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    CHECK(table.find("h", "/", "GET").state() == route_state::governed);
}

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

TEST_CASE("every mistake is told, with its place and what to write instead") {
    corsac::policy_table_builder builder;
    const corsac::listener_id listener = builder.add_listener(builder.add_gateway(), "a_b.*");
    const corsac::route_id route =
        builder.add_route({.name = "ns/r", .hostnames = {"a.example", "a..b"}});
    builder.add_parent(route, listener);
    const corsac::rule_id rule = builder.add_rule(route, "");
    builder.add_match(rule, {.path = "no-slash"});
    builder.add_match(rule, {.headers = {"A: b", "no colon"}, .query = {"=x"}});
    const corsac::result<corsac::policy_table> table = std::move(builder).build();
    REQUIRE_FALSE(table);

    struct row {
        corsac::config_code code;
        const char* object;
        const char* field;
        std::size_t index;
        const char* message;
    };
    constexpr std::size_t none = corsac::no_index;
    const row rows[] = {
        {corsac::config_code::hostname_malformed, "listener 0", "hostname", none,
         "listener 0, hostname: \"a_b.*\" is no hostname; write a.example or *.a.example"},
        {corsac::config_code::hostname_malformed, "route ns/r", "hostnames", 1,
         "route ns/r, hostnames[1]: \"a..b\" is no hostname; write a.example or *.a.example"},
        {corsac::config_code::path_malformed, "route ns/r, rules[0].matches[0]", "path", none,
         "route ns/r, rules[0].matches[0], path: \"no-slash\" is no path, which begins with /; "
         "write \"/no-slash\""},
        {corsac::config_code::condition_malformed, "route ns/r, rules[0].matches[1]", "headers", 1,
         "route ns/r, rules[0].matches[1], headers[1]: \"no colon\" is no condition; write Name: "
         "value"},
        {corsac::config_code::condition_malformed, "route ns/r, rules[0].matches[1]", "query", 0,
         "route ns/r, rules[0].matches[1], query[0]: \"=x\" is no condition; write name=value"},
    };
    REQUIRE(table.errors().size() == std::size(rows));
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        const corsac::config_error& e = table.errors()[i];
        CAPTURE(e.message());
        CHECK(e.code() == rows[i].code);
        CHECK(e.object() == rows[i].object);
        CHECK(e.field() == rows[i].field);
        CHECK(e.index() == rows[i].index);
        CHECK(e.message() == rows[i].message);
    }
}

TEST_CASE("an empty table finds nothing") {
    const corsac::policy_table table = finish({});
    CHECK_FALSE(table.find("h", "/", "GET"));
    CHECK_FALSE(evaluate(table.find("h", "/", "GET"), get_from("https://a.example")).governs());
    CHECK(explain(table.find("h", "/", "GET"), corsac::decision{}).view().find("none matches") !=
          std::string_view::npos);
}

TEST_CASE("names in the response are exposed where * would not do") {
    one_of_each made;
    made.builder.attach(made.route,
                        build({.allow_origins = {"https://a.example"}, .allow_credentials = true}),
                        {.expose_present = true});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.exposes_present());
    corsac::exposed_names names;
    for (const std::string_view name :
         {"Content-Type", "X-Request-Id", "Set-Cookie", "Server", "x-request-id", "bad name",
          "Access-Control-Allow-Origin", "ETag"}) {
        names.add(name);
    }
    CHECK(names.view() == "X-Request-Id, Server, ETag");
    const corsac::decision allowed = evaluate(found, get_from("https://a.example"));
    CHECK(names.into(allowed).fields().expose_headers == "X-Request-Id, Server, ETag");
    const corsac::decision refused = evaluate(found, get_from("https://b.example"));
    CHECK(names.into(refused).fields().expose_headers.empty());
}
