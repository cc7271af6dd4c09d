// SPDX-License-Identifier: MIT
#include <corsac/interop/other/envoy_gateway.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("Envoy Gateway's SecurityPolicy") {
    input in(
        "targetRefs: [{group: gateway.networking.k8s.io, kind: HTTPRoute, name: r, sectionName: "
        "one}]\ncors: {allowOrigins: ['https://*.a.example'], allowMethods: [PUT], "
        "allowHeaders: [X-A], exposeHeaders: [X-B], maxAge: 1h30m, allowCredentials: true}\n");
    const auto read = read_envoy_gateway_cors(in.view());
    INFO(in.said());
    CHECK(in.problems.empty());
    REQUIRE(read.has_value());
    CHECK(read->options.allow_origins == list{"https://*.a.example"});
    CHECK(read->options.allow_credentials);
    CHECK(read->options.max_age == 5400);
    REQUIRE(read->targets.size() == 1);
    CHECK(read->targets[0].kind == "HTTPRoute");
    CHECK(read->targets[0].section == "one");
    CHECK(make_policy(read->options));
    input other("targetRefs: []\njwt: {}\n");
    CHECK_FALSE(read_envoy_gateway_cors(other.view()).has_value());
    input selects("targetSelectors: [{kind: HTTPRoute, matchLabels: {a: b}}]\ncors: {allowOrigins: "
                  "[], maxAge: 1d}\n");
    CHECK(read_envoy_gateway_cors(selects.view())->targets.size() == 1);
    CHECK(selects.says("is a selector of labels"));
    CHECK(selects.says("cors.maxAge: is left out: durations have no unit d"));
    CHECK(selects.problems.errors() == 0);
}

TEST_CASE("nobody is allowed only where that is written") {
    input in("cors: {allowMethods: [PUT]}\n");
    (void)read_envoy_gateway_cors(in.view());
    CHECK(in.problems.errors() == 1);
    CHECK(in.says("cors.allowOrigins: is missing, so that nobody would be allowed"));
}

TEST_CASE("what is merged is said, for it is not read") {
    input in("{mergeType: StrategicMerge, cors: {allowOrigins: ['https://a.example']}}\n");
    CHECK(read_envoy_gateway_cors(in.view()).has_value());
    CHECK(in.problems.errors() == 0);
    CHECK(in.says("warning: source, mergeType: takes what is left out from the policies of"));
    input none("{mergeType: StrategicMerge, jwt: {}}\n");
    CHECK_FALSE(read_envoy_gateway_cors(none.view()).has_value());
    CHECK(none.problems.empty());
}
