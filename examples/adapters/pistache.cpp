// SPDX-License-Identifier: MIT
// Pistache: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/pistache.hpp>
#include <corsac/corsac.hpp>

#include <pistache/endpoint.h>
#include <pistache/router.h>

#include <cstdlib>
#include <iostream>
#include <memory>

using namespace Pistache;

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

    Rest::Router router;
    Rest::Routes::Get(router, "/items/7", [](const Rest::Request&, Http::ResponseWriter response) {
        response.send(Http::Code::Ok, R"({"id":7})", MIME(Application, Json));
        return Rest::Route::Result::Ok;
    });
    Rest::Routes::Put(router, "/items/7", [](const Rest::Request&, Http::ResponseWriter response) {
        response.send(Http::Code::No_Content);
        return Rest::Route::Result::Ok;
    });

    Http::Endpoint endpoint(Address(Ipv4::loopback(), Port(port)));
    endpoint.init(Http::Endpoint::options().threads(2).flags(Tcp::Options::ReuseAddr));
    // Around the router, not a middleware in it: that one misses 404, 405 and exceptions.
    endpoint.setHandler(corsac::pistache_wrap(*policy, router.handler()));
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    endpoint.serve();
}
