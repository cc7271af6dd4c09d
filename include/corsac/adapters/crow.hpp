// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_CROW_HPP
#define CORSAC_ADAPTERS_CROW_HPP

// Crow 1.2 and later. Includes no header of Crow's.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/request/header_access.hpp>

#include <concepts>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace crow {
enum class HTTPMethod : char;
struct request;
struct response;
}

namespace corsac::inline v0_2_0 {

namespace detail {

template <class Method>
[[nodiscard]] constexpr std::string_view crow_method_name(Method method) noexcept {
    switch (static_cast<int>(method)) {  // Crow's own order, which its stored numbers rely on
    case 0: return "DELETE";
    case 1: return "GET";
    case 2: return "HEAD";
    case 3: return "POST";
    case 4: return "PUT";
    case 5: return "CONNECT";
    case 6: return "OPTIONS";
    case 7: return "TRACE";
    case 8: return "PATCH";
    default: return "";
    }
}

}  // namespace detail

/// `crow::request` as a `request_view`.
template <class Request>
struct crow_request {
    const Request& request;

    /// Empty for the rare methods that only WebDAV knows: Crow has names for them as temporary
    /// strings only.
    [[nodiscard]] std::string_view method() const noexcept {
        return detail::crow_method_name(request.method);
    }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request.headers) f(name, value);
    }
    /// What Crow's router matches: as it was sent, not decoded, without the query.
    [[nodiscard]] std::string_view path() const noexcept { return request.url; }
};

template <class Request>
crow_request(const Request&) -> crow_request<Request>;

/// `crow::response` as a `response_sink`.
template <class Response>
struct crow_response : header_map<decltype(Response::headers)> {
    // Not Crow's add_header: it copies both strings once more and scans them for line breaks, which
    // neither a policy nor a parsed request has.
    explicit crow_response(Response& response) noexcept
        : header_map<decltype(Response::headers)>{response.headers} {}
};

namespace detail {

/// The answer to a preflight, written into a response that has hardly any headers yet.
///
/// Crow hashes a name through the locale, character by character, and a preflight's answer has
/// seven long names. A copy of a map keeps the hashes of the original, so the names are hashed
/// once.
template <class Map>
class crow_preflight_headers {
public:
    explicit crow_preflight_headers(Map& headers) : headers_(headers), answer_(names()) {}

    void add(std::string_view name, std::string_view value) {
        for (auto& [present, text] : answer_) {
            if (present == name) return void(text = value);
        }
        answer_.emplace(name, value);
    }
    /// Keeps what else is there, and drops the names that were given no value.
    void finish() {
        for (auto at = answer_.begin(); at != answer_.end();) {
            at = at->second.empty() ? answer_.erase(at) : std::next(at);
        }
        for (auto& [name, value] : headers_) {
            if (field_begins_with(name, field::access_control_prefix)) continue;
            answer_.emplace(std::string(name), std::move(value));
        }
        headers_ = std::move(answer_);
    }

private:
    static const Map& names() {
        static const Map all = [] {
            Map map;
            map.emplace(field::vary, "");
            for (const std::string_view name : field::owned) map.emplace(name, "");
            return map;
        }();
        return all;
    }

    Map& headers_;
    Map answer_;
};

}  // namespace detail

namespace detail {

/// Whether no route has the request's path, whatever the method, but that of
/// `crow_route_preflights`. Asks the router what an OPTIONS request would be told to be allowed.
template <class Response, class App, class Request>
[[nodiscard]] bool crow_is_unrouted(App& app, const Request& request) {
    using method_type = std::remove_cvref_t<decltype(request.method)>;
    const auto ask = [&](method_type method, Response& response) {
        Request probe;
        probe.method = method;
        probe.url = request.url;
        return app.handle_initial(probe, response)->rule_index != 0;
    };
    Response to_options;
    ask(method_type::Options, to_options);
    std::string_view allowed = to_options.get_header_value("Allow");
    while (has_elements(allowed)) {
        const std::string_view method = next_element(allowed);
        if (method != "OPTIONS" && method != "HEAD") return false;
    }
    Response to_head;  // Crow names HEAD everywhere
    return !ask(method_type::Head, to_head);
}

}  // namespace detail

