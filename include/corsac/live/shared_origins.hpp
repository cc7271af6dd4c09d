// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_SHARED_ORIGINS_HPP
#define CORSAC_LIVE_SHARED_ORIGINS_HPP

#include <corsac/error.hpp>
#include <corsac/live/live_reader.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

// One list of origins for several policies, replaceable while requests are served. Not part of
// <corsac/corsac.hpp>: it needs threads, which nothing else here does.

namespace corsac::inline v0_2_0 {

/// What a shared set allows, and how strictly its lists are checked, the later ones included.
struct shared_origins_options {
    /// As in `policy_options`, but of patterns and networks there may be fewer: as many as cost
    /// `look_ups_of_shared_list`.
    text_list allow_origins{};

    /// Checks the lists as those of a policy with credentials. Only where this is false may a list
    /// hold `*` and the like, and then no policy with `allow_credentials` can be built on the set.
    bool allow_credentials = true;

    /// As in `policy_options`; they count for every list that the set will ever have.
    bool dangerously_allow_any_origin_with_credentials = false;
    bool dangerously_allow_insecure_origins_with_credentials = false;
    bool dangerously_allow_public_suffixes_with_credentials = false;
    bool dangerously_allow_null_origin_with_credentials = false;
    public_suffix_predicate is_public_suffix = nullptr;
};

namespace detail {

/// What the matchers of a shared set have in common.
struct replaceable_origins {
    replaceable_origins(policy_options checked_as, origin_set first)
        : checks(std::move(checked_as)), list(std::move(first)) {}

    /// As which every list is checked; its own lists are empty.
    const policy_options checks;
    live_cell<origin_set> list;
};

[[nodiscard]] inline policy_options checked_as(const shared_origins_options& options) {
    return {
        .allow_credentials = options.allow_credentials,
        .dangerously_allow_any_origin_with_credentials =
            options.dangerously_allow_any_origin_with_credentials,
        .dangerously_allow_insecure_origins_with_credentials =
            options.dangerously_allow_insecure_origins_with_credentials,
        .dangerously_allow_public_suffixes_with_credentials =
            options.dangerously_allow_public_suffixes_with_credentials,
        .dangerously_allow_null_origin_with_credentials =
            options.dangerously_allow_null_origin_with_credentials,
        .is_public_suffix = options.is_public_suffix,
    };
}

/// Checks a list, which may be empty.
[[nodiscard]] inline result<policy> make_list(policy_options checks, text_list allow_origins) {
    if (allow_origins.empty()) return {make_closed_policy(std::move(checks)), {}};
    checks.allow_origins = std::move(allow_origins);
    return policy_access::build<policy, config_report>(checks,
                                                       look_up_budget{look_ups_of_shared_list});
}

}  // namespace detail

/// What a policy holds of a shared set: an origin matcher, cheap to copy, that keeps the set alive.
class shared_origin_matcher {
public:
    /// `prepare_for` says all that is to be said.
    using judges_itself = shared_origin_matcher;

    /// Looks an origin up in the set of this moment for whoever asks, such as a matcher of the
    /// caller's: see `basic_origin_set::match`.
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return set_->list.read()->match(origin).empty() ? std::string_view{} : origin;
    }

    /// Looks a request's origin up in the set of this moment for a policy.
    ///
    /// @return  `origin` or an empty view, never a text of the set, which may be replaced next.
    ///
    /// Cost: that of `basic_live_policy::read` more than in a set of the policy's own.
    [[nodiscard]] std::string_view match(std::string_view origin, judged_t) const noexcept {
        return set_->list.read()->match(origin, judged).empty() ? std::string_view{} : origin;
    }

    /// Whether an entry other than `*` and `https://*` allows an origin now.
    [[nodiscard]] bool lists(std::string_view origin, judged_t) const noexcept {
        return set_->list.read()->lists(origin, judged);
    }

