// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_EXPLANATION_WRITER_HPP
#define CORSAC_TABLE_EXPLANATION_WRITER_HPP

#include <corsac/detail/text.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>

#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// What was decided about a request to a route, and which object says so: lines, or JSON.
class route_explanation {
public:
    [[nodiscard]] std::string_view view() const noexcept { return text_.view(); }
    [[nodiscard]] operator std::string_view() const noexcept { return view(); }

    /// Works with `std::ostream` without including it.
    template <class Stream>
        requires requires(Stream& stream, std::string_view text) { stream << text; }
    friend Stream& operator<<(Stream& stream, const route_explanation& e) {
        stream << e.view();
        return stream;
    }

private:
    friend class explanation_lines;
    friend class explanation_json;

    explicit route_explanation(detail::text text) noexcept : text_(std::move(text)) {}

    detail::text text_;
};

/// Writes what explains one request to a route, one line per fact, in the words of `explain`.
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
    [[nodiscard]] route_explanation finish() && { return route_explanation{std::move(out_)}; }

private:
    detail::text out_;
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
    [[nodiscard]] route_explanation finish() && {
        out_.append(attachments_ ? "]}" : "],\"attachments\":[]}");
        return route_explanation{std::move(out_)};
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

    detail::text out_;
    bool first_ = true;
    bool attachments_ = false;
};

}  // namespace corsac::inline v0_2_0

#endif
