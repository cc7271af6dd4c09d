// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_HEADER_ACCESS_HPP
#define CORSAC_REQUEST_HEADER_ACCESS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0 {

/// The field names of the CORS protocol as corsac hands them out: lower case, NUL-terminated.
namespace field {
inline constexpr std::string_view origin = "origin";
inline constexpr std::string_view request_method = "access-control-request-method";
inline constexpr std::string_view request_headers = "access-control-request-headers";
inline constexpr std::string_view request_private_network =
    "access-control-request-private-network";
inline constexpr std::string_view allow_origin = "access-control-allow-origin";
inline constexpr std::string_view allow_credentials = "access-control-allow-credentials";
inline constexpr std::string_view allow_methods = "access-control-allow-methods";
inline constexpr std::string_view allow_headers = "access-control-allow-headers";
inline constexpr std::string_view max_age = "access-control-max-age";
inline constexpr std::string_view expose_headers = "access-control-expose-headers";
inline constexpr std::string_view allow_private_network = "access-control-allow-private-network";
inline constexpr std::string_view vary = "vary";
inline constexpr std::string_view cookie = "cookie";
inline constexpr std::string_view authorization = "authorization";
inline constexpr std::string_view host = "host";
inline constexpr std::string_view fetch_site = "sec-fetch-site";

/// Every response field that a policy owns begins like this.
inline constexpr std::string_view access_control_prefix = "access-control-";

/// The response fields that a policy owns, for servers that erase by name.
inline constexpr std::string_view owned[] = {
    allow_origin, allow_credentials, allow_methods,        allow_headers,
    max_age,      expose_headers,    allow_private_network};
}  // namespace field

/// Lines of Access-Control-Request-Headers that are read; a request with more is refused.
/// Browsers send one; a proxy may split it.
inline constexpr std::size_t max_request_header_lines = 4;

/// Lines of Access-Control-Request-Headers, in the order received; a null view for none.
class header_lines {
public:
    // Not defaulted: GCC 12 would clear a struct of nothing but constants with `rep stos`, which
    // takes longer than a decision. A constructor that asks how it is run is no constant.
    constexpr header_lines() noexcept {
        if (!std::is_constant_evaluated()) lines_[0] = {};
    }

    [[nodiscard]] constexpr std::string_view& operator[](std::size_t at) noexcept {
        return lines_[at];
    }
    [[nodiscard]] constexpr std::string_view operator[](std::size_t at) const noexcept {
        return lines_[at];
    }
    [[nodiscard]] constexpr const std::string_view* begin() const noexcept { return lines_; }
    [[nodiscard]] constexpr const std::string_view* end() const noexcept {
        return lines_ + max_request_header_lines;
    }

private:
    std::string_view lines_[max_request_header_lines];
};

/// One incoming request, as far as CORS needs to see it.
///
/// The views are borrowed from the request. An adapter may fill this itself instead of modelling
/// `request_view`, best through `add`: what counts is the number of lines, and 0 says that there is
/// no such field, whatever the view beside it holds.
struct request_facts {
    std::string_view method{};            ///< as received, case kept
    std::string_view origin{};            ///< the first `Origin` line
    std::string_view requested_method{};  ///< Access-Control-Request-Method, the first line
    header_lines requested_headers{};     ///< …-Headers, line by line
    std::string_view host{};              ///< `Host`, only for `reject_disallowed`
    std::string_view fetch_site{};        ///< `Sec-Fetch-Site`, only for `reject_disallowed`
    std::uint32_t origin_lines = 0;
    std::uint32_t requested_method_lines = 0;
    std::uint32_t requested_header_lines = 0;  ///< may exceed `max_request_header_lines`
    bool private_network = false;              ///< Access-Control-Request-Private-Network: true
    /// What `carries_credentials` says; only for `refuse_credentials`, so `add` does not look.
    bool credentials = false;

    /// Takes one field line into account.
    constexpr void add(std::string_view name, std::string_view value) noexcept {
        // The length decides for nearly every line of a request, before any byte is compared.
        switch (name.size()) {
        case field::host.size():
            if (detail::is_field<field::host>(name)) host = value;
            break;
        case field::origin.size():
            if (detail::is_field<field::origin>(name) && origin_lines++ == 0) {
                origin = detail::trim_ows(value);
            }
            break;
        case field::fetch_site.size():
            if (detail::is_field<field::fetch_site>(name)) fetch_site = value;
            break;
        case field::request_method.size():
            if (detail::is_field<field::request_method>(name) && requested_method_lines++ == 0) {
                requested_method = detail::trim_ows(value);
            }
            break;
        case field::request_headers.size():
            if (!detail::is_field<field::request_headers>(name)) break;
            if (requested_header_lines < max_request_header_lines) {
                requested_headers[requested_header_lines] = value;
            }
            ++requested_header_lines;
            break;
        case field::request_private_network.size():
            if (detail::is_field<field::request_private_network>(name)) {
                private_network = detail::trim_ows(value) == "true";
            }
            break;
        default: break;
        }
    }
};

namespace detail {

/// Text that outlives the expression it comes from: a view, or a reference to what the request
/// holds. A `std::string` returned by value would be gone before it is read.
template <class Text>
concept borrowed_text = std::convertible_to<Text, std::string_view> &&
                        (std::is_lvalue_reference_v<Text> || std::is_trivially_copyable_v<Text>);

/// What `visit` is given.
struct field_visitor {
    request_facts& facts;

    constexpr void operator()(std::string_view name, std::string_view value) const noexcept {
        facts.add(name, value);
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
    has_method<R> && requires(const R& request, field_visitor& f) { request.visit(f); };

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
/// required. Names are lower-case and NUL-terminated; a value may die with the call.
template <class S>
concept response_sink =
    detail::adds_fields<S> || (detail::sets_fields<S> && detail::merges_vary<S>);

/// Reads what CORS needs from a request.
///
/// Cost: one pass over the field lines, or one look-up per field for servers that only look up.
template <request_view R>
[[nodiscard]] constexpr request_facts read_facts(const R& request) {
    request_facts facts;
    facts.method = request.method();
    if constexpr (detail::visits_fields<R>) {
        detail::field_visitor visitor{facts};
        request.visit(visitor);
    } else {
        for (const std::string_view name :
             {field::origin, field::request_method, field::request_headers,
              field::request_private_network, field::host, field::fetch_site}) {
            const std::string_view value = request.first(name);
            if (!value.empty()) facts.add(name, value);
        }
    }
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

}  // namespace corsac::inline v0

#endif
