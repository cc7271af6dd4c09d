// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_SHADOW_CANDIDATE_HPP
#define CORSAC_LIVE_SHADOW_CANDIDATE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/live/detail/sharded_counts.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0 {

/// How a candidate's decision compares to the one in force.
enum class shadow_difference : std::uint8_t {
    none,           ///< a browser would see the same
    newly_refused,  ///< allowed so far
    newly_allowed,  ///< refused so far
    other_answer,   ///< as allowed as before, but with another status or other headers
};

[[nodiscard]] constexpr std::string_view name_of(shadow_difference value) noexcept {
    switch (value) {
    case shadow_difference::none: return "none";
    case shadow_difference::newly_refused: return "newly_refused";
    case shadow_difference::newly_allowed: return "newly_allowed";
    case shadow_difference::other_answer: return "other_answer";
    }
    return "";
}

/// Sentences that a shadow candidate keeps; older ones make room.
inline constexpr std::size_t max_shadow_sentences = 16;

namespace detail {

/// Calls `f(name, value)` for every field that one decision sends and the other does not send so.
template <class F>
constexpr void visit_fields_missing(const decision& of, const decision& in, F&& f) noexcept {
    of.visit([&](std::string_view name, std::string_view value) {
        bool same = false;
        in.visit([&](std::string_view other, std::string_view its_value) {
            same = same || (other == name && its_value == value);
        });
        if (!same) f(name, value);
    });
}

/// Whether two decisions make the same of a response. What a decision in shadow would have made is
/// not in it.
[[nodiscard]] constexpr bool answers_alike(const decision& a, const decision& b) noexcept {
    if (a.in_shadow() || b.in_shadow()) return true;
    const auto varies = [](const decision_fields& f) {
        return (f.vary_origin ? 1 : 0) + (f.vary_preflight ? 2 : 0) +
               (f.vary_private_network ? 4 : 0) + (f.vary_credentials ? 8 : 0);
    };
    if (a.status() != b.status() || varies(a.fields()) != varies(b.fields())) return false;
    bool alike = true;
    const auto found = [&](std::string_view, std::string_view) { alike = false; };
    visit_fields_missing(a, b, found);
    visit_fields_missing(b, a, found);
    return alike;
}

[[nodiscard]] constexpr shadow_difference compare(const decision& in_force,
                                                  const decision& candidate) noexcept {
    const bool before = in_force.outcome() == outcome::allowed;
    const bool after = candidate.outcome() == outcome::allowed;
    if (before && !after) return shadow_difference::newly_refused;
    if (after && !before) return shadow_difference::newly_allowed;
    return answers_alike(in_force, candidate) ? shadow_difference::none
                                              : shadow_difference::other_answer;
}

constexpr void append_status(const decision& d, explanation& to) noexcept {
    if (!d.answers()) {
        to.append("the application's answer");
        return;
    }
    char digits[3];
    int rest = d.status();
    for (std::size_t i = 3; i-- > 0; rest /= 10) digits[i] = static_cast<char>('0' + rest % 10);
    to.append("status ").append(view_of(digits, 3));
}

/// Lists what one decision has and the other has not: `access-control-max-age "600"`.
constexpr void append_answer(const decision& of, const decision& other, explanation& to) noexcept {
    bool any = false;
    const auto next = [&] {
        if (std::exchange(any, true)) to.append(", ");
    };
    if (of.status() != other.status()) {
        next();
        append_status(of, to);
    }
    visit_fields_missing(of, other, [&](std::string_view name, std::string_view value) {
        next();
        to.append(name).append(" ").append_quoted(value, shown_in_explanation);
    });
    of.visit_vary([&](std::string_view token) {
        bool same = false;
        other.visit_vary([&](std::string_view its) { same = same || its == token; });
        if (same) return;
        next();
        to.append("vary ").append_quoted(token, shown_in_explanation);
    });
    if (!any) to.append("nothing of it");
}

/// Says in one sentence what differs: `GET from "https://a.example" would be refused: …`.
[[nodiscard]] constexpr explanation explain_difference(shadow_difference difference,
                                                       const request_facts& facts,
                                                       const decision& in_force,
                                                       const decision& candidate) noexcept {
    explanation e;
    e.append_quoted(facts.method, 20);
    if (facts.origin_lines != 0)
        e.append(" from ").append_quoted(facts.origin, shown_in_explanation);
    switch (difference) {
    case shadow_difference::none: e.append(" would be answered as now"); break;
    case shadow_difference::newly_refused:
        e.append(" would be refused: ").append(explain(candidate));
        break;
    case shadow_difference::newly_allowed:
        e.append(" would be allowed; now: ").append(explain(in_force));
        break;
    case shadow_difference::other_answer:
        e.append(" would get ");
        append_answer(candidate, in_force, e);
        e.append(" instead of ");
        append_answer(in_force, candidate, e);
        break;
    }
    return e;
}

}  // namespace detail

