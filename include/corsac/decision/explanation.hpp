// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_EXPLANATION_HPP
#define CORSAC_DECISION_EXPLANATION_HPP

#include <corsac/detail/ascii.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// One sentence, held in place: no allocation, NUL-terminated.
///
/// What came from the request is in quotes, its control characters escaped, so that a log line
/// stays one line, and cut with `…` where it is long.
class explanation {
public:
    static constexpr std::size_t capacity = 1024;

    [[nodiscard]] constexpr std::string_view view() const noexcept { return {chars_, size_}; }
    [[nodiscard]] constexpr const char* c_str() const noexcept { return chars_; }
    [[nodiscard]] constexpr operator std::string_view() const noexcept { return view(); }

    /// Works with `std::ostream` without including it.
    template <class Stream>
        requires requires(Stream& stream, std::string_view text) { stream << text; }
    friend Stream& operator<<(Stream& stream, const explanation& e) {
        stream << e.view();
        return stream;
    }

    constexpr explanation& append(std::string_view more) noexcept {
        for (const char c : more) {
            if (size_ == capacity) break;
            chars_[size_++] = c;
        }
        return *this;
    }

    /// @param limit  Characters of `received` that are shown at most.
    constexpr explanation& append_quoted(std::string_view received, std::size_t limit) noexcept {
        constexpr std::string_view digits = "0123456789abcdef";
        append("\"");
        for (const char c : received.substr(0, limit)) {
            const auto byte = static_cast<unsigned char>(c);
            if (byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\') {
                append(detail::view_of(&c, 1));
            } else {
                append("\\x")
                    .append(digits.substr(byte >> 4, 1))
                    .append(digits.substr(byte & 15, 1));
            }
        }
        return append(received.size() > limit ? "…\"" : "\"");
    }

private:
    char chars_[capacity + 1]{};
    std::size_t size_ = 0;
};

}  // namespace corsac::inline v0_2_0

#endif
