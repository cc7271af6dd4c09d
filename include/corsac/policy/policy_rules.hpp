// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_RULES_HPP
#define CORSAC_POLICY_POLICY_RULES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0 {

namespace detail {

/// Where a text is in a policy's block.
struct text_position {
    std::uint32_t at = 0;
    std::uint32_t size = 0;

    [[nodiscard]] friend constexpr bool operator==(const text_position&,
                                                   const text_position&) noexcept = default;
};

/// All of a policy but its origins, as positions in a block of bytes that begins with the slots of
/// the allowed methods and header names.
struct policy_layout {
    std::uint32_t name_mask = 0;
    text_position prefixes;  ///< of `X-Custom-*`, in lower case, each followed by NUL
    text_position methods;   ///< as sent: `GET, PUT`
    text_position headers;   ///< as sent where nothing is a wildcard
    text_position expose;    ///< as sent
    text_position max_age;   ///< as sent; size 0 for no header
    std::int16_t preflight_status = 204;
    std::int16_t denied_preflight_status = 403;
    bool allow_credentials = false;
    bool answers_star = false;  ///< every origin gets `*`, so the answer is the same for all
    bool any_method = false;
    bool any_header = false;
    bool reject_disallowed = false;
    bool refuse_credentials = false;
    bool disclose_requested_only = false;
    bool advertise = false;
    bool forward_denied_preflights = false;
    bool keep_existing = false;
    bool allow_private_network = false;
    bool shadow = false;
    // Not needed to decide, only to give the options back.
    bool tolerate_forbidden_names = false;
    bool any_origin_with_credentials = false;
    bool insecure_origins_with_credentials = false;
    bool public_suffixes_with_credentials = false;
    bool null_origin_with_credentials = false;
    public_suffix_predicate is_public_suffix = nullptr;

    [[nodiscard]] friend constexpr bool operator==(const policy_layout&,
                                                   const policy_layout&) noexcept = default;
};

inline constexpr unsigned char fold_case = 0x20;

/// What the slots of a policy's block hold.
inline constexpr std::uint8_t header_kind = 0;  ///< an allowed header name, in lower case
inline constexpr std::uint8_t method_kind = 1;  ///< an allowed method, as it is

}  // namespace detail

/// What a policy says about everything but origins: a view, cheap to copy.
class policy_rules {
public:
    constexpr policy_rules(const detail::policy_layout& layout, const char* block) noexcept
        : layout_(&layout), block_(block) {}

    [[nodiscard]] constexpr const detail::policy_layout& layout() const noexcept {
        return *layout_;
    }

    /// The values of the response fields, as sent; empty for none.
    [[nodiscard]] constexpr std::string_view methods() const noexcept {
        return text(layout_->methods);
    }
    [[nodiscard]] constexpr std::string_view headers() const noexcept {
        return text(layout_->headers);
    }
    [[nodiscard]] constexpr std::string_view exposed() const noexcept {
        return text(layout_->expose);
    }
    [[nodiscard]] constexpr std::string_view max_age() const noexcept {
        return text(layout_->max_age);
    }

    /// Whether the answer lists what was asked instead of a list of the policy's.
    [[nodiscard]] constexpr bool reflects_method() const noexcept {
        return layout_->any_method || layout_->disclose_requested_only;
    }
    [[nodiscard]] constexpr bool reflects_headers() const noexcept {
        return layout_->any_header || layout_->prefixes.size != 0 ||
               layout_->disclose_requested_only;
    }

    [[nodiscard]] constexpr bool lists_method(std::string_view method) const noexcept {
        const detail::text_slot listed = detail::find_slot(
            block_, layout_->name_mask, detail::hash_text(method, 0), detail::method_kind,
            [&](const detail::text_slot& slot) noexcept {
                return detail::equal_bytes({block_ + slot.offset, slot.length}, method);
            });
        return listed.length != 0;
    }

    /// Whether a name is listed, in any letter case. A name that is listed is a token.
    [[nodiscard]] constexpr bool lists_header(std::string_view name) const noexcept {
        const detail::text_slot listed = detail::find_slot(
            block_, layout_->name_mask, detail::hash_text<detail::fold_case>(name, 0),
            detail::header_kind, [&](const detail::text_slot& slot) noexcept {
                const std::string_view known{block_ + slot.offset, slot.length};
                return detail::equal_bytes(known, name) || detail::equals_ignore_case(known, name);
            });
        return listed.length != 0;
    }

    /// Whether a wildcard covers a name that is not listed.
    /// @param name  A token.
    [[nodiscard]] constexpr bool allows_unlisted_header(std::string_view name) const noexcept {
        if (is_cors_non_wildcard_request_header(name)) return false;
        // The answer repeats what it allows, and there a header that is called `*` would be a
        // wildcard, which a browser may remember.
        if (layout_->any_header) return name.size() != 1 || name.front() != '*';
        return allows_by_prefix(name);
    }

private:
    [[nodiscard]] constexpr std::string_view text(detail::text_position range) const noexcept {
        return {block_ + range.at, range.size};
    }

    [[nodiscard]] constexpr bool allows_by_prefix(std::string_view name) const noexcept {
        std::string_view rest = text(layout_->prefixes);
        while (!rest.empty()) {
            const std::string_view prefix = rest.substr(0, rest.find('\0'));
            // `X-*` stands for at least one character more.
            if (name.size() > prefix.size() &&
                detail::equals_ignore_case(name.substr(0, prefix.size()), prefix)) {
                return true;
            }
            rest.remove_prefix(prefix.size() + 1);
        }
        return false;
    }

    const detail::policy_layout* layout_;
    const char* block_;
};

}  // namespace corsac::inline v0

#endif
