// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_CALENDAR_HPP
#define CORSAC_DETAIL_CALENDAR_HPP

#include <chrono>
#include <cstdint>
#include <optional>

namespace corsac::inline v0_2_0::detail {

/// Days from 1970-01-01 to a date; nothing if the calendar has none such.
[[nodiscard]] constexpr std::optional<std::int64_t> days_since_1970(int year, unsigned month,
                                                                    unsigned day) noexcept {
    const std::chrono::year_month_day date{std::chrono::year{year}, std::chrono::month{month},
                                           std::chrono::day{day}};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_days{date}.time_since_epoch().count();
}

}  // namespace corsac::inline v0_2_0::detail

#endif
