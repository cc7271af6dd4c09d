// SPDX-License-Identifier: MIT
#include <corsac/interop/detail/duration.hpp>

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>

using corsac::interop::detail::parse_duration;

TEST_CASE("a duration is whole seconds, or none") {
    struct row {
        const char* text;
        std::optional<std::int64_t> seconds;
    };
    const row rows[] = {
        {"0s", 0},
        {"5s", 5},
        {"1h30m", 5400},
        {"1h1m1s1000ms", 3662},
        {"999ms", 0},
        {"1500ms", 1},
        {"500ms500ms", 1},
        {"100000000h", 360000000000},
        {"", std::nullopt},
        {"5", std::nullopt},
        {"s", std::nullopt},
        {"1d", std::nullopt},
        {"1S", std::nullopt},
        {"1us", std::nullopt},
        {"1.5s", std::nullopt},
        {"-1s", std::nullopt},
        {" 1s", std::nullopt},
        {"1s ", std::nullopt},
        {"1h30", std::nullopt},
        {"1000000000s", std::nullopt},
        {"900000000h900000000h900000000h", std::nullopt},
    };
    for (const row& r : rows) {
        CAPTURE(r.text);
        CHECK(parse_duration(r.text) == r.seconds);
    }
}
