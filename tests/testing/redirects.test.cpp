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
using redirect = sim::redirect_mode;
using mode = sim::request_mode;
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

struct row {
    redirect how;
    mode in;
    const char* from;
    const char* location;  ///< null where there is none
    bool shared;           ///< the redirect has `Access-Control-Allow-Origin`
    result chromium;
    result firefox;
};

const row rows[] = {
    {redirect::follow, mode::cors, own, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "data:,x",
     true,
     {false, 1, {}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "data:,x",
     false,
     {false, 1, {no_header}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow, mode::no_cors, foreign, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow, mode::same_origin, own, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow,
     mode::cors,
     own,
     "ftp://api.example/b",
     true,
     {false, 1, {other_scheme("http://app.example/a")}},
     {false, 1, {not_http}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     true,
     {false, 1, {other_scheme("http://api.example/a")}},
     {false, 1, {not_http, failed(foreign)}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing, failed(foreign)}}},
    {redirect::follow,
     mode::no_cors,
     foreign,
     "ftp://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::follow,
     mode::same_origin,
     own,
     "ftp://api.example/b",
     true,
     {false, 1, {unsafe("ftp://api.example/b")}},
     {false, 1, {may_not_load("ftp://api.example/b")}}},
    {redirect::follow, mode::cors, own, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://[",
     true,
     {false, 1, {}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://[",
     false,
     {false, 1, {}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow, mode::no_cors, foreign, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow, mode::same_origin, own, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::follow, mode::cors, own, "http://api.example/b", true, {true, 2, {}}, {true, 2, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://api.example/b",
     true,
     {true, 2, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing, failed(foreign)}}},
    {redirect::follow,
     mode::no_cors,
     foreign,
     "http://api.example/b",
     true,
     {true, 2, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::same_origin,
     own,
     "http://api.example/b",
     true,
     {false, 1, {unsafe("http://api.example/b")}},
     {false, 1, {may_not_load("http://api.example/b")}}},
    {redirect::follow, mode::cors, own, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::follow, mode::cors, foreign, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     nullptr,
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::follow, mode::no_cors, foreign, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::follow, mode::same_origin, own, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::error, mode::cors, own, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error, mode::cors, foreign, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "data:,x",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::error, mode::same_origin, own, "data:,x", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error, mode::cors, own, "ftp://api.example/b", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::error,
     mode::same_origin,
     own,
     "ftp://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::error, mode::cors, own, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error, mode::cors, foreign, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "http://[",
     false,
     {false, 1, {}},
     {false, 1, {missing}}},
    {redirect::error, mode::same_origin, own, "http://[", true, {false, 1, {}}, {false, 1, {}}},
    {redirect::error,
     mode::cors,
     own,
     "http://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "http://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     "http://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::error,
     mode::no_cors,
     foreign,
     "http://api.example/b",
     true,
     {false, 0, {not_followed}},
     {false, 0, {}}},
    {redirect::error,
     mode::same_origin,
     own,
     "http://api.example/b",
     true,
     {false, 1, {}},
     {false, 1, {}}},
    {redirect::error, mode::cors, own, nullptr, true, {true, 1, {}}, {false, 1, {}}},
    {redirect::error, mode::cors, foreign, nullptr, true, {true, 1, {}}, {false, 1, {}}},
    {redirect::error,
     mode::cors,
     foreign,
     nullptr,
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::error, mode::same_origin, own, nullptr, true, {true, 1, {}}, {false, 1, {}}},
    {redirect::manual, mode::cors, own, "data:,x", true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual, mode::cors, foreign, "data:,x", true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "data:,x",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::manual, mode::same_origin, own, "data:,x", true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual, mode::cors, own, "ftp://api.example/b", true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     true,
     {true, 1, {}},
     {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "ftp://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::manual,
     mode::same_origin,
     own,
     "ftp://api.example/b",
     true,
     {true, 1, {}},
     {true, 1, {}}},
    {redirect::manual, mode::cors, own, "http://[", true, {false, 1, {}}, {true, 1, {}}},
    {redirect::manual, mode::cors, foreign, "http://[", true, {false, 1, {}}, {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "http://[",
     false,
     {false, 1, {}},
     {false, 1, {missing}}},
    {redirect::manual, mode::same_origin, own, "http://[", true, {false, 1, {}}, {true, 1, {}}},
    {redirect::manual, mode::cors, own, "http://api.example/b", true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "http://api.example/b",
     true,
     {true, 1, {}},
     {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     "http://api.example/b",
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::manual,
     mode::no_cors,
     foreign,
     "http://api.example/b",
     true,
     {false, 0, {not_followed}},
     {false, 0, {}}},
    {redirect::manual,
     mode::same_origin,
     own,
     "http://api.example/b",
     true,
     {true, 1, {}},
     {true, 1, {}}},
    {redirect::manual, mode::cors, own, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual, mode::cors, foreign, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::manual,
     mode::cors,
     foreign,
     nullptr,
     false,
     {false, 1, {no_header}},
     {false, 1, {missing}}},
    {redirect::manual, mode::same_origin, own, nullptr, true, {true, 1, {}}, {true, 1, {}}},
    {redirect::follow,
     mode::no_cors,
     own,
     "http://u@app.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::no_cors,
     foreign,
     "http://u@app.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::no_cors,
     own,
     "http://u@c.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::no_cors,
     foreign,
     "http://u@c.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::cors,
     own,
     "http://u@app.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://u@app.example/b",
     true,
     {false, 1, {has_userinfo(foreign)}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow,
     mode::cors,
     own,
     "http://u@c.example/b",
     true,
     {false, 1, {has_userinfo(own)}},
     {false, 1, {failed(own)}}},
    {redirect::follow,
     mode::cors,
     foreign,
     "http://u@c.example/b",
     true,
     {false, 1, {has_userinfo(foreign)}},
     {false, 1, {failed(foreign)}}},
    {redirect::follow,
     mode::same_origin,
     own,
     "http://u@app.example/b",
     true,
     {false, 1, {}},
     {true, 2, {}}},
    {redirect::follow,
     mode::same_origin,
     foreign,
     "http://u@app.example/b",
     true,
     {false, 0, {not_same_origin}},
     {false, 0, {may_not_load(foreign)}}},
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
                {.url = own, .mode = mode::same_origin},
                [&](const sim::request&) { return sim::response{302, {{"Location", location}}}; })
            .console;
    };
    CHECK(says("http://u@app.example/b").empty());
    CHECK(says("http://u@c.example/b") == lines{unsafe("http://u@c.example/b")});
}
