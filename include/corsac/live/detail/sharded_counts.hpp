// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_SHARDED_COUNTS_HPP
#define CORSAC_LIVE_DETAIL_SHARDED_COUNTS_HPP

// Tested in tests/live/counters.test.cpp.

#include <corsac/live/detail/linkage.hpp>

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>

// Counts that many threads add to and few read. A thread has a shard for itself as long as there
// are any, so that it neither waits for others nor locks the bus.

namespace corsac::inline v0_2_0::detail {

/// Threads that count in shards of their own; all others share one more.
inline constexpr unsigned exclusive_shards = 64;

struct CORSAC_ONE_PER_PROCESS shard_registry {
    /// A bit for each exclusive shard that a thread has.
    static inline constinit std::atomic<std::uint64_t> taken{0};

    /// @return  A shard that no thread has, or the one that is shared.
    [[nodiscard]] static unsigned take() noexcept {
        std::uint64_t before = taken.load(std::memory_order_relaxed);
        while (~before != 0) {
            const auto free = static_cast<unsigned>(std::countr_one(before));
            const std::uint64_t after = before | std::uint64_t{1} << free;
            // Acquire: the counts of the thread that had it before.
            if (taken.compare_exchange_weak(before, after, std::memory_order_acquire)) return free;
        }
        return exclusive_shards;
    }
    static void give_back(unsigned shard) noexcept {
        taken.fetch_and(~(std::uint64_t{1} << shard), std::memory_order_release);
    }
};

inline constexpr unsigned no_shard = exclusive_shards + 1;
inline constinit thread_local unsigned my_shard = no_shard;

struct shard_returner {
    ~shard_returner() {
        if (my_shard < exclusive_shards) shard_registry::give_back(my_shard);
        my_shard = exclusive_shards;  // destructors that run later share
    }
};

[[nodiscard]] CORSAC_RARE inline unsigned take_shard() noexcept {
    static thread_local shard_returner returner;
    (void)returner;
    return my_shard = shard_registry::take();
}

/// `Size` counts, all zero at first.
template <std::size_t Size>
class sharded_counts {
public:
    /// Adds one. No lock, no allocation.
    void count(std::size_t which) noexcept {
        const unsigned mine = my_shard != no_shard ? my_shard : take_shard();
        std::atomic<std::uint64_t>& counted = shards_[mine].counts[which];
        if (mine < exclusive_shards) [[likely]] {
            counted.store(counted.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
        } else {
            counted.fetch_add(1, std::memory_order_relaxed);
        }
    }

    /// The sum of all threads' counts; what is counted meanwhile may be in it or not.
    [[nodiscard]] std::uint64_t of(std::size_t which) const noexcept {
        std::uint64_t sum = 0;
        for (const shard& one : shards_) {
            sum += one.counts[which].load(std::memory_order_relaxed);
        }
        return sum;
    }

private:
    struct alignas(64) shard {
        std::atomic<std::uint64_t> counts[Size]{};
    };

    shard shards_[exclusive_shards + 1]{};
};

}  // namespace corsac::inline v0_2_0::detail

#endif
