// expect: corsac: the callable returns something else than a pointer to a policy
#include "fake_server.hpp"

void set_up(fake_server& server) {
    corsac::httplib_install(server, [](const fake_request&) { return true; });
}
