// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_HASH_HPP
#define CORSAC_DETAIL_HASH_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// Hashes of texts, with a key. Whoever chooses what is in a table (a tenant his origins, say) could
// choose texts that fall into few slots, if he knew the key; a table that finds itself crowded
// takes another one, see hash_index.hpp.

namespace corsac::inline v0_2_0::detail {

/// One of many keys, all odd and unlike each other.
[[nodiscard]] constexpr std::uint64_t hash_key(std::uint32_t number) noexcept {
    // splitmix64, https://prng.di.unimi.it/splitmix64.c
    std::uint64_t key = (std::uint64_t{number} + 1) * 0x9E3779B97F4A7C15U;
    key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9U;
    key = (key ^ key >> 27) * 0x94D049BB133111EBU;
    return (key ^ key >> 31) | 1;
}

inline constexpr std::uint64_t first_hash_key = hash_key(0);

/// The key multiplies, instead of being a start value: else texts could be found that collide under
/// every key.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t word,
                                          std::uint64_t key) noexcept {
    state = (state ^ word) * key;
    return state ^ state >> 32;
}

/// All of a hash whose last word has yet to be mixed in.
struct unfinished_hash {
    std::uint64_t state;
    std::uint64_t word;

    /// 64 bits, to be mixed with others.
    [[nodiscard]] constexpr std::uint64_t to_state(std::uint64_t key) const noexcept {
        return mix(state, word, key);
    }
    /// 32 bits, to find a slot by: the upper half of the product, since a multiplication carries
    /// upwards only.
    [[nodiscard]] constexpr std::uint32_t finish(std::uint64_t key) const noexcept {
        return static_cast<std::uint32_t>((state ^ word) * key >> 32);
    }
};

/// @tparam Fold  Bits set in every byte before it counts: 0x20 ignores the case of letters.
template <unsigned char Fold = 0>
[[nodiscard]] constexpr unfinished_hash begin_hash(std::string_view text,
                                                   std::uint64_t key) noexcept {
    constexpr std::uint64_t folds = Fold * 0x0101010101010101U;
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t state = left;
    if (left >= 8) {
        for (; left > 8; left -= 8, at += 8) state = mix(state, load64(at) | folds, key);
        return {state, load64(at + left - 8) | folds};  // overlaps the word before
    }
    if (left >= 4) {
        return {state, (load32(at) | std::uint64_t{load32(at + left - 4)} << 32) | folds};
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < left; ++i) word = word << 8 | byte_at(at + i) | Fold;
    return {state, word};
}

template <unsigned char Fold = 0>
[[nodiscard]] constexpr std::uint32_t hash_text(std::string_view text, std::uint64_t key) noexcept {
    return begin_hash<Fold>(text, key).finish(key);
}

}  // namespace corsac::inline v0_2_0::detail

#endif
