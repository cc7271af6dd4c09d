// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_ENVOY_GATEWAY_HPP
#define CORSAC_INTEROP_OTHER_ENVOY_GATEWAY_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/interop/other/targeted_cors.hpp>

#include <optional>

namespace corsac::inline v0::interop {

/// Reads the `cors` of Envoy Gateway's SecurityPolicy, of its `spec`.
///
/// Its origins are patterns as here: `https://*.example.com`, `*`. Where the policy of a route
/// leaves something out, nothing is inherited.
///
/// @return  Nothing if it says nothing about CORS.
///
/// Spec: https://gateway.envoyproxy.io/docs/api/extension_types/#cors
[[nodiscard]] inline std::optional<targeted_cors> read_envoy_gateway_cors(
    const document_view& spec) {
    const document_view cors = spec["cors"];
    if (!cors || !cors.is_map({"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders",
                               "maxAge", "allowCredentials"})) {
        return std::nullopt;
    }
    targeted_cors made;
    made.targets = detail::read_targets(spec);
    made.options.allow_origins = cors["allowOrigins"].strings();
    made.options.allow_credentials = cors["allowCredentials"].boolean().value_or(false);
    detail::read_lists(cors, made.options);
    return made;
}

}  // namespace corsac::inline v0::interop

#endif
