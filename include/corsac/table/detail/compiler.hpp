// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_DETAIL_COMPILER_HPP
#define CORSAC_TABLE_DETAIL_COMPILER_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/detail/keyed_index.hpp>
#include <corsac/detail/sort.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_intersection.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/detail/data.hpp>
#include <corsac/table/detail/description.hpp>
#include <corsac/table/detail/index.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// The hostname under which a route serves a listener: the more specific of the two.
/// @return  False if the two have no host in common. `*.a.example` is read as `.a.example`.
[[nodiscard]] inline bool common_hostname(std::string_view a, std::string_view b,
                                          std::string_view& common) noexcept {
    const auto covers = [](std::string_view wide, std::string_view narrow) {
        if (wide.empty() || wide == narrow) return true;
        return wide.front() == '.' && narrow.size() > wide.size() &&
               narrow.substr(narrow.size() - wide.size()) == wide;
    };
    common = covers(a, b) ? b : a;
    return covers(a, b) || covers(b, a);
}

/// In lower case; without the `*` of a wildcard and without a trailing dot.
[[nodiscard]] inline text hostname_key(std::string_view hostname) {
    if (hostname.substr(0, 2) == "*.") hostname.remove_prefix(1);
    if (hostname.ends_with('.')) hostname.remove_suffix(1);
    return lower_case(hostname);
}

/// Turns what was described into records with indices, one step after the other.
class table_compiler {
public:
    table_compiler(described_scopes scopes, buffer<std::optional<policy>> policies,
                   buffer<std::optional<dynamic_record>> dynamic_policies)
        : scopes_(std::move(scopes)) {
        data_.policies = std::move(policies);
        data_.dynamic_policies = std::move(dynamic_policies);
        policy_options closed;
        closed.reject_disallowed = true;
        data_.closed = make_closed_policy(closed);
    }

    [[nodiscard]] table_data run() {
        for (const described_attachment& a : scopes_.attachments) {
            data_.attachments.push_back({a.target.level, a.policy_index == nothing,
                                         a.expose_present, a.target.scope, a.policy_index,
                                         a.created, add(a.kind), add(a.name)});
        }
        for (const described_rule& rule : scopes_.rules) {
            data_.rules.push_back({add(scopes_.routes[rule.route].name), add(rule.name),
                                   rule.number, add(rule.broken)});
        }
        for (const described_match& match : scopes_.matches) add_match(match);
        isolate_listeners();
        sort_attachments();
        group_by_rule();
        for (std::uint32_t rule = 0; rule < scopes_.rules.size(); ++rule) add_rule(rule);
        number_hosts();
        sort_entries();
        return std::move(data_);
    }

private:
    [[nodiscard]] text_position add(const text& added) {
        return added.empty() ? text_position{} : data_.index.add_text(added.view());
    }

    void add_match(const described_match& match) {
        match_record record{add(match.method), static_cast<std::uint32_t>(data_.conditions.size()),
                            static_cast<std::uint32_t>(match.conditions.size()), match.number};
        if (match.guard) {
            record.guard = static_cast<std::uint32_t>(data_.guards.size());
            data_.guards.push_back(match.guard);
        }
        for (const described_condition& condition : match.conditions) {
            data_.conditions.push_back(
                {add(condition.name), add(condition.value), condition.is_header});
        }
        data_.matches.push_back(record);
    }

    /// A listener gets no request whose host another one of its port names more precisely.
    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#listener (listener isolation)
    void isolate_listeners() {
        buffer<text> keys;
        for (const described_listener& listener : scopes_.listeners) {
            keys.push_back(hostname_key(listener.hostname.view()));
        }
        for (std::size_t i = 0; i < keys.size(); ++i) {
            listener_record record{static_cast<std::uint32_t>(data_.exclusions.size()), 0};
            const described_listener& own = scopes_.listeners[i];
            for (std::size_t k = 0; k < keys.size() && own.port != 0; ++k) {
                const described_listener& other = scopes_.listeners[k];
                if (other.port != own.port || other.gateway != own.gateway) continue;
                std::string_view narrow;
                const std::string_view wide = keys[i].view(), host = keys[k].view();
                if (wide == host || !common_hostname(wide, host, narrow) || narrow != host) {
                    continue;
                }
                data_.exclusions.push_back(add(keys[k]));
                ++record.exclusions;
            }
            data_.listeners.push_back(record);
        }
    }

