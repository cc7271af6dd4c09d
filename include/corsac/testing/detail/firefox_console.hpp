// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_FIREFOX_CONSOLE_HPP
#define CORSAC_TESTING_DETAIL_FIREFOX_CONSOLE_HPP

#include <corsac/testing/block.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/verdict.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

[[nodiscard]] inline std::string firefox_line(const std::string& url, const std::string& reason) {
    return "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
           "resource at " +
           url + ". (Reason: " + reason + ")";
}

/// The line for the failed check itself; empty where Firefox gives no reason.
[[nodiscard]] inline std::string firefox_reason(const block& b) {
    std::string_view value = b.offender;
    while (value.starts_with(", ")) value.remove_prefix(2);  // an empty line counts for nothing
    while (value.ends_with(", ")) value.remove_suffix(2);
    const std::string quoted = "‘" + lossy_utf8(value) + "’";
    const std::string status = ". Status code: " + std::to_string(b.status) + ".";
    const auto line = [&](const std::string& reason) {
        return firefox_line(b.current_url, reason);
    };
    switch (b.at) {
    case step::preflight_origin_missing:
    case step::actual_origin_missing:
        return line("CORS header ‘Access-Control-Allow-Origin’ missing") + status;
    case step::preflight_origin_mismatch:
    case step::actual_origin_mismatch:
        if (b.exact_origin_lines > 1) {
            return line("Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed") + ".";
        }
        return line("CORS header ‘Access-Control-Allow-Origin’ does not match " + quoted) + ".";
    case step::preflight_wildcard_with_credentials:
    case step::actual_wildcard_with_credentials:
        return firefox_line("‘" + b.current_url + "’",
                            "Credential is not supported if the CORS header "
                            "‘Access-Control-Allow-Origin’ is ‘*’") +
               ".";
    case step::preflight_credentials_not_true:
    case step::actual_credentials_not_true:
        return line("expected ‘true’ in CORS header ‘Access-Control-Allow-Credentials’") + ".";
    case step::preflight_status: return line("CORS preflight response did not succeed") + status;
    case step::preflight_method:
        return line("Did not find method in CORS header ‘Access-Control-Allow-Methods’") + ".";
    case step::preflight_methods_invalid:
        return line("invalid token " + quoted + " in CORS header ‘Access-Control-Allow-Methods’") +
               ".";
    case step::preflight_authorization:
    case step::preflight_header:
        return line("header " + quoted +
                    " is not allowed according to header "
                    "‘Access-Control-Allow-Headers’ from CORS preflight response") +
               ".";
    case step::preflight_headers_invalid:
        return line("invalid token " + quoted + " in CORS header ‘Access-Control-Allow-Headers’") +
               ".";
    case step::scheme: return line("CORS request not http") + ".";
    case step::redirect_scheme:
        if (b.target_url.starts_with("data:")) return {};
        return firefox_line(b.target_url, "CORS request not http") + ".";
    default: return {};
    }
}

[[nodiscard]] inline std::string_view origin_part(std::string_view url) {
    return url.substr(0, url.find('/', url.find("://") + 3));
}

[[nodiscard]] inline std::vector<std::string> firefox_console(const block& b) {
    const bool data = b.target_url.starts_with("data:");
    if (b.at == step::mode_same_origin ||
        (b.at == step::redirect_scheme && b.mode == request_mode::same_origin && !data)) {
        const std::string& target = b.at == step::redirect_scheme ? b.target_url : b.current_url;
        // Firefox names an opaque origin by a number that is new each time.
        const std::string page = b.page_origin == "null" ? "moz-nullprincipal:{…}?" +
                                                               std::string(origin_part(b.page_url))
                                                         : b.page_url;
        return {"Security Error: Content at " + page + " may not load data from " + target + "."};
    }
    if (b.at == step::redirect_scheme && b.mode != request_mode::cors) return {};
    if (b.at == step::redirect_error_mode) return {};
    if (b.at == step::corp) {
        return {"The resource at “" + b.current_url +
                "” was blocked due to its "
                "Cross-Origin-Resource-Policy header (or lack thereof). See "
                "https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"};
    }
    std::vector<std::string> out;
    if (b.at == step::preflight_status && b.on_redirect && b.follows) {
        out.push_back(firefox_line(b.current_url, "CORS request external redirect not allowed") +
                      ".");
    }
    const std::string reason = firefox_reason(b);
    if (!reason.empty()) out.push_back(reason);
    const bool redirecting = to_string(b.at).starts_with("redirect:");
    const bool failed_later = is_preflight_step(b.at) || b.on_redirect || redirecting;
    // A preflight that fails and redirects as well fails twice.
    const bool twice =
        is_preflight_step(b.at) && b.on_redirect && b.follows && b.at != step::preflight_status;
    if (b.cross_origin && failed_later) {
        out.insert(out.end(), twice ? 2U : 1U,
                   firefox_line(b.current_url, "CORS request did not succeed") +
                       ". Status code: (null).");
    }
    return out;
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
