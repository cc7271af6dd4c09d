// SPDX-License-Identifier: MIT
#include <corsac/corsac.hpp>
#include <corsac/live/live_policy.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <mutex>

// What it costs to reach a policy that may be replaced, by one thread and by several; read the
// differences to the plain pointer, and that the time per read does not grow with the threads.
// `Real time`, as the library prints it, is already divided by the number of threads.

namespace {

corsac::policy make() {
    return *corsac::make_policy(
        {.allow_origins = {"https://app.example"}, .allow_credentials = true});
}

/// A word of the policy, so that every way has to get at it.
void use(const corsac::policy& p) {
    const corsac::policy* at = &p;
    benchmark::DoNotOptimize(at);
}

void plain_pointer(benchmark::State& state) {
    static const corsac::policy held = make();
    static std::atomic<const corsac::policy*> current{&held};
    for (auto _ : state) use(*current.load(std::memory_order_acquire));
}

void live_policy(benchmark::State& state) {
    static const corsac::live_policy live{make()};
    for (auto _ : state) use(*live.read());
}

void live_policy_nested(benchmark::State& state) {
    static const corsac::live_policy live{make()};
    const auto outer = live.read();
    for (auto _ : state) use(*live.read());
}

void shared_ptr_copy(benchmark::State& state) {
    static const auto current = std::make_shared<const corsac::policy>(make());
    for (auto _ : state) {
        const std::shared_ptr<const corsac::policy> copy = current;
        use(*copy);
    }
}

void mutex(benchmark::State& state) {
    static const corsac::policy held = make();
    static std::mutex lock;
    for (auto _ : state) {
        const std::lock_guard locked{lock};
        use(held);
    }
}

BENCHMARK(plain_pointer)->ThreadRange(1, 4);
BENCHMARK(live_policy)->ThreadRange(1, 4);
BENCHMARK(live_policy_nested)->ThreadRange(1, 4);
BENCHMARK(shared_ptr_copy)->ThreadRange(1, 4);
BENCHMARK(mutex)->ThreadRange(1, 4);

}  // namespace
