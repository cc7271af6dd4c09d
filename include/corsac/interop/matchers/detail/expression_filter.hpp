// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_FILTER_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_FILTER_HPP

#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>
#include <corsac/interop/matchers/detail/position_automaton.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// States of the largest table of a filter; it takes some ten kilobytes.
inline constexpr std::size_t max_filter_states = 512;

/// A deterministic automaton: one look-up a byte.
class filter_table {
public:
    /// Builds no table if it would be too large.
    /// @param from_end  Whether origins are read from their ends.
    filter_table(const position_automaton& positions, bool from_end) : from_end_(from_end) {
        std::vector<position_set> classes{{}};  // of bytes that no position tells apart
        for (std::size_t byte = 0; byte < positions.reads.size(); ++byte) {
            std::size_t at = 0;
            while (at < classes.size() && classes[at] != positions.reads[byte]) ++at;
            if (at == classes.size()) classes.push_back(positions.reads[byte]);
            class_of_[byte] = static_cast<std::uint8_t>(at);
        }
        width_ = classes.size();
        const std::vector<position_set>& further = from_end ? positions.before : positions.after;
        const position_set& ends = from_end ? positions.first : positions.last;
        std::map<std::pair<position_set, bool>, std::uint16_t> numbers;
        std::vector<position_set> found;  // by state: the positions that may read next
        const auto number_of = [&](const position_set& next, bool accepts) {
            const auto [at, is_new] =
                numbers.try_emplace({next, accepts}, static_cast<std::uint16_t>(found.size()));
            if (is_new) {
                found.push_back(next);
                accepts_.push_back(accepts);
            }
            return at->second;
        };
        number_of({}, false);  // state 0 leads nowhere
        start_ = number_of(from_end ? positions.last : positions.first, false);
        for (std::size_t state = 0; state < found.size(); ++state) {
            if (found.size() > max_filter_states) {
                next_.clear();
                return;
            }
            for (std::size_t c = 0; c < width_; ++c) {
                const position_set at = found[state] & classes[c];
                position_set next;
                for (position_set left = at; left;) {
                    const std::size_t position = left.front();
                    next |= further[position];
                    left -= position_automaton::position_of(position);
                }
                next_.push_back(number_of(next, static_cast<bool>(at & ends)));
            }
        }
    }

    [[nodiscard]] explicit operator bool() const noexcept { return !next_.empty(); }

    [[nodiscard]] bool matches(std::string_view origin) const noexcept {
        std::size_t state = start_;
        for (std::size_t i = 0; i < origin.size() && state != 0; ++i) {
            const char c = origin[from_end_ ? origin.size() - 1 - i : i];
            state = next_[state * width_ + class_of_[origin_byte_index[c]]];
        }
        return accepts_[state];
    }

private:
    bool from_end_;
    std::size_t width_ = 0;
    std::uint16_t start_ = 0;
    std::array<std::uint8_t, origin_bytes.size() + 1> class_of_{};
    std::vector<std::uint16_t> next_{};  // by state and class
    std::vector<bool> accepts_{};
};

/// An automaton with a bit for each position, where a table would be too large: each byte takes
/// some nanoseconds, and some more for each group of positions that other than neighbours are in
/// front of.
class filter_simulation {
public:
    explicit filter_simulation(const position_automaton& positions)
        : size_(positions.before.size()), reads_(positions.reads), first_(positions.first),
          last_(positions.last) {
        for (std::size_t at = 0; at < positions.before.size(); ++at) {
            const position_set itself = position_automaton::position_of(at);
            position_set rest = positions.before[at];
            if (rest.has(at)) repeats_ |= itself;
            rest -= itself;
            if (at + 1 < max_positions && rest.has(at + 1)) {
                goes_on_ |= itself;
                rest -= position_automaton::position_of(at + 1);
            }
            if (!rest) continue;
            jumps_ |= itself;
            std::size_t j = 0;
            while (j < groups_.size() && groups_[j].to != rest) ++j;
            if (j == groups_.size()) groups_.push_back({{}, rest});
            groups_[j].from |= itself;
            group_of_[at] = static_cast<std::uint8_t>(j);
        }
    }

