// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_POLICY_MISTAKE_HPP
#define CORSAC_TESTS_POLICY_MISTAKE_HPP

#include <corsac/error.hpp>
#include <corsac/policy/policy.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>

namespace support {

/// What is reported about one mistake, be it an error or a warning.
struct mistake {
    corsac::config_code code;
    std::string_view field;
    std::size_t index;
    std::string_view text;
    std::string_view advice;  ///< a part of it
};

/// Builds a policy of options in which one thing is wrong, and looks at all that is said about it.
inline void check_mistake(const corsac::policy_options& options, const mistake& expected) {
    const auto built = corsac::make_policy(options);
    const bool warning = corsac::is_warning(expected.code);
    CHECK(static_cast<bool>(built) == warning);
    const corsac::config_errors& list = warning ? built.warnings() : built.errors();
    REQUIRE(list.size() == 1);
    CHECK((warning ? built.errors() : built.warnings()).size() == 0);
    const corsac::config_error& e = list[0];
    CHECK(corsac::name_of(e.code()) == corsac::name_of(expected.code));
    CHECK(e.field() == expected.field);
    CHECK(e.index() == expected.index);
    CHECK(e.text() == expected.text);
    CHECK(e.advice().find(expected.advice) != std::string_view::npos);
    CHECK(e.message().find(expected.field) == 0);
    CHECK(e.message().find(e.advice()) != std::string_view::npos);
}

/// Asks for a row of every code for which `is_wanted(code)`.
/// @param code_of  `code_of(row)`
template <class Rows, class CodeOf, class IsWanted>
void check_every_code(const Rows& rows, CodeOf code_of, IsWanted is_wanted) {
    std::size_t wanted = 0;
    for (int value = 0; value < 256; ++value) {
        const auto code = static_cast<corsac::config_code>(value);
        if (corsac::name_of(code).empty() || !is_wanted(code)) continue;
        ++wanted;
        CAPTURE(corsac::name_of(code));
        bool found = false;
        for (const auto& row : rows) found = found || code_of(row) == code;
        CHECK(found);
    }
    CHECK(wanted != 0);
}

}  // namespace support

#endif
