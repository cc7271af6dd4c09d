// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_DETAIL_CHROMIUM_CONSOLE_HPP
#define CORSAC_TESTING_DETAIL_CHROMIUM_CONSOLE_HPP

#include <corsac/detail/printable.hpp>
#include <corsac/testing/block.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

namespace detail {

/// Whether Chromium's URL parser would accept the value. It cares for UTF-8 in the host only.
[[nodiscard]] inline bool looks_like_url(std::string_view value) {
    const std::size_t scheme = value.find("://");
    const std::size_t host =
        scheme == value.npos ? scheme : value.find_first_not_of('/', scheme + 1);
    const std::size_t path = host == value.npos ? host : value.find_first_of("/?#", host);
    std::string ascii;
    for (std::string_view rest = value; !rest.empty();) {
        const std::size_t size = first_character(rest).size;
        const bool in_path = value.size() - rest.size() >= path;
        if (size == 0 && !in_path) return false;
        // A letter of a name that would become Punycode, or something in a path.
        ascii += size == 1 ? rest.front() : 'x';
        rest.remove_prefix(size == 0 ? 1 : size);
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
    case initiator::event_source:
    case initiator::beacon:
    case initiator::form:
    case initiator::websocket: return "resource";
    }
    return "resource";
}

[[nodiscard]] inline std::string chromium_origin_mismatch(const block& b) {
    const std::string value = escaped_latin1(b.offender);
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
               escaped_latin1(b.offender) +
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
    case step::redirect_scheme:
        if (b.target_url.starts_with("data:")) return {};
        return "Cross origin requests are only supported for protocol schemes: chrome, "
               "chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, data, "
               "http, https, isolated-app.";
    case step::scheme:
        return "Cross origin requests are only supported for protocol schemes: chrome, "
               "chrome-extension, chrome-untrusted, data, http, https, isolated-app.";
    default: return {};
    }
}

[[nodiscard]] inline std::vector<std::string> chromium_console(const block& b) {
    const bool redirecting = b.at == step::redirect_scheme || !b.target_url.empty();
    if (b.mode == request_mode::same_origin && redirecting) {
        const bool at_home = b.at == step::network && !b.cross_origin;
        if (b.target_url.starts_with("data:") || b.at == step::redirect_location || at_home) {
            return {};
        }
        return {"Unsafe attempt to load URL " + b.target_url + " from frame with URL " +
                b.page_url + ". Domains, protocols and ports must match.\n"};
    }
    if (b.at == step::mode_same_origin && b.first_url != b.current_url) {
        return {"Unsafe attempt to load URL " + b.current_url + " from frame with URL " +
                b.page_url + ". Domains, protocols and ports must match.\n"};
    }
    if (b.at == step::redirect_scheme && b.mode == request_mode::no_cors) return {};
    if (b.at == step::mode_same_origin) {
        return {"Fetch API cannot load " + b.current_url +
                ". Request mode is \"same-origin\" but the URL's origin is not same as the request "
                "origin " +
                b.page_origin + "."};
    }
    if (b.at == step::mode_no_cors_redirect) {
        return {"Fetch API cannot load " + b.current_url +
                ". Request mode is \"no-cors\" but the redirect mode is not \"follow\"."};
    }
    const std::string reason = chromium_reason(b);
    if (reason.empty()) return {};
    const std::string& at = b.at == step::redirect_scheme ? b.target_url : b.current_url;
    std::string out = "Access to ";
    out.append(chromium_noun(b.initiator)).append(" at '").append(at).append("' ");
    if (b.first_url != at) out += "(redirected from '" + b.first_url + "') ";
    out += "from origin '" + b.page_origin + "' has been blocked by CORS policy: ";
    const bool access_check = b.at <= step::preflight_status;
    if (is_preflight_step(b.at) && access_check) {
        out += "Response to preflight request doesn't pass access control check: ";
    }
    return {out + reason};
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0::testing

#endif
