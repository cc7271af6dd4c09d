// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_ROUTE_EXPLANATION_HPP
#define CORSAC_TABLE_ROUTE_EXPLANATION_HPP

#include <corsac/table/attachment.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/table/policy_table.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0 {

namespace detail {

/// Writes one line per fact, in the words of `explain`.
class explanation_lines {
public:
    void rule(const matched_route& route) {
        if (!route) {
            out_.append("rule: none matches\n");
            return;
        }
        out_.append("rule: ").append(route.route()).append(" rule ");
        if (route.rule_name().empty()) {
            out_.append_number(route.rule_number());
        } else {
            out_.append('"').append(route.rule_name()).append('"');
        }
        out_.append('\n');
    }
    void verdict(std::string_view sentence) {
        out_.append("decision: ").append(sentence).append('\n');
    }
    void header(std::string_view name, std::string_view value, std::string_view level,
                std::string_view kind, std::string_view object) {
        out_.append(name).append(": ").append(value).append("  <- ").append(level);
        if (!kind.empty()) out_.append(" (").append(kind).append(' ').append(object).append(')');
        out_.append('\n');
    }
    void attachment(std::string_view role, const attachment_view& a, std::string_view matches) {
        out_.append(role).append(": ").append(name_of(a.level)).append(" (");
        out_.append(a.kind).append(' ').append(a.name).append(')');
        if (!a.backend.empty()) out_.append(" for backend ").append(a.backend);
        if (a.governs == nullptr) out_.append(", disables");
        if (!matches.empty()) out_.append(", matches ").append(matches);
        out_.append('\n');
    }
    [[nodiscard]] text finish() && { return std::move(out_); }

private:
    text out_;
};

/// Writes the same as one JSON object.
class explanation_json {
public:
    explanation_json() { out_.append('{'); }

    void rule(const matched_route& route) {
        if (!route) {
            out_.append("\"rule\":null");
            return;
        }
        out_.append("\"rule\":{\"route\":");
        quote(route.route());
        out_.append(",\"number\":").append_number(route.rule_number()).append(",\"name\":");
        quote(route.rule_name());
        out_.append('}');
    }
    void verdict(std::string_view sentence) {
        out_.append(",\"decision\":");
        quote(sentence);
        out_.append(",\"headers\":[");
    }
    void header(std::string_view name, std::string_view value, std::string_view level,
                std::string_view kind, std::string_view object) {
        next();
        pair("name", name);
        pair(",value", value);
        pair(",level", level);
        pair(",kind", kind);
        pair(",object", object);
        out_.append('}');
    }
    void attachment(std::string_view role, const attachment_view& a, std::string_view matches) {
        if (!attachments_) out_.append("],\"attachments\":[");
        first_ = first_ || !attachments_;
        attachments_ = true;
        next();
        pair("role", role);
        pair(",level", name_of(a.level));
        pair(",kind", a.kind);
        pair(",object", a.name);
        pair(",backend", a.backend);
        pair(",matches", matches);
        out_.append(",\"disables\":").append(a.governs == nullptr ? "true}" : "false}");
    }
    [[nodiscard]] text finish() && {
        out_.append(attachments_ ? "]}" : "],\"attachments\":[]}");
        return std::move(out_);
    }

private:
    void next() {
        out_.append(first_ ? "{" : ",{");
        first_ = false;
    }
    /// @param name  A comma in front of it is kept in front of the quote.
    void pair(std::string_view name, std::string_view value) {
        if (name.front() == ',') {
            out_.append(',');
            name.remove_prefix(1);
        }
        out_.append('"').append(name).append("\":");
        quote(value);
    }
    /// Bytes from a request need not be UTF-8, so all but ASCII is escaped.
    void quote(std::string_view value) {
        constexpr std::string_view digits = "0123456789abcdef";
        out_.append('"');
        for (const char c : value) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
                out_.append(c);
            } else {
                out_.append("\\u00").append(digits[byte >> 4]).append(digits[byte & 15]);
            }
        }
        out_.append('"');
    }

    text out_;
    bool first_ = true;
    bool attachments_ = false;
};

/// Which entry of a policy's allow_origins lets an origin in; `*` for what is answered `*`.
[[nodiscard]] inline std::string_view matching_entry(const policy* p,
                                                     std::string_view origin) noexcept {
    if (p == nullptr) return {};
    if (origin == "*") return p->origins().allows_any() ? origin : std::string_view{};
    return p->origins().matching_entry(origin);
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
    case route_state::no_route: out.verdict("no rule matches; the request was left alone"); break;
    case route_state::disabled:
        out.verdict("the policy is switched off here; the request was left alone");
        break;
    default: out.verdict(explain(d).view());
    }
}

/// @param origin  Of the request, or what was answered.
template <class Writer>
[[nodiscard]] text explain_route(const matched_route& route, std::size_t backend, const decision& d,
                                 std::string_view origin, Writer out) {
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
                       a, wins ? matching_entry(a.governs, origin) : std::string_view{});
    });
    return std::move(out).finish();
}

template <class Writer>
[[nodiscard]] text explain_route(const matched_route& route, std::size_t backend,
                                 const request_facts& facts, Writer out) {
    const decision d =
        backend == any_backend ? evaluate(route, facts) : evaluate(route, backend, facts);
    const std::string_view origin = facts.origin_lines == 1 ? facts.origin : std::string_view{};
    return explain_route(route, backend, d, origin, std::move(out));
}

}  // namespace detail

/// Says which rule was found, what was decided, which object every header comes from, which entry
/// of allow_origins matched, and which attachments were shadowed: one line each.
[[nodiscard]] inline detail::text explain(const matched_route& route, const decision& d) {
    return detail::explain_route(route, detail::any_backend, d, d.fields().allow_origin,
                                 detail::explanation_lines{});
}

/// The same as one JSON object: `rule`, `decision`, `headers`, `attachments`.
[[nodiscard]] inline detail::text explain_json(const matched_route& route, const decision& d) {
    return detail::explain_route(route, detail::any_backend, d, d.fields().allow_origin,
                                 detail::explanation_json{});
}

/// Decides a request and says how; also which entry matched where method or headers are refused.
[[nodiscard]] inline detail::text explain(const matched_route& route, const request_facts& facts) {
    return detail::explain_route(route, detail::any_backend, facts, detail::explanation_lines{});
}
[[nodiscard]] inline detail::text explain_json(const matched_route& route,
                                               const request_facts& facts) {
    return detail::explain_route(route, detail::any_backend, facts, detail::explanation_json{});
}

/// The same for a request that goes to one of the rule's backends.
[[nodiscard]] inline detail::text explain(const matched_route& route, std::size_t backend,
                                          const request_facts& facts) {
    return detail::explain_route(route, backend, facts, detail::explanation_lines{});
}
[[nodiscard]] inline detail::text explain_json(const matched_route& route, std::size_t backend,
                                               const request_facts& facts) {
    return detail::explain_route(route, backend, facts, detail::explanation_json{});
}

}  // namespace corsac::inline v0

#endif
