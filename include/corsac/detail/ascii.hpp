// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_ASCII_HPP
#define CORSAC_DETAIL_ASCII_HPP

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0::detail {

/// A view of some bytes.
///
/// Not its constructor where the size is another integer than `std::size_t`: compilers then find
/// out whether that could be an iterator, which takes includers milliseconds for each such type.
[[nodiscard]] constexpr std::string_view view_of(const char* at, std::size_t size) noexcept {
    return {at, size};
}

[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

[[nodiscard]] constexpr bool is_lower(char c) noexcept { return c >= 'a' && c <= 'z'; }

[[nodiscard]] constexpr bool is_upper(char c) noexcept { return c >= 'A' && c <= 'Z'; }

[[nodiscard]] constexpr bool is_alpha(char c) noexcept { return is_lower(c) || is_upper(c); }

[[nodiscard]] constexpr char to_lower(char c) noexcept {
    return is_upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr char to_upper(char c) noexcept {
    return is_lower(c) ? static_cast<char>(c - 'a' + 'A') : c;
}

/// A set of bytes, built from the characters of a literal.
struct byte_set {
    bool has[256]{};

    constexpr explicit byte_set(std::string_view members) noexcept {
        for (const char c : members) has[static_cast<unsigned char>(c)] = true;
    }
    [[nodiscard]] constexpr bool operator[](char c) const noexcept {
        return has[static_cast<unsigned char>(c)];
    }
};

/// `tchar`. Spec: https://www.rfc-editor.org/rfc/rfc9110#name-tokens
inline constexpr byte_set token_chars{
    "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"};

[[nodiscard]] constexpr bool is_token_char(char c) noexcept { return token_chars[c]; }

[[nodiscard]] constexpr bool is_token(std::string_view text) noexcept {
    for (const char c : text) {
        if (!is_token_char(c)) return false;
    }
    return !text.empty();
}

[[nodiscard]] constexpr bool is_ows(char c) noexcept { return c == ' ' || c == '\t'; }

[[nodiscard]] constexpr std::string_view trim_untidy(std::string_view text) noexcept {
    while (!text.empty() && is_ows(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_ows(text.back())) text.remove_suffix(1);
    return text;
}

/// Drops optional white space (SP and HTAB) from both ends.
[[nodiscard]] constexpr std::string_view trim_ows(std::string_view text) noexcept {
    if (text.empty() || (text.front() > ' ' && text.back() > ' ')) return text;  // nearly always
    return trim_untidy(text);
}

[[nodiscard]] constexpr std::uint32_t byte_at(const char* at) noexcept {
    return static_cast<unsigned char>(*at);
}

// Not std::endian and std::memcpy: <bit> and <cstring> cost includers as much as all the rest here.
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
inline constexpr bool is_little_endian = false;
#else
inline constexpr bool is_little_endian = true;
#endif

/// `sizeof(Word)` bytes as one little-endian number: a single load, and byte by byte where memory
/// cannot be copied, in constant evaluation, or is ordered otherwise.
template <class Word>
[[nodiscard]] constexpr Word load(const char* at) noexcept {
    if (std::is_constant_evaluated() || !is_little_endian) {
        Word word = 0;
        for (unsigned i = 0; i < sizeof(Word); ++i) word |= Word{byte_at(at + i)} << (8 * i);
        return word;
    }
    Word word;
    std::char_traits<char>::copy(reinterpret_cast<char*>(&word), at, sizeof word);
    return word;
}

[[nodiscard]] constexpr std::uint32_t load32(const char* at) noexcept {
    return load<std::uint32_t>(at);
}

[[nodiscard]] constexpr std::uint64_t load64(const char* at) noexcept {
    return load<std::uint64_t>(at);
}

/// Eight bytes, letters in lower case.
[[nodiscard]] constexpr std::uint64_t lower64(std::uint64_t word) noexcept {
    // Adding to seven bits carries into the eighth, which nothing else reaches.
    constexpr std::uint64_t ones = 0x0101010101010101;
    const std::uint64_t low = word & 0x7f * ones;
    const std::uint64_t from_a = low + (0x80 - 'A') * ones;
    const std::uint64_t behind_z = low + (0x7f - 'Z') * ones;
    return word | ((from_a ^ behind_z) & ~word & 0x80 * ones) >> 2;
}

/// @param to  Where there is room for as many bytes; may be the text itself.
constexpr void copy_lower(std::string_view text, char* to) noexcept {
    std::size_t i = 0;
    if (!std::is_constant_evaluated() && is_little_endian) {
        for (; i + 8 <= text.size(); i += 8) {
            const std::uint64_t word = lower64(load64(text.data() + i));
            std::char_traits<char>::copy(to + i, reinterpret_cast<const char*>(&word), 8);
        }
    }
    for (; i < text.size(); ++i) to[i] = to_lower(text[i]);
}

[[nodiscard]] constexpr bool equals_ignore_case(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (to_lower(a[i]) != to_lower(b[i])) return false;
    }
    return true;
}

/// Whether eight bytes are the same, letters in any case; nearly always they are the same at once.
/// @param lower  Has no letter in upper case.
[[nodiscard]] constexpr bool equal_folded64(const char* lower, const char* text) noexcept {
    const std::uint64_t wanted = load64(lower);
    const std::uint64_t word = load64(text);
    return wanted == word || wanted == lower64(word);
}

/// The same of two texts.
[[nodiscard]] constexpr bool equals_folded(std::string_view lower, std::string_view text) noexcept {
    if (lower.size() != text.size()) return false;
    const char* x = lower.data();
    const char* y = text.data();
    std::size_t left = lower.size();
    if (left >= 8) {
        for (; left > 8; left -= 8, x += 8, y += 8) {
            if (!equal_folded64(x, y)) return false;
        }
        return equal_folded64(x + left - 8, y + left - 8);
    }
    for (; left != 0; --left, ++x, ++y) {
        if (*x != to_lower(*y)) return false;
    }
    return true;
}

/// Which of two texts sorts first, letters in lower case: negative, 0 or positive.
/// @param lower  Has no letter in upper case.
[[nodiscard]] constexpr int compare_folded(std::string_view lower, std::string_view text) noexcept {
    const std::size_t common = lower.size() < text.size() ? lower.size() : text.size();
    std::size_t i = 0;
    while (i + 8 <= common && equal_folded64(lower.data() + i, text.data() + i)) i += 8;
    for (; i < common; ++i) {
        const auto a = static_cast<unsigned char>(lower[i]);
        const auto b = static_cast<unsigned char>(to_lower(text[i]));
        if (a != b) return a < b ? -1 : 1;
    }
    return lower.size() == text.size() ? 0 : lower.size() < text.size() ? -1 : 1;
}

/// The same as `==`, word by word: for texts as short as names and origins that takes less than a
/// call of memcmp does.
[[nodiscard]] constexpr bool equal_bytes(std::string_view a, std::string_view b) noexcept {
    if (a.size() != b.size()) return false;
    const char* x = a.data();
    const char* y = b.data();
    std::size_t left = a.size();
    if (left >= 8) {
        for (; left > 8; left -= 8, x += 8, y += 8) {
            if (load64(x) != load64(y)) return false;
        }
        return load64(x + left - 8) == load64(y + left - 8);
    }
    if (left >= 4) return load32(x) == load32(y) && load32(x + left - 4) == load32(y + left - 4);
    for (; left != 0; --left, ++x, ++y) {
        if (*x != *y) return false;
    }
    return true;
}

/// The same for a literal, whose size the compiler knows: a few words in place of a call.
template <std::size_t Size>
[[nodiscard]] constexpr bool is_text(std::string_view text, const char (&literal)[Size]) noexcept {
    constexpr std::size_t size = Size - 1;
    if (text.size() != size) return false;
    const char* const at = text.data();
    if constexpr (size >= 8) {
        for (std::size_t word = 0; word + 8 < size; word += 8) {
            if (load64(at + word) != load64(literal + word)) return false;
        }
        return load64(at + size - 8) == load64(literal + size - 8);
    } else if constexpr (size >= 4) {
        return load32(at) == load32(literal) && load32(at + size - 4) == load32(literal + size - 4);
    } else {
        for (std::size_t i = 0; i < size; ++i) {
            if (at[i] != literal[i]) return false;
        }
        return true;
    }
}

constexpr void store32(char* at, std::uint32_t word) noexcept {
    for (unsigned i = 0; i < 4; ++i) at[i] = static_cast<char>((word >> (8 * i)) & 0xff);
}

/// Four bytes of a received field name, letters in lower case.
///
/// Setting bit 0x20 folds letters and leaves `-` alone. The only other byte that folds onto a name
/// of letters and `-` is CR, which no HTTP parser lets into a name.
[[nodiscard]] constexpr std::uint32_t folded32(const char* at) noexcept {
    return load32(at) | 0x20202020;
}

/// Whether a received field name is `Lower`, a lower-case name of letters and `-` that is at least
/// four long. Compares words with constants; names of one length differ in their ends.
template <const std::string_view& Lower>
[[nodiscard]] constexpr bool is_field(std::string_view name) noexcept {
    constexpr std::size_t size = Lower.size();
    static_assert(size >= 4);
    if (name.size() != size) return false;
    const char* const at = name.data();
    if constexpr (size < 8) {
        return folded32(at + size - 4) == load32(Lower.data() + size - 4) &&
               folded32(at) == load32(Lower.data());
    } else {
        std::uint64_t different = load64(at + size - 8) ^ load64(Lower.data() + size - 8);
        for (std::size_t word = 0; word + 8 < size; word += 8) {
            different |= load64(at + word) ^ load64(Lower.data() + word);
        }
        return (different & ~std::uint64_t{0x2020202020202020}) == 0;
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
