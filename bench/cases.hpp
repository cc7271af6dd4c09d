// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_CASES_HPP
#define CORSAC_BENCH_CASES_HPP

#include <corsac/corsac.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <strings.h>
#include <utility>
#include <vector>

// What is measured, shared by the benchmark and by the program that counts instructions: requests
// as browsers send them, corsac, and beside it the floor: code written by hand for that very
// policy, which reads the same field lines and writes the same response lines, and checks nothing
// that the policy does not need.

namespace bench {

struct line {
    std::string_view name;
    std::string_view value;
};

struct request {
    std::string_view verb;
    std::vector<line> lines;

    [[nodiscard]] std::string_view method() const noexcept { return verb; }
    template <class F>
    void visit(F&& f) const {
        for (const line& l : lines) f(l.name, l.value);
    }
};

/// Where response lines go: views in place, so that no server's map is measured.
struct response {
    std::array<line, 12> lines;
    std::size_t size = 0;

    void add(std::string_view name, std::string_view value) { lines[size++] = {name, value}; }
};

inline request browser_request(std::string_view verb, std::string_view origin) {
    request r{verb,
              {{"Host", "api.example.com"},
               {"Connection", "keep-alive"},
               {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36"},
               {"Accept", "*/*"},
               {"Origin", origin},
               {"Sec-Fetch-Site", "cross-site"},
               {"Sec-Fetch-Mode", "cors"},
               {"Sec-Fetch-Dest", "empty"},
               {"Accept-Encoding", "gzip, deflate, br"},
               {"Accept-Language", "en-GB,en;q=0.9"}}};
    if (verb != "OPTIONS") return r;
    r.lines.push_back({"Access-Control-Request-Method", "PUT"});
    r.lines.push_back(
        {"Access-Control-Request-Headers", "authorization,content-type,x-request-id"});
    return r;
}

inline constexpr std::string_view one_origin = "https://app.example.com";
inline constexpr std::string_view stranger = "https://evil.example.com";

inline corsac::policy_options options() {
    return {.allow_origins = {one_origin},
            .allow_methods = {"PUT", "DELETE"},
            .allow_headers = {"Authorization", "Content-Type", "X-Request-Id"},
            .expose_headers = {"X-Request-Id"},
            .allow_credentials = true,
            .max_age = 600};
}

inline std::string tenant(std::size_t number) {
    std::string digits = std::to_string(number);
    return "https://tenant-" + std::string(7 - digits.size(), '0') + digits + ".example.com";
}

/// A policy of `count` tenants; one origin alone is `one_origin`.
inline corsac::policy policy_of(std::size_t count) {
    corsac::policy_options o = options();
    if (count > 1) {
        o.allow_origins = {};
        for (std::size_t i = 0; i < count; ++i) o.allow_origins.push_back(tenant(i));
    }
    return *corsac::make_policy(o);
}

inline corsac::policy wildcard_policy() {
    corsac::policy_options o = options();
    o.allow_origins = {"https://*.example.com", "https://*.example.org", "http://localhost:*",
                       "https://preview-*.example.net"};
    return *corsac::make_policy(o);
}

inline void ours(const corsac::policy& p, const request& r, response& out) {
    const corsac::decision d = corsac::evaluate(p, r);
    corsac::apply(d, out);
}

namespace by_hand {

inline bool is(std::string_view name, std::string_view wanted) {
    return name.size() == wanted.size() &&
           strncasecmp(name.data(), wanted.data(), wanted.size()) == 0;
}

struct facts {
    std::string_view origin;
    std::string_view method;
    std::string_view headers;
};

inline facts read(const request& r) {
    facts f;
    for (const line& l : r.lines) {
        switch (l.name.size()) {
        case 6:
            if (is(l.name, "origin")) f.origin = l.value;
            break;
        case 29:
            if (is(l.name, "access-control-request-method")) f.method = l.value;
            break;
        case 30:
            if (is(l.name, "access-control-request-headers")) f.headers = l.value;
            break;
        default: break;
        }
    }
    return f;
}

inline bool header_allowed(std::string_view name) {
    return is(name, "authorization") || is(name, "content-type") || is(name, "x-request-id");
}

/// The one-origin policy of `options()`.
inline void one(const request& r, response& out) {
    const facts f = read(r);
    const bool preflight = r.verb == "OPTIONS" && !f.method.empty();
    bool allowed = f.origin == one_origin;
    if (allowed && preflight) {
        allowed = f.method == "PUT" || f.method == "DELETE" || f.method == "GET" ||
                  f.method == "HEAD" || f.method == "POST";
        for (std::string_view rest = f.headers; allowed && !rest.empty();) {
            const std::size_t comma = rest.find(',');
            allowed = header_allowed(rest.substr(0, comma));
            rest = comma == rest.npos ? std::string_view{} : rest.substr(comma + 1);
        }
    }
    if (allowed) {
        out.add("access-control-allow-origin", one_origin);
        out.add("access-control-allow-credentials", "true");
        if (preflight) {
            out.add("access-control-allow-methods", "PUT, DELETE");
            out.add("access-control-allow-headers", "Authorization, Content-Type, X-Request-Id");
            out.add("access-control-max-age", "600");
        }
        out.add("access-control-expose-headers", "X-Request-Id");
    }
    out.add("vary", preflight ? std::string_view{"Origin, Access-Control-Request-Method, "
                                                 "Access-Control-Request-Headers"}
                              : std::string_view{"Origin"});
}

}  // namespace by_hand

}  // namespace bench

#endif
