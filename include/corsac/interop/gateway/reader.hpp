// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_READER_HPP
#define CORSAC_INTEROP_GATEWAY_READER_HPP

#include <corsac/interop/detail/timestamp.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/detail/http_route_reader.hpp>
#include <corsac/interop/gateway/objects.hpp>

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

inline constexpr std::string_view gateway_group = "gateway.networking.k8s.io";

[[nodiscard]] inline bool is_traffic_policy(std::string_view group,
                                            std::string_view kind) noexcept {
    return (group == "gateway.kgateway.dev" && kind == "TrafficPolicy") ||
           (group == "gloo.solo.io" && kind == "GlooTrafficPolicy");
}

[[nodiscard]] inline bool is_listener_set(std::string_view group, std::string_view kind) noexcept {
    return (group == gateway_group && kind == "ListenerSet") ||
           (group == "gateway.networking.x-k8s.io" && kind == "XListenerSet");
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
        const std::string version = required_text(unnamed["apiVersion"]);
        object_meta meta;
        meta.kind = required_text(unnamed["kind"]);
        meta.group = version.substr(0, version.find('/'));
        meta.document = index;

        const bool known =
            meta.group == gateway_group &&
            (meta.kind == "HTTPRoute" || meta.kind == "Gateway" || meta.kind == "ReferenceGrant");
        const bool set = is_listener_set(meta.group, meta.kind);
        const bool policies = is_traffic_policy(meta.group, meta.kind);
        const bool name_space = meta.kind == "Namespace" && version == "v1";
        if (!known && !set && !policies && !name_space) {
            if (version.empty()) {
                (void)required_text(unnamed["metadata"]["name"]);  // it may be of concern
            } else if (!meta.kind.empty()) {
                unnamed.warning("is a " + meta.kind + " of " + version + ", which has no effect");
            }
            return;  // what is of no concern need not have a name
        }
        const document_view metadata = unnamed["metadata"];
        meta.name = required_text(metadata["name"]);
        meta.name_space = metadata["namespace"].string();
        if (meta.name_space.empty()) meta.name_space = "default";
        read_creation(metadata["creationTimestamp"], meta);
        meta.labels = read_labels(metadata["labels"]);
        meta.annotations = read_labels(metadata["annotations"]);
        if (meta.name.empty()) return;
        if (name_space) {
            objects_.namespaces.push_back(std::move(meta));
            return;
        }
        const document_view view(&root, "", meta.title(), problems_);
        if (!seen_.insert(meta.group + '/' + meta.title()).second) {
            view.error("is there twice");
            return;
        }
        (void)view.is_map({"apiVersion", "kind", "metadata", "spec", "status"});
        const document_view spec = view["spec"];
        if (!spec) spec.error("is missing");
        if (policies) {
            read_policy(spec, std::move(meta));
        } else if (set) {
            read_listener_set(spec, std::move(meta));
        } else if (meta.kind == "HTTPRoute") {
            objects_.routes.push_back(read_http_route(spec, std::move(meta)));
        } else if (meta.kind == "Gateway") {
            read_gateway(spec, std::move(meta));
        } else {
            read_grant(spec, std::move(meta));
        }
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

    /// Whether a listener takes HTTPRoutes: by its protocol, of which some are implementations' own
    /// (`example.com/bar`), and where it names kinds, by these.
    [[nodiscard]] static bool takes_http_routes(const document_view& listener) {
        const std::string protocol = listener["protocol"].string();
        const document_view kinds = listener["allowedRoutes"]["kinds"];
        bool any = false, listed = false;
        kinds.each([&](const document_view& kind) {
            if (!kind.is_map({"group", "kind"})) return;
            const bool ours = !kind["group"] || kind["group"].string() == gateway_group;
            any = true;
            listed = (required_text(kind["kind"]) == "HTTPRoute" && ours) || listed;
        });
        const bool spoken = protocol.empty() || protocol == "HTTP" || protocol == "HTTPS" ||
                            protocol.find('/') != protocol.npos;
        return spoken && (listed || !any);
    }

    /// @param other  What is meant where nothing is said.
    [[nodiscard]] static allowed_namespaces read_namespaces(const document_view& namespaces,
                                                            allowed_namespaces other,
                                                            label_selector& selector) {
        const std::string from = namespaces["from"].string();
        selector = read_label_selector(namespaces["selector"]);
        const bool none = other == allowed_namespaces::none;
        if (from == "All") return allowed_namespaces::all;
        if (from == "Same") return allowed_namespaces::same;
        if (from == "None" && none) return allowed_namespaces::none;
        if (from == "Selector") {
            if (!namespaces["selector"]) namespaces["selector"].error("is missing");
            return allowed_namespaces::selector;
        }
        if (!from.empty()) {
            namespaces["from"].error(none ? "must be All, Selector, Same or None"
                                          : "must be All, Selector or Same");
        }
        return other;
    }

    [[nodiscard]] static std::vector<gateway_listener> read_listeners(const document_view& list) {
        std::vector<gateway_listener> listeners;
        list.each([&](const document_view& view) {
            if (!view.is_map({"name", "hostname", "port", "protocol", "tls", "allowedRoutes"})) {
                return;
            }
            gateway_listener listener;
            listener.name = required_text(view["name"]);
            listener.hostname = view["hostname"].string();
            listener.protocol = view["protocol"].string();
            listener.port = view["port"].integer().value_or(0);
            listener.takes_http_routes = takes_http_routes(view);
            const document_view routes = view["allowedRoutes"];
            if (routes) (void)routes.is_map({"namespaces", "kinds"});
            listener.from =
                read_namespaces(routes["namespaces"], allowed_namespaces::same, listener.selector);
            listeners.push_back(std::move(listener));
        });
        return listeners;
    }

    void read_gateway(const document_view& spec, object_meta meta) {
        gateway_object gateway{std::move(meta), {}};
        (void)spec.is_map({"gatewayClassName", "listeners", "addresses", "infrastructure",
                           "backendTLS", "tls", "allowedListeners", "defaultScope"});
        gateway.listeners = read_listeners(spec["listeners"]);
        gateway.sets_from = read_namespaces(spec["allowedListeners"]["namespaces"],
                                            allowed_namespaces::none, gateway.sets_selector);
        objects_.gateways.push_back(std::move(gateway));
    }

    void read_listener_set(const document_view& spec, object_meta meta) {
        listener_set set{std::move(meta)};
        (void)spec.is_map({"parentRef", "listeners"});
        const document_view parent = spec["parentRef"];
        (void)parent.is_map({"group", "kind", "namespace", "name"});
        if (!parent) parent.error("is missing");
        set.gateway = parent ? required_text(parent["name"]) : std::string{};
        set.gateway_space = parent["namespace"].string();
        if (set.gateway_space.empty()) set.gateway_space = set.meta.name_space;
        set.listeners = read_listeners(spec["listeners"]);
        objects_.listener_sets.push_back(std::move(set));
    }

    void read_grant(const document_view& spec, object_meta meta) {
        reference_grant grant{std::move(meta)};
        (void)spec.is_map({"from", "to"});
        spec["from"].each([&](const document_view& from) {
            if (!from.is_whole_map({"group", "kind", "namespace"})) return;
            grant.from.push_back({from["group"].string(), required_text(from["kind"]),
                                  required_text(from["namespace"])});
        });
        spec["to"].each([&](const document_view& to) {
            if (!to.is_map({"group", "kind", "name"})) return;
            grant.to.push_back(
                {to["group"].string(), required_text(to["kind"]), to["name"].string()});
        });
        objects_.grants.push_back(std::move(grant));
    }

    void read_policy(const document_view& spec, object_meta meta) {
        traffic_policy read{std::move(meta), {}, {}, false};
        const bool is_map = spec.is_map({"targetRefs",
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
        for (std::size_t i = 0; is_map && i < spec.value()->size(); ++i) {
            const std::string& key = spec.value()->key(i);
            if (key == "targetRefs" || key == "targetSelectors" || key == "cors") continue;
            if (spec[key]) read.others.push_back(key);
        }
        spec["targetRefs"].each([&](const document_view& view) {
            if (!view.is_map({"group", "kind", "name", "sectionName"})) return;
            read.targets.push_back({required_text(view["kind"]),
                                    required_text(view["name"]),
                                    view["sectionName"].string(),
                                    {},
                                    view.path()});
        });
        spec["targetSelectors"].each([&](const document_view& view) {
            if (!view.is_map({"group", "kind", "matchLabels", "sectionName"})) return;
            read.targets.push_back({required_text(view["kind"]), "", view["sectionName"].string(),
                                    read_label_selector(view), view.path()});
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

/// Reads Gateways, ListenerSets, HTTPRoutes, ReferenceGrants and traffic policies out of documents;
/// a `List` is taken apart. Objects of other kinds are reported and left alone.
///
/// @return  What could be read; of use only if `problems` got no error.
[[nodiscard]] inline gateway_objects read_gateway_objects(std::vector<document> documents,
                                                          manifest_problems& problems) {
    return detail::gateway_reader{problems}.read(std::move(documents));
}

}  // namespace corsac::inline v0_2_0::interop

#endif
