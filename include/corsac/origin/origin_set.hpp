// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_SET_HPP
#define CORSAC_ORIGIN_ORIGIN_SET_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/hash_index.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/detail/network.hpp>
#include <corsac/origin/detail/pattern_shape.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// The size of a set or of a policy that is made at run time and holds its own memory.
inline constexpr std::size_t dynamic_size = detail::size_at_run_time;

namespace detail {

struct origin_set_access;

/// Where the parts of an origin set are in its block of bytes: its index is first.
struct origin_layout {
    std::uint64_t key = first_hash_key;
    std::uint64_t exact_lengths = 0;  ///< of entries that are one origin, a bit each, modulo 64
    std::uint32_t capacity = 0;
    std::uint32_t shapes_at = 0;
    std::uint32_t shape_count = 0;
    std::uint32_t networks_at = 0;
    std::uint32_t network_count = 0;
    std::uint32_t texts_at = 0;      ///< every entry in the order given, `:*` included
    std::uint32_t longest = 0;       ///< bytes of the longest origin that can match
    std::uint32_t first = 0;         ///< bytes of the first entry if it is one origin, else 0
    label_counts labels{};           ///< that follow the `*` of entries which begin with it
    label_counts labels_any_port{};  ///< the same of those that end in `:*`
    std::uint32_t least_labels = 0;  ///< the least of both
    bool alone = false;              ///< that entry is all there is
    bool any_origin = false;
    bool any_port = false;  ///< an exact entry ends in `:*`
    bool safe = false;  ///< a policy with credentials and no dangerous option could have all of it

    [[nodiscard]] static constexpr std::uint64_t bit_of(std::size_t length) noexcept {
        return std::uint64_t{1} << (length % 64);
    }
    /// Whether an origin of that length may be an entry; most strangers are told by it.
    [[nodiscard]] constexpr bool has_length(std::size_t length) const noexcept {
        return (exact_lengths & bit_of(length)) != 0;
    }
    [[nodiscard]] constexpr bool has_patterns() const noexcept {
        return any_port || labels.any() || labels_any_port.any() || shape_count != 0 ||
               network_count != 0;
    }
    [[nodiscard]] friend constexpr bool operator==(const origin_layout&,
                                                   const origin_layout&) noexcept = default;
};

}  // namespace detail

/// A set of origins and patterns, immutable.
///
/// Exact origins are found by hash; so are patterns: those that begin with `*` with one look-up for
/// each number of labels behind it, those with a `*` inside a label with one for each *shape*.
/// The cost of a look-up does not depend on the number of entries. Networks, of which there are
/// few, are asked one by one, for hosts that are IP addresses. An origin is looked up before it is
/// parsed: of what is found, only what the `*` stands for can be malformed.
///
/// @tparam Size  Bytes that it consists of, if it is a constant; else `dynamic_size`.
template <std::size_t Size>
class basic_origin_set {
public:
    /// Each policy that it is given to judges its entries.
    using judges_itself = basic_origin_set;

