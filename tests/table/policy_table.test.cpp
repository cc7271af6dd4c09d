// SPDX-License-Identifier: MIT
#include <corsac/table/policy_table.hpp>
// The table is built and explained by the headers beside it.
#include <corsac/table/route_explanation.hpp>

#include "collision.hpp"
#include "support.hpp"
#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::outcome;
using corsac::route_state;

constexpr corsac::path_kind exact = corsac::path_kind::exact;

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

TEST_CASE("a hostname may be configured with the dot of its root") {
    const corsac::policy_table table =
        routes({{"any", {}, {}}, {"exact", {"A.example."}, {}}, {"wild", {"*.B.example."}, {}}});
    CHECK(found_route(table.find("a.example", "/", "GET")) == "exact");
    CHECK(found_route(table.find("a.example.", "/", "GET")) == "exact");
    CHECK(found_route(table.find("x.b.example", "/", "GET")) == "wild");
}

TEST_CASE("hosts of one length, and paths of one length, stand in alphabetical order") {
    const corsac::policy_table table = routes({{"2", {"*.b.example"}, {}},
                                               {"1", {"*.a.example"}, {}},
                                               {"4", {"h"}, {.path = "/b"}},
                                               {"3", {"h"}, {.path = "/a"}}});
    std::string visited;
    table.visit_routes([&](const corsac::matched_route& found, std::string_view, std::string_view,
                           corsac::path_kind,
                           std::string_view) { visited.append(found.route()).append(" "); });
    CHECK(visited == "3 4 1 2 ");
}

TEST_CASE("the matches of one path are all tried, whatever stands between them") {
    corsac::policy_table_builder builder;
    const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
    builder.add_match(rule, {.path = "/a", .method = "GET"});
    builder.add_match(rule, {.path = "/b", .method = "GET"});
    builder.add_match(rule, {.path = "/a", .method = "PUT"});
    builder.add_match(rule, {.path = "/b", .method = "PUT"});
    const corsac::policy_table table = finish(std::move(builder));
    struct row {
        std::string_view path, method;
        int match;
    };
    constexpr row rows[] = {{"/a", "GET", 0}, {"/b", "GET", 1},     {"/a", "PUT", 2},
                            {"/b", "PUT", 3}, {"/a", "DELETE", -1}, {"/b", "DELETE", -1},
                            {"/c", "GET", -1}};
    for (const row& r : rows) {
        CAPTURE(r.path);
        CAPTURE(r.method);
        const corsac::matched_route found = table.find("h", r.path, r.method);
        CHECK((found ? static_cast<int>(found.match_number()) : -1) == r.match);
    }
}

TEST_CASE("a host may have expressions alone, and of one length the first comes first") {
    corsac::policy_table_builder builder;
    const auto contains = [](char c) {
        return corsac::match_guard([c](const corsac::route_request& r, corsac::field_reader) {
            return r.path.find(c) != r.path.npos;
        });
    };
    constexpr corsac::path_kind expression = corsac::path_kind::expression;
    const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
    builder.add_match(rule, {.kind = expression, .path = "b", .guard = contains('b')});
    builder.add_match(rule, {.kind = expression, .path = "a", .guard = contains('a')});
    const corsac::policy_table table = finish(std::move(builder));
    const auto match = [&](std::string_view path) {
        const corsac::matched_route found = table.find("h", path, "GET");
        return found ? static_cast<int>(found.match_number()) : -1;
    };
    CHECK(match("/ab") == 0);
    CHECK(match("/a") == 1);
    CHECK(match("/c") == -1);
    const corsac::matched_route found = table.find("h", "/a", "GET");
    const auto accepts = [&](std::string_view path) {
        return found.guard_accepts({.path = path},
                                   corsac::field_reader{corsac::detail::no_fields{}});
    };
    CHECK(accepts("/a"));
    CHECK_FALSE(accepts("/b"));
    const corsac::policy_table unguarded = routes({{"any", {}, {}}});
    CHECK(unguarded.find("h", "/", "GET")
              .guard_accepts({.path = "/"}, corsac::field_reader{corsac::detail::no_fields{}}));
}

