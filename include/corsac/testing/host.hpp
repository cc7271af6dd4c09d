// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_HOST_HPP
#define CORSAC_TESTING_HOST_HPP

// Tested in tests/testing/url.test.cpp.

#include <corsac/testing/messages.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

[[nodiscard]] constexpr int hex_value(char c) noexcept {
    if (is_digit(c)) return c - '0';
    const char l = to_lower(c);
    return l >= 'a' && l <= 'f' ? l - 'a' + 10 : -1;
}

[[nodiscard]] inline std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

/// One part of an IPv4 address: decimal, `0x` hexadecimal or `0` octal.
[[nodiscard]] inline std::optional<std::uint64_t> ipv4_number(std::string_view text) {
    if (text.empty()) return std::nullopt;
    unsigned base = 10;
    if (text.size() >= 2 && text[0] == '0' && to_lower(text[1]) == 'x') {
        base = 16;
        text.remove_prefix(2);
    } else if (text.size() >= 2 && text[0] == '0') {
        base = 8;
        text.remove_prefix(1);
    }
    std::uint64_t number = 0;
    for (const char c : text) {
        const int digit = hex_value(c);
        if (digit < 0 || static_cast<unsigned>(digit) >= base) return std::nullopt;
        number = number * base + static_cast<unsigned>(digit);
        if (number > 0xffff'ffff) number = 0x1'0000'0000;  // too large for any part; stop growing
    }
    return number;
}

[[nodiscard]] inline std::vector<std::string_view> split(std::string_view text, char at) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(at);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos) return parts;
        text.remove_prefix(end + 1);
    }
}

/// Spec: https://url.spec.whatwg.org/#ends-in-a-number-checker
[[nodiscard]] inline bool ends_in_number(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::string_view last = host.substr(host.rfind('.') + 1);
    if (last.empty()) return false;
    bool digits = true;
    for (const char c : last) digits = digits && is_digit(c);
    return digits || (last.size() >= 2 && last[0] == '0' && to_lower(last[1]) == 'x' &&
                      ipv4_number(last).has_value());
}

/// Spec: https://url.spec.whatwg.org/#concept-ipv4-parser
[[nodiscard]] inline std::optional<std::uint32_t> parse_ipv4(std::string_view host) {
    if (host.ends_with('.')) host.remove_suffix(1);
    const std::vector<std::string_view> parts = split(host, '.');
    if (parts.size() > 4) return std::nullopt;
    std::uint64_t address = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::optional<std::uint64_t> number = ipv4_number(parts[i]);
        if (!number) return std::nullopt;
        const bool last = i + 1 == parts.size();
        const std::uint64_t room = last ? std::uint64_t{1} << (8 * (4 - i)) : 256;
        if (*number >= room) return std::nullopt;
        address += last ? *number : *number << (8 * (3 - i));
    }
    return static_cast<std::uint32_t>(address);
}

[[nodiscard]] inline std::string ipv4_text(std::uint32_t address) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += std::to_string((address >> shift) & 0xff);
        if (shift != 0) out += '.';
    }
    return out;
}

using ipv6_pieces = std::array<std::uint16_t, 8>;

/// Spec: https://url.spec.whatwg.org/#concept-ipv6-parser
[[nodiscard]] inline std::optional<ipv6_pieces> parse_ipv6(std::string_view text) {
    std::vector<std::uint16_t> head;
    std::vector<std::uint16_t> tail;
    const std::size_t gap = text.find("::");
    const auto read = [](std::string_view side, std::vector<std::uint16_t>& out) {
        if (side.empty()) return true;
        const std::vector<std::string_view> groups = split(side, ':');
        for (std::size_t i = 0; i < groups.size(); ++i) {
            const std::string_view group = groups[i];
            if (group.find('.') != std::string_view::npos) {
                const bool four = split(group, '.').size() == 4 && !group.ends_with('.');
                const std::optional<std::uint32_t> v4 = four ? parse_ipv4(group) : std::nullopt;
                if (!v4 || i + 1 != groups.size()) return false;
                out.push_back(static_cast<std::uint16_t>(*v4 >> 16));
                out.push_back(static_cast<std::uint16_t>(*v4 & 0xffff));
                continue;
            }
            if (group.empty() || group.size() > 4) return false;
            unsigned value = 0;
            for (const char c : group) {
                if (hex_value(c) < 0) return false;
                value = value * 16 + static_cast<unsigned>(hex_value(c));
            }
            out.push_back(static_cast<std::uint16_t>(value));
        }
        return true;
    };
    if (!read(text.substr(0, gap), head)) return std::nullopt;
    if (gap != std::string_view::npos && !read(text.substr(gap + 2), tail)) return std::nullopt;
    const std::size_t size = head.size() + tail.size();
    if (gap == std::string_view::npos ? size != 8 : size > 7) return std::nullopt;
    ipv6_pieces pieces{};
    for (std::size_t i = 0; i < head.size(); ++i) pieces[i] = head[i];
    for (std::size_t i = 0; i < tail.size(); ++i) pieces[8 - tail.size() + i] = tail[i];
    return pieces;
}

/// The longest run of two or more zero groups becomes `::`.
/// Spec: https://url.spec.whatwg.org/#concept-ipv6-serializer
[[nodiscard]] inline std::string ipv6_text(const ipv6_pieces& pieces) {
    std::size_t best = 8;
    std::size_t best_size = 1;
    for (std::size_t i = 0; i < 8; ++i) {
        std::size_t end = i;
        while (end < 8 && pieces[end] == 0) ++end;
        if (end - i > best_size) {
            best = i;
            best_size = end - i;
        }
        if (end > i) i = end - 1;
    }
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out = "[";
    for (std::size_t i = 0; i < 8; ++i) {
        if (i == best) {
            out += i == 0 ? "::" : ":";
            i += best_size - 1;
            continue;
        }
        bool started = false;
        for (int shift = 12; shift >= 0; shift -= 4) {
            const unsigned digit = (unsigned{pieces[i]} >> shift) & 0xfU;
            if (digit == 0 && !started && shift != 0) continue;
            started = true;
            out += digits[digit];
        }
        if (i != 7) out += ':';
    }
    return out + ']';
}

}  // namespace detail

/// The host of an `http` URL in its serialised form, or nothing where it is no valid host.
///
/// Not done: IDNA. A host with bytes above 0x7f is refused; write it in Punycode (`xn--…`).
/// Spec: https://url.spec.whatwg.org/#concept-host-parser
[[nodiscard]] inline std::optional<std::string> parse_host(std::string_view text) {
    if (text.starts_with('[')) {
        if (!text.ends_with(']')) return std::nullopt;
        const auto pieces = detail::parse_ipv6(text.substr(1, text.size() - 2));
        if (!pieces) return std::nullopt;
        return detail::ipv6_text(*pieces);
    }
    const std::string host = detail::lower(detail::percent_decoded(text));
    constexpr std::string_view forbidden = " #/:<>?@[\\]^|%\x7f";
    for (const char c : host) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x20 || byte >= 0x80 || forbidden.find(c) != std::string_view::npos) {
            return std::nullopt;
        }
    }
    if (host.empty()) return std::nullopt;
    if (!detail::ends_in_number(host)) return host;
    const std::optional<std::uint32_t> address = detail::parse_ipv4(host);
    if (!address) return std::nullopt;
    return detail::ipv4_text(*address);
}

/// Whether a serialised host is an IPv4 or IPv6 address.
[[nodiscard]] inline bool is_ip_address(std::string_view host) {
    return host.starts_with('[') || detail::ends_in_number(host);
}

}  // namespace corsac::inline v0_2_0::testing

#endif
