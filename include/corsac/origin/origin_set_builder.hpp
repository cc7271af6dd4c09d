// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_SET_BUILDER_HPP
#define CORSAC_ORIGIN_ORIGIN_SET_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/keyed_index.hpp>
#include <corsac/detail/sort.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/detail/network.hpp>
#include <corsac/origin/detail/pattern_shape.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

struct detail::origin_set_access {
    [[nodiscard]] static constexpr bool begins_with_star(const origin_pattern& entry) noexcept {
        return entry.kind() == pattern_kind::subdomains || entry.kind() == pattern_kind::any_host;
    }

    /// How many labels follow the `*` of every entry that begins with it.
    template <class Patterns>
    [[nodiscard]] static constexpr std::size_t least_labels(const Patterns& patterns) noexcept {
        std::size_t least = max_origin_length;
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            if (!begins_with_star(patterns[i])) continue;
            const std::size_t labels = labels_behind_star(patterns[i]);
            if (labels < least) least = labels;
        }
        return least;
    }

    /// @param least_labels  Of all entries.
    [[nodiscard]] static constexpr std::uint32_t hash_of(const origin_pattern& entry,
                                                         std::uint64_t key,
                                                         std::size_t least_labels) noexcept {
        const std::string_view text = entry.view();
        const std::size_t star = entry.wildcard_at();
        switch (entry.kind()) {
        case pattern_kind::in_label: return hash_in_label(entry, key);
        case pattern_kind::subdomains:
        case pattern_kind::any_host: {
            subdomain_hash hash{text.substr(0, star), key};
            std::string_view host = entry.host();
            const std::string_view port = entry.any_port() ? ":*" : text.substr(star + host.size());
            const auto add_last = [&](std::size_t labels) {
                std::size_t dot = host.size();
                for (; labels != 0; --labels) dot = host.rfind('.', dot - 1);
                hash.add(host.substr(dot + 1));
                host = host.substr(0, dot);
            };
            if (least_labels != 0) add_last(least_labels);
            while (host != "*") add_last(1);
            return hash.with_port(subdomain_hash::hash_port(port, key));
        }
        default: return hash_text(text, key);
        }
    }

    /// Takes an entry into account that is in no other one.
    static constexpr void describe(origin_layout& layout, buffer<pattern_shape>& shapes,
                                   const origin_pattern& entry) {
        const pattern_kind kind = entry.kind();
        if (kind == pattern_kind::in_label) add_shape(shapes, shape_of(entry));
        if (begins_with_star(entry)) {
            (entry.any_port() ? layout.labels_any_port : layout.labels)
                .add(labels_behind_star(entry));
        }
        layout.any_origin = layout.any_origin || kind == pattern_kind::any_origin;
        if (kind == pattern_kind::exact) {
            if (!entry.any_port()) layout.exact_lengths |= layout.bit_of(entry.view().size());
            layout.any_port = layout.any_port || entry.any_port();
        }
        if (kind == pattern_kind::network) ++layout.network_count;
        const bool open_ended = entry.has_wildcard() || kind == pattern_kind::any_origin ||
                                kind == pattern_kind::network;
        const std::size_t longest =
            open_ended ? max_origin_length : entry.view().size() + (entry.any_port() ? 6 : 0);
        if (longest > layout.longest) layout.longest = static_cast<std::uint32_t>(longest);
    }

    [[nodiscard]] static constexpr network_entry network_of(const origin_pattern& entry,
                                                            std::uint32_t text_at) noexcept {
        const std::size_t host_begin = entry.scheme().size() + 3;
        return {{read_address(entry.host()), entry.network_bits()},
                text_at,
                static_cast<std::uint16_t>(host_begin),
                static_cast<std::uint16_t>(entry.view().size() - entry.port().size()),
                entry.any_port()};
    }

    [[nodiscard]] static constexpr std::uint32_t append_entry(buffer<char>& block,
                                                              const origin_pattern& entry) {
        const std::uint32_t at =
            append_text(block, entry.view(), entry_kind(entry.kind(), entry.any_port()));
        if (entry.any_port()) {
            // In the place of the NUL.
            block[block.size() - 1] = ':';
            block.push_back('*');
            block.push_back('\0');
        }
        return at;
    }

    template <class Patterns, class OnRepeated>
    [[nodiscard]] static constexpr origin_set make(const Patterns& patterns, bool safe,
                                                   const OnRepeated& on_repeated) {
        const std::size_t least = least_labels(patterns);
        buffer<bool> repeated;
        repeated.resize(patterns.size());
        keyed_index index = index_items(
            patterns.size(),
            [&](std::uint32_t i, std::uint64_t key) { return hash_of(patterns[i], key, least); },
            [&](std::uint32_t i, std::uint32_t k) {
                return patterns[i].view() == patterns[k].view() &&
                       patterns[i].any_port() == patterns[k].any_port();
            },
            [&](std::uint32_t i, std::uint32_t) {
                repeated[i] = true;
                on_repeated(i);
            });

        origin_layout layout;
        layout.key = index.key;
        layout.capacity = index.capacity;
        layout.safe = safe;
        layout.least_labels = static_cast<std::uint32_t>(least);
        buffer<pattern_shape> shapes;
        std::size_t count = 0, bytes = 0;
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            if (repeated[i]) continue;
            const origin_pattern& entry = patterns[i];
            const bool one_origin = entry.kind() == pattern_kind::exact && !entry.any_port();
            if (count == 0 && one_origin) {
                layout.first = static_cast<std::uint32_t>(entry.view().size());
            }
            layout.alone = ++count == 1 && one_origin;
            describe(layout, shapes, entry);
            bytes += text_head + entry.view().size() + 3;
        }

        // In the order in which a host is gone through: see `find_in_label`.
        sort(shapes.data(), shapes.size(),
             [](const pattern_shape& a, const pattern_shape& b) { return a.prefix < b.prefix; });

        buffer<char> block = std::move(index.cells);
        layout.shapes_at = static_cast<std::uint32_t>(block.size());
        layout.shape_count = static_cast<std::uint32_t>(shapes.size());
        layout.networks_at =
            static_cast<std::uint32_t>(layout.shapes_at + shapes.size() * pattern_shape::size);
        const std::size_t texts_at =
            layout.networks_at + layout.network_count * network_entry::size;
        block.reserve(texts_at + bytes);
        block.resize(texts_at);
        for (std::size_t i = 0; i < shapes.size(); ++i) {
            write_shape(block.data() + layout.shapes_at + i * pattern_shape::size, shapes[i]);
        }
        layout.texts_at = static_cast<std::uint32_t>(texts_at);
        buffer<std::uint32_t> positions;
        positions.resize(patterns.size());
        std::size_t network_at = layout.networks_at;
        for (std::size_t i = 0; i < patterns.size(); ++i) {
            if (repeated[i]) continue;
            positions[i] = append_entry(block, patterns[i]);
            if (patterns[i].kind() != pattern_kind::network) continue;
            network_of(patterns[i], positions[i]).write(block.data() + network_at);
            network_at += network_entry::size;
        }
        renumber(block.data(), layout.capacity,
                 [&](std::uint32_t item) { return positions[item]; });
        return {layout, std::move(block)};
    }
};

/// Builds a set that nobody has judged: asked without `judged`, it allows nothing by a pattern. Nor
/// is its cost bounded, until a policy takes it: see `look_up_budget`.
///
/// @param patterns     `origin_pattern`s without mistakes, in a container with `size()` and `[]`.
/// @param on_repeated  Called with the index of every pattern that equals an earlier one.
///
/// Cost: linear, whoever chose the patterns.
template <class Patterns, class OnRepeated>
[[nodiscard]] constexpr origin_set make_origin_set(const Patterns& patterns,
                                                   const OnRepeated& on_repeated) {
    return detail::origin_set_access::make(patterns, false, on_repeated);
}

}  // namespace corsac::inline v0_2_0

#endif
