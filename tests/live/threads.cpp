// SPDX-License-Identifier: MIT
#include <corsac/corsac.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/live/shared_origins.hpp>
#include <corsac/table/live_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

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

// Eight threads read what is live while it is replaced: a value, a policy, a table and a shared
// list of origins. Seven read, one replaces, and every reader hands some of what it reads to its
// neighbour, which ends those reads. Each value knows whether it is whole and how many there are.
// With ThreadSanitizer where the compiler has it.
//
// threads [swaps of each] [--without-membarrier]

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
        if (lock.owns_lock() && reads_.size() < 4) reads_.push_back(std::move(read));
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

constexpr std::string_view even_page = "https://even.example";
constexpr std::string_view odd_page = "https://odd.example";
constexpr std::string_view always_page = "https://always.example";

[[nodiscard]] corsac::policy make_policy_for(std::string_view page) {
    return *corsac::make_policy({.allow_origins = {page}});
}

[[nodiscard]] corsac::policy_table make_table(const corsac::policy& policy) {
    corsac::policy_table_builder builder;
    const auto everywhere = builder.add_listener(builder.add_gateway(), "");
    const auto route = builder.add_route({.name = "api"});
    const auto rule = builder.add_rule(route, "");
    builder.add_parent(route, everywhere);
    builder.add_match(rule, {.path = "/"});
    builder.attach(route, policy, {});
    return *std::move(builder).build();
}

/// What is read and replaced.
struct live_things {
    const corsac::policy even = make_policy_for(even_page);
    const corsac::policy odd = make_policy_for(odd_page);
    const corsac::policy_table even_table = make_table(even);
    const corsac::policy_table odd_table = make_table(odd);

    corsac::detail::live_cell<checked_value> value{checked_value{0}};
    const corsac::live_policy policy{even};
    const corsac::live_table table{even_table};
    corsac::shared_origins origins = *corsac::make_shared_origins({.allow_origins = {always_page}});
    const corsac::shared_origin_matcher shared = origins.matcher();

    void replace(std::uint64_t number) {
        const bool to_even = number % 2 == 0;
        value.replace(checked_value{number});
        policy.replace(to_even ? even : odd);
        table.replace(to_even ? even_table : odd_table);
        (void)origins.replace({to_even ? even_page : odd_page, always_page});
    }
};

constexpr unsigned reading_threads = 7;

struct outcome {
    std::uint64_t reads = 0;
    std::uint64_t wrong = 0;
};

/// Whether exactly one of the two pages is let in, and so the policy is one of the two.
[[nodiscard]] bool is_one_of_two(const corsac::policy& policy) {
    return policy.allows_origin(even_page) != policy.allows_origin(odd_page);
}

void read_all_the_time(const live_things& live, const std::atomic<bool>& stop, mailbox& mine,
                       mailbox& neighbours, std::atomic<unsigned>& begun, outcome& result) {
    constexpr unsigned often_enough = 16;
    std::uint64_t last = 0;
    unsigned seen_last = 0;
    begun.fetch_add(1);
    do {
        reader read = live.value.read();
        const std::uint64_t number = read->number();
        // A reader never goes back to a version before one that it has seen.
        if (!read->is_whole() || number < last) ++result.wrong;
        // Reading the same once more shows nothing new, and keeps others from replacing it where
        // processors are few.
        seen_last = number == last ? seen_last + 1 : 0;
        if (seen_last % often_enough == often_enough - 1) std::this_thread::yield();
        last = number;
        if (!is_one_of_two(*live.policy.read())) ++result.wrong;
        const auto table = live.table.read();
        const auto* const found = table->find({.path = "/items"}).governing();
        if (found == nullptr || !is_one_of_two(*found)) ++result.wrong;
        if (live.shared.match(always_page).empty()) ++result.wrong;
        if (++result.reads % 64 == 0) neighbours.leave(std::move(read));
        if (result.reads % 4096 == 0) mine.empty();
    } while (!stop.load(std::memory_order_relaxed));
}

/// @return  Whether all was well.
bool run(std::uint64_t swaps) {
    outcome results[reading_threads];
    std::int64_t most = 0;
    {
        live_things live;
        mailbox boxes[reading_threads];
        std::atomic<bool> stop{false};
        std::atomic<unsigned> begun{0};
        std::vector<std::thread> threads;
        for (unsigned i = 0; i < reading_threads; ++i) {
            threads.emplace_back([&, i] {
                read_all_the_time(live, stop, boxes[i], boxes[(i + 1) % reading_threads], begun,
                                  results[i]);
            });
        }
        while (begun.load() < reading_threads) std::this_thread::yield();
        for (std::uint64_t i = 1; i <= swaps; ++i) {
            live.replace(i);
            // On a machine of few processors, readers would seldom get their turn.
            if (i % 64 == 0) std::this_thread::yield();
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
    std::uint64_t swaps = 200'000;
    for (int i = 1; i < count; ++i) {
        const std::string_view argument = arguments[i];
        if (argument == "--without-membarrier") {
            if (refuse_membarrier()) continue;
            std::puts("absent: no filter of system calls");
            return 77;
        }
        const auto end = argument.data() + argument.size();
        if (std::from_chars(argument.data(), end, swaps).ptr != end) {
            std::puts("usage: threads [swaps of each] [--without-membarrier]");
            return 2;
        }
    }
    return run(swaps) ? 0 : 1;
}
