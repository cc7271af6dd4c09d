// SPDX-License-Identifier: MIT
#include <corsac/live/live_policy.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using corsac::config_code;
using corsac::live_policy;
using corsac::make_policy;
using corsac::policy_options;

static_assert(std::is_copy_constructible_v<live_policy>);
static_assert(std::is_same_v<live_policy, corsac::basic_live_policy<corsac::policy>>);
static_assert(noexcept(std::declval<const live_policy&>().read()));

bool allows(const live_policy& live, std::string_view origin) {
    return live.read()->allows_origin(origin);
}

TEST_CASE("a replacement is in force as soon as replace returns, in every copy of the handle") {
    const live_policy live{*make_policy({.allow_origins = {"https://old.example"}})};
    const live_policy copy = live;
    CHECK(allows(live, "https://old.example"));
    live.replace(*make_policy({.allow_origins = {"https://new.example"}}));
    CHECK_FALSE(allows(copy, "https://old.example"));
    CHECK(allows(copy, "https://new.example"));
    CHECK(copy.replace({.allow_origins = {"https://newer.example"}}).empty());
    CHECK(allows(live, "https://newer.example"));
}

struct wrong_row {
    const char* about;
    policy_options options;
    std::vector<config_code> codes;
};

const wrong_row wrong_rows[] = {
    {"a path", {.allow_origins = {"https://a.example/"}}, {config_code::origin_has_path}},
    {"no origin", {}, {config_code::origins_empty}},
    {"what would be insecure",
     {.allow_origins = {"*"}, .allow_credentials = true},
     {config_code::credentials_with_any_origin}},
    {"two mistakes",
     {.allow_origins = {"https://a.example/"}, .allow_methods = {"put"}},
     {config_code::origin_has_path, config_code::method_wrong_case}},
};

TEST_CASE("wrong options leave the old policy in force and tell every mistake") {
    const live_policy live{*make_policy({.allow_origins = {"https://old.example"}})};
    for (const wrong_row& r : wrong_rows) {
        CAPTURE(r.about);
        const corsac::config_errors errors = live.replace(r.options);
        REQUIRE(errors.size() == r.codes.size());
        for (std::size_t i = 0; i < errors.size(); ++i) CHECK(errors[i].code() == r.codes[i]);
        CHECK(allows(live, "https://old.example"));
        CHECK_FALSE(live.replace(make_policy(r.options)).empty());
        CHECK(allows(live, "https://old.example"));
    }
}

TEST_CASE("a request that has begun ends under the policy that it began with") {
    const live_policy live{
        *make_policy({.allow_origins = {"https://a.example"}, .expose_headers = {"X-Old"}})};
    const support::request request{"GET", {{{"Origin", "https://a.example"}}}};
    const live_policy::reader policy = live.read();
    const corsac::decision decided = corsac::evaluate(*policy, request);
    CHECK(live.replace({.allow_origins = {"https://b.example"}}).empty());
    support::response response;
    corsac::apply(decided, response);  // borrows from the old policy
    CHECK(response.summary().view() == "access-control-allow-origin: https://a.example | "
                                       "access-control-expose-headers: X-Old | vary: Origin");
}

TEST_CASE("a reader outlives every handle") {
    live_policy::reader kept;
    {
        const live_policy live{*make_policy({.allow_origins = {"https://a.example"}})};
        kept = live.read();
    }
    CHECK(kept->allows_origin("https://a.example"));
}

TEST_CASE("a policy with a matcher is live, too, and is replaced by one of its type") {
    const auto ends_in_a = [](std::string_view origin) { return origin.ends_with("a.example"); };
    const auto built =
        make_policy({.allow_origins = {"https://b.example"}}, corsac::origin_if{ends_in_a});
    REQUIRE(built);
    const corsac::basic_live_policy live{*built};
    CHECK(live.read()->allows_origin("https://a.example"));
    CHECK(live.replace(make_policy({.allow_origins = {"https://c.example"}},
                                   corsac::origin_if{ends_in_a}))
              .empty());
    CHECK_FALSE(live.read()->allows_origin("https://b.example"));
    CHECK(live.read()->allows_origin("https://c.example"));
}

}  // namespace