    [[nodiscard]] bool matches(std::string_view origin) const noexcept {
        // Most expressions need one word of their sets, or two.
        return size_ <= 64    ? run<1>(origin)
               : size_ <= 128 ? run<2>(origin)
                              : run<max_positions / 64>(origin);
    }

private:
    /// Positions with the same others in front of them.
    struct group {
        position_set from;
        position_set to;
    };

    template <std::size_t Words>
    [[nodiscard]] bool run(std::string_view origin) const noexcept {
        std::array<std::uint64_t, Words> may{}, at{};
        for (std::size_t w = 0; w < Words; ++w) may[w] = last_.words[w];
        for (std::size_t i = origin.size(); i != 0; --i) {
            const position_set& reads = reads_[origin_byte_index[origin[i - 1]]];
            std::uint64_t any = 0, begins = 0, carried = 0;
            for (std::size_t w = 0; w < Words; ++w) {
                at[w] = may[w] & reads.words[w];
                any |= at[w];
                begins |= at[w] & first_.words[w];
                const std::uint64_t neighbours = at[w] & goes_on_.words[w];
                may[w] = neighbours << 1 | carried | (at[w] & repeats_.words[w]);
                carried = neighbours >> 63;
                at[w] &= jumps_.words[w];
            }
            if (any == 0) return false;
            if (i == 1) return begins != 0;
            for (std::size_t w = 0; w < Words; ++w) {
                while (at[w] != 0) {
                    const auto first = static_cast<std::size_t>(std::countr_zero(at[w]));
                    const group& g = groups_[group_of_[64 * w + first]];
                    for (std::size_t v = 0; v < Words; ++v) {
                        may[v] |= g.to.words[v];
                        at[v] &= ~g.from.words[v];
                    }
                }
            }
        }
        return false;
    }

    std::size_t size_;
    std::vector<position_set> reads_;
    position_set first_;
    position_set last_;
    position_set repeats_{};  // positions that may read the byte before, too
    position_set goes_on_{};  // positions in front of which the next one is
    position_set jumps_{};    // positions in front of which there are others
    std::vector<group> groups_{};
    std::array<std::uint8_t, max_positions> group_of_{};
};

/// Whether an expression matches an origin, asked before its engine: the cost is bounded, whatever
/// the origin. An engine that learns the states of an expression needs a microsecond for each byte
/// that leads to a new one, and whoever chooses the bytes can see to that.
class expression_filter {
public:
    /// None.
    expression_filter() = default;

    /// Builds none if the expression has too many positions.
    explicit expression_filter(const expression_automaton& automaton) {
        step_budget budget(max_proof_steps);
        const position_automaton positions(automaton, budget);
        if (!positions.complete) return;
        // From the end first: there the expressions of one policy differ, and `.*a.{20}`, of many
        // states from its front, has few.
        for (const bool from_end : {true, false}) {
            filter_table table(positions, from_end);
            if (!table) continue;
            tables_.push_back(std::move(table));
            return;
        }
        simulations_.emplace_back(positions);
    }

    /// @param origin  A serialised origin.
    /// @return        Whether the expression matches it; true if there is no filter.
    [[nodiscard]] bool may_match(std::string_view origin) const noexcept {
        if (!tables_.empty()) return tables_.front().matches(origin);
        return simulations_.empty() || simulations_.front().matches(origin);
    }

    /// Whether a question has an answer.
    [[nodiscard]] explicit operator bool() const noexcept {
        return !tables_.empty() || !simulations_.empty();
    }

private:
    // Either is there once or not at all. Not std::variant: that costs includers more.
    std::vector<filter_table> tables_{};
    std::vector<filter_simulation> simulations_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
