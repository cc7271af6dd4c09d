// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_REFERENCES_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_REFERENCES_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/objects.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// What the documents have of the objects that routes refer to.
class reference_finder {
public:
    reference_finder(const gateway_objects& objects, const gateway_import_options& options)
        : objects_(objects), options_(options) {}

    /// Of `gateway_objects::policies`; nothing if it is not there.
    [[nodiscard]] std::optional<std::size_t> find_policy(
        std::string_view name_space, const extension_reference& extension) const {
        for (std::size_t i = 0; i < objects_.policies.size(); ++i) {
            const object_meta& meta = objects_.policies[i].meta;
            if (meta.kind == extension.kind && meta.group == extension.group &&
                meta.name == extension.name && meta.name_space == name_space) {
                return i;
            }
        }
        return std::nullopt;
    }

    /// Whether a filter has nothing to do with CORS.
    [[nodiscard]] bool is_unrelated(const extension_reference& extension) const {
        const std::string name = extension.group + '/' + extension.kind;
        const auto& all = options_.unrelated_extensions;
        return std::find(all.begin(), all.end(), name) != all.end();
    }

    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
    [[nodiscard]] bool is_granted(const http_route& from, const http_backend& backend) const {
        if (backend.name_space == from.meta.name_space || options_.assume_grants) return true;
        for (const reference_grant& grant : objects_.grants) {
            if (grant.meta.name_space != backend.name_space) continue;
            const bool source = std::any_of(
                grant.from.begin(), grant.from.end(), [&](const reference_grant::source& one) {
                    return one.group == from.meta.group && one.kind == from.meta.kind &&
                           one.name_space == from.meta.name_space;
                });
            const bool target = std::any_of(
                grant.to.begin(), grant.to.end(), [&](const reference_grant::target& one) {
                    return one.group == backend.group && one.kind == backend.kind &&
                           (one.name.empty() || one.name == backend.service);
                });
            if (source && target) return true;
        }
        return false;
    }

    /// Whether a backend is of a kind that is known, here or to the caller; of an implementation's
    /// own kind also if there is one among the documents.
    /// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httpbackendref
    [[nodiscard]] bool knows_kind(const http_backend& backend) const {
        const std::string name = backend.group + '/' + backend.kind;
        for (const std::string_view known :
             {"/Service", "multicluster.x-k8s.io/ServiceImport",
              "inference.networking.k8s.io/InferencePool",
              "inference.networking.x-k8s.io/InferencePool", "gateway.envoyproxy.io/Backend",
              "gateway.kgateway.dev/Backend", "gloo.solo.io/Upstream",
              "networking.istio.io/Hostname", "traefik.io/TraefikService"}) {
            if (name == known) return true;
        }
        const auto& all = options_.backend_kinds;
        if (std::find(all.begin(), all.end(), name) != all.end()) return true;
        return std::any_of(
            objects_.documents.begin(), objects_.documents.end(), [&](const document& one) {
                const document* kind = one.find("kind");
                const document* version = one.find("apiVersion");
                return kind != nullptr && version != nullptr && kind->text() == backend.kind &&
                       version->text().substr(0, version->text().find('/')) == backend.group;
            });
    }

private:
    const gateway_objects& objects_;
    const gateway_import_options& options_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
