// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_IMPORTS_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_IMPORTS_HPP

#include "policy_json.hpp"

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/document/nlohmann_json.hpp>
#include <corsac/interop/envoy/cors_policy_reader.hpp>
#include <corsac/interop/gateway/filter_policy.hpp>
#include <corsac/interop/gateway/reader.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/other/gloo.hpp>
#include <corsac/interop/other/ingress_nginx.hpp>
#include <corsac/interop/other/istio.hpp>
#include <corsac/interop/other/s3.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playground {

/// A policy that was found in pasted text.
struct pasted_policy {
    std::string name;
    corsac::interop::imported_cors cors{};
};

/// What pasted text holds. `parts` says where in its documents another system's settings are.
class paste_reader {
public:
    explicit paste_reader(corsac::interop::regex_engine engine) : engine_(std::move(engine)) {}

    /// @param system  `gateway`, `envoy`, `istio`, `gloo`, `s3` or `ingress-nginx`.
    /// @param name    What the settings are called where they stand.
    /// @param value   Of `gateway` a list of whole objects, of the others the settings alone.
    void read(std::string_view system, const std::string& name, const json& value) {
        using namespace corsac::interop;
        document_reader reader{problems_};
        if (system == "gateway") {
            std::vector<document> documents;
            for (const json& one : value) documents.push_back(reader.read(json_node{one}));
            return read_gateway(std::move(documents));
        }
        const document settings = reader.read(json_node{value});
        const document_view view{&settings, "", name, problems_};
        if (system == "envoy") add(name, import_envoy_cors(view, engine_));
        if (system == "istio") add(name, read_istio_cors(view, engine_));
        if (system == "gloo") add(name, read_gloo_cors(view, engine_));
        if (system == "ingress-nginx") {
            if (std::optional<corsac::policy_options> read = read_ingress_nginx_cors(view)) {
                add(name, imported_cors{std::move(*read), {}});
            }
        }
        if (system == "s3") {
            for (corsac::policy_options& one : read_s3_cors(view)) {
                const std::string number = std::to_string(policies_.size() + 1);
                add(name + ", rule " + number, imported_cors{std::move(one), {}});
            }
        }
    }

    [[nodiscard]] const std::vector<pasted_policy>& policies() const { return policies_; }
    [[nodiscard]] const corsac::interop::manifest_problems& problems() const { return problems_; }

private:
    void add(const std::string& name, std::optional<corsac::interop::imported_cors> read) {
        if (read) policies_.push_back({name, std::move(*read)});
    }

    void read_gateway(std::vector<corsac::interop::document> documents) {
        using namespace corsac::interop;
        const gateway_objects objects = read_gateway_objects(std::move(documents), problems_);
        for (const http_route& route : objects.routes) {
            for (const http_rule& rule : route.rules) {
                add_filters(route.meta.title() + ", " + rule.path, route.meta, rule.filters);
                for (const http_backend& backend : rule.backends) {
                    add_filters(route.meta.title() + ", " + rule.path + ", backend " + backend.name,
                                route.meta, backend.filters);
                }
            }
        }
        for (const traffic_policy& one : objects.policies) {
            if (!one.cors || one.disables) continue;
            add_filter(one.meta.title(), *one.cors, one.meta.title(), "spec.cors");
        }
    }

    void add_filters(const std::string& name, const corsac::interop::object_meta& meta,
                     const corsac::interop::http_filters& filters) {
        if (filters.cors) add_filter(name, *filters.cors, meta.title(), filters.cors_path);
    }

    void add_filter(const std::string& name, const corsac::interop::cors_filter& filter,
                    const std::string& object, const std::string& path) {
        using namespace corsac::interop;
        const filter_policy made =
            make_filter_policy(filter, gateway_profile::gateway_api, object, path, problems_);
        if (made.value) add(name, imported_cors{made.value->options(), {}});
    }

    corsac::interop::regex_engine engine_;
    corsac::interop::manifest_problems problems_;
    std::vector<pasted_policy> policies_;
};

inline json problems_json(const corsac::interop::manifest_problems& problems) {
    json out = json::array();
    for (const corsac::interop::manifest_problem& one : problems) {
        out.push_back({{"error", one.is_error},
                       {"object", one.object},
                       {"path", one.path},
                       {"message", one.message}});
    }
    return out;
}

}  // namespace playground

#endif
