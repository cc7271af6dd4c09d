// expect: corsac: a pointer does not say who keeps the policy alive; pass the policy itself
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(server, &policy);
}
