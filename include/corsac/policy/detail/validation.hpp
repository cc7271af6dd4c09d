// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_VALIDATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/error.hpp>
#include <corsac/request/field_name.hpp>
#include <corsac/request/method.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0 {

/// Bytes of the longest header name that a policy may list; the Gateway API's limit.
inline constexpr std::size_t max_configured_name_length = 256;

/// Entries of allow_headers that end in `*`: a preflight's names are compared with one after the
/// other. The Gateway API takes as many names.
inline constexpr std::size_t max_header_prefixes = 64;

}  // namespace corsac::inline v0

namespace corsac::inline v0::detail {

[[nodiscard]] constexpr bool is_listable(std::string_view name) noexcept {
    return is_token(name) && name.size() <= max_configured_name_length;
}

/// Collects what is wrong with one configuration.
class report_builder {
public:
    constexpr void add(config_code code, std::string_view field, std::size_t index,
                       std::string_view written, std::string_view what, std::string_view advice) {
        config_errors& list = is_warning(code) ? warnings : errors;
        list.push_back({code, field, index, written, what, advice});
    }

    config_errors errors;
    config_errors warnings;
};

/// Whether strangers can register names under `labels`, which follow a wildcard.
[[nodiscard]] constexpr bool is_public_suffix(std::string_view labels,
                                              public_suffix_predicate consulted) {
    if (!labels.empty() && labels.back() == '.') labels.remove_suffix(1);
    if (labels == "localhost") return false;
    if (labels.find('.') == std::string_view::npos) return true;
    return consulted != nullptr && consulted(labels);
}

// What is insecure together with credentials, for entries of allow_origins and for whatever else
// lets origins in. Each calls `add(code, what, advice)` unless the options permit it.

template <class Add>
constexpr void judge_null_origin(const policy_options& options, const Add& add) {
    if (!options.allow_credentials) {
        add(config_code::null_origin_allowed, "allows every sandboxed frame of every site",
            "leave it out unless such a frame is your client");
    } else if (!options.dangerously_allow_null_origin_with_credentials) {
        add(config_code::credentials_with_null_origin,
            "with allow_credentials trusts every sandboxed frame of every site",
            "leave it out, or set dangerously_allow_null_origin_with_credentials");
    }
}

template <class Add>
constexpr void judge_any_origin(const policy_options& options, const Add& add) {
    if (!options.allow_credentials || options.dangerously_allow_any_origin_with_credentials) return;
    add(config_code::credentials_with_any_origin,
        "with allow_credentials lets every site act as the logged-in user",
        "list the origins you trust, or set allow_credentials = false");
}

/// `http://` to another machine.
template <class Add>
constexpr void judge_insecure_origin(const policy_options& options, const Add& add) {
    if (!options.allow_credentials || options.dangerously_allow_insecure_origins_with_credentials) {
        return;
    }
    add(config_code::credentials_with_insecure_origin,
        "with allow_credentials trusts pages that anyone on the network can rewrite",
        "write https://, or set dangerously_allow_insecure_origins_with_credentials");
}

/// Hosts that strangers can register.
/// @param what  What lets them in, for a policy without credentials.
template <class Add>
constexpr void judge_public_suffix(const policy_options& options, std::string_view what,
                                   std::string_view advice, const Add& add) {
    if (!options.allow_credentials) {
        add(config_code::wildcard_over_public_suffix, what, advice);
    } else if (!options.dangerously_allow_public_suffixes_with_credentials) {
        add(config_code::credentials_with_public_suffix,
            "with allow_credentials trusts names that strangers can register", advice);
    }
}

/// Reports what makes a well-formed pattern insecure, or pointless.
constexpr void check_pattern(const origin_pattern& pattern, std::string_view written,
                             std::size_t index, const policy_options& options,
                             report_builder& report) {
    using enum config_code;
    const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
        report.add(code, "allow_origins", index, written, what, advice);
    };

    if (pattern.view() == "null") return judge_null_origin(options, add);
    if (pattern.kind == pattern_kind::any_origin) return judge_any_origin(options, add);
    if (pattern.kind == pattern_kind::any_host) judge_any_origin(options, add);
    const std::string_view scheme = pattern.scheme();
    if (scheme == "http" && !is_loopback_host(pattern.host())) judge_insecure_origin(options, add);
    if (scheme == "ws" || scheme == "wss" || scheme == "file" || scheme == "data" ||
        scheme == "blob") {
        add(scheme_never_sent, "has a scheme that no browser sends in Origin",
            scheme == "ws" || scheme == "wss"
                ? "write http:// or https://, the origin of the page that opens the socket"
                : R"(pages of that scheme have the origin "null")");
    }
    const bool suffix_matters =
        pattern.kind == pattern_kind::subdomains || pattern.kind == pattern_kind::in_label;
    if (suffix_matters && is_public_suffix(pattern.fixed_labels(), options.is_public_suffix)) {
        judge_public_suffix(options, "has a wildcard right under a public suffix",
                            "name at least one label of a domain that is yours: "
                            "https://*.example.com",
                            add);
    }
}

