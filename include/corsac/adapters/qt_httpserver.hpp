// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_QT_HTTPSERVER_HPP
#define CORSAC_ADAPTERS_QT_HTTPSERVER_HPP

// Tested in tests/adapters/adapter_cases.test.cpp.

// Qt HTTP Server, from 6.4 on. Includes no header of Qt's. Qt 6.8 has other names for nearly all of
// it, and `QHttpHeaders`; which Qt it is shows in the classes.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

class QHttpServerRequest;
class QHttpServerResponder;
class QHttpServerResponse;

namespace corsac::inline v0_2_0 {

/// Qt's classes, in a form that depends on a template parameter, so that they may be incomplete
/// until an adapter is used.
template <class>
struct qt_types {
    using request = QHttpServerRequest;
    using responder = QHttpServerResponder;
    using response = QHttpServerResponse;
};

namespace detail {

template <class Bytes>
[[nodiscard]] std::string_view view_of_bytes(const Bytes& bytes) noexcept {
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

template <class Bytes>
[[nodiscard]] Bytes to_bytes(std::string_view text) {
    return Bytes(text.data(), static_cast<decltype(std::declval<Bytes&>().size())>(text.size()));
}

/// A lower-case name as most people write it: `access-control-max-age` → `Access-Control-Max-Age`.
[[nodiscard]] inline std::string capitalized(std::string_view name) {
    std::string text{name};
    bool first = true;
    for (char& c : text) {
        if (first) c = to_upper(c);
        first = c == '-';
    }
    return text;
}

/// A request or response with `QHttpHeaders`, as Qt has them from 6.8 on.
template <class Message>
concept has_qt_http_headers = requires(const Message& message) { message.headers().nameAt(0); };

}  // namespace detail

/// `QHttpServerRequest` as a `request_view`. Before Qt 6.8 it holds a counted reference to the
/// header list.
template <class Request>
class qt_request {
public:
    explicit qt_request(const Request& request) : request_(&request), headers_(request.headers()) {}

    /// Empty for a method that Qt has no name for.
    [[nodiscard]] std::string_view method() const noexcept {
        using method = typename Request::Method;
        switch (request_->method()) {
        case method::Get: return "GET";
        case method::Put: return "PUT";
        case method::Delete: return "DELETE";
        case method::Post: return "POST";
        case method::Head: return "HEAD";
        case method::Options: return "OPTIONS";
        case method::Patch: return "PATCH";
        case method::Connect: return "CONNECT";
        case method::Trace: return "TRACE";
        default: return "";
        }
    }
    template <class F>
    void visit(F&& f) const {
        if constexpr (detail::has_qt_http_headers<Request>) {
            for (decltype(headers_.size()) i = 0; i < headers_.size(); ++i) {
                f(detail::view_of_bytes(headers_.nameAt(i)),
                  detail::view_of_bytes(headers_.valueAt(i)));
            }
        } else {
            for (const auto& line : headers_) {
                f(detail::view_of_bytes(line.first), detail::view_of_bytes(line.second));
            }
        }
    }
    /// What Qt's router matches: percent-decoded as QUrl does it, without the query and without a
    /// line break at the end, which its expressions overlook.
    [[nodiscard]] std::string path() const {
        std::string path = request_->url().path().toStdString();
        if (path.ends_with('\n')) path.pop_back();
        return path;
    }

private:
    const Request* request_;
    decltype(std::declval<const Request&>().headers()) headers_;  // a reference from 6.8 on
};

/// `QHttpHeaders` as a `response_sink`, from Qt 6.8 on. For handlers that take a responder, which
/// Qt shows to no hook: they apply the decision to the headers that they send.
template <class Headers>
struct qt_headers {
    Headers& headers;

    void add(std::string_view name, std::string_view value) { headers.append(name, value); }
    void erase(std::string_view name) { headers.removeAll(name); }
    void vary(std::string_view token) {
        for (const auto& line : headers.values(field::vary)) {
            if (vary_covers(detail::view_of_bytes(line), token)) return;
        }
        add(field::vary, token);
    }
};

template <class Headers>
qt_headers(Headers&) -> qt_headers<Headers>;

/// `QHttpServerResponse` as a `response_sink`, up to Qt 6.7; `qt_apply` knows both.
///
/// Qt compares the names in a response byte by byte, so an `Access-Control-…` field of a handler is
/// found only where it is written like that or all in lower case.
template <class Response>
class qt_response {
    using bytes = decltype(std::declval<const Response&>().mimeType());

public:
    explicit qt_response(Response& response) noexcept : response_(response) {}

    void add(std::string_view name, std::string_view value) {
        response_.addHeader(detail::to_bytes<bytes>(name), detail::to_bytes<bytes>(value));
    }
    void erase(std::string_view name) {
        response_.clearHeader(detail::to_bytes<bytes>(name));
        response_.clearHeader(detail::to_bytes<bytes>(detail::capitalized(name)));
    }
    void vary(std::string_view token) {
        for (const char* name : {"vary", "Vary"}) {
            for (const auto& line : response_.headers(name)) {
                if (vary_covers(detail::view_of_bytes(line), token)) return;
            }
        }
        add(field::vary, token);
    }

private:
    Response& response_;
};

/// Writes a decision into a `QHttpServerResponse`, whichever Qt it is.
template <class Response>
void qt_apply(const decision& d, Response& response) {
    if constexpr (detail::has_qt_http_headers<Response>) {
        auto headers = response.headers();
        corsac::apply(d, qt_headers{headers});
        response.setHeaders(std::move(headers));
    } else {
        corsac::apply(d, qt_response<Response>{response});
    }
}

/// The whole answer to a request that the policy answers itself, without its headers.
template <class Response>
[[nodiscard]] Response qt_answer(const decision& d) {
    using bytes = decltype(std::declval<const Response&>().mimeType());
    const auto status = static_cast<typename Response::StatusCode>(d.status());
    const explanation text = answer_body(d);
    if (text.view().empty()) return Response(status);
    return Response(bytes("text/plain"), detail::to_bytes<bytes>(text.view()), status);
}

/// `QHttpServerResponder` as a `response_sink`, up to Qt 6.7: write-only, after `writeStatusLine`.
///
/// For handlers that take a responder, which Qt shows to no hook: they call `apply` with this one
/// themselves, and write no `Access-Control-*` field of their own.
template <class Responder>
struct qt_responder {
    Responder& responder;

