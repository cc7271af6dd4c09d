// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_ATTACHMENT_HPP
#define CORSAC_TABLE_ATTACHMENT_HPP

#include <cstdint>
#include <limits>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Where a policy is attached, from the least to the most specific. The most specific one that
/// there is wins, and wins whole: no field of another one shows through.
enum class attachment_level : std::uint8_t {
    gateway,         ///< a Gateway, all of its listeners
    listener,        ///< one listener: `targetRefs` with `sectionName`
    route,           ///< a whole HTTPRoute
    rule,            ///< one rule: `targetRefs` with `sectionName`
    rule_reference,  ///< one rule, by an `ExtensionRef` filter
    rule_filter,     ///< one rule, by its native CORS filter
    backend,         ///< one backend: `backendRefs[].filters`
};

[[nodiscard]] constexpr std::string_view name_of(attachment_level level) noexcept {
    switch (level) {
        using enum attachment_level;
    case gateway: return "gateway";
    case listener: return "listener";
    case route: return "route";
    case rule: return "rule";
    case rule_reference: return "rule_reference";
    case rule_filter: return "rule_filter";
    case backend: return "backend";
    }
    return "";
}

/// What governs a request.
enum class route_state : std::uint8_t {
    no_route,    ///< no rule matches it
    ungoverned,  ///< nothing is attached to the rule or above it
    disabled,    ///< what wins switches the policy off
    governed,    ///< one policy
    split,       ///< several backends with different policies
    broken,      ///< a filter of the rule could not be resolved: the request must get 500
    ambiguous,   ///< several `Host` fields, so no rule is looked for: the request must get 400
};

/// The age of an object that does not say when it was created: younger than all that do.
inline constexpr std::int64_t created_unknown = std::numeric_limits<std::int64_t>::max();

/// Who attaches a policy. Of two at one scope and level the older one counts, then the one whose
/// name sorts first; the other stays visible as shadowed.
struct attachment_options {
    std::string_view kind{};                 ///< of the object that says so: `TrafficPolicy`
    std::string_view name{};                 ///< of that object: `namespace/name`
    std::int64_t created = created_unknown;  ///< seconds since 1970
    /// Exposes the names that each response has, see `exposed_names`: what `*` would mean with
    /// credentials, where browsers know no `*`.
    bool expose_present = false;
};

/// Numbers of what a `policy_table_builder` was given, in the order of the calls, from 0.
enum class gateway_id : std::uint32_t {};
/// See `gateway_id`.
enum class listener_id : std::uint32_t {};
/// See `gateway_id`.
enum class route_id : std::uint32_t {};
/// See `gateway_id`.
enum class rule_id : std::uint32_t {};
/// See `gateway_id`.
enum class backend_id : std::uint32_t {};
/// A policy that a table owns. Several attachments may share it.
enum class policy_id : std::uint32_t {};
/// One attachment, counted from 0 in the order in which they were made.
enum class attachment_id : std::uint32_t {};

/// A scope, and for rules the way in which the policy gets there.
struct attachment_target {
    attachment_level level;
    std::uint32_t scope;

    constexpr attachment_target(gateway_id id) noexcept
        : level(attachment_level::gateway), scope(static_cast<std::uint32_t>(id)) {}
    constexpr attachment_target(listener_id id) noexcept
        : level(attachment_level::listener), scope(static_cast<std::uint32_t>(id)) {}
    constexpr attachment_target(route_id id) noexcept
        : level(attachment_level::route), scope(static_cast<std::uint32_t>(id)) {}
    constexpr attachment_target(backend_id id) noexcept
        : level(attachment_level::backend), scope(static_cast<std::uint32_t>(id)) {}
    /// @param how  `rule`, `rule_reference` or `rule_filter`.
    constexpr attachment_target(rule_id id, attachment_level how) noexcept
        : level(how), scope(static_cast<std::uint32_t>(id)) {}
};

}  // namespace corsac::inline v0_2_0

#endif
