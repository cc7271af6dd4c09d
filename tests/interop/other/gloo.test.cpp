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

TEST_CASE("what Gloo inherits is said where it is not read") {
    input in("corsPolicyMergeSettings: {exposeHeaders: UNION}\n"
             "cors: {allowOrigin: ['https://a.example'], allowMethods: [PUT], maxAge: 1h}\n");
    const auto options = read_gloo_cors(in.view());
    REQUIRE(options.has_value());
    CHECK(options->allow_methods == list{"PUT"});
    CHECK(in.problems.errors() == 0);
    CHECK(in.says("warning: source, corsPolicyMergeSettings: joins what virtual host and route "
                  "expose; that is not read here"));
    REQUIRE(in.problems.notes().size() == 1);
    const std::string note = in.problems.notes()[0].text();
    CHECK_MESSAGE(note.find("note: source, cors: does not set allowHeaders, exposeHeaders; in a "
                            "route, these are taken from the cors of its virtual host") == 0,
                  note);
    input whole("{allowOrigin: ['https://a.example'], allowMethods: [PUT], allowHeaders: [X-A],"
                " exposeHeaders: [X-B], maxAge: 1h}\n");
    CHECK(read_gloo_cors(whole.view()).has_value());
    CHECK(whole.problems.notes().empty());
}

TEST_CASE("a policy of Gloo's that allows nobody") {
    struct row {
        const char* yaml;
        const char* says;
    };
    constexpr row rows[] = {
        {"allowMethods: [PUT]\n", "error: source, allowOrigin: is missing, so that nobody"},
        {"{allowOriginRegex: [''], allowMethods: [PUT]}\n",
         "error: source, allowOriginRegex[0]: is empty"},
        {"allowOrigin: 'https://a.example'\n", "error: source, allowOrigin: must be a list"},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        (void)read_gloo_cors(in.view());
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(in.problems.errors() == 1);
    }
    input meant("allowOrigin: []\n");
    (void)read_gloo_cors(meant.view());
    CHECK(meant.problems.errors() == 0);
}
