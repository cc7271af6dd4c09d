// SPDX-License-Identifier: MIT
#include <corsac/policy/policy.hpp>

#include "policy/mistake.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

using corsac::config_code;
using corsac::policy_options;
using enum corsac::config_code;

// What is wrong with one entry of allow_origins is in origin/parse_origin_pattern.test.cpp, and
// what is insecure with credentials in policy/origin_judge.test.cpp.
struct row {
    const char* about;
    policy_options (*options)();
    support::mistake expected;
};

constexpr std::size_t none = corsac::no_index;

policy_options with_method(std::string_view method) {
    return {.allow_origins = {"https://a.example"}, .allow_methods = {"DELETE", method}};
}
policy_options with_header(std::string_view name) {
    return {.allow_origins = {"https://a.example"}, .allow_headers = {"X-A", name}};
}
policy_options with_exposed(std::string_view name) {
    return {.allow_origins = {"https://a.example"}, .expose_headers = {"X-A", name}};
}

const std::string endless_method(257, 'A');
const std::string endless_name(65536, 'A');
const std::string name_of_256(256, 'A');
const std::string name_of_257(257, 'A');
const std::string method_of_64(64, 'A');

const row rows[] = {
    {"an empty list allows nobody",
     [] { return policy_options{}; },
     {origins_empty, "allow_origins", none, "", "write at least one"}},
    {"no token",
     [] { return with_method("PU/T"); },
     {method_malformed, "allow_methods", 1, "PU/T", "PUT"}},
    {"an endless method",
     [] { return with_method(endless_method); },
     {method_malformed, "allow_methods", 1, endless_method, "PUT"}},
    {"an endless header name",
     [] { return with_header(endless_name); },
     {header_name_malformed, "allow_headers", 1, endless_name, "X-Request-Id"}},
    {"an empty method",
     [] { return with_method(""); },
     {method_malformed, "allow_methods", 1, "", "PUT"}},
    {"a method that is longer than any",
     [] {
         return with_method("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM");
     },
     {method_malformed, "allow_methods", 1,
      "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM", "PUT"}},
    {"a forbidden method",
     [] { return with_method("TRACE"); },
     {method_forbidden, "allow_methods", 1, "TRACE", "leave it out"}},
    {"a forbidden method in any case",
     [] { return with_method("connect"); },
     {method_forbidden, "allow_methods", 1, "connect", "leave it out"}},
    {"a case that never arrives",
     [] { return with_method("delete"); },
     {method_wrong_case, "allow_methods", 1, "delete", R"(write "DELETE")"}},
    {"no header name",
     [] { return with_header("X/A"); },
     {header_name_malformed, "allow_headers", 1, "X/A", "X-Request-Id"}},
    {"an empty header name",
     [] { return with_header(""); },
     {header_name_malformed, "allow_headers", 1, "", "X-Request-Id"}},
    {"several header names",
     [] { return with_header("Content-Type, Authorization"); },
     {entry_is_a_list, "allow_headers", 1, "Content-Type, Authorization",
      R"(write "Content-Type", "Authorization")"}},
    {"a header with its value",
     [] { return with_header("Content-Type: application/json"); },
     {entry_is_a_list, "allow_headers", 1, "Content-Type: application/json",
      R"(write the name alone: "Content-Type")"}},
    {"several methods",
     [] { return with_method("GET PUT,PATCH"); },
     {entry_is_a_list, "allow_methods", 1, "GET PUT,PATCH", R"(write "GET", "PUT", "PATCH")"}},
    {"a method and a space",
     [] { return with_method("REPORT "); },
     {entry_has_white_space, "allow_methods", 1, "REPORT ", R"(write "REPORT")"}},
    {"a header name in quotes",
     [] { return with_header("'X-B'"); },
     {entry_has_quotes, "allow_headers", 1, "'X-B'", R"(write "X-B")"}},
    {"several exposed names",
     [] { return with_exposed("grpc-status, grpc-message"); },
     {entry_is_a_list, "expose_headers", 1, "grpc-status, grpc-message",
      R"(write "grpc-status", "grpc-message")"}},
    {"a header of responses",
     [] { return with_header("access-control-allow-origin"); },
     {header_of_responses, "allow_headers", 1, "access-control-allow-origin", "leave it out"}},
    {"a header of responses that is exposed",
     [] { return with_exposed("Access-Control-Max-Age"); },
     {header_of_responses, "expose_headers", 1, "Access-Control-Max-Age", "leave it out"}},
    {"a method with a body, and no way to say of what kind",
     [] { return with_method("PUT"); },
     {content_type_not_listed, "allow_headers", none, "", R"(add "Content-Type")"}},
    {"the method of forms, and no way to say of what kind a body is",
     [] { return with_method("POST"); },
     {content_type_not_listed, "allow_headers", none, "", R"(add "Content-Type")"}},
    {"any method, and no way to say of what kind a body is",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .allow_methods = {"*"}}; },
     {content_type_not_listed, "allow_headers", none, "", R"(add "Content-Type")"}},
    {"a header with its colon",
     [] { return with_header("X-A:"); },
     {header_name_malformed, "allow_headers", 1, "X-A:", "X-Request-Id"}},
    {"a header that scripts cannot set",
     [] { return with_header("Cookie"); },
     {header_name_forbidden, "allow_headers", 1, "Cookie", "leave it out"}},
    {"a header with a forbidden prefix",
     [] { return with_header("Sec-Custom"); },
     {header_name_forbidden, "allow_headers", 1, "Sec-Custom", "leave it out"}},
    {"a pattern of forbidden names",
     [] { return with_header("Proxy-*"); },
     {header_name_forbidden, "allow_headers", 1, "Proxy-*", "leave it out"}},
    {"a wildcard in the middle",
     [] { return with_header("X-*-Id"); },
     {header_wildcard_misplaced, "allow_headers", 1, "X-*-Id", "X-Custom-*"}},
    {"no exposed name",
     [] { return with_exposed(""); },
     {header_name_malformed, "expose_headers", 1, "", "X-Request-Id"}},
    {"a pattern of exposed names",
     [] { return with_exposed("X-*"); },
     {header_wildcard_misplaced, "expose_headers", 1, "X-*", "list the names"}},
    {"a cookie is never exposed",
     [] { return with_exposed("set-cookie"); },
     {header_name_forbidden, "expose_headers", 1, "set-cookie", "leave it out"}},
    {"expose any with credentials",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .expose_headers = {"*"},
                               .allow_credentials = true};
     },
     {credentials_with_expose_any, "expose_headers", 0, "*", "list the names"}},
    {"a negative age",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = -1}; },
     {max_age_negative, "max_age", none, "-1", "write 0"}},
    {"an age that overflows",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 2147483648}; },
     {max_age_too_large, "max_age", none, "2147483648", "86400"}},
    {"a status that refuses",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = 304}; },
     {preflight_status_not_ok, "preflight_status", none, "304", "204"}},
    {"no status",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = 0}; },
     {preflight_status_not_ok, "preflight_status", none, "0", "204"}},
    {"a negative status",
     [] {
         return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = -204};
     },
     {preflight_status_not_ok, "preflight_status", none, "-204", "204"}},
    {"a status that is no refusal",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .denied_preflight_status = 302};
     },
     {denied_status_malformed, "denied_preflight_status", none, "302", "403"}},
    {"more places for a * than a host has",
     [] {
         policy_options options;
         for (int before = 0; before < 10; ++before) {
             for (int after = 0; after < 7; ++after) {
                 const std::string fixed(static_cast<std::size_t>(after), 'b');
                 options.allow_origins.push_back(
                     "https://" + std::string(static_cast<std::size_t>(before), 'a') + "-*-" +
                     fixed + ".example.com");
             }
         }
         return options;
     },
     {origin_shapes_too_many, "allow_origins", 30, "https://aaaa-*-bb.example.com",
      "begin the host"}},
    {"a pattern deeper than any host that is yours",
     [] {
         return policy_options{.allow_origins = {"https://app.example",
                                                 "https://*.a.b.c.d.e.f.g.example",
                                                 "https://*.z.a.b.c.d.e.f.g.example"}};
     },
     {origin_pattern_too_deep, "allow_origins", 2, "https://*.z.a.b.c.d.e.f.g.example",
      "list the hosts"}},
    {"a network more than addresses are compared with",
     [] {
         policy_options options;
         for (int i = 0; i < 65; ++i) {
             options.allow_origins.push_back("https://10." + std::to_string(i) + ".0.0/16");
         }
         options.dangerously_allow_insecure_origins_with_credentials = true;
         return options;
     },
     {networks_too_many, "allow_origins", 60, "https://10.60.0.0/16", "join networks"}},
    {"patterns and networks that are too many together",
     [] {
         policy_options options;
         for (int i = 0; i < 59; ++i) {
             options.allow_origins.push_back("https://10." + std::to_string(i) + ".0.0/16");
         }
         options.allow_origins.push_back("https://*.a.example");
         options.allow_origins.push_back("https://*.a.example:*");
         return options;
     },
     {origin_shapes_too_many, "allow_origins", 60, "https://*.a.example:*", "begin the host"}},
    {"one prefix more than preflights are compared with",
     [] {
         policy_options options{.allow_origins = {"https://a.example"}};
         for (int i = 0; i < 66; ++i) {
             options.allow_headers.push_back("X-" + std::to_string(i) + "-*");
         }
         return options;
     },
     {header_prefixes_too_many, "allow_headers", 64, "X-64-*", "list the names"}},
    {"credentials allowed and refused",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_credentials = true,
                               .refuse_credentials = true};
     },
     {credentials_allowed_and_refused, "refuse_credentials", none, "", "keep one"}},
    {"Authorization allowed, and refused",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = {"X-A", "authorization"},
                               .refuse_credentials = true};
     },
     {credentials_allowed_and_refused, "allow_headers", 1, "authorization", "leave it out"}},

    {"an entry twice",
     [] { return policy_options{.allow_origins = {"https://a.example", "HTTPS://A.example:443"}}; },
     {duplicate_entry, "allow_origins", 1, "HTTPS://A.example:443", "leave it out"}},
    {"a pattern twice",
     [] {
         return policy_options{.allow_origins = {"https://*.a.example:*", "https://*.A.example:*"}};
     },
     {duplicate_entry, "allow_origins", 1, "https://*.A.example:*", "leave it out"}},
    {"a method twice",
     [] { return with_method("DELETE"); },
     {duplicate_entry, "allow_methods", 1, "DELETE", "leave it out"}},
    {"a header twice, in another case",
     [] { return with_header("x-a"); },
     {duplicate_entry, "allow_headers", 1, "x-a", "leave it out"}},
    {"any origin beside others",
     [] { return policy_options{.allow_origins = {"*", "https://a.example"}}; },
     {any_beside_others, "allow_origins", none, "", "keep * alone"}},
    {"any method beside others",
     [] {
         policy_options options = with_method("*");
         options.allow_headers = {"Content-*"};
         return options;
     },
     {any_beside_others, "allow_methods", 1, "*", "keep * alone"}},
    {"any method before others",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_methods = {"*", "DELETE"},
                               .allow_headers = {"Content-*"}};
     },
     {any_beside_others, "allow_methods", 0, "*", "keep * alone"}},
    {"any header beside others",
     [] { return with_header("*"); },
     {any_beside_others, "allow_headers", 1, "*", "Authorization"}},
    {"an own origin that is a pattern",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .own_origins = {"https://b.example", "https://*.b.example"}};
     },
     {own_origin_is_pattern, "own_origins", 1, "https://*.b.example", "one by one"}},
    {"an own origin that is none",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .own_origins = {"b.example"}};
     },
     {origin_scheme_missing, "own_origins", 0, "b.example", R"(write "https://b.example")"}},
    {"a scheme that no Origin has",
     [] { return policy_options{.allow_origins = {"wss://example.com"}}; },
     {scheme_never_sent, "allow_origins", 0, "wss://example.com",
      "the page that opens the socket"}},
    {"a page of a file",
     [] { return policy_options{.allow_origins = {"file://"}}; },
     {scheme_never_sent, "allow_origins", 0, "file://", "http://localhost:*"}},
    {"a page without a server",
     [] { return policy_options{.allow_origins = {"blob://a"}}; },
     {scheme_never_sent, "allow_origins", 0, "blob://a", "null"}},
    {"patch in lower case",
     [] { return with_method("patch"); },
     {method_lower_case, "allow_methods", 1, "patch", "PATCH"}},
    {"a name that is exposed anyway",
     [] { return with_exposed("Content-Type"); },
     {header_already_safelisted, "expose_headers", 1, "Content-Type", "leave it out"}},
    {"an age that no browser honours",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 86401}; },
     {max_age_not_honoured, "max_age", none, "86401", "86400"}},
    {"a page of a script",
     [] { return policy_options{.allow_origins = {"javascript://a"}}; },
     {scheme_never_sent, "allow_origins", 0, "javascript://a", "null"}},
    {"data that is a page",
     [] { return policy_options{.allow_origins = {"data://a"}}; },
     {scheme_never_sent, "allow_origins", 0, "data://a", "null"}},
    {"an empty page",
     [] { return policy_options{.allow_origins = {"about://a"}}; },
     {scheme_never_sent, "allow_origins", 0, "about://a", "null"}},
    {"a socket's scheme",
     [] { return policy_options{.allow_origins = {"ws://localhost"}}; },
     {scheme_never_sent, "allow_origins", 0, "ws://localhost", "the page that opens the socket"}},
    {"a wildcard under a public suffix with a dot behind it",
     [] { return policy_options{.allow_origins = {"https://*.com."}, .allow_credentials = true}; },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.com.", "at least one label"}},
    {"a wildcard under what is loopback but for a second dot",
     [] {
         return policy_options{.allow_origins = {"app://a*.localhost.."},
                               .allow_credentials = true};
     },
     {credentials_with_public_suffix, "allow_origins", 0, "app://a*.localhost..",
      "at least one label"}},
    {"a wildcard under what is loopback in another spelling only",
     [] {
         return policy_options{.allow_origins = {"app://*.LocalHost"}, .allow_credentials = true};
     },
     {credentials_with_public_suffix, "allow_origins", 0, "app://*.LocalHost",
      "at least one label"}},
    {"a wildcard under what the caller calls a suffix, with a dot behind it",
     [] {
         return policy_options{
             .allow_origins = {"https://*.Tenants.example."},
             .allow_credentials = true,
             .is_public_suffix = [](std::string_view host) { return host == "tenants.example"; }};
     },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.Tenants.example.",
      "at least one label"}},
    {"a wildcard in the only label of a host",
     [] { return policy_options{.allow_origins = {"app://a*"}}; },
     {wildcard_over_public_suffix, "allow_origins", 0, "app://a*", "at least one label"}},
    {"own origins of any port",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .own_origins = {"http://localhost:*"}};
     },
     {own_origin_is_pattern, "own_origins", 0, "http://localhost:*", "one by one"}},
    {"null as an own origin",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .own_origins = {"null"}}; },
     {own_origin_is_pattern, "own_origins", 0, "null", "one by one"}},
    {"an exposed * beside others",
     [] { return with_exposed("*"); },
     {any_beside_others, "expose_headers", 1, "*", "keep * alone"}},
    {"a forbidden method that is tolerated",
     [] {
         policy_options options = with_method("TRACE");
         options.tolerate_forbidden_names = true;
         return options;
     },
     {name_never_requested, "allow_methods", 1, "TRACE", "leave it out"}},
    {"a forbidden exposed name that is tolerated",
     [] {
         policy_options options = with_exposed("Set-Cookie");
         options.tolerate_forbidden_names = true;
         return options;
     },
     {name_never_requested, "expose_headers", 1, "Set-Cookie", "leave it out"}},
    {"any method, and no JSON",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_methods = {"*"},
                               .allow_headers = {"X-A"}};
     },
     {content_type_not_listed, "allow_headers", none, "", "Content-Type"}},
    {"a status before those that browsers go on from",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = 199}; },
     {preflight_status_not_ok, "preflight_status", none, "199", "204"}},
    {"a status behind those that browsers go on from",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = 300}; },
     {preflight_status_not_ok, "preflight_status", none, "300", "204"}},
    {"a status of a refused preflight behind those",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .denied_preflight_status = 300};
     },
     {denied_status_malformed, "denied_preflight_status", none, "300", "403"}},
    {"the longest max_age there can be is longer than any browser remembers",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 2147483647}; },
     {max_age_not_honoured, "max_age", none, "2147483647", "86400"}},
    {"a header name of one byte too much",
     [] { return with_header(name_of_257); },
     {header_name_malformed, "allow_headers", 1, name_of_257, "X-Request-Id"}},
    {"a credential before others, where credentials are refused",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = {"authorization", "X-A"},
                               .refuse_credentials = true};
     },
     {credentials_allowed_and_refused, "allow_headers", 0, "authorization", "leave it out"}},
    {"a forbidden name that is tolerated",
     [] {
         policy_options options = with_header("Cookie");
         options.tolerate_forbidden_names = true;
         return options;
     },
     {name_never_requested, "allow_headers", 1, "Cookie", "leave it out"}},
};

