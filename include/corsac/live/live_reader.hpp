// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_LIVE_READER_HPP
#define CORSAC_LIVE_LIVE_READER_HPP

#include <corsac/live/detail/asymmetric_barrier.hpp>
#include <corsac/live/detail/reader_slots.hpp>
#include <corsac/live/detail/reclamation.hpp>

#include <atomic>
#include <utility>

namespace corsac::inline v0_2_0 {

namespace detail {
template <class T>
struct version : version_base {
    explicit version(T&& from)
        : version_base{[](version_base* v) noexcept { delete static_cast<version*>(v); }},
          value(std::move(from)) {}

    const T value;
};

template <class T>
class live_cell;
}  // namespace detail

/// One version of something live, for as long as this object exists: a pointer, never null unless
/// it was moved from or made empty.
///
/// It may live for minutes, in a handler that answers later, and may be moved to another thread and
/// destroyed there; replacements do not wait for it. It stays valid after the handle that it was
/// read from is gone.
template <class T>
class live_reader {
public:
    /// Empty.
    live_reader() noexcept = default;
    live_reader(live_reader&& other) noexcept : read_(std::exchange(other.read_, {})) {}
    live_reader& operator=(live_reader&& other) noexcept {
        live_reader{std::move(other)}.swap(*this);
        return *this;
    }
    /// Cost: a store and three loads. The last reader of a version that was replaced frees it.
    ~live_reader() {
        if (read_.slot != nullptr) detail::end_read(read_);
    }

    [[nodiscard]] explicit operator bool() const noexcept { return read_.slot != nullptr; }
    [[nodiscard]] const T& operator*() const noexcept {
        return static_cast<const detail::version<T>*>(read_.version)->value;
    }
    [[nodiscard]] const T* operator->() const noexcept { return &**this; }

    void swap(live_reader& other) noexcept { std::swap(read_, other.read_); }

private:
    friend class detail::live_cell<T>;

    explicit live_reader(const detail::version_read& read) noexcept : read_(read) {}

    detail::version_read read_{};
};

namespace detail {

/// A `T` that is read by many threads and replaced by some.
// Not std::atomic<std::shared_ptr>: its readers write to a counter that all of them share, and
// libstdc++ 12 releases its lock without ordering. Not a pair of counted places: the same counter,
// and a reader of minutes would stop replacements.
template <class T>
class live_cell {
public:
    explicit live_cell(T first) : current_((decide_barriers(), make(std::move(first)))) {}
    live_cell(const live_cell&) = delete;
    live_cell& operator=(const live_cell&) = delete;
    ~live_cell() { reclamation::retire(*current_.load(std::memory_order_relaxed), false); }

    [[nodiscard]] live_reader<T> read() const noexcept {
        return live_reader<T>{read_current(current_)};
    }
    /// Reads that begin after it returns get `next`. In any number of threads.
    void replace(T next) { reclamation::retire(*current_.exchange(make(std::move(next))), true); }

private:
    [[nodiscard]] static version_base* make(T&& value) { return new version<T>{std::move(value)}; }

    std::atomic<version_base*> current_;
};

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
