// SPDX-License-Identifier: MIT
#include "bench.hpp"

#include <corsac/adapters/crow.hpp>

#include <crow.h>
#include <crow/middlewares/cors.h>

#include <memory>
#include <string>
#include <string_view>

namespace {

crow::request make_request(crow::HTTPMethod method, std::string_view origin, bool preflight) {
    crow::request request;
    request.method = method;
    request.url = "/items/7";
    bench::fill([&](std::string_view n, std::string_view v) { request.headers.emplace(n, v); },
                origin, preflight);
    return request;
}

crow::response make_response(bool preflight) {
    crow::response response(preflight ? 204 : 200);
    if (preflight) {
        response.set_header("Allow", "OPTIONS, HEAD, GET, PUT");
    } else {
        response.body = R"({"id":7})";
        response.set_header("Content-Type", "application/json");
    }
    return response;
}

void ideal(const crow::request& request, crow::response& response, bool preflight) {
    std::string_view origin;
    for (const auto& [name, value] : request.headers) {
        if (name.size() == 6 && name == "Origin") origin = value;
    }
    auto& to = response.headers;
    to.emplace("vary", preflight ? bench::vary_preflight : "Origin");
    if (!bench::is_allowed(origin)) return;
    to.emplace("access-control-allow-origin", origin);
    to.emplace("access-control-allow-credentials", "true");
    to.emplace("access-control-expose-headers", bench::exposed);
    if (!preflight) return;
    to.emplace("access-control-allow-methods", bench::methods);
    to.emplace("access-control-allow-headers", bench::headers);
    to.emplace("access-control-max-age", bench::max_age);
}

/// Crow's own, set up to say the same as far as it can: one origin, for actual requests only.
crow::CORSHandler& crows_own() {
    static crow::CORSHandler handler = [] {
        crow::CORSHandler h;
        h.global()
            .origin(std::string{bench::allowed})
            .methods(crow::HTTPMethod::Get, crow::HTTPMethod::Put, crow::HTTPMethod::Delete)
            .headers("Authorization", "Content-Type", "X-Request-Id")
            .expose(std::string{bench::exposed})
            .max_age(600)
            .allow_credentials();
        return h;
    }();
    return handler;
}

template <class Way>
void add(const char* name, std::string_view origin, bool preflight, Way way) {
    const auto method = preflight ? crow::HTTPMethod::Options : crow::HTTPMethod::Get;
    const auto request = std::make_shared<crow::request>(make_request(method, origin, preflight));
    bench::add(name, [=] {
        crow::response response = make_response(preflight);
        way(*request, response, preflight);
        benchmark::DoNotOptimize(response);
    });
}

const bench::group all{[] {
    const auto nothing = [](crow::request&, crow::response&, bool) {};
    const auto corsacs = [](crow::request& request, crow::response& response, bool) {
        static corsac::crow_middleware middleware{bench::policy()};
        corsac::crow_middleware<>::context context;
        middleware.before_handle(request, response, context);
        middleware.after_handle(request, response, context);
    };
    const auto own = [](crow::request& request, crow::response& response, bool) {
        crow::CORSHandler::context context;
        crows_own().before_handle(request, response, context);
        crows_own().after_handle(request, response, context);
    };
    add("crow/allowed/base", bench::allowed, false, nothing);
    add("crow/allowed/ideal", bench::allowed, false, ideal);
    add("crow/allowed/corsac", bench::allowed, false, corsacs);
    add("crow/allowed/own", bench::allowed, false, own);
    add("crow/refused/base", bench::refused, false, nothing);
    add("crow/refused/ideal", bench::refused, false, ideal);
    add("crow/refused/corsac", bench::refused, false, corsacs);
    add("crow/refused/own", bench::refused, false, own);
    add("crow/preflight/base", bench::allowed, true, nothing);
    add("crow/preflight/ideal", bench::allowed, true, ideal);
    add("crow/preflight/corsac", bench::allowed, true, corsacs);
    add("crow/preflight/own", bench::allowed, true, own);
    add("crow/no origin/base", {}, false, nothing);
    add("crow/no origin/ideal", {}, false, ideal);
    add("crow/no origin/corsac", {}, false, corsacs);
    add("crow/no origin/own", {}, false, own);
}};

}  // namespace
