// SPDX-License-Identifier: MIT
#include <corsac/adapters/policy_source.hpp>

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/debug_switch.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/table/live_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using corsac::policy;
using corsac::policy_source_of;
using support::request;

/// What frameworks' requests are wrapped in, with the path that the router goes by.
struct routed_request : request {
    std::string_view routed = "/";
    [[nodiscard]] std::string_view path() const { return routed; }
};

// --- what adapters accept ------------------------------------------------------------------------

constexpr auto by_pointer = [](const request&) -> const policy* { return nullptr; };
constexpr auto by_shared_pointer = [](const request&) -> std::shared_ptr<const policy> {
    return nullptr;
};
constexpr auto of_another_request = [](const std::string&) -> const policy* { return nullptr; };
constexpr auto of_options = [](const request&) -> const corsac::policy_options* { return nullptr; };
constexpr auto of_nothing = [](const request&) {};

static_assert(corsac::policy_source<decltype(by_pointer), request>);
static_assert(corsac::policy_source<decltype(by_shared_pointer), request>);
static_assert(corsac::policy_source<policy, request>);
static_assert(corsac::policy_source<std::shared_ptr<const policy>, request>);
static_assert(corsac::policy_source<std::shared_ptr<policy>, request>);
static_assert(corsac::policy_source<corsac::policy_table, request>);
static_assert(corsac::policy_source<std::shared_ptr<const corsac::policy_table>, request>);
static_assert(corsac::policy_source<corsac::single_policy<policy>, std::string>);
static_assert(!corsac::policy_source<decltype(of_another_request), request>);
static_assert(!corsac::policy_source<decltype(of_options), request>);
static_assert(!corsac::policy_source<decltype(of_nothing), request>);
static_assert(!corsac::policy_source<corsac::result<policy>, request>);
static_assert(!corsac::policy_source<corsac::policy_options, request>);

const policy* of_function(const request&) { return nullptr; }

static_assert(std::is_same_v<policy_source_of<policy&>, corsac::single_policy<policy>>);
static_assert(std::is_same_v<policy_source_of<policy>, corsac::single_policy<policy>>);
static_assert(
    std::is_same_v<policy_source_of<std::shared_ptr<policy>>, corsac::single_policy<policy>>);
static_assert(std::is_same_v<policy_source_of<decltype(of_function)&>, decltype(&of_function)>,
              "a function becomes a pointer");

// --- what they make of it ------------------------------------------------------------------------

const auto rejecting =
    corsac::make_policy({.allow_origins = {"https://*.example"}, .reject_disallowed = true});
const auto lenient = corsac::make_policy({.allow_origins = {"https://*.example"}});
const routed_request of_stranger{{"GET", {{{"Origin", "https://evil.test"}}}}};
const routed_request of_friend{{"GET", {{{"Origin", "https://a.example"}}}}};

template <class T>
corsac::decision decide(T&& argument, const routed_request& asks) {
    const auto source = corsac::detail::as_policy_source(std::forward<T>(argument));
    return corsac::detail::govern(source, asks, asks).decision;
}

TEST_CASE("a policy is copied, moved in or shared; the caller's may die") {
    std::optional<policy> named{*rejecting};
    const auto source = corsac::detail::as_policy_source(*named);
    named.reset();
    CHECK(corsac::detail::govern(source, of_stranger, of_stranger).decision.status() == 403);
    CHECK(decide(policy{*rejecting}, of_stranger).status() == 403);
    CHECK(decide(std::make_shared<const policy>(*rejecting), of_stranger).status() == 403);
    CHECK(decide(std::make_shared<policy>(*rejecting), of_stranger).status() == 403);
    static constexpr auto checked = corsac::static_policy(
        [] { return corsac::policy_options{.allow_origins = {"https://a.example"}}; });
    CHECK(decide(checked, of_friend).allows());
}

TEST_CASE("a callable chooses, or leaves the request alone") {
    const auto shared = std::make_shared<const policy>(*rejecting);
    const auto source = [&](const request& r) {
        return r.verb == "GET" ? shared : std::shared_ptr<const policy>{};
    };
    CHECK(decide(source, of_stranger).status() == 403);
    CHECK_FALSE(decide(source, routed_request{{.verb = "PUT"}}).governs());
    CHECK_FALSE(decide(of_function, of_stranger).governs());
}

#if defined(__cpp_exceptions)
TEST_CASE("where the callable throws, the answer is 500 and shares nothing") {
    const auto source = [](const request& r) -> const policy* {
        if (r.verb == "GET") throw 1;
        return &*lenient;
    };
    const corsac::decision d = decide(source, of_friend);
    CHECK(d.status() == 500);
    CHECK(corsac::name_of(d.outcome()) == "policy_unknown");
    CHECK_FALSE(d.allows());
    support::response response{{"access-control-allow-origin", "*"}};
    corsac::apply(d, response);
    CHECK(response.summary().view() == "");
    CHECK(decide(source, routed_request{{"POST", {{{"Origin", "https://a.example"}}}}}).allows());
}
#endif

TEST_CASE("a table's policy with a matcher, found through an adapter, asks the matcher") {
    corsac::policy_table_builder builder;
    const auto route = builder.add_route({.name = "site"});
    builder.add_match(builder.add_rule(route, ""), {.path = "/"});
    builder.attach(route,
                   *corsac::make_policy({.allow_origins = {"https://b.test"},
                                         .allow_credentials = true,
                                         .reject_disallowed = true},
                                        corsac::origin_if{[](std::string_view origin) {
                                            return origin == "https://a.example";
                                        }}),
                   {});
    const corsac::policy_table table = *std::move(builder).build();
    const auto check = [&](const auto& source) {
        CHECK(decide(source, of_friend).allows());
        CHECK(decide(source, of_stranger).status() == 403);
    };
    check(table);
    check(std::make_shared<const corsac::policy_table>(table));
    check(corsac::live_table{table});
    check(corsac::observed(table, [](const corsac::decision&) {}));
    const corsac::debug_switch debugging;
    debugging.set(true);
    check(corsac::debuggable(table, debugging));
}

