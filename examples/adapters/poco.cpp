// SPDX-License-Identifier: MIT
// Poco: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/poco.hpp>
#include <corsac/corsac.hpp>

#include <Poco/Event.h>
#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>

#include <cstdlib>
#include <iostream>

using namespace Poco::Net;

struct items : HTTPRequestHandler {
    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        if (request.getURI() != "/items/7") {
            response.setStatusAndReason(HTTPResponse::HTTP_NOT_FOUND);
        } else if (request.getMethod() == "PUT") {
            response.setStatusAndReason(HTTPResponse::HTTP_NO_CONTENT);
        } else {
            response.setContentType("application/json");
            response.sendBuffer(R"({"id":7})", 8);
            return;
        }
        response.setContentLength(0);
        response.send();
    }
};
struct routes : HTTPRequestHandlerFactory {
    HTTPRequestHandler* createRequestHandler(const HTTPServerRequest&) override {
        return new items;
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
    HTTPServer server(new corsac::poco_factory{*policy, new routes},
                      ServerSocket(SocketAddress("127.0.0.1", port)), new HTTPServerParams);
    server.start();
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    Poco::Event().wait();
}
