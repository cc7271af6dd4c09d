// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_CASES_HPP
#define CORSAC_TESTS_ADAPTERS_CASES_HPP

// The one table of cases that every server has to pass, whatever framework it is made with.
//
// Every test server (servers/<name>.cpp) serves the same routes under the same policies, which
// servers/site.hpp holds:
//
//   GET  /get           200 "get"; the path has no other method
//   POST /post          200 "post"
//   GET  /status/{n}    that status: 302, 304, 429
//   GET  /private       200 "private" with `Authorization: Bearer letmein`, else 401 from a layer
//                       that stands in front of all handlers and runs after CORS
//   GET  /throw         throws out of the handler: 500
//   GET  /stream        "one two three ", chunked where the framework can
//   GET  /later         200 "later", answered after the handler has returned where it can
//   GET  /static.txt    a file, by the framework's own file server where it has one
//   GET  /own           the handler reflects any Origin into its own Access-Control-* lines, with
//                       `Vary: Origin` where headers can be merged
//   GET  /vary          the handler writes `Vary: Accept-Encoding`
//   OPTIONS /options    200 "options", the application's own answer
//   GET  /cached        a response that the framework may keep and serve again
//   GET  /other/get     200 "other", governed by a second policy: any origin, no credentials
//   GET  /ungoverned    under no policy; the handler writes `Access-Control-Allow-Origin: *`
//   GET  /rejecting/get 200 "rejecting", governed by a policy with reject_disallowed
//                       and refuse_credentials
//   anything else       404 with no route behind it

#include "http_client.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adapter_tests {

inline constexpr const char* app_origin = "https://app.example";         // listed
inline constexpr const char* team_origin = "https://blue.team.example";  // matches a pattern
inline constexpr const char* evil_origin = "https://evil.example";

/// What the reply to one request has to look like.
struct expectation {
    std::vector<unsigned> status{200};   // one of these
    std::string allow_origin{};          // empty: no Access-Control-* line at all
    bool credentials = true;             // looked at if there is an allow_origin
    bool exposes = true;                 // whether credentials come with X-Request-Id
    bool preflight = false;              // a granted preflight rather than an actual response
    bool origin_only = false;            // look at no Access-Control-* line beyond those above
    std::vector<std::string> methods{};  // have to stand in Access-Control-Allow-Methods
    std::vector<std::string> headers{};  // have to stand in Access-Control-Allow-Headers
    std::vector<std::string> vary{"origin"};
    std::string body{};  // empty: any body
};

struct step {
    request asks;
    expectation gets;
};

/// One sentence that is true of a right server, shown by steps on one connection.
struct row {
    std::string about;
    std::vector<step> steps;
};

/// Empty if the reply is as expected, else what is wrong with it.
inline std::string complaint(const expectation& e, const reply& r) {
    std::string wrong;
    const auto say = [&wrong](const std::string& text) { wrong += "; " + text; };
    const auto only = [&](const char* name, const std::string& wanted) {
        if (r.lines(name) != (wanted.empty() ? 0U : 1U) || r.value(name) != wanted) {
            say(std::string(name) + " is '" + r.value(name) + "', not '" + wanted + "'");
        }
    };
    const auto lists = [&](const char* name, const std::vector<std::string>& wanted) {
        for (const std::string& element : wanted) {
            const std::size_t n = r.elements(name).count(element);
            if (n == 0) say(std::string(name) + " lacks " + element);
            if (n > 1) say(std::string(name) + " has " + element + " twice");
        }
    };

    bool status_fits = false;
    for (const unsigned status : e.status) status_fits = status_fits || status == r.status;
    if (!status_fits) say("status " + std::to_string(r.status));
    if (!e.body.empty() && r.body != e.body) say("body '" + r.body.substr(0, 40) + "'");
    lists("vary", e.vary);

    if (e.allow_origin.empty()) {
        for (const field& f : r.fields) {
            if (f.first.starts_with("access-control-")) say(f.first + ": " + f.second);
        }
        return wrong.empty() ? wrong : wrong.substr(2);
    }
    only("access-control-allow-origin", e.allow_origin);
    only("access-control-allow-credentials", e.credentials ? "true" : "");
    lists("access-control-allow-methods", e.methods);
    lists("access-control-allow-headers", e.headers);
    if (e.origin_only) return wrong.empty() ? wrong : wrong.substr(2);
    if (e.preflight) {
        only("access-control-max-age", e.credentials ? "600" : "");
        if (!r.body.empty()) say("a preflight answer with a body");
    } else {
        only("access-control-allow-methods", "");
        only("access-control-allow-headers", "");
        only("access-control-max-age", "");
        only("access-control-expose-headers", e.credentials && e.exposes ? "X-Request-Id" : "");
    }
    return wrong.empty() ? wrong : wrong.substr(2);
}

