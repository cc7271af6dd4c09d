// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_CONSOLE_HPP
#define CORSAC_TESTING_CONSOLE_HPP

#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0::testing {

/// What is known about a blocked request when the console speaks.
struct block {
    step at = step::none;
    /// The value, method, header name or token at fault.
    std::string offender{};
    testing::initiator initiator = testing::initiator::fetch;
    std::string page_url{};
    /// Serialised.
    std::string page_origin{};
    std::string first_url{};
    /// The URL whose request or response failed.
    std::string current_url{};
    /// Of a redirect that was not followed.
    std::string target_url{};
    /// Status and number of `Access-Control-Allow-Origin` lines of the response that failed.
    int status = 0;
    std::size_t origin_lines = 0;
    /// The response that failed was a redirect that would have been followed.
    bool on_redirect = false;
    /// The request had left its origin, or was about to.
    bool cross_origin = false;
};

namespace detail {

[[nodiscard]] inline std::string latin1_to_utf8(std::string_view bytes) {
    std::string out;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) {
            out += c;
        } else {
            out += static_cast<char>(0xc0 | (byte >> 6));
            out += static_cast<char>(0x80 | (byte & 0x3f));
        }
    }
    return out;
}

/// The length of the well-formed UTF-8 sequence that `text` starts with, or 0.
[[nodiscard]] inline std::size_t utf8_sequence(std::string_view text) {
    const auto at = [&](std::size_t i) {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
    };
    const unsigned lead = at(0);
    if (lead < 0x80) return text.empty() ? 0 : 1;
    const std::size_t size = lead >= 0xc2 && lead <= 0xdf   ? 2
                             : lead >= 0xe0 && lead <= 0xef ? 3
                             : lead >= 0xf0 && lead <= 0xf4 ? 4
                                                            : 0;
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xc0) != 0x80) return 0;
    }
    const unsigned second = at(1);
    const bool overlong = (lead == 0xe0 && second < 0xa0) || (lead == 0xf0 && second < 0x90);
    const bool too_high = (lead == 0xed && second > 0x9f) || (lead == 0xf4 && second > 0x8f);
    return overlong || too_high ? 0 : size;
}

/// Every byte that is no part of well-formed UTF-8 becomes U+FFFD.
[[nodiscard]] inline std::string lossy_utf8(std::string_view bytes) {
    std::string out;
    while (!bytes.empty()) {
        const std::size_t size = utf8_sequence(bytes);
        if (size == 0)
            out.append("\xef\xbf\xbd");
        else
            out.append(bytes.substr(0, size));
        bytes.remove_prefix(size == 0 ? 1 : size);
    }
    return out;
}

[[nodiscard]] inline bool is_preflight_step(step s) {
    return to_string(s).starts_with("preflight:");
}

/// Whether Chromium's URL parser would accept the value.
[[nodiscard]] inline bool looks_like_url(std::string_view value) {
    std::string ascii;
    while (!value.empty()) {
        const std::size_t size = utf8_sequence(value);
        if (size == 0) return false;
        if (size == 1)
            ascii += value.front();
        else
            ascii += 'x';  // a letter of a name that would become Punycode
        value.remove_prefix(size);
    }
    return parse_url(ascii, nullptr).has_value();
}

[[nodiscard]] inline std::string_view chromium_noun(initiator i) {
    switch (i) {
    case initiator::fetch: return "fetch";
    case initiator::xhr: return "XMLHttpRequest";
    case initiator::image: return "image";
    case initiator::script: return "script";
    case initiator::stylesheet: return "CSS stylesheet";
    case initiator::font: return "font";
    case initiator::audio: return "audio";
    case initiator::video: return "video";
    case initiator::event_source: return "resource";
    }
    return "resource";
}

[[nodiscard]] inline std::string chromium_origin_mismatch(const block& b) {
    const std::string value = latin1_to_utf8(b.offender);
    std::string out = "The 'Access-Control-Allow-Origin' header ";
    if (b.offender.find_first_of(" ,") != std::string::npos) {
        out += "contains multiple values '" + value + "', but only one is allowed.";
    } else if (b.offender != "null" && !looks_like_url(b.offender)) {
        out += "contains the invalid value '" + value + "'.";
    } else {
        out += "has a value '" + value + "' that is not equal to the supplied origin.";
    }
    if (b.initiator == initiator::fetch) {
        out += " Have the server send the header with a valid value.";
    }
    return out;
}

