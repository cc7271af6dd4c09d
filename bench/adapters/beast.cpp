// SPDX-License-Identifier: MIT
#include "bench.hpp"

#include <corsac/adapters/beast.hpp>

#include <boost/beast/http.hpp>

#include <memory>
#include <string_view>
#include <utility>

namespace {

namespace http = boost::beast::http;
using request_type = http::request<http::string_body>;
using response_type = http::response<http::string_body>;

boost::beast::string_view view(std::string_view text) { return {text.data(), text.size()}; }
std::string_view view(boost::beast::string_view text) { return {text.data(), text.size()}; }

request_type make_request(std::string_view origin, bool preflight) {
    request_type request{preflight ? http::verb::options : http::verb::get, "/items/7", 11};
    bench::fill([&](std::string_view n, std::string_view v) { request.insert(view(n), view(v)); },
                origin, preflight);
    return request;
}

response_type respond(const request_type& request) {
    response_type response{http::status::ok, request.version()};
    response.set(http::field::content_type, "application/json");
    response.body() = R"({"id":7})";
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    return response;
}

response_type ideal(const request_type& request) {
    const auto origin = request.find(http::field::origin);
    const bool allowed = origin != request.end() && bench::is_allowed(view(origin->value()));
    if (request.method() == http::verb::options) {
        response_type response{http::status::no_content, request.version()};
        response.keep_alive(request.keep_alive());
        response.insert(http::field::vary, view(bench::vary_preflight));
        if (!allowed) return response;
        response.insert(http::field::access_control_allow_origin, origin->value());
        response.insert(http::field::access_control_allow_credentials, "true");
        response.insert(http::field::access_control_allow_methods, view(bench::methods));
        response.insert(http::field::access_control_allow_headers, view(bench::headers));
        response.insert(http::field::access_control_max_age, view(bench::max_age));
        response.insert(http::field::access_control_expose_headers, view(bench::exposed));
        return response;
    }
    response_type response = respond(request);
    response.insert(http::field::vary, "Origin");
    if (!allowed) return response;
    response.insert(http::field::access_control_allow_origin, origin->value());
    response.insert(http::field::access_control_allow_credentials, "true");
    response.insert(http::field::access_control_expose_headers, view(bench::exposed));
    return response;
}

/// Without CORS, an OPTIONS request would get this.
response_type base(const request_type& request) {
    if (request.method() != http::verb::options) return respond(request);
    response_type response{http::status::no_content, request.version()};
    response.keep_alive(request.keep_alive());
    return response;
}

template <class Way>
void add(const char* name, std::string_view origin, bool preflight, Way way) {
    const auto request = std::make_shared<request_type>(make_request(origin, preflight));
    bench::add(name, [=] {
        auto response = way(*request);
        benchmark::DoNotOptimize(response);
    });
}

const bench::group all{[] {
    const auto corsacs = [](request_type& request) {
        static corsac::beast_handler handler{bench::policy(), respond};
        return handler(request);
    };
    const auto moved = [](request_type& request) {
        static corsac::beast_handler handler{bench::policy(),
                                             [](request_type&& r) { return respond(r); }};
        return handler(std::move(request));
    };
    const auto finished = [](request_type& request) {
        static corsac::beast_handler handler{
            bench::policy(), [](request_type&& r, auto finish) { return finish(respond(r)); }};
        return handler(std::move(request));
    };
    add("beast/allowed/base", bench::allowed, false, base);
    add("beast/allowed/ideal", bench::allowed, false, ideal);
    add("beast/allowed/corsac", bench::allowed, false, corsacs);
    add("beast/allowed/corsac, request moved", bench::allowed, false, moved);
    add("beast/allowed/corsac, by finish", bench::allowed, false, finished);
    add("beast/refused/base", bench::refused, false, base);
    add("beast/refused/ideal", bench::refused, false, ideal);
    add("beast/refused/corsac", bench::refused, false, corsacs);
    add("beast/preflight/base", bench::allowed, true, base);
    add("beast/preflight/ideal", bench::allowed, true, ideal);
    add("beast/preflight/corsac", bench::allowed, true, corsacs);
    add("beast/no origin/base", {}, false, base);
    add("beast/no origin/ideal", {}, false, ideal);
    add("beast/no origin/corsac", {}, false, corsacs);
}};

}  // namespace
