// SPDX-License-Identifier: MIT
#include "cases.hpp"

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

// Read the ratios between lines of one run, not the times of different machines.

namespace {

template <class Answer>
void measure(benchmark::State& state, const bench::request& request, const Answer& answer) {
    for (auto _ : state) {
        bench::response out;
        benchmark::DoNotOptimize(&request);
        answer(request, out);
        benchmark::DoNotOptimize(out);
    }
}

void one_origin(benchmark::State& state, const char* verb, std::string_view origin) {
    const corsac::policy p = bench::policy_of(1);
    measure(state, bench::browser_request(verb, origin),
            [&](const auto& r, auto& out) { bench::ours(p, r, out); });
}
void by_hand(benchmark::State& state, const char* verb, std::string_view origin) {
    measure(state, bench::browser_request(verb, origin), bench::by_hand::one);
}

BENCHMARK_CAPTURE(by_hand, actual, "GET", bench::one_origin);
BENCHMARK_CAPTURE(one_origin, actual, "GET", bench::one_origin);
BENCHMARK_CAPTURE(by_hand, refused, "GET", bench::stranger);
BENCHMARK_CAPTURE(one_origin, refused, "GET", bench::stranger);
BENCHMARK_CAPTURE(by_hand, preflight, "OPTIONS", bench::one_origin);
BENCHMARK_CAPTURE(one_origin, preflight, "OPTIONS", bench::one_origin);
BENCHMARK_CAPTURE(by_hand, refused_preflight, "OPTIONS", bench::stranger);
BENCHMARK_CAPTURE(one_origin, refused_preflight, "OPTIONS", bench::stranger);

/// A different tenant each time, so that large sets pay for their cache misses.
void tenants(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const corsac::policy p = bench::policy_of(count);
    constexpr std::size_t asked = 4096;
    std::vector<std::string> origins;
    for (std::size_t i = 0; i < asked; ++i) origins.push_back(bench::tenant(i * 7919 % count));
    bench::request request = bench::browser_request("GET", {});
    std::size_t at = 0;
    for (auto _ : state) {
        request.lines[4].value = origins[at++ % asked];
        bench::response out;
        bench::ours(p, request, out);
        benchmark::DoNotOptimize(out);
    }
}
BENCHMARK(tenants)->Arg(10)->Arg(1000)->Arg(100000)->Arg(1000000);

void wildcard(benchmark::State& state, std::string_view origin) {
    const corsac::policy p = bench::wildcard_policy();
    measure(state, bench::browser_request("GET", origin),
            [&](const auto& r, auto& out) { bench::ours(p, r, out); });
}
BENCHMARK_CAPTURE(wildcard, subdomain, "https://a.b.example.com");
BENCHMARK_CAPTURE(wildcard, any_port, "http://localhost:3000");
BENCHMARK_CAPTURE(wildcard, part_of_a_label, "https://preview-17.example.net");
BENCHMARK_CAPTURE(wildcard, refused, "https://a.b.example.edu");

/// A stranger's request that is as long as a server lets through.
void long_origin(benchmark::State& state) {
    const corsac::policy p = bench::wildcard_policy();
    const std::string huge = "https://" + std::string(64 * 1024, 'a') + ".example.com";
    measure(state, bench::browser_request("GET", huge),
            [&](const auto& r, auto& out) { bench::ours(p, r, out); });
}
BENCHMARK(long_origin);

}  // namespace