/// A policy that is tried beside the one in force: it decides the same requests, has no effect, and
/// what it would have decided differently is counted and told. An observer for adapters.
///
/// A handle: copies count together. Any number of threads may decide and read at once.
template <policy_like P>
class basic_shadow_candidate {
public:
    /// A policy that never changes. Its own `shadow`, if it is set, leaves only the outcomes to be
    /// compared.
    explicit basic_shadow_candidate(P candidate)
        : basic_shadow_candidate(basic_live_policy<P>{std::move(candidate)}) {}
    /// One that may be replaced; the counts go on.
    explicit basic_shadow_candidate(basic_live_policy<P> candidate)
        : state_(std::make_shared<state>(std::move(candidate))) {}

    /// Decides a request once more.
    ///
    /// @param in_force  What was decided; its views must still be there.
    ///
    /// Cost: an `evaluate`, and some ten nanoseconds where there is no difference: no allocation,
    /// no
    ///       lock. Where there is one, a sentence, which is left out rather than waited for.
    template <request_view View>
    void operator()(const decision& in_force, const View& view) const noexcept {
        const live_reader<P> candidate = state_->candidate.read();
        const decision decided = corsac::evaluate(*candidate, view);
        const shadow_difference difference = detail::compare(in_force, decided);
        state_->counts.count(static_cast<std::size_t>(difference));
        if (difference == shadow_difference::none) return;
        const std::unique_lock lock{state_->mutex, std::try_to_lock};
        if (!lock.owns_lock()) return;
        state_->sentences[state_->written++ % max_shadow_sentences] =
            detail::explain_difference(difference, read_facts(view), in_force, decided);
    }

    [[nodiscard]] std::uint64_t count(shadow_difference which) const noexcept {
        return state_->counts.of(static_cast<std::size_t>(which));
    }

    /// The last differences, the oldest first, each as one sentence: what came from requests is in
    /// quotes, its control characters escaped. For a page that operators see, or the log.
    [[nodiscard]] std::vector<explanation> last_differences() const {
        std::vector<explanation> sentences;
        const std::lock_guard lock{state_->mutex};
        const std::size_t written = state_->written;
        std::size_t at = written < max_shadow_sentences ? 0 : written - max_shadow_sentences;
        for (; at < written; ++at) {
            sentences.push_back(state_->sentences[at % max_shadow_sentences]);
        }
        return sentences;
    }

private:
    struct state {
        explicit state(basic_live_policy<P> tried) : candidate(std::move(tried)) {}

        const basic_live_policy<P> candidate;
        detail::sharded_counts<4> counts{};
        std::mutex mutex;
        std::size_t written = 0;
        explanation sentences[max_shadow_sentences]{};
    };

    std::shared_ptr<state> state_;
};

/// A candidate for a `policy`.
using shadow_candidate = basic_shadow_candidate<policy>;

}  // namespace corsac::inline v0_2_0

#endif