TEST_CASE("every mistake is reported with its code, place, text and advice") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        support::check_mistake(r.options(), r.expected);
    }
}

struct clean_row {
    const char* about;
    policy_options (*options)();
};

const clean_row clean_rows[] = {
    {"the longest names",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_methods = {method_of_64},
                               .allow_headers = {name_of_256},
                               .expose_headers = {name_of_256}};
     }},
    {"as long as a browser remembers",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 86400}; }},
    {"the last status that browsers go on from",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .preflight_status = 299,
                               .denied_preflight_status = 299};
     }},
    {"the first one",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .preflight_status = 200,
                               .denied_preflight_status = 200};
     }},
    {"any header alone",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .allow_headers = {"*"}}; }},
    {"any header, and Authorization, which that does not cover",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = {"*", "authorization"}};
     }},
    {"any name exposed",
     [] {
         return policy_options{.allow_origins = {"https://a.example"}, .expose_headers = {"*"}};
     }},
};

TEST_CASE("what is just right is neither a mistake nor a warning") {
    for (const clean_row& r : clean_rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options());
        CHECK(built);
        CHECK(built.errors().empty());
        CHECK(built.warnings().empty());
    }
}

TEST_CASE("that no JSON can be sent is said of a method, where it is not any") {
    const auto said = [](std::string_view method) {
        const auto built = corsac::make_policy({.allow_origins = {"https://a.example"},
                                                .allow_methods = {method},
                                                .allow_headers = {"X-A"}});
        REQUIRE(built.warnings().size() == 1);
        const std::string text{(*built.warnings().begin()).message()};
        return text;
    };
    CHECK(said("PUT").find("so pages cannot send JSON with PUT") != std::string::npos);
    CHECK(said("*").find("so pages cannot send JSON") != std::string::npos);
    CHECK(said("*").find("JSON with") == std::string::npos);
}

