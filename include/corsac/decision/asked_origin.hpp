// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_ASKED_ORIGIN_HPP
#define CORSAC_DECISION_ASKED_ORIGIN_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>

#include <string_view>

// Origins that somebody else is asked about, such as a database of tenants, by whoever evaluates by
// hand. `live/asked_origins.hpp` does it for adapters, and remembers the answers.

namespace corsac::inline v0_2_0 {

namespace detail {

// Declared, never defined: what the compiler names where the text is none of these.
void corsac_error_vary_names_are_header_names_separated_by_commas();

[[nodiscard]] constexpr bool are_vary_names(std::string_view list) noexcept {
    while (has_elements(list)) {
        const std::string_view name = next_element(list);
        if (!is_token(name) || name == "*") return false;
    }
    return true;
}

}  // namespace detail

/// Request headers that a verdict depends on beside `Origin`, written in the program:
/// `"X-Tenant, X-Region"`. A constant, so that a decision may name them for as long as it likes.
class vary_names {
public:
    constexpr vary_names() noexcept = default;
    consteval vary_names(const char* list) : list_(list) {
        if (!detail::are_vary_names(list_)) {
            detail::corsac_error_vary_names_are_header_names_separated_by_commas();
        }
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept { return list_; }

private:
    std::string_view list_{};
};

/// The same decision with further names in `Vary`, if it says anything at all about the response.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc9110#field.vary
[[nodiscard]] constexpr decision with_vary(const decision& d, vary_names names) noexcept {
    decision_fields fields = d.fields();
    if (d.governs()) fields.more_vary = names.view();
    return decision{fields};
}

/// The origin that somebody else may be asked about, such as a database: one that the policy's own
/// list neither allows nor has to refuse. Empty where there is nothing to ask; `evaluate` then says
/// it all. Never `null`, and nothing that is not serialised.
///
/// @return  Borrowed from the request.
template <policy_like P>
[[nodiscard]] constexpr std::string_view origin_to_ask_about(
    const P& p, const origin_lines_read& lines) noexcept {
    if (lines.count != 1 || p.rules().answers_star() || !parse_serialized_origin(lines.first)) {
        return {};
    }
    const origin_grant granted = p.grant(lines.first);
    const bool open = granted.answer.empty() && (granted.defect == grant_defect::none ||
                                                 granted.defect == grant_defect::refused);
    return open ? lines.first : std::string_view{};
}

/// The same for a framework's request.
template <policy_like P, request_view R>
[[nodiscard]] constexpr std::string_view origin_to_ask_about(const P& p,
                                                             const R& request) noexcept {
    return origin_to_ask_about(p, detail::read_origin(request));
}

/// The same for a framework's request.
template <policy_like P, request_view R>
[[nodiscard]] constexpr decision evaluate(const P& p, const R& request,
                                          origin_verdict verdict) noexcept {
    return evaluate(p, detail::read_for(p.rules(), request), verdict);
}

}  // namespace corsac::inline v0_2_0

#endif
