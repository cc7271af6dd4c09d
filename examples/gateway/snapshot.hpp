// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_SNAPSHOT_HPP
#define CORSAC_EXAMPLES_GATEWAY_SNAPSHOT_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/yaml_cpp.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/envoy/kgateway_router.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>

#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway {

/// Everything that one version of the manifests says. Never changed: a request that began under
/// one snapshot ends under it.
struct snapshot {
    explicit snapshot(corsac::interop::gateway_import from)
        : import(std::move(from)), envoy(import), router(import), table(*import.table) {}
    snapshot(const snapshot&) = delete;
    snapshot& operator=(const snapshot&) = delete;

    corsac::interop::gateway_import import;
    corsac::interop::envoy_policies envoy;
    corsac::interop::kgateway_router router;
    const corsac::policy_table& table;
};

/// The whole file; nothing if it cannot be read or is longer than any manifest.
inline std::optional<std::string> read_file(const std::string& path,
                                            corsac::interop::manifest_problems& problems) {
    std::ifstream in(path, std::ios::binary | std::ios::ate);
    if (!in) {
        problems.error({}, {}, path + " cannot be read");
        return std::nullopt;
    }
    const auto size = static_cast<std::size_t>(in.tellg());
    if (!corsac::interop::accepts_size(size, problems)) return std::nullopt;
    in.seekg(0);
    std::string text(size, '\0');
    in.read(text.data(), static_cast<std::streamsize>(size));
    text.resize(static_cast<std::size_t>(in.gcount()));
    return text;
}

/// @return  Null if there is any error: nothing is ever half-loaded.
inline std::shared_ptr<const snapshot> load(const std::string& yaml,
                                            corsac::interop::gateway_profile profile,
                                            corsac::interop::manifest_problems& problems) {
    std::vector<corsac::interop::document> documents;
    corsac::interop::document_reader reader(problems);
    try {
        for (const YAML::Node& root : YAML::LoadAll(yaml)) {
            documents.push_back(reader.read(corsac::interop::yaml_node{root}));
        }
    } catch (const YAML::Exception& e) { problems.error({}, {}, e.what()); }
    if (problems.errors() != 0) return nullptr;
    corsac::interop::gateway_objects objects = read_gateway_objects(std::move(documents), problems);
    if (problems.errors() != 0) return nullptr;
    corsac::interop::gateway_import import = import_gateway(objects, profile, problems);
    if (!import.table) return nullptr;
    return std::make_shared<const snapshot>(std::move(import));
}

}  // namespace gateway

#endif
