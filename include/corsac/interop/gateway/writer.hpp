// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_WRITER_HPP
#define CORSAC_INTEROP_GATEWAY_WRITER_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/export_loss.hpp>
#include <corsac/interop/document/listed_export.hpp>
#include <corsac/interop/document/target_vocabulary.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_intersection.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/request/field_name.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

namespace detail {

/// The whole list as `*`, if it has one.
[[nodiscard]] inline bool has_any(const text_list& list) noexcept { return is_listed(list, "*"); }

/// `*` covers Authorization everywhere but here.
inline void report_any_header(const policy_options& options, export_losses& losses) {
    if (is_listed(options.allow_headers, "authorization")) return;
    losses.add(loss_kind::wider, "allow_headers", "*", "covers Authorization, too, in the target");
}

class filter_exporter {
public:
    filter_exporter(const policy_options& options, export_losses& losses)
        : options_(options), losses_(losses) {}

    [[nodiscard]] cors_filter run() {
        copy(options_.allow_origins, "allow_origins", max_gateway_origins, filter_.allow_origins,
             [](std::string_view item) -> std::string_view {
                 if (item.size() <= 253 && matches_gateway_origin(item)) return {};
                 return "is no origin that the Gateway API can write; it is left out";
             });
        copy(options_.allow_methods, "allow_methods", max_gateway_methods, filter_.allow_methods,
             [](std::string_view item) -> std::string_view {
                 for (const std::string_view known : {"GET", "HEAD", "POST", "PUT", "DELETE",
                                                      "CONNECT", "OPTIONS", "TRACE", "PATCH"}) {
                     if (item == known) return {};
                 }
                 return "is no method that the Gateway API can write; it is left out";
             });
        const auto name = [](std::string_view item) -> std::string_view {
            if (item.size() > 256) return "is longer than the Gateway API takes; it is left out";
            if (item.find('*') == item.npos) return {};
            return "is a pattern, and the Gateway API has none for names; it is left out";
        };
        if (has_any(options_.allow_headers)) report_any_header(options_, losses_);
        copy(options_.allow_headers, "allow_headers", max_gateway_headers, filter_.allow_headers,
             name);
        copy(options_.expose_headers, "expose_headers", max_gateway_headers, filter_.expose_headers,
             name);
        filter_.allow_credentials = options_.allow_credentials;
        // The default says what browsers do without the header.
        filter_.max_age = options_.max_age.value_or(gateway_default_max_age);
        if (filter_.max_age == 0) {
            filter_.max_age = 1;
            losses_.add(loss_kind::other, "max_age", "0", "becomes 1: the Gateway API has no 0");
        }
        report_unsaid(
            options_,
            {.lists = {&policy_options::allow_origins, &policy_options::allow_methods,
                       &policy_options::allow_headers, &policy_options::expose_headers},
             .switches = {&policy_options::allow_credentials},
             .lost = {{&policy_options::advertise, loss_kind::other,
                       "the implementation decides that"},
                      {&policy_options::forward_granted_preflights, loss_kind::other,
                       "the Gateway API answers them itself"},
                      {&policy_options::forward_denied_preflights, loss_kind::other,
                       "the Gateway API forbids it"},
                      {&policy_options::keep_existing, loss_kind::other,
                       "the implementation decides that"},
                      {&policy_options::shadow, loss_kind::other, "the policy is enforced there"},
                      {&policy_options::allow_private_network, loss_kind::narrower,
                       "the Gateway API does not know it"}}},
            losses_);
        losses_.add(loss_kind::always, "vary", {},
                    "the Gateway API does not ask for Vary; caches may mix origins up");
        losses_.add(loss_kind::always, "upstream headers", {},
                    "the Gateway API does not say who removes what the application wrote");
        return std::move(filter_);
    }

private:
    /// @param judge  Why an entry cannot be written; empty if it can.
    template <class Judge>
    void copy(const text_list& from, std::string_view field, std::size_t most,
              std::vector<std::string>& to, const Judge& judge) {
        if (has_any(from)) {
            to.emplace_back("*");
            return;
        }
        for (const std::string_view item : from) {
            const std::string_view problem = judge(item);
            if (!problem.empty()) {
                losses_.add(loss_kind::narrower, field, item, std::string(problem));
            } else if (to.size() == most) {
                losses_.add(loss_kind::narrower, field, item,
                            "is left out: the Gateway API takes " + std::to_string(most));
            } else {
                to.emplace_back(item);
            }
        }
    }

