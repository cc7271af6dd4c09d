// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_DETAIL_DESCRIPTION_HPP
#define CORSAC_TABLE_DETAIL_DESCRIPTION_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/detail/index.hpp>
#include <corsac/table/route_match.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>

namespace corsac::inline v0_2_0::detail {

struct described_listener {
    std::uint32_t gateway = 0;
    text hostname;
    std::int64_t port = 0;
};

struct described_route {
    text name;
    text_list hostnames;
    std::int64_t created = created_unknown;
    buffer<std::uint32_t> listeners;
    std::uint32_t rules = 0;
};

struct described_rule {
    std::uint32_t route = 0;
    std::uint32_t number = 0;
    text name;
    text broken;
    std::uint32_t matches = 0;
};

struct described_condition {
    text name;
    text value;
    bool is_header = false;
};

struct described_match {
    std::uint32_t rule = 0;
    std::uint32_t number = 0;
    path_kind kind = path_kind::prefix;
    text path;
    text method;
    buffer<described_condition> conditions;
    match_guard guard;
    std::uint32_t guarded_headers = 0;
    std::uint32_t guarded_query = 0;

    [[nodiscard]] std::size_t headers() const noexcept {
        std::size_t count = guarded_headers;
        for (const described_condition& condition : conditions) count += condition.is_header;
        return count;
    }
    [[nodiscard]] std::size_t query() const noexcept {
        return conditions.size() + guarded_headers + guarded_query - headers();
    }
};

struct described_backend {
    std::uint32_t rule = 0;
    text name;
    std::int64_t weight = 1;
    text broken;
};

struct described_attachment {
    attachment_target target = gateway_id{};
    std::uint32_t policy_index = nothing;
    bool expose_present = false;
    std::int64_t created = created_unknown;
    text kind;
    text name;
};

/// What `policy_table_builder` collects.
struct described_scopes {
    std::uint32_t gateways = 0;
    buffer<described_listener> listeners;
    buffer<described_route> routes;
    buffer<described_rule> rules;
    buffer<described_match> matches;
    buffer<described_backend> backends;
    buffer<described_attachment> attachments;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
