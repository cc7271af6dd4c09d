// SPDX-License-Identifier: MIT
#include <corsac/detail/printable.hpp>

#include <corsac/corsac.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

namespace {

using corsac::detail::printable_size;

struct row {
    std::string_view text;
    std::size_t size;
};

constexpr row rows[] = {
    {"a", 1},
    {"\xc3\xbc"
     "ber",
     2},
    {"\xe2\x80\xa6", 3},  // an ellipsis
    {"\xf0\x9f\x98\x80", 4},
    {"\x1b", 0},
    {"\x7f", 0},
    {"\xc2\x85", 0},      // a C1 control
    {"\xe2\x80\xa8", 0},  // a line separator
    {"\xe2\x80\xae", 0},  // right to left from here
    {"\xe2\x80\x8a", 3},  // a thin space
    {"\xe2\x80\x8b", 0},  // a space of no width
    {"\xe2\x80\x8f", 0},  // a mark of direction
    {"\xe2\x80\x90", 3},  // a hyphen
    {"\xe2\x80\xa7", 3},
    {"\xe2\x80\xaf", 3},  // a narrow space
    {"\xe2\x81\x9f", 3},
    {"\xe2\x81\xa0", 0},  // joins words
    {"\xe2\x81\xaf", 0},
    {"\xe2\x81\xb0", 3},  // a digit above the line
    {"\xc2\xa0", 2},
    {"\xc2\xad", 0},  // a hyphen that is not seen
    {"\xd8\x9b", 2},
    {"\xd8\x9c", 0},          // an Arabic mark of direction
    {"\xe1\xa0\x8e", 0},      // a Mongolian separator
    {"\xef\xbb\xbf", 0},      // the mark of a byte order
    {"\xf3\xa0\x81\xa1", 0},  // a tag, which nobody sees
    {"\x80", 0},              // no character
    {"\xff", 0},
    {"\xc3", 0},                  // half of one
    {"\xc0\xaf", 0},              // one that is longer than it should be
    {"\xed\xa0\x80", 0},          // a surrogate
    {"\xf4\x90\x80\x80", 0},      // beyond Unicode
    {"\xf8\x88\x80\x80\x80", 0},  // five bytes
    {"\xe2\x80z", 0},
    {"\xe0\x9f\xbf", 0},
    {"\xed\x9f\xbf", 3},
    {"\xed\xbf\xbf", 0},  // the last surrogate
    {"\xee\x80\x80", 3},
    {"\xf0\x8f\xbf\xbf", 0},
    {"\xe2\x81\xa6", 0},  // an isolate
};

constexpr bool all_hold() {
    for (const row& r : rows) {
        if (printable_size(r.text) != r.size) return false;
    }
    return true;
}
static_assert(all_hold());

TEST_CASE("a character may stand in a log, or not") {
    for (const row& r : rows) {
        CAPTURE(r.text);
        CHECK(printable_size(r.text) == r.size);
    }
}

TEST_CASE("a text is UTF-8 if all of it is") {
    CHECK(corsac::detail::is_utf8(""));
    CHECK(corsac::detail::is_utf8("a\xc3\xbc\xe2\x80\xa6\x7f"));
    CHECK_FALSE(corsac::detail::is_utf8("a\xff"));
    CHECK_FALSE(corsac::detail::is_utf8("\xc3"));
}

TEST_CASE("nothing of an entry turns a log around") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a\xe2\x80\xae\xc2\x85\x80.example"}});
    REQUIRE(!built);
    const std::string_view message = built.errors()[0].message();
    CHECK(message.find("https://a\\xe2\\x80\\xae\\xc2\\x85\\x80.example") != message.npos);
}

}  // namespace