TEST_CASE("of one own origin that is none, one mistake is reported") {
    const auto built = corsac::make_policy(
        {.allow_origins = {"https://a.example"}, .own_origins = {"https://*.b.example/path"}});
    CHECK(built.errors().size() == 1);
}

TEST_CASE("any host over plain http is two mistakes with credentials, any origin is one") {
    const auto codes = [](std::string_view origin) {
        const auto built =
            corsac::make_policy({.allow_origins = {origin}, .allow_credentials = true});
        std::string all;
        for (const corsac::config_error& e : built.errors()) {
            all.append(corsac::name_of(e.code())).append(" ");
        }
        return all;
    };
    CHECK(codes("*") == "credentials_with_any_origin ");
    CHECK(codes("https://*") == "credentials_with_any_origin ");
    CHECK(codes("http://*") == "credentials_with_any_origin credentials_with_insecure_origin ");
}

/// Codes whose rows are in the test of the header that they are about; the last one needs 2 GiB.
struct code_range {
    config_code first, last;
};
constexpr code_range elsewhere[] = {
    {origin_empty, wildcard_in_ip},                               // origin/parse_origin_pattern
    {credentials_with_any_origin, credentials_with_null_origin},  // policy/origin_judge
    {null_origin_allowed, wildcard_over_public_suffix},           // the same
    {matchers_too_many, matcher_of_everything},                   // interop/matchers
    {credentials_with_unproved_expression, credentials_with_unproved_expression},  // the same
    {expression_unproved, expression_unproved},                                    // the same
    {hostname_malformed, condition_malformed},         // table/policy_table_builder
    {origin_is_expression, network_not_private},       // origin/parse_origin_pattern
    {matcher_more_dangerous, matcher_more_dangerous},  // live/shared_origins
    {matcher_of_strangers, matcher_of_strangers},      // below
    {policy_too_large, policy_too_large},
};

