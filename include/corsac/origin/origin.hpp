// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_HPP
#define CORSAC_ORIGIN_ORIGIN_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Bytes of the longest host, a trailing dot included.
/// Spec: https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4
inline constexpr std::size_t max_host_length = 253;

/// Bytes of the longest scheme; `safari-web-extension` has 20.
inline constexpr std::size_t max_scheme_length = 56;

/// Bytes of the longest origin that is read: a scheme, `://`, a host, `:65535`.
inline constexpr std::size_t max_origin_length = max_scheme_length + 3 + max_host_length + 6;

/// Why a text is not a serialised origin.
enum class origin_defect : std::uint8_t {
    none,      ///< it is one
    too_long,  ///< longer than `max_origin_length`
    scheme,    ///< no `scheme://` in lower case
    host,      ///< no host, or a byte that a serialised host does not have
    port,      ///< not 1 to 65535, a leading zero, or the scheme's default
    trailing,  ///< something after host and port: a path, a second origin
};

/// Where the parts of a serialised origin are, or why there are none.
struct origin_parts {
    std::size_t host_begin = 0;
    std::size_t host_end = 0;  ///< a port, with its colon, begins here
    origin_defect defect = origin_defect::none;

    [[nodiscard]] constexpr explicit operator bool() const noexcept {
        return defect == origin_defect::none;
    }
};

