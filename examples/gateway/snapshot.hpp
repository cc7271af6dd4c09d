// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_SNAPSHOT_HPP
#define CORSAC_EXAMPLES_GATEWAY_SNAPSHOT_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/yaml_events.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/envoy/kgateway_router.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cerrno>
#include <cstddef>
#include <cstring>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <sys/stat.h>

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

/// The whole file; nothing if it cannot be read, is no file, or is longer than any manifest.
inline std::optional<std::string> read_file(const std::string& path,
                                            corsac::interop::manifest_problems& problems) {
    struct stat at{};
    if (stat(path.c_str(), &at) != 0) {
        problems.error({}, {}, path + " cannot be read: " + std::strerror(errno));
        return std::nullopt;
    }
    if (!S_ISREG(at.st_mode)) {  // to open a pipe would be to wait for somebody who writes
        problems.error({}, {},
                       path + " is " + (S_ISDIR(at.st_mode) ? "a folder" : "a pipe or a device") +
                           ", and manifests are read from a file");
        return std::nullopt;
    }
    if (!corsac::interop::accepts_size(static_cast<std::size_t>(at.st_size), problems)) {
        return std::nullopt;
    }
    std::ifstream in(path, std::ios::binary);
    std::string text(static_cast<std::size_t>(at.st_size), '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    if (in.gcount() != at.st_size) {
        problems.error({}, {}, path + " cannot be read to its end");
        return std::nullopt;
    }
    return text;
}

/// @return  Null if there is any error: nothing is ever half-loaded.
inline std::unique_ptr<const snapshot> load(const std::string& yaml,
                                            corsac::interop::gateway_profile profile,
                                            corsac::interop::manifest_problems& problems) {
    std::vector<corsac::interop::document> documents;
    try {
        documents = corsac::interop::read_yaml<YAML::Parser, YAML::EventHandler>(yaml, problems);
    } catch (const YAML::Exception& e) {
        if (problems.errors() == 0) problems.error({}, {}, e.what());
    }
    if (problems.errors() != 0) return nullptr;
    corsac::interop::gateway_objects objects = read_gateway_objects(std::move(documents), problems);
    if (objects.routes.empty()) {
        problems.error({}, {},
                       "there is no HTTPRoute in the file, so that nothing could be served");
    }
    if (problems.errors() != 0) return nullptr;
    corsac::interop::gateway_import import = import_gateway(objects, profile, problems);
    if (!import.table) return nullptr;
    return std::make_unique<const snapshot>(std::move(import));
}

}  // namespace gateway

#endif