TEST_CASE("every code has a row") {
    support::check_every_code(
        rows, [](const row& r) { return r.expected.code; },
        [](config_code code) {
            for (const code_range& range : elsewhere) {
                if (code >= range.first && code <= range.last) return false;
            }
            return true;
        });
}

TEST_CASE("all mistakes are reported together, in the order of the fields") {
    const auto built = corsac::make_policy({
        .allow_origins = {"https://ok.example", "HTTP://me@a..example/x:1", "null"},
        .allow_methods = {"put", "TRACE"},
        .allow_headers = {"Host", "a/b"},
        .expose_headers = {"*", "Set-Cookie"},
        .allow_credentials = true,
        .max_age = -5,
        .preflight_status = 404,
    });
    REQUIRE_FALSE(built);
    const config_code expected[] = {
        origin_has_userinfo,          origin_host_malformed, origin_has_path,
        credentials_with_null_origin, method_wrong_case,     method_forbidden,
        header_name_forbidden,        header_name_malformed, credentials_with_expose_any,
        header_name_forbidden,        max_age_negative,      preflight_status_not_ok};
    REQUIRE(built.errors().size() == std::size(expected));
    for (std::size_t i = 0; i < std::size(expected); ++i) {
        CHECK(corsac::name_of(built.errors()[i].code()) == corsac::name_of(expected[i]));
    }
}

