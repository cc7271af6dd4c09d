// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_OTHER_ENVOY_GATEWAY_HPP
#define CORSAC_INTEROP_OTHER_ENVOY_GATEWAY_HPP

#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/other/targeted_cors.hpp>

#include <optional>

namespace corsac::inline v0_2_0::interop {

/// Reads the `cors` of Envoy Gateway's SecurityPolicy, of its `spec`.
///
/// Its origins are patterns as here: `https://*.example.com`, `*`. Where the policy of a route
/// leaves something out, nothing is inherited unless `mergeType` says so, which is reported.
///
/// @return  Nothing if it says nothing about CORS.
///
/// Spec: https://gateway.envoyproxy.io/docs/api/extension_types/#cors
[[nodiscard]] inline std::optional<targeted_cors> read_envoy_gateway_cors(
    const document_view& spec) {
    if (spec["cors"] && spec["mergeType"]) {
        spec["mergeType"].warning("takes what is left out from the policies of Gateway and "
                                  "listener; that is not read here, so write it out");
    }
    return detail::read_targeted_cors(spec, spec["cors"]);
}

}  // namespace corsac::inline v0_2_0::interop

#endif
