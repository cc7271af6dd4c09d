// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_FUZZ_REQUIRE_HPP
#define CORSAC_TESTS_FUZZ_REQUIRE_HPP

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

// What the fuzzers share.

namespace fuzz {

/// What must hold for every input. Not `assert`: it is needed in optimised builds too.
inline void require(bool holds, const char* what) {
    if (holds) return;
    std::fprintf(stderr, "violated: %s\n", what);
    std::abort();
}

/// The same of two texts that must be one.
inline void require_same(std::string_view ours, std::string_view theirs, const char* what) {
    if (ours == theirs) return;
    const auto size = [](std::string_view text) { return static_cast<int>(text.size()); };
    std::fprintf(stderr, "ours:   \"%.*s\"\ntheirs: \"%.*s\"\n", size(ours), ours.data(),
                 size(theirs), theirs.data());
    require(false, what);
}

inline std::string_view view_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Cuts the next line off, or what ends at another byte.
inline std::string_view next_line(std::string_view& rest, char end_of_line) {
    const std::size_t end = rest.find(end_of_line);
    const std::string_view line = rest.substr(0, end);
    rest = end == rest.npos ? std::string_view{} : rest.substr(end + 1);
    return line;
}
inline std::string_view next_line(std::string_view& rest) { return next_line(rest, '\n'); }

/// The parts between spaces.
inline std::vector<std::string> words(std::string_view line) {
    std::vector<std::string> all;
    while (!line.empty()) all.emplace_back(next_line(line, ' '));
    return all;
}

/// Whether a terminal, a log or a field value can hold the text, and it says something.
inline bool is_one_line(std::string_view text) {
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    }
    return !text.empty();
}

}  // namespace fuzz

#endif
