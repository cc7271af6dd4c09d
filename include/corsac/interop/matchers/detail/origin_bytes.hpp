// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_BYTES_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_BYTES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// The bytes that occur in serialised origins. No other can be matched: what is no origin is
/// refused before any matcher is asked. Those from `A` on occur in opaque hosts only.
inline constexpr std::string_view origin_bytes = "abcdefghijklmnopqrstuvwxyz0123456789-._:/[]+"
                                                 "ABCDEFGHIJKLMNOPQRSTUVWXYZ!\"$%&'()*,;=`{}~";

/// Where a byte stands among those; their number if it is none of them.
inline constexpr auto origin_byte_index = [] {
    struct {
        std::uint8_t of[256];
        [[nodiscard]] constexpr std::uint8_t operator[](char c) const noexcept {
            return of[static_cast<unsigned char>(c)];
        }
    } index{};
    for (std::uint8_t& at : index.of) at = static_cast<std::uint8_t>(origin_bytes.size());
    for (std::size_t i = 0; i < origin_bytes.size(); ++i) {
        index.of[static_cast<unsigned char>(origin_bytes[i])] = static_cast<std::uint8_t>(i);
    }
    return index;
}();

/// A set of those bytes.
struct origin_byte_set {
    std::uint64_t low = 0;  ///< a bit for each, in their order
    std::uint64_t high = 0;

    [[nodiscard]] constexpr explicit operator bool() const noexcept { return (low | high) != 0; }
    [[nodiscard]] constexpr bool has(char c) const noexcept {
        const unsigned at = origin_byte_index[c];
        return ((at < 64 ? low >> at : high >> (at - 64)) & 1) != 0;
    }
    [[nodiscard]] constexpr int count() const noexcept {
        return std::popcount(low) + std::popcount(high);
    }
    /// The first member; there must be one.
    [[nodiscard]] constexpr char front() const noexcept {
        const int at = low != 0 ? std::countr_zero(low) : 64 + std::countr_zero(high);
        return origin_bytes[static_cast<std::size_t>(at)];
    }
    constexpr void pop_front() noexcept { (low != 0 ? low : high) &= (low != 0 ? low : high) - 1; }
    constexpr void add(char c) noexcept {
        const unsigned at = origin_byte_index[c];
        if (at == origin_bytes.size()) return;
        (at < 64 ? low : high) |= std::uint64_t{1} << (at % 64);
    }

    [[nodiscard]] friend constexpr bool operator==(const origin_byte_set&,
                                                   const origin_byte_set&) = default;
    [[nodiscard]] friend constexpr origin_byte_set operator&(origin_byte_set a,
                                                             origin_byte_set b) noexcept {
        return {a.low & b.low, a.high & b.high};
    }
    [[nodiscard]] friend constexpr origin_byte_set operator|(origin_byte_set a,
                                                             origin_byte_set b) noexcept {
        return {a.low | b.low, a.high | b.high};
    }
    /// What is in `a` alone.
    [[nodiscard]] friend constexpr origin_byte_set operator-(origin_byte_set a,
                                                             origin_byte_set b) noexcept {
        return {a.low & ~b.low, a.high & ~b.high};
    }
    constexpr origin_byte_set& operator|=(origin_byte_set b) noexcept { return *this = *this | b; }
};

[[nodiscard]] constexpr origin_byte_set bytes_of(std::string_view bytes) noexcept {
    origin_byte_set set;
    for (const char c : bytes) set.add(c);
    return set;
}

/// The byte alone; nothing if it is in no origin.
[[nodiscard]] constexpr origin_byte_set byte(char c) noexcept { return bytes_of({&c, 1}); }

/// With each letter in either case.
[[nodiscard]] constexpr origin_byte_set fold_case(origin_byte_set bytes) noexcept {
    for (char lower = 'a'; lower <= 'z'; ++lower) {
        const char upper = to_upper(lower);
        if (bytes.has(lower)) bytes.add(upper);
        if (bytes.has(upper)) bytes.add(lower);
    }
    return bytes;
}

inline constexpr origin_byte_set all_bytes = bytes_of(origin_bytes);
inline constexpr origin_byte_set lower_bytes = bytes_of("abcdefghijklmnopqrstuvwxyz");
inline constexpr origin_byte_set upper_bytes = bytes_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

/// With each letter in lower case instead.
[[nodiscard]] constexpr origin_byte_set in_lower_case(origin_byte_set bytes) noexcept {
    return fold_case(bytes) - upper_bytes;
}

inline constexpr origin_byte_set digit_bytes = bytes_of("0123456789");
inline constexpr origin_byte_set word_bytes = lower_bytes | upper_bytes | digit_bytes | byte('_');
inline constexpr origin_byte_set dot_byte = byte('.');

inline constexpr origin_byte_set scheme_bytes = lower_bytes | digit_bytes | bytes_of("+-.");
/// What the labels of domains are made of.
inline constexpr origin_byte_set label_bytes = lower_bytes | digit_bytes | bytes_of("-_");
/// What opaque hosts are made of; dots mean nothing there, but are told apart all the same.
inline constexpr origin_byte_set opaque_bytes = all_bytes - bytes_of(".:/[]");
/// What stands between the brackets of an IPv6 address.
inline constexpr origin_byte_set ipv6_bytes = digit_bytes | bytes_of("abcdef:");

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
