// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/detail/expression_filter.hpp>

#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/expression_syntax.hpp>
#include <corsac/interop/matchers/detail/position_automaton.hpp>

#include "interop/matchers/proof_oracle.hpp"
#include "interop/matchers/random_expression.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>
#include <string_view>
#include <vector>

namespace detail = corsac::interop::detail;

namespace {

detail::expression_automaton automaton_of(std::string_view expression) {
    return detail::expression_automaton(detail::expression_parser(expression).parse());
}

}  // namespace

TEST_CASE("a filter says what RE2 says, in every of its forms") {
    const char* const expressions[] = {
        R"(https://example\.com)",
        R"(https://([a-z0-9-]+\.)*example\.com(:\d+)?)",
        R"(^https?://(a|b|ab)*\.a\.b$)",
        R"((?i)https://.*A\.B)",
        R"(https://.*a.{12}\.a\.b)",  // many states from its front
        R"(https://.{0,3}a.{9}.*\.a\.b)",
        R"(https://[ab]*a[ab]{11}b[ab]*\.a\.b)",  // from both ends
        R"(https://(a?b?[ab]?)*a[ab]{12}b(a|b)*)",
        R"(https://(ab?|b[ab]{3})+a.{9}b.*)",
        R"(https://[ab]{1,63}\.a)",
        R"(.*)",
        R"(https://a$b)",
        R"(a$b)",  // of which nothing leads to the end
        R"(https://)",
        R"(|https://a)",
    };
    dice roll(20261128);
    for (const char* expression : expressions) {
        const std::string text = expression;
        CAPTURE(text);
        const RE2 re2(text, RE2::Quiet);
        REQUIRE(re2.ok());
        const detail::expression_automaton automaton = automaton_of(text);
        detail::step_budget budget(detail::max_proof_steps);
        const detail::position_automaton positions(automaton, budget);
        REQUIRE(positions.complete);
        const detail::filter_table backward(positions, true), forward(positions, false);
        const detail::filter_simulation simulation(positions);
        const detail::expression_filter filter(automaton);
        CHECK(static_cast<bool>(filter));
        for (int n = 0; n < 3000; ++n) {
            std::string origin = roll.one_in(9) ? "http://" : "https://";
            for (std::size_t length = roll.below(40); length != 0; --length) {
                origin += roll.any_of(std::string_view("ababab."));
            }
            if (roll.one_in(2)) origin += roll.one_in(2) ? ".a.b" : "example.com";
            if (roll.one_in(9)) origin += ":80";
            const bool matches = RE2::FullMatch(origin, re2);
            const bool agree = filter.may_match(origin) == matches &&
                               simulation.matches(origin) == matches &&
                               (!backward || backward.matches(origin) == matches) &&
                               (!forward || forward.matches(origin) == matches);
            if (!agree) {
                CAPTURE(origin);
                FAIL_CHECK("RE2 says otherwise");
            }
        }
    }
    // The forms are there for what they are there for.
    const auto tables = [](const char* expression) {
        const detail::expression_automaton automaton = automaton_of(expression);
        detail::step_budget budget(detail::max_proof_steps);
        const detail::position_automaton positions(automaton, budget);
        return std::vector<bool>{static_cast<bool>(detail::filter_table(positions, true)),
                                 static_cast<bool>(detail::filter_table(positions, false))};
    };
    CHECK(tables(R"(https://.*a.{12}\.a\.b)") == std::vector<bool>{true, false});
    CHECK(tables(R"(https://a.{12}a.*)") == std::vector<bool>{false, true});
    CHECK(tables(R"(https://[ab]*a[ab]{11}b[ab]*\.a\.b)") == std::vector<bool>{false, false});
}

TEST_CASE("random expressions have filters that agree with RE2") {
    dice roll(20261129);
    int matched = 0, refused = 0;
    for (int i = 0; i < 2000; ++i) {
        expression_maker make(roll, "ab.1-:/");
        const random_node tree = make.origin();
        const std::string expression = spell(tree, roll);
        const RE2 re2(expression, RE2::Quiet);
        if (!re2.ok()) continue;
        CAPTURE(expression);
        const detail::expression_filter filter(automaton_of(expression));
        if (!filter) continue;
        for (int n = 0; n < 20; ++n) {
            std::string origin;
            sample(tree, roll, origin);
            if (n % 2 == 1) origin = mutate(origin, roll);
            if (origin.empty()) continue;
            const bool matches = RE2::FullMatch(origin, re2);
            ++(matches ? matched : refused);
            // RE2 may forget one case of a letter: A does not match `a|(?i:a)`.
            if (!matches && lower(origin) != origin) continue;
            if (filter.may_match(origin) != matches) {
                CAPTURE(origin);
                FAIL_CHECK("RE2 says otherwise");
            }
        }
    }
    CHECK(matched > 5000);
    CHECK(refused > 5000);
}

TEST_CASE("without a filter every origin may match") {
    const detail::expression_filter none(automaton_of(std::string(300, 'a')));
    CHECK_FALSE(static_cast<bool>(none));
    CHECK(none.may_match("https://a.example"));
    const detail::expression_filter too_large(automaton_of("((a{1000}){1000}){1000}"));
    CHECK(too_large.may_match("https://a.example"));
}
