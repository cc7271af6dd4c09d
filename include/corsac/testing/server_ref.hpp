// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_SERVER_REF_HPP
#define CORSAC_TESTING_SERVER_REF_HPP

// Tested in tests/testing/browser.test.cpp.

#include <corsac/testing/messages.hpp>

#include <concepts>

namespace corsac::inline v0_2_0::testing {

/// Anything that answers requests: a lambda, a function, a handler under test.
template <class S>
concept answers_requests = requires(S& server, const request& r) {
    { server(r) } -> std::convertible_to<response>;
};

namespace detail {

/// A borrowed callable from request to response.
class server_ref {
public:
    template <answers_requests S>
        requires(!std::same_as<S, server_ref>)  // that is a copy
    explicit server_ref(S& server)
        : object_(&server), call_([](void* object, const request& r) -> response {
              return (*static_cast<S*>(object))(r);
          }) {}

    [[nodiscard]] response operator()(const request& r) const { return call_(object_, r); }

private:
    void* object_;
    response (*call_)(void*, const request&);
};

}  // namespace detail
}  // namespace corsac::inline v0_2_0::testing

#endif
