// SPDX-License-Identifier: MIT
#include <corsac/origin/origin_set_builder.hpp>

#include "origin/set_of.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace {

using corsac::text_list;
using support::pattern_of;
using support::set_of;

struct row {
    const char* about;
    std::string_view first;
    std::string_view second;
    bool is_another;
};

constexpr row rows[] = {
    {"the same origin", "https://a.example", "https://a.example", false},
    {"the same in another spelling", "https://a.example", "HTTPS://A.Example:443", false},
    {"an IPv6 address in another spelling", "http://[::1]", "http://[0:0:0:0:0:0:0:1]", false},
    {"another host", "https://a.example", "https://b.example", true},
    {"another scheme", "https://a.example", "http://a.example", true},
    {"another port", "https://a.example", "https://a.example:8443", true},
    {"any port is not one", "http://localhost", "http://localhost:*", true},
    {"any port twice", "http://localhost:*", "HTTP://localhost:*", false},
    {"subdomains twice", "https://*.a.example", "https://*.A.example", false},
    {"subdomains are not the domain", "https://a.example", "https://*.a.example", true},
    {"subdomains on any port", "https://*.a.example", "https://*.a.example:*", true},
    {"the same bytes on another side of the *", "https://ab-*.example.com",
     "https://a*b-.example.com", true},
    {"any host twice", "https://*", "https://*", false},
    {"any host on any port", "https://*", "https://*:*", true},
    {"any origin twice", "*", "*", false},
    {"any origin is not any host", "*", "https://*", true},
    {"null twice", "null", "null", false},
};

constexpr bool holds(const row& r) {
    text_list repeated;
    const corsac::origin_set set = set_of({r.first, r.second}, repeated);
    text_list entries;
    set.append_to(entries);
    return r.is_another ? repeated.empty() && entries.size() == 2
                        : repeated == text_list{r.second} && entries.size() == 1;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("an entry is taken once, however it is spelled") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

constexpr bool entries_are_given_back_in_order() {
    const corsac::origin_set set =
        set_of({"https://*.b.example:*", "HTTPS://A.example:443", "null", "http://localhost:*",
                "https://app-*.a.example", "https://*.b.example:*", "https://*:8443"});
    text_list entries{"before"};
    set.append_to(entries);
    return entries == text_list{"before",        "https://*.b.example:*", "https://a.example",
                                "null",          "http://localhost:*",    "https://app-*.a.example",
                                "https://*:8443"};
}
static_assert(entries_are_given_back_in_order());

TEST_CASE("a set gives its entries back, in the order given and in canonical spelling") {
    CHECK(entries_are_given_back_in_order());
    text_list none;
    set_of({}).append_to(none);
    CHECK(none.empty());
}

constexpr bool any_origin_is_known() {
    return set_of({"https://a.example", "*"}).allows_any() && !set_of({"https://*"}).allows_any() &&
           !set_of({}).allows_any();
}
static_assert(any_origin_is_known());

TEST_CASE("each repetition is told, wherever it stands") {
    text_list repeated;
    const corsac::origin_set set =
        set_of({"https://a.example", "null", "https://A.example", "https://*.a.example", "null",
                "https://a.example:443", "https://b.example"},
               repeated);
    CHECK(repeated == text_list{"https://A.example", "null", "https://a.example:443"});
    CHECK(set == set_of({"https://a.example", "null", "https://*.a.example", "https://b.example"}));
}

TEST_CASE("sets of the same entries are equal") {
    CHECK(set_of({"https://a.example", "https://*.a.example"}) ==
          set_of({"HTTPS://a.example:443", "https://*.A.example"}));
    CHECK_FALSE(set_of({"https://a.example"}) == set_of({"https://b.example"}));
    CHECK_FALSE(set_of({"https://a.example"}) == set_of({"https://a.example:*"}));
    CHECK_FALSE(set_of({"https://a.example"}) == set_of({}));
}

TEST_CASE("many entries that are repeated leave each there once") {
    text_list often;
    for (int round = 0; round < 3; ++round) {
        for (int i = 0; i < 100; ++i) {
            often.push_back("https://" + std::string(50, 'a') + std::to_string(i) + ".example");
        }
    }
    text_list repeated;
    const corsac::origin_set set = set_of(often, repeated);
    CHECK(repeated.size() == 200);
    for (int i = 0; i < 200; ++i) {
        const std::string origin =
            "https://" + std::string(50, 'a') + std::to_string(i) + ".example";
        CHECK(set.match(origin, corsac::judged).empty() == (i >= 100));
    }
}

// --- shapes --------------------------------------------------------------------------------------

struct shape_row {
    const char* about;
    std::string_view first;
    std::string_view second;
    std::size_t shapes;
};

constexpr shape_row shape_rows[] = {
    {"what has no wildcard has no shape", "https://a.example", "http://localhost:*", 0},
    {"nor has any origin", "*", "null", 0},
    {"nor what begins with a *", "https://*.a.example", "https://*:8443", 0},
    {"part of a label has one", "https://*.ab.example", "https://*-a.example", 1},
    {"the same pattern twice", "https://a-*.x.example", "https://A-*.x.example", 1},
    {"on any port", "https://a-*.x.example", "https://a-*.x.example:*", 2},
    {"a longer domain", "https://a-*.x.example", "https://a-*.xx.example", 2},
    {"another scheme", "https://a-*.x.example", "http://a-*.x.example", 2},
    {"parts of labels with as much around them", "https://a-*.x.example", "https://b-*.y.example",
     1},
    {"another place of the *", "https://ab-*.example.com", "https://a*b-.example.com", 2},
};

constexpr bool is_counted(const shape_row& r) {
    corsac::entry_counter counter;
    counter.add(pattern_of(r.first));
    counter.add(pattern_of(r.second));
    return counter.shapes() == r.shapes;
}

static_assert(support::every_row_holds<&shape_rows, is_counted>());

TEST_CASE("patterns of one shape are counted once") {
    for (const shape_row& r : shape_rows) {
        CAPTURE(r.about);
        CHECK(is_counted(r));
    }
}

TEST_CASE("counting stops at one over the limit, and each of as many shapes is found") {
    corsac::entry_counter counter;
    text_list entries;
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t after = 0; after < 20; ++after) {
            const std::string entry = "https://" + std::string(before, 'a') + "-*-" +
                                      std::string(after, 'b') + ".example.com";
            counter.add(pattern_of(entry));
            if (counter.shapes() <= corsac::max_pattern_shapes) entries.push_back(entry);
        }
    }
    CHECK(counter.shapes() == corsac::max_pattern_shapes + 1);
    REQUIRE(entries.size() == corsac::max_pattern_shapes);
    const corsac::origin_set set = set_of(entries);
    for (const std::string_view entry : entries) {
        std::string origin{entry};
        origin.replace(origin.find('*'), 1, "7");
        CHECK(set.matching_entry(origin, corsac::judged) == entry);
    }
    CHECK(set.match("https://aaaaaaaaaaaaaaaaaaaa-7-b.example.com", corsac::judged).empty());
}

}  // namespace
