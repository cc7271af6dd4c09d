// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_REACH_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_ORIGIN_REACH_HPP

#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <corsac/origin/origin.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// How far a text has come on its way to be an origin, up to the end of its host.
enum class origin_phase : std::uint8_t {
    // Before `:`, with as much of a scheme that matters as has been read.
    scheme,
    h,
    ht,
    htt,
    http,
    https,
    w,
    ws,
    f,
    ft,
    ftp,
    other,
    // Behind it. From here on each phase is there for each `scheme_class`.
    colon,
    slash,
    begin,  ///< of the host
    label,  ///< in the host, behind a byte but a dot
    dot,    ///< in the host, behind a dot
    ipv6,   ///< in the host, between brackets
};

/// Which schemes a phase of a host has been reached with.
enum class scheme_class : std::uint8_t {
    http,
    https,
    plain,  ///< `ws` and `ftp`, as easy to rewrite on the way as `http`
    other,  ///< taken for one with opaque hosts; of `wss` that is more than there are
};
inline constexpr std::uint32_t scheme_classes = 4;

/// A set of phases of hosts, a bit for each phase and scheme.
using host_phases = std::uint16_t;

[[nodiscard]] constexpr host_phases phase_bit(origin_phase phase, scheme_class scheme) noexcept {
    const unsigned row = static_cast<unsigned>(phase) - static_cast<unsigned>(origin_phase::begin);
    return static_cast<host_phases>(1U << (scheme_classes * row + static_cast<unsigned>(scheme)));
}

/// That phase with whatever scheme.
[[nodiscard]] constexpr host_phases phase_bits(origin_phase phase) noexcept {
    return static_cast<host_phases>(
        phase_bit(phase, scheme_class::http) | phase_bit(phase, scheme_class::https) |
        phase_bit(phase, scheme_class::plain) | phase_bit(phase, scheme_class::other));
}

/// All phases with that scheme.
[[nodiscard]] constexpr host_phases scheme_phases(scheme_class scheme) noexcept {
    using phase = origin_phase;
    return static_cast<host_phases>(phase_bit(phase::begin, scheme) |
                                    phase_bit(phase::label, scheme) |
                                    phase_bit(phase::dot, scheme) | phase_bit(phase::ipv6, scheme));
}

/// Where in an origin an automaton's states may be: all pairs of state and phase to which some text
/// leads that is the beginning of an origin.
class origin_reach {
public:
    origin_reach(const expression_automaton& automaton, step_budget& budget)
        : automaton_(&automaton), phases_(automaton.size(), 0),
          came_from_(automaton.size() * phase_count) {
        reach(automaton.start(), 0, none, 0);
        for (std::size_t i = 0; i < queue_.size(); ++i) {
            if (!budget.spend(1)) return;
            follow(queue_[i]);
        }
    }

    /// The phases of a host in which a state may be.
    [[nodiscard]] host_phases operator[](std::uint32_t state) const noexcept {
        return phases_[state];
    }

    /// A shortest text that leads to a state in a phase in which it may be; empty if it is longer
    /// than an origin.
    [[nodiscard]] std::string text_to(std::uint32_t state, origin_phase in,
                                      scheme_class scheme) const {
        std::string text;
        std::uint32_t at = place(state, index_of(in, scheme));
        for (; came_from_[at].place != none; at = came_from_[at].place) {
            if (came_from_[at].byte != 0) text += came_from_[at].byte;
            if (text.size() > max_origin_length) return {};
        }
        return {text.rbegin(), text.rend()};
    }

private:
    using phase = origin_phase;
    static constexpr std::size_t first_host_phase = static_cast<std::size_t>(phase::colon);
    static constexpr std::size_t phase_count = first_host_phase + scheme_classes * 6;
    static constexpr std::uint32_t none = 0xffffffff;
    static constexpr std::uint32_t unseen = 0xfffffffe;

    struct origin {
        std::uint32_t place = unseen;
        char byte = 0;
    };

    static constexpr std::uint32_t index_of(phase p, scheme_class scheme) noexcept {
        const auto at = static_cast<std::uint32_t>(p);
        return at < first_host_phase
                   ? at
                   : static_cast<std::uint32_t>(first_host_phase) +
                         scheme_classes * (at - static_cast<std::uint32_t>(first_host_phase)) +
                         static_cast<std::uint32_t>(scheme);
    }

    static constexpr std::uint32_t place(std::uint32_t state, std::uint32_t index) noexcept {
        return state * static_cast<std::uint32_t>(phase_count) + index;
    }

