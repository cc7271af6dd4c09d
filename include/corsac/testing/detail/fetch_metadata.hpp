// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FETCH_METADATA_HPP
#define CORSAC_TESTING_DETAIL_FETCH_METADATA_HPP

#include <corsac/origin/origin.hpp>
#include <corsac/origin/public_suffix.hpp>
#include <corsac/testing/detail/page_identity.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/url.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// Over TLS, or not over a network.
/// Spec: https://w3c.github.io/webappsec-secure-contexts/#is-url-trustworthy
[[nodiscard]] inline bool is_trustworthy(const url& u) {
    return u.scheme == "https" || u.scheme == "wss" || is_loopback_host(u.host);
}

/// Whether a host has no registrable domain, so that only its own ports are its site.
[[nodiscard]] inline bool stands_alone(const url& u) {
    return is_ip_address(u.host) || registrable_domain(u.host).empty();
}

[[nodiscard]] inline bool is_same_site(const url& a, const url& b) {
    return a.is_secure() == b.is_secure() && is_schemelessly_same_site(a, b);
}

/// Spec: https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
[[nodiscard]] inline std::string_view fetch_site(const page_identity& page,
                                                 const std::vector<url>& urls, const quirks& q) {
    std::string_view site = "same-origin";
    for (const url& u : urls) {
        if (page.is_origin_of(u)) continue;
        const bool coarse = q.coarse_fetch_site && stands_alone(u);
        if (!page.http_origin || (coarse && urls.size() > 1)) return "cross-site";
        if (!(coarse ? is_schemelessly_same_site(*page.http_origin, u)
                     : is_same_site(*page.http_origin, u))) {
            return "cross-site";
        }
        site = "same-site";
    }
    return site;
}

[[nodiscard]] inline std::string_view fetch_mode(const fetch_options& o) {
    if (o.initiator == initiator::form) return "navigate";
    if (o.initiator == initiator::websocket) return "websocket";
    switch (o.mode) {
    case request_mode::cors: return "cors";
    case request_mode::no_cors: return "no-cors";
    case request_mode::same_origin: return "same-origin";
    }
    return "";
}

/// A form's is `document`, or `iframe` if its answer goes to a frame.
[[nodiscard]] inline std::string_view fetch_destination(initiator i) {
    switch (i) {
    case initiator::image: return "image";
    case initiator::script: return "script";
    case initiator::stylesheet: return "style";
    case initiator::font: return "font";
    case initiator::audio: return "audio";
    case initiator::video: return "video";
    case initiator::form: return "document";
    default: return "empty";
    }
}

/// The headers that tell a server what kind of request it is, where the browser sends any.
inline void append_fetch_metadata(header_list& list, const page_identity& page,
                                  const std::vector<url>& urls, const fetch_options& o,
                                  const quirks& q) {
    if (!is_trustworthy(urls.back())) return;
    list.push_back({"Sec-Fetch-Site", std::string(fetch_site(page, urls, q))});
    list.push_back({"Sec-Fetch-Mode", std::string(fetch_mode(o))});
    list.push_back({"Sec-Fetch-Dest", std::string(fetch_destination(o.initiator))});
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
