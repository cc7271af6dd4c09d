// SPDX-License-Identifier: MIT
#include <corsac/interop/other/agentgateway.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("an AgentgatewayPolicy") {
    input in("targetRefs: [{group: gateway.networking.k8s.io, kind: Gateway, name: g}]\n"
             "traffic: {cors: {allowOrigins: ['https://a.example'], allowMethods: [PUT]}}\n");
    const auto read = read_agentgateway_cors(in.view());
    INFO(in.said());
    CHECK(in.problems.empty());
    REQUIRE(read.has_value());
    CHECK(read->options.allow_origins == list{"https://a.example"});
    CHECK(read->options.max_age == 5);
    CHECK(read->targets[0].name == "g");
    CHECK(make_policy(read->options));
    input other("traffic: {}\n");
    CHECK_FALSE(read_agentgateway_cors(other.view()).has_value());
}

TEST_CASE("what is of another kind than the policy has is an error") {
    struct row {
        const char* yaml;
        const char* says;
    };
    constexpr row rows[] = {
        {"traffic: {cors: []}", "error: source, traffic.cors: must be a map"},
        {"{targetRefs: [5], traffic: {cors: {allowOrigins: ['*']}}}",
         "error: source, targetRefs[0]: must be a map"},
        {"{targetSelectors: [{group: g, kind: Gateway}], traffic: {cors: {allowOrigins: ['*']}}}",
         "warning: source, targetSelectors[0]: is a selector of labels"},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        (void)read_agentgateway_cors(in.view());
        CHECK_MESSAGE(in.says(r.says), in.said());
    }
    input one("{targetRef: {kind: Gateway, name: g, sectionName: http}, traffic: {cors: "
              "{allowOrigins: ['*'], maxAge: 60}}}");
    const auto read = read_agentgateway_cors(one.view());
    REQUIRE(read.has_value());
    CHECK(read->options.max_age == 60);
    REQUIRE(read->targets.size() == 1);
    CHECK(read->targets[0].section == "http");
}

TEST_CASE("nobody is allowed only where that is written") {
    input in("traffic: {cors: {allowMethods: [PUT]}}\n");
    (void)read_agentgateway_cors(in.view());
    CHECK(in.problems.errors() == 1);
    CHECK(in.says("cors.allowOrigins: is missing, so that nobody would be allowed"));
}
