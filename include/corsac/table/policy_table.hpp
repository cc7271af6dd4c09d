// SPDX-License-Identifier: MIT
#ifndef CORSAC_TABLE_POLICY_TABLE_HPP
#define CORSAC_TABLE_POLICY_TABLE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/detail/data.hpp>
#include <corsac/table/dynamic_policy.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0 {

/// What governs a request: a policy of the table's, whatever its type. Borrows from the table.
class governing_policy {
public:
    /// None: the request is to be left alone.
    constexpr governing_policy() noexcept = default;
    constexpr explicit governing_policy(const policy* plain) noexcept : plain_(plain) {}
    constexpr explicit governing_policy(const dynamic_policy* dynamic) noexcept
        : dynamic_(dynamic) {}

    [[nodiscard]] constexpr explicit operator bool() const noexcept {
        return plain_ != nullptr || dynamic_ != nullptr;
    }
    /// Whether a matcher lets origins in beside those that are listed.
    [[nodiscard]] constexpr bool has_matcher() const noexcept { return dynamic_ != nullptr; }

    /// Calls `f` with the policy; without one it returns what is empty.
    template <class F>
    constexpr auto visit(const F& f) const {
        using answer = decltype(f(*plain_));
        if (plain_ != nullptr) return f(*plain_);
        if (dynamic_ != nullptr) return f(*dynamic_);
        return answer();
    }

private:
    const policy* plain_ = nullptr;
    const dynamic_policy* dynamic_ = nullptr;
};

/// An attachment as it applies to one request.
struct attachment_view {
    attachment_id id;
    attachment_level level;
    std::string_view kind;        ///< of the object that says so
    std::string_view name;        ///< of that object
    std::string_view backend;     ///< whose attachment it is, at level `backend`
    const policy* governs;        ///< null if it switches the policy off
    bool wins;                    ///< otherwise another one shadows it
    governing_policy in_force{};  ///< what governs, with its matcher, if it has one
};

/// Which rule a request belongs to, and what governs it there. Borrows from the table.
class matched_route {
public:
    constexpr matched_route() noexcept = default;
    /// Whether a rule matches at all.
    [[nodiscard]] explicit operator bool() const noexcept { return entry_ != detail::nothing; }

    [[nodiscard]] route_state state() const noexcept {
        if (entry_ != detail::nothing) return entry().governed.state;
        return data_ == nullptr ? route_state::no_route : route_state::ambiguous;
    }
    /// The HTTPRoute, `namespace/name`.
    [[nodiscard]] std::string_view route() const noexcept { return text(rule().route); }
    /// The rule, as `add_rule` returned it.
    [[nodiscard]] rule_id id() const noexcept { return rule_id{binding().rule}; }
    /// The rule's own name, if it has one.
    [[nodiscard]] std::string_view rule_name() const noexcept { return text(rule().name); }
    /// Which of the route's rules it is, from 0.
    [[nodiscard]] std::uint32_t rule_number() const noexcept { return rule().number; }
    /// Which of the rule's matches led here, from 0.
    [[nodiscard]] std::uint32_t match_number() const noexcept {
        return data_->matches[data_->index.entry(entry_).match].number;
    }
    /// Whether the match's guard, if it has one, accepts a request.
    [[nodiscard]] bool guard_accepts(const route_request& request,
                                     field_reader fields) const noexcept {
        const std::uint32_t guard = data_->matches[data_->index.entry(entry_).match].guard;
        return guard == detail::nothing || data_->guards[guard](request, fields);
    }
    /// Why the rule is `broken`; empty where only a backend is.
    [[nodiscard]] std::string_view defect() const noexcept { return text(rule().broken); }
    /// The hostname under which it was found: `a.example`, `.a.example` for `*.a.example`, or
    /// empty.
    [[nodiscard]] std::string_view hostname() const noexcept {
        return *this ? data_->index.host(entry().host) : std::string_view{};
    }
    [[nodiscard]] listener_id listener() const noexcept { return listener_id{binding().listener}; }

    [[nodiscard]] std::size_t backends() const noexcept { return binding().backends; }
    [[nodiscard]] std::string_view backend_name(std::size_t backend) const noexcept {
        return text(record(backend).name);
    }
    [[nodiscard]] std::int64_t backend_weight(std::size_t backend) const noexcept {
        return record(backend).weight;
    }
    /// What governs requests that go to one backend.
    [[nodiscard]] route_state backend_state(std::size_t backend) const noexcept {
        return record(backend).governed.state;
    }

