// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_POLICY_SOURCE_HPP
#define CORSAC_ADAPTERS_POLICY_SOURCE_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/header_access.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0 {

/// What adapters take a request's policy from when there is more than one: a callable that gets the
/// framework's request and returns a pointer to a policy, or null where none governs the request.
///
/// ```
/// [&](const httplib::Request& r) { return r.path.starts_with("/api/") ? &api : nullptr; }
/// ```
/// Any pointer-like type will do; it is held until the response is written. A preflight asks on
/// behalf of another method: choose by path, or with a `policy_table`, which knows. The callable
/// runs in the server's threads and must not throw.
template <class S, class Request>
concept policy_source = requires(const S& source, const Request& request) {
    static_cast<bool>(source(request));
    requires policy_like<std::remove_cvref_t<decltype(*source(request))>>;
};

/// The policy of every request. The policy must outlive the server.
template <policy_like P>
class single_policy {
public:
    /// No policy yet: requests are left alone.
    constexpr single_policy() noexcept = default;
    constexpr explicit single_policy(const P& only) noexcept : policy_(&only) {}

    [[nodiscard]] constexpr const P* operator()(const auto&) const noexcept { return policy_; }

private:
    const P* policy_ = nullptr;
};

/// What adapters accept where they ask for a policy: one that outlives the server (so an object
/// with a name, not a temporary), or a `policy_source`.
template <class T>
concept policy_argument = !policy_like<std::remove_cvref_t<T>> || std::is_lvalue_reference_v<T>;

/// Stands for "no handler of mine" where an adapter takes a framework's only slot for one.
struct no_handler {};

namespace detail {

template <policy_argument T>
[[nodiscard]] constexpr auto as_policy_source(T&& argument) {
    using type = std::decay_t<T>;  // a function becomes a pointer
    if constexpr (policy_like<type>) {
        return single_policy<type>{argument};
    } else {
        return type(std::forward<T>(argument));
    }
}

}  // namespace detail

/// What an adapter makes of the policy or source that it is given: a `policy_source`.
template <class T>
using policy_source_of = decltype(detail::as_policy_source(std::declval<T>()));

namespace detail {

/// Evaluates a request against its policy; without one, the decision is to leave it alone.
template <class Policy, request_view View>
[[nodiscard]] constexpr decision decide_if(const Policy& p, const View& view) noexcept {
    return p ? corsac::evaluate(*p, view) : decision{};
}

/// Whether a policy rejects requests before their handler runs, which few do; all others save the
/// evaluation in front of the handler.
template <class Policy>
[[nodiscard]] constexpr bool rejects(const Policy& p) noexcept {
    return p && (*p).rules().template says<&policy_options::reject_disallowed>();
}

/// A decision that leaves the answer to the application, made independent of a request that the
/// handler may move away or destroy. Of such a decision only the origin can be the request's.
class kept_answer {
public:
    explicit kept_answer(const decision& d) noexcept : fields_(d.fields()) {
        fields_.subject = {};
        const std::string_view origin = fields_.allow_origin;
        if (origin.size() > sizeof origin_) fields_.allow_origin = {};  // none matches that long
        size_ = fields_.allow_origin.size();
        for (std::size_t i = 0; i < size_; ++i) origin_[i] = origin[i];
    }

    /// Valid as long as this object.
    [[nodiscard]] decision get() const noexcept {
        decision_fields fields = fields_;
        fields.allow_origin = {origin_, size_};
        return decision{fields};
    }

private:
    decision_fields fields_;
    std::size_t size_;
    char origin_[max_origin_length];
};

/// The phrase of a status that a decision may have.
[[nodiscard]] constexpr std::string_view reason_phrase(int status) noexcept {
    switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 403: return "Forbidden";
    default: return status < 300 ? "Success" : "Error";
    }
}

/// A response that the adapter has just made: nothing to replace in it, no `Vary` to merge with.
template <class Sink>
struct new_response {
    Sink sink;

    void add(std::string_view name, std::string_view value) {
        if constexpr (adds_fields<Sink>) {
            sink.add(name, value);
        } else {
            sink.set(name, value);
        }
    }
};

template <class Sink>
new_response(Sink) -> new_response<Sink>;

}  // namespace detail

}  // namespace corsac::inline v0

#endif
