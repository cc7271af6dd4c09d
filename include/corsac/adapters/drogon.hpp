// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DROGON_HPP
#define CORSAC_ADAPTERS_DROGON_HPP

// Tested in tests/adapters.

// Drogon 1.9. Includes no header of Drogon's.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/new_response.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace drogon {
class HttpRequest;
class HttpResponse;
}  // namespace drogon

namespace corsac::inline v0 {

/// `drogon::HttpRequest` as a `request_view`.
///
/// Drogon keeps the first of several lines of one name and drops the others, so a second `Origin`
/// cannot be seen.
template <class Request>
struct drogon_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept { return request.methodString(); }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request.headers()) f(name, value);
    }
    /// What Drogon's router looks up: percent-decoded, and in lower case, since it ignores the case
    /// of paths. A table for it has its paths in lower case.
    [[nodiscard]] std::string path() const {
        std::string folded{request.path()};
        for (char& c : folded) c = detail::to_lower(c);
        return folded;
    }
    [[nodiscard]] std::string_view query() const noexcept { return request.query(); }
    /// Drogon takes `Cookie` out of the headers.
    [[nodiscard]] bool carries_credentials() const {
        return !request.cookies().empty() || request.headers().count("authorization") != 0;
    }
};

template <class Request>
drogon_request(const Request&) -> drogon_request<Request>;

/// `drogon::HttpResponse` as a `response_sink`. It holds one value per name, the names in lower
/// case.
template <class Response>
struct drogon_response {
    Response& response;

    void set(std::string_view name, std::string_view value) {
        response.addHeader(std::string{name}, std::string{value});  // which replaces
    }
    void erase_prefix(std::string_view prefix) {
        // removeHeader invalidates the iteration; nearly always there is nothing to remove.
        for (bool again = true; again;) {
            again = false;
            for (const auto& [name, value] : response.headers()) {
                if (!std::string_view{name}.starts_with(prefix)) continue;
                response.removeHeader(std::string{name});
                again = true;
                break;
            }
        }
    }
    void vary(std::string_view token) {
        const std::string& present = response.getHeader("vary");
        if (vary_covers(present, token)) return;
        std::string merged = present;
        if (!merged.empty()) merged += ", ";
        response.addHeader("vary", merged.append(token));
    }
};

template <class Response>
drogon_response(Response&) -> drogon_response<Response>;

/// What may be said about `drogon_install`.
struct drogon_options {
    /// Leave this on, unless the application calls `enableDateHeader(false)`. Then a response with
    /// an expiry time is rendered once and never again, whatever its headers are, so that one
    /// origin's headers would be sent to another. Off, responses that the policy governs are not
    /// cached: their handlers run every time.
    bool keep_response_cache = true;
};

namespace detail {

/// Carries a request's policy and decision from the first advice to the last, in the attributes of
/// the request, where another question could get another answer. Elsewhere it asks again: that is
/// cheaper than what Drogon takes to keep a value.
template <class Source, class Request>
struct drogon_relay {
    using governed_type =
        decltype(govern(std::declval<const Source&>(), std::declval<const Request&>(),
                        std::declval<const drogon_request<Request>&>()));

    static constexpr const char* key = "corsac";

    [[nodiscard]] static decision decide(const Source& source, Request& request) {
        if constexpr (may_change<Source>) {
            auto kept = std::make_shared<const governed_type>(ask(source, request));
            request.attributes()->insert(key, kept);
            return kept->decision;
        } else {
            // Nothing but a preflight, or a request of a policy that rejects, is answered here.
            const drogon_request<Request> view{request};
            const auto p = ask_source(source, std::as_const(request), view);
            if (!p || (view.method() != "OPTIONS" && !(*p).rules().asks_where_from())) return {};
            return corsac::evaluate(*p, view);
        }
    }
    [[nodiscard]] static std::shared_ptr<const governed_type> decided(const Source& source,
                                                                      Request& request)
        requires(may_change<Source>)
    {
        using kept = std::shared_ptr<const governed_type>;
        if (request.attributes()->find(key)) {
            return request.attributes()->template get<kept>(key);
        }
        return std::make_shared<const governed_type>(ask(source, request));
    }
    [[nodiscard]] static std::optional<governed_type> decided(const Source& source,
                                                              Request& request)
        requires(!may_change<Source>)
    {
        return ask(source, request);
    }

private:
    [[nodiscard]] static governed_type ask(const Source& source, const Request& request) {
        return govern(source, request, drogon_request<Request>{request});
    }
};

}  // namespace detail

/// Makes a Drogon application answer preflights, and puts the policy's headers on every response:
/// errors, filters' rejections, static files, exceptions and asynchronous answers too.
///
/// ```
/// corsac::drogon_install(drogon::app(), policy, {});
/// ```
/// Both hooks are lists in Drogon, so no advice of yours is replaced. Install it before advices
/// that end requests, such as an authentication: sync advices run in order, and what one of them
/// answers skips the pre-sending ones.
///
/// Not a post-handling advice, as Drogon's own example has it: that one misses 404, 405, static
/// files and what filters reject.
///
/// What remains: a second `Origin` line is not seen, requests that cannot be parsed are answered
/// without a policy, and responses that come from Drogon's cache (`setExpiredTime`) are rendered
/// anew for every request; with several *pipelined* requests of different origins on one connection
/// they can get each other's headers, unless `keep_response_cache` is off.
///
/// @param app               `drogon::app()`.
/// @param policy_or_source  See `policy_source.hpp`; a callable gets a `const
/// drogon::HttpRequest&`.
template <class App, class P, class Request = drogon::HttpRequest,
          class Response = drogon::HttpResponse>
void drogon_install(App& app, P&& policy_or_source, drogon_options options) {
    const auto source = detail::as_policy_source(std::forward<P>(policy_or_source));
    using source_type = std::remove_const_t<decltype(source)>;
    using relay = detail::drogon_relay<source_type, Request>;

    app.registerSyncAdvice([source](const std::shared_ptr<Request>& request) {
        std::shared_ptr<Response> answer;
        const decision d = relay::decide(source, *request);
        if (!d.answers()) return answer;
        answer = Response::newHttpResponse();
        answer->setStatusCode(static_cast<decltype(answer->statusCode())>(d.status()));
        answer->setContentTypeCode(decltype(answer->contentType()){});  // none
        if (const explanation text = answer_body(d); !text.view().empty()) {
            answer->setBody(std::string{text.view()});
        }
        detail::observe(source, d, std::as_const(*request), drogon_request<Request>{*request});
        corsac::apply(d, detail::new_response{drogon_response<Response>{*answer}});
        return answer;
    });

    app.registerPreSendingAdvice([source, options](const std::shared_ptr<Request>& request,
                                                   const std::shared_ptr<Response>& response) {
        const auto governed = relay::decided(source, *request);
        const decision d = governed->decision;
        detail::observe(source, d, std::as_const(*request), drogon_request<Request>{*request});
        if (!d.governs()) return;
        corsac::apply(d, drogon_response<Response>{*response});
        // A cached response has been rendered already; setting the time drops those bytes.
        const auto seconds = response->expiredTime();
        if (seconds >= 0) response->setExpiredTime(options.keep_response_cache ? seconds : -1);
    });
}

}  // namespace corsac::inline v0

#endif
