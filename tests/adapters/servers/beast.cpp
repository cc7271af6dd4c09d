// SPDX-License-Identifier: MIT
#include "site.hpp"

#include <corsac/adapters/beast.hpp>
#include <corsac/adapters/beast_coroutine.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <exception>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using request_type = http::request<http::string_body>;
using response_type = http::response<http::string_body>;

std::string_view view(beast::string_view text) { return {text.data(), text.size()}; }

response_type respond(const request_type& request, unsigned status, std::string body) {
    response_type response;
    response.result(status);
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    response.body() = std::move(body);
    if (status != 304) response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();
    return response;
}

response_type routed(const request_type& request) {
    const std::string_view path = view(request.target());
    const bool reads = request.method() == http::verb::get || request.method() == http::verb::head;
    if (request.method() == http::verb::options && path == "/options") {
        return respond(request, 200, "options");
    }
    if (path == "/post" && request.method() == http::verb::post) {
        return respond(request, 200, "post");
    }
    if (!reads) return respond(request, path == "/get" ? 405 : 404, "");
    if (path == "/get") return respond(request, 200, "get");
    if (path == "/cached") return respond(request, 200, "cached");
    if (path == "/later") return respond(request, 200, "later");
    if (path == "/other/get") return respond(request, 200, "other");
    if (path == "/rejecting/get") return respond(request, 200, "rejecting");
    if (path == "/throw") throw std::runtime_error("thrown");
    if (path.starts_with("/status/")) {
        return respond(request, static_cast<unsigned>(std::stoi(std::string{path.substr(8)})), "");
    }
    if (path == "/admin") return respond(request, 200, "admin");
    if (path == "/private") {
        const bool may = site::authorized(view(request[http::field::authorization]));
        return respond(request, may ? 200 : 401, may ? "private" : "");
    }
    if (path == "/own") {
        response_type response = respond(request, 200, "own");
        response.set("Access-Control-Allow-Origin", request[http::field::origin]);
        response.set(http::field::access_control_allow_credentials, "true");
        response.set(http::field::vary, "Origin");
        return response;
    }
    if (path == "/vary") {
        response_type response = respond(request, 200, "vary");
        response.set(http::field::vary, "Accept-Encoding");
        return response;
    }
    if (path == "/ungoverned") {
        response_type response = respond(request, 200, "");
        response.set(http::field::access_control_allow_origin, "*");
        return response;
    }
    if (path == "/stream") return respond(request, 200, "one two three ");
    if (path == "/static.txt") return respond(request, 200, site::read_file());
    return respond(request, 404, "");
}

/// Responses of several types, each finished before its type is erased.
http::message_generator handle(request_type&& request, auto finish) {
    if (request.target() == "/static.txt") {
        http::response<http::file_body> response{http::status::ok, request.version()};
        beast::error_code failed;
        response.body().open(site::file_path().c_str(), beast::file_mode::scan, failed);
        response.keep_alive(request.keep_alive());
        response.prepare_payload();
        return finish(std::move(response));
    }
    if (request.target() == "/stream") {
        response_type response = respond(request, 200, "one two three ");
        response.chunked(true);
        return finish(std::move(response));
    }
    try {
        return finish(routed(request));
    } catch (const std::exception&) { return finish(respond(request, 500, "")); }
}

/// As Boost's own servers have it: generic, and what it returns hides the response.
template <class Body, class Allocator>
http::message_generator handle_request(
    std::string_view, http::request<Body, http::basic_fields<Allocator>>&& request) {
    return handle(std::move(request), [](auto&& response) { return std::move(response); });
}

/// Another form: a handler that always makes the same type of response (no stream, no file body).
response_type handle_simply(request_type&& request) {
    const request_type mine = std::move(request);  // as handlers that keep the request do
    try {
        return routed(mine);
    } catch (const std::exception&) { return respond(mine, 500, ""); }
}

template <class Handler>
void serve(tcp::socket socket, Handler handler) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    beast::error_code failed;
    while (!failed) {
        request_type request;
        http::read(stream, buffer, request, failed);
        if (failed) break;
        http::message_generator response{handler(std::move(request))};
        const bool stays_open = response.keep_alive();
        beast::write(stream, std::move(response), failed);
        if (!stays_open) break;
    }
    stream.socket().shutdown(tcp::socket::shutdown_send, failed);
}

/// The same in coroutines, on two threads.
template <class Handler>
boost::asio::awaitable<void> serve_later(tcp::socket socket, Handler& handler) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    try {
        for (bool open = true; open;) {
            request_type request;
            co_await http::async_read(stream, buffer, request, boost::asio::use_awaitable);
            http::message_generator response = co_await handler(std::move(request));
            open = response.keep_alive();
            co_await beast::async_write(stream, std::move(response), boost::asio::use_awaitable);
        }
    } catch (const std::exception&) {}  // the client has gone
}

template <class Handler>
boost::asio::awaitable<void> accept_later(tcp::acceptor& acceptor, Handler& handler) {
    for (;;) {
        const auto strand = boost::asio::make_strand(acceptor.get_executor());
        tcp::socket socket = co_await acceptor.async_accept(strand, boost::asio::use_awaitable);
        boost::asio::co_spawn(strand, serve_later(std::move(socket), handler),
                              boost::asio::detached);
    }
}

/// A handler that is a coroutine, and takes its time.
boost::asio::awaitable<http::message_generator> handle_later(request_type request, auto finish) {
    co_await boost::asio::post(co_await boost::asio::this_coro::executor,
                               boost::asio::use_awaitable);
    co_return handle(std::move(request), std::move(finish));
}

}  // namespace

int main(int argc, char** argv) {
    const unsigned short port = site::port(argc, argv);
    const auto policy_of = [](const request_type& request) {
        return site::policy_of(view(request.target()));
    };
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, {boost::asio::ip::make_address("127.0.0.1"), port}};
    const auto run = [&](auto& handler) {
        site::announce(port);
        for (;;) {
            tcp::socket socket{context};
            acceptor.accept(socket);
            std::thread([&, socket = std::move(socket)]() mutable {
                serve(std::move(socket), handler);
            }).detach();
        }
    };
    if (site::variant(argc, argv) == "by-return") {
        corsac::beast_handler by_return{policy_of, handle_simply};
        run(by_return);
    }
    if (site::variant(argc, argv) == "by-generator") {
        corsac::beast_handler by_generator{
            policy_of, [](auto&& request) { return handle_request("/", std::move(request)); }};
        run(by_generator);
    }
    if (site::variant(argc, argv) == "asking") {
        return site::with_source("asking", policy_of, [&](const auto& source) {
            corsac::beast_coroutine handler{source, [](request_type&& r, auto finish) {
                                                return handle_later(std::move(r), finish);
                                            }};
            site::announce(port);
            boost::asio::co_spawn(context, accept_later(acceptor, handler), boost::asio::detached);
            std::thread second{[&] { context.run(); }};
            context.run();
            return 0;
        });
    }
    site::with_source(site::variant(argc, argv), policy_of, [&](const auto& source) {
        corsac::beast_handler by_finish{
            source, [](request_type&& r, auto finish) { return handle(std::move(r), finish); }};
        run(by_finish);
        return 0;
    });
}
