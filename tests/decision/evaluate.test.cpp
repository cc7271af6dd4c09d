// SPDX-License-Identifier: MIT
#include <corsac/decision/evaluate.hpp>

#include "decision/evaluate_cases.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using namespace evaluate_cases;
using enum corsac::outcome;

// The policies of this table alone.

constexpr policy_options anyone() {
    return {.allow_origins = {"*"}, .expose_headers = {"X-Request-Id"}};
}
constexpr policy_options dangerous() {
    return {.allow_origins = {"*"},
            .allow_credentials = true,
            .dangerously_allow_any_origin_with_credentials = true};
}
constexpr policy_options null_too() { return {.allow_origins = {"https://example.com", "null"}}; }
constexpr policy_options strict() {
    policy_options o = usual();
    o.reject_disallowed = true;
    o.own_origins = {"HTTPS://www.own.example:443"};
    return o;
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

#define VARY_CREDENTIALS "vary: Cookie | vary: Authorization"
#define SHARED                                                                                     \
    "access-control-allow-origin: https://example.com | access-control-allow-credentials: true | " \
    "access-control-expose-headers: X-Request-Id | vary: Origin"
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
     SHARED " | vary: Access-Control-Request-Method | vary: Access-Control-Request-Headers"},
    {"an OPTIONS without Origin varies like a preflight",
     usual,
     {"OPTIONS", {{{ACRM, "PUT"}}}},
     not_cors,
     0,
     VARY_PREFLIGHT},
    {"so it does under *",
     anyone,
     {"OPTIONS", {{{ORIGIN, "https://x.example"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id | "
     "vary: Access-Control-Request-Method | vary: Access-Control-Request-Headers"},
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
    {"the constant * is for any single Origin line, whatever it holds",
     anyone,
     {"GET", {{{ORIGIN, "garbage"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id"},
    {"so it is for pages of apps",
     anyone,
     {"GET", {{{ORIGIN, "capacitor-electron://"}}}},
     allowed,
     0,
     "access-control-allow-origin: * | access-control-expose-headers: X-Request-Id"},

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
    {"of two hosts nobody knows which is the server's",
     strict,
     {"POST", {{{ORIGIN, "https://api.example"}, {"Host", "api.example"}, {"Host", "b.example"}}}},
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
    {"a port behind the origin's port is another host",
     strict,
     {"POST", {{{ORIGIN, "https://api.example:8443"}, {"Host", "api.example:8443:443"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a page of an application is none of the server's, whatever its host is called",
     strict,
     {"POST", {{{ORIGIN, "app://api.example"}, {"Host", "api.example"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"nor is one whose host has another letter case",
     strict,
     {"POST", {{{ORIGIN, "app://API.example"}, {"Host", "api.example"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a scheme without a default port has none to leave out",
     strict,
     {"POST", {{{ORIGIN, "app://api.example"}, {"Host", "api.example:443"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"an origin without a host is nobody's",
     strict,
     {"POST", {{{ORIGIN, "file://"}, {"Host", "api.example"}}}},
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
    {"an image in a sandboxed frame of the site's own has an Origin, and is never rejected",
     strict,
     {"GET", {{{ORIGIN, "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Mode", "no-cors"}}}},
     null_origin_not_allowed,
     0,
     "vary: Origin"},
    {"nor is a HEAD in that mode",
     strict,
     {"HEAD", {{{ORIGIN, "https://evil.example"}, {"sec-fetch-mode", " no-cors "}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"a form is",
     strict,
     {"POST", {{{ORIGIN, "https://evil.example"}, {"Sec-Fetch-Mode", "no-cors"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"and so is what may be read",
     strict,
     {"GET", {{{ORIGIN, "https://evil.example"}, {"Sec-Fetch-Mode", "cors"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a scheme without a default port has none, not 0",
     strict,
     {"POST", {{{ORIGIN, "app://api.example"}, {"Host", "api.example:0"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"a colon without a port is no default port",
     strict,
     {"POST", {{{ORIGIN, "app://api.example"}, {"Host", "api.example:"}}}},
     origin_not_allowed,
     403,
     "vary: Origin"},
    {"an origin of the server's own is not rejected, whatever Host says",
     strict,
     {"POST", {{{ORIGIN, "https://www.own.example"}, {"Host", "10.0.0.1"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"nor whatever the browser says",
     strict,
     {"POST", {{{ORIGIN, "https://www.own.example"}, {"Sec-Fetch-Site", "same-site"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"its neighbour is",
     strict,
     {"POST", {{{ORIGIN, "https://own.example"}, {"Host", "10.0.0.1"}}}},
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
};

static_assert(support::every_row_holds<&rows, holds>());

// reject_cross_origin_writes, decided as Go's CrossOriginProtection decides; the rows that are
// called after its tests are of
// https://github.com/golang/go/blob/go1.25.0/src/net/http/csrf_test.go
constexpr policy_options guarded() {
    return {.allow_origins = {"https://trusted.example", "https://*.trusted.example"},
            .own_origins = {"https://www.own.example"},
            .reject_cross_origin_writes = true};
}
constexpr policy_options guarded_null() {
    policy_options o = guarded();
    o.allow_origins.push_back("null");
    return o;
}
constexpr policy_options guarded_public() {
    policy_options o = guarded();
    o.allow_origins = {"*", "https://trusted.example"};
    return o;
}
constexpr policy_options guarded_wide() {
    policy_options o = guarded();
    o.allow_origins = {"https://*", "https://trusted.example"};
    return o;
}
constexpr policy_options guarded_on_trial() {
    policy_options o = guarded();
    o.shadow = true;
    return o;
}

#define SITE "Sec-Fetch-Site"
#define HOST "Host", "example.com"
#define TRUSTED "access-control-allow-origin: https://trusted.example | vary: Origin"

constexpr row write_rows[] = {
    {"same-origin allowed",
     guarded,
     {"POST", {{{HOST}, {SITE, "same-origin"}}}},
     not_cors,
     0,
     "vary: Origin"},
    {"none allowed", guarded, {"POST", {{{HOST}, {SITE, "none"}}}}, not_cors, 0, "vary: Origin"},
    {"cross-site blocked",
     guarded,
     {"POST", {{{HOST}, {SITE, "cross-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"same-site blocked",
     guarded,
     {"POST", {{{HOST}, {SITE, "same-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"no header with no origin", guarded, {"POST", {{{HOST}}}}, not_cors, 0, "vary: Origin"},
    {"no header with matching origin",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://example.com"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"no header with mismatched origin",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://attacker.example"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"no header with null origin",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "null"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"GET allowed",
     guarded,
     {"GET", {{{HOST}, {ORIGIN, "https://attacker.example"}, {SITE, "cross-site"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"HEAD allowed",
     guarded,
     {"HEAD", {{{HOST}, {SITE, "cross-site"}}}},
     not_cors,
     0,
     "vary: Origin"},
    {"OPTIONS allowed",
     guarded,
     {"OPTIONS", {{{HOST}, {SITE, "cross-site"}}}},
     not_cors,
     0,
     VARY_PREFLIGHT},
    {"PUT blocked",
     guarded,
     {"PUT", {{{HOST}, {SITE, "cross-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"a method in lower case is not GET",
     guarded,
     {"get", {{{HOST}, {SITE, "cross-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"what a proxy makes of the header is not one of its values",
     guarded,
     {"POST", {{{HOST}, {SITE, "same-origin, cross-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"a trusted origin may write",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://trusted.example"}, {SITE, "cross-site"}}}},
     allowed,
     0,
     TRUSTED},
    {"so may one that a pattern trusts",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://a.trusted.example"}}}},
     allowed,
     0,
     "access-control-allow-origin: https://a.trusted.example | vary: Origin"},
    {"so may the server's own",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://www.own.example"}, {SITE, "same-site"}}}},
     origin_not_allowed,
     0,
     "vary: Origin"},
    {"two trusted origins are none",
     guarded,
     {"POST", {{{HOST}, {ORIGIN, "https://trusted.example"}, {ORIGIN, "https://trusted.example"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"null is no trust, though it is listed",
     guarded_null,
     {"POST", {{{HOST}, {ORIGIN, "null"}, {SITE, "cross-site"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"a * is no trust",
     guarded_public,
     {"POST", {{{HOST}, {ORIGIN, "https://attacker.example"}, {SITE, "cross-site"}}}},
     cross_origin_write,
     403,
     ""},
    {"what stands beside it is",
     guarded_public,
     {"POST", {{{HOST}, {ORIGIN, "https://trusted.example"}, {SITE, "cross-site"}}}},
     allowed,
     0,
     "access-control-allow-origin: *"},
    {"nor is any host",
     guarded_wide,
     {"POST", {{{HOST}, {ORIGIN, "https://attacker.example"}}}},
     cross_origin_write,
     403,
     "vary: Origin"},
    {"a * shares with everybody what is read",
     guarded_public,
     {"GET", {{{HOST}, {ORIGIN, "https://attacker.example"}, {SITE, "cross-site"}}}},
     allowed,
     0,
     "access-control-allow-origin: *"},
    {"a preflight is decided as ever",
     guarded,
     {"OPTIONS",
      {{{HOST}, {ORIGIN, "https://trusted.example"}, {ACRM, "POST"}, {SITE, "cross-site"}}}},
     allowed,
     204,
     "access-control-allow-origin: https://trusted.example | " VARY_PREFLIGHT},
    {"in shadow nothing is rejected",
     guarded_on_trial,
     {"POST", {{{HOST}, {SITE, "cross-site"}}}},
     cross_origin_write,
     0,
     UNTOUCHED},
};

static_assert(support::every_row_holds<&write_rows, holds>());

TEST_CASE("writes from other origins are rejected where that is asked for") {
    for (const row& r : write_rows) check_row(r);
}

// What a matcher or a verdict grants is judged at the request.
struct grant_row {
    const char* about;
    policy_options (*options)();
    std::string_view origin;
    outcome expected;
};

constexpr policy_options with_credentials() { return {.allow_credentials = true}; }
constexpr policy_options permitting_null() {
    return {.allow_credentials = true, .dangerously_allow_null_origin_with_credentials = true};
}
constexpr policy_options permitting_http() {
    return {.allow_credentials = true, .dangerously_allow_insecure_origins_with_credentials = true};
}
constexpr policy_options without() { return {}; }

constexpr grant_row grant_rows[] = {
    {"https", with_credentials, "https://t.example", allowed},
    {"a scheme of an app's own", with_credentials, "tauri://localhost", allowed},
    {"loopback", with_credentials, "http://localhost:3000", allowed},
    {"loopback by number", with_credentials, "http://127.0.0.1", allowed},
    {"loopback with a trailing dot", with_credentials, "http://a.localhost.:80", origin_malformed},
    {"plain http to another machine", with_credentials, "http://t.example",
     origin_unsafe_with_credentials},
    {"plain http to an address", with_credentials, "http://192.168.0.1:3000",
     origin_unsafe_with_credentials},
    {"plain http to a host like loopback", with_credentials, "http://localhost.t.example",
     origin_unsafe_with_credentials},
    {"null", with_credentials, "null", origin_unsafe_with_credentials},
    {"null where it is permitted", permitting_null, "null", allowed},
    {"plain http where null is permitted", permitting_null, "http://t.example",
     origin_unsafe_with_credentials},
    {"plain http where it is permitted", permitting_http, "http://t.example", allowed},
    {"null where http is permitted", permitting_http, "null", origin_unsafe_with_credentials},
    {"null without credentials", without, "null", allowed},
    {"plain http without credentials", without, "http://t.example", allowed},
    {"what is no origin", without, "https://t.example/", origin_malformed},
    {"nothing", without, "", origin_malformed},
};

/// A careless matcher of the caller's, which grants a stranger's origin for one of its tenants.
struct careless {
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        if (origin == "https://other.example") return "https://t.example";
        if (origin.find("stranger") != origin.npos || origin.front() == '[') return {};
        if (origin.find("moz-extension:") != origin.npos) return {};
        if (origin.find("197.172") != origin.npos) return {};
        return origin.find("2001:db8") == origin.npos ? origin : std::string_view{};
    }
};

constexpr bool is_judged(const grant_row& r) {
    if (r.origin.empty()) return true;  // `careless` would not survive it
    const auto built = corsac::make_policy(r.options(), careless{});
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add(ORIGIN, r.origin);
    const corsac::decision d = corsac::evaluate(*built, facts);
    return d.outcome() == r.expected && built->allows_origin(r.origin) == (r.expected == allowed);
}
constexpr bool verdict_is_judged(const grant_row& r) {
    policy_options options = r.options();
    options.allow_origins = {"https://listed.example"};
    const auto built = corsac::make_policy(options);
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add(ORIGIN, r.origin);
    return corsac::evaluate(*built, facts, corsac::origin_verdict::allowed).outcome() == r.expected;
}
static_assert(support::every_row_holds<&grant_rows, is_judged>());
static_assert(support::every_row_holds<&grant_rows, verdict_is_judged>());

TEST_CASE("what a matcher or a verdict grants is judged at the request") {
    for (const grant_row& r : grant_rows) {
        CAPTURE(r.about);
        CHECK(is_judged(r));
        CHECK(verdict_is_judged(r));
    }
}

TEST_CASE("a matcher cannot grant an origin to another one") {
    const auto built = corsac::make_policy({}, careless{});
    const support::request request{"GET", {{{ORIGIN, "https://other.example"}}}};
    CHECK(corsac::evaluate(*built, request).outcome() == origin_not_allowed);
    CHECK_FALSE(built->allows_origin("https://other.example"));
}

#if defined(__cpp_exceptions)
TEST_CASE("a matcher that throws refuses the request, and the server lives") {
    const auto built =
        corsac::make_policy({.allow_credentials = true}, corsac::origin_if{[](std::string_view o) {
                                if (o == "https://boom.example") throw 1;
                                return o == "https://app.example";
                            }});
    REQUIRE(built);
    for (const char* method : {"GET", "OPTIONS"}) {
        const support::request request{method, {{{ORIGIN, "https://boom.example"}, {ACRM, "PUT"}}}};
        const corsac::decision d = corsac::evaluate(*built, request);
        CHECK(corsac::name_of(d.outcome()) == "origin_check_failed");
        CHECK(d.status() == 500);
        support::response response = written();
        corsac::apply(d, response);
        CHECK(response.summary().view().find("ccess-control-allow") == std::string_view::npos);
    }
    CHECK_FALSE(built->allows_origin("https://boom.example"));
    CHECK(built->allows_origin("https://app.example"));
}

TEST_CASE("a matcher that throws when it is asked again, about a write, refuses that") {
    int asked = 0;
    const auto built = corsac::make_policy({.reject_cross_origin_writes = true},
                                           corsac::origin_if{[&asked](std::string_view o) {
                                               if (o != "https://app.example") return false;
                                               if (++asked == 2) throw asked;
                                               return true;
                                           }});
    REQUIRE(built);
    const support::request write{
        "POST", {{{ORIGIN, "https://app.example"}, {"Sec-Fetch-Site", "cross-site"}}}};
    const corsac::decision d = corsac::evaluate(*built, write);
    CHECK(asked == 2);
    CHECK(corsac::name_of(d.outcome()) == "origin_check_failed");
    CHECK(d.status() == 500);
    CHECK(d.fields().allow_origin.empty());
    CHECK(corsac::evaluate(*built, write).outcome() == allowed);
}
#endif

TEST_CASE("requests are decided and answered as DESIGN and Fetch say") {
    for (const row& r : rows) check_row(r);
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

TEST_CASE("whom the caller lets in may write, too") {
    const auto guarded = corsac::make_policy(
        {.allow_origins = {"https://example.com"}, .reject_cross_origin_writes = true});
    corsac::request_facts facts;
    facts.method = "POST";
    facts.add(ORIGIN, "https://tenant.example");
    facts.add("sec-fetch-site", "cross-site");
    CHECK(corsac::evaluate(*guarded, facts, corsac::origin_verdict::allowed).outcome() == allowed);
    CHECK(corsac::evaluate(*guarded, facts, corsac::origin_verdict::refused).status() == 403);
    CHECK(corsac::evaluate(*guarded, facts).status() == 403);
}

TEST_CASE("a policy in shadow leaves nothing in its decision that could be written") {
    const auto shadow = corsac::make_policy({.allow_origins = {"https://example.com"},
                                             .refuse_credentials = true,
                                             .allow_private_network = true,
                                             .shadow = true});
    REQUIRE(shadow);
    for (const char* verb : {"GET", "OPTIONS"}) {
        CAPTURE(verb);
        const support::request asks{verb, {{{ORIGIN, "https://example.com"}, {"Cookie", "a=b"}}}};
        const corsac::decision d = corsac::evaluate(*shadow, asks);
        CHECK(d.in_shadow());
        CHECK(d.fields().allow_origin.empty());
        CHECK_FALSE(d.fields().vary_origin);
        CHECK_FALSE(d.fields().vary_preflight);
        CHECK_FALSE(d.fields().vary_private_network);
        CHECK_FALSE(d.fields().vary_credentials);
    }
}

TEST_CASE("a policy in shadow notes what it would not have trusted with credentials") {
    const auto shadow = corsac::make_policy(
        {.allow_origins = {"https://example.com"}, .allow_credentials = true, .shadow = true});
    for (const char* origin : {"http://tenant.example", "null"}) {
        CAPTURE(origin);
        corsac::request_facts facts;
        facts.method = "GET";
        facts.add(ORIGIN, origin);
        const corsac::decision d =
            corsac::evaluate(*shadow, facts, corsac::origin_verdict::allowed);
        CHECK(d.outcome() == origin_unsafe_with_credentials);
        CHECK(d.in_shadow());
        CHECK_FALSE(d.governs());
    }
}

TEST_CASE("a server that only looks fields up is asked for the origin alone, where that decides") {
    struct looking_up {
        std::string_view origin;

        [[nodiscard]] std::string_view method() const noexcept { return "GET"; }
        [[nodiscard]] std::string_view first(std::string_view name) const noexcept {
            return name == "origin" ? origin : std::string_view{};
        }
    };
    const auto built = corsac::make_policy({.allow_origins = {"https://example.com"}});
    CHECK(corsac::evaluate(*built, looking_up{"https://example.com"}).outcome() == allowed);
    CHECK(corsac::evaluate(*built, looking_up{"https://evil.example"}).outcome() ==
          origin_not_allowed);
    CHECK(corsac::evaluate(*built, looking_up{""}).outcome() == not_cors);
}

}  // namespace
