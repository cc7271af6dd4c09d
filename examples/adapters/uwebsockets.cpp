// SPDX-License-Identifier: MIT
// uWebSockets: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/uwebsockets.hpp>
#include <corsac/corsac.hpp>
#include <corsac/decision/evaluate_upgrade.hpp>

#include <App.h>

#include <cstdlib>
#include <iostream>

int main(int argc, char** argv) {
    const auto port = static_cast<unsigned short>(argc > 1 ? std::atoi(argv[1]) : 8080);
    const auto policy = corsac::make_policy({
        .allow_origins = {"https://app.example", "https://*.team.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"Authorization", "Content-Type"},
        .allow_credentials = true,
        .max_age = 600,
    });
    if (!policy) {
        for (const corsac::config_error& e : policy.errors()) std::cerr << e.message() << '\n';
        return 1;
    }

    // There is no hook for all responses, so each handler is wrapped; `start` writes the status and
    // the policy's headers, now or when the answer is ready.
    corsac::uws_routes cors{*policy};
    uWS::App app;
    app.options("/*", cors.preflights())
        .get("/items/7", cors.wrap([](auto* response, auto*, auto start) {
            start(response, "200 OK")
                ->writeHeader("Content-Type", "application/json")
                ->end(R"({"id":7})");
        }))
        .put("/items/7", cors.wrap([](auto* response, auto*, auto start) {
            start(response, "204 No Content")->endWithoutBody();
        }))
        .any("/*", cors.wrap([](auto* response, auto*, auto start) {
            start(response, "404 Not Found")->end();
        }))
        .ws<int>("/live", {.upgrade =
                               [&policy](auto* response, auto* request, auto* context) {
                                   // CORS does not guard WebSockets; the same policy can.
                                   const corsac::decision d = corsac::evaluate_upgrade(
                                       *policy, corsac::uws_request{*request});
                                   if (d.answers()) {
                                       response->writeStatus("403 Forbidden")->end();
                                       return;
                                   }
                                   response->template upgrade<int>(
                                       0, request->getHeader("sec-websocket-key"),
                                       request->getHeader("sec-websocket-protocol"),
                                       request->getHeader("sec-websocket-extensions"), context);
                               }})
        .listen("127.0.0.1", port, [port](auto* socket) {
            if (socket) std::cout << "listening on http://127.0.0.1:" << port << std::endl;
        });
    app.run();
}
