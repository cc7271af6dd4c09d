// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EVALUATE_FOR_DEBUGGING_HPP
#define CORSAC_DECISION_EVALUATE_FOR_DEBUGGING_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>

#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

/// Whether a developer is to see more of a decision: it refuses an allowed origin for what it asks.
[[nodiscard]] constexpr bool is_worth_showing(outcome decided) noexcept {
    return decided == outcome::credentials_not_allowed || decided == outcome::method_not_allowed ||
           decided == outcome::method_malformed || decided == outcome::header_not_allowed ||
           decided == outcome::header_malformed;
}

/// @param decided  Worth showing.
/// @param answer   What the origin would be answered.
[[nodiscard]] constexpr decision show(const policy_rules& rules, const decision& decided,
                                      const request_facts& facts,
                                      std::string_view answer) noexcept {
    decision_fields fields = decided.fields();
    if (decided.outcome() != outcome::credentials_not_allowed) {
        if (facts.requested_method_lines != 1) return decided;  // no browser's
        fields.allow_origin = answer;
        fields.allow_credentials = rules.says<&policy_options::allow_credentials>();
        // Lists only, never what was asked for: that would grant it.
        fields.allow_methods = rules.reflects_method() ? std::string_view{} : rules.methods();
        fields.allow_headers = rules.reflects_headers() ? std::string_view{} : rules.headers();
        if (fields.allow_headers.empty()) fields.requested_header_lines = 0;
        fields.status = 200;  // a status that browsers go on from, with a body
    }
    fields.explain = &explain;
    return decision{fields};
}

}  // namespace detail

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
    if (decided.in_shadow() || !detail::is_worth_showing(decided.outcome())) return decided;
    const policy_rules rules = p.rules();
    const request_facts facts = read_facts(request);
    const std::string_view answer =
        rules.answers_star() ? std::string_view{"*"} : p.grant(facts.origin).answer;
    return detail::show(rules, decided, facts, answer);
}

/// The same with the origin decided by the caller.
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate_for_debugging(const P& p, const R& request,
                                                        origin_verdict verdict) noexcept {
    const policy_rules rules = p.rules();
    const request_facts facts = detail::read_for(rules, request);
    const decision decided = evaluate(p, facts, verdict);
    if (decided.in_shadow() || !detail::is_worth_showing(decided.outcome())) return decided;
    return detail::show(rules, decided, facts, rules.answers_star() ? "*" : facts.origin);
}

}  // namespace corsac::inline v0_2_0

#endif
