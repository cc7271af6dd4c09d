// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_DOCUMENT_LISTED_EXPORT_HPP
#define CORSAC_INTEROP_DOCUMENT_LISTED_EXPORT_HPP

// Tested in tests/interop/envoy/export.test.cpp.

#include <corsac/interop/document/export_loss.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_intersection.hpp>

#include <concepts>
#include <cstddef>
#include <utility>

namespace corsac::inline v0_2_0::interop {

/// A policy that is no `policy`: it has a matcher, or is a constant.
template <class P>
concept other_policy = policy_like<P> && !std::same_as<P, policy>;

namespace detail {

template <std::size_t Size>
constexpr bool may_allow_unlisted(const basic_origin_set<Size>&) noexcept {
    return false;
}
constexpr bool may_allow_unlisted(const auto&) noexcept { return true; }

/// Writes what a policy lists, and reports that a document cannot ask its matcher.
/// @param write  `write(const policy&, const export_options&)`
template <other_policy P, class Write>
[[nodiscard]] exported export_listed(const P& p, const export_options& options,
                                     const Write& write) {
    exported made = write(listed_part(p), export_options{});
    if (may_allow_unlisted(p.origins())) {
        made.losses.add(loss_kind::narrower, "matcher", {},
                        "decides in the program; only the origins that are listed are written");
    }
    return finish_export(*std::move(made.value), std::move(made.losses), options);
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
