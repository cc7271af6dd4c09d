// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_IPV4_WALK_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_IPV4_WALK_HPP

#include <corsac/detail/ip_address.hpp>
#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/host_walk.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>
#include <corsac/interop/matchers/detail/origin_reach.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Reads the IPv4 addresses of http and https that an expression accepts, from their fronts: whose
/// they are, their first numbers say.
class ipv4_walk {
public:
    /// Borrows all but the schemes, the phases of hosts that count.
    ipv4_walk(const expression_automaton& automaton, const origin_reach& reach,
              automaton_steps& steps, step_budget& budget, host_phases schemes)
        : automaton_(&automaton), reach_(&reach), steps_(&steps), budget_(&budget),
          begins_(schemes & phase_bits(origin_phase::begin) &
                  (scheme_phases(scheme_class::http) | scheme_phases(scheme_class::https) |
                   scheme_phases(scheme_class::plain))) {}

    /// @param host_ends  States that lead from the end of a host to the end of the origin.
    void run(const reached_states& host_ends) {
        rest_.assign(automaton_->size(), 0);
        trace_back(host_ends);
        reached_states states;
        for (std::uint32_t s = 0; s < automaton_->size(); ++s) {
            const bool begins = ((*reach_)[s] & begins_) != 0;
            if (begins && leads_on(s, 0, 0)) states.push_back({s, true});
        }
        if (states.empty()) return;
        is_end_.assign(automaton_->size(), false);
        for (const reached_state& s : host_ends) is_end_[s.state] = true;
        visit(states, 0, 0);
    }

    /// Addresses that are written in full.
    [[nodiscard]] const std::vector<std::string>& ends() const noexcept { return ends_; }
    /// Whether there are some of this machine, 127.0.0.0/8, written in full or not.
    [[nodiscard]] bool loopback() const noexcept { return loopback_; }
    /// Addresses that are not written, as examples.
    [[nodiscard]] const std::vector<std::string>& unwritten() const noexcept { return unwritten_; }
    /// A state that reads a byte of those.
    [[nodiscard]] std::uint32_t unwritten_state() const noexcept { return unwritten_state_; }

private:
    static constexpr std::string_view loopback_front = "127.";

    // A place in an address: so many dots, and so many digits since the last of them.
    [[nodiscard]] static constexpr unsigned bit(unsigned dots, unsigned digits) noexcept {
        return 1U << (4 * dots + digits);
    }
    /// Whether the rest of an address leads from a state at a place to the end of a host.
    [[nodiscard]] bool leads_on(std::uint32_t state, unsigned dots,
                                unsigned digits) const noexcept {
        return (rest_[state] & bit(dots, digits)) != 0;
    }

    void trace_back(const reached_states& host_ends) {
        using kind = automaton_state::kind;
        std::vector<std::pair<std::uint32_t, unsigned>> queue;  // states and places
        const auto found = [&](std::uint32_t state, unsigned place) {
            if ((rest_[state] & 1U << place) != 0) return;
            rest_[state] = static_cast<std::uint16_t>(rest_[state] | 1U << place);
            queue.emplace_back(state, place);
        };
        for (const reached_state& s : host_ends) {
            for (unsigned digits = 1; digits <= 3; ++digits) found(s.state, 4 * 3 + digits);
        }
        for (std::size_t i = 0; i < queue.size() && budget_->spend(1); ++i) {
            const auto [to, place] = queue[i];
            const unsigned digits = place % 4;
            automaton_->each_before(to, [&, at = place](std::uint32_t from) {
                const automaton_state& s = (*automaton_)[from];
                if (s.what == kind::fork) found(from, at);
                if (s.what != kind::bytes) return;
                if (digits > 0 && (s.bytes & digit_bytes)) found(from, at - 1);
                if (digits == 0 && at > 0 && s.bytes.has('.')) {
                    for (unsigned before = 1; before <= 3; ++before) found(from, at - 4 + before);
                }
            });
        }
    }

