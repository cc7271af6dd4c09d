// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EVALUATE_HPP
#define CORSAC_DECISION_EVALUATE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/detail/preflight_check.hpp>
#include <corsac/decision/detail/request_source.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// What a caller has found out about an origin by other means, such as a database of tenants.
enum class origin_verdict : std::uint8_t {
    refused,
    allowed,
    unknown,  ///< nothing: the database is down, or too slow. Refused, with a reason of its own.
};

namespace detail {

constexpr void share(const policy_rules& rules, std::string_view granted,
                     decision_fields& fields) noexcept {
    fields.outcome = outcome::allowed;
    fields.allow_origin = granted;
    fields.allow_credentials = rules.says<&policy_options::allow_credentials>();
    fields.expose_headers = rules.exposed();
}

constexpr void refuse(outcome reason, std::string_view subject, decision_fields& fields) noexcept {
    fields.outcome = reason;
    fields.subject = subject;
}

constexpr void refuse_origin(std::string_view origin, std::uint32_t lines,
                             decision_fields& fields) noexcept {
    refuse(lines > 1 ? outcome::several_origins : outcome::origin_not_allowed, origin, fields);
}

/// Keeps the requested names as far as there is room.
constexpr void keep_requested_headers(const request_facts& facts,
                                      decision_fields& fields) noexcept {
    std::uint8_t lines = 0;
    for (std::uint32_t i = 0; i < facts.requested_header_lines; ++i) {
        if (lines == max_reflected_lines || i == max_request_header_lines) break;
        if (facts.requested_headers[i].empty()) continue;
        fields.requested_headers[lines++] = facts.requested_headers[i];
    }
    fields.requested_header_lines = lines;
}

/// Fills in the reason of a refusal, or what is granted.
/// @param granted  Not empty.
constexpr void judge_preflight(const policy_rules& rules, std::string_view granted,
                               const request_facts& facts, decision_fields& fields) noexcept {
    const outcome method = check_method(rules, facts);
    if (method != outcome::allowed) return refuse(method, facts.requested_method, fields);
    std::string_view name;
    const outcome headers = check_headers(rules, facts, name);
    if (headers != outcome::allowed) {
        keep_requested_headers(facts, fields);  // `explain` names all of them
        return refuse(headers, name, fields);
    }
    share(rules, granted, fields);
}

constexpr void answer_preflight(const policy_rules& rules, std::string_view granted,
                                const request_facts& facts, decision_fields& fields) noexcept {
    if (granted.empty()) {
        refuse_origin(facts.origin, facts.origin_lines, fields);
    } else {
        judge_preflight(rules, granted, facts, fields);
    }
    if (fields.outcome != outcome::allowed) {
        // Silent: leaving Access-Control-Allow-Origin out is the only denial that also stops the
        // methods which need no listing.
        if (!rules.says<&policy_options::forward_denied_preflights>()) {
            fields.status = static_cast<std::int16_t>(rules.denied_preflight_status());
        }
        return;
    }
    if (!rules.says<&policy_options::forward_granted_preflights>()) {
        fields.status = static_cast<std::int16_t>(rules.preflight_status());
    }
    fields.max_age = rules.max_age();
    fields.allow_private_network =
        rules.says<&policy_options::allow_private_network>() && facts.private_network;
    fields.allow_methods = rules.reflects_method() ? facts.requested_method : rules.methods();
    if (rules.reflects_headers()) {
        keep_requested_headers(facts, fields);
    } else {
        fields.allow_headers = rules.headers();
    }
}

/// Decides a request that is no preflight, of a policy without switches.
constexpr void answer_actual(const policy_rules& rules, std::string_view granted,
                             std::string_view origin, std::uint32_t origin_lines,
                             decision_fields& fields) noexcept {
    if (origin_lines == 0) {
        fields.outcome = outcome::not_cors;
        return;
    }
    fields.kind = request_kind::actual;
    if (!granted.empty()) return share(rules, granted, fields);
    refuse_origin(origin, origin_lines, fields);
}

/// Leaves what was decided, and nothing that could be done about it.
constexpr void keep_in_shadow(decision_fields& fields) noexcept {
    if (fields.outcome == outcome::allowed) fields.subject = fields.allow_origin;
    fields.shadow = fields.outcome;
    fields.outcome = outcome::no_policy;
    fields.allow_origin = {};
    fields.status = 0;
    fields.vary_origin = fields.vary_preflight = false;
    fields.vary_private_network = fields.vary_credentials = false;
}

/// Puts another outcome in the place of the one decided; a policy in shadow only notes it.
constexpr void overrule(outcome reason, std::int16_t status, decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    fields.allow_origin = {};
    if (decided.in_shadow()) {
        fields.shadow = reason;
        return;
    }
    fields.outcome = reason;
    fields.status = status;
}

/// Keeps back what a request with credentials is not to get; the application answers, even with
/// `reject_disallowed`, for the origin is welcome. No browser sends any with a preflight.
/// Spec: https://gateway-api.sigs.k8s.io/geps/gep-1767/
constexpr void refuse_credentials(const request_facts& facts, decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    if (fields.kind == request_kind::preflight) return;
    fields.vary_credentials = !decided.in_shadow();
    if (!facts.credentials) return;
    fields.allow_origin = {};
    if (decided.outcome() != outcome::allowed) return;
    fields.subject = facts.origin;
    (decided.in_shadow() ? fields.shadow : fields.outcome) = outcome::credentials_not_allowed;
}

/// Says why a grant came to nothing that nobody could judge before.
constexpr void explain_grant(grant_defect defect, std::string_view origin,
                             decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    if (defect == grant_defect::unsafe_with_credentials) {
        (decided.in_shadow() ? fields.shadow : fields.outcome) =
            outcome::origin_unsafe_with_credentials;
    } else if (defect == grant_defect::unknown) {
        (decided.in_shadow() ? fields.shadow : fields.outcome) = outcome::origin_unknown;
    } else if (defect == grant_defect::failed) {
        overrule(outcome::origin_check_failed, 500, decided);
        fields.subject = origin;
    }
}

/// What may be rare: a pass over the request of its own, or an origin that is looked up twice.
template <policy_like P>
constexpr void judge_source(const P& p, const policy_rules& rules, const origin_grant& granted,
                            const request_facts& facts, decision& decided) noexcept {
    if (!rules.says<&policy_options::reject_cross_origin_writes>()) return;
    if (!is_cross_origin_write(rules, facts)) return;
    // A `*` shares what everybody may read; nobody is trusted with writing for that. Nor is `null`,
    // which is every sandboxed frame of every site.
    if (decided.outcome() == outcome::allowed && facts.origin != "null") {
        bool trusted = granted.by_verdict;
        const auto ask = [&] {
            trusted = trusted || lists_origin(p.origins(), facts.origin, judged);
        };
        if (!completes(ask)) return explain_grant(grant_defect::failed, facts.origin, decided);
        if (trusted) return;
    }
    if (decided.answers()) return;
    overrule(outcome::cross_origin_write, 403, decided);
    decision_access::fields(decided).subject = facts.origin;
}

/// All that switches of the policy change; most policies have none of them.
template <policy_like P>
constexpr void apply_switches(const P& p, const policy_rules& rules, const origin_grant& granted,
                              const request_facts& facts, decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    fields.keep_existing = rules.says<&policy_options::keep_existing>();
    if (rules.answers_star()) {
        // Where every origin gets `*` the answer depends on no header, save that two Origin lines
        // are refused. That one answer says so, lest a cache serve it to others.
        fields.vary_origin = fields.kind != request_kind::not_cors && granted.answer.empty();
        if (fields.kind == request_kind::not_cors) {
            // Caches may serve this response to a request that has an Origin.
            share(rules, "*", fields);
            fields.outcome = outcome::not_cors;
        }
    }
    if (rules.says<&policy_options::reject_disallowed>() && fields.kind == request_kind::actual &&
        granted.answer.empty() && is_to_be_rejected(rules, facts)) {
        fields.status = 403;
    }
    if (rules.says<&policy_options::shadow>()) keep_in_shadow(fields);
    if (granted.defect != grant_defect::none) explain_grant(granted.defect, facts.origin, decided);
    judge_source(p, rules, granted, facts, decided);
    if (rules.says<&policy_options::refuse_credentials>()) refuse_credentials(facts, decided);
}

/// Begins a decision with what is the same for all requests.
constexpr decision_fields& begin(const policy_rules& rules, decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    fields.rules = rules;
    fields.vary_origin = true;
    return fields;
}

template <policy_like P>
[[nodiscard]] constexpr decision evaluate_grant(const P& p, const policy_rules& rules,
                                                const origin_grant& granted,
                                                const request_facts& facts) noexcept {
    decision decided;
    decision_fields& fields = begin(rules, decided);
    // Whether a request is a preflight decides over the answer to every OPTIONS.
    const bool options = is_options(facts.method);
    if (options) {
        fields.vary_preflight = true;
        fields.vary_private_network = rules.says<&policy_options::allow_private_network>();
    }
    if (options && facts.origin_lines != 0 && !facts.requested_method.empty()) {
        fields.kind = request_kind::preflight;
        answer_preflight(rules, granted.answer, facts, fields);
    } else {
        answer_actual(rules, granted.answer, facts.origin, facts.origin_lines, fields);
    }
    if (!rules.is_plain()) {
        apply_switches(p, rules, granted, facts, decided);
    } else if (granted.defect != grant_defect::none) {
        explain_grant(granted.defect, facts.origin, decided);
    }
    return decided;
}

/// The same for a request that is no OPTIONS, where the answer depends on the origin only.
template <policy_like P>
[[nodiscard]] constexpr decision evaluate_plain(const P& p, const policy_rules& rules,
                                                const origin_lines_read& lines) noexcept {
    decision decided;
    decision_fields& fields = begin(rules, decided);
    const origin_grant granted = lines.count == 1 ? p.grant(lines.first) : origin_grant{};
    answer_actual(rules, granted.answer, lines.first, lines.count, fields);
    if (granted.defect != grant_defect::none) explain_grant(granted.defect, lines.first, decided);
    return decided;
}

template <policy_like P>
[[nodiscard]] constexpr decision evaluate_facts(const P& p, const policy_rules& rules,
                                                const request_facts& facts) noexcept {
    // Two Origin lines, joined, match nothing; neither may one of them alone. Nothing of one line
    // is read where it is not echoed.
    const origin_grant granted = facts.origin_lines != 1 ? origin_grant{}
                                 : rules.answers_star()  ? origin_grant{"*"}
                                                         : p.grant(facts.origin);
    return evaluate_grant(p, rules, granted, facts);
}

/// What the answer of a policy depends on.
template <request_view R>
[[nodiscard]] constexpr request_facts read_for(const policy_rules& rules, const R& request) {
    request_facts facts = read_facts(request, rules.asks_where_from());
    if (rules.says<&policy_options::refuse_credentials>()) {
        facts.credentials = carries_credentials(request);
    }
    return facts;
}

}  // namespace detail

