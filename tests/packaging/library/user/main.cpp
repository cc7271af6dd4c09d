// SPDX-License-Identifier: MIT
#include <tenants.hpp>

int main() {
    const corsac::policy policy = policy_of_tenants();
    return policy.allows_origin("https://a.example.com") &&
                   !policy.allows_origin("https://b.example")
               ? 0
               : 1;
}
