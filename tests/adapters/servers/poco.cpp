// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/poco.hpp>

#include <Poco/Net/HTTPRequestHandler.h>
#include <Poco/Net/HTTPRequestHandlerFactory.h>
#include <Poco/Net/HTTPServer.h>
#include <Poco/Net/HTTPServerParams.h>
#include <Poco/Net/HTTPServerRequest.h>
#include <Poco/Net/HTTPServerResponse.h>
#include <Poco/Net/ServerSocket.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using Poco::Net::HTTPServerRequest;
using Poco::Net::HTTPServerResponse;
using action = std::function<void(HTTPServerRequest&, HTTPServerResponse&)>;

class handler : public Poco::Net::HTTPRequestHandler {
public:
    explicit handler(action run) : run_(std::move(run)) {}
    void handleRequest(HTTPServerRequest& request, HTTPServerResponse& response) override {
        run_(request, response);
    }

private:
    action run_;
};

action text(std::string body, int status = 200) {
    return [body, status](HTTPServerRequest& request, HTTPServerResponse& response) {
        response.setStatusAndReason(static_cast<HTTPServerResponse::HTTPStatus>(status));
        const bool has_body = request.getMethod() != "HEAD" && status != 304;
        if (status != 304) response.setContentLength(static_cast<std::streamsize>(body.size()));
        std::ostream& out = response.send();
        if (has_body) out << body;
    };
}

/// The application's own router; it knows no OPTIONS but one.
class routes : public Poco::Net::HTTPRequestHandlerFactory {
public:
    Poco::Net::HTTPRequestHandler* createRequestHandler(const HTTPServerRequest& request) override {
        action run = find(request.getMethod(), request.getURI(), request);
        return run ? new handler(std::move(run)) : nullptr;
    }

private:
    static action find(const std::string& method, const std::string& path,
                       const HTTPServerRequest& request) {
        if (method == "OPTIONS" && path == "/options") return text("options");
        if (method == "POST" && path == "/post") return text("post");
        if (path == "/null") return {};
        if (method != "GET" && method != "HEAD") return text("", path == "/get" ? 405 : 404);
        if (path == "/get" || path == "/cached") return text(path.substr(1));
        if (path == "/later") return text("later");
        if (path == "/other/get") return text("other");
        if (path == "/rejecting/get") return text("rejecting");
        if (path.starts_with("/status/")) return text("", std::stoi(path.substr(8)));
        if (path == "/admin") return text("admin");
        if (path == "/private") {
            if (site::authorized(request.get("Authorization", ""))) return text("private");
            return [](HTTPServerRequest&, HTTPServerResponse& response) {
                response.requireAuthentication("test");
                response.setContentLength(0);
                response.send();
            };
        }
        if (path == "/throw") {
            return
                [](HTTPServerRequest&, HTTPServerResponse&) { throw std::runtime_error("thrown"); };
        }
        if (path == "/stream") {
            return [](HTTPServerRequest&, HTTPServerResponse& response) {
                response.setChunkedTransferEncoding(true);
                std::ostream& out = response.send();
                for (const char* part : {"one ", "two ", "three "}) out << part << std::flush;
            };
        }
        if (path == "/static.txt") {
            return [](HTTPServerRequest&, HTTPServerResponse& response) {
                response.sendFile(site::file_path(), "text/plain");
            };
        }
        if (path == "/redirect") {
            return
                [](HTTPServerRequest&, HTTPServerResponse& response) { response.redirect("/get"); };
        }
        if (path == "/buffer") {
            return [](HTTPServerRequest&, HTTPServerResponse& response) {
                response.sendBuffer("buffer", 6);
            };
        }
        if (path == "/own") {
            return [](HTTPServerRequest& asked, HTTPServerResponse& response) {
                response.set("Access-Control-Allow-Origin", asked.get("Origin", "null"));
                response.set("Access-Control-Allow-Credentials", "true");
                response.set("Vary", "Origin");
                text("own")(asked, response);
            };
        }
        if (path == "/vary") {
            return [](HTTPServerRequest& asked, HTTPServerResponse& response) {
                response.set("Vary", "Accept-Encoding");
                text("vary")(asked, response);
            };
        }
        if (path == "/ungoverned") {
            return [](HTTPServerRequest& asked, HTTPServerResponse& response) {
                response.set("Access-Control-Allow-Origin", "*");
                text("")(asked, response);
            };
        }
        return text("", 404);
    }
};

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const auto policy_of = [](const HTTPServerRequest& request) {
        return site::policy_of(request.getURI());
    };
    Poco::Net::ServerSocket socket(Poco::Net::SocketAddress("127.0.0.1", port));
    return site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
        Poco::Net::HTTPServer server(new corsac::poco_factory{source, new routes}, socket,
                                     new Poco::Net::HTTPServerParams);
        server.start();
        site::announce(port);
        std::this_thread::sleep_for(std::chrono::hours(24));
        return 0;
    });
}
