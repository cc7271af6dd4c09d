// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_POLICY_BUILD_HPP
#define CORSAC_TESTS_POLICY_BUILD_HPP

#include <corsac/policy/policy.hpp>

#include <doctest/doctest.h>

#include <utility>

namespace support {

/// The policy; a mistake in the options fails the test, and says itself.
inline corsac::policy build(const corsac::policy_options& options) {
    corsac::result<corsac::policy> built = corsac::make_policy(options);
    for (const corsac::config_error& e : built.errors()) MESSAGE(e.message());
    REQUIRE(built);
    return *std::move(built);
}

/// Options with something in every list.
inline corsac::policy_options sample() {
    return {.allow_origins = {"https://a.example"},
            .allow_methods = {"PUT"},
            .allow_headers = {"X-A", "X-Custom-*"},
            .expose_headers = {"X-B"},
            .own_origins = {"https://own.example"}};
}

}  // namespace support

#endif