    /// The policy; for `split` the one that allows what every backend's policy does, for `broken`
    /// and `ambiguous` one that allows nothing; null where the request is to be left alone. Of one
    /// with a matcher it is the part that is listed.
    [[nodiscard]] const policy* governing() const noexcept {
        if (*this && entry().governed.state != route_state::broken) {
            return at(entry().governed.policy_index);
        }
        return data_ == nullptr ? nullptr : &*data_->closed;
    }
    /// The same for requests that go to one backend.
    [[nodiscard]] const policy* governing(std::size_t backend) const noexcept {
        if (!*this) return governing();
        if (backend_state(backend) == route_state::broken) return &*data_->closed;
        return at(record(backend).governed.policy_index);
    }
    /// The same with its matcher, if it has one: what to evaluate requests against.
    [[nodiscard]] governing_policy policy_in_force() const noexcept {
        if (*this && entry().governed.state != route_state::broken) {
            return in_force(entry().governed.policy_index);
        }
        return data_ == nullptr ? governing_policy{} : governing_policy{&*data_->closed};
    }
    [[nodiscard]] governing_policy policy_in_force(std::size_t backend) const noexcept {
        if (!*this) return policy_in_force();
        if (backend_state(backend) == route_state::broken) {
            return governing_policy{&*data_->closed};
        }
        return in_force(record(backend).governed.policy_index);
    }
    /// Whether the names in the response are to be exposed, see `exposed_names`.
    [[nodiscard]] bool exposes_present() const noexcept { return exposes(entry().governed.winner); }
    [[nodiscard]] bool exposes_present(std::size_t backend) const noexcept {
        return exposes(record(backend).governed.winner);
    }

    /// The status that a request must get instead of an answer; 0 for none.
    [[nodiscard]] std::int16_t status_of_error() const noexcept {
        if (state() == route_state::broken) return 500;
        // https://www.rfc-editor.org/rfc/rfc9112#section-3.2-6
        return state() == route_state::ambiguous ? 400 : 0;
    }

    /// Calls `f(const attachment_view&)` for every attachment that applies, the most specific
    /// first: those of the backends, then those of the rule and of all above it.
    template <class F>
    void visit_attachments(F&& f) const {
        if (!*this) return;
        bool inherited = binding().backends == 0;
        for (std::uint32_t i = 0; i < binding().backends; ++i) {
            visit_chain(record(i).chain, text(record(i).name), true, f);
            inherited = inherited || record(i).chain.size == 0;
        }
        visit_chain(binding().chain, {}, inherited, f);
    }

private:
    friend class policy_table;

    matched_route(const detail::table_data& data, std::uint32_t entry) noexcept
        : data_(&data), entry_(entry) {}

    [[nodiscard]] const detail::indexed_entry& entry() const noexcept {
        return data_->index.entry(entry_);
    }
    [[nodiscard]] const detail::binding_record& binding() const noexcept {
        return data_->bindings[entry().binding];
    }
    [[nodiscard]] const detail::rule_record& rule() const noexcept {
        return data_->rules[binding().rule];
    }
    [[nodiscard]] const detail::backend_record& record(std::size_t backend) const noexcept {
        return data_->backends[binding().backends_at + backend];
    }
    [[nodiscard]] std::string_view text(detail::text_position at) const noexcept {
        return data_->text(at);
    }
    [[nodiscard]] const policy* at(std::uint32_t index) const noexcept {
        return data_->policy_at(index);
    }
    [[nodiscard]] governing_policy in_force(std::uint32_t index) const noexcept {
        if (index < detail::first_dynamic) return governing_policy{&*data_->policies[index]};
        return governing_policy{data_->dynamic_policy_at(index)};
    }
    [[nodiscard]] bool exposes(std::uint32_t attachment) const noexcept {
        return attachment != detail::nothing && data_->attachments[attachment].expose_present;
    }

    template <class F>
    void visit_chain(const detail::chain_record& chain, std::string_view backend, bool wins,
                     F& f) const {
        for (std::uint32_t i = 0; i < chain.size; ++i) {
            const std::uint32_t id = data_->chains[chain.at + i];
            const detail::attachment_record& a = data_->attachments[id];
            f(attachment_view{attachment_id{id}, a.level, text(a.kind), text(a.name), backend,
                              at(a.policy_index), wins && i == 0, in_force(a.policy_index)});
        }
    }

    const detail::table_data* data_ = nullptr;
    std::uint32_t entry_ = detail::nothing;
};

/// Policies attached to the scopes of a gateway, and the routes by which a request finds its own.
///
/// Immutable: any number of threads may look up. Decisions and `matched_route`s borrow from it.
/// Made by `policy_table_builder`.
class policy_table {
public:
    /// Finds the rule of a request: hostname (exact, then the longest wildcard), exact path,
    /// longest expression, longest prefix, method, most headers, most query parameters, oldest
    /// route, its name, first rule.
    ///
    /// A `*.` hostname, or none, is tried where no rule of a more specific one matches; not so
    /// those of a listener where another one of its Gateway and port names the host more precisely.
    ///
    /// @param fields  `fields(name)` gives the value of a request field, or a null view.
    ///
    /// Cost: no allocation; depends on the labels of the host and the elements of the path, not on
    ///       the number of routes, except of those that differ in neither.
    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
    template <class Fields>
    [[nodiscard]] matched_route find(const route_request& request,
                                     const Fields& fields) const noexcept {
        const auto accepts = [&](const detail::indexed_entry& entry) noexcept {
            return (request.listener == any_listener || request.listener == entry.listener) &&
                   (entry.always || (data_.holds(data_.matches[entry.match], request, fields) &&
                                     data_.serves(entry.listener, request.host)));
        };
        if (request.several_hosts) return {data_, detail::nothing};
        const std::uint32_t found = data_.index.find(request.host, request.path, accepts);
        return found == detail::nothing ? matched_route{} : matched_route{data_, found};
    }

