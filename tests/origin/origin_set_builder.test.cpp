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

TEST_CASE("each of many patterns is found, wherever its * stands") {
    text_list entries;
    for (std::size_t before = 0; before < 20; ++before) {
        for (std::size_t after = 0; after < 20; ++after) {
            entries.push_back("https://" + std::string(before, 'a') + "-*-" +
                              std::string(after, 'b') + ".example.com" +
                              (before % 2 == 0 ? "" : ":*"));
        }
    }
    const corsac::origin_set set = set_of(entries);
    CHECK(set.look_ups() == corsac::look_ups_of_list + 400 * corsac::look_ups_in_label);
    for (const std::string_view entry : entries) {
        std::string origin{entry};
        origin.replace(origin.find('*'), 1, "7");
        if (origin.back() == '*') origin.resize(origin.size() - 2);
        CHECK_FALSE(set.match(origin, corsac::judged).empty());
        if (entry.back() != '*') CHECK(set.matching_entry(origin, corsac::judged) == entry);
    }
    CHECK(set.match("https://aaaaaaaaaaaaaaaaaaaa-7-b.example.com", corsac::judged).empty());
}

}  // namespace
