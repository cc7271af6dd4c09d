// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_WAYS_MIDDLEWARE_HPP
#define CORSAC_BENCH_WAYS_MIDDLEWARE_HPP

#include "../rows.hpp"
#include "by_hand.hpp"
#include "origins.hpp"

#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

// The middleware that one writes without corsac: its lists are hash sets of strings.

namespace bench {

[[nodiscard]] inline std::string_view trim(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// What it allows besides origins.
struct middleware_lists {
    text_set methods{"GET", "HEAD", "POST"};
    text_set headers;  ///< in lower case
    std::string all_methods, all_headers, exposed, max_age;

    middleware_lists()
        : all_methods(bench::all_methods), all_headers(bench::all_headers), exposed(bench::exposed),
          max_age(bench::max_age) {
        for (const std::string_view method : bench::methods) methods.emplace(method);
        for (const std::string_view header : bench::headers) headers.insert(lower(header));
    }

    [[nodiscard]] static std::string lower(std::string_view text) {
        std::string copy{text};
        for (char& c : copy) {
            if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
        }
        return copy;
    }

    [[nodiscard]] bool allow_headers(std::string_view list) const {
        while (!list.empty()) {
            const std::size_t comma = list.find(',');
            const std::string_view name = trim(list.substr(0, comma));
            if (!name.empty() && !headers.contains(lower(name))) return false;
            list = comma == list.npos ? std::string_view{} : list.substr(comma + 1);
        }
        return true;
    }

    template <class Response>
    void grant(std::string_view origin, bool preflight, Response& out) const {
        out.add("Access-Control-Allow-Origin", origin);
        out.add("Access-Control-Allow-Credentials", "true");
        if (preflight) {
            out.add("Access-Control-Allow-Methods", all_methods);
            out.add("Access-Control-Allow-Headers", all_headers);
            out.add("Access-Control-Max-Age", max_age);
        }
        out.add("Access-Control-Expose-Headers", exposed);
    }
};

/// As it is usually written: looks fields up by name, and adds its own to what is there.
template <class Origins>
class middleware {
public:
    explicit middleware(const std::vector<std::string>& entries) : origins_(entries) {}

    template <class Request, class Response>
    void operator()(const Request& r, Response& out) const {
        const std::string_view method =
            r.verb == "OPTIONS" ? first(r, "access-control-request-method") : std::string_view{};
        const bool preflight = !method.empty();
        if (!preflight) run_handler(out);
        out.add("Vary", preflight ? vary_preflight : std::string_view{"Origin"});
        const std::string_view origin = first(r, "origin");
        if (!origins_.allows(origin)) return;
        if (preflight && !(lists_.methods.contains(method) &&
                           lists_.allow_headers(first(r, "access-control-request-headers")))) {
            return;
        }
        lists_.grant(origin, preflight, out);
    }

private:
    template <class Request>
    [[nodiscard]] static std::string_view first(const Request& r, std::string_view name) {
        for (const auto& line : r.lines) {
            if (is(line.name, name)) return line.value;
        }
        return {};
    }

    Origins origins_;
    middleware_lists lists_;
};

/// With the duties that corsac has: it sees repeated lines and white space, removes what a handler
/// wrote, and merges `Vary`; the last two where the response can do so.
template <class Origins>
class thorough_middleware {
public:
    explicit thorough_middleware(const std::vector<std::string>& entries) : origins_(entries) {}

    template <class Request, class Response>
    void operator()(const Request& r, Response& out) const {
        const bool options = r.verb == "OPTIONS";
        std::string_view origin, method;
        std::size_t origin_lines = 0, method_lines = 0;
        for (const auto& line : r.lines) {
            if (is(line.name, "origin")) {
                if (origin_lines++ == 0) origin = trim(line.value);
            } else if (options && is(line.name, "access-control-request-method")) {
                if (method_lines++ == 0) method = trim(line.value);
            }
        }
        const bool preflight = options && origin_lines != 0 && !method.empty();
        const bool granted = origin_lines == 1 && origins_.allows(origin) &&
                             (!preflight || (method_lines == 1 && lists_.methods.contains(method) &&
                                             allow_headers(r)));
        if (!preflight) run_handler(out);
        if constexpr (requires { out.erase_prefix("access-control-"); }) {
            out.erase_prefix("access-control-");
        }
        if (granted) lists_.grant(origin, preflight, out);
        write_vary(options ? vary_preflight : "Origin", out);
    }

private:
    template <class Request>
    [[nodiscard]] bool allow_headers(const Request& r) const {
        for (const auto& line : r.lines) {
            if (is(line.name, "access-control-request-headers") &&
                !lists_.allow_headers(line.value)) {
                return false;
            }
        }
        return true;
    }

    template <class Response>
    static void write_vary(std::string_view tokens, Response& out) {
        if constexpr (requires { out.find("vary"); }) {
            if (std::string* const present = out.find("vary")) {
                const auto add = [present](std::string_view token) {
                    if (!corsac::vary_covers(*present, token)) present->append(", ").append(token);
                };
                for (std::size_t comma = 0; comma != tokens.npos;) {
                    comma = tokens.find(',');
                    add(trim(tokens.substr(0, comma)));
                    if (comma != tokens.npos) tokens.remove_prefix(comma + 1);
                }
                return;
            }
        }
        out.add("Vary", tokens);
    }

    Origins origins_;
    middleware_lists lists_;
};

}  // namespace bench

#endif
