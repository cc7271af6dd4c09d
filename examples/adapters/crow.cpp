// SPDX-License-Identifier: MIT
// Crow: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/crow.hpp>
#include <corsac/corsac.hpp>
#include <corsac/decision/evaluate_upgrade.hpp>

#include <crow.h>

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

    // First of all middlewares, so that it sees what the others answer.
    crow::App<corsac::crow_middleware<>> app{corsac::crow_middleware{*policy}};
    corsac::crow_route_preflights(app);

    CROW_ROUTE(app, "/items/<int>")
    ([](int id) {
        return crow::response{"application/json", "{\"id\":" + std::to_string(id) + "}"};
    });
    CROW_ROUTE(app, "/items/<int>").methods(crow::HTTPMethod::Put)([](int) {
        return crow::response{204};
    });

    // CORS does not guard WebSockets; the same policy can.
    CROW_WEBSOCKET_ROUTE(app, "/live")
        .onaccept([&policy](const crow::request& request, void**) {
            return !corsac::evaluate_upgrade(*policy, corsac::crow_request{request}).answers();
        })
        .onmessage([](crow::websocket::connection& client, const std::string& text, bool) {
            client.send_text(text);
        });

    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    app.loglevel(crow::LogLevel::Warning).bindaddr("127.0.0.1").port(port).multithreaded().run();
}