// --- building the rows --------------------------------------------------------------------------

inline request actual(std::string verb, std::string path, const char* origin,
                      std::vector<field> more = {}) {
    request r{std::move(verb), std::move(path), std::move(more)};
    if (origin != nullptr) r.fields.emplace_back("Origin", origin);
    return r;
}

inline request preflight(std::string path, const char* origin, const char* method,
                         std::vector<std::string> header_lines = {}) {
    request r =
        actual("OPTIONS", std::move(path), origin, {{"Access-Control-Request-Method", method}});
    for (std::string& line : header_lines) {
        r.fields.emplace_back("Access-Control-Request-Headers", std::move(line));
    }
    return r;
}

inline expectation granted(std::vector<std::string> headers = {}) {
    return {.status = {204},
            .allow_origin = app_origin,
            .preflight = true,
            .methods = {"get", "put", "delete"},
            .headers = std::move(headers),
            .vary = {"origin", "access-control-request-method", "access-control-request-headers"}};
}

inline expectation denied() { return {.status = {403}}; }

/// Three rows for one route: an allowed origin, a refused one, none at all.
inline void add_route(std::vector<row>& rows, const std::string& about, const std::string& verb,
                      const std::string& path, std::vector<unsigned> status, std::string body = {},
                      std::vector<std::string> vary = {"origin"}, std::vector<field> fields = {}) {
    expectation e{.status = std::move(status), .vary = std::move(vary), .body = std::move(body)};
    rows.push_back({about + ", no Origin", {{actual(verb, path, nullptr, fields), e}}});
    rows.push_back({about + ", refused", {{actual(verb, path, evil_origin, fields), e}}});
    e.allow_origin = app_origin;
    rows.push_back({about + ", allowed", {{actual(verb, path, app_origin, fields), e}}});
}

