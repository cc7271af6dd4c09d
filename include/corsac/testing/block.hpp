// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_BLOCK_HPP
#define CORSAC_TESTING_BLOCK_HPP

// Tested in tests/testing/console.test.cpp.

#include <corsac/detail/printable.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/verdict.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

/// What is known about a blocked request when the console speaks.
struct block {
    step at = step::none;
    /// The value, method, header name or token at fault.
    std::string offender{};
    testing::initiator initiator = testing::initiator::fetch;
    request_mode mode = request_mode::cors;
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
    /// Of those, how many are spelled exactly so.
    std::size_t exact_origin_lines = 0;
    /// The response that failed was a redirect that would have been followed, or that of a
    /// preflight.
    bool on_redirect = false;
    /// The redirect mode is `follow`.
    bool follows = true;
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

/// Bytes above 0x7f as Chromium's console shows them: `\u00FC`.
[[nodiscard]] inline std::string escaped_latin1(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else
            out.append("\\u00").append({digits[byte >> 4], digits[byte & 0xf]});
    }
    return out;
}

/// How many bytes become one U+FFFD: as many as could still have become a character.
/// Spec: https://encoding.spec.whatwg.org/#utf-8-decoder
[[nodiscard]] inline std::size_t broken_sequence(std::string_view text) {
    // A sequence that is cut off after n bytes can be completed if some end makes it well-formed.
    for (std::size_t n = std::min(text.size(), std::size_t{3}); n > 1; --n) {
        std::string whole(text.substr(0, n));
        for (const std::string_view end : {"\x80", "\x80\x80", "\xbf", "\xbf\x80"}) {
            if (first_character(whole + std::string(end)).size > n) return n;
        }
    }
    return 1;
}

/// What is no part of well-formed UTF-8 becomes U+FFFD.
[[nodiscard]] inline std::string lossy_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = first_character(bytes).size;
        if (size == 0)
            out.append("\xef\xbf\xbd");
        else
            out.append(bytes.substr(0, size));
        bytes.remove_prefix(size == 0 ? broken_sequence(bytes) : size);
    }
    return out;
}

[[nodiscard]] inline bool is_preflight_step(step s) {
    return to_string(s).starts_with("preflight:");
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
