// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_TEXT_TABLE_HPP
#define CORSAC_DETAIL_TEXT_TABLE_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash_index.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// Texts in a block of bytes that begins with their hash index; what the index numbers are positions
// in the block:
//
//     slots … | length (2) · kind (1) · text · NUL | length · kind · text · NUL | …
//
// Positions instead of pointers: the block can be a constant, be copied and be compared as bytes.

namespace corsac::inline v0_2_0::detail {

/// Where a text is in a block.
struct text_position {
    std::uint32_t at = 0;
    std::uint32_t size = 0;

    [[nodiscard]] friend constexpr bool operator==(const text_position&,
                                                   const text_position&) noexcept = default;
};

/// Bytes before a text in the index.
inline constexpr std::uint32_t text_head = 3;

/// Appends a text for the index.
/// @param text  At most 65,535 bytes.
/// @return      Its position: of its first byte.
[[nodiscard]] constexpr std::uint32_t append_text(buffer<char>& block, std::string_view text,
                                                  std::uint8_t kind) {
    block.push_back(static_cast<char>(text.size() & 0xff));
    block.push_back(static_cast<char>(text.size() >> 8));
    block.push_back(static_cast<char>(kind));
    const auto position = static_cast<std::uint32_t>(block.size());
    block.append(text.data(), text.size());
    block.push_back('\0');
    return position;
}

/// Appends a text that is in no index, of any length.
[[nodiscard]] constexpr text_position append_plain(buffer<char>& block, std::string_view text) {
    const auto position = static_cast<std::uint32_t>(block.size());
    block.append(text.data(), text.size());
    block.push_back('\0');
    return {position, static_cast<std::uint32_t>(text.size())};
}

[[nodiscard]] constexpr std::size_t length_at(const char* text) noexcept {
    return byte_at(text - 3) | byte_at(text - 2) << 8;
}
[[nodiscard]] constexpr std::uint8_t kind_at(const char* text) noexcept {
    return static_cast<std::uint8_t>(byte_at(text - 1));
}

/// The text of the index at a position.
[[nodiscard]] constexpr std::string_view text_at(const char* block,
                                                 std::uint32_t position) noexcept {
    return view_of(block + position, length_at(block + position));
}

/// The position of the text of the index that was appended behind one at a position.
[[nodiscard]] constexpr std::uint32_t next_text(std::size_t size, std::uint32_t position) noexcept {
    return position + static_cast<std::uint32_t>(size) + 1 + text_head;
}

/// Whether a text of that kind is at a position.
[[nodiscard]] constexpr bool has_text(const char* block, std::uint32_t position,
                                      std::string_view text, std::uint8_t kind) noexcept {
    return kind_at(block + position) == kind && equal_bytes(text_at(block, position), text);
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

}  // namespace corsac::inline v0_2_0::detail

#endif
