// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_ROUTE_PARTS_HPP
#define CORSAC_INTEROP_ENVOY_ROUTE_PARTS_HPP

#include <corsac/interop/document.hpp>
#include <corsac/interop/gateway_objects.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// The cluster of a backend as kgateway calls it: `kube_shop_cart_8080`.
[[nodiscard]] inline std::string kgateway_cluster_name(const http_backend& backend) {
    std::string name = "kube_" + backend.name_space;
    name.append("_").append(backend.service);
    return name + '_' + std::to_string(backend.port);
}

namespace detail {

/// Whether Envoy takes the text as `path_separated_prefix`, which it compares element by element.
[[nodiscard]] inline bool is_separated_prefix(std::string_view path) noexcept {
    return path.size() > 1 && path.back() != '/' && path.find_first_of("?#") == path.npos;
}

/// `Name: value` or `name=value`, taken apart.
struct split_condition {
    std::string_view name;
    std::string_view value;

    split_condition(std::string_view line, std::string_view separator)
        : name(line.substr(0, line.find(separator))),
          value(line.substr(name.size() + separator.size())) {}
};

/// A condition on a header or query parameter; both look the same.
[[nodiscard]] inline document exact_matcher(std::string_view name, std::string_view value) {
    document matcher = document::map();
    matcher.set("name", document(name));
    matcher.set("string_match", document::map()).set("exact", document(value));
    return matcher;
}
[[nodiscard]] inline document present_matcher(std::string_view name) {
    document matcher = document::map();
    matcher.set("name", document(name));
    matcher.set("present_match", document(true));
    return matcher;
}
/// @param regex  Of the whole value.
[[nodiscard]] inline document regex_matcher(std::string_view name, std::string_view regex) {
    document matcher = document::map();
    matcher.set("name", document(name));
    document& text = matcher.set("string_match", document::map());
    text.set("safe_regex", document::map()).set("regex", document(regex));
    return matcher;
}

/// A cluster with its share of the requests, and its own policy, if it has one.
[[nodiscard]] inline document weighted_cluster(std::string_view name, std::int64_t weight,
                                               document per_filter) {
    document cluster = document::map();
    cluster.set("name", document(name));
    cluster.set("weight", document(weight));
    if (!per_filter.is_null()) cluster.set("typed_per_filter_config", std::move(per_filter));
    return cluster;
}

}  // namespace detail

}  // namespace corsac::inline v0

#endif
