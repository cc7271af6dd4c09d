// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_HPP
#define CORSAC_POLICY_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/origin_matcher.hpp>
#include <corsac/origin_set.hpp>
#include <corsac/policy_options.hpp>
#include <corsac/policy_rules.hpp>
#include <corsac/policy_validation.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// What requests can be evaluated against: a set of origins and the rules for the rest.
template <class P>
concept policy_like = requires(const P& policy, std::string_view origin) {
    { policy.origins().match(origin) }
    noexcept->std::convertible_to<std::string_view>;
    { policy.rules() }
    noexcept->std::same_as<policy_rules>;
};

/// A validated policy. Immutable, so any number of threads may evaluate requests against it.
///
/// Decisions borrow its texts: it must outlive them.
///
/// @tparam Origins  Who is allowed.
/// @tparam Block    Who holds the texts: the policy itself at run time, a constant otherwise.
template <origin_matcher Origins, class Block>
class basic_policy {
public:
    /// Use `make_policy` or `static_policy`; this takes what they have built.
    constexpr basic_policy(Origins origins, const detail::policy_layout& layout,
                           Block block) noexcept
        : origins_(std::move(origins)), layout_(layout), block_(std::move(block)) {}

    [[nodiscard]] constexpr const Origins& origins() const noexcept { return origins_; }

    /// A view that is valid as long as the policy is.
    [[nodiscard]] constexpr policy_rules rules() const noexcept { return {layout_, block_.data()}; }

    /// Whether an `Origin` value is allowed: the check for a WebSocket upgrade, which browsers send
    /// to every server and which CORS does not guard.
    ///
    /// Spec: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
    [[nodiscard]] constexpr bool allows_origin(std::string_view origin) const noexcept {
        return !std::string_view{origins_.match(origin)}.empty();
    }

    /// The policy as options again, in canonical spelling; `make_policy` of them gives an equal
    /// one. Origins that only a predicate knows are not in it.
    [[nodiscard]] constexpr policy_options options() const {
        policy_options options;
        if constexpr (requires { origins_.append_to(options.allow_origins); }) {
            origins_.append_to(options.allow_origins);
        }
        append_list(options.allow_methods, rules().methods());
        append_list(options.allow_headers, rules().headers());
        append_list(options.expose_headers, rules().exposed());
        options.allow_credentials = layout_.allow_credentials;
        if (!rules().max_age().empty()) {
            std::int64_t seconds = 0;
            for (const char digit : rules().max_age()) seconds = seconds * 10 + (digit - '0');
            options.max_age = seconds;
        }
        options.preflight_status = layout_.preflight_status;
        options.denied_preflight_status = layout_.denied_preflight_status;
        options.reject_disallowed = layout_.reject_disallowed;
        options.disclose_requested_only = layout_.disclose_requested_only;
        options.advertise = layout_.advertise;
        options.forward_denied_preflights = layout_.forward_denied_preflights;
        options.keep_existing = layout_.keep_existing;
        options.allow_private_network = layout_.allow_private_network;
        options.tolerate_forbidden_names = layout_.tolerate_forbidden_names;
        options.dangerously_allow_any_origin_with_credentials = layout_.any_origin_with_credentials;
        options.dangerously_allow_insecure_origins_with_credentials =
            layout_.insecure_origins_with_credentials;
        options.dangerously_allow_public_suffixes_with_credentials =
            layout_.public_suffixes_with_credentials;
        options.dangerously_allow_null_origin_with_credentials =
            layout_.null_origin_with_credentials;
        options.is_public_suffix = layout_.is_public_suffix;
        return options;
    }

    [[nodiscard]] constexpr const detail::policy_layout& layout() const noexcept { return layout_; }
    [[nodiscard]] constexpr const Block& block() const noexcept { return block_; }

    [[nodiscard]] friend constexpr bool operator==(
        const basic_policy& a,
        const basic_policy& b) noexcept requires std::equality_comparable<Origins> {
        return a.origins_ == b.origins_ && a.layout_ == b.layout_ &&
               std::string_view{a.block_.data(), a.block_.size()} ==
                   std::string_view{b.block_.data(), b.block_.size()};
    }

private:
    static constexpr void append_list(text_list& items, std::string_view list) {
        while (!list.empty()) items.push_back(detail::next_element(list));
    }

