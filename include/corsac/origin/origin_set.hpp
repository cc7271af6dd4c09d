// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_SET_HPP
#define CORSAC_ORIGIN_ORIGIN_SET_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/text_list.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// Shapes of the wildcards of one set, each of which costs a look-up: as many as there are places
/// in a host.
inline constexpr std::size_t max_pattern_shapes = 256;

namespace detail {

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
    return {static_cast<std::uint32_t>(pattern.wildcard_at),
            static_cast<std::uint32_t>(pattern.view().size() - pattern.wildcard_at - 1),
            pattern.kind, pattern.any_port};
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

/// Where the parts of an origin set are in its block of bytes: the slots are first.
struct origin_layout {
    std::uint32_t slot_mask = 0;
    std::uint32_t shapes_at = 0;
    std::uint32_t shape_count = 0;
    std::uint32_t texts_at = 0;  ///< every entry in the order given, `:*` included
    std::uint32_t longest = 0;   ///< bytes of the longest origin that can match
    std::uint32_t first = 0;     ///< bytes of the first entry if it is one origin, else 0
    bool alone = false;          ///< that entry is all there is
    bool any_origin = false;
    bool any_port = false;  ///< an exact entry ends in `:*`

    [[nodiscard]] constexpr bool has_patterns() const noexcept {
        return any_port || shape_count != 0;
    }
    [[nodiscard]] friend constexpr bool operator==(const origin_layout&,
                                                   const origin_layout&) noexcept = default;
};

}  // namespace detail

/// A set of origins and patterns, immutable.
///
/// Exact origins are found by hash; so are patterns, with one look-up for each *shape* of pattern.
/// The cost of a look-up does not depend on the number of entries.
///
/// @tparam Block  Who holds the bytes: the set itself at run time, a constant at compile time.
template <class Block>
class basic_origin_set {
public:
    constexpr basic_origin_set(const detail::origin_layout& layout, Block block) noexcept
        : layout_(layout), block_(std::move(block)) {}

    /// Looks a request's origin up.
    ///
    /// @return  What to answer in Access-Control-Allow-Origin, or an empty view. For an exact entry
    ///          it is the set's own text, NUL-terminated; for a pattern it is `origin`.
    ///
    /// Errors: none; what is not a serialised origin is not in any set.
    /// Cost:   one look-up, and where there are patterns one parse and one look-up per shape.
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        // Most policies have one origin, and it is faster compared than hashed.
        const std::string_view first{block_.data() + layout_.texts_at, layout_.first};
        if (!first.empty() && detail::equal_bytes(origin, first)) return first;
        if (layout_.alone || origin.size() > layout_.longest) return {};
        const detail::text_slot exact = find(origin, pattern_kind::exact, false);
        if (exact.length != 0) return {block_.data() + exact.offset, exact.length};
        if (layout_.any_origin) return is_serialized_origin(origin) ? origin : std::string_view{};
        const bool matched = layout_.has_patterns() && find_pattern(origin).length != 0;
        return matched ? origin : std::string_view{};
    }

    /// Says which entry allows an origin, in its canonical spelling: `https://*.example.com`.
    ///
    /// @return  The set's own text, NUL-terminated; empty where `match` is.
    [[nodiscard]] constexpr std::string_view matching_entry(
        std::string_view origin) const noexcept {
        if (match(origin).empty()) return {};
        detail::text_slot entry = find(origin, pattern_kind::exact, false);
        if (entry.length == 0 && layout_.any_origin) {
            entry = find("*", pattern_kind::any_origin, false);
        }
        if (entry.length == 0) entry = find_pattern(origin);
        // A slot leaves `:*` out.
        const std::string_view rest{block_.data() + entry.offset, block_.size() - entry.offset};
        return rest.substr(0, rest.find('\0'));
    }

    /// Whether `*` is an entry.
    [[nodiscard]] constexpr bool allows_any() const noexcept { return layout_.any_origin; }

    /// Appends every entry in its canonical spelling, in the order given.
    constexpr void append_to(text_list& entries) const {
        const std::string_view texts{block_.data() + layout_.texts_at,
                                     block_.size() - layout_.texts_at};
        for (std::size_t at = 0; at < texts.size();) {
            const std::string_view entry = texts.substr(at, texts.find('\0', at) - at);
            entries.push_back(entry);
            at += entry.size() + 1;
        }
    }

    [[nodiscard]] constexpr const detail::origin_layout& layout() const noexcept { return layout_; }
    [[nodiscard]] constexpr const Block& block() const noexcept { return block_; }

    [[nodiscard]] friend constexpr bool operator==(const basic_origin_set& a,
                                                   const basic_origin_set& b) noexcept {
        return a.layout_ == b.layout_ && std::string_view{a.block_.data(), a.block_.size()} ==
                                             std::string_view{b.block_.data(), b.block_.size()};
    }

