// SPDX-License-Identifier: MIT

// Runs all ways interleaved, several times, and prints what each adds to the framework's own work:
// nanoseconds (the fastest repetition), allocations, and the ratios that have a goal: the whole
// request beside the ideal one, what is added beside what the ideal adds, and beside the
// framework's.
//
//   corsac_bench_adapters [--benchmark_filter=crow] [--benchmark_repetitions=9]
//
// With `--count` alone it answers for callgrind, which then counts instructions; see `bench/run`.

#include "bench.hpp"

#ifdef CORSAC_BENCH_COUNTS
#include "../counting.hpp"
#endif

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

struct sample {
    std::vector<double> nanoseconds;
    double allocations = 0;

    /// What it costs when nothing else runs.
    [[nodiscard]] double fastest() const {
        return *std::min_element(nanoseconds.begin(), nanoseconds.end());
    }
};

/// Collects every repetition instead of printing it.
class collector : public benchmark::BenchmarkReporter {
public:
    std::map<std::string, sample> samples{};

    bool ReportContext(const Context&) override { return true; }
    void ReportRuns(const std::vector<Run>& runs) override {
        for (const Run& run : runs) {
            if (run.run_type != Run::RT_Iteration) continue;
            const std::string& name = run.run_name.function_name;
            sample& s = samples[name];
            s.nanoseconds.push_back(run.GetAdjustedCPUTime());
            const auto allocs = run.counters.find("allocs");
            if (allocs != run.counters.end()) s.allocations = allocs->second.value;
        }
    }
};

void print(const collector& results) {
    std::printf("\n%-36s %9s %9s %7s %7s  %9s %9s %9s\n", "framework/request/way", "ns", "added ns",
                "allocs", "added", "of ideal:", "added", "of own");
    for (const bench::way& way : bench::ways()) {
        const std::string name{way.name};
        const auto of = [&](const std::string& which) -> const sample* {
            const auto at = results.samples.find(which);
            return at == results.samples.end() ? nullptr : &at->second;
        };
        const std::string request = name.substr(0, name.rfind('/') + 1);
        const sample* const s = of(name);
        const sample* const base = of(request + "base");
        if (s == nullptr || base == nullptr) continue;
        const double added = s->fastest() - base->fastest();
        std::printf("%-36s %9.1f %9.1f %7.1f %7.1f", name.c_str(), s->fastest(), added,
                    s->allocations, s->allocations - base->allocations);
        if (name.find("corsac") != std::string::npos) {
            if (const sample* const ideal = of(request + "ideal")) {
                std::printf("   %8.2f  %8.2f", s->fastest() / ideal->fastest(),
                            added / (ideal->fastest() - base->fastest()));
            }
            if (const sample* const own = of(request + "own")) {
                std::printf("  %8.2f", added / (own->fastest() - base->fastest()));
            }
        }
        std::printf("\n");
    }
}

}  // namespace

std::vector<void (*)()>& bench::group::all() {
    static std::vector<void (*)()> makers;
    return makers;
}

std::vector<bench::way>& bench::ways() {
    static std::vector<way> all;
    return all;
}

int main(int argc, char** argv) {
#ifdef CORSAC_BENCH_COUNTS
    if (argc == 2 && std::string_view{argv[1]} == "--count") {
        for (void (*make)() : bench::group::all()) make();
        for (const bench::way& way : bench::ways()) {
            bench::count_instructions(std::string{way.name}, bench::counted, way.answer);
        }
        return 0;
    }
#endif
    // Interleaved repetitions, so that a slow phase of the machine meets all ways alike.
    std::vector<char*> arguments(argv, argv + argc);
    std::string repetitions = "--benchmark_repetitions=7";
    std::string interleaved = "--benchmark_enable_random_interleaving=true";
    std::string time = "--benchmark_min_time=0.05";
    for (std::string* option : {&repetitions, &interleaved, &time}) {
        arguments.insert(arguments.begin() + 1, option->data());
    }
    int count = static_cast<int>(arguments.size());
    benchmark::Initialize(&count, arguments.data());
    for (void (*make)() : bench::group::all()) make();
    collector results;
    benchmark::RunSpecifiedBenchmarks(&results);
    print(results);
}
