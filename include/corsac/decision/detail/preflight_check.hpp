// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_DETAIL_PREFLIGHT_CHECK_HPP
#define CORSAC_DECISION_DETAIL_PREFLIGHT_CHECK_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// Step 7 of the preflight's checks, done here so that a refusal can be silent.
///
/// What is listed is a token, so only what is not listed is examined byte by byte.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
[[nodiscard]] constexpr outcome check_method(const policy_rules& rules,
                                             const request_facts& facts) noexcept {
    const std::string_view method = facts.requested_method;
    if (facts.requested_method_lines != 1 || method.size() > max_requested_method_length) {
        return outcome::method_malformed;
    }
    if (is_cors_safelisted_method(method) || rules.lists_method(method)) return outcome::allowed;
    if (!is_token(method)) return outcome::method_malformed;
    // With `advertise` the browser judges. Not where the method is reflected, which would allow it,
    // nor where no list is sent: that allows any method to a request with an upload listener.
    const bool judged_there = rules.says<&policy_options::advertise>() &&
                              !rules.reflects_method() && !rules.methods().empty();
    const bool passes = rules.allows_any_method() || judged_there;
    return passes ? outcome::allowed : outcome::method_not_allowed;
}

/// The same for one header name that is not listed; one that is listed is a token.
[[nodiscard]] constexpr outcome check_unlisted_header(const policy_rules& rules,
                                                      std::string_view name) noexcept {
    // So is a prefix that is listed.
    const std::size_t known = rules.listed_prefix(name);
    if (!is_token(view_of(name.data() + known, name.size() - known))) {
        return outcome::header_malformed;
    }
    const bool covered = known != 0 ? !is_cors_non_wildcard_request_header(name)
                                    : rules.allows_unlisted_header(name);
    const bool passes =
        covered || (rules.says<&policy_options::advertise>() && !rules.reflects_headers());
    return passes ? outcome::allowed : outcome::header_not_allowed;
}

/// The same for all of them, read leniently: any order, letter case, repetition and line.
/// @param refused  Gets the first name that is refused, or nothing.
[[nodiscard]] constexpr outcome check_headers(const policy_rules& rules, const request_facts& facts,
                                              std::string_view& refused) noexcept {
    // Lines without names count, too: by the byte that separates them from the next.
    if (facts.requested_header_lines > max_request_header_lines) {
        return outcome::header_list_too_long;
    }
    std::size_t bytes = 0;
    std::size_t elements = 0;
    std::size_t lines = 0;
    // Browsers send the names sorted, in lower case and without white space.
    // Spec: https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
    std::uint32_t next = rules.first_header();
    for (std::uint32_t i = 0; i < facts.requested_header_lines; ++i) {
        std::string_view line = facts.requested_headers[i];
        bytes += line.size() + 1;
        lines += line.empty() ? 0U : 1U;
        if (bytes > max_requested_headers_length) return outcome::header_list_too_long;
        while (has_elements(line)) {
            if (++elements > max_requested_headers) return outcome::header_list_too_long;
            if (rules.cut_listed_header(line, next)) continue;
            const std::string_view name = next_element(line);
            if (name.empty() || rules.lists_header(name)) continue;
            const outcome verdict = check_unlisted_header(rules, name);
            if (verdict == outcome::allowed) continue;
            refused = name;
            return verdict;
        }
    }
    return lines > max_reflected_lines && rules.reflects_headers() ? outcome::header_list_too_long
                                                                   : outcome::allowed;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