    /// Looks an origin up for whoever asks, such as a matcher of the caller's: what is allowed is
    /// safe together with credentials. A set with an entry that is not (`https://*.com`, of a
    /// policy without credentials), or that no policy has judged, allows its `https://` origins
    /// only, and nothing by a pattern.
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        if (layout_.safe) return match(origin, judged);
        if (!layout_.has_length(origin.size()) || origin == "null" || is_insecure_origin(origin)) {
            return {};
        }
        const std::uint32_t exact = find(origin, pattern_kind::exact, false);
        return exact == 0 ? std::string_view{} : detail::text_at(block_.data(), exact);
    }

    /// Looks a request's origin up for those who have judged every entry.
    ///
    /// @return  What to answer in Access-Control-Allow-Origin, or an empty view. For an exact entry
    ///          it is the set's own text, NUL-terminated; for a pattern it is `origin`.
    ///
    /// Errors: none; what is not a serialised origin is not in any set.
    /// Cost:   one look-up, and where there are patterns one or two for each label that as many
    ///         follow in an entry, and one for each shape.
    [[nodiscard]] constexpr std::string_view match(std::string_view origin,
                                                   judged_t) const noexcept {
        // Most policies have one origin, and it is faster compared than hashed.
        if (origin.size() == layout_.first) {
            const std::string_view first = detail::view_of(
                block_.data() + layout_.texts_at + detail::text_head, layout_.first);
            if (detail::equal_bytes(origin, first)) return first;
        }
        if (!layout_.alone) [[unlikely]]
            return match_by_hash(origin);
        return {};
    }

    /// Says which entry allows an origin, in its canonical spelling: `https://*.example.com`.
    ///
    /// @return  The set's own text, NUL-terminated; empty where `match` is.
    [[nodiscard]] constexpr std::string_view matching_entry(std::string_view origin,
                                                            judged_t) const noexcept {
        if (match(origin, judged).empty()) return {};
        std::uint32_t entry = find(origin, pattern_kind::exact, false);
        if (entry == 0 && layout_.any_origin) entry = find("*", pattern_kind::any_origin, false);
        if (entry == 0) entry = find_pattern(origin);
        return whole_entry(entry);
    }

    /// Whether an entry other than `*` and `https://*` allows an origin.
    [[nodiscard]] constexpr bool lists(std::string_view origin, judged_t) const noexcept {
        if (origin.size() > layout_.longest) return false;
        if (find(origin, pattern_kind::exact, false) != 0) return true;
        return layout_.has_patterns() && find_pattern(origin, not_any_host) != 0;
    }

    /// Whether `*` is an entry.
    [[nodiscard]] constexpr bool allows_any() const noexcept { return layout_.any_origin; }

    /// Appends every entry in its canonical spelling, in the order given.
    constexpr void append_to(text_list& entries) const {
        for (std::size_t at = layout_.texts_at; at < block_.size();) {
            at += detail::text_head;
            const std::string_view entry = whole_entry(static_cast<std::uint32_t>(at));
            entries.push_back(entry);
            at += entry.size() + 1;
        }
    }

    /// What a look-up costs at most, see `look_up_budget`.
    [[nodiscard]] constexpr std::size_t look_ups() const noexcept {
        if (layout_.texts_at == block_.size()) return 0;
        return look_ups_of_list + layout_.labels.size() + layout_.labels_any_port.size() +
               layout_.shape_count * look_ups_in_label + layout_.network_count;
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
    friend struct detail::origin_set_access;

    constexpr basic_origin_set(const detail::origin_layout& layout,
                               detail::block<Size> block) noexcept
        : layout_(layout), block_(std::move(block)) {}

    [[nodiscard]] constexpr std::string_view match_by_hash(std::string_view origin) const noexcept {
        if (origin.size() > layout_.longest) return {};
        const std::uint32_t exact =
            layout_.has_length(origin.size()) ? find(origin, pattern_kind::exact, false) : 0;
        if (exact != 0) return detail::text_at(block_.data(), exact);
        if (layout_.any_origin) return is_serialized_origin(origin) ? origin : std::string_view{};
        const bool matched = layout_.has_patterns() && find_pattern(origin) != 0;
        return matched ? origin : std::string_view{};
    }

    /// An entry with its `:*`, which the index leaves out.
    [[nodiscard]] constexpr std::string_view whole_entry(std::uint32_t position) const noexcept {
        const std::string_view rest =
            detail::view_of(block_.data() + position, block_.size() - position);
        return rest.substr(0, rest.find('\0'));
    }

    template <class Equals>
    [[nodiscard]] constexpr std::uint32_t find_by_hash(std::uint32_t hash,
                                                       const Equals& equals) const noexcept {
        return detail::find_number(block_.data(), layout_.capacity, hash, equals);
    }

    [[nodiscard]] constexpr std::uint32_t find(std::string_view whole, pattern_kind kind,
                                               bool any_port) const noexcept {
        const std::uint8_t wanted = detail::entry_kind(kind, any_port);
        return find_by_hash(detail::hash_text(whole, layout_.key), [&](std::uint32_t at) noexcept {
            return detail::has_text(block_.data(), at, whole, wanted);
        });
    }

    /// Finds a pattern whose `*` stands for `origin` from `begin` to `end`.
    /// @param origin  Without its port, for a pattern that ends in `:*`.
    [[nodiscard]] constexpr std::uint32_t find_around(std::string_view origin, std::size_t begin,
                                                      std::size_t end, std::uint32_t hash,
                                                      std::uint8_t kind) const noexcept {
        return find_by_hash(hash, [&](std::uint32_t at) noexcept {
            const std::string_view entry = detail::text_at(block_.data(), at);
            const std::size_t behind = origin.size() - end;
            return detail::kind_at(entry.data()) == kind && entry.size() == begin + 1 + behind &&
                   detail::equal_bytes(detail::view_of(entry.data(), begin),
                                       detail::view_of(origin.data(), begin)) &&
                   detail::equal_bytes(detail::view_of(entry.data() + begin + 1, behind),
                                       detail::view_of(origin.data() + end, behind));
        });
    }

    /// Labels behind the `*` that leave `https://*` out, which has none.
    static constexpr std::size_t not_any_host = 1;

    /// @param fewest  Labels behind a `*` that an entry has at least to count.
    /// @return        The position of an entry that is no single origin; 0 if none matches.
    [[nodiscard]] constexpr std::uint32_t find_pattern(std::string_view origin,
                                                       std::size_t fewest = 0) const noexcept {
        const origin_parts parts = detail::split_origin(origin);
        if (!parts) return 0;
        if (layout_.any_port) {
            const std::uint32_t found =
                find(origin.substr(0, parts.host_end), pattern_kind::exact, true);
            if (found != 0) return found;
        }
        if (layout_.labels.any() || layout_.labels_any_port.any()) {
            const std::uint32_t found = find_behind_star(origin, parts, fewest);
            if (found != 0) return found;
        }
        if (layout_.shape_count != 0) {
            const std::uint32_t found = find_in_label(origin, parts);
            if (found != 0) return parse_serialized_origin(origin) ? found : 0;
        }
        return layout_.network_count == 0 ? 0 : find_network(origin, parts);
    }

    /// @return  The position of a network that has the host's address; 0 if none has.
    [[nodiscard]] constexpr std::uint32_t find_network(std::string_view origin,
                                                       const origin_parts& parts) const noexcept {
        const std::string_view host =
            origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
        if (host.empty() || host.size() > detail::max_address_length ||
            (host.back() != ']' && !detail::is_digit(host.back())) ||
            !parse_serialized_origin(origin)) {
            return 0;
        }
        const auto address = detail::read_address(host);
        if (!address.valid) return 0;
        const std::string_view scheme = detail::view_of(origin.data(), parts.host_begin);
        const std::string_view port = origin.substr(parts.host_end);
        const char* at = block_.data() + layout_.networks_at;
        for (std::uint32_t i = 0; i < layout_.network_count;
             ++i, at += detail::network_entry::size) {
            const auto known = detail::network_entry::read(at);
            if (!known.network.contains(address)) continue;
            const std::string_view entry = detail::text_at(block_.data(), known.text_at);
            const std::string_view its_port =
                detail::view_of(entry.data() + known.port_begin, entry.size() - known.port_begin);
            if ((known.any_port || detail::equal_bytes(its_port, port)) &&
                detail::equal_bytes(detail::view_of(entry.data(), known.host_begin), scheme)) {
                return known.text_at;
            }
        }
        return 0;
    }

    [[nodiscard]] constexpr std::uint32_t find_behind_star(std::string_view origin,
                                                           const origin_parts& parts,
                                                           std::size_t fewest) const noexcept {
        using detail::subdomain_hash;
        const std::string_view without_port = detail::view_of(origin.data(), parts.host_end);
        const std::string_view port =
            detail::view_of(origin.data() + parts.host_end, origin.size() - parts.host_end);
        const std::uint64_t with_port = subdomain_hash::hash_port(port, layout_.key);
        const std::uint64_t any_port =
            layout_.labels_any_port.any() ? subdomain_hash::hash_port(":*", layout_.key) : 0;
        constexpr std::uint8_t kind = detail::entry_kind(pattern_kind::subdomains, false);
        constexpr std::uint8_t kind_any_port = detail::entry_kind(pattern_kind::subdomains, true);
        const std::size_t most = detail::most_of(layout_.labels, layout_.labels_any_port);

        subdomain_hash hash{detail::view_of(origin.data(), parts.host_begin), layout_.key};
        // What the `*` stands for ends there: at first all of the host, then label by label less.
        std::size_t end = parts.host_end;
        const std::size_t first = parts.host_begin + 1;
        std::size_t labels = 0;
        // As many labels as every entry has are hashed at once.
        for (std::size_t more = layout_.least_labels;; more = 1) {
            const std::size_t before = end;
            for (; more != 0; --more, ++labels) {
                const std::size_t label = detail::last_label(origin.data(), first, end);
                if (label <= first) return 0;
                end = label - 1;
            }
            if (end != before) {
                hash.add(detail::view_of(origin.data() + end + 1, before - end - 1));
            }
            std::uint32_t found = 0;
            if (labels >= fewest && layout_.labels.has(labels)) {
                found = find_around(origin, parts.host_begin, end, hash.with_port(with_port), kind);
            }
            if (found == 0 && labels >= fewest && layout_.labels_any_port.has(labels)) {
                found = find_around(without_port, parts.host_begin, end, hash.with_port(any_port),
                                    kind_any_port);
            }
            if (found != 0) return is_host_up_to(origin, parts, end) ? found : 0;
            if (labels == most) return 0;
        }
    }

    /// Whether the host is one, if what follows `end` is as an entry has it.
    [[nodiscard]] static constexpr bool is_host_up_to(std::string_view origin,
                                                      const origin_parts& parts,
                                                      std::size_t end) noexcept {
        if (end == parts.host_end) return bool(parse_serialized_origin(origin));
        const std::string_view scheme = detail::view_of(origin.data(), parts.host_begin - 3);
        return detail::are_labels(
            detail::view_of(origin.data() + parts.host_begin, end - parts.host_begin),
            detail::is_special_scheme(scheme));
    }

    [[nodiscard]] constexpr std::uint32_t find_in_label(std::string_view origin,
                                                        const origin_parts& parts) const noexcept {
        const char* const text = origin.data();
        const char* at = block_.data() + layout_.shapes_at;
        detail::label_cursor label{text, parts.host_begin, parts.host_end};
        detail::in_label_hash hash{layout_.key};
        std::size_t hashed = 0;    // the label that the hash is of begins there
        std::size_t head_end = 0;  // that the hash has
        for (std::uint32_t i = 0; i < layout_.shape_count; ++i, at += detail::pattern_shape::size) {
            const auto shape = detail::read_shape(at);
            // A port is part of a pattern, or neither counts.
            const std::size_t size = shape.any_port ? parts.host_end : origin.size();
            const std::size_t begin = shape.prefix;
            if (begin + shape.suffix >= size) continue;
            const std::size_t end = size - shape.suffix;
            if (!label.has_star(begin, end)) continue;
            if (hashed != label.begin()) {
                hashed = label.begin();
                head_end = 0;
                hash.set_rest(
                    detail::view_of(text, label.begin()),
                    detail::view_of(text + label.end(), parts.host_end - label.end()),
                    detail::view_of(text + parts.host_end, origin.size() - parts.host_end));
            }
            if (head_end != begin) {
                head_end = begin;
                hash.set_head(detail::view_of(text + label.begin(), begin - label.begin()));
            }
            const std::uint32_t found = find_around(
                detail::view_of(text, size), begin, end,
                hash.with_tail(detail::view_of(text + end, label.end() - end), shape.any_port),
                detail::entry_kind(pattern_kind::in_label, shape.any_port));
            if (found != 0) return found;
        }
        return 0;
    }

    detail::origin_layout layout_;
    detail::block<Size> block_;
};

/// The set that a policy built at run time holds; it owns one block of memory.
using origin_set = basic_origin_set<dynamic_size>;

}  // namespace corsac::inline v0_2_0

#endif