inline std::vector<row> all_rows() {
    std::vector<row> rows;

    // Preflights: answered in front of the router and of the authentication.
    rows.push_back(
        {"preflight to a GET-only path", {{preflight("/get", app_origin, "PUT"), granted()}}});
    rows.push_back(
        {"preflight to an unknown path", {{preflight("/missing", app_origin, "PUT"), granted()}}});
    rows.push_back({"preflight to a path behind authentication",
                    {{preflight("/private", app_origin, "GET", {"authorization"}),
                      granted({"authorization"})}}});
    rows.push_back({"preflight to a path with an OPTIONS handler",
                    {{preflight("/options", app_origin, "PUT"), granted()}}});
    rows.push_back({"preflight to a path whose handler throws",
                    {{preflight("/throw", app_origin, "GET"), granted()}}});
    rows.push_back({"preflight to a path whose handler writes its own CORS lines",
                    {{preflight("/own", app_origin, "GET"), granted()}}});
    rows.push_back(
        {"preflight with several request-header lines",
         {{preflight("/get", app_origin, "PUT", {"authorization", "x-custom-a,x-custom-b"}),
           granted({"authorization", "x-custom-a", "x-custom-b"})}}});
    rows.push_back(
        {"preflight, one of several request-header lines is refused",
         {{preflight("/get", app_origin, "PUT", {"x-secret", "authorization"}), denied()},
          {preflight("/get", app_origin, "PUT", {"authorization", "x-secret"}), denied()}}});
    {
        expectation e = granted();
        e.allow_origin = team_origin;
        rows.push_back({"preflight from an origin that matches a pattern",
                        {{preflight("/get", team_origin, "DELETE"), e}}});
    }
    rows.push_back({"preflight from a refused origin",
                    {{preflight("/get", evil_origin, "PUT"), denied()},
                     {preflight("/missing", evil_origin, "PUT"), denied()},
                     {preflight("/private", evil_origin, "GET"), denied()}}});
    rows.push_back(
        {"preflight for a refused method", {{preflight("/get", app_origin, "PATCH"), denied()}}});
    rows.push_back(
        {"preflight from a null origin", {{preflight("/get", "null", "PUT"), denied()}}});
    {
        request two = preflight("/get", app_origin, "PUT");
        two.fields.emplace_back("Origin", evil_origin);
        request other_order = preflight("/get", evil_origin, "PUT");
        other_order.fields.emplace_back("Origin", app_origin);
        rows.push_back(
            {"preflight with two Origin lines", {{two, denied()}, {other_order, denied()}}});
    }

    {
        std::string many = "authorization";
        for (int i = 0; i < 200; ++i) many += ",x-custom-" + std::to_string(i);
        rows.push_back({"preflight that asks for more headers than anyone needs",
                        {{preflight("/get", app_origin, "PUT", {many}), denied()}}});
    }

    // Actual responses, whatever their status and whoever makes them.
    add_route(rows, "200", "GET", "/get", {200}, "get");
    add_route(rows, "200 to a POST", "POST", "/post", {200}, "post");
    add_route(rows, "200 to a HEAD", "HEAD", "/get", {200});
    add_route(rows, "302", "GET", "/status/302", {302});
    add_route(rows, "304", "GET", "/status/304", {304});
    add_route(rows, "401 from the authentication", "GET", "/private", {401});
    add_route(rows, "200 behind the authentication", "GET", "/private", {200}, "private",
              {"origin"}, {{"Authorization", "Bearer letmein"}});
    add_route(rows, "404", "GET", "/missing", {404});
    add_route(rows, "404 to a HEAD", "HEAD", "/missing", {404});
    add_route(rows, "405 or 404 for the wrong method", "DELETE", "/get", {404, 405});
    add_route(rows, "429", "GET", "/status/429", {429});
    add_route(rows, "500 from an exception", "GET", "/throw", {500});
    add_route(rows, "a streamed body", "GET", "/stream", {200}, "one two three ");
    add_route(rows, "an answer after the handler returned", "GET", "/later", {200}, "later");
    add_route(rows, "a static file", "GET", "/static.txt", {200}, "static\n");
    add_route(rows, "a handler that writes its own CORS lines", "GET", "/own", {200}, "own");
    add_route(rows, "a handler that writes Vary", "GET", "/vary", {200}, "vary",
              {"accept-encoding", "origin"});
    add_route(rows, "OPTIONS that is no preflight", "OPTIONS", "/options", {200}, "options");
    rows.push_back({"OPTIONS with a requested method but no Origin",
                    {{preflight("/options", nullptr, "PUT"), {.body = "options"}}}});

    for (const char* path : {"/get", "/later", "/stream"}) {
        rows.push_back({std::string("an origin that matches a pattern, ") + path,
                        {{actual("GET", path, team_origin), {.allow_origin = team_origin}}}});
    }
    {
        request two = actual("GET", "/get", app_origin);
        two.fields.emplace_back("Origin", evil_origin);
        request other_order = actual("GET", "/get", evil_origin);
        other_order.fields.emplace_back("Origin", app_origin);
        rows.push_back({"two Origin lines", {{two, {}}, {other_order, {}}}});
    }

    rows.push_back(
        {"an Origin that no browser sends",
         {{actual("GET", "/get", ("https://" + std::string(3000, 'a') + ".team.example").c_str()),
           {}},
          {actual("GET", "/get", "https://app.example/"), {}},
          {actual("GET", "/get", "HTTPS://APP.EXAMPLE"), {}},
          {actual("GET", "/get", "https://blue.team.example, https://app.example"), {}},
          {actual("GET", "/get", "https://app.example.evil.example"), {}}}});

    // Scopes.
    rows.push_back({"a second policy governs its prefix",
                    {{actual("GET", "/other/get", evil_origin),
                      {.allow_origin = "*", .credentials = false, .vary = {}, .body = "other"}},
                     {preflight("/other/get", evil_origin, "GET"),
                      {.status = {204},
                       .allow_origin = "*",
                       .credentials = false,
                       .preflight = true,
                       .vary = {}}},
                     {preflight("/other/get", evil_origin, "PUT"), {.status = {403}, .vary = {}}},
                     {actual("GET", "/get", evil_origin), {.body = "get"}}}});
    {
        row r{"a path under no policy is left alone", {}};
        for (const char* origin : {app_origin, evil_origin}) {
            r.steps.push_back({actual("GET", "/ungoverned", origin),
                               {.allow_origin = "*", .credentials = false, .vary = {}}});
        }
        rows.push_back(r);
    }

    rows.push_back(
        {"a policy may reject requests in front of the handler",
         {{actual("GET", "/rejecting/get", evil_origin), {.status = {403}}},
          {actual("GET", "/rejecting/get", app_origin),
           {.allow_origin = app_origin, .credentials = false, .body = "rejecting"}},
          {actual("GET", "/rejecting/get", "http://127.0.0.1"), {.body = "rejecting"}}}});

    rows.push_back(
        {"a policy may keep back what a request with a cookie would get",
         {{actual("GET", "/rejecting/get", app_origin, {{"Cookie", "a=b"}}),
           {.vary = {"origin", "cookie", "authorization"}, .body = "rejecting"}},
          {actual("GET", "/rejecting/get", app_origin, {{"Authorization", "Basic Og=="}}),
           {.vary = {"origin", "cookie", "authorization"}, .body = "rejecting"}},
          {actual("GET", "/rejecting/get", app_origin),
           {.allow_origin = app_origin,
            .credentials = false,
            .vary = {"origin", "cookie", "authorization"},
            .body = "rejecting"}},
          {actual("GET", "/rejecting/get", evil_origin, {{"Authorization", "Basic Og=="}}),
           {.status = {403}, .vary = {"origin", "cookie", "authorization"}}}}});

    // One connection, many origins: nothing may leak from one response into the next.
    for (const char* path : {"/get", "/cached", "/own", "/static.txt", "/missing"}) {
        row r{std::string("origins that alternate on one connection, ") + path, {}};
        for (const char* origin :
             {app_origin, evil_origin, team_origin, static_cast<const char*>(nullptr), app_origin,
              evil_origin, app_origin, team_origin}) {
            expectation e{.status = {std::string_view(path) == "/missing" ? 404U : 200U}};
            if (origin != nullptr && origin != evil_origin) e.allow_origin = origin;
            r.steps.push_back({actual("GET", path, origin), e});
        }
        rows.push_back(r);
    }
    rows.push_back(
        {"preflight and request alternate on one connection",
         {{preflight("/get", app_origin, "PUT"), granted()},
          {actual("GET", "/get", app_origin), {.allow_origin = app_origin, .body = "get"}},
          {preflight("/get", evil_origin, "PUT"), denied()},
          {actual("GET", "/get", evil_origin), {.body = "get"}},
          {preflight("/get", app_origin, "PUT"), granted()}}});
    return rows;
}

