// SPDX-License-Identifier: MIT
#include <corsac/testing/answer.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace sim = corsac::testing;
using sim::step;

TEST_CASE("an answer sums itself up") {
    sim::answer a;
    CHECK(a);
    CHECK(a.sentence() == "allowed");
    CHECK(a.status == 0);
    CHECK_FALSE(a.timing_allowed);
    CHECK_FALSE(sim::wire_request{}.credentials);
    CHECK_FALSE(sim::request{}.credentials);
    a.headers = {{"X-B", "1"}, {"x-a", "1"}, {"X-b", "2"}};
    CHECK(a.exposed() == std::vector<std::string>{"x-a", "x-b"});
    CHECK(a.exposes("X-A"));
    CHECK_FALSE(a.exposes("ETag"));
    a.verdict = sim::verdict::blocked;
    a.error = "TypeError: x";
    CHECK(a.sentence() == "TypeError: x");
    a.console = {"first.", "second"};
    CHECK(a.sentence() == "first");
    a.advice = "do so";
    CHECK(a.sentence() == "first; do so");
}

TEST_CASE("what a policy decided is the reason, where the browser's verdict rests on it") {
    const sim::made_decision refused{.outcome = corsac::outcome::origin_not_allowed,
                                     .explanation = "who are you"};
    const sim::made_decision allowed{
        .outcome = corsac::outcome::allowed, .allows = true, .explanation = "shared"};
    sim::answer a{.verdict = sim::verdict::blocked,
                  .blocked_at = step::actual_origin_missing,
                  .console = {"no."},
                  .advice = "do so"};
    a.requests = {{.decided = allowed}, {.decided = refused}};
    CHECK(a.outcome() == corsac::outcome::origin_not_allowed);
    CHECK(a.sentence() == "no, because who are you");
    a.requests.back().decided = allowed;
    CHECK(a.sentence() == "no, although: shared; do so");
    a.blocked_at = step::redirect_count;
    CHECK(a.sentence() == "no; do so");
    a.requests.clear();
    CHECK(a.decided() == nullptr);
    CHECK(a.outcome() == corsac::outcome::no_policy);
}

TEST_CASE("an answer says of a header why a script cannot read it") {
    sim::answer a{.type = sim::response_type::cors,
                  .headers = {{"X-A", "1"}},
                  .sent = {"x-a", "x-b", "set-cookie"}};
    CHECK(a.sentence_about("X-A") == "X-A is readable");
    CHECK(a.sentence_about("X-C") == "the response has no X-C");
    CHECK(a.sentence_about("X-B") ==
          "X-B is hidden from scripts; add it to Access-Control-Expose-Headers");
    CHECK(a.sentence_about("Set-Cookie") == "Set-Cookie is never shown to scripts");
    a.requests = {{.decided = sim::made_decision{}}};
    CHECK(a.sentence_about("X-B") == "X-B is hidden from scripts; add it to expose_headers");
    a.headers.clear();
    a.type = sim::response_type::opaque;
    CHECK(a.sentence_about("X-A") == "X-A is hidden, as everything in a response of type opaque");
}
