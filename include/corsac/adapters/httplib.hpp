// SPDX-License-Identifier: MIT
#ifndef CORSAC_ADAPTERS_HTTPLIB_HPP
#define CORSAC_ADAPTERS_HTTPLIB_HPP

// cpp-httplib 0.11 and later. Includes no header of it.

#include <corsac/adapters/detail/governed_request.hpp>
#include <corsac/adapters/header_map.hpp>
#include <corsac/adapters/policy_source.hpp>
#include <corsac/decision/decision.hpp>
#include <corsac/decision/response.hpp>
#include <corsac/detail/ascii.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace corsac::inline v0_2_0 {

/// `httplib::Request` as a `request_view`.
template <class Request>
struct httplib_request {
    const Request& request;

    [[nodiscard]] std::string_view method() const noexcept { return request.method; }
    template <class F>
    void visit(F&& f) const {
        for (const auto& [name, value] : request.headers) f(name, value);
    }
    /// What the library's routes are matched with: percent-decoded, without the query.
    [[nodiscard]] std::string_view path() const noexcept { return request.path; }
};

template <class Request>
httplib_request(const Request&) -> httplib_request<Request>;

/// `httplib::Response` as a `response_sink`.
template <class Response>
struct httplib_response : header_map<decltype(Response::headers)> {
    // Not set_header of the library: it appends, despite its name.
    explicit httplib_response(Response& response) noexcept
        : header_map<decltype(Response::headers)>{response.headers} {}
};

namespace detail {

/// Hands a request's decision from the pre-routing handler to the post-routing one. The library
/// runs both, and the handler in between, in one thread.
template <class Governed>
class httplib_relay {
public:
    /// @param govern  Makes it.
    template <class F>
    static const Governed& put(const void* request, const F& govern) noexcept {
        taken& here = seat();
        here.request = request;
        return here.governed.emplace(made_by{govern});
    }
    /// Empties the seat in the end.
    struct leave {
        void operator()(Governed*) const noexcept { seat().governed.reset(); }
    };
    /// Nothing if the pre-routing handler has not seen this request: it could not be parsed.
    static std::unique_ptr<Governed, leave> take(const void* request) noexcept {
        taken& here = seat();
        if (here.request != request) return nullptr;
        here.request = nullptr;
        return std::unique_ptr<Governed, leave>{&*here.governed};
    }

private:
    struct taken {
        const void* request = nullptr;
        std::optional<Governed> governed{};
    };
    static taken& seat() noexcept {
        static thread_local taken here;
        return here;
    }
};

/// A request that notes, while it is read, whether it asks for another protocol. If the library
/// switches to it, as it does for WebSockets, there is no response, and no post-routing handler is
/// called.
template <class Request>
class httplib_noting_request : public httplib_request<Request> {
public:
    explicit httplib_noting_request(const Request& asked) noexcept
        : httplib_request<Request>{asked} {}

    template <class F>
    void visit(F&& f) const {
        bool upgrades = false;
        for (const auto& [name, value] : this->request.headers) {
            upgrades = upgrades || equals_ignore_case(name, "upgrade");
            f(name, value);
        }
        upgrades_ = upgrades;
    }
    [[nodiscard]] bool asks_for_upgrade() const {
        if (!upgrades_) visit([](std::string_view, std::string_view) {});  // no policy read it
        return *upgrades_;
    }

private:
    mutable std::optional<bool> upgrades_;
};

}  // namespace detail

/// A pre-routing handler that answers preflights, and hands every other request to `next`.
///
/// In front of the router, so that a path needs no OPTIONS route; in front of `next` too, since a
/// preflight never carries credentials that an authentication there could accept.
///
/// @param next  A pre-routing handler of yours, or `no_handler{}`.
template <class Server, class P, class Next>
[[nodiscard]] auto httplib_pre_routing(P&& policy_or_source, Next next) {
    return [source = detail::as_policy_source(std::forward<P>(policy_or_source)),
            next = std::move(next)](const auto& request, auto& response) {
        const detail::httplib_noting_request view{request};
        const auto govern = [&] { return detail::govern(source, request, view); };
        using relay = detail::httplib_relay<decltype(govern())>;
        const decision& d = relay::put(&request, govern).decision;
        if (d.answers()) {
            response.status = d.status();
            if (const explanation text = answer_body(d); !text.view().empty()) {
                response.set_content(std::string{text.view()}, "text/plain");
            }
            return Server::HandlerResponse::Handled;
        }
        // Not where nobody may come to take it: the next request in this thread would, if its
        // address is the same and it cannot be parsed.
        if (view.asks_for_upgrade()) relay::take(&request);
        if constexpr (std::is_same_v<Next, no_handler>) {
            return Server::HandlerResponse::Unhandled;
        } else {
            return next(request, response);
        }
    };
}

/// A post-routing handler that writes the policy's headers after `next` has had its turn. The
/// library calls it for every response: errors, exceptions, files, streams and preflights too.
///
/// @param next  A post-routing handler of yours, or `no_handler{}`.
template <class P, class Next>
[[nodiscard]] auto httplib_post_routing(P&& policy_or_source, Next next) {
    return [source = detail::as_policy_source(std::forward<P>(policy_or_source)),
            next = std::move(next)](const auto& request, auto& response) {
        if constexpr (!std::is_same_v<Next, no_handler>) next(request, response);
        const httplib_request view{request};
        using governed_type = decltype(detail::govern(source, request, view));
        const auto write = [&](const decision& d) {
            detail::observe(source, d, request, view);
            corsac::apply(d, httplib_response{response});
        };
        if (const auto put = detail::httplib_relay<governed_type>::take(&request)) {
            write(put->decision);
        } else {
            write(detail::govern(source, request, view).decision);
        }
    };
}

/// Makes a server answer preflights and put the policy's headers on every response.
///
/// It takes the server's two slots for routing handlers, of which there is one each: call it
/// instead of `set_pre_routing_handler` and `set_post_routing_handler`, and pass it what you would
/// have passed to them.
///
/// What remains: a request that the library cannot parse is answered 400 without a policy, and a
/// WebSocket upgrade has no response that anybody sees: `evaluate_upgrade` in your own `pre`.
///
/// @param policy_or_source  See `policy_source.hpp`; a callable gets a `const httplib::Request&`.
template <class Server, class P, class PreRouting, class PostRouting>
void httplib_install(Server& server, P&& policy_or_source, PreRouting pre, PostRouting post) {
    const auto source = detail::as_policy_source(std::forward<P>(policy_or_source));
    server.set_pre_routing_handler(httplib_pre_routing<Server>(source, std::move(pre)));
    server.set_post_routing_handler(httplib_post_routing(source, std::move(post)));
}

/// The same for a server that has no such handlers of its own.
template <class Server, class P>
void httplib_install(Server& server, P&& policy_or_source) {
    httplib_install(server, std::forward<P>(policy_or_source), no_handler{}, no_handler{});
}

}  // namespace corsac::inline v0_2_0

#endif
