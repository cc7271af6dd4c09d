// expect: corsac: an observer takes \(const corsac::decision&\) and perhaps the framework.s request
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(server, corsac::observed(policy, [](int) {}));
}
