// SPDX-License-Identifier: MIT
#include "server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <charconv>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <system_error>
#include <thread>

// A gateway in one process: routes and CORS policies from Kubernetes manifests, read again whenever
// the file changes.

namespace {

constexpr std::string_view usage =
    "Usage: gateway [--port N] [--mode corsac|envoy] [--extended] [--explain] FILE\n"
    "FILE has Gateways, HTTPRoutes and TrafficPolicies; port 0 takes a free one.\n";

/// How often the file is looked at; a ConfigMap itself takes a minute to arrive.
constexpr std::chrono::milliseconds poll_interval{200};

struct arguments {
    std::string file;
    unsigned short port = 8080;
    gateway::serving how{};
    corsac::interop::gateway_profile profile = corsac::interop::gateway_profile::gateway_api;
    std::string mistake{};  ///< one sentence
    bool valid = true;
};

/// Digits alone, and no more than a port has.
void parse_port(std::string_view value, arguments& parsed) {
    const char* const end = value.data() + value.size();
    const auto [last, error] = std::from_chars(value.data(), end, parsed.port);
    if (error == std::errc{} && last == end && !value.empty()) return;
    parsed.mistake = "--port needs a number from 0 to 65535, not \"" + gateway::shown(value) + '"';
}

arguments parse(int count, char** values) {
    arguments parsed;
    for (int i = 1; i < count; ++i) {
        const std::string_view value = values[i];
        if (value == "--port" && i + 1 < count) {
            parse_port(values[++i], parsed);
        } else if (value == "--mode" && i + 1 < count) {
            const std::string_view mode = values[++i];
            parsed.how.mode = mode == "envoy" ? gateway::mode::envoy : gateway::mode::corsac;
            if (mode != "envoy" && mode != "corsac") {
                parsed.mistake = "--mode is corsac or envoy, not \"" + gateway::shown(mode) + '"';
            }
        } else if (value == "--explain") {
            parsed.how.explains = true;
        } else if (value == "--extended") {
            parsed.profile = corsac::interop::gateway_profile::extended;
        } else if (value.substr(0, 2) != "--" && parsed.file.empty()) {
            parsed.file = value;
        } else {
            parsed.valid = false;
        }
    }
    parsed.valid = parsed.valid && !parsed.file.empty();
    return parsed;
}

int run(const arguments& given) {
    gateway::live_manifests manifests(given.file, given.profile);
    if (!manifests.start()) return 1;

    boost::asio::io_context context(2);
    const gateway::server server(context, given.port, manifests, given.how);
    std::cout << "listening on http://127.0.0.1:" << server.port() << std::endl;

    boost::asio::signal_set signals(context, SIGINT, SIGTERM);
    signals.async_wait([&](boost::system::error_code, int) { context.stop(); });
    std::thread second([&] { context.run(); });
    std::thread watcher([&] {
        while (!context.stopped()) {
            std::this_thread::sleep_for(poll_interval);
            manifests.poll();
        }
    });
    context.run();
    second.join();
    watcher.join();
    return 0;
}

}  // namespace

int main(int count, char** values) {
    const arguments given = parse(count, values);
    if (!given.mistake.empty()) {
        std::cerr << given.mistake << '\n';
        return 2;
    }
    if (!given.valid) {
        std::cerr << usage;
        return 2;
    }
    try {
        return run(given);
    } catch (const std::exception& e) {
        std::cerr << e.what() << '\n';
        return 1;
    }
}
