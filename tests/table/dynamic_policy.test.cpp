// SPDX-License-Identifier: MIT
#include <corsac/table/dynamic_policy.hpp>

#include <corsac/live/shared_origins.hpp>
#include <corsac/policy/static_policy.hpp>
#include <corsac/table/route_explanation.hpp>

#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::outcome;
using corsac::policy_options;

const policy_options with_credentials{.allow_origins = {"https://listed.example"},
                                      .allow_methods = {"PUT"},
                                      .allow_credentials = true};

/// A table whose every route has one policy.
template <class Policy>
corsac::policy_table table_of(Policy attached) {
    one_of_each made;
    made.builder.attach(made.route, std::move(attached), {.kind = "Code", .name = "main"});
    return finish(std::move(made.builder));
}

corsac::decision decide(const corsac::policy_table& table, const corsac::request_facts& facts) {
    return evaluate(table.find("h", "/", "GET"), facts);
}

bool allows(const corsac::policy_table& table, std::string_view origin) {
    return decide(table, get_from(origin)).outcome() == outcome::allowed;
}

constexpr auto tenants = [](std::string_view origin) {
    return origin.ends_with(".tenants.example.com");
};

TEST_CASE("a shared list is attached like any other policy, and follows its replacements") {
    auto shared = corsac::make_shared_origins({.allow_origins = {"https://old.example"}});
    const corsac::policy_table table =
        table_of(*corsac::make_policy(with_credentials, shared->matcher()));
    CHECK(allows(table, "https://listed.example"));
    CHECK(allows(table, "https://old.example"));
    CHECK_FALSE(allows(table, "https://new.example"));
    CHECK(shared->replace({"https://*.new.example"}).empty());
    CHECK_FALSE(allows(table, "https://old.example"));
    CHECK(allows(table, "https://a.new.example"));

    const corsac::decision d = decide(table, preflight("https://a.new.example", "PUT", ""));
    CHECK(d.outcome() == outcome::allowed);
    CHECK(d.status() == 204);
    CHECK(d.fields().allow_credentials);
    CHECK(decide(table, preflight("https://a.new.example", "PATCH", "")).status() == 403);
    CHECK(decide(table, preflight("https://evil.example", "PUT", "")).status() == 403);
}

TEST_CASE("a predicate is judged at each request, as it is without a table") {
    const corsac::policy_table table = table_of(
        *corsac::make_policy(with_credentials, corsac::origin_if{[](std::string_view origin) {
                                 return tenants(origin) || origin == "http://plain.example";
                             }}));
    CHECK(allows(table, "https://a.tenants.example.com"));
    CHECK(decide(table, get_from("http://plain.example")).outcome() ==
          outcome::origin_unsafe_with_credentials);
    CHECK(decide(table, get_from("null")).outcome() == outcome::null_origin_not_allowed);
    // The part that documents can say: stricter, never wider.
    const corsac::policy* listed = table.find("h", "/", "GET").governing();
    REQUIRE(listed != nullptr);
    CHECK(listed->allows_origin("https://listed.example"));
    CHECK_FALSE(listed->allows_origin("https://a.tenants.example.com"));
}

#if defined(__cpp_exceptions)
TEST_CASE("a predicate of a table that throws refuses with 500") {
    const corsac::policy_table table = table_of(
        *corsac::make_policy(with_credentials, corsac::origin_if{[](std::string_view origin) {
                                 if (origin == "https://thrown.example") throw 1;
                                 return false;
                             }}));
    const corsac::decision d = decide(table, get_from("https://thrown.example"));
    CHECK(d.outcome() == outcome::origin_check_failed);
    CHECK(d.status() == 500);
}
#endif

TEST_CASE("a static policy, and lists beside lists, become ordinary policies") {
    static constexpr auto checked = corsac::static_policy(
        [] { return policy_options{.allow_origins = {"https://static.example"}}; });
    CHECK(allows(table_of(checked), "https://static.example"));
    const corsac::origin_set other =
        build({.allow_origins = {"https://*.other.example"}}).origins();
    const corsac::policy_table table = table_of(*corsac::make_policy(with_credentials, other));
    CHECK(allows(table, "https://a.other.example"));
    CHECK(table.find("h", "/", "GET").governing()->allows_origin("https://a.other.example"));
}

