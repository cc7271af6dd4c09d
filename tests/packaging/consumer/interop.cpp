// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy.hpp>
#include <corsac/interop/gateway.hpp>

namespace interop = corsac::interop;

// A policy leaves for Envoy, which can say all of it.
int main() {
    const auto policy = corsac::make_policy({.allow_origins = {"https://a.example"}});
    return policy && interop::to_envoy(*policy, {.strict = true}).value ? 0 : 1;
}
