// SPDX-License-Identifier: MIT
#include <corsac/interop/other/traefik.hpp>

#include <corsac/interop/matchers/re2.hpp>
#include <corsac/policy/policy.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

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

TEST_CASE("what Traefik means otherwise than it looks is said") {
    struct row {
        const char* yaml;
        const char* says;  ///< the only problem
    };
    constexpr row rows[] = {
        {"{accessControlAllowOriginList: ['https://a.example'], addVaryHeader: true}", ""},
        {"{accessControlAllowOriginList: ['https://a.example']}",
         "warning: source, addVaryHeader: is off: caches could mix origins up; Vary is always sent "
         "here"},
        {"{accessControlAllowOriginListRegex: ['https://a\\.example$'], addVaryHeader: true}",
         "warning: source, accessControlAllowOriginListRegex[0]: has no ^ and $"},
        {"{accessControlAllowOriginListRegex: ['^https://a\\.example'], addVaryHeader: true}",
         "warning: source, accessControlAllowOriginListRegex[0]: has no ^ and $"},
        {"{accessControlAllowOriginListRegex: ['^https://a\\.example$'], addVaryHeader: true}", ""},
        {"{accessControlAllowOriginListRegex: ['^(.*)$'], addVaryHeader: true}",
         "error: source, accessControlAllowOriginListRegex[0]: \"^(.*)$\" matches every origin; if "
         "that is meant, write *"},
        {"{accessControlAllowOriginListRegex: [[a]], addVaryHeader: true}",
         "error: source, accessControlAllowOriginListRegex[0]: must be a string, not a list"},
        {"{accessControlAllowOriginListRegex: [''], addVaryHeader: true}",
         "warning: source, accessControlAllowOriginListRegex[0]: has no ^ and $"},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        CHECK(read_traefik_cors(in.view(), interop::re2_engine<RE2>{}).has_value());
        const std::string said = in.said();
        CHECK_MESSAGE((*r.says == '\0' ? said.empty() : said.find(r.says) == 0), said);
    }
}

TEST_CASE("Traefik compares with origins alone, so that no expression means everybody by chance") {
    input in("headers: {accessControlAllowOriginListRegex: ['^[^/]+$'], addVaryHeader: true}\n");
    const auto read = read_traefik_cors(in.view(), interop::re2_engine<RE2>{});
    REQUIRE(read.has_value());
    CHECK_FALSE(read->names_somebody());
    CHECK(in.says("accessControlAllowOriginListRegex[0]: \"^[^/]+$\" matches no origin but null, "
                  "which only an exact entry names, and is left out"));
    CHECK(in.says("error: source, headers.accessControlAllowOriginListRegex: allows nobody"));
    input none("headers: {accessControlAllowMethods: [PUT], addVaryHeader: true}\n");
    (void)read_traefik_cors(none.view(), {});
    CHECK(none.problems.errors() == 1);
    CHECK(none.says("headers.accessControlAllowOriginList: is missing, so that nobody"));
}