TEST_CASE("an ordinary policy beside one with a matcher keeps its own type") {
    corsac::policy_table_builder builder;
    const auto add = [&](std::string_view path, corsac::policy_id id) {
        const corsac::route_id route = builder.add_route({.name = path});
        const corsac::rule_id rule = builder.add_rule(route, "");
        builder.add_match(rule, {.path = path});
        builder.attach({rule, attachment_level::rule}, id, {});
    };
    add("/a", builder.add_policy(tables::allows("https://a.example")));
    add("/b",
        builder.add_policy(*corsac::make_policy(with_credentials, corsac::origin_if{tenants})));
    add("/c", builder.add_policy(tables::allows("https://c.example")));
    const corsac::policy_table table = finish(std::move(builder));
    const auto found = [&](std::string_view path) { return table.find("h", path, "GET"); };
    CHECK_FALSE(found("/a").policy_in_force().has_matcher());
    CHECK(found("/b").policy_in_force().has_matcher());
    CHECK(allowed_origin(found("/a").governing()) == "https://a.example");
    CHECK(allowed_origin(found("/b").governing()) == "https://listed.example");
    CHECK(allowed_origin(found("/c").governing()) == "https://c.example");
    CHECK_FALSE(found("/d").policy_in_force());
}

TEST_CASE("backends of which one has a matcher agree where both allow") {
    two_backends made;
    made.builder.attach(made.backend,
                        *corsac::make_policy(with_credentials, corsac::origin_if{tenants}), {});
    made.builder.attach(made.other,
                        build({.allow_origins = {"https://b.tenants.example.com"},
                               .allow_methods = {"PUT"},
                               .allow_credentials = true}),
                        {});
    const corsac::policy_table table = finish(std::move(made.builder));
    CHECK(table.find("h", "/", "GET").state() == corsac::route_state::split);
    const auto status = [&](std::string_view origin) {
        return decide(table, preflight(origin, "PUT", "")).status();
    };
    CHECK(status("https://a.tenants.example.com") == 403);
    CHECK(status("https://b.tenants.example.com") == 204);
    CHECK(status("https://listed.example") == 403);
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(evaluate(found, 0, get_from("https://a.tenants.example.com")).allows());
    CHECK_FALSE(evaluate(found, 1, get_from("https://a.tenants.example.com")).allows());
}

TEST_CASE("two predicates are never taken for the same") {
    two_backends made;
    const auto attach = [&](corsac::backend_id backend, std::string allowed) {
        made.builder.attach(
            backend, *corsac::make_policy({}, corsac::origin_if{[allowed](std::string_view o) {
                                              return o == allowed;
                                          }}),
            {});
    };
    attach(made.backend, "https://a.example");
    attach(made.other, "https://b.example");
    const corsac::policy_table table = finish(std::move(made.builder));
    CHECK(decide(table, preflight("https://a.example", "GET", "")).status() == 403);
    CHECK(decide(table, preflight("https://b.example", "GET", "")).status() == 403);
}

TEST_CASE("an explanation says when a matcher allowed an origin") {
    const corsac::policy_table table =
        table_of(*corsac::make_policy(with_credentials, corsac::origin_if{tenants}));
    const corsac::matched_route found = table.find("h", "/", "GET");
    const auto says = [&](std::string_view origin, std::string_view text) {
        return std::string_view{explain(found, get_from(origin)).view()}.find(text) !=
               std::string_view::npos;
    };
    CHECK(says("https://a.tenants.example.com", "matches a matcher"));
    CHECK(says("https://listed.example", "matches https://listed.example"));
    CHECK_FALSE(says("https://evil.example", "matches"));
}

TEST_CASE("what was judged for one policy gets into no other one with credentials") {
    const auto anonymous = make_dynamic(*corsac::make_policy(
        {.allow_origins = {"https://*.github.io"}}, corsac::origin_if{tenants}));
    CHECK(anonymous.allows_origin("https://evil.github.io"));
    CHECK(anonymous.origins().match("https://evil.github.io").empty());
    CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, anonymous.origins()));
    struct hiding {
        corsac::erased_origins hidden;
        [[nodiscard]] std::string_view match(std::string_view origin) const {
            return hidden.match(origin);
        }
    };
    const auto hidden =
        corsac::make_policy({.allow_credentials = true}, hiding{anonymous.origins()});
    REQUIRE(hidden);
    CHECK_FALSE(hidden->allows_origin("https://evil.github.io"));
    CHECK(hidden->allows_origin("https://a.tenants.example.com"));
}

TEST_CASE("writes are trusted by what is listed, patterns included, and by a matcher") {
    policy_options options{.allow_origins = {"https://*.sch.uk"},
                           .reject_cross_origin_writes = true};
    const corsac::policy_table table =
        table_of(*corsac::make_policy(options, corsac::origin_if{tenants}));
    const auto status = [&](std::string_view origin) {
        corsac::request_facts facts = get_from(origin);
        facts.method = "POST";
        return decide(table, facts).status();
    };
    CHECK(status("https://a.sch.uk") == 0);
    CHECK(status("https://a.tenants.example.com") == 0);
    CHECK(status("https://evil.example") == 403);
}

}  // namespace
