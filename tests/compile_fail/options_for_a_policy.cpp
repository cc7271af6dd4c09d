// expect: corsac: these are options; pass the policy that make_policy builds of them
#include "fake_server.hpp"

void set_up(fake_server& server) {
    corsac::httplib_install(server,
                            corsac::policy_options{.allow_origins = {"https://app.example"}});
}
