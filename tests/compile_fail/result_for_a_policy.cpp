// expect: corsac: this is a result, which may hold mistakes instead of a policy; check it, then
// pass what it holds: \*policy
#include "fake_server.hpp"

void set_up(fake_server& server) {
    const corsac::result<corsac::policy> policy =
        corsac::make_policy({.allow_origins = {"https://app.example"}});
    corsac::httplib_install(server, policy);
}