/// Ways to write a path that some server could take for `path`.
inline std::vector<std::string> spellings(const std::string& path) {
    std::vector<std::string> all;
    const auto hex = [](char c, bool upper) {
        const char* const digits = upper ? "0123456789ABCDEF" : "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        return std::string{'%', digits[byte / 16], digits[byte % 16]};
    };
    std::string encoded, twice, capitals;
    for (std::size_t i = 0; i < path.size(); ++i) {
        const std::string before = path.substr(0, i), after = path.substr(i + 1);
        for (const bool upper : {false, true}) all.push_back(before + hex(path[i], upper) + after);
        all.push_back(before + "%25" + hex(path[i], false).substr(1) + after);
        const char other = static_cast<char>(path[i] ^ ' ');
        if (i > 0) all.push_back(before + other + after);
        if (i > 0) all.push_back(before + hex(other, false) + after);
        encoded += i == 0 ? std::string{"/"} : hex(path[i], false);
        capitals += i == 0 ? '/' : other;
        if (i > 0) all.push_back(before + "%00" + path.substr(i));
        if (i > 0) all.push_back(before + "/" + path.substr(i));
    }
    all.insert(all.end(), {path, encoded, capitals});
    for (const char* before : {"/", "/.", "/./", "/x/..", "/x/%2e%2e", "//x/..", "/%2f", "\\", "/ ",
                               "/;x", "/%5c", "http://h", "/get/..", "/get/../", "/..", "/%2e"}) {
        all.push_back(before + path);
    }
    for (const char* after : {"/",
                              "//",
                              "/.",
                              "/./",
                              "/x/..",
                              "/..%2f"
                              "admin",
                              ";x",
                              ";x=/get",
                              "?",
                              "?x=/get",
                              "#x",
                              "%00",
                              "%00x",
                              "%20",
                              "%3f",
                              "%3fx",
                              "%23x",
                              "%2f",
                              "%2F",
                              ".",
                              "%2e",
                              "\\",
                              "%5c",
                              "%",
                              "%2",
                              "%g1",
                              "&x",
                              "+",
                              "//get",
                              "/../get",
                              "%0a",
                              "%0d",
                              "%09",
                              "\t",
                              "/x",
                              "%ff",
                              "%c0%af"}) {
        all.push_back(path + after);
    }
    return all;
}