    /// What the dearest list costs that it may have, see `look_up_budget`.
    [[nodiscard]] constexpr std::size_t look_ups() const noexcept {
        return look_ups_of_shared_list;
    }

    /// Whether every list of the set is checked as one for policies with credentials.
    [[nodiscard]] bool allows_credentials() const noexcept {
        return set_->checks.allow_credentials;
    }

    /// Called by `make_policy`: reports what the lists may hold and the policy must not.
    template <class Report>
    void prepare_for(const policy_options& options, Report& report) const {
        if (!options.allow_credentials) return;
        const policy_options& checks = set_->checks;
        if (!checks.allow_credentials) {
            report.add(config_code::credentials_with_any_origin, {"matcher"}, {},
                       "the shared origins are not checked for use with allow_credentials",
                       "set allow_credentials = true in shared_origins_options, too");
        }
        if (options.is_public_suffix != nullptr &&
            checks.is_public_suffix != options.is_public_suffix) {
            report.add(config_code::matcher_more_dangerous, {"matcher"}, "is_public_suffix",
                       "is set for the policy and not for the shared origins", "set it in both");
        }
        for (const policy_switch& one : policy_switches) {
            const bool dangerous = one.name.substr(0, 11) == "dangerously";
            if (!dangerous || !(checks.*one.member) || options.*one.member) continue;
            report.add(config_code::matcher_more_dangerous, {"matcher"}, one.name,
                       "is set for the shared origins and not for the policy",
                       "set it in both, or in neither");
        }
    }

    // No allows_any(): a policy asks once, and the set may change. So the answer to an origin that
    // `*` allows is that origin, not `*`.

private:
    friend class shared_origins;

    explicit shared_origin_matcher(std::shared_ptr<detail::replaceable_origins> set) noexcept
        : set_(std::move(set)) {}

    std::shared_ptr<detail::replaceable_origins> set_;
};

/// A set of origins that several policies share and that can be replaced while they are in use.
///
/// Any number of threads may match and replace at once. The set lives on in the policies that use
/// it; this is the handle of whoever replaces it. Made by `make_shared_origins`.
class shared_origins {
public:
    /// For `make_policy(options, set.matcher())`, as often as wanted.
    [[nodiscard]] shared_origin_matcher matcher() const noexcept {
        return shared_origin_matcher{set_};
    }

    /// Replaces the list for every policy at once, checked as the first one was. An empty list
    /// allows nobody.
    ///
    /// Whatever is looked up after it returns is looked up in the new list.
    ///
    /// @return  Empty if the list is in force; otherwise every mistake, and the old one stays.
    ///
    /// Errors: those of `allow_origins`, see `config_code`. Warnings are not told.
    /// Cost:   builds the set, then microseconds. It waits for other replacements, never for
    ///         look-ups.
    [[nodiscard]] config_errors replace(text_list allow_origins) {
        const result<policy> next = detail::make_list(set_->checks, std::move(allow_origins));
        if (next) set_->list.replace(next->origins());
        return next.errors();
    }

private:
    friend result<shared_origins> make_shared_origins(shared_origins_options options);

    explicit shared_origins(std::shared_ptr<detail::replaceable_origins> set) noexcept
        : set_(std::move(set)) {}

    std::shared_ptr<detail::replaceable_origins> set_;
};

/// Checks a list of origins, which may be empty, and builds the set.
///
/// Errors: those of `allow_origins`, see `config_code`; nothing is half-built.
[[nodiscard]] inline result<shared_origins> make_shared_origins(shared_origins_options options) {
    text_list first = std::exchange(options.allow_origins, {});
    policy_options checks = detail::checked_as(options);
    const result<policy> list = detail::make_list(checks, std::move(first));
    if (!list) return {list.errors(), list.warnings()};
    return {shared_origins{
                std::make_shared<detail::replaceable_origins>(std::move(checks), list->origins())},
            list.warnings()};
}

}  // namespace corsac::inline v0_2_0

#endif
