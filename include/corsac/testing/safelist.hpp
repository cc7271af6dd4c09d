// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_SAFELIST_HPP
#define CORSAC_TESTING_SAFELIST_HPP

#include <corsac/testing/messages.hpp>
#include <corsac/testing/mime_type.hpp>
#include <corsac/testing/quirks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// The longest value of a safelisted request header.
/// Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
inline constexpr std::size_t longest_safelisted_value = 128;

/// The most bytes that all safelisted values of a request may have together.
/// Spec: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
inline constexpr std::size_t safelisted_total_limit = 1024;

/// `GET`, `HEAD` or `POST`, byte for byte.
[[nodiscard]] constexpr bool is_safelisted_method(std::string_view method) noexcept {
    return method == "GET" || method == "HEAD" || method == "POST";
}

/// `CONNECT`, `TRACE` or `TRACK` in any case: no script can send them.
[[nodiscard]] constexpr bool is_forbidden_method(std::string_view method) noexcept {
    return detail::equals_ignore_case(method, "CONNECT") ||
           detail::equals_ignore_case(method, "TRACE") ||
           detail::equals_ignore_case(method, "TRACK");
}

/// Six methods are sent in upper case however the script spells them; `patch` is not among them.
/// Spec: https://fetch.spec.whatwg.org/#concept-method-normalize
[[nodiscard]] inline std::string normalize_method(std::string_view method) {
    for (const std::string_view known : {"DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"}) {
        if (detail::equals_ignore_case(method, known)) return std::string(known);
    }
    return std::string(method);
}

/// Whether a script's attempt to set this header is dropped silently.
/// Spec: https://fetch.spec.whatwg.org/#forbidden-request-header
[[nodiscard]] inline bool is_forbidden_request_header(std::string_view name,
                                                      std::string_view value) {
    constexpr std::string_view names[] = {
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    };
    const std::string key = detail::lower(name);
    if (detail::contains(names, key)) return true;
    if (key.starts_with("proxy-") || key.starts_with("sec-")) return true;
    if (key != "x-http-method" && key != "x-http-method-override" && key != "x-method-override") {
        return false;
    }
    bool forbidden = false;
    detail::for_each_element(value, [&](std::string_view method) {
        forbidden = forbidden || is_forbidden_method(method);
    });
    return forbidden;
}

/// `Set-Cookie` and `Set-Cookie2`: no script ever sees them.
[[nodiscard]] constexpr bool is_forbidden_response_header(std::string_view name) noexcept {
    return detail::equals_ignore_case(name, "Set-Cookie") ||
           detail::equals_ignore_case(name, "Set-Cookie2");
}

/// The response headers that a script sees without `Access-Control-Expose-Headers`.
/// Spec: https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name
[[nodiscard]] inline bool is_safelisted_response_header(std::string_view name) {
    constexpr std::string_view names[] = {
        "cache-control", "content-language", "content-length", "content-type",
        "expires",       "last-modified",    "pragma",
    };
    return detail::contains(names, detail::lower(name));
}

namespace detail {

[[nodiscard]] constexpr bool is_unsafe_byte(char c) noexcept {
    const auto byte = static_cast<unsigned char>(c);
    return (byte < 0x20 && c != '\t') || byte == 0x7f ||
           std::string_view("\"():<>?@[\\]{}").find(c) != std::string_view::npos;
}

[[nodiscard]] inline bool has_unsafe_byte(std::string_view value, const quirks& q) {
    return std::any_of(value.begin(), value.end(), [&](char c) {
        return is_unsafe_byte(c) ||
               (q.older_content_type_parser && static_cast<unsigned char>(c) >= 0x80);
    });
}

[[nodiscard]] constexpr bool all_digits(std::string_view text) noexcept {
    return std::all_of(text.begin(), text.end(), is_digit);
}

[[nodiscard]] constexpr bool fits(std::string_view digits, std::uint64_t limit) noexcept {
    std::uint64_t number = 0;
    for (const char c : digits) {
        const auto digit = static_cast<std::uint64_t>(c - '0');
        if (number > (limit - digit) / 10) return false;
        number = number * 10 + digit;
    }
    return true;
}

/// Compares two runs of digits of any length as numbers.
[[nodiscard]] constexpr bool not_greater(std::string_view a, std::string_view b) noexcept {
    while (a.starts_with('0')) a.remove_prefix(1);
    while (b.starts_with('0')) b.remove_prefix(1);
    return a.size() != b.size() ? a.size() < b.size() : a <= b;
}

/// `bytes=N-` or `bytes=N-M` with N not above M.
/// Spec: https://fetch.spec.whatwg.org/#simple-range-header-value
[[nodiscard]] constexpr bool is_safelisted_range(std::string_view value, const quirks& q) noexcept {
    constexpr std::string_view unit = "bytes=";
    if (!value.starts_with(unit)) return false;
    value.remove_prefix(unit.size());
    const std::size_t dash = value.find('-');
    if (dash == std::string_view::npos || dash == 0) return false;
    const std::string_view from = value.substr(0, dash);
    const std::string_view to = value.substr(dash + 1);
    if (!all_digits(from) || !all_digits(to)) return false;
    if (q.largest_range_number != 0 &&
        (!fits(from, q.largest_range_number) || !fits(to, q.largest_range_number))) {
        return false;
    }
    return to.empty() || not_greater(from, to);
}

/// 1*DIGIT, and with `fraction` also 1*DIGIT "." 1*DIGIT.
[[nodiscard]] constexpr bool is_number(std::string_view value, bool fraction) noexcept {
    const std::size_t dot = fraction ? value.find('.') : std::string_view::npos;
    const std::string_view whole = value.substr(0, dot);
    if (whole.empty() || !all_digits(whole)) return false;
    if (dot == std::string_view::npos) return true;
    const std::string_view rest = value.substr(dot + 1);
    return !rest.empty() && all_digits(rest);
}

[[nodiscard]] inline bool is_client_hint(std::string_view name, std::string_view value) {
    if (name == "device-memory" || name == "dpr" || name == "downlink") {
        return is_number(value, true);
    }
    if (name == "width" || name == "viewport-width" || name == "rtt") {
        return is_number(value, false);
    }
    if (name == "ect") {
        constexpr std::string_view known[] = {"slow-2g", "2g", "3g", "4g"};
        return contains(known, value);
    }
    return (name == "save-data" && equals_ignore_case(value, "on")) || name == "intervention";
}

/// Lines of one name joined by `, `, in order of first appearance.
[[nodiscard]] inline header_list combined(const header_list& list) {
    header_list out;
    for (const header& h : list) {
        const auto same = [&](const header& o) { return equals_ignore_case(o.name, h.name); };
        if (std::any_of(out.begin(), out.end(), same)) continue;
        out.push_back({h.name, *get(list, h.name)});
    }
    return out;
}

}  // namespace detail

