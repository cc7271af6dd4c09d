// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_POLICY_FIELDS_HPP
#define CORSAC_POLICY_POLICY_FIELDS_HPP

#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

// Every member of policy_options, once. What a policy keeps, the options that it gives back,
// intersections, the losses of exports and forms that edit a policy are driven by these lists, so
// that a member which stands here is forgotten nowhere; one that does not, its test does not let
// pass.

namespace corsac::inline v0_2_0 {

using std::string_view_literals::operator""sv;

/// A list of a policy.
struct policy_list {
    std::string_view name;
    text_list policy_options::* member;
    bool case_matters;  ///< whether entries that differ in letter case are two
};

/// Every list of a policy.
inline constexpr policy_list policy_lists[] = {
    {"allow_origins"sv, &policy_options::allow_origins, false},
    {"allow_methods"sv, &policy_options::allow_methods, true},
    {"allow_headers"sv, &policy_options::allow_headers, false},
    {"expose_headers"sv, &policy_options::expose_headers, false},
    {"own_origins"sv, &policy_options::own_origins, false},
};

/// What a switch is in the policy that allows only what each of several allows.
enum class combined_as : std::uint8_t {
    all,  ///< on if it is on in every one of them
    any,  ///< on if it is on in one of them
    on,   ///< on: it only says what may be written, and what they hold has been accepted
};

/// A switch of a policy.
struct policy_switch {
    std::string_view name;
    bool policy_options::* member;
    combined_as combined;
};

/// Every switch of a policy, and how several policies combine in it.
inline constexpr policy_switch policy_switches[] = {
    {"allow_credentials"sv, &policy_options::allow_credentials, combined_as::all},
    {"reject_disallowed"sv, &policy_options::reject_disallowed, combined_as::all},
    {"reject_cross_origin_writes"sv, &policy_options::reject_cross_origin_writes, combined_as::any},
    {"refuse_credentials"sv, &policy_options::refuse_credentials, combined_as::any},
    {"disclose_requested_only"sv, &policy_options::disclose_requested_only, combined_as::any},
    {"advertise"sv, &policy_options::advertise, combined_as::all},
    {"forward_denied_preflights"sv, &policy_options::forward_denied_preflights, combined_as::all},
    {"forward_granted_preflights"sv, &policy_options::forward_granted_preflights, combined_as::all},
    {"keep_existing"sv, &policy_options::keep_existing, combined_as::all},
    {"allow_private_network"sv, &policy_options::allow_private_network, combined_as::all},
    {"shadow"sv, &policy_options::shadow, combined_as::all},
    {"tolerate_forbidden_names"sv, &policy_options::tolerate_forbidden_names, combined_as::on},
    {"dangerously_allow_any_origin_with_credentials"sv,
     &policy_options::dangerously_allow_any_origin_with_credentials, combined_as::on},
    {"dangerously_allow_insecure_origins_with_credentials"sv,
     &policy_options::dangerously_allow_insecure_origins_with_credentials, combined_as::on},
    {"dangerously_allow_public_suffixes_with_credentials"sv,
     &policy_options::dangerously_allow_public_suffixes_with_credentials, combined_as::on},
    {"dangerously_allow_null_origin_with_credentials"sv,
     &policy_options::dangerously_allow_null_origin_with_credentials, combined_as::on},
    {"dangerously_allow_unproved_expressions_with_credentials"sv,
     &policy_options::dangerously_allow_unproved_expressions_with_credentials, combined_as::on},
};

/// A status that a policy answers with.
struct policy_status {
    std::string_view name;
    std::int32_t policy_options::* member;
};

/// Every status of a policy.
inline constexpr policy_status policy_statuses[] = {
    {"preflight_status"sv, &policy_options::preflight_status},
    {"denied_preflight_status"sv, &policy_options::denied_preflight_status},
};

// Beside these: max_age and is_public_suffix, of a type of their own each.

namespace detail {

inline constexpr std::size_t list_count = std::size(policy_lists);
inline constexpr std::size_t switch_count = std::size(policy_switches);
inline constexpr std::size_t status_count = std::size(policy_statuses);

/// The place of a member in its list; does not compile if it is in none.
template <auto Member, class Field, std::size_t Count>
[[nodiscard]] consteval std::size_t index_in(const Field (&fields)[Count]) {
    std::size_t at = 0;
    while (fields[at].member != Member) ++at;
    return at;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
