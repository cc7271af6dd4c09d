// SPDX-License-Identifier: MIT
#include <corsac/adapters/httplib.hpp>

#include <corsac/corsac.hpp>
#include <corsac/live/debug_switch.hpp>

#include "stand_ins.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

namespace {

using stand_ins::fields;
using stand_ins::from_team;
using stand_ins::policy;
using stand_ins::preflight;
using stand_ins::values;

// cpp-httplib: two handlers, of which the second is not called for what became a WebSocket.

namespace httplib_like {

struct request {
    std::string method;
    std::string path;
    std::multimap<std::string, std::string> headers;
};
struct response {
    int status = 200;
    std::multimap<std::string, std::string> headers{};
    std::string body{};
    void set_content(const std::string& text, const char* type) {
        body = text;
        headers.emplace("Content-Type", type);
    }
};
struct server {
    enum class HandlerResponse { Handled, Unhandled };
    std::function<HandlerResponse(const request&, response&)> before;
    std::function<void(const request&, response&)> after;

    void set_pre_routing_handler(decltype(before) handler) { before = std::move(handler); }
    void set_post_routing_handler(decltype(after) handler) { after = std::move(handler); }

    /// What is sent, and whether a route was looked for.
    struct outcome {
        response sent{};
        bool routed = false;
    };
    [[nodiscard]] outcome serve(const request& asked) const {
        outcome all;
        all.routed = before(asked, all.sent) == HandlerResponse::Unhandled;
        if (all.routed) all.sent.body = "handled";
        after(asked, all.sent);
        return all;
    }
};

request make_request(const char* method, const fields& sent) {
    return {method, "/", {sent.begin(), sent.end()}};
}

}  // namespace httplib_like

TEST_CASE("cpp-httplib: what was decided on an upgrade is not left for the next request") {
    using httplib_like::response;
    httplib_like::server server;
    corsac::httplib_install(server, policy());

    // The library keeps its request in the same place, and the second could not be parsed.
    httplib_like::request asked{"GET", "/live", {from_team.begin(), from_team.end()}};
    asked.headers.emplace("Upgrade", "websocket");
    response switched;
    server.before(asked, switched);
    asked = {};
    response refused{400};
    server.after(asked, refused);
    CHECK(values(refused.headers, "access-control-allow-origin") == "");

    // No WebSocket has that path, so its 404 is a response like any other.
    asked = {"GET", "/missing", {from_team.begin(), from_team.end()}};
    asked.headers.emplace("Upgrade", "websocket");
    response missing{404};
    server.before(asked, missing);
    server.before(asked, missing);
    server.after(asked, missing);
    CHECK(values(missing.headers, "access-control-allow-origin") == "https://blue.team.example");
}

TEST_CASE("cpp-httplib: preflights are answered, refused ones too, and others are routed") {
    using httplib_like::make_request;
    httplib_like::server server;
    corsac::httplib_install(server, policy());
    const auto granted = server.serve(make_request("OPTIONS", preflight));
    CHECK_FALSE(granted.routed);
    CHECK(granted.sent.status == 204);
    CHECK(granted.sent.body == "");
    CHECK(values(granted.sent.headers, "access-control-allow-methods") == "PUT");
    const fields asks{{"Origin", "https://app.example"},
                      {"Access-Control-Request-Method", "DELETE"}};
    const auto refused = server.serve(make_request("OPTIONS", asks));
    CHECK_FALSE(refused.routed);
    CHECK(refused.sent.status == 403);
    CHECK(values(refused.sent.headers, "content-type") == "");
    const auto get = server.serve(make_request("GET", from_team));
    CHECK(get.routed);
    CHECK(values(get.sent.headers, "access-control-allow-origin") == "https://blue.team.example");

    const corsac::debug_switch debugging;
    debugging.set(true);
    corsac::httplib_install(server, corsac::debuggable(policy(), debugging));
    const auto told = server.serve(make_request("OPTIONS", asks));
    CHECK(told.sent.body.find("method \"DELETE\" is not in allow_methods") != std::string::npos);
    CHECK(values(told.sent.headers, "content-type") == "text/plain");
}

TEST_CASE(
    "cpp-httplib: handlers of one's own stand behind the policy before, in front of it after") {
    httplib_like::server server;
    std::string seen;
    using answer = httplib_like::server::HandlerResponse;
    const auto guards = [&seen](const httplib_like::request&, httplib_like::response& r) {
        seen += "before ";
        r.status = 401;
        return answer::Handled;
    };
    const auto signs = [&seen](const httplib_like::request&, httplib_like::response& r) {
        seen += "after ";
        r.headers.emplace("Access-Control-Allow-Origin", "*");
    };
    const auto source = corsac::observed(policy(), [&seen](const corsac::decision& d) {
        seen.append(corsac::name_of(d.outcome())).append(" ");
    });
    corsac::httplib_install(server, source, guards, signs);
    const auto get = server.serve(httplib_like::make_request("GET", from_team));
    CHECK_FALSE(get.routed);
    CHECK(get.sent.status == 401);
    CHECK(values(get.sent.headers, "access-control-allow-origin") == "https://blue.team.example");
    CHECK(seen == "before after allowed ");
    seen.clear();
    CHECK(server.serve(httplib_like::make_request("OPTIONS", preflight)).sent.status == 204);
    CHECK(seen == "after allowed ");
}

TEST_CASE("cpp-httplib: a source is asked once for a request, and what it said holds to the end") {
    httplib_like::server server;
    int asked = 0;
    corsac::httplib_install(server, [&asked](const httplib_like::request&) {
        return ++asked % 2 == 1 ? &policy() : nullptr;
    });
    const auto get = server.serve(httplib_like::make_request("GET", from_team));
    CHECK(values(get.sent.headers, "access-control-allow-origin") == "https://blue.team.example");
    CHECK(asked == 1);
    // A 400: the library calls the second handler alone.
    const httplib_like::request broken = httplib_like::make_request("", from_team);
    httplib_like::response refused{400};
    asked = 2;
    server.after(broken, refused);
    CHECK(values(refused.headers, "access-control-allow-origin") == "https://blue.team.example");
    server.after(broken, refused);
    CHECK(asked == 4);

    // Nor is what was decided once there for a second response.
    httplib_like::response first, second;
    const httplib_like::request twice = httplib_like::make_request("GET", from_team);
    (void)server.before(twice, first);
    server.after(twice, first);
    CHECK(asked == 5);
    server.after(twice, second);
    CHECK(asked == 6);
}

TEST_CASE("cpp-httplib: an upgrade that no policy governs leaves nothing, either") {
    httplib_like::server server;
    bool governs = false;
    corsac::httplib_install(
        server, [&governs](const httplib_like::request&) { return governs ? &policy() : nullptr; });
    httplib_like::request asked = httplib_like::make_request("GET", from_team);
    asked.headers.emplace("upgrade", "websocket");
    httplib_like::response switched;
    CHECK(server.before(asked, switched) == httplib_like::server::HandlerResponse::Unhandled);
    governs = true;
    httplib_like::response next;
    server.after(asked, next);  // decided anew
    CHECK(values(next.headers, "access-control-allow-origin") == "https://blue.team.example");
}

}  // namespace
