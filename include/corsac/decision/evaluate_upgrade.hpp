// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EVALUATE_UPGRADE_HPP
#define CORSAC_DECISION_EVALUATE_UPGRADE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/detail/request_source.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/header_access.hpp>

#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

/// @param ask  Called, if at all, about a single origin that is not the server's own.
template <class Ask>
[[nodiscard]] constexpr decision decide_upgrade(const policy_rules& rules,
                                                const request_facts& facts,
                                                const Ask& ask) noexcept {
    decision_fields fields;
    fields.rules = rules;
    fields.kind = facts.origin_lines == 0 ? request_kind::not_cors : request_kind::actual;
    if (facts.origin_lines == 0) {
        fields.outcome = outcome::not_cors;
    } else if (is_same_origin(rules, facts)) {
        fields.outcome = outcome::allowed;
    } else {
        origin_verdict verdict = origin_verdict::refused;
        const bool may_be_asked =
            facts.origin_lines == 1 &&
            (facts.origin != "null" ||
             rules.says<&policy_options::dangerously_allow_null_origin_with_credentials>());
        if (may_be_asked && !completes([&] { verdict = ask(); })) {
            refuse(outcome::origin_check_failed, facts.origin, fields);
            fields.status = 500;
        } else if (verdict == origin_verdict::allowed) {
            fields.outcome = outcome::allowed;
        } else {
            refuse_origin(facts.origin, facts.origin_lines, fields);
            if (verdict == origin_verdict::unknown) fields.outcome = outcome::origin_unknown;
            fields.status = 403;
        }
    }
    if (rules.says<&policy_options::shadow>()) keep_in_shadow(fields);
    return decision{fields};
}

}  // namespace detail

/// Decides whether a WebSocket handshake may go on. Browsers let every page of every site open one,
/// with the user's cookies; CORS does not guard it, and only `Origin` tells who asks.
///
/// ```
/// if (const corsac::decision d = corsac::evaluate_upgrade(*policy, request); d.answers()) {
///     return refuse(d.status());  // 403, before the protocol is switched
/// }
/// ```
/// It goes on without an `Origin` (no browser), from the server's own pages (`Host`,
/// `own_origins`), and from origins that the policy lists; never because of a `*` or `https://*`,
/// which share what everybody may read, and never from `null`, which is every sandboxed frame of
/// every site, unless `dangerously_allow_null_origin_with_credentials` says so. A policy in
/// `shadow` refuses nothing.
///
/// @return  `answers()` where it is refused, with the reason in `outcome()`. It has no CORS field.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc6455#section-10.2
template <policy_like P>
[[nodiscard]] constexpr decision evaluate_upgrade(const P& p, const request_facts& facts) noexcept {
    return detail::decide_upgrade(p.rules(), facts, [&] {
        const bool listed = lists_origin(p.origins(), facts.origin, judged) &&
                            p.grant(facts.origin).defect == grant_defect::none;
        return listed ? origin_verdict::allowed : origin_verdict::refused;
    });
}

/// The same with the origin decided by the caller, as in `evaluate`.
template <policy_like P>
[[nodiscard]] constexpr decision evaluate_upgrade(const P& p, const request_facts& facts,
                                                  origin_verdict verdict) noexcept {
    const policy_rules rules = p.rules();
    return detail::decide_upgrade(rules, facts, [&] {
        const bool sound = judge_grant(rules, facts.origin, facts.origin) == grant_defect::none;
        return sound ? verdict : origin_verdict::refused;
    });
}

/// The same for a framework's request.
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate_upgrade(const P& p, const R& request) noexcept {
    return evaluate_upgrade(p, read_facts(request));
}
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate_upgrade(const P& p, const R& request,
                                                  origin_verdict verdict) noexcept {
    return evaluate_upgrade(p, read_facts(request), verdict);
}

}  // namespace corsac::inline v0_2_0

#endif
