// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_PARSE_ORIGIN_PATTERN_HPP
#define CORSAC_ORIGIN_PARSE_ORIGIN_PATTERN_HPP

#include <corsac/origin/detail/entry_parser.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <string_view>

namespace corsac::inline v0_2_0 {

/// Reads one entry of `allow_origins`.
///
/// @param report  Called as `report(code, what, advice)` for every mistake in the entry; the last
///                two are views that die with the call.
/// @return        The pattern; meaningless if a mistake was reported.
///
/// Spec: https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin
template <class Report>
constexpr origin_pattern parse_origin_pattern(std::string_view entry, const Report& report) {
    return detail::entry_parser<Report>{entry, report}.run();
}

}  // namespace corsac::inline v0_2_0

#endif
