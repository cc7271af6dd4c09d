// SPDX-License-Identifier: MIT
#ifndef CORSAC_ROUTE_EXPLANATION_HPP
#define CORSAC_ROUTE_EXPLANATION_HPP

#include <corsac/attachment.hpp>
#include <corsac/decision.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/explain.hpp>
#include <corsac/policy_table.hpp>

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
    void attachment(std::string_view role, const attachment_view& a) {
        out_.append(role).append(": ").append(name_of(a.level)).append(" (");
        out_.append(a.kind).append(' ').append(a.name).append(')');
        if (!a.backend.empty()) out_.append(" for backend ").append(a.backend);
        if (a.governs == nullptr) out_.append(", disables");
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
    void attachment(std::string_view role, const attachment_view& a) {
        if (!attachments_) out_.append("],\"attachments\":[");
        first_ = first_ || !attachments_;
        attachments_ = true;
        next();
        pair("role", role);
        pair(",level", name_of(a.level));
        pair(",kind", a.kind);
        pair(",object", a.name);
        pair(",backend", a.backend);
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

template <class Writer>
[[nodiscard]] text explain_route(const matched_route& route, const decision& d, Writer out) {
    out.rule(route);
    switch (route.state()) {
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
    attachment_view winner{};
    const bool split = route.state() == route_state::split;
    bool found = false;
    route.visit_attachments([&](const attachment_view& a) {
        if (found || !a.wins || a.governs == nullptr || a.governs != route.governing()) return;
        winner = a;
        found = true;
    });
    d.visit([&](std::string_view name, std::string_view value) {
        if (split) {
            out.header(name, value, "what all backends allow", {}, {});
        } else if (found) {
            out.header(name, value, name_of(winner.level), winner.kind, winner.name);
        } else {
            out.header(name, value, "a policy without attachment", {}, {});
        }
    });
    route.visit_attachments([&](const attachment_view& a) {
        out.attachment(!a.wins ? "shadowed" : split ? "takes part" : "applies", a);
    });
    return std::move(out).finish();
}

}  // namespace detail

/// Says which rule was found, what was decided, which object every header comes from, and which
/// attachments were shadowed: one line each.
[[nodiscard]] inline detail::text explain(const matched_route& route, const decision& d) {
    return detail::explain_route(route, d, detail::explanation_lines{});
}

/// The same as one JSON object: `rule`, `decision`, `headers`, `attachments`.
[[nodiscard]] inline detail::text explain_json(const matched_route& route, const decision& d) {
    return detail::explain_route(route, d, detail::explanation_json{});
}

}  // namespace corsac::inline v0

#endif
