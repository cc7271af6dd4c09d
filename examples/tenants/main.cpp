// SPDX-License-Identifier: MIT
// An API for pages of tenants whose origins stand in SQLite: Boost.Beast in coroutines, the
// database in a thread of its own.
#include "database.hpp"
#include "refusal_log.hpp"

#include <corsac/adapters/beast_coroutine.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/counters.hpp>

#include <boost/asio.hpp>
#include <boost/beast.hpp>

#include <charconv>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <string_view>
#include <utility>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::use_awaitable;
using tcp = asio::ip::tcp;
using request_type = http::request<http::string_body>;
using response_type = http::response<http::string_body>;

struct settings {
    std::string database = "tenants.db";
    std::string token{};  ///< of whoever may add and remove tenants
    corsac::asked_origins_options answers{};
    unsigned short port = 8080;
};

response_type respond(const request_type& request, http::status status, std::string body) {
    response_type response{status, request.version()};
    response.keep_alive(request.keep_alive());
    response.body() = std::move(body);
    response.prepare_payload();
    return response;
}

/// The origins of tenants, asked for in the database's thread.
corsac::asked_origins origins_in(const tenants::database& database, asio::thread_pool& thread,
                                 const corsac::asked_origins_options& answers) {
    return corsac::asked_origins{
        [&](const corsac::origin_question& question, corsac::origin_reply reply) {
            asio::post(thread, [&database, origin = std::string(question.origin),
                                reply = std::move(reply)] {
                try {
                    const bool is_tenant = database.has(origin);
                    reply(is_tenant ? corsac::origin_verdict::allowed
                                    : corsac::origin_verdict::refused);
                } catch (const std::exception& e) {  // nobody knows, so the request is refused
                    std::cout << "the database: " << e.what() << std::endl;
                }
            });
        },
        answers};
}

class application {
public:
    explicit application(const settings& how)
        : how_(how), database_(how.database),
          origins_(origins_in(database_, thread_, how.answers)) {}

    asio::awaitable<response_type> operator()(request_type request) const {
        const std::string_view path{request.target().data(), request.target().size()};
        if (path == "/tenants") co_return co_await change_tenants(std::move(request));
        if (path == "/counters") {
            const corsac::asked_origins_counts asked = origins_.counts();
            std::string page = counters_.prometheus();
            const auto add = [&](const char* name, std::uint64_t number) {
                page += std::string(name) + ' ' + std::to_string(number) + '\n';
            };
            add("tenants_questions_total", asked.asked);
            add("tenants_questions_failed_total", asked.failed);
            add("tenants_questions_turned_away_total", asked.turned_away);
            add("tenants_answers_stale_total", asked.served_stale);
            add("tenants_allowed_remembered", asked.allowed);
            add("tenants_refused_remembered", asked.refused);
            co_return respond(request, http::status::ok, std::move(page));
        }
        const bool found = path == "/items";
        co_return respond(request, found ? http::status::ok : http::status::not_found,
                          found ? R"([{"id": 7}])" : "");
    }

    [[nodiscard]] const corsac::asked_origins& origins() const { return origins_; }
    [[nodiscard]] corsac::decision_counter counter() const { return counters_.of("items"); }

private:
    /// PUT and DELETE of an origin, in the body, by whoever knows the token. No policy governs it,
    /// so no browser lets a page of another site do so.
    asio::awaitable<response_type> change_tenants(request_type request) const {
        const auto token = request[http::field::authorization];
        if (how_.token.empty() || token != "Bearer " + how_.token) {
            co_return respond(request, http::status::unauthorized, "");
        }
        const bool adds = request.method() == http::verb::put;
        if (!adds && request.method() != http::verb::delete_) {
            co_return respond(request, http::status::method_not_allowed, "");
        }
        auto status = http::status::no_content;
        std::string wrong;
        const auto change = [&]() -> asio::awaitable<void> {
            adds ? database_.add(request.body()) : database_.remove(request.body());
            co_return;
        };
        try {
            co_await asio::co_spawn(thread_, change, use_awaitable);
            origins_.forget(request.body());  // counts at once, not when an answer is too old
        } catch (const std::exception& e) {
            status = http::status::service_unavailable;
            wrong = e.what();
        }
        co_return respond(request, status, wrong);
    }

