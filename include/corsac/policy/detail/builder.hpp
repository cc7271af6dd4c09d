// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_BUILDER_HPP
#define CORSAC_POLICY_DETAIL_BUILDER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/policy/detail/validation.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

// From checked options to the bytes of a policy.

namespace corsac::inline v0::detail {

/// A list without its repeated entries, each of which gets a warning.
[[nodiscard]] constexpr text_list without_repetitions(const text_list& items,
                                                      std::string_view field, bool ignore_case,
                                                      report_builder& report) {
    text_list unique;
    buffer<char> table;
    const std::size_t capacity = slot_count(items.size());
    const auto mask = static_cast<std::uint32_t>(capacity - 1);
    table.resize(capacity * text_slot::size);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::string_view item = items[i];
        const std::uint64_t hash = ignore_case ? hash_text<fold_case>(item, 0) : hash_text(item, 0);
        const text_slot known =
            find_slot(table.data(), mask, hash, 0, [&](const text_slot& slot) noexcept {
                const std::string_view before = unique[slot.offset];
                return ignore_case ? equals_ignore_case(before, item) : before == item;
            });
        if (known.length != 0) {
            report.add(config_code::duplicate_entry, field, i, item, "is in the list already",
                       "leave it out");
        } else {
            const auto index = static_cast<std::uint32_t>(unique.size());
            insert_slot(table.data(), mask, {static_cast<std::uint32_t>(hash), index, 1, 0});
            unique.push_back(item);
        }
    }
    return unique;
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

/// Lays out everything but origins. The options hold no errors.
[[nodiscard]] constexpr buffer<char> build_rules(const policy_options& options,
                                                 policy_layout& layout, report_builder& report) {
    const text_list methods =
        without_repetitions(options.allow_methods, "allow_methods", false, report);
    const text_list headers =
        without_repetitions(options.allow_headers, "allow_headers", true, report);
    const text_list exposed =
        without_repetitions(options.expose_headers, "expose_headers", true, report);

    buffer<char> block;
    const std::size_t capacity = slot_count(methods.size() + headers.size());
    layout.name_mask = static_cast<std::uint32_t>(capacity - 1);
    block.resize(capacity * text_slot::size);
    layout.methods = append_joined(block, methods);
    layout.headers = append_joined(block, headers);
    layout.expose = append_joined(block, exposed);
    if (options.max_age) {
        text digits;
        digits.append_number(static_cast<std::uint64_t>(*options.max_age));
        layout.max_age = {append_text(block, digits.view()),
                          static_cast<std::uint32_t>(digits.size())};
    }
    for (const std::string_view method : methods) {
        layout.any_method = layout.any_method || method == "*";
        insert_text(block, layout.name_mask, method, method_kind, hash_text(method, 0));
    }

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

    layout.preflight_status = static_cast<std::int16_t>(options.preflight_status);
    layout.denied_preflight_status = static_cast<std::int16_t>(options.denied_preflight_status);
    layout.allow_credentials = options.allow_credentials;
    layout.reject_disallowed = options.reject_disallowed;
    layout.refuse_credentials = options.refuse_credentials;
    layout.disclose_requested_only = options.disclose_requested_only;
    layout.advertise = options.advertise;
    layout.forward_denied_preflights = options.forward_denied_preflights;
    layout.keep_existing = options.keep_existing;
    layout.allow_private_network = options.allow_private_network;
    layout.shadow = options.shadow;
    layout.tolerate_forbidden_names = options.tolerate_forbidden_names;
    layout.any_origin_with_credentials = options.dangerously_allow_any_origin_with_credentials;
    layout.insecure_origins_with_credentials =
        options.dangerously_allow_insecure_origins_with_credentials;
    layout.public_suffixes_with_credentials =
        options.dangerously_allow_public_suffixes_with_credentials;
    layout.null_origin_with_credentials = options.dangerously_allow_null_origin_with_credentials;
    layout.is_public_suffix = options.is_public_suffix;
    return block;
}

[[nodiscard]] constexpr origin_set build_origins(const policy_options& options,
                                                 const buffer<origin_pattern>& patterns,
                                                 report_builder& report) {
    std::size_t bytes = 0;
    for (const origin_pattern& pattern : patterns) bytes += pattern.text.size() + 1;
    origin_set_builder builder{patterns.size(), bytes};
    std::size_t unique = 0;
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (builder.insert(patterns[i])) {
            ++unique;
            continue;
        }
        report.add(config_code::duplicate_entry, "allow_origins", i, options.allow_origins[i],
                   "is in the list already", "leave it out");
    }
    if (slot_count(unique) == slot_count(patterns.size())) return std::move(builder).finish();
    // Without its repetitions the table is smaller, as it will be if these options are read back.
    origin_set_builder smaller{unique, bytes};
    for (const origin_pattern& pattern : patterns) (void)smaller.insert(pattern);
    return std::move(smaller).finish();
}

/// Every check there is, in the order of the fields.
[[nodiscard]] constexpr buffer<origin_pattern> check_options(const policy_options& options,
                                                             bool may_have_no_origin,
                                                             report_builder& report) {
    buffer<origin_pattern> patterns = check_origins(options, may_have_no_origin, report);
    check_methods(options, report);
    check_headers(options, report);
    check_exposed(options, report);
    check_switches(options, report);
    check_numbers(options, report);
    // Positions have 32 bits; a third of them leaves room for slots beside the texts.
    std::size_t bytes = 0;
    for (const text_list* list : {&options.allow_origins, &options.allow_methods,
                                  &options.allow_headers, &options.expose_headers}) {
        for (const std::string_view item : *list) bytes += item.size() + 2 * text_slot::size;
    }
    if (bytes > 0x7fffffff) {
        report.add(config_code::policy_too_large, "allow_origins", no_index, {},
                   "more than 2 GiB of text", "decide with origin_if instead");
    }
    return patterns;
}

}  // namespace corsac::inline v0::detail

#endif
