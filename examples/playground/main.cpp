// SPDX-License-Identifier: MIT
//
// Serves the playground's page, and an API that is governed by the policies that the page edits, on
// two ports, so that real cross-origin requests come from real frames.

#include "core/application.hpp"
#include "core/decision_json.hpp"
#include "core/policy_json.hpp"

#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <httplib.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <deque>
#include <iostream>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace {

using playground::json;
using shared_policy = std::shared_ptr<const corsac::policy>;

/// Attempts that are remembered for the page to ask about.
constexpr std::size_t max_attempts = 200;

/// Exchanges of one attempt; a browser follows 20 redirects.
constexpr std::size_t max_exchanges = 50;

/// Bytes of a request body; policies are small.
constexpr std::size_t max_body = 256 * 1024;

/// What the page tries, each attempt under a name and a policy of its own, so that windows do not
/// get into each other's way.
class journal {
public:
    /// Forgets an earlier attempt of the same name.
    void begin(std::string name, shared_policy policy) {
        const std::lock_guard lock{mutex_};
        std::erase_if(attempts_, [&](const attempt& one) { return one.name == name; });
        if (attempts_.size() == max_attempts) attempts_.pop_front();
        attempts_.push_back({std::move(name), std::move(policy), json::array()});
    }

    /// @return  Null where there is no such attempt.
    [[nodiscard]] shared_policy policy_of(std::string_view name) {
        const std::lock_guard lock{mutex_};
        const attempt* const found = find(name);
        return found ? found->policy : nullptr;
    }

    void write(std::string_view name, json exchange) {
        const std::lock_guard lock{mutex_};
        attempt* const found = find(name);
        if (found && found->exchanges.size() < max_exchanges) {
            found->exchanges.push_back(std::move(exchange));
        }
    }

    [[nodiscard]] json read(std::string_view name) {
        const std::lock_guard lock{mutex_};
        const attempt* const found = find(name);
        return found ? found->exchanges : json::array();
    }

private:
    struct attempt {
        std::string name;
        shared_policy policy;
        json exchanges;
    };

    [[nodiscard]] attempt* find(std::string_view name) {
        for (attempt& one : attempts_) {
            if (one.name == name) return &one;
        }
        return nullptr;
    }

    std::mutex mutex_;
    std::deque<attempt> attempts_;
};

struct shared_state {
    journal attempts;
    std::string page;  ///< the folder with the built page
    int port = 0;
    int second_port = 0;
};

/// `/api/NAME/KIND`, taken apart.
struct api_path {
    explicit api_path(std::string_view path) {
        constexpr std::string_view prefix = "/api/";
        if (path.substr(0, prefix.size()) != prefix) return;
        path.remove_prefix(prefix.size());
        const std::size_t slash = path.find('/');
        attempt = path.substr(0, slash);
        if (slash != path.npos) kind = path.substr(slash + 1);
    }
    std::string_view attempt{};
    std::string_view kind{};
};

