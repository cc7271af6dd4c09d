// SPDX-License-Identifier: MIT
#include <corsac/detail/ascii.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

namespace detail = corsac::detail;

/// Byte by byte: what the functions that read words have to agree with.
bool equal_by_bytes(std::string_view lower, std::string_view text) {
    if (lower.size() != text.size()) return false;
    for (std::size_t i = 0; i < lower.size(); ++i) {
        if (lower[i] != detail::to_lower(text[i])) return false;
    }
    return true;
}
int compare_by_bytes(std::string_view lower, std::string_view text) {
    std::string folded{text};
    for (char& c : folded) c = detail::to_lower(c);
    const int order = lower.compare(folded);
    return order < 0 ? -1 : order > 0 ? 1 : 0;
}

TEST_CASE("words are folded as bytes are: every byte, at every place, in texts of every length") {
    for (std::size_t size = 1; size <= 20; ++size) {
        for (std::size_t place = 0; place < size; ++place) {
            std::string lower(size, 'q');
            std::string text(size, 'Q');
            for (int byte = 0; byte < 256; ++byte) {
                text[place] = static_cast<char>(byte);
                // Itself in lower case, and what differs from it in the bit that letters differ in.
                for (const int wanted : {byte, byte | 0x20, byte & ~0x20, byte ^ 0x80}) {
                    lower[place] = static_cast<char>(wanted);
                    if (detail::is_upper(lower[place])) continue;
                    CAPTURE(size);
                    CAPTURE(place);
                    CAPTURE(byte);
                    CAPTURE(wanted);
                    REQUIRE(detail::equals_folded(lower, text) == equal_by_bytes(lower, text));
                    REQUIRE(detail::compare_folded(lower, text) == compare_by_bytes(lower, text));
                }
            }
        }
    }
}

TEST_CASE("texts of two lengths are two, in words and in bytes") {
    const std::string text(40, 'q');
    for (std::size_t size = 0; size < text.size(); ++size) {
        CAPTURE(size);
        const std::string_view shorter = std::string_view(text).substr(0, size);
        CHECK(detail::equals_folded(shorter, shorter));
        CHECK_FALSE(detail::equals_folded(shorter, text));
        CHECK_FALSE(detail::equals_folded(text, shorter));
        CHECK_FALSE(detail::equals_ignore_case(shorter, text));
    }
}

TEST_CASE("a copy in lower case has every byte") {
    for (std::size_t size = 0; size <= 40; ++size) {
        CAPTURE(size);
        std::string text;
        for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('5' + 7 * i);
        std::string expected = text;
        for (char& c : expected) c = detail::to_lower(c);
        std::string copied(size + 1, '#');
        detail::copy_lower(text, copied.data());
        CHECK(copied == expected + '#');
    }
}

TEST_CASE("a text that begins another sorts before it") {
    CHECK(detail::compare_folded("x-a", "X-A-B") == -1);
    CHECK(detail::compare_folded("x-custom-header", "X-CUSTOM-") == 1);
    CHECK(detail::compare_folded("x-custom-header", "X-Custom-Header") == 0);
}

static_assert(detail::is_text("GET", "GET") && !detail::is_text("GOT", "GET"));
static_assert(detail::is_text("OPTIONS", "OPTIONS") && !detail::is_text("OPTIONs", "OPTIONS") &&
              !detail::is_text("oPTIONS", "OPTIONS") && !detail::is_text("OPTION", "OPTIONS"));
static_assert(detail::is_text("https://", "https://") && !detail::is_text("http://a", "https://"));
static_assert(detail::is_text("a text of more", "a text of more") &&
              !detail::is_text("a tExt of more", "a text of more"));

inline constexpr std::string_view long_name = "access-control-request-method";

TEST_CASE("a field name is found in any letter case, and each of its bytes counts") {
    CHECK(detail::is_field<long_name>("Access-Control-Request-Method"));
    CHECK(detail::is_field<long_name>("ACCESS-CONTROL-REQUEST-METHOD"));
    CHECK(!detail::is_field<long_name>("access-control-request-methods"));
    for (std::size_t place = 0; place < long_name.size(); ++place) {
        std::string other{long_name};
        other[place] = '_';
        CAPTURE(other);
        CHECK(!detail::is_field<long_name>(other));
    }
}

}  // namespace
