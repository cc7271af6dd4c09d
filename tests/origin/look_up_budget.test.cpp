// SPDX-License-Identifier: MIT
#include <corsac/origin/look_up_budget.hpp>

#include "origin/set_of.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

namespace {

using support::pattern_of;
using support::set_of;

struct row {
    const char* about;
    std::string_view first;
    std::string_view second;
    std::size_t look_ups;  ///< beyond those of the list
};

constexpr row rows[] = {
    {"what has no wildcard costs no more", "https://a.example", "http://localhost:*", 0},
    {"nor does any origin", "*", "null", 0},
    {"subdomains cost one for each number of labels", "https://*.a.example",
     "https://*.b.a.example", 2},
    {"whatever the labels, and the scheme", "https://*.a.example", "http://*.bc.example", 1},
    {"and one more on any port", "https://*.a.example", "https://*.a.example:*", 2},
    {"another port is nothing else", "https://*.a.example", "https://*.a.example:8443", 1},
    {"any host has no label", "https://*", "https://*.example", 2},
    {"a * inside a label costs two", "https://a.example", "https://a-*.x.example", 2},
    {"the same pattern twice", "https://a-*.x.example", "https://A-*.x.example", 2},
    {"on any port", "https://a-*.x.example", "https://a-*.x.example:*", 4},
    {"a longer domain", "https://a-*.x.example", "https://a-*.xx.example", 4},
    {"another scheme", "https://a-*.x.example", "http://a-*.x.example", 4},
    {"parts of labels with as much around them", "https://a-*.x.example", "https://b-*.y.example",
     2},
    {"another place of the *", "https://ab-*.example.com", "https://a*b-.example.com", 4},
    {"each network costs one", "https://10.0.0.0/8", "https://192.168.0.0/16", 2},
    {"beside patterns, too", "https://10.0.0.0/8", "https://*.a.example", 2},
};

constexpr bool fits(const row& r, std::size_t look_ups) {
    corsac::look_up_budget budget{look_ups};
    return budget.take_list() && budget.take_entry(pattern_of(r.first)) &&
           budget.take_entry(pattern_of(r.second));
}

/// What is counted entry by entry is what a set says of itself.
constexpr bool holds(const row& r) {
    const std::size_t expected = corsac::look_ups_of_list + r.look_ups;
    return fits(r, expected) && !fits(r, expected - 1) &&
           set_of({r.first, r.second}).look_ups() == expected;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("what entries cost a request is counted in look-ups") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
    CHECK(set_of({}).look_ups() == 0);
}

TEST_CASE("what there is no room for is told once") {
    corsac::look_up_budget budget{corsac::look_ups_of_list + 1};
    CHECK(budget.take_list());
    CHECK(budget.take_entry(pattern_of("https://*.a.example")));
    CHECK_FALSE(budget.take_entry(pattern_of("https://10.0.0.0/8")));
    CHECK(budget.take_entry(pattern_of("https://a-*.a.example")));
    CHECK(budget.take_list());
    CHECK(budget.take(1));
}

}  // namespace
