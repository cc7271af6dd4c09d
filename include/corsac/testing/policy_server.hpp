// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_POLICY_SERVER_HPP
#define CORSAC_TESTING_POLICY_SERVER_HPP

#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/exposed_names.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/testing/made_decision.hpp>
#include <corsac/testing/message_views.hpp>
#include <corsac/testing/messages.hpp>

#include <concepts>
#include <string>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0::testing {

namespace detail {

template <class T>
concept policy_or_table = policy_like<T> || std::same_as<std::remove_cv_t<T>, policy_table>;

template <class T>
concept points_to_policy = requires(const T& p) {
    static_cast<bool>(p);
    requires policy_or_table<std::remove_reference_t<decltype(*p)>>;
    requires !requires { p.errors(); };  // a `result` may hold none, which is no way to say so
};

template <class T>
concept reads_policy = requires(const T& live) {
    live.read();
    requires policy_or_table<std::remove_reference_t<decltype(*live.read())>>;
};

template <class T>
concept chooses_policy = requires(T& choose, const request& r) {
    requires points_to_policy<std::remove_cvref_t<decltype(choose(r))>>;
};

}  // namespace detail

/// What can govern a simulated server: a policy or a `policy_table`; a pointer to one, smart or
/// not; what is replaced while serving (`read()` gives what holds for one request); or a callable
/// that gets the `request` and returns a pointer, null where nothing governs.
template <class T>
concept governs_requests =
    detail::policy_or_table<std::remove_reference_t<T>> ||
    detail::points_to_policy<std::remove_cvref_t<T>> ||
    detail::reads_policy<std::remove_cvref_t<T>> || detail::chooses_policy<std::remove_cvref_t<T>>;

namespace detail {

/// The response to one request under a decision.
template <class Application>
[[nodiscard]] response answer_under(const decision& d, const request& r, bool exposes_present,
                                    Application& application) {
    response out;
    if (d.answers())
        out.status = d.status();
    else
        out = application(r);
    exposed_names names;
    if (exposes_present) {
        for (const header& h : out.headers) names.add(h.name);
    }
    apply(exposes_present ? names.into(d) : d, response_adapter{out});
    return out;
}

template <policy_like P, class Application>
[[nodiscard]] response govern(const P& p, const request& r, Application& application) {
    const decision d = evaluate(p, request_adapter{r});
    response out = answer_under(d, r, false, application);
    out.decided = keep_decision(p, d);
    return out;
}

template <class Application>
[[nodiscard]] response govern(const policy_table& table, const request& r,
                              Application& application) {
    const request_adapter view{r};
    const matched_route route = table.find(view, r.url);
    const decision d = evaluate(route, view);
    response out = answer_under(d, r, route && route.exposes_present(), application);
    const policy* const p = route.governing();
    made_decision decided = p != nullptr ? keep_decision(*p, d) : keep_decision(d);
    if (!route) {
        decided.explanation = "no route of the table takes this request; it was left alone";
    } else {
        decided.route = std::string(route.route());
        if (route.state() == route_state::broken) {
            decided.explanation = "the route's rule is broken: " + std::string(route.defect());
        }
    }
    out.decided = std::move(decided);
    return out;
}

template <points_to_policy P, class Application>
[[nodiscard]] response govern(const P& p, const request& r, Application& application) {
    if (p) return govern(*p, r, application);
    response out = application(r);
    out.decided = keep_decision(decision{});
    return out;
}

template <reads_policy Live, class Application>
[[nodiscard]] response govern(const Live& live, const request& r, Application& application) {
    const auto held = live.read();  // until the response is there
    return govern(*held, r, application);
}

template <chooses_policy Source, class Application>
[[nodiscard]] response govern(Source& source, const request& r, Application& application) {
    const auto chosen = source(r);  // held until the response is there
    return govern(chosen, r, application);
}

}  // namespace detail

/// A server that is governed by a policy: preflights are answered by it, everything else by the
/// application, whose response the policy then completes. The response tells what was decided.
///
/// @param source       See `governs_requests`. A named object is borrowed, anything else is owned;
///                     so are callables.
/// @param application  A callable from `request` to `response`.
template <governs_requests Source, class Application>
[[nodiscard]] auto governed_by(Source&& source, Application application) {
    using type = std::remove_reference_t<Source>;
    if constexpr (detail::policy_or_table<type> && std::is_lvalue_reference_v<Source>) {
        return governed_by(&source, std::move(application));
    } else {
        return [own = std::decay_t<Source>(std::forward<Source>(source)),
                app = std::move(application)](const request& r) mutable -> response {
            return detail::govern(own, r, app);
        };
    }
}

/// The same with an application that answers 200 to everything.
template <governs_requests Source>
[[nodiscard]] auto governed_by(Source&& source) {
    return governed_by(std::forward<Source>(source), [](const request&) { return response{}; });
}

}  // namespace corsac::inline v0_2_0::testing

#endif
