// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_IP_ADDRESS_HPP
#define CORSAC_DETAIL_IP_ADDRESS_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char lower = to_lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/// Whether the last label of a host is a number, decimal or hexadecimal, which makes the host an
/// IPv4 address or wrong.
///
/// Spec: https://url.spec.whatwg.org/#ends-in-a-number-checker
[[nodiscard]] constexpr bool ends_in_number(std::string_view host) noexcept {
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    const std::string_view label = host.substr(host.rfind('.') + 1);  // all of it without a dot
    if (label.empty()) return false;
    if (label.size() > 1 && label[0] == '0' && to_lower(label[1]) == 'x') {
        for (const char c : label.substr(2)) {
            if (hex_value(c) < 0) return false;
        }
        return true;
    }
    for (const char c : label) {
        if (!is_digit(c)) return false;
    }
    return true;
}

/// A decimal number without sign or leading zero, at most `limit`; -1 if the text is none.
[[nodiscard]] constexpr std::int32_t parse_decimal(std::string_view digits,
                                                   std::int32_t limit) noexcept {
    if (digits.empty() || digits.size() > 9 || (digits.size() > 1 && digits[0] == '0')) return -1;
    std::int32_t number = 0;
    for (const char c : digits) {
        if (!is_digit(c)) return -1;
        number = number * 10 + (c - '0');
    }
    return number <= limit ? number : -1;
}

/// Four decimal numbers, as browsers serialise an IPv4 address.
///
/// Spec: https://url.spec.whatwg.org/#concept-ipv4-serializer
[[nodiscard]] constexpr bool is_ipv4(std::string_view host) noexcept {
    for (int part = 0; part < 4; ++part) {
        std::size_t end = 0;
        while (end < host.size() && host[end] != '.') ++end;
        if (parse_decimal(host.substr(0, end), 255) < 0) return false;
        const bool last = end == host.size();
        if (last != (part == 3)) return false;
        if (!last) host.remove_prefix(end + 1);
    }
    return true;
}

/// An IPv6 address: eight pieces of 16 bits.
struct ipv6_address {
    std::uint16_t pieces[8]{};
    bool valid = false;
};

/// Four decimal numbers as the last two pieces of an IPv6 address; false if the text is no IPv4
/// address.
[[nodiscard]] constexpr bool read_embedded_ipv4(std::string_view text, std::uint16_t& high,
                                                std::uint16_t& low) noexcept {
    if (!is_ipv4(text)) return false;
    std::uint32_t number = 0;
    for (int part = 0; part < 4; ++part) {
        const std::size_t dot = text.find('.');
        number = number << 8 | static_cast<std::uint32_t>(parse_decimal(text.substr(0, dot), 255));
        text.remove_prefix(dot == text.npos ? text.size() : dot + 1);
    }
    high = static_cast<std::uint16_t>(number >> 16);
    low = static_cast<std::uint16_t>(number & 0xffff);
    return true;
}

/// Reads an address without its brackets.
///
/// Spec: https://url.spec.whatwg.org/#concept-ipv6-parser
[[nodiscard]] constexpr ipv6_address parse_ipv6(std::string_view text) noexcept {
    ipv6_address address;
    int count = 0;
    int compressed_at = -1;
    std::size_t at = 0;
    if (text.substr(0, 2) == "::") {
        compressed_at = 0;
        at = 2;
    }
    while (at < text.size()) {
        if (count == 8) return {};
        const std::string_view rest = text.substr(at);
        if (rest.find('.') < rest.find(':')) {
            if (count > 6 ||
                !read_embedded_ipv4(rest, address.pieces[count], address.pieces[count + 1])) {
                return {};
            }
            count += 2;
            break;
        }
        std::uint32_t piece = 0;
        std::size_t digits = 0;
        while (at < text.size() && digits < 4 && hex_value(text[at]) >= 0) {
            piece = piece * 16 + static_cast<std::uint32_t>(hex_value(text[at]));
            ++at;
            ++digits;
        }
        if (digits == 0) return {};
        address.pieces[count++] = static_cast<std::uint16_t>(piece);
        if (at == text.size()) break;
        if (text[at++] != ':' || at == text.size()) return {};
        if (text[at] == ':') {
            if (compressed_at >= 0) return {};
            compressed_at = count;
            ++at;
        }
    }
    if (compressed_at < 0) {
        address.valid = count == 8;
        return address;
    }
    if (count == 8) return {};
    for (int moved = 0; moved < count - compressed_at; ++moved) {
        std::uint16_t& from = address.pieces[count - 1 - moved];
        address.pieces[7 - moved] = from;
        from = 0;
    }
    address.valid = true;
    return address;
}

