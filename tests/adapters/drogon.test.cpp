// SPDX-License-Identifier: MIT
#include <corsac/adapters/drogon.hpp>

#include <corsac/corsac.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/debug_switch.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include "stand_ins.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace {

using stand_ins::fields;
using stand_ins::from_app;
using stand_ins::from_evil;
using stand_ins::lower;
using stand_ins::policy;
using stand_ins::preflight;
using stand_ins::values;

// Drogon: one value per name, responses that are rendered once.

namespace drogon_like {

using map = std::unordered_map<std::string, std::string>;
enum status_code : int { k200OK = 200 };
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
    [[nodiscard]] const std::string& body() const { return body_; }
    void setBody(std::string body) { body_ = std::move(body); }
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
    std::string body_{};
};

/// A loop whose time passes when a test says so.
struct loop {
    std::map<int, std::function<void()>> timers{};
    int last = 0;
    double seconds = 0;  ///< the last timer's

    static loop* getEventLoopOfCurrentThread() {
        static loop only;
        return &only;
    }
    int runAfter(double after, std::function<void()> what) {
        seconds = after;
        timers.emplace(++last, std::move(what));
        return last;
    }
    void invalidateTimer(int timer) { timers.erase(timer); }
    void runInLoop(const std::function<void()>& what) { what(); }
    void let_time_pass() {
        for (const auto& [timer, what] : std::exchange(timers, {})) what();
    }
};

struct app {
    using respond = std::function<void(const std::shared_ptr<response>&)>;
    std::function<std::shared_ptr<response>(const std::shared_ptr<request>&)> sync{};
    std::function<void(const std::shared_ptr<request>&, respond&&, std::function<void()>&&)>
        routing{};
    std::function<void(const std::shared_ptr<request>&, const std::shared_ptr<response>&)>
        sending{};
    loop* getLoop() { return loop::getEventLoopOfCurrentThread(); }
    void registerSyncAdvice(decltype(sync) f) { sync = std::move(f); }
    void registerPreRoutingAdvice(decltype(routing) f) { routing = std::move(f); }
    void registerPreSendingAdvice(decltype(sending) f) { sending = std::move(f); }

    explicit app(corsac::drogon_options options) : app(policy(), options) {}
    template <class P>
    explicit app(const P& governs, corsac::drogon_options options) {
        corsac::drogon_install<app, const P&, request, response>(*this, governs, options);
    }
};

/// A request on its way through an application: advices, a handler, advices. What a sync advice
/// answers is sent as it is.
struct visit {
    const app& site;
    std::shared_ptr<request> asks;
    std::shared_ptr<response> sent{};
    int responses = 0;
    bool handled = false;

    visit(const app& where, std::shared_ptr<request> what) : site(where), asks(std::move(what)) {
        sent = site.sync(asks);
        if (sent) {
            ++responses;
        } else if (site.routing) {
            site.routing(
                asks, [this](const std::shared_ptr<response>& r) { send(r); },
                [this] { handle(); });
        } else {
            handle();
        }
    }
    visit(const visit&) = delete;
    visit& operator=(const visit&) = delete;

    void handle() {
        handled = true;
        send(std::make_shared<response>());
    }
    void send(const std::shared_ptr<response>& r) {
        ++responses;
        site.sending(asks, r);
        sent = r;
    }
    [[nodiscard]] std::string granted() const {
        return sent ? values(sent->headers(), "access-control-allow-origin") : "no answer";
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

TEST_CASE("Drogon: all that the handler wrote of ours is removed, however many fields") {
    const drogon_like::app app{{}};
    const auto handlers = std::make_shared<drogon_like::response>();
    for (const char* name : {"Access-Control-Allow-Origin", "Access-Control-Allow-Methods",
                             "Access-Control-Max-Age", "X-Own", "Accept-Ranges"}) {
        handlers->addHeader(name, "a");
    }
    app.sending(drogon_like::make_request("GET", from_evil), handlers);
    CHECK(handlers->headers() ==
          drogon_like::map{{"x-own", "a"}, {"accept-ranges", "a"}, {"vary", "Origin"}});
}

TEST_CASE("Drogon: a response that is cached for good is rendered anew, too") {
    const drogon_like::app app{{}};
    const auto cached = std::make_shared<drogon_like::response>();
    cached->setExpiredTime(0);
    app.sending(drogon_like::make_request("GET", from_app), cached);
    cached->render();
    app.sending(drogon_like::make_request("GET", from_evil), cached);
    CHECK(values(cached->render(), "access-control-allow-origin") == "");
}

TEST_CASE("Drogon: a policy that rejects ends the request before its handler, others do not") {
    const auto rejecting =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .reject_disallowed = true});
    const drogon_like::app app{*rejecting, {}};
    const drogon_like::visit evil{app, drogon_like::make_request("GET", from_evil)};
    CHECK_FALSE(evil.handled);
    CHECK(evil.sent->statusCode() == 403);
    CHECK(evil.sent->body().empty());
    CHECK(drogon_like::visit{app, drogon_like::make_request("GET", from_app)}.handled);
    const drogon_like::app lenient{{}};
    CHECK(drogon_like::visit{lenient, drogon_like::make_request("GET", from_evil)}.handled);
}

