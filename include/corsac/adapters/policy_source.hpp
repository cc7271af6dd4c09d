// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_POLICY_SOURCE_HPP
#define CORSAC_ADAPTERS_POLICY_SOURCE_HPP

#include <corsac/adapters/detail/kinds_of_source.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <concepts>
#include <memory>
#include <type_traits>
#include <utility>

// What every adapter takes where it asks for a policy:
//
// - a policy: named, or moved in. The adapter keeps a copy, so the named one may die. For a matcher
//   that cannot be copied, move it in or share it;
// - a `std::shared_ptr` to a policy or a table, which the adapter shares;
// - a `live_policy` or `live_table`: every request sees the one of its beginning, to its end;
// - a `policy_table`, which is asked for the path that the server itself routes by;
// - a callable, see `policy_source`;
// - any of these with an observer, see `observed`, with a switch for debugging, see `debuggable`,
//   or with somebody who is asked about origins that the policy does not list, see `asking`.

namespace corsac::inline v0_2_0 {

/// What adapters take a request's policy from where none of the above chooses it: a callable that
/// gets the framework's request and returns a pointer to a policy, or null where none governs.
///
/// ```
/// [&](const httplib::Request& r) { return r.path.starts_with("/api/") ? &api : nullptr; }
/// ```
/// Any pointer-like type will do; it is held until the response is written. A preflight asks on
/// behalf of another method: choose by path, or with a `policy_table`, which knows. The callable
/// runs in the server's threads. If it throws, the request is answered 500, without CORS fields;
/// with `-fno-exceptions` it must not fail.
template <class S, class Request>
concept policy_source = detail::kind_of_source<S> != detail::source_kind::other ||
                        detail::returns_policy_pointer<S, const Request>;

/// Stands for "no handler of mine" where an adapter takes a framework's only slot for one.
struct no_handler {};

/// One policy for every request, owned together with the adapter's other copies of this.
template <policy_like P>
class single_policy {
public:
    single_policy() noexcept = default;
    explicit single_policy(std::shared_ptr<const P> only) noexcept : policy_(std::move(only)) {}

    /// Null for a default-constructed one: requests are left alone.
    [[nodiscard]] const P* policy_for(const auto& /*view*/) const noexcept { return policy_.get(); }

private:
    std::shared_ptr<const P> policy_;
};

/// A table of policies, asked for the path that the server routes by: `view.path()`.
template <class Table>
class table_source {
public:
    explicit table_source(std::shared_ptr<const Table> table) noexcept : table_(std::move(table)) {}

    template <class View>
    [[nodiscard]] auto policy_for(const View& view) const noexcept {
        return detail::find_in_table(*table_, view);
    }

private:
    std::shared_ptr<const Table> table_;
};

/// What is replaced while serving: a `live_policy` or a `live_table`.
template <class Live>
class live_source {
public:
    explicit live_source(Live live) noexcept : live_(std::move(live)) {}