/// The one spelling of an address that browsers send, without brackets.
struct ipv6_text {
    char chars[40]{};
    std::size_t size = 0;

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {chars, size}; }
};

/// Spec: https://url.spec.whatwg.org/#concept-ipv6-serializer
[[nodiscard]] constexpr ipv6_text serialize_ipv6(const ipv6_address& address) noexcept {
    int longest_at = -1;
    int longest = 1;  // a single zero is not compressed
    for (int start = 0; start < 8; ++start) {
        int end = start;
        while (end < 8 && address.pieces[end] == 0) ++end;
        if (end - start > longest) {
            longest = end - start;
            longest_at = start;
        }
    }
    ipv6_text text;
    const auto put = [&text](char c) { text.chars[text.size++] = c; };
    for (int piece = 0; piece < 8; ++piece) {
        if (piece == longest_at) {
            put(':');
            if (piece == 0) put(':');
            piece += longest - 1;
            continue;
        }
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const unsigned digit = (address.pieces[piece] >> shift) & 15U;
            started = started || digit != 0 || shift == 0;
            if (started) put("0123456789abcdef"[digit]);
        }
        if (piece < 7) put(':');
    }
    return text;
}

/// Whether an address between brackets is spelled as browsers serialise it.
[[nodiscard]] constexpr bool is_serialized_ipv6(std::string_view text) noexcept {
    const ipv6_address address = parse_ipv6(text);
    return address.valid && serialize_ipv6(address).view() == text;
}

/// An IPv4 address in any of the spellings that a URL may have: `127.1`, `0x7f000001`.
struct ipv4_address {
    std::uint32_t number = 0;
    bool valid = false;
};

/// Spec: https://url.spec.whatwg.org/#concept-ipv4-parser
[[nodiscard]] constexpr ipv4_address parse_any_ipv4(std::string_view host) noexcept {
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    std::uint64_t parts[4]{};
    std::size_t count = 0;
    for (bool last = false; !last; ++count) {
        const std::size_t dot = host.find('.');
        std::string_view part = host.substr(0, dot);
        last = dot == host.npos;
        if (!last) host.remove_prefix(dot + 1);
        if (count == 4 || part.empty()) return {};
        unsigned base = 10;
        if (part.size() > 1 && part[0] == '0') {
            const bool hexadecimal = to_lower(part[1]) == 'x';
            base = hexadecimal ? 16 : 8;
            part.remove_prefix(hexadecimal ? 2 : 1);
        }
        for (const char c : part) {
            const int digit = hex_value(c);
            if (digit < 0 || static_cast<unsigned>(digit) >= base) return {};
            parts[count] = parts[count] * base + static_cast<unsigned>(digit);
            if (parts[count] > 0xffff'ffff) return {};
        }
    }
    std::uint64_t number = 0;
    for (std::size_t i = 0; i + 1 < count; ++i) {
        if (parts[i] > 255) return {};
        number = number << 8 | parts[i];
    }
    const unsigned bits = 8 * static_cast<unsigned>(5 - count);
    if (parts[count - 1] >> bits != 0) return {};
    return {static_cast<std::uint32_t>(number << bits | parts[count - 1]), true};
}

}  // namespace corsac::inline v0_2_0::detail

#endif