    const policy_options& options_;
    export_losses& losses_;
    cors_filter filter_;
};

[[nodiscard]] inline document make_object(std::string_view version, const object_meta& meta) {
    document object = document::map();
    object.set("apiVersion", document(version));
    object.set("kind", document(std::string_view(meta.kind)));
    document& metadata = object.set("metadata", document::map());
    metadata.set("name", document(std::string_view(meta.name)));
    metadata.set("namespace", document(std::string_view(meta.name_space)));
    return object;
}

[[nodiscard]] inline document make_reference(const parent_reference& parent) {
    document reference = document::map();
    reference.set("name", document(std::string_view(parent.name)));
    if (!parent.name_space.empty()) {
        reference.set("namespace", document(std::string_view(parent.name_space)));
    }
    if (!parent.section.empty()) {
        reference.set("sectionName", document(std::string_view(parent.section)));
    }
    return reference;
}

}  // namespace detail

/// The policy as a filter of the Gateway API.
[[nodiscard]] inline cors_filter to_cors_filter(const policy_options& options,
                                                export_losses& losses) {
    return detail::filter_exporter{options, losses}.run();
}

/// A route that is to carry an exported policy.
struct exported_route {
    std::string name{};
    std::string name_space{};
    std::vector<parent_reference> parents{};
    std::vector<std::string> hostnames{};
    std::string path = "/";  ///< a prefix
    std::string backend{};   ///< a Service
    std::int64_t port = 80;
};

/// Writes an HTTPRoute of one rule with the policy as its native filter.
[[nodiscard]] inline exported to_http_route(const policy& p, const exported_route& route,
                                            const export_options& options) {
    export_losses losses;
    document filter = document::map();
    filter.set("type", document("CORS"));
    filter.set("cors", to_document(to_cors_filter(p.options(), losses)));

    object_meta meta;
    meta.kind = "HTTPRoute";
    meta.name = route.name;
    meta.name_space = route.name_space;
    document object = detail::make_object("gateway.networking.k8s.io/v1", meta);
    document& spec = object.set("spec", document::map());
    document& parents = spec.set("parentRefs", document::list());
    for (const parent_reference& parent : route.parents) {
        parents.push_back(detail::make_reference(parent));
    }
    if (!route.hostnames.empty()) spec.set("hostnames", detail::to_list(route.hostnames));
    document path = document::map();
    path.set("type", document("PathPrefix"));
    path.set("value", document(std::string_view(route.path)));
    document match = document::map();
    match.set("path", std::move(path));
    document backend = document::map();
    backend.set("name", document(std::string_view(route.backend)));
    backend.set("port", document(route.port));
    document rule = document::map();
    rule.set("matches", document::list()).push_back(std::move(match));
    rule.set("filters", document::list()).push_back(std::move(filter));
    rule.set("backendRefs", document::list()).push_back(std::move(backend));
    spec.set("rules", document::list()).push_back(std::move(rule));
    return detail::finish_export(std::move(object), std::move(losses), options);
}

/// The same of a policy with a matcher, of which only what is listed can be written.
template <other_policy P>
[[nodiscard]] exported to_http_route(const P& p, const exported_route& route,
                                     const export_options& options) {
    return detail::export_listed(p, options, [&](const policy& listed, const export_options& any) {
        return to_http_route(listed, route, any);
    });
}

/// Which product's name a traffic policy bears.
enum class traffic_policy_kind : std::uint8_t { kgateway, gloo };

