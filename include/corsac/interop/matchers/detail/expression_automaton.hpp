// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_AUTOMATON_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_AUTOMATON_HPP

#include <corsac/interop/matchers/detail/expression_syntax.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// States of the largest automaton that is looked at; counted repetitions are written out. Envoy's
/// expressions have some hundred.
inline constexpr std::size_t max_automaton_states = 16384;

/// A state reads a byte, forks, or passes only at one end of a text.
struct automaton_state {
    enum class kind : std::uint8_t { bytes, fork, begin, end, accept };

    kind what = kind::accept;
    bool written = false;  ///< of `bytes`: literal, and not a repetition of a literal
    origin_byte_set bytes{};
    std::uint32_t next = 0;
    std::uint32_t other = 0;  ///< of `fork`: the second one to go on with
    std::uint32_t from = 0;   ///< where it stands in the expression
    std::uint32_t to = 0;
};

/// A nondeterministic automaton of an expression that is to match a whole origin.
class expression_automaton {
public:
    using kind = automaton_state::kind;

    explicit expression_automaton(const expression_tree& tree) {
        accept_ = add({});
        start_ = build(tree, static_cast<std::uint32_t>(tree.nodes.size() - 1), accept_, true);
        if (!too_large_) index();
    }

    [[nodiscard]] bool too_large() const noexcept { return too_large_; }
    [[nodiscard]] std::size_t size() const noexcept { return states_.size(); }
    [[nodiscard]] const automaton_state& operator[](std::uint32_t at) const noexcept {
        return states_[at];
    }
    [[nodiscard]] std::uint32_t start() const noexcept { return start_; }
    [[nodiscard]] std::uint32_t accept() const noexcept { return accept_; }

    /// Calls `f(state)` for each state that goes on with `to`.
    template <class F>
    void each_before(std::uint32_t to, const F& f) const {
        for (std::uint32_t i = first_before_[to]; i != first_before_[to + 1]; ++i) f(before_[i]);
    }

private:
    std::uint32_t add(const automaton_state& state) {
        too_large_ = too_large_ || states_.size() == max_automaton_states;
        if (too_large_) return 0;
        states_.push_back(state);
        return static_cast<std::uint32_t>(states_.size() - 1);
    }

    /// @return  Where a node begins that goes on with `next`.
    std::uint32_t build(const expression_tree& tree, std::uint32_t at, std::uint32_t next,
                        bool written) {
        using node = expression_node::kind;
        const expression_node& n = tree.nodes[at];
        // Counted too: repetitions of nothing would take their time without adding a state.
        too_large_ = too_large_ || ++visits_ == 8 * max_automaton_states;
        if (too_large_) return 0;
        switch (n.what) {
        case node::bytes:
            return add({kind::bytes, written && n.one_of.written(), n.one_of.bytes, next, 0, n.from,
                        n.to});
        case node::begin: return add({kind::begin, false, {}, next, 0, n.from, n.to});
        case node::end: return add({kind::end, false, {}, next, 0, n.from, n.to});
        case node::sequence:
            for (std::size_t i = n.parts.size(); i != 0; --i) {
                next = build(tree, n.parts[i - 1], next, written);
            }
            return next;
        case node::choice: {
            std::vector<std::uint32_t> ways;
            for (const std::uint32_t part : n.parts) {
                ways.push_back(build(tree, part, next, written));
            }
            // In pairs: in a row, each way would be behind all forks to those before it.
            while (ways.size() > 1) {
                std::size_t kept = 0;
                for (std::size_t i = 0; i < ways.size(); i += 2) {
                    const bool alone = i + 1 == ways.size();
                    ways[kept++] = alone ? ways[i] : fork(ways[i], ways[i + 1]);
                }
                ways.resize(kept);
            }
            return ways[0];
        }
        case node::repetition: break;
        }
        // What must be there is written as often as it is repeated, and so is what is there once
        // or not at all. Further copies are not: that makes names which nobody reads there.
        if (n.max == unbounded) {
            const std::uint32_t again = add({kind::fork, false, {}, 0, next, n.from, n.to});
            const std::uint32_t body = build(tree, n.parts[0], again, false);
            if (too_large_) return 0;
            states_[again].next = body;
            next = again;
        } else {
            const std::uint32_t after = next;
            for (std::uint32_t i = n.min; i < n.max && !too_large_; ++i) {
                next = fork(build(tree, n.parts[0], next, written && n.max == 1), after);
            }
        }
        for (std::uint32_t i = 0; i < n.min && !too_large_; ++i) {
            next = build(tree, n.parts[0], next, written);
        }
        return next;
    }

    std::uint32_t fork(std::uint32_t one, std::uint32_t other) {
        return add({kind::fork, false, {}, one, other, 0, 0});
    }

    void index() {
        const auto each_edge = [this](const auto& f) {
            for (std::uint32_t from = 0; from < states_.size(); ++from) {
                const automaton_state& s = states_[from];
                if (s.what == kind::accept || (s.what == kind::bytes && !s.bytes)) continue;
                f(from, s.next);
                if (s.what == kind::fork) f(from, s.other);
            }
        };
        first_before_.assign(states_.size() + 1, 0);
        each_edge([this](std::uint32_t, std::uint32_t to) { ++first_before_[to + 1]; });
        for (std::size_t i = 1; i < first_before_.size(); ++i) {
            first_before_[i] += first_before_[i - 1];
        }
        before_.resize(first_before_.back());
        std::vector<std::uint32_t> filled = first_before_;
        each_edge([&](std::uint32_t from, std::uint32_t to) { before_[filled[to]++] = from; });
    }

    std::vector<automaton_state> states_{};
    std::vector<std::uint32_t> first_before_{};  // index into before_, by state
    std::vector<std::uint32_t> before_{};
    std::uint32_t start_ = 0;
    std::uint32_t accept_ = 0;
    std::size_t visits_ = 0;
    bool too_large_ = false;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
