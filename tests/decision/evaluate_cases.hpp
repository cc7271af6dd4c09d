// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_DECISION_EVALUATE_CASES_HPP
#define CORSAC_TESTS_DECISION_EVALUATE_CASES_HPP

#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/policy/policy.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string_view>

// A policy, a request, and all that is answered: what the tests of `evaluate` are tables of.

namespace evaluate_cases {

using corsac::outcome;
using corsac::policy_options;

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

inline void check_row(const row& r) {
    CAPTURE(r.about);
    const auto built = corsac::make_policy(r.options());
    REQUIRE(built);
    const corsac::decision d = corsac::evaluate(*built, r.request);
    CHECK(corsac::name_of(d.outcome()) == corsac::name_of(r.expected));
    CHECK(d.status() == r.status);
    CHECK(d.answers() == (r.status != 0));
    CHECK(d.kind() == corsac::classify(r.request));
    CHECK(d.allows() == (r.expected == outcome::allowed && !d.in_shadow()));
    support::response response = written();
    corsac::apply(d, response);
    CHECK(response.summary().view() == r.response);
}

}  // namespace evaluate_cases

#endif
