// SPDX-License-Identifier: MIT
#include <corsac/live/debug_switch.hpp>

#include <doctest/doctest.h>

TEST_CASE("a switch begins off, and its copies are the same switch") {
    const corsac::debug_switch first;
    const corsac::debug_switch second = first;
    CHECK_FALSE(second.is_on());
    first.set(true);
    CHECK(second.is_on());
    second.set(false);
    CHECK_FALSE(first.is_on());
}
