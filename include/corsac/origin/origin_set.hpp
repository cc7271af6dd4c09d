// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_SET_HPP
#define CORSAC_ORIGIN_ORIGIN_SET_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/detail/pattern_shape.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// The size of a set or of a policy that is made at run time and holds its own memory.
inline constexpr std::size_t dynamic_size = detail::size_at_run_time;

namespace detail {

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
/// @tparam Size  Bytes that it consists of, if it is a constant; `dynamic_size` if it is made at
/// run
///               time.
template <std::size_t Size>
class basic_origin_set {
public:
    /// Looks a request's origin up.
    ///
    /// @return  What to answer in Access-Control-Allow-Origin, or an empty view. For an exact entry
    ///          it is the set's own text, NUL-terminated; for a pattern it is `origin`.
    ///
    /// Errors: none; what is not a serialised origin is not in any set.
    /// Cost:   one look-up, and where there are patterns one parse and one look-up per shape.
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        // Most policies have one origin, and it is faster compared than hashed.
        const std::string_view first =
            detail::view_of(block_.data() + layout_.texts_at, layout_.first);
        if (!first.empty() && detail::equal_bytes(origin, first)) return first;
        if (layout_.alone || origin.size() > layout_.longest) return {};
        const detail::text_slot exact = find(origin, pattern_kind::exact, false);
        if (exact.length != 0) return text_of(exact);
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

    /// Bytes of the entries and of the table that finds them.
    [[nodiscard]] constexpr std::size_t size_in_bytes() const noexcept { return block_.size(); }

    /// The set as a constant, of as many bytes as it has.
    template <std::size_t Bytes>
    [[nodiscard]] constexpr basic_origin_set<Bytes> freeze() const {
        return {layout_, detail::freeze<Bytes>(block_)};
    }

    [[nodiscard]] friend constexpr bool operator==(const basic_origin_set& a,
                                                   const basic_origin_set& b) noexcept {
        return a.layout_ == b.layout_ && std::string_view{a.block_.data(), a.block_.size()} ==
                                             std::string_view{b.block_.data(), b.block_.size()};
    }

private:
    template <std::size_t Other>
    friend class basic_origin_set;
    friend class origin_set_builder;

    constexpr basic_origin_set(const detail::origin_layout& layout,
                               detail::block<Size> block) noexcept
        : layout_(layout), block_(std::move(block)) {}

    [[nodiscard]] constexpr std::string_view text_of(const detail::text_slot& slot) const noexcept {
        return detail::view_of(block_.data() + slot.offset, slot.length);
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
    detail::block<Size> block_;
};

/// The set that a policy built at run time holds; it owns one block of memory.
using origin_set = basic_origin_set<dynamic_size>;

}  // namespace corsac::inline v0

#endif
