// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_MESSAGE_VIEWS_HPP
#define CORSAC_TESTING_MESSAGE_VIEWS_HPP

// Tested in tests/testing/policy_server.test.cpp.

#include <corsac/decision/response.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/testing/messages.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// A simulated request as `evaluate` reads requests, for servers that are written by hand.
///
/// ```
/// const corsac::decision d = corsac::evaluate(policy, request_adapter{r});
/// corsac::apply(d, response_adapter{out});
/// out.decided = keep_decision(policy, d);   // what the test will see
/// ```
struct request_adapter {
    const request& wrapped;

    [[nodiscard]] std::string_view method() const noexcept { return wrapped.method; }
    template <class F>
    void visit(F&& f) const {
        for (const header& h : wrapped.headers) {
            f(std::string_view(h.name), std::string_view(h.value));
        }
    }
    /// What they hold is not known here; that they are there, `refuse_credentials` asks.
    [[nodiscard]] bool carries_credentials() const noexcept {
        return wrapped.credentials || wrapped.first("authorization");
    }
};

/// A simulated response as `apply` writes responses.
struct response_adapter {
    response& wrapped;

    void add(std::string_view name, std::string_view value) {
        wrapped.headers.push_back({std::string(name), std::string(value)});
    }
    void erase(std::string_view name) {
        std::erase_if(wrapped.headers, [&](const header& h) {
            return corsac::detail::equals_ignore_case(h.name, name);
        });
    }
    void set(std::string_view name, std::string_view value) {
        erase(name);
        add(name, value);
    }
    void vary(std::string_view token) {
        for (const header& h : wrapped.headers) {
            if (corsac::detail::equals_ignore_case(h.name, "vary") &&
                corsac::vary_covers(h.value, token)) {
                return;
            }
        }
        add("vary", token);
    }
};

}  // namespace corsac::inline v0_2_0::testing

#endif
