// SPDX-License-Identifier: MIT
#include <corsac/interop/other/traefik.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("Traefik's headers middleware") {
    input in("headers: {accessControlAllowCredentials: true, accessControlAllowMethods: [PUT], "
             "accessControlAllowOriginList: ['https://a.example'], "
             "accessControlAllowOriginListRegex: ['https://.*\\.b\\.example'], "
             "accessControlMaxAge: 100, addVaryHeader: true}\n");
    const auto read = read_traefik_cors(in.view(), {});
    INFO(in.said());
    REQUIRE(read.has_value());
    CHECK(in.problems.errors() == 0);
    CHECK(in.problems.warnings() == 1);
    CHECK(in.says("Regex[0]: has no ^ and $: Traefik finds it anywhere in an origin"));
    CHECK(read->options.allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(read->options.max_age == 100);
    CHECK(make_policy(read->options));
    input other("headers: {customRequestHeaders: {X-A: b}}\n");
    CHECK_FALSE(read_traefik_cors(other.view(), {}).has_value());
}
