// SPDX-License-Identifier: MIT
#include <corsac/policy/policy.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corsac::config_code;
using corsac::policy_options;
using enum corsac::config_code;

/// One mistake: what is reported about it, error or warning.
struct row {
    const char* about;
    policy_options (*options)();
    config_code code;
    std::string_view field;
    std::size_t index;
    std::string_view text;
    std::string_view advice;  ///< a part of it
};

constexpr std::size_t none = corsac::no_index;

policy_options with_origin(std::string_view origin, bool credentials) {
    return {.allow_origins = {origin}, .allow_credentials = credentials};
}
policy_options with_method(std::string_view method) {
    return {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT", method}};
}
policy_options with_header(std::string_view name) {
    return {.allow_origins = {"https://a.example"}, .allow_headers = {"X-A", name}};
}
policy_options with_exposed(std::string_view name) {
    return {.allow_origins = {"https://a.example"}, .expose_headers = {"X-A", name}};
}

const row rows[] = {
    {"an empty list allows nobody", [] { return policy_options{}; }, origins_empty, "allow_origins",
     none, "", "write at least one"},
    {"an empty entry", [] { return with_origin("", false); }, origin_empty, "allow_origins", 0, "",
     "https://example.com"},
    {"a host alone", [] { return with_origin("example.com", false); }, origin_scheme_missing,
     "allow_origins", 0, "example.com", R"(write "https://example.com")"},
    {"a host and a port", [] { return with_origin("Localhost:3000", false); },
     origin_scheme_missing, "allow_origins", 0, "Localhost:3000",
     R"(write "https://localhost:3000")"},
    {"a malformed scheme", [] { return with_origin("ht_tp://example.com", false); },
     origin_scheme_malformed, "allow_origins", 0, "ht_tp://example.com",
     R"(write "https://example.com")"},
    {"userinfo", [] { return with_origin("https://me:pw@example.com", false); },
     origin_has_userinfo, "allow_origins", 0, "https://me:pw@example.com",
     R"(write "https://example.com")"},
    {"a trailing slash", [] { return with_origin("https://Example.com:443/", true); },
     origin_has_path, "allow_origins", 0, "https://Example.com:443/",
     R"(write "https://example.com")"},
    {"a path", [] { return with_origin("https://example.com/app", false); }, origin_has_path,
     "allow_origins", 0, "https://example.com/app", R"(write "https://example.com")"},
    {"a query", [] { return with_origin("https://example.com?x", false); }, origin_has_path,
     "allow_origins", 0, "https://example.com?x", R"(write "https://example.com")"},
    {"a fragment behind any port", [] { return with_origin("http://localhost:*#x", false); },
     origin_has_path, "allow_origins", 0, "http://localhost:*#x", R"(write "http://localhost:*")"},
    {"no host", [] { return with_origin("https://", false); }, origin_host_missing, "allow_origins",
     0, "https://", "https://example.com"},
    {"no host but a port", [] { return with_origin("https://:80", false); }, origin_host_missing,
     "allow_origins", 0, "https://:80", "https://example.com"},
    {"a space", [] { return with_origin("https://exa mple.com", false); }, origin_host_malformed,
     "allow_origins", 0, "https://exa mple.com", "letters"},
    {"an empty label", [] { return with_origin("https://a..example.com", false); },
     origin_host_malformed, "allow_origins", 0, "https://a..example.com", "single dots"},
    {"a leading dot", [] { return with_origin("https://.example.com", false); },
     origin_host_malformed, "allow_origins", 0, "https://.example.com", "single dots"},
    {"an internationalised host",
     [] {
         return with_origin("https://b\xc3\xbc"
                            "cher.example",
                            false);
     },
     origin_host_unicode, "allow_origins", 0,
     "https://b\xc3\xbc"
     "cher.example",
     "xn--"},
    {"a host that is too long",
     [] { return with_origin("https://" + std::string(300, 'a') + ".example", false); },
     origin_host_too_long, "allow_origins", 0, "", "check the host name"},
    {"a number that is no address", [] { return with_origin("http://10.0.0", false); },
     origin_ip_malformed, "allow_origins", 0, "http://10.0.0", "four numbers"},
    {"an IPv6 address without its end", [] { return with_origin("http://[::1:3000", false); },
     origin_ip_malformed, "allow_origins", 0, "http://[::1:3000", "http://[::1]:3000"},
    {"an IPv6 address with nine pieces",
     [] { return with_origin("http://[1:2:3:4:5:6:7:8:9]", false); }, origin_ip_malformed,
     "allow_origins", 0, "http://[1:2:3:4:5:6:7:8:9]", "http://[::1]:3000"},
    {"no digits in the port", [] { return with_origin("https://example.com:", false); },
     origin_port_malformed, "allow_origins", 0, "https://example.com:", ":* for any port"},
    {"port 0", [] { return with_origin("https://example.com:0", false); }, origin_port_malformed,
     "allow_origins", 0, "https://example.com:0", "1 to 65535"},
    {"port 65536", [] { return with_origin("https://example.com:65536", false); },
     origin_port_malformed, "allow_origins", 0, "https://example.com:65536", "1 to 65535"},
    {"a leading zero in the port", [] { return with_origin("https://example.com:0443", false); },
     origin_port_malformed, "allow_origins", 0, "https://example.com:0443", "leading zeros"},
    {"part of a port", [] { return with_origin("https://example.com:80*", false); },
     origin_port_malformed, "allow_origins", 0, "https://example.com:80*", ":* for any port"},
    {"two wildcards", [] { return with_origin("https://*.a-*.example.com", false); },
     wildcard_repeated, "allow_origins", 0, "https://*.a-*.example.com", "list several"},
    {"a wildcard in the scheme", [] { return with_origin("*://example.com", false); },
     wildcard_in_scheme, "allow_origins", 0, "*://example.com", R"(write "https://example.com")"},
    {"a wildcard in the last label", [] { return with_origin("https://example.*", false); },
     wildcard_in_top_label, "allow_origins", 0, "https://example.*", "further left"},
    {"a wildcard beside the only label", [] { return with_origin("http://*host", false); },
     wildcard_in_top_label, "allow_origins", 0, "http://*host", "further left"},
    {"a wildcard in an IPv4 address", [] { return with_origin("http://10.*.0.1", false); },
     wildcard_in_ip, "allow_origins", 0, "http://10.*.0.1", "one by one"},
    {"a wildcard in an IPv6 address", [] { return with_origin("http://[::*]", false); },
     wildcard_in_ip, "allow_origins", 0, "http://[::*]", "one by one"},

    {"any origin with credentials", [] { return with_origin("*", true); },
     credentials_with_any_origin, "allow_origins", 0, "*", "allow_credentials = false"},
    {"any host with credentials", [] { return with_origin("https://*", true); },
     credentials_with_any_origin, "allow_origins", 0, "https://*", "list the origins"},
    {"plain http with credentials", [] { return with_origin("http://example.com", true); },
     credentials_with_insecure_origin, "allow_origins", 0, "http://example.com", "https://"},
    {"a wildcard under a top-level domain with credentials",
     [] { return with_origin("https://*.com", true); }, credentials_with_public_suffix,
     "allow_origins", 0, "https://*.com", "a domain that is yours"},
    {"part of a label under a top-level domain with credentials",
     [] { return with_origin("https://my-*.com", true); }, credentials_with_public_suffix,
     "allow_origins", 0, "https://my-*.com", "a domain that is yours"},
    {"a wildcard under a suffix that the predicate knows",
     [] {
         policy_options options = with_origin("https://*.github.io", true);
         options.is_public_suffix = [](std::string_view host) { return host == "github.io"; };
         return options;
     },
     credentials_with_public_suffix, "allow_origins", 0, "https://*.github.io",
     "a domain that is yours"},
    {"null with credentials", [] { return with_origin("null", true); },
     credentials_with_null_origin, "allow_origins", 0, "null",
     "dangerously_allow_null_origin_with_credentials"},

    {"no token", [] { return with_method("PU T"); }, method_malformed, "allow_methods", 1, "PU T",
     "PUT"},
    {"an endless method", [] { return with_method(std::string(257, 'A')); }, method_malformed,
     "allow_methods", 1, "", "PUT"},
    {"an endless header name", [] { return with_header(std::string(65536, 'A')); },
     header_name_malformed, "allow_headers", 1, "", "X-Request-Id"},
    {"an empty method", [] { return with_method(""); }, method_malformed, "allow_methods", 1, "",
     "PUT"},
    {"a method that is longer than any",
     [] {
         return with_method("MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM");
     },
     method_malformed, "allow_methods", 1,
     "MMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMMM", "PUT"},
    {"a forbidden method", [] { return with_method("TRACE"); }, method_forbidden, "allow_methods",
     1, "TRACE", "leave it out"},
    {"a forbidden method in any case", [] { return with_method("connect"); }, method_forbidden,
     "allow_methods", 1, "connect", "leave it out"},
    {"a case that never arrives", [] { return with_method("delete"); }, method_wrong_case,
     "allow_methods", 1, "delete", R"(write "DELETE")"},
    {"no header name", [] { return with_header("X A"); }, header_name_malformed, "allow_headers", 1,
     "X A", "X-Request-Id"},
    {"a header with its colon", [] { return with_header("X-A:"); }, header_name_malformed,
     "allow_headers", 1, "X-A:", "X-Request-Id"},
    {"a header that scripts cannot set", [] { return with_header("Cookie"); },
     header_name_forbidden, "allow_headers", 1, "Cookie", "leave it out"},
    {"a header with a forbidden prefix", [] { return with_header("Sec-Custom"); },
     header_name_forbidden, "allow_headers", 1, "Sec-Custom", "leave it out"},
    {"a pattern of forbidden names", [] { return with_header("Proxy-*"); }, header_name_forbidden,
     "allow_headers", 1, "Proxy-*", "leave it out"},
    {"a wildcard in the middle", [] { return with_header("X-*-Id"); }, header_wildcard_misplaced,
     "allow_headers", 1, "X-*-Id", "X-Custom-*"},
    {"no exposed name", [] { return with_exposed(""); }, header_name_malformed, "expose_headers", 1,
     "", "X-Request-Id"},
    {"a pattern of exposed names", [] { return with_exposed("X-*"); }, header_wildcard_misplaced,
     "expose_headers", 1, "X-*", "list the names"},
    {"a cookie is never exposed", [] { return with_exposed("set-cookie"); }, header_name_forbidden,
     "expose_headers", 1, "set-cookie", "leave it out"},
    {"expose any with credentials",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .expose_headers = {"*"},
                               .allow_credentials = true};
     },
     credentials_with_expose_any, "expose_headers", 0, "*", "list the names"},
    {"a negative age",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = -1}; },
     max_age_negative, "max_age", none, "-1", "write 0"},
    {"an age that overflows",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 2147483648}; },
     max_age_too_large, "max_age", none, "2147483648", "86400"},
    {"a status that refuses",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .preflight_status = 304}; },
     preflight_status_not_ok, "preflight_status", none, "304", "204"},
    {"a status that is no refusal",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .denied_preflight_status = 302};
     },
     denied_status_malformed, "denied_preflight_status", none, "302", "403"},
    {"more places for a * than a host has",
     [] {
         policy_options options;
         for (int before = 0; before < 20; ++before) {
             for (int after = 0; after < 13; ++after) {
                 const std::string fixed(static_cast<std::size_t>(after), 'b');
                 options.allow_origins.push_back(
                     "https://" + std::string(static_cast<std::size_t>(before), 'a') + "-*-" +
                     fixed + ".example.com");
             }
         }
         return options;
     },
     origin_shapes_too_many, "allow_origins", 256,
     "https://aaaaaaaaaaaaaaaaaaa-*-bbbbbbbbb.example.com", "begin the host"},
    {"one prefix more than preflights are compared with",
     [] {
         policy_options options{.allow_origins = {"https://a.example"}};
         for (int i = 0; i < 66; ++i) {
             options.allow_headers.push_back("X-" + std::to_string(i) + "-*");
         }
         return options;
     },
     header_prefixes_too_many, "allow_headers", 64, "X-64-*", "list the names"},
    {"credentials allowed and refused",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_credentials = true,
                               .refuse_credentials = true};
     },
     credentials_allowed_and_refused, "refuse_credentials", none, "", "keep one"},
    {"Authorization allowed, and refused",
     [] {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = {"X-A", "authorization"},
                               .refuse_credentials = true};
     },
     credentials_allowed_and_refused, "allow_headers", 1, "authorization", "leave it out"},

    {"an entry twice",
     [] { return policy_options{.allow_origins = {"https://a.example", "HTTPS://A.example:443"}}; },
     duplicate_entry, "allow_origins", 1, "HTTPS://A.example:443", "leave it out"},
    {"a pattern twice",
     [] {
         return policy_options{.allow_origins = {"https://*.a.example:*", "https://*.A.example:*"}};
     },
     duplicate_entry, "allow_origins", 1, "https://*.A.example:*", "leave it out"},
    {"a method twice", [] { return with_method("PUT"); }, duplicate_entry, "allow_methods", 1,
     "PUT", "leave it out"},
    {"a header twice, in another case", [] { return with_header("x-a"); }, duplicate_entry,
     "allow_headers", 1, "x-a", "leave it out"},
    {"any origin beside others",
     [] { return policy_options{.allow_origins = {"*", "https://a.example"}}; }, any_beside_others,
     "allow_origins", none, "", "keep * alone"},
    {"any method beside others", [] { return with_method("*"); }, any_beside_others,
     "allow_methods", 1, "*", "keep * alone"},
    {"any header beside others", [] { return with_header("*"); }, any_beside_others,
     "allow_headers", 1, "*", "Authorization"},
    {"null without credentials", [] { return with_origin("null", false); }, null_origin_allowed,
     "allow_origins", 0, "null", "leave it out"},
    {"a wildcard under a top-level domain", [] { return with_origin("https://*.com", false); },
     wildcard_over_public_suffix, "allow_origins", 0, "https://*.com", "yours"},
    {"a scheme that no Origin has", [] { return with_origin("wss://example.com", false); },
     scheme_never_sent, "allow_origins", 0, "wss://example.com", "the page that opens the socket"},
    {"patch in lower case", [] { return with_method("patch"); }, method_lower_case, "allow_methods",
     1, "patch", "PATCH"},
    {"a name that is exposed anyway", [] { return with_exposed("Content-Type"); },
     header_already_safelisted, "expose_headers", 1, "Content-Type", "leave it out"},
    {"an age that no browser honours",
     [] { return policy_options{.allow_origins = {"https://a.example"}, .max_age = 86401}; },
     max_age_not_honoured, "max_age", none, "86401", "86400"},
    {"a forbidden name that is tolerated",
     [] {
         policy_options options = with_header("Cookie");
         options.tolerate_forbidden_names = true;
         return options;
     },
     name_never_requested, "allow_headers", 1, "Cookie", "leave it out"},
};

