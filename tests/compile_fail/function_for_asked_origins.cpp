// SPDX-License-Identifier: MIT
// expect: corsac: answers about origins come of a corsac::asked_origins
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(server, corsac::asking(policy, [](const corsac::origin_question&) {
                                return corsac::origin_verdict::refused;
                            }));
}
