// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_NETWORK_HPP
#define CORSAC_ORIGIN_DETAIL_NETWORK_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// Bytes of the longest such host: an IPv6 address of eight pieces between brackets.
inline constexpr std::size_t max_address_length = 8 * 4 + 7 + 2;

/// An address as one number of 128 bits; IPv4 is mapped to `::ffff:0:0/96`.
struct address_bits {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    bool valid = false;
};

[[nodiscard]] constexpr address_bits bits_of_ipv4(std::uint32_t number) noexcept {
    return {0, std::uint64_t{0xffff} << 32 | number, true};
}

/// A host that is an IP address, as browsers serialise it.
/// @param host  Not empty.
[[nodiscard]] constexpr address_bits read_address(std::string_view host) noexcept {
    if (host.front() != '[') {
        std::uint16_t high = 0, low = 0;
        if (!read_embedded_ipv4(host, high, low)) return {};
        return bits_of_ipv4(std::uint32_t{high} << 16 | low);
    }
    const ipv6_address address = parse_ipv6(host.substr(1, host.size() - 2));
    address_bits bits{.valid = address.valid};
    for (int i = 0; i < 4; ++i) {
        bits.high = bits.high << 16 | address.pieces[i];
        bits.low = bits.low << 16 | address.pieces[i + 4];
    }
    return bits;
}

constexpr void append_ipv4(text& to, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) {
        to.append_number(number >> shift & 0xff);
        if (shift != 0) to.append('.');
    }
}

/// Addresses whose first `bits` bits are the same.
struct ip_network {
    address_bits first;
    unsigned bits = 0;

    [[nodiscard]] constexpr bool contains(const address_bits& address) const noexcept {
        return ((address.high ^ first.high) & high_mask()) == 0 &&
               ((address.low ^ first.low) & low_mask()) == 0;
    }

    /// Whether no bit behind the first `bits` is set.
    [[nodiscard]] constexpr bool begins_where_it_says() const noexcept {
        return (first.high & ~high_mask()) == 0 && (first.low & ~low_mask()) == 0;
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

private:
    [[nodiscard]] constexpr std::uint64_t high_mask() const noexcept {
        return bits < 64 ? mask_of(bits) : ~std::uint64_t{0};
    }
    [[nodiscard]] constexpr std::uint64_t low_mask() const noexcept {
        return bits < 64 ? 0 : bits < 128 ? mask_of(bits - 64) : ~std::uint64_t{0};
    }
    /// The first `count` of 64 bits, of which it are less.
    [[nodiscard]] static constexpr std::uint64_t mask_of(unsigned count) noexcept {
        return ~(~std::uint64_t{0} >> count);
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
        const std::uint32_t places = load32(at + 20);
        return {{{load64(at), load64(at + 8), true}, load32(at + 24)},
                load32(at + 16),
                static_cast<std::uint16_t>(places >> 16),
                static_cast<std::uint16_t>(places),
                load32(at + 28) != 0};
    }
    constexpr void write(char* at) const noexcept {
        for (int word = 0; word < 2; ++word) {
            store32(at + 4 * word, static_cast<std::uint32_t>(network.first.high >> 32 * word));
            store32(at + 8 + 4 * word, static_cast<std::uint32_t>(network.first.low >> 32 * word));
        }
        store32(at + 16, text_at);
        store32(at + 20, std::uint32_t{host_begin} << 16 | port_begin);
        store32(at + 24, network.bits);
        store32(at + 28, any_port ? 1 : 0);
    }
};

}  // namespace corsac::inline v0_2_0::detail

#endif
