// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_AGENTGATEWAY_HPP
#define CORSAC_INTEROP_OTHER_AGENTGATEWAY_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/other/detail/common.hpp>
#include <corsac/interop/other/targeted_cors.hpp>

#include <optional>

namespace corsac::inline v0::interop {

/// Reads the `traffic.cors` of an AgentgatewayPolicy, of its `spec`: the fields of the Gateway
/// API's filter.
///
/// @return  Nothing if it says nothing about CORS.
///
/// Spec: https://agentgateway.dev/docs/kubernetes/main/security/cors/
[[nodiscard]] inline std::optional<targeted_cors> read_agentgateway_cors(
    const document_view& spec) {
    const document_view cors = spec["traffic"]["cors"];
    if (!cors || !cors.is_map({"allowOrigins", "allowMethods", "allowHeaders", "exposeHeaders",
                               "maxAge", "allowCredentials"})) {
        return std::nullopt;
    }
    targeted_cors made;
    made.targets = detail::read_targets(spec);
    made.options.allow_origins = cors["allowOrigins"].strings();
    made.options.allow_credentials = cors["allowCredentials"].boolean().value_or(false);
    detail::read_lists(cors, made.options);
    if (!made.options.max_age) made.options.max_age = 5;  // the Gateway API's default
    return made;
}

}  // namespace corsac::inline v0::interop

#endif
