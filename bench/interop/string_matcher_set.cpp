// SPDX-License-Identifier: MIT
#include <corsac/error.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/re2.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/interop/matchers/string_matcher_set.hpp>
#include <corsac/origin/origin.hpp>

#include <benchmark/benchmark.h>
#include <re2/re2.h>

#include <cstddef>
#include <cstdlib>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Read the ratios between lines of one run, and the fitted complexities.

namespace {

corsac::interop::string_matcher compile(std::string_view regex) {
    corsac::interop::string_matcher made =
        make_regex_matcher(regex, corsac::interop::re2_engine<RE2>{});
    if (!made.regex.error.empty()) std::abort();
    return made;
}

/// A text that almost matches, of growing length. A backtracking engine needs exponential time for
/// the first two expressions.
void text_of_length(benchmark::State& state, const char* regex) {
    const corsac::interop::string_matcher matcher = compile(regex);
    const std::string text(static_cast<std::size_t>(state.range(0)), 'a');
    for (auto _ : state) {
        bool matches = matcher.matches(text);
        benchmark::DoNotOptimize(matches);
    }
    state.SetComplexityN(state.range(0));
}
#define CORSAC_LENGTHS RangeMultiplier(4)->Range(256, 65536)->Complexity(benchmark::oN)
BENCHMARK_CAPTURE(text_of_length, nested_plus, "^(([a-z])+.)+[A-Z]([a-z])+$")->CORSAC_LENGTHS;
BENCHMARK_CAPTURE(text_of_length, nested_star, "(a*)*b")->CORSAC_LENGTHS;
BENCHMARK_CAPTURE(text_of_length, counted, "([a-z]*a){10}b")->CORSAC_LENGTHS;

/// An origin that a policy allows, by its own pattern or by an expression of the same meaning.
void origin(benchmark::State& state, const corsac::interop::imported_cors& from) {
    const auto p = make_matched_policy(from);
    if (!p) std::abort();
    const std::string_view allowed = "https://pr-42.app.example.com";
    if (!p->allows_origin(allowed)) std::abort();
    for (auto _ : state) {
        bool allows = p->allows_origin(allowed);
        benchmark::DoNotOptimize(allows);
    }
}
void by_pattern(benchmark::State& state) {
    origin(state, {.options = {.allow_origins = {"https://*.app.example.com"}}, .matchers = {}});
}
void by_suffix(benchmark::State& state) {
    origin(
        state,
        {.options = {},
         .matchers = {{corsac::interop::string_matcher::form::suffix, ".example.com", false, {}}}});
}
void by_regex(benchmark::State& state) {
    origin(state, {.options = {}, .matchers = {compile(R"(https://([a-z0-9-]+\.)+example\.com)")}});
}
BENCHMARK(by_pattern);
BENCHMARK(by_suffix);
BENCHMARK(by_regex);

/// As many expressions as a policy may have, asked for origins as long as they may be that nobody
/// has sent before: bytes by which engines learn new states.
/// @param shape  An expression in which `%` stands for its number.
/// @param end    Of the origins' hosts.
struct flood {
    std::vector<corsac::interop::string_matcher> matchers{};
    std::vector<std::string> origins{};

    flood(std::string_view shape, std::string_view end) {
        for (std::size_t i = 0; i < corsac::interop::max_string_matchers; ++i) {
            std::string regex(shape);
            regex.replace(regex.find('%'), 1, std::to_string(10 + i));
            matchers.push_back(make_regex_matcher(
                regex, corsac::interop::re2_engine<RE2>{
                           .max_program_size = corsac::interop::istio_max_program_size}));
            if (!matchers.back().regex.error.empty()) std::abort();
        }
        std::mt19937 roll(20261130);
        for (int i = 0; i < 2000; ++i) {
            std::string origin = "https://";
            while (origin.size() < 8 + corsac::max_host_length - end.size()) {
                origin += "abcdefgh"[roll() % 8];
            }
            origins.push_back(origin += end);
        }
    }
};

void flooded_engines(benchmark::State& state, std::string_view shape, std::string_view end) {
    const flood made(shape, end);
    std::size_t at = 0;
    for (auto _ : state) {
        bool allows = false;
        const std::string& origin = made.origins[at++ % made.origins.size()];
        for (const auto& matcher : made.matchers) allows = allows || matcher.matches(origin);
        benchmark::DoNotOptimize(allows);
    }
}

void flooded_set(benchmark::State& state, std::string_view shape, std::string_view end) {
    const flood made(shape, end);
    corsac::interop::string_matcher_set set(made.matchers);
    corsac::config_report report;
    set.prepare_for({}, report);
    std::size_t at = 0;
    for (auto _ : state) {
        bool allows = !set.match(made.origins[at++ % made.origins.size()], corsac::judged).empty();
        benchmark::DoNotOptimize(allows);
    }
}

// The first is of a host that no expression names; the others end in the name that all of them
// have. The two last ones take many states of an automaton, from one end or from both.
#define CORSAC_FLOOD(name, ...)                                                                    \
    BENCHMARK_CAPTURE(flooded_engines, name, __VA_ARGS__)->Unit(benchmark::kMicrosecond);          \
    BENCHMARK_CAPTURE(flooded_set, name, __VA_ARGS__)->Unit(benchmark::kMicrosecond)
CORSAC_FLOOD(other_host, R"(https://.*a.{14}\.t%\.example\.com)", ".example.net");
CORSAC_FLOOD(other_labels, R"(https://[a-z0-9-]+\.t%\.example\.com)", ".example.com");
CORSAC_FLOOD(other_front, R"(https://t%([a-z0-9-]+\.)*([a-z0-9-]+\.)+example\.com)",
             ".example.com");
CORSAC_FLOOD(many_states, R"(https://(t%|.*a.{14}z)\.example\.com)", ".example.com");
CORSAC_FLOOD(many_states_both_ways,
             R"(https://(t%|[a-h]*a[a-h]{12}z[a-h]{14}b[a-h]*)\.example\.com)", ".example.com");

}  // namespace
