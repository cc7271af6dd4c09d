// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_DROGON_HPP
#define CORSAC_ADAPTERS_DROGON_HPP

// Drogon 1.9. Includes no header of Drogon's.

#include <corsac/adapters/detail/asked_about.hpp>
#include <corsac/adapters/detail/drogon_relay.hpp>
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/new_response.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/evaluate.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace drogon {
class HttpRequest;
class HttpResponse;
}  // namespace drogon

namespace corsac::inline v0_2_0 {

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
        detail::copy_lower(folded, folded.data());
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
        // Not getHeader, which copies the name and folds its case once more.
        const auto& fields = response.headers();
        const auto present = fields.find("vary");
        if (present == fields.end() || present->second.empty()) return set("vary", token);
        if (vary_covers(present->second, token)) return;
        response.addHeader("vary", (present->second + ", ").append(token));
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
/// A source that asks (`asking`) has a pre-routing advice as well, where a request waits for the
/// verdict without a thread. Sync advices of yours then come before the answer to such a preflight.
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
    using view = drogon_request<Request>;
    using relay = std::conditional_t<detail::asks<source_type>,
                                     detail::asking_drogon_relay<source_type, Request, view>,
                                     detail::drogon_relay<source_type, Request, view>>;

    const auto make_answer = [](const decision& d) {
        const auto answer = Response::newHttpResponse();
        answer->setStatusCode(static_cast<decltype(answer->statusCode())>(d.status()));
        answer->setContentTypeCode(decltype(answer->contentType()){});  // none
        if (const explanation text = answer_body(d); !text.view().empty()) {
            answer->setBody(std::string{text.view()});
        }
        return answer;
    };

    app.registerSyncAdvice([source, make_answer](const std::shared_ptr<Request>& request) {
        std::shared_ptr<Response> answer;
        const decision d = relay::decide_at_once(source, *request);
        if (!d.answers()) return answer;
        answer = make_answer(d);
        detail::observe(source, d, std::as_const(*request), view{*request});
        corsac::apply(d, detail::new_response{drogon_response<Response>{*answer}});
        return answer;
    });

    if constexpr (detail::asks<source_type>) {
        using loop = std::remove_pointer_t<decltype(app.getLoop())>;
        using respond = std::function<void(const std::shared_ptr<Response>&)>;
        app.registerPreRoutingAdvice([source, make_answer](const std::shared_ptr<Request>& request,
                                                           respond&& end,
                                                           std::function<void()>&& go_on) {
            const auto begun = relay::find(*request);
            if (!begun || !begun->about.question) return go_on();
            detail::wait_for_verdict(loop::getEventLoopOfCurrentThread(), source, *begun,
                                     [source, make_answer, request, begun, end = std::move(end),
                                      go_on = std::move(go_on)](origin_verdict verdict) {
                                         relay::end(source, *request, *begun, verdict);
                                         const decision& d = begun->governed.decision;
                                         // The last advice writes its headers.
                                         d.answers() ? end(make_answer(d)) : go_on();
                                     });
        });
    }

    app.registerPreSendingAdvice([source, options](const std::shared_ptr<Request>& request,
                                                   const std::shared_ptr<Response>& response) {
        const auto governed = relay::decided(source, *request);
        const decision& d = governed->decision;
        detail::observe(source, d, std::as_const(*request), view{*request});
        if (!d.governs()) return;
        corsac::apply(d, drogon_response<Response>{*response});
        // A cached response has been rendered already; setting the time drops those bytes.
        const auto seconds = response->expiredTime();
        if (seconds >= 0) response->setExpiredTime(options.keep_response_cache ? seconds : -1);
    });
}

}  // namespace corsac::inline v0_2_0

#endif
