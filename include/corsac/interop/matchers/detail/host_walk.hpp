// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_HOST_WALK_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_HOST_WALK_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/domain_owners.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>
#include <corsac/interop/matchers/detail/origin_reach.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/origin/origin.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Places where a name is not written of which each is looked at more closely.
inline constexpr std::size_t max_unwritten_places = 16;

/// A place where an expression goes on with a byte of a host that is not written in it.
struct unwritten_place {
    std::string host;         ///< what has been read of the host: its end
    reached_states states;    ///< that lead from there to the end of the origin
    origin_byte_set bytes{};  ///< none if the host may begin here
    std::uint32_t state = 0;  ///< one that reads such a byte, if there are any
};

/// Reads the hosts that an expression accepts, from their ends, as far as they are not known to
/// belong to somebody whom the expression names. Letters are taken for the same in either case:
/// only opaque hosts have both.
class host_walk {
public:
    /// Borrows all.
    /// @param schemes  The phases of hosts that count.
    host_walk(const expression_automaton& automaton, const origin_reach& reach,
              automaton_steps& steps, step_budget& budget, host_phases schemes,
              domain_owners owners)
        : automaton_(&automaton), reach_(&reach), steps_(&steps), budget_(&budget),
          schemes_(schemes), owners_(owners) {}

    /// @param states  That lead from the end of a host to the end of the origin.
    void run(const reached_states& states) {
        visit(states, false);
        const std::vector<edge> edges = edges_to(states, byte(']'), phase_bits(phase::ipv6));
        go_on(states, edges, [this](const reached_states& next) { visit_ipv6(next); });
    }

    [[nodiscard]] const std::vector<std::string>& ends() const noexcept { return ends_; }
    [[nodiscard]] bool too_many_names() const noexcept { return ends_.size() > max_written_names; }
    [[nodiscard]] const std::vector<unwritten_place>& unwritten() const noexcept {
        return unwritten_;
    }

private:
    using phase = origin_phase;

    /// A byte on the way to the states that have been reached.
    struct edge {
        std::uint32_t from;
        origin_byte_set bytes;
        bool written;
    };

    /// A host that ends in a number is an address, or none of http and https.
    enum class last_label : std::uint8_t { open, number, name };

    [[nodiscard]] std::string_view host() const noexcept {
        return std::string_view(text_, sizeof text_).substr(sizeof text_ - size_);
    }

    [[nodiscard]] last_label last() const noexcept {
        const std::string_view name = without_last_dot(host());
        std::size_t digits = 0;
        while (digits < name.size() && is_digit(name[name.size() - 1 - digits])) ++digits;
        if (digits == name.size()) return last_label::open;
        return digits != 0 && name[name.size() - 1 - digits] == '.' ? last_label::number
                                                                    : last_label::name;
    }

    /// @param covered  Whether all hosts that end so are owned by whoever owns a name that has been
    ///                 read. What is written of them is still read if there is a predicate, for it
    ///                 may know a suffix among them.
    void visit(const reached_states& states, bool covered) {
        if (!budget_->spend(1) || unwritten_.size() >= max_unwritten_places) return;
        const std::string_view host = this->host();
        const last_label label = last();
        // An address is read from its front, elsewhere. Of other schemes it is a name like others,
        // but one below which nobody owns anything.
        const auto others = static_cast<host_phases>(schemes_ & scheme_phases(scheme_class::other));
        const auto domains =
            static_cast<host_phases>(label == last_label::number ? 0 : schemes_ & ~others);
        const bool starts_with_dot = !host.empty() && host.front() == '.';
        const bool whole = label == last_label::name && !starts_with_dot;
        const bool may_be_name = whole && (!owners_.consults() || is_at_border(states));
        const bool owned = may_be_name && owners_.owns_names_below(host);
        if (starts_with_dot && label == last_label::name && owners_.consults()) {
            const std::string_view name = host.substr(1);
            covered =
                owners_.owns_names_below(name) || (covered && !owners_.is_consulted_suffix(name));
        }
        if (!covered) judge_end(states, whole ? schemes_ : others, owned);
        if (host.size() == max_host_length) return;

        std::vector<edge> edges;
        add_edges(states, label_bytes, domains & within_host(), edges);
        add_edges(states, opaque_bytes, others & within_host(), edges);
        if (!owned || owners_.consults()) {
            if (!starts_with_dot) {
                add_edges(states, dot_byte, domains & phase_bits(phase::label), edges);
            }
            add_edges(states, dot_byte, others & within_host(), edges);
        }
        if (label == last_label::open) leave_out_addresses(edges, others, !host.empty());
        origin_byte_set known;  // to be on names of whoever owns what has been read
        if (covered)
            known =
                may_be_name && owners_.is_consulted_suffix(host) ? all_bytes - dot_byte : all_bytes;
        if (owned) known |= dot_byte;
        go_on(states, edges, [&](const reached_states& next) { visit(next, covered); }, known);
    }