namespace detail {

inline constexpr byte_set scheme_chars{"abcdefghijklmnopqrstuvwxyz0123456789+-."};
// `_` is in no domain name of RFC 1123, but browsers send it.
inline constexpr byte_set host_chars{"abcdefghijklmnopqrstuvwxyz0123456789-_."};
inline constexpr byte_set label_chars_in_domains{"abcdefghijklmnopqrstuvwxyz0123456789-_"};
// What a `*` inside a label stands for.
inline constexpr byte_set label_chars{
    "abcdefghijklmnopqrstuvwxyz0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"};
// All that is printable but the forbidden host code points.
// Spec: https://url.spec.whatwg.org/#forbidden-host-code-point
inline constexpr byte_set opaque_host_chars{
    "!\"$%&'()*+,-.0123456789;=ABCDEFGHIJKLMNOPQRSTUVWXYZ_`abcdefghijklmnopqrstuvwxyz{}~"};

/// The port that an origin of that scheme leaves out; 0 for none.
///
/// Spec: https://url.spec.whatwg.org/#default-port
[[nodiscard]] constexpr std::int32_t default_port(std::string_view scheme) noexcept {
    if (is_text(scheme, "https") || is_text(scheme, "wss")) return 443;
    if (is_text(scheme, "http") || is_text(scheme, "ws")) return 80;
    if (is_text(scheme, "ftp")) return 21;
    return 0;
}

/// Whether hosts of that scheme are domains or IP addresses. Those of all others are opaque: their
/// letters keep their case, and they may be empty. (`file` is special, too, but what browsers send
/// for it, if not `null`, is `file://`.)
///
/// Spec: https://url.spec.whatwg.org/#is-special
[[nodiscard]] constexpr bool is_special_scheme(std::string_view scheme) noexcept {
    return default_port(scheme) != 0;
}

/// Whether nothing tells who sends what comes by that scheme from another machine.
[[nodiscard]] constexpr bool is_plain_scheme(std::string_view scheme) noexcept {
    return scheme == "http" || scheme == "ws" || scheme == "ftp";
}

/// Lower-case labels, none of them empty but one behind a trailing dot.
[[nodiscard]] constexpr bool is_serialized_domain(std::string_view host) noexcept {
    if (host.empty() || host.size() > max_host_length) return false;
    char before = '.';
    for (const char c : host) {
        if (!host_chars[c] || (c == '.' && before == '.')) return false;
        before = c;
    }
    return true;
}

/// Whether a text may stand before a dot and the labels that end a host.
/// @param domain  Of a special scheme.
[[nodiscard]] constexpr bool are_labels(std::string_view text, bool domain) noexcept {
    if (domain) return is_serialized_domain(text) && text.back() != '.';
    for (const char c : text) {
        if (!opaque_host_chars[c]) return false;
    }
    return true;
}

/// Reads the host of a URL of a special scheme that is no IPv6 address.
///
/// @return  Where the host ends, or where it begins if it is none.
[[nodiscard]] constexpr std::size_t read_domain(std::string_view text, std::size_t begin) noexcept {
    std::size_t at = begin;
    std::size_t label = begin;
    for (;; ++at) {
        while (at < text.size() && label_chars_in_domains[text[at]]) ++at;
        if (at == text.size() || text[at] != '.') break;
        if (at == label) return begin;  // empty
        label = at + 1;
    }
    if (at == begin || at - begin > max_host_length) return begin;
    // The last label of an address is a number; behind a trailing dot it is the one before.
    const std::string_view host = view_of(text.data() + begin, at - begin);
    const bool perhaps_number = label == at || is_digit(text[label]);
    return perhaps_number && ends_in_number(host) && !is_ipv4(host) ? begin : at;
}

/// The same for a host between brackets.
[[nodiscard]] constexpr std::size_t read_ipv6(std::string_view text, std::size_t begin) noexcept {
    std::size_t at = begin;
    while (at < text.size() && text[at] != ']') ++at;
    if (at == text.size() || at < begin + 2) return begin;
    return is_serialized_ipv6(view_of(text.data() + begin + 1, at - begin - 1)) ? at + 1 : begin;
}

/// The same for the opaque host of any other scheme, which may be empty where no port follows.
///
/// Spec: https://url.spec.whatwg.org/#host-state
/// @return  `npos` if it is none.
[[nodiscard]] constexpr std::size_t read_opaque_host(std::string_view text,
                                                     std::size_t begin) noexcept {
    std::size_t at = begin;
    while (at < text.size() && opaque_host_chars[text[at]]) ++at;
    return at - begin > max_host_length ? text.npos : at;
}

/// What a serialised origin begins with.
struct scheme_part {
    std::size_t host_begin = 0;  ///< behind `://`; 0 if there is no scheme
    std::int32_t usual_port = 0;
};

[[nodiscard]] constexpr scheme_part read_scheme(std::string_view text) noexcept {
    if (text.size() >= 8 && is_text(view_of(text.data(), 8), "https://")) return {8, 443};
    std::size_t end = 0;
    while (end < text.size() && scheme_chars[text[end]]) ++end;
    if (end == 0 || !is_lower(text[0]) || end + 3 > text.size() || text[end] != ':' ||
        text[end + 1] != '/' || text[end + 2] != '/') {
        return {};
    }
    return {end + 3, default_port(view_of(text.data(), end))};
}

/// Whether digits are a port that an origin does not leave out.
[[nodiscard]] constexpr bool is_port(std::string_view digits, std::int32_t usual) noexcept {
    const std::int32_t port = parse_decimal(digits, 65535);
    return port > 0 && port != usual;
}

/// Finds a host without looking at it, for who compares it with what is known to be one.
///
/// @param text  Of at most `max_origin_length` bytes.
/// @return      The parts of `text` if it is a serialised origin. If it is none, a defect, or parts
///              of which the host has bytes that no host has.
[[nodiscard]] constexpr origin_parts split_origin(std::string_view text) noexcept {
    const scheme_part scheme = read_scheme(text);
    if (scheme.host_begin == 0) return {.defect = origin_defect::scheme};
    std::size_t digits = text.size();
    while (digits > scheme.host_begin && is_digit(text[digits - 1])) --digits;
    std::size_t host_end = text.size();
    // Where there is nothing but digits, a `/` is before them.
    if (digits != text.size() && text[digits - 1] == ':') {
        host_end = digits - 1;
        const std::string_view port = view_of(text.data() + digits, text.size() - digits);
        if (!is_port(port, scheme.usual_port)) return {.defect = origin_defect::port};
        if (host_end == scheme.host_begin) return {.defect = origin_defect::host};
    }
    if (host_end - scheme.host_begin > max_host_length) return {.defect = origin_defect::host};
    return {.host_begin = scheme.host_begin, .host_end = host_end};
}

}  // namespace detail

