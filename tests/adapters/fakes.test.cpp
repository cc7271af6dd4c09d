// SPDX-License-Identifier: MIT

// The adapters of the four frameworks that no distribution packages, and of one that is newer than
// the packages, on stand-ins that have the
// same members and the same habits. They keep the adapters compiling, without exceptions and RTTI
// too, where the real ones are absent; what is right is shown by adapter_cases on the real ones.

#include <corsac/adapters/crow.hpp>
#include <corsac/adapters/drogon.hpp>
#include <corsac/adapters/httplib.hpp>
#include <corsac/adapters/oatpp.hpp>
#include <corsac/adapters/uwebsockets.hpp>
#include <corsac/corsac.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <doctest/doctest.h>

#include <cctype>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using fields = std::vector<std::pair<std::string, std::string>>;

const corsac::policy& policy() {
    static const auto built =
        corsac::make_policy({.allow_origins = {"https://app.example", "https://*.team.example"},
                             .allow_methods = {"PUT"},
                             .allow_headers = {"X-Custom-*"},
                             .allow_credentials = true});
    return *built;
}

const fields from_app{{"Origin", "https://app.example"}};
const fields from_team{{"Origin", "https://blue.team.example"}};
const fields from_evil{{"Origin", "https://evil.example"}};
const fields preflight{{"Origin", "https://app.example"},
                       {"Access-Control-Request-Method", "PUT"},
                       {"Access-Control-Request-Headers", "x-custom-a"}};

std::string lower(std::string_view text) {
    std::string folded(text);
    for (char& c : folded) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return folded;
}

/// All values of one name, joined by `|`.
template <class Lines>
std::string values(const Lines& lines, std::string_view name) {
    std::string all;
    for (const auto& [n, v] : lines) {
        if (lower(n) == name) all.append(all.empty() ? "" : "|").append(v);
    }
    return all;
}

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

// --- Crow: methods are numbers, headers a multimap that ignores case --------------------------

namespace crow_like {

enum class http_method : char { Get = 1, Options = 6 };
using map = std::unordered_multimap<std::string, std::string, ci_hash, ci_equal>;

struct request {
    http_method method;
    map headers;
};
struct response {
    int code = 200;
    std::string body = "body";
    map headers;
    bool ended = false;
    void end() { ended = true; }
};

template <class Policy>
using middleware_of = corsac::crow_middleware<corsac::single_policy<Policy>, request>;
using middleware_type = middleware_of<corsac::policy>;

response after(http_method method, const fields& sent, response r) {
    request q{method, {sent.begin(), sent.end()}};
    middleware_type middleware{policy()};
    middleware_type::context context;
    middleware.before_handle(q, r, context);
    middleware.after_handle(q, r, context);
    return r;
}

}  // namespace crow_like

TEST_CASE("Crow: the middleware answers preflights after the router has") {
    crow_like::response from_router{404, "none", {{"Allow", "GET"}}};
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
    const auto guarded = corsac::make_policy(
        {.allow_origins = {"https://a.example"}, .reject_cross_origin_writes = true});
    const auto status = [&](int method) {
        const crow_like::request q{static_cast<crow_like::http_method>(method),
                                   {{"Sec-Fetch-Site", "cross-site"}}};
        return corsac::evaluate(*guarded, corsac::crow_request{q}).status();
    };
    CHECK(status(1) == 0);    // GET
    CHECK(status(2) == 0);    // HEAD
    CHECK(status(3) == 403);  // POST
    CHECK(status(8) == 403);  // PATCH
    CHECK(status(20) == 403);
}

// --- cpp-httplib: two handlers, of which the second is not called for what became a WebSocket ----

namespace httplib_like {

struct request {
    std::string method;
    std::string path;
    std::multimap<std::string, std::string> headers;
};
struct response {
    int status = 200;
    std::multimap<std::string, std::string> headers{};
    void set_content(const std::string&, const char*) {}
};
struct server {
    enum class HandlerResponse { Handled, Unhandled };
    std::function<HandlerResponse(const request&, response&)> before;
    std::function<void(const request&, response&)> after;

    void set_pre_routing_handler(decltype(before) handler) { before = std::move(handler); }
    void set_post_routing_handler(decltype(after) handler) { after = std::move(handler); }
};

}  // namespace httplib_like

