// SPDX-License-Identifier: MIT
// Oat++: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/oatpp.hpp>
#include <corsac/corsac.hpp>

#include <oatpp/network/Server.hpp>
#include <oatpp/network/tcp/server/ConnectionProvider.hpp>
#include <oatpp/web/protocol/http/outgoing/ResponseFactory.hpp>
#include <oatpp/web/server/HttpConnectionHandler.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>

using oatpp::web::protocol::http::Status;
using oatpp::web::protocol::http::outgoing::ResponseFactory;

struct get_item : oatpp::web::server::HttpRequestHandler {
    std::shared_ptr<OutgoingResponse> handle(const std::shared_ptr<IncomingRequest>&) override {
        return ResponseFactory::createResponse(Status::CODE_200, R"({"id":7})");
    }
};
struct put_item : oatpp::web::server::HttpRequestHandler {
    std::shared_ptr<OutgoingResponse> handle(const std::shared_ptr<IncomingRequest>&) override {
        return OutgoingResponse::createShared(Status::CODE_204, nullptr);
    }
};

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

    oatpp::Environment::init();
    auto router = oatpp::web::server::HttpRouter::createShared();
    router->route("GET", "/items/7", std::make_shared<get_item>());
    router->route("PUT", "/items/7", std::make_shared<put_item>());
    auto connection_handler = oatpp::web::server::HttpConnectionHandler::createShared(router);
    corsac::oatpp_install(*connection_handler, *policy);  // before interceptors that end requests

    auto provider = oatpp::network::tcp::server::ConnectionProvider::createShared(
        {"127.0.0.1", port, oatpp::network::Address::IP_4});
    oatpp::network::Server server(provider, connection_handler);
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    server.run();
}
