// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/detail/expression_syntax.hpp>

#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>

#include "interop/matchers/random_expression.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace detail = corsac::interop::detail;

namespace {

/// Pieces of expressions, whole ones and torn ones, likely and unlikely.
constexpr std::string_view pieces[] = {
    // characters
    "a",
    "b",
    "k",
    "s",
    "A",
    "K",
    "S",
    "1",
    "0",
    ".",
    "-",
    "_",
    "/",
    ":",
    "~",
    ",",
    "\n",
    // operators
    "*",
    "+",
    "?",
    "|",
    "(",
    ")",
    "[",
    "]",
    "^",
    "$",
    "{",
    "}",
    "*?",
    "+?",
    "??",
    "**",
    "a|*",
    "()",
    "(|a)",
    "(a|)",
    "a||b",
    // groups and flags
    "(?:",
    "(?i)",
    "(?i:",
    "(?-i:",
    "(?s)",
    "(?m)",
    "(?m:",
    "(?U)",
    "(?ims-U:",
    "(?P<n>",
    "(?<n>",
    "(?-",
    "(?",
    "(?)",
    "(?-)",
    "(?i-)",
    "(?x)",
    "(?#c)",
    "(?=a)",
    "(?!a)",
    "(?>a)",
    "(?P=n)",
    // counted repetitions
    "{2}",
    "{0}",
    "{1,2}",
    "{,2}",
    "{2,}",
    "{02}",
    "{1,",
    "{1001}",
    "{2,1}",
    "{0,}",
    "{2}?",
    "x{1}",
    "{1}{2}",
    "{999999999}",
    "{ 1}",
    // escapes
    "\\",
    "\\.",
    "\\-",
    "\\/",
    "\\_",
    "\\%",
    "\\ ",
    "\\d",
    "\\D",
    "\\w",
    "\\W",
    "\\s",
    "\\S",
    "\\x61",
    "\\x{61}",
    "\\x{6B}",
    "\\x4",
    "\\x{",
    "\\x{}",
    "\\x{110000}",
    "\\x{000061}",
    "\\141",
    "\\01",
    "\\0",
    "\\1",
    "\\12",
    "\\8",
    "\\Q",
    "\\E",
    "\\Qa.b\\E",
    "\\Q\\E",
    "\\A",
    "\\z",
    "\\Z",
    "\\b",
    "\\B",
    "\\C",
    "\\n",
    "\\a",
    "\\f",
    "\\v",
    "\\t",
    "\\y",
    "\\N",
    "\\R",
    "\\h",
    "\\G",
    "\\cA",
    "\\e",
    "\\u0061",
    "\\pL",
    "\\p{Greek}",
    "\\PN",
    "\\p{^L}",
    "\\pX",
    // classes
    "[a-b]",
    "[^a]",
    "[]a]",
    "[^]]",
    "[a\\]b]",
    "[[:alpha:]]",
    "[[:^digit:]]",
    "[[:word:]",
    "[[:foo:]]",
    "[[:upper:]]",
    "[[:lower:]",
    "[:alpha:]",
    "[a-",
    "[-a]",
    "[a-]",
    "[a-b-k]",
    "[\\d-z]",
    "[a-\\d]",
    "[\\w.]",
    "[\\W]",
    "[^\\W]",
    "[^\\s]",
    "[\\x61-\\x{62}]",
    "[^\\x00-\\x60]",
    "[A-Z]",
    "[A-z]",
    "[+--]",
    "[.-/]",
    "[z-a]",
    "[^[:^alpha:]]",
    "[^[:upper:]]",
    "[[:punct:]]",
    "[[:xdigit:]]",
    "[[:graph:]]",
    "[[:ascii:]]",
    "[[:print:]]",
    "[[:blank:]]",
    "[[:cntrl:]]",
    "[[:space:]]",
    "[^[:space:]]",
    "[[:^lower:]]",
    "[!-~]",
    "[^~]",
    "[\\pN]",
    "[\\b]",
    "[\\Q]",
    "[[.a.]]",
    "[[=a=]]",
    "[a&&b]",
    "[[:a]",
    "[]",
    "[^]",
    "[^^]",
    // case
    "(?i)k",
    "(?i)[^k]",
    "(?i)[A-C]",
    "(?i)[^A]",
    "(?i)[[:^lower:]]",
    "(?i)[[:upper:]]",
    "(?i)\\x{212a}",
    "\\x{212A}",
    "\\x{17F}",
    "[\\x{100}-\\x{3000}]",
    // beyond ASCII
    "\xc3\xa4",
    "[\xc3\xa4]",
    "\xe2\x84\xaa",
    "\xc5\xbf",
    "[\xe2\x84\xaa]",
    "[^\xc5\xbf]",
    "\xff",
    "\xc3",
    "\xe0\x80\x80",
    "\xc3(",
    "\xc1\xbf",
    "\xf0\x90\x80\x80",
    "\xf0\x80\x80\x80",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xf0\x90\x80",
};

/// Expressions that end in the middle of something, or count too far.
constexpr std::string_view torn[] = {
    "a{1001}",      "a{1,1001}", "a{1000}",    "a{1,1000}", "a{2,1}",  "a{1,2",       "a{1",
    "a{100000000}", "a{",        "a{1,",       "a{0,0}",    "(?P<n>a", "(?P<n",       "(?P<>a)",
    "(?P<n-o>a)",   "(?P=n)",    "(?P>n)",     "(?i",       "(?",      "(?-",         "(?i-",
    "(?i-s",        "(?--i)",    "(?i-s)a",    "(?i-s:a)",  "\\Qa",    "\\Qa\\E*",    "\\Q",
    "\\",           "\\x",       "\\x{",       "\\x{61",    "\\x{61}", "\\x{110000}", "\\x{10ffff}",
    "\\x6",         "[a\\",      "[a",         "[",         "[^",      "[a-",         "[[:alpha:",
    "[[:alpha",     "\\p{Greek", "\\p{Greek}", "\\p",       "\\pL",    "a**",         "a*?*",
    "*a",           "(*a)",      "a|*",        "(",         ")",       "(a",          "a)",
    "\\8",          "\\1",       "\\12",       "\\012",     "\\0",     "$^",
};

/// Every text of up to three of these, among them what case makes of letters beyond ASCII.
std::vector<std::string> short_texts() {
    std::vector<std::string> all{""};
    for (std::size_t begin = 0, length = 0; length < 3; ++length) {
        const std::size_t end = all.size();
        for (; begin != end; ++begin) {
            for (const char c : std::string_view("abkSA1.-_/:+]~")) all.push_back(all[begin] + c);
        }
    }
    return all;
}

}  // namespace