constexpr policy_options every_field() {
    return {
        .allow_origins = {"HTTPS://Example.com:443", "https://*.example.com:*",
                          "http://localhost:*", "https://preview-*.example.com"},
        .allow_methods = {"GET", "PUT", "PUT"},
        .allow_headers = {"Authorization", "X-Custom-*"},
        .expose_headers = {"X-Request-Id", "x-request-id"},
        .allow_credentials = true,
        .max_age = 600,
        .preflight_status = 200,
        .denied_preflight_status = 204,
        .reject_disallowed = true,
        .disclose_requested_only = true,
        .advertise = true,
        .forward_denied_preflights = true,
        .forward_granted_preflights = true,
        .keep_existing = true,
        .allow_private_network = true,
        .shadow = true,
        .tolerate_forbidden_names = true,
    };
}

constexpr bool survives_a_round_trip() {
    const auto first = corsac::make_policy(every_field());
    const policy_options options = first->options();
    const auto second = corsac::make_policy(options);
    return *first == *second && options == second->options() &&
           options.allow_origins ==
               corsac::text_list{"https://example.com", "https://*.example.com:*",
                                 "http://localhost:*", "https://preview-*.example.com"} &&
           options.allow_methods == corsac::text_list{"GET", "PUT"} &&
           options.expose_headers == corsac::text_list{"X-Request-Id"} && options.max_age == 600 &&
           options.preflight_status == 200 && options.denied_preflight_status == 204 &&
           options.reject_disallowed && options.disclose_requested_only && options.advertise &&
           options.forward_denied_preflights && options.forward_granted_preflights &&
           options.keep_existing && options.allow_private_network && options.shadow &&
           options.tolerate_forbidden_names;
}
static_assert(survives_a_round_trip());

