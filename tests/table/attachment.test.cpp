// SPDX-License-Identifier: MIT
#include <corsac/table/attachment.hpp>

#include <corsac/decision/exposed_names.hpp>

#include "support.hpp"
#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace {

using namespace tables;
using corsac::outcome;
using corsac::route_state;

static_assert(corsac::name_of(attachment_level::gateway) == "gateway");
static_assert(corsac::name_of(attachment_level::listener) == "listener");
static_assert(corsac::name_of(attachment_level::route) == "route");
static_assert(corsac::name_of(attachment_level::rule) == "rule");
static_assert(corsac::name_of(attachment_level::rule_reference) == "rule_reference");
static_assert(corsac::name_of(attachment_level::rule_filter) == "rule_filter");
static_assert(corsac::name_of(attachment_level::backend) == "backend");

constexpr bool is(corsac::attachment_target target, attachment_level level, std::uint32_t scope) {
    return target.level == level && target.scope == scope;
}
static_assert(is(corsac::gateway_id{1}, attachment_level::gateway, 1));
static_assert(is(corsac::listener_id{2}, attachment_level::listener, 2));
static_assert(is(corsac::route_id{3}, attachment_level::route, 3));
static_assert(is(corsac::backend_id{4}, attachment_level::backend, 4));
static_assert(is({corsac::rule_id{5}, attachment_level::rule_filter}, attachment_level::rule_filter,
                 5));

struct level_pair {
    const char* about;
    attachment_level weaker;
    attachment_level stronger;
};

constexpr level_pair adjacent_levels[] = {
    {"a listener beats its Gateway", attachment_level::gateway, attachment_level::listener},
    {"a route beats its listener", attachment_level::listener, attachment_level::route},
    {"a rule beats its route", attachment_level::route, attachment_level::rule},
    {"an ExtensionRef beats targetRefs", attachment_level::rule, attachment_level::rule_reference},
    {"the native filter beats an ExtensionRef", attachment_level::rule_reference,
     attachment_level::rule_filter},
    {"a backend's filter beats all", attachment_level::rule_filter, attachment_level::backend},
};

TEST_CASE("of two adjacent levels the more specific one wins") {
    for (const level_pair& row : adjacent_levels) {
        CAPTURE(row.about);
        for (const bool stronger_first : {false, true}) {
            CAPTURE(stronger_first);
            one_of_each made;
            const auto attach = [&](attachment_level level, std::string_view origin) {
                // The stronger one is younger, so that age alone would decide otherwise.
                made.builder.attach(
                    made.target(level), allows(origin),
                    {.kind = "Test", .name = name_of(level), .created = static_cast<int>(level)});
            };
            if (stronger_first) attach(row.stronger, "https://stronger.example");
            attach(row.weaker, "https://weaker.example");
            if (!stronger_first) attach(row.stronger, "https://stronger.example");
            const corsac::policy_table table = finish(std::move(made.builder));

            const corsac::matched_route found = table.find("any.example", "/", "GET");
            CHECK(found.state() == route_state::governed);
            CHECK(allowed_origin(found.governing()) == "https://stronger.example");
            int winners = 0, shadowed = 0;
            found.visit_attachments([&](const corsac::attachment_view& a) {
                (a.wins ? winners : shadowed) += 1;
                CHECK(a.wins == (a.level == row.stronger));
                CHECK(a.name == name_of(a.level));
            });
            CHECK(winners == 1);
            CHECK(shadowed == 1);
        }
    }
}

