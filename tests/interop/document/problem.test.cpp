// SPDX-License-Identifier: MIT
#include <corsac/interop/document/problem.hpp>

#include <doctest/doctest.h>

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
