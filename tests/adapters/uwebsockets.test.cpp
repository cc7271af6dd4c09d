// SPDX-License-Identifier: MIT
#include <corsac/adapters/uwebsockets.hpp>

#include <corsac/corsac.hpp>
#include <corsac/live/debug_switch.hpp>

#include "stand_ins.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using stand_ins::from_app;
using stand_ins::from_evil;
using stand_ins::policy;
using stand_ins::preflight;

// uWebSockets: write-only, status first, and the request dies with the handler's return.

namespace uws_like {

struct request {
    std::string method;
    std::vector<std::pair<std::string_view, std::string_view>> lines{};
    bool yielded = false;
    [[nodiscard]] std::string_view getCaseSensitiveMethod() const { return method; }
    [[nodiscard]] auto begin() const { return lines.begin(); }
    [[nodiscard]] auto end() const { return lines.end(); }
    void setYield(bool yield) { yielded = yield; }
};
struct response {
    std::string log{};
    response* writeStatus(std::string_view status) {
        CHECK(log.empty());  // the status comes first
        log.append(status).append("\n");
        return this;
    }
    response* writeHeader(std::string_view name, std::string_view value) {
        CHECK(!log.empty());
        log.append(name).append(": ").append(value).append("\n");
        return this;
    }
    void endWithoutBody() { log += "end"; }
    void end(std::string_view body) { log.append("end ").append(body); }
};

}  // namespace uws_like

TEST_CASE("uWebSockets: preflights are answered, other OPTIONS go on to the application") {
    const corsac::uws_routes cors{policy()};
    uws_like::request asked{"OPTIONS", {preflight.begin(), preflight.end()}};
    uws_like::response answer;
    cors.preflights()(&answer, &asked);
    CHECK(answer.log ==
          "204 No Content\n"
          "access-control-allow-origin: https://app.example\n"
          "access-control-allow-credentials: true\n"
          "access-control-allow-methods: PUT\n"
          "access-control-allow-headers: x-custom-a\n"
          "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
          "end");
    uws_like::request other{"OPTIONS", {from_app.begin(), from_app.end()}};
    uws_like::response untouched;
    cors.preflights()(&untouched, &other);
    CHECK(other.yielded);
    CHECK(untouched.log.empty());
}

TEST_CASE("uWebSockets: a preflight that is refused has a phrase and an empty body") {
    const corsac::uws_routes cors{policy()};
    uws_like::request asked{
        "OPTIONS",
        {{"origin", "https://app.example"}, {"access-control-request-method", "DELETE"}}};
    uws_like::response answer;
    cors.preflights()(&answer, &asked);
    CHECK_FALSE(asked.yielded);
    CHECK(answer.log ==
          "403 Forbidden\n"
          "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
          "end ");
}

TEST_CASE("uWebSockets: while debugging is on, the answer to a refused preflight is a text") {
    const corsac::debug_switch debugging;
    debugging.set(true);
    const corsac::uws_routes cors{corsac::debuggable(policy(), debugging)};
    uws_like::request asked{
        "OPTIONS",
        {{"origin", "https://app.example"}, {"access-control-request-method", "DELETE"}}};
    uws_like::response answer;
    cors.preflights()(&answer, &asked);
    CHECK(answer.log.find("end method \"DELETE\" is not in allow_methods") != std::string::npos);
}

TEST_CASE("uWebSockets: a wrapped handler is not called for what the policy answers") {
    const auto rejecting = *corsac::make_policy({.allow_origins = {"https://app.example"},
                                                 .allow_methods = {"PUT"},
                                                 .allow_headers = {"X-Custom-*"},
                                                 .reject_disallowed = true});
    std::string seen;
    const auto source =
        corsac::observed(rejecting, [&seen](const corsac::decision& d, const uws_like::request& r) {
            seen.append(r.method).append(d.allows() ? "+ " : "- ");
        });
    const corsac::uws_routes cors{source};
    const auto answer = [&](const char* method, const auto& sent) {
        uws_like::request asked{method, {sent.begin(), sent.end()}};
        uws_like::response response;
        cors.wrap([](auto* r, auto*, auto start) { start(r, "200 OK")->end("handled"); })(&response,
                                                                                          &asked);
        return response.log;
    };
    CHECK(answer("OPTIONS", preflight).starts_with("204 No Content\n"));
    CHECK(answer("GET", from_evil) == "403 Forbidden\nvary: Origin\nend ");
    CHECK(answer("GET", from_app).ends_with("end handled"));
    CHECK(seen == "OPTIONS+ GET- GET+ ");

    seen.clear();
    uws_like::request asked{"OPTIONS", {preflight.begin(), preflight.end()}};
    uws_like::request other{"OPTIONS", {from_app.begin(), from_app.end()}};
    uws_like::response response;
    cors.preflights()(&response, &asked);
    CHECK(seen == "OPTIONS+ ");
    cors.preflights()(&response, &other);  // its own handler shows it
    CHECK(seen == "OPTIONS+ ");
}

TEST_CASE("uWebSockets: a response may be started when the request is gone") {
    const corsac::uws_routes cors{policy()};
    uws_like::response answer;
    std::function<void()> later;
    {
        std::string origin = "https://blue.team.example";  // long enough to live on the heap
        uws_like::request asked{"GET", {{"origin", origin}}};
        cors.wrap([&later](auto* response, auto*, auto start) {
            later = [=] { start(response, "200 OK")->end("later"); };
        })(&answer, &asked);
        origin.assign(origin.size(), 'x');
    }
    later();
    CHECK(answer.log == "200 OK\n"
                        "access-control-allow-origin: https://blue.team.example\n"
                        "access-control-allow-credentials: true\n"
                        "vary: Origin\n"
                        "end later");
}

TEST_CASE("a policy that is replaced while a response is pending is kept until it is written") {
    auto current = std::make_shared<const corsac::policy>(policy());
    const std::weak_ptr<const corsac::policy> old = current;
    const corsac::uws_routes cors{[&current](const auto&) { return current; }};
    uws_like::response answer;
    std::function<void()> later;
    {
        uws_like::request asked{"GET", {from_app.begin(), from_app.end()}};
        cors.wrap([&later](auto* response, auto*, auto start) {
            later = [=] { start(response, "200 OK")->end("later"); };
        })(&answer, &asked);
    }
    current = nullptr;
    CHECK_FALSE(old.expired());
    later();
    CHECK(answer.log.find("https://app.example") != std::string::npos);
    later = nullptr;
    CHECK(old.expired());
}

}  // namespace
