// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_AUTOMATON_STEPS_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_AUTOMATON_STEPS_HPP

#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Steps that one proof may take, some milliseconds of them. What a person writes takes thousands.
inline constexpr std::uint32_t max_proof_steps = 400000;

/// What is left of those.
class step_budget {
public:
    explicit step_budget(std::uint32_t steps) noexcept : left_(steps) {}

    /// @return  Whether there were as many left.
    bool spend(std::size_t steps) noexcept {
        left_ = steps < left_ ? left_ - static_cast<std::uint32_t>(steps) : 0;
        return left_ != 0;
    }
    void end() noexcept { left_ = 0; }
    [[nodiscard]] bool exhausted() const noexcept { return left_ == 0; }

private:
    std::uint32_t left_;
};

/// A state, and whether the way to it is written in the expression.
struct reached_state {
    std::uint32_t state;
    bool written;
};

/// The states from which a text leads to the end, or to which it leads from the beginning.
using reached_states = std::vector<reached_state>;

/// Moves sets of states along a text, in either direction. Borrows automaton and budget.
class automaton_steps {
public:
    using kind = automaton_state::kind;

    automaton_steps(const expression_automaton& automaton, step_budget& budget)
        : automaton_(&automaton), budget_(&budget), seen_(automaton.size(), 0) {}

    /// Takes any byte that may be a dot for a dot that is written, as people do who write
    /// `example.com`.
    void take_dots_for_written() noexcept { takes_dots_ = true; }

    /// Whether a state that reads one of `bytes` writes it.
    [[nodiscard]] bool is_written(const automaton_state& s, origin_byte_set bytes) const noexcept {
        return s.written || (takes_dots_ && bytes == dot_byte);
    }

    /// The states from which nothing leads to the end.
    [[nodiscard]] reached_states before_end() {
        reached_states states{{automaton_->accept(), true}};
        complete_backward(states, true);
        return states;
    }

    /// The states from which one of `bytes` leads to one of `states`.
    [[nodiscard]] reached_states back(const reached_states& states, origin_byte_set bytes) {
        reached_states reached;
        each_back(states, [&](std::uint32_t from, const reached_state& to) {
            const automaton_state& s = (*automaton_)[from];
            if (!(s.bytes & bytes)) return;
            reached.push_back({from, to.written && is_written(s, bytes)});
        });
        complete_backward(reached, false);
        return reached;
    }

    /// Calls `f(from, to)` for each state `from` which a byte leads to one of `states`.
    template <class F>
    void each_back(const reached_states& states, const F& f) {
        std::size_t edges = 0;
        for (const reached_state& to : states) {
            automaton_->each_before(to.state, [&](std::uint32_t from) {
                ++edges;
                if ((*automaton_)[from].what == kind::bytes) f(from, to);
            });
        }
        (void)budget_->spend(edges);
    }

    [[nodiscard]] reached_states back(reached_states states, std::string_view text) {
        for (std::size_t i = text.size(); i != 0 && !states.empty(); --i) {
            states = back(states, byte(text[i - 1]));
        }
        return states;
    }

    /// Adds the states from which those lead on without a byte.
    void complete_backward(reached_states& states, bool at_end) {
        complete(states, [&](std::uint32_t to, const auto& found) {
            automaton_->each_before(to, [&](std::uint32_t from) {
                (void)budget_->spend(1);
                const kind what = (*automaton_)[from].what;
                if (what == kind::fork || (what == kind::end && at_end)) found(from);
            });
        });
    }

    /// Adds the states to which those lead on without a byte.
    void complete_forward(reached_states& states, bool at_begin, bool at_end) {
        complete(states, [&](std::uint32_t from, const auto& found) {
            const automaton_state& s = (*automaton_)[from];
            if (s.what == kind::fork) found(s.other);
            if (s.what == kind::fork || (s.what == kind::begin && at_begin) ||
                (s.what == kind::end && at_end)) {
                found(s.next);
            }
        });
    }

    /// The states to which one of `bytes` leads from one of `states`.
    [[nodiscard]] reached_states forth(const reached_states& states, origin_byte_set bytes,
                                       bool at_end) {
        reached_states reached;
        for (const reached_state& from : states) {
            const automaton_state& s = (*automaton_)[from.state];
            if (s.what == kind::bytes && (s.bytes & bytes)) {
                reached.push_back({s.next, from.written && s.written});
            }
        }
        complete_forward(reached, false, at_end);
        return reached;
    }

    /// The states to which the beginning of a text leads.
    [[nodiscard]] reached_states after(std::string_view text) {
        reached_states states{{automaton_->start(), true}};
        complete_forward(states, true, false);
        for (std::size_t i = 0; i < text.size() && !states.empty(); ++i) {
            states = forth(states, byte(text[i]), false);
        }
        return states;
    }

    /// Whether too many steps were taken. From then on nothing leads anywhere, so no answer counts.
    [[nodiscard]] bool exhausted() const noexcept { return budget_->exhausted(); }

    /// Whether the expression matches the whole of a text.
    [[nodiscard]] bool accepts(std::string_view text) {
        reached_states states{{automaton_->start(), true}};
        complete_forward(states, true, text.empty());
        for (std::size_t i = 0; i < text.size() && !states.empty(); ++i) {
            states = forth(states, byte(text[i]), i + 1 == text.size());
        }
        return !budget_->exhausted() && holds(states, automaton_->accept());
    }

    [[nodiscard]] static bool holds(const reached_states& states, std::uint32_t wanted) noexcept {
        for (const reached_state& s : states) {
            if (s.state == wanted) return true;
        }
        return false;
    }

private:
    /// Follows `each_next` from all states, without repetitions. Those reached by a written way
    /// come first, so that each is taken for written if one of the ways to it is.
    template <class EachNext>
    void complete(reached_states& states, const EachNext& each_next) {
        if (budget_->exhausted()) return states.clear();
        ++generation_;
        reached_states whole;
        for (const bool written : {true, false}) {
            std::size_t at = whole.size();
            const auto found = [&](std::uint32_t state) {
                if (seen_[state] == generation_) return;
                seen_[state] = generation_;
                whole.push_back({state, written});
            };
            for (const reached_state& s : states) {
                if (s.written == written) found(s.state);
            }
            for (; at < whole.size(); ++at) each_next(whole[at].state, found);
        }
        constexpr std::size_t allocations = 16;  // what even a small set costs
        (void)budget_->spend(allocations + states.size() + whole.size());
        states = std::move(whole);
    }

    const expression_automaton* automaton_;
    step_budget* budget_;
    std::vector<std::uint32_t> seen_;
    std::uint32_t generation_ = 0;
    bool takes_dots_ = false;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
