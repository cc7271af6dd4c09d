// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_COUNTING_HPP
#define CORSAC_BENCH_COUNTING_HPP

#include <valgrind/callgrind.h>

#include <string>

// The same on every run of one program, whatever else the machine does. Run by `bench/run`.

namespace bench {

/// So many calls that what surrounds them does not count.
inline constexpr int counted = 100;

/// Has callgrind write a profile of `times` calls of `answer`.
/// @param name  What is counted. The profile is called `name/times`.
template <class F>
void count_instructions(std::string name, int times, const F& answer) {
    answer();  // what happens once is not counted
    name += '/' + std::to_string(times);
    CALLGRIND_ZERO_STATS;
    for (int i = 0; i < times; ++i) answer();
    CALLGRIND_DUMP_STATS_AT(name.c_str());
}

}  // namespace bench

#endif
