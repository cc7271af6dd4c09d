// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_MESSAGES_HPP
#define CORSAC_TESTING_MESSAGES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/testing/made_decision.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// One field line. A list of them keeps order, case and duplicates as they were written.
struct header {
    std::string name{};
    std::string value{};

    friend bool operator==(const header&, const header&) = default;
};

/// Field lines, in the order in which they are sent.
using header_list = std::vector<header>;

/// What arrives at the server under test.
struct request {
    std::string method{};
    /// Absolute, without fragment and userinfo.
    std::string url{};
    header_list headers{};
    /// Whether the browser would attach cookies, client certificates and HTTP authentication.
    bool credentials = false;
    /// What the script gave as body; the simulator passes it on and never reads it.
    std::string body{};

    /// The first line of that name (any case), or nothing.
    [[nodiscard]] std::optional<std::string_view> first(std::string_view name) const {
        for (const header& h : headers) {
            if (corsac::detail::equals_ignore_case(h.name, name)) return h.value;
        }
        return std::nullopt;
    }
};

/// What the server under test answers.
struct response {
    int status = 200;
    header_list headers{};
    /// What corsac decided, where the server tells; `governed_by` does.
    std::optional<made_decision> decided{};
};

namespace detail {

using namespace corsac::detail;

[[nodiscard]] inline std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = to_lower(c);
    return out;
}

[[nodiscard]] inline std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) c = to_upper(c);
    return out;
}

template <class Range, class T>
[[nodiscard]] bool contains(const Range& range, const T& wanted) {
    for (const auto& item : range) {
        if (item == wanted) return true;
    }
    return false;
}

[[nodiscard]] inline std::size_t count(const header_list& list, std::string_view name) {
    std::size_t n = 0;
    for (const header& h : list) n += equals_ignore_case(h.name, name) ? 1U : 0U;
    return n;
}

/// "Get a header": all lines of that name, joined by `, `.
/// Spec: https://fetch.spec.whatwg.org/#concept-header-list-get
[[nodiscard]] inline std::optional<std::string> get(const header_list& list,
                                                    std::string_view name) {
    std::optional<std::string> joined;
    for (const header& h : list) {
        if (!equals_ignore_case(h.name, name)) continue;
        if (joined)
            joined->append(", ");
        else
            joined.emplace();
        joined->append(trim_ows(h.value));
    }
    return joined;
}

/// Calls `visit(element)` for each non-empty element of a comma-separated value.
template <class Visit>
void for_each_element(std::string_view value, Visit visit) {
    while (true) {
        const std::size_t comma = value.find(',');
        const std::string_view element = trim_ows(value.substr(0, comma));
        if (!element.empty()) visit(element);
        if (comma == std::string_view::npos) return;
        value.remove_prefix(comma + 1);
    }
}

/// The outcome of reading a list of tokens.
struct token_list {
    std::vector<std::string> tokens{};
    bool present = false;
    /// The first element that is no token. A single one makes the whole header a failure.
    std::optional<std::string> bad{};
    /// How many tokens come before it.
    std::size_t before_bad = 0;

    [[nodiscard]] bool has(std::string_view token) const { return contains(tokens, token); }
    [[nodiscard]] bool has_ignore_case(std::string_view token) const {
        for (const std::string& t : tokens) {
            if (equals_ignore_case(t, token)) return true;
        }
        return false;
    }
};

/// "Extract header list values", for a header whose elements are tokens.
/// Spec: https://fetch.spec.whatwg.org/#extract-header-list-values
[[nodiscard]] inline token_list extract_tokens(const header_list& list, std::string_view name) {
    token_list out;
    for (const header& h : list) {
        if (!equals_ignore_case(h.name, name)) continue;
        out.present = true;
        for_each_element(h.value, [&](std::string_view element) {
            if (is_token(element))
                out.tokens.emplace_back(element);
            else if (!out.bad)
                out.bad.emplace(element);
            if (!out.bad) out.before_bad = out.tokens.size();
        });
    }
    return out;
}

}  // namespace detail
}  // namespace corsac::inline v0_2_0::testing

#endif
