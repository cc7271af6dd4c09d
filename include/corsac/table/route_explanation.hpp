// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_ROUTE_EXPLANATION_HPP
#define CORSAC_TABLE_ROUTE_EXPLANATION_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/explanation_writer.hpp>
#include <corsac/table/policy_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

/// Which entry of a policy's allow_origins lets an origin in; `*` for what is answered `*`.
[[nodiscard]] inline std::string_view matching_entry(const attachment_view& a,
                                                     std::string_view origin) noexcept {
    if (a.governs == nullptr) return {};
    const auto allows_any = [](const auto& p) { return allows_any_origin(p.origins()); };
    if (origin == "*") return a.in_force.visit(allows_any) ? origin : std::string_view{};
    const std::string_view entry = a.governs->origins().matching_entry(origin, judged);
    const auto allows = [&](const auto& p) { return p.allows_origin(origin); };
    return entry.empty() && a.in_force.visit(allows) ? "a matcher" : entry;
}

/// A request before a backend was chosen for it.
inline constexpr std::size_t any_backend = static_cast<std::size_t>(-1);

template <class Writer>
void explain_verdict(const matched_route& route, route_state state, const decision& d,
                     Writer& out) {
    switch (state) {
    case route_state::broken: {
        text sentence{"a filter cannot be resolved, so every request gets 500"};
        if (!route.defect().empty()) sentence.append(": ").append(route.defect());
        out.verdict(sentence.view());
        break;
    }
    case route_state::ambiguous:
        out.verdict("the request has several Host fields, so it gets 400");
        break;
    case route_state::no_route: out.verdict("no rule matches; the request was left alone"); break;
    case route_state::disabled:
        out.verdict("the policy is switched off here; the request was left alone");
        break;
    default: out.verdict(explain(d).view());
    }
}

/// @param origin  Of the request, or what was answered.
template <class Writer>
[[nodiscard]] route_explanation explain_route(const matched_route& route, std::size_t backend,
                                              const decision& d, std::string_view origin,
                                              Writer out) {
    const bool chosen = route && backend < route.backends();
    const route_state state = chosen ? route.backend_state(backend) : route.state();
    const std::string_view name = chosen ? route.backend_name(backend) : std::string_view{};
    out.rule(route);
    explain_verdict(route, state, d, out);
    // Without a backend, the one attachment that wins; with one, the first that concerns it.
    const auto concerns = [&](const attachment_view& a) {
        return !chosen || a.backend.empty() || a.backend == name;
    };
    attachment_view winner{};
    bool found = false;
    const bool split = state == route_state::split;
    route.visit_attachments([&](const attachment_view& a) {
        if (found || !concerns(a) || split || (!chosen && !a.wins)) return;
        winner = a;
        found = true;
    });
    d.visit([&](std::string_view field, std::string_view value) {
        if (split) {
            out.header(field, value, "what all backends allow", {}, {});
        } else if (found) {
            out.header(field, value, name_of(winner.level), winner.kind, winner.name);
        } else {
            out.header(field, value, "a policy without attachment", {}, {});
        }
    });
    route.visit_attachments([&](const attachment_view& a) {
        if (!concerns(a)) return;
        const bool wins = chosen ? found && a.id == winner.id : a.wins;
        out.attachment(!wins   ? "shadowed"
                       : split ? "takes part"
                               : "applies",
                       a, wins ? matching_entry(a, origin) : std::string_view{});
    });
    return std::move(out).finish();
}

template <class Writer>
[[nodiscard]] route_explanation explain_route(const matched_route& route, std::size_t backend,
                                              const request_facts& facts, Writer out) {
    const decision d =
        backend == any_backend ? evaluate(route, facts) : evaluate(route, backend, facts);
    const std::string_view origin = facts.origin_lines == 1 ? facts.origin : std::string_view{};
    return explain_route(route, backend, d, origin, std::move(out));
}

}  // namespace detail

/// Says which rule was found, what was decided, which object every header comes from, which entry
/// of allow_origins matched, and which attachments were shadowed: one line each.
[[nodiscard]] inline route_explanation explain(const matched_route& route, const decision& d) {
    return detail::explain_route(route, detail::any_backend, d, d.fields().allow_origin,
                                 explanation_lines{});
}

/// The same as one JSON object: `rule`, `decision`, `headers`, `attachments`.
[[nodiscard]] inline route_explanation explain_json(const matched_route& route, const decision& d) {
    return detail::explain_route(route, detail::any_backend, d, d.fields().allow_origin,
                                 explanation_json{});
}

/// Decides a request and says how; also which entry matched where method or headers are refused.
[[nodiscard]] inline route_explanation explain(const matched_route& route,
                                               const request_facts& facts) {
    return detail::explain_route(route, detail::any_backend, facts, explanation_lines{});
}
[[nodiscard]] inline route_explanation explain_json(const matched_route& route,
                                                    const request_facts& facts) {
    return detail::explain_route(route, detail::any_backend, facts, explanation_json{});
}

/// The same for a request that goes to one of the rule's backends.
[[nodiscard]] inline route_explanation explain(const matched_route& route, std::size_t backend,
                                               const request_facts& facts) {
    return detail::explain_route(route, backend, facts, explanation_lines{});
}
[[nodiscard]] inline route_explanation explain_json(const matched_route& route, std::size_t backend,
                                                    const request_facts& facts) {
    return detail::explain_route(route, backend, facts, explanation_json{});
}

}  // namespace corsac::inline v0_2_0

#endif
