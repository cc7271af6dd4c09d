// SPDX-License-Identifier: MIT
#include "mutants.hpp"
#include "prove.hpp"

#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

// The whole proof, on demand.

namespace {

using namespace proof;

constexpr const char* usage = R"(Usage: corsac_proof [--full | --step N | --mutants]

Enumerates policies, page origins and requests, and compares what a browser makes of corsac's
answers with what the policies mean.

  --full      every case, on all cores
  --step N    every N-th case of each kind; the default is 101
  --mutants   broken servers, and the properties by which the proof finds them
)";

double seconds_since(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

int prove_all(const portion& part) {
    const auto start = std::chrono::steady_clock::now();
    const space all;
    const server library = faithful;
    const unsigned cores = std::thread::hardware_concurrency();
    std::atomic<std::size_t> next = 0;
    std::mutex guard;
    tally total;
    const auto work = [&] {
        tally mine;
        for (std::size_t i = next++; i < all.sites.size(); i = next++) {
            mine += prover(all, i, library).run(part);
        }
        const std::lock_guard lock(guard);
        total += mine;
    };
    std::vector<std::thread> threads;
    for (unsigned i = 1; i < cores; ++i) threads.emplace_back(work);
    work();
    for (std::thread& t : threads) t.join();

    const auto line = [](const char* what, std::uint64_t count) {
        std::printf("%12llu %s\n", static_cast<unsigned long long>(count), what);
    };
    line("policies", all.sites.size());
    line("attempts (S C W L F)", total.attempts);
    line("of them allowed", total.allowed);
    line("requests that no browser sends (L F)", total.strangers);
    line("pairs through an HTTP cache (K)", total.cached_pairs);
    line("sequences through a preflight cache (P)", total.sequences);
    line("properties violated", total.violations.size());
    std::printf("%12.1f seconds, %u threads\n", seconds_since(start), cores);
    for (const violation& v : total.violations) {
        std::printf("%c: %s\n", static_cast<char>(v.broken), v.what.c_str());
    }
    return total.violations.empty() ? 0 : 1;
}

int hunt_mutants(const portion& part) {
    const space all;
    const std::vector<variation> broken = mutants();
    int escaped = 0;
    for (const variation& m : broken) {
        const tally found = prove(all, m.answers, part);
        for (const property p : every_property) {
            std::putchar(found.has(p) ? static_cast<char>(p) : '.');
        }
        std::printf("  %s\n", m.about);
        escaped += found.violations.empty() ? 1 : 0;
    }
    std::printf("%zu mutants, %d not found\n", broken.size(), escaped);
    return escaped == 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
    const auto every = [](std::size_t n) { return portion{n, n, n, n}; };
    const std::string_view option = argc > 1 ? argv[1] : "";
    if (argc == 1) return prove_all(every(101));
    if (argc == 2 && option == "--full") return prove_all(everything);
    if (argc == 2 && option == "--mutants") return hunt_mutants(every(307));
    if (argc == 3 && option == "--step") {
        const std::string_view digits = argv[2];
        std::size_t step = 0;
        const auto [end, error] =
            std::from_chars(digits.data(), digits.data() + digits.size(), step);
        if (error == std::errc{} && end == digits.data() + digits.size() && step != 0) {
            return prove_all(every(step));
        }
    }
    std::fputs(usage, option == "--help" ? stdout : stderr);
    return option == "--help" ? 0 : 2;
}
