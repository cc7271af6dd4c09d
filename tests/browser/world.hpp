// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_WORLD_HPP
#define CORSAC_TESTS_BROWSER_WORLD_HPP

#include <string>
#include <string_view>
#include <utility>

/// Where the servers of one run listen. Every host name of the tables leads to 127.0.0.1.
struct world {
    int plain = 0;      ///< cpp-httplib: pages and an API
    int second = 0;     ///< the same on another port
    int tls = 0;        ///< the same over TLS
    int beast = 0;      ///< Boost.Beast, WebSocket included
    int debugging = 0;  ///< cpp-httplib, which answers for developers
    int demo_a = 0;     ///< examples/demo, variant A
    int demo_b = 0;
};

/// Puts the ports into a text of the tables: `http://page.test:{plain}`.
inline std::string expand(std::string_view text, const world& w) {
    const std::pair<std::string_view, int> names[] = {
        {"{plain}", w.plain},        {"{second}", w.second}, {"{tls}", w.tls},
        {"{beast}", w.beast},        {"{demo_a}", w.demo_a}, {"{demo_b}", w.demo_b},
        {"{debugging}", w.debugging}};
    std::string out;
    while (!text.empty()) {
        bool found = false;
        for (const auto& [name, port] : names) {
            if (!text.starts_with(name)) continue;
            out += std::to_string(port);
            text.remove_prefix(name.size());
            found = true;
            break;
        }
        if (found) continue;
        out += text.front();
        text.remove_prefix(1);
    }
    return out;
}

#endif