TEST_CASE("the winner is taken whole") {
    one_of_each made;
    made.builder.attach(made.gateway,
                        build({.allow_origins = {"https://a.example"},
                               .expose_headers = {"X-Gateway"},
                               .allow_credentials = true,
                               .max_age = 600}),
                        {});
    made.builder.attach(made.route, build({.allow_origins = {"https://a.example"}}), {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::decision d =
        evaluate(table.find("a.example", "/", "GET"), get_from("https://a.example"));
    CHECK(d.outcome() == outcome::allowed);
    CHECK_FALSE(d.fields().allow_credentials);
    CHECK(d.fields().expose_headers.empty());
}

TEST_CASE("disable switches an inherited policy off, and something more specific on again") {
    for (const level_pair& row : adjacent_levels) {
        CAPTURE(row.about);
        one_of_each off;
        off.builder.attach(off.target(row.weaker), allows("https://a.example"), {});
        off.builder.disable(off.target(row.stronger), {});
        const corsac::policy_table disabled = finish(std::move(off.builder));
        const corsac::matched_route found = disabled.find("h", "/", "GET");
        CHECK(found.state() == route_state::disabled);
        CHECK(found.governing() == nullptr);
        CHECK_FALSE(evaluate(found, get_from("https://a.example")).governs());

        one_of_each on;
        on.builder.disable(on.target(row.weaker), {});
        on.builder.attach(on.target(row.stronger), allows("https://a.example"), {});
        const corsac::policy_table enabled = finish(std::move(on.builder));
        CHECK(enabled.find("h", "/", "GET").state() == route_state::governed);
    }
}

TEST_CASE("of two at one level the older counts, then the one whose name is first") {
    struct row {
        const char* about;
        std::int64_t created_a, created_b;
        std::string_view name_a, name_b;
        std::string_view winner;
    };
    constexpr std::int64_t unknown = corsac::created_unknown;
    constexpr row rows[] = {
        {"the older one", 2, 1, "ns/a", "ns/b", "https://b.example"},
        {"the same age: by name", 1, 1, "ns/b", "ns/a", "https://b.example"},
        {"by namespace before name", 1, 1, "b/a", "a/b", "https://b.example"},
        {"a known age before an unknown one", unknown, 9, "ns/a", "ns/b", "https://b.example"},
        {"neither has an age", unknown, unknown, "ns/a", "ns/b", "https://a.example"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        one_of_each made;
        made.builder.attach(made.route, allows("https://a.example"),
                            {.kind = "TrafficPolicy", .name = r.name_a, .created = r.created_a});
        made.builder.attach(made.route, allows("https://b.example"),
                            {.kind = "TrafficPolicy", .name = r.name_b, .created = r.created_b});
        const corsac::policy_table table = finish(std::move(made.builder));
        CHECK(allowed_origin(table.find("h", "/", "GET").governing()) == r.winner);
    }
}

TEST_CASE("who attaches a policy may ask for the names of each response to be exposed") {
    one_of_each made;
    const auto with_credentials =
        build({.allow_origins = {"https://a.example"}, .allow_credentials = true});
    made.builder.attach(made.route, with_credentials, {.expose_present = true});
    const corsac::backend_id other = made.builder.add_backend(made.rule, "cart-v2:80", 1);
    made.builder.attach(other, with_credentials, {});
    const corsac::policy_table table = finish(std::move(made.builder));
    const corsac::matched_route found = table.find("h", "/", "GET");
    CHECK(found.exposes_present(0));
    CHECK_FALSE(found.exposes_present(1));

    one_of_each alone;
    alone.builder.attach(alone.route, with_credentials, {.expose_present = true});
    const corsac::policy_table one_backend = finish(std::move(alone.builder));
    const corsac::matched_route asked = one_backend.find("h", "/", "GET");
    CHECK(asked.exposes_present());
    CHECK(asked.policy_in_force());
    CHECK_FALSE(corsac::matched_route{}.policy_in_force());

    // Of two backends that disagree neither speaks for the rule.
    tables::two_backends split;
    split.builder.attach(split.backend, with_credentials, {.expose_present = true});
    split.builder.attach(split.other, allows("https://b.example"), {});
    const corsac::policy_table disagreeing = finish(std::move(split.builder));
    CHECK(disagreeing.find("h", "/", "GET").exposes_present(0));
    CHECK_FALSE(disagreeing.find("h", "/", "GET").exposes_present());
    corsac::exposed_names names;
    names.add("ETag");
    const corsac::decision allowed = evaluate(asked, get_from("https://a.example"));
    CHECK(names.into(allowed).fields().expose_headers == "ETag");
    const corsac::decision refused = evaluate(asked, get_from("https://b.example"));
    CHECK(names.into(refused).fields().expose_headers.empty());

    one_of_each silent;
    silent.builder.attach(silent.route, with_credentials, {});
    const corsac::policy_table not_asked = finish(std::move(silent.builder));
    CHECK_FALSE(not_asked.find("h", "/", "GET").exposes_present());
}
}  // namespace
