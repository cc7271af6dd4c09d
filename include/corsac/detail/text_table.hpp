// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_TEXT_TABLE_HPP
#define CORSAC_DETAIL_TEXT_TABLE_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// An open-addressing hash table over texts, laid out in a block of bytes:
//
//     slot 0 | slot 1 | … | slot mask | anything else …  texts, NUL-terminated
//       └ hash (4) · offset of the text from the block's begin (4) · length (2) · kind (1) · 0
//
// Offsets instead of pointers: the block can be a constant, be copied and be compared as bytes. At
// most half of the slots are taken, so a look-up inspects two slots on average however many texts
// there are. Hashes need not resist an attacker, who cannot choose what is in the table.

namespace corsac::inline v0::detail {

/// Where a text is in a block.
struct text_position {
    std::uint32_t at = 0;
    std::uint32_t size = 0;

    [[nodiscard]] friend constexpr bool operator==(const text_position&,
                                                   const text_position&) noexcept = default;
};

inline constexpr std::uint64_t hash_multiplier = 0x9E3779B97F4A7C15;  // 2^64 / golden ratio

[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t state, std::uint64_t word) noexcept {
    state = (state ^ word) * hash_multiplier;
    return state ^ (state >> 32);
}

[[nodiscard]] constexpr std::uint64_t reverse_bytes(std::uint64_t word) noexcept {
    // One instruction, once a compiler has recognised it.
    word = (word & 0x00ff00ff00ff00ff) << 8 | (word >> 8 & 0x00ff00ff00ff00ff);
    word = (word & 0x0000ffff0000ffff) << 16 | (word >> 16 & 0x0000ffff0000ffff);
    return word << 32 | word >> 32;
}

/// The last step: the low bits of the result choose a slot, and depend on every byte of the word.
///
/// A multiplication carries upwards only, so that is true of the high bits of the product. Low
/// bits, folded or not, would put origins that differ in their last characters into one slot:
/// `http://localhost:3000` to `http://localhost:3099`.
[[nodiscard]] constexpr std::uint64_t mix_last(std::uint64_t state, std::uint64_t word) noexcept {
    return reverse_bytes((state ^ word) * hash_multiplier);
}

/// @tparam Fold  Bits set in every byte before it counts: 0x20 ignores the case of letters.
template <unsigned char Fold = 0>
[[nodiscard]] constexpr std::uint64_t hash_text(std::string_view text,
                                                std::uint64_t seed) noexcept {
    constexpr std::uint64_t folds = Fold * 0x0101010101010101U;
    const char* at = text.data();
    std::size_t left = text.size();
    std::uint64_t state = seed + left;
    if (left >= 8) {
        for (; left > 8; left -= 8, at += 8) state = mix(state, load64(at) | folds);
        return mix_last(state, load64(at + left - 8) | folds);  // overlaps the word before
    }
    if (left >= 4) {
        const std::uint64_t both = load32(at) | std::uint64_t{load32(at + left - 4)} << 32;
        return mix_last(state, both | folds);
    }
    std::uint64_t word = 0;
    for (std::size_t i = 0; i < left; ++i) word = word << 8 | byte_at(at + i) | Fold;
    return mix_last(state, word);
}

/// One slot, read out of its bytes. Empty if `length` is 0.
struct text_slot {
    static constexpr std::size_t size = 12;

    std::uint32_t hash = 0;
    std::uint32_t offset = 0;
    std::uint16_t length = 0;
    std::uint8_t kind = 0;
};

[[nodiscard]] constexpr text_slot read_slot(const char* at) noexcept {
    const std::uint32_t tail = load32(at + 8);
    return {load32(at), load32(at + 4), static_cast<std::uint16_t>(tail & 0xffff),
            static_cast<std::uint8_t>(tail >> 16)};
}

constexpr void write_slot(char* at, const text_slot& slot) noexcept {
    store32(at, slot.hash);
    store32(at + 4, slot.offset);
    store32(at + 8, slot.length | std::uint32_t{slot.kind} << 16);
}

/// Slots for `count` texts: a power of two, at least twice as many.
[[nodiscard]] constexpr std::size_t slot_count(std::size_t count) noexcept {
    std::size_t power = 2;
    while (power < count * 2) power *= 2;
    return power;
}

/// Finds a text.
///
/// @param table   The first slot.
/// @param mask    The number of slots, less one.
/// @param equals  Called with each slot of that hash and kind; true ends the search.
/// @return        The slot; its `length` is 0 if the text is not there.
template <class Equals>
[[nodiscard]] constexpr text_slot find_slot(const char* table, std::uint32_t mask,
                                            std::uint64_t hash, std::uint8_t kind,
                                            const Equals& equals) noexcept {
    const auto wanted = static_cast<std::uint32_t>(hash);
    for (std::uint32_t at = wanted & mask;; at = (at + 1) & mask) {
        const text_slot slot = read_slot(table + at * text_slot::size);
        if (slot.length == 0) return slot;
        if (slot.hash == wanted && slot.kind == kind && equals(slot)) return slot;
    }
}

/// Puts a text that is not there yet into the first free slot.
constexpr void insert_slot(char* table, std::uint32_t mask, const text_slot& added) noexcept {
    std::uint32_t at = added.hash & mask;
    while (read_slot(table + at * text_slot::size).length != 0) at = (at + 1) & mask;
    write_slot(table + at * text_slot::size, added);
}

/// Appends a text and its NUL to a block.
/// @return  Its offset from the block's begin.
[[nodiscard]] constexpr std::uint32_t append_text(buffer<char>& block, std::string_view text) {
    const auto offset = static_cast<std::uint32_t>(block.size());
    block.append(text.data(), text.size());
    block.push_back('\0');
    return offset;
}

/// A block of bytes of a size known to the compiler: what `buffer<char>` is at run time.
template <std::size_t Size>
struct fixed_block {
    char bytes[Size]{};

    [[nodiscard]] constexpr const char* data() const noexcept { return bytes; }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return Size; }
};

/// The size of a block that is made at run time.
inline constexpr std::size_t size_at_run_time = static_cast<std::size_t>(-1);

template <std::size_t Size>
struct block_of {
    using type = fixed_block<Size>;
};
template <>
struct block_of<size_at_run_time> {
    using type = buffer<char>;
};
template <std::size_t Size>
using block = typename block_of<Size>::type;

/// A block as a constant.
template <std::size_t Size>
[[nodiscard]] constexpr fixed_block<Size> freeze(const buffer<char>& made) {
    fixed_block<Size> frozen;
    for (std::size_t i = 0; i < Size; ++i) frozen.bytes[i] = made[i];
    return frozen;
}

}  // namespace corsac::inline v0::detail

#endif
