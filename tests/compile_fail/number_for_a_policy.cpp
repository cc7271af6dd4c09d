// expect: corsac: an adapter takes a policy, a std::shared_ptr to one, a live_policy, a
// policy_table, or a callable
#include "fake_server.hpp"

void set_up(fake_server& server) { corsac::httplib_install(server, 404); }
