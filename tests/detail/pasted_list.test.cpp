// SPDX-License-Identifier: MIT
#include <corsac/detail/pasted_list.hpp>

#include <doctest/doctest.h>

#include <string_view>

namespace {

namespace detail = corsac::detail;
using detail::paste;

struct row {
    const char* about;
    std::string_view entry;
    paste left;
    std::string_view only;     ///< the entry that is meant
    std::string_view entries;  ///< as they should be written; not looked at if empty
};

constexpr row rows[] = {
    {"an entry", "https://a.example", paste::none, "https://a.example", ""},
    {"an IPv6 address", "http://[::1]", paste::none, "http://[::1]", ""},
    {"one alone", "[::1]", paste::none, "[::1]", ""},
    {"one in brackets", "[[::1]]", paste::quotes, "[::1]", ""},
    {"white space", " a\t", paste::white_space, "a", "\"a\""},
    {"a comma behind it", "a,", paste::white_space, "a", "\"a\""},
    {"quotes", "\"a\"", paste::quotes, "a", "\"a\""},
    {"JSON of one", "['a']", paste::quotes, "a", "\"a\""},
    {"two", "a,b", paste::list, "b", "\"a\", \"b\""},
    {"JSON of two", "[\"a\", \"b\"]", paste::list, "b", "\"a\", \"b\""},
    {"four", "a b;c\nd", paste::list, "d", "\"a\", \"b\", \"c\", \"d\""},
    {"five, of which four show how", "a b c d e", paste::list, "e",
     "\"a\", \"b\", \"c\", \"d\", …"},
    {"six", "a b c d e f", paste::list, "f", "\"a\", \"b\", \"c\", \"d\", …"},
    {"nothing", "", paste::none, "", ""},
    {"nothing between separators", " , ", paste::white_space, "", ""},
    {"nothing in quotes", "\"\"", paste::quotes, "", ""},
};

constexpr bool holds(const row& r) {
    const detail::pasted_list found = detail::find_paste(r.entry);
    return found.left == r.left && found.only == r.only &&
           (r.entries.empty() || found.entries.view() == r.entries);
}

constexpr bool every_row_holds() {
    for (const row& r : rows) {
        if (!holds(r)) return false;
    }
    return true;
}
static_assert(every_row_holds());

TEST_CASE("what was left around entries is found") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const detail::pasted_list found = detail::find_paste(r.entry);
        CHECK(found.left == r.left);
        CHECK(found.only == r.only);
        if (!r.entries.empty()) CHECK(found.entries.view() == r.entries);
    }
}

}  // namespace
