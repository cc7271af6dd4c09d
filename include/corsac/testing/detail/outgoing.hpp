// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_OUTGOING_HPP
#define CORSAC_TESTING_DETAIL_OUTGOING_HPP

#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/detail/fetch_metadata.hpp>
#include <corsac/testing/detail/fetch_state.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <optional>
#include <string>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// Whether the request goes out with `Sec-Fetch-Storage-Access: inactive`.
[[nodiscard]] inline bool asks_for_storage_access(const fetch_state& s) {
    const url& first = s.urls.front();
    const url& around = s.page.address;
    const bool same_site = around.is_special() &&
                           (s.q.storage_access_is_lax ? is_same_site(around, first)
                                                      : is_schemelessly_same_site(around, first));
    const bool asks = s.q.storage_access_sends_origin && s.page.origin == "null" &&
                      s.options.credentials == credentials_mode::include && same_site;
    if (!asks || s.q.storage_access_is_lax) {
        return asks && (s.options.method == "GET" || s.options.method == "HEAD");
    }
    for (const url& u : s.urls) {
        if (u.origin() != first.origin()) return false;
    }
    return is_trustworthy(first);
}

[[nodiscard]] inline bool is_element_at_home(const fetch_state& s) {
    constexpr initiator elements[] = {initiator::image, initiator::script, initiator::stylesheet,
                                      initiator::font};
    return s.q.elements_send_origin_home && s.options.mode == request_mode::cors &&
           contains(elements, s.options.initiator);
}

/// The `Origin` of an actual request, or nothing where it carries none.
/// Spec: https://fetch.spec.whatwg.org/#append-a-request-origin-header
[[nodiscard]] inline std::optional<std::string> origin_header(const fetch_state& s) {
    if (s.tainting == response_type::cors || s.is_websocket()) return s.request_origin();
    if (s.request.method == "GET" || s.request.method == "HEAD") {
        const bool sends = asks_for_storage_access(s) || is_element_at_home(s);
        return sends ? std::optional(s.page.origin) : std::nullopt;
    }
    if (s.q.redirects_null_the_origin && s.left_an_origin) return "null";
    if (s.options.mode == request_mode::cors || s.q.origin_ignores_referrer_policy) {
        return s.request_origin();
    }
    const bool downgrade =
        s.page.http_origin && s.page.http_origin->scheme == "https" && !s.current().is_secure();
    switch (s.options.referrer_policy) {
    case referrer_policy::no_referrer: return "null";
    case referrer_policy::unset:
    case referrer_policy::no_referrer_when_downgrade:
    case referrer_policy::strict_origin:
    case referrer_policy::strict_origin_when_cross_origin:
        return downgrade ? "null" : s.request_origin();
    case referrer_policy::same_origin:
        return s.page.owns(s.current()) ? s.request_origin() : "null";
    case referrer_policy::origin:
    case referrer_policy::origin_when_cross_origin:
    case referrer_policy::unsafe_url: break;
    }
    return s.request_origin();
}

[[nodiscard]] inline request actual_request(const fetch_state& s) {
    request r{.method = s.request.method,
              .url = s.current().wire(),
              .headers = {{"Host", s.host()}},
              .credentials = s.with_credentials(),
              .body = s.request.has_body ? s.options.body.value : std::string()};
    if (count(s.request.headers, "accept") == 0 && !s.is_websocket()) {
        r.headers.push_back({"Accept", "*/*"});
    }
    const header_list own = wire_headers(s.request.headers, s.request.has_body, s.q);
    r.headers.insert(r.headers.end(), own.begin(), own.end());
    if (const std::optional<std::string> origin = origin_header(s)) {
        r.headers.push_back({"Origin", *origin});
    }
    append_fetch_metadata(r.headers, s.page, s.urls, s.options, s.q);
    return r;
}

/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 1 and following
[[nodiscard]] inline request preflight_request(const fetch_state& s, const std::string& origin,
                                               const preflight_question& asked) {
    std::string names;
    for (const std::string& name : asked.names) names += (names.empty() ? "" : ",") + name;
    request r{.method = "OPTIONS",
              .url = s.current().wire(),
              .headers = {{"Host", s.host()},
                          {"Accept", "*/*"},
                          {"Access-Control-Request-Method", asked.method}},
              .credentials = false,
              .body = {}};
    if (!names.empty()) r.headers.push_back({"Access-Control-Request-Headers", names});
    r.headers.push_back({"Origin", origin});
    append_fetch_metadata(r.headers, s.page, {s.current()}, s.options, s.q);
    if (s.q.preflights_say_their_mode && !r.first("sec-fetch-mode")) {
        r.headers.push_back({"Sec-Fetch-Mode", "cors"});
    }
    return r;
}

/// Spec: https://websockets.spec.whatwg.org/#concept-websocket-establish
[[nodiscard]] inline request handshake_request(const fetch_state& s) {
    request r = actual_request(s);
    r.url = (s.current().is_secure() ? "https" : "http") + r.url.substr(r.url.find(':'));
    r.headers.push_back({"Connection", "Upgrade"});
    r.headers.push_back({"Upgrade", "websocket"});
    r.headers.push_back({"Sec-WebSocket-Version", "13"});
    return r;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