    Origins origins_;
    detail::policy_layout layout_;
    Block block_;
};

/// A policy built at run time: it owns what it holds and may be copied and moved.
using policy = basic_policy<origin_set, detail::buffer<char>>;

namespace detail {

/// A list without its repeated entries, each of which gets a warning.
[[nodiscard]] constexpr text_list without_repetitions(const text_list& items,
                                                      std::string_view field, bool ignore_case,
                                                      report_builder& report) {
    text_list unique;
    for (std::size_t i = 0; i < items.size(); ++i) {
        bool repeated = false;
        for (const std::string_view before : unique) {
            repeated = repeated ||
                       (ignore_case ? equals_ignore_case(before, items[i]) : before == items[i]);
        }
        if (repeated) {
            report.add(config_code::duplicate_entry, field, i, items[i], "is in the list already",
                       "leave it out");
        } else {
            unique.push_back(items[i]);
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
    layout.disclose_requested_only = options.disclose_requested_only;
    layout.advertise = options.advertise;
    layout.forward_denied_preflights = options.forward_denied_preflights;
    layout.keep_existing = options.keep_existing;
    layout.allow_private_network = options.allow_private_network;
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
    for (std::size_t i = 0; i < patterns.size(); ++i) {
        if (builder.insert(patterns[i])) continue;
        report.add(config_code::duplicate_entry, "allow_origins", i, options.allow_origins[i],
                   "is in the list already", "leave it out");
    }
    return std::move(builder).finish();
}

/// Every check there is, in the order of the fields.
[[nodiscard]] constexpr buffer<origin_pattern> check_options(const policy_options& options,
                                                             bool may_have_no_origin,
                                                             report_builder& report) {
    buffer<origin_pattern> patterns = check_origins(options, may_have_no_origin, report);
    check_methods(options, report);
    check_headers(options, report);
    check_exposed(options, report);
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

}  // namespace detail

/// Checks options and builds the policy that they describe.
///
/// @return  The policy, or every mistake in the options; nothing is half-built.
///
/// Errors: see `config_code`. Warnings never keep a policy from being built.
[[nodiscard]] constexpr result<policy> make_policy(const policy_options& options) {
    detail::report_builder report;
    const auto patterns = detail::check_options(options, false, report);
    if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
    detail::policy_layout layout;
    detail::buffer<char> block = detail::build_rules(options, layout, report);
    origin_set origins = detail::build_origins(options, patterns, report);
    layout.answers_star = origins.allows_any() && !options.allow_credentials;
    return {policy{std::move(origins), layout, std::move(block)}, std::move(report.warnings)};
}

/// The same with a matcher of the caller's beside `allow_origins`, which may then be empty.
///
/// What the matcher allows cannot be checked for combinations that are insecure with credentials,
/// unless it says `allows_any()`.
template <origin_matcher Matcher>
[[nodiscard]] constexpr result<basic_policy<any_of<origin_set, Matcher>, detail::buffer<char>>>
make_policy(const policy_options& options, Matcher matcher) {
    detail::report_builder report;
    const auto patterns = detail::check_options(options, true, report);
    const bool any = allows_any_origin(matcher);
    if (any && options.allow_credentials &&
        !options.dangerously_allow_any_origin_with_credentials) {
        report.add(config_code::credentials_with_any_origin, "allow_origins", no_index, {},
                   "a matcher of any origin with allow_credentials lets every site act as the "
                   "logged-in user",
                   "list the origins you trust, or set allow_credentials = false");
    }
    if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
    detail::policy_layout layout;
    detail::buffer<char> block = detail::build_rules(options, layout, report);
    origin_set origins = detail::build_origins(options, patterns, report);
    layout.answers_star = (any || origins.allows_any()) && !options.allow_credentials;
    return {{{std::move(origins), std::move(matcher)}, layout, std::move(block)},
            std::move(report.warnings)};
}

}  // namespace corsac::inline v0

#endif