    void reach(std::uint32_t state, std::uint32_t index, std::uint32_t from, char byte) {
        const std::uint32_t at = place(state, index);
        if (came_from_[at].place != unseen) return;
        came_from_[at] = {from, byte};
        constexpr std::size_t begin = first_host_phase + 2 * scheme_classes;
        if (index >= begin) {
            phases_[state] = static_cast<host_phases>(phases_[state] | 1U << (index - begin));
        }
        queue_.push_back(at);
    }

    void follow(std::uint32_t from) {
        using kind = automaton_state::kind;
        constexpr auto count = static_cast<std::uint32_t>(phase_count);
        const automaton_state& s = (*automaton_)[from / count];
        const std::uint32_t index = from % count;
        if (s.what == kind::fork || (s.what == kind::begin && index == 0)) {
            reach(s.next, index, from, 0);
        }
        if (s.what == kind::fork) reach(s.other, index, from, 0);
        if (s.what != kind::bytes) return;  // an end is before nothing but the end
        for (const edge& e : edges_of(index)) {
            if (!(s.bytes & e.bytes)) continue;
            reach(s.next, e.to, from, pleasant_byte(s.bytes & e.bytes));
        }
    }

    /// For texts that are shown: a letter if there is one.
    static char pleasant_byte(origin_byte_set bytes) noexcept {
        return bytes.has('x') ? 'x' : bytes.front();
    }

    struct edge {
        origin_byte_set bytes;
        std::uint32_t to;
    };
    struct edges {
        std::array<edge, 5> all{};
        std::size_t count = 0;
        [[nodiscard]] const edge* begin() const noexcept { return all.data(); }
        [[nodiscard]] const edge* end() const noexcept { return all.data() + count; }
    };

    struct letter_of_scheme {
        phase from;
        char letter;
        phase to;
    };
    static constexpr letter_of_scheme known_schemes[] = {
        {phase::scheme, 'h', phase::h},   {phase::h, 't', phase::ht},
        {phase::ht, 't', phase::htt},     {phase::htt, 'p', phase::http},
        {phase::http, 's', phase::https}, {phase::scheme, 'w', phase::w},
        {phase::w, 's', phase::ws},       {phase::scheme, 'f', phase::f},
        {phase::f, 't', phase::ft},       {phase::ft, 'p', phase::ftp},
    };

    static edges edges_of(std::uint32_t index) noexcept {
        edges found;
        const auto add = [&found](origin_byte_set bytes, phase to, scheme_class scheme) {
            found.all[found.count++] = {bytes, index_of(to, scheme)};
        };
        constexpr scheme_class any = scheme_class::other;
        if (index < first_host_phase) {
            const phase p = static_cast<phase>(index);
            origin_byte_set rest = p == phase::scheme ? lower_bytes : scheme_bytes;
            for (const auto& [from, letter, to] : known_schemes) {
                if (from != p) continue;
                add(byte(letter), to, any);
                rest = rest - byte(letter);
            }
            add(rest, phase::other, any);
            if (p == phase::scheme) return found;
            add(byte(':'), phase::colon,
                p == phase::http                    ? scheme_class::http
                : p == phase::https                 ? scheme_class::https
                : p == phase::ws || p == phase::ftp ? scheme_class::plain
                                                    : scheme_class::other);
            return found;
        }
        const auto at = static_cast<std::uint32_t>(index - first_host_phase);
        const auto scheme = static_cast<scheme_class>(at % scheme_classes);
        switch (static_cast<phase>(first_host_phase + at / scheme_classes)) {
        case phase::colon: add(byte('/'), phase::slash, scheme); return found;
        case phase::slash: add(byte('/'), phase::begin, scheme); return found;
        case phase::ipv6: add(ipv6_bytes, phase::ipv6, scheme); return found;
        case phase::begin: add(byte('['), phase::ipv6, scheme); break;
        default: break;
        }
        const bool opaque = scheme == scheme_class::other;
        const bool label =
            static_cast<phase>(first_host_phase + at / scheme_classes) == phase::label;
        add(opaque ? opaque_bytes : label_bytes, phase::label, scheme);
        if (opaque || label) add(dot_byte, phase::dot, scheme);  // a domain has no empty label
        return found;
    }

    const expression_automaton* automaton_;
    std::vector<host_phases> phases_;
    std::vector<origin> came_from_;
    std::vector<std::uint32_t> queue_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
