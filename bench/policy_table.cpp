// SPDX-License-Identifier: MIT
#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// Finding the route of a request, and deciding it, in tables of 10 and of 10,000 routes, and
// building such tables. Read the ratio between the lines of one run.

namespace {

/// Held in place, so that only the table's memory is far away.
struct asked {
    char host[48];
    char path[48];
};

/// Every tenth of the routes has a hostname of its own, with the others as its prefixes.
corsac::policy_table table_of(std::size_t count, std::vector<asked>& requests) {
    corsac::policy_table_builder builder;
    const corsac::listener_id listener = builder.add_listener(builder.add_gateway(), "");
    const corsac::policy_id shared = builder.add_policy(
        *corsac::make_policy({.allow_origins = {"https://app.example"}, .allow_methods = {"PUT"}}));
    for (std::size_t i = 0; i < count; ++i) {
        const std::string host = "tenant-" + std::to_string(i / 10) + ".shop.example";
        const std::string path = "/api/v1/service-" + std::to_string(i);
        const std::string name = "shop/route-" + std::to_string(i);
        const corsac::route_id route = builder.add_route({.name = name, .hostnames = {host}});
        builder.add_parent(route, listener);
        const corsac::rule_id rule = builder.add_rule(route, "");
        builder.add_match(rule, {.path = path});
        builder.attach({rule, corsac::attachment_level::rule_filter}, shared, {.name = name});
        asked& request = requests.emplace_back();
        (host + ":8080").copy(request.host, sizeof request.host - 1);
        (path + "/items/1234").copy(request.path, sizeof request.path - 1);
    }
    // One after the other, as they would come from the network, but in no order that the table has.
    for (std::size_t i = 0; i < count; ++i) { std::swap(requests[i], requests[i * 7919 % count]); }
    return *std::move(builder).build();
}

template <class Answer>
void ask(benchmark::State& state, const Answer& answer) {
    std::vector<asked> requests;
    const corsac::policy_table table = table_of(static_cast<std::size_t>(state.range(0)), requests);
    std::size_t at = 0;
    for (auto _ : state) {
        at = at + 1 == requests.size() ? 0 : at + 1;
        answer(table, requests[at], state);
    }
}

void find_route(benchmark::State& state) {
    ask(state, [](const auto& table, const asked& r, benchmark::State& s) {
        const corsac::matched_route found = table.find(r.host, r.path, "GET");
        if (!found) s.SkipWithError("no route found");
        benchmark::DoNotOptimize(found.governing());
    });
}
BENCHMARK(find_route)->Name("table/find")->Arg(10)->Arg(10000);

void find_and_decide_preflight(benchmark::State& state) {
    corsac::request_facts facts;
    facts.method = "OPTIONS";
    facts.add("origin", "https://app.example");
    facts.add("access-control-request-method", "PUT");
    ask(state, [&facts](const auto& table, const asked& r, benchmark::State& s) {
        facts.host = r.host;
        const auto found = table.find(make_route_request(facts, r.path));
        const corsac::decision d = evaluate(found, facts);
        if (!d.allows()) s.SkipWithError("not allowed");
        benchmark::DoNotOptimize(d);
    });
}
BENCHMARK(find_and_decide_preflight)->Name("table/find and decide")->Arg(10)->Arg(10000);

void build(benchmark::State& state) {
    std::vector<asked> requests;
    for (auto _ : state) {
        requests.clear();
        benchmark::DoNotOptimize(table_of(static_cast<std::size_t>(state.range(0)), requests));
    }
}
BENCHMARK(build)
    ->Name("build/routes of a table")
    ->RangeMultiplier(10)
    ->Range(1000, 100'000)
    ->Unit(benchmark::kMillisecond);

}  // namespace
