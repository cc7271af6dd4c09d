// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_FETCH_OPTIONS_HPP
#define CORSAC_TESTING_FETCH_OPTIONS_HPP

// Tested in tests/testing/browser.test.cpp.

#include <corsac/testing/messages.hpp>
#include <corsac/testing/mime_type.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>
#include <corsac/testing/url.hpp>
#include <corsac/testing/verdict.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::testing {

/// `XMLHttpRequest.withCredentials` is `include`, its absence `same_origin`.
enum class credentials_mode { omit, same_origin, include };

/// Spec: https://fetch.spec.whatwg.org/#concept-request-mode
enum class request_mode { cors, no_cors, same_origin };

/// Spec: https://fetch.spec.whatwg.org/#concept-request-redirect-mode
enum class redirect_mode { follow, error, manual };

/// `normal` is the standard's `default`. Spec:
/// https://fetch.spec.whatwg.org/#concept-request-cache-mode
enum class cache_mode { normal, no_store, reload, no_cache, force_cache, only_if_cached };

/// Spec: https://w3c.github.io/webappsec-referrer-policy/#referrer-policies
enum class referrer_policy {
    /// The default, `strict-origin-when-cross-origin`.
    unset,
    no_referrer,
    no_referrer_when_downgrade,
    same_origin,
    origin,
    strict_origin,
    origin_when_cross_origin,
    strict_origin_when_cross_origin,
    unsafe_url,
};

/// What starts the request.
///
/// `fetch` and `xhr` differ in what they accept. The elements (`image` … `video`) name what the
/// console speaks of; their mode and credentials are for the caller to choose (`<img crossorigin>`,
/// `<script type=module>`, …). The others choose for themselves:
///
/// `event_source`  a GET; `credentials` is `include` for `withCredentials`; needs status 200 and
///                 `text/event-stream`.
/// `beacon`        a POST of `body` with credentials; preflighted like `fetch` where the body's
/// type
///                 is not safelisted. The page never learns the verdict.
/// `form`          a navigation by GET or POST: never preflighted, never blocked by CORS. A GET's
///                 fields are for the caller to put into the URL.
/// `websocket`     a handshake with `ws:` or `wss:`: always with `Origin` and credentials, allowed
///                 by status 101 alone. CORS does not guard it; the server has to.
enum class initiator {
    fetch,
    xhr,
    image,
    script,
    stylesheet,
    font,
    audio,
    video,
    event_source,
    beacon,
    form,
    websocket,
};

/// The kinds of body, for the `Content-Type` that each brings along.
enum class body_kind { none, text, url_search_params, form_data, blob, array_buffer, stream };

/// What a script sends.
struct request_body {
    body_kind kind = body_kind::none;
    std::string value{};
    /// A blob's type; empty for none.
    std::string mime{};
};

/// A string, which brings along `text/plain;charset=UTF-8`.
[[nodiscard]] inline request_body text_body(std::string_view text) {
    return {.kind = body_kind::text, .value = std::string(text), .mime = {}};
}

/// The arguments of `fetch(url, {…})`, with its defaults.
struct fetch_options {
    /// Absolute, or relative to the page.
    std::string url{};
    std::string method = "GET";
    header_list headers{};
    credentials_mode credentials = credentials_mode::same_origin;
    request_mode mode = request_mode::cors;
    redirect_mode redirect = redirect_mode::follow;
    cache_mode cache = cache_mode::normal;
    testing::referrer_policy referrer_policy = testing::referrer_policy::unset;
    request_body body{};
    /// A listener on `XMLHttpRequest.upload`: forces a preflight.
    bool upload_listener = false;
    testing::initiator initiator = testing::initiator::fetch;
};

namespace detail {

/// A request that passed the API's checks; or why it did not.
struct prepared_request {
    step refused = step::none;
    /// The reason, in the browser's words.
    std::string error{};
    url target{};
    std::string method{};
    header_list headers{};
    bool has_body = false;
    bool stream_body = false;
    bool force_preflight = false;
};

[[nodiscard]] inline bool is_header_value(std::string_view value) {
    return value.find_first_of(std::string_view("\0\r\n", 3)) == std::string_view::npos;
}

/// Whether mode `no-cors` lets a script set this header.
/// Spec: https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header
[[nodiscard]] inline bool is_no_cors_header(std::string_view name, std::string_view value,
                                            const quirks& q) {
    constexpr std::string_view names[] = {"accept", "accept-language", "content-language",
                                          "content-type"};
    return contains(names, lower(name)) && is_safelisted_request_header(name, value, q);
}

/// Spec: https://fetch.spec.whatwg.org/#concept-headers-append
inline bool append_header(header_list& list, const header& h, const fetch_options& options,
                          const quirks& q) {
    const std::string value(trim_http_whitespace(h.value));
    if (!is_token(h.name) || !is_header_value(value)) return false;
    if (is_forbidden_request_header(h.name, value)) return true;
    if (options.mode == request_mode::no_cors) {
        const std::optional<std::string> before = get(list, h.name);
        if (!is_no_cors_header(h.name, before ? *before + ", " + value : value, q)) return true;
    }
    if (options.initiator == initiator::xhr) {
        for (header& known : list) {
            if (!equals_ignore_case(known.name, h.name)) continue;
            known.value += ", " + value;
            return true;
        }
    }
    list.push_back({h.name, value});
    return true;
}

/// The `Content-Type` that a body brings along.
/// Spec: https://fetch.spec.whatwg.org/#concept-bodyinit-extract
[[nodiscard]] inline std::string content_type_of(const request_body& body, const quirks& q) {
    switch (body.kind) {
    case body_kind::text: return "text/plain;charset=UTF-8";
    case body_kind::url_search_params: return "application/x-www-form-urlencoded;charset=UTF-8";
    case body_kind::form_data: return "multipart/form-data; boundary=----boundary";
    case body_kind::blob: return body.mime;
    case body_kind::stream: return q.stream_body_is_text ? "text/plain;charset=UTF-8" : "";
    case body_kind::none:
    case body_kind::array_buffer: break;
    }
    return {};
}

/// A method in Firefox's words, which shows every character that is not ASCII as U+FFFD.
[[nodiscard]] inline std::string shown_by_firefox(std::string_view method) {
    std::string out;
    for (const char c : method) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80)
            out += c;
        else if (byte >= 0xc2)  // the first byte of a sequence
            out += "\xef\xbf\xbd";
    }
    return out;
}

