// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DETAIL_TIMESTAMP_HPP
#define CORSAC_INTEROP_DETAIL_TIMESTAMP_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// Days from 1970-01-01 to a date of the Gregorian calendar.
///
/// Years begin in March, so that the leap day is the last one; 400 of them have 146,097 days.
[[nodiscard]] constexpr std::int64_t days_from_civil(std::int64_t year, std::int64_t month,
                                                     std::int64_t day) noexcept {
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = year / 400;
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

/// Reads a Kubernetes timestamp, `2026-01-31T12:00:00Z`, as seconds since 1970.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc3339#section-5.6 (in UTC and without fractions)
[[nodiscard]] constexpr std::optional<std::int64_t> parse_timestamp(
    std::string_view text) noexcept {
    constexpr std::string_view shape = "0000-00-00T00:00:00Z";
    if (text.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i) {
        if (shape[i] == '0' ? !is_digit(text[i]) : text[i] != shape[i]) return std::nullopt;
    }
    const auto number = [&](std::size_t at, std::size_t digits) {
        std::int64_t value = 0;
        for (const char c : text.substr(at, digits)) value = value * 10 + (c - '0');
        return value;
    };
    const std::int64_t month = number(5, 2), day = number(8, 2);
    if (month < 1 || month > 12 || day < 1 || day > 31) return std::nullopt;
    return days_from_civil(number(0, 4), month, day) * 86400 + number(11, 2) * 3600 +
           number(14, 2) * 60 + number(17, 2);
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
