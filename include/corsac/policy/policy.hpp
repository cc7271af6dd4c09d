// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_HPP
#define CORSAC_POLICY_POLICY_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/origin_set_builder.hpp>
#include <corsac/policy/detail/builder.hpp>
#include <corsac/policy/detail/matcher_validation.hpp>
#include <corsac/policy/detail/validation.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

namespace detail {

struct policy_access;

/// Whether all that origins of this type allow was judged when the policy was built.
template <class Origins>
inline constexpr bool is_checked_list = false;
template <std::size_t Size>
inline constexpr bool is_checked_list<basic_origin_set<Size>> = true;

}  // namespace detail

/// A validated policy. Immutable, so any number of threads may evaluate requests against it.
///
/// Decisions borrow its texts: it must outlive them. Made by `make_policy` or `static_policy`.
///
/// @tparam Origins  Who is allowed.
/// @tparam Size     Bytes of all the rest, if they are constants; `dynamic_size` if it is made at
///                  run time.
template <origin_matcher Origins, std::size_t Size = dynamic_size>
class basic_policy {
public:
    [[nodiscard]] constexpr const Origins& origins() const noexcept { return origins_; }

    /// A view that is valid as long as the policy is.
    [[nodiscard]] constexpr policy_rules rules() const noexcept {
        return policy_rules{layout_, block_.data()};
    }

    /// Whether an `Origin` value is allowed. Not the check for a WebSocket handshake, where a `*`
    /// must not count: that is `evaluate_upgrade`.
    [[nodiscard]] constexpr bool allows_origin(std::string_view origin) const noexcept {
        return !grant(origin).answer.empty();
    }

    /// What is answered to an origin, and why not if nothing is.
    [[nodiscard]] constexpr origin_grant grant(std::string_view origin) const noexcept {
        if constexpr (detail::is_checked_list<Origins>) {
            return {origins_.match(origin, judged)};
        } else {
            std::string_view matched;
            const auto ask = [&]() noexcept(noexcept(origins_.match(origin, judged))) {
                matched = origins_.match(origin, judged);
            };
            if (!detail::completes(ask)) return {{}, grant_defect::failed};
            const grant_defect defect = judge_grant(rules(), origin, matched);
            return {defect == grant_defect::none ? matched : std::string_view{}, defect};
        }
    }

    /// The policy as options again, in canonical spelling; `make_policy` of them gives an equal
    /// one. Origins that only a predicate knows are not in it.
    [[nodiscard]] constexpr policy_options options() const {
        policy_options options;
        if constexpr (requires { origins_.append_to(options.allow_origins); }) {
            origins_.append_to(options.allow_origins);
        }
        for (std::size_t i = 0; i < detail::list_count; ++i) {
            std::string_view sent =
                detail::view_of(block_.data() + layout_.lists[i].at, layout_.lists[i].size);
            while (!sent.empty()) {
                (options.*policy_lists[i].member).push_back(detail::next_element(sent));
            }
        }
        if (!rules().max_age().empty()) {
            std::int64_t seconds = 0;
            for (const char digit : rules().max_age()) seconds = seconds * 10 + (digit - '0');
            options.max_age = seconds;
        }
        for (std::size_t i = 0; i < detail::status_count; ++i) {
            options.*policy_statuses[i].member = layout_.statuses[i];
        }
        for (std::size_t i = 0; i < detail::switch_count; ++i) {
            options.*policy_switches[i].member = layout_.switches[i];
        }
        options.is_public_suffix = layout_.is_public_suffix;
        return options;
    }

    [[nodiscard]] friend constexpr bool operator==(const basic_policy& a,
                                                   const basic_policy& b) noexcept
        requires std::equality_comparable<Origins>
    {
        return a.origins_ == b.origins_ && a.layout_ == b.layout_ &&
               std::string_view{a.block_.data(), a.block_.size()} ==
                   std::string_view{b.block_.data(), b.block_.size()};
    }

private:
    friend struct detail::policy_access;

    constexpr basic_policy(Origins origins, const detail::policy_layout& layout,
                           detail::block<Size> block) noexcept
        : origins_(std::move(origins)), layout_(layout), block_(std::move(block)) {}

    Origins origins_;
    detail::policy_layout layout_;
    detail::block<Size> block_;
};

/// A policy built at run time: it owns what it holds and may be copied and moved.
using policy = basic_policy<origin_set>;

struct detail::policy_access {
    /// @param options  Without errors.
    template <class Origins, class Report>
    [[nodiscard]] static constexpr basic_policy<Origins> make(const policy_options& options,
                                                              Origins origins, Report& report) {
        policy_layout layout;
        buffer<char> block = build_rules(options, layout, report);
        layout.answers_star = allows_any_origin(origins) && !options.allow_credentials;
        layout.plain = !layout.answers_star && !options.reject_disallowed &&
                       !options.reject_cross_origin_writes && !options.refuse_credentials &&
                       !options.keep_existing && !options.shadow;
        return {std::move(origins), layout, std::move(block)};
    }

