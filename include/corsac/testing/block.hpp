// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_BLOCK_HPP
#define CORSAC_TESTING_BLOCK_HPP

// Tested in tests/testing/console.test.cpp.

#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace corsac::inline v0::testing {

/// What is known about a blocked request when the console speaks.
struct block {
    step at = step::none;
    /// The value, method, header name or token at fault.
    std::string offender{};
    testing::initiator initiator = testing::initiator::fetch;
    std::string page_url{};
    /// Serialised.
    std::string page_origin{};
    /// That of the request: `null` where a redirect to a third origin made it so.
    std::string request_origin{};
    std::string first_url{};
    /// The URL whose request or response failed.
    std::string current_url{};
    /// Of a redirect that was not followed.
    std::string target_url{};
    /// Status and number of `Access-Control-Allow-Origin` lines of the response that failed.
    int status = 0;
    std::size_t origin_lines = 0;
    /// The response that failed was a redirect that would have been followed.
    bool on_redirect = false;
    /// The request had left its origin, or was about to.
    bool cross_origin = false;
    /// The method or name at fault was asked with credentials, for which a listed `*` is no
    /// wildcard.
    bool listed_star = false;
    /// The response that failed came out of the HTTP cache.
    bool from_cache = false;
    /// The response that failed was written under a policy of corsac's.
    bool by_policy = false;
};

namespace detail {

[[nodiscard]] inline std::string latin1_to_utf8(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xc0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return out;
}

/// The length of the well-formed UTF-8 sequence that `text` starts with, or 0.
[[nodiscard]] inline std::size_t utf8_sequence(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned lead = at(0);
    if (lead < 0x80) return text.empty() ? 0 : 1;
    const std::size_t size = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
    }
    const unsigned second = at(1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool too_high = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
    return overlong || too_high ? 0 : size;
}

/// Every byte that is no part of well-formed UTF-8 becomes U+FFFD.
[[nodiscard]] inline std::string lossy_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = utf8_sequence(bytes);
        if (size == 0)
            out.append("\xef\xbf\xbd");
        else
            out.append(bytes.substr(0, size));
        bytes.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

[[nodiscard]] inline bool is_preflight_step(step s) {
    return to_string(s).starts_with("preflight:");
}

}  // namespace detail

}  // namespace corsac::inline v0::testing

#endif
