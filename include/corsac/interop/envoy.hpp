// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_HPP
#define CORSAC_INTEROP_ENVOY_HPP

// Tested in tests/interop/envoy.

// Envoy: policies and whole tables written for it, its CorsPolicy read, and a twin of its CORS
// filter to compare with.

#include <corsac/interop/document/document_writer.hpp>  // IWYU pragma: export
#include <corsac/interop/envoy/cors_policy_reader.hpp>  // IWYU pragma: export
#include <corsac/interop/envoy/cors_policy_writer.hpp>  // IWYU pragma: export
#include <corsac/interop/envoy/evaluate.hpp>            // IWYU pragma: export
#include <corsac/interop/envoy/explanation.hpp>         // IWYU pragma: export
#include <corsac/interop/envoy/export.hpp>              // IWYU pragma: export
#include <corsac/interop/envoy/filter.hpp>              // IWYU pragma: export
#include <corsac/interop/envoy/kgateway_router.hpp>     // IWYU pragma: export
#include <corsac/interop/envoy/kgateway_routes.hpp>     // IWYU pragma: export
#include <corsac/interop/envoy/routes.hpp>              // IWYU pragma: export

#endif
