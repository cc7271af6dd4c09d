// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_EVALUATE_HPP
#define CORSAC_INTEROP_ENVOY_EVALUATE_HPP

// Tested in tests/interop/envoy/filter.test.cpp.

#include <corsac/decision/decision.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/header_access.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

// Envoy's CORS filter, with everything that it does and that corsac otherwise does not: fields are
// inherited one by one, preflights of unknown origins go to the application, whose headers stay,
// the answer is 200, and what a preflight asks for is not compared with the lists. For comparing,
// and for moving step by step; not for new policies.
//
// Spec: https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/cors_filter

namespace corsac::inline v0_2_0::interop {

/// Envoy's `CorsPolicy`. An empty text or list, or a nullopt, is unset: then a less specific
/// policy's counts.
struct envoy_cors {
    std::vector<string_matcher> allow_origins{};
    std::string allow_methods{};
    std::string allow_headers{};
    std::string expose_headers{};
    std::string max_age{};
    std::optional<bool> allow_credentials{};
    std::optional<bool> allow_private_network{};
    std::optional<bool> forward_not_matching_preflights{};
    bool enabled = true;  ///< `filter_enabled`
    bool shadow = false;  ///< `shadow_enabled`: counted only

    [[nodiscard]] friend bool operator==(const envoy_cors&, const envoy_cors&) = default;
};

/// The policy that each of Envoy's fields is taken from; null where none sets it.
struct envoy_sources {
    const envoy_cors* allow_origin = nullptr;
    const envoy_cors* allow_credentials = nullptr;
    const envoy_cors* allow_methods = nullptr;
    const envoy_cors* allow_headers = nullptr;
    const envoy_cors* max_age = nullptr;
    const envoy_cors* expose_headers = nullptr;
    const envoy_cors* allow_private_network = nullptr;
    const envoy_cors* forward_not_matching_preflights = nullptr;

    /// @param name  Of a response field.
    [[nodiscard]] const envoy_cors* of(std::string_view name) const noexcept {
        if (name == field::allow_credentials) return allow_credentials;
        if (name == field::allow_methods) return allow_methods;
        if (name == field::allow_headers) return allow_headers;
        if (name == field::max_age) return max_age;
        if (name == field::expose_headers) return expose_headers;
        if (name == field::allow_private_network) return allow_private_network;
        return allow_origin;
    }
};

/// What Envoy does with a request, and with the response to it.
struct envoy_decision {
    bool counts = false;          ///< origin_valid or origin_invalid goes up by one
    bool origin_allowed = false;  ///< which of the two
    bool answers = false;         ///< Envoy replies 200 itself
    std::optional<std::string_view> allow_origin{};
    bool allow_credentials = false;
    std::optional<std::string_view> allow_methods{};
    std::optional<std::string_view> allow_headers{};
    bool repeats_requested_headers = false;  ///< instead, `requested_headers`, joined
    std::uint32_t requested_header_lines = 0;
    header_lines<max_request_header_lines> requested_headers{};  ///< as many as that
    std::optional<std::string_view> max_age{};
    std::optional<std::string_view> expose_headers{};
    bool allow_private_network = false;
    envoy_sources from{};
    const string_matcher* matched = nullptr;  ///< what let the origin in