TEST_CASE("the longest host is found, and one byte more is none") {
    std::string host = "a";
    while (host.size() < corsac::max_host_length) host += host.size() % 50 == 48 ? "." : "a";
    const corsac::policy_table table = routes({{"any", {}, {}}, {"long", {host}, {}}});
    CHECK(found_route(table.find(host, "/", "GET")) == "long");
    CHECK(found_route(table.find(host + ":65535", "/", "GET")) == "long");
    CHECK(found_route(table.find(host + "a", "/", "GET")) == "any");
    CHECK(found_route(table.find(std::string(65536, 'a'), "/", "GET")) == "any");
}

TEST_CASE("routes are visited in the order of precedence") {
    const corsac::policy_table table =
        routes({{"any", {}, {}},
                {"wild", {"*.a.long.name.example"}, {}},
                {"shorter wild", {"*.example"}, {}},
                {"exact", {"a.b"}, {}},
                {"longer path", {"a.b"}, {.path = "/p/q"}},
                {"exact path", {"a.b"}, {.kind = exact, .path = "/p"}}});
    std::string visited;
    table.visit_routes([&](const corsac::matched_route& found, std::string_view host,
                           std::string_view path, corsac::path_kind, std::string_view) {
        visited.append(found.route()).append(" ").append(host).append(path).append("; ");
    });
    CHECK(visited == "exact path a.b/p; longer path a.b/p/q; exact a.b; "
                     "wild .a.long.name.example; shorter wild .example; any ; ");
}

bool is_answered_with_fields(const corsac::decision& d) {
    support::response response;
    apply(d, response);
    return !response.summary().empty();
}