    void visit(const reached_states& states, unsigned dots, unsigned digits) {
        if (!budget_->spend(states.size()) || unwritten_.size() >= max_unwritten_places) return;
        const std::size_t label = text_.size() - digits;
        if (digits != 0 && parse_decimal(std::string_view(text_).substr(label), 255) < 0) return;
        if (text_ == loopback_front) {
            loopback_ = true;
            return;
        }
        if (dots == 3 && digits != 0) judge_end(states);
        origin_byte_set written, all;
        for (const reached_state& s : states) {
            const origin_byte_set bytes = bytes_from(s.state, dots, digits);
            all |= bytes;
            if (s.written && (*automaton_)[s.state].written) written |= bytes;
        }
        for (; all && !budget_->exhausted(); all.pop_front()) {
            const char c = all.front();
            const bool loops_back = text_.size() < loopback_front.size() &&
                                    loopback_front.substr(0, text_.size()) == text_ &&
                                    loopback_front[text_.size()] == c;
            reached_states next;
            for (const reached_state& s : states) {
                const automaton_state& from = (*automaton_)[s.state];
                if (!bytes_from(s.state, dots, digits).has(c)) continue;
                next.push_back({from.next, s.written && from.written});
                if (!from.written) unwritten_state_ = s.state;
            }
            steps_->complete_forward(next, false, false);
            text_ += c;
            const unsigned more_dots = c == '.' ? dots + 1 : dots;
            const unsigned more_digits = c == '.' ? 0 : digits + 1;
            if (loops_back || written.has(c)) {
                visit(next, more_dots, more_digits);
            } else {
                add_example(next, more_dots, more_digits);
            }
            text_.pop_back();
        }
    }

    /// The bytes of an address that lead from a state at a place to one from where it goes on.
    [[nodiscard]] origin_byte_set bytes_from(std::uint32_t state, unsigned dots,
                                             unsigned digits) const noexcept {
        const automaton_state& s = (*automaton_)[state];
        if (s.what != automaton_state::kind::bytes) return {};
        origin_byte_set bytes;
        if (digits < 3 && leads_on(s.next, dots, digits + 1)) bytes |= digit_bytes;
        if (digits > 0 && dots < 3 && leads_on(s.next, dots + 1, 0)) bytes |= dot_byte;
        return s.bytes & bytes;
    }

    void judge_end(const reached_states& states) {
        bool any = false, written = false;
        for (const reached_state& s : states) {
            any = any || is_end_[s.state];
            written = written || (is_end_[s.state] && s.written);
        }
        if (any && !written) unwritten_.push_back(text_);
        if (written) ends_.push_back(text_);
        if (ends_.size() > max_written_names) budget_->end();
    }

    /// Completes an address whose front is not written.
    void add_example(reached_states states, unsigned dots, unsigned digits) {
        const std::size_t front = text_.size();
        const auto ends = [&] {
            for (const reached_state& s : states) {
                if (is_end_[s.state]) return dots == 3 && digits != 0;
            }
            return false;
        };
        while (!ends()) {
            origin_byte_set bytes;
            for (const reached_state& s : states) bytes |= bytes_from(s.state, dots, digits);
            if (!bytes || budget_->exhausted()) break;
            const char c = bytes.has('.') ? '.' : bytes.front();
            states = steps_->forth(states, byte(c), false);
            text_ += c;
            dots += c == '.' ? 1 : 0;
            digits = c == '.' ? 0 : digits + 1;
        }
        unwritten_.push_back(text_);
        text_.resize(front);
    }

    const expression_automaton* automaton_;
    const origin_reach* reach_;
    automaton_steps* steps_;
    step_budget* budget_;
    unsigned begins_;
    std::vector<std::uint16_t> rest_{};  // by state: a bit for each place from which it leads on
    std::vector<bool> is_end_{};
    std::string text_{};
    std::vector<std::string> ends_{};
    std::vector<std::string> unwritten_{};
    std::uint32_t unwritten_state_ = 0;
    bool loopback_ = false;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