/// Applies a policy to a whole Crow application.
///
/// ```
/// crow::App<corsac::crow_middleware<>, auth> app{corsac::crow_middleware{policy}};
/// corsac::crow_route_preflights(app);
/// ```
/// For anything but a policy (see `policy_source.hpp`) the application's type is that of what is
/// made of it:
/// ```
/// corsac::crow_middleware cors{live};
/// crow::App<decltype(cors), auth> app{cors};
/// ```
/// Put it *first*: when a later middleware ends the response, only that one and those before it get
/// to see the result, so an authentication in front of it would send its 401 without CORS headers.
///
/// The work is done in `after_handle`, because Crow answers OPTIONS in its router and calls no
/// `before_handle` for it. What remains, and cannot be mended from here:
/// - OPTIONS handlers of the application never run, preflight or not; Crow answers 204 itself.
/// - HEAD on a path without a route is answered before the headers are read, so without any of
///   ours; so are preflights there, unless `crow_route_preflights` is called.
/// - A request without `Host` is refused before any middleware.
/// - After `crow_route_preflights`, a WebSocket upgrade on a path without a route gets 405, not
/// 404.
/// - Crow closes the connection after every OPTIONS.
///
/// @tparam Source   What it makes of the policy it is given; `crow_middleware<>` takes a `policy`.
/// @tparam Request  `crow::request`
template <class Source = single_policy<policy>, class Request = crow::request>
class crow_middleware {
public:
    /// What is known of one request.
    struct context {
        using governed_type =
            decltype(detail::govern(std::declval<const Source&>(), std::declval<const Request&>(),
                                    std::declval<const crow_request<Request>&>()));
        std::optional<governed_type> governed{};
    };

    crow_middleware() {
        static_assert(detail::dependent_false<Source>,
                      "corsac: a middleware without a policy would do nothing; write "
                      "crow::App<corsac::crow_middleware<>> app{corsac::crow_middleware{policy}}; "
                      "and for anything but a policy corsac::crow_middleware cors{live}; "
                      "crow::App<decltype(cors)> app{cors};");
    }
    template <class T>
        requires(!std::same_as<std::remove_cvref_t<T>, crow_middleware>)
    explicit crow_middleware(T&& policy_or_source)
        : source_(detail::as_declared_source<Source>(std::forward<T>(policy_or_source))) {}

    void before_handle(Request& request, auto& response, context& about) {
        const bool no_such_method = static_cast<int>(response.code) == 405;
        if (no_such_method && is_unrouted_ != nullptr && is_unrouted_(app_, request)) {
            response.code = 404;
        }
        govern(request, about);
        // What it says is written by after_handle, which Crow calls next.
        if (about.governed->decision.answers()) response.end();
    }

    template <class Response>
    void after_handle(Request& request, Response& response, context& about) {
        // Crow answers OPTIONS in its router, without before_handle, and keeps the context of the
        // connection's last request meanwhile.
        if (!about.governed || request.method == decltype(request.method)::Options) {
            govern(request, about);
        }
        write(about.governed->decision, request, response);
        about.governed.reset();
    }

    /// For `crow_route_preflights`: its route makes Crow say 405 on every path without one, which
    /// is put right before the application's catch-all handler or anybody else sees it.
    template <class Response, class App>
    void expect_preflight_route(App& app) noexcept {
        app_ = &app;
        is_unrouted_ = [](void* asked, const Request& request) {
            return detail::crow_is_unrouted<Response>(*static_cast<App*>(asked), request);
        };
    }

private:
    template <class Response>
    void write(const decision& d, const Request& request, Response& response) const {
        detail::observe(source_, d, request, crow_request<Request>{request});
        if (!d.answers()) return corsac::apply(d, crow_response{response});
        response.code = d.status();
        response.body = answer_body(d).view();
        detail::crow_preflight_headers headers{response.headers};
        if (!response.body.empty()) headers.add("content-type", "text/plain");
        corsac::apply(d, headers);
        headers.finish();
    }

    void govern(const Request& request, context& about) const {
        about.governed.emplace(detail::made_by{
            [&] { return detail::govern(source_, request, crow_request<Request>{request}); }});
    }

    Source source_;
    void* app_ = nullptr;
    bool (*is_unrouted_)(void*, const Request&) = nullptr;
};

template <class T>
crow_middleware(T&&) -> crow_middleware<policy_source_of<T>>;

/// Lets preflights to paths without a route reach the middleware.
///
/// It adds an OPTIONS route for every path but `/`, whose handler Crow never calls. Other methods
/// get 404 as before, and 405 where a route has another method; an OPTIONS that is no preflight
/// gets 204. A path whose only route is one for OPTIONS counts as one without.
template <class Response = crow::response, class Method = crow::HTTPMethod,
          template <class...> class App, class... Middlewares>
void crow_route_preflights(App<Middlewares...>& app) {
    app.route_dynamic("/<path>").methods(Method::Options)([](std::string) { return 204; });
    const auto tell = [&app](auto& middleware) {
        if constexpr (requires { middleware.template expect_preflight_route<Response>(app); }) {
            middleware.template expect_preflight_route<Response>(app);
        }
    };
    (tell(app.template get_middleware<Middlewares>()), ...);
}

}  // namespace corsac::inline v0_2_0

#endif