TEST_CASE("a request with several Host fields belongs to no rule and gets 400") {
    const corsac::policy_table table =
        routes({{"strict", {"a.example"}, {}}, {"loose", {"b.example"}, {}}, {"rest", {}, {}}});
    struct row {
        const char* about;
        std::string_view first, second;
    };
    constexpr row rows[] = {
        {"two hosts", "a.example", "b.example"},      {"the other way", "b.example", "a.example"},
        {"twice the same", "a.example", "a.example"}, {"an empty one", "", "a.example"},
        {"one of no rule", "c.example", "a.example"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        for (const char* verb : {"GET", "POST", "OPTIONS"}) {
            CAPTURE(verb);
            const support::request request{.verb = verb,
                                           .lines = {{{"Host", r.first},
                                                      {"Origin", "https://x.example"},
                                                      {"Access-Control-Request-Method", "PUT"},
                                                      {"host", r.second}}}};
            const corsac::matched_route route = table.find(request, "/");
            CHECK_FALSE(route);
            CHECK(route.state() == route_state::ambiguous);
            CHECK(route.hostname().empty());
            REQUIRE(route.governing() != nullptr);  // of adapters, whose servers answer
            CHECK(evaluate(*route.governing(), request).status() == 403);
            CHECK(evaluate(route, request).status() == 400);
            CHECK(evaluate(route, 0, request).status() == 400);
            CHECK_FALSE(is_answered_with_fields(evaluate(route, request)));
            CHECK(explain(route, evaluate(route, request)).view() ==
                  "rule: none matches\ndecision: the request has several Host fields, so it gets "
                  "400\n");
        }
    }
    // An absolute form says nothing about which of them the server takes.
    const support::request request{.verb = "GET",
                                   .lines = {{{"Host", "a.example"}, {"Host", "b.example"}}}};
    CHECK(table.find(request, "http://a.example/").state() == route_state::ambiguous);
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

TEST_CASE("hosts and paths with the hash of a known one are told apart from it by their text") {
    using corsac::detail::first_hash_key;
    const auto host = support::find_collision(
        [](const std::string& name) { return "h" + name + ".example"; },
        [](const std::string& name) { return corsac::detail::hash_text(name, first_hash_key); });
    REQUIRE(host.known != host.other);
    const corsac::policy_table hosts = routes({{"known", {host.known}, {}}});
    CHECK(found_route(hosts.find(host.known, "/", "GET")) == "known");
    CHECK(found_route(hosts.find(host.other, "/", "GET")) == "none");
    const corsac::policy_table both =
        routes({{"known", {host.known}, {}}, {"other", {host.other}, {}}});
    CHECK(found_route(both.find(host.known, "/", "GET")) == "known");
    CHECK(found_route(both.find(host.other, "/", "GET")) == "other");

    for (const corsac::path_kind kind : {exact, corsac::path_kind::prefix}) {
        const auto path = support::find_collision(
            [](const std::string& name) { return "/p" + name; },
            [&](const std::string& text) {
                return corsac::detail::hash_path(0, kind, text, first_hash_key);
            });
        REQUIRE(path.known != path.other);
        const corsac::policy_table paths =
            routes({{"known", {}, {.kind = kind, .path = path.known}}});
        CHECK(found_route(paths.find("h", path.known, "GET")) == "known");
        CHECK(found_route(paths.find("h", path.other, "GET")) == "none");
        const corsac::policy_table two =
            routes({{"known", {}, {.kind = kind, .path = path.known}},
                    {"other", {}, {.kind = kind, .path = path.other}}});
        CHECK(found_route(two.find("h", path.known, "GET")) == "known");
        CHECK(found_route(two.find("h", path.other, "GET")) == "other");
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
    // The order of the rules counts, not that in which their matches are added.
    builder.add_match(second, {.path = "/d"});
    builder.add_match(first, {.path = "/d"});
    const corsac::policy_table table = finish(std::move(builder));
    CHECK(table.find("h", "/d", "GET").rule_name() == "first");
    CHECK(table.find("h", "/a", "GET").rule_name() == "first");
    CHECK(table.find("h", "/b", "GET").rule_name() == "first");
    CHECK(table.find("h", "/c", "GET").rule_name() == "second");
    CHECK(table.find("h", "/c", "GET").rule_number() == 1);
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

TEST_CASE("of one port, the listener that names a host most precisely gets its requests") {
    corsac::policy_table_builder builder;
    const auto gateway = builder.add_gateway();
    const auto add = [&](std::string_view name, std::string_view hostname, std::int64_t port,
                         std::string_view path) {
        const auto listener = builder.add_listener(
            gateway, corsac::listener_options{.hostname = hostname, .port = port});
        const auto route = builder.add_route({.name = name});
        builder.add_parent(route, listener);
        builder.add_match(builder.add_rule(route, ""), {.path = path});
    };
    add("all", "", 80, "/");
    add("wild", "*.a.example", 80, "/wild");
    add("exact", "x.a.example", 80, "/exact");
    add("unknown port", "", 0, "/unknown");
    add("other port", "", 81, "/other");
    const auto another = builder.add_gateway();
    const auto its =
        builder.add_listener(another, corsac::listener_options{.hostname = "", .port = 80});
    const auto shared = builder.add_route({.name = "other gateway"});
    builder.add_parent(shared, its);
    builder.add_match(builder.add_rule(shared, ""), {.path = "/elsewhere"});
    const auto table = std::move(builder).build();
    REQUIRE(table);
    struct row {
        const char* about;
        std::string_view host, path, expected;
    };
    constexpr row rows[] = {
        {"another host", "b.example", "/exact", "all"},
        {"the apex is not under a wildcard", "a.example", "/wild", "all"},
        {"the wildcard's own", "y.a.example", "/wild", "wild"},
        {"what it does not take goes nowhere", "y.a.example", "/", "none"},
        {"the exact one's own", "X.A.example:8080", "/exact", "exact"},
        {"what it does not take goes nowhere", "x.a.example", "/wild", "none"},
        {"what it does not take goes nowhere", "x.a.example.", "/", "none"},
        {"a listener of another port is no matter", "x.a.example", "/other", "other port"},
        {"a listener of another Gateway is no matter", "x.a.example", "/elsewhere",
         "other gateway"},
        {"nor is one whose port is not known", "x.a.example", "/unknown", "unknown port"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(found_route(table->find(r.host, r.path, "GET")) == r.expected);
    }
}

TEST_CASE("listeners of one port are told apart in whatever order they are added") {
    corsac::policy_table_builder builder;
    const auto gateway = builder.add_gateway();
    std::string names;
    for (const std::string_view hostname : {"x.a.example", "*.b.example", "*.a.example", ""}) {
        const auto listener = builder.add_listener(
            gateway, corsac::listener_options{.hostname = hostname, .port = 80});
        names = hostname.empty() ? "all" : hostname;
        const auto route = builder.add_route({.name = names});
        builder.add_parent(route, listener);
        std::string path = "/" + names;
        builder.add_match(builder.add_rule(route, ""), {.path = path});
    }
    const corsac::policy_table table = finish(std::move(builder));
    const auto listener_of = [&](std::string_view host) {
        std::string found;
        for (const std::string_view path :
             {"/x.a.example", "/*.b.example", "/*.a.example", "/all"}) {
            const corsac::matched_route route = table.find(host, path, "GET");
            if (!route) continue;
            CHECK(route.route() == path.substr(1));
            found.append(std::to_string(static_cast<std::uint32_t>(route.listener()))).append(";");
        }
        return found;
    };
    CHECK(listener_of("x.a.example") == "0;");
    CHECK(listener_of("y.b.example") == "1;");
    CHECK(listener_of("y.a.example") == "2;");
    CHECK(listener_of("c.example") == "3;");
}

TEST_CASE("each rule has its own backends") {
    corsac::policy_table_builder builder;
    const auto route = builder.add_route({.name = "r"});
    for (const std::string_view name : {"a", "b"}) {
        const std::string path = "/" + std::string(name);
        const auto rule = builder.add_rule(route, name);
        builder.add_match(rule, {.path = path});
        builder.attach(builder.add_backend(rule, name, 1),
                       allows("https://" + std::string(name) + ".example"), {});
    }
    const corsac::policy_table table = finish(std::move(builder));
    for (const std::string_view name : {"a", "b"}) {
        const corsac::matched_route found = table.find("h", "/" + std::string(name), "GET");
        REQUIRE(found.backends() == 1);
        CHECK(found.backend_name(0) == name);
        CHECK(allowed_origin(found.governing(0)) == "https://" + std::string(name) + ".example");
    }
}

TEST_CASE("expressions come after exact paths and before prefixes, the longest first") {
    corsac::policy_table_builder builder;
    const auto ends_in = [](std::string_view end) {
        return corsac::match_guard([end](const corsac::route_request& r, corsac::field_reader) {
            return r.path.size() >= end.size() && r.path.substr(r.path.size() - end.size()) == end;
        });
    };
    const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
    builder.add_match(rule, {.path = "/a"});
    builder.add_match(rule,
                      {.kind = corsac::path_kind::expression, .path = "c", .guard = ends_in("c")});
    builder.add_match(
        rule, {.kind = corsac::path_kind::expression, .path = "b.c", .guard = ends_in("b.c")});
    builder.add_match(rule, {.kind = exact, .path = "/a/b.c"});
    builder.add_match(rule, {.path = "/guarded", .guard = ends_in("x"), .guarded_headers = 1});
    builder.add_match(rule, {.path = "/guarded", .headers = {"x-a: b", "x-c: d"}});
    builder.add_match(rule, {.path = "/guarded"});
    const auto table = std::move(builder).build();
    REQUIRE(table);
    const auto match = [&](std::string_view path) {
        const corsac::matched_route found = table->find("h", path, "GET");
        return found ? static_cast<int>(found.match_number()) : -1;
    };
    CHECK(match("/a") == 0);
    CHECK(match("/a/c") == 1);
    CHECK(match("/a/x/b.c") == 2);
    CHECK(match("/a/b.c") == 3);
    CHECK(match("/guarded/x") == 4);
    CHECK(match("/guarded/y") == 6);
    CHECK(match("/x") == -1);
}

TEST_CASE("what a guard looks at counts for precedence, headers before query parameters") {
    const corsac::match_guard any{
        [](const corsac::route_request&, corsac::field_reader) { return true; }};
    struct row {
        const char* about;
        std::uint32_t headers, query;              // of the first
        std::uint32_t other_headers, other_query;  // of the second
        int taken;
    };
    const row rows[] = {
        {"of equal ones the first", 0, 0, 0, 0, 0},
        {"a query parameter", 0, 0, 0, 1, 1},
        {"more of them", 0, 1, 0, 2, 1},
        {"a header", 0, 0, 1, 0, 1},
        {"more of them", 1, 0, 2, 0, 1},
        {"one header before two parameters", 0, 2, 1, 0, 1},
        {"parameters among equal headers", 1, 0, 1, 1, 1},
        {"equal headers", 1, 0, 1, 0, 0},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        corsac::policy_table_builder builder;
        const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
        builder.add_match(rule,
                          {.guard = any, .guarded_headers = r.headers, .guarded_query = r.query});
        corsac::route_match other{.guard = any};
        if (r.other_headers != 0) other.guarded_headers = r.other_headers;
        if (r.other_query != 0) other.guarded_query = r.other_query;
        builder.add_match(rule, other);
        const auto table = std::move(builder).build();
        REQUIRE(table);
        const corsac::matched_route found = table->find("h", "/", "GET");
        REQUIRE(found);
        CHECK(static_cast<int>(found.match_number()) == r.taken);
    }
}

TEST_CASE("a header that a guard looks at weighs as much as one that is written") {
    const corsac::match_guard any{
        [](const corsac::route_request&, corsac::field_reader) { return true; }};
    for (const bool guarded_first : {false, true}) {
        corsac::policy_table_builder builder;
        const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
        const corsac::route_match guarded{.guard = any, .guarded_headers = 1};
        const corsac::route_match written{.headers = {"x-a: b"}};
        builder.add_match(rule, guarded_first ? guarded : written);
        builder.add_match(rule, guarded_first ? written : guarded);
        const corsac::policy_table table = finish(std::move(builder));
        const auto fields = [](std::string_view) { return std::string_view{"b"}; };
        const corsac::matched_route found =
            table.find({.host = "h", .path = "/", .method = "GET"}, fields);
        REQUIRE(found);
        CHECK(found.match_number() == 0);
    }
}

TEST_CASE("a guard reads the fields of the request") {
    corsac::policy_table_builder builder;
    const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
    builder.add_match(rule, {.guard = corsac::match_guard(
                                 [](const corsac::route_request&, corsac::field_reader fields) {
                                     return fields("x-beta").substr(0, 1) == "1";
                                 })});
    const auto table = std::move(builder).build();
    REQUIRE(table);
    const auto beta = [](std::string_view) { return std::string_view{"12"}; };
    CHECK(table->find({.host = "h", .path = "/", .method = "GET"}, beta));
    CHECK_FALSE(table->find("h", "/", "GET"));
}

TEST_CASE("a rule is broken without backends, too") {
    corsac::policy_table_builder builder;
    const auto rule = builder.add_rule(builder.add_route({.name = "r"}), "");
    builder.add_match(rule, {});
    builder.attach({rule, attachment_level::rule}, allows("https://a.example"), {});
    builder.set_broken(rule, "its filter does not exist");
    const corsac::policy_table table = finish(std::move(builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.state() == route_state::broken);
    CHECK(evaluate(found, get_from("https://a.example")).status() == 500);
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

TEST_CASE(
    "a refusal where backends differ depends on the origin, even if any origin is refused so") {
    two_backends made;
    made.builder.attach(made.backend, build({.allow_origins = {"*"}}), {});
    made.builder.attach(
        made.other, build({.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}}), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "PUT");
    REQUIRE(found.state() == route_state::split);
    const auto refused = preflight("https://a.example", "PUT", {});
    CHECK_FALSE(evaluate(found, 0, refused).fields().vary_origin);
    const corsac::decision d = evaluate(found, refused);
    CHECK(d.outcome() == outcome::method_not_allowed);
    CHECK(d.fields().vary_origin);
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

TEST_CASE("nor has it where the others differ") {
    two_backends made;
    const corsac::backend_id drained = made.builder.add_backend(made.rule, "old:80", 0);
    made.builder.attach(made.backend, allows("https://a.example"), {});
    made.builder.attach(made.other, build({.allow_origins = {"https://*.example"}}), {});
    made.builder.attach(drained, allows("https://b.example"), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    REQUIRE(found.state() == route_state::split);
    CHECK(evaluate(found, preflight("https://a.example", "GET", {})).allows());
}

TEST_CASE("an empty table finds nothing") {
    const corsac::policy_table table = finish({});
    CHECK_FALSE(table.find("h", "/", "GET"));
    CHECK_FALSE(evaluate(table.find("h", "/", "GET"), get_from("https://a.example")).governs());
    CHECK(explain(table.find("h", "/", "GET"), corsac::decision{}).view().find("none matches") !=
          std::string_view::npos);
}

}  // namespace
