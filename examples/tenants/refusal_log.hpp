// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_TENANTS_REFUSAL_LOG_HPP
#define CORSAC_EXAMPLES_TENANTS_REFUSAL_LOG_HPP

#include <corsac/corsac.hpp>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <mutex>

namespace tenants {

/// An observer that prints why requests were refused, a few a second: strangers choose how many
/// there are, and should fill no disk. The others are counted, and told with the next that is
/// printed.
///
/// Any number of threads may call it. Adapters copy what they are given, so pass it by `std::ref`.
class refusal_log {
public:
    void operator()(const corsac::decision& d) {
        if (!corsac::is_refusal(d.outcome())) return;
        const auto now = clock::now();
        const std::lock_guard lock{mutex_};
        if (now - began_ >= std::chrono::seconds(1)) {
            began_ = now;
            printed_ = 0;
        }
        if (printed_ == most_a_second) {
            ++left_out_;
            return;
        }
        ++printed_;
        if (left_out_ != 0) std::cout << left_out_ << " more refusals were not printed\n";
        left_out_ = 0;
        std::cout << corsac::explain(d) << std::endl;  // no byte of it is a control character
    }

private:
    using clock = std::chrono::steady_clock;

    static constexpr int most_a_second = 20;

    std::mutex mutex_;
    clock::time_point began_{};
    int printed_ = 0;
    std::uint64_t left_out_ = 0;
};

}  // namespace tenants

#endif
