// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/re2.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>

#include <benchmark/benchmark.h>
#include <re2/re2.h>

#include <cstddef>
#include <cstdlib>
#include <string>
#include <string_view>

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

}  // namespace