/// Takes a serialised origin apart: what a browser sends in `Origin`, except `null`.
///
/// Nothing is folded or repaired: a text with upper case, a default port, userinfo, a path or a
/// space is not a serialised origin. More than the standard's ABNF: hosts with `_` or a trailing
/// dot, and the opaque hosts of other schemes (`app://.`, `file://`,
/// `safari-web-extension://1A2B`), which browsers do send.
///
/// Cost: one pass over at most `max_origin_length` bytes.
/// Spec: https://fetch.spec.whatwg.org/#origin-header
[[nodiscard]] constexpr origin_parts parse_serialized_origin(std::string_view text) noexcept {
    if (text.size() > max_origin_length) return {.defect = origin_defect::too_long};
    const auto [host_begin, usual_port] = detail::read_scheme(text);
    if (host_begin == 0) return {.defect = origin_defect::scheme};
    std::size_t at = host_begin;
    if (host_begin < text.size() && text[host_begin] == '[') {
        at = detail::read_ipv6(text, host_begin);
        if (at == host_begin) return {.defect = origin_defect::host};
    } else if (usual_port != 0) {  // a special scheme
        at = detail::read_domain(text, host_begin);
        if (at == host_begin) return {.defect = origin_defect::host};
    } else {
        at = detail::read_opaque_host(text, host_begin);
        const bool only_port = at == host_begin && at < text.size() && text[at] == ':';
        if (at == text.npos || only_port) return {.defect = origin_defect::host};
    }
    const std::size_t host_end = at;
    if (at < text.size() && text[at] == ':') {
        ++at;
        while (at < text.size() && detail::is_digit(text[at])) ++at;
        if (!detail::is_port(text.substr(host_end + 1, at - host_end - 1), usual_port)) {
            return {.defect = origin_defect::port};
        }
    }
    if (at != text.size()) return {.defect = origin_defect::trailing};
    return {.host_begin = host_begin, .host_end = host_end};
}

/// Whether a text is what a browser sends in `Origin`: a serialised origin or `null`.
[[nodiscard]] constexpr bool is_serialized_origin(std::string_view text) noexcept {
    return text == "null" || parse_serialized_origin(text);
}

/// Whether a host in lower case, with brackets if it is IPv6, is this very machine. A trailing dot
/// makes no difference.
///
/// Spec: https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
[[nodiscard]] constexpr bool is_loopback_host(std::string_view host) noexcept {
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    if (host == "localhost" || host == "[::1]") return true;
    constexpr std::string_view suffix = ".localhost";
    if (host.size() > suffix.size() && host.substr(host.size() - suffix.size()) == suffix) {
        return true;
    }
    return host.substr(0, 4) == "127." && detail::is_ipv4(host);
}

/// Whether an origin is plain `http://` to another machine, whose pages anyone on the way can
/// rewrite. (`ws` and `ftp`, which no browser sends, are no better.)
/// @param origin  Serialised; of another text it says nothing.
[[nodiscard]] constexpr bool is_insecure_origin(std::string_view origin) noexcept {
    const std::size_t end = origin.find("://");
    if (end == origin.npos || !detail::is_plain_scheme(origin.substr(0, end))) return false;
    const std::string_view rest = origin.substr(end + 3);
    // A port follows the last colon behind a bracket, if there is one.
    const std::size_t colon = rest.find(':', rest.find(']') == rest.npos ? 0 : rest.find(']'));
    return !is_loopback_host(rest.substr(0, colon));
}

}  // namespace corsac::inline v0_2_0

#endif
