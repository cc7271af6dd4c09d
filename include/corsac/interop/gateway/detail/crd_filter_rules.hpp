// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_CRD_FILTER_RULES_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_CRD_FILTER_RULES_HPP

// Tested in tests/interop/gateway/crd_rules.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/interop/gateway/detail/crd_checker.hpp>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop::detail {

/// What the CRD of HTTPRoutes rejects in the filters of a rule or of a backend.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httproutefilter
class crd_filter_rules : protected crd_checker {
public:
    /// @param matches  Those of the rule.
    /// @return         Whether they redirect.
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
                                 {"ExternalAuth", "externalAuth", false},
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
                if (!own) {
                    filter.error(field + " must be specified for " + std::string(one.type) +
                                 " filter.type");
                }
                const bool first = seen.insert(one.type).second;
                if (one.once && !first) {
                    filter.error(std::string(one.type) + " filter cannot be repeated");
                }
            }
            reference(filter["extensionRef"]);
            check_backend(filter["externalAuth"]["backendRef"]);
            check_modifier(filter["requestHeaderModifier"]);
            check_modifier(filter["responseHeaderModifier"]);
            const document_view mirror = filter["requestMirror"];
            check_backend(mirror["backendRef"]);
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

    /// A reference to what requests are sent to.
    static void check_backend(const document_view& backend) {
        reference(backend);
        const bool service = text_of(backend["kind"]).value_or("Service") == "Service" &&
                             text_of(backend["group"]).value_or("").empty();
        if (backend && service && !backend["port"]) {
            backend["port"].error("Must have port for Service reference");
        }
    }

private:
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
                required(header["name"]);
                header_name(header["name"]);
                required(header["value"]);
                text(header["value"], 1, 4096, is_header_value, "is no value of a header");
            });
        }
        size(modifier["remove"], 16);
        std::set<std::string> seen;
        each(modifier["remove"], [&](const document_view& name) {
            const std::string text = name.string();
            if (!seen.insert(text).second) name.error("Duplicate value: \"" + text + '"');
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
        // The CRD's default, of matches and of their paths, is a prefix.
        bool only = !matches || size_of(matches) == 1;
        each(matches, [&](const document_view& match) {
            only = only && text_of(match["path"]["type"]).value_or("PathPrefix") == "PathPrefix";
        });
        if (!only) {
            path.error("exactly one PathPrefix match must be specified with replacePrefixMatch");
        }
    }
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
