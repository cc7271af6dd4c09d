// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_WAYS_BY_HAND_HPP
#define CORSAC_BENCH_WAYS_BY_HAND_HPP

#include "../messages.hpp"
#include "../rows.hpp"

#include <cstddef>
#include <string_view>
#include <strings.h>

// The floor: code written by hand for one policy, with its texts as constants. It reads the field
// lines that this policy needs and writes the same response lines, and checks nothing: no repeated
// lines, no odd white space, no limits; and it removes and merges nothing.

namespace bench {

[[nodiscard]] inline bool is(std::string_view name, std::string_view wanted) {
    return name.size() == wanted.size() &&
           strncasecmp(name.data(), wanted.data(), wanted.size()) == 0;
}

namespace by_hand {

struct facts {
    std::string_view origin;
    std::string_view method;
    std::string_view headers;
};

template <class Request>
facts read(const Request& r) {
    facts f;
    for (const auto& line : r.lines) {
        switch (line.name.size()) {
        case 6:
            if (is(line.name, "origin")) f.origin = line.value;
            break;
        case 29:
            if (is(line.name, "access-control-request-method")) f.method = line.value;
            break;
        case 30:
            if (is(line.name, "access-control-request-headers")) f.headers = line.value;
            break;
        default: break;
        }
    }
    return f;
}

inline bool method_allowed(std::string_view method) {
    return method == "PUT" || method == "DELETE" || method == "GET" || method == "HEAD" ||
           method == "POST";
}

inline bool headers_allowed(std::string_view list) {
    while (!list.empty()) {
        const std::size_t comma = list.find(',');
        const std::string_view name = list.substr(0, comma);
        if (!is(name, "authorization") && !is(name, "content-type") && !is(name, "x-request-id")) {
            return false;
        }
        list = comma == list.npos ? std::string_view{} : list.substr(comma + 1);
    }
    return true;
}

/// @param allows  Whether an origin is allowed.
template <class Request, class Response, class Allows>
void answer(const Request& r, Response& out, const Allows& allows) {
    const facts f = read(r);
    const bool preflight = r.verb == "OPTIONS" && !f.method.empty();
    if (!preflight) run_handler(out);
    if (allows(f.origin) &&
        (!preflight || (method_allowed(f.method) && headers_allowed(f.headers)))) {
        out.add("access-control-allow-origin", f.origin);
        out.add("access-control-allow-credentials", "true");
        if (preflight) {
            out.add("access-control-allow-methods", all_methods);
            out.add("access-control-allow-headers", all_headers);
            out.add("access-control-max-age", max_age);
        }
        out.add("access-control-expose-headers", exposed);
    }
    out.add("vary", preflight ? vary_preflight : std::string_view{"Origin"});
}

}  // namespace by_hand

}  // namespace bench

#endif
