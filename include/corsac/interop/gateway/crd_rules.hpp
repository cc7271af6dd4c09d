// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_CRD_RULES_HPP
#define CORSAC_INTEROP_GATEWAY_CRD_RULES_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/detail/crd_checker.hpp>
#include <corsac/interop/gateway/detail/crd_filter_rules.hpp>
#include <corsac/interop/gateway/detail/crd_text.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop {

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#backendref
inline constexpr std::int64_t max_backend_weight = 1000000;

namespace detail {

/// What the CRDs of v1.5 reject beyond what no reader can read, and beyond CORS filters, which
/// `validate` judges.
class crd_rules : crd_filter_rules {
public:
    static void check_route(const document_view& spec) {
        check_parents(spec["parentRefs"]);
        size(spec["hostnames"], 16);
        each(spec["hostnames"], check_hostname);
        size(spec["rules"], 16);
        std::size_t matches = 0;
        each(spec["rules"], [&](const document_view& rule) {
            check_rule(rule);
            matches += rule["matches"] ? size_of(rule["matches"]) : 1;  // the CRD's default
        });
        if (matches > 128) {
            spec["rules"].error("While 16 rules and 64 matches per rule are allowed, the total "
                                "number of matches across all rules in a route must be less than "
                                "128");
        }
    }

    static void check_listeners(const document_view& list) {
        size(list, 64);
        unique(list, "name");
        std::set<std::string> seen;
        each(list, [&](const document_view& listener) {
            subdomain(listener["name"]);
            check_hostname(listener["hostname"]);
            required(listener["port"]);
            number(listener["port"], 1, 65535);
            length(listener["protocol"], 1, 255);
            const std::string_view protocol = text_of(listener["protocol"]).value_or("");
            const bool plain = protocol == "HTTP" || protocol == "TCP" || protocol == "UDP";
            const document_view tls = listener["tls"];
            choice(tls["mode"], {"Terminate", "Passthrough"});
            if (plain && tls) tls.error("tls must not be specified for protocols HTTP, TCP, UDP");
            if (protocol == "HTTPS" && text_of(tls["mode"]).value_or("Terminate") != "Terminate") {
                tls["mode"].error("tls mode must be Terminate for protocol HTTPS");
            }
            if (protocol == "TLS" && !tls) {  // where there is a tls, its mode has a default
                tls["mode"].error("tls mode must be set for protocol TLS");
            }
            if ((protocol == "TCP" || protocol == "UDP") && listener["hostname"]) {
                listener["hostname"].error("hostname must not be specified for protocols TCP, UDP");
            }
            size(listener["allowedRoutes"]["kinds"], 8);
            std::string key(text_of(listener["hostname"]).value_or(""));
            key.append(" ").append(protocol).append(" ");
            if (listener["port"]) key += listener["port"].value()->text();
            if (!seen.insert(std::move(key)).second) {
                listener.error("Combination of port, protocol and hostname must be unique for each "
                               "listener");
            }
        });
    }

private:
    static void check_hostname(const document_view& view) {
        text(view, 1, 253, is_crd_hostname,
             "is no hostname: write a.example or *.a.example, in lower case and without a port");
    }

    static void check_parents(const document_view& list) {
        size(list, 32);
        std::set<std::string> seen;
        std::map<std::string, std::pair<bool, bool>> says;  // which of the two, by parent
        each(list, [&](const document_view& parent) {
            reference(parent);
            subdomain(parent["sectionName"]);
            const auto text = [&](std::string_view field, std::string_view otherwise) {
                return std::string(parent[field] ? parent[field].value()->text() : otherwise) + ' ';
            };
            std::string key = text("group", "gateway.networking.k8s.io") + text("kind", "Gateway") +
                              text("namespace", "") + text("name", "");
            const std::pair own(static_cast<bool>(parent["sectionName"]),
                                static_cast<bool>(parent["port"]));
            if (says.try_emplace(key, own).first->second != own) {
                parent.error("sectionName or port must be specified when parentRefs includes 2 or "
                             "more references to the same parent");
            }
            key += text("sectionName", "") + text("port", "");
            if (!seen.insert(std::move(key)).second) {
                parent.error("sectionName or port must be unique when parentRefs includes 2 or "
                             "more references to the same parent");
            }
        });
    }

    static void check_rule(const document_view& rule) {
        subdomain(rule["name"]);
        size(rule["matches"], 64);
        each(rule["matches"], check_match);
        const bool redirects = check_filters(rule["filters"], rule["matches"]);
        const document_view backends = rule["backendRefs"];
        size(backends, 16);
        if (redirects && size_of(backends) != 0) {
            rule.error("RequestRedirect filter must not be used together with backendRefs");
        }
        each(backends, [&](const document_view& backend) {
            check_backend(backend);
            number(backend["weight"], 0, max_backend_weight);
            (void)check_filters(backend["filters"], rule["matches"]);
        });
        for (const std::string_view field : {"request", "backendRequest"}) {
            text(rule["timeouts"][field], 0, 64, is_crd_duration,
                 "is no duration: write numbers with h, m, s or ms");
        }
    }

    static void check_match(const document_view& match) {
        choice(match["method"],
               {"GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"});
        const document_view path = match["path"];
        if (const auto value = text_of(path["value"])) {
            const std::string_view type = text_of(path["type"]).value_or("PathPrefix");
            const std::string_view mistake =
                type == "RegularExpression"
                    ? (value->size() > 1024 ? "must have at most 1024 characters" : "")
                    : find_path_mistake(*value);
            if (!mistake.empty()) path["value"].error(std::string(mistake));
        }
        const auto conditions = [&](std::string_view field, std::size_t longest) {
            size(match[field], 16);
            unique(match[field], "name");
            each(match[field], [&](const document_view& condition) {
                header_name(condition["name"]);
                length(condition["value"], 1, longest);
            });
        };
        conditions("headers", 4096);
        conditions("queryParams", 1024);
    }
};

}  // namespace detail

/// Reports what the Gateway API's CRDs reject in the HTTPRoutes, Gateways and ListenerSets of a
/// cluster, beside CORS filters (see `validate` for one of these).
///
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/
inline void validate(const gateway_objects& objects, manifest_problems& problems) {
    manifest_problems found;
    const auto judge = [&](const object_meta& meta, auto rules) {
        if (meta.document >= objects.documents.size()) return;  // it was made, not read
        const document_view root(&objects.documents[meta.document], "", meta.title(), found);
        detail::crd_checker::subdomain(root["metadata"]["name"]);
        detail::crd_checker::text(
            root["metadata"]["namespace"], 0, 63,
            [](std::string_view text) { return text.empty() || detail::is_dns_label(text); },
            "is no namespace");
        rules(root["spec"]);
    };
    for (const gateway_object& gateway : objects.gateways) {
        judge(gateway.meta, [](const document_view& spec) {
            detail::crd_checker::length(spec["gatewayClassName"], 1, 253);
            detail::crd_rules::check_listeners(spec["listeners"]);
        });
    }
    for (const listener_set& set : objects.listener_sets) {
        judge(set.meta, [](const document_view& spec) {
            detail::crd_checker::reference(spec["parentRef"]);
            detail::crd_rules::check_listeners(spec["listeners"]);
        });
    }
    for (const http_route& route : objects.routes) {
        judge(route.meta, detail::crd_rules::check_route);
    }
    problems.append(std::move(found), name_of(gateway_profile::gateway_api));
}

}  // namespace corsac::inline v0_2_0::interop

#endif
