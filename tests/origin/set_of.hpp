// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ORIGIN_SET_OF_HPP
#define CORSAC_TESTS_ORIGIN_SET_OF_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/origin_set_builder.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <string_view>

namespace support {

/// An entry without mistakes.
constexpr corsac::origin_pattern pattern_of(std::string_view entry) {
    const auto ignore = [](corsac::config_code, std::string_view, std::string_view) {};
    return corsac::parse_origin_pattern(entry, ignore);
}

/// @param repeated  Gets the entries that are there already.
constexpr corsac::origin_set set_of(const corsac::text_list& entries, corsac::text_list& repeated) {
    corsac::detail::buffer<corsac::origin_pattern> patterns;
    for (const std::string_view entry : entries) patterns.push_back(pattern_of(entry));
    return corsac::make_origin_set(patterns,
                                   [&](std::size_t index) { repeated.push_back(entries[index]); });
}
constexpr corsac::origin_set set_of(const corsac::text_list& entries) {
    corsac::text_list ignored;
    return set_of(entries, ignored);
}

}  // namespace support

#endif
