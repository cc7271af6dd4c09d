// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_HEADER_ACCESS_HPP
#define CORSAC_REQUEST_HEADER_ACCESS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/request/method.hpp>

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
inline constexpr std::string_view fetch_mode = "sec-fetch-mode";

/// What `evaluate_for_debugging` adds; no browser reads it.
inline constexpr std::string_view explanation = "x-cors-explanation";

/// Every response field that a policy owns begins like this.
inline constexpr std::string_view access_control_prefix = "access-control-";

/// The response fields that a policy owns, for servers that erase by name.
inline constexpr std::string_view owned[] = {
    allow_origin, allow_credentials, allow_methods,        allow_headers,
    max_age,      expose_headers,    allow_private_network};
}  // namespace field

/// Elements of Access-Control-Request-Headers, empty ones included, over all lines.
inline constexpr std::size_t max_requested_headers = 128;

/// Lines of that field that are read; a request with more has too many elements anyway. Browsers
/// send one; a proxy may split it.
inline constexpr std::size_t max_request_header_lines = max_requested_headers;

/// Lines of one field, in the order received: `lines[0] = value`.
template <std::size_t Capacity>
class header_lines {
public:
    /// A `std::string_view` that begins as nothing at all.
    struct line {
        const char* data;
        std::size_t size;

        constexpr line& operator=(std::string_view text) noexcept {
            data = text.data();
            size = text.size();
            return *this;
        }
        [[nodiscard]] constexpr operator std::string_view() const noexcept { return {data, size}; }
    };

    // Only cleared where constants have to be: that takes longer than a decision, and who reads
    // lines knows how many there are.
    constexpr header_lines() noexcept {
        if (std::is_constant_evaluated()) {
            for (line& each : lines_) each = std::string_view{};
        }
    }

    [[nodiscard]] constexpr line& operator[](std::size_t at) noexcept { return lines_[at]; }
    [[nodiscard]] constexpr std::string_view operator[](std::size_t at) const noexcept {
        return lines_[at];
    }

private:
    line lines_[Capacity];
};

/// All that the answer to most requests depends on.
struct origin_lines_read {
    std::string_view first{};
    std::uint32_t count = 0;

    // By reference: nothing of a view is loaded but the size, which nearly always is another.
    constexpr void add(const std::string_view& name, const std::string_view& value) noexcept {
        if (name.size() == field::origin.size() && detail::is_field<field::origin>(name) &&
            count++ == 0) {
            first = detail::trim_ows(value);
        }
    }
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
    /// …-Headers, line by line; as many as `requested_header_lines` says
    header_lines<max_request_header_lines> requested_headers{};
    std::string_view host{};        ///< `Host`, only for the switches that reject requests
    std::string_view fetch_site{};  ///< `Sec-Fetch-Site`, likewise
    std::string_view fetch_mode{};  ///< `Sec-Fetch-Mode`, likewise
    std::uint32_t origin_lines = 0;
    std::uint32_t requested_method_lines = 0;
    std::uint32_t requested_header_lines = 0;  ///< may exceed `max_request_header_lines`
    bool private_network = false;              ///< Access-Control-Request-Private-Network: true
    /// What `carries_credentials` says; only for `refuse_credentials`, so `add` does not look.
    bool credentials = false;

    /// Takes one field line into account.
    constexpr void add(std::string_view name, std::string_view value) noexcept {
        add_origin(name, value);
        add_preflight(name, value);
        add_source(name, value);
    }

    // The length decides for nearly every line of a request, before any byte is compared.

    /// The same of `Origin` only, all that the answer to most requests needs.
    constexpr void add_origin(std::string_view name, std::string_view value) noexcept {
        if (name.size() == field::origin.size() && detail::is_field<field::origin>(name) &&
            origin_lines++ == 0) {
            origin = detail::trim_ows(value);
        }
    }
    /// The same of what only a preflight has.
    constexpr void add_preflight(std::string_view name, std::string_view value) noexcept {
        switch (name.size()) {
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
    /// The same of what tells which page sent a request.
    constexpr void add_source(std::string_view name, std::string_view value) noexcept {
        if (name.size() == field::host.size() && detail::is_field<field::host>(name)) host = value;
        if (name.size() != field::fetch_site.size()) return;
        if (detail::is_field<field::fetch_site>(name)) fetch_site = detail::trim_ows(value);
        if (detail::is_field<field::fetch_mode>(name)) fetch_mode = detail::trim_ows(value);
    }
};

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

}  // namespace corsac::inline v0

#endif
