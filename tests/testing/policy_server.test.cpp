// SPDX-License-Identifier: MIT
#include <corsac/testing/policy_server.hpp>

#include <corsac/corsac.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/live/shared_origins.hpp>
#include <corsac/table/live_table.hpp>
#include <corsac/table/policy_table_builder.hpp>
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::browser;
using sim::credentials_mode;
using sim::quirks;
using sim::step;

using names = std::vector<std::string>;

constexpr const char* page = "https://app.example";
constexpr const char* api = "https://api.example/items";

const corsac::result<corsac::policy> usual =
    corsac::make_policy({.allow_origins = {"https://app.example"}, .allow_methods = {"PUT"}});
const corsac::result<corsac::policy> bare =
    corsac::make_policy({.allow_origins = {"https://app.example"}, .refuse_credentials = true});

/// What an application answers by itself.
const sim::response careless{
    404, {{"Vary", "Accept"}, {"ACCESS-CONTROL-ALLOW-ORIGIN", "*"}, {"Content-Type", "a/b"}}};

struct row {
    const char* about;
    const corsac::result<corsac::policy>& policy;
    sim::request request;
    int status;
    sim::header_list headers;
};

const row rows[] = {
    {"an allowed origin: what the application wrote is replaced, and completed",
     usual,
     {.method = "GET", .headers = {{"Origin", page}}},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"access-control-allow-origin", page},
      {"vary", "Origin"}}},
    {"a stranger: what the application wrote is removed",
     usual,
     {.method = "GET", .headers = {{"Origin", "https://evil.example"}}},
     404,
     {{"Vary", "Accept"}, {"Content-Type", "a/b"}, {"vary", "Origin"}}},
    {"a preflight does not reach the application",
     usual,
     {.method = "OPTIONS", .headers = {{"Origin", page}, {"Access-Control-Request-Method", "PUT"}}},
     204,
     {{"access-control-allow-origin", page},
      {"access-control-allow-methods", "PUT"},
      {"vary", "Origin"},
      {"vary", "Access-Control-Request-Method"},
      {"vary", "Access-Control-Request-Headers"}}},
    {"another OPTIONS does",
     usual,
     {.method = "OPTIONS"},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"vary", "Origin"},
      {"vary", "Access-Control-Request-Method"},
      {"vary", "Access-Control-Request-Headers"}}},
    {"credentials that the browser would attach count as a cookie",
     bare,
     {.method = "GET", .headers = {{"Origin", page}}, .credentials = true},
     404,
     {{"Vary", "Accept"},
      {"Content-Type", "a/b"},
      {"vary", "Origin"},
      {"vary", "Cookie"},
      {"vary", "Authorization"}}},
};

}  // namespace

TEST_CASE("a server that is governed by a policy answers as one that applies it") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        REQUIRE(r.policy);
        int asked = 0;
        const auto application = [&](const sim::request& q) {
            ++asked;
            CHECK(q.method == r.request.method);
            return careless;
        };
        const sim::response answer = sim::governed_by(*r.policy, application)(r.request);
        CHECK(answer.status == r.status);
        CHECK(answer.headers == r.headers);
        CHECK(asked == (r.status == 404 ? 1 : 0));
    }
}

TEST_CASE("without an application everything is 200") {
    const auto server = [] { return sim::governed_by(*usual); };
    CHECK(server()({.method = "GET"}).status == 200);
    CHECK(server()({.method = "GET"}).headers == sim::header_list{{"vary", "Origin"}});
}

TEST_CASE("Vary is not written where it is covered") {
    const auto covered = [](const sim::request&) {
        return sim::response{200, {{"VARY", "a, origin"}}};
    };
    CHECK(sim::governed_by(*usual, covered)({.method = "GET"}).headers ==
          sim::header_list{{"VARY", "a, origin"}});
}

