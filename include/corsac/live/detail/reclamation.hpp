// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_RECLAMATION_HPP
#define CORSAC_LIVE_DETAIL_RECLAMATION_HPP

// Tested in tests/live/live_reader.test.cpp and tests/live/threads.cpp.

#include <corsac/live/detail/asymmetric_barrier.hpp>
#include <corsac/live/detail/linkage.hpp>
#include <corsac/live/detail/reader_slots.hpp>

#include <atomic>
#include <cstddef>
#include <thread>
#include <utility>

// Frees a version that was replaced once nobody reads it: at once, or when its last reader ends.
//
// The proof rests on two pairs of "write mine, then read yours", see `asymmetric_barrier.hpp`:
//   reader enters: slot = version | current is still that version?
//   reader ends:   slot = null    | was anything retired meanwhile? then it collects
//   who replaces:  current, `retirements` | all slots
// So a version that a reader made sure of is seen in its slot; and a slot that looks taken to
// whoever collects belongs to a reader that collects when it ends.

namespace corsac::inline v0_2_0::detail {

struct CORSAC_ONE_PER_PROCESS reclamation {
    /// How many versions were ever retired. Every reader looks at it, so it has a line of its own.
    alignas(64) static inline constinit std::atomic<std::size_t> retirements{0};

    /// Retired, and not looked at yet.
    alignas(64) static inline constinit std::atomic<version_base*> handed_in{nullptr};
    static inline constinit std::atomic<std::size_t> requests{0};
    static inline constinit std::atomic<bool> busy{false};
    /// Those that were being read; belongs to whoever made `busy` true.
    static inline constinit version_base* waiting = nullptr;

    /// Frees what nobody reads any more. Someone who is at it already does it instead.
    ///
    /// @param patient  Waits for whom it finds at it. Whoever retires does, lest versions come in
    ///                 faster than they go, or a reader be kept busy by it for ever.
    CORSAC_RARE static void collect(bool patient) noexcept {
        requests.fetch_add(1);
        std::size_t served = 0;
        do {
            while (busy.exchange(true)) {
                // Whoever holds it looks at `requests` after it has let go.
                if (!patient || my_slots.collecting) return;
                std::this_thread::yield();
            }
            patient = false;
            served = requests.load();
            free_unread();
            busy.store(false);
        } while (requests.load() != served);
    }

    /// @param old  Of which `current` says no longer that it is in force.
    static void retire(version_base& old, bool patient) noexcept {
        old.retired.store(true, std::memory_order_release);
        old.next = handed_in.load(std::memory_order_relaxed);
        while (!handed_in.compare_exchange_weak(old.next, &old)) {}
        retirements.fetch_add(1);
        collect(patient);
    }

private:
    /// Moves the first of one list to the front of another.
    static version_base& move_first(version_base*& from, version_base*& to) noexcept {
        version_base& moved = *std::exchange(from, from->next);
        moved.next = std::exchange(to, &moved);
        return moved;
    }

    static void free_unread() noexcept {
        version_base* retired = std::exchange(waiting, nullptr);
        version_base* more = handed_in.exchange(nullptr);
        while (more != nullptr) move_first(more, retired);
        if (retired == nullptr) return;
        const bool known = heavy_barrier();
        version_base* unread = nullptr;
        while (retired != nullptr) {
            const bool free = known && !slot_registry::is_read(retired);
            move_first(retired, free ? unread : waiting);
        }
        my_slots.collecting = true;
        while (unread != nullptr) {
            version_base* const v = std::exchange(unread, unread->next);
            v->destroy(v);  // which may retire versions itself
        }
        my_slots.collecting = false;
    }
};

/// The version in force, in a slot of this thread's that keeps it alive.
struct version_read {
    const version_base* version;
    reader_slot* slot;
};

/// `current` was replaced between two looks at it.
[[nodiscard]] CORSAC_RARE inline version_read read_replaced(
    const std::atomic<version_base*>& current, reader_slot& slot) noexcept {
    slot.store(&slot_registry::any_version, side_store);  // so no third look is needed
    light_barrier();
    const version_base* const version = current.load(side_load);
    slot.store(version, side_store);
    reclamation::collect(false);  // for whoever took what we had in the slot for being read
    return {version, &slot};
}

/// Wait-free: no loop, no lock, nothing written that other readers write.
[[nodiscard]] inline version_read read_current(const std::atomic<version_base*>& current) noexcept {
    reader_slot& slot = take_slot();
    const version_base* const seen = current.load(std::memory_order_acquire);
    slot.store(seen, side_store);
    light_barrier();
    // The same address is enough: whatever is in force there now is in the slot.
    const version_base* const version = current.load(side_load);
    if (version == seen) [[likely]]
        return {version, &slot};
    return read_replaced(current, slot);
}

/// Ends a read, in any thread.
inline void end_read(const version_read& read) noexcept {
    const std::size_t before = reclamation::retirements.load(std::memory_order_acquire);
    const bool retired = read.version->retired.load(std::memory_order_relaxed);
    read.slot->store(nullptr, side_store);
    light_barrier();
    if (retired || reclamation::retirements.load(side_load) != before) [[unlikely]] {
        reclamation::collect(false);
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