    /// By scope, and within a scope the most important first: level, age, name.
    void sort_attachments() {
        for (std::uint32_t i = 0; i < data_.attachments.size(); ++i) sorted_.push_back(i);
        const auto before = [this](std::uint32_t left, std::uint32_t right) {
            const attachment_record& a = data_.attachments[left];
            const attachment_record& b = data_.attachments[right];
            const int kind_a = scope_kind(a.level), kind_b = scope_kind(b.level);
            if (kind_a != kind_b) return kind_a < kind_b;
            if (a.scope != b.scope) return a.scope < b.scope;
            if (a.level != b.level) return a.level > b.level;
            if (a.created != b.created) return a.created < b.created;
            const int names = data_.text(a.name).compare(data_.text(b.name));
            return names != 0 ? names < 0 : left < right;
        };
        sort(sorted_.data(), sorted_.size(), before);
    }

    /// The three levels of a rule share its scope.
    [[nodiscard]] static int scope_kind(attachment_level level) noexcept {
        if (level == attachment_level::rule_reference || level == attachment_level::rule_filter) {
            return static_cast<int>(attachment_level::rule);
        }
        return static_cast<int>(level);
    }

    /// Matches and backends, by rule and in the order given.
    void group_by_rule() {
        rule_matches_.resize(scopes_.rules.size());
        rule_backends_.resize(scopes_.rules.size());
        for (std::uint32_t i = 0; i < scopes_.matches.size(); ++i) {
            rule_matches_[scopes_.matches[i].rule].push_back(i);
        }
        for (std::uint32_t i = 0; i < scopes_.backends.size(); ++i) {
            rule_backends_[scopes_.backends[i].rule].push_back(i);
        }
    }

    void append_attachments(chain_record& chain, attachment_level level, std::uint32_t scope) {
        const int kind = scope_kind(level);
        const auto comes_before = [&](std::uint32_t index) {
            const attachment_record& a = data_.attachments[index];
            return scope_kind(a.level) != kind ? scope_kind(a.level) < kind : a.scope < scope;
        };
        const std::uint32_t* at = lower_bound(sorted_.data(), sorted_.size(), comes_before);
        for (; at != sorted_.end(); ++at, ++chain.size) {
            const attachment_record& a = data_.attachments[*at];
            if (scope_kind(a.level) != kind || a.scope != scope) return;
            data_.chains.push_back(*at);
        }
    }

    void add_rule(std::uint32_t rule) {
        described_route& route = scopes_.routes[scopes_.rules[rule].route];
        // A route without a listener: every host, nothing inherited.
        if (route.listeners.empty()) {
            add_binding(rule, route, nothing, {});
            return;
        }
        for (const std::uint32_t listener : route.listeners) {
            const text hostname = hostname_key(scopes_.listeners[listener].hostname.view());
            add_binding(rule, route, listener, hostname.view());
        }
    }

