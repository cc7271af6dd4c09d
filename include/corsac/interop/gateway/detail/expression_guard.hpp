// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_EXPRESSION_GUARD_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_EXPRESSION_GUARD_HPP

#include <corsac/interop/gateway/objects.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// The expressions of one match, compiled: each must match the whole of what it looks at.
struct expression_guard {
    struct condition {
        std::string name;
        std::function<bool(std::string_view)> matches;
    };
    std::function<bool(std::string_view)> path{};  ///< empty if the path is no expression
    std::vector<condition> headers{};
    std::vector<condition> query{};

    [[nodiscard]] bool empty() const noexcept { return !path && headers.empty() && query.empty(); }

    [[nodiscard]] bool operator()(const route_request& request, field_reader fields) const {
        if (path && !path(request.path)) return false;
        for (const condition& one : headers) {
            const std::string_view value = fields(one.name);
            if (value.data() == nullptr || !one.matches(value)) return false;
        }
        for (const condition& one : query) {
            const std::string_view value = corsac::detail::query_value(request.query, one.name);
            if (value.data() == nullptr || !one.matches(value)) return false;
        }
        return true;
    }
};

/// Compiles the expressions of a match.
///
/// @param reject  Called as `reject(field, message)` for what does not compile; then that condition
///                is left out, and nothing matches such a path.
template <class Reject>
[[nodiscard]] expression_guard compile_expressions(const http_match& match,
                                                   const regex_engine& engine,
                                                   const Reject& reject) {
    expression_guard made;
    if (match.kind == path_kind::expression) {
        string_matcher path = make_regex_matcher(match.path, engine);
        if (!path.regex.error.empty()) reject("path.value", path.regex.error);
        made.path = path.regex.matches ? std::move(path.regex.matches)
                                       : [](std::string_view) { return false; };
    }
    const auto add = [&](const std::vector<std::string>& lines, std::string_view separator,
                         std::string_view field, std::vector<expression_guard::condition>& to) {
        for (const std::string& line : lines) {
            const std::size_t at = line.find(separator);
            string_matcher value =
                make_regex_matcher(std::string_view(line).substr(at + separator.size()), engine);
            if (!value.regex.error.empty()) {
                reject(field, line.substr(0, at) + ' ' + value.regex.error);
            } else {
                to.push_back({line.substr(0, at), std::move(value.regex.matches)});
            }
        }
    };
    add(match.header_expressions, ": ", "headers", made.headers);
    add(match.query_expressions, "=", "queryParams", made.query);
    return made;
}

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
