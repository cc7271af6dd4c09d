// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DETAIL_DURATION_HPP
#define CORSAC_INTEROP_DETAIL_DURATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// Whole seconds of a duration as Go writes it: numbers with `h`, `m`, `s` or `ms`, `1h30m`.
[[nodiscard]] inline std::optional<std::int64_t> parse_duration(std::string_view text) noexcept {
    std::int64_t milliseconds = 0;
    if (text.empty()) return std::nullopt;
    while (!text.empty()) {
        std::size_t digits = 0;
        std::int64_t number = 0;
        while (digits < text.size() && digits < 9 && is_digit(text[digits])) {
            number = number * 10 + (text[digits++] - '0');
        }
        std::size_t unit = digits;
        while (unit < text.size() && is_alpha(text[unit])) ++unit;
        const std::string_view name = text.substr(digits, unit - digits);
        const std::int64_t factor = name == "ms"  ? 1
                                    : name == "s" ? 1000
                                    : name == "m" ? 60000
                                    : name == "h" ? 3600000
                                                  : 0;
        if (digits == 0 || factor == 0) return std::nullopt;
        milliseconds += number * factor;  // 1,000,000,000 hours are less than 2^52 milliseconds
        if (milliseconds > (std::int64_t{1} << 53)) return std::nullopt;
        text.remove_prefix(unit);
    }
    return milliseconds / 1000;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
