// SPDX-License-Identifier: MIT
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

// What Chromium and Firefox do with a 302, and what their consoles say, by what the page asked, who
// redirects, where to, and whether the redirect may be read: recorded as measured-redir-302-* and
// measured-userinfo-* in browser-truth.jsonl.

namespace {

namespace sim = corsac::testing;
using enum sim::redirect_mode;
using enum sim::request_mode;
using sim::quirks;

using lines = std::vector<std::string>;

constexpr const char* own = "http://app.example/a";
constexpr const char* foreign = "http://api.example/a";

std::string chromium(const std::string& at, const std::string& reason) {
    return "Access to fetch at " + at +
           " from origin 'http://app.example' has been blocked by CORS policy: " + reason;
}

std::string firefox(const std::string& at, const std::string& reason, const std::string& status) {
    return "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
           "resource at " +
           at + ". (Reason: " + reason + ")." + status;
}

const std::string no_header =
    chromium("'http://api.example/a'",
             "No 'Access-Control-Allow-Origin' header is present on the requested resource.");

std::string has_userinfo(const std::string& at) {
    return chromium("'" + at + "'", "Redirect location '' contains a username and password, which "
                                    "is disallowed for cross-origin requests.");
}

std::string other_scheme(const std::string& from) {
    return chromium("'ftp://api.example/b' (redirected from '" + from + "')",
                    "Cross origin requests are only supported for protocol schemes: chrome, "
                    "chrome-experimental-site-token-provider, chrome-extension, chrome-untrusted, "
                    "data, http, https, isolated-app.");
}

std::string unsafe(const std::string& to) {
    return "Unsafe attempt to load URL " + to +
           " from frame with URL http://app.example/page. Domains, protocols and ports must "
           "match.\n";
}

const std::string not_same_origin =
    "Fetch API cannot load http://api.example/a. Request mode is \"same-origin\" but the URL's "
    "origin is not same as the request origin http://app.example.";

const std::string not_followed =
    "Fetch API cannot load http://api.example/a. Request mode is \"no-cors\" but the redirect mode "
    "is not \"follow\".";

const std::string missing =
    firefox("http://api.example/a", "CORS header ‘Access-Control-Allow-Origin’ missing",
            " Status code: 302.");

const std::string not_http = firefox("ftp://api.example/b", "CORS request not http", "");

std::string failed(const std::string& at) {
    return firefox(at, "CORS request did not succeed", " Status code: (null).");
}

std::string may_not_load(const std::string& to) {
    return "Security Error: Content at http://app.example/page may not load data from " + to + ".";
}

struct result {
    bool allowed;
    std::size_t requests;
    lines console;
};

result answered(std::size_t requests = 1) { return {true, requests, {}}; }

/// @param line  In the console; empty for none.
result stopped(const std::string& line = {}, std::size_t requests = 1) {
    return {false, requests, line.empty() ? lines{} : lines{line}};
}

struct row {
    sim::redirect_mode how;
    sim::request_mode in;
    const char* from;
    const char* location;  ///< null where there is none
    bool shared;           ///< the redirect has `Access-Control-Allow-Origin`
    result chromium;
    result firefox;
};

const row rows[] = {
    {follow, cors, own, "data:,x", true, stopped(), stopped()},
    {follow, cors, foreign, "data:,x", true, stopped(), stopped(failed(foreign))},
    {follow, cors, foreign, "data:,x", false, stopped(no_header), stopped(failed(foreign))},
    {follow, no_cors, foreign, "data:,x", true, stopped(), stopped()},
    {follow, same_origin, own, "data:,x", true, stopped(), stopped()},
    {follow, cors, own, "ftp://api.example/b", true, stopped(other_scheme("http://app.example/a")),
     stopped(not_http)},
    {follow,
     cors,
     foreign,
     "ftp://api.example/b",
     true,
     stopped(other_scheme("http://api.example/a")),
     {false, 1, {not_http, failed(foreign)}}},
    {follow,
     cors,
     foreign,
     "ftp://api.example/b",
     false,
     stopped(no_header),
     {false, 1, {missing, failed(foreign)}}},
    {follow, no_cors, foreign, "ftp://api.example/b", true, stopped(), stopped()},
    {follow, same_origin, own, "ftp://api.example/b", true, stopped(unsafe("ftp://api.example/b")),
     stopped(may_not_load("ftp://api.example/b"))},
    {follow, cors, own, "http://[", true, stopped(), stopped()},
    {follow, cors, foreign, "http://[", true, stopped(), stopped(failed(foreign))},
    {follow, cors, foreign, "http://[", false, stopped(), stopped(failed(foreign))},
    {follow, no_cors, foreign, "http://[", true, stopped(), stopped()},
    {follow, same_origin, own, "http://[", true, stopped(), stopped()},
    {follow, cors, own, "http://api.example/b", true, answered(2), answered(2)},
    {follow, cors, foreign, "http://api.example/b", true, answered(2), answered(2)},
    {follow,
     cors,
     foreign,
     "http://api.example/b",
     false,
     stopped(no_header),
     {false, 1, {missing, failed(foreign)}}},
    {follow, no_cors, foreign, "http://api.example/b", true, answered(2), answered(2)},
    {follow, same_origin, own, "http://api.example/b", true,
     stopped(unsafe("http://api.example/b")), stopped(may_not_load("http://api.example/b"))},
    {follow, cors, own, nullptr, true, answered(), answered()},
    {follow, cors, foreign, nullptr, true, answered(), answered()},
    {follow, cors, foreign, nullptr, false, stopped(no_header), stopped(missing)},
    {follow, no_cors, foreign, nullptr, true, answered(), answered()},
    {follow, same_origin, own, nullptr, true, answered(), answered()},
    {error, cors, own, "data:,x", true, stopped(), stopped()},
    {error, cors, foreign, "data:,x", true, stopped(), stopped()},
    {error, cors, foreign, "data:,x", false, stopped(no_header), stopped(missing)},
    {error, same_origin, own, "data:,x", true, stopped(), stopped()},
    {error, cors, own, "ftp://api.example/b", true, stopped(), stopped()},
    {error, cors, foreign, "ftp://api.example/b", true, stopped(), stopped()},
    {error, cors, foreign, "ftp://api.example/b", false, stopped(no_header), stopped(missing)},
    {error, same_origin, own, "ftp://api.example/b", true, stopped(), stopped()},
    {error, cors, own, "http://[", true, stopped(), stopped()},
    {error, cors, foreign, "http://[", true, stopped(), stopped()},
    {error, cors, foreign, "http://[", false, stopped(), stopped(missing)},
    {error, same_origin, own, "http://[", true, stopped(), stopped()},
    {error, cors, own, "http://api.example/b", true, stopped(), stopped()},
    {error, cors, foreign, "http://api.example/b", true, stopped(), stopped()},
    {error, cors, foreign, "http://api.example/b", false, stopped(no_header), stopped(missing)},
    {error, no_cors, foreign, "http://api.example/b", true, stopped(not_followed, 0),
     stopped({}, 0)},
    {error, same_origin, own, "http://api.example/b", true, stopped(), stopped()},
    {error, cors, own, nullptr, true, answered(), stopped()},
    {error, cors, foreign, nullptr, true, answered(), stopped()},
    {error, cors, foreign, nullptr, false, stopped(no_header), stopped(missing)},
    {error, same_origin, own, nullptr, true, answered(), stopped()},
    {manual, cors, own, "data:,x", true, answered(), answered()},
    {manual, cors, foreign, "data:,x", true, answered(), answered()},
    {manual, cors, foreign, "data:,x", false, stopped(no_header), stopped(missing)},
    {manual, same_origin, own, "data:,x", true, answered(), answered()},
    {manual, cors, own, "ftp://api.example/b", true, answered(), answered()},
    {manual, cors, foreign, "ftp://api.example/b", true, answered(), answered()},
    {manual, cors, foreign, "ftp://api.example/b", false, stopped(no_header), stopped(missing)},
    {manual, same_origin, own, "ftp://api.example/b", true, answered(), answered()},
    {manual, cors, own, "http://[", true, stopped(), answered()},
    {manual, cors, foreign, "http://[", true, stopped(), answered()},
    {manual, cors, foreign, "http://[", false, stopped(), stopped(missing)},
    {manual, same_origin, own, "http://[", true, stopped(), answered()},
    {manual, cors, own, "http://api.example/b", true, answered(), answered()},
    {manual, cors, foreign, "http://api.example/b", true, answered(), answered()},
    {manual, cors, foreign, "http://api.example/b", false, stopped(no_header), stopped(missing)},
    {manual, no_cors, foreign, "http://api.example/b", true, stopped(not_followed, 0),
     stopped({}, 0)},
    {manual, same_origin, own, "http://api.example/b", true, answered(), answered()},
    {manual, cors, own, nullptr, true, answered(), answered()},
    {manual, cors, foreign, nullptr, true, answered(), answered()},
    {manual, cors, foreign, nullptr, false, stopped(no_header), stopped(missing)},
    {manual, same_origin, own, nullptr, true, answered(), answered()},
    {follow, no_cors, own, "http://u@app.example/b", true, stopped(), answered(2)},
    {follow, no_cors, foreign, "http://u@app.example/b", true, stopped(), answered(2)},
    {follow, no_cors, own, "http://u@c.example/b", true, stopped(), answered(2)},
    {follow, no_cors, foreign, "http://u@c.example/b", true, stopped(), answered(2)},
    {follow, cors, own, "http://u@app.example/b", true, stopped(), answered(2)},
    {follow, cors, foreign, "http://u@app.example/b", true, stopped(has_userinfo(foreign)),
     stopped(failed(foreign))},
    {follow, cors, own, "http://u@c.example/b", true, stopped(has_userinfo(own)),
     stopped(failed(own))},
    {follow, cors, foreign, "http://u@c.example/b", true, stopped(has_userinfo(foreign)),
     stopped(failed(foreign))},
    {follow, same_origin, own, "http://u@app.example/b", true, stopped(), answered(2)},
    {follow, same_origin, foreign, "http://u@app.example/b", true, stopped(not_same_origin, 0),
     stopped(may_not_load(foreign), 0)},
};

}  // namespace

