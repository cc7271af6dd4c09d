// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_ORIGIN_MATCHER_HPP
#define CORSAC_ORIGIN_ORIGIN_MATCHER_HPP

#include <corsac/origin/origin.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Says that whoever asks a matcher has judged what it lets in, as `make_policy` does.
struct judged_t {
    explicit constexpr judged_t() = default;
};
/// The argument of that type.
inline constexpr judged_t judged{};

/// Decides which origins a policy allows.
///
/// `match(origin)` returns `origin`, to be answered in Access-Control-Allow-Origin, or an empty
/// view to refuse. The same text in the matcher's own storage is better than `origin`: it outlives
/// the request. Another text is taken for a refusal. An exception refuses the request with status
/// 500.
///
/// What a matcher allows is judged: when a policy is built, see `make_policy`, and at every
/// request, where `allow_credentials` is set.
template <class M>
concept origin_matcher = requires(const M& matcher, std::string_view origin) {
    { matcher.match(origin) } -> std::convertible_to<std::string_view>;
    // A text of its own would be gone before it is read.
    requires std::is_trivially_copyable_v<decltype(matcher.match(origin))> ||
                 std::is_lvalue_reference_v<decltype(matcher.match(origin))>;
};

namespace detail {

/// A class that is derived from one that does may match something else.
template <class M>
concept judges_itself = std::same_as<typename M::judges_itself, M>;

}  // namespace detail

/// A matcher that answers more to those who have judged it: `match(origin)` allows what is safe
/// together with credentials, whoever asks, and `match(origin, judged)` what the matcher is for. So
/// one that is hidden in a matcher of the caller's, where no policy sees it, lets no stranger in.
///
/// It says so by its `judges_itself`, which is its own type; whoever is derived from it, and may
/// match something else, is asked like any other matcher.
template <class M>
concept judged_matcher = origin_matcher<M> && detail::judges_itself<M> &&
                         requires(const M& matcher, std::string_view origin) {
                             {
                                 matcher.match(origin, judged)
                             } -> std::convertible_to<std::string_view>;
                         };

namespace detail {

/// Asks for a policy that has judged the matcher.
template <class M>
[[nodiscard]] constexpr std::string_view match_judged(
    const M& matcher, std::string_view origin) noexcept(noexcept(matcher.match(origin))) {
    return matcher.match(origin);
}
template <judged_matcher M>
[[nodiscard]] constexpr std::string_view match_judged(
    const M& matcher, std::string_view origin) noexcept(noexcept(matcher.match(origin, judged))) {
    return matcher.match(origin, judged);
}

}  // namespace detail

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

/// Whether a matcher that was judged names an origin, be it by a pattern: what only a `*` or
/// `https://*` lets in is not meant in particular.
template <origin_matcher M>
[[nodiscard]] constexpr bool lists_origin(const M& matcher, std::string_view origin, judged_t) {
    if constexpr (requires {
                      requires judged_matcher<M>;
                      { matcher.lists(origin, judged) } -> std::convertible_to<bool>;
                  }) {
        return matcher.lists(origin, judged);
    } else if constexpr (requires {
                             { matcher.lists(origin) } -> std::convertible_to<bool>;
                         }) {
        return matcher.lists(origin);
    } else {
        return !allows_any_origin(matcher) && !detail::match_judged(matcher, origin).empty();
    }
}

/// What a matcher costs a request, see `look_up_budget`: what it says itself, else one look-up.
template <origin_matcher M>
[[nodiscard]] constexpr std::size_t look_ups_of(const M& matcher) noexcept {
    if constexpr (requires {
                      { matcher.look_ups() } -> std::convertible_to<std::size_t>;
                  }) {
        return matcher.look_ups();
    } else {
        return 1;
    }
}

/// Allows every origin, `null` included.
struct any_origin {
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        return is_serialized_origin(origin) ? origin : std::string_view{};
    }
    [[nodiscard]] constexpr bool allows_any() const noexcept { return true; }
};

/// Allows none: for a policy all of whose origins somebody is asked about, see `origin_verdict`.
struct no_origin {
    /// Nothing is to be judged.
    using judges_itself = no_origin;

    [[nodiscard]] constexpr std::string_view match(std::string_view) const noexcept { return {}; }
};

/// Allows the origins for which a predicate of the caller's is true.
///
/// The predicate gets serialised origins only, never `null` and never a byte that it would have to
/// distrust. If it throws, the request is refused with status 500. It is also asked when a policy
/// is built, about made-up origins: see `make_policy`.
template <std::predicate<std::string_view> F>
struct origin_if {
    F allows;

    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const
        noexcept(noexcept(allows(origin))) {
        return parse_serialized_origin(origin) && allows(origin) ? origin : std::string_view{};
    }
};

template <class F>
origin_if(F) -> origin_if<F>;

/// Allows what one of two matchers allows; nest it for more.
template <origin_matcher First, origin_matcher Second>
struct any_of {
    using judges_itself = any_of;

    First first;
    Second second;

    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const
        noexcept(noexcept(first.match(origin)) && noexcept(second.match(origin))) {
        const std::string_view matched = first.match(origin);
        return matched.empty() ? std::string_view{second.match(origin)} : matched;
    }
    [[nodiscard]] constexpr std::string_view match(std::string_view origin, judged_t) const
        noexcept(noexcept(detail::match_judged(first, origin)) &&
                 noexcept(detail::match_judged(second, origin))) {
        const std::string_view matched = detail::match_judged(first, origin);
        return matched.empty() ? detail::match_judged(second, origin) : matched;
    }
    [[nodiscard]] constexpr bool lists(std::string_view origin, judged_t) const {
        return lists_origin(first, origin, judged) || lists_origin(second, origin, judged);
    }
    [[nodiscard]] constexpr bool allows_any() const noexcept {
        return allows_any_origin(first) || allows_any_origin(second);
    }
    [[nodiscard]] constexpr std::size_t look_ups() const noexcept {
        return look_ups_of(first) + look_ups_of(second);
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

}  // namespace corsac::inline v0_2_0

#endif
