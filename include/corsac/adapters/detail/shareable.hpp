// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DETAIL_SHAREABLE_HPP
#define CORSAC_ADAPTERS_DETAIL_SHAREABLE_HPP

#include <memory>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// What keeps a request's policy, in a form that may be copied.
template <class Pointer>
using shareable = std::conditional_t<std::is_copy_constructible_v<Pointer>, Pointer,
                                     std::shared_ptr<const Pointer>>;

template <class Pointer>
[[nodiscard]] shareable<Pointer> make_shareable(Pointer pointer) {
    if constexpr (std::is_copy_constructible_v<Pointer>) {
        return pointer;
    } else {
        return std::make_shared<const Pointer>(std::move(pointer));
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