    void add_binding(std::uint32_t rule, const described_route& route, std::uint32_t listener,
                     std::string_view listener_hostname) {
        binding_record binding;
        binding.rule = rule;
        binding.listener = listener;
        binding.chain.at = static_cast<std::uint32_t>(data_.chains.size());
        append_attachments(binding.chain, attachment_level::rule, rule);
        append_attachments(binding.chain, attachment_level::route, scopes_.rules[rule].route);
        if (listener != nothing) {
            append_attachments(binding.chain, attachment_level::listener, listener);
            append_attachments(binding.chain, attachment_level::gateway,
                               scopes_.listeners[listener].gateway);
        }
        governance governed;
        choose(binding.chain, governed);
        add_backends(rule, binding, governed);
        if (data_.rules[rule].broken.size != 0) governed.state = route_state::broken;
        data_.bindings.push_back(binding);
        const auto index = static_cast<std::uint32_t>(data_.bindings.size() - 1);

        const auto add_host = [&](std::string_view hostname) {
            std::string_view common;
            if (!common_hostname(listener_hostname, hostname, common)) return;
            hosts_.push_back(text{common});
            const auto host = static_cast<std::uint32_t>(hosts_.size() - 1);
            for (const std::uint32_t match : rule_matches_[rule]) {
                add_entry(host, listener, match, index, governed);
            }
        };
        if (route.hostnames.empty()) add_host({});
        for (const std::string_view hostname : route.hostnames) {
            add_host(hostname_key(hostname).view());
        }
    }

    /// Lets the first of a chain win.
    void choose(const chain_record& chain, governance& governed) const {
        if (chain.size == 0) return;
        governed.winner = data_.chains[chain.at];
        const attachment_record& winner = data_.attachments[governed.winner];
        governed.state = winner.disables ? route_state::disabled : route_state::governed;
        governed.policy_index = winner.policy_index;
    }

    void add_backends(std::uint32_t rule, binding_record& binding, governance& governed) {
        binding.backends_at = static_cast<std::uint32_t>(data_.backends.size());
        for (const std::uint32_t index : rule_backends_[rule]) {
            const described_backend& from = scopes_.backends[index];
            backend_record backend;
            backend.name = add(from.name);
            backend.broken = add(from.broken);
            backend.weight = from.weight;
            backend.governed = governed;
            backend.chain.at = static_cast<std::uint32_t>(data_.chains.size());
            append_attachments(backend.chain, attachment_level::backend, index);
            choose(backend.chain, backend.governed);
            if (backend.broken.size != 0 || data_.rules[rule].broken.size != 0) {
                backend.governed.state = route_state::broken;
            }
            data_.backends.push_back(backend);
            ++binding.backends;
        }
        combine_backends(binding, governed);
    }

    /// What can be said before a backend is chosen: what all of them say, or what they agree on.
    void combine_backends(const binding_record& binding, governance& governed) {
        buffer<const policy*> distinct;
        bool silent = false;  // nobody answers for one of them
        const backend_record* first = nullptr;
        for (std::uint32_t i = 0; i < binding.backends; ++i) {
            const backend_record& backend = data_.backends[binding.backends_at + i];
            if (backend.weight == 0) continue;
            if (first == nullptr) first = &backend;
            if (backend.governed.state == route_state::broken) {
                governed.state = route_state::broken;
                return;
            }
            if (backend.governed.policy_index == nothing) {
                silent = true;
                continue;
            }
            const policy& own = *data_.policy_at(backend.governed.policy_index);
            // What matchers let in cannot be compared.
            const dynamic_policy* dynamic = data_.dynamic_policy_at(backend.governed.policy_index);
            bool known = false;
            for (const policy* other : distinct) {
                known = known || (dynamic == nullptr ? *other == own : other == &own);
            }
            if (!known) distinct.push_back(&own);
        }
        if (first == nullptr) return;
        governed = first->governed;
        if (distinct.size() + (silent ? 1 : 0) < 2) return;
        governed.state = route_state::split;
        governed.winner = nothing;
        policy combined =
            silent ? make_closed_policy({}) : intersect({distinct.data(), distinct.size()});
        data_.policies.push_back(std::move(combined));
        governed.policy_index = static_cast<std::uint32_t>(data_.policies.size() - 1);
    }

    void add_entry(std::uint32_t host, std::uint32_t listener, std::uint32_t match,
                   std::uint32_t binding, const governance& governed) {
        const described_match& from = scopes_.matches[match];
        std::string_view path = from.path.view();
        if (from.kind == path_kind::prefix) {
            while (!path.empty() && path.back() == '/') path.remove_suffix(1);
        }
        const bool always = from.method.empty() && from.conditions.empty() && !from.guard &&
                            (listener == nothing || data_.listeners[listener].exclusions == 0);
        entries_.push_back({host, data_.index.add_text(path), from.kind, true, always,
                            listener == nothing ? any_listener : listener, match, binding,
                            governed});
    }

