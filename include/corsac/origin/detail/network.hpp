// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_NETWORK_HPP
#define CORSAC_ORIGIN_DETAIL_NETWORK_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0::detail {

/// A host that is an IP address, as browsers serialise it; IPv4 is mapped to `::ffff:0:0/96`.
[[nodiscard]] constexpr ipv6_address read_address(std::string_view host) noexcept {
    if (!host.empty() && host.front() == '[') return parse_ipv6(host.substr(1, host.size() - 2));
    ipv6_address mapped;
    mapped.pieces[5] = 0xffff;
    mapped.valid = read_embedded_ipv4(host, mapped.pieces[6], mapped.pieces[7]);
    return mapped;
}

constexpr void append_ipv4(text& to, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        to.append_number(number >> shift & 0xff);
        if (shift != 0) to.append('.');
    }
}

/// Addresses whose first `bits` bits are the same.
struct ip_network {
    ipv6_address first;
    unsigned bits = 0;

    [[nodiscard]] constexpr bool contains(const ipv6_address& address) const noexcept {
        for (unsigned piece = 0; piece * 16 < bits; ++piece) {
            const unsigned left = bits - piece * 16;
            const unsigned mask = left >= 16 ? 0xffffU : 0xffffU << (16 - left) & 0xffffU;
            if (((address.pieces[piece] ^ first.pieces[piece]) & mask) != 0) return false;
        }
        return true;
    }

    /// Whether no bit behind the first `bits` is set.
    [[nodiscard]] constexpr bool begins_where_it_says() const noexcept {
        for (unsigned bit = bits; bit < 128; ++bit) {
            const unsigned piece = first.pieces[bit / 16];
            if ((piece >> (15 - bit % 16) & 1U) != 0) return false;
        }
        return true;
    }

    /// Whether all of it is in networks that no router of the internet leads to.
    ///
    /// Spec: https://www.iana.org/assignments/iana-ipv4-special-registry/ and its IPv6 twin
    [[nodiscard]] constexpr bool is_private() const noexcept {
        struct known {
            std::string_view first;
            unsigned bits;
        };
        for (const known& one :
             {known{"127.0.0.0", 104}, known{"10.0.0.0", 104}, known{"172.16.0.0", 108},
              known{"192.168.0.0", 112}, known{"169.254.0.0", 112}, known{"100.64.0.0", 106},
              known{"[::1]", 128}, known{"[fc00::]", 7}, known{"[fe80::]", 10}}) {
            if (bits >= one.bits && ip_network{read_address(one.first), one.bits}.contains(first)) {
                return true;
            }
        }
        return false;
    }
};

/// A network among the entries of a set.
struct network_entry {
    static constexpr std::size_t size = 32;

    ip_network network;
    std::uint32_t text_at = 0;
    std::uint16_t host_begin = 0;  ///< in the text
    std::uint16_t port_begin = 0;
    bool any_port = false;

    [[nodiscard]] static constexpr network_entry read(const char* at) noexcept {
        network_entry entry;
        for (std::size_t i = 0; i < 8; i += 2) {
            const std::uint32_t two = load32(at + 2 * i);
            entry.network.first.pieces[i] = static_cast<std::uint16_t>(two >> 16);
            entry.network.first.pieces[i + 1] = static_cast<std::uint16_t>(two);
        }
        entry.text_at = load32(at + 16);
        const std::uint32_t places = load32(at + 20);
        entry.host_begin = static_cast<std::uint16_t>(places >> 16);
        entry.port_begin = static_cast<std::uint16_t>(places);
        entry.network.bits = load32(at + 24);
        entry.any_port = load32(at + 28) != 0;
        return entry;
    }
    constexpr void write(char* at) const noexcept {
        for (std::size_t i = 0; i < 8; i += 2) {
            store32(at + 2 * i,
                    std::uint32_t{network.first.pieces[i]} << 16 | network.first.pieces[i + 1]);
        }
        store32(at + 16, text_at);
        store32(at + 20, std::uint32_t{host_begin} << 16 | port_begin);
        store32(at + 24, network.bits);
        store32(at + 28, any_port ? 1 : 0);
    }
};

}  // namespace corsac::inline v0::detail

#endif
