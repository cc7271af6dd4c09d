// SPDX-License-Identifier: MIT
#include <corsac/interop/detail/timestamp.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

using corsac::interop::detail::parse_timestamp;

TEST_CASE("a timestamp is seconds since 1970, or none") {
    struct row {
        const char* text;
        std::optional<std::int64_t> seconds;
    };
    // As `date -u -d … +%s` says.
    constexpr row rows[] = {
        {"1970-01-01T00:00:00Z", 0},
        {"1969-12-31T23:59:59Z", -1},
        {"2026-01-31T12:00:00Z", 1769860800},
        {"2024-02-29T00:00:00Z", 1709164800},
        {"2000-02-29T23:59:59Z", 951868799},
        {"2026-12-31T23:59:60Z", 1798761600},  // a leap second
        {"2026-02-29T00:00:00Z", std::nullopt},
        {"1900-02-29T00:00:00Z", std::nullopt},
        {"2026-00-01T00:00:00Z", std::nullopt},
        {"2026-13-01T00:00:00Z", std::nullopt},
        {"2026-01-00T00:00:00Z", std::nullopt},
        {"2026-04-31T00:00:00Z", std::nullopt},
        {"2026-01-01T24:00:00Z", std::nullopt},
        {"2026-01-01T00:60:00Z", std::nullopt},
        {"2026-01-01T00:00:61Z", std::nullopt},
        {"2026-01-01T00:00:00", std::nullopt},
        {"2026-01-01T00:00:00z", std::nullopt},
        {"2026-01-01 00:00:00Z", std::nullopt},
        {"2026-01-01T00:00:0aZ", std::nullopt},
        {"2026-01-01T00:00:00.5Z", std::nullopt},
        {"2026-01-01T00:00:00+01:00", std::nullopt},
        {"", std::nullopt},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        CHECK(parse_timestamp(r.text) == r.seconds);
    }
    static_assert(parse_timestamp(rows[2].text) == rows[2].seconds);
}
