// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_HOST_HPP
#define CORSAC_TESTING_HOST_HPP

// Tested in tests/testing/url.test.cpp.

#include <corsac/detail/ip_address.hpp>
#include <corsac/testing/messages.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

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

[[nodiscard]] inline std::string ipv4_text(std::uint32_t address) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) {
        out += std::to_string((address >> shift) & 0xff);
        if (shift != 0) out += '.';
    }
    return out;
}

}  // namespace detail

/// The host of an `http` URL in its serialised form, or nothing where it is no valid host.
///
/// Not done: IDNA. A host with bytes above 0x7f is refused; write it in Punycode (`xn--…`).
/// Spec: https://url.spec.whatwg.org/#concept-host-parser
[[nodiscard]] inline std::optional<std::string> parse_host(std::string_view text) {
    if (text.starts_with('[')) {
        if (!text.ends_with(']')) return std::nullopt;
        const auto address = detail::parse_ipv6(text.substr(1, text.size() - 2));
        if (!address.valid) return std::nullopt;
        return '[' + std::string(detail::serialize_ipv6(address).view()) + ']';
    }
    const std::string host = detail::lower(detail::percent_decoded(text));
    constexpr std::string_view forbidden = "#/:<>?@[\\]^|%\x7f";
    for (const char c : host) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte <= 0x20 || byte >= 0x80 || forbidden.find(c) != std::string_view::npos) {
            return std::nullopt;
        }
    }
    if (host.empty()) return std::nullopt;
    if (!detail::ends_in_number(host)) return host;
    const auto address = detail::parse_any_ipv4(host);
    if (!address.valid) return std::nullopt;
    return detail::ipv4_text(address.number);
}

/// Whether a serialised host is an IPv4 or IPv6 address.
[[nodiscard]] inline bool is_ip_address(std::string_view host) {
    return host.starts_with('[') || detail::ends_in_number(host);
}

}  // namespace corsac::inline v0_2_0::testing

#endif
