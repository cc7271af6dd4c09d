// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_CORS_FILTER_HPP
#define CORSAC_INTEROP_GATEWAY_CORS_FILTER_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/duration.hpp>
#include <corsac/interop/document/document_view.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// The Gateway API's `HTTPCORSFilter`, as it is written. TrafficPolicy's `cors` has the same
/// fields.
///
/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httpcorsfilter
struct cors_filter {
    std::vector<std::string> allow_origins{};
    std::optional<bool> allow_credentials{};
    std::vector<std::string> allow_methods{};
    std::vector<std::string> allow_headers{};
    std::vector<std::string> expose_headers{};
    std::optional<std::int64_t> max_age{};

    [[nodiscard]] friend bool operator==(const cors_filter&, const cors_filter&) = default;
};

/// What the Gateway API says where `maxAge` is left out.
inline constexpr std::int64_t gateway_default_max_age = 5;

namespace detail {

/// Seconds, of a number or of a duration such as `3600s` or `1h`, which other tools write.
[[nodiscard]] inline std::optional<std::int64_t> read_seconds(const document_view& view) {
    if (!view || view.value()->kind() != document_kind::string) return view.integer();
    const std::string& text = view.value()->text();
    const std::optional<std::int64_t> seconds = parse_duration(text);
    if (!seconds) {
        view.error("must be an integer, not a string (" + text.substr(0, 60) + ")");
        return std::nullopt;
    }
    view.warning("is the string \"" + text + "\", which the Gateway API does not take; write " +
                 std::to_string(*seconds));
    return seconds;
}

[[nodiscard]] inline document to_list(const std::vector<std::string>& items) {
    document list = document::list();
    for (const std::string& item : items) list.push_back(document(std::string_view(item)));
    return list;
}

}  // namespace detail

/// Reads a `cors` map.
/// @param traffic_policy  Whether `disable` is a field, too; it is left to the caller.
[[nodiscard]] inline cors_filter read_cors_filter(const document_view& view, bool traffic_policy) {
    cors_filter filter;
    if (traffic_policy) {
        if (!view.is_map({"allowOrigins", "allowCredentials", "allowMethods", "allowHeaders",
                          "exposeHeaders", "maxAge", "disable"})) {
            return filter;
        }
    } else if (!view.is_map({"allowOrigins", "allowCredentials", "allowMethods", "allowHeaders",
                             "exposeHeaders", "maxAge"})) {
        return filter;
    }
    filter.allow_origins = view["allowOrigins"].strings();
    filter.allow_credentials = view["allowCredentials"].boolean();
    filter.allow_methods = view["allowMethods"].strings();
    filter.allow_headers = view["allowHeaders"].strings();
    filter.expose_headers = view["exposeHeaders"].strings();
    filter.max_age = detail::read_seconds(view["maxAge"]);
    return filter;
}

/// Writes the `cors` map, without the fields that are unset or empty.
[[nodiscard]] inline document to_document(const cors_filter& filter) {
    document map = document::map();
    const auto add = [&map](std::string_view key, const std::vector<std::string>& items) {
        if (!items.empty()) map.set(key, detail::to_list(items));
    };
    add("allowOrigins", filter.allow_origins);
    add("allowMethods", filter.allow_methods);
    add("allowHeaders", filter.allow_headers);
    add("exposeHeaders", filter.expose_headers);
    if (filter.allow_credentials) {
        map.set("allowCredentials", document(*filter.allow_credentials));
    }
    if (filter.max_age) map.set("maxAge", document(*filter.max_age));
    return map;
}

}  // namespace corsac::inline v0_2_0::interop

#endif
