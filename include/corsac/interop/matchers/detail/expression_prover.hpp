// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_PROVER_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_PROVER_HPP

#include <corsac/interop/matchers/detail/automaton_steps.hpp>
#include <corsac/interop/matchers/detail/domain_owners.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/expression_syntax.hpp>
#include <corsac/interop/matchers/detail/host_walk.hpp>
#include <corsac/interop/matchers/detail/ipv4_walk.hpp>
#include <corsac/interop/matchers/detail/origin_reach.hpp>
#include <corsac/interop/matchers/detail/origin_witness.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/public_suffix.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// One proof, from a tree to its result.
class expression_prover {
public:
    /// @param text  What the tree was made of.
    [[nodiscard]] static expression_proof prove(const expression_tree& tree, std::string_view text,
                                                domain_owners owners) {
        const auto fail = [](proof_gap gap, std::string_view part) {
            expression_proof proof;
            proof.gap = gap;
            proof.unproved_part = part;
            proof.accepts_insecure = true;  // for all that is known
            return proof;
        };
        if (!tree.not_understood.empty())
            return fail(proof_gap::not_understood, tree.not_understood);
        const expression_automaton automaton(tree);
        if (automaton.too_large()) return fail(proof_gap::too_large, text);
        step_budget budget(max_proof_steps);
        const origin_reach reach(automaton, budget);
        if (budget.exhausted()) return fail(proof_gap::too_large, text);
        return expression_prover(automaton, reach, text, owners).run();
    }

private:
    expression_prover(const expression_automaton& automaton, const origin_reach& reach,
                      std::string_view text, domain_owners owners)
        : automaton_(&automaton), reach_(&reach), text_(text), owners_(owners) {}

    expression_proof run() {
        proof_.gap = proof_gap::none;  // until one is found
        automaton_steps steps(*automaton_, budget_);
        const host_ends ends(*automaton_, steps);
        proof_.accepts_null = steps.accepts("null");
        prove_names(steps, ends);
        look_for_insecure(ends);
        if (budget_.exhausted() && proof_.gap == proof_gap::none)
            set_gap(proof_gap::too_large, text_);
        proof_.proved = proof_.gap == proof_gap::none;
        if (!proof_.proved) {
            proof_.ends.clear();
            proof_.accepts_loopback_addresses = false;
        }
        return std::move(proof_);
    }

    void set_gap(proof_gap gap, std::string_view part) {
        proof_.gap = gap;
        proof_.unproved_part = part;
    }

    void prove_names(automaton_steps& steps, const host_ends& ends) {
        host_walk names(*automaton_, *reach_, steps, budget_, all_schemes, owners_);
        names.run(ends.states());
        ipv4_walk addresses(*automaton_, *reach_, steps, budget_, all_schemes);
        addresses.run(ends.states());
        if (!names.unwritten().empty() || !addresses.unwritten().empty()) {
            return look_for_witness(names, addresses, ends);
        }
        if (names.too_many_names()) return set_gap(proof_gap::too_many_names, text_);
        if (budget_.exhausted()) return set_gap(proof_gap::too_large, text_);
        proof_.ends = names.ends();
        proof_.ends.insert(proof_.ends.end(), addresses.ends().begin(), addresses.ends().end());
        std::sort(proof_.ends.begin(), proof_.ends.end());
        proof_.accepts_loopback_addresses = addresses.loopback();
    }