    /// Takes away what only leads to addresses: behind what has been read there are only digits.
    void leave_out_addresses(std::vector<edge>& edges, host_phases others, bool digits_read) {
        const origin_byte_set also_in_addresses =
            digits_read ? digit_bytes : digit_bytes | dot_byte;
        reached_states further;
        for (edge& e : edges) {
            if (digits_read && (reach(e.from) & others) == 0) e.bytes = e.bytes - dot_byte;
            if (!e.written && (e.bytes & also_in_addresses)) further.push_back({e.from, false});
        }
        if (further.empty() || may_be_in_name(std::move(further), others)) return;
        for (edge& e : edges) {
            if (!e.written) e.bytes = e.bytes - also_in_addresses;
        }
    }

    /// What has been read may be all of a host, or all that matters.
    void judge_end(const reached_states& states, host_phases here, bool owned) {
        bool any = false, written = false;
        const auto found = [&](bool is_written) {
            any = true;
            written = written || is_written;
        };
        for (const reached_state& s : states) {
            if ((reach(s.state) & here & phase_bits(phase::begin)) == 0) continue;
            // Without a host it is the scheme that names somebody.
            found(s.written && (!host().empty() || writes_all_before(s)));
        }
        if (owned) {
            steps_->each_back(states, [&](std::uint32_t from, const reached_state& to) {
                if (!(*automaton_)[from].bytes.has('.')) return;
                if ((reach(from) & here & before_dot()) != 0) found(to.written);
            });
        }
        if (any && !written) unwritten_.push_back({std::string(host()), states, {}, 0});
        if (written) add_end(host());
    }

    void visit_ipv6(const reached_states& states) {
        if (!budget_->spend(1)) return;
        const std::vector<edge> begins = edges_to(states, byte('['), phase_bits(phase::begin));
        go_on(states, begins, [this](const reached_states&) { add_end(host()); });
        constexpr std::size_t longest = 41;  // with brackets
        if (host().size() == longest) return;
        go_on(states, edges_to(states, ipv6_bytes, phase_bits(phase::ipv6)),
              [this](const reached_states& next) { visit_ipv6(next); });
    }

    [[nodiscard]] std::vector<edge> edges_to(const reached_states& states, origin_byte_set bytes,
                                             unsigned phases) {
        std::vector<edge> edges;
        add_edges(states, bytes, phases, edges);
        return edges;
    }

    void add_edges(const reached_states& states, origin_byte_set bytes, unsigned phases,
                   std::vector<edge>& to) {
        if (phases == 0) return;
        steps_->each_back(states, [&](std::uint32_t from, const reached_state& state) {
            const automaton_state& s = (*automaton_)[from];
            if (!(s.bytes & bytes) || (reach(from) & schemes_ & phases) == 0) return;
            const bool written = state.written && steps_->is_written(s, bytes);
            to.push_back({from, in_lower_case(s.bytes & bytes), written});
        });
    }

