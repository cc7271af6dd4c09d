// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_PATTERN_SHAPE_HPP
#define CORSAC_ORIGIN_DETAIL_PATTERN_SHAPE_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0::detail {

/// The common shape of wildcard patterns: how much is fixed on either side of the `*`.
///
/// Patterns of one shape are found with one look-up, however many there are.
struct pattern_shape {
    static constexpr std::size_t size = 8;

    std::uint32_t prefix = 0;  ///< bytes before the `*`
    std::uint32_t suffix = 0;  ///< bytes after it
    pattern_kind kind = pattern_kind::exact;
    bool any_port = false;

    [[nodiscard]] friend constexpr bool operator==(const pattern_shape&,
                                                   const pattern_shape&) noexcept = default;
};

/// @param pattern  Has a wildcard.
[[nodiscard]] constexpr pattern_shape shape_of(const origin_pattern& pattern) noexcept {
    return {static_cast<std::uint32_t>(pattern.wildcard_at()),
            static_cast<std::uint32_t>(pattern.view().size() - pattern.wildcard_at() - 1),
            pattern.kind(), pattern.any_port()};
}

[[nodiscard]] constexpr pattern_shape read_shape(const char* at) noexcept {
    const std::uint32_t tail = load32(at + 4);
    return {load32(at), tail & 0xffff, static_cast<pattern_kind>(tail >> 16 & 0xff),
            tail >> 24 != 0};
}

constexpr void write_shape(char* at, const pattern_shape& shape) noexcept {
    store32(at, shape.prefix);
    store32(at + 4, shape.suffix | static_cast<std::uint32_t>(shape.kind) << 16 |
                        std::uint32_t{shape.any_port} << 24);
}

[[nodiscard]] constexpr std::uint8_t slot_kind(pattern_kind kind, bool any_port) noexcept {
    return static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 1 | (any_port ? 1U : 0U));
}

[[nodiscard]] constexpr std::uint64_t hash_pattern(std::string_view prefix, std::string_view suffix,
                                                   std::uint8_t kind) noexcept {
    return hash_text(suffix, hash_text(prefix, kind));
}

constexpr void add_shape(buffer<pattern_shape>& shapes, const pattern_shape& shape) {
    for (const pattern_shape& known : shapes) {
        if (known == shape) return;
    }
    shapes.push_back(shape);
}

}  // namespace corsac::inline v0::detail

#endif
