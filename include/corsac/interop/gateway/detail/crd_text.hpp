// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_CRD_TEXT_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_CRD_TEXT_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>

#include <cstddef>
#include <initializer_list>
#include <string_view>

// The patterns of the Gateway API's CRDs.
// Spec: https://gateway-api.sigs.k8s.io/reference/spec/

namespace corsac::inline v0_2_0::interop::detail {

/// `[a-z0-9]([-a-z0-9]*[a-z0-9])?`
[[nodiscard]] inline bool is_dns_label(std::string_view text) noexcept {
    const auto is_end = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c); };
    if (text.empty() || !is_end(text.front()) || !is_end(text.back())) return false;
    for (const char c : text) {
        if (!is_end(c) && c != '-') return false;
    }
    return true;
}

/// Labels with dots between them.
[[nodiscard]] inline bool is_dns_subdomain(std::string_view text) noexcept {
    while (true) {
        const std::size_t dot = text.find('.');
        if (!is_dns_label(text.substr(0, dot))) return false;
        if (dot == text.npos) return true;
        text.remove_prefix(dot + 1);
    }
}

[[nodiscard]] inline bool is_crd_hostname(std::string_view text) noexcept {
    if (text.substr(0, 2) == "*.") text.remove_prefix(2);
    return is_dns_subdomain(text);
}

/// `^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$`
[[nodiscard]] inline bool is_crd_kind(std::string_view text) noexcept {
    if (text.empty() || !is_alpha(text.front()) || text.back() == '-') return false;
    for (const char c : text) {
        if (!is_alpha(c) && !is_digit(c) && c != '-') return false;
    }
    return true;
}

/// `^([0-9]{1,5}(h|m|s|ms)){1,4}$`
[[nodiscard]] inline bool is_crd_duration(std::string_view text) noexcept {
    std::size_t parts = 0;
    for (; !text.empty(); ++parts) {
        std::size_t digits = 0;
        while (digits < text.size() && is_digit(text[digits])) ++digits;
        if (digits == 0 || digits > 5) return false;
        text.remove_prefix(digits);
        const std::size_t unit = text.substr(0, 2) == "ms" ? 2 : 1;
        if (text.empty() || (unit == 1 && std::string_view("hms").find(text[0]) == text.npos)) {
            return false;
        }
        text.remove_prefix(unit);
    }
    return parts >= 1 && parts <= 4;
}

/// What is wrong with the path of an exact match or a prefix; empty if nothing is.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httppathmatch
[[nodiscard]] inline std::string_view find_path_mistake(std::string_view path) noexcept {
    struct part {
        std::string_view text, message;
    };
    constexpr part forbidden[] = {
        {"//", "must not contain '//'"},     {"/./", "must not contain '/./'"},
        {"/../", "must not contain '/../'"}, {"%2f", "must not contain '%2f'"},
        {"%2F", "must not contain '%2F'"},   {"#", "must not contain '#'"}};
    for (const part& one : forbidden) {
        if (path.find(one.text) != path.npos) return one.message;
    }
    const auto ends_in = [&](std::string_view end) {
        return path.size() >= end.size() && path.substr(path.size() - end.size()) == end;
    };
    if (ends_in("/..")) return "must not end with '/..'";
    if (ends_in("/.")) return "must not end with '/.'";
    if (path.size() > 1024) return "must have at most 1024 characters";
    constexpr byte_set allowed{"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                               "-/._~!$&'()*+,;=:@"};
    const auto is_hex = [](char c) {
        return is_digit(c) || (to_lower(c) >= 'a' && to_lower(c) <= 'f');
    };
    for (std::size_t i = 0; i < path.size(); ++i) {
        if (allowed[path[i]]) continue;
        const bool encoded =
            path[i] == '%' && i + 2 < path.size() && is_hex(path[i + 1]) && is_hex(path[i + 2]);
        if (!encoded) {
            return "has a character that no path has: write letters, digits, "
                   "-/._~!$&'()*+,;=:@ and %XX";
        }
        i += 2;
    }
    return {};
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
