// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_HASH_INDEX_HPP
#define CORSAC_DETAIL_HASH_INDEX_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <cstdint>

// An open-addressing hash table in a block of bytes, from hashes to numbers that are not 0:
//
//     slot 0 | slot 1 | … | slot capacity - 1
//       └ hash (4) · number (4), 0 for a free slot
//
// Every entry stands at its home, which is where its hash lies among all hashes, or as near behind
// it as those that are nearer to their own home let it ("Robin Hood"): so all are found after about
// as many steps, and what is not there is missed as soon.

namespace corsac::inline v0_2_0::detail {

struct hash_index_slot {
    static constexpr std::size_t size = 8;

    std::uint32_t hash = 0;
    std::uint32_t number = 0;
};

[[nodiscard]] constexpr hash_index_slot read_slot(const char* cells, std::uint32_t at) noexcept {
    const std::uint64_t both = load64(cells + at * hash_index_slot::size);
    return {static_cast<std::uint32_t>(both), static_cast<std::uint32_t>(both >> 32)};
}

constexpr void write_slot(char* cells, std::uint32_t at, hash_index_slot slot) noexcept {
    store32(cells + at * hash_index_slot::size, slot.hash);
    store32(cells + at * hash_index_slot::size + 4, slot.number);
}

/// Slots for `count` entries: four times as many, for large tables one and a half times.
[[nodiscard]] constexpr std::uint32_t index_capacity(std::size_t count) noexcept {
    constexpr std::size_t small = 128, large = 4096;
    return static_cast<std::uint32_t>(count < small   ? 4 * count + 2
                                      : count < large ? 2 * count + 2 * small
                                                      : count + count / 2 + large);
}

[[nodiscard]] constexpr std::uint32_t home_of(std::uint32_t hash, std::uint32_t capacity) noexcept {
    return static_cast<std::uint32_t>(std::uint64_t{hash} * capacity >> 32);
}

/// How far behind its home an entry is.
[[nodiscard]] constexpr std::uint32_t distance_of(std::uint32_t hash, std::uint32_t at,
                                                  std::uint32_t capacity) noexcept {
    const std::uint32_t home = home_of(hash, capacity);
    return at >= home ? at - home : at + capacity - home;
}

/// Finds an entry.
///
/// @param equals  Called with the number of each entry of that hash; true ends the search.
/// @return        The number; 0 if none is found.
template <class Equals>
[[nodiscard]] constexpr std::uint32_t find_number(const char* cells, std::uint32_t capacity,
                                                  std::uint32_t hash,
                                                  const Equals& equals) noexcept {
    std::uint32_t at = home_of(hash, capacity);
    for (std::uint32_t distance = 0;;) {
        const hash_index_slot slot = read_slot(cells, at);
        if (slot.number == 0) return 0;
        if (slot.hash == hash && equals(slot.number)) return slot.number;
        if (distance_of(slot.hash, at, capacity) < distance) return 0;
        ++distance;
        if (++at == capacity) at = 0;
    }
}

/// The farthest that an entry may be from its home before another hash key is taken. Among a
/// million ordinary entries the farthest is about half as far.
inline constexpr std::uint32_t max_slot_distance = 40;

/// Keys that are tried before a crowded table is kept as it is. Texts that are crowded under two or
/// three can be found with much work; under all of them, not.
inline constexpr std::uint32_t max_hash_keys = 16;

/// Adds an entry that is not there yet; one slot at least must be free.
/// @return  The greatest distance from home of what had to be moved.
constexpr std::uint32_t insert_number(char* cells, std::uint32_t capacity,
                                      hash_index_slot added) noexcept {
    std::uint32_t at = home_of(added.hash, capacity);
    std::uint32_t farthest = 0;
    for (std::uint32_t distance = 0;; ++distance) {
        const hash_index_slot slot = read_slot(cells, at);
        if (slot.number == 0) {
            write_slot(cells, at, added);
            return distance > farthest ? distance : farthest;
        }
        const std::uint32_t its = distance_of(slot.hash, at, capacity);
        if (its < distance) {
            write_slot(cells, at, added);
            if (distance > farthest) farthest = distance;
            added = slot;
            distance = its;
        }
        if (++at == capacity) at = 0;
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
