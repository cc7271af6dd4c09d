// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_LIVE_VALUE_HPP
#define CORSAC_LIVE_LIVE_VALUE_HPP

#include <corsac/live/live_reader.hpp>

#include <memory>
#include <utility>

namespace corsac::inline v0_2_0 {

/// Anything that is replaced while requests are served, as `live_policy` and `live_table` are: for
/// a table together with what was made beside it, so that a request sees both of one version.
///
/// A handle: copies are of the same live value. Any number of threads may read and replace at once.
/// What cannot be moved goes in as a `std::unique_ptr<const T>`.
template <class T>
class live_value {
public:
    using reader = live_reader<T>;

    explicit live_value(T first)
        : cell_(std::make_shared<detail::live_cell<T>>(std::move(first))) {}

    /// The value in force. Cost: that of `basic_live_policy::read`.
    [[nodiscard]] reader read() const noexcept { return cell_->read(); }

    /// Puts a value in force. Whoever reads after it returns gets that one; the old one is
    /// destroyed here or by its last reader.
    void replace(T next) const { cell_->replace(std::move(next)); }

private:
    std::shared_ptr<detail::live_cell<T>> cell_;
};

}  // namespace corsac::inline v0_2_0

#endif
