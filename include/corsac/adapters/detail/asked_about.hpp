// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_ASKED_ABOUT_HPP
#define CORSAC_ADAPTERS_DETAIL_ASKED_ABOUT_HPP

#include <corsac/adapters/detail/visit_policy.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/asked_origin.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/live/origin_question.hpp>

#include <optional>
#include <string_view>
#include <type_traits>
#include <utility>

// What an adapter does with `asking`.

namespace corsac::inline v0_2_0::detail {

/// Whether somebody is asked about origins.
template <class Source>
inline constexpr bool asks = false;
template <class S, class A, class F>
inline constexpr bool asks<asking_source<S, A, F>> = true;
template <class S, class O>
inline constexpr bool asks<observed_source<S, O>> = asks<S>;
template <class S, class T>
inline constexpr bool asks<debuggable_source<S, T>> = asks<S>;

/// The `asking_source` among what stands around a source; the outermost.
template <class Source>
[[nodiscard]] const auto& asking_in(const Source& source) noexcept {
    if constexpr (requires { source.asked; }) {
        return source;
    } else {
        return asking_in(source.source);
    }
}

/// A question about a request's origin, with the text of its scope.
template <class Scope>
struct held_question {
    std::string_view origin;  ///< of the request
    Scope scope;

    [[nodiscard]] origin_question view() const noexcept {
        if constexpr (std::is_same_v<Scope, no_scope>) {
            return {origin, {}};
        } else {
            return {origin, std::string_view{scope}};
        }
    }
};

/// What is known of a request's origin before anybody is asked: a verdict, or the question, or
/// neither where the policy itself says it all.
template <class Scope>
struct asked_about {
    std::optional<origin_verdict> verdict{};
    std::optional<held_question<Scope>> question{};
};

template <class ScopeOf, class Request>
[[nodiscard]] auto scope_of(const ScopeOf& of, Request& request) {
    if constexpr (std::is_same_v<ScopeOf, no_scope>) {
        return no_scope{};
    } else if constexpr (!std::is_invocable_v<const ScopeOf&, Request&>) {
        static_assert(dependent_false<ScopeOf>,
                      "corsac: the scope of a question comes of a callable that takes the "
                      "framework's request; take it as const auto& if the type is hard to name");
        return no_scope{};
    } else {
        using scope = std::remove_cvref_t<std::invoke_result_t<const ScopeOf&, Request&>>;
        static_assert(std::is_convertible_v<const scope&, std::string_view>,
                      "corsac: the scope of a question is a text");
        return scope(of(request));
    }
}

/// @param policy  Points to the policy of the request.
template <class Source, class Pointer, class Request, class View>
[[nodiscard]] auto ask_about(const Source& source, const Pointer& policy, Request& request,
                             const View& view) noexcept {
    const auto& asking = asking_in(source);
    using scope = decltype(scope_of(asking.scope_of, request));
    asked_about<scope> about;
    const std::string_view origin =
        visit_policy(policy, [&](const auto& p) { return origin_to_ask_about(p, view); });
    if (origin.empty()) return about;
    const bool asked = completes([&] {
        about.question.emplace(held_question<scope>{origin, scope_of(asking.scope_of, request)});
        about.verdict = asking.asked.find(about.question->view());
    });
    if (!asked) about.verdict = origin_verdict::unknown;
    if (about.verdict) about.question.reset();
    return about;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
