// SPDX-License-Identifier: MIT
//
// A page to try policies on. The API that it sends requests to is served under the policy that the
// page edits, on two ports, so that real cross-origin requests come from real frames.

#include "judge.hpp"
#include "policy_json.hpp"

#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <httplib.h>

#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using playground::json;

/// Exchanges that are remembered for the page to fetch.
constexpr std::size_t max_exchanges = 200;

/// Bytes of a request body; policies are small.
constexpr std::size_t max_body = 256 * 1024;

/// Which requests the API has seen, under the name that the page gave to each attempt.
class journal {
public:
    void write(std::string attempt, json exchange) {
        const std::lock_guard lock{mutex_};
        if (entries_.size() == max_exchanges) entries_.pop_front();
        entries_.emplace_back(std::move(attempt), std::move(exchange));
    }

    [[nodiscard]] json read(std::string_view attempt) const {
        const std::lock_guard lock{mutex_};
        json out = json::array();
        for (const auto& [name, exchange] : entries_) {
            if (name == attempt) out.push_back(exchange);
        }
        return out;
    }

private:
    mutable std::mutex mutex_;
    std::deque<std::pair<std::string, json>> entries_;
};

struct shared_state {
    /// Swapped as a whole while requests are served; each request holds on to the one it took.
    std::atomic<std::shared_ptr<const corsac::policy>> current;
    journal seen;
    std::string files;
    int port = 0;
    int second_port = 0;
};

bool begins_with(std::string_view text, std::string_view prefix) {
    return text.substr(0, prefix.size()) == prefix;
}

/// The policy governs the API and nothing else.
std::shared_ptr<const corsac::policy> policy_of(const shared_state& state,
                                                const httplib::Request& request) {
    return begins_with(request.path, "/api/") ? state.current.load() : nullptr;
}

/// Keeps other sites from steering the playground: they can set no header without a preflight,
/// which nothing here grants, and a name that was rebound to this machine shows in `Host`.
bool is_from_the_page(const shared_state& state, const httplib::Request& request) {
    const std::string host = request.get_header_value("Host");
    bool known = false;
    for (const int port : {state.port, state.second_port}) {
        known = known || host == "localhost:" + std::to_string(port) ||
                host == "127.0.0.1:" + std::to_string(port);
    }
    return known && request.has_header("X-Playground");
}

/// Checks the policy, puts it in force if it is sound, and says what three browsers would do.
json judge(shared_state& state, const json& asked) {
    json out;
    const corsac::result<corsac::policy> built =
        corsac::make_policy(playground::read_options(asked.at("policy")));
    out["errors"] = playground::to_json(built.errors());
    out["warnings"] = playground::to_json(built.warnings());
    out["applied"] = static_cast<bool>(built);
    if (built) state.current.store(std::make_shared<const corsac::policy>(*built));

    const std::shared_ptr<const corsac::policy> rules = state.current.load();
    const corsac::testing::fetch_options fetch = playground::read_fetch(asked.at("request"));
    const std::string page = asked.at("page").get<std::string>();
    using corsac::testing::quirks;
    out["standard"] = playground::simulate(*rules, page, fetch, quirks::standard);
    out["chromium"] = playground::simulate(*rules, page, fetch, quirks::chromium);
    out["firefox"] = playground::simulate(*rules, page, fetch, quirks::firefox);
    return out;
}

void answer_json(httplib::Response& response, const json& body) {
    response.set_header("Cache-Control", "no-store");
    // A lone byte from a script's header may be no UTF-8.
    response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace),
                         "application/json");
}

void add_playground(httplib::Server& server, shared_state& state) {
    server.set_payload_max_length(max_body);
    server.Post("/playground/judge", [&state](const auto& request, auto& response) {
        if (!is_from_the_page(state, request)) {
            response.status = 403;
            return;
        }
        try {
            answer_json(response, judge(state, json::parse(request.body)));
        } catch (const json::exception& e) {
            response.status = 400;
            answer_json(response, {{"problem", e.what()}});
        }
    });
    server.Get(R"(/playground/exchanges/([\w-]+))", [&state](const auto& request, auto& response) {
        if (!is_from_the_page(state, request)) {
            response.status = 403;
            return;
        }
        answer_json(response, state.seen.read(request.matches[1].str()));
    });
    server.Get("/playground/fields", [](const auto&, auto& response) {
        response.set_content(playground::fields().dump(), "application/json");
    });
    server.Get("/playground/ports", [&state](const auto&, auto& response) {
        answer_json(response, {state.port, state.second_port});
    });
    server.Get(
        "/", [](const auto&, auto& response) { response.set_redirect("/playground/index.html"); });
    server.set_mount_point("/playground", state.files);
    server.set_file_request_handler([](const auto& request, auto& response) {
        // A cookie that requests with credentials carry, and nothing from elsewhere on the page.
        response.set_header("Set-Cookie", "visitor=you; Path=/; SameSite=Lax");
        response.set_header("Cache-Control", "no-store");
        response.set_header("X-Content-Type-Options", "nosniff");
        if (request.path == "/playground/frame.html") {
            response.set_header("Content-Security-Policy",
                                "default-src 'none'; script-src http:; connect-src http:");
        } else {
            response.set_header("Content-Security-Policy",
                                "default-src 'none'; script-src 'self'; style-src 'self'; "
                                "img-src data:; connect-src 'self'; frame-src http:; "
                                "frame-ancestors 'none'");
        }
    });
}

