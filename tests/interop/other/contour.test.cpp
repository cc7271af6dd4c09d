// SPDX-License-Identifier: MIT
#include <corsac/interop/other/contour.hpp>

#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <string>

namespace {

using list = corsac::text_list;

}  // namespace

TEST_CASE("Contour's HTTPProxy") {
    input in("virtualhost: {fqdn: a.example, corsPolicy: {allowCredentials: true, allowOrigin: "
             "['https://client.example', 'https://.*\\.b\\.example'], allowMethods: [PUT], "
             "allowHeaders: [authorization], exposeHeaders: [X-A], maxAge: 10m}}\n");
    const auto read = read_contour_cors(in.view(), {});
    INFO(in.said());
    CHECK(in.problems.empty());
    REQUIRE(read.has_value());
    CHECK(read->options.allow_origins == list{"https://client.example", "https://*.b.example"});
    CHECK(read->options.max_age == 600);
    CHECK(make_policy(read->options));
    input regex("virtualhost: {corsPolicy: {allowOrigin: ['https://(a|b)\\.example']}}\n");
    (void)read_contour_cors(regex.view(), {});
    CHECK(regex.says("allowOrigin[0]: \"https://(a|b)"));
    CHECK(regex.problems.errors() == 1);
    input none("virtualhost: {fqdn: a.example}\n");
    CHECK_FALSE(read_contour_cors(none.view(), {}).has_value());
}

TEST_CASE("nobody and everybody in Contour") {
    input in("virtualhost: {corsPolicy: {allowMethods: [PUT]}}\n");
    (void)read_contour_cors(in.view(), {});
    CHECK(in.problems.errors() == 1);
    CHECK(in.says("error: source, virtualhost.corsPolicy.allowOrigin: is missing, so that nobody"));
    input any("virtualhost: {corsPolicy: {allowOrigin: ['*']}}\n");
    CHECK(read_contour_cors(any.view(), {})->options.allow_origins == list{"*"});
    CHECK(any.problems.errors() == 0);
}