TEST_CASE("cpp-httplib: what was decided on an upgrade is not left for the next request") {
    using httplib_like::response;
    httplib_like::server server;
    corsac::httplib_install(server, policy());

    // The library keeps its request in the same place, and the second could not be parsed.
    httplib_like::request asked{"GET", "/live", {from_team.begin(), from_team.end()}};
    asked.headers.emplace("Upgrade", "websocket");
    response switched;
    server.before(asked, switched);
    asked = {};
    response refused{400};
    server.after(asked, refused);
    CHECK(values(refused.headers, "access-control-allow-origin") == "");

    // No WebSocket has that path, so its 404 is a response like any other.
    asked = {"GET", "/missing", {from_team.begin(), from_team.end()}};
    asked.headers.emplace("Upgrade", "websocket");
    response missing{404};
    server.before(asked, missing);
    server.before(asked, missing);
    server.after(asked, missing);
    CHECK(values(missing.headers, "access-control-allow-origin") == "https://blue.team.example");
}

// --- Drogon: one value per name, responses that are rendered once -----------------------------

namespace drogon_like {

using map = std::unordered_map<std::string, std::string>;
enum status_code { k200OK = 200 };
enum content_type { CT_NONE = 0, CT_TEXT_HTML };

class attributes {
public:
    template <class T>
    void insert(const std::string& key, T value) {
        values_[key] = std::make_shared<holder<T>>(std::move(value));
    }
    [[nodiscard]] bool find(const std::string& key) const { return values_.count(key) != 0; }
    template <class T>
    [[nodiscard]] const T& get(const std::string& key) const {
        return static_cast<const holder<T>&>(*values_.at(key)).value;
    }

private:
    struct any {
        virtual ~any() = default;
    };
    template <class T>
    struct holder : any {
        explicit holder(T v) : value(std::move(v)) {}
        T value;
    };
    std::unordered_map<std::string, std::shared_ptr<any>> values_{};
};

struct request {
    std::string method;
    map lines;
    map jar{};
    std::shared_ptr<class attributes> kept = std::make_shared<class attributes>();
    [[nodiscard]] const std::shared_ptr<class attributes>& attributes() const { return kept; }
    [[nodiscard]] const char* methodString() const { return method.c_str(); }
    std::string where = "/";
    std::string asked{};
    [[nodiscard]] const std::string& path() const { return where; }
    [[nodiscard]] const std::string& query() const { return asked; }
    [[nodiscard]] const map& headers() const { return lines; }
    [[nodiscard]] const map& cookies() const { return jar; }
};
class response {
public:
    static std::shared_ptr<response> newHttpResponse() { return std::make_shared<response>(); }
    void addHeader(std::string name, const std::string& value) { lines_[lower(name)] = value; }
    void removeHeader(std::string name) { lines_.erase(lower(name)); }
    [[nodiscard]] const std::string& getHeader(std::string name) const {
        static const std::string none;
        const auto at = lines_.find(lower(name));
        return at == lines_.end() ? none : at->second;
    }
    [[nodiscard]] const map& headers() const { return lines_; }
    [[nodiscard]] status_code statusCode() const { return status_; }
    void setStatusCode(status_code status) { status_ = status; }
    [[nodiscard]] content_type contentType() const { return type_; }
    void setContentTypeCode(content_type type) { type_ = type; }
    void setBody(std::string) {}
    [[nodiscard]] std::ptrdiff_t expiredTime() const { return expires_; }
    void setExpiredTime(std::ptrdiff_t seconds) {
        expires_ = seconds;
        rendered_.clear();
    }
    /// As Drogon does: what may be cached is rendered once.
    const map& render() {
        if (expires_ < 0 || rendered_.empty()) rendered_ = lines_;
        return rendered_;
    }

private:
    map lines_{};
    map rendered_{};
    status_code status_ = k200OK;
    content_type type_ = CT_TEXT_HTML;
    std::ptrdiff_t expires_ = -1;
};

struct app {
    std::function<std::shared_ptr<response>(const std::shared_ptr<request>&)> sync{};
    std::function<void(const std::shared_ptr<request>&, const std::shared_ptr<response>&)>
        sending{};
    void registerSyncAdvice(decltype(sync) f) { sync = std::move(f); }
    void registerPreSendingAdvice(decltype(sending) f) { sending = std::move(f); }

