// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_BEAST_HPP
#define CORSAC_ADAPTERS_BEAST_HPP

// Boost.Beast, Boost 1.74 and later. Includes no header of Boost's.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/new_response.hpp>
#include <corsac/adapters/detail/rewritten_response.hpp>
#include <corsac/adapters/detail/shareable.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/kept_decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace boost::beast::http {
template <bool IsRequest, class Body, class Fields>
struct message;
template <class CharT, class Traits, class Allocator>
struct basic_string_body;
}  // namespace boost::beast::http

namespace corsac::inline v0_2_0 {

namespace detail {

// Beast's string_view is Boost's own type until 1.80 and converts to no other.
template <class View>
[[nodiscard]] constexpr std::string_view to_std(const View& text) noexcept {
    return {text.data(), text.size()};
}

}  // namespace detail

/// `http::request<Body>`, or its header, as a `request_view`.
template <class Request>
struct beast_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept {
        return detail::to_std(request.method_string());
    }
    template <class F>
    void visit(F&& f) const {
        for (const auto& line : request) {
            f(detail::to_std(line.name_string()), detail::to_std(line.value()));
        }
    }
    /// The path of the target as it was sent, for Beast has no router. An application that decodes
    /// it before it chooses a handler passes a callable which asks its table for that path.
    [[nodiscard]] std::string_view path() const noexcept { return routed().path; }
    [[nodiscard]] std::string_view query() const noexcept { return routed().query; }

private:
    [[nodiscard]] route_request routed() const noexcept {
        return make_route_request({}, detail::to_std(request.target()));
    }
};

template <class Request>
beast_request(const Request&) -> beast_request<Request>;

/// `http::response<Body>`, or its header, as a `response_sink`.
template <class Response>
struct beast_response {
    Response& response;

    using text = std::remove_cvref_t<decltype(std::declval<const Response&>().reason())>;

    void add(std::string_view name, std::string_view value) {
        // The overload without an enumerator hashes the name to find it.
        response.insert(enumerator(name), beast_text(name), beast_text(value));
    }
    void set(std::string_view name, std::string_view value) {
        response.set(beast_text(name), beast_text(value));
    }
    void erase_prefix(std::string_view prefix) {
        for (auto at = response.begin(); at != response.end();) {
            const bool owned = detail::field_begins_with(detail::to_std(at->name_string()), prefix);
            at = owned ? response.erase(at) : std::next(at);
        }
    }
    void vary(std::string_view token) {
        for (const auto& line : response) {
            if (detail::equals_ignore_case(detail::to_std(line.name_string()), field::vary) &&
                vary_covers(detail::to_std(line.value()), token)) {
                return;
            }
        }
        add(field::vary, token);
    }

private:
    using field_type = std::remove_cvref_t<decltype(std::declval<Response&>().begin()->name())>;

    /// Beast's number for one of the names that `apply` hands out.
    [[nodiscard]] static field_type enumerator(std::string_view name) noexcept {
        switch (name.size()) {
        case field::vary.size(): return field_type::vary;
        case field::max_age.size(): return field_type::access_control_max_age;
        case field::allow_origin.size(): return field_type::access_control_allow_origin;
        case field::allow_methods.size():  // and of allow_headers
            return name == field::allow_methods ? field_type::access_control_allow_methods
                                                : field_type::access_control_allow_headers;
        case field::expose_headers.size(): return field_type::access_control_expose_headers;
        case field::allow_credentials.size(): return field_type::access_control_allow_credentials;
        default: return field_type::unknown;
        }
    }
    [[nodiscard]] static text beast_text(std::string_view from) noexcept {
        return {from.data(), from.size()};
    }
};

template <class Response>
beast_response(Response&) -> beast_response<Response>;

/// The whole answer to a request that the policy answers itself: a status and `answer_body`, if the
/// response has strings for a body.
///
/// @param d  A decision that `answers()`.
template <class Response, class Request>
[[nodiscard]] Response beast_answer(const decision& d, const Request& request) {
    Response response{};
    response.result(static_cast<unsigned>(d.status()));
    response.version(request.version());
    response.keep_alive(request.keep_alive());
    std::uint64_t length = 0;
    if constexpr (requires { response.body().assign("", std::size_t{0}); }) {
        const explanation text = answer_body(d);
        response.body().assign(text.view().data(), text.view().size());
        length = text.view().size();
        if (length != 0) response.set("content-type", "text/plain");
    }
    if (d.status() != 204) response.content_length(length);
    corsac::apply(d, detail::new_response{beast_response<Response>{response}});
    return response;
}

