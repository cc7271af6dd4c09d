// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_READER_HPP
#define CORSAC_INTEROP_GATEWAY_READER_HPP

#include <corsac/interop/cors_filter.hpp>
#include <corsac/interop/document_view.hpp>
#include <corsac/interop/gateway_objects.hpp>
#include <corsac/interop/timestamp.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0 {

namespace detail {

inline constexpr std::string_view gateway_group = "gateway.networking.k8s.io";

[[nodiscard]] inline bool is_traffic_policy(std::string_view group,
                                            std::string_view kind) noexcept {
    return (group == "gateway.kgateway.dev" && kind == "TrafficPolicy") ||
           (group == "gloo.solo.io" && kind == "GlooTrafficPolicy");
}

class gateway_reader {
public:
    explicit gateway_reader(manifest_problems& problems) : problems_(problems) {}

    [[nodiscard]] gateway_objects read(std::vector<document> documents) {
        for (document& root : documents) {
            const document* items = root.find("items");
            const document* kind = root.find("kind");
            if (kind == nullptr || kind->text() != "List" || items == nullptr) {
                objects_.documents.push_back(std::move(root));
                continue;
            }
            for (std::size_t i = 0; i < items->size(); ++i) {
                objects_.documents.push_back(items->item(i));
            }
        }
        for (std::size_t i = 0; i < objects_.documents.size(); ++i) read_object(i);
        return std::move(objects_);
    }

private:
    void read_object(std::size_t index) {
        const document& root = objects_.documents[index];
        if (root.is_null()) return;  // nothing between two `---`
        const document_view unnamed(&root, "", "document " + std::to_string(index + 1), problems_);
        if (root.kind() != document_kind::map) {
            unnamed.error("is no Kubernetes object: it must be a map with apiVersion and kind");
            return;
        }
        const std::string version = required(unnamed["apiVersion"]);
        object_meta meta;
        meta.kind = required(unnamed["kind"]);
        meta.group = version.substr(0, version.find('/'));
        meta.document = index;
        const document_view metadata = unnamed["metadata"];
        meta.name = required(metadata["name"]);
        meta.name_space = metadata["namespace"].string();
        if (meta.name_space.empty()) meta.name_space = "default";
        read_creation(metadata["creationTimestamp"], meta);
        meta.labels = read_labels(metadata["labels"]);

        const bool route = meta.group == gateway_group && meta.kind == "HTTPRoute";
        const bool gateway = meta.group == gateway_group && meta.kind == "Gateway";
        const bool policies = is_traffic_policy(meta.group, meta.kind);
        if (!route && !gateway && !policies) {
            if (!meta.kind.empty()) {
                unnamed.warning("is a " + meta.kind + " of " + version + ", which has no effect");
            }
            return;
        }
        if (meta.name.empty()) return;
        const document_view view(&root, "", meta.title(), problems_);
        if (!seen_.insert(meta.group + '/' + meta.title()).second) {
            view.error("is there twice");
            return;
        }
        (void)view.is_map({"apiVersion", "kind", "metadata", "spec", "status"});
        if (!view["spec"]) view["spec"].error("is missing");
        if (route) read_route(view["spec"], std::move(meta));
        if (gateway) read_gateway(view["spec"], std::move(meta));
        if (policies) read_policy(view["spec"], std::move(meta));
    }

    [[nodiscard]] static std::string required(const document_view& view) {
        std::string text = view.string();
        if (text.empty() && (!view || view.value()->kind() == document_kind::string)) {
            view.error("is missing");
        }
        return text;
    }

    static void read_creation(const document_view& view, object_meta& meta) {
        if (!view) return;
        const std::optional<std::int64_t> seconds = parse_timestamp(view.string());
        if (seconds) {
            meta.created = *seconds;
        } else {
            view.warning("is no time such as 2026-01-31T12:00:00Z; the object counts as youngest");
        }
    }

    [[nodiscard]] static std::vector<std::pair<std::string, std::string>> read_labels(
        const document_view& view) {
        std::vector<std::pair<std::string, std::string>> labels;
        if (!view || view.value()->kind() != document_kind::map) return labels;
        for (std::size_t i = 0; i < view.value()->size(); ++i) {
            labels.emplace_back(view.value()->key(i), view.value()->item(i).text());
        }
        return labels;
    }

