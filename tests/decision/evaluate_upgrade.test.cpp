// SPDX-License-Identifier: MIT
#include <corsac/decision/evaluate_upgrade.hpp>

#include <corsac/corsac.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {

using corsac::policy_options;

struct row {
    std::string_view about;
    policy_options options;
    support::request asks;
    int status;  // 0: the handshake goes on
    std::string_view outcome;
};

constexpr policy_options listing() {
    return {.allow_origins = {"https://app.example", "https://*.team.example"}};
}
constexpr support::request from(std::string_view origin) {
    return {"GET", {{{"Host", "api.example"}, {"Upgrade", "websocket"}, {"Origin", origin}}}};
}

constexpr auto check(const row& r) {
    const auto policy = corsac::make_policy(r.options);
    const corsac::decision d = corsac::evaluate_upgrade(*policy, r.asks);
    support::response response{{"access-control-allow-origin", "*"}};
    corsac::apply(d, response);
    return d.status() == r.status && corsac::name_of(d.outcome()) == r.outcome &&
           (r.options.shadow || response.summary().view() == "");
}

const row rows[] = {
    {"a listed origin", listing(), from("https://app.example"), 0, "allowed"},
    {"one that a pattern lists", listing(), from("https://a.team.example"), 0, "allowed"},
    {"a stranger", listing(), from("https://evil.example"), 403, "origin_not_allowed"},
    {"no browser", listing(), {"GET", {{{"Host", "api.example"}}}}, 0, "not_cors"},
    {"the server's own page", listing(), from("https://api.example"), 0, "allowed"},
    {"an application's page whose host is called like the server", listing(),
     from("app://api.example"), 403, "origin_not_allowed"},
    {"the server's own page, as the browser says",
     listing(),
     {"GET", {{{"Origin", "https://behind.example"}, {"Sec-Fetch-Site", "same-origin"}}}},
     0,
     "allowed"},
    {"another page, as the browser says, whatever Host is",
     listing(),
     {"GET",
      {{{"Host", "evil.example"},
        {"Origin", "https://evil.example"},
        {"Sec-Fetch-Site", "cross-site"}}}},
     403,
     "origin_not_allowed"},
    {"own_origins, behind a proxy that rewrites Host",
     {.allow_origins = {"https://app.example"}, .own_origins = {"https://shop.example"}},
     from("https://shop.example"),
     0,
     "allowed"},
    {"never because of a *",
     {.allow_origins = {"*"}},
     from("https://evil.example"),
     403,
     "origin_not_allowed"},
    {"never because of https://*",
     {.allow_origins = {"https://*"}},
     from("https://evil.example"),
     403,
     "origin_not_allowed"},
    {"what is listed beside a *",
     {.allow_origins = {"*", "https://app.example"}},
     from("https://app.example"),
     0,
     "allowed"},
    {"never from null, though it is listed",
     {.allow_origins = {"null", "https://app.example"}},
     from("null"),
     403,
     "null_origin_not_allowed"},
    {"from null, where somebody meant it",
     {.allow_origins = {"null"},
      .allow_credentials = true,
      .dangerously_allow_null_origin_with_credentials = true},
     from("null"),
     0,
     "allowed"},
    {"not an origin", listing(), from("https://app.example/"), 403, "origin_malformed"},
    {"two of them",
     listing(),
     {"GET", {{{"Origin", "https://app.example"}, {"Origin", "https://app.example"}}}},
     403,
     "several_origins"},
    {"a policy in shadow refuses nothing",
     {.allow_origins = {"https://app.example"}, .shadow = true},
     from("https://evil.example"),
     0,
     "origin_not_allowed"},
};

TEST_CASE("a WebSocket handshake goes on for listed origins, one's own, and no browser") {
    for (const row& r : rows) {
        INFO(r.about);
        CHECK(check(r));
    }
}

TEST_CASE("matchers are asked, and one that throws is no grant") {
    const auto asks = [](auto predicate, std::string_view origin) {
        const auto policy =
            corsac::make_policy({}, corsac::origin_if{[predicate](std::string_view o) {
                                    return o.ends_with(".example") && predicate(o);
                                }});
        REQUIRE(policy);
        return corsac::evaluate_upgrade(*policy, from(origin)).status();
    };
    CHECK(asks([](std::string_view) { return true; }, "https://a.example") == 0);
    CHECK(asks([](std::string_view) { return true; }, "https://a.test") == 403);
    CHECK(asks([](std::string_view) { return true; }, "http://a.example") == 0);
    const auto trusting = corsac::make_policy(
        {.allow_credentials = true},
        corsac::origin_if{[](std::string_view o) { return o.ends_with("://a.example"); }});
    CHECK(corsac::evaluate_upgrade(*trusting, from("https://a.example")).status() == 0);
    CHECK(corsac::evaluate_upgrade(*trusting, from("http://a.example")).status() == 403);
#if defined(__cpp_exceptions)
    CHECK(asks([](std::string_view o) -> bool { throw o; }, "https://a.example") == 500);
#endif
}

TEST_CASE("a handshake is an actual request, has its policy, and says whose it was") {
    const auto policy = corsac::make_policy(listing());
    const auto decide = [&](const support::request& r) {
        return corsac::evaluate_upgrade(*policy, r);
    };
    CHECK(decide(from("https://app.example")).kind() == corsac::request_kind::actual);
    CHECK(decide(from("https://evil.example")).kind() == corsac::request_kind::actual);
    CHECK(decide({"GET", {{{"Host", "api.example"}}}}).kind() == corsac::request_kind::not_cors);
    CHECK(bool{decide(from("https://evil.example")).fields().rules});
    CHECK(corsac::explain(decide(from("https://evil.example"))).view() ==
          R"(origin "https://evil.example" is not in allow_origins; add it if you trust that site )"
          "(request rejected)");
#if defined(__cpp_exceptions)
    const auto throwing =
        corsac::make_policy({}, corsac::origin_if{[](std::string_view o) -> bool { throw o; }});
    const support::request asks = from("https://app.example");
    CHECK(corsac::explain(corsac::evaluate_upgrade(*throwing, asks)).view() ==
          R"(origin "https://app.example" could not be checked: the matcher of the policy threw )"
          "an exception (request rejected)");
#endif
}

}  // namespace
