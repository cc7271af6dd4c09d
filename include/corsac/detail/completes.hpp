// SPDX-License-Identifier: MIT
#ifndef CORSAC_DETAIL_COMPLETES_HPP
#define CORSAC_DETAIL_COMPLETES_HPP

namespace corsac::inline v0_2_0::detail {

/// Calls code of the user's and keeps its exceptions away from the server: false if it threw.
template <class F>
[[nodiscard]] constexpr bool completes(F&& f) noexcept {
#if defined(__cpp_exceptions)
    if constexpr (!noexcept(f())) {
        try {
            f();
            return true;
        } catch (...) { return false; }
    }
#endif
    f();
    return true;
}

}  // namespace corsac::inline v0_2_0::detail

#endif
