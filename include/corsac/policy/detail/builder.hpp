// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_BUILDER_HPP
#define CORSAC_POLICY_DETAIL_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/origin_set_builder.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

// From checked options to the bytes of a policy.

namespace corsac::inline v0::detail {

/// Copies a list without its repeated entries, each of which gets a warning.
///
/// @param unique  Empty. Not what is returned: GCC 12 cannot assign it in constant evaluation.
template <class Report>
constexpr void copy_unique(const text_list& items, const policy_list& list, text_list& unique,
                           Report& report) {
    buffer<char> table;
    const std::size_t capacity = slot_count(items.size());
    const auto mask = static_cast<std::uint32_t>(capacity - 1);
    table.resize(capacity * text_slot::size);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string_view item = items[i];
        const std::uint64_t hash =
            list.case_matters ? hash_text(item, 0) : hash_text<fold_case>(item, 0);
        const text_slot known =
            find_slot(table.data(), mask, hash, 0, [&](const text_slot& slot) noexcept {
                const std::string_view before = unique[slot.offset];
                return list.case_matters ? before == item : equals_ignore_case(before, item);
            });
        if (known.length != 0) {
            report.add(config_code::duplicate_entry, {list.name, i}, item, "is in the list already",
                       "leave it out");
        } else {
            const auto index = static_cast<std::uint32_t>(unique.size());
            insert_slot(table.data(), mask, {static_cast<std::uint32_t>(hash), index, 1, 0});
            unique.push_back(item);
        }
    }
}

/// Appends a list as it is sent.
[[nodiscard]] constexpr text_position append_joined(buffer<char>& block, const text_list& items) {
    text joined;
    for (const std::string_view item : items) {
        if (!joined.empty()) joined.append(", ");
        joined.append(item);
    }
    return {append_text(block, joined.view()), static_cast<std::uint32_t>(joined.size())};
}

constexpr void insert_text(buffer<char>& block, std::uint32_t mask, std::string_view added,
                           std::uint8_t kind, std::uint64_t hash) {
    const text_slot slot{static_cast<std::uint32_t>(hash), append_text(block, added),
                         static_cast<std::uint16_t>(added.size()), kind};
    insert_slot(block.data(), mask, slot);
}

constexpr void insert_methods(buffer<char>& block, policy_layout& layout,
                              const text_list& methods) {
    for (const std::string_view method : methods) {
        layout.any_method = layout.any_method || method == "*";
        insert_text(block, layout.name_mask, method, method_kind, hash_text(method, 0));
    }
}

constexpr void insert_headers(buffer<char>& block, policy_layout& layout,
                              const text_list& headers) {
    text prefixes;
    for (const std::string_view name : headers) {
        if (name == "*") {
            layout.any_header = true;
        } else if (name.back() == '*') {
            prefixes.append(lower_case(name.substr(0, name.size() - 1)).view()).append('\0');
        } else {
            const text lower = lower_case(name);
            insert_text(block, layout.name_mask, lower.view(), header_kind,
                        hash_text<fold_case>(lower.view(), 0));
        }
    }
    layout.prefixes = {append_text(block, prefixes.view()),
                       static_cast<std::uint32_t>(prefixes.size())};
}

/// Lays out everything but origins. The options hold no errors.
template <class Report>
[[nodiscard]] constexpr buffer<char> build_rules(const policy_options& options,
                                                 policy_layout& layout, Report& report) {
    policy_options unique;
    for (const policy_list& list : policy_lists) {
        if (list.member == &policy_options::allow_origins) continue;
        copy_unique(options.*list.member, list, unique.*list.member, report);
    }

    buffer<char> block;
    const std::size_t names = unique.allow_methods.size() + unique.allow_headers.size();
    const std::size_t capacity = slot_count(names);
    layout.name_mask = static_cast<std::uint32_t>(capacity - 1);
    block.resize(capacity * text_slot::size);
    for (std::size_t i = 0; i < list_count; ++i) {
        layout.lists[i] = append_joined(block, unique.*policy_lists[i].member);
    }
    if (options.max_age) {
        text digits;
        digits.append_number(static_cast<std::uint64_t>(*options.max_age));
        layout.max_age = {append_text(block, digits.view()),
                          static_cast<std::uint32_t>(digits.size())};
    }
    insert_methods(block, layout, unique.allow_methods);
    insert_headers(block, layout, unique.allow_headers);

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
                                                 const buffer<origin_pattern>& patterns,
                                                 Report& report) {
    std::size_t bytes = 0;
    for (const origin_pattern& pattern : patterns) bytes += pattern.view().size() + 1;
    origin_set_builder builder{patterns.size(), bytes};
    std::size_t unique = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (builder.insert(patterns[i])) {
            ++unique;
            continue;
        }
        report.add(config_code::duplicate_entry, {"allow_origins", i}, options.allow_origins[i],
                   "is in the list already", "leave it out");
    }
    if (slot_count(unique) == slot_count(patterns.size())) return std::move(builder).finish();
    // Without its repetitions the table is smaller, as it will be if these options are read back.
    origin_set_builder smaller{unique, bytes};
    for (const origin_pattern& pattern : patterns) (void)smaller.insert(pattern);
    return std::move(smaller).finish();
}

}  // namespace corsac::inline v0::detail

#endif
