// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_IMPORTED_CORS_HPP
#define CORSAC_INTEROP_MATCHERS_IMPORTED_CORS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/matchers/expression_proof.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/matchers/string_matcher_set.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Another system's CORS settings: options, and matchers for what is no entry of allow_origins.
struct imported_cors {
    policy_options options{};
    std::vector<string_matcher> matchers{};

    /// Whether anybody is named. Whether that may be so is up to `make_matched_policy`.
    [[nodiscard]] bool names_somebody() const noexcept {
        return !options.allow_origins.empty() || !matchers.empty();
    }
};

/// A policy with matchers beside its origins.
using matched_policy = basic_policy<any_of<origin_set, string_matcher_set>>;

/// Checks options and matchers together and builds the policy that they describe.
///
/// Errors: those of `make_policy` and of `make_string_matcher_set`, all at once.
[[nodiscard]] inline result<matched_policy> make_matched_policy(const imported_cors& from) {
    const result<string_matcher_set> matchers = make_string_matcher_set(from.matchers);
    result<matched_policy> built =
        make_policy(from.options, matchers ? *matchers : string_matcher_set({}));
    if (matchers) return built;
    config_errors errors = matchers.errors();
    for (const config_error& e : built.errors()) errors.push_back(e);
    return {std::move(errors), built.warnings()};
}

namespace detail {

/// The entry of allow_origins for a regular expression, if there is one that allows no more:
/// `.*` for everything, and `https://.*\.example\.com` for subdomains.
[[nodiscard]] inline std::optional<std::string> origin_of_regex(std::string_view regex) {
    if (!regex.empty() && regex.front() == '^') regex.remove_prefix(1);
    if (!regex.empty() && regex.back() == '$') regex.remove_suffix(1);
    if (regex == ".*" || regex == ".+") return "*";
    std::string entry;
    for (std::size_t i = 0; i < regex.size(); ++i) {
        const std::string_view rest = regex.substr(i);
        if (rest.substr(0, 2) == "\\." || rest.substr(0, 2) == "\\/") {
            entry += rest[1];
            ++i;
        } else if (rest.substr(0, 4) == ".*\\." || rest.substr(0, 4) == ".+\\.") {
            // Only as the whole left part of a host: elsewhere it would cross the port or the host.
            if (entry != "https://" && entry != "http://") return std::nullopt;
            entry += "*.";
            i += 3;
        } else if (is_alpha(rest[0]) || is_digit(rest[0]) || rest[0] == ':' || rest[0] == '/' ||
                   rest[0] == '-') {
            entry += rest[0];
        } else {
            return std::nullopt;
        }
    }
    return entry;
}

/// Whether a text has a `*` that is none of a pattern where it is written: then it is an error.
[[nodiscard]] inline bool has_useless_star(const document_view& view, const std::string& text) {
    if (text == "*" || text.find('*') == text.npos) return false;
    view.error('"' + text + "\" is no pattern where it comes from: it matches that very text, " +
               "which no browser sends");
    return true;
}

/// Adds a matcher, unless it lets in more than a policy of its kind may, or nobody.
inline void add_matcher(const document_view& view, string_matcher matcher, imported_cors& to) {
    const std::string quoted = '"' + std::string(written(matcher)) + "\" ";
    if (!matcher.regex.error.empty()) return view.error(quoted + matcher.regex.error);
    if (matcher.how != string_matcher::form::regex && has_useless_star(view, matcher.text)) return;
    if (matches_everything(matcher)) {
        return view.error(quoted + "matches every origin; if that is meant, write *");
    }
    const expression_proof proof = prove_matcher(matcher);
    if (proof.accepts_no_host()) {
        return view.warning(quoted + "matches no origin " +
                            (proof.accepts_null ? "but null, which only an exact entry names"
                                                : "that a browser sends") +
                            ", and is left out");
    }
    if (!proof.proved) {
        // No manifest says that this is meant.
        if (to.options.allow_credentials) {
            return view.error(quoted + describe(proof) + ", with credentials");
        }
        view.warning(quoted + describe(proof));
    }
    to.matchers.push_back(std::move(matcher));
}

/// The same where Envoy asks the matchers, which allows every origin by one that matches `*`.
inline void add_envoy_matcher(const document_view& view, string_matcher matcher,
                              imported_cors& to) {
    if (!matcher.matches("*")) return add_matcher(view, std::move(matcher), to);
    flag_matcher_of_star(matcher, view);
    to.options.allow_origins.push_back("*");
}

/// Adds a text that is compared as it is.
inline void add_exact(const document_view& view, const std::string& exact, imported_cors& to) {
    if (!has_useless_star(view, exact)) to.options.allow_origins.push_back(exact);
}

/// Adds an expression, as a pattern if there is one.
/// @param engine  Empty: what has no pattern is an error.
/// @param add     `add_matcher` or `add_envoy_matcher`.
template <class Add>
void add_regex(const document_view& view, const regex_engine& engine, imported_cors& to,
               const Add& add) {
    const std::size_t errors = view.problems().errors();
    const std::string regex = view.string();
    if (regex.empty()) {
        if (view.problems().errors() == errors) view.error("is empty");
        return;
    }
    if (const std::optional<std::string> entry = origin_of_regex(regex)) {
        to.options.allow_origins.push_back(*entry);
    } else if (!engine) {
        view.error('"' + regex + "\" has no counterpart; list the origins, or patterns such as " +
                   "https://*.example.com, or read with an engine of regular expressions");
    } else {
        add(view, make_regex_matcher(regex, engine), to);
    }
}

/// Reports a policy that would allow nobody, unless an empty list says just that.
///
/// @param origins  Where they are written.
/// @param errors   How many there were before origins were read: one of them is the reason, then.
inline void check_allows_somebody(const document_view& origins, bool somebody, std::size_t errors) {
    if (somebody || origins.problems().errors() != errors) return;
    if (!origins) {
        return origins.error("is missing, so that nobody would be allowed; list origins, or write "
                             "[] if that is meant");
    }
    const bool is_list = origins.value()->kind() == document_kind::list;
    if (is_list && origins.value()->size() == 0) return;
    origins.error("allows nobody: no entry matches an origin that a browser sends; if that is "
                  "meant, write []");
}

/// The elements of a comma-separated text.
inline void add_elements(std::string_view list, text_list& items) {
    while (has_elements(list)) {
        const std::string_view item = next_element(list);
        if (!item.empty()) items.push_back(item);
    }
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
