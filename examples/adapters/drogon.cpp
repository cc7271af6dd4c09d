// SPDX-License-Identifier: MIT
// Drogon: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/drogon.hpp>
#include <corsac/corsac.hpp>
#include <corsac/decision/evaluate_upgrade.hpp>

#include <drogon/WebSocketController.h>
#include <drogon/drogon.h>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <memory>
#include <string>
#include <utility>

/// CORS does not guard WebSockets; the same policy can, in a filter, which Drogon runs before it
/// answers the handshake.
class from_our_pages : public drogon::HttpFilter<from_our_pages, false> {
public:
    explicit from_our_pages(corsac::policy policy) : policy_(std::move(policy)) {}

    void doFilter(const drogon::HttpRequestPtr& request, drogon::FilterCallback&& refuse,
                  drogon::FilterChainCallback&& go_on) override {
        const corsac::decision d =
            corsac::evaluate_upgrade(policy_, corsac::drogon_request{*request});
        if (!d.answers()) return go_on();
        refuse(drogon::HttpResponse::newHttpResponse(drogon::k403Forbidden, drogon::CT_NONE));
    }

private:
    corsac::policy policy_;
};

class echo : public drogon::WebSocketController<echo> {
public:
    void handleNewMessage(const drogon::WebSocketConnectionPtr& client, std::string&& text,
                          const drogon::WebSocketMessageType& type) override {
        if (type == drogon::WebSocketMessageType::Text) client->send(text);
    }
    void handleNewConnection(const drogon::HttpRequestPtr&,
                             const drogon::WebSocketConnectionPtr&) override {}
    void handleConnectionClosed(const drogon::WebSocketConnectionPtr&) override {}

    WS_PATH_LIST_BEGIN
    WS_PATH_ADD("/echo", "from_our_pages");
    WS_PATH_LIST_END
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

    corsac::drogon_install(drogon::app(), *policy, {});  // before advices that end requests

    drogon::app().registerFilter(std::make_shared<from_our_pages>(*policy));

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
