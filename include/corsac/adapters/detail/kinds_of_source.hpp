// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_KINDS_OF_SOURCE_HPP
#define CORSAC_ADAPTERS_DETAIL_KINDS_OF_SOURCE_HPP

#include <corsac/error.hpp>
#include <corsac/live/origin_question.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/table/route_match.hpp>

#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

// Told apart by what they can do, so that an adapter includes neither tables nor what is live.

namespace corsac::inline v0_2_0 {

template <policy_like P>
class single_policy;
template <class Table>
class table_source;
template <class Live>
class live_source;
template <class Source, class Observer>
struct observed_source;
template <class Source, class Switch>
struct debuggable_source;
template <class Source, class Asked, class ScopeOf>
struct asking_source;

namespace detail {

template <class T>
concept is_table = requires(const T& table, const route_request& asked) {
    { table.find(asked).policy_in_force() };
    table.find(asked).state();
};

template <class T>
concept is_live = requires(const T& live) {
    live.read();
    requires policy_like<std::remove_cvref_t<decltype(*live.read())>> ||
                 is_table<std::remove_cvref_t<decltype(*live.read())>>;
};

template <class>
inline constexpr bool is_shared = false;
template <class T>
inline constexpr bool is_shared<std::shared_ptr<T>> = true;

template <class>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

/// What is said about a source stands around it, in any order.
template <class>
inline constexpr bool is_wrapped = false;
template <class S, class O>
inline constexpr bool is_wrapped<observed_source<S, O>> = true;
template <class S, class T>
inline constexpr bool is_wrapped<debuggable_source<S, T>> = true;
template <class S, class A, class F>
inline constexpr bool is_wrapped<asking_source<S, A, F>> = true;

/// What an adapter has made of an argument.
template <class T>
inline constexpr bool is_made = is_wrapped<T>;
template <class P>
inline constexpr bool is_made<single_policy<P>> = true;
template <class T>
inline constexpr bool is_made<table_source<T>> = true;
template <class T>
inline constexpr bool is_made<live_source<T>> = true;

/// Knows answers about origins, and can be waited for.
template <class T>
concept answers_questions = requires(const T& asked, const origin_question& about) {
    asked.find(about);
    asked.wait(about);
    asked.vary();
    asked.patience();
};

/// For an assertion that fails only where a template is used.
template <class>
inline constexpr bool dependent_false = false;

/// What an argument is; `other` may be a callable.
enum class source_kind : std::uint8_t {
    policy,
    table,
    shared_policy,
    shared_table,
    live,
    made,
    other
};

template <class T>
[[nodiscard]] constexpr source_kind find_kind_of_source() noexcept {
    if constexpr (policy_like<T>) {
        return source_kind::policy;
    } else if constexpr (is_made<T>) {
        return source_kind::made;
    } else if constexpr (is_shared<T>) {
        using pointee = std::remove_cv_t<typename T::element_type>;
        if constexpr (policy_like<pointee>) return source_kind::shared_policy;
        if constexpr (is_table<pointee>) return source_kind::shared_table;
        return source_kind::other;
    } else if constexpr (is_live<T>) {
        return source_kind::live;
    } else if constexpr (is_table<T>) {
        return source_kind::table;
    } else {
        return source_kind::other;
    }
}

template <class T>
inline constexpr source_kind kind_of_source = find_kind_of_source<T>();

/// A plain or counted pointer to something that would be taken as it is, or to a result.
template <class T>
concept is_pointer_to_source = requires(const T& pointer) {
    static_cast<bool>(pointer);
    *pointer;
    requires kind_of_source<std::remove_cvref_t<decltype(*pointer)>> != source_kind::other ||
                     is_result<std::remove_cvref_t<decltype(*pointer)>>;
} && !is_result<T>;

/// A plain or counted pointer to something live, which is a handle without it.
template <class T>
concept is_pointer_to_live = requires(const T& pointer) {
    *pointer;
    requires is_live<std::remove_cvref_t<decltype(*pointer)>>;
};

template <class T>
concept could_be_callable = std::is_class_v<T> || std::is_function_v<std::remove_pointer_t<T>>;

template <class S, class Request>
concept returns_policy_pointer = requires(const S& source, Request& request) {
    static_cast<bool>(source(request));
    requires policy_like<std::remove_cvref_t<decltype(*source(request))>>;
};

/// A policy of a table, with what keeps the table alive.
template <class Reader, class Found>
class held_policy {
public:
    held_policy(Reader reader, Found found) noexcept : reader_(std::move(reader)), policy_(found) {}

    [[nodiscard]] explicit operator bool() const noexcept { return static_cast<bool>(policy_); }
    template <class F>
    auto visit(const F& f) const {
        return policy_.visit(f);
    }

private:
    Reader reader_;
    Found policy_;
};

/// The policy that a table has for a request of a framework.
///
/// @param view  With `path()`: the path that the server itself routes by, decoded and folded as the
///              server does it, without the query; and perhaps `query()`.
template <class Table, class View>
[[nodiscard]] auto find_in_table(const Table& table, const View& view) noexcept {
    route_request asked = make_route_request(read_facts(view), "/");
    if (asked.method == "HEAD") asked.method = "GET";  // servers run the handler of GET
    const auto path = view.path();                     // some have to make a text
    asked.path = std::string_view{path};
    if constexpr (requires { std::string_view{view.query()}; }) asked.query = view.query();
    return table.find(asked, field_lookup<View>{view}).policy_in_force();
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