TEST_CASE("a policy read back as options rebuilds an equal policy") {
    CHECK(survives_a_round_trip());
    const auto a = corsac::make_policy({.allow_origins = {"https://a.example"}, .max_age = 0});
    const auto b = corsac::make_policy({.allow_origins = {"https://a.example"}});
    CHECK(a->options().max_age == 0);
    const auto c =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .refuse_credentials = true});
    CHECK(c->options().refuse_credentials);
    CHECK_FALSE(b->options().refuse_credentials);
    CHECK_FALSE(b->options().max_age.has_value());
    CHECK_FALSE(*a == *b);
}

TEST_CASE("policies that differ in one byte of their lists are not equal") {
    policy_options a{.allow_origins = {"https://a.example"}, .allow_headers = {"X-A"}}, b = a;
    b.allow_headers = {"X-B"};
    CHECK(*corsac::make_policy(a) == *corsac::make_policy(a));
    CHECK_FALSE(*corsac::make_policy(a) == *corsac::make_policy(b));
    b = a;
    b.max_age = 5;
    CHECK_FALSE(*corsac::make_policy(a) == *corsac::make_policy(b));
    b.allow_origins = {"https://b.example"};
    CHECK_FALSE(*corsac::make_policy(a) == *corsac::make_policy(b));
}

TEST_CASE("a network with credentials is one's own risk, and may be taken") {
    policy_options options{.allow_origins = {"http://192.168.0.0/16"}, .allow_credentials = true};
    CHECK_FALSE(corsac::make_policy(options));
    options.dangerously_allow_insecure_origins_with_credentials = true;
    CHECK(corsac::make_policy(options));
}

