// SPDX-License-Identifier: MIT
#ifndef CORSAC_REQUEST_CLASSIFY_HPP
#define CORSAC_REQUEST_CLASSIFY_HPP

#include <corsac/request/header_access.hpp>
#include <corsac/request/method.hpp>

#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// The three kinds of request that the CORS protocol knows.
enum class request_kind : std::uint8_t {
    not_cors,   ///< no `Origin`
    actual,     ///< `Origin`, and no preflight; a same-origin POST is one too
    preflight,  ///< a browser asking whether it may send another request
};

[[nodiscard]] constexpr std::string_view name_of(request_kind kind) noexcept {
    switch (kind) {
    case request_kind::not_cors: return "not_cors";
    case request_kind::actual: return "actual";
    case request_kind::preflight: return "preflight";
    }
    return "";
}

/// Sorts a request into one of the three kinds.
///
/// @return  `preflight` only if the method is exactly `OPTIONS` (bytes, so `options` is not) and
///          `Origin` and a non-empty `Access-Control-Request-Method` are both present.
///
/// Errors: none. A malformed value has a kind too; `evaluate` refuses it later.
/// Spec:   https://fetch.spec.whatwg.org/#cors-preflight-request
[[nodiscard]] constexpr request_kind classify(const request_facts& facts) noexcept {
    if (facts.origin_lines == 0) return request_kind::not_cors;
    if (facts.requested_method.empty() || !is_options(facts.method)) return request_kind::actual;
    return request_kind::preflight;
}

/// The same for a framework's request.
///
/// Cost: one pass over the field lines, no allocation.
template <request_view R>
[[nodiscard]] constexpr request_kind classify(const R& request) noexcept {
    return classify(read_facts(request));
}

}  // namespace corsac::inline v0_2_0

#endif
