// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_MADE_DECISION_HPP
#define CORSAC_TESTING_MADE_DECISION_HPP

// Tested in tests/testing/policy_server.test.cpp.

#include <corsac/decision/decision.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/decision/near_miss.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <string>

namespace corsac::inline v0_2_0::testing {

/// What corsac decided about one request, for the test that looks afterwards: a `decision` borrows
/// from a request that is gone by then.
struct made_decision {
    corsac::outcome outcome = corsac::outcome::no_policy;
    /// See `decision::allows`.
    bool allows = false;
    /// Whether the response says that credentials are allowed.
    bool allow_credentials = false;
    /// What `explain` says.
    std::string explanation{};
    /// The route that a `policy_table` found, `namespace/name`; empty otherwise.
    std::string route{};
};

/// A decision in values of its own.
[[nodiscard]] inline made_decision keep_decision(const decision& d) {
    return {.outcome = d.outcome(),
            .allows = d.allows(),
            .allow_credentials = d.fields().allow_credentials,
            .explanation = std::string(explain(d).view()),
            .route = {}};
}

/// The same; for a refused origin the explanation says which one was perhaps meant.
template <policy_like P>
[[nodiscard]] made_decision keep_decision(const P& p, const decision& d) {
    made_decision out = keep_decision(d);
    out.explanation = std::string(explain(p, d).view());
    return out;
}

}  // namespace corsac::inline v0_2_0::testing

#endif
