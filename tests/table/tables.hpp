// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_TABLE_TABLES_HPP
#define CORSAC_TESTS_TABLE_TABLES_HPP

#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include "policy/build.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

// What the tests of tables share: small tables, policies that can be told apart, and requests.

namespace tables {

using corsac::attachment_level;
using support::build;

/// A policy that is told apart by the one origin it allows.
inline corsac::policy allows(std::string_view origin) { return build({.allow_origins = {origin}}); }

inline std::string allowed_origin(const corsac::policy* p) {
    if (p == nullptr) return "none";
    const corsac::text_list list = p->options().allow_origins;
    return list.empty() ? "closed" : std::string(list[0]);
}

inline corsac::policy_table finish(corsac::policy_table_builder builder) {
    corsac::result<corsac::policy_table> table = std::move(builder).build();
    for (const corsac::config_error& e : table.errors()) MESSAGE(e.message());
    REQUIRE(table);
    return *std::move(table);
}

inline corsac::request_facts preflight(std::string_view origin, std::string_view method,
                                       std::string_view headers) {
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add("origin", origin);
    facts.add("access-control-request-method", method);
    if (!headers.empty()) facts.add("access-control-request-headers", headers);
    return facts;
}

inline corsac::request_facts get_from(std::string_view origin) {
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add("origin", origin);
    return facts;
}

/// One gateway, one listener, one route with one rule and one backend.
struct one_of_each {
    corsac::policy_table_builder builder;
    corsac::gateway_id gateway = builder.add_gateway();
    corsac::listener_id listener = builder.add_listener(gateway, "");
    corsac::route_id route = builder.add_route({.name = "shop/cart"});
    corsac::rule_id rule = builder.add_rule(route, "api");
    corsac::backend_id backend = builder.add_backend(rule, "cart:80", 1);

    one_of_each() {
        builder.add_parent(route, listener);
        builder.add_match(rule, {});
    }
    corsac::attachment_target target(attachment_level level) const {
        switch (level) {
        case attachment_level::gateway: return gateway;
        case attachment_level::listener: return listener;
        case attachment_level::route: return route;
        case attachment_level::backend: return backend;
        default: return {rule, level};
        }
    }
};

/// The same with a second backend.
struct two_backends : one_of_each {
    corsac::backend_id other = builder.add_backend(rule, "cart-v2:80", 1);
};

struct named_match {
    std::string_view name;
    corsac::text_list hostnames;
    corsac::route_match match;
    std::int64_t created = corsac::created_unknown;
};

/// A table of one rule per route; the name of the route tells which one was found.
inline corsac::policy_table routes(std::initializer_list<named_match> list) {
    corsac::policy_table_builder builder;
    for (const named_match& item : list) {
        const corsac::route_id route = builder.add_route(
            {.name = item.name, .hostnames = item.hostnames, .created = item.created});
        builder.add_match(builder.add_rule(route, ""), item.match);
    }
    return finish(std::move(builder));
}

inline std::string_view found_route(const corsac::matched_route& found) {
    return found ? found.route() : "none";
}

}  // namespace tables

#endif
