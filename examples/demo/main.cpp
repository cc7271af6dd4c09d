// SPDX-License-Identifier: MIT
//
// An API in the manner of httpbin, behind a policy. Its handlers write CORS headers of their own
// that let in every origin, as many backends do; the policy replaces them.

#include <corsac/adapters/httplib.hpp>
#include <corsac/corsac.hpp>

#include <httplib.h>

#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace {

struct arguments {
    int port = 8080;  ///< 0 for any that is free
    char variant = 'A';
};

std::optional<arguments> parse(int argc, char** argv) {
    arguments parsed;
    for (int i = 1; i + 1 < argc; i += 2) {
        const std::string_view name = argv[i];
        const std::string_view value = argv[i + 1];
        if (name == "--port") {
            parsed.port = std::atoi(argv[i + 1]);
        } else if (name == "--variant" && (value == "A" || value == "B")) {
            parsed.variant = value[0];
        } else {
            return std::nullopt;
        }
    }
    const bool complete = argc % 2 == 1;
    return complete && parsed.port >= 0 && parsed.port <= 65535 ? std::optional{parsed}
                                                                : std::nullopt;
}

/// A is what a route's own CORS filter would say, B a policy attached to that route.
corsac::policy_options options_of(char variant) {
    corsac::policy_options options{
        .allow_origins = {"https://example.com"},
        .allow_methods = {"GET", "POST", "OPTIONS"},
        .allow_headers = {"Origin"},
        .expose_headers = {"Origin", "X-HTTPRoute-Header"},
        .allow_credentials = true,
        .max_age = 86400,
        // Scripts cannot set `Origin`, so listing it does nothing; the manifests list it all the
        // same.
        .tolerate_forbidden_names = true,
    };
    if (variant == 'B') {
        options.allow_headers = {"Origin", "Authorization", "Content-Type"};
        options.expose_headers = {"Origin", "X-TrafficPolicy-Header"};
    }
    return options;
}

std::string json_string(std::string_view text) {
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') json += '\\';
        if (byte >= 0x20) json += c;
    }
    return json + '"';
}

std::string headers_as_json(const httplib::Request& request) {
    std::string json = "{";
    for (const auto& [name, value] : request.headers) {
        if (json.size() > 1) json += ", ";
        json += json_string(name) + ": " + json_string(value);
    }
    return json + "}";
}

/// What go-httpbin does to every response: any origin, with credentials.
void reflect_every_origin(const httplib::Request& request, httplib::Response& response) {
    const std::string origin = request.get_header_value("Origin");
    response.set_header("Access-Control-Allow-Origin", origin.empty() ? "*" : origin);
    response.set_header("Access-Control-Allow-Credentials", "true");
    if (request.method != "OPTIONS") return;
    response.set_header("Access-Control-Allow-Methods",
                        "GET, POST, HEAD, PUT, DELETE, PATCH, OPTIONS");
    response.set_header("Access-Control-Max-Age", "3600");
}

/// A handler of the application's, with httpbin's habit in front.
template <class Handler>
httplib::Server::Handler like_httpbin(Handler handler) {
    return [handler](const httplib::Request& request, httplib::Response& response) {
        reflect_every_origin(request, response);
        handler(request, response);
    };
}

void add_routes(httplib::Server& server) {
    const auto get = like_httpbin([](const auto& request, auto& response) {
        response.set_content("{\"url\": " + json_string(request.target) +
                                 ", \"headers\": " + headers_as_json(request) + "}\n",
                             "application/json");
    });
    server.Get("/get", get);
    server.Post("/post", get);
    server.Get("/headers", like_httpbin([](const auto& request, auto& response) {
                   response.set_content("{\"headers\": " + headers_as_json(request) + "}\n",
                                        "application/json");
               }));
    server.Get(R"(/status/(\d{3}))", like_httpbin([](const auto& request, auto& response) {
                   response.status = std::atoi(request.matches[1].str().c_str());
               }));
    server.Get("/response-headers", like_httpbin([](const auto& request, auto& response) {
                   for (const auto& [name, value] : request.params) {
                       response.set_header(name.c_str(), value);
                   }
                   response.set_content("{}\n", "application/json");
               }));
    // Only OPTIONS requests that are no preflight get here.
    server.Options(".*", like_httpbin([](const auto&, auto& response) {
                       response.set_header("Allow", "GET, HEAD, POST, OPTIONS");
                   }));
}

}  // namespace

int main(int argc, char** argv) {
    const std::optional<arguments> args = parse(argc, argv);
    if (!args) {
        std::cerr << "usage: demo [--port 0..65535] [--variant A|B]\n";
        return 2;
    }

    const corsac::result<corsac::policy> policy = corsac::make_policy(options_of(args->variant));
    for (const corsac::config_error& e : policy.errors()) std::cerr << e.message() << '\n';
    for (const corsac::config_warning& w : policy.warnings()) {
        std::cerr << "warning: " << w.message() << '\n';
    }
    if (!policy) return 1;

    httplib::Server server;
    add_routes(server);
    corsac::httplib_install(server, *policy);

    const int port = args->port == 0 ? server.bind_to_any_port("127.0.0.1")
                     : server.bind_to_port("127.0.0.1", args->port) ? args->port
                                                                    : -1;
    if (port < 0) {
        std::cerr << "cannot listen on 127.0.0.1:" << args->port << ": is it in use?\n";
        return 1;
    }
    std::cout << "listening on http://127.0.0.1:" << port << std::endl;
    return server.listen_after_bind() ? 0 : 1;
}
