// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_ENTRY_PARSER_HPP
#define CORSAC_ORIGIN_DETAIL_ENTRY_PARSER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/pasted_list.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/detail/host_reader.hpp>
#include <corsac/origin/detail/network.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// Reads one entry of `allow_origins`, and says of a wrong one what to write instead.
// A template, so that it is compiled only where a policy is built.
template <class Report>
class entry_parser {
public:
    constexpr entry_parser(std::string_view entry, const Report& report) noexcept
        : written_(entry), pasted_(find_paste(entry)), entry_(pasted_.only), report_(report) {}

    [[nodiscard]] constexpr origin_pattern run() {
        origin_pattern read;
        if (is_no_entry()) return read;
        if (entry_ == "*" || entry_ == "null") {
            read.text_.append(entry_);
            read.port_begin_ = entry_.size();
            if (entry_ == "*") read.kind_ = pattern_kind::any_origin;
            tell_paste(read);
            return read;
        }
        split();
        read_scheme();
        read_port();
        read_host();
        read_network();
        build(read);
        tell(read);
        return read;
    }

private:
    /// What is none at all gets one hint, and no other.
    [[nodiscard]] constexpr bool is_no_entry() {
        using enum config_code;
        if (entry_.empty()) {
            report_(origin_empty, "is empty",
                    R"(write an origin such as "https://example.com", or leave the entry out)");
            return true;
        }
        if (looks_like_expression()) {
            report_(
                origin_is_expression, "is an expression, and allow_origins has patterns",
                R"(write a pattern such as "https://*.example.com", or use string_matcher_set)");
            return true;
        }
        if (pasted_.left == paste::list) {
            report_paste<config_code>(pasted_, {}, report_);
            return true;
        }
        if (equals_ignore_case(entry_, "null") && entry_ != "null") {
            report_(origin_scheme_missing, "is no origin", R"(write "null")");
            return true;
        }
        return false;
    }

    [[nodiscard]] constexpr bool looks_like_expression() const noexcept {
        for (const std::string_view sign :
             {"^", "$", "(", ")", "|", ".+", "://.*", "\\.", "\\/", "?://"}) {
            if (written_.find(sign) != written_.npos) return true;
        }
        return written_.find('{') < written_.find(',');  // `https://{a,b}.example.com`
    }

    constexpr void split() {
        std::string_view rest = entry_;
        if (const std::size_t colon = rest.find("://"); colon != rest.npos) {
            has_scheme_ = true;
            scheme_ = lower_case(rest.substr(0, colon));
            rest.remove_prefix(colon + 3);
        } else {
            rest.remove_prefix(begin_of_host());
        }
        std::size_t end = rest.find_first_of("/?#\\");
        if (end == rest.npos) end = rest.size();
        trailing_ = rest.substr(end);
        rest = rest.substr(0, end);
        if (const std::size_t at = rest.rfind('@'); at != rest.npos) {
            has_userinfo_ = true;
            rest.remove_prefix(at + 1);
        }
        const std::size_t bracket = rest.rfind(']');
        const std::size_t colon = rest.rfind(':');
        has_port_ = colon != rest.npos && (bracket == rest.npos || colon > bracket);
        host_ = text{has_port_ ? rest.substr(0, colon) : rest};
        port_ = has_port_ ? rest.substr(colon + 1) : std::string_view{};
    }

    /// Where the host of an entry without `://` is meant to begin: `https:/a`, `https//a`, `//a`.
    [[nodiscard]] constexpr std::size_t begin_of_host() const noexcept {
        std::size_t at = 0;
        for (const std::string_view scheme : {"http", "https"}) {
            const std::string_view next = entry_.substr(0, scheme.size() + 2);
            const bool meant = equals_ignore_case(next.substr(0, scheme.size()), scheme) &&
                               next.substr(scheme.size()).find_first_of("/\\;") != next.npos;
            if (meant) at = scheme.size();
        }
        while (at < entry_.size() && byte_set{":;/\\"}[entry_[at]]) ++at;
        return at == entry_.size() ? 0 : at;
    }

    constexpr void read_scheme() {
        scheme_known_ =
            !scheme_.empty() && is_lower(scheme_.view()[0]) && scheme_.size() <= max_scheme_length;
        for (const char c : scheme_.view()) scheme_known_ = scheme_known_ && scheme_chars[c];
        // What is meant is told by the host: no certificate is to be had for this machine.
        if (!scheme_known_) {
            const text host = lower_case(host_.view());
            scheme_ =
                text{is_loopback_host(host.view()) || is_ipv4(host.view()) ? "http" : "https"};
        }
        special_ = is_special_scheme(scheme_.view());
        if (special_) host_ = lower_case(host_.view());
    }

    constexpr void read_port() {
        any_port_ = port_ == "*";
        port_number_ = any_port_ ? 0 : parse_decimal(port_, 65535);
        port_malformed_ = has_port_ && !any_port_ && port_number_ <= 0;
    }

    constexpr void read_host() {
        const std::string_view host = host_.view();
        if (host.empty()) {
            if (special_ || has_port_) {
                problem_ = {config_code::origin_host_missing, "has no host",
                            text{"write scheme, host and port: https://example.com"}};
            }
            return;
        }
        // `.example.com`: see `write_this`
        const bool means_subdomains = host.front() == '.' && special_ && !has_scheme_;
        if (means_subdomains && host.size() <= max_host_length) return;
        const std::string_view port = port_malformed_ ? std::string_view{} : port_;
        problem_ = host_reader<text>{host_, scheme_.view(), port}.run();
    }

    /// `/16`, `/16:*` or `/16:3000` behind an address: a network, and no path.
    constexpr void read_network() {
        using enum config_code;
        if (problem_.found() || has_port_ || trailing_.size() < 2 || trailing_[0] != '/') return;
        std::string_view bits = trailing_.substr(1);
        const std::size_t colon = bits.find(':');
        const std::string_view port =
            colon == bits.npos ? bits.substr(bits.size()) : bits.substr(colon + 1);
        bits = bits.substr(0, colon);
        const std::int32_t count = parse_decimal(bits, 128);
        const bool v6 = !host_.empty() && host_.view().front() == '[';
        if (count < 0 || (!v6 && !is_ipv4(host_.view()))) return;

        trailing_ = {};
        if (colon != std::string_view::npos) {
            has_port_ = true;
            port_ = port;
            read_port();
        }
        const ip_network network{read_address(host_.view()),
                                 static_cast<unsigned>(count) + (v6 ? 0U : 96U)};
        if (network.bits > 128) {
            problem_ = {network_malformed, "has more bits than its address",
                        text{"write as many as are the same in all its addresses"}};
            return;
        }
        if (!network.begins_where_it_says()) {
            problem_ = {
                network_malformed, "has an address with more than those bits",
                text{"write the first address of the network, as in http://192.168.0.0/16"}};
            return;
        }
        if (!network.is_private()) {
            problem_ = {
                network_not_private, "is no private network",
                text{"list the addresses; networks are for 10.0.0.0/8, 172.16.0.0/12, "
                     "192.168.0.0/16, 169.254.0.0/16, 127.0.0.0/8, [fc00::]/7, [fe80::]/10"}};
            return;
        }
        network_ = true;
        network_bits_ = network.bits;
        network_suffix_.append('/').append_number(static_cast<std::uint64_t>(count));
    }

    /// The canonical spelling, which is also what the advice suggests.
    constexpr void build(origin_pattern& read) const {
        read.any_port_ = any_port_;
        read.text_.append(scheme_.view()).append("://");
        read.host_begin_ = read.text_.size();
        read.text_.append(host_.view());
        read.host_end_ = read.text_.size();
        read.text_.append(network_suffix_.view());
        read.port_begin_ = read.text_.size();
        if (port_number_ > 0 && port_number_ != default_port(scheme_.view())) {
            read.text_.append(':').append_number(static_cast<std::uint64_t>(port_number_));
        }
        if (network_) {
            read.kind_ = pattern_kind::network;
            read.network_bits_ = static_cast<std::uint8_t>(network_bits_);
            return;
        }
        const std::string_view host = read.host();
        const std::size_t star = host.find('*');
        if (star == host.npos) return;
        read.wildcard_at_ = read.host_begin_ + star;
        read.kind_ = host == "*"                 ? pattern_kind::any_host
                     : host.substr(0, 2) == "*." ? pattern_kind::subdomains
                                                 : pattern_kind::in_label;
    }

    [[nodiscard]] constexpr text write_this(const origin_pattern& read) const {
        // Half an entry would be no better advice than none.
        if (problem_.found() || port_malformed_) {
            return text{"write scheme, host and port: https://example.com"};
        }
        text advice{"write \""};
        std::string_view rest = read.view();
        // `.example.com` means the subdomains, as in a cookie.
        if (read.host().substr(0, 1) == "." && special_) {
            advice.append(rest.substr(0, read.host_begin_)).append('*');
            rest.remove_prefix(read.host_begin_);
        }
        advice.append(rest).append(any_port_ ? ":*\"" : "\"");
        return advice;
    }

    constexpr void tell_paste(const origin_pattern& read) const {
        report_paste<config_code>(pasted_, write_this(read).view(), report_);
    }

    constexpr void tell(const origin_pattern& read) const {
        using enum config_code;
        tell_paste(read);
        const bool wildcard_scheme =
            has_scheme_ && entry_.substr(0, entry_.find("://")).find('*') != entry_.npos;
        if (!has_scheme_) {
            report_(origin_scheme_missing, "has no scheme", write_this(read).view());
        } else if (wildcard_scheme) {
            report_(wildcard_in_scheme, "has a wildcard in its scheme", write_this(read).view());
        } else if (!scheme_known_) {
            report_(origin_scheme_malformed, "has a malformed scheme", write_this(read).view());
        }
        if (has_userinfo_) {
            report_(origin_has_userinfo, "has a user name", write_this(read).view());
        }
        if (problem_.found()) report_(problem_.code, problem_.what, problem_.advice.view());
        if (port_malformed_) {
            report_(origin_port_malformed, "has a malformed port",
                    "write 1 to 65535 without leading zeros, or :* for any port");
        }
        if (!trailing_.empty()) {
            report_(origin_has_path,
                    trailing_ == "/" ? "has a path, the trailing /"
                                     : "has a path, query or fragment",
                    write_this(read).view());
        }
    }

    std::string_view written_;
    pasted_list pasted_;
    std::string_view entry_;  ///< without quotes and white space
    const Report& report_;
    text scheme_{};
    text host_{};
    text network_suffix_{};
    std::string_view port_{};
    std::string_view trailing_{};
    host_problem problem_{};
    std::int32_t port_number_ = 0;
    unsigned network_bits_ = 0;
    bool has_scheme_ = false;
    bool scheme_known_ = false;
    bool special_ = false;
    bool has_userinfo_ = false;
    bool has_port_ = false;
    bool any_port_ = false;
    bool port_malformed_ = false;
    bool network_ = false;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
