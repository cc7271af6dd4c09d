// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_DETAIL_ROUTE_MATCH_HPP
#define CORSAC_INTEROP_ENVOY_DETAIL_ROUTE_MATCH_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/table/route_match.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

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

/// Which requests one Envoy route takes, beside path and conditions: all of these hold.
using envoy_matchers = std::vector<document>;

/// A preflight that asks for a method; for any, if it is empty.
[[nodiscard]] inline envoy_matchers match_preflight(std::string_view method) {
    return {exact_matcher(":method", "OPTIONS"), present_matcher(field::origin),
            method.empty() ? regex_matcher(field::request_method, ".+")
                           : exact_matcher(field::request_method, method)};
}

/// What a rule for a method takes that is no preflight: any of the sets.
[[nodiscard]] inline std::vector<envoy_matchers> match_method(std::string_view method) {
    if (method.empty()) return {{}};
    if (method != "OPTIONS") return {{exact_matcher(":method", method)}};
    document no_origin = present_matcher(field::origin);
    no_origin.set("invert_match", document(true));
    document no_method = regex_matcher(field::request_method, ".+");
    no_method.set("invert_match", document(true));
    no_method.set("treat_missing_header_as_empty", document(true));
    return {{exact_matcher(":method", method), std::move(no_origin)},
            {exact_matcher(":method", method), std::move(no_method)}};
}

/// `RouteMatch`; null for a path that no request can have, and that Envoy refuses to read.
[[nodiscard]] inline document envoy_match(const http_match& from, const envoy_matchers& more) {
    document made = document::map();
    std::string_view path = from.path;
    if (from.kind == path_kind::expression) {
        made.set("safe_regex", document::map()).set("regex", document(path));
    } else if (from.path.find_first_of("?#") != from.path.npos) {
        return {};
    } else if (from.kind == path_kind::exact) {
        made.set("path", document(path));
    } else {
        while (!path.empty() && path.back() == '/') path.remove_suffix(1);
        made.set(path.empty() ? "prefix" : "path_separated_prefix",
                 document(path.empty() ? "/" : path));
    }
    document headers = document::list(), query = document::list();
    for (const std::string& line : from.headers) {
        const split_condition c(line, ": ");
        headers.push_back(exact_matcher(c.name, trim_ows(c.value)));
    }
    for (const std::string& line : from.header_expressions) {
        const split_condition c(line, ": ");
        headers.push_back(regex_matcher(c.name, c.value));
    }
    for (const document& matcher : more) headers.push_back(matcher);
    for (const std::string& pair : from.query) {
        const split_condition c(pair, "=");
        query.push_back(exact_matcher(c.name, c.value));
    }
    for (const std::string& pair : from.query_expressions) {
        const split_condition c(pair, "=");
        query.push_back(regex_matcher(c.name, c.value));
    }
    if (headers.size() != 0) made.set("headers", std::move(headers));
    if (query.size() != 0) made.set("query_parameters", std::move(query));
    return made;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
