// SPDX-License-Identifier: MIT
// expect: corsac: the scope of a question comes of a callable that takes the
#include "fake_server.hpp"

#include <corsac/live/asked_origins.hpp>

void set_up(fake_server& server, const corsac::policy& policy,
            const corsac::asked_origins& tenants) {
    corsac::httplib_install(server, corsac::asking(policy, tenants, "X-Tenant"));
}