/// Writes a TrafficPolicy, or a GlooTrafficPolicy, with the policy.
///
/// @param targets  What it is attached to; none if an `ExtensionRef` will name it.
[[nodiscard]] inline exported to_traffic_policy(const policy& p, traffic_policy_kind kind,
                                                std::string_view name, std::string_view name_space,
                                                const std::vector<policy_target>& targets,
                                                const export_options& options) {
    export_losses losses;
    const bool gloo = kind == traffic_policy_kind::gloo;
    object_meta meta;
    meta.kind = gloo ? "GlooTrafficPolicy" : "TrafficPolicy";
    meta.name = name;
    meta.name_space = name_space;
    document object =
        detail::make_object(gloo ? "gloo.solo.io/v1alpha1" : "gateway.kgateway.dev/v1alpha1", meta);
    document& spec = object.set("spec", document::map());
    if (!targets.empty()) {
        document& list = spec.set("targetRefs", document::list());
        for (const policy_target& target : targets) {
            document reference = document::map();
            reference.set("group", document("gateway.networking.k8s.io"));
            reference.set("kind", document(std::string_view(target.kind)));
            reference.set("name", document(std::string_view(target.name)));
            if (!target.section.empty()) {
                reference.set("sectionName", document(std::string_view(target.section)));
            }
            list.push_back(std::move(reference));
        }
    }
    spec.set("cors", to_document(to_cors_filter(p.options(), losses)));
    if (!p.rules().says<&policy_options::allow_credentials>()) {
        losses.add(loss_kind::always, "allow_credentials", "false",
                   "is not passed on by kgateway: under a Gateway's policy that says true, Envoy "
                   "inherits true");
    }
    return detail::finish_export(std::move(object), std::move(losses), options);
}

/// The same of a policy with a matcher, of which only what is listed can be written.
template <other_policy P>
[[nodiscard]] exported to_traffic_policy(const P& p, traffic_policy_kind kind,
                                         std::string_view name, std::string_view name_space,
                                         const std::vector<policy_target>& targets,
                                         const export_options& options) {
    return detail::export_listed(p, options, [&](const policy& listed, const export_options& any) {
        return to_traffic_policy(listed, kind, name, name_space, targets, any);
    });
}

/// Writes objects back: their documents, with every CORS policy as it is in the objects now.
/// Everything else in them is kept.
[[nodiscard]] inline std::vector<document> to_documents(const gateway_objects& objects) {
    std::vector<document> documents = objects.documents;
    const auto spec_of =
        [&](const object_meta& meta) {  // of what was made, not read, there is none
            return meta.document < documents.size() ? documents[meta.document].find("spec")
                                                    : nullptr;
        };
    const auto write_filters = [](document& holder, const http_filters& filters) {
        document* list = holder.find("filters");
        if (list == nullptr || !filters.cors) return;
        for (std::size_t i = 0; i < list->size(); ++i) {
            document& filter = list->item(i);
            if (filter.find("cors") != nullptr) filter.set("cors", to_document(*filters.cors));
        }
    };
    for (const http_route& route : objects.routes) {
        document* spec = spec_of(route.meta);
        document* rules = spec == nullptr ? nullptr : spec->find("rules");
        if (rules == nullptr) continue;
        for (std::size_t i = 0; i < rules->size() && i < route.rules.size(); ++i) {
            write_filters(rules->item(i), route.rules[i].filters);
            document* backends = rules->item(i).find("backendRefs");
            if (backends == nullptr) continue;
            const std::vector<http_backend>& read = route.rules[i].backends;
            for (std::size_t k = 0; k < backends->size() && k < read.size(); ++k) {
                write_filters(backends->item(k), read[k].filters);
            }
        }
    }
    for (const traffic_policy& from : objects.policies) {
        document* spec = spec_of(from.meta);
        if (spec == nullptr || !from.cors) continue;
        document cors = to_document(*from.cors);
        if (from.disables) cors.set("disable", document::map());
        spec->set("cors", std::move(cors));
    }
    return documents;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
