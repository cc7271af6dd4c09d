// expect: corsac: this is neither a policy nor a callable that takes the framework.s request
#include "fake_server.hpp"

void set_up(fake_server& server, const corsac::policy& policy) {
    corsac::httplib_install(server, [&policy](const std::string&) { return &policy; });
}
