// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_WITNESS_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_WITNESS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/domain_owners.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/host_walk.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>
#include <corsac/interop/matchers/detail/origin_reach.hpp>
#include <corsac/origin/origin.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// The ends of hosts in an automaton: in front of the origin's end, or of a port.
class host_ends {
public:
    host_ends(const expression_automaton& automaton, automaton_steps& steps)
        : digits_before_(automaton.size(), 0) {
        reached_states rest = steps.before_end();
        states_ = rest;
        reached_states first_digits;
        for (unsigned digits = 0; true; ++digits) {
            for (const reached_state& s : rest) {
                digits_before_[s.state] =
                    static_cast<std::uint8_t>(digits_before_[s.state] | 1U << digits);
            }
            if (digits == max_digits) break;
            append(first_digits, steps.back(rest, digit_bytes - byte('0')));
            rest = steps.back(rest, digit_bytes);
        }
        append(states_, steps.back(first_digits, byte(':')));
        for (reached_state& s : states_) s.written = true;  // of the host nothing has been read
        steps.complete_backward(states_, false);
    }

    /// What leads from the end of a host to the end of the origin.
    [[nodiscard]] const reached_states& states() const noexcept { return states_; }

    /// An end for a text that is an origin up to its host: a port, or nothing.
    /// @return  The whole origin; empty if there is none.
    [[nodiscard]] std::string complete(automaton_steps& steps, const std::string& text) const {
        if (text.size() > max_origin_length || steps.exhausted()) return {};
        if (parse_serialized_origin(text) && steps.accepts(text)) return text;
        const reached_states colon = steps.after(text + ':');
        for (const unsigned digits : {4U, 5U, 3U, 2U, 1U}) {
            if (!leads_on(colon, digits)) continue;
            std::string port = ":";
            reached_states states = colon;
            for (unsigned left = digits; left != 0; --left) {
                for (const char digit : std::string_view("8432105679")) {
                    reached_states next = steps.forth(states, byte(digit), left == 1);
                    if (!leads_on(next, left - 1)) continue;
                    port += digit;
                    states = std::move(next);
                    break;
                }
            }
            if (parse_serialized_origin(text + port) && steps.accepts(text + port)) {
                return text + port;
            }
        }
        return {};
    }

private:
    static void append(reached_states& to, const reached_states& more) {
        to.insert(to.end(), more.begin(), more.end());
    }
    /// Whether so many digits lead from one of the states to the end.
    [[nodiscard]] bool leads_on(const reached_states& states, unsigned digits) const noexcept {
        for (const reached_state& s : states) {
            if ((digits_before_[s.state] & 1U << digits) != 0) return true;
        }
        return false;
    }

    static constexpr unsigned max_digits = 5;
    std::vector<std::uint8_t> digits_before_;  // by state: a bit for each number of digits
    reached_states states_{};
};

/// Looks for origins that an expression accepts although it must not.
class origin_witness {
public:
    /// Borrows all.
    origin_witness(const expression_automaton& automaton, const origin_reach& reach,
                   const host_ends& ends, automaton_steps& steps, host_phases schemes,
                   domain_owners owners)
        : automaton_(&automaton), reach_(&reach), ends_(&ends), steps_(&steps), schemes_(schemes),
          owners_(owners) {}

    /// An origin of a host whose registrable domain is not written in the expression, nor is the
    /// host as a whole.
    /// @return  Empty if none was found.
    [[nodiscard]] std::string of_stranger(const unwritten_place& place) {
        return first_found(place, true);
    }

    /// An origin of any host that ends so, but none of this machine.
    [[nodiscard]] std::string of_host(std::string_view end) {
        unwritten_place place{std::string(end), steps_->back(ends_->states(), end), {}, 0};
        std::string found = first_found(place, false);
        if (found.empty()) {
            place.bytes = dot_byte;
            found = first_found(place, false);
        }
        return found;
    }

    /// An origin of an address.
    [[nodiscard]] std::string of_address(std::string_view address, bool strangers) {
        return join(steps_->back(ends_->states(), address), std::string(address),
                    phase_bits(phase::begin), strangers);
    }

    /// An origin of any host with the schemes that count, but none of this machine.
    [[nodiscard]] std::string of_place(const unwritten_place& place) {
        return first_found(place, false);
    }

private:
    using phase = origin_phase;

