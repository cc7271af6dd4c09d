// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_DETAIL_DATA_HPP
#define CORSAC_TABLE_DETAIL_DATA_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/detail/index.hpp>
#include <corsac/table/dynamic_policy.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

struct attachment_record {
    attachment_level level{};
    bool disables = false;
    bool expose_present = false;
    std::uint32_t scope = 0;
    std::uint32_t policy_index = nothing;
    std::int64_t created = created_unknown;
    text_position kind;
    text_position name;
};

struct rule_record {
    text_position route;
    text_position name;
    std::uint32_t number = 0;  ///< within its route, from 0
    text_position broken;      ///< why, or empty
};

/// One `Name: value` or `name=value` that a request must have.
struct condition_record {
    text_position name;
    text_position value;
    bool is_header = false;
};

struct match_record {
    text_position method;
    std::uint32_t conditions_at = 0;
    std::uint32_t conditions = 0;
    std::uint32_t number = 0;  ///< within its rule, from 0
    std::uint32_t guard = nothing;
};

/// Hostnames under a listener's own that other listeners of its port have.
struct listener_record {
    std::uint32_t exclusions_at = 0;
    std::uint32_t exclusions = 0;
};

/// Attachments that apply to one scope, the winner first.
struct chain_record {
    std::uint32_t at = 0;
    std::uint32_t size = 0;
};

struct backend_record {
    text_position name;
    text_position broken;
    std::int64_t weight = 1;
    chain_record chain;  ///< its own attachments
    governance governed;
};

/// A rule under one listener; what governs it there is in the index.
struct binding_record {
    std::uint32_t rule = 0;
    std::uint32_t listener = 0;
    chain_record chain;
    std::uint32_t backends_at = 0;
    std::uint32_t backends = 0;
};

/// Indices of policies from here on are those of `dynamic_policies`; `nothing` is behind them all.
inline constexpr std::uint32_t first_dynamic = 0x80000000;

struct dynamic_record {
    dynamic_policy whole;
    policy listed;  ///< the part of it that has no matcher
};

/// Everything in a policy table. Filled by `policy_table_builder`.
struct table_data {
    route_index index;
    buffer<attachment_record> attachments;
    buffer<rule_record> rules;
    buffer<condition_record> conditions;
    buffer<match_record> matches;
    buffer<match_guard> guards;
    buffer<listener_record> listeners;
    buffer<text_position> exclusions;
    buffer<std::uint32_t> chains;
    buffer<backend_record> backends;
    buffer<binding_record> bindings;
    buffer<std::optional<policy>> policies;
    buffer<std::optional<dynamic_record>> dynamic_policies;
    std::optional<policy> closed;

    /// @return  Null for `nothing`; of a dynamic policy what it lists.
    [[nodiscard]] const policy* policy_at(std::uint32_t at) const noexcept {
        if (at < first_dynamic) return &*policies[at];
        return at == nothing ? nullptr : &dynamic_policies[at - first_dynamic]->listed;
    }
    [[nodiscard]] const dynamic_policy* dynamic_policy_at(std::uint32_t at) const noexcept {
        if (at < first_dynamic || at == nothing) return nullptr;
        return &dynamic_policies[at - first_dynamic]->whole;
    }

    [[nodiscard]] std::string_view text(text_position at) const noexcept { return index.text(at); }

    template <class Fields>
    [[nodiscard]] bool holds(const match_record& match, const route_request& request,
                             const Fields& fields) const noexcept {
        if (match.method.size != 0 && text(match.method) != request.method) return false;
        for (std::uint32_t i = 0; i < match.conditions; ++i) {
            const condition_record& condition = conditions[match.conditions_at + i];
            const std::string_view found = condition.is_header
                                               ? fields(text(condition.name))
                                               : query_value(request.query, text(condition.name));
            if (found.data() == nullptr || found != text(condition.value)) return false;
        }
        return match.guard == nothing || guards[match.guard](request, field_reader{fields});
    }

    /// Whether a request for a host that fits a listener's hostname is that listener's.
    [[nodiscard]] bool serves(std::uint32_t listener, std::string_view host_field) const noexcept {
        if (listener == any_listener) return true;
        const listener_record& record = listeners[listener];
        for (std::uint32_t i = 0; i < record.exclusions; ++i) {
            const std::string_view name = text(exclusions[record.exclusions_at + i]);
            const std::string_view host = host_of(host_field);
            const bool wildcard = name.front() == '.';
            if (wildcard ? host.size() <= name.size() : host.size() != name.size()) continue;
            if (equals_ignore_case(host.substr(host.size() - name.size()), name)) return false;
        }
        return true;
    }
};

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
