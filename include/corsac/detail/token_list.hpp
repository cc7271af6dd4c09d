// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_TOKEN_LIST_HPP
#define CORSAC_DETAIL_TOKEN_LIST_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0::detail {

/// Cuts the next element off a comma-separated list and trims it; it may be empty.
///
/// @param rest  What is left of the list; a null view once the last element is out.
/// Spec: https://www.rfc-editor.org/rfc/rfc9110#abnf.extension.recipient
[[nodiscard]] constexpr std::string_view next_element(std::string_view& rest) noexcept {
    std::size_t comma = 0;
    while (comma < rest.size() && rest[comma] != ',') ++comma;
    const std::string_view element = rest.substr(0, comma);
    rest = comma == rest.size() ? std::string_view{} : rest.substr(comma + 1);
    return trim_ows(element);
}

/// Whether more elements can be cut off; `"a,"` has two, the second one empty.
[[nodiscard]] constexpr bool has_elements(std::string_view rest) noexcept {
    return rest.data() != nullptr;
}

/// One element of a list of tokens.
struct list_token {
    std::string_view text;   ///< empty for an empty element
    bool malformed = false;  ///< the element is neither a token nor empty
};

/// The same as `next_element` for a list of tokens, checking every byte on the way.
[[nodiscard]] constexpr list_token next_token(std::string_view& rest) noexcept {
    std::size_t begin = 0;
    while (begin < rest.size() && is_ows(rest[begin])) ++begin;
    std::size_t end = begin;
    while (end < rest.size() && is_token_char(rest[end])) ++end;
    std::size_t comma = end;
    while (comma < rest.size() && is_ows(rest[comma])) ++comma;
    if (comma < rest.size() && rest[comma] != ',') return {next_element(rest), true};
    const std::string_view token = rest.substr(begin, end - begin);
    rest = comma == rest.size() ? std::string_view{} : rest.substr(comma + 1);
    return {token};
}

/// Whether `element` stands in a comma-separated list, byte for byte.
[[nodiscard]] constexpr bool list_contains(std::string_view list,
                                           std::string_view element) noexcept {
    while (has_elements(list)) {
        if (next_element(list) == element) return true;
    }
    return false;
}

}  // namespace corsac::inline v0::detail

#endif
