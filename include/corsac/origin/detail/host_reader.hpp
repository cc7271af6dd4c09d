// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_HOST_READER_HPP
#define CORSAC_ORIGIN_DETAIL_HOST_READER_HPP

// Tested in tests/origin/parse_origin_pattern.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/detail/network.hpp>
#include <corsac/origin/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// What is wrong with the host or the network of an entry.
struct host_problem {
    config_code code{};
    std::string_view what{};  ///< empty if nothing is
    text advice{};

    [[nodiscard]] constexpr bool found() const noexcept { return !what.empty(); }
};

/// Reads the host of an entry of `allow_origins`.
// A template, so that it is compiled only where a policy is built.
template <class Text>
class host_reader {
public:
    /// @param host    Not empty; in lower case if the scheme is special. An IPv6 address is written
    ///                as browsers write it.
    /// @param port    For the advice: empty if there is none, or a malformed one.
    constexpr host_reader(Text& host, std::string_view scheme, std::string_view port) noexcept
        : host_(host), scheme_(scheme), port_(port) {}

    [[nodiscard]] constexpr host_problem run() {
        const std::string_view host = host_.view();
        if (host.front() == '[') {
            read_ipv6();
        } else if (host.size() > max_host_length) {
            problem(config_code::origin_host_too_long, "has a host of more than 253 bytes",
                    "check the host name");
        } else if (is_special_scheme(scheme_)) {
            read_domain();
        } else {
            read_opaque_host();
        }
        return std::move(problem_);
    }

private:
    constexpr void problem(config_code code, std::string_view what, std::string_view advice) {
        problem_ = {code, what, text{advice}};
    }

    constexpr void read_ipv6() {
        using enum config_code;
        const std::string_view host = host_.view();
        if (host.find('*') != host.npos) {
            return problem(wildcard_in_ip, "has a wildcard in an IP address",
                           "write the network, as in http://[fd00::]/8:*");
        }
        if (host.find('%') != host.npos) {
            return problem(origin_ip_malformed, "has a zone, which no URL can have",
                           "leave it out: http://[fe80::1]:3000");
        }
        const bool closed = host.size() > 2 && host.back() == ']';
        const ipv6_address address =
            closed ? parse_ipv6(host.substr(1, host.size() - 2)) : ipv6_address{};
        if (!address.valid) {
            return problem(origin_ip_malformed, "is no IPv6 address",
                           "write it as in http://[::1]:3000");
        }
        text canonical{"["};
        canonical.append(serialize_ipv6(address).view()).append(']');
        host_ = std::move(canonical);
    }

    constexpr void read_opaque_host() {
        std::size_t stars = 0;
        for (const char c : host_.view()) {
            stars += c == '*' ? 1U : 0U;
            if (!opaque_host_chars[c]) {
                return problem(config_code::origin_host_malformed,
                               "has a character that no host has", "write the host as it is sent");
            }
        }
        if (stars > 1) repeated_wildcard();
    }

    constexpr void repeated_wildcard() {
        problem(config_code::wildcard_repeated, "has more than one wildcard",
                "keep one *, or list several patterns");
    }

    constexpr void read_domain() {
        using enum config_code;
        const std::string_view host = host_.view();
        bool unicode = false, malformed = host.front() == '.';
        std::size_t stars = 0;
        char before = 'a';
        for (const char c : host) {
            unicode = unicode || byte_at(&c) >= 0x80;
            stars += c == '*' ? 1U : 0U;
            malformed = malformed || (c == '.' && before == '.');
            malformed = malformed || (c != '*' && byte_at(&c) < 0x80 && !host_chars[c]);
            before = c;
        }
        if (malformed) {
            return problem(origin_host_malformed, "has a malformed host",
                           "a host has letters, digits, '-', '_' and single dots");
        }
        if (unicode) {
            return problem(origin_host_unicode, "has a host that is not ASCII",
                           "write the xn-- form that browsers send (its Punycode)");
        }
        if (stars != 0 && is_address_with_wildcards(host)) return wildcard_in_address();
        if (stars > 1) return repeated_wildcard();
        if (stars == 1 && host != "*") {
            std::string_view rest = host.substr(host.find('*'));
            if (rest.back() == '.') rest.remove_suffix(1);
            if (rest.find('.') == rest.npos) {
                return problem(wildcard_in_top_label,
                               "has a wildcard in its last label, so strangers could register a "
                               "match",
                               "put the * further left: https://*.example.com");
            }
        }
        if (ends_in_number(host) && !is_ipv4(host)) {
            const ipv4_address address = stars == 0 ? parse_any_ipv4(host) : ipv4_address{};
            if (!address.valid) {
                return problem(origin_ip_malformed, "is no IPv4 address",
                               "write four numbers from 0 to 255: http://127.0.0.1");
            }
            text advice{"browsers send it as "};
            append_ipv4(advice.append(scheme_).append("://"), address.number);
            problem(origin_ip_malformed, "is an IPv4 address in another spelling", advice.view());
        }
    }

    /// Whether every label is a number or a `*`: `192.168.*.*`, `10.*`.
    [[nodiscard]] static constexpr bool is_address_with_wildcards(std::string_view host) noexcept {
        bool digits = false;
        for (const char c : host) {
            if (!is_digit(c) && c != '.' && c != '*') return false;
            digits = digits || is_digit(c);
        }
        return digits;
    }

    /// Advises the network that is meant: of `192.168.1.*` it is `192.168.1.0/24`.
    constexpr void wildcard_in_address() {
        std::uint32_t number = 0;
        unsigned known = 0;
        std::string_view rest = host_.view();
        for (; known < 4 && rest.find('*') != 0; ++known) {
            const std::size_t dot = rest.find('.');
            const std::int32_t part = parse_decimal(rest.substr(0, dot), 255);
            if (part < 0) break;  // else a dot and the wildcard follow
            number |= static_cast<std::uint32_t>(part) << (24 - 8 * known);
            rest.remove_prefix(dot + 1);
        }
        const ip_network network{bits_of_ipv4(number), 96 + 8 * known};
        text advice{"list the addresses"};
        if (network.is_private()) {
            advice = text{"write the network: "};
            append_ipv4(advice.append(scheme_).append("://"), number);
            advice.append('/').append_number(8 * known);
            if (!port_.empty()) advice.append(':').append(port_);
        }
        problem(config_code::wildcard_in_ip, "has a wildcard in an IP address", advice.view());
    }

    Text& host_;
    std::string_view scheme_;
    std::string_view port_;
    host_problem problem_{};
};

}  // namespace corsac::inline v0_2_0::detail

#endif