TEST_CASE("every mistake is reported with its code, place, text and advice") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto built = corsac::make_policy(r.options());
        const bool warning = corsac::is_warning(r.code);
        CHECK(static_cast<bool>(built) == warning);
        const corsac::config_errors& list = warning ? built.warnings() : built.errors();
        REQUIRE(list.size() == 1);
        CHECK((warning ? built.errors() : built.warnings()).size() == 0);
        const corsac::config_error& e = list[0];
        CHECK(corsac::name_of(e.code()) == corsac::name_of(r.code));
        CHECK(e.field() == r.field);
        CHECK(e.index() == r.index);
        if (e.text().size() <= 256) CHECK(e.text() == r.text);
        CHECK(e.advice().find(r.advice) != std::string_view::npos);
        CHECK(e.message().find(r.field) == 0);
        CHECK(e.message().find(e.advice()) != std::string_view::npos);
    }
}

TEST_CASE("every code has a row") {
    for (int code = 0; code <= static_cast<int>(name_never_requested); ++code) {
        if (code == static_cast<int>(policy_too_large)) continue;  // needs 2 GiB
        if (code > static_cast<int>(matcher_of_everything) &&
            code < static_cast<int>(duplicate_entry)) {
            continue;  // room for errors to come
        }
        const auto wanted = static_cast<config_code>(code);
        CAPTURE(corsac::name_of(wanted));
        CHECK_FALSE(corsac::name_of(wanted).empty());
        // These are of interop/string_matchers.test.cpp.
        if (wanted >= matchers_too_many && wanted <= matcher_of_everything) continue;
        bool found = false;
        for (const row& r : rows) found = found || r.code == wanted;
        CHECK(found);
    }
}

