// SPDX-License-Identifier: MIT
#include <corsac/policy/origin_judge.hpp>

#include "policy/mistake.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>

namespace {

using corsac::config_code;
using corsac::policy_options;
using enum corsac::config_code;

/// What a judge says, the last word of it.
struct verdict {
    int said = 0;
    config_code code{};
    std::string_view what{};
    std::string_view advice{};
};

struct recorder {
    verdict* last;
    constexpr void operator()(config_code code, std::string_view what,
                              std::string_view advice) const {
        *last = {last->said + 1, code, what, advice};
    }
};

using judge = corsac::origin_judge<recorder>;

/// One of the things that let origins in, and what is said of it: without credentials, with them,
/// and if the dangerous option is set.
struct row {
    const char* about;
    void (*ask)(const judge&);
    bool policy_options::* permission;
    bool is_warned_of;  ///< without credentials
    config_code warning;
    config_code error;
    std::string_view what;  ///< a part of the error
};

constexpr row rows[] = {
    {"null", [](const judge& j) { j.judge_null_origin(); },
     &policy_options::dangerously_allow_null_origin_with_credentials, true, null_origin_allowed,
     credentials_with_null_origin, "sandboxed frame"},
    {"any origin",
     [](const judge& j) { j.judge_any_origin(); },
     &policy_options::dangerously_allow_any_origin_with_credentials,
     false,
     {},
     credentials_with_any_origin,
     "every site"},
    {"plain http",
     [](const judge& j) { j.judge_insecure_origin(); },
     &policy_options::dangerously_allow_insecure_origins_with_credentials,
     false,
     {},
     credentials_with_insecure_origin,
     "anyone on the network"},
    {"a public suffix", [](const judge& j) { j.judge_public_suffix("lets in", "name a label"); },
     &policy_options::dangerously_allow_public_suffixes_with_credentials, true,
     wildcard_over_public_suffix, credentials_with_public_suffix, "strangers can register"},
    {"an unproved expression",
     [](const judge& j) { j.judge_unproved_expression("also accepts others", "name a domain"); },
     &policy_options::dangerously_allow_unproved_expressions_with_credentials, true,
     expression_unproved, credentials_with_unproved_expression, "also accepts others"},
};

constexpr verdict ask(const row& r, const policy_options& options) {
    verdict last;
    const recorder add{&last};
    r.ask(judge{options, add});
    return last;
}

constexpr bool holds(const row& r) {
    const verdict without = ask(r, {});
    if (without.said != (r.is_warned_of ? 1 : 0)) return false;
    if (r.is_warned_of && without.code != r.warning) return false;

    policy_options options;
    options.allow_credentials = true;
    const verdict with = ask(r, options);
    if (with.said != 1 || with.code != r.error || with.advice.empty()) return false;
    if (with.what.find(r.what) == std::string_view::npos) return false;

    for (const row& other : rows) {
        policy_options permitted = options;
        permitted.*other.permission = true;
        const bool own = other.permission == r.permission;
        if (ask(r, permitted).said != (own ? 0 : 1)) return false;
    }
    return true;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("what is insecure with credentials is an error, unless its own option permits it") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

TEST_CASE("the words for a public suffix are the caller's, but for what credentials add") {
    const auto said = [](bool credentials) {
        policy_options options;
        options.allow_credentials = credentials;
        verdict last;
        const recorder add{&last};
        judge{options, add}.judge_public_suffix("lets in whom nobody knows", "name a label");
        return last;
    };
    CHECK(said(false).what == "lets in whom nobody knows");
    CHECK(said(false).advice == "name a label");
    CHECK(said(true).what != "lets in whom nobody knows");
    CHECK(said(true).advice == "name a label");
}

// The same where a policy is built, for which entries are judged.

policy_options with_origin(std::string_view origin, bool credentials) {
    return {.allow_origins = {origin}, .allow_credentials = credentials};
}

struct entry_row {
    const char* about;
    policy_options (*options)();
    support::mistake expected;
};

const entry_row entries[] = {
    {"any origin with credentials",
     [] { return with_origin("*", true); },
     {credentials_with_any_origin, "allow_origins", 0, "*", "allow_credentials = false"}},
    {"any host with credentials",
     [] { return with_origin("https://*", true); },
     {credentials_with_any_origin, "allow_origins", 0, "https://*", "list the origins"}},
    {"plain http with credentials",
     [] { return with_origin("http://example.com", true); },
     {credentials_with_insecure_origin, "allow_origins", 0, "http://example.com", "https://"}},
    {"a wildcard under a top-level domain with credentials",
     [] { return with_origin("https://*.com", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.com",
      "a domain that is yours"}},
    {"part of a label under a top-level domain with credentials",
     [] { return with_origin("https://my-*.com", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://my-*.com",
      "a domain that is yours"}},
    {"a wildcard under a suffix of two labels",
     [] { return with_origin("https://*.co.uk", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.co.uk", "yours"}},
    {"a wildcard under a suffix of a company",
     [] { return with_origin("https://*.github.io", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.github.io", "yours"}},
    {"the end of a label under one",
     [] { return with_origin("https://app-*-team.vercel.app", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://app-*-team.vercel.app",
      "yours"}},
    {"a wildcard under one with a trailing dot",
     [] { return with_origin("https://*.com.au.:*", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.com.au.:*", "yours"}},
    {"a wildcard in a list of suffixes",
     [] { return with_origin("https://*.kawasaki.jp", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.kawasaki.jp", "yours"}},
    {"a wildcard above a suffix",
     [] { return with_origin("https://*.amazonaws.com", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.amazonaws.com", "yours"}},
    {"a wildcard under a name that nobody can register",
     [] { return with_origin("https://*.internal", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.internal", "yours"}},
    {"a dot that is missing",
     [] { return with_origin("https://*example.com", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*example.com",
      "put a dot behind the *: https://*.example.com"}},
    {"a dot that is missing, and a port",
     [] { return with_origin("https://*example.com:8443", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*example.com:8443",
      "put a dot behind the *: https://*.example.com:8443"}},
    {"a hyphen where the dot belongs",
     [] { return with_origin("https://*-team.vercel.app", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*-team.vercel.app",
      "put a dot behind the *: https://*.team.vercel.app"}},
    {"a hyphen where the name belongs",
     [] { return with_origin("https://*-.vercel.app", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*-.vercel.app", "yours"}},
    {"a dot that would not be enough",
     [] { return with_origin("https://*co.uk", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*co.uk", "yours"}},
    {"a wildcard behind a name that a stranger can register with it",
     [] { return with_origin("https://team-*.vercel.app", true); },
     {credentials_with_public_suffix, "allow_origins", 0, "https://team-*.vercel.app", "yours"}},
    {"a wildcard under a suffix that the predicate knows",
     [] {
         policy_options options = with_origin("https://*.new.example", true);
         options.is_public_suffix = [](std::string_view host) { return host == "new.example"; };
         return options;
     },
     {credentials_with_public_suffix, "allow_origins", 0, "https://*.new.example",
      "a domain that is yours"}},
    {"null with credentials",
     [] { return with_origin("null", true); },
     {credentials_with_null_origin, "allow_origins", 0, "null",
      "dangerously_allow_null_origin_with_credentials"}},

    {"null without credentials",
     [] { return with_origin("null", false); },
     {null_origin_allowed, "allow_origins", 0, "null", "leave it out"}},
    {"a wildcard under a top-level domain",
     [] { return with_origin("https://*.com", false); },
     {wildcard_over_public_suffix, "allow_origins", 0, "https://*.com", "yours"}},
};

TEST_CASE("every insecure entry is reported with its code, place, text and advice") {
    for (const entry_row& r : entries) {
        CAPTURE(r.about);
        support::check_mistake(r.options(), r.expected);
    }
}

TEST_CASE("every code of a judge has a row") {
    support::check_every_code(
        entries, [](const entry_row& r) { return r.expected.code; },
        [](config_code code) {
            // Of matchers; no entry gets it.
            if (code == expression_unproved || code == credentials_with_unproved_expression) {
                return false;
            }
            for (const row& r : rows) {
                if (code == r.error || (r.is_warned_of && code == r.warning)) return true;
            }
            return false;
        });
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
          "capacitor://localhost", "chrome-extension://abc", "https://preview-*.example.com",
          "https://*.mine.github.io", "https://*.example.co.uk", "https://*.shop.internal"}) {
        CAPTURE(origin);
        const auto built = corsac::make_policy(with_origin(origin, true));
        CHECK(built);
        CHECK(built.warnings().size() == 0);
    }
}

TEST_CASE("a public-suffix predicate is asked for the labels behind the wildcard") {
    policy_options options = with_origin("https://*.new.example", true);
    CHECK(corsac::make_policy(options));
    options.is_public_suffix = [](std::string_view host) { return host == "new.example"; };
    CHECK_FALSE(corsac::make_policy(options));
    options.allow_origins = {"https://*.mine.new.example"};
    CHECK(corsac::make_policy(options));
    options.allow_origins = {"https://branch-*.new.example"};
    CHECK_FALSE(corsac::make_policy(options));
}

}  // namespace
