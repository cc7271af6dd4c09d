// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_PATTERN_HPP
#define CORSAC_ORIGIN_ORIGIN_PATTERN_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0 {

/// What an entry of `allow_origins` stands for.
enum class pattern_kind : std::uint8_t {
    exact,       ///< one origin, or `null`
    subdomains,  ///< `https://*.example.com`: one or more labels in place of the `*`
    in_label,    ///< `https://app-*-team.example.com`: letters, digits and `-` of one label
    any_host,    ///< `https://*`
    any_origin,  ///< `*`
};

class origin_pattern;

template <class Report>
constexpr origin_pattern parse_origin_pattern(std::string_view entry, const Report& report);

/// One entry of `allow_origins`, in its canonical spelling.
class origin_pattern {
public:
    /// The entry, folded; without `:*`.
    [[nodiscard]] constexpr std::string_view view() const noexcept { return text_.view(); }
    [[nodiscard]] constexpr pattern_kind kind() const noexcept { return kind_; }
    /// Whether it ended in `:*`.
    [[nodiscard]] constexpr bool any_port() const noexcept { return any_port_; }
    /// The host as it stands in the entry, with its `*`; empty for `*` and `null`.
    [[nodiscard]] constexpr std::string_view host() const noexcept {
        return view().substr(host_begin_, host_end_ - host_begin_);
    }
    [[nodiscard]] constexpr std::string_view scheme() const noexcept {
        return host_begin_ < 3 ? std::string_view{} : view().substr(0, host_begin_ - 3);
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
        return after.substr(dot + 1);
    }

private:
    template <class Report>
    friend constexpr origin_pattern parse_origin_pattern(std::string_view entry,
                                                         const Report& report);

    detail::text text_{};
    pattern_kind kind_ = pattern_kind::exact;
    bool any_port_ = false;
    std::size_t host_begin_ = 0;
    std::size_t host_end_ = 0;
    std::size_t wildcard_at_ = 0;
};

namespace detail {

/// The pieces of an entry, split before anything is known to be right.
struct entry_pieces {
    std::string_view scheme, userinfo, host, port, trailing;
    bool has_scheme = false;
    bool has_userinfo = false;
    bool has_port = false;
};

[[nodiscard]] constexpr entry_pieces split_entry(std::string_view entry) noexcept {
    entry_pieces pieces;
    if (const std::size_t colon = entry.find("://"); colon != entry.npos) {
        pieces.has_scheme = true;
        pieces.scheme = entry.substr(0, colon);
        entry.remove_prefix(colon + 3);
    }
    std::size_t end = entry.find_first_of("/?#\\");
    if (end == entry.npos) end = entry.size();
    pieces.trailing = entry.substr(end);
    entry = entry.substr(0, end);
    if (const std::size_t at = entry.rfind('@'); at != entry.npos) {
        pieces.has_userinfo = true;
        pieces.userinfo = entry.substr(0, at);
        entry.remove_prefix(at + 1);
    }
    const std::size_t bracket = entry.rfind(']');
    const std::size_t colon = entry.rfind(':');
    const bool colon_is_port = colon != entry.npos && (bracket == entry.npos || colon > bracket);
    pieces.has_port = colon_is_port;
    pieces.host = colon_is_port ? entry.substr(0, colon) : entry;
    pieces.port = colon_is_port ? entry.substr(colon + 1) : std::string_view{};
    return pieces;
}

/// What is wrong with a host in lower case, in which at most one `*` is left.
struct host_problem {
    bool found = false;
    config_code code{};
    std::string_view what{};
    std::string_view advice{};
};

[[nodiscard]] constexpr host_problem find_host_problem(std::string_view host, bool web) noexcept {
    using enum config_code;
    if (host.empty()) {
        return {true, origin_host_missing, "has no host",
                "write scheme, host and port: https://example.com"};
    }
    if (host.front() == '[') {
        if (host.find('*') != host.npos) {
            return {true, wildcard_in_ip, "has a wildcard in an IP address",
                    "list the addresses one by one"};
        }
        const bool closed = host.size() > 2 && host.back() == ']';
        if (!closed || !parse_ipv6(host.substr(1, host.size() - 2)).valid) {
            return {true, origin_ip_malformed, "is no IPv6 address",
                    "write it as in http://[::1]:3000"};
        }
        return {};
    }
    if (host.size() > max_host_length) {
        return {true, origin_host_too_long, "has a host of more than 253 characters",
                "check the host name"};
    }
    bool unicode = false;
    bool malformed = host.front() == '.';
    std::size_t wildcards = 0;
    char before = 'a';
    for (const char c : host) {
        unicode = unicode || byte_at(&c) >= 0x80;
        wildcards += c == '*' ? 1U : 0U;
        malformed = malformed || (c == '.' && before == '.');
        malformed = malformed || (c != '*' && byte_at(&c) < 0x80 && !host_chars[c]);
        before = c;
    }
    if (malformed) {
        return {true, origin_host_malformed, "has a malformed host",
                "a host has letters, digits, '-', '_' and single dots"};
    }
    if (unicode) {
        return {true, origin_host_unicode, "has a host that is not ASCII",
                "write the xn-- form that browsers send (its Punycode)"};
    }
    if (wildcards > 1) {
        return {true, wildcard_repeated, "has more than one wildcard",
                "keep one *, or list several patterns"};
    }
    if (wildcards == 1 && host != "*") {
        const std::size_t star = host.find('*');
        std::string_view rest = host.substr(star);
        if (rest.back() == '.') rest.remove_suffix(1);
        if (rest.find('.') == rest.npos) {
            return {true, wildcard_in_top_label,
                    "has a wildcard in its last label, so strangers could register a match",
                    "put the * further left: https://*.example.com"};
        }
        if (ends_in_number(host)) {
            return {true, wildcard_in_ip, "has a wildcard in an IP address",
                    "list the addresses one by one"};
        }
    }
    if (web && wildcards == 0 && ends_in_number(host) && !is_ipv4(host)) {
        return {true, origin_ip_malformed, "is no IPv4 address",
                "write four numbers from 0 to 255: http://127.0.0.1"};
    }
    return {};
}

}  // namespace detail