    /// Goes on with each byte that is written, and takes the others down, but those in `known`.
    template <class Visit>
    void go_on(const reached_states& states, const std::vector<edge>& edges, const Visit& visit,
               origin_byte_set known = {}) {
        origin_byte_set written;
        for (const edge& e : edges) {
            if (e.written) written |= e.bytes;
        }
        unwritten_place place{{}, {}, {}, 0};
        for (const edge& e : edges) {
            const origin_byte_set bytes = e.bytes - written - known;
            if (bytes && !place.bytes) place.state = e.from;
            place.bytes |= bytes;
        }
        if (place.bytes) {
            place.host = host();
            place.states = states;
            unwritten_.push_back(std::move(place));
        }
        for (; written && !budget_->exhausted(); written.pop_front()) {
            const char c = written.front();
            reached_states next;
            for (const edge& e : edges) {
                if (e.bytes.has(c)) next.push_back({e.from, e.written});
            }
            steps_->complete_backward(next, false);
            text_[sizeof text_ - ++size_] = c;
            visit(next);
            --size_;
        }
    }

    /// Whether states that read digits of a last label, or a dot behind it, may belong to one that
    /// is more than a number, or to any host of another scheme.
    [[nodiscard]] bool may_be_in_name(reached_states states, host_phases others) {
        std::vector<bool> seen(automaton_->size(), false);
        while (!states.empty() && !budget_->exhausted()) {
            steps_->complete_backward(states, false);
            for (const reached_state& s : states) {
                if ((reach(s.state) & others & phase_bits(phase::begin)) != 0) return true;
            }
            bool in_name = false;
            reached_states next;
            steps_->each_back(states, [&](std::uint32_t from, const reached_state&) {
                const origin_byte_set bytes = (*automaton_)[from].bytes;
                const auto phases =
                    static_cast<host_phases>(reach(from) & schemes_ & within_host());
                if (phases == 0) return;
                in_name =
                    in_name || (bytes & (label_bytes - digit_bytes)) ||
                    ((phases & others) != 0 && (bytes & (opaque_bytes | dot_byte)) - digit_bytes);
                if (!(bytes & digit_bytes) || seen[from]) return;
                seen[from] = true;
                next.push_back({from, false});
            });
            if (in_name) return true;
            states = std::move(next);
        }
        return false;
    }

    /// Whether all that an expression can have read before a state is written in it.
    [[nodiscard]] bool writes_all_before(const reached_state& state) {
        std::vector<bool> seen(automaton_->size(), false);
        reached_states states{{state.state, true}};
        while (!states.empty() && !budget_->exhausted()) {
            steps_->complete_backward(states, false);
            bool written = true;
            reached_states before;
            steps_->each_back(states, [&](std::uint32_t from, const reached_state&) {
                const automaton_state& s = (*automaton_)[from];
                written = written && steps_->is_written(s, s.bytes);
                if (seen[from]) return;
                seen[from] = true;
                before.push_back({from, true});
            });
            if (!written) return false;
            states = std::move(before);
        }
        return !budget_->exhausted();
    }

    void add_end(std::string_view host) {
        ends_.emplace_back(host);
        if (too_many_names()) budget_->end();
    }

    /// Whether a label may begin where the host that has been read does.
    [[nodiscard]] bool is_at_border(const reached_states& states) const {
        bool found = false;
        for (const reached_state& s : states) {
            found = found || (reach(s.state) & schemes_ & phase_bits(phase::begin)) != 0;
        }
        steps_->each_back(states, [&](std::uint32_t from, const reached_state&) {
            found = found || ((*automaton_)[from].bytes.has('.') &&
                              (reach(from) & schemes_ & within_host()));
        });
        return found;
    }

    [[nodiscard]] host_phases reach(std::uint32_t state) const noexcept { return (*reach_)[state]; }

    /// Where a dot may follow: nowhere in domains but behind a label.
    [[nodiscard]] static constexpr host_phases before_dot() noexcept {
        return static_cast<host_phases>(phase_bits(phase::label) |
                                        (within_host() & scheme_phases(scheme_class::other)));
    }

    [[nodiscard]] static constexpr host_phases within_host() noexcept {
        return static_cast<host_phases>(phase_bits(phase::begin) | phase_bits(phase::label) |
                                        phase_bits(phase::dot));
    }

    const expression_automaton* automaton_;
    const origin_reach* reach_;
    automaton_steps* steps_;
    step_budget* budget_;
    host_phases schemes_;
    domain_owners owners_;
    char text_[max_host_length + 2] = {};
    std::size_t size_ = 0;  // of the host's end, at the end of the text
    std::vector<std::string> ends_{};
    std::vector<unwritten_place> unwritten_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
