// SPDX-License-Identifier: MIT
#include <corsac/corsac.hpp>
#include <corsac/live/counters.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/live/shadow_candidate.hpp>

#include <benchmark/benchmark.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <string_view>

// What it costs to reach a policy that may be replaced, by one thread and by several; read the
// differences to the plain pointer, and that the time per read does not grow with the threads.
// The CPU column is the one to read where there are fewer processors than threads.

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

/// A request of one field line.
struct request {
    std::string_view origin;

    [[nodiscard]] std::string_view method() const noexcept { return "GET"; }
    template <class F>
    void visit(F&& f) const {
        f(std::string_view{"Origin"}, origin);
    }
};

/// The observer alone: the decision is made before.
template <class Observe>
void observe(benchmark::State& state, const Observe& observe_one) {
    static const corsac::policy held = make();
    const request asked{"https://app.example"};
    const corsac::decision decided = corsac::evaluate(held, asked);
    for (auto _ : state) observe_one(decided, asked);
}

void counter(benchmark::State& state) {
    static const corsac::decision_counter count = corsac::counters{}.of("api");
    observe(state, [](const corsac::decision& d, const request&) { count(d); });
}

/// A live policy, and a counter that every request passes.
void live_policy_and_counter(benchmark::State& state) {
    static const corsac::live_policy live{make()};
    static const corsac::decision_counter count = corsac::counters{}.of("api");
    observe(state, [](const corsac::decision& d, const request&) {
        const auto current = live.read();
        use(*current);
        count(d);
    });
}

void shadow_candidate(benchmark::State& state) {
    static const corsac::shadow_candidate candidate{make()};
    observe(state, [](const corsac::decision& d, const request& r) { candidate(d, r); });
}

void replace_live_policy(benchmark::State& state) {
    const corsac::live_policy live{make()};
    const corsac::policy next = make();
    for (auto _ : state) live.replace(next);
}

BENCHMARK(plain_pointer)->ThreadRange(1, 4);
BENCHMARK(live_policy)->ThreadRange(1, 4);
BENCHMARK(live_policy_nested)->ThreadRange(1, 4);
BENCHMARK(shared_ptr_copy)->ThreadRange(1, 4);
BENCHMARK(mutex)->ThreadRange(1, 4);
BENCHMARK(counter)->ThreadRange(1, 4);
BENCHMARK(live_policy_and_counter)->ThreadRange(1, 4);
BENCHMARK(shadow_candidate)->ThreadRange(1, 4);
BENCHMARK(replace_live_policy);

}  // namespace
