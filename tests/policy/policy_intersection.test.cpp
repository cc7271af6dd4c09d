// SPDX-License-Identifier: MIT
#include <corsac/policy/policy_intersection.hpp>

#include "policy/build.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <iterator>
#include <optional>
#include <string_view>

namespace {

using corsac::policy_options;
using corsac::text_list;
using support::build;
using support::sample;

policy_options combine(const corsac::policy& a, const corsac::policy& b) {
    const corsac::policy* const both[] = {&a, &b};
    return corsac::intersect(both).options();
}

struct switch_row {
    const char* about;
    bool policy_options::* member;
    bool with_both, with_one, with_none;
};

const switch_row switch_rows[] = {
    {"credentials only if all allow them", &policy_options::allow_credentials, true, false, false},
    {"rejected only if all reject", &policy_options::reject_disallowed, true, false, false},
    {"no writes if one takes none", &policy_options::reject_cross_origin_writes, true, true, false},
    {"no credentials if one refuses them", &policy_options::refuse_credentials, true, true, false},
    {"no more disclosed than one does", &policy_options::disclose_requested_only, true, true,
     false},
    {"advertised only if all advertise", &policy_options::advertise, true, false, false},
    {"denied preflights forwarded only if all are", &policy_options::forward_denied_preflights,
     true, false, false},
    {"granted preflights forwarded only if all are", &policy_options::forward_granted_preflights,
     true, false, false},
    {"what handlers wrote kept only if all keep it", &policy_options::keep_existing, true, false,
     false},
    {"private networks only if all allow them", &policy_options::allow_private_network, true, false,
     false},
    {"in shadow only if all are", &policy_options::shadow, true, false, false},
    {"what was accepted need not be again: names", &policy_options::tolerate_forbidden_names, true,
     true, true},
    {"… any origin", &policy_options::dangerously_allow_any_origin_with_credentials, true, true,
     true},
    {"… insecure ones", &policy_options::dangerously_allow_insecure_origins_with_credentials, true,
     true, true},
    {"… public suffixes", &policy_options::dangerously_allow_public_suffixes_with_credentials, true,
     true, true},
    {"… null", &policy_options::dangerously_allow_null_origin_with_credentials, true, true, true},
    {"… expressions", &policy_options::dangerously_allow_unproved_expressions_with_credentials,
     true, true, true},
};
static_assert(std::size(switch_rows) == std::size(corsac::policy_switches));

TEST_CASE("switches combine so that nobody gets more than every policy allows") {
    for (const switch_row& r : switch_rows) {
        CAPTURE(r.about);
        policy_options on = sample();
        on.*r.member = true;
        const corsac::policy with = build(on), without = build(sample());
        CHECK(combine(with, with).*r.member == r.with_both);
        CHECK(combine(with, without).*r.member == r.with_one);
        CHECK(combine(without, with).*r.member == r.with_one);
        CHECK(combine(without, without).*r.member == r.with_none);
    }
}

TEST_CASE("every list combines to what both have") {
    for (const corsac::policy_list& list : corsac::policy_lists) {
        CAPTURE(list.name);
        policy_options more = sample();
        const bool origins = list.name.find("origins") != std::string_view::npos;
        (more.*list.member).push_back(origins ? "https://more.example" : "MORE");
        CHECK(combine(build(sample()), build(more)).*list.member == sample().*list.member);
    }
}

struct list_row {
    const char* about;
    text_list policy_options::* member;
    text_list first, second, expected;
};

constexpr auto origins = &policy_options::allow_origins;
constexpr auto methods = &policy_options::allow_methods;
constexpr auto headers = &policy_options::allow_headers;
constexpr auto exposed = &policy_options::expose_headers;

const list_row list_rows[] = {
    {"an origin under the other's pattern",
     origins,
     {"https://*.a.example"},
     {"https://x.a.example", "https://b.example"},
     {"https://x.a.example"}},
    {"an origin of any port",
     origins,
     {"http://localhost:*"},
     {"http://localhost:3000", "http://localhost"},
     {"http://localhost:3000", "http://localhost"}},
    {"a pattern that both have",
     origins,
     {"https://*.a.example", "https://b.example"},
     {"https://*.a.example"},
     {"https://*.a.example"}},
    {"of patterns that overlap nothing is left",
     origins,
     {"https://*.a.example"},
     {"https://*.b.a.example"},
     {}},
    {"any origin covers all others",
     origins,
     {"*"},
     {"https://*.a.example", "null"},
     {"https://*.a.example", "null"}},
    {"any origin in both", origins, {"*"}, {"*"}, {"*"}},
    {"nothing in common", origins, {"https://a.example"}, {"https://b.example"}, {}},

    {"a method under the other's *", methods, {"*"}, {"PUT", "DELETE"}, {"PUT", "DELETE"}},
    {"any method in both", methods, {"*"}, {"*"}, {"*"}},
    {"safelisted methods need no listing", methods, {"GET", "PUT"}, {"PUT"}, {"GET", "PUT"}},
    {"methods are case-sensitive", methods, {"eGg", "PUT"}, {"EGG", "PUT"}, {"PUT"}},
    {"the first one's order",
     methods,
     {"PUT", "DELETE"},
     {"DELETE", "PATCH", "PUT"},
     {"PUT", "DELETE"}},

    {"header names come in any case", headers, {"X-A"}, {"x-a"}, {"X-A"}},
    {"a name under the other's prefix", headers, {"X-*"}, {"X-One", "Y"}, {"X-One"}},
    {"a prefix under the other's prefix", headers, {"X-*"}, {"X-Custom-*"}, {"X-Custom-*"}},
    {"a prefix is not under a name", headers, {"X-Custom-*"}, {"X-Custom-Id"}, {"X-Custom-Id"}},
    {"a name one byte longer than the other's prefix", headers, {"X-*"}, {"X-1", "X-"}, {"X-1"}},
    {"a name that is no longer than the prefix", headers, {"X-Ab*"}, {"X-Ab", "X-A"}, {}},
    {"names that differ in their last letter", headers, {"X-Ab", "X-Abcd"}, {"X-Ac", "X-Abce"}, {}},
    {"of one letter", headers, {"X"}, {"Y"}, {}},
    {"prefixes apart", headers, {"X-*"}, {"Y-*"}, {}},
    {"names under the other's *", headers, {"*"}, {"X-A", "Y-*"}, {"X-A", "Y-*"}},
    {"any header in both", headers, {"*"}, {"*"}, {"*"}},
    {"* does not cover Authorization", headers, {"*"}, {"Authorization", "X-A"}, {"X-A"}},
    {"nor does a prefix", headers, {"A*"}, {"Authorization", "Accept-X"}, {"Accept-X"}},
    {"Authorization is left where both name it",
     headers,
     {"*", "Authorization"},
     {"authorization", "X-A"},
     {"Authorization", "X-A"}},

    {"a name under the other's expose *", exposed, {"*"}, {"X-B"}, {"X-B"}},
    {"exposed names come in any case", exposed, {"X-B", "X-C"}, {"x-c"}, {"X-C"}},
    {"* is no prefix of exposed names", exposed, {"X-B"}, {"X-C"}, {}},
};

TEST_CASE("a list has what both policies cover") {
    for (const list_row& r : list_rows) {
        CAPTURE(r.about);
        policy_options a{.allow_origins = {"https://a.example"}}, b = a;
        a.*r.member = r.first;
        b.*r.member = r.second;
        CHECK(combine(build(a), build(b)).*r.member == r.expected);
    }
}

TEST_CASE("what an intersection allows, both policies allow") {
    const corsac::text_list probes[] = {
        {"https://x.a.example", "GET", "x-one"}, {"https://x.b.a.example", "PUT", "x-custom-id"},
        {"https://a.example", "eGg", "x-a"},     {"https://b.example", "EGG", "authorization"},
        {"http://localhost:3000", "PUT", "y-b"}, {"null", "DELETE", "accept-x"},
    };
    std::size_t allowed = 0;
    for (const list_row& r : list_rows) {
        CAPTURE(r.about);
        policy_options a{.allow_origins = {"*"}, .allow_methods = {"*"}, .allow_headers = {"*"}};
        policy_options b = a;
        a.*r.member = r.first;
        b.*r.member = r.second;
        const corsac::policy one = build(a), two = build(b);
        const corsac::policy* const both[] = {&one, &two};
        const corsac::policy common = corsac::intersect(both);
        for (const auto& origin : probes) {
            for (const auto& other : probes) {
                const support::request asked{"OPTIONS",
                                             {{{"origin", origin[0]},
                                               {"access-control-request-method", other[1]},
                                               {"access-control-request-headers", other[2]}}}};
                if (!corsac::evaluate(common, asked).allows()) continue;
                ++allowed;
                CHECK(corsac::evaluate(one, asked).allows());
                CHECK(corsac::evaluate(two, asked).allows());
            }
        }
    }
    CHECK(allowed > 100);
}

struct age_row {
    const char* about;
    corsac::optional_seconds first, second, expected;
};

TEST_CASE("an answer is remembered no longer than the more careful policy says") {
    const age_row rows[] = {
        {"the smaller one", 600, 60, 60},
        {"the smaller one, first", 60, 600, 60},
        {"unset is 5", 600, std::nullopt, std::nullopt},
        {"unset is 5, first", std::nullopt, 600, std::nullopt},
        {"less than what unset means", std::nullopt, 3, 3},
        {"what unset means, beside it", std::nullopt, 5, std::nullopt},
        {"what unset means, before it", 5, std::nullopt, 5},
        {"a second more than unset", 6, std::nullopt, std::nullopt},
        {"less than what unset means, first", 3, std::nullopt, 3},
        {"not at all", 0, std::nullopt, 0},
        {"unset in both", std::nullopt, std::nullopt, std::nullopt},
    };
    for (const age_row& r : rows) {
        CAPTURE(r.about);
        policy_options a = sample(), b = sample();
        a.max_age = r.first;
        b.max_age = r.second;
        CHECK(combine(build(a), build(b)).max_age == r.expected);
    }
}

TEST_CASE("statuses and the public-suffix hook are the first policy's") {
    policy_options a = sample(), b = sample();
    a.preflight_status = 200;
    a.denied_preflight_status = 204;
    a.is_public_suffix = [](std::string_view host) { return host == "example"; };
    const policy_options ab = combine(build(a), build(b)), ba = combine(build(b), build(a));
    CHECK(ab.preflight_status == 200);
    CHECK(ab.denied_preflight_status == 204);
    CHECK((ab.is_public_suffix == a.is_public_suffix));
    CHECK(ba.preflight_status == 204);
    CHECK(ba.denied_preflight_status == 403);
    CHECK((ba.is_public_suffix == nullptr));
}

TEST_CASE("without a common origin nobody is allowed, and the rest stays") {
    policy_options a = sample(), b = sample();
    b.allow_origins = {"https://b.example"};
    const corsac::policy one = build(a), two = build(b);
    const corsac::policy* const both[] = {&one, &two};
    const corsac::policy common = corsac::intersect(both);
    for (const char* origin : {"https://a.example", "https://b.example", "null"}) {
        CAPTURE(origin);
        CHECK_FALSE(common.allows_origin(origin));
    }
    policy_options expected = a;
    expected.allow_origins = {};
    for (const corsac::policy_switch& one_switch : corsac::policy_switches) {
        expected.*one_switch.member = one_switch.combined == corsac::combined_as::on;
    }
    CHECK(common.options() == expected);
}

TEST_CASE("what is not safe with credentials stays so, in whatever order it is listed") {
    const corsac::policy any =
        build({.allow_origins = {"https://*.com", "https://*.org", "https://a.example"}});
    const corsac::policy* const alone[] = {&any};
    const corsac::policy common = corsac::intersect(alone);
    // Asked by a matcher of the caller's, which is not judged: nothing by such a pattern.
    CHECK(common.origins().match("https://x.com").empty());
    CHECK(common.origins().match("https://a.example") == "https://a.example");
    CHECK(common.allows_origin("https://x.com"));
}

TEST_CASE("of several policies every one must allow") {
    const corsac::policy one = build({.allow_origins = {"https://*.a.example"}});
    const corsac::policy two =
        build({.allow_origins = {"https://x.a.example", "https://y.a.example"}});
    const corsac::policy three =
        build({.allow_origins = {"https://y.a.example", "https://b.example"}});
    const corsac::policy* const all[] = {&one, &two, &three};
    CHECK(corsac::intersect(all).options().allow_origins == text_list{"https://y.a.example"});
    const corsac::policy* const alone[] = {&two};
    CHECK(corsac::intersect(alone).options().allow_origins == two.options().allow_origins);
}

}  // namespace