    void look_for_witness(const host_walk& names, const ipv4_walk& addresses,
                          const host_ends& ends) {
        step_budget budget(max_proof_steps / 2);
        automaton_steps steps(*automaton_, budget);
        steps.take_dots_for_written();
        // Places further left make better examples: appxexample.com for app.example.com.
        host_walk further(*automaton_, *reach_, steps, budget, all_schemes, owners_);
        further.run(ends.states());
        std::vector<unwritten_place> places = further.unwritten();
        std::stable_sort(
            places.begin(), places.end(),
            [](const unwritten_place& a, const unwritten_place& b) { return rank(a) > rank(b); });
        places.insert(places.end(), names.unwritten().begin(), names.unwritten().end());
        origin_witness witness(*automaton_, *reach_, ends, steps, all_schemes, owners_);
        for (const unwritten_place& place : places) {
            if (proof_.witness.empty()) proof_.witness = witness.of_stranger(place);
        }
        std::vector<std::string> hosts = addresses.unwritten();
        if (!hosts.empty()) hosts.insert(hosts.begin(), "192.0.2.1");  // reserved for examples
        for (const std::string& host : hosts) {
            if (proof_.witness.empty()) proof_.witness = witness.of_address(host, true);
        }
        if (!proof_.witness.empty()) return set_gap(proof_gap::strangers, {});
        for (const unwritten_place& place : names.unwritten()) {
            // The walk only went on beyond a registrable name if there are suffixes below it.
            const std::string_view host = place.host;
            const std::string_view whole =
                host.substr(std::min(host.find('.'), host.size() - 1) + 1);
            for (const std::string_view name :
                 {registrable_domain(whole), registrable_domain(host)}) {
                if (!name.empty() && is_above_public_suffixes(name)) {
                    return set_gap(proof_gap::suffix_below, name);
                }
            }
        }
        const std::uint32_t state = names.unwritten().empty() ? addresses.unwritten_state()
                                                              : names.unwritten().front().state;
        const automaton_state& s = (*automaton_)[state];
        set_gap(proof_gap::unwritten, s.to > s.from ? text_.substr(s.from, s.to - s.from) : text_);
    }

    /// Which places make the clearer examples: a whole domain of the stranger's choice, or one
    /// under a suffix of several letters.
    static std::size_t rank(const unwritten_place& place) noexcept {
        const std::string_view name = without_last_dot(place.host);
        if (name.empty() && place.host.empty()) return place.bytes ? 3 * max_host_length : 0;
        if (!place.bytes || name.empty()) return 0;
        return name.find('.') == name.npos ? name.size() : 3 * max_host_length - name.size();
    }

    void look_for_insecure(const host_ends& ends) {
        constexpr domain_owners by_list(nullptr);
        constexpr host_phases plain =
            scheme_phases(scheme_class::http) | scheme_phases(scheme_class::plain);
        step_budget budget(max_proof_steps);
        automaton_steps steps(*automaton_, budget);
        host_walk names(*automaton_, *reach_, steps, budget, plain, by_list);
        names.run(ends.states());
        ipv4_walk addresses(*automaton_, *reach_, steps, budget, plain);
        addresses.run(ends.states());

        step_budget left(max_proof_steps / 2);
        automaton_steps witness_steps(*automaton_, left);
        origin_witness witness(*automaton_, *reach_, ends, witness_steps, plain, by_list);
        const auto found = [&](auto&& find) {
            proof_.accepts_insecure = true;
            if (proof_.insecure_witness.empty()) proof_.insecure_witness = find();
        };
        for (const std::string& end : names.ends()) {
            if (!is_loopback_host(end)) found([&] { return witness.of_host(end); });
        }
        for (const unwritten_place& place : names.unwritten()) {
            found([&] { return witness.of_place(place); });
        }
        for (const std::vector<std::string>* some : {&addresses.ends(), &addresses.unwritten()}) {
            for (const std::string& address : *some) {
                found([&] { return witness.of_address(address, false); });
            }
        }
        proof_.accepts_insecure = proof_.accepts_insecure || budget.exhausted();
    }

    static constexpr host_phases all_schemes =
        scheme_phases(scheme_class::http) | scheme_phases(scheme_class::https) |
        scheme_phases(scheme_class::plain) | scheme_phases(scheme_class::other);

    const expression_automaton* automaton_;
    const origin_reach* reach_;
    std::string_view text_;
    domain_owners owners_;
    step_budget budget_{max_proof_steps};
    expression_proof proof_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
