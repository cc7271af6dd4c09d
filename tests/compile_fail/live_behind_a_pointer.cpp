// SPDX-License-Identifier: MIT
// expect: corsac: what is live is a handle; pass it without a pointer
#include "fake_server.hpp"

#include <corsac/live/live_policy.hpp>

#include <memory>

void set_up(fake_server& server, const std::shared_ptr<corsac::live_policy>& live) {
    corsac::httplib_install(server, live);
}
