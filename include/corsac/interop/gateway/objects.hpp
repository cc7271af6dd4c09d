// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_OBJECTS_HPP
#define CORSAC_INTEROP_GATEWAY_OBJECTS_HPP

// Tested in tests/interop/gateway/import.test.cpp.

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/label_selector.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// What all Kubernetes objects have.
struct object_meta {
    std::string kind;
    std::string group;       ///< of `apiVersion`
    std::string name_space;  ///< `default` where it is left out
    std::string name;
    std::int64_t created = created_unknown;
    object_labels labels;
    object_labels annotations{};
    std::size_t document = 0;  ///< index in `gateway_objects::documents`

    /// `namespace/name`.
    [[nodiscard]] std::string full_name() const { return name_space + '/' + name; }
    /// `HTTPRoute namespace/name`.
    [[nodiscard]] std::string title() const { return kind + ' ' + full_name(); }
};

/// `allowedRoutes.namespaces.from`: whose routes, or listener sets, may attach.
enum class allowed_namespaces : std::uint8_t { same, all, selector, none };

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#listener
struct gateway_listener {
    std::string name;
    std::string hostname;
    std::string protocol;
    std::int64_t port = 0;
    bool takes_http_routes = true;  ///< by its protocol and the kinds that it allows
    allowed_namespaces from = allowed_namespaces::same;
    label_selector selector{};  ///< of `allowed_namespaces::selector`
};

/// A Gateway, as far as routes and policies ask for it.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#gateway
struct gateway_object {
    object_meta meta;
    std::vector<gateway_listener> listeners;
    allowed_namespaces sets_from = allowed_namespaces::none;  ///< `allowedListeners`
    label_selector sets_selector{};
};

/// More listeners for a Gateway, by somebody else. XListenerSet is its name before v1.5.
struct listener_set {
    object_meta meta;
    std::string gateway_space{};
    std::string gateway{};
    std::vector<gateway_listener> listeners{};
};

/// Who may refer to objects of its namespace.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#referencegrant
struct reference_grant {
    /// Who refers.
    struct source {
        std::string group, kind, name_space;
    };
    /// What is referred to.
    struct target {
        std::string group, kind, name;  ///< no name: all
    };
    object_meta meta;
    std::vector<source> from{};
    std::vector<target> to{};
};

/// What a route attaches to; `path` is where that is written.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#parentreference
struct parent_reference {
    std::string kind = "Gateway";  ///< or `ListenerSet`, `Service` of a mesh, `HTTPRoute`
    std::string name_space{};
    std::string name{};
    std::string section{};  ///< empty: every listener
    std::int64_t port = 0;
    std::string path{};
};

/// A filter of type `ExtensionRef`, by which a rule names a policy; `path` is where that is
/// written.
struct extension_reference {
    std::string group{};
    std::string kind{};
    std::string name{};
    std::string path{};
};

/// What a `RequestRedirect` filter says; what is empty or 0 stays as it was requested.
struct http_redirect {
    std::string scheme{};
    std::string hostname{};
    std::int64_t port = 0;
    std::optional<std::string> full_path{};
    std::optional<std::string> prefix{};  ///< instead of the one that matched
    std::int64_t status = 302;
};

/// The filters of a rule or of a backend that matter here.
struct http_filters {
    std::optional<cors_filter> cors{};
    std::string cors_path{};
    std::vector<extension_reference> extensions{};
    std::vector<std::string> others{};  ///< of other types: `filters[1] (RequestRedirect)`
    std::optional<http_redirect> redirect{};
    /// CORS headers that a ResponseHeaderModifier writes: `filters[0] writes
    /// Access-Control-Max-Age`.
    std::vector<std::string> written_cors{};
    std::string defect{};  ///< why they cannot be applied: requests get 500
};

/// An entry of a rule's `backendRefs`, with the filters of its own.
struct http_backend {
    std::string name;  ///< `namespace/name:port`
    std::int64_t weight = 1;
    http_filters filters;
    std::string kind = "Service";
    std::string name_space;
    std::string service;
    std::int64_t port = 0;  ///< 0 if it is left out
    std::string group{};
};

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httproutematch
struct http_match {
    path_kind kind = path_kind::prefix;
    std::string path = "/";  ///< of `path_kind::expression`: a regular expression
    std::string method;
    std::vector<std::string> headers;               ///< `Name: value`
    std::vector<std::string> query;                 ///< `name=value`
    std::vector<std::string> header_expressions{};  ///< `Name: expression`
    std::vector<std::string> query_expressions{};   ///< `name=expression`
};

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
struct http_rule {
    std::string name;
    std::vector<http_match> matches;
    http_filters filters;
    std::vector<http_backend> backends;
    std::string path;
    std::vector<std::string> others{};  ///< fields that have no part in CORS: `timeouts`
    std::string defect{};               ///< why requests get 500, whatever the filters say
};

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httproute
struct http_route {
    object_meta meta;
    std::vector<parent_reference> parents;
    std::vector<std::string> hostnames;
    std::vector<http_rule> rules;
};

/// An entry of a policy's `targetRefs` or `targetSelectors`; `path` is where that is written.
struct policy_target {
    std::string kind{};  ///< `Gateway`, `ListenerSet` or `HTTPRoute`
    std::string name{};  ///< empty for a selector
    std::string section{};
    label_selector selector{};  ///< where `name` is empty
    std::string path{};
};

/// kgateway's TrafficPolicy, which Solo calls GlooTrafficPolicy.
struct traffic_policy {
    object_meta meta;
    std::vector<policy_target> targets;
    std::optional<cors_filter> cors;
    bool disables = false;
    std::vector<std::string> others{};  ///< fields that have no part in CORS: `rateLimit`
};

/// Everything that was read, and the documents that it was read from.
struct gateway_objects {
    std::vector<gateway_object> gateways;
    std::vector<listener_set> listener_sets;
    std::vector<reference_grant> grants;
    std::vector<object_meta> namespaces;  ///< for the labels that listeners ask for
    std::vector<http_route> routes;
    std::vector<traffic_policy> policies;
    std::vector<document> documents;
};

}  // namespace corsac::inline v0_2_0::interop

#endif
