// SPDX-License-Identifier: MIT
#include "servers.hpp"

#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>
#include <corsac/live/debug_switch.hpp>

#include <httplib.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace {

class httplib_server final : public running_server {
public:
    httplib_server(std::unique_ptr<httplib::Server> server, shared_state& state, std::string scheme,
                   bool debugs)
        : server_(std::move(server)), state_(state), scheme_(std::move(scheme)) {
        const corsac::debug_switch debugging;
        debugging.set(debugs);
        // Idle connections hold a thread each, and browsers open several to every host name.
        server_->new_task_queue = [] { return new httplib::ThreadPool(96); };
        server_->set_keep_alive_timeout(2);
        server_->set_tcp_nodelay(true);
        const auto source = [this](const httplib::Request& request) {
            return find_policy(state_.policies, request.target);
        };
        corsac::httplib_install(*server_, corsac::debuggable(source, debugging),
                                corsac::no_handler{},
                                [this](const auto& request, auto&) { write_down(request); });
        add_routes();
        port_ = server_->bind_to_any_port("127.0.0.1");
        if (port_ > 0) thread_ = std::thread{[this] { server_->listen_after_bind(); }};
    }

    ~httplib_server() override {
        server_->stop();
        if (thread_.joinable()) thread_.join();
    }

    [[nodiscard]] int port() const override { return port_ > 0 ? port_ : 0; }

private:
    void add_routes() {
        server_->Get("/page", [this](const auto&, auto& response) {
            response.set_header("Set-Cookie", "session=real; Path=/; Max-Age=3600");
            response.set_content(state_.page, "text/html");
        });
        server_->Get("/page.js", [this](const auto&, auto& response) {
            response.set_content(state_.script, "text/javascript");
        });
        const auto handler = [](const httplib::Request& request, httplib::Response& response) {
            const reply r = answer(parse_target(request.target));
            if (r.throws) throw std::runtime_error("the handler failed");
            response.status = r.status;
            for (const auto& [name, value] : r.headers) response.set_header(name.c_str(), value);
            response.body = r.body;
        };
        server_->Get(".*", handler);
        server_->Post(".*", handler);
        server_->Put(".*", handler);
        server_->Patch(".*", handler);
        server_->Delete(".*", handler);
        server_->Options(".*", handler);
    }

    void write_down(const httplib::Request& request) {
        const address where = parse_target(request.target);
        if (where.test_case.empty()) return;
        const corsac::policy* const p = find_policy(state_.policies, request.target);
        const corsac::httplib_request view{request};
        state_.seen.write(
            where.test_case,
            journal_line(view, p != nullptr ? corsac::evaluate(*p, view) : corsac::decision{},
                         scheme_ + "://" + request.get_header_value("Host") + request.target));
    }

    std::unique_ptr<httplib::Server> server_;
    shared_state& state_;
    std::string scheme_;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace

std::unique_ptr<running_server> start_httplib(shared_state& state, const std::string& certificate,
                                              const std::string& key) {
    if (certificate.empty()) {
        return std::make_unique<httplib_server>(std::make_unique<httplib::Server>(), state, "http",
                                                false);
    }
    auto server = std::make_unique<httplib::SSLServer>(certificate.c_str(), key.c_str());
    return std::make_unique<httplib_server>(std::move(server), state, "https", false);
}

std::unique_ptr<running_server> start_debugging(shared_state& state) {
    return std::make_unique<httplib_server>(std::make_unique<httplib::Server>(), state, "http",
                                            true);
}
