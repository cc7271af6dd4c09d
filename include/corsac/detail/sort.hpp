// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_SORT_HPP
#define CORSAC_DETAIL_SORT_HPP

#include <cstddef>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// Sorts a range of random-access items in place; equal ones need not keep their order.
///
/// Heapsort: n log n whatever the input. Not std::sort: <algorithm> costs includers as much as all
/// of <corsac/corsac.hpp>.
template <class T, class Before>
constexpr void sort(T* items, std::size_t count, const Before& before) {
    const auto sift_down = [&](std::size_t at, std::size_t end) {
        for (std::size_t child = 2 * at + 1; child < end; child = 2 * at + 1) {
            if (child + 1 < end && before(items[child], items[child + 1])) ++child;
            if (!before(items[at], items[child])) return;
            std::swap(items[at], items[child]);
            at = child;
        }
    };
    for (std::size_t at = count / 2; at-- > 0;) sift_down(at, count);
    for (std::size_t end = count; end > 1;) {
        std::swap(items[0], items[--end]);
        sift_down(0, end);
    }
}

/// The first of sorted items that does not come before what is looked for, or the end.
/// @param comes_before  Called with an item.
template <class T, class ComesBefore>
[[nodiscard]] constexpr T* lower_bound(T* items, std::size_t count,
                                       const ComesBefore& comes_before) {
    while (count != 0) {
        const std::size_t half = count / 2;
        if (comes_before(items[half])) {
            items += half + 1;
            count -= half + 1;
        } else {
            count = half;
        }
    }
    return items;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