TEST_CASE("browsers follow a redirect or do not, and say so, as recorded") {
    for (const row& r : rows) {
        const std::string to = r.location == nullptr ? "nowhere" : r.location;
        CAPTURE(static_cast<int>(r.how));
        CAPTURE(static_cast<int>(r.in));
        CAPTURE(r.from);
        CAPTURE(to);
        CAPTURE(r.shared);
        const auto server = [&](const sim::request& asked) {
            const bool first = asked.url == r.from;
            sim::response out{first ? 302 : 200, {}};
            if (!first || r.shared) {
                const std::string origin(asked.first("Origin").value_or("-"));
                out.headers = {{"Access-Control-Allow-Origin", origin},
                               {"Access-Control-Allow-Credentials", "true"}};
            }
            if (first && r.location != nullptr) out.headers.push_back({"Location", r.location});
            return out;
        };
        const auto as_recorded = [&](const quirks& q, const result& expected) {
            const sim::answer a =
                sim::browser("http://app.example/page", q)
                    .fetch({.url = r.from, .mode = r.in, .redirect = r.how}, server);
            CHECK(a.allowed() == expected.allowed);
            CHECK(a.requests.size() == expected.requests);
            CHECK(a.console == expected.console);
        };
        as_recorded(quirks::chromium, r.chromium);
        as_recorded(quirks::firefox, r.firefox);
    }
}

TEST_CASE("in mode same-origin Chromium says where a redirect with a user name would have led") {
    const auto says = [](const char* location) {
        return sim::browser("http://app.example/page", quirks::chromium)
            .fetch(
                {.url = own, .mode = same_origin},
                [&](const sim::request&) { return sim::response{302, {{"Location", location}}}; })
            .console;
    };
    CHECK(says("http://u@app.example/b").empty());
    CHECK(says("http://u@c.example/b") == lines{unsafe("http://u@c.example/b")});
}
