// SPDX-License-Identifier: MIT
#pragma once

#include <corsac/policy/policy.hpp>

corsac::policy policy_of_tenants();