TEST_CASE("Drogon: an observer sees each request once, whoever answers it") {
    std::string seen;
    const auto source = corsac::observed(
        policy(), [&seen](const corsac::decision& d, const drogon_like::request& r) {
            seen.append(r.method).append(d.allows() ? "+ " : "- ");
        });
    const drogon_like::app app{source, {}};
    const drogon_like::visit preflights{app, drogon_like::make_request("OPTIONS", preflight)};
    const drogon_like::visit gets{app, drogon_like::make_request("GET", from_app)};
    const drogon_like::visit evil{app, drogon_like::make_request("PUT", from_evil)};
    CHECK(seen == "OPTIONS+ GET+ PUT- ");
}

TEST_CASE("Drogon: while debugging is on, the answer to a refused preflight is a text") {
    const corsac::debug_switch debugging;
    debugging.set(true);
    const drogon_like::app app{corsac::debuggable(policy(), debugging), {}};
    const fields asks{{"Origin", "https://app.example"},
                      {"Access-Control-Request-Method", "DELETE"}};
    const drogon_like::visit visit{app, drogon_like::make_request("OPTIONS", asks)};
    CHECK(visit.sent->body().find("method \"DELETE\" is not in allow_methods") !=
          std::string::npos);
}

TEST_CASE("Drogon: what is live is asked once for a request, what cannot change keeps nothing") {
    const corsac::live_policy live{policy()};
    const drogon_like::app app{live, {}};
    const auto asks = drogon_like::make_request("GET", from_app);
    CHECK_FALSE(app.sync(asks));
    live.replace(*corsac::make_policy({.allow_origins = {"https://other.example"}}));
    const auto response = std::make_shared<drogon_like::response>();
    app.sending(asks, response);
    CHECK(values(response->headers(), "access-control-allow-origin") == "https://app.example");
    // An advice in front ended it, so nobody has asked yet.
    app.sending(drogon_like::make_request("GET", from_app), response);
    CHECK(values(response->headers(), "access-control-allow-origin") == "");

    const auto cheap = drogon_like::make_request("GET", from_app);
    CHECK_FALSE(drogon_like::app{{}}.sync(cheap));
    CHECK_FALSE(cheap->attributes()->find("corsac"));
    const auto observed = corsac::observed(policy(), [](const corsac::decision&) {});
    CHECK_FALSE(drogon_like::app{observed, {}}.sync(cheap));
    CHECK_FALSE(cheap->attributes()->find("corsac"));
}

// A source that asks: the tenants are in a database, which answers when a test says so.

struct slow_database {
    std::vector<corsac::origin_reply> asked{};
    corsac::asked_origins tenants;

    slow_database()
        : tenants{[this](const corsac::origin_question&, corsac::origin_reply reply) {
                      asked.push_back(std::move(reply));
                  },
                  {.patience = std::chrono::milliseconds{2500}}} {}
    slow_database(const slow_database&) = delete;
    slow_database& operator=(const slow_database&) = delete;
};

const fields from_tenant{{"Origin", "https://tenant.example"}};
const fields tenants_preflight{{"Origin", "https://tenant.example"},
                               {"Access-Control-Request-Method", "PUT"}};