TEST_CASE("all mistakes are reported together, in the order of the fields") {
    const auto built = corsac::make_policy({
        .allow_origins = {"https://ok.example", "HTTP://me@a..example/x:1", "null"},
        .allow_methods = {"put", "TRACE"},
        .allow_headers = {"Host", "a b"},
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

TEST_CASE("a message is one line that says where, what, why and what to write") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example/\n"}});
    REQUIRE(built.errors().size() == 1);
    CHECK(built.errors()[0].message() ==
          R"(allow_origins[0]: "https://a.example/\x0a" has a path, query or fragment; )"
          R"(write "https://a.example")");
}

TEST_CASE("what an error says to write is right, and its message is one line") {
    for (const char* entry :
         {"//example.com", "https:example.com", "https:/example.com", "https://a\nb.example/",
          "a\x01", "https://a.example,https://b.example", "https:///path", "localhost:3000/",
          "ht tp://me@[::1]:80/x", "*://*.example.com:*/", "*.example.com", "NULL"}) {
        CAPTURE(entry);
        const auto built = corsac::make_policy({.allow_origins = {entry}});
        REQUIRE_FALSE(built);
        for (const corsac::config_error& e : built.errors()) {
            const std::string message{e.message()};
            CAPTURE(message);
            for (const char c : message) CHECK(static_cast<unsigned char>(c) >= 0x20);
            const std::string_view advice = e.advice();
            if (advice.substr(0, 7) != "write \"") continue;
            const auto better =
                corsac::make_policy({.allow_origins = {advice.substr(7, advice.size() - 8)}});
            CHECK(better);
        }
    }
}

TEST_CASE("the dangerous fields allow what their names say, and only that") {
    using toggle = void (*)(policy_options&);
    struct danger {
        const char* origin;
        toggle allow;
    };
    const danger dangers[] = {
        {"*", [](policy_options& o) { o.dangerously_allow_any_origin_with_credentials = true; }},
        {"http://example.com",
         [](policy_options& o) { o.dangerously_allow_insecure_origins_with_credentials = true; }},
        {"https://*.com",
         [](policy_options& o) { o.dangerously_allow_public_suffixes_with_credentials = true; }},
        {"null",
         [](policy_options& o) { o.dangerously_allow_null_origin_with_credentials = true; }},
    };
    for (const danger& d : dangers) {
        for (const danger& other : dangers) {
            CAPTURE(d.origin);
            CAPTURE(other.origin);
            policy_options options = with_origin(d.origin, true);
            other.allow(options);
            CHECK(static_cast<bool>(corsac::make_policy(options)) == (d.origin == other.origin));
        }
    }
}

TEST_CASE("what is secure with credentials needs no dangerous field") {
    for (const char* origin :
         {"https://example.com", "https://*.example.com", "http://localhost:*", "http://127.0.0.1",
          "http://[::1]:3000", "http://app.localhost", "http://*.localhost:8080",
          "capacitor://localhost", "chrome-extension://abc", "https://preview-*.example.com"}) {
        CAPTURE(origin);
        const auto built = corsac::make_policy(with_origin(origin, true));
        CHECK(built);
        CHECK(built.warnings().size() == 0);
    }
}

TEST_CASE("a public-suffix predicate is asked for the labels behind the wildcard") {
    policy_options options = with_origin("https://*.pages.dev", true);
    CHECK(corsac::make_policy(options));
    options.is_public_suffix = [](std::string_view host) { return host == "pages.dev"; };
    CHECK_FALSE(corsac::make_policy(options));
    options.allow_origins = {"https://*.mine.pages.dev"};
    CHECK(corsac::make_policy(options));
    options.allow_origins = {"https://branch-*.pages.dev"};
    CHECK_FALSE(corsac::make_policy(options));
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
           options.forward_denied_preflights && options.keep_existing &&
           options.allow_private_network && options.shadow && options.tolerate_forbidden_names;
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

TEST_CASE("a policy with a matcher gives the entries of its list back") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a.example", "https://*.a.example"}},
                            corsac::origin_if{[](std::string_view) { return false; }});
    REQUIRE(built);
    CHECK(built->options().allow_origins ==
          corsac::text_list{"https://a.example", "https://*.a.example"});
}

TEST_CASE("lists are taken from any range of texts") {
    const std::vector<std::string> owned{"https://a.example", "https://b.example"};
    const std::array<std::string_view, 1> views{"X-A"};
    const char* methods[] = {"PUT", "DELETE"};
    const auto built = corsac::make_policy(
        {.allow_origins = owned, .allow_methods = methods, .allow_headers = views});
    REQUIRE(built);
    CHECK(built->allows_origin("https://b.example"));
    CHECK(built->options().allow_methods == corsac::text_list{"PUT", "DELETE"});
    CHECK(built->options().allow_headers == corsac::text_list{"X-A"});
}

TEST_CASE("a range may be read once and make its texts as it goes") {
    struct countdown {
        struct sentinel {};
        struct iterator {
            int at;
            std::string operator*() const { return "X-" + std::to_string(at); }
            iterator& operator++() {
                --at;
                return *this;
            }
            bool operator!=(sentinel) const { return at != 0; }
        };
        iterator begin() { return {2}; }  // not const, as in std::views::filter
        sentinel end() { return {}; }
    };
    CHECK(corsac::text_list{countdown{}} == corsac::text_list{"X-2", "X-1"});
    countdown named;
    CHECK(corsac::text_list(named) == corsac::text_list{"X-2", "X-1"});
}

constexpr bool a_list_may_append_its_own_items() {
    corsac::text_list list{"https://a.example"};
    for (std::size_t i = 0; i < 9; ++i) list.push_back(list[i]);
    return list.size() == 10 && list[9] == "https://a.example";
}
static_assert(a_list_may_append_its_own_items());

constexpr bool braces_too_many_do_no_harm() {
    policy_options options;
    options.allow_methods = {{"PUT", "DELETE"}};
    return options.allow_methods == corsac::text_list{"PUT", "DELETE"};
}
static_assert(braces_too_many_do_no_harm());

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

}  // namespace
