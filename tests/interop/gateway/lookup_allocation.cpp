// SPDX-License-Identifier: MIT
// Looking a route up and deciding its request uses the heap not once. A program of its own, since
// it replaces operator new.
#include <corsac/decision/response.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <array>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace interop = corsac::interop;

namespace {
std::size_t allocations = 0;
}

// GCC does not see that the pair of them goes together.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wmismatched-new-delete"
#endif

void* operator new(std::size_t size) {
    ++allocations;
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) std::abort();
    return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace {

struct sink {
    std::size_t bytes = 0;
    void set(std::string_view name, std::string_view value) { bytes += name.size() + value.size(); }
    void vary(std::string_view token) { bytes += token.size(); }
};

corsac::policy_table make_table() {
    corsac::policy_table_builder builder;
    const corsac::listener_id listener = builder.add_listener(builder.add_gateway(), "");
    builder.attach(listener,
                   *corsac::make_policy({.allow_origins = {"https://*.example"},
                                         .allow_methods = {"PUT"},
                                         .allow_headers = {"X-*"}}),
                   {});
    for (int i = 0; i < 1000; ++i) {
        std::string host = "h";  // appended to: GCC 12 warns of its own operator+
        host += std::to_string(i) + ".example";
        const corsac::route_id route = builder.add_route({.name = host, .hostnames = {host}});
        builder.add_parent(route, listener);
        const corsac::rule_id rule = builder.add_rule(route, "");
        builder.add_match(rule, {.path = "/api", .headers = {"x-a: b"}, .query = {"v=1"}});
        builder.add_match(rule, {.path = "/api"});
        const corsac::backend_id one = builder.add_backend(rule, "one", 1);
        (void)builder.add_backend(rule, "two", 1);
        builder.attach(one,
                       *corsac::make_policy({.allow_origins = {"https://a.example"},
                                             .allow_methods = {"*"},
                                             .allow_headers = {"*"}}),
                       {});
    }
    return *std::move(builder).build();
}

}  // namespace

int main() {
    const corsac::policy_table table = make_table();
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add("host", "H500.example:8080");
    facts.add("origin", "https://a.example");
    facts.add("access-control-request-method", "PUT");
    facts.add("access-control-request-headers", "x-a,x-b");
    const std::string deep = "/api" + std::string(8000, '/');

    interop::envoy_cors like_envoy;
    like_envoy.allow_origins.push_back({});
    const std::array<const interop::envoy_cors*, 1> chain{&like_envoy};

    sink out;
    std::size_t granted = 0;
    const std::size_t before = allocations;
    for (const std::string_view target :
         {std::string_view("/api/x?v=1"), std::string_view("/none"), std::string_view(deep)}) {
        const corsac::matched_route route = table.find(make_route_request(facts, target));
        const corsac::decision d = evaluate(route, facts);
        granted += d.allows() ? 1U : 0U;
        corsac::apply(d, out);
        if (route) corsac::apply(evaluate(route, 1, facts), out);
        interop::apply(interop::evaluate_like_envoy(chain, facts), out);
    }
    const std::size_t used = allocations - before;
    std::printf("%zu allocations, %zu granted, %zu bytes\n", used, granted, out.bytes);
    return used == 0 && granted == 2 ? 0 : 1;
}