void add_api(httplib::Server& server, shared_state& state) {
    const auto handler = [](const httplib::Request& request, httplib::Response& response) {
        const playground::reply r = playground::application(playground::reply_kind(request.path));
        response.status = r.status;
        for (const auto& [name, value] : r.headers) response.set_header(name.c_str(), value);
        if (r.status != 304) response.body = "{\"hello\": \"from the API\"}\n";
    };
    constexpr const char* everything = "/api/.*";
    server.Get(everything, handler);
    server.Post(everything, handler);
    server.Put(everything, handler);
    server.Patch(everything, handler);
    server.Delete(everything, handler);
    server.Options(everything, handler);

    const auto source = [&state](const httplib::Request& request) {
        return policy_of(state, request);
    };
    server.set_pre_routing_handler(
        corsac::httplib_pre_routing<httplib::Server>(source, corsac::no_handler{}));
    server.set_post_routing_handler(
        [&state, apply = corsac::httplib_post_routing(source, corsac::no_handler{})](
            const httplib::Request& request, httplib::Response& response) {
            apply(request, response);
            const std::shared_ptr<const corsac::policy> rules = policy_of(state, request);
            if (rules == nullptr) return;
            playground::header_list sent(request.headers.begin(), request.headers.end());
            playground::header_list received(response.headers.begin(), response.headers.end());
            const std::string path = request.path.substr(5);
            state.seen.write(
                path.substr(0, path.find('/')),
                {{"method", request.method},
                 {"status", response.status},
                 {"request", playground::to_json(sent)},
                 {"response", playground::to_json(received)},
                 {"decision", playground::to_json(corsac::evaluate(
                                  *rules, corsac::httplib_request<httplib::Request>{request}))}});
        });
}

struct arguments {
    int port = 8080;  ///< the second is the next one; 0 for any two that are free
    std::string files = CORSAC_PLAYGROUND_FILES;
};

std::optional<arguments> parse(int argc, char** argv) {
    arguments parsed;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        if (i + 1 == argc) return std::nullopt;
        if (name == "--port") {
            parsed.port = std::atoi(argv[i + 1]);
        } else if (name == "--files") {
            parsed.files = argv[i + 1];
        } else {
            return std::nullopt;
        }
    }
    return parsed.port >= 0 && parsed.port < 65535 ? std::optional{parsed} : std::nullopt;
}

int bind(httplib::Server& server, int port) {
    if (port == 0) return server.bind_to_any_port("127.0.0.1");
    return server.bind_to_port("127.0.0.1", port) ? port : -1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<arguments> args = parse(argc, argv);
    if (!args) {
        std::cerr << "usage: playground [--port 0..65534] [--files DIRECTORY]\n";
        return 2;
    }
    const corsac::result<corsac::policy> first =
        corsac::make_policy({.allow_origins = {"https://app.example"}});
    if (!first) return 1;

    shared_state state;
    state.files = args->files;
    state.current.store(std::make_shared<const corsac::policy>(*first));

    httplib::Server servers[2];
    for (httplib::Server& server : servers) {
        // An idle connection holds a thread, and browsers open several to every origin's frame.
        server.new_task_queue = [] { return new httplib::ThreadPool(48); };
        server.set_keep_alive_timeout(2);
        add_playground(server, state);
        add_api(server, state);
    }
    state.port = bind(servers[0], args->port);
    state.second_port = bind(servers[1], args->port == 0 ? 0 : args->port + 1);
    if (state.port < 0 || state.second_port < 0) {
        std::cerr << "cannot listen on 127.0.0.1: is a port in use?\n";
        return 1;
    }
    std::cout << "listening on http://localhost:" << state.port
              << " and http://localhost:" << state.second_port << std::endl;
    std::thread second{[&] { servers[1].listen_after_bind(); }};
    const bool served = servers[0].listen_after_bind();
    servers[1].stop();
    second.join();
    return served ? 0 : 1;
}
