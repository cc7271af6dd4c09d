// SPDX-License-Identifier: MIT
#include <corsac/testing/mime_type.hpp>

#include <doctest/doctest.h>

namespace {

namespace sim = corsac::testing;

struct row {
    const char* about;
    const char* value;
    const char* essence;
};

constexpr row standard_rows[] = {
    {"a type without parameters", "text/plain", "text/plain"},
    {"letter case is folded", "Text/PLAIN", "text/plain"},
    {"parameters do not matter", "text/plain;charset=utf-8", "text/plain"},
    {"nor do broken ones", "text/plain; application/json;;=", "text/plain"},
    {"a bare semicolon is fine", "text/plain;;;", "text/plain"},
    {"white space around is dropped", " \ttext/plain\r\n", "text/plain"},
    {"white space may follow the subtype", "text/plain ;a=b", "text/plain"},
    {"white space may not precede the subtype", "text/ plain", ""},
    {"nor follow the type", "text /plain", ""},
    {"nor stand inside the subtype", "text/plain x", ""},
    {"a list is no type", "text/plain, text/plain", ""},
    {"a slash is needed", "text", ""},
    {"a type is needed", "/plain", ""},
    {"a subtype is needed", "text/", ""},
    {"nothing is no type", "", ""},
    {"a star is a token", "*/*", "*/*"},
};

constexpr row older_rows[] = {
    {"a type without parameters", "text/plain", "text/plain"},
    {"a finished parameter", "Text/Plain; charset=utf-8", "text/plain"},
    {"white space around it", " \ttext/plain ", "text/plain"},
    {"one semicolon at the end", "text/plain;", "text/plain"},
    {"an empty last parameter is junk", "text/plain;a=b;", ""},
    {"so are several", "text/plain;;;", ""},
    {"an empty parameter in the middle is not", "text/plain;;a=b", "text/plain"},
    {"a comma anywhere", "text/plain;a=b,c", ""},
    {"something after the type", "text/plain x", ""},
    {"a slash is needed", "text", ""},
};

}  // namespace

TEST_CASE("the essence of a MIME type is found as the standard says") {
    for (const row& r : standard_rows) {
        CAPTURE(r.about);
        CHECK(sim::mime_essence(r.value) == r.essence);
    }
}

TEST_CASE("the older parser accepts only what it reads to the end") {
    for (const row& r : older_rows) {
        CAPTURE(r.about);
        CHECK(sim::detail::older_mime_essence(r.value) == r.essence);
    }
}
