// SPDX-License-Identifier: MIT
#include <corsac/decision/evaluate.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace {

using corsac::outcome;
using corsac::policy_options;
using enum corsac::outcome;

// The policies of the table.

constexpr policy_options usual() {
    return {
        .allow_origins = {"https://example.com", "https://*.example.org", "http://localhost:*"},
        .allow_methods = {"GET", "PUT", "DELETE"},
        .allow_headers = {"Authorization", "X-A", "X-B"},
        .expose_headers = {"X-Request-Id"},
        .allow_credentials = true,
        .max_age = 600,
    };
}
constexpr policy_options minimal() { return {.allow_origins = {"https://example.com"}}; }
constexpr policy_options anyone() {
    return {.allow_origins = {"*"}, .expose_headers = {"X-Request-Id"}};
}
constexpr policy_options everything() {
    return {.allow_origins = {"*"}, .allow_methods = {"*"}, .allow_headers = {"*"}};
}
constexpr policy_options anything_from_one() {
    return {.allow_origins = {"https://example.com"},
            .allow_methods = {"*"},
            .allow_headers = {"*"},
            .allow_credentials = true};
}
constexpr policy_options any_and_authorization() {
    return {.allow_origins = {"https://example.com"}, .allow_headers = {"*", "Authorization"}};
}
constexpr policy_options prefixes() {
    return {.allow_origins = {"https://example.com"}, .allow_headers = {"X-Custom-*", "X-A"}};
}
constexpr policy_options dangerous() {
    return {.allow_origins = {"*"},
            .allow_credentials = true,
            .dangerously_allow_any_origin_with_credentials = true};
}
constexpr policy_options null_too() { return {.allow_origins = {"https://example.com", "null"}}; }
constexpr policy_options plain_200() {
    policy_options o = usual();
    o.preflight_status = 200;
    o.denied_preflight_status = 204;
    return o;
}
constexpr policy_options discreet() {
    policy_options o = usual();
    o.disclose_requested_only = true;
    return o;
}
constexpr policy_options forwarding() {
    policy_options o = usual();
    o.forward_denied_preflights = true;
    return o;
}
constexpr policy_options advertising() {
    policy_options o = usual();
    o.advertise = true;
    return o;
}
constexpr policy_options advertising_no_method() {
    return {.allow_origins = {"https://example.com"}, .advertise = true};
}
constexpr policy_options strict() {
    policy_options o = usual();
    o.reject_disallowed = true;
    return o;
}
constexpr policy_options no_cache() {
    return {.allow_origins = {"https://example.com"}, .max_age = 0};
}
constexpr policy_options private_network() {
    return {.allow_origins = {"https://example.com"}, .allow_private_network = true};
}
constexpr policy_options bare_anyone() {
    policy_options o = anyone();
    o.refuse_credentials = true;
    return o;
}
constexpr policy_options bare() {
    return {.allow_origins = {"https://example.com"},
            .expose_headers = {"X-Request-Id"},
            .reject_disallowed = true,
            .refuse_credentials = true};
}
constexpr policy_options on_trial() {
    policy_options o = strict();
    o.shadow = true;
    return o;
}
constexpr policy_options anyone_on_trial() {
    policy_options o = bare_anyone();
    o.shadow = true;
    return o;
}

struct row {
    const char* about;
    policy_options (*options)();
    support::request request;
    outcome expected;
    int status;  ///< 0: the application answers
    std::string_view response;
};

#define ORIGIN "Origin"
#define ACRM "Access-Control-Request-Method"
#define ACRH "Access-Control-Request-Headers"
#define VARY_PREFLIGHT                                                                             \
    "vary: Origin | vary: Access-Control-Request-Method | vary: Access-Control-Request-Headers"
#define VARY_CREDENTIALS "vary: Cookie | vary: Authorization"
#define SHARED                                                                                     \
    "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | " \
    "access-control-expose-headers: X-Request-Id | vary: Origin"
#define GRANTED                                                                                    \
    "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | " \
    "access-control-allow-methods: GET, PUT, DELETE | "                                            \
    "access-control-allow-headers: Authorization, X-A, X-B | access-control-max-age: 600 | "       \
    "access-control-expose-headers: X-Request-Id | " VARY_PREFLIGHT

