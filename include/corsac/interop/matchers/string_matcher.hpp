// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_STRING_MATCHER_HPP
#define CORSAC_INTEROP_MATCHERS_STRING_MATCHER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document_view.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

/// Bytes of a matcher's text or regular expression; the longest expression of the Gateway API.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch
inline constexpr std::size_t max_matcher_length = 4096;

/// A regular expression as an engine has compiled it, or why it has not.
struct compiled_regex {
    /// Whether the expression matches the whole of a text, in time linear in the text's length.
    /// Called by any number of threads; must not throw.
    std::function<bool(std::string_view)> matches{};
    std::string error{};  ///< the engine's own words; empty if it compiled
};

/// Compiles expressions in RE2's syntax, which is Envoy's. `re2_engine` of
/// <corsac/interop/matchers/re2.hpp> is one.
///
/// Not std::regex: it backtracks, and its stack grows with the text.
using regex_engine = std::function<compiled_regex(std::string_view regex)>;

namespace detail {

[[nodiscard]] inline std::string escape_regex(std::string_view text) {
    std::string escaped;
    for (const char c : text) {
        if (!is_alpha(c) && !is_digit(c) && c != ':' && c != '/' && c != '-' && c != '_') {
            escaped += '\\';
        }
        escaped += c;
    }
    return escaped;
}

/// `before.*after`, or only `before`.
struct simple_regex {
    std::string before{};
    std::string after{};
    bool wildcard = false;
};

[[nodiscard]] inline std::optional<simple_regex> parse_simple_regex(std::string_view regex) {
    constexpr byte_set special{"\\.+*?()|[]{}^$"};
    if (!regex.empty() && regex.front() == '^') regex.remove_prefix(1);
    simple_regex parsed;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        const char c = regex[i];
        std::string& part = parsed.wildcard ? parsed.after : parsed.before;
        if (byte_at(&c) < 0x20 || byte_at(&c) > 0x7e) return std::nullopt;
        if (!special[c]) {
            part += c;
        } else if (c == '\\' && i + 1 < regex.size() && byte_at(&regex[i + 1]) > 0x20 &&
                   byte_at(&regex[i + 1]) < 0x7f && !is_alpha(regex[i + 1]) &&
                   !is_digit(regex[i + 1]) && regex[i + 1] != '_') {
            part += regex[++i];
        } else if (regex.substr(i, 2) == ".*" && !parsed.wildcard) {
            parsed.wildcard = true;
            ++i;
        } else if (c != '$' || i + 1 != regex.size()) {
            return std::nullopt;
        }
    }
    return parsed;
}

/// What RE2's `.*` matches: UTF-8 without a newline.
[[nodiscard]] inline bool is_one_line(std::string_view text) noexcept {
    while (!text.empty()) {
        const std::uint32_t lead = byte_at(text.data());
        const std::size_t size = lead < 0x80                   ? 1
                                 : lead >= 0xc2 && lead < 0xe0 ? 2
                                 : lead >= 0xe0 && lead < 0xf0 ? 3
                                 : lead >= 0xf0 && lead < 0xf5 ? 4
                                                               : 0;
        if (lead == '\n' || size == 0 || size > text.size()) return false;
        for (std::size_t i = 1; i < size; ++i) {
            if ((byte_at(text.data() + i) & 0xc0) != 0x80) return false;
        }
        text.remove_prefix(size);
    }
    return true;
}

}  // namespace detail

/// The engine that needs no package: it knows literal characters and one dot-star among them, which
/// is what gateways make of a wildcard, and says of any other expression that RE2 is needed.
[[nodiscard]] inline compiled_regex compile_simple_regex(std::string_view regex) {
    std::optional<detail::simple_regex> parsed = detail::parse_simple_regex(regex);
    if (!parsed) {
        return {{},
                "needs an engine: include <corsac/interop/matchers/re2.hpp> and pass "
                "re2_engine<RE2>{}"};
    }
    return {[like = *std::move(parsed)](std::string_view text) {
                const std::size_t before = like.before.size(), after = like.after.size();
                if (text.size() < before + after || text.substr(0, before) != like.before ||
                    text.substr(text.size() - after) != like.after) {
                    return false;
                }
                const std::size_t between = text.size() - before - after;
                return like.wildcard ? detail::is_one_line(text.substr(before, between))
                                     : between == 0;
            },
            {}};
}

/// Envoy's `StringMatcher`.
///
/// Spec: https://www.envoyproxy.io/docs/envoy/latest/api-v3/type/matcher/v3/string.proto
struct string_matcher {
    enum class form : std::uint8_t { exact, prefix, suffix, contains, regex };

    form how = form::exact;
    std::string text{};        ///< of `regex`: the expression as it is written
    bool ignore_case = false;  ///< of ASCII letters; has no effect on `regex`
    compiled_regex regex{};    ///< of `regex`: without one, nothing matches