TEST_CASE("a policy is a server, too") {
    const corsac::result<corsac::policy> built = corsac::make_policy({
        .allow_origins = {"https://app.example"},
        .allow_methods = {"GET", "PUT"},
        .allow_headers = {"Authorization", "X-Custom-*"},
        .expose_headers = {"X-Request-Id"},
        .allow_credentials = true,
        .max_age = 600,
    });
    REQUIRE(built);
    const corsac::policy& policy = *built;

    browser b{page};
    CHECK(b.fetch({.url = api, .method = "PUT", .credentials = credentials_mode::include}, policy));
    b.wait(599'000);
    CHECK(b.fetch({.url = api, .method = "PUT"}, policy).preflights() == 0);
    CHECK(b.fetch({.url = api, .headers = {{"X-Custom-A", "1"}}}, policy));
    // A refused preflight is silent, so what the browser misses is the origin.
    CHECK(b.fetch({.url = api, .method = "DELETE"}, policy).blocked_at ==
          step::preflight_origin_missing);
    CHECK(browser("https://evil.example").fetch({.url = api}, policy).blocked_at ==
          step::actual_origin_missing);

    const auto application = [](const sim::request&) {
        return sim::response{404, {{"X-Request-Id", "7"}, {"Access-Control-Allow-Origin", "*"}}};
    };
    const sim::answer a = b.fetch({.url = api}, sim::governed_by(policy, application));
    CHECK(a.allowed());
    CHECK(a.status == 404);
    CHECK(a.exposed() == names{"x-request-id"});
}

TEST_CASE("a header that is called * opens nothing, not even in a browser's cache") {
    const corsac::result<corsac::policy> built =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .allow_headers = {"*"}});
    REQUIRE(built);
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        browser b(page, q);
        (void)b.fetch({.url = api, .headers = {{"*", "1"}}}, *built);
        CHECK_FALSE(b.fetch({.url = api, .headers = {{"Authorization", "Basic Og=="}}}, *built));
    }
}

TEST_CASE("a policy that refuses credentials sees that the browser would attach some") {
    const corsac::result<corsac::policy> built =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .refuse_credentials = true});
    REQUIRE(built);
    browser b{page};
    CHECK(b.fetch({.url = api}, *built));
    CHECK(b.fetch({.url = api, .credentials = credentials_mode::include}, *built).blocked_at ==
          step::actual_origin_missing);
}

namespace {

struct reason_row {
    const char* about;
    const char* page;
    sim::fetch_options options;
    corsac::outcome outcome;
    /// With what `sentence` ends.
    const char* end;
};

const reason_row reasons[] = {
    {"a method in lower case",
     page,
     {.url = api, .method = "patch"},
     corsac::outcome::method_not_allowed,
     "is blocked: the response has no Access-Control-Allow-Origin (preflight:origin-missing), "
     "because method \"patch\" is not in allow_methods; methods are case-sensitive, send PATCH "
     "(preflight refused)"},
    {"a header that is not listed",
     page,
     {.url = api, .headers = {{"X-A", "1"}}},
     corsac::outcome::header_not_allowed,
     ", because header \"x-a\" is not in allow_headers; add it, or do not send it (preflight "
     "refused)"},
    {"a page over http",
     "http://app.example",
     {.url = api},
     corsac::outcome::origin_not_allowed,
     ", because origin \"http://app.example\" is not in allow_origins; add it if you trust that "
     "site (response not shared) (https is listed, and this page was loaded over http)"},
    {"a page without an origin",
     "null",
     {.url = api},
     corsac::outcome::null_origin_not_allowed,
     "serve the page from an origin of its own (response not shared)"},
    {"credentials that the policy does not allow",
     page,
     {.url = api, .credentials = credentials_mode::include},
     corsac::outcome::allowed,
     ", although: response shared with \"https://app.example\", without credentials; set "
     "allow_credentials, or send the request without credentials"},
};

}  // namespace

TEST_CASE("where a policy refuses, the answer says why") {
    for (const reason_row& r : reasons) {
        CAPTURE(r.about);
        const sim::answer a = browser(r.page).fetch(r.options, *usual);
        CHECK_FALSE(a.allowed());
        CHECK(a.outcome() == r.outcome);
        const std::string sentence = a.sentence();
        CAPTURE(sentence);
        CHECK(sentence.ends_with(r.end));
        CHECK(a.requests.back().decided->outcome == r.outcome);
    }
    // In the words of a browser, too.
    const sim::answer a =
        browser(page, quirks::firefox).fetch({.url = api, .method = "DELETE"}, *usual);
    CHECK(a.sentence().ends_with("missing). Status code: 403, because method \"DELETE\" is not in "
                                 "allow_methods; add it, or send another (methods are "
                                 "case-sensitive) (preflight refused)"));
    // Every exchange has its own.
    const sim::answer put = browser(page).fetch({.url = api, .method = "PUT"}, *usual);
    REQUIRE(put.requests.size() == 2);
    CHECK(put.requests[0].decided->explanation.starts_with("preflight granted"));
    CHECK(put.requests[1].decided->explanation.starts_with("response shared"));
    // A server that says nothing gives no reason.
    const auto silent = [](const sim::request&) { return sim::response{}; };
    CHECK(browser(page).fetch({.url = api}, silent).decided() == nullptr);
}