    explicit app(corsac::drogon_options options) : app(policy(), options) {}
    template <class P>
    explicit app(const P& governs, corsac::drogon_options options) {
        corsac::drogon_install<app, const P&, request, response>(*this, governs, options);
    }
};

std::shared_ptr<request> make_request(const char* method, const fields& sent) {
    auto made = std::make_shared<request>();
    made->method = method;
    for (const auto& [name, value] : sent) made->lines.emplace(lower(name), value);
    return made;
}

}  // namespace drogon_like

TEST_CASE("Drogon: cookies stand beside the headers, and count as credentials") {
    const auto bare =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .refuse_credentials = true});
    const auto allows = [&](const drogon_like::request& asks) {
        return corsac::evaluate(*bare, corsac::drogon_request{asks}).allows();
    };
    const drogon_like::map lines{{"origin", "https://a.example"}};
    CHECK(allows({"GET", lines}));
    CHECK_FALSE(allows({"GET", lines, {{"a", "b"}}}));
    CHECK_FALSE(
        allows({"GET", {{"origin", "https://a.example"}, {"authorization", "Basic Og=="}}}));

    // One value per name: two lines of Vary would be one too many.
    drogon_like::response made;
    const drogon_like::request asks{"GET", lines, {{"a", "b"}}};
    corsac::apply(
        corsac::evaluate(*bare, corsac::drogon_request{asks}),
        corsac::detail::new_response{corsac::drogon_response<drogon_like::response>{made}});
    CHECK(values(made.headers(), "vary") == "Origin, Cookie, Authorization");
}

TEST_CASE("Drogon: preflights are answered in front of everything, others are not") {
    const drogon_like::app app{{}};
    const auto answer = app.sync(drogon_like::make_request("OPTIONS", preflight));
    REQUIRE(answer);
    CHECK(answer->statusCode() == 204);
    CHECK(answer->contentType() == drogon_like::CT_NONE);
    CHECK(values(answer->headers(), "access-control-allow-origin") == "https://app.example");
    CHECK_FALSE(app.sync(drogon_like::make_request("OPTIONS", from_app)));
    CHECK_FALSE(app.sync(drogon_like::make_request("GET", from_app)));
}

TEST_CASE("Drogon: a table's policy answers preflights, with a matcher or without") {
    const auto granted = [](const corsac::policy_table& table, const fields& asks) {
        const drogon_like::app app{table, {}};
        const auto answer = app.sync(drogon_like::make_request("OPTIONS", asks));
        return answer ? values(answer->headers(), "access-control-allow-origin") : "no answer";
    };
    const auto table_of = [](const auto& governs) {
        corsac::policy_table_builder builder;
        const auto route = builder.add_route({.name = "site"});
        builder.add_match(builder.add_rule(route, ""), {.path = "/"});
        builder.attach(route, governs, {});
        return std::move(builder).build();
    };
    const auto listed = table_of(policy());
    REQUIRE(listed);
    CHECK(granted(*listed, preflight) == "https://app.example");
    CHECK(granted(*listed, from_app) == "no answer");
    const auto matched = table_of(*corsac::make_policy(
        {.allow_methods = {"PUT"}, .allow_headers = {"X-Custom-*"}},
        corsac::origin_if{[](std::string_view o) { return o == "https://app.example"; }}));
    REQUIRE(matched);
    CHECK(granted(*matched, preflight) == "https://app.example");
}

TEST_CASE("Drogon: a table in lower case governs a path in any case, as Drogon's router takes it") {
    corsac::policy_table_builder builder;
    const auto route = builder.add_route({.name = "site"});
    builder.add_match(builder.add_rule(route, ""), {.path = "/admin"});
    builder.attach(route, policy(), {});
    const auto table = std::move(builder).build();
    REQUIRE(table);
    const drogon_like::app app{*table, {}};
    for (const char* path : {"/admin", "/Admin/users", "/ADMIN"}) {
        CAPTURE(path);
        const auto asks = drogon_like::make_request("OPTIONS", preflight);
        asks->where = path;
        const auto answer = app.sync(asks);
        REQUIRE(answer);
        CHECK(values(answer->headers(), "access-control-allow-origin") == "https://app.example");
    }
}

