// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_CRD_RULES_HPP
#define CORSAC_INTEROP_GATEWAY_CRD_RULES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/detail/crd_checker.hpp>
#include <corsac/interop/gateway/detail/crd_text.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/gateway/validation.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
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
class crd_rules : crd_checker {
public:
    static void check_route(const document_view& spec) {
        check_parents(spec["parentRefs"]);
        size(spec["hostnames"], 16);
        each(spec["hostnames"], check_hostname);
        size(spec["rules"], 16);
        std::size_t matches = 0;
        each(spec["rules"], [&](const document_view& rule) {
            check_rule(rule);
            matches += size_of(rule["matches"]);
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
            number(listener["port"], 1, 65535);
            length(listener["protocol"], 1, 255);
            const std::string_view protocol = text_of(listener["protocol"]).value_or("");
            const bool plain = protocol == "HTTP" || protocol == "TCP" || protocol == "UDP";
            const document_view tls = listener["tls"];
            const std::string_view mode = text_of(tls["mode"]).value_or("");
            if (plain && tls) tls.error("tls must not be specified for protocols HTTP, TCP, UDP");
            if (protocol == "HTTPS" && !mode.empty() && mode != "Terminate") {
                tls["mode"].error("tls mode must be Terminate for protocol HTTPS");
            }
            if (protocol == "TLS" && mode.empty()) {
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
        each(list, [&](const document_view& parent) {
            reference(parent);
            subdomain(parent["sectionName"]);
            std::string key;
            for (const std::string_view field :
                 {"group", "kind", "namespace", "name", "sectionName", "port"}) {
                if (parent[field]) key += parent[field].value()->text();
                key += ' ';
            }
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
            reference(backend);
            number(backend["weight"], 0, max_backend_weight);
            const bool service = text_of(backend["kind"]).value_or("Service") == "Service" &&
                                 text_of(backend["group"]).value_or("").empty();
            if (service && !backend["port"]) {
                backend["port"].error("Must have port for Service reference");
            }
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

    [[nodiscard]] static bool is_header_value(std::string_view text) noexcept {
        for (const char c : text) {
            const std::uint32_t byte = byte_at(&c);
            if ((byte < 0x20 && c != '\t') || byte == 0x7f) return false;
        }
        return true;
    }

    static void check_modifier(const document_view& modifier) {
        for (const std::string_view field : {"set", "add"}) {
            size(modifier[field], 16);
            unique(modifier[field], "name");
            each(modifier[field], [&](const document_view& header) {
                header_name(header["name"]);
                text(header["value"], 1, 4096, is_header_value, "is no value of a header");
            });
        }
        size(modifier["remove"], 16);
        std::set<std::string> seen;
        each(modifier["remove"], [&](const document_view& name) {
            const std::optional<std::string_view> text = text_of(name);
            if (text && !seen.insert(std::string(*text)).second) {
                name.error("Duplicate value: \"" + std::string(*text) + '"');
            }
        });
    }

    static void check_path_modifier(const document_view& path, const document_view& matches) {
        choice(path["type"], {"ReplaceFullPath", "ReplacePrefixMatch"});
        const std::string_view type = text_of(path["type"]).value_or("");
        for (const auto& [name, field] :
             {std::pair<std::string_view, std::string_view>{"ReplaceFullPath", "replaceFullPath"},
              {"ReplacePrefixMatch", "replacePrefixMatch"}}) {
            length(path[field], 0, 1024);
            if (type == name && !path[field]) path[field].error("is missing");
            if (type != name && path[field]) {
                path[field].error("type must be '" + std::string(name) + "' when it is set");
            }
        }
        if (type != "ReplacePrefixMatch") return;
        bool only = size_of(matches) == 1;
        each(matches, [&](const document_view& match) {
            only = only && match["path"] &&
                   text_of(match["path"]["type"]).value_or("PathPrefix") == "PathPrefix";
        });
        if (!only) {
            path.error("exactly one PathPrefix match must be specified with replacePrefixMatch");
        }
    }

    /// @return  Whether they redirect.
    static bool check_filters(const document_view& list, const document_view& matches) {
        struct known {
            std::string_view type, field;
            bool once;
        };
        constexpr known all[] = {{"RequestHeaderModifier", "requestHeaderModifier", true},
                                 {"ResponseHeaderModifier", "responseHeaderModifier", true},
                                 {"RequestMirror", "requestMirror", false},
                                 {"RequestRedirect", "requestRedirect", true},
                                 {"URLRewrite", "urlRewrite", true},
                                 {"ExternalAuth", "externalAuth", true},
                                 {"ExtensionRef", "extensionRef", false}};
        std::set<std::string_view> seen;
        each(list, [&](const document_view& filter) {
            const std::string_view type = text_of(filter["type"]).value_or("");
            for (const known& one : all) {
                const document_view own = filter[one.field];
                const std::string field = "filter." + std::string(one.field);
                if (own && type != one.type) {
                    own.error(field + " must be nil if the filter.type is not " +
                              std::string(one.type));
                }
                if (type != one.type) continue;
                if (!own && type != "ExtensionRef") {
                    filter.error(field + " must be specified for " + std::string(one.type) +
                                 " filter.type");
                }
                if (one.once && !seen.insert(one.type).second) {
                    filter.error(std::string(one.type) + " filter cannot be repeated");
                }
                seen.insert(one.type);
            }
            reference(filter["extensionRef"]);
            check_modifier(filter["requestHeaderModifier"]);
            check_modifier(filter["responseHeaderModifier"]);
            const document_view mirror = filter["requestMirror"];
            reference(mirror["backendRef"]);
            number(mirror["percent"], 0, 100);
            if (mirror["percent"] && mirror["fraction"]) {
                mirror.error("Only one of percent or fraction may be specified");
            }
            const document_view redirect = filter["requestRedirect"];
            choice(redirect["scheme"], {"http", "https"});
            number(redirect["port"], 1, 65535);
            if (const document_view status = redirect["statusCode"]) {
                const std::string& code = status.value()->text();
                if (code != "301" && code != "302" && code != "303" && code != "307" &&
                    code != "308") {
                    status.error("must be 301, 302, 303, 307 or 308");
                }
            }
            for (const document_view& target : {redirect, filter["urlRewrite"]}) {
                subdomain(target["hostname"]);
                if (target["path"]) check_path_modifier(target["path"], matches);
            }
        });
        if (seen.count("RequestRedirect") != 0 && seen.count("URLRewrite") != 0) {
            list.error("May specify either RequestRedirect or URLRewrite, but not both");
        }
        return seen.count("RequestRedirect") != 0;
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
