// SPDX-License-Identifier: MIT
#include <corsac/table/live_table.hpp>

#include <corsac/table/policy_table_builder.hpp>

#include <doctest/doctest.h>

#include <string_view>
#include <utility>

namespace {

/// A table of one route, `/`, and its policy.
corsac::result<corsac::policy_table> table_of(std::string_view origin, std::string_view path) {
    corsac::policy_table_builder builder;
    const corsac::policy_id allowed =
        builder.add_policy(*corsac::make_policy({.allow_origins = {origin}}));
    const corsac::route_id route = builder.add_route({.name = "shop/route"});
    builder.add_parent(route, builder.add_listener(builder.add_gateway(), ""));
    const corsac::rule_id rule = builder.add_rule(route, "");
    builder.add_match(rule, {.path = path});
    builder.attach({rule, corsac::attachment_level::rule_filter}, allowed, {.name = "shop/route"});
    return std::move(builder).build();
}

bool allows(const corsac::policy_table& table, std::string_view origin) {
    const corsac::policy* governing = table.find("a.example", "/", "GET").governing();
    return governing != nullptr && governing->allows_origin(origin);
}

TEST_CASE("a table is replaced in every copy of the handle, and what was found stays valid") {
    const corsac::live_table live{*table_of("https://old.example", "/")};
    const corsac::live_table copy = live;
    const corsac::live_table::reader before = copy.read();
    const corsac::matched_route found = before->find("a.example", "/", "GET");
    live.replace(*table_of("https://new.example", "/"));
    CHECK(allows(*copy.read(), "https://new.example"));
    CHECK_FALSE(allows(*copy.read(), "https://old.example"));
    CHECK(found.governing()->allows_origin("https://old.example"));
    CHECK(copy.replace(table_of("https://newer.example", "/")).empty());
    CHECK(allows(*live.read(), "https://newer.example"));
}

TEST_CASE("a wrong table leaves the old one in force and tells every mistake") {
    const corsac::live_table live{*table_of("https://old.example", "/")};
    const corsac::config_errors errors = live.replace(table_of("https://new.example", "no slash"));
    REQUIRE(errors.size() == 1);
    CHECK(errors[0].field() == "path");
    CHECK(allows(*live.read(), "https://old.example"));
}

}  // namespace
