// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/httplib.hpp>

#include <httplib.h>

#include <stdexcept>

int main(int argc, char** argv) {
    using httplib::Request;
    using httplib::Response;
    httplib::Server server;

    const auto text = [](const char* body) {
        return [body](const Request&, Response& response) {
            response.set_content(body, "text/plain");
        };
    };
    server.Get("/get", text("get"));
    server.Post("/post", text("post"));
    server.Get("/private", text("private"));
    server.Get("/admin", text("admin"));
    server.Get("/cached", text("cached"));
    server.Get("/later", text("later"));
    server.Get("/other/get", text("other"));
    server.Get("/rejecting/get", text("rejecting"));
    server.Options("/options", text("options"));
    server.Get(R"(/status/(\d+))", [](const Request& request, Response& response) {
        response.status = std::stoi(request.matches[1]);
    });
    server.Get("/throw", [](const Request&, Response&) { throw std::runtime_error("thrown"); });
    server.Get("/stream", [](const Request&, Response& response) {
        response.set_chunked_content_provider(
            "text/plain", [](std::size_t, httplib::DataSink& sink) {
                for (const char* part : {"one ", "two ", "three "})
                    sink.write(part, std::strlen(part));
                sink.done();
                return true;
            });
    });
    server.Get("/own", [](const Request& request, Response& response) {
        response.set_header("Access-Control-Allow-Origin", request.get_header_value("Origin"));
        response.set_header("Access-Control-Allow-Credentials", "true");
        response.set_header("Vary", "Origin");
        response.set_content("own", "text/plain");
    });
    server.Get("/vary", [](const Request&, Response& response) {
        response.set_header("Vary", "Accept-Encoding");
        response.set_content("vary", "text/plain");
    });
    server.Get("/ungoverned", [](const Request&, Response& response) {
        response.set_header("Access-Control-Allow-Origin", "*");
    });
    server.set_mount_point("/", site::file_root());

    // The authentication and the stamp are the application's own routing handlers; they stay.
    const auto authenticate = [](const Request& request, Response& response) {
        if (request.path != "/private" ||
            site::authorized(request.get_header_value("Authorization"))) {
            return httplib::Server::HandlerResponse::Unhandled;
        }
        response.status = 401;
        return httplib::Server::HandlerResponse::Handled;
    };
    const auto stamp = [](const Request&, Response& response) {
        response.set_header("X-Request-Id", "1");
    };
    const auto policy_of = [](const Request& request) { return site::policy_of(request.path); };

    if (site::variant(argc, argv) == "replaced") {
        // The slots are single: whoever sets them last is the only one.
        corsac::httplib_install(server, policy_of);
        server.set_post_routing_handler(stamp);
    } else {
        site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
            corsac::httplib_install(server, source, authenticate, stamp);
            return 0;
        });
    }
    site::announce(site::port(argc, argv));
    return server.listen("127.0.0.1", site::port(argc, argv)) ? 0 : 1;
}
