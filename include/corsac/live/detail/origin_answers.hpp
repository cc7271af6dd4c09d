// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_ORIGIN_ANSWERS_HPP
#define CORSAC_LIVE_DETAIL_ORIGIN_ANSWERS_HPP

// Tested in tests/live/asked_origins.test.cpp.

#include <corsac/decision/evaluate.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/live/detail/remembered_verdicts.hpp>
#include <corsac/live/origin_question.hpp>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::detail {

/// Who waits for an answer: a list of them.
struct waiter {
    void (*finish)(waiter&, origin_verdict) noexcept;  ///< ends the waiter, too
    waiter* next = nullptr;
};

template <class Done>
struct calling_waiter : waiter {
    explicit calling_waiter(Done&& what) : waiter{&call}, done(std::move(what)) {}

    static void call(waiter& self, origin_verdict verdict) noexcept {
        const std::unique_ptr<calling_waiter> me{static_cast<calling_waiter*>(&self)};
        (void)completes([&] { me->done(verdict); });
    }

    Done done;
};

/// How many times what happened. All threads write to it, though only where somebody is asked.
struct question_counts {
    std::atomic<std::uint64_t> asked{0}, failed{0}, served_stale{0}, turned_away{0};
    std::atomic<std::size_t> going{0};
};

/// For how long answers of each kind are remembered.
template <class Duration>
struct answer_lifetimes {
    Duration allowed, refused, unknown, stale;
};

/// The answers of one question in so many, and those that are being asked.
template <class Clock>
struct answer_shard;

/// A question that somebody is being asked: who waits for the answer. Guarded by its shard's lock.
template <class Clock>
struct question_in_flight : question_base {
    question_in_flight(std::shared_ptr<answer_shard<Clock>> its_shard, kept_question asks)
        : question_base{[](question_base& self, origin_verdict verdict) noexcept {
              auto& me = static_cast<question_in_flight&>(self);
              me.shard->finish(me, verdict);
          }},
          shard(std::move(its_shard)), about(std::move(asks)) {}
    question_in_flight(const question_in_flight&) = delete;
    question_in_flight& operator=(const question_in_flight&) = delete;
    ~question_in_flight() { shard->finish(*this, origin_verdict::unknown); }

    const std::shared_ptr<answer_shard<Clock>> shard;
    const kept_question about;
    waiter* waiting = nullptr;
    bool answered = false;
    bool outdated = false;  ///< forgotten meanwhile: those who wait get the answer, nobody later
};

template <class Clock>
struct answer_shard {
    using time = typename Clock::time_point;
    using lifetimes = answer_lifetimes<typename Clock::duration>;
    using in_flight = question_in_flight<Clock>;

    struct limits {
        std::size_t max_allowed, max_refused;
        lifetimes keep;
    };

    answer_shard(const limits& l, std::shared_ptr<question_counts> totals)
        : keep(l.keep), counts(std::move(totals)), allowed(l.max_allowed), refused(l.max_refused) {}

    /// With the lock held.
    [[nodiscard]] std::optional<origin_verdict> find(const origin_question& about,
                                                     std::uint32_t hash, time now) noexcept {
        for (auto* const answers : {&allowed, &refused}) {
            const auto* const found = answers->find(about, hash);
            if (found != nullptr && now < found->until) return found->verdict;
        }
        return std::nullopt;
    }

    /// Has somebody wait for the answer to a question that is on its way. With the lock held.
    /// @return  False if none is.
    [[nodiscard]] bool join(const origin_question& about, std::uint32_t hash,
                            waiter& who) noexcept {
        const auto same = std::find_if(asked.begin(), asked.end(), [&](const in_flight* one) {
            return one->about.is(about, hash);
        });
        if (same == asked.end()) return false;
        who.next = std::exchange((*same)->waiting, &who);
        return true;
    }

    /// Answers a question, unless that was done before.
    void finish(in_flight& question, origin_verdict verdict) noexcept {
        waiter* waiting = nullptr;
        {
            const std::lock_guard lock{mutex};
            if (question.answered) return;
            question.answered = true;
            --counts->going;
            if (verdict == origin_verdict::unknown) ++counts->failed;
            if (!question.outdated) {
                std::erase(asked, &question);
                // Without memory it is asked again.
                (void)completes([&] { verdict = remember(question.about, verdict, Clock::now()); });
            }
            waiting = std::exchange(question.waiting, nullptr);
        }
        while (waiting != nullptr) {
            waiter& first = *std::exchange(waiting, waiting->next);
            first.finish(first, verdict);
        }
    }

    /// @return  What those get who wait.
    [[nodiscard]] origin_verdict remember(const kept_question& about, origin_verdict verdict,
                                          time now) {
        const origin_question asked_about = about.view();
        if (verdict == origin_verdict::allowed) {
            refused.erase(asked_about, about.hash);
            allowed.put({about, now + keep.allowed, now + keep.allowed + keep.stale, verdict});
            return verdict;
        }
        if (verdict == origin_verdict::unknown) {
            auto* const stale = allowed.find(asked_about, about.hash);
            if (stale != nullptr && now < stale->usable_until) {
                stale->until = std::min(now + keep.unknown, stale->usable_until);
                ++counts->served_stale;
                return origin_verdict::allowed;
            }
        } else {
            allowed.erase(asked_about, about.hash);
        }
        const auto lifetime = verdict == origin_verdict::unknown ? keep.unknown : keep.refused;
        refused.put({about, now + lifetime, now + lifetime, verdict});
        return verdict;
    }

    /// Forgets answers, and those that are on their way.
    template <class Gone>
    void forget(const Gone& gone) noexcept {
        const std::lock_guard lock{mutex};
        allowed.erase_if(gone);
        refused.erase_if(gone);
        std::erase_if(asked, [&](in_flight* question) {
            if (!gone(question->about)) return false;
            return question->outdated = true;
        });
    }

    const lifetimes keep;
    const std::shared_ptr<question_counts> counts;
    std::mutex mutex{};
    remembered_verdicts<time> allowed;
    remembered_verdicts<time> refused;  ///< and where nobody knows
    std::vector<in_flight*> asked{};
};

}  // namespace corsac::inline v0_2_0::detail

#endif
