// SPDX-License-Identifier: MIT
#include <corsac/table/policy_table_builder.hpp>

#include "policy/mistake.hpp"
#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::route_state;

TEST_CASE("every mistake is told, with its place and what to write instead") {
    corsac::policy_table_builder builder;
    const corsac::listener_id listener = builder.add_listener(builder.add_gateway(), "a_b.*");
    const corsac::route_id route =
        builder.add_route({.name = "ns/r", .hostnames = {"a.example", "a..b"}});
    builder.add_parent(route, listener);
    const corsac::rule_id rule = builder.add_rule(route, "");
    builder.add_match(rule, {.path = "no-slash"});
    builder.add_match(rule, {.headers = {"A: b", "no colon"}, .query = {"=x"}});
    builder.add_match(builder.add_rule(builder.add_route({}), ""), {.path = "also-none"});
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
        {corsac::config_code::path_malformed, "route 1, rules[0].matches[0]", "path", none,
         "route 1, rules[0].matches[0], path: \"also-none\" is no path, which begins with /; write "
         "\"/also-none\""},
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
    support::check_every_code(
        rows, [](const row& r) { return r.code; },
        [](corsac::config_code code) {
            return code >= corsac::config_code::hostname_malformed &&
                   code <= corsac::config_code::condition_malformed;
        });
}

/// What may be written in one place of a table.
struct text_row {
    const char* about;
    void (*write)(one_of_each&, std::string_view);
    std::string_view text;
    bool is_accepted;
};

void as_listener(one_of_each& made, std::string_view hostname) {
    (void)made.builder.add_listener(made.gateway, hostname);
}
void as_hostname(one_of_each& made, std::string_view hostname) {
    (void)made.builder.add_route({.name = "r", .hostnames = {hostname}});
}
void as_path(one_of_each& made, std::string_view path) {
    made.builder.add_match(made.rule, {.path = path});
}
void as_header(one_of_each& made, std::string_view condition) {
    made.builder.add_match(made.rule, {.headers = {condition}});
}
void as_parameter(one_of_each& made, std::string_view condition) {
    made.builder.add_match(made.rule, {.query = {condition}});
}

const text_row text_rows[] = {
    {"a hostname", as_listener, "a.example", true},
    {"a hostname in upper case", as_listener, "A.Example", true},
    {"a wildcard", as_listener, "*.a.example", true},
    {"every host", as_listener, "", true},
    {"a wildcard alone", as_listener, "*", false},
    {"a wildcard without a domain", as_listener, "*.", false},
    {"a wildcard that is not the first label", as_listener, "a.*.example", false},
    {"a wildcard that is a part of a label", as_listener, "a*.example", false},
    {"two wildcards", as_listener, "*.*.example", false},
    {"an empty label", as_listener, "a..example", false},
    {"a port", as_listener, "a.example:80", false},
    {"an origin", as_listener, "https://a.example", false},

    {"a route's hostname", as_hostname, "a.example", true},
    {"a route's wildcard", as_hostname, "*.a.example", true},
    {"a route's wildcard alone", as_hostname, "*", false},
    {"a route's port", as_hostname, "a.example:80", false},

    {"the root", as_path, "/", true},
    {"a path", as_path, "/a/b", true},
    {"no path", as_path, "", false},
    {"a path that is relative", as_path, "a", false},
    {"a pattern", as_path, "*", false},

    {"a field and its value", as_header, "X-Tenant: a", true},
    {"a field without white space", as_header, "X-Tenant:a", true},
    {"an empty value", as_header, "X-Tenant:", true},
    {"no value", as_header, "X-Tenant", false},
    {"no name", as_header, ": a", false},
    {"nothing", as_header, "", false},

    {"a parameter and its value", as_parameter, "v=1", true},
    {"a value with an equals sign", as_parameter, "v=a=b", true},
    {"an empty parameter", as_parameter, "v=", true},
    {"a parameter without a value", as_parameter, "v", false},
    {"a parameter without a name", as_parameter, "=1", false},
};

TEST_CASE("what is no hostname, path or condition is told, and nothing is built") {
    for (const text_row& r : text_rows) {
        CAPTURE(r.about);
        one_of_each made;
        r.write(made, r.text);
        const auto table = std::move(made.builder).build();
        CHECK(static_cast<bool>(table) == r.is_accepted);
        CHECK(table.errors().size() == (r.is_accepted ? 0 : 1));
        CHECK(table.warnings().empty());
        for (const corsac::config_error& e : table.errors()) CHECK(e.text() == r.text);
    }
}

