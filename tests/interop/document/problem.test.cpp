// SPDX-License-Identifier: MIT
#include <corsac/interop/document/problem.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>

namespace interop = corsac::interop;

namespace {

struct row {
    const char* about;
    interop::manifest_problem problem;
    const char* text;
};

}  // namespace

TEST_CASE("a problem is one line") {
    const row rows[] = {
        {"an error in a field",
         {true, "HTTPRoute n/r", "spec.rules[0]", "is no rule"},
         "error: HTTPRoute n/r, spec.rules[0]: is no rule"},
        {"a warning",
         {false, "HTTPRoute n/r", "spec", "has no effect"},
         "warning: HTTPRoute n/r, spec: has no effect"},
        {"of an object as a whole",
         {true, "HTTPRoute n/r", "", "is there twice"},
         "error: HTTPRoute n/r: is there twice"},
        {"of no object that is known", {true, "", "spec", "is missing"}, "error: spec: is missing"},
        {"of the input as a whole", {true, "", "", "is too long"}, "error: is too long"},
        {"by the rules of one profile",
         {true, "HTTPRoute n/r", "spec", "is wrong", "gateway_api"},
         "error: HTTPRoute n/r, spec: is wrong (profile gateway_api)"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(r.problem.text() == r.text);
    }
}

TEST_CASE("problems are counted, and stay in the order in which they were found") {
    interop::manifest_problems problems;
    CHECK(problems.empty());
    problems.warning("a", "b", "first");
    CHECK_FALSE(problems.empty());
    problems.error("a", "c", "second");
    problems.warning("a", "d", "third");
    CHECK(problems.errors() == 1);
    CHECK(problems.warnings() == 2);
    std::string all;
    for (const interop::manifest_problem& problem : problems) all += problem.text() + '\n';
    CHECK(all == "warning: a, b: first\nerror: a, c: second\nwarning: a, d: third\n");
}

TEST_CASE("problems that are taken over are those of a profile") {
    interop::manifest_problems problems, more;
    problems.error("a", "", "mine");
    more.error("b", "", "wrong");
    more.warning("b", "", "doubtful");
    problems.append(std::move(more), "extended");
    CHECK(problems.errors() == 2);
    CHECK(problems.warnings() == 1);
    std::string all;
    for (const interop::manifest_problem& problem : problems) all += problem.text() + '\n';
    CHECK(all == "error: a: mine\nerror: b: wrong (profile extended)\n"
                 "warning: b: doubtful (profile extended)\n");
}

TEST_CASE("what a manifest holds never reaches a terminal as it is") {
    struct text_row {
        const char* about;
        std::string received;
        const char* shown;
    };
    const text_row rows[] = {
        {"a line break, which would begin a line of its own", "r\nreloaded x", "r\\x0areloaded x"},
        {"an escape sequence", "\x1b[31mred", "\\x1b[31mred"},
        {"the byte zero", std::string("a\0b", 3), "a\\x00b"},
        {"U+009B, an escape sequence of one character",
         "\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"},
        {"U+202E, which turns text around",
         "\xe2\x80\xae"
         "abc",
         "\\xe2\\x80\\xaeabc"},
        {"letters of any language stay", "caf\xc3\xa9 \xe2\x80\xa6", "caf\xc3\xa9 \xe2\x80\xa6"},
        {"a character that is cut off", "\xe2\x80", "\\xe2\\x80"},
        {"a byte that begins none", "a\xff", "a\\xff"},
    };
    for (const text_row& r : rows) {
        CAPTURE(r.about);
        interop::manifest_problems problems;
        problems.error(r.received, r.received, r.received);
        const std::string shown = r.shown;
        CHECK(problems.begin()->text() == "error: " + shown + ", " + shown + ": " + shown);
    }
}

TEST_CASE("a long text is cut between two characters") {
    const auto kept = [](const std::string& message) {
        interop::manifest_problems problems;
        problems.error("", "", message);
        return problems.begin()->message;
    };
    const std::size_t most = interop::max_problem_text;
    CHECK(kept(std::string(most, 'a')) == std::string(most, 'a'));
    CHECK(kept(std::string(most + 1, 'a')) == std::string(most, 'a') + "…");
    CHECK(kept(std::string(most - 1, 'a') + "\xc3\xa4") == std::string(most - 1, 'a') + "…");
    CHECK(kept(std::string(most - 3, 'a') + "\xf0\x9f\x98\x80") ==
          std::string(most - 3, 'a') + "…");
    // No text at all.
    CHECK(kept(std::string(2 * most, '\x80')).size() <= most + std::string("…").size());
}

TEST_CASE("number and size of problems are bounded") {
    interop::manifest_problems problems;
    for (std::size_t i = 0; i < interop::max_manifest_problems + 7; ++i) {
        problems.error(std::string(1 << 20, 'o'), "p", std::string(1 << 10, 'm'));
    }
    problems.warning("a", "b", "c");
    CHECK(problems.errors() == interop::max_manifest_problems + 7);
    CHECK(problems.warnings() == 1);
    CHECK(problems.omitted() == 7);
    std::size_t kept = 0;
    for (const interop::manifest_problem& problem : problems) {
        ++kept;
        CHECK(problem.object.size() + problem.message.size() < 2 * interop::max_problem_text + 8);
    }
    CHECK(kept == interop::max_manifest_problems + 1);
    interop::manifest_problems all;
    all.append(std::move(problems), "kgateway");
    CHECK(all.errors() == interop::max_manifest_problems + 7);
    CHECK(all.omitted() == 7);
}
