// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_FRAMEWORK_LIMITS_HPP
#define CORSAC_TESTS_ADAPTERS_FRAMEWORK_LIMITS_HPP

// What no adapter can mend, and the traps that the adapters' documentation warns of. Both are
// pinned on the real framework: the day one of them changes, a test says so.

#include "cases.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace adapter_tests {

/// Cases that a framework cannot pass; a name that ends in `*` stands for all that begin so.
struct framework_limit {
    std::string_view framework;
    std::string_view why;
    std::vector<std::string_view> cases;
};

inline const std::vector<framework_limit>& framework_limits() {
    static const std::vector<std::string_view> repeated_lines{
        "preflight with two Origin lines", "two Origin lines",
        "preflight with several request-header lines",
        "preflight, one of several request-header lines is refused"};
    static const std::vector<framework_limit> all{
        {"crow",
         "its router answers every OPTIONS itself; the application's handlers never run",
         {"OPTIONS *"}},
        {"crow",
         "it answers HEAD on a path without a route before it has read the headers",
         {"404 to a HEAD, allowed"}},
        {"drogon",
         "its router answers every OPTIONS itself; the application's handlers never run",
         {"OPTIONS *"}},
        {"drogon", "it keeps the first of several lines of one name; no browser sends several",
         repeated_lines},
        {"pistache", "it keeps the first of several lines of one name; no browser sends several",
         repeated_lines},
    };
    return all;
}

/// The letter under which the table explains a limit; NUL if the framework has none there.
inline char limit_letter(std::string_view framework, std::string_view about) {
    char letter = 'a';
    for (const framework_limit& limit : framework_limits()) {
        for (std::string_view name : limit.cases) {
            const bool prefix = name.ends_with('*');
            if (prefix) name.remove_suffix(1);
            const bool covers = prefix ? about.starts_with(name) : about == name;
            if (limit.framework == framework && covers) return letter;
        }
        ++letter;
    }
    return '\0';
}

/// Whether a hook sees a request. Handlers of Qt that take a responder decide for themselves.
inline bool is_seen(std::string_view framework, const request& asks) {
    const bool responder = asks.path == "/later" || asks.path == "/stream";
    return framework != "qt_httpserver" || !responder;
}

/// Whether the policy of a request is asked for once. libmicrohttpd calls its handler for each
/// piece of one, and keeps nothing for us in between.
inline bool asks_once(std::string_view framework) { return framework != "microhttpd"; }

/// What a server does where it is set up in another way, mostly a wrong one, or where a limit
/// shows.
struct trap {
    std::string_view framework;
    std::string variant;  // the server's second argument; empty for the normal set-up
    std::string about;
    std::vector<step> steps;
};

