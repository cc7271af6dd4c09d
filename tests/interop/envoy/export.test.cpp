// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/export.hpp>

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/policy/static_policy.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <string_view>

namespace {

corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

}  // namespace

TEST_CASE("Envoy's policy has every field, so that nothing is inherited") {
    const corsac::policy p = build({.allow_origins = {"https://a.example"}});
    CHECK(interop::to_yaml(*interop::to_envoy(p, {.strict = true}).value) ==
          "envoy.filters.http.cors:\n"
          "  '@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy\n"
          "  allow_origin_string_match:\n"
          "  - exact: https://a.example\n"
          "  allow_methods: GET, HEAD, POST\n"
          "  allow_headers: Origin\n"
          "  expose_headers: Content-Type\n"
          "  max_age: \"5\"\n"
          "  allow_credentials: false\n"
          "  allow_private_network_access: false\n"
          "  forward_not_matching_preflights: false\n");
}

TEST_CASE("of a policy with a matcher what is listed is written, and the rest reported") {
    const auto p = corsac::make_policy(
        {.allow_origins = {"https://a.example"}, .allow_credentials = true},
        corsac::origin_if{[](std::string_view origin) { return origin == "https://b.example"; }});
    REQUIRE(p);
    const interop::exported written = interop::to_envoy(*p, {});
    REQUIRE(written.value.has_value());
    CHECK(interop::to_yaml(*written.value) ==
          interop::to_yaml(
              *interop::to_envoy(
                   build({.allow_origins = {"https://a.example"}, .allow_credentials = true}), {})
                   .value));
    std::size_t told = 0;
    for (const interop::export_loss& loss : written.losses) {
        told += loss.text() == "narrower: matcher: decides in the program; only the origins that "
                               "are listed are written"
                    ? 1U
                    : 0U;
    }
    CHECK(told == 1);
    CHECK_FALSE(interop::to_envoy(*p, {.strict = true}).value.has_value());

    static constexpr auto checked = corsac::static_policy(
        [] { return corsac::policy_options{.allow_origins = {"https://a.example"}}; });
    CHECK(interop::to_envoy(checked, {.strict = true}).value.has_value());
}

TEST_CASE("a policy in shadow stays in shadow in Envoy") {
    const corsac::policy p = build({.allow_origins = {"https://a.example"}, .shadow = true});
    CHECK(interop::to_yaml(*interop::to_envoy(p, {.strict = true}).value)
              .find("  filter_enabled:\n"
                    "    default_value:\n"
                    "      numerator: 0\n"
                    "      denominator: HUNDRED\n"
                    "  shadow_enabled:\n"
                    "    default_value:\n"
                    "      numerator: 100\n"
                    "      denominator: HUNDRED\n") != std::string::npos);
}

TEST_CASE("a pattern's regular expression matches the origins that the pattern does") {
    const char* const patterns[] = {"https://*.bar.example",
                                    "https://pr-*.a.example",
                                    "https://app-*-x.example.com",
                                    "http://localhost:*",
                                    "https://*",
                                    "https://*:8443",
                                    "https://*.b.example:*",
                                    "*"};
    const char* const origins[] = {"https://bar.example",
                                   "https://www.bar.example",
                                   "https://x.y.bar.example",
                                   "https://x..bar.example",
                                   "https://evilbar.example",
                                   "http://www.bar.example",
                                   "https://www.bar.example.evil.example",
                                   "https://www.bar.example:8443",
                                   "https://www.barxexample",
                                   "https://.bar.example",
                                   "https://pr-12.a.example",
                                   "https://pr-.a.example",
                                   "https://pr-1.2.a.example",
                                   "https://app-a-b-x.example.com",
                                   "https://app-a_b-x.example.com",
                                   "http://localhost",
                                   "http://localhost:3000",
                                   "http://localhost:",
                                   "http://localhost:03000",
                                   "http://localhost.evil",
                                   "https://[::1]",
                                   "https://[::1]:8443",
                                   "https://127.0.0.1:8443",
                                   "https://a_b.example",
                                   "https://a.example.",
                                   "https://a.example/",
                                   "https://a.example https://b.example",
                                   "https://user@a.example",
                                   "https://A.example",
                                   "https://x.b.example:1",
                                   "null",
                                   "*",
                                   "",
                                   "capacitor://localhost",
                                   "x",
                                   "https://",
                                   "https://a.example\r\nx: y"};
    for (const char* entry : patterns) {
        const corsac::policy p = build({.allow_origins = {entry}});
        const std::regex regex(interop::detail::origin_regex(entry));
        for (const char* origin : origins) {
            CAPTURE(entry);
            CAPTURE(origin);
            CHECK(std::regex_match(origin, regex) == p.allows_origin(origin));
        }
    }
}