    void add(std::string_view name, std::string_view value) {
        using bytes = std::remove_cvref_t<decltype(header_name(&Responder::writeHeader))>;
        responder.writeHeader(detail::to_bytes<bytes>(name), detail::to_bytes<bytes>(value));
    }

private:
    template <class Bytes>
    static Bytes header_name(void (Responder::*)(const Bytes&, const Bytes&));
};

template <class Responder>
qt_responder(Responder&) -> qt_responder<Responder>;

/// For `QHttpServer::afterRequest`, or `addAfterRequestHandler` from Qt 6.8 on: puts the policy's
/// headers on the responses of routes, and makes a preflight's answer out of what a route without a
/// method said to it.
template <class Source, class Types = qt_types<Source>>
class qt_after_request {
public:
    explicit qt_after_request(Source source) : source_(std::move(source)) {}

    typename Types::response operator()(typename Types::response&& response,
                                        const typename Types::request& request) const {
        finish(request, response);
        return std::move(response);
    }

    void finish(const typename Types::request& request, typename Types::response& response) const {
        const qt_request<typename Types::request> view{request};
        const auto governed = detail::govern(source_, request, view);
        const decision& d = governed.decision;
        detail::observe(source_, d, request, view);
        if (d.answers()) response = qt_answer<typename Types::response>(d);
        qt_apply(d, response);
    }

private:
    Source source_;
};

/// For `QHttpServer::setMissingHandler`: answers preflights, which have no route, and puts the
/// policy's headers on the 404 of every other request.
///
/// `next`, if it is not `no_handler{}`, is called as
/// `next(const QHttpServerRequest&, QHttpServerResponder&&, const corsac::decision&)` instead of
/// sending that 404, and applies the decision to what it writes. From Qt 6.8 on the responder comes
/// as `QHttpServerResponder&`, as Qt passes it.
template <class Source, class Next, class Types = qt_types<Source>>
class qt_missing_handler {
public:
    qt_missing_handler(Source source, Next next)
        : source_(std::move(source)), next_(std::move(next)) {}

    void operator()(const typename Types::request& request,
                    typename Types::responder&& responder) const {
        answer(request, std::move(responder));
    }

    template <class Responder>
    void answer(const typename Types::request& request, Responder&& responder) const {
        using response_type = typename Types::response;
        const qt_request<typename Types::request> view{request};
        const auto governed = detail::govern(source_, request, view);
        const decision& d = governed.decision;
        detail::observe(source_, d, request, view);
        if constexpr (!std::is_same_v<Next, no_handler>) {
            if (!d.answers()) return next_(request, std::forward<Responder>(responder), d);
        }
        response_type answer = d.answers() ? qt_answer<response_type>(d)
                                           : response_type(response_type::StatusCode::NotFound);
        qt_apply(d, answer);
        if constexpr (requires { responder.sendResponse(answer); }) {
            responder.sendResponse(answer);
        } else {
            answer.write(std::move(responder));
        }
    }

private:
    Source source_;
    Next next_;
};

/// Makes a `QHttpServer` answer preflights, and puts the policy's headers on its responses.
///
/// ```
/// corsac::qt_install(server, policy);
/// ```
/// The list of after-request handlers grows by one, and the only slot for a missing handler is
/// taken: pass yours, in the form that `qt_missing_handler` calls.
///
/// What remains: a handler that takes a `QHttpServerResponder` goes past all this and must apply
/// the decision itself (`qt_headers`, before Qt 6.8 `qt_responder`), and a request that cannot be
/// parsed is answered without a policy. A route without a method runs for preflights, though its
/// answer is replaced.
///
/// @param policy_or_source  See `policy_source.hpp`; a callable gets a `const QHttpServerRequest&`.
template <class Server, class P, class Next>
void qt_install(Server& server, P&& policy_or_source, Next next) {
    const auto source = detail::as_policy_source(std::forward<P>(policy_or_source));
    using source_type = std::remove_cvref_t<decltype(source)>;
    qt_after_request<source_type> after{source};
    qt_missing_handler<source_type, Next> missing{source, std::move(next)};
    // From Qt 6.8 on: handlers have a context, here the server, and no overloads.
    if constexpr (requires { server.clearMissingHandler(); }) {
        using types = qt_types<source_type>;
        server.addAfterRequestHandler(&server, [after](const typename types::request& request,
                                                       typename types::response& response) {
            after.finish(request, response);
        });
        server.setMissingHandler(&server, [missing](const typename types::request& request,
                                                    typename types::responder& responder) {
            missing.answer(request, responder);
        });
    } else {
        server.afterRequest(std::move(after));
        server.setMissingHandler(std::move(missing));
    }
}

/// The same for a server that has no missing handler of its own.
template <class Server, class P>
void qt_install(Server& server, P&& policy_or_source) {
    qt_install(server, std::forward<P>(policy_or_source), no_handler{});
}

}  // namespace corsac::inline v0_2_0

#endif
