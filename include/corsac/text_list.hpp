// SPDX-License-Identifier: MIT
#ifndef CORSAC_TEXT_LIST_HPP
#define CORSAC_TEXT_LIST_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <string_view>  // and std::begin, std::end: <iterator> itself is heavy
#include <type_traits>

namespace corsac::inline v0_2_0 {

class text_list;

namespace detail {

template <class Range>
concept text_range = !std::same_as<std::remove_cvref_t<Range>, text_list> &&
                     requires(std::remove_reference_t<Range>& range) {
                         { *std::begin(range) } -> std::convertible_to<std::string_view>;
                         std::end(range);
                     };

}  // namespace detail

/// The lists in `policy_options`: texts that the list owns, in the order given.
///
/// It takes a braced list of string-likes or any range of them (`std::vector<std::string>`,
/// an array, a span), copies them, and works in constant evaluation. Not
/// `std::vector<std::string>`: that costs every includer two heavy headers and is no constant on
/// clang with libstdc++.
class text_list {
public:
    /// One item of a braced list. Not `std::string_view` itself: `{{"a", "b"}}` would make a single
    /// one of the two, from the begin of the first literal to the begin of the second.
    struct item {
        std::string_view text;

        template <std::convertible_to<std::string_view> Text>
        constexpr item(const Text& from) : text(from) {}
    };

    // Above its first use: clang 14 to 19 do not find it later in constant evaluation.
    template <detail::text_range Range>
    constexpr text_list(Range&& range) {
        append(range);
    }
    template <detail::text_range Range>
    constexpr void append(Range&& range) {
        for (auto&& entry : range) push_back(entry);
    }
    constexpr text_list() noexcept = default;
    constexpr text_list(std::initializer_list<item> items) {
        for (const item& one : items) push_back(one.text);
    }

    constexpr void push_back(std::string_view added) {
        bytes_.append(added).append('\0');
        ends_.push_back(bytes_.size() - 1);
    }

    [[nodiscard]] constexpr std::size_t size() const noexcept { return ends_.size(); }
    [[nodiscard]] constexpr bool empty() const noexcept { return ends_.empty(); }

    /// @return  A view of the item, NUL-terminated, valid until the list changes.
    [[nodiscard]] constexpr std::string_view operator[](std::size_t index) const noexcept {
        const std::size_t start = index == 0 ? 0 : ends_[index - 1] + 1;
        return bytes_.view().substr(start, ends_[index] - start);
    }

    /// Forward, over views of the items.
    class iterator {
    public:
        using value_type = std::string_view;
        using difference_type = std::ptrdiff_t;

        constexpr iterator() noexcept = default;
        constexpr iterator(const text_list* list, std::size_t index) noexcept
            : list_(list), index_(index) {}
        [[nodiscard]] constexpr std::string_view operator*() const noexcept {
            return (*list_)[index_];
        }
        constexpr iterator& operator++() noexcept {
            ++index_;
            return *this;
        }
        constexpr iterator operator++(int) noexcept {
            const iterator before = *this;
            ++index_;
            return before;
        }
        [[nodiscard]] friend constexpr bool operator==(iterator, iterator) noexcept = default;

    private:
        const text_list* list_ = nullptr;
        std::size_t index_ = 0;
    };

    [[nodiscard]] constexpr iterator begin() const noexcept { return {this, 0}; }
    [[nodiscard]] constexpr iterator end() const noexcept { return {this, size()}; }

    [[nodiscard]] friend constexpr bool operator==(const text_list&,
                                                   const text_list&) noexcept = default;

private:
    detail::text bytes_;
    detail::buffer<std::size_t> ends_;
};

}  // namespace corsac::inline v0_2_0

#endif