TEST_CASE("repeated entries leave no trace in a policy") {
    const corsac::text_list once{"https://a.example", "https://*.a.example"};
    corsac::text_list often;
    for (int i = 0; i < 9; ++i) {
        for (const std::string_view entry : once) often.push_back(entry);
    }
    const auto a = corsac::make_policy({.allow_origins = once});
    const auto b = corsac::make_policy({.allow_origins = often});
    CHECK(*a == *b);
    CHECK(b->options().allow_origins == once);
    CHECK(b.warnings().size() == 16);
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

/// What is said of a matcher, by its code; nothing if a policy is built without a word.
template <class Matcher>
std::string_view said_of(bool credentials, const Matcher& matcher) {
    const auto built = corsac::make_policy({.allow_credentials = credentials}, matcher);
    const corsac::config_errors& said = built ? built.warnings() : built.errors();
    if (said.empty()) return "";
    CHECK(said[0].field() == "matcher");
    return corsac::name_of(said[0].code());
}

TEST_CASE("a predicate that lets strangers in is noticed, whatever they are called") {
    const auto said = [](bool credentials, auto predicate) {
        const corsac::origin_if matcher{predicate};
        const auto same = said_of(credentials, matcher);
        CHECK(said_of(credentials, corsac::any_of{matcher, matcher}) == same);
        return same;
    };
    const auto ends_with = [](std::string_view end) {
        return [end](std::string_view o) {
            return o.size() >= end.size() && o.substr(o.size() - end.size()) == end;
        };
    };
    const auto yes = [](std::string_view) { return true; };
    CHECK(said(true, yes) == "credentials_with_any_origin");
    CHECK(said(false, yes) == "matcher_of_strangers");
    CHECK(said(true, [](std::string_view o) { return o.substr(0, 8) == "https://"; }) ==
          "credentials_with_any_origin");
    CHECK(said(true, [](std::string_view o) { return o != "https://evil.example"; }) ==
          "credentials_with_any_origin");
    CHECK(said(true, ends_with(".com")) == "credentials_with_any_origin");
    CHECK(said(true, ends_with(".github.io")) == "credentials_with_public_suffix");
    CHECK(said(false, ends_with(".github.io")) == "wildcard_over_public_suffix");
    CHECK(said(true, ends_with(".example.com")) == "");
    CHECK(said(false, ends_with(".example.com")) == "");
    CHECK(said(true, [](std::string_view) { return false; }) == "");
    CHECK(corsac::make_policy(
        {.allow_credentials = true, .dangerously_allow_any_origin_with_credentials = true},
        corsac::origin_if{yes}));
}

TEST_CASE("a predicate may let apps and the user's own network in, without credentials") {
    for (const std::string_view scheme :
         {"moz-extension://", "chrome-extension://", "app://", "https://192.168.", "https://10."}) {
        CAPTURE(scheme);
        const corsac::origin_if matcher{[scheme](std::string_view origin) {
            return origin.substr(0, scheme.size()) == scheme;
        }};
        const auto built = corsac::make_policy({}, matcher);
        CHECK(built);
        CHECK(built.warnings().size() == 0);
        CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, matcher));
    }
}

TEST_CASE("the origins of another policy are judged like entries") {
    const struct {
        const char* entry;
        std::string_view code;
    } entries[] = {
        {"*", "credentials_with_any_origin"},
        {"https://*", "credentials_with_any_origin"},
        {"null", "credentials_with_null_origin"},
        {"http://a.example", "credentials_with_insecure_origin"},
        {"http://192.168.0.0/16", "credentials_with_insecure_origin"},
        {"https://*.com", "credentials_with_public_suffix"},
        {"https://a.example", ""},
        {"http://localhost:*", ""},
        {"app://*.localhost.", ""},
    };
    const corsac::origin_if no{[](std::string_view) { return false; }};
    for (const auto& row : entries) {
        CAPTURE(row.entry);
        const auto other = corsac::make_policy({.allow_origins = {row.entry}});
        REQUIRE(other);
        CHECK(said_of(true, other->origins()) == row.code);
        CHECK(said_of(true, corsac::any_of{no, other->origins()}) == row.code);
        CHECK(said_of(true, corsac::any_of{no, corsac::any_of{other->origins(), no}}) == row.code);
        const auto joined = corsac::make_policy({}, corsac::any_of{no, other->origins()});
        CHECK(said_of(true, joined->origins()) == row.code);
    }
}

#if defined(__cpp_exceptions)
TEST_CASE("a predicate that throws when it is asked for strangers lets none in") {
    CHECK(said_of(true, corsac::origin_if{[](std::string_view) -> bool { throw 1; }}) == "");
}
#endif

TEST_CASE("a policy with a matcher gives the entries of its list back") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a.example", "https://*.a.example"}},
                            corsac::origin_if{[](std::string_view) { return false; }});
    REQUIRE(built);
    CHECK(built->options().allow_origins ==
          corsac::text_list{"https://a.example", "https://*.a.example"});
}

