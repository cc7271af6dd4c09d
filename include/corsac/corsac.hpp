// SPDX-License-Identifier: MIT
#ifndef CORSAC_CORSAC_HPP
#define CORSAC_CORSAC_HPP

// All that it takes to decide requests and write the headers. Adapters, interop and testing are
// included by name.

#include <corsac/decision/evaluate.hpp>        // IWYU pragma: export
#include <corsac/decision/explain.hpp>         // IWYU pragma: export
#include <corsac/decision/kept_decision.hpp>   // IWYU pragma: export
#include <corsac/decision/near_miss.hpp>       // IWYU pragma: export
#include <corsac/decision/response.hpp>        // IWYU pragma: export
#include <corsac/origin/loopback_origins.hpp>  // IWYU pragma: export
#include <corsac/policy/policy.hpp>            // IWYU pragma: export
#include <corsac/policy/static_policy.hpp>     // IWYU pragma: export
#include <corsac/version.hpp>                  // IWYU pragma: export

#endif
