// SPDX-License-Identifier: MIT
#include "bench.hpp"

#include <corsac/adapters/httplib.hpp>

#include <httplib.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace {

/// Keeps what `httplib_install` installs, so that it can be called without a socket.
struct installed {
    using HandlerResponse = httplib::Server::HandlerResponse;
    httplib::Server::HandlerWithResponse pre;
    httplib::Server::Handler post;

    void set_pre_routing_handler(httplib::Server::HandlerWithResponse f) { pre = std::move(f); }
    void set_post_routing_handler(httplib::Server::Handler f) { post = std::move(f); }
};

httplib::Request make_request(std::string_view origin, bool preflight) {
    httplib::Request request;
    request.method = preflight ? "OPTIONS" : "GET";
    bench::fill([&](std::string_view n, std::string_view v) { request.headers.emplace(n, v); },
                origin, preflight);
    return request;
}

/// What the library has put in before it calls the post-routing handler.
void make_response(httplib::Response& response, bool preflight) {
    response.status = preflight ? 204 : 200;
    if (preflight) {
        response.set_header("Content-Length", "0");
    } else {
        response.set_content(R"({"id":7})", "application/json");
    }
    response.set_header("Keep-Alive", "timeout=5, max=5");
}

void ideal(const httplib::Request& request, httplib::Response& response, bool preflight) {
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

template <class Way>
void add(const char* name, std::string_view origin, bool preflight, Way way) {
    const auto request = std::make_shared<httplib::Request>(make_request(origin, preflight));
    bench::add(name, [=] {
        httplib::Response response;
        make_response(response, preflight);
        way(*request, response, preflight);
        benchmark::DoNotOptimize(response);
    });
}

const bench::group all{[] {
    const auto nothing = [](const httplib::Request&, httplib::Response&, bool) {};
    const auto corsacs = [](const httplib::Request& request, httplib::Response& response, bool) {
        static const installed hooks = [] {
            installed h;
            corsac::httplib_install(h, bench::policy());
            return h;
        }();
        benchmark::DoNotOptimize(hooks.pre(request, response));
        hooks.post(request, response);
    };
    const auto byhand = [](const httplib::Request& request, httplib::Response& response,
                           bool preflight) {
        // Through the same two hooks.
        static const httplib::Server::HandlerWithResponse pre = [](const httplib::Request& asked,
                                                                   httplib::Response& answer) {
            if (asked.method != "OPTIONS" || !asked.has_header("Access-Control-Request-Method")) {
                return httplib::Server::HandlerResponse::Unhandled;
            }
            answer.status = 204;
            return httplib::Server::HandlerResponse::Handled;
        };
        static const std::function<void(const httplib::Request&, httplib::Response&, bool)> post =
            ideal;
        benchmark::DoNotOptimize(pre(request, response));
        post(request, response, preflight);
    };
    add("httplib/allowed/base", bench::allowed, false, nothing);
    add("httplib/allowed/ideal", bench::allowed, false, byhand);
    add("httplib/allowed/corsac", bench::allowed, false, corsacs);
    add("httplib/refused/base", bench::refused, false, nothing);
    add("httplib/refused/ideal", bench::refused, false, byhand);
    add("httplib/refused/corsac", bench::refused, false, corsacs);
    add("httplib/preflight/base", bench::allowed, true, nothing);
    add("httplib/preflight/ideal", bench::allowed, true, byhand);
    add("httplib/preflight/corsac", bench::allowed, true, corsacs);
    add("httplib/no origin/base", {}, false, nothing);
    add("httplib/no origin/ideal", {}, false, byhand);
    add("httplib/no origin/corsac", {}, false, corsacs);
}};

}  // namespace
