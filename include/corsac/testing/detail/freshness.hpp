// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FRESHNESS_HPP
#define CORSAC_TESTING_DETAIL_FRESHNESS_HPP

#include <corsac/detail/calendar.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/safelist.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// As long as a response can be fresh, in seconds; what a longer `max-age` counts as.
/// Spec: https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2
inline constexpr std::int64_t longest_freshness = 0x7fff'ffff;

/// The argument of a directive in `Cache-Control`, empty where it has none; or nothing. An argument
/// in quotes stays in them: no browser reads `max-age="600"`.
[[nodiscard]] inline std::optional<std::string> cache_directive(const header_list& list,
                                                                std::string_view name) {
    std::optional<std::string> found;
    for_each_element(get(list, "cache-control").value_or(""), [&](std::string_view element) {
        const std::size_t equals = element.find('=');
        if (found || !equals_ignore_case(trim_ows(element.substr(0, equals)), name)) return;
        found.emplace(equals == element.npos ? std::string_view{}
                                             : trim_ows(element.substr(equals + 1)));
    });
    return found;
}

/// 1*DIGIT as a number, `longest_freshness` at most; nothing for anything else.
[[nodiscard]] inline std::optional<std::int64_t> parse_seconds(std::string_view text) {
    if (text.empty() || !all_digits(text)) return std::nullopt;
    std::int64_t seconds = 0;
    for (const char c : text) seconds = std::min(seconds * 10 + (c - '0'), longest_freshness);
    return seconds;
}

/// Seconds since 1970 of `Sun, 06 Nov 1994 08:49:37 GMT`. The two obsolete forms are not read.
/// Spec: https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
[[nodiscard]] inline std::optional<std::int64_t> parse_http_date(std::string_view text) {
    constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
    if (text.size() != 29 || !text.ends_with(" GMT")) return std::nullopt;
    const auto day = parse_seconds(text.substr(5, 2));
    const std::size_t month = months.find(text.substr(8, 3));  // npos is no month, either
    const auto year = parse_seconds(text.substr(12, 4));
    const auto hour = parse_seconds(text.substr(17, 2));
    const auto minute = parse_seconds(text.substr(20, 2));
    const auto second = parse_seconds(text.substr(23, 2));
    if (!day || !year || !hour || !minute || !second || month % 3 != 0) return std::nullopt;
    const auto days = days_since_1970(static_cast<int>(*year), static_cast<unsigned>(month / 3 + 1),
                                      static_cast<unsigned>(*day));
    if (!days) return std::nullopt;
    return ((*days * 24 + *hour) * 60 + *minute) * 60 + *second;
}

/// For how many seconds after it was made a response is fresh. Where it says nothing of `Date`, it
/// was made now.
/// Spec: https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1
[[nodiscard]] inline std::int64_t lifetime_of(const response& r) {
    if (cache_directive(r.headers, "no-cache")) return 0;
    if (const auto age = cache_directive(r.headers, "max-age")) {
        return parse_seconds(*age).value_or(0);
    }
    const auto date_of = [&](std::string_view name) {
        return parse_http_date(get(r.headers, name).value_or(""));
    };
    const std::int64_t date =
        date_of("date").value_or(static_cast<std::int64_t>(std::time(nullptr)));
    if (get(r.headers, "expires")) {
        return std::clamp(date_of("expires").value_or(0) - date, std::int64_t{0},
                          longest_freshness);
    }
    constexpr int heuristic[] = {200, 203, 206};
    const auto modified = date_of("last-modified");
    if (contains(heuristic, r.status) && !cache_directive(r.headers, "must-revalidate") &&
        modified && *modified <= date) {
        return (date - *modified) / 10;
    }
    // What browsers agree on: these say themselves that they will stay, whatever else they say.
    constexpr int lasting[] = {300, 301, 308, 410};
    return contains(lasting, r.status) ? longest_freshness : 0;
}

/// How many seconds a response may be used without asking again.
[[nodiscard]] inline std::int64_t freshness_of(const response& r) {
    const std::int64_t age = parse_seconds(get(r.headers, "age").value_or("")).value_or(0);
    return std::max(lifetime_of(r) - age, std::int64_t{0});
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
