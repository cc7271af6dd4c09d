// SPDX-License-Identifier: MIT
#include <corsac/decision/asked_origin.hpp>

#include <corsac/corsac.hpp>
#include <corsac/decision/evaluate_upgrade.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {

using corsac::origin_verdict;
using corsac::outcome;
using corsac::policy_options;
using enum corsac::outcome;

constexpr std::string_view tenant = "https://tenant.example";

constexpr policy_options usual() {
    return {.allow_origins = {"https://app.example"}, .allow_credentials = true};
}
constexpr support::request from(std::string_view origin) {
    return {"GET", {{{"Host", "api.example"}, {"Origin", origin}}}};
}
constexpr support::request asks_first(std::string_view origin) {
    return {"OPTIONS", {{{"Origin", origin}, {"Access-Control-Request-Method", "GET"}}}};
}

// --- what is asked about -------------------------------------------------------------------------

struct question_row {
    std::string_view about;
    policy_options options;
    support::request asks;
    std::string_view question;
};

const question_row questions[] = {
    {"an origin that is not listed", usual(), from(tenant), tenant},
    {"a preflight's, too", usual(), asks_first(tenant), tenant},
    {"nothing about one that is listed", usual(), from("https://app.example"), ""},
    {"nothing without an Origin", usual(), {"GET", {{{"Host", "api.example"}}}}, ""},
    {"nothing about two of them", usual(), {"GET", {{{"Origin", tenant}, {"Origin", tenant}}}}, ""},
    {"never about null, which is everybody", usual(), from("null"), ""},
    {"nothing that is no origin", usual(), from("https://tenant.example/"), ""},
    {"nothing that would end a text of SQL", usual(), from("https://tenant.example'--"), ""},
    {"nothing that is empty", usual(), from(""), ""},
    {"plain http, which the answer is judged by", usual(), from("http://tenant.example"),
     "http://tenant.example"},
    {"nothing where everybody gets a *", {.allow_origins = {"*"}}, from(tenant), ""},
};

constexpr bool asks_right(const question_row& r) {
    const auto built = corsac::make_policy(r.options);
    return corsac::origin_to_ask_about(*built, r.asks) == r.question;
}

static_assert(asks_right({"in constant evaluation, too", usual(), from(tenant), tenant}));

TEST_CASE("somebody is asked about origins that the policy does not know") {
    for (const question_row& r : questions) {
        CAPTURE(r.about);
        CHECK(asks_right(r));
    }
}

TEST_CASE("a matcher that throws, or grants what is unsafe, has said it all") {
    const auto grants = corsac::make_policy(
        {.allow_credentials = true},
        corsac::origin_if{[](std::string_view o) { return o == "http://tenant.example"; }});
    REQUIRE(grants);
    CHECK(corsac::origin_to_ask_about(*grants, from("http://tenant.example")).empty());
    CHECK(corsac::origin_to_ask_about(*grants, from(tenant)) == tenant);
#if defined(__cpp_exceptions)
    const auto throws = corsac::make_policy({}, corsac::origin_if{[](std::string_view o) {
                                                if (o == tenant) throw 1;
                                                return false;
                                            }});
    CHECK(corsac::origin_to_ask_about(*throws, from(tenant)).empty());
#endif
}

TEST_CASE("a policy may know no origin itself") {
    const auto built = corsac::make_policy({.allow_credentials = true}, corsac::no_origin{});
    REQUIRE(built);
    CHECK(built.warnings().empty());
    CHECK(corsac::origin_to_ask_about(*built, from(tenant)) == tenant);
    CHECK(corsac::evaluate(*built, from(tenant)).outcome() == origin_not_allowed);
    CHECK(corsac::evaluate(*built, from(tenant), origin_verdict::allowed).allows());
}

// --- what is decided -----------------------------------------------------------------------------

struct verdict_row {
    std::string_view about;
    policy_options options;
    support::request asks;
    origin_verdict verdict;
    corsac::outcome expected;
    int status;
};

constexpr auto with(auto member, auto value) {
    policy_options options = usual();
    options.*member = value;
    return options;
}

const verdict_row verdict_rows[] = {
    {"a tenant", usual(), from(tenant), origin_verdict::allowed, allowed, 0},
    {"a tenant's preflight", usual(), asks_first(tenant), origin_verdict::allowed, allowed, 204},
    {"a stranger", usual(), from(tenant), origin_verdict::refused, origin_not_allowed, 0},
    {"nobody knows", usual(), from(tenant), origin_verdict::unknown, origin_unknown, 0},
    {"nobody knows, a preflight", usual(), asks_first(tenant), origin_verdict::unknown,
     origin_unknown, 403},
    {"nobody knows, with a status of the policy's",
     with(&policy_options::denied_preflight_status, 200), asks_first(tenant),
     origin_verdict::unknown, origin_unknown, 200},
    {"nobody knows, and refused requests are rejected",
     with(&policy_options::reject_disallowed, true), from(tenant), origin_verdict::unknown,
     origin_unknown, 403},
    {"nobody knows, and the policy is in shadow", with(&policy_options::shadow, true), from(tenant),
     origin_verdict::unknown, origin_unknown, 0},
    {"nobody knows whether a stranger may write",
     with(&policy_options::reject_cross_origin_writes, true),
     {"POST", {{{"Host", "api.example"}, {"Origin", tenant}}}},
     origin_verdict::unknown,
     cross_origin_write,
     403},
    {"nobody knows, of an anonymous *",
     {.allow_origins = {"*"}},
     from(tenant),
     origin_verdict::unknown,
     origin_unknown,
     0},
    {"what is no origin has its own reason", usual(), from("https://tenant.example/"),
     origin_verdict::unknown, origin_malformed, 0},
    {"plain http is unsafe, whatever a database says", usual(), from("http://tenant.example"),
     origin_verdict::allowed, origin_unsafe_with_credentials, 0},
    {"and is so if it says nothing", usual(), from("http://tenant.example"),
     origin_verdict::unknown, origin_unsafe_with_credentials, 0},
    {"null is unsafe, too", usual(), from("null"), origin_verdict::allowed,
     origin_unsafe_with_credentials, 0},
    {"two origins",
     usual(),
     {"GET", {{{"Origin", tenant}, {"Origin", tenant}}}},
     origin_verdict::unknown,
     several_origins,
     0},
    {"no origin", usual(), {"GET", {}}, origin_verdict::unknown, not_cors, 0},
};

