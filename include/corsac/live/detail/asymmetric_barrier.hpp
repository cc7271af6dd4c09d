// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_ASYMMETRIC_BARRIER_HPP
#define CORSAC_LIVE_DETAIL_ASYMMETRIC_BARRIER_HPP

// Tested in tests/live/live_reader.test.cpp and tests/live/threads.cpp.

#include <corsac/live/detail/linkage.hpp>

#include <atomic>

// Under ThreadSanitizer, which knows no fences, and where Linux is not: other orders, no barriers.
#if defined(__SANITIZE_THREAD__)
#define CORSAC_HAS_MEMBARRIER 0
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define CORSAC_HAS_MEMBARRIER 0
#endif
#endif
#if !defined(CORSAC_HAS_MEMBARRIER)
#if defined(__linux__) && __has_include(<linux/membarrier.h>)
#define CORSAC_HAS_MEMBARRIER 1
#else
#define CORSAC_HAS_MEMBARRIER 0
#endif
#endif

#if CORSAC_HAS_MEMBARRIER
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

// Two threads that each write a word of their own and then read the other's: at least one of them
// has to see what the other wrote. Readers do it at every request and want to pay nothing, whoever
// replaces a policy does it rarely. So the reader only keeps its compiler from reordering, and the
// other side has the kernel run a barrier on every processor that runs a thread of the process.
//
// Spec: https://man7.org/linux/man-pages/man2/membarrier.2.html

namespace corsac::inline v0_2_0::detail {

#if CORSAC_HAS_MEMBARRIER

/// Orders for the words on both sides; the barriers between them do the rest.
inline constexpr std::memory_order side_store = std::memory_order_release;
inline constexpr std::memory_order side_load = std::memory_order_acquire;

enum class barrier_kind : int { undecided, compiler_only, fence };

/// What readers do. Decided before the first of them, for good.
struct CORSAC_ONE_PER_PROCESS reader_barrier {
    static inline constinit std::atomic<barrier_kind> kind{barrier_kind::undecided};
};

[[nodiscard]] inline bool membarrier(int command) noexcept {
    return ::syscall(SYS_membarrier, command, 0, 0) == 0;
}

/// Before anything is published that readers may see. A container may refuse the system call; then
/// readers pay for a fence.
inline void decide_barriers() noexcept {
    if (reader_barrier::kind.load(std::memory_order_acquire) != barrier_kind::undecided) return;
    const barrier_kind possible = membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED)
                                      ? barrier_kind::compiler_only
                                      : barrier_kind::fence;
    barrier_kind undecided = barrier_kind::undecided;
    reader_barrier::kind.compare_exchange_strong(undecided, possible);
}

/// The reader's, between its store and its load.
inline void light_barrier() noexcept {
    if (reader_barrier::kind.load(std::memory_order_relaxed) == barrier_kind::compiler_only)
        [[likely]] {
        std::atomic_signal_fence(std::memory_order_seq_cst);
    } else {
        std::atomic_thread_fence(std::memory_order_seq_cst);
    }
}

/// The other side's. @return  False if there was none, so that nothing is known about readers.
[[nodiscard]] inline bool heavy_barrier() noexcept {
    std::atomic_thread_fence(std::memory_order_seq_cst);
    if (reader_barrier::kind.load(std::memory_order_relaxed) == barrier_kind::fence) return true;
    return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) ||
           // A child process may have to say again that it wants to.
           (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) &&
            membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED));
}

#else

inline constexpr std::memory_order side_store = std::memory_order_seq_cst;
inline constexpr std::memory_order side_load = std::memory_order_seq_cst;

inline void decide_barriers() noexcept {}
inline void light_barrier() noexcept {}
[[nodiscard]] inline bool heavy_barrier() noexcept { return true; }

#endif

}  // namespace corsac::inline v0_2_0::detail

#endif
