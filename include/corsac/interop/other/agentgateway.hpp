// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_AGENTGATEWAY_HPP
#define CORSAC_INTEROP_OTHER_AGENTGATEWAY_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/other/targeted_cors.hpp>

#include <optional>

namespace corsac::inline v0_2_0::interop {

/// Reads the `traffic.cors` of an AgentgatewayPolicy, of its `spec`: the fields of the Gateway
/// API's filter.
///
/// @return  Nothing if it says nothing about CORS.
///
/// Spec: https://agentgateway.dev/docs/kubernetes/main/security/cors/
[[nodiscard]] inline std::optional<targeted_cors> read_agentgateway_cors(
    const document_view& spec) {
    std::optional<targeted_cors> made = detail::read_targeted_cors(spec, spec["traffic"]["cors"]);
    // The Gateway API's default.
    if (made && !made->options.max_age) made->options.max_age = 5;
    return made;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