TEST_CASE("Drogon: a request waits for the verdict on its origin, without a thread") {
    using drogon_like::make_request;
    slow_database database;
    const drogon_like::app app{corsac::asking(policy(), database.tenants), {}};
    auto& loop = *drogon_like::loop::getEventLoopOfCurrentThread();

    const drogon_like::visit listed{app, make_request("GET", from_app)};
    CHECK(listed.granted() == "https://app.example");
    CHECK(database.asked.empty());
    CHECK(loop.timers.empty());

    const drogon_like::visit get{app, make_request("GET", from_tenant)};
    const drogon_like::visit asks{app, make_request("OPTIONS", tenants_preflight)};
    CHECK_FALSE(get.handled);
    CHECK_FALSE(asks.sent);
    REQUIRE(database.asked.size() == 1);
    CHECK(loop.timers.size() == 2);
    CHECK(loop.seconds == 2.5);

    database.asked[0](corsac::origin_verdict::allowed);
    CHECK(loop.timers.empty());
    CHECK(get.handled);
    CHECK(get.granted() == "https://tenant.example");
    CHECK(get.responses == 1);
    CHECK_FALSE(asks.handled);
    REQUIRE(asks.sent);
    CHECK(asks.sent->statusCode() == 204);
    CHECK(asks.granted() == "https://tenant.example");
    CHECK(values(asks.sent->headers(), "access-control-allow-methods") == "PUT");
    CHECK(asks.responses == 1);

    const drogon_like::visit again{app, make_request("OPTIONS", tenants_preflight)};
    CHECK(again.granted() == "https://tenant.example");
    CHECK(again.sent->statusCode() == 204);
    CHECK(app.sync(make_request("OPTIONS", tenants_preflight)));  // what is known waits for nobody
    CHECK(database.asked.size() == 1);
}

TEST_CASE("Drogon: where patience ends, the request goes on refused, and only once") {
    using drogon_like::make_request;
    slow_database database;
    const drogon_like::app app{corsac::asking(policy(), database.tenants), {}};
    auto& loop = *drogon_like::loop::getEventLoopOfCurrentThread();
    const drogon_like::visit get{app, make_request("GET", from_tenant)};
    const drogon_like::visit asks{app, make_request("OPTIONS", tenants_preflight)};
    loop.let_time_pass();
    CHECK(get.handled);
    CHECK(get.granted() == "");
    CHECK(values(get.sent->headers(), "vary") == "Origin");
    REQUIRE(asks.sent);
    CHECK(asks.sent->statusCode() == 403);
    CHECK(asks.granted() == "");
    database.asked[0](corsac::origin_verdict::allowed);
    CHECK(get.responses == 1);
    CHECK(asks.responses == 1);
    CHECK(get.granted() == "");
}

TEST_CASE("Drogon: a tenant's request that somebody else ends is answered without a verdict") {
    using drogon_like::make_request;
    slow_database database;
    std::string seen;
    const auto source = corsac::observed(corsac::asking(policy(), database.tenants),
                                         [&seen](const corsac::decision& d) {
                                             seen.append(corsac::name_of(d.outcome())).append(" ");
                                         });
    const drogon_like::app app{source, {}};
    // An advice after ours ended it, and one before ours did.
    const auto begun = make_request("GET", from_tenant);
    CHECK_FALSE(app.sync(begun));
    const auto unauthorized = std::make_shared<drogon_like::response>();
    app.sending(begun, unauthorized);
    CHECK(unauthorized->headers() == drogon_like::map{{"vary", "Origin"}});
    app.sending(make_request("GET", from_app), unauthorized);
    CHECK(values(unauthorized->headers(), "access-control-allow-origin") == "https://app.example");
    const auto unseen = make_request("GET", from_tenant);
    bool went_on = false;
    app.routing(unseen, {}, [&went_on] { went_on = true; });
    CHECK(went_on);
    app.sending(unseen, unauthorized);
    CHECK(unauthorized->headers() == drogon_like::map{{"vary", "Origin"}});
    CHECK(database.asked.empty());
    CHECK(seen == "origin_unknown allowed origin_unknown ");
}

TEST_CASE("Drogon: a source that asks may have no policy for a request") {
    slow_database database;
    const auto nobody = [](const drogon_like::request&) -> const corsac::policy* {
        return nullptr;
    };
    const drogon_like::app app{corsac::asking(nobody, database.tenants), {}};
    const drogon_like::visit get{app, drogon_like::make_request("GET", from_tenant)};
    CHECK(get.handled);
    CHECK(get.sent->headers().empty());
    CHECK(database.asked.empty());
}

}  // namespace
