// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_GOVERNED_REQUEST_HPP
#define CORSAC_ADAPTERS_DETAIL_GOVERNED_REQUEST_HPP

#include <corsac/adapters/detail/asked_about.hpp>
#include <corsac/adapters/detail/visit_policy.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/asked_origin.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/evaluate_for_debugging.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/request/header_access.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// What a source says to one request: something like a pointer.
template <class Source, class Request, class View>
[[nodiscard]] auto ask_source(const Source& source, Request& request, const View& view) {
    if constexpr (is_wrapped<Source>) {
        return ask_source(source.source, request, view);
    } else if constexpr (requires { source.policy_for(view); }) {
        return source.policy_for(view);
    } else if constexpr (returns_policy_pointer<Source, Request>) {
        return source(request);
    } else if constexpr (std::is_invocable_v<const Source&, Request&>) {
        using answer = std::remove_cvref_t<std::invoke_result_t<const Source&, Request&>>;
        static_assert(!policy_like<answer>,
                      "corsac: the callable returns a policy; let it return a pointer to one that "
                      "outlives the request: -> const corsac::policy*, or a std::shared_ptr");
        static_assert(policy_like<answer>,
                      "corsac: the callable returns something else than a pointer to a policy");
        return static_cast<const policy*>(nullptr);  // one sentence is enough
    } else {
        static_assert(
            dependent_false<Source>,
            "corsac: this is neither a policy nor a callable that takes the framework's request; "
            "take it as const auto& if the type is hard to name");
        return static_cast<const policy*>(nullptr);
    }
}

/// Whether decisions are to be answered for developers.
template <class Source>
[[nodiscard]] bool debugs(const Source& source) noexcept {
    if constexpr (!is_wrapped<Source>) {
        return false;
    } else if constexpr (requires { source.debugging.is_on(); }) {
        return source.debugging.is_on();
    } else {
        return debugs(source.source);
    }
}

/// Whether a source would say something else if it were asked again for the same request.
template <class Source>
inline constexpr bool may_change = true;
template <class P>
inline constexpr bool may_change<single_policy<P>> = false;
template <class T>
inline constexpr bool may_change<table_source<T>> = false;
template <class S, class O>
inline constexpr bool may_change<observed_source<S, O>> = may_change<S>;

/// What was decided on a request, and its policy, held until the response is written.
///
/// The decision borrows from the policy and from the request.
template <class Pointer>
struct governed_request {
    corsac::decision decision;
    std::optional<Pointer> policy;  ///< none if the source threw
};

/// The decision on a request whose policy nobody knows: 500, and none of the CORS fields.
[[nodiscard]] constexpr decision source_failed() noexcept {
    decision_fields fields;
    fields.outcome = outcome::policy_unknown;
    fields.status = 500;
    return decision{fields};
}

/// Asks for a request's policy, once.
/// @return  Nothing if the source threw.
template <class Source, class Request, class View>
[[nodiscard]] auto choose_policy(const Source& source, Request& request,
                                 const View& view) noexcept {
    std::optional<decltype(ask_source(source, request, view))> chosen;
    (void)completes([&] { chosen.emplace(ask_source(source, request, view)); });
    return chosen;
}

/// Evaluates a request.
///
/// @param chosen   By `choose_policy`.
/// @param verdict  On its origin, if somebody else had to be asked.
template <class Source, class Pointer, class View>
[[nodiscard]] decision decide(const Source& source, const View& view,
                              const std::optional<Pointer>& chosen,
                              std::optional<origin_verdict> verdict) noexcept {
    if (!chosen) return source_failed();
    if (!*chosen) return decision{};
    const auto evaluated = [&](auto... known) {
        return visit_policy(*chosen, [&](const auto& p) {
            return debugs(source) ? evaluate_for_debugging(p, view, known...)
                                  : corsac::evaluate(p, view, known...);
        });
    };
    if constexpr (asks<Source>) {
        const decision decided = verdict ? evaluated(*verdict) : evaluated();
        return with_vary(decided, asking_in(source).asked.vary());
    } else {
        return evaluated();
    }
}

/// Asks for a request's policy, once, waits for a verdict on its origin if that is needed, and
/// evaluates the request.
template <class Source, class Request, class View>
[[nodiscard]] auto govern(const Source& source, Request& request, const View& view) noexcept {
    auto chosen = choose_policy(source, request, view);
    std::optional<origin_verdict> verdict;
    if constexpr (asks<Source>) {
        if (chosen && *chosen) {
            const auto about = ask_about(source, *chosen, request, view);
            verdict = about.verdict;
            const bool waited = completes([&] {
                if (about.question) verdict = asking_in(source).asked.wait(about.question->view());
            });
            if (!waited) verdict = origin_verdict::unknown;
        }
    }
    using pointer = typename decltype(chosen)::value_type;
    // In this order: the decision is made where the caller wants it, and a copy of one is dear.
    return governed_request<pointer>{decide(source, view, chosen, verdict), std::move(chosen)};
}

/// Makes a value where it is to be: `optional.emplace(made_by{[&] { return govern(…); }})`. A move
/// of a decision is a copy.
template <class F>
struct made_by {
    F make;

    [[nodiscard]] operator std::invoke_result_t<F&>() { return make(); }
};
template <class F>
made_by(F) -> made_by<F>;

template <class Observer, class Request, class View>
void call_observer(const Observer& observer, const decision& d, Request& request,
                   const View& view) {
    if constexpr (std::is_invocable_v<const Observer&, const decision&, Request&>) {
        observer(d, request);
    } else if constexpr (std::is_invocable_v<const Observer&, const decision&, const View&>) {
        observer(d, view);
    } else if constexpr (std::is_invocable_v<const Observer&, const decision&>) {
        observer(d);
    } else {
        static_assert(dependent_false<Observer>,
                      "corsac: an observer takes (const corsac::decision&) and perhaps the "
                      "framework's request as const auto&; its call operator is const");
    }
}

/// Shows a decision to the observers, if there are any.
template <class Source, class Request, class View>
void observe(const Source& source, const decision& d, Request& request, const View& view) noexcept {
    if constexpr (is_wrapped<Source>) {
        if constexpr (requires { source.observer; }) {
            if (!d.governs() && !d.in_shadow()) return;
            (void)completes([&] { call_observer(source.observer, d, request, view); });
        }
        observe(source.source, d, request, view);
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
