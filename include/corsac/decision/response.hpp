// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_RESPONSE_HPP
#define CORSAC_DECISION_RESPONSE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/explanation.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0 {

namespace detail {

using std::string_view_literals::operator""sv;

/// Removes every Access-Control field that a handler or an upstream wrote.
/// @return  False if the server cannot remove fields.
template <response_sink S>
constexpr bool erase_owned(S& sink) {
    if constexpr (erases_field_prefix<S>) {
        sink.erase_prefix(field::access_control_prefix);
        return true;
    } else if constexpr (erases_fields<S>) {
        for (const std::string_view name : field::owned) sink.erase(name);
        return true;
    } else {
        return false;
    }
}

template <response_sink S>
constexpr void erase_credentials(S& sink) {
    if constexpr (erases_fields<S>) {
        sink.erase(field::allow_credentials);
    } else if constexpr (erases_field_prefix<S>) {
        sink.erase_prefix(field::allow_credentials);
    }
}

/// Every request header that a response may depend on; each value of `vary_line` is a part of it.
inline constexpr std::string_view vary_all =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, "
    "Access-Control-Request-Private-Network"sv;
inline constexpr std::size_t vary_origin_end = "Origin"sv.size();
inline constexpr std::size_t vary_preflight_begin = "Origin, "sv.size();
inline constexpr std::size_t vary_preflight_end =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"sv.size();

/// The same where credentials count.
inline constexpr std::string_view vary_credentials = "Origin, Cookie, Authorization"sv;

/// `Vary` as one new line.
[[nodiscard]] constexpr std::string_view vary_line(const decision_fields& fields) noexcept {
    if (!fields.vary_preflight && !fields.vary_credentials) {
        return view_of(vary_all.data(), fields.vary_origin ? vary_origin_end : 0);
    }
    if (!fields.vary_preflight) { return vary_credentials.substr(fields.vary_origin ? 0 : 8); }
    const std::size_t begin = fields.vary_origin ? 0 : vary_preflight_begin;
    const std::size_t end = fields.vary_private_network ? vary_all.size() : vary_preflight_end;
    return view_of(vary_all.data() + begin, end - begin);
}

template <response_sink S>
constexpr void write_vary(const decision& d, S& sink) {
    const decision_fields& fields = d.fields();
    if constexpr (merges_vary<S>) {
        // Merging takes a search and perhaps an allocation for each token.
        if constexpr (adds_fields<S> && knows_fields<S>) {
            if (fields.vary_preflight && !fields.vary_credentials && fields.more_vary.empty() &&
                !sink.has(field::vary)) {
                return sink.add(field::vary, vary_line(fields));
            }
        }
        d.visit_vary([&sink](std::string_view token) { sink.vary(token); });
    } else {
        const std::string_view line = vary_line(fields);
        if (!line.empty()) sink.add(field::vary, line);
        if (fields.vary_credentials && fields.vary_preflight) {
            sink.add(field::vary, vary_credentials.substr(8));
        }
        if (!fields.more_vary.empty()) sink.add(field::vary, fields.more_vary);
    }
}

/// The sentence, fit for a field's value.
/// @param d  One that explains.
[[nodiscard]] constexpr explanation printable_explanation(const decision& d) noexcept {
    const explanation told = d.fields().explain(d);
    explanation said;
    for (const char c : told.view()) {
        const char printed = c >= ' ' && c <= '~' ? c : '.';
        said.append({&printed, 1});
    }
    return said;
}

/// For developers, see `evaluate_for_debugging`.
template <response_sink S>
constexpr void write_explanation(const decision& d, S& sink) {
    const explanation said = printable_explanation(d);
    if constexpr (sets_fields<S>) {
        sink.set(field::explanation, said.view());
    } else {
        sink.add(field::explanation, said.view());
    }
}

}  // namespace detail

/// The body of the answer to a request that the policy answers itself, plain text: empty, or, see
/// `evaluate_for_debugging`, the sentence for developers.
[[nodiscard]] constexpr explanation answer_body(const decision& d) noexcept {
    return d.answers() && d.explains() ? detail::printable_explanation(d) : explanation{};
}

/// Writes a decision into a response.
///
/// Every `Access-Control-*` field of a governed response is the policy's: what is there is replaced
/// or removed, unless the policy says `keep_existing`, which removes none but those it writes, and
/// Access-Control-Allow-Credentials, with which a handler would complete a grant of the policy's.
/// No field ever stands twice. `Vary` is merged where the server can do so, else added as a line.
/// A server that can only `add` must not have written any of them before.
///
/// Call it on every response of the policy: errors, redirects and 304 as well. Write the namespace,
/// `corsac::apply`: with arguments from `std` a bare call would also consider `std::apply`.
///
/// Cost: no allocation of its own.
template <class S>
    requires response_sink<std::remove_cvref_t<S>>
constexpr void apply(const decision& d, S&& sink) {
    using sink_type = std::remove_cvref_t<S>;
    if (!d.governs()) return;
    const bool erased = !d.fields().keep_existing && detail::erase_owned(sink);
    if (!erased) detail::erase_credentials(sink);
    d.visit([&](std::string_view name, std::string_view value) {
        if constexpr (!detail::adds_fields<sink_type>) {
            sink.set(name, value);
        } else if constexpr (detail::sets_fields<sink_type>) {
            // Adding is cheaper once nothing of that name can be there.
            erased ? sink.add(name, value) : sink.set(name, value);
        } else {
            if constexpr (detail::erases_fields<sink_type>) {
                if (!erased) sink.erase(name);
            } else if constexpr (detail::erases_field_prefix<sink_type>) {
                if (!erased) sink.erase_prefix(name);  // none of our names begins another
            }
            sink.add(name, value);
        }
    });
    if (d.explains()) detail::write_explanation(d, sink);
    detail::write_vary(d, sink);
}

}  // namespace corsac::inline v0_2_0

#endif
