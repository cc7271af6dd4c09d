// SPDX-License-Identifier: MIT
#include <corsac/adapters/crow.hpp>

#include <corsac/corsac.hpp>
#include <corsac/live/debug_switch.hpp>

#include "stand_ins.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using stand_ins::fields;
using stand_ins::from_app;
using stand_ins::from_evil;
using stand_ins::from_team;
using stand_ins::lower;
using stand_ins::policy;
using stand_ins::preflight;
using stand_ins::values;

// Crow: methods are numbers, headers a multimap that ignores case.

struct ci_hash {
    std::size_t operator()(const std::string& text) const {
        return std::hash<std::string>{}(lower(text));
    }
};
struct ci_equal {
    bool operator()(const std::string& a, const std::string& b) const {
        return lower(a) == lower(b);
    }
};

namespace crow_like {

enum class http_method : char { Get = 1, Head = 2, Post = 3, Options = 6 };
using map = std::unordered_multimap<std::string, std::string, ci_hash, ci_equal>;

struct request {
    http_method method{};
    map headers{};
    std::string url = "/";
};
struct response {
    int code = 200;
    std::string body = "body";
    map headers{};
    bool ended = false;
    void end() { ended = true; }
    [[nodiscard]] const std::string& get_header_value(const std::string& name) const {
        static const std::string none;
        const auto at = headers.find(name);
        return at == headers.end() ? none : at->second;
    }
};

/// As Crow's router: OPTIONS is told what else the path has, HEAD is served by routes for GET.
template <class... Middlewares>
class app {
public:
    struct route {
        std::vector<http_method> for_methods{};
        template <class... Methods>
        route& methods(Methods... all) {
            for_methods = {all...};
            return *this;
        }
        template <class Handler>
        void operator()(Handler) const {}
    };
    struct found {
        unsigned rule_index;
    };

    explicit app(Middlewares... all) : middlewares_(std::move(all)...) {}

    route& route_dynamic(const std::string& path) { return routes_[path]; }
    template <class M>
    M& get_middleware() {
        return std::get<M>(middlewares_);
    }
    std::optional<found> handle_initial(const request& asked, response& answer) const {
        if (asked.method != http_method::Options) {
            const bool here = has(asked.url, asked.method) || (asked.method == http_method::Head &&
                                                               has(asked.url, http_method::Get));
            return found{here ? 2u : 0u};
        }
        std::string allowed = "OPTIONS, HEAD";
        if (has(asked.url, http_method::Get)) allowed += ", GET";
        if (has(asked.url, http_method::Post)) allowed += ", POST";
        answer.headers.emplace("Allow", allowed);
        return found{2};
    }
    /// What `before_handle` of the first middleware makes of the status that the router has found.
    int status(http_method method, const std::string& url, int routed) {
        using middleware = std::tuple_element_t<0, std::tuple<Middlewares...>>;
        request asked{method, {}, url};
        response answer{.code = routed};
        typename middleware::context context;
        get_middleware<middleware>().before_handle(asked, answer, context);
        return answer.code;
    }

private:
    [[nodiscard]] bool has(const std::string& url, http_method method) const {
        const auto at = routes_.find(url);
        if (at == routes_.end()) return false;
        const auto& all = at->second.for_methods;
        return std::find(all.begin(), all.end(), method) != all.end();
    }

    std::map<std::string, route> routes_{};
    std::tuple<Middlewares...> middlewares_;
};

struct another_middleware {};

template <class Policy>
using middleware_of = corsac::crow_middleware<corsac::single_policy<Policy>, request>;
using middleware_type = middleware_of<corsac::policy>;

template <class T>
response after(T policy_or_source, http_method method, const fields& sent, response r) {
    using middleware = corsac::crow_middleware<corsac::policy_source_of<T>, crow_like::request>;
    request q{method, {sent.begin(), sent.end()}};
    middleware governs{std::move(policy_or_source)};
    typename middleware::context context;
    // Crow calls no before_handle for what its router has answered.
    if (method != http_method::Options) governs.before_handle(q, r, context);
    governs.after_handle(q, r, context);
    return r;
}
response after(http_method method, const fields& sent, response r) {
    return after(policy(), method, sent, std::move(r));
}

}  // namespace crow_like

