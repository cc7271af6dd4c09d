// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_POCO_HPP
#define CORSAC_ADAPTERS_POCO_HPP

// Tested in tests/adapters/adapter_cases.test.cpp.

// Poco::Net 1.10 and later. Includes no header of it.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace Poco::Net {
class HTTPRequestHandler;
class HTTPRequestHandlerFactory;
class HTTPResponse;
class HTTPServerRequest;
class HTTPServerResponse;
}  // namespace Poco::Net

namespace corsac::inline v0_2_0 {

/// Poco's classes, in a form that depends on a template parameter, so that they may be incomplete
/// until an adapter is used.
template <class>
struct poco_types {
    using handler = Poco::Net::HTTPRequestHandler;
    using factory = Poco::Net::HTTPRequestHandlerFactory;
    using message = Poco::Net::HTTPResponse;
    using request = Poco::Net::HTTPServerRequest;
    using response = Poco::Net::HTTPServerResponse;
};

/// `Poco::Net::HTTPRequest` as a `request_view`.
template <class Request>
struct poco_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept { return request.getMethod(); }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request) f(name, value);
    }
    /// The path of the URI as it was sent, for Poco has no router. A factory that decodes it before
    /// it chooses a handler passes a callable which asks its table for that path.
    [[nodiscard]] std::string_view path() const noexcept { return routed().path; }
    [[nodiscard]] std::string_view query() const noexcept { return routed().query; }

private:
    [[nodiscard]] route_request routed() const noexcept {
        return make_route_request({}, request.getURI());
    }
};

template <class Request>
poco_request(const Request&) -> poco_request<Request>;

/// `Poco::Net::HTTPResponse` as a `response_sink`.
template <class Response>
struct poco_response {
    Response& response;

    void add(std::string_view name, std::string_view value) {
        response.add(std::string{name}, std::string{value});
    }
    void set(std::string_view name, std::string_view value) {
        response.set(std::string{name}, std::string{value});
    }
    void erase_prefix(std::string_view prefix) {
        // erase() takes a name and invalidates the iteration; nearly always there is none.
        for (bool again = true; again;) {
            again = false;
            for (const auto& [name, value] : response) {
                if (!detail::field_begins_with(name, prefix)) continue;
                response.erase(std::string{name});
                again = true;
                break;
            }
        }
    }
    void vary(std::string_view token) {
        for (const auto& [name, value] : response) {
            if (detail::equals_ignore_case(name, field::vary) && vary_covers(value, token)) return;
        }
        add(field::vary, token);
    }
};

template <class Response>
poco_response(Response&) -> poco_response<Response>;

/// The response that handlers get to see: it writes the policy's headers when the handler sends it,
/// so that nothing the handler sets can undo them.
template <class Types>
class poco_late_response : public Types::response {
    using message = typename Types::message;
    using inner_type = typename Types::response;

public:
    poco_late_response(inner_type& inner, const decision& d) : inner_(inner), decision_(d) {
        static_cast<message&>(*this) = inner_;
    }

    // Poco's interface; some of it is newer than the oldest version supported, hence no `override`.
    void sendContinue() { inner_.sendContinue(); }
    std::ostream& send() { return finish().send(); }
    std::pair<std::ostream*, std::ostream*> beginSend() { return finish().beginSend(); }
    void sendFile(const std::string& path, const std::string& media_type) {
        finish().sendFile(path, media_type);
    }
    void sendBuffer(const void* bytes, std::size_t length) { finish().sendBuffer(bytes, length); }
    void redirect(const std::string& uri, typename message::HTTPStatus status) {
        finish().redirect(uri, status);
    }
    void requireAuthentication(const std::string& realm) {
        static_cast<message&>(inner_) = *this;
        inner_.requireAuthentication(realm);  // sets status and field, and does not send
        static_cast<message&>(*this) = inner_;
    }
    bool sent() const { return inner_.sent(); }

private:
    inner_type& finish() {
        corsac::apply(decision_, poco_response<message>{*this});
        static_cast<message&>(inner_) = *this;
        return inner_;
    }

