// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DETAIL_TIMESTAMP_HPP
#define CORSAC_INTEROP_DETAIL_TIMESTAMP_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/calendar.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

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
        unsigned value = 0;
        for (const char c : text.substr(at, digits)) {
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return value;
    };
    const auto days = days_since_1970(static_cast<int>(number(0, 4)), number(5, 2), number(8, 2));
    const unsigned hour = number(11, 2), minute = number(14, 2), second = number(17, 2);
    if (!days || hour > 23 || minute > 59 || second > 60) return std::nullopt;
    return *days * 86400 + hour * 3600 + minute * 60 + second;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
