// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_TEXT_HPP
#define CORSAC_DETAIL_TEXT_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

/// An owned, growing piece of text, for messages and other work off the request path.
class text {
public:
    constexpr text() noexcept = default;
    constexpr explicit text(std::string_view content) { append(content); }

    constexpr text& append(std::string_view more) {
        chars_.append(more.data(), more.size());
        return *this;
    }
    constexpr text& append(char c) {
        chars_.push_back(c);
        return *this;
    }
    constexpr text& append_number(std::uint64_t number) {
        if (number >= 10) append_number(number / 10);
        return append(static_cast<char>('0' + number % 10));
    }

    [[nodiscard]] constexpr std::string_view view() const noexcept {
        return view_of(chars_.data(), chars_.size());
    }
    [[nodiscard]] constexpr char* begin() noexcept { return chars_.begin(); }
    [[nodiscard]] constexpr char* end() noexcept { return chars_.end(); }
    [[nodiscard]] constexpr std::size_t size() const noexcept { return chars_.size(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return chars_.empty(); }
    [[nodiscard]] friend constexpr bool operator==(const text& a, const text& b) noexcept {
        return a.view() == b.view();
    }

private:
    buffer<char> chars_;
};

[[nodiscard]] constexpr text lower_case(std::string_view from) {
    text lower{from};
    for (char& c : lower) c = to_lower(c);
    return lower;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