/// The part after "has been blocked by CORS policy: "; empty where Chromium says nothing.
[[nodiscard]] inline std::string chromium_reason(const block& b) {
    constexpr const char* xhr_hint =
        " The credentials mode of requests initiated by the XMLHttpRequest is controlled by the "
        "withCredentials attribute.";
    const std::string hint = b.initiator == initiator::xhr ? xhr_hint : "";
    switch (b.at) {
    case step::preflight_origin_missing:
    case step::actual_origin_missing:
        return "No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    case step::preflight_origin_mismatch:
    case step::actual_origin_mismatch: return chromium_origin_mismatch(b);
    case step::preflight_wildcard_with_credentials:
    case step::actual_wildcard_with_credentials:
        return "The value of the 'Access-Control-Allow-Origin' header in the response must not "
               "be the wildcard '*' when the request's credentials mode is 'include'." +
               hint;
    case step::preflight_credentials_not_true:
    case step::actual_credentials_not_true:
        return "The value of the 'Access-Control-Allow-Credentials' header in the response is '" +
               latin1_to_utf8(b.offender) +
               "' which must be 'true' when the request's credentials mode is 'include'." + hint;
    case step::preflight_status:
        return b.on_redirect ? "Redirect is not allowed for a preflight request."
                             : "It does not have HTTP ok status.";
    case step::preflight_method:
        return "Method " + b.offender +
               " is not allowed by Access-Control-Allow-Methods in preflight response.";
    case step::preflight_methods_invalid:
        return "Cannot parse Access-Control-Allow-Methods response header field in preflight "
               "response.";
    case step::preflight_authorization:
    case step::preflight_header:
        return "Request header field " + b.offender +
               " is not allowed by Access-Control-Allow-Headers in preflight response.";
    case step::preflight_headers_invalid:
        return "Cannot parse Access-Control-Allow-Headers response header field in preflight "
               "response.";
    case step::redirect_credentials:
        return "Redirect location '' contains a username and password, which is disallowed for "
               "cross-origin requests.";
    case step::scheme:
        return "Cross origin requests are only supported for protocol schemes: chrome, "
               "chrome-extension, chrome-untrusted, data, http, https, isolated-app.";
    default: return {};
    }
}

[[nodiscard]] inline std::vector<std::string> chromium_console(const block& b) {
    if (b.at == step::mode_same_origin && b.first_url != b.current_url) {
        return {"Unsafe attempt to load URL " + b.current_url + " from frame with URL " +
                b.page_url + ". Domains, protocols and ports must match.\n"};
    }
    if (b.at == step::mode_same_origin) {
        return {"Fetch API cannot load " + b.current_url +
                ". Request mode is \"same-origin\" but the URL's origin is not same as the request "
                "origin " +
                b.page_origin + "."};
    }
    const std::string reason = chromium_reason(b);
    if (reason.empty()) return {};
    std::string out = "Access to ";
    out.append(chromium_noun(b.initiator)).append(" at '").append(b.current_url).append("' ");
    if (b.first_url != b.current_url) out += "(redirected from '" + b.first_url + "') ";
    out += "from origin '" + b.page_origin + "' has been blocked by CORS policy: ";
    const bool access_check = b.at <= step::preflight_status;
    if (is_preflight_step(b.at) && access_check) {
        out += "Response to preflight request doesn't pass access control check: ";
    }
    return {out + reason};
}

[[nodiscard]] inline std::string firefox_line(const std::string& url, const std::string& reason) {
    return "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
           "resource at " +
           url + ". (Reason: " + reason + ")";
}

/// The line for the failed check itself; empty where Firefox gives no reason.
[[nodiscard]] inline std::string firefox_reason(const block& b) {
    const std::string quoted = "‘" + lossy_utf8(b.offender) + "’";
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
        if (b.origin_lines > 1) {
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
    case step::redirect_scheme: return firefox_line(b.target_url, "CORS request not http") + ".";
    default: return {};
    }
}

