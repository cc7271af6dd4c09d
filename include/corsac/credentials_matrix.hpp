// SPDX-License-Identifier: MIT
#ifndef CORSAC_CREDENTIALS_MATRIX_HPP
#define CORSAC_CREDENTIALS_MATRIX_HPP

#include <corsac/classify.hpp>
#include <corsac/decision.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/evaluate.hpp>
#include <corsac/header_access.hpp>
#include <corsac/policy.hpp>
#include <corsac/response.hpp>

#include <string_view>
#include <type_traits>

// The Gateway API asks that a request which carries credentials get no CORS header under a policy
// that does not allow them. Browsers refuse to show such a response anyway, so nothing else here
// does this; whoever wants it to the letter calls these functions instead of `evaluate` and
// `apply`.
//
// Spec: https://gateway-api.sigs.k8s.io/geps/gep-1767/

namespace corsac::inline v0 {

namespace detail {

struct credentials_visitor {
    bool& found;

    constexpr void operator()(std::string_view name, std::string_view) const noexcept {
        found = found || equals_ignore_case(name, "cookie") ||
                equals_ignore_case(name, "authorization");
    }
};

}  // namespace detail

/// Whether a request has a `Cookie` or an `Authorization` field. TLS client certificates, which are
/// credentials too, are not to be seen in it.
///
/// Where a server only looks fields up, an empty field counts as none.
template <request_view R>
[[nodiscard]] constexpr bool carries_credentials(const R& request) {
    if constexpr (detail::visits_fields<R>) {
        bool found = false;
        detail::credentials_visitor visitor{found};
        request.visit(visitor);
        return found;
    } else {
        return !std::string_view{request.first(std::string_view{"cookie"})}.empty() ||
               !std::string_view{request.first(std::string_view{"authorization"})}.empty();
    }
}

/// A decision that may also depend on whether the request carries credentials.
struct credentials_decision {
    /// What `evaluate` says; where `withheld`, without its fields. `outcome` has no reason of its
    /// own for that: an allowed origin is then `origin_not_allowed`.
    decision decided{};
    bool vary_credentials = false;  ///< `Cookie` and `Authorization` belong in `Vary`
    bool withheld = false;          ///< the credentials, and nothing else, kept the fields back
};

/// Decides as `evaluate` does, but lets no request with credentials have a CORS field under a
/// policy without `allow_credentials`.
///
/// The refusal is silent: the application answers, even with `reject_disallowed`. Preflights, which
/// carry no credentials, are decided as ever. Under a policy that allows credentials nothing
/// differs.
template <policy_like P, request_view R>
[[nodiscard]] constexpr credentials_decision evaluate_by_credentials(const P& p, const R& request) {
    const request_facts facts = read_facts(request);
    const decision decided = evaluate(p, facts);
    if (p.rules().layout().allow_credentials || decided.kind() == request_kind::preflight) {
        return {decided};
    }
    decision_fields fields = decided.fields();
    if (fields.allow_origin.empty() || !carries_credentials(request)) return {decided, true};
    fields.allow_origin = {};
    fields.expose_headers = {};
    if (fields.outcome == outcome::allowed) {
        fields.outcome = outcome::origin_not_allowed;
        fields.subject = facts.origin;
    }
    return {decision{fields}, true, true};
}

/// Writes such a decision into a response, `Vary` included: a response that was kept back must not
/// be served from a cache to requests without credentials, nor the other way round.
///
/// That makes the response all but useless to shared caches, the price of the matrix.
template <class S>
    requires response_sink<std::remove_cvref_t<S>>
constexpr void apply(const credentials_decision& d, S&& sink) {
    apply(d.decided, sink);
    if (!d.vary_credentials) return;
    if constexpr (detail::merges_vary<std::remove_cvref_t<S>>) {
        sink.vary(std::string_view{"Cookie"});
        sink.vary(std::string_view{"Authorization"});
    } else {
        sink.add(field::vary, std::string_view{"Cookie, Authorization"});
    }
}

}  // namespace corsac::inline v0

#endif