TEST_CASE("what RE2 refuses is not understood, whole or torn") {
    const auto check = [](std::string_view expression) {
        const std::string text(expression);
        CAPTURE(text);
        const detail::expression_tree tree = detail::expression_parser(text).parse();
        if (!RE2(text, RE2::Quiet).ok()) CHECK_FALSE(tree.not_understood.empty());
    };
    for (const std::string_view piece : pieces) check(piece);
    for (const std::string_view piece : torn) check(piece);
    for (const std::string_view piece : torn) check("(?i)https://" + std::string(piece) + "$");
}

TEST_CASE("expressions are read as RE2 reads them, or not at all") {
    const std::vector<std::string> texts = short_texts();
    dice roll(20261127);
    int compiled = 0, understood = 0, matched = 0;
    for (int i = 0; i < 40000; ++i) {
        std::string expression;
        for (std::size_t n = 1 + roll.below(6); n != 0; --n) expression += roll.any_of(pieces);
        const RE2 re2(expression, RE2::Quiet);
        if (!re2.ok()) continue;
        CAPTURE(expression);
        ++compiled;
        const detail::expression_tree tree = detail::expression_parser(expression).parse();
        if (!tree.not_understood.empty()) {
            const std::string_view part = std::string_view(tree.not_understood).substr(0, 2);
            CHECK((part == "\\p" || part == "\\P" || part == "\\b" || part == "\\B"));
            continue;
        }
        ++understood;
        const detail::expression_automaton automaton(tree);
        if (automaton.too_large()) continue;
        for (int n = 0; n < 60; ++n) {
            const std::string& text =
                n < 15 ? texts[static_cast<std::size_t>(n)] : roll.any_of(texts);
            detail::step_budget budget(detail::max_proof_steps);
            detail::automaton_steps steps(automaton, budget);
            const bool matches = RE2::FullMatch(text, re2);
            matched += matches ? 1 : 0;
            if (steps.accepts(text) != matches) {
                CAPTURE(text);
                FAIL_CHECK("RE2 says otherwise");
                break;
            }
        }
    }
    CHECK(compiled > 10000);
    CHECK(understood > 8000);
    CHECK(matched > 5000);
}
