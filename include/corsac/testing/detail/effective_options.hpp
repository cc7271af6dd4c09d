// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_EFFECTIVE_OPTIONS_HPP
#define CORSAC_TESTING_DETAIL_EFFECTIVE_OPTIONS_HPP

#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>

#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// What an API other than `fetch` makes of what the page can say.
[[nodiscard]] inline fetch_options effective_options(fetch_options o, const quirks& q) {
    switch (o.initiator) {
    case initiator::beacon: {
        // Spec: https://w3c.github.io/beacon/#sec-processing-model
        const std::string type = content_type_of(o.body, q);
        const bool safe = type.empty() || is_safelisted_request_header("content-type", type, q);
        o.method = "POST";
        o.headers.clear();
        o.credentials = credentials_mode::include;
        o.mode = safe ? request_mode::no_cors : request_mode::cors;
        o.cache = cache_mode::normal;
        o.redirect = redirect_mode::follow;
        break;
    }
    case initiator::form:
        // Spec: https://html.spec.whatwg.org/#form-submission-algorithm
        o.method = o.method == "POST" ? "POST" : "GET";
        o.headers.clear();
        o.credentials = credentials_mode::include;
        o.mode = request_mode::no_cors;
        o.cache = cache_mode::normal;
        o.redirect = redirect_mode::follow;
        break;
    case initiator::websocket:
        // Spec: https://websockets.spec.whatwg.org/#concept-websocket-establish
        o.method = "GET";
        o.headers.clear();
        o.credentials = credentials_mode::include;
        o.cache = cache_mode::no_store;
        o.body = {};
        break;
    case initiator::event_source:
        // Spec: https://html.spec.whatwg.org/#dom-eventsource
        o.method = "GET";
        o.headers = {{"Accept", "text/event-stream"}};
        if (o.credentials == credentials_mode::omit) o.credentials = credentials_mode::same_origin;
        o.mode = request_mode::cors;
        o.cache = cache_mode::no_store;
        o.redirect = redirect_mode::follow;
        o.body = {};
        o.upload_listener = false;
        break;
    default: break;
    }
    // Whoever asks on a condition does the cache's work.
    // Spec: https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
    constexpr std::string_view conditions[] = {"if-modified-since", "if-none-match",
                                               "if-unmodified-since", "if-match", "if-range"};
    for (const header& h : o.headers) {
        const bool conditional = contains(conditions, lower(h.name));
        if (conditional && o.cache == cache_mode::normal) o.cache = cache_mode::no_store;
    }
    return o;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
