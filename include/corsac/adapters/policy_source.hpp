// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_POLICY_SOURCE_HPP
#define CORSAC_ADAPTERS_POLICY_SOURCE_HPP

#include <corsac/evaluate.hpp>
#include <corsac/policy.hpp>
#include <corsac/response.hpp>

#include <concepts>
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
/// behalf of the method in `Access-Control-Request-Method`: choose by path, not by method. The
/// callable runs in the server's threads and must not throw.
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
    constexpr explicit single_policy(const P& policy) noexcept : policy_(&policy) {}

    [[nodiscard]] constexpr const P* operator()(const auto&) const noexcept { return policy_; }

private:
    const P* policy_ = nullptr;
};

/// What adapters accept where they ask for a policy: one that outlives the server (so an object
/// with a name, not a temporary), or a `policy_source`.
template <class T>
concept policy_argument =
    !policy_like<std::remove_cvref_t<T>> || std::is_lvalue_reference_v<T>;

namespace detail {

template <policy_argument T>
[[nodiscard]] constexpr auto as_policy_source(T&& argument) {
    using type = std::remove_cvref_t<T>;
    if constexpr (policy_like<type>) {
        return single_policy<type>{argument};
    } else {
        return type(std::forward<T>(argument));
    }
}

template <class T>
using policy_source_of = decltype(as_policy_source(std::declval<T>()));

/// Evaluates a request against its policy; without one, the decision is to leave it alone.
template <class Policy, request_view View>
[[nodiscard]] constexpr decision decide_if(const Policy& policy, const View& view) noexcept {
    return policy ? evaluate(*policy, view) : decision{};
}

/// Whether a policy rejects requests before their handler runs, which few do; all others save the
/// evaluation in front of the handler.
template <class Policy>
[[nodiscard]] constexpr bool rejects(const Policy& policy) noexcept {
    return policy && (*policy).rules().layout().reject_disallowed;
}

}  // namespace detail

}  // namespace corsac::inline v0

#endif