TEST_CASE("Drogon: a cached response is rendered anew for every origin") {
    const drogon_like::app app{{}};
    drogon_like::response cached;
    cached.addHeader("Vary", "Accept-Encoding");
    cached.setExpiredTime(60);
    const auto shared = std::make_shared<drogon_like::response>(cached);
    for (int twice = 0; twice < 2; ++twice) {
        app.sending(drogon_like::make_request("GET", from_app), shared);
        CHECK(values(shared->render(), "access-control-allow-origin") == "https://app.example");
        app.sending(drogon_like::make_request("GET", from_evil), shared);
        CHECK(values(shared->render(), "access-control-allow-origin") == "");
        CHECK(values(shared->render(), "vary") == "Accept-Encoding, Origin");
    }
    CHECK(shared->expiredTime() == 60);
}

TEST_CASE("Drogon: caching can be given up") {
    const drogon_like::app app{{.keep_response_cache = false}};
    const auto response = std::make_shared<drogon_like::response>();
    response->setExpiredTime(60);
    app.sending(drogon_like::make_request("GET", from_app), response);
    CHECK(response->expiredTime() == -1);
}

// --- Oat++: labels into the request's bytes, nothing can be erased ----------------------------

namespace oatpp_like {

struct label {
    std::string text;
    label(const char* t) : text(t) {}
    label(const std::shared_ptr<std::string>& t) : text(*t) {}
    [[nodiscard]] const void* getData() const { return text.data(); }
    [[nodiscard]] long getSize() const { return static_cast<long>(text.size()); }
};
class headers {
public:
    [[nodiscard]] const std::vector<std::pair<label, label>>& getAll_Unsafe() const {
        return lines_;
    }
    void put_LockFree(const label& name, const label& value) { lines_.emplace_back(name, value); }

private:
    std::vector<std::pair<label, label>> lines_{};
};
struct starting_line {
    label method;
};
struct request {
    starting_line line;
    headers lines{};
    [[nodiscard]] const starting_line& getStartingLine() const { return line; }
    [[nodiscard]] const headers& getHeaders() const { return lines; }
};
struct status {
    int code;
    status(int c, const char*) : code(c) {}
};
class response {
public:
    explicit response(status s) : status_(s) {}
    static std::shared_ptr<response> createShared(status s, std::nullptr_t) {
        return std::make_shared<response>(s);
    }
    [[nodiscard]] const status& getStatus() const { return status_; }
    headers& getHeaders() { return lines_; }
    void putHeader_Unsafe(const label& name, const label& value) {
        lines_.put_LockFree(name, value);
    }
    [[nodiscard]] fields sent() const {
        fields all;
        for (const auto& [n, v] : lines_.getAll_Unsafe()) all.emplace_back(n.text, v.text);
        return all;
    }

private:
    status status_;
    headers lines_{};
};
struct request_interceptor {
    using IncomingRequest = request;
    using OutgoingResponse = response;
    virtual ~request_interceptor() = default;
    virtual std::shared_ptr<response> intercept(const std::shared_ptr<request>&) = 0;
};
struct response_interceptor {
    using IncomingRequest = request;
    using OutgoingResponse = response;
    virtual ~response_interceptor() = default;
    virtual std::shared_ptr<response> intercept(const std::shared_ptr<request>&,
                                                const std::shared_ptr<response>&) = 0;
};

std::shared_ptr<request> make_request(const char* method, const fields& sent) {
    auto made = std::make_shared<request>(request{{method}});
    for (const auto& [name, value] : sent) {
        made->lines.put_LockFree(name.c_str(), value.c_str());
    }
    return made;
}

}  // namespace oatpp_like

