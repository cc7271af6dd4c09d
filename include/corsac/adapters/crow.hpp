// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_CROW_HPP
#define CORSAC_ADAPTERS_CROW_HPP

// Crow 1.2 and later. Includes no header of Crow's.

#include <corsac/adapters/policy_source.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/header_access.hpp>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>

namespace crow {
enum class HTTPMethod : char;
}

namespace corsac::inline v0 {

/// `crow::request` as a `request_view`.
///
/// One pass over the headers: looking a single name up costs more in Crow, which hashes it with the
/// locale's `toupper`.
template <class Request>
class crow_request {
public:
    explicit crow_request(const Request& request) noexcept : request_(request) {}

    /// `OPTIONS`, or nothing: CORS tells no other methods apart, and Crow has names for them only
    /// as temporary strings.
    [[nodiscard]] std::string_view method() const noexcept {
        return request_.method == decltype(request_.method)::Options ? "OPTIONS" : "";
    }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request_.headers) {
            f(std::string_view{name}, std::string_view{value});
        }
    }

private:
    const Request& request_;
};

/// `crow::response` as a `response_sink`.
///
/// Cost: one hash in Crow's map for each field that is added; nothing else is hashed.
template <class Response>
class crow_response {
public:
    explicit crow_response(Response& response) noexcept : headers_(response.headers) {}

    // Not Response::add_header: it copies both strings once more and scans them for line breaks,
    // which neither a policy nor a parsed request has.
    void add(std::string_view name, std::string_view value) { headers_.emplace(name, value); }

    void set(std::string_view name, std::string_view value) {
        erase_prefix(name);  // no owned name is the beginning of another one
        add(name, value);
    }
    void erase_prefix(std::string_view prefix) {
        for (auto at = headers_.begin(); at != headers_.end();) {
            at = detail::has_prefix_ignore_case(at->first, prefix) ? headers_.erase(at)
                                                                   : std::next(at);
        }
    }
    void vary(std::string_view token) {
        std::string* last = nullptr;
        for (auto& [name, value] : headers_) {
            if (!detail::is_field(name, field::vary)) continue;
            if (vary_covers(value, token)) return;
            last = &value;
        }
        if (last == nullptr) return add(field::vary, token);
        last->append(", ").append(token);
    }

private:
    decltype(Response::headers)& headers_;
};

/// Applies a policy to a whole Crow application.
///
/// ```
/// crow::App<corsac::crow_middleware<>, auth> app{corsac::crow_middleware{policy}};
/// corsac::crow_route_preflights(app);
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
/// - Crow closes the connection after every OPTIONS.
///
/// @tparam Source  A `policy_source`; default-constructed, the middleware does nothing until `use`.
template <class Source = single_policy<policy>>
class crow_middleware {
public:
    struct context {};

    crow_middleware() = default;
    template <policy_argument T>
        requires(!std::same_as<std::remove_cvref_t<T>, crow_middleware>)
    explicit crow_middleware(T&& policy_or_source)
        : source_(detail::as_policy_source(std::forward<T>(policy_or_source))) {}

    /// Sets what a default-constructed middleware uses; before `app.run()`.
    template <policy_argument T>
    void use(T&& policy_or_source) {
        source_ = detail::as_policy_source(std::forward<T>(policy_or_source));
    }

    template <class Request, class Response>
    void before_handle(Request& request, Response& response, context&) {
        const auto p = source_(std::as_const(request));
        if (!detail::rejects(p)) return;
        if (!detail::decide_if(p, crow_request{request}).answers()) return;
        response.end();  // what it says is written by after_handle, which Crow calls next
    }

    template <class Request, class Response>
    void after_handle(Request& request, Response& response, context&) {
        const auto p = source_(std::as_const(request));
        const decision d = detail::decide_if(p, crow_request{request});
        if (d.answers()) {
            response.code = d.status();
            response.body.clear();
        }
        apply(d, crow_response{response});
    }

private:
    Source source_{};
};

template <class T>
crow_middleware(T&&) -> crow_middleware<detail::policy_source_of<T>>;

/// Lets preflights to paths without a route reach the middleware.
///
/// It adds an OPTIONS route for every path, whose handler Crow never calls. With it, Crow says 405
/// instead of 404 to other methods there; a `CROW_CATCHALL_ROUTE` can put that right.
template <class App, class Method = crow::HTTPMethod>
void crow_route_preflights(App& app) {
    app.route_dynamic("/<path>").methods(Method::Options)([](const std::string&) { return 204; });
}

}  // namespace corsac::inline v0

#endif
