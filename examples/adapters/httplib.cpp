// SPDX-License-Identifier: MIT
// cpp-httplib: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <httplib.h>

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

    httplib::Server server;
    corsac::httplib_install(server, *policy);  // takes the server's two routing handlers

    server.Get("/items/7", [](const httplib::Request&, httplib::Response& response) {
        response.set_content(R"({"id":7})", "application/json");
    });
    server.Put("/items/7",
               [](const httplib::Request&, httplib::Response& response) { response.status = 204; });

    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    return server.listen("127.0.0.1", port) ? 0 : 1;
}
