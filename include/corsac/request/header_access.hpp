// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_HEADER_ACCESS_HPP
#define CORSAC_REQUEST_HEADER_ACCESS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/request/field.hpp>  // IWYU pragma: export
#include <corsac/request/method.hpp>
#include <corsac/request/request_facts.hpp>  // IWYU pragma: export

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0 {

namespace detail {

/// Text that outlives the expression it comes from: a view, or a reference to what the request
/// holds. A `std::string` returned by value would be gone before it is read.
template <class Text>
concept borrowed_text = std::convertible_to<Text, std::string_view> &&
                        (std::is_lvalue_reference_v<Text> || std::is_trivially_copyable_v<Text>);

/// What is read of a request: all, `Origin`, the fields of a preflight and `Origin`, or what tells
/// which page sent it.
enum class facts_part : std::uint8_t { all, origin, preflight, source };

/// What `visit` is given.
template <facts_part Part>
struct field_visitor {
    request_facts& facts;

    constexpr void operator()(const std::string_view& name,
                              const std::string_view& value) const noexcept {
        if constexpr (Part == facts_part::preflight) {
            // Few names are as long as those of a preflight.
            if (name.size() >= field::request_method.size()) [[unlikely]] {
                facts.add_preflight(name, value);
            } else if (name.size() == field::origin.size()) [[unlikely]] {
                facts.add_origin(name, value);
            }
            return;
        }
        if constexpr (Part != facts_part::source) facts.add_origin(name, value);
        if constexpr (Part == facts_part::all) facts.add_preflight(name, value);
        if constexpr (Part == facts_part::all || Part == facts_part::source) {
            facts.add_source(name, value);
        }
    }
    template <class Text>
        requires(!borrowed_text<Text>)
    void operator()(std::string_view name, Text&& value) const = delete;
};

template <class R>
concept has_method = requires(const R& request) {
    { request.method() } -> borrowed_text;
};

template <class R>
concept visits_fields =
    has_method<R> &&
    requires(const R& request, field_visitor<facts_part::all>& f) { request.visit(f); };

template <class R>
concept finds_fields = has_method<R> && requires(const R& request, std::string_view name) {
    { request.first(name) } -> borrowed_text;
};

template <class S>
concept adds_fields = requires(S& sink, std::string_view name) { sink.add(name, name); };

template <class S>
concept sets_fields = requires(S& sink, std::string_view name) { sink.set(name, name); };

template <class S>
concept erases_fields = requires(S& sink, std::string_view name) { sink.erase(name); };

template <class S>
concept erases_field_prefix =
    requires(S& sink, std::string_view prefix) { sink.erase_prefix(prefix); };

template <class S>
concept knows_fields = requires(S& sink, std::string_view name) {
    { sink.has(name) } -> std::convertible_to<bool>;
};

template <class S>
concept merges_vary = requires(S& sink, std::string_view token) { sink.vary(token); };

}  // namespace detail

/// A wrapper around one reference to a framework's request, so the core never names its type.
///
/// `method()` is the method as received. `visit(f)` calls `f(name, value)` once per field line, in
/// any order, repeated lines included; a server that cannot iterate offers `first(name)` instead,
/// which gets a lower-case, NUL-terminated name and returns the first line's value, or an empty
/// view. The views must outlive the decision made from them: strings returned by value, or passed
/// to `f` as temporaries, do not compile. A server that keeps cookies apart from the field lines
/// offers `carries_credentials()`, too, for the policies that ask.
template <class R>
concept request_view = detail::visits_fields<R> || detail::finds_fields<R>;

/// A wrapper around one reference to a framework's response.
///
/// `add(name, value)` appends a field line; `set(name, value)` replaces all lines of that name. One
/// of the two is required. A server that can do so also offers `erase(name)`, or better
/// `erase_prefix(prefix)`, which removes all fields whose name starts with it in any letter case,
/// and `vary(token)`, which adds one token to `Vary` unless it is there; without `add`, `vary` is
/// required. With `has(name)`, which says whether there is such a field, `Vary` is added as one
/// line where there is none. Names are lower-case and NUL-terminated; a value may die with the
/// call.
template <class S>
concept response_sink =
    detail::adds_fields<S> || (detail::sets_fields<S> && detail::merges_vary<S>);

namespace detail {

struct origin_visitor {
    origin_lines_read& lines;

    constexpr void operator()(const std::string_view& name,
                              const std::string_view& value) const noexcept {
        lines.add(name, value);
    }
    template <class Text>
        requires(!borrowed_text<Text>)
    void operator()(std::string_view name, Text&& value) const = delete;
};

template <request_view R>
[[nodiscard]] constexpr origin_lines_read read_origin(const R& request) {
    origin_lines_read lines;
    if constexpr (visits_fields<R>) {
        origin_visitor visitor{lines};
        request.visit(visitor);
    } else {
        const std::string_view value = request.first(field::origin);
        if (!value.empty()) lines.add(field::origin, value);
    }
    return lines;
}

template <facts_part Part, request_view R>
constexpr void read_part(const R& request, request_facts& facts) {
    field_visitor<Part> add{facts};
    if constexpr (visits_fields<R>) {
        request.visit(add);
    } else {
        const auto look_up = [&](auto... names) {
            for (const std::string_view name : {names...}) {
                const std::string_view value = request.first(name);
                if (!value.empty()) facts.add(name, value);
            }
        };
        if constexpr (Part != facts_part::source) look_up(field::origin);
        if constexpr (Part == facts_part::all || Part == facts_part::preflight) {
            look_up(field::request_method, field::request_headers, field::request_private_network);
        }
        if constexpr (Part == facts_part::all || Part == facts_part::source) {
            look_up(field::host, field::fetch_site, field::fetch_mode);
        }
    }
}

}  // namespace detail

/// Reads all that CORS could need from a request.
///
/// Cost: one pass over the field lines, or one look-up per field for servers that only look up.
template <request_view R>
[[nodiscard]] constexpr request_facts read_facts(const R& request) {
    request_facts facts;
    facts.method = request.method();
    detail::read_part<detail::facts_part::all>(request, facts);
    return facts;
}

/// Reads what the answer to a request depends on, and no more.
///
/// @param where_from  Whether it depends on the page that sent the request, see `policy_rules`.
template <request_view R>
[[nodiscard]] constexpr request_facts read_facts(const R& request, bool where_from) {
    request_facts facts;
    facts.method = request.method();
    if (is_options(facts.method)) {
        detail::read_part<detail::facts_part::preflight>(request, facts);
    } else {
        detail::read_part<detail::facts_part::origin>(request, facts);
    }
    if (where_from) detail::read_part<detail::facts_part::source>(request, facts);
    return facts;
}

namespace detail {

struct credentials_visitor {
    bool& found;

    constexpr void operator()(std::string_view name, std::string_view) const noexcept {
        found = found || is_field<field::cookie>(name) || is_field<field::authorization>(name);
    }
};

}  // namespace detail

/// Whether a request has a `Cookie` or an `Authorization` field.
///
/// Cost: a pass of its own, or two look-ups; where a server only looks up, an empty field counts as
///       none.
template <request_view R>
[[nodiscard]] constexpr bool carries_credentials(const R& request) {
    if constexpr (requires { bool{request.carries_credentials()}; }) {
        return request.carries_credentials();
    } else if constexpr (detail::visits_fields<R>) {
        bool found = false;
        detail::credentials_visitor visitor{found};
        request.visit(visitor);
        return found;
    } else {
        return !std::string_view{request.first(field::cookie)}.empty() ||
               !std::string_view{request.first(field::authorization)}.empty();
    }
}

/// Whether `Vary` already says that the response depends on `token`; `*` covers everything.
///
/// For adapters that merge `Vary` themselves.
[[nodiscard]] constexpr bool vary_covers(std::string_view vary, std::string_view token) noexcept {
    while (detail::has_elements(vary)) {
        const std::string_view element = detail::next_element(vary);
        if (element == "*" || detail::equals_ignore_case(element, token)) return true;
    }
    return false;
}

}  // namespace corsac::inline v0_2_0

#endif
