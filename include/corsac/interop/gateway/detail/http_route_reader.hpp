// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_HTTP_ROUTE_READER_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_HTTP_ROUTE_READER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>
#include <corsac/interop/gateway/objects.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// A string that must be there and not be empty.
[[nodiscard]] inline std::string required_text(const document_view& view) {
    std::string text = view.string();
    if (text.empty() && (!view || view.value()->kind() == document_kind::string)) {
        view.error("is missing");
    }
    return text;
}

/// Where conditions go: on a text that is equal, or that an expression matches.
struct condition_lists {
    std::vector<std::string>& texts;
    std::vector<std::string>& expressions;
};

/// Of several conditions on one name the first counts.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httpheadermatch
inline void read_conditions(const document_view& list, std::string_view separator,
                            condition_lists conditions) {
    const bool headers = separator != "=";
    std::vector<std::string> names;
    list.each([&](const document_view& view) {
        if (!view.is_whole_map({"type", "name", "value"})) return;
        const std::string type = view["type"].string();
        const bool expression = type == "RegularExpression";
        if (!type.empty() && type != "Exact" && !expression) {
            view["type"].error('"' + type + "\" is not known; write Exact or RegularExpression");
        }
        const std::string name = required_text(view["name"]);
        if (name.find(separator.front()) != name.npos) view["name"].error("is no name");
        for (const std::string& earlier : names) {
            if (headers ? !equals_ignore_case(earlier, name) : earlier != name) continue;
            view.warning("is ignored: " + earlier +
                         " has a condition already, and the first counts");
            return;
        }
        names.push_back(name);
        if (!view["value"]) view["value"].error("is missing");
        (expression ? conditions.expressions : conditions.texts)
            .push_back(name + std::string(separator) + view["value"].string());
    });
}

[[nodiscard]] inline http_match read_match(const document_view& view) {
    http_match match;
    match.method = view["method"].string();
    const document_view path = view["path"];
    if (path && path.is_whole_map({"type", "value"})) {
        const std::string type = path["type"].string();
        if (type == "Exact") {
            match.kind = path_kind::exact;
        } else if (type == "RegularExpression") {
            match.kind = path_kind::expression;
        } else if (!type.empty() && type != "PathPrefix") {
            path["type"].error('"' + type +
                               "\" is not known; write Exact, PathPrefix or RegularExpression");
        }
        if (path["value"]) match.path = path["value"].string();
        const bool begins = !match.path.empty() && match.path.front() == '/';
        if (!begins && match.kind != path_kind::expression)
            path["value"].error("must begin with /");
    }
    read_conditions(view["headers"], ": ", {match.headers, match.header_expressions});
    read_conditions(view["queryParams"], "=", {match.query, match.query_expressions});
    return match;
}

[[nodiscard]] inline http_redirect read_redirect(const document_view& view) {
    http_redirect read;
    if (!view.is_map({"scheme", "hostname", "path", "port", "statusCode"})) return read;
    read.scheme = view["scheme"].string();
    read.hostname = view["hostname"].string();
    read.port = view["port"].integer().value_or(0);
    read.status = view["statusCode"].integer().value_or(302);
    const document_view path = view["path"];
    if (path && path.is_map({"type", "replaceFullPath", "replacePrefixMatch"})) {
        if (path["replaceFullPath"]) read.full_path = path["replaceFullPath"].string();
        if (path["replacePrefixMatch"]) read.prefix = path["replacePrefixMatch"].string();
    }
    return read;
}

/// What a ResponseHeaderModifier does to the headers that CORS owns.
inline void read_written_cors(const document_view& modifier, const std::string& title,
                              std::vector<std::string>& written) {
    constexpr std::string_view prefix = "access-control-";
    const auto add = [&](std::string_view verb, const std::string& name) {
        if (!equals_ignore_case(std::string_view(name).substr(0, prefix.size()), prefix)) return;
        written.push_back(title + ' ' + std::string(verb) + ' ' + name);
    };
    for (const std::string_view verb : {"set", "add"}) {
        modifier[verb].each(
            [&](const document_view& header) { add(verb, header["name"].string()); });
    }
    for (const std::string& name : modifier["remove"].strings()) add("remove", name);
}

