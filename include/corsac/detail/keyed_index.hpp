// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_KEYED_INDEX_HPP
#define CORSAC_DETAIL_KEYED_INDEX_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/hash_index.hpp>

#include <cstddef>
#include <cstdint>

namespace corsac::inline v0_2_0::detail {

/// A hash index of items by their numbers, counted from 1, and the key under which it is not
/// crowded.
struct keyed_index {
    buffer<char> cells{};
    std::uint32_t capacity = 0;
    std::uint64_t key = first_hash_key;
};

/// Indexes items; of equal ones the first. It never takes more than linear time, whoever chose
/// them.
///
/// @param hash_of      `hash_of(item, key)`, for items from 0.
/// @param equal        `equal(item, item)`.
/// @param on_repeated  Called with every item that equals an earlier one, and with that one; in the
///                     order of the items.
template <class HashOf, class Equal, class OnRepeated>
[[nodiscard]] constexpr keyed_index index_items(std::size_t count, const HashOf& hash_of,
                                                const Equal& equal, const OnRepeated& on_repeated) {
    keyed_index index;
    struct repetition {
        std::uint32_t item, first;
    };
    buffer<repetition> repeated;
    index.capacity = index_capacity(count);
    for (std::uint32_t number = 0;;) {
        index.key = hash_key(number);
        index.cells = {};
        index.cells.resize(std::size_t{index.capacity} * hash_index_slot::size);
        repeated = {};
        bool crowded = false;
        for (std::uint32_t item = 0; item < count && !crowded; ++item) {
            const std::uint32_t hash = hash_of(item, index.key);
            const std::uint32_t known =
                find_number(index.cells.data(), index.capacity, hash,
                            [&](std::uint32_t other) { return equal(other - 1, item); });
            if (known != 0) {
                repeated.push_back({item, known - 1});
                continue;
            }
            const std::uint32_t farthest =
                insert_number(index.cells.data(), index.capacity, {hash, item + 1});
            crowded = farthest > max_slot_distance && number + 1 < max_hash_keys;
        }
        if (crowded) {
            ++number;
            continue;
        }
        // Without the repeated ones it is smaller, as it will be if the items are read back.
        const std::uint32_t fitting = index_capacity(count - repeated.size());
        if (fitting == index.capacity) break;
        index.capacity = fitting;
    }
    for (const repetition& one : repeated) on_repeated(one.item, one.first);
    return index;
}

/// Replaces every number of an index: `number_of(item)`.
template <class NumberOf>
constexpr void renumber(char* cells, std::uint32_t capacity, const NumberOf& number_of) {
    for (std::uint32_t at = 0; at < capacity; ++at) {
        hash_index_slot slot = read_slot(cells, at);
        if (slot.number == 0) continue;
        slot.number = number_of(slot.number - 1);
        write_slot(cells, at, slot);
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
