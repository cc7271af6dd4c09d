// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_CLUSTERS_HPP
#define CORSAC_INTEROP_ENVOY_CLUSTERS_HPP

// Tested in tests/interop/envoy/routes.test.cpp.

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/gateway/objects.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

/// The cluster of a backend as kgateway calls it: `kube_shop_cart_8080`.
[[nodiscard]] inline std::string kgateway_cluster_name(const http_backend& backend) {
    std::string name = "kube_" + backend.name_space;
    name.append("_").append(backend.service);
    return name + '_' + std::to_string(backend.port);
}

/// Where requests go that no backend takes. No cluster may have this name: then Envoy answers 500,
/// with CORS headers, as it does not with a direct response.
inline constexpr std::string_view envoy_nowhere = "corsac_nowhere";

namespace detail {

/// A cluster with its share of the requests, and its own policy, if it has one.
[[nodiscard]] inline document weighted_cluster(std::string_view name, std::int64_t weight,
                                               document per_filter) {
    document cluster = document::map();
    cluster.set("name", document(name));
    cluster.set("weight", document(weight));
    if (!per_filter.is_null()) cluster.set("typed_per_filter_config", std::move(per_filter));
    return cluster;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::interop

#endif
