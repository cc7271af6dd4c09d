// SPDX-License-Identifier: MIT
#include <corsac/text_list.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <iterator>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

using corsac::text_list;

static_assert(std::forward_iterator<text_list::iterator>);
static_assert(!std::is_constructible_v<text_list, std::string>, "one text is no list");
static_assert(!std::is_constructible_v<text_list, const char*>, "one text is no list");
static_assert(!std::is_constructible_v<text_list, std::vector<int>>, "numbers are no texts");
static_assert(std::is_convertible_v<std::vector<std::string>, text_list>);
static_assert(std::is_convertible_v<const std::array<std::string_view, 2>&, text_list>);

struct row {
    const char* about;
    bool (*holds)();
};

constexpr row rows[] = {
    {"a new list is empty",
     [] {
         const text_list list;
         return list.empty() && list.size() == 0 && list.begin() == list.end();
     }},
    {"items stay in the order in which they are added",
     [] {
         text_list list{"b", "a"};
         list.push_back("c");
         return list.size() == 3 && !list.empty() && list[0] == "b" && list[1] == "a" &&
                list[2] == "c";
     }},
    {"an empty item is an item",
     [] {
         const text_list list{"", "a", ""};
         return list.size() == 3 && list[0].empty() && list[1] == "a" && list[2].empty();
     }},
    {"every item is NUL-terminated",
     [] {
         const text_list list{"a", "", "bc"};
         for (const std::string_view item : list) {
             if (item.data()[item.size()] != '\0') return false;
         }
         return true;
     }},
    {"a NUL is a byte like any other",
     [] {
         const text_list list{std::string_view{"a\0b", 3}, "c"};
         return list.size() == 2 && list[0].size() == 3 && list[0][2] == 'b' && list[1] == "c";
     }},
    {"lists are equal if their items are, wherever a NUL divides the bytes",
     [] {
         const text_list list{std::string_view{"a\0b", 3}, "c"};
         return list == text_list{std::string_view{"a\0b", 3}, "c"} &&
                list != text_list{"a", std::string_view{"b\0c", 3}} &&
                list != text_list{"a", "b"} && list != text_list{"a", "b", "c"};
     }},
    {"the list owns its texts",
     [] {
         char text[] = {'a', 'b'};
         const text_list list{std::string_view{text, 2}};
         text[0] = 'x';
         return list[0] == "ab";
     }},
    {"a list may append its own items",
     [] {
         text_list list{"https://a.example"};
         for (std::size_t i = 0; i < 9; ++i) list.push_back(list[i]);
         return list.size() == 10 && list[9] == "https://a.example";
     }},
    {"a copy has its own texts",
     [] {
         text_list list{"a"};
         const text_list copy = list;
         list.push_back("b");
         return copy.size() == 1 && copy[0] == "a" && list.size() == 2;
     }},
    {"a list can be moved and assigned",
     [] {
         text_list list{"a", "b"};
         text_list moved = std::move(list);
         text_list assigned{"c"};
         assigned = std::move(moved);
         return assigned == text_list{"a", "b"};
     }},
    {"any range of texts is a list",
     [] {
         const std::string_view views[] = {"a", "b"};
         const char* const literals[] = {"a", "b"};
         const std::array<std::string_view, 2> array{"a", "b"};
         const text_list list{"a", "b"};
         return text_list(views) == list && text_list(literals) == list && text_list(array) == list;
     }},
    {"a list of a list is its copy, not a list of one",
     [] {
         text_list list{"a", "b"};
         return text_list{list} == list && text_list(list) == list;
     }},
    {"lists are equal if their items are, in order",
     [] {
         const text_list list{"a", "b"};
         return list == text_list{"a", "b"} && list != text_list{"b", "a"} &&
                list != text_list{"a"} && list != text_list{"a", "b", ""} &&
                list != text_list{"a", "B"} && text_list{"ab"} != text_list{"a", "b"};
     }},
    {"two items are not one with a NUL in it",
     [] { return text_list{"a", "b"} != text_list{std::string_view{"a\0b", 3}}; }},
    {"iterators visit every item once",
     [] {
         const text_list list{"a", "b", "c"};
         text_list visited;
         for (const std::string_view item : list) visited.push_back(item);
         return visited == list;
     }},
    {"the iterator before an increment stays where it was",
     [] {
         const text_list list{"a", "b"};
         text_list::iterator at = list.begin();
         const text_list::iterator before = at++;
         return *before == "a" && *at == "b" && before != at && ++at == list.end();
     }},
};

constexpr bool holds(const row& r) { return r.holds(); }

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a list keeps the texts that it is given") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(r.holds());
    }
}

TEST_CASE("a range may be read once and make its texts as it goes") {
    struct countdown {
        struct sentinel {};
        struct iterator {
            int at;
            std::string operator*() const { return "X-" + std::to_string(at); }
            iterator& operator++() {
                --at;
                return *this;
            }
            bool operator!=(sentinel) const { return at != 0; }
        };
        iterator begin() { return {2}; }  // not const, as in std::views::filter
        sentinel end() { return {}; }
    };
    CHECK(corsac::text_list{countdown{}} == corsac::text_list{"X-2", "X-1"});
    countdown named;
    CHECK(corsac::text_list(named) == corsac::text_list{"X-2", "X-1"});
}

TEST_CASE("a list grows to many items") {
    text_list list;
    for (int i = 0; i < 5000; ++i) list.push_back(std::to_string(i));
    REQUIRE(list.size() == 5000);
    CHECK(list[0] == "0");
    CHECK(list[4999] == "4999");
    std::size_t bytes = 0;
    for (const std::string_view item : list) bytes += item.size();
    CHECK(bytes == 10 + 90 * 2 + 900 * 3 + 4000 * 4);
}

}  // namespace