/// Every origin that the playground is served on.
std::string own_origins(const shared_state& state) {
    std::string out;
    for (const int port : {state.port, state.second_port}) {
        for (const char* host : {"localhost", "127.0.0.1"}) {
            out.append(" http://").append(host).append(":").append(std::to_string(port));
        }
    }
    return out;
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

void answer_json(httplib::Response& response, int status, const json& body) {
    response.status = status;
    response.set_header("Cache-Control", "no-store");
    // A lone byte from a script's header may be no UTF-8.
    response.set_content(body.dump(-1, ' ', false, json::error_handler_t::replace),
                         "application/json");
}

/// Puts a policy in force for one attempt.
void begin_attempt(shared_state& state, const httplib::Request& request,
                   httplib::Response& response) {
    const auto refuse = [&](const std::string& problem) {
        answer_json(response, 400, {{"problem", problem}});
    };
    try {
        const corsac::result<corsac::policy> built =
            corsac::make_policy(playground::read_options(json::parse(request.body)));
        if (!built) return refuse(std::string(built.errors().begin()->message()));
        state.attempts.begin(request.matches[1].str(),
                             std::make_shared<const corsac::policy>(*built));
        answer_json(response, 200, json::object());
    } catch (const json::exception& e) { refuse(e.what()); }
}

void add_page(httplib::Server& server, shared_state& state) {
    server.set_payload_max_length(max_body);
    constexpr const char* attempt = R"(/attempts/([\w-]{1,64}))";
    const auto only_page = [&state](auto handle) {
        return [&state, handle](const httplib::Request& request, httplib::Response& response) {
            if (is_from_the_page(state, request)) return handle(request, response);
            answer_json(response, 403, {{"problem", "only the playground's page may ask"}});
        };
    };
    server.Post(attempt, only_page([&state](const auto& request, auto& response) {
                    begin_attempt(state, request, response);
                }));
    server.Get(attempt, only_page([&state](const auto& request, auto& response) {
                   answer_json(response, 200, state.attempts.read(request.matches[1].str()));
               }));
    server.set_mount_point("/frame", CORSAC_PLAYGROUND_FRAME);
    server.set_mount_point("/", state.page);
    server.set_file_request_handler([&state](const auto& request, auto& response) {
        // A cookie that requests with credentials carry, and nothing from elsewhere on the page.
        // A frame does as its parent says, so no other site may be that, and nothing else be asked.
        const std::string own = own_origins(state);
        response.set_header("Set-Cookie", "visitor=you; Path=/; SameSite=Lax");
        response.set_header("Cache-Control", "no-store");
        response.set_header("X-Content-Type-Options", "nosniff");
        const bool framed = request.path.rfind("/frame/", 0) == 0;
        response.set_header("Content-Security-Policy",
                            framed ? "default-src 'none'; script-src" + own + "; connect-src" +
                                         own + "; frame-ancestors" + own
                                   : "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
                                     "style-src 'self'; img-src data:; connect-src 'self'; "
                                     "frame-src" +
                                         own + "; frame-ancestors 'none'");
    });
}

/// Where the API's redirects lead: the same attempt, behind no redirect.
std::string location_of(const shared_state& state, const api_path& path) {
    const std::string origin = path.kind == "redirect-away"
                                   ? "http://127.0.0.1:" + std::to_string(state.second_port)
                                   : "http://localhost:" + std::to_string(state.port);
    return origin + "/api/" + std::string(path.attempt) + "/moved";
}

void add_api(httplib::Server& server, shared_state& state) {
    const auto handler = [&state](const httplib::Request& request, httplib::Response& response) {
        const api_path path{request.path};
        const bool redirects = path.kind.substr(0, 8) == "redirect";
        const playground::reply made =
            playground::application(redirects ? "redirect" : path.kind, location_of(state, path));
        response.status = made.status;
        for (const auto& [name, value] : made.headers) response.set_header(name.c_str(), value);
        if (made.status != 304) response.body = "{\"hello\": \"from the API\"}\n";
    };
    constexpr const char* everything = "/api/.*";
    server.Get(everything, handler);
    server.Post(everything, handler);
    server.Put(everything, handler);
    server.Patch(everything, handler);
    server.Delete(everything, handler);
    server.Options(everything, handler);

    const auto source = [&state](const httplib::Request& request) {
        return state.attempts.policy_of(api_path{request.path}.attempt);
    };
    // Files come before routes, and a file of this name says that nobody serves real requests.
    const auto ports = [&state](const httplib::Request& request, httplib::Response& response) {
        if (request.path != "/server.js") return httplib::Server::HandlerResponse::Unhandled;
        const json known{{"port", state.port}, {"secondPort", state.second_port}};
        response.set_header("Cache-Control", "no-store");
        response.set_content("window.playgroundServer = " + known.dump() + ";\n",
                             "text/javascript");
        return httplib::Server::HandlerResponse::Handled;
    };
    server.set_pre_routing_handler(corsac::httplib_pre_routing<httplib::Server>(source, ports));
    server.set_post_routing_handler(
        [&state, source, apply = corsac::httplib_post_routing(source, corsac::no_handler{})](
            const httplib::Request& request, httplib::Response& response) {
            apply(request, response);
            const shared_policy rules = source(request);
            if (rules == nullptr) return;
            const corsac::decision decided =
                corsac::evaluate(*rules, corsac::httplib_request<httplib::Request>{request});
            state.attempts.write(
                api_path{request.path}.attempt,
                {{"method", request.method},
                 {"url", "http://" + request.get_header_value("Host") + request.target},
                 {"status", response.status},
                 {"request", playground::headers_json(request.headers)},
                 {"response", playground::headers_json(response.headers)},
                 {"decision", playground::decision_json(*rules, decided)}});
        });
}

struct arguments {
    int port = 8080;  ///< the second is the next one; 0 for any two that are free
    std::string page{};
};

std::optional<arguments> parse(int argc, char** argv) {
    arguments parsed;
    for (int i = 1; i < argc; i += 2) {
        const std::string_view name = argv[i];
        if (i + 1 == argc) return std::nullopt;
        const std::string_view value = argv[i + 1];
        if (name == "--page") {
            parsed.page = value;
        } else if (name == "--port") {
            const char* const end = value.data() + value.size();
            const auto [last, error] = std::from_chars(value.data(), end, parsed.port);
            if (error != std::errc{} || last != end) return std::nullopt;
        } else {
            return std::nullopt;
        }
    }
    const bool good = !parsed.page.empty() && parsed.port >= 0 && parsed.port < 65535;
    return good ? std::optional{parsed} : std::nullopt;
}

int bind(httplib::Server& server, int port) {
    if (port == 0) return server.bind_to_any_port("127.0.0.1");
    return server.bind_to_port("127.0.0.1", port) ? port : -1;
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<arguments> args = parse(argc, argv);
    if (!args) {
        std::cerr << "usage: playground --page DIRECTORY [--port 0..65534]\n";
        return 2;
    }
    shared_state state;
    state.page = args->page;

    std::array<httplib::Server, 2> servers;
    for (httplib::Server& server : servers) {
        // An idle connection holds a thread, and browsers open several to every origin's frame.
        server.new_task_queue = [] { return new httplib::ThreadPool(48); };
        server.set_keep_alive_timeout(2);
        add_page(server, state);
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
