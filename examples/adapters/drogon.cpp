// SPDX-License-Identifier: MIT
// Drogon: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/drogon.hpp>
#include <corsac/corsac.hpp>

#include <drogon/drogon.h>

#include <cstdlib>
#include <functional>
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

    corsac::drogon_install(drogon::app(), *policy, {});  // before advices that end requests

    using respond = std::function<void(const drogon::HttpResponsePtr&)>;
    drogon::app().registerHandler(
        "/items/{1}",
        [](const drogon::HttpRequestPtr& request, respond&& done, int id) {
            if (request->method() == drogon::Put) {
                return done(
                    drogon::HttpResponse::newHttpResponse(drogon::k204NoContent, drogon::CT_NONE));
            }
            Json::Value item;
            item["id"] = id;
            done(drogon::HttpResponse::newHttpJsonResponse(item));
        },
        {drogon::Get, drogon::Put});

    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    drogon::app().addListener("127.0.0.1", port).setThreadNum(0).run();
}
