// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EVALUATE_FOR_DEBUGGING_HPP
#define CORSAC_DECISION_EVALUATE_FOR_DEBUGGING_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>

#include <string_view>

namespace corsac::inline v0 {

/// Decides like `evaluate`, and answers so that a developer sees what is wrong.
///
/// Of a refused preflight browsers say "No 'Access-Control-Allow-Origin'", whatever the reason was.
/// Here, one of an *allowed* origin gets the lists of the policy instead, which lack what it asked
/// for: the browser still refuses, and its console names the method or the header. Every refusal of
/// an allowed origin also carries what `explain` says, in `field::explanation`, and such a
/// preflight in its body, `answer_body`. Other origins get what they always get.
///
/// It grants nothing that `evaluate` does not: the outcome is the same, and so is the browser's
/// verdict. For development; the lists are the policy's own, but somebody has to send them.
///
/// Cost: of a refused preflight twice that of `evaluate`.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch, steps 7.3 to 7.7
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate_for_debugging(const P& p, const R& request) noexcept {
    const decision decided = evaluate(p, request);
    if (decided.in_shadow()) return decided;
    decision_fields fields = decided.fields();
    switch (decided.outcome()) {
    case outcome::credentials_not_allowed: fields.explains = true; return decision{fields};
    case outcome::method_not_allowed:
    case outcome::method_malformed:
    case outcome::header_not_allowed:
    case outcome::header_malformed: break;
    default: return decided;
    }
    const policy_rules rules = p.rules();
    const request_facts facts = read_facts(request);
    if (facts.requested_method_lines != 1) return decided;  // no browser's
    fields.explains = true;
    fields.allow_origin =
        rules.answers_star() ? std::string_view{"*"} : p.grant(facts.origin).answer;
    fields.allow_credentials = rules.says<&policy_options::allow_credentials>();
    // Lists only, never what was asked for: that would grant it.
    fields.allow_methods = rules.reflects_method() ? std::string_view{} : rules.methods();
    fields.allow_headers = rules.reflects_headers() ? std::string_view{} : rules.headers();
    if (fields.allow_headers.empty()) fields.requested_header_lines = 0;
    fields.status = 200;  // a status that browsers go on from, with a body
    return decision{fields};
}

}  // namespace corsac::inline v0

#endif