private:
    [[nodiscard]] constexpr std::string_view text_of(const detail::text_slot& slot) const noexcept {
        return {block_.data() + slot.offset, slot.length};
    }

    [[nodiscard]] constexpr detail::text_slot find(std::string_view whole, pattern_kind kind,
                                                   bool any_port) const noexcept {
        const std::uint8_t slot_kind = detail::slot_kind(kind, any_port);
        return detail::find_slot(block_.data(), layout_.slot_mask,
                                 detail::hash_text(whole, slot_kind), slot_kind,
                                 [&](const detail::text_slot& slot) noexcept {
                                     return detail::equal_bytes(text_of(slot), whole);
                                 });
    }

    /// @return  The slot of an entry that is no single origin; length 0 if none matches.
    [[nodiscard]] constexpr detail::text_slot find_pattern(std::string_view origin) const noexcept {
        const origin_parts parts = parse_serialized_origin(origin);
        if (!parts) return {};
        const std::string_view without_port = origin.substr(0, parts.host_end);
        if (layout_.any_port) {
            const detail::text_slot found = find(without_port, pattern_kind::exact, true);
            if (found.length != 0) return found;
        }
        const char* at = block_.data() + layout_.shapes_at;
        for (std::uint32_t i = 0; i < layout_.shape_count; ++i, at += detail::pattern_shape::size) {
            const detail::pattern_shape shape = detail::read_shape(at);
            const detail::text_slot found =
                find_shape(shape.any_port ? without_port : origin, parts, shape);
            if (found.length != 0) return found;
        }
        return {};
    }

    [[nodiscard]] constexpr detail::text_slot find_shape(
        std::string_view origin, const origin_parts& parts,
        const detail::pattern_shape& shape) const noexcept {
        const std::size_t begin = shape.prefix;
        if (begin + shape.suffix >= origin.size()) return {};
        const std::size_t end = origin.size() - shape.suffix;
        // The `*` stands for a part of the host and nothing else.
        if (begin < parts.host_begin || end > parts.host_end) return {};
        switch (shape.kind) {
        case pattern_kind::subdomains:
            if (begin != parts.host_begin || origin[end] != '.') return {};
            break;
        case pattern_kind::any_host:
            if (begin != parts.host_begin || end != parts.host_end) return {};
            break;
        default:
            for (const char c : origin.substr(begin, end - begin)) {
                if (c == '.' || c == '_') return {};  // letters, digits and `-` are left
            }
        }
        const std::string_view prefix = origin.substr(0, begin);
        const std::string_view suffix = origin.substr(end);
        const std::uint8_t kind = detail::slot_kind(shape.kind, shape.any_port);
        return detail::find_slot(block_.data(), layout_.slot_mask,
                                 detail::hash_pattern(prefix, suffix, kind), kind,
                                 [&](const detail::text_slot& slot) noexcept {
                                     const std::string_view text = text_of(slot);
                                     return text.size() == begin + 1 + suffix.size() &&
                                            text.substr(0, begin) == prefix &&
                                            text.substr(begin + 1) == suffix;
                                 });
    }

    detail::origin_layout layout_;
    Block block_;
};

/// The set that a policy built at run time holds; it owns one block of memory.
using origin_set = basic_origin_set<detail::buffer<char>>;