TEST_CASE("Crow: the middleware answers preflights after the router has") {
    crow_like::response from_router{
        404, "none", {{"Allow", "GET"}, {"Access-Control-Allow-Origin", "*"}}};
    const auto r = after(crow_like::http_method::Options, preflight, std::move(from_router));
    CHECK(r.code == 204);
    CHECK(r.body.empty());
    CHECK(values(r.headers, "access-control-allow-origin") == "https://app.example");
    CHECK(values(r.headers, "access-control-allow-methods") == "PUT");
    CHECK(values(r.headers, "access-control-allow-headers") == "x-custom-a");
    CHECK(values(r.headers, "access-control-max-age") == "");
    CHECK(r.headers.count("access-control-max-age") == 0);
    CHECK(values(r.headers, "vary") ==
          "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
    CHECK(values(r.headers, "allow") == "GET");
    CHECK(values(r.headers, "content-type") == "");
}

TEST_CASE(
    "Crow: a preflight that is refused has its status, no body, and no field of the router's") {
    const fields asks{{"Origin", "https://app.example"},
                      {"Access-Control-Request-Method", "DELETE"}};
    const auto r = after(crow_like::http_method::Options, asks,
                         {204, "none", {{"Access-Control-Allow-Methods", "DELETE"}}});
    CHECK(r.code == 403);
    CHECK(r.body.empty());
    CHECK(values(r.headers, "access-control-allow-methods") == "");
    CHECK(values(r.headers, "content-type") == "");
    CHECK(values(r.headers, "vary") ==
          "Origin, Access-Control-Request-Method, Access-Control-Request-Headers");
}

TEST_CASE("Crow: while debugging is on, the answer to a refused preflight is a text") {
    const corsac::debug_switch debugging;
    debugging.set(true);
    const fields asks{{"Origin", "https://app.example"},
                      {"Access-Control-Request-Method", "DELETE"}};
    const auto r = after(corsac::debuggable(policy(), debugging), crow_like::http_method::Options,
                         asks, {204, "none"});
    CHECK(r.body.find("method \"DELETE\" is not in allow_methods") != std::string::npos);
    CHECK(values(r.headers, "x-cors-explanation") == r.body);
    CHECK(values(r.headers, "content-type") == "text/plain");
}

TEST_CASE("Crow: a policy that rejects ends the request before its handler, others do not") {
    const auto rejecting =
        *corsac::make_policy({.allow_origins = {"https://app.example"}, .reject_disallowed = true});
    const auto get = crow_like::http_method::Get;
    const auto rejected = after(rejecting, get, from_evil, {});
    CHECK(rejected.ended);
    CHECK(rejected.code == 403);
    CHECK(rejected.body.empty());
    CHECK_FALSE(after(rejecting, get, from_app, {}).ended);
    CHECK_FALSE(after(policy(), get, from_evil, {}).ended);
}

TEST_CASE("Crow: an observer sees each request once, with the request") {
    std::string seen;
    const auto source =
        corsac::observed(policy(), [&seen](const corsac::decision& d, const crow_like::request& r) {
            seen.append(corsac::name_of(d.outcome())).append(r.url).append(" ");
        });
    after(source, crow_like::http_method::Get, from_app, {});
    after(source, crow_like::http_method::Options, preflight, {});
    after(source, crow_like::http_method::Get, from_evil, {});
    CHECK(seen == "allowed/ allowed/ origin_not_allowed/ ");
}

TEST_CASE("Crow: a source is asked once for a request, and what it said holds to the end") {
    int asked = 0;
    const auto source = [&asked](const crow_like::request&) {
        return ++asked == 1 ? &policy() : nullptr;
    };
    const auto r = after(source, crow_like::http_method::Get, from_app, {});
    CHECK(values(r.headers, "access-control-allow-origin") == "https://app.example");
    CHECK(asked == 1);
}

TEST_CASE("Crow: with the route for preflights, a path without another is 404 as before") {
    using crow_like::http_method;
    using app_type = crow_like::app<crow_like::middleware_type, crow_like::another_middleware>;
    app_type app{crow_like::middleware_type{policy()}, crow_like::another_middleware{}};
    app.route_dynamic("/get").methods(http_method::Get);
    app.route_dynamic("/post").methods(http_method::Post);
    app.route_dynamic("/head").methods(http_method::Head);
    app.route_dynamic("/options").methods(http_method::Options);
    CHECK(app.status(http_method::Get, "/missing", 405) == 405);
    corsac::crow_route_preflights<crow_like::response, http_method>(app);
    CHECK(app.route_dynamic("/<path>").for_methods ==
          std::vector<http_method>{http_method::Options});
    CHECK(app.status(http_method::Get, "/missing", 405) == 404);
    CHECK(app.status(http_method::Get, "/options", 405) == 404);
    CHECK(app.status(http_method::Get, "/post", 405) == 405);
    CHECK(app.status(http_method::Post, "/get", 405) == 405);
    CHECK(app.status(http_method::Get, "/head", 405) == 405);
    CHECK(app.status(http_method::Get, "/get", 200) == 200);
    CHECK(app.status(http_method::Get, "/missing", 500) == 500);  // of somebody else
}

TEST_CASE("Crow: what the handler wrote is replaced, removed and merged") {
    const auto handlers = [] {
        crow_like::response r;
        r.headers.emplace("Access-Control-Allow-Origin", "*");
        r.headers.emplace("Vary", "Accept-Encoding");
        return r;
    };
    const auto allowed = after(crow_like::http_method::Get, from_team, handlers());
    CHECK(values(allowed.headers, "access-control-allow-origin") == "https://blue.team.example");
    CHECK(values(allowed.headers, "access-control-allow-credentials") == "true");
    CHECK(values(allowed.headers, "vary") == "Accept-Encoding, Origin");
    CHECK(allowed.body == "body");
    const auto refused = after(crow_like::http_method::Get, from_evil, handlers());
    CHECK(refused.headers.count("access-control-allow-origin") == 0);
    CHECK(values(refused.headers, "vary") == "Accept-Encoding, Origin");
}

TEST_CASE("Crow: a preflight is decided anew, though Crow keeps the connection's last context") {
    crow_like::middleware_type middleware{policy()};
    crow_like::middleware_type::context context;
    crow_like::request get{crow_like::http_method::Get, {from_app.begin(), from_app.end()}};
    crow_like::response answer;
    middleware.before_handle(get, answer, context);
    crow_like::request asks{crow_like::http_method::Options, {preflight.begin(), preflight.end()}};
    crow_like::response to_preflight;
    middleware.after_handle(asks, to_preflight, context);
    CHECK(values(to_preflight.headers, "access-control-allow-methods") == "PUT");
    crow_like::request evil{crow_like::http_method::Get, {from_evil.begin(), from_evil.end()}};
    crow_like::response to_evil;
    middleware.after_handle(evil, to_evil, context);
    CHECK(to_evil.headers.count("access-control-allow-origin") == 0);
}

TEST_CASE("Crow: methods have their names, as the rules about writing need them") {
    constexpr std::string_view names[] = {"DELETE",  "GET",     "HEAD",  "POST",  "PUT",
                                          "CONNECT", "OPTIONS", "TRACE", "PATCH", ""};
    for (int i = 0; i < 10; ++i) {
        const crow_like::request q{static_cast<crow_like::http_method>(i)};
        CHECK(corsac::crow_request{q}.method() == names[i]);
    }
    const auto guarded = corsac::make_policy(
        {.allow_origins = {"https://a.example"}, .reject_cross_origin_writes = true});
    const auto status = [&](int method) {
        const crow_like::request q{static_cast<crow_like::http_method>(method),
                                   {{"Sec-Fetch-Site", "cross-site"}}};
        return corsac::evaluate(*guarded, corsac::crow_request{q}).status();
    };
    CHECK(status(1) == 0);    // GET
    CHECK(status(3) == 403);  // POST
    CHECK(status(20) == 403);
}

TEST_CASE("a policy checked by the compiler serves as well") {
    static constexpr auto checked = corsac::static_policy(
        [] { return corsac::policy_options{.allow_origins = {"https://app.example"}}; });
    crow_like::request q{crow_like::http_method::Get, {from_app.begin(), from_app.end()}};
    crow_like::response r;
    using middleware_type = crow_like::middleware_of<std::remove_const_t<decltype(checked)>>;
    middleware_type middleware{checked};
    middleware_type::context context;
    middleware.after_handle(q, r, context);
    CHECK(values(r.headers, "access-control-allow-origin") == "https://app.example");
}

}  // namespace
