// SPDX-License-Identifier: MIT
#include <corsac/policy/policy_fields.hpp>

#include <corsac/corsac.hpp>

#include "policy/build.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

using corsac::policy_options;
using support::build;
using support::sample;

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
    const auto& [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z] =
        all;
    const auto listed = [&](const auto&... members) { return (is_listed(all, &members) && ...); };
    return listed(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z);
}
static_assert(lists_every_member(), "a member of policy_options is in no list of policy_fields");

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
        {.verb = "POST", .lines = {{stranger}}},
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
