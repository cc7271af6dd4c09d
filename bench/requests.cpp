// SPDX-License-Identifier: MIT
#include "allocations.hpp"
#include "rows.hpp"
#include "ways/all.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// One request after the other: row/kind/way. Read the ratios between lines of one run, not the
// times of different machines.

namespace {

bool is_granted(const auto& response) {
    bool granted = false;
    response.visit([&](std::string_view name, std::string_view) {
        granted = granted || bench::is(name, "access-control-allow-origin");
    });
    return granted;
}

template <class Kind>
void add(const bench::row& row, const char* kind, const bench::way<Kind>& way) {
    const std::string name = std::string{row.name} + '/' + kind + '/' + way.name;
    const auto run = [way, row](benchmark::State& state) {
        const auto request = bench::request_of<Kind>(row);
        typename Kind::response answered{};
        way.answer(request, answered);
        if (std::string_view{way.name} != "base" && is_granted(answered) != row.granted) {
            state.SkipWithError("another answer");
        }
        bench::measure(state, [&] {
            typename Kind::response out;
            way.answer(request, out);
            benchmark::DoNotOptimize(out);
        });
    };
    benchmark::RegisterBenchmark(name.c_str(), run);
}

template <class Kind>
void add_all(const char* kind) {
    std::vector<bench::way<Kind>> others;
    const auto rows = bench::rows();
    for (const bench::row& row : rows) {
        const bool same_policy = &row != rows.data() && (&row)[-1].who == row.who;
        add(row, kind, bench::base<Kind>());
        add(row, kind, bench::with_any_policy<Kind>(row.who));
        if (row.who == bench::origins::one) add(row, kind, bench::with_static_policy<Kind>());
        if (!bench::is_common(row.who)) continue;
        if (!same_policy) others = bench::without_corsac<Kind>(row.who);
        for (const auto& way : others) {
            if (bench::survives(way.name, row)) add(row, kind, way);
        }
    }
}

const bool added = [] {
    add_all<bench::views>("views");
    add_all<bench::owned>("owned");
    return true;
}();

}  // namespace
