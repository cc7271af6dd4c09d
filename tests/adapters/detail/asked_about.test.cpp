// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/asked_about.hpp>

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/counters.hpp>
#include <corsac/live/debug_switch.hpp>
#include <corsac/live/live_policy.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace {

using corsac::asked_origins;
using corsac::origin_question;
using corsac::origin_verdict;
using support::request;

constexpr request from(std::string_view origin, std::string_view region = "eu") {
    return {"GET", {{{"Origin", origin}, {"X-Region", region}}}};
}

const auto listing = corsac::make_policy({.allow_origins = {"https://app.example"},
                                          .allow_methods = {"PUT"},
                                          .allow_credentials = true});

/// Knows what it was asked.
struct database {
    std::string asked{};

    auto answering() {
        return [this](const origin_question& q) {
            asked.append(q.scope).append(q.origin).append(";");
            return q.origin == "https://down.example"   ? origin_verdict::unknown
                   : q.origin == "https://evil.example" ? origin_verdict::refused
                                                        : origin_verdict::allowed;
        };
    }
};

template <class T>
std::string decide(const T& policy_or_source, const request& asks) {
    const auto source = corsac::detail::as_policy_source(policy_or_source);
    const auto governed = corsac::detail::govern(source, asks, asks);
    corsac::detail::observe(source, governed.decision, asks, asks);
    return std::string(corsac::name_of(governed.decision.outcome()));
}

TEST_CASE("only what the policy does not know is asked, and the policy judges the answer") {
    database db;
    const asked_origins tenants{db.answering()};
    const auto source = corsac::asking(*listing, tenants);
    CHECK(decide(source, from("https://app.example")) == "allowed");
    CHECK(decide(source, {"GET", {}}) == "not_cors");
    CHECK(decide(source, from("null")) == "null_origin_not_allowed");
    CHECK(decide(source, from("https://tenant.example/")) == "origin_malformed");
    CHECK(db.asked == "");
    CHECK(decide(source, from("https://tenant.example")) == "allowed");
    CHECK(decide(source, from("https://evil.example")) == "origin_not_allowed");
    CHECK(decide(source, from("https://down.example")) == "origin_unknown");
    CHECK(decide(source, from("http://tenant.example")) == "origin_unsafe_with_credentials");
    CHECK(decide(source, from("https://tenant.example")) == "allowed");
    CHECK(db.asked == "https://tenant.example;https://evil.example;https://down.example;"
                      "http://tenant.example;");
}

TEST_CASE("it goes with every kind of source, and with observers and switches in any order") {
    database db;
    const asked_origins tenants{db.answering()};
    const corsac::counters counts;
    const auto count = counts.of("api");
    const corsac::debug_switch debugging;
    const auto nobody = [](const request&) -> const corsac::policy* { return nullptr; };
    const request tenant = from("https://tenant.example");
    CHECK(decide(corsac::asking(corsac::live_policy{*listing}, tenants), tenant) == "allowed");
    CHECK(decide(corsac::asking(std::make_shared<const corsac::policy>(*listing), tenants),
                 tenant) == "allowed");
    CHECK(decide(corsac::asking([](const request&) { return &*listing; }, tenants), tenant) ==
          "allowed");
    CHECK(decide(corsac::asking(nobody, tenants), tenant) == "no_policy");
    CHECK(decide(corsac::observed(corsac::asking(*listing, tenants), count), tenant) == "allowed");
    CHECK(decide(corsac::asking(corsac::observed(*listing, count), tenants), tenant) == "allowed");
    CHECK(decide(corsac::asking(corsac::debuggable(*listing, debugging), tenants), tenant) ==
          "allowed");
    CHECK(decide(corsac::observed(corsac::asking(*listing, tenants), count),
                 from("https://down.example")) == "origin_unknown");
    CHECK(counts.count("api", corsac::outcome::allowed) == 2);
    CHECK(counts.count("api", corsac::outcome::origin_unknown) == 1);
    CHECK(counts.prometheus().find("outcome=\"origin_unknown\"} 1\n") != std::string::npos);
}

TEST_CASE("a tenant's refused preflight is shown to developers, a stranger's is not") {
    database db;
    const asked_origins tenants{db.answering()};
    const corsac::debug_switch debugging;
    debugging.set(true);
    const auto source = corsac::detail::as_policy_source(
        corsac::debuggable(corsac::asking(*listing, tenants), debugging));
    const auto answer = [&](std::string_view origin) {
        const request asks{"OPTIONS",
                           {{{"Origin", origin}, {"Access-Control-Request-Method", "DELETE"}}}};
        support::response response;
        corsac::apply(corsac::detail::govern(source, asks, asks).decision, response);
        return std::string(response.summary().view());
    };
    CHECK(answer("https://tenant.example").find("access-control-allow-methods: PUT") !=
          std::string::npos);
    CHECK(answer("https://tenant.example")
              .starts_with("access-control-allow-origin: https://tenant.example"));
    CHECK(answer("https://evil.example").starts_with("vary"));
    CHECK(answer("https://down.example").starts_with("vary"));
}

TEST_CASE("a question has a scope, and every response names what that depends on") {
    database db;
    const asked_origins tenants{db.answering(), {.vary = "X-Region"}};
    const auto region_of = [](const request& r) {
        std::string region;
        r.visit([&](std::string_view name, std::string_view value) {
            if (name == "X-Region") region = value;
        });
        return region;
    };
    const auto source =
        corsac::detail::as_policy_source(corsac::asking(*listing, tenants, region_of));
    const auto answer = [&](const request& asks) {
        support::response response;
        corsac::apply(corsac::detail::govern(source, asks, asks).decision, response);
        return std::string(response.summary().view());
    };
    constexpr std::string_view vary = "vary: Origin | vary: X-Region";
    CHECK(answer(from("https://tenant.example", "eu")).ends_with(vary));
    CHECK(answer(from("https://tenant.example", "us")).ends_with(vary));
    CHECK(answer(from("https://app.example")).ends_with(vary));
    CHECK(answer({"GET", {}}) == vary);
    CHECK(answer(from("https://evil.example", "eu")) == vary);
    CHECK(db.asked == "euhttps://tenant.example;ushttps://tenant.example;euhttps://evil.example;");
}

#if defined(__cpp_exceptions)
TEST_CASE("where the scope or the question throws, nobody has answered") {
    database db;
    const asked_origins tenants{db.answering()};
    const auto throws = [](const request&) -> std::string { throw 1; };
    CHECK(decide(corsac::asking(*listing, tenants, throws), from("https://tenant.example")) ==
          "origin_unknown");
    CHECK(decide(corsac::asking(*listing, tenants, throws), from("https://app.example")) ==
          "allowed");
    CHECK(db.asked == "");
    struct without_memory {
        [[nodiscard]] static std::optional<origin_verdict> find(const origin_question&) {
            return std::nullopt;
        }
        [[nodiscard]] static origin_verdict wait(const origin_question&) { throw 1; }
        [[nodiscard]] static corsac::vary_names vary() { return {}; }
        [[nodiscard]] static std::chrono::milliseconds patience() { return {}; }
    };
    CHECK(decide(corsac::asking(*listing, without_memory{}), from("https://tenant.example")) ==
          "origin_unknown");
    const asked_origins broken{[](const origin_question&) -> origin_verdict { throw 1; }};
    CHECK(decide(corsac::asking(*listing, broken), from("https://tenant.example")) ==
          "origin_unknown");
}
#endif

}  // namespace
