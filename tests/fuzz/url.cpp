// SPDX-License-Identifier: MIT
#include "require.hpp"

#include <corsac/testing/url.hpp>

#include <ada.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

// The input is a URL, and in a second line one that is relative to it. The simulated browser reads
// both as Ada does, the URL parser of Node.

namespace {

using corsac::testing::url;
using fuzz::require;
using fuzz::require_same;
using parsed_by_ada = ada::result<ada::url_aggregator>;

/// What the simulated browser says that it does not know: hosts that are not ASCII, and with them
/// the rules of Punycode.
bool is_beyond_ascii(std::string_view text) {
    std::string read{text};
    std::erase_if(read, [](char c) { return c == '\t' || c == '\r' || c == '\n'; });
    const std::string decoded = corsac::testing::detail::percent_decoded(read);
    for (std::size_t i = 0; i < decoded.size(); ++i) {
        if (static_cast<unsigned char>(decoded[i]) >= 0x80) return true;
        if (corsac::detail::equals_ignore_case(decoded.substr(i, 4), "xn--")) return true;
    }
    return false;
}

void compare(const std::optional<url>& ours, const parsed_by_ada& theirs) {
    if (ours && !ours->is_special()) return;  // not taken apart
    require(ours.has_value() == theirs.has_value(), "a URL for both or for neither");
    if (!ours) return;
    require_same(ours->text(), theirs->get_href(), "written alike");
    require_same(ours->origin(), theirs->get_origin(), "of the same origin");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view first = fuzz::next_line(rest);
    if (is_beyond_ascii(first) || is_beyond_ascii(rest)) return 0;
    const std::optional<url> base = corsac::testing::parse_url(first, nullptr);
    const parsed_by_ada theirs = ada::parse<ada::url_aggregator>(first);
    compare(base, theirs);
    if (!base || !base->is_special()) return 0;
    compare(corsac::testing::parse_url(rest, &*base),
            ada::parse<ada::url_aggregator>(rest, &*theirs));
    return 0;
}
