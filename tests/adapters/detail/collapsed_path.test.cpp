// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/collapsed_path.hpp>

#include <doctest/doctest.h>

TEST_CASE("repeated slashes are one, and none stands at the end") {
    using corsac::detail::collapsed_path;
    CHECK(collapsed_path("/admin") == "/admin");
    CHECK(collapsed_path("//admin") == "/admin");
    CHECK(collapsed_path("/a///b//") == "/a/b");
    CHECK(collapsed_path("admin") == "/admin");
    CHECK(collapsed_path("/") == "/");
    CHECK(collapsed_path("") == "/");
    CHECK(collapsed_path("///") == "/");
}
