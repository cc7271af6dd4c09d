// SPDX-License-Identifier: MIT
#include <corsac/detail/sort.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <random>
#include <vector>

TEST_CASE("sorts as the standard library does") {
    std::mt19937 random{7};
    for (std::size_t count = 0; count < 70; ++count) {
        for (const int values : {1, 2, 10, 1000}) {
            std::vector<int> items(count);
            for (int& item : items) item = static_cast<int>(random() % 1000U) % values;
            std::vector<int> expected = items;
            std::ranges::sort(expected, std::greater{});
            corsac::detail::sort(items.data(), items.size(), std::greater{});
            CHECK(items == expected);
        }
    }
}

TEST_CASE("finds the first item that does not come before") {
    const std::vector<int> items{1, 3, 3, 5, 9};
    for (int wanted = 0; wanted < 11; ++wanted) {
        CAPTURE(wanted);
        const int* const found = corsac::detail::lower_bound(
            items.data(), items.size(), [&](int item) { return item < wanted; });
        CHECK(found - items.data() == std::ranges::lower_bound(items, wanted) - items.begin());
    }
}
