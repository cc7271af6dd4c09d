// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_INSTRUCTIONS_COUNT_HPP
#define CORSAC_BENCH_INSTRUCTIONS_COUNT_HPP

#include "../counting.hpp"
#include "../rows.hpp"
#include "../ways/all.hpp"

#include <string>
#include <string_view>
#include <vector>

// Answers requests for callgrind to count, which writes one profile for each row/kind/way.

namespace bench {

template <class Kind>
void count(const row& row, const char* kind, const way<Kind>& way) {
    const auto request = request_of<Kind>(row);
    const auto answer = [&] {
        typename Kind::response out;
        way.answer(request, out);
        asm volatile("" : : "r"(&out), "r"(&request) : "memory");
    };
    const bool long_request = row.origin.size() + row.headers.size() > 16384;
    count_instructions(std::string{row.name} + '/' + kind + '/' + way.name,
                       long_request ? 1 : counted, answer);
}

/// @param filter  Begins the names of the rows that are counted; empty for all.
/// @param corsac  `corsac(row, kind)` counts what has corsac in it.
template <class Kind, class Corsac>
void count_all(std::string_view filter, const char* kind, const Corsac& corsac) {
    std::vector<way<Kind>> others;
    origins built{};
    for (const row& row : rows()) {
        if (!std::string_view{row.name}.starts_with(filter)) continue;
        count(row, kind, base<Kind>());
        corsac(row, kind);
        if (!is_common(row.who)) continue;
        if (others.empty() || built != row.who) others = without_corsac<Kind>(row.who);
        built = row.who;
        for (const auto& way : others) {
            if (survives(way.name, row)) count(row, kind, way);
        }
    }
}

/// In a program that has one policy type and one kind of request, as most servers have.
template <class Kind>
int count_alone(int argc, char** argv, const char* kind) {
    count_all<Kind>(argc > 1 ? argv[1] : "", kind, [](const row& row, const char* name) {
        if (row.who != origins::lists) count(row, name, with_policy<Kind>(row.who));
    });
    return 0;
}

}  // namespace bench

#endif