    /// Calls `f(name, value)` for every field that is set; others stay as they are.
    template <class F>
    void visit(F&& f) const {
        const auto set = [&](std::string_view name, std::optional<std::string_view> value) {
            if (value) f(name, *value);
        };
        set(field::allow_origin, allow_origin);
        if (allow_credentials) f(field::allow_credentials, std::string_view{"true"});
        set(field::allow_methods, allow_methods);
        set(field::allow_headers, allow_headers);
        if (repeats_requested_headers) visit_requested_headers(f);
        set(field::max_age, max_age);
        set(field::expose_headers, expose_headers);
        if (allow_private_network) f(field::allow_private_network, std::string_view{"true"});
    }

private:
    template <class F>
    void visit_requested_headers(F& f) const {
        std::size_t size = 0;
        char joined[max_requested_headers_length];
        for (std::uint32_t i = 0; i < requested_header_lines; ++i) {
            const std::string_view line = requested_headers[i];
            if (size + line.size() + 1 > sizeof joined) break;
            if (i != 0) joined[size++] = ',';
            for (const char c : line) joined[size++] = c;
        }
        f(field::allow_headers, std::string_view{joined, size});
    }
};

namespace detail {

/// Envoy takes every field from the first policy that sets it, each for itself.
template <std::size_t N>
[[nodiscard]] envoy_sources find_envoy_sources(
    const std::array<const envoy_cors*, N>& policies) noexcept {
    const auto first = [&](auto envoy_cors::* field) -> const envoy_cors* {
        for (const envoy_cors* p : policies) {
            if (p == nullptr) continue;
            if constexpr (requires { (p->*field).has_value(); }) {
                if ((p->*field).has_value()) return p;
            } else if (!(p->*field).empty()) {
                return p;
            }
        }
        return nullptr;
    };
    return {first(&envoy_cors::allow_origins),
            first(&envoy_cors::allow_credentials),
            first(&envoy_cors::allow_methods),
            first(&envoy_cors::allow_headers),
            first(&envoy_cors::max_age),
            first(&envoy_cors::expose_headers),
            first(&envoy_cors::allow_private_network),
            first(&envoy_cors::forward_not_matching_preflights)};
}

}  // namespace detail

/// Decides as Envoy's filter does.
///
/// @param policies  The most specific one first; a null pointer is a scope without one.
///
/// Cost: no allocation.
template <std::size_t N>
[[nodiscard]] envoy_decision evaluate_like_envoy(const std::array<const envoy_cors*, N>& policies,
                                                 const request_facts& facts) noexcept {
    envoy_decision d;
    const envoy_cors* most_specific = nullptr;
    for (const envoy_cors* p : policies) {
        if (most_specific == nullptr) most_specific = p;
    }
    if (most_specific == nullptr || !(most_specific->enabled || most_specific->shadow)) return d;
    if (facts.origin.empty()) return d;

    d.from = detail::find_envoy_sources(policies);
    const envoy_sources& from = d.from;
    d.counts = true;
    if (from.allow_origin != nullptr) {
        for (const string_matcher& matcher : from.allow_origin->allow_origins) {
            if (!matcher.matches("*") && !matcher.matches(facts.origin)) continue;
            d.origin_allowed = true;
            d.matched = &matcher;
            break;
        }
    }
    if (!most_specific->enabled) return d;

    const auto text = [](const envoy_cors* p, std::string envoy_cors::* field) {
        return p == nullptr ? std::nullopt : std::optional<std::string_view>{p->*field};
    };
    const auto flag = [](const envoy_cors* p, std::optional<bool> envoy_cors::* field,
                         bool otherwise) { return p == nullptr ? otherwise : *(p->*field); };
    const bool credentials = flag(from.allow_credentials, &envoy_cors::allow_credentials, false);
    if (d.origin_allowed) {
        // The response of the application gets these, and so does Envoy's own.
        d.allow_origin = facts.origin;
        d.allow_credentials = credentials;
        d.expose_headers = text(from.expose_headers, &envoy_cors::expose_headers);
    }
    const bool preflight = facts.method == "OPTIONS" && !facts.requested_method.empty();
    if (!preflight) return d;
    const bool forwards = flag(from.forward_not_matching_preflights,
                               &envoy_cors::forward_not_matching_preflights, true);
    if (!d.origin_allowed && forwards) return d;

    d.answers = true;
    d.allow_credentials = credentials;
    d.allow_methods = text(from.allow_methods, &envoy_cors::allow_methods);
    if (d.allow_methods == "*") d.allow_methods = facts.requested_method;
    d.allow_headers = text(from.allow_headers, &envoy_cors::allow_headers);
    if (d.allow_headers == "*") {
        d.allow_headers = std::nullopt;
        d.repeats_requested_headers = true;
        d.requested_header_lines =
            std::min(facts.requested_header_lines, std::uint32_t{max_request_header_lines});
        d.requested_headers = facts.requested_headers;
    }
    d.max_age = text(from.max_age, &envoy_cors::max_age);
    d.allow_private_network =
        facts.private_network &&
        flag(from.allow_private_network, &envoy_cors::allow_private_network, false);
    return d;
}

/// Writes the fields that Envoy sets; none is removed, and no `Vary` is added.
template <class S>
    requires response_sink<std::remove_cvref_t<S>>
void apply(const envoy_decision& d, S&& sink) {
    using sink_type = std::remove_cvref_t<S>;
    d.visit([&](std::string_view name, std::string_view value) {
        if constexpr (detail::sets_fields<sink_type>) {
            sink.set(name, value);
        } else {
            if constexpr (detail::erases_fields<sink_type>) sink.erase(name);
            sink.add(name, value);
        }
    });
}

}  // namespace corsac::inline v0_2_0::interop

#endif
