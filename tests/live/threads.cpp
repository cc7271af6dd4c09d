// SPDX-License-Identifier: MIT
#include <corsac/corsac.hpp>
#include <corsac/live/live_policy.hpp>

#include <atomic>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <iterator>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#if defined(__linux__)
#include <cerrno>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#endif

// Eight threads read a live value while it is replaced: seven read, one replaces, and every reader
// hands some of what it reads to its neighbour, which ends those reads. Each value knows whether it
// is whole and how many there are. With ThreadSanitizer where the compiler has it.
//
// threads [swaps] [--without-membarrier]

namespace {

/// All words alike while it lives, and none once it is freed.
class checked_value {
public:
    explicit checked_value(std::uint64_t number) noexcept {
        for (std::uint64_t& word : words_) word = number;
        ++alive;
    }
    checked_value(checked_value&& other) noexcept : checked_value(other.words_[0]) {}
    checked_value& operator=(checked_value&&) = delete;
    ~checked_value() {
        for (std::size_t i = 0; i < size; ++i) words_[i] = ~std::uint64_t{i};
        --alive;
    }

    [[nodiscard]] bool is_whole() const noexcept {
        for (const std::uint64_t word : words_) {
            if (word != words_[0]) return false;
        }
        return true;
    }
    [[nodiscard]] std::uint64_t number() const noexcept { return words_[0]; }

    static inline std::atomic<std::int64_t> alive{0};

private:
    static constexpr std::size_t size = 8;
    std::uint64_t words_[size];
};

using reader = corsac::live_reader<checked_value>;

/// A place where one thread leaves reads for another to end. Nobody waits for it.
class mailbox {
public:
    void leave(reader read) {
        const std::unique_lock lock{mutex_, std::try_to_lock};
        if (lock.owns_lock() && reads_.size() < 100) reads_.push_back(std::move(read));
    }
    void empty() {
        std::vector<reader> ended;
        if (const std::unique_lock lock{mutex_, std::try_to_lock}; lock.owns_lock()) {
            ended.swap(reads_);
        }
    }

private:
    std::mutex mutex_;
    std::vector<reader> reads_;
};

constexpr unsigned reading_threads = 7;

struct outcome {
    std::uint64_t reads = 0;
    std::uint64_t wrong = 0;
};

void read_all_the_time(const corsac::detail::live_cell<checked_value>& live,
                       const corsac::live_policy& policy, const std::atomic<bool>& stop,
                       mailbox& mine, mailbox& neighbours, std::atomic<unsigned>& begun,
                       outcome& result) {
    std::uint64_t last = 0;
    begun.fetch_add(1);
    do {
        reader read = live.read();
        const std::uint64_t number = read->number();
        // A reader never goes back to a version before one that it has seen.
        if (!read->is_whole() || number < last) ++result.wrong;
        last = number;
        const auto shown = policy.read();
        const bool even = shown->allows_origin("https://even.example");
        if (even == shown->allows_origin("https://odd.example")) ++result.wrong;
        if (++result.reads % 64 == 0) neighbours.leave(std::move(read));
        if (result.reads % 4096 == 0) mine.empty();
    } while (!stop.load(std::memory_order_relaxed));
}

/// @return  Whether all was well.
bool run(std::uint64_t swaps) {
    const corsac::policy even = *corsac::make_policy({.allow_origins = {"https://even.example"}});
    const corsac::policy odd = *corsac::make_policy({.allow_origins = {"https://odd.example"}});
    outcome results[reading_threads];
    std::int64_t most = 0;
    {
        corsac::detail::live_cell<checked_value> live{checked_value{0}};
        const corsac::live_policy policy{even};
        mailbox boxes[reading_threads];
        std::atomic<bool> stop{false};
        std::atomic<unsigned> begun{0};
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < reading_threads; ++i) {
            threads.emplace_back([&, i] {
                read_all_the_time(live, policy, stop, boxes[i], boxes[(i + 1) % reading_threads],
                                  begun, results[i]);
            });
        }
        // On a machine of few processors, readers would seldom get their turn.
        const std::uint64_t pause = swaps / 200 + 1;
        while (begun.load() < reading_threads) std::this_thread::yield();
        for (std::uint64_t i = 1; i <= swaps; ++i) {
            live.replace(checked_value{i});
            if (i % 8 == 0) policy.replace(i % 16 == 0 ? even : odd);
            if (i % pause == 0) std::this_thread::yield();
            if (const std::int64_t now = checked_value::alive; now > most) most = now;
        }
        stop.store(true);
        for (std::thread& thread : threads) thread.join();
        for (mailbox& box : boxes) box.empty();
        const std::int64_t left = checked_value::alive;
        if (left != 1) {
            std::printf("%lld values are left, of which one is in force\n",
                        static_cast<long long>(left));
            return false;
        }
    }
    outcome all;
    for (const outcome& one : results) {
        all.reads += one.reads;
        all.wrong += one.wrong;
    }
    std::printf("%llu swaps, %llu reads, %llu of them wrong, at most %lld values at once\n",
                static_cast<unsigned long long>(swaps), static_cast<unsigned long long>(all.reads),
                static_cast<unsigned long long>(all.wrong), static_cast<long long>(most));
    return all.wrong == 0 && checked_value::alive == 0;
}

/// Has the kernel refuse the system call, as some containers do.
bool refuse_membarrier() {
#if defined(__linux__) && defined(SYS_membarrier)
    sock_filter filter[] = {
        {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},  // the number of the call
        {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_membarrier},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
        {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW},
    };
    const sock_fprog program{std::size(filter), filter};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
#else
    return true;  // nothing to refuse
#endif
}

}  // namespace

int main(int count, char** arguments) {
    std::uint64_t swaps = 10'000;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--without-membarrier") {
            if (refuse_membarrier()) continue;
            std::puts("absent: no filter of system calls");
            return 77;
        }
        const auto end = argument.data() + argument.size();
        if (std::from_chars(argument.data(), end, swaps).ptr != end) {
            std::puts("usage: threads [swaps] [--without-membarrier]");
            return 2;
        }
    }
    return run(swaps) ? 0 : 1;
}
