// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/uwebsockets.hpp>

#include <App.h>

#include <string>
#include <string_view>

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const auto policy_of = [](uWS::HttpRequest& request) {
        return site::policy_of(request.getUrl());
    };
    return site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
        corsac::uws_routes cors{source};

        const auto text = [&cors](const char* body) {
            return cors.wrap([body](auto* response, auto*, auto start) {
                start(response, "200 OK")->end(body);
            });
        };
        uWS::App app;
        app.options("/*", cors.preflights())
            .options("/options", text("options"))
            .get("/get", text("get"))
            .head("/get", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "200 OK")->endWithoutBody(3);
            }))
            .post("/post", text("post"))
            .get("/cached", text("cached"))
            .get("/other/get", text("other"))
            .get("/rejecting/get", text("rejecting"))
            .get("/status/:code", cors.wrap([](auto* response, auto* request, auto start) {
                const std::string_view code = request->getParameter(0);
                const bool no_body = code == "304";
                start(response, std::string{code} + " Status");
                no_body ? response->endWithoutBody() : response->end();
            }))
            .get("/admin", text("admin"))
            .get("/private", cors.wrap([](auto* response, auto* request, auto start) {
                if (site::authorized(request->getHeader("authorization"))) {
                    start(response, "200 OK")->end("private");
                } else {
                    start(response, "401 Unauthorized")->end();
                }
            }))
            // uWebSockets catches nothing, so the application turns its exceptions into responses.
            .get("/throw", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "500 Internal Server Error")->end();
            }))
            .get("/stream", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "200 OK");
                for (const char* part : {"one ", "two ", "three "}) response->write(part);
                response->end();
            }))
            // Answered in the next turn of the loop, when the request is long gone.
            .get("/later", cors.wrap([](auto* response, auto*, auto start) {
                response->onAborted([] {});
                uWS::Loop::get()->defer([response, start] {
                    response->cork([&] { start(response, "200 OK")->end("later"); });
                });
            }))
            .get("/static.txt", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "200 OK")->end(site::read_file());
            }))
            // Headers cannot be replaced here; the wrapper's are all there are.
            .get("/own", text("own"))
            .get("/vary", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "200 OK")->writeHeader("Vary", "Accept-Encoding")->end("vary");
            }))
            .get("/ungoverned", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "200 OK")->writeHeader("Access-Control-Allow-Origin", "*")->end();
            }))
            .head("/*", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "404 Not Found")->endWithoutBody(0);
            }))
            .any("/*", cors.wrap([](auto* response, auto*, auto start) {
                start(response, "404 Not Found")->end();
            }));
        app.listen("127.0.0.1", port, [port](auto* listening) {
            if (listening) site::announce(port);
        });
        app.run();
        return 0;
    });
}
