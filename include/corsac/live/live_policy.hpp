// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_LIVE_POLICY_HPP
#define CORSAC_LIVE_LIVE_POLICY_HPP

#include <corsac/error.hpp>
#include <corsac/live/live_value.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <concepts>
#include <utility>

// Not part of <corsac/corsac.hpp>: it needs threads, which nothing there does.

namespace corsac::inline v0_2_0 {

/// A policy that is replaced while requests are served.
///
/// A handle: copies are of the same live policy, so an adapter may keep one. Any number of threads
/// may read and replace at once. A request reads it once and keeps the reader until its response is
/// written, so that it sees one policy from beginning to end.
template <policy_like P>
class basic_live_policy {
public:
    using policy_type = P;
    using reader = typename live_value<P>::reader;

    explicit basic_live_policy(P first) : value_(std::move(first)) {}

    /// The policy in force; `*live.read()` is a policy for as long as the reader exists.
    ///
    /// Cost: wait-free; a nanosecond or two more than a pointer, with any number of threads. A
    ///       thread's first read allocates, and one by which it has more going at once than ever.
    [[nodiscard]] reader read() const noexcept { return value_.read(); }

    /// Puts a policy in force. Whoever reads after it returns gets that one.
    ///
    /// Cost: microseconds. It waits for other replacements, never for readers; the old policy is
    ///       freed here or by its last reader.
    void replace(P next) const { value_.replace(std::move(next)); }

    /// The same with what `make_policy` says.
    ///
    /// @return  Empty if the policy is in force; otherwise its mistakes, and the old one stays.
    [[nodiscard]] config_errors replace(result<P> next) const {
        if (next) value_.replace(*std::move(next));
        return next.errors();
    }

    /// The same with options. Errors: see `make_policy`. Warnings are not told.
    [[nodiscard]] config_errors replace(const policy_options& next) const
        requires std::same_as<P, policy>
    {
        return replace(make_policy(next));
    }

private:
    live_value<P> value_;
};

/// A `policy` that is replaced while serving.
using live_policy = basic_live_policy<policy>;

}  // namespace corsac::inline v0_2_0

#endif
