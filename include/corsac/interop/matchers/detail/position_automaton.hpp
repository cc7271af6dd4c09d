// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_POSITION_AUTOMATON_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_POSITION_AUTOMATON_HPP

#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// The positions in an expression, places where it reads a byte, that sets have bits for.
/// Expressions of Envoy's size have fewer than a hundred.
inline constexpr std::size_t max_positions = 256;

/// Some positions of an expression.
struct position_set {
    std::array<std::uint64_t, max_positions / 64> words{};

    constexpr void add(std::size_t at) noexcept { words[at / 64] |= std::uint64_t{1} << (at % 64); }
    [[nodiscard]] constexpr bool has(std::size_t at) const noexcept {
        return (words[at / 64] >> (at % 64) & 1) != 0;
    }
    [[nodiscard]] constexpr explicit operator bool() const noexcept {
        return (words[0] | words[1] | words[2] | words[3]) != 0;
    }
    /// The first member; there must be one.
    [[nodiscard]] constexpr std::size_t front() const noexcept {
        std::size_t word = 0;
        while (words[word] == 0) ++word;
        return 64 * word + static_cast<std::size_t>(std::countr_zero(words[word]));
    }
    [[nodiscard]] friend constexpr bool operator==(const position_set&,
                                                   const position_set&) = default;
    // Not <=>: libc++ has none of arrays before its version 17.
    [[nodiscard]] friend constexpr bool operator<(const position_set& a,
                                                  const position_set& b) noexcept {
        return a.words < b.words;
    }
    constexpr position_set& operator|=(const position_set& other) noexcept {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] |= other.words[i];
        return *this;
    }
    constexpr position_set& operator&=(const position_set& other) noexcept {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] &= other.words[i];
        return *this;
    }
    constexpr position_set& operator-=(const position_set& other) noexcept {
        for (std::size_t i = 0; i < words.size(); ++i) words[i] &= ~other.words[i];
        return *this;
    }
    [[nodiscard]] friend constexpr position_set operator|(position_set a,
                                                          const position_set& b) noexcept {
        return a |= b;
    }
    [[nodiscard]] friend constexpr position_set operator&(position_set a,
                                                          const position_set& b) noexcept {
        return a &= b;
    }
    [[nodiscard]] friend constexpr position_set operator-(position_set a,
                                                          const position_set& b) noexcept {
        return a -= b;
    }
};

/// An expression's automaton without empty steps: which positions follow each other, in the order
/// in which an origin is read from its end.
struct position_automaton {
    std::vector<position_set> reads{};   ///< by index of a byte: the positions that read it
    std::vector<position_set> before{};  ///< by position: those in front of it
    std::vector<position_set> after{};
    position_set first{};  ///< positions that may read an origin's first byte
    position_set last{};
    bool complete = false;  ///< if not, there were too many positions

    position_automaton(const expression_automaton& automaton, step_budget& budget) {
        using kind = automaton_state::kind;
        if (automaton.too_large()) return;
        std::vector<std::uint32_t> states;  // by position
        std::vector<std::size_t> positions(automaton.size(), max_positions);
        for (std::uint32_t s = 0; s < automaton.size(); ++s) {
            if (automaton[s].what != kind::bytes || !automaton[s].bytes) continue;
            if (states.size() == max_positions) return;
            positions[s] = states.size();
            states.push_back(s);
        }
        automaton_steps steps(automaton, budget);
        const auto before_state = [&](std::uint32_t state, bool at_end) {
            reached_states to{{state, true}};
            steps.complete_backward(to, at_end);
            position_set found;
            steps.each_back(to, [&](std::uint32_t s, const reached_state&) {
                if (positions[s] != max_positions) found.add(positions[s]);
            });
            return found;
        };
        last = before_state(automaton.accept(), true);
        reached_states begin{{automaton.start(), true}};
        steps.complete_forward(begin, true, false);
        for (const reached_state& s : begin) {
            if (positions[s.state] != max_positions) first.add(positions[s.state]);
        }
        reads.resize(origin_bytes.size() + 1);  // the last one for all other bytes
        before.resize(states.size());
        after.resize(states.size());
        for (std::size_t at = 0; at < states.size(); ++at) {
            before[at] = before_state(states[at], false);
            for (position_set left = before[at]; left; left -= position_of(left.front())) {
                after[left.front()].add(at);
            }
            for (origin_byte_set bytes = automaton[states[at]].bytes; bytes; bytes.pop_front()) {
                reads[origin_byte_index[bytes.front()]].add(at);
            }
        }
        complete = !budget.exhausted();
    }

    [[nodiscard]] static constexpr position_set position_of(std::size_t at) noexcept {
        position_set set;
        set.add(at);
        return set;
    }
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