inline std::vector<trap> traps() {
    std::vector<trap> all;
    const auto add = [&all](std::string_view framework, std::string variant, std::string about,
                            std::vector<step> steps) {
        all.push_back({framework, std::move(variant), std::move(about), std::move(steps)});
    };
    const auto right = [](std::vector<unsigned> status) {
        return expectation{.status = std::move(status), .allow_origin = app_origin};
    };
    const auto bare = [](std::vector<unsigned> status) {
        return expectation{.status = std::move(status), .vary = {}};
    };
    const auto reflects = [](const char* origin, std::vector<unsigned> status) {
        return expectation{
            .status = std::move(status), .allow_origin = origin, .origin_only = true, .vary = {}};
    };

    add("crow", "", "the headers on the router's own answer to OPTIONS are right all the same",
        {{actual("OPTIONS", "/options", app_origin), right({204})},
         {actual("OPTIONS", "/options", evil_origin), {.status = {204}}}});
    add("crow", "cors-last", "a 401 of a middleware in front of ours has no headers",
        {{actual("GET", "/private", app_origin), bare({401})},
         {actual("GET", "/get", app_origin), right({200})}});
    add("crow", "preflights-unrouted", "without a route, a preflight's headers are never read",
        {{preflight("/missing", app_origin, "PUT"), {.status = {404}}},
         {preflight("/get", app_origin, "PUT"), granted()},
         {actual("GET", "/missing", app_origin), right({404})}});
    for (const char* variant : {"", "preflights-unrouted", "catch-all", "table"}) {
        add("crow", variant, "its own 404 and 405 stay what they are",
            {{actual("GET", "/missing", app_origin), right({404})},
             {actual("GET", "/missing/deep?q", evil_origin), {.status = {404}}},
             {actual("POST", "/", app_origin), right({404})},
             {actual("DELETE", "/get", app_origin), right({405})},
             {actual("GET", "/post", evil_origin), {.status = {405}}},
             {actual("GET", "/status/404", app_origin), right({404})},
             {actual("GET", "/status/405", app_origin), right({405})}});
    }
    {
        const auto shown = [](const char* status) {
            return expectation{.status = {static_cast<unsigned>(std::stoi(status))},
                               .allow_origin = app_origin,
                               .body = status};
        };
        add("crow", "catch-all", "… and a catch-all handler sees them",
            {{actual("GET", "/missing", app_origin), shown("404")},
             {actual("DELETE", "/get", app_origin), shown("405")}});
    }
    add("crow", "own-cors", "Crow's CORSHandler with allow_credentials: any origin may read",
        {{actual("GET", "/get", evil_origin), reflects(evil_origin, {200})}});
    {
        expectation uncredentialed = reflects("*", {204});
        uncredentialed.credentials = false;
        add("crow", "own-cors", "… and no preflight of a request with credentials succeeds",
            {{preflight("/get", app_origin, "PUT"), uncredentialed}});
    }

    add("httplib", "replaced", "a handler set after ours takes the only slot",
        {{actual("GET", "/get", app_origin), bare({200})},
         {preflight("/get", app_origin, "PUT"), bare({204})}});

    add("drogon", "", "the headers on the router's own answer to OPTIONS are ours",
        {{actual("OPTIONS", "/options", app_origin), right({200})},
         {actual("OPTIONS", "/options", evil_origin), {.status = {200}}}});
    add("drogon", "none", "Drogon's router alone grants any origin whatever it asks for",
        {{preflight("/options", evil_origin, "OPTIONS", {"x-secret"}),
          [&] {
              expectation e = reflects(evil_origin, {200});
              e.credentials = false;
              e.headers = {"x-secret"};
              return e;
          }()},
         {preflight("/get", app_origin, "PUT"), bare({403})}});
    add("drogon", "own-cors", "Drogon's addCorsHeaders with allowCredentials: any origin may read",
        {{actual("GET", "/get", evil_origin), reflects(evil_origin, {200})}});
    add("drogon", "post-handling", "a post-handling advice misses 404, 405 and static files",
        {{actual("GET", "/get", app_origin), right({200})},
         {actual("GET", "/missing", app_origin), bare({404})},
         {actual("DELETE", "/get", app_origin), bare({405})},
         {actual("GET", "/static.txt", app_origin), bare({200})}});
    add("drogon", "no-date", "without a Date header, a cached response keeps the first origin's",
        {{actual("GET", "/cached", app_origin), right({200})},
         {actual("GET", "/cached", evil_origin), reflects(app_origin, {200})},
         {actual("GET", "/cached", team_origin), reflects(app_origin, {200})}});
    add("drogon", "no-date-no-cache", "… unless keep_response_cache is off",
        {{actual("GET", "/cached", app_origin), right({200})},
         {actual("GET", "/cached", evil_origin), {}},
         {actual("GET", "/cached", team_origin), {.allow_origin = team_origin}}});

    add("microhttpd", "changing", "a request whose handler has begun is not rejected any more",
        {{actual("POST", "/post", app_origin), {.body = "post"}},
         {actual("POST", "/post", evil_origin), {.body = "post"}}});

    add("pistache", "middleware", "what a middleware writes is lost on 404, 405 and exceptions",
        {{actual("GET", "/get", app_origin), right({200})},
         {actual("GET", "/missing", app_origin), bare({404})},
         {actual("DELETE", "/get", app_origin), bare({405})},
         {actual("GET", "/throw", app_origin), bare({500})}});
    add("pistache", "", "the status of an HttpError is kept",
        {{actual("GET", "/teapot", app_origin), right({418})}});

    add("poco", "", "responses that are sent in other ways have the headers",
        {{actual("GET", "/redirect", app_origin), right({302})},
         {actual("GET", "/buffer", app_origin), right({200})},
         {actual("GET", "/null", app_origin), right({501})}});

    add("qt_httpserver", "", "a handler with a responder goes past every hook",
        {{actual("GET", "/unaided", app_origin), bare({200})}});
    add("qt_httpserver", "", "a route without a method runs for preflights, whose answer is ours",
        {{preflight("/any-method", app_origin, "PUT"), granted()},
         {preflight("/any-method", evil_origin, "PUT"), denied()}});
    {
        expectation e = reflects("https://handler.example", {200});
        e.credentials = false;
        add("qt_httpserver", "before-6.8", "a handler's header in unusual letter case is not found",
            {{actual("GET", "/own-in-capitals", evil_origin), e}});
    }
    return all;
}

}  // namespace adapter_tests

#endif
