// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_ENTRY_PARSER_HPP
#define CORSAC_ORIGIN_DETAIL_ENTRY_PARSER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/pasted_list.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
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

    constexpr void problem(config_code code, std::string_view what, std::string_view advice) {
        problem_ = {code, what, text{advice}};
        has_problem_ = true;
    }

    constexpr void read_host() {
        using enum config_code;
        const std::string_view host = host_.view();
        if (host.empty()) {
            if (special_ || has_port_) {
                problem(origin_host_missing, "has no host",
                        "write scheme, host and port: https://example.com");
            }
            return;
        }
        if (host.front() == '[') return read_ipv6();
        if (host.size() > max_host_length) {
            return problem(origin_host_too_long, "has a host of more than 253 bytes",
                           "check the host name");
        }
        special_ ? read_domain() : read_opaque_host();
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
            if (host.front() == '.' && !has_scheme_) return;  // `.example.com`: see `tell`
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
            append_ipv4(advice.append(scheme_.view()).append("://"), address.number);
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
            append_ipv4(advice.append(scheme_.view()).append("://"), number);
            advice.append('/').append_number(8 * known);
            if (has_port_ && !port_malformed_) advice.append(':').append(port_);
        }
        problem(config_code::wildcard_in_ip, "has a wildcard in an IP address", advice.view());
    }

    /// `/16`, `/16:*` or `/16:3000` behind an address: a network, and no path.
    constexpr void read_network() {
        using enum config_code;
        if (has_problem_ || has_port_ || trailing_.size() < 2 || trailing_[0] != '/') return;
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
            return problem(network_malformed, "has more bits than its address",
                           "write as many as are the same in all its addresses");
        }
        if (!network.begins_where_it_says()) {
            return problem(network_malformed, "has an address with more than those bits",
                           "write the first address of the network, as in http://192.168.0.0/16");
        }
        if (!network.is_private()) {
            return problem(network_not_private, "is no private network",
                           "list the addresses; networks are for 10.0.0.0/8, 172.16.0.0/12, "
                           "192.168.0.0/16, 169.254.0.0/16, 127.0.0.0/8, [fc00::]/7, [fe80::]/10");
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
        if (has_problem_ || port_malformed_) {
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
        if (has_problem_) report_(problem_.code, problem_.what, problem_.advice.view());
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

    struct host_problem {
        config_code code{};
        std::string_view what{};
        text advice{};
    };

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
    bool has_problem_ = false;
    bool network_ = false;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
