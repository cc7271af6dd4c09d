// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EVALUATE_HPP
#define CORSAC_DECISION_EVALUATE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/classify.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0 {

/// What a caller has found out about an origin by other means, such as a database of tenants.
enum class origin_verdict : std::uint8_t { refused, allowed };

namespace detail {

/// Whether the request comes from a page of this very server, as far as a server can tell: by what
/// the browser says, else by the host. Only used to *not* reject a request.
[[nodiscard]] constexpr bool is_same_origin(const request_facts& facts) noexcept {
    const std::string_view site = trim_ows(facts.fetch_site);
    if (!site.empty()) return site == "same-origin";
    const origin_parts parts = parse_serialized_origin(facts.origin);
    if (!parts || facts.origin_lines != 1) return false;
    const std::string_view host = trim_ows(facts.host);
    const std::string_view wanted = facts.origin.substr(parts.host_begin);
    if (!equals_ignore_case(host.substr(0, wanted.size()), wanted)) return false;
    if (host.size() == wanted.size()) return true;
    // An origin leaves its default port out; a proxy may have written it into Host.
    const bool portless = parts.host_end == facts.origin.size();
    const std::string_view scheme = facts.origin.substr(0, parts.host_begin - 3);
    return portless && host[wanted.size()] == ':' && default_port(scheme) != 0 &&
           parse_decimal(host.substr(wanted.size() + 1), 65535) == default_port(scheme);
}

constexpr void share(const policy_rules& rules, std::string_view granted,
                     decision_fields& fields) noexcept {
    fields.outcome = outcome::allowed;
    fields.allow_origin = granted;
    fields.allow_credentials = rules.says<&policy_options::allow_credentials>();
    fields.expose_headers = rules.exposed();
}

/// Step 7 of the preflight's checks, done here so that a refusal can be silent.
///
/// What is listed is a token, so only what is not listed is examined byte by byte.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
[[nodiscard]] constexpr outcome check_method(const policy_rules& rules,
                                             const request_facts& facts) noexcept {
    const std::string_view method = facts.requested_method;
    if (facts.requested_method_lines != 1 || method.size() > max_requested_method_length) {
        return outcome::method_malformed;
    }
    if (is_cors_safelisted_method(method) || rules.lists_method(method)) return outcome::allowed;
    if (!is_token(method)) return outcome::method_malformed;
    // With `advertise` the browser judges. Not where the method is reflected, which would allow it,
    // nor where no list is sent: that allows any method to a request with an upload listener.
    const bool judged_there = rules.says<&policy_options::advertise>() &&
                              !rules.reflects_method() && !rules.methods().empty();
    const bool passes = rules.allows_any_method() || judged_there;
    return passes ? outcome::allowed : outcome::method_not_allowed;
}

/// The same for one header name that is not listed; one that is listed is a token.
[[nodiscard]] constexpr outcome check_unlisted_header(const policy_rules& rules,
                                                      std::string_view name) noexcept {
    if (!is_token(name)) return outcome::header_malformed;
    const bool passes = rules.allows_unlisted_header(name) ||
                        (rules.says<&policy_options::advertise>() && !rules.reflects_headers());
    return passes ? outcome::allowed : outcome::header_not_allowed;
}

/// The same for all of them, read leniently: any order, letter case, repetition and line.
[[nodiscard]] constexpr outcome check_headers(const policy_rules& rules, const request_facts& facts,
                                              std::string_view& subject) noexcept {
    if (facts.requested_header_lines > max_request_header_lines) {
        return outcome::header_list_too_long;
    }
    std::size_t bytes = 0;
    std::size_t elements = 0;
    for (std::uint32_t i = 0; i < facts.requested_header_lines; ++i) {
        std::string_view line = facts.requested_headers[i];
        bytes += line.size() + 1;
        if (bytes > max_requested_headers_length) return outcome::header_list_too_long;
        while (has_elements(line)) {
            if (++elements > max_requested_headers) return outcome::header_list_too_long;
            const std::string_view name = next_element(line);
            if (name.empty() || rules.lists_header(name)) continue;
            const outcome verdict = check_unlisted_header(rules, name);
            if (verdict == outcome::allowed) continue;
            subject = name;
            return verdict;
        }
    }
    return outcome::allowed;
}

constexpr void refuse(outcome reason, std::string_view subject, decision_fields& fields) noexcept {
    fields.outcome = reason;
    fields.subject = subject;
}

constexpr void refuse_origin(const request_facts& facts, decision_fields& fields) noexcept {
    refuse(facts.origin_lines > 1 ? outcome::several_origins : outcome::origin_not_allowed,
           facts.origin, fields);
}

/// Fills in the reason of a refusal, or nothing.
constexpr void judge_preflight(const policy_rules& rules, std::string_view granted,
                               const request_facts& facts, decision_fields& fields) noexcept {
    if (granted.empty()) return refuse_origin(facts, fields);
    const outcome method = check_method(rules, facts);
    if (method != outcome::allowed) return refuse(method, facts.requested_method, fields);
    std::string_view name;
    const outcome headers = check_headers(rules, facts, name);
    if (headers != outcome::allowed) return refuse(headers, name, fields);
    share(rules, granted, fields);
}

constexpr void answer_preflight(const policy_rules& rules, std::string_view granted,
                                const request_facts& facts, decision_fields& fields) noexcept {
    judge_preflight(rules, granted, facts, fields);
    if (fields.outcome != outcome::allowed) {
        // Silent: leaving Access-Control-Allow-Origin out is the only denial that also stops the
        // methods which need no listing.
        if (!rules.says<&policy_options::forward_denied_preflights>()) {
            fields.status = static_cast<std::int16_t>(rules.denied_preflight_status());
        }
        return;
    }
    fields.status = static_cast<std::int16_t>(rules.preflight_status());
    fields.max_age = rules.max_age();
    fields.allow_private_network =
        rules.says<&policy_options::allow_private_network>() && facts.private_network;
    fields.allow_methods = rules.reflects_method() ? facts.requested_method : rules.methods();
    if (!rules.reflects_headers()) {
        fields.allow_headers = rules.headers();
        return;
    }
    std::size_t lines = 0;
    for (std::uint32_t i = 0; i < facts.requested_header_lines; ++i) {
        // A null view would end the list.
        if (facts.requested_headers[i].empty()) continue;
        fields.requested_headers[lines++] = facts.requested_headers[i];
    }
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

/// @param matched  What the matcher returned for the request's origin.
[[nodiscard]] constexpr decision decide(const policy_rules& rules, std::string_view matched,
                                        const request_facts& facts) noexcept {
    const std::string_view granted =
        rules.answers_star() && !matched.empty() ? std::string_view{"*"} : matched;
    decision decided;
    decision_fields& fields = decision_access::fields(decided);
    fields.kind = classify(facts);
    fields.keep_existing = rules.says<&policy_options::keep_existing>();
    // Where every origin gets `*` the answer depends on no header, save that a malformed Origin is
    // refused. That one answer says so, lest a cache serve it to others.
    fields.vary_origin =
        !rules.answers_star() || (fields.kind != request_kind::not_cors && granted.empty());
    switch (fields.kind) {
    case request_kind::not_cors:
        fields.outcome = outcome::not_cors;
        if (rules.answers_star()) {
            // Caches may serve this response to a request that has an Origin.
            share(rules, "*", fields);
            fields.outcome = outcome::not_cors;
        }
        break;
    case request_kind::actual:
        if (!granted.empty()) {
            share(rules, granted, fields);
            break;
        }
        refuse_origin(facts, fields);
        if (rules.says<&policy_options::reject_disallowed>() && !is_same_origin(facts)) {
            fields.status = 403;
        }
        break;
    case request_kind::preflight:
        fields.vary_preflight = true;
        fields.vary_private_network = rules.says<&policy_options::allow_private_network>();
        answer_preflight(rules, granted, facts, fields);
        break;
    }
    if (rules.says<&policy_options::shadow>()) keep_in_shadow(fields);
    return decided;
}

/// Keeps back what a request with credentials is not to get; the application answers, even with
/// `reject_disallowed`, for the origin is welcome. No browser sends any with a preflight.
/// Spec: https://gateway-api.sigs.k8s.io/geps/gep-1767/
// Not one helper that decides and then calls this, for the three below: that costs every request
// twenty instructions more with clang 14.
constexpr void refuse_credentials(bool carries, const request_facts& facts,
                                  decision& decided) noexcept {
    decision_fields& fields = decision_access::fields(decided);
    if (fields.kind == request_kind::preflight) return;
    fields.vary_credentials = !decided.in_shadow();
    if (!carries) return;
    fields.allow_origin = {};
    if (decided.outcome() != outcome::allowed) return;
    fields.subject = facts.origin;
    (decided.in_shadow() ? fields.shadow : fields.outcome) = outcome::credentials_not_allowed;
}

template <policy_like P>
[[nodiscard]] constexpr std::string_view match_origin(const P& p,
                                                      const request_facts& facts) noexcept {
    // Two Origin lines, joined, match nothing; neither may one of them alone.
    return facts.origin_lines == 1 ? std::string_view{p.origins().match(facts.origin)}
                                   : std::string_view{};
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
    decision decided = detail::decide(p.rules(), detail::match_origin(p, facts), facts);
    if (p.rules().template says<&policy_options::refuse_credentials>()) {
        detail::refuse_credentials(facts.credentials, facts, decided);
    }
    return decided;
}

/// The same for a framework's request.
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate(const P& p, const R& request) noexcept {
    const request_facts facts = read_facts(request);
    decision decided = detail::decide(p.rules(), detail::match_origin(p, facts), facts);
    if (p.rules().template says<&policy_options::refuse_credentials>()) {
        detail::refuse_credentials(carries_credentials(request), facts, decided);
    }
    return decided;
}

/// The same with the origin decided by the caller, who may have waited for a database.
///
/// The policy's own origins count for nothing then. A malformed origin is refused all the same.
template <policy_like P>
[[nodiscard]] constexpr decision evaluate(const P& p, const request_facts& facts,
                                          origin_verdict verdict) noexcept {
    const bool allowed = verdict == origin_verdict::allowed && facts.origin_lines == 1 &&
                         is_serialized_origin(facts.origin);
    decision decided =
        detail::decide(p.rules(), allowed ? facts.origin : std::string_view{}, facts);
    if (p.rules().template says<&policy_options::refuse_credentials>()) {
        detail::refuse_credentials(facts.credentials, facts, decided);
    }
    return decided;
}

}  // namespace corsac::inline v0

#endif