/// Reads allow_origins; the patterns keep their place, broken ones included.
[[nodiscard]] constexpr buffer<origin_pattern> check_origins(const policy_options& options,
                                                             bool may_be_empty,
                                                             report_builder& report) {
    using enum config_code;
    buffer<origin_pattern> patterns;
    patterns.reserve(options.allow_origins.size());
    buffer<pattern_shape> shapes;
    bool any = false;
    for (std::size_t i = 0; i < options.allow_origins.size(); ++i) {
        const std::string_view written = options.allow_origins[i];
        bool well_formed = true;
        origin_pattern pattern = parse_origin_pattern(
            written, [&](config_code code, std::string_view what, std::string_view advice) {
                well_formed = false;
                report.add(code, "allow_origins", i, written, what, advice);
            });
        if (well_formed) check_pattern(pattern, written, i, options, report);
        if (well_formed && pattern.has_wildcard() && shapes.size() <= max_pattern_shapes) {
            add_shape(shapes, shape_of(pattern));
            if (shapes.size() > max_pattern_shapes) {
                report.add(origin_shapes_too_many, "allow_origins", i, written,
                           "has its * where no other entry has one, as 256 before it have, and "
                           "each such place costs every request a look-up",
                           "begin the host with the *, or decide with origin_if");
            }
        }
        any = any || written == "*";
        patterns.push_back(std::move(pattern));
    }
    if (patterns.empty() && !may_be_empty) {
        report.add(origins_empty, "allow_origins", no_index, {}, "no origin is allowed",
                   R"(write at least one, such as "https://example.com")");
    }
    if (any && patterns.size() > 1) {
        report.add(any_beside_others, "allow_origins", no_index, {},
                   "* makes the other entries pointless", "keep * alone, or leave it out");
    }
    return patterns;
}

constexpr void check_methods(const policy_options& options, report_builder& report) {
    using enum config_code;
    for (std::size_t i = 0; i < options.allow_methods.size(); ++i) {
        const std::string_view method = options.allow_methods[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, "allow_methods", i, method, what, advice);
        };
        if (method == "*") {
            if (options.allow_methods.size() > 1) {
                add(any_beside_others, "makes the other entries pointless",
                    "keep * alone, or leave it out");
            }
            continue;
        }
        if (!is_token(method) || method.size() > max_requested_method_length) {
            add(method_malformed, "is no method", R"(write a token such as "PUT")");
            continue;
        }
        if (is_forbidden_method(method)) {
            add(options.tolerate_forbidden_names ? name_never_requested : method_forbidden,
                "is a method that no browser sends for a script", "leave it out");
            continue;
        }
        const std::string_view sent = normalize_method(method);
        if (sent != method) {
            text advice{"write \""};
            advice.append(sent).append('"');
            add(method_wrong_case, "never arrives in this case", advice.view());
        } else if (equals_ignore_case(method, "PATCH") && method != "PATCH") {
            add(method_lower_case, "is another method than PATCH, which browsers do not upper-case",
                R"(write "PATCH", and fetch with method: "PATCH")");
        }
    }
}

constexpr void check_headers(const policy_options& options, report_builder& report) {
    using enum config_code;
    std::size_t prefixes = 0;
    for (std::size_t i = 0; i < options.allow_headers.size(); ++i) {
        const std::string_view name = options.allow_headers[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, "allow_headers", i, name, what, advice);
        };
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
        } else if (star != name.npos && ++prefixes == max_header_prefixes + 1) {
            add(header_prefixes_too_many,
                "ends in *, as 64 entries before it do, and preflights are compared with each",
                "list the names, or shorten the prefixes");
        }
    }
}

constexpr void check_exposed(const policy_options& options, report_builder& report) {
    using enum config_code;
    for (std::size_t i = 0; i < options.expose_headers.size(); ++i) {
        const std::string_view name = options.expose_headers[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, "expose_headers", i, name, what, advice);
        };
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
        } else if (is_cors_safelisted_response_header(name)) {
            add(header_already_safelisted, "can be read without being listed", "leave it out");
        }
    }
}

constexpr void check_switches(const policy_options& options, report_builder& report) {
    if (!options.refuse_credentials) return;
    if (options.allow_credentials) {
        report.add(config_code::credentials_allowed_and_refused, "refuse_credentials", no_index, {},
                   "together with allow_credentials says both yes and no", "keep one of the two");
    }
    for (std::size_t i = 0; i < options.allow_headers.size(); ++i) {
        if (!equals_ignore_case(options.allow_headers[i], "authorization")) continue;
        report.add(config_code::credentials_allowed_and_refused, "allow_headers", i,
                   options.allow_headers[i],
                   "is a credential, and refuse_credentials withholds the answer to it",
                   "leave it out, or set refuse_credentials = false");
    }
}

constexpr void check_numbers(const policy_options& options, report_builder& report) {
    using enum config_code;
    const auto add = [&](config_code code, std::string_view field, std::int64_t number,
                         std::string_view what, std::string_view advice) {
        text written;
        if (number < 0) written.append('-');
        // Not -number: that overflows for the smallest one.
        const auto bits = static_cast<std::uint64_t>(number);
        written.append_number(number < 0 ? 0 - bits : bits);
        report.add(code, field, no_index, written.view(), what, advice);
    };
    if (options.max_age) {
        const std::int64_t seconds = *options.max_age;
        if (seconds < 0) {
            add(max_age_negative, "max_age", seconds, "is negative",
                "write 0 to switch the preflight cache off");
        } else if (seconds > 2147483647) {
            add(max_age_too_large, "max_age", seconds, "is too large", "write at most 86400");
        } else if (seconds > 86400) {
            add(max_age_not_honoured, "max_age", seconds, "is longer than any browser remembers",
                "write at most 86400 (Chromium: 7200)");
        }
    }
    const auto ok = [](std::int32_t status) { return status >= 200 && status <= 299; };
    if (!ok(options.preflight_status)) {
        add(preflight_status_not_ok, "preflight_status", options.preflight_status,
            "makes browsers refuse what was granted", "write 200 to 299, usually 204");
    }
    if (!ok(options.denied_preflight_status) && options.denied_preflight_status != 403) {
        add(denied_status_malformed, "denied_preflight_status", options.denied_preflight_status,
            "is no status for a refused preflight", "write 403, 200 or 204");
    }
}

}  // namespace corsac::inline v0::detail

#endif
