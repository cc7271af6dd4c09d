// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_ALLOCATIONS_HPP
#define CORSAC_BENCH_ALLOCATIONS_HPP

#include <benchmark/benchmark.h>

#include <cstddef>

namespace bench {

/// Calls of `operator new` so far, which allocations.cpp replaces.
std::size_t allocations() noexcept;

/// Times `f`, and counts what one call of it allocates.
template <class F>
void measure(benchmark::State& state, const F& f) {
    f();
    const std::size_t before = allocations();
    for (auto _ : state) f();
    state.counters["allocs"] = benchmark::Counter(static_cast<double>(allocations() - before),
                                                  benchmark::Counter::kAvgIterations);
}

}  // namespace bench

#endif