#define UNTOUCHED "Access-Control-Allow-Origin: https://theirs.example | access-control-max-age: 1"

constexpr row rows[] = {
    // Requests without Origin.
    {"no Origin, no grant, but Vary", usual, {"GET", {}}, not_cors, 0, "vary: Origin"},
    {"no Origin under * gets what everyone gets, for the caches",
     anyone,
     {"GET", {}},
     not_cors,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id"},

    // Actual requests.
    {"an allowed origin may read",
     usual,
     {"GET", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     SHARED},
    {"methods do not matter for actual requests",
     usual,
     {"PATCH", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     SHARED},
    {"nor does an unlisted header",
     usual,
     {"PUT", {{{ORIGIN, "https://example.com"}, {"X-Z", "1"}}}},
     allowed,
     0,
     SHARED},
    {"a subdomain is echoed",
     usual,
     {"GET", {{{ORIGIN, "https://a.b.example.org"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://a.b.example.org | access-control-allow-credentials: "
     "true | access-control-expose-headers: X-Request-Id | vary: Origin"},
    {"nothing is said that is not needed",
     minimal,
     {"GET", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://example.com | vary: Origin"},
    {"everyone gets * and no Vary",
     anyone,
     {"GET", {{{ORIGIN, "https://x.example"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id"},
    {"null is everyone too",
     anyone,
     {"GET", {{{ORIGIN, "null"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id"},
    {"with credentials everyone is echoed, never *",
     dangerous,
     {"GET", {{{ORIGIN, "https://x.example"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://x.example | access-control-allow-credentials: true | "
     "vary: Origin"},
    {"a script's OPTIONS is an actual request",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     SHARED},
    {"null may be listed",
     null_too,
     {"GET", {{{ORIGIN, "null"}}}},
     allowed,
     0,
     "access-control-allow-origin: null | vary: Origin"},
    {"an origin with a space around it is trimmed like any field value",
     usual,
     {"GET", {{{ORIGIN, "\t https://example.com "}}}},
     allowed,
     0,
     SHARED},

    // Actual requests of others: silence, and the handler runs.
    {"a stranger gets Vary and nothing else",
     usual,
     {"GET", {{{ORIGIN, "https://evil.example"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"null is not allowed by itself",
     usual,
     {"GET", {{{ORIGIN, "null"}}}},
     null_origin_not_allowed,
     0,
     "vary: Origin"},
    {"two Origin lines are one too many, even if both are allowed",
     usual,
     {"GET", {{{ORIGIN, "https://example.com"}, {ORIGIN, "https://example.com"}}}},
     several_origins,
     0,
     "vary: Origin"},
    {"two Origin lines are too many for everyone",
     anyone,
     {"GET", {{{ORIGIN, "https://example.com"}, {ORIGIN, "https://evil.example"}}}},
     several_origins,
     0,
     "vary: Origin"},
    {"a list of origins",
     usual,
     {"GET", {{{ORIGIN, "https://example.com, https://example.com"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"upper case",
     usual,
     {"GET", {{{ORIGIN, "https://EXAMPLE.com"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"userinfo",
     usual,
     {"GET", {{{ORIGIN, "https://me@example.com"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"a trailing slash",
     usual,
     {"GET", {{{ORIGIN, "https://example.com/"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"a path under a wildcard",
     usual,
     {"GET", {{{ORIGIN, "https://evil.com/.example.org"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"the allowed origin as a prefix",
     usual,
     {"GET", {{{ORIGIN, "https://example.com.evil.com"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"the allowed domain as a suffix",
     usual,
     {"GET", {{{ORIGIN, "https://evilexample.org"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"port 0",
     usual,
     {"GET", {{{ORIGIN, "http://localhost:0"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"port 65536",
     usual,
     {"GET", {{{ORIGIN, "http://localhost:65536"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"a control byte",
     usual,
     {"GET", {{{ORIGIN, "https://a\x01.example.org"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"an empty Origin", usual, {"GET", {{{ORIGIN, ""}}}}, origin_malformed, 0, "vary: Origin"},
    {"garbage is never echoed, not even to everyone",
     dangerous,
     {"GET", {{{ORIGIN, "https://x.example/<script>"}}}},
     origin_malformed,
     0,
     "vary: Origin"},
    {"garbage gets no * either, and its answer is not cached for others",
     anyone,
     {"GET", {{{ORIGIN, "garbage"}}}},
     origin_malformed,
     0,
     "vary: Origin"},

    {"a header that is called * is not covered by *, whose meaning it would take on",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,*"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},

    // refuse_credentials: the Gateway API's matrix.
    {"a request without credentials is answered",
     bare_anyone,
     {"GET", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id | "  //
     VARY_CREDENTIALS},
    {"a cookie gets nothing",
     bare_anyone,
     {"GET", {{{ORIGIN, "https://example.com"}, {"cookie", "a=b"}}}},
     credentials_not_allowed,
     0,
     VARY_CREDENTIALS},
    {"nor does it without Origin, for the caches",
     bare_anyone,
     {"GET", {{{"Cookie", "a=b"}}}},
     not_cors,
     0,
     VARY_CREDENTIALS},
    {"an empty Authorization is one; the application answers, even with reject_disallowed",
     bare,
     {"GET", {{{"AUTHORIZATION", ""}, {ORIGIN, "https://example.com"}}}},
     credentials_not_allowed,
     0,
     "vary: Origin | " VARY_CREDENTIALS},
    {"fields that are only as long as those are none",
     bare,
     {"GET", {{{ORIGIN, "https://example.com"}, {"Accept", "a"}, {"If-None-Match", "b"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://example.com | "
     "access-control-expose-headers: X-Request-Id | vary: Origin | " VARY_CREDENTIALS},
    {"an origin that is not allowed is rejected as ever",
     bare,
     {"GET", {{{ORIGIN, "https://evil.example"}, {"Cookie", "a=b"}}}},
     origin_not_allowed,
     403,
     "vary: Origin | " VARY_CREDENTIALS},
    {"a preflight is decided as ever, whatever it carries",
     bare,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {"Cookie", "a=b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | "
     "access-control-expose-headers: X-Request-Id | " VARY_PREFLIGHT},
    {"a policy that says nothing of it answers requests with a cookie",
     minimal,
     {"GET", {{{ORIGIN, "https://example.com"}, {"Cookie", "a=b"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://example.com | vary: Origin"},

    // shadow: everything is decided, and every response stays as the application wrote it.
    {"in shadow what is allowed is not written",
     on_trial,
     {"GET", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     UNTOUCHED},
    {"nor is a preflight answered",
     on_trial,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     0,
     UNTOUCHED},
    {"nor one refused",
     on_trial,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PATCH"}}}},
     method_not_allowed,
     0,
     UNTOUCHED},
    {"nor a stranger rejected",
     on_trial,
     {"POST", {{{ORIGIN, "https://evil.example"}}}},
     origin_not_allowed,
     0,
     UNTOUCHED},
    {"nor anything said to requests without Origin",
     anyone_on_trial,
     {"GET", {{{"Cookie", "a=b"}}}},
     not_cors,
     0,
     UNTOUCHED},

    // reject_disallowed.
    {"a stranger can be rejected",
     strict,
     {"POST", {{{ORIGIN, "https://evil.example"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a same-origin POST has an Origin too and is never rejected",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Host", "api.example"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"behind a proxy the browser says that it is same-origin",
     strict,
     {"POST",
      {{{ORIGIN, "https://api.example"}, {"Host", "10.0.0.1"}, {"Sec-Fetch-Site", "same-origin"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"white space around what the browser says is not part of it",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Sec-Fetch-Site", " same-origin\t"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"a proxy may write the default port into Host",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Host", "API.example:443"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"the default port of another scheme is another port",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Host", "api.example:80"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a host that only begins like the origin is another one",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Host", "api.example.evil.com"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a default port in Origin is malformed, whatever Host says",
     strict,
     {"POST", {{{ORIGIN, "https://api.example:443"}, {"Host", "api.example:443"}}}},
     origin_malformed,
     403,
     "vary: Origin"},
    {"another port of the same host is another origin",
     strict,
     {"POST", {{{ORIGIN, "https://api.example:8443"}, {"Host", "api.example"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"what the browser says outweighs the host",
     strict,
     {"POST",
      {{{ORIGIN, "https://api.example"},
        {"Host", "api.example"},
        {"Sec-Fetch-Site", "same-site"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a request without Origin is not rejected", strict, {"POST", {}}, not_cors, 0, "vary: Origin"},
    {"an allowed origin is not rejected",
     strict,
     {"POST", {{{ORIGIN, "https://example.com"}}}},
     allowed,
     0,
     SHARED},

    // Preflights that are granted.
    {"a listed method is granted, with all that is allowed",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     GRANTED},
    {"listed headers, as browsers write them",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "authorization,x-a"}}}},
     allowed,
     204,
     GRANTED},
    {"POST needs no listing",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "POST"}, {ACRH, "x-a"}}}},
     allowed,
     204,
     GRANTED},
    {"upper case, white space, empty elements and repetitions",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, ", X-B\t,,x-a ,  X-A,"}}}},
     allowed,
     204,
     GRANTED},
    {"several lines",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-b"}, {ACRH, "x-a, x-b"}}}},
     allowed,
     204,
     GRANTED},
    {"an empty list of headers",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, ""}}}},
     allowed,
     204,
     GRANTED},
    {"nothing but safelisted methods",
     minimal,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "HEAD"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | " VARY_PREFLIGHT},
    {"another status",
     plain_200,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     200,
     GRANTED},
    {"a max-age of 0 is sent",
     no_cache,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-max-age: 0 "
     "| " VARY_PREFLIGHT},
    {"any method and header are reflected, never *",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "eGg"}, {ACRH, "x-b, X-A,,x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: eGg | access-control-allow-headers: x-b,x-a | " VARY_PREFLIGHT},
    {"reflected lines become one",
     anything_from_one,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "x-b"}, {ACRH, "x-a,x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | access-control-allow-headers: x-b,x-a | " VARY_PREFLIGHT},
    {"nothing asked, nothing reflected",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | " VARY_PREFLIGHT},
    {"everyone may send anything: reflected without credentials too",
     everything,
     {"OPTIONS", {{{ORIGIN, "https://x.example"}, {ACRM, "PUT"}, {ACRH, "x-a"}}}},
     allowed,
     204,
     "access-control-allow-origin: * | access-control-allow-methods: PUT | "
     "access-control-allow-headers: x-a | vary: Access-Control-Request-Method | "
     "vary: Access-Control-Request-Headers"},
    {"Authorization can be named beside *",
     any_and_authorization,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "authorization,x-z"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-headers: "
     "authorization,x-z | " VARY_PREFLIGHT},
    {"a prefix allows names that it begins",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,X-CUSTOM-id"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-headers: "
     "x-a,x-custom-id | " VARY_PREFLIGHT},
    {"only what was asked is disclosed",
     discreet,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}, {ACRH, "x-b"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | access-control-allow-headers: x-b | "
     "access-control-max-age: 600 | access-control-expose-headers: X-Request-Id | " VARY_PREFLIGHT},
    {"lists can be sent for the browser to judge",
     advertising,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PATCH"}, {ACRH, "x-z"}}}},
     allowed,
     204,
     GRANTED},
    {"private networks are not answered unless asked for",
     minimal,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"},
        {ACRM, "GET"},
        {"Access-Control-Request-Private-Network", "true"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | " VARY_PREFLIGHT},
    {"private networks can be answered",
     private_network,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"},
        {ACRM, "GET"},
        {"Access-Control-Request-Private-Network", "true"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://example.com | access-control-allow-private-network: "
     "true | " VARY_PREFLIGHT " | vary: Access-Control-Request-Private-Network"},

    // Preflights that are refused: no Access-Control header at all.
    {"a stranger's preflight",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a malformed origin's preflight, to everyone's server",
     everything,
     {"OPTIONS", {{{ORIGIN, "https://x.example/"}, {ACRM, "GET"}}}},
     origin_malformed,
     403,
     VARY_PREFLIGHT},
    {"null's preflight",
     usual,
     {"OPTIONS", {{{ORIGIN, "null"}, {ACRM, "GET"}}}},
     null_origin_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"two origins' preflight",
     usual,
     {"OPTIONS",
      {{{ORIGIN, "https://example.com"}, {ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     several_origins,
     403,
     VARY_PREFLIGHT},
    {"an unlisted method",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PATCH"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"methods are case-sensitive",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "put"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"get is not GET",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "get"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a part of a listed method",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PU"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"the method * is a name like any other",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "*"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a list of methods",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET, PUT"}}}},
     method_malformed,
     403,
     VARY_PREFLIGHT},
    {"two requested methods",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRM, "GET"}}}},
     method_malformed,
     403,
     VARY_PREFLIGHT},
    {"an unlisted header",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a,x-z"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"an unlisted header on another line",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a"}, {ACRH, "x-z"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"no token among the headers",
     usual,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a, x b"}}}},
     header_malformed,
     403,
     VARY_PREFLIGHT},
    {"no token is reflected",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-a\x01"}}}},
     header_malformed,
     403,
     VARY_PREFLIGHT},
    {"* does not cover Authorization",
     anything_from_one,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "Authorization"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a prefix is not a name",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-custom-"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"a prefix must be whole",
     prefixes,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, "x-cust"}}}},
     header_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"another status for a refusal",
     plain_200,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     204,
     VARY_PREFLIGHT},
    {"a refused preflight can be forwarded",
     forwarding,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "GET"}}}},
     origin_not_allowed,
     0,
     VARY_PREFLIGHT},
    {"a granted one is not",
     forwarding,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "PUT"}}}},
     allowed,
     204,
     GRANTED},
    {"where there is no list of methods the browser cannot judge, and might allow any",
     advertising_no_method,
     {"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "DELETE"}}}},
     method_not_allowed,
     403,
     VARY_PREFLIGHT},
    {"lists are advertised to allowed origins only",
     advertising,
     {"OPTIONS", {{{ORIGIN, "https://evil.example"}, {ACRM, "PUT"}}}},
     origin_not_allowed,
     403,
     VARY_PREFLIGHT},
};

/// What the application wrote must be gone, whatever was decided, unless the policy is in shadow.
constexpr support::response written() {
    return {{"Access-Control-Allow-Origin", "https://theirs.example"},
            {"access-control-max-age", "1"}};
}

constexpr bool holds(const row& r) {
    const auto built = corsac::make_policy(r.options());
    const corsac::decision d = corsac::evaluate(*built, r.request);
    support::response response = written();
    corsac::apply(d, response);
    return d.outcome() == r.expected && d.status() == r.status && d.answers() == (r.status != 0) &&
           response.summary().view() == r.response;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("requests are decided and answered as DESIGN and Fetch say") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options());
        REQUIRE(built);
        const corsac::decision d = corsac::evaluate(*built, r.request);
        CHECK(corsac::name_of(d.outcome()) == corsac::name_of(r.expected));
        CHECK(d.status() == r.status);
        CHECK(d.answers() == (r.status != 0));
        CHECK(d.kind() == corsac::classify(r.request));
        CHECK(d.allows() == (r.expected == allowed && !d.in_shadow()));
        support::response response = written();
        corsac::apply(d, response);
        CHECK(response.summary().view() == r.response);
    }
}

TEST_CASE("a server that only looks fields up sees credentials, too") {
    struct looking_up {
        std::string_view cookie;

        [[nodiscard]] std::string_view method() const noexcept { return "GET"; }
        [[nodiscard]] std::string_view first(std::string_view name) const noexcept {
            if (name == "origin") return "https://example.com";
            return name == "cookie" ? cookie : std::string_view{};
        }
    };
    const auto built = corsac::make_policy(bare());
    CHECK(corsac::evaluate(*built, looking_up{}).outcome() == allowed);
    CHECK(corsac::evaluate(*built, looking_up{"a=b"}).outcome() == credentials_not_allowed);
}

TEST_CASE("a 64 KiB origin is refused, whatever it looks like") {
    const auto wide = corsac::make_policy(usual());
    const auto open = corsac::make_policy(dangerous());
    const std::string huge = "https://" + std::string(64 * 1024, 'a') + ".example.org";
    for (const char* method : {"GET", "OPTIONS"}) {
        const support::request request{method, {{{ORIGIN, huge}, {ACRM, "GET"}}}};
        CHECK(corsac::evaluate(*wide, request).outcome() == origin_too_long);
        CHECK(corsac::evaluate(*open, request).outcome() == origin_too_long);
    }
}

TEST_CASE("lists of requested headers are bounded") {
    const auto built = corsac::make_policy(anything_from_one());
    const auto decide = [&](std::string_view list) {
        return corsac::evaluate(
            *built,
            support::request{"OPTIONS",
                             {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, list}}}});
    };
    std::string names;
    for (int i = 0; i < 100; ++i) names += "x-header-number-" + std::to_string(i) + ",";
    CHECK(decide(names).outcome() == allowed);
    CHECK(decide(std::string(127, ',')).outcome() == allowed);
    CHECK(decide(std::string(1000, ',')).outcome() == header_list_too_long);
    CHECK(decide("x-" + std::string(4000, 'a')).outcome() == allowed);
    CHECK(decide("x-" + std::string(64 * 1024, 'a')).outcome() == header_list_too_long);
    CHECK(decide(std::string(64 * 1024, ' ')).outcome() == header_list_too_long);

    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    for (int i = 0; i < 4; ++i) facts.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*built, facts).outcome() == allowed);
    facts.add(ACRH, "x-a");
    CHECK(corsac::evaluate(*built, facts).outcome() == header_list_too_long);
}

TEST_CASE("an empty line of requested headers does not hide the next one") {
    const auto built = corsac::make_policy(anything_from_one());
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add(ORIGIN, "https://example.com");
    facts.add(ACRM, "GET");
    facts.add(ACRH, std::string_view{});
    facts.add(ACRH, "x-a");
    std::string reflected;
    corsac::evaluate(*built, facts).visit([&](std::string_view name, std::string_view value) {
        if (name == corsac::field::allow_headers) reflected = value;
    });
    CHECK(reflected == "x-a");
}

TEST_CASE("a requested method is bounded") {
    const auto built = corsac::make_policy(anything_from_one());
    const std::string method(65, 'A');
    const support::request request{"OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, method}}}};
    CHECK(corsac::evaluate(*built, request).outcome() == method_malformed);
}

TEST_CASE("the longest list that is allowed is reflected whole") {
    const auto built = corsac::make_policy(anything_from_one());
    std::string names;
    for (int i = 0; i < 128; ++i) {
        names += (i == 0 ? "" : ",") + std::string(25, static_cast<char>('a' + i % 26)) + "-" +
                 std::to_string(i);
    }
    const support::request request{
        "OPTIONS", {{{ORIGIN, "https://example.com"}, {ACRM, "GET"}, {ACRH, names}}}};
    std::string reflected;
    corsac::evaluate(*built, request).visit([&](std::string_view name, std::string_view value) {
        if (name == corsac::field::allow_headers) reflected = value;
    });
    CHECK(reflected == names);
}

TEST_CASE("the caller may decide about the origin") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://example.com"}, .allow_credentials = true});
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add(ORIGIN, "https://tenant.example");
    using enum corsac::origin_verdict;
    CHECK(corsac::evaluate(*built, facts).outcome() == origin_not_allowed);
    const corsac::decision d = corsac::evaluate(*built, facts, corsac::origin_verdict::allowed);
    CHECK(d.allows());
    CHECK(d.fields().allow_origin == "https://tenant.example");
    CHECK(corsac::evaluate(*built, facts, refused).outcome() == origin_not_allowed);

    corsac::request_facts garbage;
    garbage.method = "GET";
    garbage.add(ORIGIN, "https://tenant.example/");
    CHECK(corsac::evaluate(*built, garbage, corsac::origin_verdict::allowed).outcome() ==
          origin_malformed);
}

TEST_CASE("a matcher of the caller's stands beside the list") {
    const auto built = corsac::make_policy(
        {.allow_origins = {"https://example.com"}, .allow_credentials = true},
        corsac::origin_if{[](std::string_view origin) { return origin.size() == 17; }});
    REQUIRE(built);
    CHECK(built->allows_origin("https://a.example"));
    CHECK(built->allows_origin("https://example.com"));
    CHECK_FALSE(built->allows_origin("https://ab.example"));
    CHECK_FALSE(built->allows_origin("https://a.exampl/"));
    CHECK(corsac::make_policy({}, corsac::any_origin{}));
    CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, corsac::any_origin{}));
}

}  // namespace
