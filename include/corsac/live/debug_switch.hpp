// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DEBUG_SWITCH_HPP
#define CORSAC_LIVE_DEBUG_SWITCH_HPP

#include <atomic>
#include <memory>

namespace corsac::inline v0_2_0 {

/// Says whether `debuggable` sources answer for developers. A handle: copies are the same switch.
/// Any thread may read and set it.
class debug_switch {
public:
    debug_switch() : on_(std::make_shared<std::atomic<bool>>(false)) {}

    void set(bool on) const noexcept { on_->store(on, std::memory_order_relaxed); }
    [[nodiscard]] bool is_on() const noexcept { return on_->load(std::memory_order_relaxed); }

private:
    std::shared_ptr<std::atomic<bool>> on_;
};

}  // namespace corsac::inline v0_2_0

#endif
