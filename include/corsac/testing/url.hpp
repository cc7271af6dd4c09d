// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_URL_HPP
#define CORSAC_TESTING_URL_HPP

#include <corsac/origin/public_suffix.hpp>
#include <corsac/testing/host.hpp>
#include <corsac/testing/messages.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// A parsed URL. Only `http`, `https`, `ws` and `wss` are taken apart; of any other scheme the rest
/// is kept in `path` as it is.
struct url {
    std::string scheme{};
    std::string userinfo{};
    std::string host{};
    /// Empty for the scheme's default port.
    std::string port{};
    std::string path{};
    /// With its `?`, or empty.
    std::string query{};
    /// With its `#`, or empty.
    std::string fragment{};

    [[nodiscard]] bool is_http() const { return scheme == "http" || scheme == "https"; }
    [[nodiscard]] bool is_special() const { return is_http() || scheme == "ws" || scheme == "wss"; }

    [[nodiscard]] bool is_secure() const { return scheme == "https" || scheme == "wss"; }

    /// The serialised origin; `null` where the scheme has none.
    [[nodiscard]] std::string origin() const {
        if (!is_special()) return "null";
        return scheme + "://" + host + (port.empty() ? "" : ":" + port);
    }
    /// What is requested: without userinfo and fragment.
    [[nodiscard]] std::string wire() const {
        return (is_special() ? origin() : scheme + ":") + path + query;
    }
    [[nodiscard]] std::string text() const {
        if (!is_special()) return scheme + ":" + path + query + fragment;
        return scheme + "://" + (userinfo.empty() ? "" : userinfo + "@") + host +
               (port.empty() ? "" : ":" + port) + path + query + fragment;
    }
};

namespace detail {

[[nodiscard]] constexpr std::string_view default_port(std::string_view scheme) noexcept {
    if (scheme == "http" || scheme == "ws") return "80";
    return scheme == "https" || scheme == "wss" ? "443" : "";
}

[[nodiscard]] inline std::string percent_encoded(std::string_view text, std::string_view also) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte > 0x20 && byte < 0x7f && also.find(c) == std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 0xf];
        }
    }
    return out;
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

/// How many dots a path segment stands for, `%2e` included: 1, 2, or 0 for an ordinary segment.
[[nodiscard]] inline int dots(std::string_view segment) {
    int n = 0;
    while (!segment.empty()) {
        if (segment[0] == '.')
            segment.remove_prefix(1);
        else if (equals_ignore_case(segment.substr(0, 3), "%2e"))
            segment.remove_prefix(3);
        else
            return 0;
        if (++n > 2) return 0;
    }
    return n;
}

[[nodiscard]] inline std::string without_dot_segments(std::string_view path) {
    std::vector<std::string> kept;
    const std::vector<std::string_view> segments = split(path, '/');
    for (std::size_t i = 1; i < segments.size(); ++i) {
        const int n = dots(segments[i]);
        const bool last = i + 1 == segments.size();
        if (n == 2 && !kept.empty()) kept.pop_back();
        if (n == 0)
            kept.push_back(percent_encoded(segments[i], "\"<>`{}^"));
        else if (last)
            kept.emplace_back();
    }
    std::string out;
    for (const std::string& segment : kept) out.append("/").append(segment);
    return out.empty() ? "/" : out;
}

[[nodiscard]] inline bool parse_authority(std::string_view authority, url& out) {
    const std::size_t at = authority.rfind('@');
    if (at != std::string_view::npos) {
        constexpr std::string_view also = "\"#<>?`{}/:;=@[\\]^|";
        const std::string_view written = authority.substr(0, at);
        const std::size_t colon = written.find(':');
        out.userinfo = percent_encoded(written.substr(0, colon), also);
        if (colon != std::string_view::npos && colon + 1 != written.size()) {
            out.userinfo += ':' + percent_encoded(written.substr(colon + 1), also);
        }
        authority.remove_prefix(at + 1);
    }
    const std::size_t bracket = authority.rfind(']');
    const std::size_t colon = authority.find(':', bracket == std::string_view::npos ? 0 : bracket);
    if (colon != std::string_view::npos) {
        unsigned number = 0;
        const std::string_view digits = authority.substr(colon + 1);
        for (const char c : digits) {
            if (!is_digit(c)) return false;
            number = number * 10 + static_cast<unsigned>(c - '0');
            if (number > 65535) return false;
        }
        if (!digits.empty()) out.port = std::to_string(number);
        if (out.port == default_port(out.scheme)) out.port.clear();
    }
    std::optional<std::string> host = parse_host(authority.substr(0, colon));
    if (!host) return false;
    out.host = *host;
    return true;
}

