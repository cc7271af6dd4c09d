// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_INTERSECTION_HPP
#define CORSAC_POLICY_POLICY_INTERSECTION_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/method.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/detail/validation.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

namespace detail {

using policy_list = buffer<const policy*>;

/// A policy that governs and allows no origin: what `make_policy` rightly refuses to build.
[[nodiscard]] inline policy make_closed_policy(const policy_options& options) {
    report_builder report;
    policy_layout layout;
    buffer<char> block = build_rules(options, layout, report);
    return {origin_set_builder{0, 0}.finish(), layout, std::move(block)};
}

/// Builds from options that were taken from policies, so nothing in them needs checking again.
[[nodiscard]] inline policy make_checked_policy(policy_options options) {
    if (options.allow_origins.empty()) return make_closed_policy(options);
    options.tolerate_forbidden_names = true;
    options.dangerously_allow_any_origin_with_credentials = true;
    options.dangerously_allow_insecure_origins_with_credentials = true;
    options.dangerously_allow_public_suffixes_with_credentials = true;
    options.dangerously_allow_null_origin_with_credentials = true;
    result<policy> built = make_policy(options);
    return built ? *std::move(built) : make_closed_policy({});
}

[[nodiscard]] inline bool is_listed(const text_list& list, std::string_view entry) noexcept {
    for (const std::string_view item : list) {
        if (equals_ignore_case(item, entry)) return true;
    }
    return false;
}

/// Whether every origin that `entry` stands for is surely in the policy.
[[nodiscard]] inline bool covers_origins(const policy& p, const text_list& listed,
                                         std::string_view entry) noexcept {
    return p.origins().allows_any() || !p.origins().match(entry).empty() ||
           is_listed(listed, entry);
}

/// The same for an entry of allow_headers, which may be `*` or end in one.
[[nodiscard]] inline bool covers_header(const policy&, const text_list& listed,
                                        std::string_view entry) noexcept {
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

[[nodiscard]] inline bool covers_method(const policy&, const text_list& listed,
                                        std::string_view entry) noexcept {
    if (is_cors_safelisted_method(entry) || is_listed(listed, "*")) return true;
    for (const std::string_view item : listed) {
        if (item == entry) return true;
    }
    return false;
}

[[nodiscard]] inline bool covers_exposed(const policy&, const text_list& listed,
                                         std::string_view entry) noexcept {
    return is_listed(listed, "*") || is_listed(listed, entry);
}

/// Entries of any of the lists that every policy covers.
template <class Covers>
[[nodiscard]] text_list common_entries(const policy_list& policies,
                                       const buffer<policy_options>& options,
                                       text_list policy_options::*field, const Covers& covers) {
    text_list common;
    for (const policy_options& from : options) {
        for (const std::string_view entry : from.*field) {
            bool everywhere = !is_listed(common, entry);
            for (std::size_t i = 0; i < policies.size() && everywhere; ++i) {
                everywhere = covers(*policies[i], options[i].*field, entry);
            }
            if (everywhere) common.push_back(entry);
        }
    }
    return common;
}

}  // namespace detail

/// The policy that allows what every one of several allows; for a preflight whose request may go to
/// any of several backends.
///
/// Origins are compared entry by entry: of two patterns that overlap without one being listed in
/// the other policy, nothing is left. (`evaluate` of a `matched_route` asks each policy instead and
/// loses nothing.)
///
/// @param policies  Not empty.
[[nodiscard]] inline policy intersect(const detail::policy_list& policies) {
    detail::buffer<policy_options> options;
    for (const policy* p : policies) options.push_back(p->options());
    policy_options common = options[0];
    common.allow_origins = detail::common_entries(policies, options, &policy_options::allow_origins,
                                                  detail::covers_origins);
    common.allow_methods = detail::common_entries(policies, options, &policy_options::allow_methods,
                                                  detail::covers_method);
    common.allow_headers = detail::common_entries(policies, options, &policy_options::allow_headers,
                                                  detail::covers_header);
    common.expose_headers = detail::common_entries(
        policies, options, &policy_options::expose_headers, detail::covers_exposed);
    for (const policy_options& from : options) {
        common.allow_credentials = common.allow_credentials && from.allow_credentials;
        common.reject_disallowed = common.reject_disallowed && from.reject_disallowed;
        common.refuse_credentials = common.refuse_credentials || from.refuse_credentials;
        common.disclose_requested_only =
            common.disclose_requested_only || from.disclose_requested_only;
        common.advertise = common.advertise && from.advertise;
        common.forward_denied_preflights =
            common.forward_denied_preflights && from.forward_denied_preflights;
        common.keep_existing = common.keep_existing && from.keep_existing;
        common.allow_private_network = common.allow_private_network && from.allow_private_network;
        common.shadow = common.shadow && from.shadow;
        // No answer may be remembered for longer than the most careful policy says; unset is 5.
        if (from.max_age.value_or(5) < common.max_age.value_or(5)) common.max_age = from.max_age;
    }
    return detail::make_checked_policy(std::move(common));
}

}  // namespace corsac::inline v0

#endif