namespace detail {

/// A response, or a generator of one, with a decision's headers.
template <class Response>
[[nodiscard]] Response beast_written(const decision& d, Response response) {
    if constexpr (beast_generator<Response>) {
        return rewrite_head(std::move(response), d);
    } else {
        corsac::apply(d, beast_response<Response>{response});
        return response;
    }
}

/// The same as what a handler returns, which may have forgotten the type of its response.
template <class Result, class Request>
[[nodiscard]] auto beast_answer_as(const decision& d, const Request& request) {
    if constexpr (requires(Result& response) { response.result(204U); }) {
        return beast_answer<Result>(d, request);
    } else {
        using body = boost::beast::http::basic_string_body<char, std::char_traits<char>,
                                                           std::allocator<char>>;
        using response = boost::beast::http::message<false, body, typename Request::fields_type>;
        return beast_answer<response>(d, request);
    }
}

}  // namespace detail

/// Writes a request's decision into the response that a handler made. Needs neither the request nor
/// the `beast_handler` any more, so it may be kept and called later.
template <class Policy>
class beast_finish {
public:
    beast_finish(Policy p, const decision& d)
        : policy_(detail::make_shareable(std::move(p))), decision_(d) {}

    template <class Response>
    [[nodiscard]] Response operator()(Response response) const {
        return detail::beast_written(decision_.get(), std::move(response));
    }

private:
    detail::shareable<Policy> policy_;  // keeps alive what the decision borrows from
    kept_decision decision_;
};

/// A request handler that answers preflights, and puts the policy's headers on what `next` answers.
///
/// `next` is one of
/// - `(request) -> http::response<Body>`,
/// - `(request) -> http::message_generator`, as in Boost's own servers, or
/// - `(request, finish) -> anything`, for handlers that send their responses themselves: they pass
///   each through `finish` before.
///
/// It may be generic. A message_generator hides its message, so the bytes of the head are copied
/// and changed; `finish` on the response that goes into one costs nothing.
///
/// ```
/// corsac::beast_handler handler{policy, handle_request};
/// beast::write(stream, http::message_generator{handler(std::move(request))}, error);
/// ```
/// Only what passes through it has the headers: make the response to an exception inside `next`.
///
/// @tparam Source  What it makes of the policy it is given; deduced.
template <class Source, class Next>
class beast_handler {
public:
    template <class P>
    beast_handler(P&& policy_or_source, Next next)
        : source_(detail::as_policy_source(std::forward<P>(policy_or_source))),
          next_(std::move(next)) {}

    /// @return  What `next` returns.
    template <class Request>
    auto operator()(Request&& request) {
        using request_type = std::remove_cvref_t<Request>;
        const beast_request<request_type> view{request};
        auto governed = detail::govern(source_, std::as_const(request), view);
        const decision& d = governed.decision;
        detail::observe(source_, d, std::as_const(request), view);
        using pointer = decltype(governed.policy);
        using finish = beast_finish<pointer>;
        if constexpr (std::invocable<Next&, Request, finish>) {
            using result = std::invoke_result_t<Next&, Request, finish>;
            if (d.answers()) return result(detail::beast_answer_as<result>(d, request));
            finish done{std::move(governed.policy), d};  // first: next may move the request away
            return next_(std::forward<Request>(request), std::move(done));
        } else {
            using result = std::invoke_result_t<Next&, Request>;
            if (d.answers()) return result(detail::beast_answer_as<result>(d, request));
            if constexpr (std::is_lvalue_reference_v<Request>) {
                return detail::beast_written<result>(d, next_(request));
            } else {
                const kept_decision kept{d};  // likewise
                return detail::beast_written<result>(kept.get(),
                                                     next_(std::forward<Request>(request)));
            }
        }
    }

private:
    Source source_;
    Next next_;
};

template <class P, class Next>
beast_handler(P&&, Next) -> beast_handler<policy_source_of<P>, Next>;

}  // namespace corsac::inline v0_2_0

#endif
