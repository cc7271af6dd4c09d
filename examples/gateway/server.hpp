// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_SERVER_HPP
#define CORSAC_EXAMPLES_GATEWAY_SERVER_HPP

#include "proxy.hpp"
#include "reload.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/strand.hpp>
#include <boost/beast/core.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <utility>

namespace gateway {

namespace beast = boost::beast;
using tcp = boost::asio::ip::tcp;

struct serving {
    gateway::mode mode = gateway::mode::corsac;
    bool explains = false;  ///< see `log_explanation`
};

/// One connection: reads a request, answers it, and so on.
class session : public std::enable_shared_from_this<session> {
public:
    session(tcp::socket socket, const live_manifests& manifests, const serving& how)
        : stream_(std::move(socket)), manifests_(manifests), how_(how) {}

    void read() {
        parser_.emplace();
        parser_->body_limit(1 << 20);
        stream_.expires_after(std::chrono::seconds(30));
        http::async_read(stream_, buffer_, *parser_,
                         [self = shared_from_this()](beast::error_code error, std::size_t) {
                             if (!error) self->answer();
                         });
    }

private:
    void answer() {
        const request asked = parser_->release();
        const live_manifests::live::reader manifests = manifests_.current();
        response_ = how_.mode == mode::envoy ? serve_like_envoy(**manifests, asked, how_.explains)
                                             : serve(**manifests, asked, how_.explains);
        if (asked.method() == http::verb::head) response_.body().clear();
        http::async_write(stream_, response_,
                          [self = shared_from_this()](beast::error_code error, std::size_t) {
                              if (!error && self->response_.keep_alive()) self->read();
                          });
    }

    beast::tcp_stream stream_;
    const live_manifests& manifests_;
    serving how_;
    beast::flat_buffer buffer_;
    std::optional<http::request_parser<http::string_body>> parser_;
    response response_;
};

class server {
public:
    server(boost::asio::io_context& context, unsigned short port, const live_manifests& manifests,
           const serving& how)
        : context_(context), acceptor_(context, {boost::asio::ip::make_address("127.0.0.1"), port}),
          manifests_(manifests), how_(how) {
        accept();
    }

    [[nodiscard]] unsigned short port() const { return acceptor_.local_endpoint().port(); }

private:
    void accept() {
        acceptor_.async_accept(boost::asio::make_strand(context_), [this](beast::error_code error,
                                                                          tcp::socket socket) {
            if (!error) { std::make_shared<session>(std::move(socket), manifests_, how_)->read(); }
            accept();
        });
    }

    boost::asio::io_context& context_;
    tcp::acceptor acceptor_;
    const live_manifests& manifests_;
    serving how_;
};

}  // namespace gateway

#endif
