// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_ASKED_ORIGINS_HPP
#define CORSAC_LIVE_ASKED_ORIGINS_HPP

#include <corsac/decision/asked_origin.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/live/detail/origin_answers.hpp>
#include <corsac/live/origin_question.hpp>
#include <corsac/origin/origin.hpp>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

// Origins that a database knows. Not part of <corsac/corsac.hpp>.

namespace corsac::inline v0_2_0 {

/// How long answers are remembered, how many, and how much is asked at once.
struct asked_origins_options {
    /// For how long an answer counts. A tenant that was revoked is let in for that long, unless
    /// the program tells `forget`.
    std::chrono::milliseconds allowed_for{60'000};
    std::chrono::milliseconds refused_for{10'000};
    /// For how long nobody is asked again about an origin after nobody answered.
    std::chrono::milliseconds unknown_for{1'000};
    /// For how much longer an allowed origin stays allowed while nobody answers; 0 for not at all.
    std::chrono::milliseconds stale_for{0};
    /// How long a request waits for an answer; then it is refused, and the answer still counts for
    /// later ones.
    std::chrono::milliseconds patience{5'000};

    /// Answers that are remembered, of each kind. The kinds have places of their own: strangers can
    /// fill those of the refused only. One takes some 100 bytes and the bytes of its text, 450 at
    /// most.
    std::size_t max_allowed = 4096;
    std::size_t max_refused = 4096;
    /// Questions on their way at once. A request that would ask one more is refused, as if nobody
    /// had answered.
    std::size_t max_questions = 64;

    /// Request headers that the answers depend on beside `Origin`, which every response then names.
    vary_names vary{};
};

/// What has happened since the beginning.
struct asked_origins_counts {
    std::uint64_t asked = 0;         ///< questions; what was remembered is none
    std::uint64_t failed = 0;        ///< of these, those that nobody answered
    std::uint64_t served_stale = 0;  ///< of these, those for which an old answer was good enough
    std::uint64_t turned_away = 0;   ///< requests that asked nothing because of a limit
    std::size_t allowed = 0;         ///< answers remembered now, also those that are too old
    std::size_t refused = 0;
};

/// Origins that somebody is asked about, such as a database of tenants, and the answers that are
/// remembered.
///
/// ```
/// const corsac::asked_origins tenants{[&](const corsac::origin_question& q) {
///     return database.has(q.origin) ? corsac::origin_verdict::allowed
///                                   : corsac::origin_verdict::refused;
/// }};
/// corsac::httplib_install(server, corsac::asking(*policy, tenants));
/// ```
/// A handle: copies share everything. Any number of threads may use it at once. One question is on
/// its way for an origin, however many requests wait for its answer.
///
/// What it says is judged by the policy like any other grant: `null`, `http://` to another machine
/// and what is no origin are refused all the same.
///
/// @tparam Clock  Steady; another one for tests.
template <class Clock>
class basic_asked_origins {
public:
    /// @param ask  One of
    ///             - `(const origin_question&) -> origin_verdict`, which may take its time, in the
    ///               thread of the request: for servers with a thread for each;
    ///             - `(const origin_question&, origin_reply)`, which only begins to ask. The texts
    ///               of the question are gone when it returns.
    ///             If it throws, nobody answered. Called by any number of threads at once.
    template <class Ask>
    basic_asked_origins(Ask ask, const asked_origins_options& options)
        : all_(std::make_shared<state>(as_asking(std::move(ask)), options)) {}
    template <class Ask>
    explicit basic_asked_origins(Ask ask)
        : basic_asked_origins(std::move(ask), asked_origins_options{}) {}

    /// The answer that is remembered, if any.
    ///
    /// Cost: a lock that one request in sixteen shares, and one look-up; no allocation.
    [[nodiscard]] std::optional<origin_verdict> find(const origin_question& about) const {
        const std::uint32_t hash = all_->hash_of(about);
        shard& its = all_->shard_of(hash);
        const auto now = Clock::now();
        const std::lock_guard lock{its.mutex};
        return its.find(about, hash, now);
    }

    /// Calls `done(verdict)` once: at once where the answer is remembered, else when it comes, in
    /// the thread that brings it. Asks, unless that same question is on its way.
    ///
    /// It does not know about `patience`: nobody here has a timer.
    template <class Done>
    void ask(const origin_question& about, Done done) const {
        if (!parse_serialized_origin(about.origin)) return done(origin_verdict::refused);
        const std::uint32_t hash = all_->hash_of(about);
        shard& its = all_->shard_of(hash);
        auto waiter = std::make_unique<detail::calling_waiter<Done>>(std::move(done));
        std::shared_ptr<in_flight> begun;
        std::optional<origin_verdict> known;
        {
            const auto now = Clock::now();
            const std::lock_guard lock{its.mutex};
            known = its.find(about, hash, now);
            if (!known && !its.join(about, hash, *waiter)) {
                begun = all_->begin(about, hash);
                if (begun) {
                    its.asked.push_back(begun.get());
                    begun->waiting = waiter.get();
                } else {
                    known = origin_verdict::unknown;
                }
            }
        }
        auto* const waits = waiter.release();
        if (known) return waits->finish(*waits, *known);
        if (!begun) return;
        const origin_reply reply{begun};
        begun.reset();
        if (!detail::completes([&] { all_->ask(about, reply); })) reply(origin_verdict::unknown);
    }

    /// The same for a thread that has nothing else to do: waits, as long as `patience` says.
    [[nodiscard]] origin_verdict wait(const origin_question& about) const {
        if (const auto known = find(about)) return *known;
        struct answer {
            std::mutex mutex{};
            std::condition_variable came{};
            std::optional<origin_verdict> verdict{};
        };
        const auto mine = std::make_shared<answer>();
        ask(about, [mine](origin_verdict verdict) {
            const std::lock_guard lock{mine->mutex};
            mine->verdict = verdict;
            mine->came.notify_one();
        });
        std::unique_lock lock{mine->mutex};
        mine->came.wait_for(lock, patience(), [&] { return mine->verdict.has_value(); });
        return mine->verdict.value_or(origin_verdict::unknown);
    }

    /// Forgets what was said about an origin, in every scope. Whoever asks after this returns gets
    /// an answer that was asked for after it was called: call it when a tenant comes or goes, once
    /// the database says so.
    ///
    /// Cost: a look at every answer that is remembered.
    void forget(std::string_view origin) const noexcept {
        for (const auto& one : all_->shards) {
            one->forget([&](const detail::kept_question& q) { return q.asks_about(origin); });
        }
    }
    void forget_all() const noexcept {
        for (const auto& one : all_->shards) {
            one->forget([](const detail::kept_question&) { return true; });
        }
    }

    [[nodiscard]] asked_origins_counts counts() const {
        const detail::question_counts& c = *all_->counts;
        asked_origins_counts now{.asked = c.asked,
                                 .failed = c.failed,
                                 .served_stale = c.served_stale,
                                 .turned_away = c.turned_away};
        for (const auto& one : all_->shards) {
            const std::lock_guard lock{one->mutex};
            now.allowed += one->allowed.count();
            now.refused += one->refused.count();
        }
        return now;
    }

    [[nodiscard]] std::chrono::milliseconds patience() const noexcept { return all_->patience; }
    [[nodiscard]] vary_names vary() const noexcept { return all_->vary; }

private:
    using shard = detail::answer_shard<Clock>;
    using in_flight = detail::question_in_flight<Clock>;
    using asking = std::function<void(const origin_question&, const origin_reply&)>;

    struct state {
        state(asking who, const asked_origins_options& options)
            : ask(std::move(who)), patience(options.patience), vary(options.vary),
              max_questions(options.max_questions), key(detail::hash_key(std::random_device{}())),
              counts(std::make_shared<detail::question_counts>()) {
            // Few places are not divided.
            const std::size_t fewest = std::min(options.max_allowed, options.max_refused);
            const std::size_t number = fewest < 128 ? 1 : 16;
            const typename shard::limits limits{
                std::max<std::size_t>(options.max_allowed / number, 1),
                std::max<std::size_t>(options.max_refused / number, 1),
                {options.allowed_for, options.refused_for, options.unknown_for, options.stale_for}};
            for (std::size_t i = 0; i < number; ++i) {
                shards.push_back(std::make_shared<shard>(limits, counts));
            }
        }

        [[nodiscard]] std::uint32_t hash_of(const origin_question& about) const noexcept {
            return detail::hash_text(about.origin, key) ^
                   (about.scope.empty() ? 0 : detail::hash_text(about.scope, key));
        }
        [[nodiscard]] shard& shard_of(std::uint32_t hash) const noexcept {
            return *shards[(hash >> 24) % shards.size()];
        }
        /// @return  Null if too much is asked already.
        [[nodiscard]] std::shared_ptr<in_flight> begin(const origin_question& about,
                                                       std::uint32_t hash) const {
            const bool fits = about.scope.size() <= max_scope_length;
            if (!fits || counts->going.fetch_add(1) >= max_questions) {
                if (fits) --counts->going;
                ++counts->turned_away;
                return nullptr;
            }
            ++counts->asked;
            return std::make_shared<in_flight>(shards[(hash >> 24) % shards.size()],
                                               detail::kept_question{about, hash});
        }

        const asking ask;
        const std::chrono::milliseconds patience;
        const vary_names vary;
        const std::size_t max_questions;
        const std::uint64_t key;
        const std::shared_ptr<detail::question_counts> counts;
        std::vector<std::shared_ptr<shard>> shards{};
    };

    template <class Ask>
    [[nodiscard]] static asking as_asking(Ask ask) {
        if constexpr (std::is_invocable_r_v<origin_verdict, Ask&, const origin_question&>) {
            return [ask = std::move(ask)](const origin_question& q, const origin_reply& reply) {
                reply(ask(q));
            };
        } else {
            static_assert(
                std::is_invocable_v<Ask&, const origin_question&, origin_reply>,
                "corsac: what is asked about origins takes (const "
                "corsac::origin_question&) and returns a corsac::origin_verdict, or takes "
                "a corsac::origin_reply as well and calls it later");
            return [ask = std::move(ask)](const origin_question& q, const origin_reply& reply) {
                ask(q, reply);
            };
        }
    }

    std::shared_ptr<state> all_;
};

/// What programs use.
using asked_origins = basic_asked_origins<std::chrono::steady_clock>;

}  // namespace corsac::inline v0_2_0

#endif
