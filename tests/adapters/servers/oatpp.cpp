// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/oatpp.hpp>

#include <oatpp/network/Server.hpp>
#include <oatpp/network/tcp/server/ConnectionProvider.hpp>
#include <oatpp/web/protocol/http/outgoing/ResponseFactory.hpp>
#include <oatpp/web/protocol/http/outgoing/StreamingBody.hpp>
#include <oatpp/web/server/AsyncHttpConnectionHandler.hpp>
#include <oatpp/web/server/HttpConnectionHandler.hpp>
#include <oatpp/web/server/HttpRouter.hpp>

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace http = oatpp::web::protocol::http;
namespace server = oatpp::web::server;
using http::outgoing::ResponseFactory;
using request_ptr = std::shared_ptr<http::incoming::Request>;
using response_ptr = std::shared_ptr<http::outgoing::Response>;
using action = std::function<response_ptr(const request_ptr&)>;

/// Runs a function in both of Oat++'s worlds.
class handler : public server::HttpRequestHandler {
public:
    explicit handler(action run) : run_(std::move(run)) {}
    response_ptr handle(const request_ptr& request) override { return run_(request); }
    oatpp::async::CoroutineStarterForResult<const response_ptr&> handleAsync(
        const request_ptr& request) override {
        class once : public oatpp::async::CoroutineWithResult<once, const response_ptr&> {
        public:
            once(action run, request_ptr asked) : run_(std::move(run)), asked_(std::move(asked)) {}
            typename once::Action act() override { return this->_return(run_(asked_)); }

        private:
            action run_;
            request_ptr asked_;
        };
        return once::startForResult(run_, request);
    }

private:
    action run_;
};

response_ptr respond(int status, const std::string& body) {
    return ResponseFactory::createResponse(http::Status(status, "Status"), body);
}

class three_parts : public oatpp::data::stream::ReadCallback {
public:
    oatpp::v_io_size read(void* buffer, v_buff_size count, oatpp::async::Action&) override {
        static constexpr std::string_view parts[] = {"one ", "two ", "three "};
        if (at_ == std::size(parts)) return 0;
        const std::string_view part = parts[at_++];
        return static_cast<oatpp::v_io_size>(
            part.copy(static_cast<char*>(buffer), static_cast<std::size_t>(count)));
    }

private:
    std::size_t at_ = 0;
};

std::shared_ptr<server::HttpRouter> make_router() {
    auto router = server::HttpRouter::createShared();
    const auto add = [&](const char* method, const char* path, action run) {
        router->route(method, path, std::make_shared<handler>(std::move(run)));
    };
    const auto text = [](const char* body) {
        return [body](const request_ptr&) { return respond(200, body); };
    };
    add("GET", "/get", text("get"));
    add("HEAD", "/get", text(""));
    add("POST", "/post", text("post"));
    add("OPTIONS", "/options", text("options"));
    add("GET", "/cached", text("cached"));
    add("GET", "/later", text("later"));
    add("GET", "/private", text("private"));
    add("GET", "/admin", text("admin"));
    add("GET", "/other/get", text("other"));
    add("GET", "/rejecting/get", text("rejecting"));
    add("GET", "/status/{code}", [](const request_ptr& request) {
        return respond(std::stoi(request->getPathVariable("code")), "");
    });
    add("GET", "/throw",
        [](const request_ptr&) -> response_ptr { throw std::runtime_error("thrown"); });
    add("GET", "/stream", [](const request_ptr&) {
        return http::outgoing::Response::createShared(
            http::Status::CODE_200,
            std::make_shared<http::outgoing::StreamingBody>(std::make_shared<three_parts>()));
    });
    add("GET", "/static.txt", [](const request_ptr&) { return respond(200, site::read_file()); });
    add("GET", "/own", [](const request_ptr& request) {
        auto response = respond(200, "own");
        const auto origin = request->getHeader("Origin");
        response->putHeader("Access-Control-Allow-Origin", origin ? origin : "null");
        response->putHeader("Access-Control-Allow-Credentials", "true");
        response->putHeader("Vary", "Origin");
        return response;
    });
    add("GET", "/vary", [](const request_ptr&) {
        auto response = respond(200, "vary");
        response->putHeader("Vary", "Accept-Encoding");
        return response;
    });
    add("GET", "/ungoverned", [](const request_ptr&) {
        auto response = respond(200, "");
        response->putHeader("Access-Control-Allow-Origin", "*");
        return response;
    });
    return router;
}

/// An authentication as Oat++ would have it: another request interceptor.
class authentication : public server::interceptor::RequestInterceptor {
public:
    response_ptr intercept(const request_ptr& request) override {
        const auto authorization = request->getHeader("Authorization");
        if (request->getStartingLine().path != "/private" ||
            site::authorized(authorization ? *authorization : std::string{})) {
            return nullptr;
        }
        return respond(401, "");
    }
};

constexpr auto policy_of = [](const http::incoming::Request& request) {
    return site::policy_of(request.getStartingLine().path.std_str());
};

template <class Handler>
void run(const std::shared_ptr<Handler>& handler, unsigned short port, std::string_view variant) {
    site::with_source(variant, policy_of, [&](const auto& source) {
        corsac::oatpp_install(*handler, source);
        return 0;
    });
    handler->addRequestInterceptor(std::make_shared<authentication>());
    auto provider = oatpp::network::tcp::server::ConnectionProvider::createShared(
        {"127.0.0.1", port, oatpp::network::Address::IP_4});
    oatpp::network::Server loop(provider, handler);
    site::announce(port);
    loop.run();
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    oatpp::Environment::init();
    if (site::variant(argc, argv) == "async") {
        run(server::AsyncHttpConnectionHandler::createShared(make_router(), 1), port, "");
    } else {
        run(server::HttpConnectionHandler::createShared(make_router()), port,
            site::variant(argc, argv));
    }
}