    template <class View>
    [[nodiscard]] auto policy_for(const View& view) const noexcept {
        auto reader = live_.read();
        if constexpr (detail::is_table<std::remove_cvref_t<decltype(*reader)>>) {
            const auto found = detail::find_in_table(*reader, view);
            return detail::held_policy{std::move(reader), found};
        } else {
            return reader;
        }
    }

private:
    Live live_;
};

/// A source with an observer.
template <class Source, class Observer>
struct observed_source {
    Source source;
    Observer observer;
};

/// A source whose decisions can be answered for developers.
template <class Source, class Switch>
struct debuggable_source {
    Source source;
    Switch debugging;
};

/// Stands for "no scope" where a question depends on nothing but the origin.
struct no_scope {};

/// A source whose policies do not know all their origins.
template <class Source, class Asked, class ScopeOf>
struct asking_source {
    Source source;
    Asked asked;
    ScopeOf scope_of;
};

namespace detail {

template <class T>
[[nodiscard]] auto as_policy_source(T&& argument) {
    using type = std::decay_t<T>;  // a function becomes a pointer
    constexpr source_kind kind = kind_of_source<type>;
    if constexpr (kind == source_kind::policy) {
        return single_policy<type>{std::make_shared<const type>(std::forward<T>(argument))};
    } else if constexpr (kind == source_kind::table) {
        return table_source<type>{std::make_shared<const type>(std::forward<T>(argument))};
    } else if constexpr (kind == source_kind::shared_policy) {
        using policy_type = std::remove_const_t<typename type::element_type>;
        return single_policy<policy_type>{std::forward<T>(argument)};
    } else if constexpr (kind == source_kind::shared_table) {
        using table_type = std::remove_const_t<typename type::element_type>;
        return table_source<table_type>{std::forward<T>(argument)};
    } else if constexpr (kind == source_kind::live) {
        return live_source<type>{std::forward<T>(argument)};
    } else if constexpr (kind == source_kind::made) {
        return type(std::forward<T>(argument));
    } else if constexpr (could_be_callable<type> && !is_result<type> &&
                         !std::same_as<type, policy_options> && !is_pointer_to_source<type>) {
        return type(std::forward<T>(argument));
    } else {
        static_assert(
            !is_result<type>,
            "corsac: this is a result, which may hold mistakes instead of a policy; check "
            "it, then pass what it holds: *policy");
        static_assert(!std::same_as<type, policy_options>,
                      "corsac: these are options; pass the policy that make_policy builds of them");
        static_assert(!is_pointer_to_live<type>,
                      "corsac: what is live is a handle; pass it without a pointer, its copies are "
                      "of the same live policy or table");
        static_assert(!is_pointer_to_source<type> || is_pointer_to_live<type>,
                      "corsac: a pointer does not say who keeps the policy alive; pass the policy "
                      "itself, which is copied, or a std::shared_ptr to it");
        static_assert(
            is_result<type> || std::same_as<type, policy_options> || is_pointer_to_source<type>,
            "corsac: an adapter takes a policy, a std::shared_ptr to one, a live_policy, a "
            "policy_table, or a callable that gets the request and returns a pointer to a "
            "policy");
        return single_policy<policy>{};  // one sentence is enough
    }
}

/// The same where an adapter has been declared for one kind of source, by default for a policy.
template <class Source, class T>
[[nodiscard]] Source as_declared_source(T&& argument) {
    if constexpr (std::same_as<decltype(as_policy_source(std::declval<T>())), Source>) {
        return as_policy_source(std::forward<T>(argument));
    } else {
        static_assert(
            dependent_false<T>,
            "corsac: with <> this takes a policy; for anything else leave the <> away and "
            "let the compiler find the type: corsac::crow_middleware cors{live}; "
            "crow::App<decltype(cors)> app{cors}; in Pistache corsac::pistache_wrap(live, "
            "router.handler())");
        return Source{};
    }
}

}  // namespace detail

/// What an adapter makes of what it is given.
template <class T>
using policy_source_of = decltype(detail::as_policy_source(std::declval<T>()));

/// Adds an observer to what an adapter takes; it sees the decision of every governed request.
///
/// ```
/// corsac::httplib_install(server, corsac::observed(*policy, [](const corsac::decision& d,
///                                                             const httplib::Request& r) {
///     if (corsac::is_refusal(d.outcome())) log(r.remote_addr, corsac::explain(d).view());
/// }));
/// ```
/// It is called once for each request, in the server's threads, with `(decision, request)` where
/// `request` is the framework's own, with `(decision)`, or with `(decision, view)` where `view` is
/// the adapter's `request_view`; the first of these that compiles. What it throws is dropped. The
/// decision is valid during the call only.
template <class T, class Observer>
[[nodiscard]] auto observed(T&& policy_or_source, Observer observer) {
    using source = policy_source_of<T>;
    return observed_source<source, Observer>{
        detail::as_policy_source(std::forward<T>(policy_or_source)), std::move(observer)};
}

/// Lets what an adapter takes be switched to `evaluate_for_debugging`, and back, while serving.
///
/// ```
/// const corsac::debug_switch debugging;  // <corsac/live/debug_switch.hpp>
/// corsac::httplib_install(server, corsac::debuggable(*policy, debugging));
/// debugging.set(true);
/// ```
template <class T, class Switch>
[[nodiscard]] auto debuggable(T&& policy_or_source, Switch debugging) {
    static_assert(
        requires { debugging.is_on(); },
        "corsac: answers for developers are switched on and off with a "
        "corsac::debug_switch, of which the adapter keeps a copy");
    using source = policy_source_of<T>;
    return debuggable_source<source, Switch>{
        detail::as_policy_source(std::forward<T>(policy_or_source)), std::move(debugging)};
}

/// Lets what an adapter takes ask about the origins that the policy does not list.
///
/// ```
/// const corsac::asked_origins tenants{ask_the_database};  // <corsac/live/asked_origins.hpp>
/// corsac::httplib_install(server, corsac::asking(*policy, tenants));
/// ```
/// Only a well-formed origin is asked about, and the policy judges the answer. A request waits for
/// it: with `beast_coroutine` and in Drogon without a thread, elsewhere in the thread of the
/// request, as long as the `patience` of `asked` says.
///
/// @param scope_of  What the answer depends on besides: `(request) -> text`, called in the server's
///                  threads for requests that may have to be asked about. Where it reads headers,
///                  name them in `asked_origins_options::vary`. If it throws, nobody is asked.
template <class T, class Asked, class ScopeOf>
[[nodiscard]] auto asking(T&& policy_or_source, Asked asked, ScopeOf scope_of) {
    if constexpr (detail::answers_questions<Asked>) {
        using source = policy_source_of<T>;
        return asking_source<source, Asked, ScopeOf>{
            detail::as_policy_source(std::forward<T>(policy_or_source)), std::move(asked),
            std::move(scope_of)};
    } else {
        static_assert(detail::dependent_false<Asked>,
                      "corsac: answers about origins come of a corsac::asked_origins, which is "
                      "made of the function that asks, and of which the adapter keeps a copy");
        return detail::as_policy_source(std::forward<T>(policy_or_source));
    }
}
template <class T, class Asked>
[[nodiscard]] auto asking(T&& policy_or_source, Asked asked) {
    return asking(std::forward<T>(policy_or_source), std::move(asked), no_scope{});
}

}  // namespace corsac::inline v0_2_0

#endif