TEST_CASE("allows_origin guards a WebSocket upgrade") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://app.example", "https://*.app.example"}});
    CHECK(built->allows_origin("https://app.example"));
    CHECK(built->allows_origin("https://a.app.example"));
    CHECK_FALSE(built->allows_origin("https://evil.example"));
    CHECK_FALSE(built->allows_origin("null"));
    CHECK_FALSE(built->allows_origin(""));
}

TEST_CASE("a copy does not share anything with the policy it came from") {
    auto built = corsac::make_policy({.allow_origins = {"https://a.example"}});
    corsac::policy copy = *built;
    built = corsac::make_policy({.allow_origins = {"https://b.example"}});
    CHECK(copy.allows_origin("https://a.example"));
    CHECK_FALSE(copy.allows_origin("https://b.example"));
    corsac::policy moved = std::move(copy);
    CHECK(moved.allows_origin("https://a.example"));
}

// --- matchers of the caller's, however they look ------------------------------------------------

bool builds_with_credentials(auto allows) {
    return bool(corsac::make_policy({.allow_credentials = true}, corsac::origin_if{allows}));
}

TEST_CASE("a predicate that lets strangers in is noticed, whatever strangers are called") {
    const auto only = [](std::string_view origin, std::string_view scheme, auto may_be) {
        if (!origin.starts_with(scheme)) return false;
        for (const char c : origin.substr(scheme.size())) {
            if (!may_be(c)) return false;
        }
        return true;
    };
    const auto letter_or_dot = [](char c) { return c == '.' || (c >= 'a' && c <= 'z'); };
    CHECK_FALSE(builds_with_credentials(
        [=](std::string_view o) { return only(o, "https://", letter_or_dot); }));
    for (const char* begin : {"https://192.168.", "https://10."}) {
        const auto on_network = [begin](std::string_view o) { return o.starts_with(begin); };
        CHECK_FALSE(builds_with_credentials(on_network));
        CHECK(corsac::make_policy({}, corsac::origin_if{on_network}).warnings().size() == 0);
    }
    for (const char* end : {".com", ".org.uk", ".de", ".fly.dev", ".blogspot.com"}) {
        CHECK_FALSE(
            builds_with_credentials([end](std::string_view o) { return o.ends_with(end); }));
    }
    for (const char* apps : {"chrome-extension://", "moz-extension://", "app://"}) {
        CHECK_FALSE(
            builds_with_credentials([apps](std::string_view o) { return o.starts_with(apps); }));
    }
    CHECK(builds_with_credentials([](std::string_view o) {
        return o.ends_with(".example.com") && o.starts_with("https://");
    }));
}

struct judges_for_itself {
    using judges_itself = judges_for_itself;
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        return origin == "https://a.example" ? origin : std::string_view{};
    }
};
struct derived_from_it : judges_for_itself {
    [[nodiscard]] constexpr std::string_view match(std::string_view origin) const noexcept {
        return origin;
    }
};
struct returns_a_text_of_its_own {
    [[nodiscard]] std::string match(std::string_view origin) const { return std::string(origin); }
};
static_assert(corsac::origin_matcher<judges_for_itself>);
static_assert(!corsac::origin_matcher<returns_a_text_of_its_own>, "it would be gone when read");

TEST_CASE("who is derived from a matcher that judges itself is judged") {
    const corsac::policy_options options{.allow_credentials = true};
    CHECK(corsac::make_policy(options, judges_for_itself{}));
    CHECK_FALSE(corsac::make_policy(options, derived_from_it{}));
}

TEST_CASE("a public suffix is one in any letter case, also where hosts keep theirs") {
    for (const char* entry : {"foo://*.CO.UK", "foo://*.GitHub.io", "foo://*.co.uk"}) {
        CHECK_FALSE(corsac::make_policy({.allow_origins = {entry}, .allow_credentials = true}));
    }
}

TEST_CASE("the cost of a mistake does not grow with its square") {
    const std::string brackets(2'000'000, '[');
    CHECK_FALSE(corsac::make_policy({.allow_origins = {"https://" + brackets}}));
    CHECK_FALSE(corsac::make_policy({.allow_origins = {"https://a.example"},
                                     .allow_headers = {brackets + std::string(100, ']')}}));
}

}  // namespace
