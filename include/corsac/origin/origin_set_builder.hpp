// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_SET_BUILDER_HPP
#define CORSAC_ORIGIN_ORIGIN_SET_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/detail/pattern_shape.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// Shapes of the wildcards of one set, each of which costs a look-up: as many as there are places
/// in a host.
inline constexpr std::size_t max_pattern_shapes = 256;

/// Counts the shapes of wildcards, of which a set should have `max_pattern_shapes` at most.
class pattern_shape_counter {
public:
    /// @return  How many there are now; none more than one over the limit is counted.
    constexpr std::size_t add(const origin_pattern& pattern) {
        if (pattern.has_wildcard() && shapes_.size() <= max_pattern_shapes) {
            detail::add_shape(shapes_, detail::shape_of(pattern));
        }
        return shapes_.size();
    }

private:
    detail::buffer<detail::pattern_shape> shapes_;
};

/// Builds an `origin_set`, one entry after the other.
class origin_set_builder {
public:
    /// @param count       Entries to come, at most.
    /// @param text_bytes  Bytes of their texts, about.
    constexpr origin_set_builder(std::size_t count, std::size_t text_bytes) {
        const std::size_t capacity = detail::slot_count(count);
        layout_.slot_mask = static_cast<std::uint32_t>(capacity - 1);
        layout_.texts_at = static_cast<std::uint32_t>(capacity * detail::text_slot::size);
        block_.reserve(layout_.texts_at + text_bytes + count * 3);
        block_.resize(layout_.texts_at);
    }

    /// @return  False if an equal entry is there already.
    [[nodiscard]] constexpr bool insert(const origin_pattern& entry) {
        const std::string_view text = entry.view();
        const std::uint8_t kind = detail::slot_kind(entry.kind(), entry.any_port());
        const bool wildcard = entry.has_wildcard();
        const std::size_t prefix = entry.wildcard_at();
        const std::uint64_t hash =
            wildcard ? detail::hash_pattern(text.substr(0, prefix), text.substr(prefix + 1), kind)
                     : detail::hash_text(text, kind);
        const detail::text_slot found = detail::find_slot(
            block_.data(), layout_.slot_mask, hash, kind,
            [&](const detail::text_slot& slot) noexcept {
                return detail::view_of(block_.data() + slot.offset, slot.length) == text;
            });
        if (found.length != 0) return false;

        const bool one_origin = entry.kind() == pattern_kind::exact && !entry.any_port();
        if (count_ == 0 && one_origin) layout_.first = static_cast<std::uint32_t>(text.size());
        layout_.alone = ++count_ == 1 && one_origin;
        const std::uint32_t offset = append_entry(entry);
        detail::insert_slot(block_.data(), layout_.slot_mask,
                            {static_cast<std::uint32_t>(hash), offset,
                             static_cast<std::uint16_t>(text.size()), kind});
        if (wildcard) detail::add_shape(shapes_, detail::shape_of(entry));
        layout_.any_origin = layout_.any_origin || entry.kind() == pattern_kind::any_origin;
        layout_.any_port = layout_.any_port || (entry.any_port() && !wildcard);
        const bool open_ended = wildcard || entry.kind() == pattern_kind::any_origin;
        const std::size_t longest =
            open_ended ? max_origin_length : text.size() + (entry.any_port() ? 6 : 0);
        if (longest > layout_.longest) layout_.longest = static_cast<std::uint32_t>(longest);
        return true;
    }

    [[nodiscard]] constexpr origin_set finish() && {
        // The shapes go between slots and texts, so every text moves.
        const auto added = static_cast<std::uint32_t>(shapes_.size() * detail::pattern_shape::size);
        layout_.shapes_at = layout_.texts_at;
        layout_.shape_count = static_cast<std::uint32_t>(shapes_.size());
        if (added != 0) make_room_for_shapes(added);
        layout_.texts_at += added;
        return origin_set{layout_, std::move(block_)};
    }

private:
    constexpr std::uint32_t append_entry(const origin_pattern& entry) {
        if (!entry.any_port()) return detail::append_text(block_, entry.view());
        detail::text spelled{entry.view()};
        spelled.append(":*");
        return detail::append_text(block_, spelled.view());
    }

    constexpr void make_room_for_shapes(std::uint32_t added) {
        const std::size_t before = block_.size();
        block_.resize(before + added);
        for (std::size_t i = before; i-- > layout_.texts_at;) block_[i + added] = block_[i];
        for (std::size_t i = 0; i < shapes_.size(); ++i) {
            detail::write_shape(block_.data() + layout_.shapes_at + i * detail::pattern_shape::size,
                                shapes_[i]);
        }
        for (std::size_t at = 0; at < layout_.shapes_at; at += detail::text_slot::size) {
            detail::text_slot slot = detail::read_slot(block_.data() + at);
            if (slot.length == 0) continue;
            slot.offset += added;
            detail::write_slot(block_.data() + at, slot);
        }
    }

    detail::origin_layout layout_;
    std::size_t count_ = 0;
    detail::buffer<char> block_;
    detail::buffer<detail::pattern_shape> shapes_;
};

}  // namespace corsac::inline v0

#endif
