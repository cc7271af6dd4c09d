// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_HPP
#define CORSAC_POLICY_POLICY_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/detail/builder.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/policy/detail/validation.hpp>

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
        options.refuse_credentials = layout_.refuse_credentials;
        options.disclose_requested_only = layout_.disclose_requested_only;
        options.advertise = layout_.advertise;
        options.forward_denied_preflights = layout_.forward_denied_preflights;
        options.keep_existing = layout_.keep_existing;
        options.allow_private_network = layout_.allow_private_network;
        options.shadow = layout_.shadow;
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
/// unless it says `allows_any()`, or checks itself in `prepare_for(options, report)`.
template <origin_matcher Matcher>
[[nodiscard]] constexpr result<basic_policy<any_of<origin_set, Matcher>, detail::buffer<char>>>
make_policy(const policy_options& options, Matcher matcher) {
    detail::report_builder report;
    const auto patterns = detail::check_options(options, true, report);
    if constexpr (requires { matcher.prepare_for(options, report); }) {
        matcher.prepare_for(options, report);
    }
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
