// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_ADAPTERS_HTTP_CLIENT_HPP
#define CORSAC_TESTS_ADAPTERS_HTTP_CLIENT_HPP

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace adapter_tests {

using field = std::pair<std::string, std::string>;

inline std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return folded;
}

/// What is written on the wire: the fields go out as they stand here, repeated lines included.
struct request {
    std::string verb = "GET";
    std::string path = "/get";
    std::vector<field> fields{};
    std::string body{};
};

/// What came back, with every field line kept. Names are in lower case.
struct reply {
    unsigned status = 0;
    std::vector<field> fields{};
    std::string body{};
    bool connection_stays_open = false;

    [[nodiscard]] std::size_t lines(std::string_view name) const {
        std::size_t n = 0;
        for (const field& f : fields) n += f.first == name ? 1U : 0U;
        return n;
    }
    /// The only line of that name; empty if there is none, a mark no test expects if several.
    [[nodiscard]] std::string value(std::string_view name) const {
        if (lines(name) > 1) return "(several lines)";
        for (const field& f : fields) {
            if (f.first == name) return f.second;
        }
        return {};
    }
    /// The elements of a comma-separated list over all its lines, in lower case.
    [[nodiscard]] std::multiset<std::string> elements(std::string_view name) const {
        std::multiset<std::string> all;
        for (const field& f : fields) {
            if (f.first != name) continue;
            std::string_view rest = f.second;
            while (!rest.empty()) {
                const std::size_t comma = rest.find(',');
                std::string_view item = rest.substr(0, comma);
                rest =
                    comma == std::string_view::npos ? std::string_view{} : rest.substr(comma + 1);
                while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
                while (!item.empty() && item.back() == ' ') item.remove_suffix(1);
                if (!item.empty()) all.insert(lower(item));
            }
        }
        return all;
    }
};

/// A browser's half of one connection: it keeps the connection as long as the server does, and says
/// nothing about CORS that the caller did not write.
class http_client {
public:
    explicit http_client(unsigned short port)
        : endpoint_(boost::asio::ip::address_v4::loopback(), port) {}

    /// Sends one request and reads the whole answer; connects first where that is needed.
    ///
    /// Errors: throws `std::runtime_error` when no answer comes within `patience`.
    reply send(const request& wanted) {
        const bool reused = stream_.has_value();
        try {
            return exchange(wanted);
        } catch (const std::runtime_error&) {
            // A server may close an idle connection at any time; one fresh try tells that apart.
            stream_.reset();
            if (!reused) throw;
        }
        return exchange(wanted);
    }

    /// Whether something listens; waits for a server that is still starting.
    bool reachable(std::chrono::milliseconds at_most) {
        const auto until = std::chrono::steady_clock::now() + at_most;
        while (std::chrono::steady_clock::now() < until) {
            boost::asio::ip::tcp::socket probe(context_);
            boost::system::error_code failed;
            probe.connect(endpoint_, failed);
            if (!failed) return true;
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        return false;
    }

private:
    static constexpr std::chrono::seconds patience{10};

    template <class Start>
    void run(const char* step, Start&& start) {
        boost::system::error_code failed = boost::asio::error::timed_out;
        stream_->expires_after(patience);
        start([&failed](boost::system::error_code code, auto&&...) { failed = code; });
        context_.restart();
        context_.run();
        if (failed) {
            stream_.reset();
            throw std::runtime_error(std::string(step) + ": " + failed.message());
        }
    }

    reply exchange(const request& wanted) {
        namespace http = boost::beast::http;
        if (!stream_) {
            stream_.emplace(context_);
            run("connect", [&](auto done) { stream_->async_connect(endpoint_, done); });
            buffer_.clear();
        }
        http::request<http::string_body> out;
        out.version(11);
        out.method_string(wanted.verb);
        out.target(wanted.path);
        out.set(http::field::host, "127.0.0.1");
        for (const field& f : wanted.fields) out.insert(f.first, f.second);
        out.body() = wanted.body;
        if (!wanted.body.empty() || wanted.verb == "POST" || wanted.verb == "PUT") {
            out.prepare_payload();
        }
        run("write", [&](auto done) { http::async_write(*stream_, out, done); });

        http::response_parser<http::string_body> in;
        in.skip(wanted.verb == "HEAD");
        run("read", [&](auto done) { http::async_read(*stream_, buffer_, in, done); });

        reply answer;
        answer.status = in.get().result_int();
        for (const auto& f : in.get()) {
            answer.fields.emplace_back(lower({f.name_string().data(), f.name_string().size()}),
                                       std::string(f.value().data(), f.value().size()));
        }
        answer.body = in.get().body();
        answer.connection_stays_open = in.get().keep_alive() && !in.get().need_eof();
        if (!answer.connection_stays_open) stream_.reset();
        return answer;
    }

    boost::asio::io_context context_{1};
    boost::asio::ip::tcp::endpoint endpoint_;
    std::optional<boost::beast::tcp_stream> stream_{};
    boost::beast::flat_buffer buffer_{};
};

}  // namespace adapter_tests

#endif