[[nodiscard]] inline http_filters read_filters(const document_view& list) {
    http_filters filters;
    std::size_t count = 0;
    list.each([&](const document_view& view) {
        ++count;
        if (!view.is_map({"type", "requestHeaderModifier", "responseHeaderModifier",
                          "requestMirror", "requestRedirect", "urlRewrite", "extensionRef", "cors",
                          "externalAuth"})) {
            return;
        }
        const std::string type = required_text(view["type"]);
        const document_view cors = view["cors"];
        if (cors && type != "CORS") {
            cors.error("filter.cors must be nil if the filter.type is not CORS");
        }
        if (type == "CORS" && !cors) {
            view.error("filter.cors must be specified for CORS filter.type");
        }
        bool known = false;
        for (const std::string_view one :
             {"RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect",
              "URLRewrite", "ExternalAuth", "ExtensionRef", "CORS"}) {
            known = known || type == one;
        }
        if (!known && !type.empty()) {
            // A filter that is not understood must not be skipped.
            filters.defect = view.path() + " has the type \"" + type + "\", which is not known";
            view["type"].warning('"' + type +
                                 "\" is no filter that is known, and must not be "
                                 "skipped: what it stands on answers 500");
        }
        if (type != "CORS" && type != "ExtensionRef") {
            filters.others.push_back("filters[" + std::to_string(count - 1) + "] (" + type + ')');
        }
        if (type == "RequestRedirect") filters.redirect = read_redirect(view["requestRedirect"]);
        if (type == "ResponseHeaderModifier") {
            read_written_cors(view["responseHeaderModifier"],
                              "filters[" + std::to_string(count - 1) + ']', filters.written_cors);
        }
        if (type == "CORS" && cors) {
            if (filters.cors) view.error("CORS filter cannot be repeated");
            filters.cors = read_cors_filter(cors, false);
            filters.cors_path = cors.path();
        }
        if (type == "ExtensionRef") {
            const document_view ref = view["extensionRef"];
            if (!ref) view.error("extensionRef is missing");
            if (ref.is_whole_map({"group", "kind", "name"})) {
                filters.extensions.push_back({ref["group"].string(), required_text(ref["kind"]),
                                              required_text(ref["name"]), ref.path()});
            }
        }
    });
    if (count > 16) list.error("must have at most 16 items");
    return filters;
}

[[nodiscard]] inline http_rule read_rule(const document_view& view, const object_meta& meta) {
    http_rule rule;
    rule.name = view["name"].string();
    rule.path = view.path();
    rule.filters = read_filters(view["filters"]);
    rule.defect = rule.filters.defect;
    for (const std::string_view field : {"timeouts", "retry", "sessionPersistence"}) {
        if (view[field]) rule.others.emplace_back(field);
    }
    view["matches"].each([&](const document_view& match) {
        if (match.is_whole_map({"path", "headers", "queryParams", "method"})) {
            rule.matches.push_back(read_match(match));
        }
    });
    if (rule.matches.empty()) rule.matches.emplace_back();
    view["backendRefs"].each([&](const document_view& backend) {
        if (!backend.is_map({"group", "kind", "namespace", "name", "port", "weight", "filters"})) {
            return;
        }
        http_backend added;
        if (const std::string kind = backend["kind"].string(); !kind.empty()) added.kind = kind;
        added.group = backend["group"].string();
        added.name_space = backend["namespace"].string();
        if (added.name_space.empty()) added.name_space = meta.name_space;
        added.service = required_text(backend["name"]);
        added.name = added.name_space + '/' + added.service;
        if (const auto port = backend["port"].integer()) {
            added.port = *port;
            added.name += ':' + std::to_string(*port);
        }
        added.weight = backend["weight"].integer().value_or(1);
        added.filters = read_filters(backend["filters"]);
        rule.backends.push_back(std::move(added));
    });
    return rule;
}

[[nodiscard]] inline http_route read_http_route(const document_view& spec, object_meta meta) {
    http_route route{std::move(meta), {}, {}, {}};
    (void)spec.is_map({"parentRefs", "hostnames", "rules", "useDefaultGateways"});
    route.hostnames = spec["hostnames"].strings();
    spec["parentRefs"].each([&](const document_view& view) {
        if (!view.is_map({"group", "kind", "namespace", "name", "sectionName", "port"})) return;
        parent_reference parent;
        if (const std::string kind = view["kind"].string(); !kind.empty()) parent.kind = kind;
        parent.name_space = view["namespace"].string();
        if (parent.name_space.empty()) parent.name_space = route.meta.name_space;
        parent.name = required_text(view["name"]);
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
    if (!spec["rules"]) route.rules.push_back({"", {http_match{}}, {}, {}, "spec.rules", {}, {}});
    return route;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
