// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_BUILDER_HPP
#define CORSAC_POLICY_DETAIL_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/keyed_index.hpp>
#include <corsac/detail/sort.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/origin_set_builder.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/detail/origin_validation.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/request_facts.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

// From checked options to the bytes of a policy.

namespace corsac::inline v0_2_0::detail {

/// Copies a list without its repeated entries, each of which gets a warning.
///
/// @param unique  Empty. Not what is returned: GCC 12 cannot assign it in constant evaluation.
template <class Report>
constexpr void copy_unique(const text_list& items, const policy_list& list, text_list& unique,
                           Report& report) {
    buffer<bool> repeated;
    repeated.resize(items.size());
    (void)index_items(
        items.size(),
        [&](std::uint32_t i, std::uint64_t key) {
            return list.case_matters ? hash_text(items[i], key)
                                     : hash_text<fold_case>(items[i], key);
        },
        [&](std::uint32_t i, std::uint32_t k) {
            return list.case_matters ? items[i] == items[k]
                                     : equals_ignore_case(items[i], items[k]);
        },
        [&](std::uint32_t i, std::uint32_t) {
            repeated[i] = true;
            report.add(config_code::duplicate_entry, {list.name, i}, items[i],
                       "is in the list already", "leave it out");
        });
    for (std::size_t i = 0; i < items.size(); ++i) {
        if (!repeated[i]) unique.push_back(items[i]);
    }
}

/// Appends a list as it is sent.
[[nodiscard]] constexpr text_position append_joined(buffer<char>& block, const text_list& items) {
    text joined;
    for (const std::string_view item : items) {
        if (!joined.empty()) joined.append(", ");
        joined.append(item);
    }
    return append_plain(block, joined.view());
}

/// An allowed method, an allowed header name in lower case, or an own origin.
struct allowed_name {
    text name{};
    std::uint8_t kind = header_kind;
};

/// Puts the index of methods and header names at the begin of a block, and the texts behind it.
/// @param names  Header names last.
// Templates from here on, so that they are compiled only where a policy is built.
template <class>
constexpr void index_names(buffer<char>& block, policy_layout& layout,
                           const buffer<allowed_name>& names) {
    keyed_index index = index_items(
        names.size(),
        [&](std::uint32_t i, std::uint64_t key) {
            const std::string_view name = names[i].name.view();
            return names[i].kind == header_kind ? hash_text<fold_case>(name, key)
                                                : hash_text(name, key);
        },
        [](std::uint32_t, std::uint32_t) { return false; }, [](std::uint32_t, std::uint32_t) {});
    layout.name_key = index.key;
    layout.name_capacity = index.capacity;
    block = std::move(index.cells);
    buffer<std::uint32_t> positions;
    for (const allowed_name& one : names) {
        positions.push_back(append_text(block, one.name.view(), one.kind));
        if (one.kind == header_kind && layout.headers_at == 0) layout.headers_at = positions.back();
    }
    layout.headers_end = static_cast<std::uint32_t>(block.size()) + text_head;
    if (layout.headers_at == 0) layout.headers_at = layout.headers_end;
    renumber(block.data(), layout.name_capacity,
             [&](std::uint32_t item) { return positions[item]; });
}

/// Lays the prefixes out, sorted, without those that a shorter one covers.
/// @param prefixes  In lower case, without their `*`.
template <class>
constexpr void append_prefixes(buffer<char>& block, policy_layout& layout, buffer<text>& prefixes) {
    sort(prefixes.data(), prefixes.size(),
         [](const text& a, const text& b) { return compare_folded(a.view(), b.view()) < 0; });
    buffer<text_position> positions;
    std::string_view last;
    for (const text& prefix : prefixes) {
        const std::string_view view = prefix.view();
        if (!positions.empty() && view.substr(0, last.size()) == last) continue;
        last = view;
        positions.push_back(append_plain(block, view));
    }
    layout.prefix_count = static_cast<std::uint32_t>(positions.size());
    layout.prefixes_at = static_cast<std::uint32_t>(block.size());
    block.resize(block.size() + positions.size() * 8);
    for (std::size_t i = 0; i < positions.size(); ++i) {
        store32(block.data() + layout.prefixes_at + i * 8, positions[i].at);
        store32(block.data() + layout.prefixes_at + i * 8 + 4, positions[i].size);
    }
}

/// @param canonical  Empty. Gets the origins as browsers send them.
template <class>
constexpr void canonicalize(const text_list& origins, text_list& canonical) {
    for (const std::string_view written : origins) {
        const auto ignore = [](config_code, std::string_view, std::string_view) {};
        canonical.push_back(parse_origin_pattern(written, ignore).view());
    }
}

/// Lays out everything but origins. The options hold no errors.
template <class Report>
[[nodiscard]] constexpr buffer<char> build_rules(const policy_options& options,
                                                 policy_layout& layout, Report& report) {
    policy_options unique;
    for (const policy_list& list : policy_lists) {
        if (list.member == &policy_options::allow_origins) continue;
        if (list.member == &policy_options::own_origins) {
            text_list canonical;
            canonicalize<Report>(options.own_origins, canonical);
            copy_unique(canonical, list, unique.own_origins, report);
            continue;
        }
        copy_unique(options.*list.member, list, unique.*list.member, report);
    }

    buffer<allowed_name> names;
    buffer<text> prefixes;
    for (const std::string_view method : unique.allow_methods) {
        layout.any_method = layout.any_method || method == "*";
        names.push_back({text{method}, method_kind});
    }
    for (const std::string_view origin : unique.own_origins) {
        names.push_back({text{origin}, own_origin_kind});
    }
    const std::size_t others = names.size();
    for (const std::string_view name : unique.allow_headers) {
        if (name == "*") {
            layout.any_header = true;
        } else if (name.back() == '*') {
            prefixes.push_back(lower_case(name.substr(0, name.size() - 1)));
        } else {
            names.push_back({lower_case(name), header_kind});
        }
    }
    if (names.size() - others <= max_requested_headers) {  // more are found one by one
        sort(names.data() + others, names.size() - others,
             [](const allowed_name& a, const allowed_name& b) {
                 return compare_folded(a.name.view(), b.name.view()) < 0;
             });
    }

    buffer<char> block;
    index_names<Report>(block, layout, names);
    append_prefixes<Report>(block, layout, prefixes);
    for (std::size_t i = 0; i < list_count; ++i) {
        layout.lists[i] = append_joined(block, unique.*policy_lists[i].member);
    }
    if (options.max_age) {
        text digits;
        digits.append_number(static_cast<std::uint64_t>(*options.max_age));
        layout.max_age = append_plain(block, digits.view());
    }

    for (std::size_t i = 0; i < status_count; ++i) {
        layout.statuses[i] = static_cast<std::int16_t>(options.*policy_statuses[i].member);
    }
    for (std::size_t i = 0; i < switch_count; ++i) {
        layout.switches[i] = options.*policy_switches[i].member;
    }
    layout.is_public_suffix = options.is_public_suffix;
    return block;
}

/// @param options  Without errors.
template <class Report>
[[nodiscard]] constexpr origin_set build_origins(const policy_options& options,
                                                 const checked_origins& checked, Report& report) {
    return origin_set_access::make(checked.patterns, checked.safe, [&](std::size_t i) {
        report.add(config_code::duplicate_entry, {"allow_origins", i}, options.allow_origins[i],
                   "is in the list already", "leave it out");
    });
}

}  // namespace corsac::inline v0_2_0::detail

#endif
