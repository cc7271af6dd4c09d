// SPDX-License-Identifier: MIT
#include "../cases.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

// Answers one request a given number of times, for callgrind to count: see bench/instructions/run.

namespace {

template <class Answer>
int repeat(long times, const bench::request& request, const Answer& answer) {
    std::size_t lines = 0;
    for (long i = 0; i < times; ++i) {
        bench::response out;
        answer(request, out);
        lines += out.size;
        asm volatile("" : : "r"(&out), "r"(&request) : "memory");
    }
    return lines == 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 3) {
        std::fputs("usage: corsac_instructions CASE TIMES\n", stderr);
        return 2;
    }
    const std::string_view name = argv[1];
    const long times = std::atol(argv[2]);
    const corsac::policy one = bench::policy_of(1);
    const corsac::policy wildcards = bench::wildcard_policy();
    const auto ours = [&](const auto& r, auto& out) { bench::ours(one, r, out); };
    const auto patterns = [&](const auto& r, auto& out) { bench::ours(wildcards, r, out); };
    const auto actual = bench::browser_request("GET", bench::one_origin);
    const auto refused = bench::browser_request("GET", bench::stranger);
    const auto preflight = bench::browser_request("OPTIONS", bench::one_origin);
    const auto refused_preflight = bench::browser_request("OPTIONS", bench::stranger);
    if (name == "actual") return repeat(times, actual, ours);
    if (name == "actual/by_hand") return repeat(times, actual, bench::by_hand::one);
    if (name == "refused") return repeat(times, refused, ours);
    if (name == "refused/by_hand") return repeat(times, refused, bench::by_hand::one);
    if (name == "preflight") return repeat(times, preflight, ours);
    if (name == "preflight/by_hand") return repeat(times, preflight, bench::by_hand::one);
    if (name == "refused_preflight") return repeat(times, refused_preflight, ours);
    if (name == "refused_preflight/by_hand") {
        return repeat(times, refused_preflight, bench::by_hand::one);
    }
    if (name == "subdomain") {
        return repeat(times, bench::browser_request("GET", "https://a.b.example.com"), patterns);
    }
    std::fputs("no such case\n", stderr);
    return 2;
}
