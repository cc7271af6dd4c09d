// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_VISIT_POLICY_HPP
#define CORSAC_ADAPTERS_DETAIL_VISIT_POLICY_HPP

namespace corsac::inline v0_2_0::detail {

/// What `f` returns of the policy that a source points to; one of a table may be of either of two
/// types.
template <class Pointer, class F>
[[nodiscard]] auto visit_policy(const Pointer& pointer, const F& f) {
    if constexpr (requires { pointer.visit(f); }) {
        return pointer.visit(f);
    } else {
        return f(*pointer);
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