namespace detail {

/// Builds the block of an origin set, one entry after the other.
class origin_set_builder {
public:
    /// @param count       Entries to come, at most.
    /// @param text_bytes  Bytes of their texts, about.
    constexpr origin_set_builder(std::size_t count, std::size_t text_bytes) {
        const std::size_t capacity = slot_count(count);
        layout_.slot_mask = static_cast<std::uint32_t>(capacity - 1);
        layout_.texts_at = static_cast<std::uint32_t>(capacity * text_slot::size);
        block_.reserve(layout_.texts_at + text_bytes + count * 3);
        block_.resize(layout_.texts_at);
    }

    /// @return  False if an equal entry is there already.
    [[nodiscard]] constexpr bool insert(const origin_pattern& entry) {
        const std::string_view text = entry.view();
        const std::uint8_t kind = slot_kind(entry.kind, entry.any_port);
        const bool wildcard = entry.has_wildcard();
        const std::size_t prefix = entry.wildcard_at;
        const std::uint64_t hash =
            wildcard ? hash_pattern(text.substr(0, prefix), text.substr(prefix + 1), kind)
                     : hash_text(text, kind);
        const text_slot found = find_slot(
            block_.data(), layout_.slot_mask, hash, kind, [&](const text_slot& slot) noexcept {
                return std::string_view{block_.data() + slot.offset, slot.length} == text;
            });
        if (found.length != 0) return false;

        const bool one_origin = entry.kind == pattern_kind::exact && !entry.any_port;
        if (count_ == 0 && one_origin) layout_.first = static_cast<std::uint32_t>(text.size());
        layout_.alone = ++count_ == 1 && one_origin;
        const std::uint32_t offset = append_entry(entry);
        insert_slot(block_.data(), layout_.slot_mask,
                    {static_cast<std::uint32_t>(hash), offset,
                     static_cast<std::uint16_t>(text.size()), kind});
        if (wildcard) add_shape(shapes_, shape_of(entry));
        layout_.any_origin = layout_.any_origin || entry.kind == pattern_kind::any_origin;
        layout_.any_port = layout_.any_port || (entry.any_port && !wildcard);
        const bool open_ended = wildcard || entry.kind == pattern_kind::any_origin;
        const std::size_t longest =
            open_ended ? max_origin_length : text.size() + (entry.any_port ? 6 : 0);
        if (longest > layout_.longest) layout_.longest = static_cast<std::uint32_t>(longest);
        return true;
    }

    [[nodiscard]] constexpr origin_set finish() && {
        // The shapes go between slots and texts, so every text moves.
        const auto added = static_cast<std::uint32_t>(shapes_.size() * pattern_shape::size);
        layout_.shapes_at = layout_.texts_at;
        layout_.shape_count = static_cast<std::uint32_t>(shapes_.size());
        if (added != 0) make_room_for_shapes(added);
        layout_.texts_at += added;
        return {layout_, std::move(block_)};
    }

private:
    constexpr std::uint32_t append_entry(const origin_pattern& entry) {
        if (!entry.any_port) return append_text(block_, entry.view());
        text spelled{entry.view()};
        spelled.append(":*");
        return append_text(block_, spelled.view());
    }

    constexpr void make_room_for_shapes(std::uint32_t added) {
        const std::size_t before = block_.size();
        block_.resize(before + added);
        for (std::size_t i = before; i-- > layout_.texts_at;) block_[i + added] = block_[i];
        for (std::size_t i = 0; i < shapes_.size(); ++i) {
            write_shape(block_.data() + layout_.shapes_at + i * pattern_shape::size, shapes_[i]);
        }
        for (std::size_t at = 0; at < layout_.shapes_at; at += text_slot::size) {
            text_slot slot = read_slot(block_.data() + at);
            if (slot.length == 0) continue;
            slot.offset += added;
            write_slot(block_.data() + at, slot);
        }
    }

    origin_layout layout_;
    std::size_t count_ = 0;
    buffer<char> block_;
    buffer<pattern_shape> shapes_;
};

}  // namespace detail

}  // namespace corsac::inline v0

#endif
