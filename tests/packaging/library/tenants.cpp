// SPDX-License-Identifier: MIT
#include "tenants.hpp"

corsac::policy policy_of_tenants() {
    return *corsac::make_policy({.allow_origins = {"https://*.example.com"}});
}