TEST_CASE("a verdict is judged, and one that did not come has a reason of its own") {
    for (const verdict_row& r : verdict_rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options);
        REQUIRE(built);
        const corsac::decision d = corsac::evaluate(*built, r.asks, r.verdict);
        CHECK(corsac::name_of(d.outcome()) == corsac::name_of(r.expected));
        CHECK(d.status() == r.status);
        support::response response;
        corsac::apply(d, response);
        const bool shared =
            response.summary().view().find("access-control") != std::string_view::npos;
        CHECK(shared == (r.expected == allowed));
    }
}

TEST_CASE("the sentence says that nobody answered") {
    const auto built = corsac::make_policy(usual());
    const auto said = [&](const support::request& r) {
        return corsac::explain(corsac::evaluate(*built, r, origin_verdict::unknown));
    };
    CHECK(said(asks_first(tenant)).view() ==
          "origin \"https://tenant.example\" is not in allow_origins, and who was asked about it "
          "has not answered; look whether the database is up (preflight refused)");
    const corsac::kept_decision kept{
        corsac::evaluate(*built, from(tenant), origin_verdict::unknown)};
    CHECK(corsac::explain(kept.get()).view() == said(from(tenant)).view());
}

TEST_CASE("an upgrade goes by the verdict, too") {
    using enum origin_verdict;
    const auto built = corsac::make_policy(usual());
    const auto status = [&](std::string_view origin, origin_verdict verdict) {
        return corsac::evaluate_upgrade(*built, from(origin), verdict).status();
    };
    CHECK(status(tenant, origin_verdict::allowed) == 0);
    CHECK(status(tenant, refused) == 403);
    CHECK(status("https://api.example", refused) == 0);  // the server's own page
    CHECK(status("null", origin_verdict::allowed) == 403);
    CHECK(status("http://tenant.example", origin_verdict::allowed) == 403);
    const corsac::decision d = corsac::evaluate_upgrade(*built, from(tenant), unknown);
    CHECK(d.outcome() == origin_unknown);
    CHECK(d.status() == 403);
}

// --- Vary ----------------------------------------------------------------------------------------

std::string_view vary_of(const corsac::decision& d, support::response response) {
    static corsac::detail::text all;
    corsac::apply(d, response);
    all = response.summary();
    const std::size_t at = all.view().find("vary");
    return at == std::string_view::npos ? "" : all.view().substr(at);
}

TEST_CASE("every response names what its verdict depended on") {
    const auto built = corsac::make_policy(usual());
    const auto with_tenant = [&](const support::request& r) {
        return corsac::with_vary(corsac::evaluate(*built, r), "X-Tenant, X-Region");
    };
    constexpr std::string_view line = "vary: Origin | vary: X-Tenant | vary: X-Region";
    CHECK(vary_of(with_tenant(from("https://app.example")), {}) == line);
    CHECK(vary_of(with_tenant(from("https://evil.example")), {}) == line);
    CHECK(vary_of(with_tenant({"GET", {}}), {}) == line);
    CHECK(vary_of(corsac::kept_decision{with_tenant(from("https://app.example"))}.get(), {}) ==
          line);
    CHECK(vary_of(with_tenant(from("https://app.example")), {{"Vary", "x-tenant, origin"}}) ==
          "vary: X-Region");
    CHECK(vary_of(with_tenant(asks_first("https://app.example")), {}) ==
          "vary: Origin | vary: Access-Control-Request-Method | "
          "vary: Access-Control-Request-Headers | vary: X-Tenant | vary: X-Region");
    CHECK(vary_of(corsac::with_vary(corsac::decision{}, "X-Tenant"), {}) == "");
}

/// Adds lines, and perhaps knows which there are.
struct adding_sink {
    corsac::detail::text& vary_lines;
    void add(std::string_view name, std::string_view value) {
        if (name == "vary") vary_lines.append(value).append(";");
    }
};
struct knowing_sink : adding_sink {
    [[nodiscard]] bool has(std::string_view) const { return false; }
    void erase(std::string_view) {}
    void vary(std::string_view token) { add("vary", token); }
};

TEST_CASE("a server that only adds gets them as a line of their own") {
    const auto built = corsac::make_policy(usual());
    const corsac::decision d =
        corsac::with_vary(corsac::evaluate(*built, asks_first("https://app.example")), "X-Tenant");
    corsac::detail::text added, known;
    corsac::apply(d, adding_sink{added});
    CHECK(added.view() == "Origin, Access-Control-Request-Method, "
                          "Access-Control-Request-Headers;X-Tenant;");
    corsac::apply(d, knowing_sink{{known}});
    CHECK(known.view() == "Origin;Access-Control-Request-Method;"
                          "Access-Control-Request-Headers;X-Tenant;");
}

}  // namespace