[[nodiscard]] inline std::string type_error(const quirks& q, std::string_view plain,
                                            std::string_view chromium, std::string_view firefox) {
    std::string out = "TypeError: ";
    switch (q.console) {
    case console_language::plain: return out.append(plain);
    case console_language::chromium:
        return out.append("Failed to construct 'Request': ").append(chromium);
    case console_language::firefox: return out.append("Request constructor: ").append(firefox);
    }
    return out;
}

/// What the `Request` constructor checks, in its order.
/// Spec: https://fetch.spec.whatwg.org/#dom-request
[[nodiscard]] inline prepared_request prepare(const fetch_options& options, const url& page,
                                              const quirks& q) {
    prepared_request out;
    const auto refuse = [&](step at, const std::string& plain, const std::string& chromium,
                            const std::string& firefox) {
        out.refused = at;
        out.error = type_error(q, plain, chromium, firefox);
        return out;
    };
    const bool xhr = options.initiator == initiator::xhr;
    const std::optional<url> target = parse_url(options.url, &page);
    if (!target) {
        return refuse(step::api_url, "'" + options.url + "' is not a URL",
                      "Failed to parse URL from " + options.url,
                      options.url + " is not a valid URL.");
    }
    if (!target->userinfo.empty() && options.initiator == initiator::fetch) {
        return refuse(step::api_url, "a URL must not contain a user name or a password",
                      "Request cannot be constructed from a URL that includes credentials: " +
                          target->text(),
                      options.url + " is an url with embedded credentials.");
    }
    out.target = *target;
    if (options.cache == cache_mode::only_if_cached && options.mode != request_mode::same_origin) {
        return refuse(step::api_cache, "'only-if-cached' needs mode 'same-origin'",
                      "'only-if-cached' can be set only with 'same-origin' mode",
                      "only-if-cached can be set only with same-origin mode.");
    }
    const std::string& method = options.method;
    if (!is_token(method)) {
        return refuse(step::api_method, "'" + method + "' is not a method",
                      "'" + method + "' is not a valid HTTP method.",
                      "Invalid request method " + shown_by_firefox(method) + ".");
    }
    if (is_forbidden_method(method)) {
        return refuse(step::api_method, "method " + method + " is forbidden",
                      "'" + method + "' HTTP method is unsupported.",
                      "Invalid request method " + method + ".");
    }
    out.method = normalize_method(method);
    if (options.mode == request_mode::no_cors && !is_safelisted_method(out.method)) {
        return refuse(step::api_method, "mode no-cors knows only GET, HEAD and POST",
                      "'" + out.method + "' is unsupported in no-cors mode.",
                      "Invalid request method " + out.method + ".");
    }
    for (const header& h : options.headers) {
        if (append_header(out.headers, h, options, q)) continue;
        if (!is_token(h.name)) {
            return refuse(step::api_header, "'" + h.name + "' is not a header name", "Invalid name",
                          lower(h.name) + " is an invalid header name.");
        }
        return refuse(step::api_header, "the value of " + h.name + " contains NUL, CR or LF",
                      "Invalid value",
                      h.value.substr(0, h.value.find('\0')) + " is an invalid header value.");
    }
    const body_kind kind = options.body.kind;
    const bool get_or_head = out.method == "GET" || out.method == "HEAD";
    out.has_body = kind != body_kind::none && !(xhr && get_or_head);
    if (out.has_body && get_or_head) {
        return refuse(step::api_body, "a " + out.method + " request has no body",
                      "Request with GET/HEAD method cannot have body.",
                      "HEAD or GET Request cannot have a body.");
    }
    out.stream_body = kind == body_kind::stream && !q.stream_body_is_text;
    if (out.stream_body && options.mode == request_mode::no_cors) {
        return refuse(step::api_body, "a stream body needs mode cors or same-origin",
                      "If request is made from ReadableStream, mode should be \"same-origin\" or "
                      "\"cors\"",
                      "a stream body needs mode cors or same-origin.");
    }
    std::string content_type = out.has_body ? content_type_of(options.body, q) : "";
    if (options.initiator == initiator::form && options.body.kind != body_kind::form_data) {
        content_type = content_type.substr(0, content_type.find(';'));  // forms name no charset
    }
    if (!content_type.empty() && count(out.headers, "content-type") == 0) {
        append_header(out.headers, {"Content-Type", content_type}, options, q);
    }
    out.force_preflight = out.stream_body || (options.upload_listener &&
                                              (out.has_body || !q.upload_listener_needs_body));
    return out;
}

}  // namespace detail
}  // namespace corsac::inline v0_2_0::testing

#endif
