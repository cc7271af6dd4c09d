// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/crow.hpp>

#include <crow.h>
#include <crow/middlewares/cors.h>

#include <stdexcept>
#include <string>
#include <type_traits>

namespace {

/// An authentication that stands in front of all handlers.
struct authentication {
    struct context {};
    void before_handle(crow::request& request, crow::response& response, context&) {
        if (request.url != "/private" ||
            site::authorized(request.get_header_value("Authorization"))) {
            return;
        }
        response.code = 401;
        response.end();
    }
    void after_handle(crow::request&, crow::response&, context&) {}
};

constexpr auto policy_of = [](const crow::request& request) {
    return site::policy_of(request.url);
};
using cors = corsac::crow_middleware<std::remove_cv_t<decltype(policy_of)>>;

template <class App>
void add_routes(App& app) {
    CROW_ROUTE(app, "/get")([] { return "get"; });
    CROW_ROUTE(app, "/post").methods("POST"_method)([] { return "post"; });
    CROW_ROUTE(app, "/status/<int>")([](int status) { return crow::response(status); });
    CROW_ROUTE(app, "/private")([] { return "private"; });
    CROW_ROUTE(app, "/admin")([] { return "admin"; });
    CROW_ROUTE(app, "/throw")([]() -> std::string { throw std::runtime_error("thrown"); });
    CROW_ROUTE(app, "/stream")
    ([] { return "one two three "; });  // in chunks of its own beyond 1 MB
    // Not after the handler has returned: an end() then frees Crow's own completion handler twice.
    CROW_ROUTE(app, "/later")
    ([](const crow::request&, crow::response& response) { response.end("later"); });
    CROW_ROUTE(app, "/cached")([] { return "cached"; });
    CROW_ROUTE(app, "/other/get")([] { return "other"; });
    CROW_ROUTE(app, "/rejecting/get")([] { return "rejecting"; });
    CROW_ROUTE(app, "/options").methods("OPTIONS"_method)([] { return "options"; });
    CROW_ROUTE(app, "/static.txt")
    ([](const crow::request&, crow::response& response) {
        response.set_static_file_info_unsafe(site::file_path());
        response.end();
    });
    CROW_ROUTE(app, "/own")
    ([](const crow::request& request) {
        crow::response response{"own"};
        response.set_header("Access-Control-Allow-Origin", request.get_header_value("Origin"));
        response.set_header("Access-Control-Allow-Credentials", "true");
        response.set_header("Vary", "Origin");
        return response;
    });
    CROW_ROUTE(app, "/vary")
    ([] {
        crow::response response{"vary"};
        response.set_header("Vary", "Accept-Encoding");
        return response;
    });
    CROW_ROUTE(app, "/ungoverned")
    ([] {
        crow::response response;
        response.set_header("Access-Control-Allow-Origin", "*");
        return response;
    });
}

template <class App>
int serve(App& app, unsigned short port) {
    app.loglevel(crow::LogLevel::Critical);
    site::announce(port);
    app.bindaddr("127.0.0.1").port(port).concurrency(2).run();
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const std::string_view variant = site::variant(argc, argv);

    if (variant == "cors-last") {
        crow::App<authentication, cors> app{cors{policy_of}};
        add_routes(app);
        return serve(app, port);
    }
    if (variant == "own-cors") {  // Crow's own middleware, as its documentation uses it
        crow::App<crow::CORSHandler> app;
        app.template get_middleware<crow::CORSHandler>().global().allow_credentials();
        add_routes(app);
        return serve(app, port);
    }
    return site::with_source(variant, policy_of, [&](const auto& source) {
        corsac::crow_middleware guard{source};
        crow::App<decltype(guard), authentication> app{guard};
        add_routes(app);
        if (variant != "preflights-unrouted") { corsac::crow_route_preflights(app); }
        if (variant == "catch-all") {  // shows the status that Crow gave it
            CROW_CATCHALL_ROUTE(app)
            ([](crow::response& response) { response.body = std::to_string(response.code); });
        }
        return serve(app, port);
    });
}
