// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DETAIL_DURATION_HPP
#define CORSAC_INTEROP_DETAIL_DURATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace corsac::inline v0::interop::detail {

/// Whole seconds of a duration: a number and `s`, `m` or `h`.
[[nodiscard]] inline std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
    std::size_t digits = 0;
    std::int64_t number = 0;
    while (digits < text.size() && digits < 9 && is_digit(text[digits])) {
        number = number * 10 + (text[digits++] - '0');
    }
    const std::string_view unit = text.substr(digits);
    const std::int64_t factor = unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 0;
    if (digits == 0 || factor == 0) return std::nullopt;
    return number * factor;
}

}  // namespace corsac::inline v0::interop::detail

#endif
