// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_GATEWAY_BACKEND_HPP
#define CORSAC_EXAMPLES_GATEWAY_BACKEND_HPP

#include <boost/beast/http.hpp>

#include <string>
#include <string_view>

namespace gateway {

namespace http = boost::beast::http;
using request = http::request<http::string_body>;
using response = http::response<http::string_body>;

/// What a backend of the documentation's scenario answers: go-httpbin 2.6, as far as the scenario
/// goes. It approves every origin, with credentials, and so undoes any policy that lets its
/// headers through.
inline response call_backend(const request& asked) {
    response answer{http::status::ok, asked.version()};
    answer.keep_alive(asked.keep_alive());
    const auto origin = asked[http::field::origin];
    answer.set("access-control-allow-origin", origin.empty() ? "*" : origin);
    answer.set("access-control-allow-credentials", "true");
    if (asked.method() == http::verb::options) {
        answer.set("access-control-allow-methods", "GET, POST, HEAD, PUT, DELETE, PATCH, OPTIONS");
        answer.set("access-control-max-age", "3600");
        const auto headers = asked["access-control-request-headers"];
        if (!headers.empty()) answer.set("access-control-allow-headers", headers);
    } else {
        const std::string target(asked.target());
        // As it was sent, byte for byte, like the gateway's rules.
        const std::string path = target.substr(0, target.find('?'));
        if (target.rfind("/status/", 0) == 0) {
            const int code = std::atoi(target.c_str() + 8);
            answer.result(static_cast<unsigned>(code >= 200 && code < 600 ? code : 400));
        } else if (path != "/get" && path != "/headers") {
            answer.result(http::status::not_found);
        }
        answer.set("content-type", "application/json");
        answer.set("x-request-id", "1");
        answer.body() = "{\"target\": \"" + target.substr(0, target.find('"')) + "\"}\n";
    }
    answer.prepare_payload();
    if (answer.body().empty()) answer.content_length(0);
    return answer;
}

}  // namespace gateway

#endif