/// Reads one entry of `allow_origins`.
///
/// @param report  Called as `report(code, what, advice)` for every mistake in the entry; the last
///                two are views that die with the call.
/// @return        The pattern; meaningless if a mistake was reported.
///
/// Spec: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
template <class Report>
constexpr origin_pattern parse_origin_pattern(std::string_view entry, const Report& report) {
    using enum config_code;
    origin_pattern pattern;
    if (entry.empty()) {
        report(origin_empty, "an empty entry", R"(write an origin such as "https://example.com")");
        return pattern;
    }
    if (entry == "*" || entry == "null") {
        pattern.text_.append(entry);
        if (entry == "*") pattern.kind_ = pattern_kind::any_origin;
        return pattern;
    }

    const detail::entry_pieces pieces = detail::split_entry(entry);
    const detail::text scheme = detail::lower_case(pieces.scheme);
    const detail::text host = detail::lower_case(pieces.host);
    const bool web = !pieces.has_scheme || detail::is_web_scheme(scheme.view());
    const detail::host_problem host_problem = detail::find_host_problem(host.view(), web);

    bool scheme_known = pieces.has_scheme && !scheme.empty() && detail::is_lower(scheme.view()[0]);
    for (const char c : scheme.view()) scheme_known = scheme_known && detail::scheme_chars[c];
    scheme_known = scheme_known && scheme.size() <= max_scheme_length;

    pattern.any_port_ = pieces.port == "*";
    const std::int32_t port = pattern.any_port_ ? 0 : detail::parse_decimal(pieces.port, 65535);
    const bool port_malformed = pieces.has_port && !pattern.any_port_ && port <= 0;

    // The canonical spelling, which is also what the advice suggests.
    pattern.text_.append(scheme_known ? scheme.view() : "https").append("://");
    pattern.host_begin_ = pattern.text_.size();
    const bool bracketed = !host.empty() && host.view().front() == '[';
    if (bracketed && !host_problem.found) {
        const detail::ipv6_text address =
            detail::serialize_ipv6(detail::parse_ipv6(host.view().substr(1, host.size() - 2)));
        pattern.text_.append('[').append(address.view()).append(']');
    } else {
        pattern.text_.append(host.view());
    }
    pattern.host_end_ = pattern.text_.size();
    if (port > 0 && port != detail::default_port(scheme.view())) {
        pattern.text_.append(':').append_number(static_cast<std::uint64_t>(port));
    }
    const auto write_this = [&] {
        // Half an entry would be no better advice than none.
        if (host_problem.found || port_malformed) {
            return detail::text{"write scheme, host and port: https://example.com"};
        }
        detail::text advice{"write \""};
        advice.append(pattern.view()).append(pattern.any_port_ ? ":*\"" : "\"");
        return advice;
    };

    if (!pieces.has_scheme) {
        report(origin_scheme_missing, "has no scheme", write_this().view());
    } else if (scheme.view().find('*') != std::string_view::npos) {
        report(wildcard_in_scheme, "has a wildcard in its scheme", write_this().view());
    } else if (!scheme_known) {
        report(origin_scheme_malformed, "has a malformed scheme", write_this().view());
    }
    if (pieces.has_userinfo) report(origin_has_userinfo, "has a user name", write_this().view());
    if (host_problem.found) report(host_problem.code, host_problem.what, host_problem.advice);
    if (port_malformed) {
        report(origin_port_malformed, "has a malformed port",
               "write 1 to 65535 without leading zeros, or :* for any port");
    }
    if (!pieces.trailing.empty()) {
        report(origin_has_path,
               pieces.trailing == "/" ? "has a path, the trailing /"
                                      : "has a path, query or fragment",
               write_this().view());
    }

    const std::size_t star = pattern.host().find('*');
    if (star != std::string_view::npos) {
        pattern.wildcard_at_ = pattern.host_begin_ + star;
        pattern.kind_ = pattern.host() == "*"                 ? pattern_kind::any_host
                        : pattern.host().substr(0, 2) == "*." ? pattern_kind::subdomains
                                                              : pattern_kind::in_label;
    }
    return pattern;
}

}  // namespace corsac::inline v0

#endif
