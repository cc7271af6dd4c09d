// SPDX-License-Identifier: MIT
#ifndef CORSAC_CORSAC_HPP
#define CORSAC_CORSAC_HPP

// All that it takes to decide requests and write the headers. Adapters, interop and testing are
// included by name.

#include <corsac/evaluate.hpp>       // IWYU pragma: export
#include <corsac/explain.hpp>        // IWYU pragma: export
#include <corsac/kept_decision.hpp>  // IWYU pragma: export
#include <corsac/policy.hpp>         // IWYU pragma: export
#include <corsac/response.hpp>       // IWYU pragma: export
#include <corsac/static_policy.hpp>  // IWYU pragma: export
#include <corsac/version.hpp>        // IWYU pragma: export

#endif
