// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_HPP
#define CORSAC_POLICY_POLICY_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/origin_set_builder.hpp>
#include <corsac/policy/detail/builder.hpp>
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

namespace corsac::inline v0 {

namespace detail {
struct policy_access;
}

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

/// A matcher that checks itself against the options of its policy, and may fit itself to them:
/// `make_policy` calls `prepare_for(options, report)` before it builds anything, and builds nothing
/// if the report gets an error.
template <class M>
concept prepared_matcher =
    requires(M& matcher, const policy_options& options, config_report& report) {
        matcher.prepare_for(options, report);
    };

struct detail::policy_access {
    /// @param options  Without errors.
    template <class Origins, class Report>
    [[nodiscard]] static constexpr basic_policy<Origins> make(const policy_options& options,
                                                              Origins origins, Report& report) {
        policy_layout layout;
        buffer<char> block = build_rules(options, layout, report);
        layout.answers_star = allows_any_origin(origins) && !options.allow_credentials;
        return {std::move(origins), layout, std::move(block)};
    }

    template <class Matcher, class Report>
    static constexpr void prepare(Matcher& matcher, const policy_options& options, Report& report) {
        if constexpr (prepared_matcher<Matcher>) matcher.prepare_for(options, report);
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            text said{"a matcher of any origin "};
            report.add(code, {"allow_origins"}, {}, said.append(what).view(), advice);
        };
        if (allows_any_origin(matcher)) origin_judge{options, add}.judge_any_origin();
    }

    /// @param matcher  None, or one that lets origins in beside those that are listed.
    template <class Policy, class Report, class... Matcher>
    [[nodiscard]] static constexpr result<Policy> build(const policy_options& options,
                                                        Matcher... matcher) {
        Report report;
        buffer<origin_pattern> patterns;
        check_options(options, sizeof...(matcher) != 0, patterns, report);
        (prepare(matcher, options, report), ...);
        if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
        origin_set listed = build_origins(options, patterns, report);
        Policy made = [&] {
            if constexpr (sizeof...(matcher) == 0) {
                return make(options, std::move(listed), report);
            } else {
                return make(options, any_of{std::move(listed), std::move(matcher)...}, report);
            }
        }();
        return {std::move(made), std::move(report.warnings)};
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
    return detail::policy_access::build<policy, Report>(options);
}

/// The same with a matcher of the caller's beside `allow_origins`, which may then be empty.
///
/// What the matcher allows cannot be checked for combinations that are insecure with credentials,
/// unless it says `allows_any()`, or is a `prepared_matcher`.
template <origin_matcher Matcher>
[[nodiscard]] constexpr result<basic_policy<any_of<origin_set, Matcher>>> make_policy(
    const policy_options& options, Matcher matcher) {
    return detail::policy_access::build<basic_policy<any_of<origin_set, Matcher>>, config_report>(
        options, std::move(matcher));
}

/// A policy that governs and allows no origin, which `make_policy` rightly refuses to build: what a
/// filter without origins means in other systems.
///
/// @param options  Without mistakes, but for its missing origins; those that are listed are not
///                 looked at.
template <class Report = config_report>
[[nodiscard]] constexpr policy make_closed_policy(const policy_options& options) {
    Report ignored;
    return detail::policy_access::make(
        options, make_origin_set(detail::buffer<origin_pattern>{}, [](std::size_t) {}), ignored);
}

}  // namespace corsac::inline v0

#endif
