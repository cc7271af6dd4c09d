// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_HTTPLIB_HPP
#define CORSAC_ADAPTERS_HTTPLIB_HPP

#include <corsac/evaluate.hpp>
#include <corsac/header_access.hpp>
#include <corsac/response.hpp>

#include <iterator>
#include <string>
#include <string_view>

// For cpp-httplib 0.11 and later. No header of it is included: the types are template parameters.

namespace corsac::inline v0 {

/// A request of cpp-httplib as a `request_view`.
template <class Request>
struct httplib_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept { return request.method; }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request.headers) f(name, value);
    }
};

template <class Request>
httplib_request(const Request&) -> httplib_request<Request>;

/// A response of cpp-httplib as a `response_sink`.
template <class Response>
struct httplib_response {
    Response& response;

    void add(std::string_view name, std::string_view value) {
        // Not set_header: it copies both once more, and appends despite its name.
        response.headers.emplace(std::string{name}, std::string{value});
    }
    void set(std::string_view name, std::string_view value) {
        erase(name);
        add(name, value);
    }
    void erase(std::string_view name) { response.headers.erase(std::string{name}); }
    void erase_prefix(std::string_view prefix) {
        for (auto at = response.headers.begin(); at != response.headers.end();) {
            const std::string_view name = at->first;
            const bool erased = detail::equals_ignore_case(name.substr(0, prefix.size()), prefix);
            at = erased ? response.headers.erase(at) : std::next(at);
        }
    }
    void vary(std::string_view token) {
        // The library itself adds `Vary: Accept-Encoding`, so the line there is kept.
        const auto [begin, end] = response.headers.equal_range("vary");
        for (auto at = begin; at != end; ++at) {
            if (vary_covers(at->second, token)) return;
        }
        add(field::vary, token);
    }
};

template <class Response>
httplib_response(Response&) -> httplib_response<Response>;

/// Makes a server answer preflights and put the policy's headers on every response: errors,
/// exceptions, static files and streams too.
///
/// cpp-httplib has one slot each for the pre-routing and the post-routing handler, and both are
/// taken. To keep handlers of your own, call `evaluate` and `apply` from them instead.
///
/// @param p  Borrowed for as long as the server runs.
template <class Server, policy_like P>
void httplib_install(Server& server, const P& p) {
    server.set_pre_routing_handler([&p](const auto& request, auto& response) {
        const decision d = evaluate(p, httplib_request{request});
        if (!d.answers()) return Server::HandlerResponse::Unhandled;
        response.status = d.status();
        return Server::HandlerResponse::Handled;
    });
    server.set_post_routing_handler([&p](const auto& request, auto& response) {
        apply(evaluate(p, httplib_request{request}), httplib_response{response});
    });
}

}  // namespace corsac::inline v0

#endif