/// What the servers of examples/adapters have to do: they serve GET and PUT on /items/7.
inline std::vector<row> example_rows() {
    const auto preflight_of = [](const char* path, const char* origin) {
        return preflight(path, origin, "PUT", {"authorization,content-type"});
    };
    expectation yes = granted({"authorization", "content-type"});
    yes.methods = {"get", "put"};
    expectation put{.status = {204}, .allow_origin = app_origin, .exposes = false};
    expectation get{.allow_origin = app_origin, .exposes = false, .body = R"({"id":7})"};
    expectation missing{.status = {404}, .allow_origin = app_origin, .exposes = false};
    expectation refused{.body = R"({"id":7})"};
    row r{"an example", {}};
    for (int twice = 0; twice < 2; ++twice) {
        r.steps.push_back({preflight_of("/items/7", app_origin), yes});
        r.steps.push_back({actual("PUT", "/items/7", app_origin), put});
        r.steps.push_back({actual("GET", "/items/7", app_origin), get});
        r.steps.push_back({actual("GET", "/items/7", evil_origin), refused});
        r.steps.push_back({actual("GET", "/items/7", nullptr), refused});
        r.steps.push_back({actual("GET", "/missing", app_origin), missing});
        r.steps.push_back({preflight_of("/items/7", evil_origin), denied()});
        r.steps.push_back({preflight_of("/missing", app_origin), yes});
    }
    return {r};
}

}  // namespace adapter_tests

#endif
