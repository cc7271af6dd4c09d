// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_NAME_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_NAME_VALIDATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/pasted_list.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0::detail {

[[nodiscard]] constexpr bool is_listable(std::string_view name) noexcept {
    return is_token(name) && name.size() <= max_configured_name_length;
}

/// What the server itself writes, and beginners list.
[[nodiscard]] constexpr bool is_response_header_of_cors(std::string_view name) noexcept {
    constexpr std::string_view prefix = "access-control-";
    return equals_ignore_case(name.substr(0, prefix.size()), prefix);
}

template <class Report>
constexpr void check_methods(const policy_options& options, Report& report) {
    using enum config_code;
    for (std::size_t i = 0; i < options.allow_methods.size(); ++i) {
        const std::string_view written = options.allow_methods[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"allow_methods", i}, written, what, advice);
        };
        const std::string_view method = without_paste<config_code>(written, add);
        if (method.empty() && !written.empty()) continue;
        if (method == "*") {
            if (options.allow_methods.size() > 1) {
                add(any_beside_others, "makes the other entries pointless",
                    "keep * alone, or leave it out");
            }
        } else if (!is_token(method) || method.size() > max_requested_method_length) {
            add(method_malformed, "is no method", R"(write a token such as "PUT")");
        } else if (is_forbidden_method(method)) {
            add(options.tolerate_forbidden_names ? name_never_requested : method_forbidden,
                "is a method that no browser sends for a script", "leave it out");
        } else if (const std::string_view sent = normalize_method(method); sent != method) {
            text advice{"write \""};
            advice.append(sent).append('"');
            add(method_wrong_case, "never arrives in this case", advice.view());
        } else if (equals_ignore_case(method, "PATCH") && method != "PATCH") {
            add(method_lower_case, "is another method than PATCH, which browsers do not upper-case",
                R"(write "PATCH", and fetch with method: "PATCH")");
        }
    }
}

template <class Report>
constexpr void check_headers(const policy_options& options, Report& report) {
    using enum config_code;
    std::size_t prefixes = 0;
    for (std::size_t i = 0; i < options.allow_headers.size(); ++i) {
        const std::string_view written = options.allow_headers[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"allow_headers", i}, written, what, advice);
        };
        const std::string_view name = without_paste<config_code>(written, add);
        if (name.empty() && !written.empty()) continue;
        if (name == "*") {
            bool others = false;
            for (const std::string_view other : options.allow_headers) {
                others = others || (other != "*" && !is_cors_non_wildcard_request_header(other));
            }
            if (others) {
                add(any_beside_others, "makes the other entries but Authorization pointless",
                    "keep * (and Authorization), or leave it out");
            }
        } else if (!is_listable(name)) {
            add(header_name_malformed, "is no header name",
                R"(write a token such as "X-Request-Id")");
        } else if (const std::size_t star = name.find('*');
                   star != name.npos && star != name.size() - 1) {
            add(header_wildcard_misplaced, "has a wildcard before its end",
                R"(write the * last, as in "X-Custom-*")");
        } else if (is_forbidden_request_header(name.substr(0, star))) {
            add(options.tolerate_forbidden_names ? name_never_requested : header_name_forbidden,
                "is a header that no script can set", "leave it out");
        } else if (is_response_header_of_cors(name)) {
            add(header_of_responses, "is a header of responses, which the server sends",
                "leave it out, and in the page, too: fetch() has no use for it");
        } else if (star != name.npos && ++prefixes == max_header_prefixes + 1) {
            add(header_prefixes_too_many,
                "ends in *, as 64 entries before it do, and preflights are compared with each",
                "list the names, or shorten the prefixes");
        }
    }
}

/// Whether an entry of allow_headers covers a name in lower case.
[[nodiscard]] constexpr bool covers(std::string_view entry, std::string_view name) noexcept {
    if (entry.empty() || entry.back() != '*') return equals_ignore_case(entry, name);
    entry.remove_suffix(1);
    return equals_ignore_case(entry, name.substr(0, entry.size()));
}

/// Points out that no JSON can be sent, where methods are listed that have a body.
template <class Report>
constexpr void check_content_type(const policy_options& options, Report& report) {
    for (const std::string_view entry : options.allow_headers) {
        if (covers(entry, "content-type")) return;
    }
    for (const std::string_view method : options.allow_methods) {
        if (method != "POST" && method != "PUT" && method != "PATCH" && method != "*") continue;
        text what{"has no Content-Type, so pages cannot send JSON"};
        if (method != "*") what.append(" with ").append(method);
        report.add(config_code::content_type_not_listed, {"allow_headers"}, {}, what.view(),
                   R"(add "Content-Type", unless bodies are forms or text)");
        return;
    }
}

template <class Report>
constexpr void check_exposed(const policy_options& options, Report& report) {
    using enum config_code;
    for (std::size_t i = 0; i < options.expose_headers.size(); ++i) {
        const std::string_view written = options.expose_headers[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"expose_headers", i}, written, what, advice);
        };
        const std::string_view name = without_paste<config_code>(written, add);
        if (name.empty() && !written.empty()) continue;
        if (name == "*") {
            if (options.allow_credentials) {
                add(credentials_with_expose_any, "is no wildcard when credentials are included",
                    "list the names");
            } else if (options.expose_headers.size() > 1) {
                add(any_beside_others, "makes the other entries pointless",
                    "keep * alone, or leave it out");
            }
        } else if (!is_listable(name)) {
            add(header_name_malformed, "is no header name",
                R"(write a token such as "X-Request-Id")");
        } else if (name.find('*') != name.npos) {
            add(header_wildcard_misplaced, "has a wildcard, which browsers know only alone",
                "list the names");
        } else if (is_forbidden_response_header(name)) {
            add(options.tolerate_forbidden_names ? name_never_requested : header_name_forbidden,
                "is a header that no script can read", "leave it out");
        } else if (is_response_header_of_cors(name)) {
            add(header_of_responses, "is read by the browser, not by scripts", "leave it out");
        } else if (is_cors_safelisted_response_header(name)) {
            add(header_already_safelisted, "can be read without being listed", "leave it out");
        }
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
