// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_BROWSER_SERVERS_HPP
#define CORSAC_TESTS_BROWSER_SERVERS_HPP

#include "journal.hpp"
#include "predict.hpp"

#include <memory>
#include <string>
#include <string_view>

/// What every server shares. Lives as long as they do.
struct shared_state {
    policy_map policies{};
    journal seen{};
    std::string page{};    ///< the document at `/page`
    std::string script{};  ///< `/page.js`
};

/// A server in threads of its own, until it is destroyed.
class running_server {
public:
    running_server() = default;
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;
    virtual ~running_server() = default;

    /// On 127.0.0.1; 0 if it could not listen.
    [[nodiscard]] virtual int port() const = 0;
};

/// cpp-httplib with corsac's adapter; over TLS if there is a certificate.
std::unique_ptr<running_server> start_httplib(shared_state& state, const std::string& certificate,
                                              const std::string& key);

/// The same, which answers for developers.
std::unique_ptr<running_server> start_debugging(shared_state& state);

/// Boost.Beast with corsac's adapter; upgrades to WebSocket whom the policy allows.
std::unique_ptr<running_server> start_beast(shared_state& state);

#endif
