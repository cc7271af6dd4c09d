// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_MATCHER_HPP
#define CORSAC_ORIGIN_ORIGIN_MATCHER_HPP

#include <corsac/origin/origin.hpp>

#include <concepts>
#include <string_view>

namespace corsac::inline v0 {

/// Decides which origins a policy allows.
///
/// `match(origin)` returns what to answer in Access-Control-Allow-Origin, or an empty view to
/// refuse. It must refuse everything that is not a serialised origin or `null`, since what it
/// returns is sent. Views of the matcher's own storage are better than `origin`: they outlive the
/// request.
template <class M>
concept origin_matcher = requires(const M& matcher, std::string_view origin) {
    { matcher.match(origin) } noexcept -> std::convertible_to<std::string_view>;
};

/// Whether a matcher says of itself that it allows every origin.
template <origin_matcher M>
[[nodiscard]] constexpr bool allows_any_origin(const M& matcher) noexcept {
    if constexpr (requires {
                      { matcher.allows_any() } -> std::convertible_to<bool>;
                  }) {
        return matcher.allows_any();
    } else {
        return false;
    }
}

/// Allows every origin, `null` included.
struct any_origin {
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        return is_serialized_origin(origin) ? origin : std::string_view{};
    }
    [[nodiscard]] constexpr bool allows_any() const noexcept { return true; }
};

/// Allows the origins for which a predicate of the caller's is true.
///
/// The predicate gets serialised origins only, never `null` and never a byte that it would have to
/// distrust. It must not throw.
template <std::predicate<std::string_view> F>
struct origin_if {
    F allows;

    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        return parse_serialized_origin(origin) && allows(origin) ? origin : std::string_view{};
    }
};

template <class F>
origin_if(F) -> origin_if<F>;

/// Allows what one of two matchers allows; nest it for more.
template <origin_matcher First, origin_matcher Second>
struct any_of {
    First first;
    Second second;

    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        const std::string_view matched = first.match(origin);
        return matched.empty() ? std::string_view{second.match(origin)} : matched;
    }
    [[nodiscard]] constexpr bool allows_any() const noexcept {
        return allows_any_origin(first) || allows_any_origin(second);
    }
    /// Prepares those that can be prepared; see `make_policy`.
    template <class Options, class Report>
    constexpr void prepare_for(const Options& options, Report& report) {
        if constexpr (requires { first.prepare_for(options, report); }) {
            first.prepare_for(options, report);
        }
        if constexpr (requires { second.prepare_for(options, report); }) {
            second.prepare_for(options, report);
        }
    }
    /// Appends the entries of those that have entries.
    template <class List>
    constexpr void append_to(List& entries) const {
        if constexpr (requires { first.append_to(entries); }) first.append_to(entries);
        if constexpr (requires { second.append_to(entries); }) second.append_to(entries);
    }
};

template <class First, class Second>
any_of(First, Second) -> any_of<First, Second>;

}  // namespace corsac::inline v0

#endif
