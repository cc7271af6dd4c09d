// SPDX-License-Identifier: MIT
// A policy that the compiler makes is data: nothing of it is run when the program starts.
#include <corsac/policy/static_policy.hpp>

#include <string_view>

namespace {

constexpr auto api = corsac::static_policy([] {
    return corsac::policy_options{.allow_origins = {"https://a.example", "https://*.b.example"},
                                  .allow_methods = {"PUT"},
                                  .allow_headers = {"Authorization"},
                                  .max_age = 600};
});

}  // namespace

bool allows(std::string_view origin) { return api.allows_origin(origin); }