[[nodiscard]] inline std::vector<std::string> firefox_console(const block& b) {
    if (b.at == step::mode_same_origin) {
        return {"Security Error: Content at " + b.page_url + " may not load data from " +
                b.current_url + "."};
    }
    if (b.at == step::corp) {
        return {"The resource at “" + b.current_url +
                "” was blocked due to its "
                "Cross-Origin-Resource-Policy header (or lack thereof). See "
                "https://developer.mozilla.org/docs/Web/HTTP/Cross-Origin_Resource_Policy_(CORP)#"};
    }
    std::vector<std::string> out;
    if (b.at == step::preflight_status && b.on_redirect) {
        out.push_back(firefox_line(b.current_url, "CORS request external redirect not allowed") +
                      ".");
    }
    const std::string reason = firefox_reason(b);
    if (!reason.empty()) out.push_back(reason);
    const bool redirecting = to_string(b.at).starts_with("redirect:");
    const bool failed_later = is_preflight_step(b.at) || b.on_redirect || redirecting;
    if (b.cross_origin && failed_later) {
        out.push_back(firefox_line(b.current_url, "CORS request did not succeed") +
                      ". Status code: (null).");
    }
    return out;
}

/// What failed, as the standard sees it.
[[nodiscard]] inline std::string plain_reason(const block& b) {
    const std::string value = "'" + lossy_utf8(b.offender) + "'";
    switch (b.at) {
    case step::preflight_origin_missing:
    case step::actual_origin_missing: return "the response has no Access-Control-Allow-Origin";
    case step::preflight_origin_mismatch:
    case step::actual_origin_mismatch:
        return b.origin_lines > 1
                   ? "the response has several Access-Control-Allow-Origin lines: " + value
                   : "Access-Control-Allow-Origin is " + value + ", not the request's origin";
    case step::preflight_wildcard_with_credentials:
    case step::actual_wildcard_with_credentials:
        return "Access-Control-Allow-Origin must not be * for a request with credentials";
    case step::preflight_credentials_not_true:
    case step::actual_credentials_not_true:
        return "Access-Control-Allow-Credentials is " + value +
               " and must be 'true' for a request with credentials";
    case step::preflight_status:
        return "its status is " + std::to_string(b.status) + ", not 200 to 299";
    case step::preflight_methods_invalid:
        return "Access-Control-Allow-Methods contains " + value + ", which is no method";
    case step::preflight_headers_invalid:
        return "Access-Control-Allow-Headers contains " + value + ", which is no header name";
    case step::preflight_method:
        return "method " + b.offender + " is not in Access-Control-Allow-Methods";
    case step::preflight_authorization:
        return "Access-Control-Allow-Headers does not name authorization, and * does not cover "
               "it";
    case step::preflight_header:
        return "header " + b.offender + " is not in Access-Control-Allow-Headers";
    case step::mode_same_origin: return "mode is same-origin, and this is another origin";
    case step::mode_no_cors_redirect: return "mode no-cors needs redirect mode follow";
    case step::scheme: return "the scheme is neither http nor https";
    case step::corp: return "Cross-Origin-Resource-Policy keeps it from this origin";
    case step::redirect_error_mode: return "it redirects, and redirect mode is error";
    case step::redirect_scheme: return "it redirects to another scheme than http and https";
    case step::redirect_credentials: return "it redirects to a URL with a user name or a password";
    case step::redirect_count: return "too many redirects";
    case step::redirect_location: return "it redirects to something that is no URL";
    case step::redirect_body: return "a stream body cannot be sent again after a redirect";
    case step::network: return "the browser's network code refuses " + b.offender;
    default: return std::string(to_string(b.at));
    }
}

}  // namespace detail

/// The lines that the console shows for a blocked request.
[[nodiscard]] inline std::vector<std::string> console_lines(const block& b, const quirks& q) {
    switch (q.console) {
    case console_language::chromium: return detail::chromium_console(b);
    case console_language::firefox: return detail::firefox_console(b);
    case console_language::plain: break;
    }
    std::string out = detail::is_preflight_step(b.at) ? "The preflight of " : "The request to ";
    out += b.current_url + " from origin " + b.page_origin + " is blocked: ";
    return {out + detail::plain_reason(b) + " (" + std::string(to_string(b.at)) + ")"};
}

}  // namespace corsac::inline v0::testing

#endif
