// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_OATPP_HPP
#define CORSAC_ADAPTERS_OATPP_HPP

// Oat++ 1.3 and later. Includes no header of it.

#include <corsac/adapters/detail/collapsed_path.hpp>
#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/detail/new_response.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/request/header_access.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace oatpp::web::server::interceptor {
class RequestInterceptor;
class ResponseInterceptor;
}  // namespace oatpp::web::server::interceptor

namespace corsac::inline v0_2_0 {

/// Oat++'s classes, in a form that depends on a template parameter, so that they may be incomplete
/// until an adapter is used.
template <class>
struct oatpp_types {
    using request_interceptor = oatpp::web::server::interceptor::RequestInterceptor;
    using response_interceptor = oatpp::web::server::interceptor::ResponseInterceptor;
};

namespace detail {

template <class Label>
[[nodiscard]] std::string_view view_of_label(const Label& label) noexcept {
    return {static_cast<const char*>(label.getData()), static_cast<std::size_t>(label.getSize())};
}

}  // namespace detail

/// `oatpp::web::protocol::http::incoming::Request` as a `request_view`.
template <class Request>
struct oatpp_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept {
        return detail::view_of_label(request.getStartingLine().method);
    }
    template <class F>
    void visit(F&& f) const {
        // "Unsafe" in that the labels point into the request, which is where they are needed.
        for (const auto& [name, value] : request.getHeaders().getAll_Unsafe()) {
            f(detail::view_of_label(name), detail::view_of_label(value));
        }
    }
    /// What Oat++'s router matches: as it was sent, not decoded, with repeated slashes as one and
    /// without the last; without the query.
    [[nodiscard]] std::string path() const { return detail::collapsed_path(routed().path); }
    [[nodiscard]] std::string_view query() const noexcept { return routed().query; }

private:
    [[nodiscard]] route_request routed() const noexcept {
        return make_route_request({}, detail::view_of_label(request.getStartingLine().path));
    }
};

template <class Request>
oatpp_request(const Request&) -> oatpp_request<Request>;

/// `oatpp::web::protocol::http::outgoing::Response` as a `response_sink`.
template <class Response>
struct oatpp_response {
    Response& response;

    void add(std::string_view name, std::string_view value) {
        // The name is a constant of ours, which may be borrowed; the value is copied.
        response.putHeader_Unsafe(name.data(), std::make_shared<std::string>(value));
    }
    /// Oat++ cannot erase, so the others are copied, once somebody else wrote such a field.
    void erase_prefix(std::string_view prefix) {
        auto& headers = response.getHeaders();
        const auto owned = [prefix](const auto& line) {
            return detail::field_begins_with(detail::view_of_label(line.first), prefix);
        };
        bool any = false;
        for (const auto& line : headers.getAll_Unsafe()) any = any || owned(line);
        if (!any) return;
        std::remove_cvref_t<decltype(headers)> others;
        for (const auto& line : headers.getAll_Unsafe()) {
            if (!owned(line)) others.put_LockFree(line.first, line.second);
        }
        headers = std::move(others);
    }
    void vary(std::string_view token) {
        for (const auto& [name, value] : response.getHeaders().getAll_Unsafe()) {
            if (detail::equals_ignore_case(detail::view_of_label(name), field::vary) &&
                vary_covers(detail::view_of_label(value), token)) {
                return;
            }
        }
        add(field::vary, token);
    }
};

template <class Response>
oatpp_response(Response&) -> oatpp_response<Response>;

