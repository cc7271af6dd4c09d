// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_EXPLANATION_HPP
#define CORSAC_INTEROP_ENVOY_EXPLANATION_HPP

#include <corsac/decision/explain.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/table/explanation_writer.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_explanation.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// What Envoy's filter does with a request, in one sentence. A policy of a manifest is in force or
/// switched off, never in shadow, and forwards the preflights of origins that it does not allow.
[[nodiscard]] inline explanation describe(const envoy_decision& d, const envoy_cors* most_specific,
                                          const request_facts& facts) {
    explanation said;
    const auto origin = [&](std::string_view before, std::string_view after) {
        said.append(before).append_quoted(facts.origin, shown_in_explanation).append(after);
    };
    const bool preflight = facts.method == "OPTIONS" && !facts.requested_method.empty();
    if (most_specific == nullptr) {
        said.append("no policy governs this request; it was left alone");
    } else if (!most_specific->enabled) {
        said.append("the filter is switched off here; the request was left alone");
    } else if (facts.origin.empty()) {
        said.append("not a CORS request: it has no Origin header");
    } else if (d.answers) {
        origin("a matcher matches origin ",
               "; Envoy answers the preflight, and the browser compares the lists");
    } else if (d.origin_allowed) {
        origin("a matcher matches origin ", "; what else the application wrote stays");
    } else {
        origin("no matcher matches origin ",
               preflight ? "; the preflight reaches the application, and what that answers stays"
                         : "; what the application wrote stays");
    }
    return said;
}

/// @param matcher  One that `to_envoy_cors` makes.
[[nodiscard]] inline std::string describe(const string_matcher& matcher) {
    using form = string_matcher::form;
    const char* const how = matcher.how == form::exact    ? "exact "
                            : matcher.how == form::prefix ? "prefix "
                                                          : "regex ";
    return how + matcher.text;
}

template <class Writer>
[[nodiscard]] route_explanation explain_envoy(const envoy_policies& policies,
                                              const matched_route& route, std::size_t backend,
                                              const request_facts& facts, Writer out) {
    out.rule(route);
    if (!route) {
        out.verdict("no rule matches; the request was left alone");
        return std::move(out).finish();
    }
    const std::array<const envoy_cors*, 4> chain = policies.chain(route, backend);
    const envoy_cors* most_specific = nullptr;
    for (const envoy_cors* p : chain) most_specific = most_specific == nullptr ? p : most_specific;
    const envoy_decision d = evaluate_like_envoy(chain, facts);
    out.verdict(describe(d, most_specific, facts).view());

    d.visit([&](std::string_view name, std::string_view value) {
        const attachment_id from = policies.id_of(*d.from.of(name));
        route.visit_attachments([&](const attachment_view& a) {
            if (a.id != from) return;
            out.header(name, value, name_of(a.level), a.kind, a.name);
        });
    });
    const std::string_view name =
        backend < route.backends() ? route.backend_name(backend) : std::string_view{};
    route.visit_attachments([&](const attachment_view& a) {
        if (!a.backend.empty() && a.backend != name) return;
        bool takes_part = false;
        for (const envoy_cors* p : chain) {
            takes_part = takes_part || (p != nullptr && policies.id_of(*p) == a.id);
        }
        const bool matched =
            takes_part && d.matched != nullptr && policies.id_of(*d.from.allow_origin) == a.id;
        out.attachment(takes_part ? "takes part" : "shadowed", a,
                       matched ? describe(*d.matched) : std::string{});
    });
    return std::move(out).finish();
}

}  // namespace detail

/// Says what Envoy does with a request that goes to one of the rule's backends: which object each
/// header comes from, since it takes every field from the first policy that sets it, which matcher
/// let the origin in, which objects take part and which are shadowed; one line each.
[[nodiscard]] inline route_explanation explain(const envoy_policies& policies,
                                               const matched_route& route, std::size_t backend,
                                               const request_facts& facts) {
    return detail::explain_envoy(policies, route, backend, facts, explanation_lines{});
}

/// The same as one JSON object, of the shape of `explain_json` for a `matched_route`.
[[nodiscard]] inline route_explanation explain_json(const envoy_policies& policies,
                                                    const matched_route& route, std::size_t backend,
                                                    const request_facts& facts) {
    return detail::explain_envoy(policies, route, backend, facts, explanation_json{});
}

}  // namespace corsac::inline v0_2_0::interop

#endif