    const settings& how_;
    tenants::database database_;
    mutable asio::thread_pool thread_{1};
    corsac::asked_origins origins_;
    corsac::counters counters_{};
};

template <class Handler>
asio::awaitable<void> serve(tcp::socket socket, Handler& handler) {
    beast::tcp_stream stream{std::move(socket)};
    beast::flat_buffer buffer;
    try {
        for (bool open = true; open;) {
            request_type request;
            stream.expires_after(std::chrono::seconds(30));
            co_await http::async_read(stream, buffer, request, use_awaitable);
            const response_type response = co_await handler(std::move(request));
            open = response.keep_alive();
            co_await http::async_write(stream, response, use_awaitable);
        }
    } catch (const beast::system_error&) {}  // the client has gone
}

template <class Handler>
asio::awaitable<void> accept(tcp::acceptor& acceptor, Handler& handler) {
    for (;;) {
        tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), handler), asio::detached);
    }
}

int run(const settings& how) {
    // Pages of ours, with the user's cookies; those of tenants are in the database.
    const auto policy = corsac::make_policy({
        .allow_origins = {"https://console.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"Content-Type"},
        .allow_credentials = true,
        .max_age = 5,  // seconds: for how long a browser does not notice that a tenant was revoked
    });
    if (!policy) {
        for (const corsac::config_error& e : policy.errors()) std::cerr << e.message() << '\n';
        return 1;
    }
    asio::io_context context;
    const application app{how};
    tenants::refusal_log refusals;
    const auto policy_of = [&](const request_type& request) {
        return request.target() == "/items" ? &*policy : nullptr;
    };
    corsac::beast_coroutine handler{
        corsac::observed(corsac::observed(corsac::asking(policy_of, app.origins()), app.counter()),
                         std::ref(refusals)),
        std::cref(app)};

    tcp::acceptor acceptor{context, {asio::ip::address_v4::loopback(), how.port}};
    asio::signal_set signals{context, SIGINT, SIGTERM};
    signals.async_wait([&](auto, int) { context.stop(); });
    asio::co_spawn(context, accept(acceptor, handler), asio::detached);
    std::cout << "listening on http://127.0.0.1:" << acceptor.local_endpoint().port() << std::endl;
    context.run();
    return 0;
}

/// @return  False if there is no such option, or its value is wrong.
bool read_option(std::string_view name, std::string_view value, settings& how) {
    const auto number = [&](auto& to) {
        const char* const end = value.data() + value.size();
        return std::from_chars(value.data(), end, to).ptr == end && !value.empty();
    };
    const auto milliseconds = [&](std::chrono::milliseconds& to) {
        std::int64_t count = 0;
        if (!number(count)) return false;
        to = std::chrono::milliseconds(count);
        return true;
    };
    if (name == "--port") return number(how.port);
    if (name == "--allowed-for") return milliseconds(how.answers.allowed_for);
    if (name == "--refused-for") return milliseconds(how.answers.refused_for);
    if (name == "--stale-for") return milliseconds(how.answers.stale_for);
    if (name == "--database") how.database = value;
    if (name == "--token") how.token = value;
    return name == "--database" || name == "--token";
}

}  // namespace

int main(int count, char** arguments) {
    settings how;
    for (int i = 1; i < count; i += 2) {
        if (i + 1 < count && read_option(arguments[i], arguments[i + 1], how)) continue;
        std::cerr << "usage: tenants [--port N] [--database FILE] [--token TEXT]\n"
                     "               [--allowed-for MS] [--refused-for MS] [--stale-for MS]\n";
        return 2;
    }
    try {
        return run(how);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