namespace detail {

/// The answer to a request that a policy answers itself, still without its headers.
template <class Response>
[[nodiscard]] std::shared_ptr<Response> oatpp_answer(const decision& d) {
    using status = std::remove_cvref_t<decltype(std::declval<Response&>().getStatus())>;
    return Response::createShared(status(d.status(), reason_phrase(d.status()).data()), nullptr);
}

/// Carries a request's policy and decision from one interceptor to the other, in the bundle of the
/// request, where another question could get another answer.
template <class Source, class Request>
struct oatpp_relay {
    static auto decide(const Source& source, Request& request) {
        const oatpp_request<Request> view{request};
        auto governed = govern(source, std::as_const(request), view);
        if constexpr (may_change<Source>) {
            auto kept = std::make_shared<decltype(governed)>(std::move(governed));
            using slot = typename bundle<Request>::mapped_type;
            request.putBundleData(key, slot{std::shared_ptr<void>{kept}});
            return kept;
        } else {
            return std::optional{std::move(governed)};
        }
    }
    /// @return  What `decide` did, if it was asked about this request, else what it does now.
    static auto decided(const Source& source, Request& request) {
        if constexpr (may_change<Source>) {
            using kept = decltype(decide(source, request));
            const auto& all = request.getBundle().getAll();
            const auto found = all.find(typename bundle<Request>::key_type{key});
            if (found != all.end()) {
                return std::static_pointer_cast<typename kept::element_type>(
                    found->second.getPtr());
            }
        }
        return decide(source, request);
    }

private:
    template <class R>
    using bundle = std::remove_cvref_t<decltype(std::declval<R&>().getBundle().getAll())>;

    static constexpr const char* key = "corsac";
};

}  // namespace detail

/// Answers preflights before routing. The headers are written by `oatpp_response_interceptor`,
/// which Oat++ calls for this answer too.
template <class Source, class Base = typename oatpp_types<Source>::request_interceptor>
class oatpp_request_interceptor : public Base {
public:
    explicit oatpp_request_interceptor(Source source) : source_(std::move(source)) {}

    std::shared_ptr<typename Base::OutgoingResponse> intercept(
        const std::shared_ptr<typename Base::IncomingRequest>& request) override {
        using relay = detail::oatpp_relay<Source, typename Base::IncomingRequest>;
        const decision d = relay::decide(source_, *request)->decision;
        return d.answers() ? detail::oatpp_answer<typename Base::OutgoingResponse>(d) : nullptr;
    }

private:
    Source source_;
};

/// Puts the policy's headers on every response: errors and exceptions too.
template <class Source, class Base = typename oatpp_types<Source>::response_interceptor>
class oatpp_response_interceptor : public Base {
public:
    explicit oatpp_response_interceptor(Source source) : source_(std::move(source)) {}

    std::shared_ptr<typename Base::OutgoingResponse> intercept(
        const std::shared_ptr<typename Base::IncomingRequest>& request,
        const std::shared_ptr<typename Base::OutgoingResponse>& response) override {
        if (!request) return response;  // the asynchronous server could not parse it
        using response_type = typename Base::OutgoingResponse;
        const oatpp_request<typename Base::IncomingRequest> view{*request};
        using relay = detail::oatpp_relay<Source, typename Base::IncomingRequest>;
        const auto governed = relay::decided(source_, *request);
        const decision& d = governed->decision;
        detail::observe(source_, d, std::as_const(*request), view);
        // It may be the first to see the request, if another interceptor ended it.
        const auto sent = d.answers() ? detail::oatpp_answer<response_type>(d) : response;
        corsac::apply(d, oatpp_response<response_type>{*sent});
        return sent;
    }

private:
    Source source_;
};

/// Makes an Oat++ connection handler, synchronous or asynchronous, answer preflights, and puts the
/// policy's headers on every response.
///
/// ```
/// corsac::oatpp_install(*connection_handler, policy);
/// ```
/// Both hooks are lists, so no interceptor of yours is replaced. Install it before request
/// interceptors that end requests, such as an authentication, which would answer preflights 401.
///
/// What remains: a request whose headers cannot be parsed is answered without a policy.
///
/// @param policy_or_source  See `policy_source.hpp`; a callable gets a `const IncomingRequest&`.
template <class Handler, class P>
void oatpp_install(Handler& handler, P&& policy_or_source) {
    using source_type = policy_source_of<P>;
    const source_type source = detail::as_policy_source(std::forward<P>(policy_or_source));
    handler.addRequestInterceptor(std::make_shared<oatpp_request_interceptor<source_type>>(source));
    handler.addResponseInterceptor(
        std::make_shared<oatpp_response_interceptor<source_type>>(source));
}

}  // namespace corsac::inline v0_2_0

#endif
