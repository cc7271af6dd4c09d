// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_DETAIL_REDIRECT_HPP
#define CORSAC_INTEROP_ENVOY_DETAIL_REDIRECT_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/table/route_match.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// The port that the location must name, 0 for none: where only a scheme is given its own, and
/// where neither is, that of the listener. Envoy keeps the port of the request's Host, unless the
/// host is replaced.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httprequestredirectfilter
[[nodiscard]] inline std::int64_t redirect_port(const http_redirect& from,
                                                const imported_listener* listener) noexcept {
    if (from.port != 0) return from.port;
    const std::int64_t own = listener == nullptr ? 0 : listener->port;
    if (from.scheme.empty()) {
        const bool is_tls = listener != nullptr && listener->protocol == "HTTPS";
        return from.hostname.empty() || own == (is_tls ? 443 : 80) ? 0 : own;
    }
    // Envoy leaves 80 and 443 out itself.
    if (!from.hostname.empty() || own == 80 || own == 443 || own == 0) return 0;
    return from.scheme == "https" ? 443 : 80;
}

/// Sets what becomes of the path. Whole elements of it are replaced, and Envoy replaces text.
inline void set_redirect_path(const http_redirect& from, const http_match& match, document& to) {
    if (from.full_path && !from.full_path->empty()) {
        to.set("path_redirect", document(std::string_view(*from.full_path)));
    }
    if (!from.prefix || match.kind != path_kind::prefix) return;
    const auto without_slashes = [](std::string_view path) {
        while (!path.empty() && path.back() == '/') path.remove_suffix(1);
        return path;
    };
    const std::string_view prefix = without_slashes(match.path);
    const std::string made(without_slashes(*from.prefix));
    if (prefix.empty()) {  // it is matched by its slash
        to.set("prefix_rewrite", document(std::string_view(made + '/')));
    } else if (!made.empty()) {
        to.set("prefix_rewrite", document(std::string_view(made)));
    } else {  // one slash is left, and there may be one already
        document& rewrite = to.set("regex_rewrite", document::map());
        const std::string regex = '^' + escape_regex(prefix) + "/*";
        rewrite.set("pattern", document::map()).set("regex", document(std::string_view(regex)));
        rewrite.set("substitution", document("/"));
    }
}

/// `RedirectAction`.
///
/// @param listener  Null if it is not known.
[[nodiscard]] inline document envoy_redirect(const http_redirect& from, const http_match& match,
                                             const imported_listener* listener) {
    document made = document::map();
    const auto text = [&](std::string_view key, const std::string& value) {
        if (!value.empty()) made.set(key, document(std::string_view(value)));
    };
    text("scheme_redirect", from.scheme);
    text("host_redirect", from.hostname);
    const std::int64_t port = redirect_port(from, listener);
    if (port != 0) made.set("port_redirect", document(port));
    set_redirect_path(from, match, made);
    const std::string_view code = from.status == 301   ? "MOVED_PERMANENTLY"
                                  : from.status == 303 ? "SEE_OTHER"
                                  : from.status == 307 ? "TEMPORARY_REDIRECT"
                                  : from.status == 308 ? "PERMANENT_REDIRECT"
                                                       : "FOUND";
    made.set("response_code", document(code));
    return made;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
