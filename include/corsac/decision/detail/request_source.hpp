// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_DETAIL_REQUEST_SOURCE_HPP
#define CORSAC_DECISION_DETAIL_REQUEST_SOURCE_HPP

// Which page sent a request. Tested in tests/decision/evaluate.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/request_facts.hpp>

#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// Whether `Host` is the host and port of an origin, as far as a server can tell.
[[nodiscard]] constexpr bool is_host_of(std::string_view origin, std::string_view host) noexcept {
    const origin_parts parts = parse_serialized_origin(origin);
    if (!parts) return false;
    // A page of an application, whatever its host is called, is none of this server's.
    const std::int32_t usual_port = default_port(origin.substr(0, parts.host_begin - 3));
    if (usual_port == 0) return false;
    const std::string_view wanted = origin.substr(parts.host_begin);
    if (!equals_ignore_case(host.substr(0, wanted.size()), wanted)) return false;
    if (host.size() == wanted.size()) return true;
    // An origin leaves its default port out; a proxy may have written it into Host.
    const bool portless = parts.host_end == origin.size();
    return portless && host[wanted.size()] == ':' &&
           parse_decimal(host.substr(wanted.size() + 1), 65535) == usual_port;
}

/// Whether the request comes from a page of this very server: by what the browser says, else by the
/// host. Only used to *not* reject a request.
[[nodiscard]] constexpr bool is_same_origin(const policy_rules& rules,
                                            const request_facts& facts) noexcept {
    if (facts.origin_lines == 1 && rules.lists_own_origin(facts.origin)) return true;
    const std::string_view site = trim_ows(facts.fetch_site);
    if (!site.empty()) return site == "same-origin";
    return facts.origin_lines == 1 && !facts.several_hosts &&
           is_host_of(facts.origin, trim_ows(facts.host));
}

/// Whether a request with a refused origin is to be rejected. One in `no-cors` mode is not: an
/// image in a sandboxed frame of the site's own carries `Origin: null`, and hiding it helps nobody.
///
/// Spec: https://fetch.spec.whatwg.org/#append-a-request-origin-header
[[nodiscard]] constexpr bool is_to_be_rejected(const policy_rules& rules,
                                               const request_facts& facts) noexcept {
    const bool reads = facts.method == "GET" || facts.method == "HEAD";
    if (reads && trim_ows(facts.fetch_mode) == "no-cors") return false;
    return !is_same_origin(rules, facts);
}

/// Whether a browser sends a request that may change something from another origin.
///
/// Spec: https://words.filippo.io/csrf/, which Go's http.CrossOriginProtection implements
[[nodiscard]] constexpr bool is_cross_origin_write(const policy_rules& rules,
                                                   const request_facts& facts) noexcept {
    if (facts.method == "GET" || facts.method == "HEAD" || facts.method == "OPTIONS") return false;
    const std::string_view site = trim_ows(facts.fetch_site);
    if (site == "none") return false;  // typed, or a bookmark
    // A request with neither comes from no browser, or from one that is older than both.
    if (site.empty() && facts.origin_lines == 0) return false;
    return !is_same_origin(rules, facts);
}

}  // namespace corsac::inline v0_2_0::detail

#endif
