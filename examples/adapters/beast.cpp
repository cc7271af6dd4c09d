// SPDX-License-Identifier: MIT
// Boost.Beast: a small API that pages of https://app.example may use with the user's cookies.
#include <corsac/adapters/beast.hpp>
#include <corsac/corsac.hpp>

#include <boost/beast.hpp>

#include <cstdlib>
#include <iostream>
#include <thread>

namespace http = boost::beast::http;
using boost::asio::ip::tcp;
using request_type = http::request<http::string_body>;

/// The application. A response of any type goes through `finish` before its type is erased.
constexpr auto answer = [](request_type&& request, auto finish) -> http::message_generator {
    using enum http::status;
    const bool put = request.method() == http::verb::put;
    const auto status = request.target() != "/items/7" ? not_found : put ? no_content : ok;
    http::response<http::string_body> response{status, request.version()};
    response.keep_alive(request.keep_alive());
    if (status == ok) response.body() = R"({"id":7})";
    if (status != no_content) response.prepare_payload();
    return finish(std::move(response));
};

void serve(tcp::socket socket, auto handler) {
    boost::beast::flat_buffer buffer;
    boost::beast::error_code failed;
    for (bool open = true; open;) {
        request_type request;
        http::read(socket, buffer, request, failed);
        if (failed) return;
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
    corsac::beast_handler handler{*policy, answer};
    boost::asio::io_context context;
    tcp::acceptor acceptor{context, {boost::asio::ip::address_v4::loopback(), port}};
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    for (;;) std::thread(serve<decltype(handler)>, acceptor.accept(), handler).detach();
}