    void read_gateway(const document_view& spec, object_meta meta) {
        gateway_object gateway{std::move(meta), {}};
        (void)spec.is_map({"gatewayClassName", "listeners", "addresses", "infrastructure",
                           "backendTLS", "tls", "allowedListeners", "defaultScope"});
        spec["listeners"].each([&](const document_view& view) {
            if (!view.is_map({"name", "hostname", "port", "protocol", "tls", "allowedRoutes"})) {
                return;
            }
            gateway_listener listener;
            listener.name = required(view["name"]);
            listener.hostname = view["hostname"].string();
            listener.port = view["port"].integer().value_or(0);
            const document_view from = view["allowedRoutes"]["namespaces"]["from"];
            const std::string which = from.string();
            if (which == "All") listener.from = allowed_namespaces::all;
            if (which == "Selector") {
                listener.from = allowed_namespaces::selector;
                from.warning("namespaces' labels are not known here, so every namespace is let in");
            }
            gateway.listeners.push_back(std::move(listener));
        });
        objects_.gateways.push_back(std::move(gateway));
    }

    void read_route(const document_view& spec, object_meta meta) {
        http_route route{std::move(meta), {}, {}, {}};
        (void)spec.is_map({"parentRefs", "hostnames", "rules", "useDefaultGateways"});
        route.hostnames = spec["hostnames"].strings();
        spec["parentRefs"].each([&](const document_view& view) {
            if (!view.is_map({"group", "kind", "namespace", "name", "sectionName", "port"})) return;
            parent_reference parent;
            if (const std::string kind = view["kind"].string(); !kind.empty()) parent.kind = kind;
            parent.name_space = view["namespace"].string();
            if (parent.name_space.empty()) parent.name_space = route.meta.name_space;
            parent.name = required(view["name"]);
            parent.section = view["sectionName"].string();
            parent.port = view["port"].integer().value_or(0);
            parent.path = view.path();
            route.parents.push_back(std::move(parent));
        });
        spec["rules"].each([&](const document_view& view) {
            if (view.is_map({"name", "matches", "filters", "backendRefs", "timeouts", "retry",
                             "sessionPersistence"})) {
                route.rules.push_back(read_rule(view, route.meta));
            }
        });
        // The CRD's default: one rule for everything.
        if (!spec["rules"]) route.rules.push_back({"", {http_match{}}, {}, {}, "spec.rules"});
        objects_.routes.push_back(std::move(route));
    }

    [[nodiscard]] http_rule read_rule(const document_view& view, const object_meta& meta) {
        http_rule rule;
        rule.name = view["name"].string();
        rule.path = view.path();
        rule.filters = read_filters(view["filters"]);
        view["matches"].each([&](const document_view& match) {
            if (match.is_map({"path", "headers", "queryParams", "method"})) {
                rule.matches.push_back(read_match(match));
            }
        });
        if (rule.matches.empty()) rule.matches.emplace_back();
        view["backendRefs"].each([&](const document_view& backend) {
            if (!backend.is_map(
                    {"group", "kind", "namespace", "name", "port", "weight", "filters"})) {
                return;
            }
            http_backend added;
            const std::string name_space = backend["namespace"].string();
            added.name = (name_space.empty() ? meta.name_space : name_space) + '/' +
                         required(backend["name"]);
            if (const auto port = backend["port"].integer()) {
                added.name += ':' + std::to_string(*port);
            }
            added.weight = backend["weight"].integer().value_or(1);
            added.filters = read_filters(backend["filters"]);
            rule.backends.push_back(std::move(added));
        });
        return rule;
    }

    [[nodiscard]] static http_match read_match(const document_view& view) {
        http_match match;
        match.method = view["method"].string();
        const document_view path = view["path"];
        if (path && path.is_map({"type", "value"})) {
            const std::string type = path["type"].string();
            if (type == "Exact") {
                match.kind = path_kind::exact;
            } else if (!type.empty() && type != "PathPrefix") {
                path["type"].error('"' + type + "\" is not supported; write Exact or PathPrefix");
            }
            if (path["value"]) match.path = path["value"].string();
            if (match.path.empty() || match.path.front() != '/') {
                path["value"].error("must begin with /");
            }
        }
        read_conditions(view["headers"], ": ", match.headers);
        read_conditions(view["queryParams"], "=", match.query);
        return match;
    }

