// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_READER_SLOTS_HPP
#define CORSAC_LIVE_DETAIL_READER_SLOTS_HPP

// Tested in tests/live/live_reader.test.cpp.

#include <corsac/live/detail/asymmetric_barrier.hpp>
#include <corsac/live/detail/linkage.hpp>

#include <atomic>
#include <cstddef>
#include <utility>

// Where a thread says which versions it is reading: hazard pointers. Only the thread that owns a
// slot takes it; whichever thread a reader was moved to empties it again.
//
// Spec: https://www.open-std.org/jtc1/sc22/wg21/docs/papers/2023/p2530r3.pdf

namespace corsac::inline v0_2_0::detail {

/// One version of something live: what readers need to know of it, whatever its type.
struct version_base {
    void (*destroy)(version_base*) noexcept;
    version_base* next = nullptr;  ///< of those that wait for their readers
    std::atomic<bool> retired{false};
};

/// The version that is being read, or null.
using reader_slot = std::atomic<const version_base*>;

/// Slots for reads that one thread has going at once.
struct alignas(64) slot_block {
    static constexpr std::size_t size = 8;

    reader_slot places[size]{};
    std::atomic<bool> owned{true};  ///< by a thread
    slot_block* next = nullptr;     ///< of all blocks
    slot_block* sibling = nullptr;  ///< of those of one thread, a ring

    /// @return  Null if all are taken.
    [[nodiscard]] reader_slot* free_slot() noexcept {
        for (reader_slot& slot : places) {
            // Whoever emptied it, and then we, are done with what was in it.
            if (slot.load(std::memory_order_acquire) == nullptr) return &slot;
        }
        return nullptr;
    }
};

/// All blocks of the process. They are never freed; a thread that ends leaves its own to the next.
struct CORSAC_ONE_PER_PROCESS slot_registry {
    static inline constinit std::atomic<slot_block*> first{nullptr};
    /// In a slot: not known yet which version, so all of them.
    static inline constexpr version_base any_version{nullptr};
    /// In a slot: taken, no version yet.
    static inline constexpr version_base no_version{nullptr};

    [[nodiscard]] static bool is_read(const version_base* v) noexcept {
        for (slot_block* b = first.load(side_load); b != nullptr; b = b->next) {
            for (const reader_slot& slot : b->places) {
                const version_base* const read = slot.load(side_load);
                if (read == v || read == &any_version) return true;
            }
        }
        return false;
    }

    /// @return  One that no thread owns, some of its slots perhaps taken, or a new one.
    [[nodiscard]] static slot_block& take_block() noexcept {
        for (slot_block* b = first.load(std::memory_order_acquire); b != nullptr; b = b->next) {
            if (!b->owned.load(std::memory_order_relaxed) &&
                !b->owned.exchange(true, std::memory_order_acquire)) {
                return *b;
            }
        }
        auto* const made = new slot_block;
        made->next = first.load(std::memory_order_relaxed);
        while (!first.compare_exchange_weak(made->next, made)) {}
        return *made;
    }
};

/// What a thread knows of its slots.
struct thread_slots {
    reader_slot* last = nullptr;  ///< the one taken last, likely to be free again
    slot_block* block = nullptr;  ///< its block
    bool ended = false;           ///< the thread has given its blocks back
    bool collecting = false;      ///< it is freeing versions right now
};
inline constinit thread_local thread_slots my_slots{};

/// Leaves the blocks of this thread to others, with the slots that are still taken in them.
inline void give_blocks_back() noexcept {
    slot_block* const first = my_slots.block;
    // Where thread_local is emulated (MinGW), the variables of a thread may be gone before its
    // destructors run, and be new ones here: its blocks then stay its own.
    if (first == nullptr) return;
    slot_block* block = first;
    do {
        slot_block* const next = block->sibling;
        block->owned.store(false, std::memory_order_release);
        block = next;
    } while (block != first);
    my_slots.last = nullptr;
    my_slots.block = nullptr;
}

struct at_thread_end {
    ~at_thread_end() {
        give_blocks_back();
        my_slots.ended = true;
    }
};

/// The first free slot of this thread's blocks from the last one on; takes another block if needed.
[[nodiscard]] inline reader_slot& search_slot() noexcept {
    if (slot_block* const first = my_slots.block; first != nullptr) {
        slot_block* block = first;
        do {
            my_slots.block = block;
            if (reader_slot* const slot = block->free_slot()) return *slot;
            block = block->sibling;
        } while (block != first);
    }
    for (;;) {
        slot_block& block = slot_registry::take_block();
        slot_block* const before = my_slots.block;
        block.sibling = before == nullptr ? &block : std::exchange(before->sibling, &block);
        my_slots.block = &block;
        if (reader_slot* const slot = block.free_slot()) return *slot;
    }
}

/// A free slot where the last one is taken. Bounded by the reads that the thread has going; where
/// it never had as many, it allocates.
[[nodiscard]] CORSAC_RARE inline reader_slot& find_slot() noexcept {
    reader_slot& slot = search_slot();
    my_slots.last = &slot;
    if (!my_slots.ended) {
        static thread_local at_thread_end returner;
        (void)returner;
    } else {
        // In a destructor that runs after ours: nobody would give the blocks back later.
        slot.store(&slot_registry::no_version, std::memory_order_relaxed);
        give_blocks_back();
    }
    return slot;
}

/// A slot of this thread's that is free.
[[nodiscard]] inline reader_slot& take_slot() noexcept {
    reader_slot* const slot = my_slots.last;
    if (slot != nullptr && slot->load(std::memory_order_acquire) == nullptr) [[likely]] {
        return *slot;
    }
    return find_slot();
}

}  // namespace corsac::inline v0_2_0::detail

#endif