    /// Gives equal hostnames one number.
    void number_hosts() {
        buffer<std::uint32_t> first;
        for (std::uint32_t i = 0; i < hosts_.size(); ++i) first.push_back(i);
        (void)index_items(
            hosts_.size(),
            [this](std::uint32_t i, std::uint64_t key) { return hash_text(hosts_[i].view(), key); },
            [this](std::uint32_t i, std::uint32_t k) { return hosts_[i] == hosts_[k]; },
            [&](std::uint32_t repeated, std::uint32_t earlier) { first[repeated] = earlier; });
        buffer<std::uint32_t> numbers;
        for (std::uint32_t i = 0; i < hosts_.size(); ++i) {
            numbers.push_back(first[i] == i ? data_.index.add_host(hosts_[i].view())
                                            : numbers[first[i]]);
        }
        for (indexed_entry& entry : entries_) entry.host = numbers[entry.host];
    }

    void sort_entries() {
        sort(entries_.data(), entries_.size(),
             [this](const indexed_entry& a, const indexed_entry& b) { return precedes(a, b); });
        data_.index.set_entries(std::move(entries_));
    }

    [[nodiscard]] static bool is_exact_host(std::string_view host) noexcept {
        return !host.empty() && host.front() != '.';
    }

    [[nodiscard]] bool precedes(const indexed_entry& a, const indexed_entry& b) const {
        if (a.host != b.host) {
            const std::string_view host_a = data_.index.host(a.host);
            const std::string_view host_b = data_.index.host(b.host);
            const bool exact_a = is_exact_host(host_a), exact_b = is_exact_host(host_b);
            if (exact_a != exact_b) return exact_a;
            if (host_a.size() != host_b.size()) return host_a.size() > host_b.size();
            return host_a < host_b;
        }
        if (a.kind != b.kind) return a.kind < b.kind;
        const std::string_view path_a = data_.text(a.path), path_b = data_.text(b.path);
        if (path_a.size() != path_b.size()) return path_a.size() > path_b.size();
        if (a.kind != path_kind::expression && path_a != path_b) return path_a < path_b;
        const described_match& match_a = scopes_.matches[a.match];
        const described_match& match_b = scopes_.matches[b.match];
        if (match_a.method.empty() != match_b.method.empty()) return !match_a.method.empty();
        const std::size_t headers_a = match_a.headers(), headers_b = match_b.headers();
        if (headers_a != headers_b) return headers_a > headers_b;
        const std::size_t query_a = match_a.query(), query_b = match_b.query();
        if (query_a != query_b) return query_a > query_b;
        const described_route& route_a = scopes_.routes[scopes_.rules[match_a.rule].route];
        const described_route& route_b = scopes_.routes[scopes_.rules[match_b.rule].route];
        if (route_a.created != route_b.created) return route_a.created < route_b.created;
        const int names = route_a.name.view().compare(route_b.name.view());
        if (names != 0) return names < 0;
        if (match_a.rule != match_b.rule) return match_a.rule < match_b.rule;
        if (a.match != b.match) return a.match < b.match;
        return a.listener < b.listener;
    }

    described_scopes scopes_;
    table_data data_;
    buffer<std::uint32_t> sorted_;
    buffer<buffer<std::uint32_t>> rule_matches_;
    buffer<buffer<std::uint32_t>> rule_backends_;
    buffer<text> hosts_;  ///< of the bindings, until they have numbers
    buffer<indexed_entry> entries_;
};

[[nodiscard]] inline table_data compile_table(
    described_scopes scopes, buffer<std::optional<policy>> policies,
    buffer<std::optional<dynamic_record>> dynamic_policies) {
    return table_compiler{std::move(scopes), std::move(policies), std::move(dynamic_policies)}
        .run();
}

}  // namespace corsac::inline v0_2_0::detail

#endif
