// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_HPP
#define CORSAC_INTEROP_GATEWAY_HPP

// Tested in tests/interop/gateway.

// Gateway API objects: read, checked, made into a policy table, explained, and written back. The
// parser is yours: see document/yaml_events.hpp and document/nlohmann_json.hpp.

#include <corsac/interop/document/document_writer.hpp>  // IWYU pragma: export
#include <corsac/interop/gateway/entries.hpp>           // IWYU pragma: export
#include <corsac/interop/gateway/import.hpp>            // IWYU pragma: export
#include <corsac/interop/gateway/reader.hpp>            // IWYU pragma: export
#include <corsac/interop/gateway/validation.hpp>        // IWYU pragma: export
#include <corsac/interop/gateway/writer.hpp>            // IWYU pragma: export
#include <corsac/table/route_explanation.hpp>           // IWYU pragma: export

#endif