    /// The same where no rule asks for headers.
    [[nodiscard]] matched_route find(const route_request& request) const noexcept {
        return find(request, detail::no_fields{});
    }
    [[nodiscard]] matched_route find(std::string_view host, std::string_view path,
                                     std::string_view method) const noexcept {
        return find(route_request{.host = host, .path = path, .method = method});
    }

    /// The same for a framework's request. @param target  As `make_route_request` takes it.
    template <request_view R>
    [[nodiscard]] matched_route find(const R& request, std::string_view target) const noexcept {
        return find(make_route_request(read_facts(request), target),
                    detail::field_lookup<R>{request});
    }

    /// Calls `f(const matched_route&, hostname, path, kind, method)` for every match of every rule,
    /// in the order of precedence; a hostname `.a.example` stands for `*.a.example`.
    template <class F>
    void visit_routes(F&& f) const {
        const auto& entries = data_.index.entries();
        for (std::size_t i = 0; i < entries.size(); ++i) {
            const detail::indexed_entry& entry = entries[i];
            f(matched_route{data_, static_cast<std::uint32_t>(i)}, data_.index.host(entry.host),
              data_.text(entry.path), entry.kind, data_.text(data_.matches[entry.match].method));
        }
    }

private:
    friend class policy_table_builder;

    explicit policy_table(detail::table_data data) noexcept : data_(std::move(data)) {}

    detail::table_data data_;
};

/// Decides a request before a backend is chosen: a preflight, as a rule. Where backends differ it
/// is allowed only if every one of them would allow it, and the answer lists what all of them do.
///
/// A broken rule answers 500, a request with several `Host` fields 400; where nothing governs the
/// request, the decision is to leave it alone.
[[nodiscard]] inline decision evaluate(const matched_route& route,
                                       const request_facts& facts) noexcept {
    const auto decide = [&](const auto& p) { return evaluate(p, facts); };
    const route_state state = route.state();
    if (state == route_state::governed) return route.policy_in_force().visit(decide);
    if (const std::int16_t status = route.status_of_error(); status != 0) {
        return decision{{.kind = classify(facts), .status = status}};
    }
    if (state != route_state::split) return {};
    const policy* p = route.governing();
    // A policy may be missing from one of the backends; nobody can answer in its name.
    for (std::size_t i = 0; i < route.backends(); ++i) {
        if (route.backend_weight(i) == 0) continue;
        const policy* own = route.governing(i);
        // One that is in shadow governs nothing either.
        const bool governed = own != nullptr && own->rules().says<&policy_options::shadow>() ==
                                                    p->rules().says<&policy_options::shadow>();
        const decision d = governed ? route.policy_in_force(i).visit(decide)
                                    : evaluate(*p, facts, origin_verdict::refused);
        if (!is_refusal(d.outcome())) continue;
        decision_fields fields = d.fields();
        fields.vary_origin = true;
        return decision{fields};
    }
    return evaluate(*p, facts, origin_verdict::allowed);
}

/// Decides a request that goes to one of the rule's backends.
[[nodiscard]] inline decision evaluate(const matched_route& route, std::size_t backend,
                                       const request_facts& facts) noexcept {
    if (!route) return evaluate(route, facts);
    if (route.backend_state(backend) == route_state::broken) {
        return decision{{.kind = classify(facts), .status = 500}};
    }
    return route.policy_in_force(backend).visit([&](const auto& p) { return evaluate(p, facts); });
}

namespace detail {

/// @param p  What governs the request, or null.
template <request_view R>
[[nodiscard]] request_facts read_facts_for(const policy* p, const R& request) noexcept {
    request_facts facts = read_facts(request);
    facts.credentials = p != nullptr && p->rules().says<&policy_options::refuse_credentials>() &&
                        carries_credentials(request);
    return facts;
}

}  // namespace detail

/// The same for a framework's request.
template <request_view R>
[[nodiscard]] decision evaluate(const matched_route& route, const R& request) noexcept {
    return evaluate(route, detail::read_facts_for(route.governing(), request));
}
template <request_view R>
[[nodiscard]] decision evaluate(const matched_route& route, std::size_t backend,
                                const R& request) noexcept {
    return evaluate(route, backend, detail::read_facts_for(route.governing(backend), request));
}

}  // namespace corsac::inline v0_2_0

#endif
