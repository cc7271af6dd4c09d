// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_APPLICATION_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_APPLICATION_HPP

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playground {

/// What the application behind the policy answers, whoever serves it.
struct reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
};

/// @param kind      `plain`, `missing`, `failing`, `not-modified`, `redirect`, or `generous`: a
///                  handler that writes CORS headers of its own, letting in everybody.
/// @param location  Where `redirect` leads.
inline reply application(std::string_view kind, const std::string& location) {
    reply out;
    out.headers = {{"Content-Type", "application/json"},
                   {"Cache-Control", "no-store"},
                   {"ETag", "\"42\""},
                   {"X-Request-Id", "7f3a"},
                   {"X-RateLimit-Remaining", "99"}};
    if (kind == "missing") out.status = 404;
    if (kind == "failing") out.status = 500;
    if (kind == "not-modified") out.status = 304;
    if (kind == "redirect") {
        out.status = 307;  // keeps the method
        out.headers.emplace_back("Location", location);
    }
    if (kind == "generous") {
        out.headers.emplace_back("Access-Control-Allow-Origin", "*");
        out.headers.emplace_back("Access-Control-Allow-Credentials", "true");
        out.headers.emplace_back("Vary", "Accept-Encoding");
    }
    return out;
}

}  // namespace playground

#endif