TEST_CASE("Oat++: interceptors answer preflights, and replace what cannot be erased") {
    using source = corsac::single_policy<corsac::policy>;
    const source shared = corsac::detail::as_policy_source(policy());
    corsac::oatpp_request_interceptor<source, oatpp_like::request_interceptor> before{shared};
    corsac::oatpp_response_interceptor<source, oatpp_like::response_interceptor> after{shared};

    const auto asked = oatpp_like::make_request("OPTIONS", preflight);
    const auto answer = before.intercept(asked);
    REQUIRE(answer);
    CHECK(answer->getStatus().code == 204);
    CHECK(values(after.intercept(asked, answer)->sent(), "access-control-allow-methods") == "PUT");
    CHECK_FALSE(before.intercept(oatpp_like::make_request("GET", from_app)));

    const auto handlers = std::make_shared<oatpp_like::response>(oatpp_like::status{200, "OK"});
    handlers->putHeader_Unsafe("Access-Control-Allow-Origin", "*");
    handlers->putHeader_Unsafe("Content-Type", "text/plain");
    after.intercept(oatpp_like::make_request("GET", from_evil), handlers);
    CHECK(values(handlers->sent(), "access-control-allow-origin") == "");
    CHECK(values(handlers->sent(), "content-type") == "text/plain");
    CHECK(values(handlers->sent(), "vary") == "Origin");
    CHECK(after.intercept(nullptr, handlers) == handlers);
}

// --- uWebSockets: write-only, status first, and the request dies with the handler's return ------

namespace uws_like {

struct request {
    std::string method;
    std::vector<std::pair<std::string_view, std::string_view>> lines{};
    bool yielded = false;
    [[nodiscard]] std::string_view getCaseSensitiveMethod() const { return method; }
    [[nodiscard]] auto begin() const { return lines.begin(); }
    [[nodiscard]] auto end() const { return lines.end(); }
    void setYield(bool yield) { yielded = yield; }
};
struct response {
    std::string log{};
    response* writeStatus(std::string_view status) {
        CHECK(log.empty());  // the status comes first
        log.append(status).append("\n");
        return this;
    }
    response* writeHeader(std::string_view name, std::string_view value) {
        CHECK(!log.empty());
        log.append(name).append(": ").append(value).append("\n");
        return this;
    }
    void endWithoutBody() { log += "end"; }
    void end(std::string_view body) { log.append("end ").append(body); }
};

}  // namespace uws_like

TEST_CASE("uWebSockets: preflights are answered, other OPTIONS go on to the application") {
    const corsac::uws_routes cors{policy()};
    uws_like::request asked{"OPTIONS", {preflight.begin(), preflight.end()}};
    uws_like::response answer;
    cors.preflights()(&answer, &asked);
    CHECK(answer.log ==
          "204 No Content\n"
          "access-control-allow-origin: https://app.example\n"
          "access-control-allow-credentials: true\n"
          "access-control-allow-methods: PUT\n"
          "access-control-allow-headers: x-custom-a\n"
          "vary: Origin, Access-Control-Request-Method, Access-Control-Request-Headers\n"
          "end");
    uws_like::request other{"OPTIONS", {from_app.begin(), from_app.end()}};
    uws_like::response untouched;
    cors.preflights()(&untouched, &other);
    CHECK(other.yielded);
    CHECK(untouched.log.empty());
}

TEST_CASE("uWebSockets: a response may be started when the request is gone") {
    const corsac::uws_routes cors{policy()};
    uws_like::response answer;
    std::function<void()> later;
    {
        std::string origin = "https://blue.team.example";  // long enough to live on the heap
        uws_like::request asked{"GET", {{"origin", origin}}};
        cors.wrap([&later](auto* response, auto*, auto start) {
            later = [=] { start(response, "200 OK")->end("later"); };
        })(&answer, &asked);
        origin.assign(origin.size(), 'x');
    }
    later();
    CHECK(answer.log == "200 OK\n"
                        "access-control-allow-origin: https://blue.team.example\n"
                        "access-control-allow-credentials: true\n"
                        "vary: Origin\n"
                        "end later");
}

// --- Where the policy comes from -----------------------------------------------------------------

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

TEST_CASE("a policy that is replaced while a response is pending is kept until it is written") {
    auto current = std::make_shared<const corsac::policy>(policy());
    const std::weak_ptr<const corsac::policy> old = current;
    const corsac::uws_routes cors{[&current](const auto&) { return current; }};
    uws_like::response answer;
    std::function<void()> later;
    {
        uws_like::request asked{"GET", {from_app.begin(), from_app.end()}};
        cors.wrap([&later](auto* response, auto*, auto start) {
            later = [=] { start(response, "200 OK")->end("later"); };
        })(&answer, &asked);
    }
    current = nullptr;
    CHECK_FALSE(old.expired());
    later();
    CHECK(answer.log.find("https://app.example") != std::string::npos);
    later = nullptr;
    CHECK(old.expired());
}

}  // namespace