/// The scheme in lower case, or an empty string where the text does not start with one.
[[nodiscard]] inline std::string leading_scheme(std::string_view text) {
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos || !is_alpha(text[0])) return {};
    for (const char c : text.substr(0, colon)) {
        if (!is_alpha(c) && !is_digit(c) && c != '+' && c != '-' && c != '.') return {};
    }
    return lower(text.substr(0, colon));
}

/// Cuts the part that starts at `mark` off the end of `text`.
[[nodiscard]] inline std::string_view cut_from(std::string_view& text, char mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return {};
    const std::string_view tail = text.substr(at);
    text = text.substr(0, at);
    return tail;
}

}  // namespace detail

/// Parses `text`, relative to `base` where there is one. Nothing where it is no URL.
///
/// Spec: https://url.spec.whatwg.org/#concept-basic-url-parser, for the four schemes of `url`.
[[nodiscard]] inline std::optional<url> parse_url(std::string_view text, const url* base) {
    std::string clean;
    while (!text.empty() && static_cast<unsigned char>(text.front()) <= 0x20) text.remove_prefix(1);
    while (!text.empty() && static_cast<unsigned char>(text.back()) <= 0x20) text.remove_suffix(1);
    for (const char c : text) {
        if (c != '\t' && c != '\n' && c != '\r') clean += c;
    }
    std::string_view rest = clean;
    url out;
    out.fragment = detail::percent_encoded(detail::cut_from(rest, '#'), "\"<>`");
    out.scheme = detail::leading_scheme(rest);
    const bool absolute = !out.scheme.empty();
    if (absolute)
        rest.remove_prefix(out.scheme.size() + 1);
    else if (base == nullptr)
        return std::nullopt;
    else
        out.scheme = base->scheme;
    if (!out.is_special()) {
        if (!absolute) return std::nullopt;  // such a base cannot be resolved against
        out.path = std::string(rest);
        return out;
    }
    out.query = detail::percent_encoded(detail::cut_from(rest, '?'), "\"#<>'");
    std::string path(rest);
    for (char& c : path) c = c == '\\' ? '/' : c;
    rest = path;
    const bool same_scheme = base != nullptr && base->scheme == out.scheme;
    if (rest.starts_with("//") || (absolute && !same_scheme)) {
        while (rest.starts_with('/')) rest.remove_prefix(1);
        const std::size_t end = rest.find('/');
        if (!detail::parse_authority(rest.substr(0, end), out)) return std::nullopt;
        out.path =
            end == std::string_view::npos ? "/" : detail::without_dot_segments(rest.substr(end));
        return out;
    }
    out.userinfo = base->userinfo;
    out.host = base->host;
    out.port = base->port;
    if (rest.empty()) {
        out.path = base->path;
        if (out.query.empty()) out.query = base->query;
    } else if (rest.starts_with('/')) {
        out.path = detail::without_dot_segments(rest);
    } else {
        const std::string folder = base->path.substr(0, base->path.rfind('/') + 1);
        out.path = detail::without_dot_segments(folder + std::string(rest));
    }
    return out;
}

/// Spec: https://html.spec.whatwg.org/#same-site, without the scheme.
[[nodiscard]] inline bool is_schemelessly_same_site(const url& a, const url& b) {
    const auto domain = [](const url& u) {
        return is_ip_address(u.host) ? std::string_view{} : registrable_domain(u.host);
    };
    if (domain(a).empty() || a.host.ends_with('.') != b.host.ends_with('.')) {
        return a.host == b.host;
    }
    return domain(a) == domain(b);
}

}  // namespace corsac::inline v0_2_0::testing

#endif
