// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_DESCRIBE_BLOCK_HPP
#define CORSAC_TESTING_DETAIL_DESCRIBE_BLOCK_HPP

#include <corsac/testing/block.hpp>
#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/detail/fetch_state.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

[[nodiscard]] inline std::size_t exact_origin_lines(const response& r) {
    std::size_t n = 0;
    for (const header& h : r.headers) { n += h.name == "Access-Control-Allow-Origin" ? 1U : 0U; }
    return n;
}

/// Whether a preflight's answer lists a `*` where what is at fault should be.
[[nodiscard]] inline bool lists_star(const response& r, step at) {
    const std::string_view list = at == step::preflight_method ? "access-control-allow-methods"
                                                               : "access-control-allow-headers";
    return extract_tokens(r.headers, list).has("*");
}

/// What is known of a failed request but for where it was heading.
///
/// @param r  The response that failed; null where there was none.
[[nodiscard]] inline block describe_block(const fetch_state& s, const check_result& failed,
                                          const response* r) {
    return {.at = failed.at,
            .offender = failed.offender,
            .initiator = s.options.initiator,
            .mode = s.options.mode,
            .page_url = s.page.address.wire(),
            .page_origin = s.page.origin,
            .request_origin = s.request_origin(),
            .first_url = s.urls.front().text(),
            .current_url = s.current().text(),
            .status = r != nullptr ? r->status : 0,
            .origin_lines = r != nullptr ? count(r->headers, "access-control-allow-origin") : 0,
            .exact_origin_lines = r != nullptr ? exact_origin_lines(*r) : 0,
            .on_redirect =
                r != nullptr && is_redirect_status(r->status) &&
                (s.options.redirect == redirect_mode::follow || is_preflight_step(failed.at)) &&
                get(r->headers, "location").has_value(),
            .follows = s.options.redirect == redirect_mode::follow,
            .cross_origin = s.tainting == response_type::cors,
            .listed_star = r != nullptr && lists_star(*r, failed.at),
            .by_policy = r != nullptr && r->decided && r->decided->allows};
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