    [[nodiscard]] std::string first_found(const unwritten_place& place, bool strangers) {
        constexpr unsigned fresh = phase_bits(phase::begin) | phase_bits(phase::dot);
        constexpr unsigned going_on = phase_bits(phase::label);
        const bool open = place.host.empty() || place.host == ".";
        const bool behind_dot = !open && place.host.front() == '.';
        std::string found;
        const auto tried = [&](std::string_view front, unsigned phases) {
            if (steps_->exhausted()) return false;
            const reached_states states = steps_->back(place.states, front);
            found = join(states, std::string(front) + place.host, phases, strangers);
            return !found.empty();
        };
        if (!place.bytes) {
            if (!tried("", phase_bits(phase::begin))) (void)tried(".", going_on);
            return found;
        }
        if (!place.host.empty() && place.host.back() == ']') {
            const reached_states all = ends_->states();
            const std::string address = "[2001:db8::1]";  // reserved for examples
            found = join(steps_->back(all, address), address, phase_bits(phase::begin), strangers);
            for (origin_byte_set bytes = place.bytes; bytes && found.empty(); bytes.pop_front()) {
                const char c = bytes.front();
                (void)tried({&c, 1}, phase_bits(phase::ipv6));
            }
            return found;
        }
        if (open && (tried("evil.net", fresh) || tried(".evil.net", going_on))) return found;
        if (tried("evil", fresh | going_on)) return found;
        if (place.bytes.has('x') && tried("x", fresh | going_on)) return found;
        for (origin_byte_set bytes = fold_case(place.bytes) - dot_byte; bytes; bytes.pop_front()) {
            const char c = bytes.front();
            if (tried({&c, 1}, fresh | going_on)) return found;
        }
        if (place.bytes.has('.') && !behind_dot) {
            if (tried("evil.", fresh | going_on) || tried(".", going_on)) return found;
        }
        return found;
    }

    /// Puts the beginning of an origin before the end of a host, preferring https and few bytes.
    [[nodiscard]] std::string join(const reached_states& states, const std::string& host,
                                   unsigned phases, bool strangers) {
        std::array<std::vector<std::string>, scheme_classes> begins;
        constexpr scheme_class schemes[] = {scheme_class::https, scheme_class::http,
                                            scheme_class::plain, scheme_class::other};
        for (std::size_t i = 0; i < std::size(schemes); ++i) {
            for (const phase p : {phase::begin, phase::dot, phase::label, phase::ipv6}) {
                const unsigned wanted = phase_bit(p, schemes[i]) & schemes_ & phases;
                for (const reached_state& s : states) {
                    if (((*reach_)[s.state] & wanted) == 0) continue;
                    begins[i].push_back(reach_->text_to(s.state, p, schemes[i]));
                    break;
                }
            }
        }
        for (std::vector<std::string>& some : begins) {
            std::sort(some.begin(), some.end(), [](const std::string& a, const std::string& b) {
                return a.size() < b.size();
            });
            for (const std::string& begin : some) {
                const std::string origin = ends_->complete(*steps_, begin + host);
                if (!origin.empty() && proves(origin, strangers)) return origin;
            }
        }
        return {};
    }

    [[nodiscard]] bool proves(std::string_view origin, bool strangers) {
        const origin_parts parts = parse_serialized_origin(origin);
        const std::string_view host =
            origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
        if (is_loopback_host(host)) return false;
        if (!strangers) return true;
        std::string name(without_last_dot(host));
        for (char& c : name) c = to_lower(c);  // of opaque hosts
        const bool address = host.substr(0, 1) == "[" || ends_in_number(host);
        const std::string_view registrable =
            address ? std::string_view(name) : owners_.registrable_domain(name);
        const bool written =
            is_written(host) ||
            (!registrable.empty() && is_written(host.substr(name.size() - registrable.size())));
        return !written && !steps_->exhausted();
    }

    /// Whether the expression writes a name, as the end of a host or as all of it.
    [[nodiscard]] bool is_written(std::string_view name) {
        if (name.empty()) return false;  // then it would be the scheme that is
        const reached_states states = steps_->back(ends_->states(), name);
        bool written = false;
        for (const reached_state& s : states) {
            const bool begins = ((*reach_)[s.state] & phase_bits(phase::begin)) != 0;
            written = written || (s.written && begins);
        }
        steps_->each_back(states, [&](std::uint32_t from, const reached_state& to) {
            const bool dot = (*automaton_)[from].bytes.has('.') && (*reach_)[from] != 0;
            written = written || (to.written && dot);
        });
        return written;
    }

    const expression_automaton* automaton_;
    const origin_reach* reach_;
    const host_ends* ends_;
    automaton_steps* steps_;
    host_phases schemes_;
    domain_owners owners_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