    /// @param origins  The same, in another type.
    template <class Origins, class From>
    [[nodiscard]] static constexpr basic_policy<Origins> with_origins(basic_policy<From> p,
                                                                      Origins origins) {
        return {std::move(origins), p.layout_, std::move(p.block_)};
    }

    /// @param matcher  None, or one that lets origins in beside those that are listed.
    template <class Policy, class Report, class... Matcher>
    [[nodiscard]] static constexpr result<Policy> build(const policy_options& options,
                                                        look_up_budget budget, Matcher... matcher) {
        Report report;
        checked_origins checked;
        check_options(options, sizeof...(matcher) != 0, budget, checked, report);
        (check_matcher(matcher, options, budget, report), ...);
        if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
        origin_set listed = build_origins(options, checked, report);
        Policy made = [&] {
            if constexpr (sizeof...(matcher) == 0) {
                return make(options, std::move(listed), report);
            } else {
                return make(options, any_of{std::move(listed), std::move(matcher)...}, report);
            }
        }();
        return {std::move(made), std::move(report.warnings)};
    }

    /// @param options  Without errors; its origins may be missing, and there may be more of what
    ///                 is limited.
    template <class Report = config_report>
    [[nodiscard]] static constexpr policy make_of_checked(const policy_options& options) {
        Report ignored;
        checked_origins origins;
        for (const std::string_view entry : options.allow_origins) {
            const auto ignore = [](config_code, std::string_view, std::string_view) {};
            origin_pattern pattern = parse_origin_pattern(entry, ignore);
            const bool safe = check_pattern(pattern, entry, {"allow_origins"}, options, ignored);
            origins.safe = origins.safe && safe;
            origins.patterns.push_back(std::move(pattern));
        }
        return make(options, build_origins(options, origins, ignored), ignored);
    }

    struct sizes {
        std::size_t origins = 0;
        std::size_t rules = 0;
    };
    [[nodiscard]] static constexpr sizes sizes_of(const policy& p) noexcept {
        return {p.origins_.size_in_bytes(), p.block_.size()};
    }
    /// The policy as a constant, of as many bytes as it has.
    template <std::size_t OriginBytes, std::size_t RuleBytes>
    [[nodiscard]] static constexpr basic_policy<basic_origin_set<OriginBytes>, RuleBytes> freeze(
        const policy& p) {
        return {p.origins_.template freeze<OriginBytes>(), p.layout_,
                detail::freeze<RuleBytes>(p.block_)};
    }
};

/// Checks options and builds the policy that they describe.
///
/// @return  The policy, or every mistake in the options; nothing is half-built.
///
/// Errors: see `config_code`. Warnings never keep a policy from being built.
// A template, so that all this is compiled only where a policy is built.
template <class Report = config_report>
[[nodiscard]] constexpr result<policy> make_policy(const policy_options& options) {
    return detail::policy_access::build<policy, Report>(options, look_up_budget{max_look_ups});
}

/// The same with a matcher of the caller's beside `allow_origins`, which may then be empty.
///
/// What the matcher allows is judged like the entries, and whatever it is wrapped in: lists of
/// other policies entry by entry, a `prepared_matcher` as it says itself, and any other, such as a
/// predicate, by asking it about some dozens of origins of strangers, which it should refuse. A
/// `judged_matcher` that such a one hides answers it only with what is safe. With
/// `allow_credentials` it is judged at every request, too, where it may allow neither `null` nor
/// plain `http://` to another machine without the option that permits it; and where the policy has
/// an `is_public_suffix`, which it cannot be asked about, it must judge itself.
///
/// What lists cost a request is bounded together, see `look_up_budget`; any other matcher counts as
/// its `look_ups()` says, or as one look-up.
template <origin_matcher Matcher>
[[nodiscard]] constexpr result<basic_policy<any_of<origin_set, Matcher>>> make_policy(
    const policy_options& options, Matcher matcher) {
    return detail::policy_access::build<basic_policy<any_of<origin_set, Matcher>>, config_report>(
        options, look_up_budget{max_look_ups}, std::move(matcher));
}

/// A policy that governs and allows no origin, which `make_policy` rightly refuses to build: what a
/// filter without origins means in other systems.
///
/// @param options  Without mistakes, but for its missing origins; those that are listed are not
///                 looked at.
template <class Report = config_report>
[[nodiscard]] constexpr policy make_closed_policy(policy_options options) {
    options.allow_origins = {};
    return detail::policy_access::make_of_checked<Report>(options);
}

}  // namespace corsac::inline v0_2_0

#endif
