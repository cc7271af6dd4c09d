// SPDX-License-Identifier: MIT
#include <corsac/table/route_match.hpp>

#include "support.hpp"
#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::route_state;

struct row {
    const char* about;
    std::string_view method;
    std::string_view requested_method;
    std::string_view target;
    corsac::route_request expected;
};

constexpr row rows[] = {
    {"a path", "GET", "", "/p", {.host = "h", .path = "/p", .query = "", .method = "GET"}},
    {"a path and a query",
     "GET",
     "",
     "/p?a=1&b=?",
     {.host = "h", .path = "/p", .query = "a=1&b=?", .method = "GET"}},
    {"an empty query", "GET", "", "/p?", {.host = "h", .path = "/p", .query = "", .method = "GET"}},
    {"a fragment counts for nothing",
     "GET",
     "",
     "/p?a#b",
     {.host = "h", .path = "/p", .query = "a", .method = "GET"}},
    {"a ? in a fragment begins no query",
     "GET",
     "",
     "/p#a?b",
     {.host = "h", .path = "/p", .query = "", .method = "GET"}},
    {"in absolute form the target's host counts",
     "GET",
     "",
     "http://a.example:81/p?q",
     {.host = "a.example:81", .path = "/p", .query = "q", .method = "GET"}},
    {"an absolute form without a path",
     "GET",
     "",
     "http://a.example",
     {.host = "a.example", .path = "/", .query = "", .method = "GET"}},
    {"a URL in a query is no absolute form",
     "GET",
     "",
     "/?u=http://a.example/p",
     {.host = "h", .path = "/", .query = "u=http://a.example/p", .method = "GET"}},
    {"the server as a whole",
     "OPTIONS",
     "",
     "*",
     {.host = "h", .path = "*", .query = "", .method = "OPTIONS"}},
    {"no target", "GET", "", "", {.host = "h", .path = "", .query = "", .method = "GET"}},
    {"a path is not decoded",
     "GET",
     "",
     "/%61/../b",
     {.host = "h", .path = "/%61/../b", .query = "", .method = "GET"}},
    {"a preflight counts as what it asks for",
     "OPTIONS",
     "PUT",
     "/p",
     {.host = "h", .path = "/p", .query = "", .method = "PUT"}},
    {"what is no preflight does not",
     "GET",
     "PUT",
     "/p",
     {.host = "h", .path = "/p", .query = "", .method = "GET"}},
};

constexpr corsac::route_request route_request_of(const row& r) {
    corsac::request_facts facts;
    facts.method = r.method;
    facts.add("host", "h");
    facts.add("origin", "https://a.example");
    if (!r.requested_method.empty()) facts.add("access-control-request-method", r.requested_method);
    return corsac::make_route_request(facts, r.target);
}

constexpr bool holds(const row& r) {
    const corsac::route_request made = route_request_of(r);
    return made.host == r.expected.host && made.path == r.expected.path &&
           made.query == r.expected.query && made.method == r.expected.method &&
           made.listener == corsac::any_listener;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a rule is chosen by host, path, query and method of a request") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const corsac::route_request made = route_request_of(r);
        CHECK(made.host == r.expected.host);
        CHECK(made.path == r.expected.path);
        CHECK(made.query == r.expected.query);
        CHECK(made.method == r.expected.method);
        CHECK(made.listener == corsac::any_listener);
    }
}

/// A server that only looks fields up.
struct looking_up {
    support::request request;

    [[nodiscard]] std::string_view method() const noexcept { return request.verb; }
    [[nodiscard]] std::string_view first(std::string_view name) const noexcept {
        for (const support::line& l : request.lines) {
            if (corsac::detail::equals_ignore_case(l.name, name)) return l.value;
        }
        return {};
    }
};

struct condition_row {
    const char* about;
    corsac::text_list headers;
    support::request request;
    bool expected;
};

TEST_CASE("conditions are compared with a request's fields") {
    const condition_row conditions[] = {
        {"the field is there", {"X-Tenant: a"}, {"GET", {{{"X-Tenant", "a"}}}}, true},
        {"its name in another case", {"x-tenant: a"}, {"GET", {{{"X-TENANT", "a"}}}}, true},
        {"its value in another case", {"X-Tenant: a"}, {"GET", {{{"X-Tenant", "A"}}}}, false},
        {"another value", {"X-Tenant: a"}, {"GET", {{{"X-Tenant", "ab"}}}}, false},
        {"white space around the condition's value",
         {"X-Tenant:\t a "},
         {"GET", {{{"X-Tenant", "a"}}}},
         true},
        {"the first of several lines counts",
         {"X-Tenant: a"},
         {"GET", {{{"X-Tenant", "b"}, {"X-Tenant", "a"}}}},
         false},
        {"the field is not there", {"X-Tenant: a"}, {"GET", {}}, false},
        {"an empty value is asked for, and there",
         {"X-Tenant:"},
         {"GET", {{{"X-Tenant", ""}}}},
         true},
        {"an empty value is asked for, and the field is not there",
         {"X-Tenant:"},
         {"GET", {}},
         false},
        {"a colon may be in a value", {"X-Tenant: a:b"}, {"GET", {{{"X-Tenant", "a:b"}}}}, true},
        {"every condition must hold",
         {"X-Tenant: a", "X-User: b"},
         {"GET", {{{"X-Tenant", "a"}}}},
         false},
        {"every condition holds",
         {"X-Tenant: a", "X-User: b"},
         {"GET", {{{"X-User", "b"}, {"X-Tenant", "a"}}}},
         true},
    };
    for (const condition_row& r : conditions) {
        CAPTURE(r.about);
        const corsac::policy_table table = routes({{"r", {}, {.headers = r.headers}}});
        CHECK(static_cast<bool>(table.find(r.request, "/")) == r.expected);
        CHECK(static_cast<bool>(table.find(looking_up{r.request}, "/")) == r.expected);
    }
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

}  // namespace