TEST_CASE("a server can be governed by whatever holds or finds a policy") {
    const auto refuses = [](auto&& server) {
        return !browser("https://evil.example").fetch({.url = api}, server).allowed() &&
               browser(page).fetch({.url = api}, server).allowed();
    };
    CHECK(refuses(*usual));
    CHECK(refuses(sim::governed_by(*usual)));
    CHECK(refuses(sim::governed_by(corsac::policy(*usual))));  // owned
    CHECK(refuses(&*usual));
    CHECK(refuses(std::make_shared<const corsac::policy>(*usual)));
    CHECK(refuses(std::optional<corsac::policy>(*usual)));
    CHECK(refuses([](const sim::request&) { return &*usual; }));
    constexpr auto fixed = corsac::static_policy(
        [] { return corsac::policy_options{.allow_origins = {"https://app.example"}}; });
    CHECK(refuses(fixed));
    // A `result` may hold nothing, so it is not taken for a policy.
    static_assert(!sim::governs_requests<corsac::result<corsac::policy>>);
    static_assert(!sim::governs_requests<int*>);

    // What is chosen may be nothing, and may be replaced between two requests.
    auto current = std::make_shared<const corsac::policy>(*usual);
    const auto live = [&](const sim::request& r) {
        return r.url.ends_with("/health") ? nullptr : current;
    };
    browser b{page};
    CHECK(b.fetch({.url = api}, live));
    const sim::answer none = b.fetch({.url = "https://api.example/health"}, live);
    CHECK(none.sentence().ends_with(
        "(actual:origin-missing), because no policy governs this request; it was left alone"));
    current = std::make_shared<const corsac::policy>(
        *corsac::make_policy({.allow_origins = {"https://other.example"}}));
    CHECK(b.fetch({.url = api}, live).outcome() == corsac::outcome::origin_not_allowed);
}

TEST_CASE("a policy with shared origins is asked as it is at the time of the request") {
    auto origins = corsac::make_shared_origins({.allow_origins = {"https://app.example"}});
    REQUIRE(origins);
    const auto policy = corsac::make_policy({.allow_methods = {"PUT"}}, origins->matcher());
    REQUIRE(policy);
    browser b{page};
    CHECK(b.fetch({.url = api}, *policy));
    CHECK(origins->replace({"https://other.example"}).size() == 0);
    CHECK(b.fetch({.url = api}, *policy).outcome() == corsac::outcome::origin_not_allowed);
}

TEST_CASE("a live policy is asked as it is at the time of the request, and may be a table") {
    const corsac::live_policy live{*usual};
    browser b{page};
    CHECK(b.fetch({.url = api}, live));
    CHECK(live.replace({.allow_origins = {"https://other.example"}}).empty());
    const sim::answer refused = b.fetch({.url = api}, sim::governed_by(live));
    CHECK(refused.outcome() == corsac::outcome::origin_not_allowed);
    CHECK(refused.sentence().find("\"https://app.example\" is not in allow_origins") !=
          std::string::npos);

    corsac::policy_table_builder builder;
    const auto everywhere = builder.add_listener(builder.add_gateway(), "");
    builder.attach(everywhere, *usual, {.name = "default"});
    corsac::result<corsac::policy_table> built = std::move(builder).build();
    REQUIRE(built);
    const corsac::live_table table{*std::move(built)};
    CHECK(b.fetch({.url = api}, table).outcome() == corsac::outcome::no_policy);
}