TEST_CASE("what is added is counted from 0") {
    one_of_each made;
    CHECK(made.builder.add_gateway() == corsac::gateway_id{1});
    CHECK(made.builder.add_listener(made.gateway, "") == corsac::listener_id{1});
    CHECK(made.builder.add_route({}) == corsac::route_id{1});
    CHECK(made.builder.add_rule(made.route, "") == corsac::rule_id{1});
    CHECK(made.builder.add_backend(made.rule, "b", 1) == corsac::backend_id{1});
    CHECK(made.builder.add_policy(allows("https://a.example")) == corsac::policy_id{0});
    CHECK(made.builder.add_closed_policy() == corsac::policy_id{1});
    CHECK(made.builder.attach(made.route, corsac::policy_id{0}, {}) == corsac::attachment_id{0});
    CHECK(made.builder.disable(made.gateway, {}) == corsac::attachment_id{1});
    const corsac::policy_table table = finish(std::move(made.builder));
    corsac::text_list seen;
    table.find("h", "/", "GET").visit_attachments([&](const corsac::attachment_view& a) {
        seen.push_back(name_of(a.level));
        CHECK(a.id == corsac::attachment_id{a.level == attachment_level::route ? 0U : 1U});
        CHECK((a.governs != nullptr) == (a.level == attachment_level::route));
    });
    CHECK(seen == corsac::text_list{"route", "gateway"});
}

TEST_CASE("a policy that several scopes share is one") {
    one_of_each made;
    const corsac::rule_id other = made.builder.add_rule(made.route, "other");
    made.builder.add_match(other, {.path = "/other"});
    const corsac::policy_id shared = made.builder.add_policy(allows("https://a.example"));
    made.builder.attach({made.rule, attachment_level::rule}, shared, {});
    made.builder.attach({other, attachment_level::rule}, shared, {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::policy* const one = table.find("h", "/", "GET").governing();
    REQUIRE(one != nullptr);
    CHECK(table.find("h", "/other", "GET").rule_name() == "other");
    CHECK(table.find("h", "/other", "GET").governing() == one);
}

TEST_CASE("a closed policy governs, and allows nobody") {
    one_of_each made;
    made.builder.attach(made.gateway, allows("https://a.example"), {});
    made.builder.attach(made.route, made.builder.add_closed_policy(), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.state() == route_state::governed);
    CHECK(allowed_origin(found.governing()) == "closed");
    const corsac::decision d = evaluate(found, get_from("https://a.example"));
    CHECK(d.governs());
    CHECK_FALSE(d.allows());
}

TEST_CASE("a route without a listener serves every host, and inherits nothing") {
    corsac::policy_table_builder builder;
    builder.attach(builder.add_listener(builder.add_gateway(), ""), allows("https://a.example"),
                   {});
    const corsac::route_id route = builder.add_route({.name = "r"});
    builder.add_match(builder.add_rule(route, ""), {});
    const corsac::policy_table table = finish(std::move(builder));
    CHECK(found_route(table.find("any.example", "/", "GET")) == "r");
    CHECK(table.find("any.example", "/", "GET").state() == route_state::ungoverned);
}

TEST_CASE("nothing leads to a rule without a match") {
    corsac::policy_table_builder builder;
    (void)builder.add_rule(builder.add_route({.name = "r"}), "");
    CHECK_FALSE(finish(std::move(builder)).find("h", "/", "GET"));
}

TEST_CASE("a broken backend breaks what may go to it") {
    two_backends made;
    made.builder.attach(made.route, allows("https://a.example"), {});
    made.builder.set_broken(made.other, "its filter does not exist");
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.state() == route_state::broken);
    CHECK(found.defect().empty());
    CHECK(found.backend_state(0) == route_state::governed);
    CHECK(found.backend_state(1) == route_state::broken);
    CHECK(evaluate(found, get_from("https://a.example")).status() == 500);
    CHECK(evaluate(found, 0, get_from("https://a.example")).allows());
    CHECK(evaluate(found, 1, get_from("https://a.example")).status() == 500);
}

TEST_CASE("a table outlives the texts that it was built from") {
    corsac::policy_table_builder builder;
    std::string name = "shop/cart", path = "/items", condition = "X-Tenant: a", backend = "cart:80";
    const corsac::route_id route = builder.add_route({.name = name});
    const corsac::rule_id rule = builder.add_rule(route, "");
    builder.add_match(rule, {.path = path, .headers = {condition}});
    (void)builder.add_backend(rule, backend, 7);
    for (std::string* text : {&name, &path, &condition, &backend}) text->assign(text->size(), '!');
    const corsac::policy_table table = finish(std::move(builder));
    const auto tenant = [](std::string_view) { return std::string_view{"a"}; };
    const corsac::matched_route found =
        table.find({.host = "h", .path = "/items", .method = "GET"}, tenant);
    REQUIRE(found);
    CHECK(found.route() == "shop/cart");
    CHECK(found.backend_name(0) == "cart:80");
    CHECK(found.backend_weight(0) == 7);
}
}  // namespace
