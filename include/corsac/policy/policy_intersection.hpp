// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_INTERSECTION_HPP
#define CORSAC_POLICY_POLICY_INTERSECTION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <span>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

namespace detail {

[[nodiscard]] inline bool is_listed(const text_list& list, std::string_view entry) noexcept {
    for (const std::string_view item : list) {
        if (equals_ignore_case(item, entry)) return true;
    }
    return false;
}

/// Whether every origin that `entry` stands for is surely in the policy.
[[nodiscard]] inline bool covers_origins(const policy& p, const text_list& listed,
                                         std::string_view entry) noexcept {
    return p.origins().allows_any() || !p.origins().match(entry, judged).empty() ||
           is_listed(listed, entry);
}

/// The same for an entry of allow_headers, which may be `*` or end in one.
[[nodiscard]] inline bool covers_header(const text_list& listed, std::string_view entry) noexcept {
    if (is_listed(listed, entry)) return true;
    if (is_cors_non_wildcard_request_header(entry)) return false;
    if (is_listed(listed, "*")) return true;
    for (const std::string_view item : listed) {
        if (item.size() < 2 || item.back() != '*' || item.size() > entry.size()) continue;
        if (equals_ignore_case(item.substr(0, item.size() - 1), entry.substr(0, item.size() - 1))) {
            return true;
        }
    }
    return false;
}

[[nodiscard]] inline bool covers_method(const text_list& listed, std::string_view entry) noexcept {
    if (is_cors_safelisted_method(entry) || is_listed(listed, "*")) return true;
    for (const std::string_view item : listed) {
        if (item == entry) return true;
    }
    return false;
}

[[nodiscard]] inline bool covers_exposed(const text_list& listed, std::string_view entry) noexcept {
    return is_listed(listed, "*") || is_listed(listed, entry);
}

/// Whether a policy covers an entry of one of its lists.
template <auto List>
[[nodiscard]] bool covers(const policy& p, const text_list& listed,
                          std::string_view entry) noexcept {
    if constexpr (List == &policy_options::allow_origins) {
        return covers_origins(p, listed, entry);
    } else if constexpr (List == &policy_options::allow_methods) {
        return covers_method(listed, entry);
    } else if constexpr (List == &policy_options::allow_headers) {
        return covers_header(listed, entry);
    } else if constexpr (List == &policy_options::own_origins) {
        return is_listed(listed, entry);
    } else {
        static_assert(List == &policy_options::expose_headers, "a list that nothing combines");
        return covers_exposed(listed, entry);
    }
}

/// Entries of any of the lists that every policy covers.
template <text_list policy_options::* List>
[[nodiscard]] text_list common_entries(std::span<const policy* const> policies,
                                       const buffer<policy_options>& options) {
    constexpr bool case_matters = policy_lists[index_in<List>(policy_lists)].case_matters;
    const auto is_common = [](const text_list& list, std::string_view entry) {
        for (const std::string_view item : list) {
            if (case_matters ? item == entry : equals_ignore_case(item, entry)) return true;
        }
        return false;
    };
    text_list common;
    for (const policy_options& from : options) {
        for (const std::string_view entry : from.*List) {
            bool everywhere = !is_common(common, entry);
            for (std::size_t i = 0; i < policies.size() && everywhere; ++i) {
                everywhere = covers<List>(*policies[i], options[i].*List, entry);
            }
            if (everywhere) common.push_back(entry);
        }
    }
    return common;
}

[[nodiscard]] inline bool combine(const buffer<policy_options>& options,
                                  const policy_switch& one) noexcept {
    bool all = true, any = false;
    for (const policy_options& from : options) {
        all = all && from.*one.member;
        any = any || from.*one.member;
    }
    return one.combined == combined_as::all ? all : one.combined == combined_as::any ? any : true;
}

}  // namespace detail

/// The policy that allows what every one of several allows; for a preflight whose request may go to
/// any of several backends.
///
/// Origins are compared entry by entry: of two patterns that overlap without one being listed in
/// the other policy, nothing is left. (`evaluate` of a `matched_route` asks each policy instead and
/// loses nothing.)
///
/// @param policies  Not empty; statuses and the public-suffix hook are the first one's.
[[nodiscard]] inline policy intersect(std::span<const policy* const> policies) {
    detail::buffer<policy_options> options;
    for (const policy* p : policies) options.push_back(p->options());
    policy_options common = options[0];
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        ((common.*policy_lists[I].member =
              detail::common_entries<policy_lists[I].member>(policies, options)),
         ...);
    }(std::make_index_sequence<detail::list_count>{});
    for (const policy_switch& one : policy_switches) {
        common.*one.member = detail::combine(options, one);
    }
    // No answer may be remembered for longer than the most careful policy says; unset is 5.
    for (const policy_options& from : options) {
        if (from.max_age.value_or(5) < common.max_age.value_or(5)) common.max_age = from.max_age;
    }
    // They were taken from policies, so nothing in them needs checking again. (More prefixes of
    // header names may be left than one policy may list.)
    return detail::policy_access::make_of_checked(common);
}

/// The policy that allows only those of another one's origins that are listed, by whatever type:
/// nothing that a shared set or a predicate lets in.
template <policy_like P>
[[nodiscard]] policy listed_part(const P& p) {
    return detail::policy_access::make_of_checked(p.options());
}

}  // namespace corsac::inline v0_2_0

#endif
