// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_PAGE_IDENTITY_HPP
#define CORSAC_TESTING_DETAIL_PAGE_IDENTITY_HPP

#include <corsac/testing/messages.hpp>
#include <corsac/testing/page_options.hpp>
#include <corsac/testing/url.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// Who makes the requests.
struct page_identity {
    /// Of the document, or of the document around an opaque frame.
    url address{};
    /// Serialised, perhaps `null`.
    std::string origin{};
    /// The origin of a page that was loaded over HTTP; nothing for others and for opaque ones.
    std::optional<url> http_origin{};

    /// Also of a WebSocket URL, `ws:` being what `http:` is.
    [[nodiscard]] bool is_origin_of(const url& u) const {
        return http_origin && u.is_special() && http_origin->is_secure() == u.is_secure() &&
               http_origin->host == u.host && http_origin->port == u.port;
    }
    [[nodiscard]] bool owns(const url& u) const {
        return http_origin && u.is_special() && http_origin->origin() == u.origin();
    }
};

/// The origin of a page by its URL.
///
/// A scheme that a program registers for its own pages (`capacitor:`, `tauri:`,
/// `chrome-extension:`) has origins, or its pages could not be told apart. The standard gives them
/// none, for it knows no such scheme; every web view and browser does.
/// Spec: https://url.spec.whatwg.org/#concept-url-origin
[[nodiscard]] inline std::string origin_of_page(const url& page) {
    if (page.is_special()) return page.origin();
    if (page.scheme == "blob") {
        const std::optional<url> inner = parse_url(page.path, nullptr);
        return inner && inner->is_http() ? inner->origin() : "null";
    }
    constexpr std::string_view without[] = {"about", "data", "file", "ftp", "javascript"};
    if (contains(without, page.scheme) || !page.path.starts_with("//")) return "null";
    const std::string_view rest = std::string_view(page.path).substr(2);
    return page.scheme + "://" + std::string(rest.substr(0, rest.find_first_of("/?#")));
}

[[nodiscard]] inline std::optional<page_identity> identify(const page_options& options) {
    const std::optional<url> address = parse_url(options.url, nullptr);
    if (!address) return std::nullopt;
    page_identity out{.address = *address, .origin = "null", .http_origin = {}};
    if (options.context == page_context::document) {
        out.origin = options.origin.empty() ? origin_of_page(*address) : options.origin;
    }
    const std::optional<url> origin = parse_url(out.origin, nullptr);
    if (origin && origin->is_special()) out.http_origin = *origin;
    return out;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
