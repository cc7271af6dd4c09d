// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_POLICY_SERVER_HPP
#define CORSAC_TESTING_POLICY_SERVER_HPP

#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/request/header_access.hpp>
#include <corsac/testing/messages.hpp>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::testing {

namespace detail {

/// A simulated request as the core sees requests.
struct request_adapter {
    const request& wrapped;

    [[nodiscard]] std::string_view method() const noexcept { return wrapped.method; }
    template <class F>
    void visit(F&& f) const {
        for (const header& h : wrapped.headers) {
            f(std::string_view(h.name), std::string_view(h.value));
        }
        // What it holds is not known here; that it is there, `refuse_credentials` asks.
        if (wrapped.credentials) f(field::cookie, std::string_view{});
    }
};

/// A simulated response as the core sees responses.
struct response_adapter {
    response& wrapped;

    void add(std::string_view name, std::string_view value) {
        wrapped.headers.push_back({std::string(name), std::string(value)});
    }
    void erase(std::string_view name) {
        std::erase_if(wrapped.headers,
                      [&](const header& h) { return equals_ignore_case(h.name, name); });
    }
    void set(std::string_view name, std::string_view value) {
        erase(name);
        add(name, value);
    }
    void vary(std::string_view token) {
        for (const header& h : wrapped.headers) {
            if (equals_ignore_case(h.name, "vary") && vary_covers(h.value, token)) return;
        }
        add("vary", token);
    }
};

}  // namespace detail

/// A server that is governed by a policy: preflights are answered by it, everything else by the
/// application, whose response the policy then completes.
///
/// @param policy       Borrowed.
/// @param application  A callable from `request` to `response`.
template <policy_like P, class Application>
[[nodiscard]] auto governed_by(const P& policy, Application application) {
    return [&policy, app = std::move(application)](const request& r) mutable -> response {
        const decision d = evaluate(policy, detail::request_adapter{r});
        response out;
        if (d.answers())
            out.status = d.status();
        else
            out = app(r);
        apply(d, detail::response_adapter{out});
        return out;
    };
}

/// The same with an application that answers 200 to everything.
template <policy_like P>
[[nodiscard]] auto governed_by(const P& policy) {
    return governed_by(policy, [](const request&) { return response{}; });
}

}  // namespace corsac::inline v0::testing

#endif