/// The lines that a script set, as they are sent.
[[nodiscard]] inline header_list wire_headers(const header_list& list, bool has_body,
                                              const quirks& q) {
    if (q.combines_repeated_headers) return detail::combined(list);
    if (!q.sends_one_of_singletons) return list;
    constexpr std::string_view singletons[] = {"authorization", "content-type", "user-agent"};
    header_list out;
    for (const header& h : list) {
        const std::string name = detail::lower(h.name);
        if (detail::contains(singletons, name)) {
            // A body is sent with the first type.
            if (has_body && name == "content-type" && detail::count(out, name) != 0) continue;
            std::erase_if(out, [&](const header& o) { return detail::lower(o.name) == name; });
        }
        out.push_back(h);
    }
    return out;
}

/// Whether a cross-origin request may carry this header without a preflight.
/// Spec: https://fetch.spec.whatwg.org/#cors-safelisted-request-header
[[nodiscard]] inline bool is_safelisted_request_header(std::string_view name,
                                                       std::string_view value, const quirks& q) {
    const std::string key = detail::lower(name);
    if (q.user_agent_is_safelisted && key == "user-agent") return true;
    if (value.size() > longest_safelisted_value) return false;
    if (key == "accept") return !detail::has_unsafe_byte(value, q);
    if (key == "accept-language" || key == "content-language") {
        return std::all_of(value.begin(), value.end(), [](char c) {
            return detail::is_digit(c) || detail::is_alpha(c) ||
                   std::string_view(" *,-.;=").find(c) != std::string_view::npos;
        });
    }
    if (key == "content-type") {
        if (detail::has_unsafe_byte(value, q)) return false;
        const std::string essence =
            q.older_content_type_parser ? detail::older_mime_essence(value) : mime_essence(value);
        return essence == "application/x-www-form-urlencoded" || essence == "multipart/form-data" ||
               essence == "text/plain";
    }
    if (key == "range") return detail::is_safelisted_range(value, q);
    return q.client_hints_are_safelisted && detail::is_client_hint(key, value);
}

/// The names that force a preflight and that its `Access-Control-Request-Headers` lists: lower
/// case, sorted, each once.
/// Spec: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
[[nodiscard]] inline std::vector<std::string> unsafe_request_header_names(const header_list& list,
                                                                          const quirks& q) {
    std::vector<std::string> unsafe;
    std::vector<std::string> safe;
    std::size_t total = 0;
    for (const header& h : q.combines_repeated_headers ? detail::combined(list) : list) {
        if (is_safelisted_request_header(h.name, h.value, q)) {
            safe.push_back(detail::lower(h.name));
            total += h.value.size();
        } else {
            unsafe.push_back(detail::lower(h.name));
        }
    }
    if (total > safelisted_total_limit && !q.no_total_limit) {
        unsafe.insert(unsafe.end(), safe.begin(), safe.end());
    }
    std::sort(unsafe.begin(), unsafe.end());
    if (!q.repeats_requested_headers) {
        unsafe.erase(std::unique(unsafe.begin(), unsafe.end()), unsafe.end());
    }
    return unsafe;
}

}  // namespace corsac::inline v0_2_0::testing

#endif