    static void read_conditions(const document_view& list, std::string_view separator,
                                std::vector<std::string>& conditions) {
        list.each([&](const document_view& view) {
            if (!view.is_map({"type", "name", "value"})) return;
            const std::string type = view["type"].string();
            if (!type.empty() && type != "Exact") {
                view["type"].error('"' + type + "\" is not supported; write Exact");
            }
            const std::string name = required(view["name"]);
            if (name.find(separator.front()) != name.npos) view["name"].error("is no name");
            conditions.push_back(name + std::string(separator) + view["value"].string());
        });
    }

    [[nodiscard]] static http_filters read_filters(const document_view& list) {
        http_filters filters;
        std::size_t count = 0;
        list.each([&](const document_view& view) {
            ++count;
            if (!view.is_map({"type", "requestHeaderModifier", "responseHeaderModifier",
                              "requestMirror", "requestRedirect", "urlRewrite", "extensionRef",
                              "cors", "externalAuth"})) {
                return;
            }
            const std::string type = required(view["type"]);
            const document_view cors = view["cors"];
            if (cors && type != "CORS") {
                cors.error("filter.cors must be nil if the filter.type is not CORS");
            }
            if (type == "CORS" && !cors) {
                view.error("filter.cors must be specified for CORS filter.type");
            }
            if (type == "CORS" && cors) {
                if (filters.cors) view.error("CORS filter cannot be repeated");
                filters.cors = read_cors_filter(cors, false);
                filters.cors_path = cors.path();
            }
            if (type == "ExtensionRef") {
                const document_view ref = view["extensionRef"];
                if (!ref) view.error("extensionRef is missing");
                if (ref && ref.is_map({"group", "kind", "name"})) {
                    filters.extensions.push_back({ref["group"].string(), required(ref["kind"]),
                                                  required(ref["name"]), ref.path()});
                }
            }
        });
        if (count > 16) list.error("must have at most 16 items");
        return filters;
    }

    void read_policy(const document_view& spec, object_meta meta) {
        traffic_policy read{std::move(meta), {}, {}, false};
        (void)spec.is_map({"targetRefs",
                           "targetSelectors",
                           "cors",
                           "ai",
                           "transformation",
                           "extProc",
                           "extAuth",
                           "rateLimit",
                           "csrf",
                           "headerModifiers",
                           "autoHostRewrite",
                           "buffer",
                           "timeouts",
                           "retry",
                           "rbac",
                           "jwt",
                           "jwtAuth",
                           "apiKeyAuth",
                           "apiKeyAuthentication",
                           "basicAuth",
                           "oauth2",
                           "compression",
                           "urlRewrite",
                           "entCors",
                           "entExtAuth",
                           "entRateLimit",
                           "entJWT",
                           "entRBAC",
                           "entTransformation"});
        spec["targetRefs"].each([&](const document_view& view) {
            if (!view.is_map({"group", "kind", "name", "sectionName"})) return;
            read.targets.push_back({required(view["kind"]),
                                    required(view["name"]),
                                    view["sectionName"].string(),
                                    {},
                                    view.path()});
        });
        spec["targetSelectors"].each([&](const document_view& view) {
            if (!view.is_map({"group", "kind", "matchLabels", "sectionName"})) return;
            read.targets.push_back({required(view["kind"]), "", view["sectionName"].string(),
                                    read_labels(view["matchLabels"]), view.path()});
        });
        if (const document_view cors = spec["cors"]) {
            read.cors = read_cors_filter(cors, true);
            read.disables = static_cast<bool>(cors["disable"]);
            if (read.disables && !(*read.cors == cors_filter{})) {
                cors["disable"].warning("makes the other fields pointless");
            }
        }
        objects_.policies.push_back(std::move(read));
    }

    manifest_problems& problems_;
    gateway_objects objects_;
    std::set<std::string> seen_;
};

}  // namespace detail

/// Reads Gateways, HTTPRoutes and traffic policies out of documents; a `List` is taken apart.
/// Objects of other kinds are reported and left alone.
///
/// @return  What could be read; of use only if `problems` got no error.
[[nodiscard]] inline gateway_objects read_gateway_objects(std::vector<document> documents,
                                                          manifest_problems& problems) {
    return detail::gateway_reader{problems}.read(std::move(documents));
}

}  // namespace corsac::inline v0

#endif
