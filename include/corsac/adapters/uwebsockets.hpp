// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_UWEBSOCKETS_HPP
#define CORSAC_ADAPTERS_UWEBSOCKETS_HPP

// uWebSockets 20. Includes no header of it.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/new_response.hpp>
#include <corsac/adapters/detail/shareable.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/kept_decision.hpp>
#include <corsac/decision/response.hpp>

#include <concepts>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0 {

/// `uWS::HttpRequest` as a `request_view`. What it views dies when the handler returns.
template <class Request>
struct uws_request {
    Request& request;

    /// Not getMethod(): it turns the method in the receive buffer into lower case, for everyone who
    /// comes after. Handlers that yield should call getCaseSensitiveMethod() as well.
    [[nodiscard]] std::string_view method() const noexcept {
        return request.getCaseSensitiveMethod();
    }
    template <class F>
    void visit(F&& f) const {
        for (auto&& [name, value] : request) f(name, value);
    }
    /// What the router of uWebSockets matches: as it was sent, not decoded, without the query.
    [[nodiscard]] std::string_view path() const noexcept { return request.getUrl(); }
    [[nodiscard]] std::string_view query() const noexcept { return request.getQuery(); }
};

template <class Request>
uws_request(Request&) -> uws_request<Request>;

/// `uWS::HttpResponse` as a `response_sink`: write-only, and after the status.
template <class Response>
struct uws_response {
    Response& response;

    void add(std::string_view name, std::string_view value) { response.writeHeader(name, value); }
};

template <class Response>
uws_response(Response&) -> uws_response<Response>;

/// Begins the responses to one request. It needs neither the request nor the handler any more, so
/// it may be copied into callbacks that answer later.
///
/// uWebSockets can only add fields, so a handler that uses this must write no `Access-Control-*`
/// field of its own; its `Vary` is a line of its own beside ours.
template <class Policy>
class uws_start {
public:
    uws_start(Policy p, const decision& d)
        : policy_(detail::make_shareable(std::move(p))), decision_(d) {}

    /// Writes the status and the policy's headers. Call it first: uWebSockets takes the status
    /// before any header, and says `200 OK` otherwise.
    ///
    /// @param status  With its phrase: `"404 Not Found"`.
    template <class Response>
    Response* operator()(Response* response, std::string_view status) const {
        response->writeStatus(status);
        corsac::apply(decision_.get(), uws_response<Response>{*response});
        return response;
    }

private:
    detail::shareable<Policy> policy_;  // keeps alive what the decision borrows from
    kept_decision decision_;
};

namespace detail {

template <class Response>
void uws_answer(Response* response, const decision& d) {
    std::string status = std::to_string(d.status());
    response->writeStatus(status.append(" ").append(reason_phrase(d.status())));
    corsac::apply(d, uws_response<Response>{*response});
    if (d.status() == 204) {
        response->endWithoutBody();
    } else {
        response->end(answer_body(d).view());
    }
}

}  // namespace detail

/// A route handler around `handler(response, request, start)`, where `start` is a `uws_start`.
///
/// ```
/// corsac::uws_routes cors{policy};
/// app.options("/*", cors.preflights())
///    .get("/item", cors.wrap([](auto* response, auto*, auto start) {
///         start(response, "200 OK")->end("item");
///     }))
///    .any("/*", cors.wrap([](auto* response, auto*, auto start) {
///         start(response, "404 Not Found")->end();
///     }));
/// ```
/// uWebSockets has no hook that sees every response, so every handler is wrapped, and the last one
/// stands in for the built-in 404. What remains: a response that no wrapped handler makes, such as
/// the one to a request that cannot be parsed, is without a policy.
///
/// @tparam Source  What it makes of the policy it is given; deduced.
template <class Source>
class uws_routes {
public:
    template <class P>
        requires(!std::same_as<std::remove_cvref_t<P>, uws_routes>)
    explicit uws_routes(P&& policy_or_source)
        : source_(detail::as_policy_source(std::forward<P>(policy_or_source))) {}

    /// For `app.options("/*", …)`: answers preflights and lets any other OPTIONS go on to the
    /// routes of the application.
    [[nodiscard]] auto preflights() const {
        return [source = source_](auto* response, auto* request) {
            const uws_request view{*request};
            const auto governed = detail::govern(source, *request, view);
            const decision& d = governed.decision;
            if (!d.answers()) return request->setYield(true);
            detail::observe(source, d, *request, view);
            detail::uws_answer(response, d);
        };
    }

    /// Also answers preflights itself, for `any` routes and those that are more specific than
    /// `"/*"`.
    template <class Handler>
    [[nodiscard]] auto wrap(Handler handler) const {
        return [source = source_, handler = std::move(handler)](auto* response,
                                                                auto* request) mutable {
            const uws_request view{*request};
            auto governed = detail::govern(source, *request, view);
            const decision& d = governed.decision;
            detail::observe(source, d, *request, view);
            if (d.answers()) return detail::uws_answer(response, d);
            using pointer = decltype(governed.policy);
            handler(response, request, uws_start<pointer>{std::move(governed.policy), d});
        };
    }

private:
    Source source_;
};

template <class P>
uws_routes(P&&) -> uws_routes<policy_source_of<P>>;

}  // namespace corsac::inline v0_2_0

#endif
