// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_TOKEN_LIST_HPP
#define CORSAC_DETAIL_TOKEN_LIST_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// Cuts the next element off a comma-separated list and trims it; it may be empty.
///
/// @param rest  What is left of the list; a null view once the last element is out.
/// Spec: https://www.rfc-editor.org/rfc/rfc9110#abnf.extension.recipient
[[nodiscard]] constexpr std::string_view next_element(std::string_view& rest) noexcept {
    const std::string_view whole = rest;
    const std::size_t comma = whole.find(',');
    if (comma == whole.npos) {
        rest = {};
        return trim_ows(whole);
    }
    rest = view_of(whole.data() + comma + 1, whole.size() - comma - 1);
    return trim_ows(view_of(whole.data(), comma));
}

/// Whether more elements can be cut off; `"a,"` has two, the second one empty.
[[nodiscard]] constexpr bool has_elements(std::string_view rest) noexcept {
    return rest.data() != nullptr;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
