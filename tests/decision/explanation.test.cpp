// SPDX-License-Identifier: MIT
#include <corsac/decision/explanation.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <sstream>
#include <string>
#include <string_view>

namespace {

using corsac::explanation;

struct row {
    const char* about;
    std::string_view received;
    std::string_view quoted;
};

constexpr row rows[] = {
    {"nothing", "", R"("")"},
    {"what can be printed is left alone, from the first character to the last", " !az~",
     R"(" !az~")"},
    {"quotes and backslashes", R"(a"b\c)", R"("a\x22b\x5cc")"},
    {"the last control character, and DEL", "\x1f\x7f", R"("\x1f\x7f")"},
    {"a NUL", std::string_view{"\0", 1}, R"("\x00")"},
    {"bytes that are no ASCII, as in UTF-8", "\xc3\xbc\xff", R"("\xc3\xbc\xff")"},
    {"as much as is shown", "12345678", R"("12345678")"},
    {"one character more", "123456789", R"("12345678…")"},
};

constexpr bool is_quoted(const row& r) {
    return explanation{}.append_quoted(r.received, 8).view() == r.quoted;
}
static_assert(support::every_row_holds<&rows, is_quoted>());

TEST_CASE("what was received stands in quotes, on one line, and is cut where it is long") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(is_quoted(r));
    }
}

/// Checked by the compiler, which sees every byte that is written outside.
constexpr bool is_filled(std::size_t pieces) {
    explanation e;
    for (std::size_t i = 0; i < pieces; ++i) e.append("0123456789");
    const std::size_t asked = pieces * 10;
    const bool fits = asked <= explanation::capacity;
    return e.view().size() == (fits ? asked : explanation::capacity) &&
           e.c_str()[e.view().size()] == '\0' && std::string_view{e} == e.view();
}
static_assert(is_filled(0) && is_filled(102) && is_filled(103) && is_filled(200));

TEST_CASE("a sentence ends where its room does, and with a NUL") {
    for (const std::size_t pieces : {0U, 102U, 103U, 200U}) CHECK(is_filled(pieces));
    std::ostringstream written;
    written << explanation{}.append("a sentence");
    CHECK(written.str() == "a sentence");
}

}  // namespace
