// SPDX-License-Identifier: MIT
// expect: corsac: answers for developers are switched on and off with a
// expect: corsac::debug_switch
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(server, corsac::debuggable(policy, true));
}