    inner_type& inner_;
    decision decision_;
};

namespace detail {

/// Sends a status and no body.
template <class Types, class Policy>
class poco_status_handler : public Types::handler {
public:
    poco_status_handler(Policy p, const decision& d, int status)
        : policy_(std::move(p)), decision_(d), status_(status) {}

    void handleRequest(typename Types::request&, typename Types::response& response) override {
        using status_type = typename Types::message::HTTPStatus;
        response.setStatusAndReason(static_cast<status_type>(status_));
        const explanation text = answer_body(decision_);
        const std::string_view body = text.view();
        if (status_ != 204) {
            response.setContentLength(static_cast<std::streamsize>(body.size()));
        }
        if (!body.empty()) response.setContentType("text/plain");
        corsac::apply(decision_, poco_response<typename Types::response>{response});
        response.send() << body;
    }

private:
    Policy policy_;  // keeps alive what the decision borrows from
    decision decision_;
    int status_;
};

/// Runs a handler of the application.
template <class Types, class Policy>
class poco_guard : public Types::handler {
public:
    poco_guard(typename Types::handler* next, Policy p, const decision& d)
        : next_(next), policy_(std::move(p)), decision_(d) {}

    void handleRequest(typename Types::request& request,
                       typename Types::response& response) override {
        poco_late_response<Types> late{response, decision_};
#if defined(__cpp_exceptions)
        try {
            next_->handleRequest(request, late);
        } catch (...) {
            // Poco's own 500 is a new response, without any header of ours.
            if (!late.sent()) {
                late.setStatusAndReason(Types::message::HTTP_INTERNAL_SERVER_ERROR);
                late.setContentLength(0);
                late.setKeepAlive(false);
                late.send();
            }
            throw;  // to Poco's error handler
        }
#else
        next_->handleRequest(request, late);
#endif
    }

private:
    std::unique_ptr<typename Types::handler> next_;
    Policy policy_;  // keeps alive what the decision borrows from
    decision decision_;
};

}  // namespace detail

/// A handler factory that answers preflights, and puts the policy's headers on every response that
/// the handlers of `next` make, after they are done with it.
///
/// ```
/// Poco::Net::HTTPServer server(new corsac::poco_factory{policy, new my_factory}, socket, params);
/// ```
/// `next` need not know OPTIONS. Where it returns no handler, or the handler throws, the answer is
/// Poco's 501 or 500, with the headers.
///
/// What remains: a handler that sends through `request.response()` instead of the response it is
/// given goes past it, and a request that cannot be parsed is answered without a policy.
template <class Source, class Types = poco_types<Source>>
class poco_factory : public Types::factory {
public:
    /// @param policy_or_source  See `policy_source.hpp`; a callable gets a
    ///                          `const HTTPServerRequest&`.
    /// @param next              Owned from now on.
    template <class P>
    poco_factory(P&& policy_or_source, typename Types::factory* next)
        : source_(detail::as_policy_source(std::forward<P>(policy_or_source))), next_(next) {}

    typename Types::handler* createRequestHandler(const typename Types::request& request) override {
        const poco_request<typename Types::request> view{request};
        auto governed = detail::govern(source_, request, view);
        const decision& d = governed.decision;
        detail::observe(source_, d, request, view);
        using pointer = decltype(governed.policy);
        using status_handler = detail::poco_status_handler<Types, pointer>;
        if (d.answers()) return new status_handler(std::move(governed.policy), d, d.status());
        typename Types::handler* const handler = next_->createRequestHandler(request);
        if (handler == nullptr) return new status_handler(std::move(governed.policy), d, 501);
        return new detail::poco_guard<Types, pointer>(handler, std::move(governed.policy), d);
    }

private:
    Source source_;
    typename Types::factory::Ptr next_;
};

template <class P, class Next>
poco_factory(P&&, Next*) -> poco_factory<policy_source_of<P>>;

}  // namespace corsac::inline v0_2_0

#endif