    /// Cost: linear in the value's length for `exact`, `prefix`, `suffix` and `regex`; `contains`
    /// multiplies it by that of the text.
    [[nodiscard]] bool matches(std::string_view value) const noexcept {
        const auto equals = [this](std::string_view a, std::string_view b) {
            return ignore_case ? detail::equals_ignore_case(a, b) : a == b;
        };
        const std::size_t size = text.size();
        switch (how) {
        case form::exact: return equals(value, text);
        case form::prefix: return value.size() >= size && equals(value.substr(0, size), text);
        case form::suffix:
            return value.size() >= size && equals(value.substr(value.size() - size), text);
        case form::contains:
            for (std::size_t at = 0; at + size <= value.size(); ++at) {
                if (equals(value.substr(at, size), text)) return true;
            }
            return false;
        case form::regex: return regex.matches && regex.matches(value);
        }
        return false;
    }

    /// Whether it is the text `*`, in whichever form but an expression: Envoy asks each matcher for
    /// that text first, and allows every origin if it matches.
    [[nodiscard]] bool means_everybody() const noexcept {
        return how != form::regex && text == "*";
    }

    /// Whether the same is written; what engines made of it is not compared.
    [[nodiscard]] friend bool operator==(const string_matcher& a, const string_matcher& b) {
        return a.how == b.how && a.text == b.text && a.ignore_case == b.ignore_case;
    }
};

/// A matcher of the whole text by a regular expression. If that does not compile, the matcher says
/// why in `regex.error` and matches nothing.
[[nodiscard]] inline string_matcher make_regex_matcher(std::string_view regex,
                                                       const regex_engine& engine) {
    string_matcher made{string_matcher::form::regex, std::string(regex), false, {}};
    if (regex.empty()) {
        made.regex.error = "is empty";
    } else if (regex.size() > max_matcher_length) {
        made.regex.error = "is longer than " + std::to_string(max_matcher_length) + " bytes";
    } else {
        made.regex = engine(regex);
    }
    return made;
}

namespace detail {

/// A field in either spelling of protocol buffers: their own, or JSON's.
[[nodiscard]] inline document_view field_of(const document_view& view, std::string_view snake,
                                            std::string_view camel) {
    const document_view own = view[snake], json = view[camel];
    if (own && json) json.error("is the same field as " + std::string(snake));
    return json ? json : own;
}

/// Envoy asks every matcher of a CORS policy for the text `*` first.
inline void flag_matcher_of_star(const string_matcher& matcher, const document_view& view) {
    if (!matcher.matches("*") || matcher.means_everybody()) return;
    view.warning("matches the text \"*\", so Envoy allows every origin, whatever else it matches; "
                 "if that is meant, write exact: \"*\"");
}

}  // namespace detail

/// Reads a `StringMatcher`, in either spelling.
///
/// @param engine  Compiles the expression of `safe_regex`.
/// @return        Nothing if an error was reported.
[[nodiscard]] inline std::optional<string_matcher> read_string_matcher(const document_view& view,
                                                                       const regex_engine& engine) {
    using form = string_matcher::form;
    const std::size_t errors = view.problems().errors();
    if (!view) view.error("must be a map, not null");
    if (!view.is_map({"exact", "prefix", "suffix", "contains", "safe_regex", "safeRegex",
                      "ignore_case", "ignoreCase"})) {
        return std::nullopt;
    }
    string_matcher matcher;
    std::size_t forms = 0;
    const auto read_text = [&](const document_view& field, form how) {
        if (!field) return;
        ++forms;
        matcher = {how, field.string(), false, {}};
        if (matcher.text.size() > max_matcher_length) {
            field.error("is longer than " + std::to_string(max_matcher_length) + " bytes");
        } else if (matcher.text.empty() && how != form::exact &&
                   view.problems().errors() == errors) {
            field.error("is empty, which would match everything");
        }
    };
    read_text(view["exact"], form::exact);
    read_text(view["prefix"], form::prefix);
    read_text(view["suffix"], form::suffix);
    read_text(view["contains"], form::contains);
    if (const document_view safe = detail::field_of(view, "safe_regex", "safeRegex")) {
        ++forms;
        const document_view regex = safe["regex"];
        if (safe.is_map({"regex", "google_re2", "googleRe2"})) {
            matcher = make_regex_matcher(regex.string(), engine);
            if (!matcher.regex.error.empty() && view.problems().errors() == errors) {
                regex.error(matcher.regex.error);
            }
        }
    }
    if (forms != 1) {
        view.error(forms == 0 ? "has none of exact, prefix, suffix, contains and safe_regex"
                              : "has more than one of exact, prefix, suffix, contains, safe_regex");
    }
    const document_view ignore_case = detail::field_of(view, "ignore_case", "ignoreCase");
    if (ignore_case.boolean().value_or(false)) {
        if (matcher.how == form::regex) {
            ignore_case.warning(
                "has no effect on an expression, and newer Envoys refuse it; write (?i)");
        } else {
            matcher.ignore_case = true;
        }
    }
    if (view.problems().errors() != errors) return std::nullopt;
    detail::flag_matcher_of_star(matcher, view);
    return matcher;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
