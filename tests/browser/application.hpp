// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_APPLICATION_HPP
#define CORSAC_TESTS_BROWSER_APPLICATION_HPP

#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What stands behind the policies: the same for every server, and for the simulated browser.

/// `/POLICY/CASE/ACTION?QUERY`
struct address {
    std::string policy{};
    std::string test_case{};
    std::string action{};
    std::string query{};
};

inline address parse_target(std::string_view target) {
    address out;
    const auto cut = [&target](char at) {
        const std::size_t end = target.find(at);
        std::string part{target.substr(0, end)};
        target = end == std::string_view::npos ? std::string_view{} : target.substr(end + 1);
        return part;
    };
    std::string_view path = target;
    if (const std::size_t mark = target.find('?'); mark != std::string_view::npos) {
        out.query = target.substr(mark + 1);
        target = path.substr(0, mark);
    }
    if (target.starts_with('/')) target.remove_prefix(1);
    out.policy = cut('/');
    out.test_case = cut('/');
    out.action = target;
    return out;
}

inline int hex_digit(char c) {
    constexpr std::string_view digits = "0123456789abcdef";
    const std::size_t at = digits.find(c >= 'A' && c <= 'F' ? static_cast<char>(c + 32) : c);
    return at == std::string_view::npos ? 0 : static_cast<int>(at);
}

inline std::string percent_decode(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size()) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

inline std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    constexpr std::string_view kept = "-._~";
    std::string out;
    for (const char c : text) {
        const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                           (c >= 'A' && c <= 'Z') || kept.find(c) != std::string_view::npos;
        const auto byte = static_cast<unsigned char>(c);
        if (plain) {
            out += c;
        } else {
            out.append({'%', digits[byte >> 4], digits[byte & 15]});
        }
    }
    return out;
}

struct reply {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers{};
    std::string body{};
    bool throws = false;  ///< the handler ends with an exception; the server makes a 500 of it
};

/// `ok`, `cacheable`, `status/N`, `throws`, `generous` (a handler with CORS headers of its own),
/// and `redirect/N?URL`.
inline reply answer(const address& where) {
    reply out;
    out.headers = {{"Cache-Control", "no-store"},
                   {"Content-Type", "text/plain"},
                   {"ETag", "\"1\""},
                   {"X-Request-Id", "7"},
                   {"X-Secret", "gold"}};
    const std::string_view action = where.action;
    if (action == "cacheable") {
        out.headers.front().second = "max-age=600";
    } else if (action.starts_with("status/")) {
        out.status = std::atoi(action.substr(7).data());
    } else if (action == "throws") {
        return {.status = 500, .headers = {}, .body = {}, .throws = true};
    } else if (action == "generous") {
        out.headers.emplace_back("Access-Control-Allow-Origin", "*");
        out.headers.emplace_back("Access-Control-Allow-Credentials", "true");
        out.headers.emplace_back("Access-Control-Expose-Headers", "X-Secret");
        out.headers.emplace_back("Vary", "Accept-Encoding");
    } else if (action.starts_with("redirect/")) {
        out.status = std::atoi(action.substr(9).data());
        out.headers.emplace_back("Location", percent_decode(where.query));
    }
    if (out.status != 204 && out.status != 304) out.body = "ok";
    return out;
}

#endif