TEST_CASE("a table's policies govern its routes") {
    corsac::policy_table_builder builder;
    const auto everywhere = builder.add_listener(builder.add_gateway(), "");
    const auto route = builder.add_route({.name = "shop/items", .hostnames = {"api.example"}});
    const auto rule = builder.add_rule(route, "items");
    builder.add_parent(route, everywhere);
    builder.add_match(rule, {.path = "/items"});
    builder.attach({rule, corsac::attachment_level::rule}, *usual, {.name = "items"});
    const auto broken_rule = builder.add_rule(route, "broken");
    builder.add_match(broken_rule, {.path = "/broken"});
    builder.set_broken(broken_rule, "its policy does not exist");
    corsac::result<corsac::policy_table> built = std::move(builder).build();
    REQUIRE(built);
    const auto holds = [](auto&& table) {
        browser b{page};
        CHECK(b.fetch({.url = "https://api.example/items/1?x=y", .method = "PUT"}, table));
        const sim::answer refused = b.fetch({.url = api, .method = "DELETE"}, table);
        CHECK(refused.outcome() == corsac::outcome::method_not_allowed);
        REQUIRE(refused.decided() != nullptr);
        CHECK(refused.decided()->route == "shop/items");
        CHECK(refused.sentence().find("\"DELETE\"") != std::string::npos);
        const sim::answer meant = browser("http://app.example").fetch({.url = api}, table);
        CHECK(meant.sentence().find("https is listed") != std::string::npos);
        const sim::answer broken = b.fetch({.url = "https://api.example/broken"}, table);
        CHECK(broken.sentence().find("the route's rule is broken: its policy does not exist") !=
              std::string::npos);
        const sim::answer elsewhere = b.fetch({.url = "https://api.example/other"}, table);
        CHECK(elsewhere.outcome() == corsac::outcome::no_policy);
        CHECK(elsewhere.sentence().ends_with(
            "because no route of the table takes this request; it was left alone"));
    };
    holds(*built);
    holds(&*built);
    holds(sim::governed_by(*std::move(built)));
}

TEST_CASE("a table exposes the names of each response where it is asked to") {
    const auto exposed = [](bool asked) {
        corsac::policy_table_builder builder;
        const auto everywhere = builder.add_listener(builder.add_gateway(), "");
        const auto route = builder.add_route({.name = "shop/items", .hostnames = {"api.example"}});
        const auto rule = builder.add_rule(route, "items");
        builder.add_parent(route, everywhere);
        builder.add_match(rule, {.path = "/items"});
        const auto policy = corsac::make_policy(
            {.allow_origins = {"https://app.example"}, .allow_credentials = true});
        builder.attach({rule, corsac::attachment_level::rule}, *policy, {.expose_present = asked});
        const corsac::result<corsac::policy_table> table = std::move(builder).build();
        const auto application = [](const sim::request&) {
            return sim::response{200, {{"X-A", "1"}, {"ETag", "e"}}};
        };
        return browser(page)
            .fetch({.url = api, .credentials = credentials_mode::include},
                   sim::governed_by(*table, application))
            .exposed();
    };
    CHECK(exposed(true) == names{"etag", "x-a"});
    CHECK(exposed(false).empty());
}

TEST_CASE("a server that is written by hand can say what was decided, too") {
    const auto server = [](const sim::request& r) {
        sim::response out{200, {{"X-A", "1"}}};
        const corsac::decision d = corsac::evaluate(*usual, sim::request_adapter{r});
        corsac::apply(d, sim::response_adapter{out});
        out.decided = sim::keep_decision(*usual, d);
        return out;
    };
    const sim::answer a = browser("https://evil.example").fetch({.url = api}, server);
    CHECK(a.outcome() == corsac::outcome::origin_not_allowed);
    CHECK(browser(page).fetch({.url = api}, server).sentence_about("X-A") ==
          "X-A is hidden from scripts; add it to expose_headers");
}

TEST_CASE("of a decision that is written by hand only what is said is so") {
    const sim::made_decision made{};
    CHECK(made.outcome == corsac::outcome::no_policy);
    CHECK_FALSE(made.allows);
    CHECK_FALSE(made.allow_credentials);
}

TEST_CASE("what is set takes the place of every line of that name") {
    sim::response out{200, {{"X-A", "1"}, {"X-B", "2"}, {"x-a", "3"}}};
    sim::response_adapter{out}.set("X-a", "4");
    CHECK(out.headers == sim::header_list{{"X-B", "2"}, {"X-a", "4"}});
}
