// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_VALIDATION_HPP
#define CORSAC_INTEROP_GATEWAY_VALIDATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/cors_filter.hpp>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// By which rules a manifest is judged.
enum class gateway_profile : std::uint8_t {
    gateway_api,  ///< those of the Gateway API's CRDs, v1.5: what a cluster would accept
    extended,     ///< whatever corsac can do: `X-Custom-*`, any port or scheme, a maxAge of 0
    kgateway,     ///< what kgateway took before: `*` anywhere in an origin, often left out here
};

[[nodiscard]] constexpr std::string_view name_of(gateway_profile profile) noexcept {
    switch (profile) {
    case gateway_profile::gateway_api: return "gateway_api";
    case gateway_profile::extended: return "extended";
    case gateway_profile::kgateway: return "kgateway";
    }
    return "";
}

namespace detail {

inline constexpr std::size_t max_gateway_origins = 64;
inline constexpr std::size_t max_gateway_methods = 9;
inline constexpr std::size_t max_gateway_headers = 64;

/// `(^\*$)|(^(http(s)?):\/\/(((\*\.)?([a-zA-Z0-9\-]+\.)*[a-zA-Z0-9-]+|\*)(:([0-9]{1,5}))?)$)`,
/// the CRD's pattern.
[[nodiscard]] inline bool matches_gateway_origin(std::string_view text) noexcept {
    if (text == "*") return true;
    if (text.substr(0, 7) == "http://") {
        text.remove_prefix(7);
    } else if (text.substr(0, 8) == "https://") {
        text.remove_prefix(8);
    } else {
        return false;
    }
    if (const std::size_t colon = text.find(':'); colon != text.npos) {
        const std::string_view port = text.substr(colon + 1);
        if (port.empty() || port.size() > 5) return false;
        for (const char c : port) {
            if (!is_digit(c)) return false;
        }
        text = text.substr(0, colon);
    }
    if (text == "*") return true;
    if (text.substr(0, 2) == "*.") text.remove_prefix(2);
    char before = '.';
    for (const char c : text) {
        const bool label = is_alpha(c) || is_digit(c) || c == '-';
        if (!label && (c != '.' || before == '.')) return false;
        before = c;
    }
    return before != '.';
}

class gateway_api_rules {
public:
    gateway_api_rules(std::string_view object, std::string_view path, manifest_problems& problems)
        : object_(object), path_(path), problems_(&problems) {}

    void apply(const cors_filter& filter) const {
        constexpr std::string_view methods[] = {"GET",     "HEAD",    "POST",  "PUT",   "DELETE",
                                                "CONNECT", "OPTIONS", "TRACE", "PATCH", "*"};
        list("allowOrigins", filter.allow_origins, max_gateway_origins,
             "AllowOrigins cannot contain '*' alongside other origins",
             [](const std::string& item) -> std::string_view {
                 if (item.empty() || item.size() > 253) return "must have 1 to 253 characters";
                 return matches_gateway_origin(item)
                            ? ""
                            : "is no origin: write *, or http:// or https://, a host in which only "
                              "the first label may be *, and perhaps a port; no path";
             });
        list(
            "allowMethods", filter.allow_methods, max_gateway_methods,
            "AllowMethods cannot contain '*' alongside other methods",
            [&](const std::string& item) -> std::string_view {
                for (const std::string_view method : methods) {
                    if (item == method) return "";
                }
                return "is none of GET, HEAD, POST, PUT, DELETE, CONNECT, OPTIONS, TRACE, PATCH, *";
            });
        const auto name = [](const std::string& item) -> std::string_view {
            if (item.empty() || item.size() > 256) return "must have 1 to 256 characters";
            return is_token(item) ? "" : "is no header name";
        };
        // The CRD's own sentence says "methods" here, too.
        list("allowHeaders", filter.allow_headers, max_gateway_headers,
             "AllowHeaders cannot contain '*' alongside other methods", name);
        list("exposeHeaders", filter.expose_headers, max_gateway_headers, {}, name);
        if (filter.max_age && *filter.max_age < 1) {
            error(".maxAge", "must be 1 or more; the Gateway API cannot switch caching off");
        }
        if (filter.max_age && *filter.max_age > 2147483647) {
            error(".maxAge", "is no 32-bit integer");
        }
    }

private:
    /// @param alone  What to say where `*` is not alone; empty if it need not be.
    template <class Judge>
    void list(std::string_view field, const std::vector<std::string>& items, std::size_t most,
              std::string_view alone, const Judge& judge) const {
        const std::string at = '.' + std::string(field);
        if (items.size() > most) {
            error(at, "has " + std::to_string(items.size()) + " items, must have at most " +
                          std::to_string(most));
        }
        std::set<std::string_view> seen;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const std::string item_at = at + '[' + std::to_string(i) + ']';
            const std::string_view wrong = judge(items[i]);
            if (!wrong.empty()) error(item_at, '"' + items[i] + "\" " + std::string(wrong));
            if (!seen.insert(items[i]).second) {
                error(item_at, "Duplicate value: \"" + items[i] + '"');
            }
        }
        if (!alone.empty() && items.size() > 1 && seen.count("*") != 0) {
            error(at, std::string(alone));
        }
    }

    void error(const std::string& at, std::string message) const {
        problems_->error(object_, path_ + at, std::move(message));
    }

    std::string object_;
    std::string path_;
    manifest_problems* problems_;
};

}  // namespace detail

/// Reports what the validation rules of the Gateway API's CRD reject in a filter, and nothing else.
///
/// @param path  Where the filter stands in its object.
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter
inline void validate(const cors_filter& filter, std::string_view object, std::string_view path,
                     manifest_problems& problems) {
    manifest_problems found;
    detail::gateway_api_rules{object, path, found}.apply(filter);
    problems.append(std::move(found), name_of(gateway_profile::gateway_api));
}

}  // namespace corsac::inline v0_2_0::interop

#endif
