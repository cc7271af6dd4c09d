// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_PRINTABLE_HPP
#define CORSAC_DETAIL_PRINTABLE_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// Whether a character may stand in a log: no control character, nothing that is not seen, turns
/// the direction of the text around it or breaks its line.
///
/// Spec: https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters,
///       https://www.unicode.org/reports/tr44/#Default_Ignorable_Code_Point
[[nodiscard]] constexpr bool is_printable(std::uint32_t character) noexcept {
    const auto within = [&](std::uint32_t first, std::uint32_t last) {
        return character >= first && character <= last;
    };
    return !within(0, 0x1f) && !within(0x7f, 0x9f) && character != 0xad && character != 0x061c &&
           character != 0x180e && !within(0x200b, 0x200f) && !within(0x2028, 0x202e) &&
           !within(0x2060, 0x206f) && character != 0xfeff && !within(0xe0000, 0xe0fff);
}

/// A character, and its bytes in UTF-8: 0 if it is none.
struct utf8_character {
    std::uint32_t number = 0;
    std::size_t size = 0;
};

/// The one that a text begins with.
/// @param text  Not empty.
/// Spec: https://www.rfc-editor.org/rfc/rfc3629#section-4
[[nodiscard]] constexpr utf8_character first_character(std::string_view text) noexcept {
    const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
    const std::uint32_t first = byte(0);
    if (first < 0x80) return {first, 1};
    const std::size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (size == 0 || first > 0xf4 || text.size() < size) return {};
    std::uint32_t character = first & (0x7fU >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return {};
        character = character << 6 | (byte(i) & 0x3fU);
    }
    const bool overlong = (size == 3 && character < 0x800) || (size == 4 && character < 0x10000);
    const bool none = (character >= 0xd800 && character <= 0xdfff) || character > 0x10ffff;
    return overlong || none ? utf8_character{} : utf8_character{character, size};
}

[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::size_t size = first_character(text).size;
        if (size == 0) return false;
        text.remove_prefix(size);
    }
    return true;
}

/// Bytes of the character that a text in UTF-8 begins with, if it may stand in a log; 0 if not, or
/// if it is none.
///
/// @param text  Not empty.
[[nodiscard]] constexpr std::size_t printable_size(std::string_view text) noexcept {
    const utf8_character first = first_character(text);
    return is_printable(first.number) ? first.size : 0;
}

/// Calls `append(part)` with the parts of a text as it may stand in a log: what may not, and what
/// is no UTF-8, as `\xNN`, byte by byte.
template <class Append>
constexpr void visit_shown(std::string_view text, Append&& append) {
    constexpr std::string_view digits = "0123456789abcdef";
    while (!text.empty()) {
        const std::size_t size = printable_size(text);
        if (size == 0) {
            const auto byte = static_cast<unsigned char>(text.front());
            append(std::string_view{"\\x"});
            append(digits.substr(byte >> 4, 1));
            append(digits.substr(byte & 15, 1));
            text.remove_prefix(1);
        } else {
            append(text.substr(0, size));
            text.remove_prefix(size);
        }
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
