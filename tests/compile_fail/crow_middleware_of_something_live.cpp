// SPDX-License-Identifier: MIT
// expect: corsac: with <> this takes a policy; for anything else leave the <> away
// expect: corsac::crow_middleware cors.live
#include <corsac/adapters/crow.hpp>
#include <corsac/live/live_policy.hpp>

void set_up(const corsac::live_policy& live) { corsac::crow_middleware<> middleware{live}; }
