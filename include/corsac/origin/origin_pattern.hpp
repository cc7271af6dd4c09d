// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_PATTERN_HPP
#define CORSAC_ORIGIN_ORIGIN_PATTERN_HPP

// Tested in tests/origin/parse_origin_pattern.test.cpp.

#include <corsac/detail/text.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// What an entry of `allow_origins` stands for.
enum class pattern_kind : std::uint8_t {
    exact,       ///< one origin, or `null`
    subdomains,  ///< `https://*.example.com`: one or more labels in place of the `*`
    in_label,    ///< `https://app-*-team.example.com`: letters, digits and `-` of one label
    any_host,    ///< `https://*`
    any_origin,  ///< `*`
    network,     ///< `http://192.168.0.0/16`: the addresses of a private network
};

namespace detail {
template <class Report>
class entry_parser;
}

/// One entry of `allow_origins`, in its canonical spelling. Read by `parse_origin_pattern`.
class origin_pattern {
public:
    /// The entry, folded; without `:*`.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }
    [[nodiscard]] constexpr pattern_kind kind() const noexcept { return kind_; }
    /// Whether it ended in `:*`.
    [[nodiscard]] constexpr bool any_port() const noexcept { return any_port_; }
    [[nodiscard]] constexpr std::string_view scheme() const noexcept {
        return host_begin_ < 3 ? std::string_view{} : view().substr(0, host_begin_ - 3);
    }
    /// The host as it stands in the entry, with its `*`; empty for `*` and `null`.
    [[nodiscard]] constexpr std::string_view host() const noexcept {
        return view().substr(host_begin_, host_end_ - host_begin_);
    }
    /// A port with its colon, if there is one; empty with `any_port()`.
    [[nodiscard]] constexpr std::string_view port() const noexcept {
        return view().substr(port_begin_);
    }
    [[nodiscard]] constexpr bool has_wildcard() const noexcept {
        return kind_ == pattern_kind::subdomains || kind_ == pattern_kind::in_label ||
               kind_ == pattern_kind::any_host;
    }
    /// Where in `view()` the `*` is, if there is one.
    [[nodiscard]] constexpr std::size_t wildcard_at() const noexcept { return wildcard_at_; }
    /// The labels that follow the one with the `*`; empty without a wildcard.
    [[nodiscard]] constexpr std::string_view fixed_labels() const noexcept {
        if (kind_ != pattern_kind::subdomains && kind_ != pattern_kind::in_label) return {};
        const std::string_view after = view().substr(wildcard_at_, host_end_ - wildcard_at_);
        const std::size_t dot = after.find('.');
        return after.substr(dot == after.npos ? after.size() : dot + 1);
    }
    /// Of a network: its bits as those of an IPv6 address, an IPv4 address as its IPv4-mapped one.
    [[nodiscard]] constexpr unsigned network_bits() const noexcept { return network_bits_; }

private:
    template <class Report>
    friend class detail::entry_parser;

    detail::text text_{};
    pattern_kind kind_ = pattern_kind::exact;
    bool any_port_ = false;
    std::uint8_t network_bits_ = 0;
    std::size_t host_begin_ = 0;
    std::size_t host_end_ = 0;
    std::size_t port_begin_ = 0;
    std::size_t wildcard_at_ = 0;
};

}  // namespace corsac::inline v0_2_0

#endif