TEST_CASE("a table is asked for the path that the router goes by") {
    corsac::policy_table_builder builder;
    const auto route = builder.add_route({.name = "site"});
    const auto attach = [&](std::string_view path, corsac::policy_id which) {
        const auto rule = builder.add_rule(route, path);
        builder.add_match(rule, {.path = path});
        builder.attach({rule, corsac::attachment_level::rule}, which, {});
    };
    attach("/", builder.add_policy(*lenient));
    attach("/admin", builder.add_closed_policy());
    const auto table = std::move(builder).build();
    REQUIRE(table);
    routed_request asks = of_friend;
    CHECK(decide(*table, asks).allows());
    asks.verb = "HEAD";
    CHECK(decide(*table, asks).allows());
    asks.verb = "GET";
    asks.routed = "/admin/users?";  // a decoded question mark is part of the path
    CHECK_FALSE(decide(*table, asks).allows());
    CHECK_FALSE(decide(std::make_shared<const corsac::policy_table>(*table), asks).allows());
}

TEST_CASE("a request sees one policy from its beginning to its end, the next one another") {
    const corsac::live_policy live{*lenient};
    const auto source = corsac::detail::as_policy_source(live);
    const auto first = corsac::detail::govern(source, of_stranger, of_stranger);
    live.replace(*rejecting);
    CHECK(first.decision.status() == 0);
    CHECK_FALSE((**first.policy).options().reject_disallowed);
    CHECK(corsac::detail::govern(source, of_stranger, of_stranger).decision.status() == 403);
    CHECK_FALSE(live.replace(corsac::policy_options{}).empty());  // no origins: the old one stays
    CHECK(corsac::detail::govern(source, of_stranger, of_stranger).decision.status() == 403);
}

TEST_CASE("decisions are answered for developers while a switch is on") {
    const corsac::debug_switch debugging;
    std::string seen;
    const auto source = corsac::detail::as_policy_source(
        corsac::observed(corsac::debuggable(*lenient, debugging), [&](const corsac::decision& d) {
            seen.append(corsac::name_of(d.outcome())).append(";");
        }));
    const routed_request asks{
        {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}}};
    const auto answer = [&] {
        const auto governed = corsac::detail::govern(source, asks, asks);
        corsac::detail::observe(source, governed.decision, asks, asks);
        support::response response;
        corsac::apply(governed.decision, response);
        return std::string(response.summary().view());
    };
    const std::string silent = answer();
    CHECK(silent.find("access-control-allow-origin") == silent.npos);
    debugging.set(true);
    CHECK(answer().starts_with("access-control-allow-origin: https://a.example"));
    CHECK(answer().find("x-cors-explanation: method \"PUT\" is not in allow_methods") !=
          std::string::npos);
    debugging.set(false);
    CHECK(answer() == silent);
    CHECK(seen == "method_not_allowed;method_not_allowed;method_not_allowed;method_not_allowed;");
}

// --- observers -----------------------------------------------------------------------------------

TEST_CASE("an observer sees every governed request once, in the form that it takes") {
    struct framework_request {
        std::string_view from = "10.0.0.1";
    };
    std::string seen;
    const auto show = [&](const auto& policy_or_source, auto observer) {
        const auto source =
            corsac::detail::as_policy_source(corsac::observed(policy_or_source, observer));
        for (const routed_request* asks : {&of_friend, &of_stranger}) {
            const framework_request asked;
            const auto governed = corsac::detail::govern(source, asked, *asks);
            corsac::detail::observe(source, governed.decision, asked, *asks);
        }
    };
    show(*lenient, [&](const corsac::decision& d, const framework_request& r) {
        seen.append(r.from).append(" ").append(corsac::name_of(d.outcome())).append("\n");
    });
    CHECK(seen == "10.0.0.1 allowed\n10.0.0.1 origin_not_allowed\n");
    seen.clear();
    show(*lenient, [&](const corsac::decision& d, const routed_request& view) {
        seen.append(view.verb).append(d.allows() ? " yes\n" : " no\n");
    });
    CHECK(seen == "GET yes\nGET no\n");
    seen.clear();
    show(*lenient, [&](const corsac::decision& d) { seen.append(d.allows() ? "+" : "-"); });
    CHECK(seen == "+-");
    seen.clear();
    const auto twice = corsac::observed(*lenient, [&](const corsac::decision&) { seen += "a"; });
    show(twice, [&](const corsac::decision&) { seen += "b"; });
    CHECK(seen == "baba");
    seen.clear();
    show([](const auto&) -> const policy* { return nullptr; },
         [&](const corsac::decision&) { seen += "!"; });
    CHECK(seen == "");
}

#if defined(__cpp_exceptions)
TEST_CASE("what an observer throws is dropped") {
    const auto source =
        corsac::observed(*lenient, [](const corsac::decision&) -> void { throw 1; });
    const auto governed = corsac::detail::govern(source, of_friend, of_friend);
    corsac::detail::observe(source, governed.decision, of_friend, of_friend);
    CHECK(governed.decision.allows());
}
#endif

}  // namespace
