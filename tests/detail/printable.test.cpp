// SPDX-License-Identifier: MIT
#include <corsac/detail/printable.hpp>

#include <corsac/corsac.hpp>

#include <doctest/doctest.h>

#include <string_view>

namespace {

using corsac::detail::printable_size;

static_assert(printable_size("a") == 1);
static_assert(printable_size("\xc3\xbc"
                             "ber") == 2);
static_assert(printable_size("\xe2\x80\xa6") == 3, "an ellipsis");
static_assert(printable_size("\xf0\x9f\x98\x80") == 4);
static_assert(printable_size("\x1b") == 0);
static_assert(printable_size("\x7f") == 0);
static_assert(printable_size("\xc2\x85") == 0, "a C1 control");
static_assert(printable_size("\xe2\x80\xa8") == 0, "a line separator");
static_assert(printable_size("\xe2\x80\xae") == 0, "right to left from here");
static_assert(printable_size("\xe2\x80\x8a") == 3, "a thin space");
static_assert(printable_size("\xe2\x80\x8b") == 0, "a space of no width");
static_assert(printable_size("\xe2\x80\x8f") == 0, "a mark of direction");
static_assert(printable_size("\xe2\x80\x90") == 3, "a hyphen");
static_assert(printable_size("\xe2\x80\xa7") == 3);
static_assert(printable_size("\xe2\x80\xaf") == 3, "a narrow space");
static_assert(printable_size("\xe2\x81\x9f") == 3);
static_assert(printable_size("\xe2\x81\xa0") == 0, "joins words");
static_assert(printable_size("\xe2\x81\xaf") == 0);
static_assert(printable_size("\xe2\x81\xb0") == 3, "a digit above the line");
static_assert(printable_size("\xc2\xa0") == 2);
static_assert(printable_size("\xc2\xad") == 0, "a hyphen that is not seen");
static_assert(printable_size("\xd8\x9b") == 2);
static_assert(printable_size("\xd8\x9c") == 0, "an Arabic mark of direction");
static_assert(printable_size("\xe1\xa0\x8e") == 0, "a Mongolian separator");
static_assert(printable_size("\xef\xbb\xbf") == 0, "the mark of a byte order");
static_assert(printable_size("\xf3\xa0\x81\xa1") == 0, "a tag, which nobody sees");
static_assert(printable_size("\x80") == 0, "no character");
static_assert(printable_size("\xff") == 0);
static_assert(printable_size("\xc3") == 0, "half of one");
static_assert(printable_size("\xc0\xaf") == 0, "one that is longer than it should be");
static_assert(printable_size("\xed\xa0\x80") == 0, "a surrogate");
static_assert(printable_size("\xf4\x90\x80\x80") == 0, "beyond Unicode");

TEST_CASE("nothing of an entry turns a log around") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a\xe2\x80\xae\xc2\x85\x80.example"}});
    REQUIRE(!built);
    const std::string_view message = built.errors()[0].message();
    CHECK(message.find("https://a\\xe2\\x80\\xae\\xc2\\x85\\x80.example") != message.npos);
}

}  // namespace
