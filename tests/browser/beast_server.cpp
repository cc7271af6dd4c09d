// SPDX-License-Identifier: MIT
#include "servers.hpp"

#include <corsac/adapters/beast.hpp>
#include <corsac/corsac.hpp>

#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <atomic>
#include <chrono>
#include <exception>
#include <memory>
#include <mutex>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
namespace websocket = beast::websocket;
using tcp = asio::ip::tcp;

using request_type = http::request<http::string_body>;
using response_type = http::response<http::string_body>;

std::string_view text(beast::string_view from) { return {from.data(), from.size()}; }

/// The application: knows nothing of CORS.
response_type application(const request_type& request) {
    const reply r = answer(parse_target(text(request.target())));
    response_type response;
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    response.result(static_cast<unsigned>(r.status));
    for (const auto& [name, value] : r.headers) response.insert(name, value);
    response.body() = r.throws ? "the handler failed" : r.body;
    response.prepare_payload();
    if (request.method() == http::verb::head) response.body().clear();
    return response;
}

/// One thread a connection: browsers open a few dozen.
class beast_server final : public running_server {
public:
    explicit beast_server(shared_state& state)
        : state_(state), acceptor_(io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}),
          thread_([this] { accept(); }) {}

    ~beast_server() override {
        stopping_ = true;
        // Wakes the blocking accept; closing the acceptor does not.
        beast::error_code ignored;
        tcp::socket waker{io_};
        waker.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
        {
            const std::lock_guard lock{mutex_};
            for (tcp::socket* socket : open_) socket->shutdown(tcp::socket::shutdown_both, ignored);
        }
        for (std::thread& connection : connections_) connection.join();
    }

    [[nodiscard]] int port() const override { return acceptor_.local_endpoint().port(); }

private:
    void accept() {
        while (true) {
            tcp::socket socket{io_};
            beast::error_code error;
            acceptor_.accept(socket, error);
            if (stopping_) return;
            if (error) continue;
            connections_.emplace_back([this, s = std::move(socket)]() mutable { serve(s); });
        }
    }

    void serve(tcp::socket& socket) {
        {
            const std::lock_guard lock{mutex_};
            open_.insert(&socket);
        }
        try {
            converse(socket);
        } catch (const std::exception&) {
            // The browser went away.
        }
        const std::lock_guard lock{mutex_};
        open_.erase(&socket);
        beast::error_code ignored;
        socket.shutdown(tcp::socket::shutdown_both, ignored);
        socket.close(ignored);
    }

    void converse(tcp::socket& socket) {
        const auto source = [this](const request_type& request) {
            return find_policy(state_.policies, text(request.target()));
        };
        corsac::beast_handler handler{source, application};
        socket.set_option(tcp::no_delay{true});
        beast::flat_buffer buffer;
        while (!stopping_) {
            request_type request;
            http::read(socket, buffer, request);
            write_down(request);
            if (websocket::is_upgrade(request)) {
                upgrade(socket, request);
                return;
            }
            const bool head = request.method() == http::verb::head;
            const response_type response = handler(request);
            if (head) {
                http::response_serializer<http::string_body> serializer{response};
                http::write_header(socket, serializer);
            } else {
                http::write(socket, response);
            }
            if (!response.keep_alive()) return;
        }
    }

    /// CORS does not guard WebSockets: the server itself has to look at the origin.
    void upgrade(tcp::socket& socket, const request_type& request) {
        const corsac::policy* const p = find_policy(state_.policies, text(request.target()));
        const std::string origin{text(request[http::field::origin])};
        if (p == nullptr || !p->allows_origin(origin)) {
            http::response<http::empty_body> refusal{http::status::forbidden, request.version()};
            refusal.content_length(0);
            http::write(socket, refusal);
            return;
        }
        websocket::stream<tcp::socket&> stream{socket};
        stream.accept(request);
        beast::flat_buffer message;
        stream.read(message);
        stream.text(true);
        stream.write(message.data());
        stream.close(websocket::close_code::normal);
    }

    void write_down(const request_type& request) {
        const std::string_view target = text(request.target());
        const address where = parse_target(target);
        if (where.test_case.empty()) return;
        const corsac::policy* const p = find_policy(state_.policies, target);
        const corsac::beast_request view{request};
        state_.seen.write(
            where.test_case,
            journal_line(view, p != nullptr ? corsac::evaluate(*p, view) : corsac::decision{},
                         "http://" + std::string{text(request[http::field::host])} +
                             std::string{target}));
    }

    shared_state& state_;
    asio::io_context io_;
    tcp::acceptor acceptor_;
    std::atomic<bool> stopping_ = false;
    std::mutex mutex_;
    std::set<tcp::socket*> open_;
    std::vector<std::thread> connections_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace

std::unique_ptr<running_server> start_beast(shared_state& state) {
    return std::make_unique<beast_server>(state);
}
