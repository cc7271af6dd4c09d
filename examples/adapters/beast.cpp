// SPDX-License-Identifier: MIT
// Boost.Beast: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/beast.hpp>
#include <corsac/corsac.hpp>
#include <corsac/decision/evaluate_upgrade.hpp>

#include <boost/beast.hpp>

#include <cstdlib>
#include <functional>
#include <iostream>
#include <thread>
#include <utility>

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using request_type = http::request<http::string_body>;

/// The application. A response of any type goes through `finish` before its type is erased.
constexpr auto handle_request = [](request_type&& request, auto finish) -> http::message_generator {
    using enum http::status;
    const bool put = request.method() == http::verb::put;
    const auto status = request.target() != "/items/7" ? not_found : put ? no_content : ok;
    http::response<http::string_body> response{status, request.version()};
    response.keep_alive(request.keep_alive());
    if (status == ok) response.body() = R"({"id":7})";
    if (status != no_content) response.prepare_payload();
    return finish(std::move(response));
};

/// CORS does not guard WebSockets; the same policy can.
void echo(tcp::socket socket, const request_type& request, const corsac::policy& policy) {
    boost::beast::error_code failed;
    if (corsac::evaluate_upgrade(policy, corsac::beast_request{request}).answers()) {
        const http::response<http::empty_body> refusal{http::status::forbidden, request.version()};
        http::write(socket, refusal, failed);
        return;
    }
    boost::beast::websocket::stream<tcp::socket> client{std::move(socket)};
    client.accept(request, failed);
    boost::beast::flat_buffer text;
    for (; !failed; text.clear()) {
        client.read(text, failed);
        if (!failed) client.write(text.data(), failed);
    }
}

void serve(tcp::socket socket, auto handler, const corsac::policy& policy) {
    boost::beast::flat_buffer buffer;
    boost::beast::error_code failed;
    for (bool open = true; open;) {
        request_type request;
        http::read(socket, buffer, request, failed);
        if (failed) return;
        if (boost::beast::websocket::is_upgrade(request)) {
            return echo(std::move(socket), request, policy);
        }
        http::message_generator response = handler(std::move(request));
        open = response.keep_alive();
        boost::beast::write(socket, std::move(response), failed);
    }
}

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
    corsac::beast_handler handler{*policy, handle_request};
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), port}};
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    for (;;) {
        std::thread(serve<decltype(handler)>, acceptor.accept(), handler, std::cref(*policy))
            .detach();
    }
}
