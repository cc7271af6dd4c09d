// SPDX-License-Identifier: MIT
#include <corsac/interop/other/gloo.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("classic Gloo") {
    input in("allowOrigin: ['https://a.example']\nallowOriginRegex: ['https://.*\\.b\\.example']\n"
             "allowMethods: [PUT]\nmaxAge: '600'\nallowCredentials: true\n");
    const auto options = read_gloo_cors(in.view());
    REQUIRE(options.has_value());
    CHECK(in.problems.empty());
    CHECK(options->allow_origins == list{"https://a.example", "https://*.b.example"});
    CHECK(options->max_age == 600);
    CHECK(options->allow_credentials);
    CHECK(make_policy(*options));
    input off("disableForRoute: true\n");
    CHECK_FALSE(read_gloo_cors(off.view()).has_value());
}
