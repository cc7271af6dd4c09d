// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_FUZZ_REQUIRE_HPP
#define CORSAC_TESTS_FUZZ_REQUIRE_HPP

#include <cstdio>
#include <cstdlib>
#include <string_view>

// What must hold for every input. Not `assert`: it is needed in optimised builds too.

namespace fuzz {

inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "violated: %s\n", what);
    std::abort();
}

/// Cuts the next line off.
inline std::string_view next_line(std::string_view& rest) {
    const std::size_t end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    return line;
}

}  // namespace fuzz

#endif
