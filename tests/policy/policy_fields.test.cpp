// SPDX-License-Identifier: MIT
#include <corsac/policy/policy_fields.hpp>

#include <corsac/corsac.hpp>
#include <corsac/policy/policy_intersection.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

using corsac::policy_options;

namespace {

constexpr bool is_listed(const policy_options& options, const void* member) noexcept {
    bool listed = member == &options.max_age || member == &options.is_public_suffix;
    for (const corsac::policy_list& list : corsac::policy_lists) {
        listed = listed || member == &(options.*list.member);
    }
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        listed = listed || member == &(options.*one.member);
    }
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        listed = listed || member == &(options.*one.member);
    }
    return listed;
}

constexpr bool lists_every_member() {
    const policy_options all{};
    // One letter for each member; with one more or less this does not compile.
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v] = all;
    const auto listed = [&](const auto&... members) { return (is_listed(all, &members) && ...); };
    return listed(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v);
}
static_assert(lists_every_member(), "a member of policy_options is in no list of policy_fields");

policy_options sample() {
    return {.allow_origins = {"https://a.example"},
            .allow_methods = {"PUT"},
            .allow_headers = {"X-A", "X-Custom-*"},
            .expose_headers = {"X-B"}};
}

corsac::policy build(const policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

policy_options combine(const corsac::policy& a, const corsac::policy& b) {
    const corsac::policy* const both[] = {&a, &b};
    return corsac::intersect(both).options();
}

}  // namespace

TEST_CASE("every switch is given back as it was written") {
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        CAPTURE(one.name);
        policy_options written = sample();
        CHECK_FALSE(build(written).options().*one.member);
        written.*one.member = true;
        CHECK(build(written).options() == written);
    }
}

TEST_CASE("every list and status is given back as it was written") {
    for (const corsac::policy_list& list : corsac::policy_lists) {
        CAPTURE(list.name);
        CHECK(build(sample()).options().*list.member == sample().*list.member);
        CHECK_FALSE((sample().*list.member).empty());
    }
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        CAPTURE(one.name);
        policy_options written = sample();
        written.*one.member = 200;
        CHECK(build(written).options() == written);
    }
}

TEST_CASE("every switch combines as its line says") {
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        CAPTURE(one.name);
        policy_options on = sample();
        on.*one.member = true;
        const corsac::policy with = build(on), without = build(sample());
        using corsac::combined_as;
        CHECK(combine(with, with).*one.member);
        CHECK(combine(with, without).*one.member == (one.combined != combined_as::all));
        CHECK(combine(without, without).*one.member == (one.combined == combined_as::on));
    }
}

TEST_CASE("every switch changes the answer to some request, or which options are accepted") {
    const auto preflight = [](support::line origin, std::string_view names) {
        return support::request{.verb = "OPTIONS",
                                .lines = {{origin,
                                           {"access-control-request-method", "PUT"},
                                           {"access-control-request-headers", names},
                                           {"access-control-request-private-network", "true"}}}};
    };
    const support::line welcome{"origin", "https://a.example"}, stranger{"origin", "https://e.vil"};
    const support::request requests[] = {
        {.lines = {{welcome}}},
        {.lines = {{stranger}}},
        {.lines = {{welcome, {"cookie", "a=b"}}}},
        preflight(welcome, "x-a"),
        preflight(welcome, "x-unlisted"),
        preflight(stranger, "x-a"),
    };
    policy_options listed = sample();
    listed.allow_headers = {"X-A"};
    const auto answers = [&](const policy_options& options) {
        const corsac::policy p = build(options);
        corsac::text_list all;
        for (const support::request& request : requests) {
            const corsac::decision d = corsac::evaluate(p, request);
            support::response response{{"access-control-max-age", "1"}};
            corsac::apply(d, response);
            all.push_back(response.summary().view());
            all.push_back(d.answers() ? "answered" : "handled");
        }
        return all;
    };
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        CAPTURE(one.name);
        policy_options on = listed;
        on.*one.member = true;
        CHECK((answers(on) != answers(listed)) == (one.combined != corsac::combined_as::on));
    }
}

TEST_CASE("every list combines to what both have") {
    for (const corsac::policy_list& list : corsac::policy_lists) {
        CAPTURE(list.name);
        policy_options more = sample();
        const bool origins = list.name == "allow_origins";
        (more.*list.member).push_back(origins ? "https://more.example" : "MORE");
        CHECK(combine(build(sample()), build(more)).*list.member == sample().*list.member);
    }
}
