// SPDX-License-Identifier: MIT
#include <corsac/live/live_reader.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <cstddef>
#include <optional>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

namespace {

/// Knows how many of its kind there are.
class counted {
public:
    explicit counted(int number) noexcept : number_(number) { ++alive; }
    counted(counted&& other) noexcept : number_(other.number_) { ++alive; }
    counted& operator=(counted&&) = delete;
    ~counted() {
        number_ = -1;
        --alive;
    }
    [[nodiscard]] int number() const noexcept { return number_; }

    static inline std::atomic<int> alive{0};

private:
    int number_;
};

using cell = corsac::detail::live_cell<counted>;
using reader = corsac::live_reader<counted>;

static_assert(std::is_nothrow_move_constructible_v<reader>);
static_assert(std::is_nothrow_move_assignable_v<reader>);
static_assert(!std::is_copy_constructible_v<reader>);
static_assert(std::is_nothrow_default_constructible_v<reader>);

TEST_CASE("a reader points to the version that was in force when it was made") {
    cell live{counted{1}};
    const reader before = live.read();
    live.replace(counted{2});
    const reader after = live.read();
    CHECK(before->number() == 1);
    CHECK((*after).number() == 2);
    CHECK(live.read()->number() == 2);
}

TEST_CASE("a reader is null only when it is empty or moved from") {
    CHECK_FALSE(reader{});
    cell live{counted{1}};
    reader first = live.read();
    CHECK(first);
    reader second = std::move(first);
    CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move): that is the question
    CHECK(second->number() == 1);
    first = std::move(second);
    CHECK_FALSE(second);  // NOLINT(bugprone-use-after-move)
    CHECK(first->number() == 1);
    reader& same = first;
    first = std::move(same);
    CHECK(first->number() == 1);
}

TEST_CASE("a version is freed when it is replaced and its last reader has ended") {
    {
        cell live{counted{1}};
        CHECK(counted::alive == 1);
        { const reader none_kept = live.read(); }
        live.replace(counted{2});
        CHECK(counted::alive == 1);  // nobody read it: at once
        std::optional<reader> one = live.read();
        std::optional<reader> two = live.read();
        live.replace(counted{3});
        CHECK(counted::alive == 2);
        one.reset();
        CHECK(counted::alive == 2);
        CHECK((*two)->number() == 2);
        two.reset();
        CHECK(counted::alive == 1);  // no other replacement is needed
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("a reader outlives what it was read from") {
    std::optional<cell> live;
    live.emplace(counted{1});
    reader kept = live->read();
    live.reset();
    CHECK(kept->number() == 1);
    CHECK(counted::alive == 1);
    kept = {};
    CHECK(counted::alive == 0);
}

TEST_CASE("a thread may have any number of readers, of any number of versions") {
    {
        cell live{counted{0}};
        std::vector<reader> kept;
        for (int i = 1; i <= 100; ++i) {
            kept.push_back(live.read());
            kept.push_back(live.read());
            live.replace(counted{i});
        }
        CHECK(counted::alive == 101);
        for (int i = 0; i < 100; ++i) {
            const auto at = static_cast<std::size_t>(2 * i);
            CHECK(kept[at]->number() == i);
            CHECK(kept[at + 1]->number() == i);
        }
        for (std::size_t i = 0; i < kept.size(); i += 4) {
            kept[i] = {};
            kept[i + 1] = {};
        }
        CHECK(counted::alive == 51);
        kept.clear();
        CHECK(counted::alive == 1);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("a reader may end in another thread, also after the one that made it") {
    {
        cell live{counted{1}};
        reader kept;
        std::thread{[&] { kept = live.read(); }}.join();
        live.replace(counted{2});
        // A thread that gets the slots of the one that ended must not take the one in use.
        std::thread{[&] {
            for (int i = 3; i < 20; ++i) {
                const reader other = live.read();
                live.replace(counted{i});
            }
        }}.join();
        CHECK(kept->number() == 1);
        CHECK(counted::alive == 2);
        std::thread{[ended = std::move(kept)] { CHECK(ended->number() == 1); }}.join();
        CHECK(counted::alive == 1);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("a read that a replacement comes in between of gets the new version") {
    // What a reader does that has the old version in its slot and finds the new one in force.
    corsac::detail::version_base old_one{nullptr};
    corsac::detail::version_base new_one{nullptr};
    const std::atomic<corsac::detail::version_base*> current{&new_one};
    corsac::detail::reader_slot& slot = corsac::detail::take_slot();
    slot = &old_one;
    const auto read = corsac::detail::read_replaced(current, slot);
    CHECK(read.version == &new_one);
    CHECK(corsac::detail::slot_registry::is_read(&new_one));
    CHECK_FALSE(corsac::detail::slot_registry::is_read(&old_one));
    corsac::detail::end_read(read);
    CHECK_FALSE(corsac::detail::slot_registry::is_read(&new_one));
}

TEST_CASE("while a reader does not know its version yet, none is freed") {
    corsac::detail::reader_slot& slot = corsac::detail::take_slot();
    cell live{counted{1}};
    slot = &corsac::detail::slot_registry::any_version;
    live.replace(counted{2});
    CHECK(counted::alive == 2);
    slot = nullptr;
    corsac::detail::reclamation::collect(false);
    CHECK(counted::alive == 1);
}

/// Replaces something live when it is destroyed, as no policy should, and reads something.
struct meddling {
    std::optional<counted> own;
    cell* other = nullptr;

    meddling(int number, cell* touched) : own(std::in_place, number), other(touched) {}
    meddling(meddling&& from) noexcept
        : own(std::move(from.own)), other(std::exchange(from.other, nullptr)) {}
    meddling& operator=(meddling&&) = delete;
    ~meddling() {
        if (other == nullptr) return;
        const reader read = other->read();
        other->replace(counted{read->number() + 1});
    }
};

TEST_CASE("what is freed may read and replace itself") {
    {
        cell other{counted{10}};
        corsac::detail::live_cell<meddling> live{meddling{1, &other}};
        live.replace(meddling{2, &other});
        live.replace(meddling{3, nullptr});
        CHECK(other.read()->number() == 12);
        CHECK(counted::alive == 2);
    }
    CHECK(counted::alive == 0);
}

TEST_CASE("the destructor of a thread's own variable may read, and keeps no slots") {
    static cell live{counted{1}};
    struct reads_at_the_end {
        std::optional<reader>* kept = nullptr;
        ~reads_at_the_end() {
            const reader another = live.read();
            if (kept != nullptr) kept->emplace(live.read());
        }
    };
    const auto blocks = [] {
        std::size_t count = 0;
        auto* b = corsac::detail::slot_registry::first.load();
        for (; b != nullptr; b = b->next) ++count;
        return count;
    };
    [[maybe_unused]] std::size_t after_the_first = 0;
    for (int i = 0; i < 20; ++i) {
        std::optional<reader> kept;
        std::thread{[&] {
            static thread_local reads_at_the_end at_end;
            at_end.kept = &kept;
            CHECK(live.read());  // after at_end, so that its slots are given back before
        }}.join();
        CHECK((*kept)->number() == 1);
        if (i == 0) after_the_first = blocks();
    }
#if !defined(__MINGW32__)  // whose threads lose their variables before; see give_blocks_back
    CHECK(blocks() == after_the_first);
#endif
}

}  // namespace
