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
#include <type_traits>

namespace corsac::inline v0_2_0 {

template <origin_matcher Origins, std::size_t Size>
class basic_policy;

namespace detail {

/// All of a policy but its origins, as positions in a block of bytes that begins with the index of
/// the allowed methods and header names.
struct policy_layout {
    std::uint64_t name_key = first_hash_key;
    std::uint32_t name_capacity = 0;
    std::uint32_t headers_at = 0;   ///< the first allowed header name; few stand sorted
    std::uint32_t headers_end = 0;  ///< where the next one would be
    std::uint32_t prefix_count = 0;
    std::uint32_t prefixes_at = 0;          ///< of `X-Custom-*`, sorted: a position and a size each
    text_position lists[list_count];        ///< by `policy_lists`; as sent, but for allow_origins
    text_position max_age;                  ///< as sent; size 0 for no header
    std::int16_t statuses[status_count]{};  ///< by `policy_statuses`
    bool switches[switch_count]{};          ///< by `policy_switches`
    bool answers_star = false;  ///< every origin gets `*`, so the answer is the same for all
    bool plain = false;         ///< see `policy_rules::is_plain`
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
inline constexpr std::uint8_t own_origin_kind = 2;

}  // namespace detail

/// What a policy says about everything but origins: a view, cheap to copy, valid as long as the
/// policy is.
class policy_rules {
    // Before its use, lest clang 14 not find it in constant evaluation.
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

public:
    /// Of no policy; nothing may be asked.
    constexpr policy_rules() noexcept = default;
    [[nodiscard]] constexpr explicit operator bool() const noexcept { return layout_ != nullptr; }

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
        return has(method, detail::method_kind);
    }
    /// Whether an origin is one of the server's own.
    [[nodiscard]] constexpr bool lists_own_origin(std::string_view origin) const noexcept {
        return has(origin, detail::own_origin_kind);
    }
    /// Whether the answer to a request that is no OPTIONS depends on its origin and on no switch.
    [[nodiscard]] constexpr bool is_plain() const noexcept { return layout_->plain; }
    /// Whether the answer to a request that is no preflight depends on where the browser says that
    /// it comes from.
    [[nodiscard]] constexpr bool asks_where_from() const noexcept {
        return says<&policy_options::reject_disallowed>() ||
               says<&policy_options::reject_cross_origin_writes>();
    }

    /// Whether a name is listed, in any letter case. A name that is listed is a token.
    [[nodiscard]] constexpr bool lists_header(std::string_view name) const noexcept {
        const std::uint32_t hash = detail::hash_text<detail::fold_case>(name, layout_->name_key);
        return detail::find_number(
                   block_, layout_->name_capacity, hash, [&](std::uint32_t at) noexcept {
                       const std::string_view known = detail::text_at(block_, at);
                       return detail::kind_at(known.data()) == detail::header_kind &&
                              detail::equals_folded(known, name);
                   }) != 0;
    }
    /// Where the walk of `cut_listed_header` begins.
    [[nodiscard]] constexpr std::uint32_t first_header() const noexcept {
        return layout_->headers_at;
    }
    /// Cuts the first element off a comma-separated list if it is, in lower case, the name that is
    /// listed at `next`, which is then the one behind: names in order need no look-up.
    /// @param rest  As of `next_element`.
    [[nodiscard]] constexpr bool cut_listed_header(std::string_view& rest,
                                                   std::uint32_t& next) const noexcept {
        if (next == layout_->headers_end) return false;
        const std::string_view whole = rest;
        const std::string_view name = detail::text_at(block_, next);
        const std::size_t size = name.size();
        if (whole.size() < size) return false;
        if (!detail::equal_bytes(name, detail::view_of(whole.data(), size))) return false;
        if (whole.size() == size) {
            rest = {};
        } else {
            if (whole[size] != ',') return false;
            rest = detail::view_of(whole.data() + size + 1, whole.size() - size - 1);
        }
        next = detail::next_text(size, next);
        return true;
    }

    /// Whether a wildcard covers a name that is not listed.
    /// @param name  A token.
    [[nodiscard]] constexpr bool allows_unlisted_header(std::string_view name) const noexcept {
        if (is_cors_non_wildcard_request_header(name)) return false;
        // The answer repeats what it allows, and there a header that is called `*` would be a
        // wildcard, which a browser may remember.
        if (layout_->any_header) return name.size() != 1 || name.front() != '*';
        return listed_prefix(name) != 0;
    }

    /// How many bytes of a name are a prefix that is listed and that stands for more; 0 for none.
    [[nodiscard]] constexpr std::size_t listed_prefix(std::string_view name) const noexcept {
        // None of them begins another: the last one that sorts before the name is the only one that
        // can begin it.
        std::uint32_t begin = 0, end = layout_->prefix_count;
        while (begin != end) {
            const std::uint32_t middle = begin + (end - begin) / 2;
            if (detail::compare_folded(prefix(middle), name) < 0) {
                begin = middle + 1;
            } else {
                end = middle;
            }
        }
        if (begin == 0) return 0;
        const std::string_view candidate = prefix(begin - 1);
        // `X-*` stands for at least one character more.
        const bool begins = name.size() > candidate.size() &&
                            detail::equals_folded(candidate, name.substr(0, candidate.size()));
        return begins ? candidate.size() : 0;
    }

private:
    template <origin_matcher Origins, std::size_t Size>
    friend class basic_policy;

    constexpr policy_rules(const detail::policy_layout& layout, const char* block) noexcept
        : layout_(&layout), block_(block) {}

    [[nodiscard]] constexpr bool has(std::string_view name, std::uint8_t kind) const noexcept {
        const std::uint32_t hash = detail::hash_text(name, layout_->name_key);
        return detail::find_number(block_, layout_->name_capacity, hash,
                                   [&](std::uint32_t at) noexcept {
                                       return detail::has_text(block_, at, name, kind);
                                   }) != 0;
    }

    [[nodiscard]] constexpr std::string_view prefix(std::uint32_t index) const noexcept {
        const char* const at = block_ + layout_->prefixes_at + std::size_t{index} * 8;
        return detail::view_of(block_ + detail::load32(at), detail::load32(at + 4));
    }

    const detail::policy_layout* layout_ = nullptr;
    const char* block_ = nullptr;
};

namespace detail {

template <class P>
inline constexpr bool is_policy = false;
template <class Origins, std::size_t Size>
inline constexpr bool is_policy<basic_policy<Origins, Size>> = true;

}  // namespace detail

/// What requests can be evaluated against: a `basic_policy`, and nothing else. Whoever could join
/// the origins of one policy and the rules of another would go around what was judged when they
/// were built.
template <class P>
concept policy_like = detail::is_policy<std::remove_cv_t<P>>;

}  // namespace corsac::inline v0_2_0

#endif
