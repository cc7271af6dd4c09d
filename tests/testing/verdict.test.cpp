// SPDX-License-Identifier: MIT
#include <corsac/testing/verdict.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string_view>

namespace sim = corsac::testing;
using sim::step;

static_assert(to_string(step::preflight_origin_missing) == "preflight:origin-missing");
static_assert(to_string(step::actual_credentials_not_true) == "actual:credentials-not-true");
static_assert(to_string(step::redirect_error_mode) == "redirect:error-mode");
static_assert(to_string(sim::response_type::opaque_redirect) == "opaqueredirect");

TEST_CASE("every verdict and every type of response has a name of its own") {
    using sim::response_type;
    using sim::verdict;
    CHECK(to_string(sim::wire_kind::preflight) == "preflight");
    CHECK(to_string(sim::wire_kind::actual) == "actual");
    CHECK(to_string(verdict::allowed) == "allowed");
    CHECK(to_string(verdict::blocked) == "blocked");
    CHECK(to_string(verdict::throws) == "throws");
    CHECK(to_string(response_type::error) == "error");
    CHECK(to_string(response_type::basic) == "basic");
    CHECK(to_string(response_type::cors) == "cors");
    CHECK(to_string(response_type::opaque) == "opaque");
    CHECK(to_string(response_type::opaque_redirect) == "opaqueredirect");
}

TEST_CASE("every step has a name of its own") {
    std::set<std::string_view> seen;
    for (int i = 0; i <= static_cast<int>(step::network); ++i) {
        seen.insert(to_string(static_cast<step>(i)));
    }
    CHECK(seen.size() == static_cast<std::size_t>(step::network) + 1);
    CHECK(seen.count("") == 0);
}