/// Decides what a policy says to a request.
///
/// @return  A decision that borrows from the policy and from what `facts` view.
///
/// Errors: none; every request gets a decision, and a refusal has its reason in `outcome()`.
/// Cost:   no allocation; bounded by the policy and the limits in `decision.hpp`.
/// Spec:   https://fetch.spec.whatwg.org/#http-cors-protocol
template <policy_like P>
[[nodiscard]] constexpr decision evaluate(const P& p, const request_facts& facts) noexcept {
    return detail::evaluate_facts(p, p.rules(), facts);
}

/// The same for a framework's request, of which it reads no more than it needs.
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate(const P& p, const R& request) noexcept {
    const policy_rules rules = p.rules();
    if (rules.is_plain() && !is_options(request.method())) {
        return detail::evaluate_plain(p, rules, detail::read_origin(request));
    }
    return detail::evaluate_facts(p, rules, detail::read_for(rules, request));
}

/// The same with the origin decided by the caller, who may have waited for a database.
///
/// The policy's own origins count for nothing then: ask where `origin_to_ask_about` says so. A
/// malformed origin is refused all the same, and so are `null` and plain `http://` to another
/// machine, where `allow_credentials` is set and no option permits them.
template <policy_like P>
[[nodiscard]] constexpr decision evaluate(const P& p, const request_facts& facts,
                                          origin_verdict verdict) noexcept {
    const policy_rules rules = p.rules();
    origin_grant granted;
    if (verdict != origin_verdict::refused && facts.origin_lines == 1) {
        granted.defect = rules.answers_star() ? grant_defect::none
                                              : judge_grant(rules, facts.origin, facts.origin);
        if (verdict == origin_verdict::unknown) {
            // What would be refused anyway keeps its own reason.
            if (granted.defect == grant_defect::none) granted.defect = grant_defect::unknown;
        } else if (granted.defect == grant_defect::none) {
            granted.answer = rules.answers_star() ? "*" : facts.origin;
            granted.by_verdict = true;
        }
    }
    return detail::evaluate_grant(p, rules, granted, facts);
}

}  // namespace corsac::inline v0_2_0

#endif
