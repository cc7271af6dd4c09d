// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/pistache.hpp>

#include <pistache/endpoint.h>
#include <pistache/router.h>

#include <memory>
#include <ostream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

using namespace Pistache;
using request = Rest::Request;
using writer = Http::ResponseWriter;

/// Pistache has no class for this header, so the application brings its own.
struct vary : Http::Header::Header {
    NAME("Vary")
    void write(std::ostream& out) const override { out << "Accept-Encoding"; }
};

std::string header(const request& asked, const std::string& name) {
    const auto line = asked.headers().tryGetRaw(name);
    return line ? line->value() : std::string{};
}

template <class F>
Rest::Route::Handler route(F f) {
    return [f](const request& asked, writer response) {
        f(asked, response);
        return Rest::Route::Result::Ok;
    };
}

Rest::Route::Handler text(std::string body) {
    return route([body](const request&, writer& response) { response.send(Http::Code::Ok, body); });
}

void add_routes(Rest::Router& router) {
    using Rest::Routes::Get;
    using Rest::Routes::Head;
    Get(router, "/get", text("get"));
    Head(router, "/get", text(""));
    Rest::Routes::Post(router, "/post", text("post"));
    Rest::Routes::Options(router, "/options", text("options"));
    Get(router, "/cached", text("cached"));
    Get(router, "/other/get", text("other"));
    Get(router, "/rejecting/get", text("rejecting"));
    Get(router, "/status/:code", route([](const request& asked, writer& response) {
            response.send(static_cast<Http::Code>(asked.param(":code").as<int>()));
        }));
    Get(router, "/admin", text("admin"));
    Get(router, "/private", route([](const request& asked, writer& response) {
            const bool may = site::authorized(header(asked, "Authorization"));
            response.send(may ? Http::Code::Ok : Http::Code::Unauthorized, may ? "private" : "");
        }));
    Get(router, "/throw",
        route([](const request&, writer&) { throw std::runtime_error("thrown"); }));
    Get(router, "/teapot", route([](const request&, writer&) {
            throw Http::HttpError(Http::Code::I_m_a_teapot, "short and stout");
        }));
    Get(router, "/stream", route([](const request&, writer& response) {
            auto stream = response.stream(Http::Code::Ok);
            for (const char* part : {"one ", "two ", "three "}) stream << part << Http::flush;
            stream << Http::ends;
        }));
    Get(router, "/later", [](const request&, writer response) {
        std::thread([response = std::move(response)]() mutable {
            response.send(Http::Code::Ok, "later");
        }).detach();
        return Rest::Route::Result::Ok;
    });
    Get(router, "/static.txt", route([](const request&, writer& response) {
            Http::serveFile(response, site::file_path());
        }));
    Get(router, "/own", route([](const request& asked, writer& response) {
            response.headers().add<Http::Header::AccessControlAllowOrigin>(header(asked, "Origin"));
            response.send(Http::Code::Ok, "own");
        }));
    Get(router, "/vary", route([](const request&, writer& response) {
            response.headers().add<vary>();
            response.send(Http::Code::Ok, "vary");
        }));
    Get(router, "/ungoverned", route([](const request&, writer& response) {
            response.headers().add<Http::Header::AccessControlAllowOrigin>("*");
            response.send(Http::Code::Ok, "");
        }));
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const auto policy_of = [](const Http::Request& asked) {
        return site::policy_of(asked.resource());
    };
    auto router = std::make_shared<Rest::Router>();
    add_routes(*router);

    Http::Endpoint endpoint(Address(Ipv4::loopback(), Port(port)));
    endpoint.init(Http::Endpoint::options().threads(2).flags(Tcp::Options::ReuseAddr));
    if (site::variant(argc, argv) == "middleware") {  // the obvious place
        router->addMiddleware([policy_of](Http::Request& asked, writer& response) {
            using types = corsac::pistache_types<void>;
            const corsac::pistache_request<Http::Request> view{asked};
            corsac::apply(corsac::evaluate(*policy_of(asked), view),
                          corsac::pistache_response<types>{response});
            return true;
        });
        endpoint.setHandler(router->handler(router));
    } else {
        site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
            endpoint.setHandler(corsac::pistache_wrap(source, router->handler(router)));
            return 0;
        });
    }
    site::announce(port);
    endpoint.serve();
}
