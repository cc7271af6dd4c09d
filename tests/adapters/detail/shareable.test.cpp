// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/shareable.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <type_traits>

namespace {

static_assert(std::is_same_v<corsac::detail::shareable<const int*>, const int*>);
static_assert(std::is_copy_constructible_v<corsac::detail::shareable<std::unique_ptr<int>>>);

TEST_CASE("what cannot be copied is shared instead") {
    const int one = 1;
    CHECK(corsac::detail::make_shareable(&one) == &one);
    const auto first = corsac::detail::make_shareable(std::make_unique<int>(7));
    const auto second = first;
    CHECK(**second == 7);
    CHECK(first == second);
}

}  // namespace
