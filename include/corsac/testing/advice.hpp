// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_ADVICE_HPP
#define CORSAC_TESTING_ADVICE_HPP

// Tested in tests/testing/mistakes.test.cpp.

#include <corsac/testing/block.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/verdict.hpp>

#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

namespace detail {

[[nodiscard]] inline std::string advice_on_status(const block& b) {
    const std::string says = "the answer has status " + std::to_string(b.status);
    switch (b.status) {
    case 401:
    case 403:
    case 407: return says + ": a preflight carries no credentials; answer it before they are asked";
    case 404:
    case 405:
    case 501: return says + ": answer OPTIONS before requests are routed by method";
    default: break;
    }
    if (b.status >= 300 && b.status <= 399) {
        return says + ": answer preflights before redirects (to https, for a slash at the end)";
    }
    return says + ": answer preflights with 204 before anything else runs";
}

[[nodiscard]] inline std::string advice_on_missing_origin(const block& b) {
    const std::string field = "Access-Control-Allow-Origin: " + b.request_origin;
    if (is_preflight_step(b.at)) {
        if (b.status < 200 || b.status > 299) return advice_on_status(b);
        return "answer the OPTIONS request with " + field;
    }
    if (b.on_redirect) return "send " + field + " with the redirect, too";
    const std::string says = "the answer has status " + std::to_string(b.status);
    if (b.status >= 300) return says + ": send " + field + " with it, too";
    return "send " + field + ", and Vary: Origin";
}

[[nodiscard]] inline std::string advice_on_wrong_origin(const block& b) {
    if (b.origin_lines > 1) {
        return "two places send it (the application and a proxy?); let one of them do so, once";
    }
    const std::string_view sent = b.offender;
    const std::string_view origin = b.request_origin;
    if (sent.find_first_of(", ") != sent.npos) {
        return "it holds one origin: compare on the server, and answer " + b.request_origin;
    }
    if (sent.find('*') != sent.npos) {
        return "it knows no patterns: compare on the server, and answer " + b.request_origin;
    }
    if (sent.starts_with(origin) && sent.substr(origin.size()).starts_with('/')) {
        return "an origin ends before the path: " + b.request_origin;
    }
    if (equals_ignore_case(sent, origin)) return "an origin is in lower case: " + b.request_origin;
    const auto without_port = [](std::string_view text) {
        return text.substr(0, text.find(':', text.find("://") + 3));
    };
    if (without_port(sent) == without_port(origin)) {
        return "the port is part of an origin: " + b.request_origin;
    }
    if (origin.starts_with("https://") && sent == "http://" + std::string(origin.substr(8))) {
        return "the scheme is part of an origin: " + b.request_origin;
    }
    return "answer " + b.request_origin + " if that page may read it, and send Vary: Origin";
}

}  // namespace detail

/// What to change, on the server as a rule, so that the request would pass; empty where it is for
/// the page to change something, and obvious.
[[nodiscard]] inline std::string advice(const block& b) {
    constexpr const char* sources = "list the origins and set allow_credentials";
    switch (b.at) {
    case step::preflight_origin_missing:
    case step::actual_origin_missing:
    case step::preflight_origin_mismatch:
    case step::actual_origin_mismatch:
        if (b.from_cache) {
            return "the answer was cached for another request: send Vary: Origin with every answer "
                   "of this URL, also where there is no Origin";
        }
        if (b.request_origin == "null" && b.page_origin != "null") {
            return "a redirect to a third origin made the origin null; redirect within one origin, "
                   "or let the page ask the target itself";
        }
        if (b.at == step::preflight_origin_missing || b.at == step::actual_origin_missing) {
            return detail::advice_on_missing_origin(b);
        }
        return detail::advice_on_wrong_origin(b);
    case step::preflight_wildcard_with_credentials:
    case step::actual_wildcard_with_credentials:
        if (b.by_policy) return sources + std::string(", or send the request without credentials");
        return "answer " + b.request_origin +
               ", Access-Control-Allow-Credentials: true and Vary: Origin, or send the request "
               "without credentials";
    case step::preflight_credentials_not_true:
    case step::actual_credentials_not_true:
        if (b.by_policy) return "set allow_credentials, or send the request without credentials";
        return "send Access-Control-Allow-Credentials: true, in lower case and once, with the "
               "preflight's answer and the response, or send the request without credentials";
    case step::preflight_status: return detail::advice_on_status(b);
    case step::preflight_methods_invalid:
    case step::preflight_headers_invalid: return "one bad element spoils the list: take it out";
    case step::preflight_method:
        if (b.offender == "patch") return "methods are case-sensitive, send PATCH";
        if (b.listed_star) {
            return "with credentials * is the name of a method: add " + b.offender +
                   " to Access-Control-Allow-Methods";
        }
        return "add " + b.offender +
               " to Access-Control-Allow-Methods (methods are "
               "case-sensitive)";
    case step::preflight_authorization:
        return "add Authorization to Access-Control-Allow-Headers; * does not stand for it";
    case step::preflight_header:
        if (b.listed_star) {
            return "with credentials * is the name of a header: add " + b.offender +
                   " to Access-Control-Allow-Headers";
        }
        return "add " + b.offender + " to Access-Control-Allow-Headers";
    case step::corp:
        return "send Cross-Origin-Resource-Policy: cross-origin if every site may embed it";
    case step::redirect_credentials: return "redirect to a URL without user name and password";
    case step::redirect_count: return "the redirects lead in a circle";
    default: return {};
    }
}

}  // namespace corsac::inline v0_2_0::testing

#endif
