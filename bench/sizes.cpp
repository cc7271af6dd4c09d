// SPDX-License-Identifier: MIT
#include "allocations.hpp"
#include "rows.hpp"
#include "ways/corsac.hpp"
#include "ways/middleware.hpp"
#include "ways/origins.hpp"

#include <corsac/detail/hash.hpp>
#include <corsac/policy/policy.hpp>

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What a policy costs that is large: a request, over the number of origins, and building it, over
// the number of entries. `bench/run` draws the first, and divides the second by the number.

namespace {

/// Tenants in no order that a table has, a different one each time, so that a large set pays for
/// its cache misses.
class tenant_requests {
public:
    explicit tenant_requests(std::size_t count)
        : request_{bench::request_of<bench::views>({.verb = "GET"})} {
        for (std::size_t i = 0; i < asked; ++i) {
            origins_.push_back(bench::tenant(i * 7919 % count));
        }
    }

    [[nodiscard]] const bench::views::request& next() {
        request_.lines[origin_line].value = origins_[at_++ % asked];
        return request_;
    }

private:
    static constexpr std::size_t asked = 4096, origin_line = 4;

    std::vector<std::string> origins_;
    bench::views::request request_;
    std::size_t at_ = 0;
};

std::vector<std::string> tenants(std::size_t count) {
    std::vector<std::string> all;
    all.reserve(count);
    for (std::size_t i = 0; i < count; ++i) all.push_back(bench::tenant(i));
    return all;
}

/// The way for the number of origins that is measured; the library asks several times for each.
template <class Way>
const Way& built(std::size_t count) {
    static std::size_t built_count = 0;
    static std::unique_ptr<const Way> way;
    if (built_count != count) way = std::make_unique<const Way>(tenants(count));
    built_count = count;
    return *way;
}

template <class Way>
void one_of(benchmark::State& state) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const Way& way = built<Way>(count);
    tenant_requests requests{count};
    bench::measure(state, [&] {
        bench::view_response out;
        way(requests.next(), out);
        benchmark::DoNotOptimize(out);
    });
}

struct corsac_way {
    corsac::policy policy;

    explicit corsac_way(const std::vector<std::string>& entries)
        : policy(bench::policy_of(bench::options_of(entries))) {}
    void operator()(const bench::views::request& r, bench::view_response& out) const {
        bench::decide(policy, r, out);
    }
};

/// The cost of choosing a tenant, and of the loop.
struct base_way {
    explicit base_way(const std::vector<std::string>&) {}
    void operator()(const bench::views::request& r, bench::view_response& out) const {
        bench::answer_without_cors(r, out);
    }
};

using hash_set_way = bench::middleware<bench::origin_hash_set>;
using regex_way = bench::middleware<bench::origin_regex>;

#define CORSAC_SIZES RangeMultiplier(10)->Range(1, 1'000'000)
BENCHMARK_TEMPLATE(one_of, base_way)->Name("sizes/base")->CORSAC_SIZES;
BENCHMARK_TEMPLATE(one_of, corsac_way)->Name("sizes/corsac")->CORSAC_SIZES;
BENCHMARK_TEMPLATE(one_of, hash_set_way)->Name("sizes/middleware")->CORSAC_SIZES;
// It tries one origin after the other.
BENCHMARK_TEMPLATE(one_of, regex_way)
    ->Name("sizes/std::regex")
    ->RangeMultiplier(10)
    ->Range(1, 1000);

/// As many tenants as a table has, who chose origins that fall into few of its slots.
std::vector<std::string> colliding(std::size_t count) {
    std::vector<std::string> all;
    for (std::size_t i = 0; all.size() < count; ++i) {
        std::string origin = "https://tenant-" + std::to_string(1'000'000 + i) + ".example.com";
        const std::uint32_t hash =
            corsac::detail::hash_text(origin, corsac::detail::first_hash_key);
        if (hash >> 24 == 0) all.push_back(std::move(origin));
    }
    return all;
}

/// A look-up alone, of one after the other.
void look_up(benchmark::State& state, std::vector<std::string> (*entries)(std::size_t)) {
    const auto count = static_cast<std::size_t>(state.range(0));
    const std::vector<std::string> asked = entries(count);
    const corsac::policy policy = bench::policy_of(bench::options_of(asked));
    std::size_t at = 0;
    bench::measure(state, [&] {
        at = at + 1 == count ? 0 : at + 1;
        benchmark::DoNotOptimize(policy.origins().match(asked[at], corsac::judged));
    });
}
BENCHMARK_CAPTURE(look_up, ordinary, tenants)->Name("look-up/ordinary")->Arg(10'000);
BENCHMARK_CAPTURE(look_up, colliding, colliding)->Name("look-up/colliding")->Arg(10'000);

/// @param entry  The text of the `i`th.
template <class Entry>
void build(benchmark::State& state, corsac::text_list corsac::policy_options::* member,
           const Entry& entry) {
    corsac::policy_options options;
    options.allow_origins = {bench::one_origin};
    std::size_t text = 0;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
        const std::string one = entry(static_cast<std::size_t>(i));
        text += one.size();
        (options.*member).push_back(one);
    }
    const auto count = static_cast<double>(state.range(0));
    const corsac::policy sample = bench::policy_of(options);
    state.counters["text"] = static_cast<double>(text) / count;
    state.counters["bytes"] = static_cast<double>(sample.origins().size_in_bytes()) / count;
    for (auto _ : state) benchmark::DoNotOptimize(bench::policy_of(options));
}

void origins(benchmark::State& state) {
    build(state, &corsac::policy_options::allow_origins, bench::tenant);
}
void subdomains(benchmark::State& state) {
    build(state, &corsac::policy_options::allow_origins,
          [](std::size_t i) { return "https://*." + bench::tenant_domain(i, true); });
}
/// As a tenant would choose them who wants a table crowded: they differ in few bytes, far apart.
void similar_origins(benchmark::State& state) {
    build(state, &corsac::policy_options::allow_origins, [](std::size_t i) {
        std::string origin = "https://";
        for (int bit = 19; bit >= 0; --bit) origin += (i >> bit & 1) != 0 ? "axxxxxx." : "bxxxxxx.";
        return origin + "example";
    });
}
void header_names(benchmark::State& state) {
    build(state, &corsac::policy_options::allow_headers,
          [](std::size_t i) { return "X-Custom-" + std::to_string(i); });
}

#define CORSAC_BUILDS RangeMultiplier(10)->Range(1000, 1'000'000)->Unit(benchmark::kMillisecond)
BENCHMARK(origins)->Name("build/origins")->CORSAC_BUILDS;
BENCHMARK(subdomains)->Name("build/subdomain patterns")->CORSAC_BUILDS;
BENCHMARK(similar_origins)->Name("build/origins that differ little")->CORSAC_BUILDS;
BENCHMARK(header_names)->Name("build/header names")->CORSAC_BUILDS;

}  // namespace
