// SPDX-License-Identifier: MIT
#include "count.hpp"

// Several policy types and kinds of requests in one program: less is inlined.

int main(int argc, char** argv) {
    const std::string_view filter = argc > 1 ? argv[1] : "";
    const auto both = []<class Kind>(const bench::row& row, const char* kind, Kind) {
        bench::count(row, kind, bench::with_any_policy<Kind>(row.who));
        if (row.who != bench::origins::one) return;
        bench::count(row, kind, bench::with_static_policy<Kind>());
    };
    bench::count_all<bench::views>(filter, "views", [&](const bench::row& row, const char* kind) {
        both(row, kind, bench::views{});
    });
    bench::count_all<bench::owned>(filter, "owned", [&](const bench::row& row, const char* kind) {
        both(row, kind, bench::owned{});
    });
}
