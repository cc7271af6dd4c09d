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
};

static_assert(support::every_row_holds<&rows, holds>());

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

}  // namespace
