// expect: corsac: the callable returns a policy; let it return a pointer to one that outlives the
// request
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(
        server, [&policy](const fake_request&) -> const corsac::policy& { return policy; });
}
