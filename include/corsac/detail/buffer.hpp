// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_BUFFER_HPP
#define CORSAC_DETAIL_BUFFER_HPP

#include <cstddef>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// A growable array: what `std::vector` does, usable in constant evaluation on every supported
/// standard library and without `<vector>`.
template <class T>
class buffer {
public:
    constexpr buffer() noexcept = default;
    constexpr buffer(const buffer& other) {
        reserve(other.size_);
        for (const T& item : other) push_back(item);
    }
    // Neither std::exchange nor std::swap, here and below: they cost includers a millisecond for
    // each kind of buffer.
    constexpr buffer(buffer&& other) noexcept
        : items_(other.items_), size_(other.size_), capacity_(other.capacity_) {
        other.forget();
    }
    constexpr buffer& operator=(buffer other) noexcept {
        delete[] items_;
        items_ = other.items_;
        size_ = other.size_;
        capacity_ = other.capacity_;
        other.forget();
        return *this;
    }
    constexpr ~buffer() { delete[] items_; }

    [[nodiscard]] constexpr std::size_t size() const noexcept { return size_; }
    [[nodiscard]] constexpr bool empty() const noexcept { return size_ == 0; }
    [[nodiscard]] constexpr T* data() noexcept { return items_; }
    [[nodiscard]] constexpr const T* data() const noexcept { return items_; }
    [[nodiscard]] constexpr T& operator[](std::size_t at) noexcept { return items_[at]; }
    [[nodiscard]] constexpr const T& operator[](std::size_t at) const noexcept {
        return items_[at];
    }
    [[nodiscard]] constexpr T* begin() noexcept { return items_; }
    [[nodiscard]] constexpr T* end() noexcept { return items_ + size_; }
    [[nodiscard]] constexpr const T* begin() const noexcept { return items_; }
    [[nodiscard]] constexpr const T* end() const noexcept { return items_ + size_; }
    [[nodiscard]] constexpr const T& back() const noexcept { return items_[size_ - 1]; }

    constexpr void reserve(std::size_t wanted) {
        if (wanted > capacity_) delete[] move_to(wanted);
    }
    /// Makes room for `more` items; at least doubles, so that appending stays linear.
    constexpr void reserve_more(std::size_t more) {
        if (size_ + more > capacity_) reserve(least + (size_ + more) * 2);
    }
    constexpr void push_back(T item) {
        reserve_more(1);
        items_[size_++] = std::move(item);
    }
    /// Appends copies. They may be of this buffer's own items, if moving leaves those as they are.
    constexpr void append(const T* added, std::size_t count) {
        T* const outgrown =
            size_ + count > capacity_ ? move_to(least + (size_ + count) * 2) : nullptr;
        T* const to = items_ + size_;
        for (std::size_t i = 0; i < count; ++i) to[i] = added[i];
        size_ += count;
        delete[] outgrown;
    }
    /// Grows with value-initialised items, or shrinks.
    constexpr void resize(std::size_t size) {
        const bool moved = size > capacity_;
        reserve(size);
        for (std::size_t i = size_; i < size && !moved; ++i) items_[i] = T{};
        size_ = size;
    }

    [[nodiscard]] friend constexpr bool operator==(const buffer& a, const buffer& b) noexcept {
        if (a.size_ != b.size_) return false;
        for (std::size_t i = 0; i < a.size_; ++i) {
            if (!(a.items_[i] == b.items_[i])) return false;
        }
        return true;
    }

private:
    /// Room beyond what is wanted, in small items: without it GCC 12 warns of overflows at -O3.
    static constexpr std::size_t least = sizeof(T) < 8 ? 16 / sizeof(T) : 0;

    constexpr void forget() noexcept {
        items_ = nullptr;
        size_ = capacity_ = 0;
    }

    /// @return  The array that the items were in, for the caller to delete.
    [[nodiscard]] constexpr T* move_to(std::size_t capacity) {
        T* grown = new T[capacity]();
        // The second bound always holds; without it GCC 12 warns of an overflow at -O3.
        for (std::size_t i = 0; i < size_ && i < capacity; ++i) grown[i] = std::move(items_[i]);
        T* const outgrown = items_;
        items_ = grown;
        capacity_ = capacity;
        return outgrown;
    }

    T* items_ = nullptr;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
