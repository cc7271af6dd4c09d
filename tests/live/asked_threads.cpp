// SPDX-License-Identifier: MIT
#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

// Eight threads share what a database says: four of servers ask in every way there is, two of the
// database answer, and two come and go as tenants, each of which has to see at once what it did.
//
// asked_threads [changes]

namespace {

using corsac::origin_question;
using corsac::origin_reply;
using corsac::origin_verdict;

constexpr std::chrono::microseconds slow{20};
constexpr std::array<std::string_view, 2> tenants{"https://one.example", "https://two.example"};

/// Answers later, in threads of its own; drops a question now and then.
class database {
public:
    void begin(const origin_question& q, origin_reply reply) {
        const std::lock_guard lock{mutex_};
        asked_.emplace_back(q.origin, std::move(reply));
    }
    void set(std::size_t tenant, bool there) { there_[tenant].store(there); }

    /// @return  False if there was nothing to answer.
    bool answer_one() {
        std::unique_lock lock{mutex_};
        if (asked_.empty()) return false;
        const auto [origin, reply] = std::move(asked_.back());
        asked_.pop_back();
        lock.unlock();
        if (++answered_ % 64 == 0) return true;  // it broke down over this one
        for (std::size_t i = 0; i < tenants.size(); ++i) {
            if (origin != tenants[i]) continue;
            const bool there = there_[i];
            std::this_thread::sleep_for(slow);  // what is said may be old by now
            reply(there ? origin_verdict::allowed : origin_verdict::refused);
            return true;
        }
        reply(origin_verdict::refused);
        return true;
    }

private:
    std::mutex mutex_{};
    std::vector<std::pair<std::string, origin_reply>> asked_{};
    std::array<std::atomic<bool>, tenants.size()> there_{};
    std::atomic<std::uint64_t> answered_{0};
};

/// A tenant that comes and goes.
void change(const corsac::asked_origins& origins, database& db, std::size_t tenant,
            std::uint64_t changes, std::atomic<std::uint64_t>& wrong) {
    for (std::uint64_t i = 0; i < changes; ++i) {
        const bool there = i % 2 == 0;
        db.set(tenant, there);
        origins.forget(tenants[tenant]);
        for (int again = 0; again < 4; ++again) {
            const origin_verdict seen = origins.wait({tenants[tenant]});
            const bool right =
                seen == origin_verdict::unknown || (seen == origin_verdict::allowed) == there;
            if (!right) ++wrong;
            std::this_thread::sleep_for(slow);
        }
    }
}

void serve(const corsac::asked_origins& origins, const std::atomic<bool>& stop,
           std::atomic<std::uint64_t>& asked, std::atomic<std::uint64_t>& told,
           std::atomic<std::uint64_t>& wrong) {
    for (std::uint64_t i = 0; !stop || i < 1000; ++i) {
        const std::string stranger = "https://" + std::to_string(i % 500) + ".stranger.example";
        if (origins.find({stranger}) == origin_verdict::allowed) ++wrong;
        if (origins.wait({stranger}) == origin_verdict::allowed) ++wrong;
        for (const std::string_view tenant : tenants) {
            ++asked;
            origins.ask({tenant}, [&](origin_verdict) { ++told; });
        }
        if (i % 256 == 0) (void)origins.counts();
        if (i % 1000 == 0) origins.forget_all();
    }
}

/// @return  Whether all was well.
bool run(std::uint64_t changes) {
    database db;
    std::atomic<std::uint64_t> asked{0}, told{0}, wrong{0};
    corsac::asked_origins_counts counts;
    {
        const corsac::asked_origins origins{
            [&](const origin_question& q, origin_reply reply) { db.begin(q, std::move(reply)); },
            {.unknown_for = std::chrono::milliseconds(1),
             .max_allowed = 256,
             .max_refused = 256,
             .max_questions = 4}};
        std::atomic<bool> stop{false}, served{false};
        std::vector<std::thread> servers, answerers, changers;
        for (int i = 0; i < 4; ++i) {
            servers.emplace_back([&] { serve(origins, stop, asked, told, wrong); });
        }
        for (int i = 0; i < 2; ++i) {
            answerers.emplace_back([&] {
                while (db.answer_one() || !served) std::this_thread::yield();
            });
        }
        for (std::size_t i = 0; i < tenants.size(); ++i) {
            changers.emplace_back([&, i] { change(origins, db, i, changes, wrong); });
        }
        for (std::thread& thread : changers) thread.join();
        stop = true;
        for (std::thread& thread : servers) thread.join();
        served = true;
        for (std::thread& thread : answerers) thread.join();
        counts = origins.counts();
    }
    std::printf("%llu changes, %llu asked, %llu told, %llu questions (%llu failed, %llu turned "
                "away), %llu wrong\n",
                static_cast<unsigned long long>(2 * changes),
                static_cast<unsigned long long>(asked), static_cast<unsigned long long>(told),
                static_cast<unsigned long long>(counts.asked),
                static_cast<unsigned long long>(counts.failed),
                static_cast<unsigned long long>(counts.turned_away),
                static_cast<unsigned long long>(wrong));
    return wrong == 0 && asked == told && counts.failed != 0 && counts.turned_away != 0 &&
           counts.allowed <= 256 && counts.refused <= 256;
}

}  // namespace

int main(int count, char** arguments) {
    std::uint64_t changes = 1'000;
    if (count > 1) {
        const std::string_view argument = arguments[1];
        const auto end = argument.data() + argument.size();
        if (std::from_chars(argument.data(), end, changes).ptr != end) {
            std::puts("usage: asked_threads [changes]");
            return 2;
        }
    }
    return run(changes) ? 0 : 1;
}
