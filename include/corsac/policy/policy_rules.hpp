// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_RULES_HPP
#define CORSAC_POLICY_POLICY_RULES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/hash_index.hpp>
#include <corsac/detail/text_table.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/request/field_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0 {

template <origin_matcher Origins, std::size_t Size>
class basic_policy;

namespace detail {

/// All of a policy but its origins, as positions in a block of bytes that begins with the index of
/// the allowed methods and header names.
struct policy_layout {
    std::uint64_t name_key = first_hash_key;
    std::uint32_t name_capacity = 0;
    std::uint32_t prefix_count = 0;
    std::uint32_t prefixes_at = 0;          ///< of `X-Custom-*`, sorted: a position and a size each
    text_position lists[list_count];        ///< by `policy_lists`; as sent, but for allow_origins
    text_position max_age;                  ///< as sent; size 0 for no header
    std::int16_t statuses[status_count]{};  ///< by `policy_statuses`
    bool switches[switch_count]{};          ///< by `policy_switches`
    bool answers_star = false;  ///< every origin gets `*`, so the answer is the same for all
    bool any_method = false;
    bool any_header = false;
    public_suffix_predicate is_public_suffix = nullptr;

    [[nodiscard]] friend constexpr bool operator==(const policy_layout&,
                                                   const policy_layout&) noexcept = default;
};

inline constexpr unsigned char fold_case = 0x20;

/// What the index of a policy's block holds.
inline constexpr std::uint8_t header_kind = 0;  ///< an allowed header name, in lower case
inline constexpr std::uint8_t method_kind = 1;  ///< an allowed method, as it is

}  // namespace detail

/// What a policy says about everything but origins: a view, cheap to copy, valid as long as the
/// policy is.
class policy_rules {
public:
    /// Whether a switch is on: `rules.says<&policy_options::shadow>()`.
    template <bool policy_options::* Switch>
    [[nodiscard]] constexpr bool says() const noexcept {
        return layout_->switches[detail::index_in<Switch>(policy_switches)];
    }

    /// The statuses of preflights, granted and refused.
    [[nodiscard]] constexpr int preflight_status() const noexcept {
        return status<&policy_options::preflight_status>();
    }
    [[nodiscard]] constexpr int denied_preflight_status() const noexcept {
        return status<&policy_options::denied_preflight_status>();
    }

    /// The values of the response fields, as sent; empty for none.
    [[nodiscard]] constexpr std::string_view methods() const noexcept {
        return list<&policy_options::allow_methods>();
    }
    [[nodiscard]] constexpr std::string_view headers() const noexcept {
        return list<&policy_options::allow_headers>();
    }
    [[nodiscard]] constexpr std::string_view exposed() const noexcept {
        return list<&policy_options::expose_headers>();
    }
    [[nodiscard]] constexpr std::string_view max_age() const noexcept {
        return text(layout_->max_age);
    }

    /// Whether every origin gets the same answer, `*`.
    [[nodiscard]] constexpr bool answers_star() const noexcept { return layout_->answers_star; }
    /// Whether every method is allowed.
    [[nodiscard]] constexpr bool allows_any_method() const noexcept { return layout_->any_method; }

    /// Whether the answer lists what was asked instead of a list of the policy's.
    [[nodiscard]] constexpr bool reflects_method() const noexcept {
        return layout_->any_method || says<&policy_options::disclose_requested_only>();
    }
    [[nodiscard]] constexpr bool reflects_headers() const noexcept {
        return layout_->any_header || layout_->prefix_count != 0 ||
               says<&policy_options::disclose_requested_only>();
    }

    [[nodiscard]] constexpr bool lists_method(std::string_view method) const noexcept {
        const std::uint32_t hash = detail::hash_text(method, layout_->name_key);
        return detail::find_number(
                   block_, layout_->name_capacity, hash, [&](std::uint32_t at) noexcept {
                       return detail::has_text(block_, at, method, detail::method_kind);
                   }) != 0;
    }

    /// Whether a name is listed, in any letter case. A name that is listed is a token.
    [[nodiscard]] constexpr bool lists_header(std::string_view name) const noexcept {
        const std::uint32_t hash = detail::hash_text<detail::fold_case>(name, layout_->name_key);
        return detail::find_number(
                   block_, layout_->name_capacity, hash, [&](std::uint32_t at) noexcept {
                       const std::string_view known = detail::text_at(block_, at);
                       return detail::kind_at(known.data()) == detail::header_kind &&
                              (detail::equal_bytes(known, name) ||
                               detail::equals_ignore_case(known, name));
                   }) != 0;
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
    template <origin_matcher Origins, std::size_t Size>
    friend class basic_policy;

    constexpr policy_rules(const detail::policy_layout& layout, const char* block) noexcept
        : layout_(&layout), block_(block) {}

    template <text_list policy_options::* List>
    [[nodiscard]] constexpr std::string_view list() const noexcept {
        return text(layout_->lists[detail::index_in<List>(policy_lists)]);
    }
    template <std::int32_t policy_options::* Field>
    [[nodiscard]] constexpr int status() const noexcept {
        return layout_->statuses[detail::index_in<Field>(policy_statuses)];
    }
    [[nodiscard]] constexpr std::string_view text(detail::text_position range) const noexcept {
        return detail::view_of(block_ + range.at, range.size);
    }

    [[nodiscard]] constexpr std::string_view prefix(std::uint32_t index) const noexcept {
        const char* const at = block_ + layout_->prefixes_at + std::size_t{index} * 8;
        return detail::view_of(block_ + detail::load32(at), detail::load32(at + 4));
    }

    /// Searches the prefixes, none of which begins another: the last one that sorts before the name
    /// is the only one that can begin it.
    [[nodiscard]] constexpr bool allows_by_prefix(std::string_view name) const noexcept {
        std::uint32_t begin = 0, end = layout_->prefix_count;
        while (begin != end) {
            const std::uint32_t middle = begin + (end - begin) / 2;
            if (detail::compare_folded(prefix(middle), name) < 0) {
                begin = middle + 1;
            } else {
                end = middle;
            }
        }
        if (begin == 0) return false;
        const std::string_view candidate = prefix(begin - 1);
        // `X-*` stands for at least one character more.
        return name.size() > candidate.size() &&
               detail::equals_ignore_case(name.substr(0, candidate.size()), candidate);
    }

    const detail::policy_layout* layout_;
    const char* block_;
};

/// What requests can be evaluated against: a set of origins and the rules for the rest.
template <class P>
concept policy_like = requires(const P& policy, std::string_view origin) {
    { policy.origins().match(origin) } noexcept -> std::convertible_to<std::string_view>;
    { policy.rules() } noexcept -> std::same_as<policy_rules>;
};

}  // namespace corsac::inline v0

#endif
