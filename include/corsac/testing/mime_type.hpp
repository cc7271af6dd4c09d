// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_MIME_TYPE_HPP
#define CORSAC_TESTING_MIME_TYPE_HPP

#include <corsac/testing/messages.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

[[nodiscard]] constexpr bool is_http_whitespace(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

[[nodiscard]] constexpr std::string_view trim_http_whitespace(std::string_view text) noexcept {
    while (!text.empty() && is_http_whitespace(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_http_whitespace(text.back())) text.remove_suffix(1);
    return text;
}

/// The essence as Firefox's request parser finds it. It cuts at white space as well as at `;`, and
/// accepts the value only if the last parameter reaches to its end.
[[nodiscard]] inline std::string older_mime_essence(std::string_view value) {
    if (value.find(',') != std::string_view::npos) return {};
    value = trim_ows(value);
    const std::size_t end = value.find_first_of(" \t;");
    const std::string_view type = value.substr(0, end);
    std::size_t consumed = type.size();
    const std::size_t semicolon = value.find(';');
    if (semicolon != std::string_view::npos) {
        std::size_t at = semicolon + 1;
        do {
            const std::size_t next = value.find(';', at);
            consumed = next == std::string_view::npos ? value.size() : next;
            at = consumed + 1;
        } while (at < value.size());
    }
    if (type.find('/') == std::string_view::npos) return {};
    return trim_ows(value.substr(consumed)).empty() ? lower(type) : std::string{};
}

}  // namespace detail

/// The essence (`type/subtype`, lower case) of a MIME type, or an empty string where it does not
/// parse. Parameters never make it fail.
///
/// Spec: https://mimesniff.spec.whatwg.org/#parse-a-mime-type
[[nodiscard]] inline std::string mime_essence(std::string_view value) {
    value = detail::trim_http_whitespace(value);
    const std::size_t slash = value.find('/');
    if (slash == std::string_view::npos) return {};
    const std::string_view type = value.substr(0, slash);
    const std::string_view rest = value.substr(slash + 1);
    const std::string_view subtype = detail::trim_http_whitespace(rest.substr(0, rest.find(';')));
    // White space may follow the subtype but not precede it.
    if (!subtype.empty() && subtype.data() != rest.data()) return {};
    if (!detail::is_token(type) || !detail::is_token(subtype)) return {};
    return detail::lower(type) + '/' + detail::lower(subtype);
}

}  // namespace corsac::inline v0_2_0::testing

#endif
