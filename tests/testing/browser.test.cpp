// SPDX-License-Identifier: MIT
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::browser;
using sim::credentials_mode;
using sim::quirks;
using sim::request_mode;
using sim::step;
using sim::verdict;

using names = std::vector<std::string>;

constexpr const char* page = "https://app.example";
constexpr const char* api = "https://api.example/items";

/// Echoes the origin and grants whatever a preflight asks.
sim::response generous(const sim::request& r) {
    sim::response out;
    const auto echo = [&](const char* name, std::string_view asked) {
        if (const auto value = r.first(asked)) out.headers.push_back({name, std::string(*value)});
    };
    echo("Access-Control-Allow-Origin", "Origin");
    echo("Access-Control-Allow-Methods", "Access-Control-Request-Method");
    echo("Access-Control-Allow-Headers", "Access-Control-Request-Headers");
    out.headers.push_back({"Access-Control-Allow-Credentials", "true"});
    return out;
}

sim::response silent(const sim::request&) { return {}; }

bool is_chromium(const quirks& q) { return q.console == sim::console_language::chromium; }

sim::response redirecting(int status, std::string_view location) {
    return {status, {{"Access-Control-Allow-Origin", "*"}, {"Location", std::string(location)}}};
}

struct refusal_row {
    const char* about;
    sim::fetch_options options;
    step expected;
};

const refusal_row refusals[] = {
    {"a forbidden method", {.url = api, .method = "tRaCe"}, step::api_method},
    {"a method that is no token", {.url = api, .method = "G ET"}, step::api_method},
    {"an empty method", {.url = api, .method = ""}, step::api_method},
    {"a PUT without CORS",
     {.url = api, .method = "PUT", .mode = request_mode::no_cors},
     step::api_method},
    {"a GET with a body", {.url = api, .body = sim::text_body("x")}, step::api_body},
    {"a HEAD with a body",
     {.url = api, .method = "head", .body = sim::text_body("x")},
     step::api_body},
    {"a header name with a space", {.url = api, .headers = {{"X A", "1"}}}, step::api_header},
    {"an empty header name", {.url = api, .headers = {{"", "1"}}}, step::api_header},
    {"a header value with a line break",
     {.url = api, .headers = {{"X-A", "1\n2"}}},
     step::api_header},
    {"something that is no URL", {.url = "https://"}, step::api_url},
    {"a URL with a password", {.url = "https://u:p@api.example/"}, step::api_url},
    {"only-if-cached elsewhere",
     {.url = api, .cache = sim::cache_mode::only_if_cached},
     step::api_cache},
};

/// What the promise is rejected with, by the standard in plain words, Chromium and Firefox.
struct words_row {
    sim::fetch_options options;
    const char* standard;
    const char* chromium;
    const char* firefox;
};

const words_row words[] = {
    {{.url = "https://"},
     "'https://' is not a URL",
     "Failed to parse URL from https://",
     "https:// is not a valid URL."},
    {{.url = "https://u@api.example/"},
     "a URL must not contain a user name or a password",
     "Request cannot be constructed from a URL that includes credentials: https://u@api.example/",
     "https://u@api.example/ is an url with embedded credentials."},
    {{.url = api, .headers = {{"X A", "1"}}},
     "'X A' is not a header name",
     "Invalid name",
     "x a is an invalid header name."},
    {{.url = api, .headers = {{"X-A", "1\n2"}}},
     "the value of X-A contains NUL, CR or LF",
     "Invalid value",
     "1\n2 is an invalid header value."},
    {{.url = api, .method = "\xc2\x80\xe2\x82\xac"},
     "'\xc2\x80\xe2\x82\xac' is not a method",
     "'\xc2\x80\xe2\x82\xac' is not a valid HTTP method.",
     "Invalid request method \xef\xbf\xbd\xef\xbf\xbd."},
    {{.url = api, .method = "put", .mode = request_mode::no_cors},
     "mode no-cors knows only GET, HEAD and POST",
     "'PUT' is unsupported in no-cors mode.",
     "Invalid request method PUT."},
};

struct request_row {
    const char* about;
    sim::fetch_options options;
    std::size_t preflights;
    /// The `Access-Control-Request-Headers` of the first preflight.
    const char* acrh;
};

const request_row request_rows[] = {
    {"a simple GET", {.url = api}, 0, ""},
    {"a simple POST", {.url = api, .method = "POST", .body = sim::text_body("x")}, 0, ""},
    {"a PUT", {.url = api, .method = "put"}, 1, ""},
    {"a custom header",
     {.url = api, .headers = {{"X-B", "1"}, {"X-A", "1"}, {"x-b", "2"}}},
     1,
     "x-a,x-b"},
    {"a header no script can set",
     {.url = api, .headers = {{"Cookie", "a=b"}, {"Sec-X", "1"}}},
     0,
     ""},
    {"JSON",
     {.url = api,
      .method = "POST",
      .headers = {{"Content-Type", "application/json"}},
      .body = sim::text_body("{}")},
     1,
     "content-type"},
    {"a blob with a type of its own",
     {.url = api, .method = "POST", .body = {.kind = sim::body_kind::blob, .mime = "image/png"}},
     1,
     "content-type"},
    {"bytes",
     {.url = api, .method = "POST", .body = {.kind = sim::body_kind::array_buffer}},
     0,
     ""},
    {"an upload listener",
     {.url = api, .method = "POST", .upload_listener = true, .initiator = sim::initiator::xhr},
     1,
     ""},
    {"a PUT to the own origin", {.url = "/items", .method = "PUT"}, 0, ""},
    {"a POST without CORS",
     {.url = api, .method = "POST", .headers = {{"X-A", "1"}}, .mode = request_mode::no_cors},
     0,
     ""},
};

struct origin_row {
    const char* about;
    sim::fetch_options options;
    /// The `Origin` that is sent; "-" for none.
    const char* origin;
};

const origin_row origin_rows[] = {
    {"a GET to another origin", {.url = api}, page},
    {"a GET to the own origin", {.url = "/x"}, "-"},
    {"a POST to the own origin", {.url = "/x", .method = "POST"}, page},
    {"a GET without CORS", {.url = api, .mode = request_mode::no_cors}, "-"},
    {"a POST without CORS", {.url = api, .method = "POST", .mode = request_mode::no_cors}, page},
    {"the same without a referrer",
     {.url = api,
      .method = "POST",
      .mode = request_mode::no_cors,
      .referrer_policy = sim::referrer_policy::no_referrer},
     "null"},
    {"the same with a referrer for the own origin only",
     {.url = api,
      .method = "POST",
      .mode = request_mode::no_cors,
      .referrer_policy = sim::referrer_policy::same_origin},
     "null"},
    {"with CORS the referrer policy does not matter",
     {.url = api, .method = "POST", .referrer_policy = sim::referrer_policy::no_referrer},
     page},
    {"the same with a referrer that is the origin",
     {.url = api,
      .method = "POST",
      .mode = request_mode::no_cors,
      .referrer_policy = sim::referrer_policy::origin},
     page},
    {"nor to the own origin",
     {.url = "/x", .method = "POST", .referrer_policy = sim::referrer_policy::no_referrer},
     page},
    {"without CORS to the own origin, with a referrer for that only",
     {.url = "/x",
      .method = "POST",
      .mode = request_mode::no_cors,
      .referrer_policy = sim::referrer_policy::same_origin},
     page},
    {"from https to http, with a referrer that is sent all the same",
     {.url = "http://api.example/",
      .method = "POST",
      .mode = request_mode::no_cors,
      .referrer_policy = sim::referrer_policy::unsafe_url},
     page},
    {"from https to http",
     {.url = "http://api.example/", .method = "POST", .mode = request_mode::no_cors},
     "null"},
};

}  // namespace

TEST_CASE("an impossible fetch throws, and nothing is sent") {
    for (const refusal_row& r : refusals) {
        CAPTURE(r.about);
        for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
            const sim::answer a = browser(page, q).fetch(r.options, generous);
            CHECK(a.verdict == verdict::throws);
            CHECK(a.blocked_at == r.expected);
            CHECK(a.requests.empty());
            CHECK(a.error.starts_with("TypeError: "));
            CHECK(a.type == sim::response_type::error);
            CHECK(a.status == 0);
            CHECK_FALSE(a.timing_allowed);
        }
    }
    CHECK(browser("nonsense").fetch({.url = api}, generous).blocked_at == step::api_page);
}

TEST_CASE("what an impossible fetch throws is said in each browser's words") {
    for (const words_row& r : words) {
        CAPTURE(r.standard);
        const auto says = [&](const quirks& q) {
            return browser(page, q).fetch(r.options, generous).error;
        };
        CHECK(says(quirks::standard) == std::string("TypeError: ") + r.standard);
        CHECK(says(quirks::chromium) ==
              std::string("TypeError: Failed to construct 'Request': ") + r.chromium);
        CHECK(says(quirks::firefox) == std::string("TypeError: Request constructor: ") + r.firefox);
    }
    const auto blocked = [](const quirks& q) {
        return browser(page, q).fetch({.url = api}, silent);
    };
    CHECK(blocked(quirks::standard).error.starts_with("TypeError: The request to "));
    CHECK(blocked(quirks::chromium).error == "TypeError: Failed to fetch");
    CHECK(blocked(quirks::firefox).error ==
          "TypeError: NetworkError when attempting to fetch resource.");
    CHECK(blocked(quirks::standard).type == sim::response_type::error);
}

TEST_CASE("without CORS a script sets four headers, of safe values") {
    const auto sent = [](sim::header h) {
        bool there = false;
        const std::string name = h.name;
        (void)browser(page).fetch({.url = api, .headers = {h}, .mode = request_mode::no_cors},
                                  [&](const sim::request& r) {
                                      there = r.first(name) == h.value;
                                      return sim::response{};
                                  });
        return there;
    };
    CHECK(sent({"Accept", "a"}));
    CHECK(sent({"Content-Language", "de"}));
    CHECK_FALSE(sent({"Accept", "a\x01"}));
    CHECK_FALSE(sent({"Range", "bytes=0-"}));
    CHECK_FALSE(sent({"X-A", "1"}));
}

TEST_CASE("what is sent unasked: any type is accepted, a body has its own") {
    const auto sent = [](const sim::fetch_options& options, const char* name) {
        std::string value = "-";
        (void)browser(page).fetch(options, [&](const sim::request& r) {
            value = std::string(r.first(name).value_or("-"));
            return sim::response{};
        });
        return value;
    };
    CHECK(sent({.url = "/x"}, "Accept") == "*/*");
    CHECK(sent({.url = "/x", .headers = {{"Accept", "a"}}}, "Accept") == "a");
    CHECK(sent({.url = "/x"}, "Content-Type") == "-");
    using kind = sim::body_kind;
    const auto type = [&](sim::request_body body, sim::initiator by) {
        return sent({.url = "/x", .method = "POST", .body = body, .initiator = by}, "Content-Type");
    };
    constexpr auto fetch = sim::initiator::fetch;
    constexpr auto form = sim::initiator::form;
    CHECK(type(sim::text_body("x"), fetch) == "text/plain;charset=UTF-8");
    CHECK(type(sim::text_body("x"), form) == "text/plain");
    CHECK(type({.kind = kind::form_data}, fetch) == "multipart/form-data; boundary=----boundary");
    CHECK(type({.kind = kind::form_data}, form) == "multipart/form-data; boundary=----boundary");
    CHECK(type({.kind = kind::array_buffer}, fetch) == "-");
}

TEST_CASE("a stream as body is asked for first, is sent once, and is text in Firefox") {
    // Spec: https://fetch.spec.whatwg.org/#concept-http-redirect-fetch, step 11
    struct row {
        const char* about;
        const quirks& q;
        request_mode mode;
        int redirect;  ///< 0 for none
        step expected;
        std::size_t requests;
    };
    const row rows[] = {
        {"a preflight comes first", quirks::standard, request_mode::cors, 0, step::none, 2},
        {"not without CORS", quirks::standard, request_mode::no_cors, 0, step::api_body, 0},
        {"nor a second time", quirks::standard, request_mode::cors, 307, step::redirect_body, 2},
        {"303 sends none, but asks for it", quirks::standard, request_mode::cors, 303, step::none,
         4},
        {"over HTTP/1.1 not in Chromium", quirks::chromium, request_mode::cors, 0, step::network,
         1},
        {"Firefox sends its text", quirks::firefox, request_mode::cors, 0, step::none, 1},
        {"and again", quirks::firefox, request_mode::cors, 307, step::none, 2},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto server = [&](const sim::request& asked) {
            const bool first = asked.url == api && asked.method != "OPTIONS";
            sim::response out = generous(asked);
            if (first && r.redirect != 0) {
                out.status = r.redirect;
                out.headers.push_back({"Location", "/moved"});
            }
            return out;
        };
        const sim::answer a = browser(page, r.q).fetch({.url = api,
                                                        .method = "POST",
                                                        .mode = r.mode,
                                                        .body = {.kind = sim::body_kind::stream}},
                                                       server);
        CHECK(a.blocked_at == r.expected);
        CHECK(a.requests.size() == r.requests);
    }
}

TEST_CASE("a preflight comes before what no form could send") {
    for (const request_row& r : request_rows) {
        CAPTURE(r.about);
        const sim::answer a = browser(page).fetch(r.options, generous);
        CHECK(a.allowed());
        REQUIRE(a.preflights() == r.preflights);
        REQUIRE(a.requests.size() == r.preflights + 1);
        CHECK(a.requests.front().acrh.value_or("") == r.acrh);
        CHECK_FALSE(a.requests.back().is_preflight());
    }
}

TEST_CASE("a header that XMLHttpRequest is given twice is one line with both values") {
    names values;
    const auto server = [&](const sim::request& r) {
        if (r.method != "OPTIONS") {
            for (const sim::header& h : r.headers) {
                if (corsac::detail::equals_ignore_case(h.name, "X-A")) values.push_back(h.value);
            }
        }
        return generous(r);
    };
    const sim::fetch_options asks{.url = api,
                                  .headers = {{"X-B", "0"}, {"X-A", "1"}, {"x-a", " 2 "}},
                                  .initiator = sim::initiator::xhr};
    CHECK(browser(page).fetch(asks, server).allowed());
    CHECK(values == names{"1, 2"});
}

TEST_CASE("Origin is sent, left out or null as the standard says") {
    for (const origin_row& r : origin_rows) {
        CAPTURE(r.about);
        const sim::answer a = browser(page).fetch(r.options, generous);
        REQUIRE(a.requests.size() == 1);
        CHECK(a.requests[0].origin.value_or("-") == r.origin);
    }
}

TEST_CASE("a page without an origin is a stranger to its own server") {
    browser b({.url = "https://app.example/frame", .context = sim::page_context::opaque});
    const sim::answer a = b.fetch({.url = "https://app.example/x"}, silent);
    CHECK(a.blocked_at == step::actual_origin_missing);
    CHECK(a.requests.at(0).origin == "null");
    CHECK(browser("null").fetch({.url = api}, generous).allowed());
}

TEST_CASE("modes decide the type of a response") {
    const auto answer = [](request_mode mode, const char* url) {
        return browser(page).fetch({.url = url, .mode = mode}, silent);
    };
    CHECK(answer(request_mode::cors, "/x").type == sim::response_type::basic);
    CHECK(answer(request_mode::no_cors, api).type == sim::response_type::opaque);
    CHECK(answer(request_mode::no_cors, api).status == 0);
    CHECK(answer(request_mode::same_origin, api).blocked_at == step::mode_same_origin);
    CHECK(answer(request_mode::cors, api).blocked_at == step::actual_origin_missing);
    CHECK(answer(request_mode::cors, "ftp://api.example/").blocked_at == step::scheme);
}

TEST_CASE("credentials go where the mode says") {
    const auto sent = [](credentials_mode mode, const char* url) {
        return browser(page)
            .fetch({.url = url, .credentials = mode}, generous)
            .requests.at(0)
            .credentials;
    };
    CHECK(sent(credentials_mode::include, api));
    CHECK_FALSE(sent(credentials_mode::same_origin, api));
    CHECK(sent(credentials_mode::same_origin, "/x"));
    CHECK_FALSE(sent(credentials_mode::omit, "/x"));
    const sim::answer a = browser(page).fetch(
        {.url = api, .method = "PUT", .credentials = credentials_mode::include}, generous);
    CHECK_FALSE(a.requests.at(0).credentials);
    CHECK(a.requests.at(1).credentials);
}

TEST_CASE("a redirect loop ends after 20 redirects") {
    int served = 0;
    const auto loop = [&](const sim::request& r) {
        ++served;
        // 25 hops, and around again; the last one would be fine.
        const int hop = served % 25;
        return hop == 0 ? generous(r) : redirecting(302, "/hop/" + std::to_string(hop));
    };
    const sim::answer a = browser(page).fetch({.url = "https://api.example/hop/0"}, loop);
    CHECK(a.blocked_at == step::redirect_count);
    CHECK(a.requests.size() == 21);

    const auto itself = [](const sim::request& r) { return redirecting(307, r.url); };
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        CHECK(browser(page, q).fetch({.url = api}, itself).blocked_at == step::redirect_count);
    }
}

TEST_CASE("redirects taint the origin and rewrite the request") {
    struct redirect_row {
        const char* about;
        const char* first;
        const char* target;
        int status;
        const char* method;
        const char* second_method;
        /// The `Origin` of the second request; "-" for none.
        const char* second_origin;
    };
    constexpr redirect_row rows[] = {
        {"own origin to another", "/a", "https://b.example/", 302, "GET", "GET", page},
        {"another to itself", "https://b.example/a", "/b", 302, "GET", "GET", page},
        {"another to a third", "https://b.example/", "https://c.example/", 302, "GET", "GET",
         "null"},
        {"another back to the page's", "https://b.example/", "https://app.example/", 302, "GET",
         "GET", "null"},
        {"301 turns POST into GET", "/a", "/b", 301, "POST", "GET", "-"},
        {"301 keeps PUT", "/a", "/b", 301, "PUT", "PUT", page},
        {"308 keeps POST", "/a", "/b", 308, "POST", "POST", page},
        {"303 turns POST into GET", "/a", "/b", 303, "POST", "GET", "-"},
        {"302 turns POST into GET", "/a", "/b", 302, "POST", "GET", "-"},
        {"307 keeps POST", "/a", "/b", 307, "POST", "POST", page},
        {"303 turns PUT into GET", "/a", "/b", 303, "PUT", "GET", "-"},
        {"302 keeps PUT", "/a", "/b", 302, "PUT", "PUT", page},
        {"303 keeps HEAD", "/a", "/b", 303, "HEAD", "HEAD", "-"},
    };
    for (const redirect_row& r : rows) {
        CAPTURE(r.about);
        bool first = true;
        const auto server = [&](const sim::request& q) {
            if (!first) return generous(q);
            first = false;
            return redirecting(r.status, r.target);
        };
        const sim::answer a = browser(page).fetch({.url = r.first, .method = r.method}, server);
        CHECK(a.allowed());
        REQUIRE(a.requests.size() == 2);
        CHECK(a.requests[1].method == r.second_method);
        CHECK(a.requests[1].origin.value_or("-") == r.second_origin);
    }
}

TEST_CASE("a redirect that makes a GET of it leaves the body behind, and what told of it") {
    const auto second = [](int status) {
        std::string sent;
        const auto server = [&](const sim::request& r) {
            if (r.url.ends_with("/a")) return redirecting(status, "/b");
            sent = r.body;
            for (const char* name : {"Content-Type", "Content-Language", "X-A"}) {
                sent += '|' + std::string(r.first(name).value_or("-"));
            }
            return sim::response{};
        };
        (void)browser(page).fetch({.url = "/a",
                                   .method = "POST",
                                   .headers = {{"Content-Language", "de"}, {"X-A", "1"}},
                                   .body = sim::text_body("x")},
                                  server);
        return sent;
    };
    CHECK(second(302) == "|-|-|1");
    CHECK(second(303) == "|-|-|1");
    CHECK(second(307) == "x|text/plain;charset=UTF-8|de|1");
    // Nor is a stream in the way of the next redirect.
    const auto twice = [](const sim::request& r) {
        return r.url.ends_with("/a")   ? redirecting(303, "/b")
               : r.url.ends_with("/b") ? redirecting(307, "/c")
                                       : sim::response{};
    };
    CHECK(
        browser(page)
            .fetch({.url = "/a", .method = "POST", .body = {.kind = sim::body_kind::stream}}, twice)
            .allowed());
}

TEST_CASE("a fragment goes along, unless the redirect has one") {
    const auto at = [](const char* location) {
        const auto server = [&](const sim::request& r) {
            CHECK(r.url.find('#') == std::string::npos);
            return r.url == api ? redirecting(302, location) : sim::response{};
        };
        const sim::answer a = browser(page).fetch({.url = std::string(api) + "#top"}, server);
        CHECK(a.blocked_at == step::actual_origin_missing);
        return a.sentence().substr(0, a.sentence().find(" from"));
    };
    CHECK(at("/b") == "The request to https://api.example/b#top");
    CHECK(at("/b#x") == "The request to https://api.example/b#x");
}

TEST_CASE("without CORS an origin is null after a redirect, in Chromium after any to another one") {
    const auto origin = [](const quirks& q, const char* first, const char* then) {
        const sim::answer a = browser(page, q).fetch(
            {.url = first, .method = "POST", .mode = request_mode::no_cors},
            [&](const sim::request& r) {
                return r.url.ends_with("/end") ? sim::response{} : redirecting(307, then);
            });
        CHECK(a.allowed());
        return a.requests.back().origin.value_or("-");
    };
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        const bool chromium = is_chromium(q);
        CHECK(origin(q, api, "/end") == page);
        CHECK(origin(q, "/x", "/end") == page);
        CHECK(origin(q, "/x", "https://api.example/end") == (chromium ? "null" : page));
        CHECK(origin(q, api, "https://c.example/end") == "null");
    }
}

TEST_CASE("the referrer policy has no say in Chromium") {
    const auto origin = [](const quirks& q) {
        return browser(page, q)
            .fetch({.url = api,
                    .method = "POST",
                    .mode = request_mode::no_cors,
                    .referrer_policy = sim::referrer_policy::no_referrer},
                   silent)
            .requests.at(0)
            .origin;
    };
    CHECK(origin(quirks::standard) == "null");
    CHECK(origin(quirks::chromium) == page);
    CHECK(origin(quirks::firefox) == "null");
}

TEST_CASE("Chromium drops client hints at a redirect that does not lead home") {
    const auto arrives = [](const quirks& q, const char* location) {
        bool there = false;
        const auto server = [&](const sim::request& r) {
            if (r.method == "OPTIONS") return generous(r);
            if (r.url == api) return redirecting(307, location);
            there = r.first("Width").has_value();
            return generous(r);
        };
        CHECK(browser(page, q).fetch({.url = api, .headers = {{"Width", "1"}}}, server).allowed());
        return there;
    };
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        const bool chromium = is_chromium(q);
        CHECK(arrives(q, "/b") == !chromium);
        CHECK(arrives(q, "https://c.example/") == !chromium);
        CHECK(arrives(q, "https://app.example/"));
    }
}

TEST_CASE("Firefox preflights on, once it has preflighted or sent what would need it") {
    // D10 of the recorded differences: a GET that became simple on its way.
    const auto preflights = [](const quirks& q, const sim::fetch_options& asks, int status) {
        const auto server = [&](const sim::request& r) {
            if (r.method == "OPTIONS" || r.url == "https://c.example/") return generous(r);
            sim::response out = generous(r);
            out.status = status;
            out.headers.push_back({"Location", "https://c.example/"});
            return out;
        };
        const sim::answer a = browser(page, q).fetch(asks, server);
        CHECK(a.allowed());
        return a.preflights();
    };
    const sim::fetch_options put{.url = api, .method = "PUT"};
    const sim::fetch_options token{.url = "/x", .headers = {{"Authorization", "Bearer x"}}};
    const sim::fetch_options simple{.url = api};
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        const bool firefox = q.console == sim::console_language::firefox;
        CHECK(preflights(q, put, 303) == (firefox ? 2U : 1U));
        CHECK(preflights(q, token, 302) == (firefox ? 1U : 0U));
        CHECK(preflights(q, simple, 302) == 0);
    }
}

TEST_CASE("to the page's own server Firefox's preflight needs no grant, however it came there") {
    const auto server = [](const sim::request& r) {
        if (r.url.starts_with(page)) {
            if (r.method == "OPTIONS") {
                return sim::response{204, {{"Access-Control-Allow-Methods", "PUT"}}};
            }
            return generous(r);
        }
        sim::response out = generous(r);
        if (r.method != "OPTIONS") {
            out.status = 307;
            out.headers.push_back({"Location", "https://app.example/x"});
        }
        return out;
    };
    const auto ends = [&](const quirks& q) {
        return browser(page, q).fetch({.url = api, .method = "PUT"}, server).blocked_at;
    };
    CHECK(ends(quirks::standard) == step::preflight_origin_missing);
    CHECK(ends(quirks::chromium) == step::preflight_origin_missing);
    CHECK(ends(quirks::firefox) == step::none);
}

TEST_CASE("in Chromium a preflight must not redirect, before anything else") {
    const auto ends = [](const quirks& q, const sim::header_list& headers) {
        return browser(page, q)
            .fetch({.url = api, .method = "PUT"},
                   [&](const sim::request&) { return sim::response{302, headers}; })
            .blocked_at;
    };
    const sim::header_list moved{{"Location", "/x"}};
    CHECK(ends(quirks::standard, moved) == step::preflight_origin_missing);
    CHECK(ends(quirks::chromium, moved) == step::preflight_status);
    CHECK(ends(quirks::firefox, moved) == step::preflight_origin_missing);
    CHECK(ends(quirks::chromium, {}) == step::preflight_origin_missing);
}

TEST_CASE("Chromium reads a Location before it checks the answer, and a space in it for %20") {
    const auto ends = [](const quirks& q, const char* location) {
        return browser(page, q)
            .fetch(
                {.url = api},
                [&](const sim::request&) { return sim::response{302, {{"Location", location}}}; })
            .blocked_at;
    };
    CHECK(ends(quirks::standard, "http://[") == step::actual_origin_missing);
    CHECK(ends(quirks::chromium, "http://[") == step::redirect_location);
    CHECK(ends(quirks::chromium, "http://a b/") == step::actual_origin_missing);
    CHECK(ends(quirks::firefox, "http://a b/") == step::redirect_location);
}

TEST_CASE("a data: URL is fetched without a server, but not redirected to") {
    const sim::answer a = browser(page).fetch({.url = "data:,x"}, generous);
    CHECK(a.allowed());
    CHECK(a.status == 200);
    CHECK(a.type == sim::response_type::basic);
    CHECK(a.requests.empty());
    const auto moved = [](const sim::request&) { return redirecting(302, "data:,x"); };
    CHECK(browser(page).fetch({.url = "/x"}, moved).blocked_at == step::redirect_scheme);
}

TEST_CASE("Cross-Origin-Resource-Policy guards what is opaque alone") {
    const auto ends = [](const char* url, request_mode mode, sim::initiator by) {
        return browser(page)
            .fetch({.url = url, .mode = mode, .initiator = by},
                   [](const sim::request& r) {
                       sim::response out = generous(r);
                       out.headers.push_back({"Cross-Origin-Resource-Policy", "same-origin"});
                       return out;
                   })
            .blocked_at;
    };
    constexpr auto no_cors = request_mode::no_cors;
    CHECK(ends(api, no_cors, sim::initiator::image) == step::corp);
    CHECK(ends(api, request_mode::cors, sim::initiator::fetch) == step::none);
    CHECK(ends("/x", no_cors, sim::initiator::image) == step::none);
    CHECK(ends(api, no_cors, sim::initiator::form) == step::none);
}

TEST_CASE("timing shows what every answer on the way lets it show") {
    const auto shows = [](const char* first, bool second_allows, bool first_allows) {
        const auto server = [&](const sim::request& r) {
            sim::response out = generous(r);
            const bool end = r.url.ends_with("/end");
            if (!end) out.headers.push_back({"Location", "https://api.example/end"});
            out.status = end ? 200 : 302;
            if (end ? second_allows : first_allows) {
                out.headers.push_back({"Timing-Allow-Origin", "*"});
            }
            return out;
        };
        return browser(page).fetch({.url = first}, server).timing_allowed;
    };
    CHECK(shows("/end", false, false));
    CHECK(shows("/x", true, false));
    CHECK_FALSE(shows("/x", false, true));
    CHECK(shows(api, true, true));
    CHECK_FALSE(shows(api, true, false));
    CHECK_FALSE(shows("https://api.example/end", false, false));
}

TEST_CASE("some redirects are not followed") {
    struct refused_row {
        const char* about;
        const char* target;
        sim::redirect_mode mode;
        step expected;
    };
    constexpr auto follow = sim::redirect_mode::follow;
    constexpr refused_row rows[] = {
        {"mode error", "/x", sim::redirect_mode::error, step::redirect_error_mode},
        {"another scheme", "data:,x", follow, step::redirect_scheme},
        {"a password", "https://u:p@c.example/", follow, step::redirect_credentials},
        {"no URL", "https://", follow, step::redirect_location},
    };
    for (const refused_row& r : rows) {
        CAPTURE(r.about);
        const auto server = [&](const sim::request&) { return redirecting(302, r.target); };
        const sim::answer a = browser(page).fetch({.url = api, .redirect = r.mode}, server);
        CHECK(a.blocked_at == r.expected);
        CHECK(a.requests.size() == 1);
    }
    const auto manual =
        browser(page).fetch({.url = api, .redirect = sim::redirect_mode::manual},
                            [](const sim::request&) { return redirecting(302, "/x"); });
    CHECK(manual.type == sim::response_type::opaque_redirect);
    CHECK(manual.allowed());
}

TEST_CASE("Authorization does not cross origins") {
    std::vector<bool> seen;
    const auto server = [&](const sim::request& r) {
        if (r.method == "OPTIONS") return generous(r);
        seen.push_back(r.first("authorization").has_value());
        return seen.size() == 1 ? redirecting(302, "https://c.example/") : generous(r);
    };
    const sim::answer a =
        browser(page).fetch({.url = api, .headers = {{"Authorization", "Bearer x"}}}, server);
    CHECK(a.allowed());
    CHECK(seen == std::vector<bool>{true, false});
}

TEST_CASE("a preflight is remembered for five seconds unless told otherwise") {
    browser b{page};
    const sim::fetch_options put{.url = api, .method = "PUT"};
    CHECK(b.fetch(put, generous).preflights() == 1);
    CHECK(b.fetch(put, generous).preflights() == 0);
    b.wait(4'999);
    CHECK(b.fetch(put, generous).preflights() == 0);
    b.wait(1);
    CHECK(b.fetch(put, generous).preflights() == 1);
    b.visit("https://other.example");
    CHECK(b.fetch(put, generous).preflights() == 1);
    b.visit(page);
    CHECK(b.fetch(put, generous).preflights() == 0);
    // A failure forgets it, but not one that needed none.
    CHECK(b.fetch({.url = api}, silent).blocked_at == step::actual_origin_missing);
    CHECK(b.fetch(put, generous).preflights() == 0);
    CHECK(b.fetch(put, silent).blocked_at == step::actual_origin_missing);
    CHECK(b.fetch(put, generous).preflights() == 1);
}

TEST_CASE("cache modes bypass the preflight cache in browsers only") {
    struct mode_row {
        sim::cache_mode mode;
        std::size_t standard;
        std::size_t chromium;
        std::size_t firefox;
    };
    constexpr mode_row rows[] = {
        {sim::cache_mode::normal, 0, 0, 0},      {sim::cache_mode::no_store, 0, 1, 1},
        {sim::cache_mode::reload, 0, 1, 1},      {sim::cache_mode::no_cache, 0, 1, 0},
        {sim::cache_mode::force_cache, 0, 0, 0},
    };
    const auto second = [](const quirks& q, sim::cache_mode mode) {
        browser b(page, q);
        sim::fetch_options put{.url = api, .method = "PUT"};
        CHECK(b.fetch(put, generous).preflights() == 1);
        put.cache = mode;
        return b.fetch(put, generous).preflights();
    };
    for (const mode_row& r : rows) {
        CHECK(second(quirks::standard, r.mode) == r.standard);
        CHECK(second(quirks::chromium, r.mode) == r.chromium);
        CHECK(second(quirks::firefox, r.mode) == r.firefox);
    }
}

TEST_CASE("a failure forgets what preflights said, but not in Chromium") {
    const sim::fetch_options put{.url = api, .method = "PUT"};
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        browser b(page, q);
        CHECK(b.fetch(put, generous).preflights() == 1);
        CHECK(b.fetch(put, silent).preflights() == 0);
        CHECK(b.fetch(put, generous).preflights() == (is_chromium(q) ? 0U : 1U));
    }
}

TEST_CASE("in Chromium an answer to a no-store request is not remembered") {
    const auto second = [](const quirks& q) {
        browser b(page, q);
        sim::fetch_options put{.url = api, .method = "PUT", .cache = sim::cache_mode::no_store};
        CHECK(b.fetch(put, generous).preflights() == 1);
        put.cache = sim::cache_mode::normal;
        return b.fetch(put, generous).preflights();
    };
    CHECK(second(quirks::standard) == 0);
    CHECK(second(quirks::chromium) == 1);
    CHECK(second(quirks::firefox) == 0);
}

TEST_CASE("quirks change what is sent") {
    const auto preflights = [](const quirks& q, const sim::fetch_options& options) {
        return browser(page, q).fetch(options, generous).preflights();
    };
    const sim::fetch_options agent{.url = api, .headers = {{"User-Agent", "x"}}};
    CHECK(preflights(quirks::standard, agent) == 1);
    CHECK(preflights(quirks::chromium, agent) == 0);
    CHECK(preflights(quirks::firefox, agent) == 1);

    const sim::fetch_options listener{
        .url = api, .upload_listener = true, .initiator = sim::initiator::xhr};
    CHECK(preflights(quirks::standard, listener) == 1);
    CHECK(preflights(quirks::chromium, listener) == 0);
    CHECK(preflights(quirks::firefox, listener) == 1);

    const sim::fetch_options twice{.url = api, .headers = {{"X-A", "1"}, {"X-A", "2"}}};
    CHECK(browser(page, quirks::firefox).fetch(twice, generous).requests.at(0).acrh == "x-a,x-a");

    const sim::fetch_options dictionary{.url = api, .headers = {{"Available-Dictionary", ":a:"}}};
    const sim::answer refused = browser(page, quirks::chromium).fetch(dictionary, generous);
    CHECK(refused.blocked_at == step::network);
    CHECK(refused.requests.empty());
    CHECK(browser(page).fetch(dictionary, generous).allowed());
    CHECK(browser(page, quirks::firefox).fetch(dictionary, generous).allowed());
}

TEST_CASE("after a redirect Firefox preflights with the page's origin") {
    const auto server = [](const sim::request& r) {
        const bool first = r.url == api && r.method != "OPTIONS";
        return first ? redirecting(307, "https://c.example/") : generous(r);
    };
    const sim::fetch_options put{.url = api, .method = "PUT"};
    const auto origins = [&](const quirks& q) {
        names out;
        for (const auto& r : browser(page, q).fetch(put, server).requests) {
            out.push_back(r.origin.value_or("-"));
        }
        return out;
    };
    CHECK(origins(quirks::standard) == names{page, page, "null", "null"});
    CHECK(origins(quirks::firefox) == names{page, page, page, "null"});
}

TEST_CASE("pages of applications, extensions and files have the origin that they send") {
    struct page_row {
        const char* page;
        const char* origin;
    };
    constexpr page_row rows[] = {
        {"https://app.example/index.html", "https://app.example"},
        {"capacitor://localhost", "capacitor://localhost"},
        {"capacitor://localhost/index.html?x#y", "capacitor://localhost"},
        {"ionic://localhost", "ionic://localhost"},
        {"tauri://localhost", "tauri://localhost"},
        {"http://tauri.localhost", "http://tauri.localhost"},
        {"app://.", "app://."},
        {"chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb/popup.html",
         "chrome-extension://aapbdbdomjkkjkaonfhkkikfgjllcleb"},
        {"moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc",
         "moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc"},
        {"safari-web-extension://2C127FA4-62C7-7E4F-90E5-472B45EECFDC",
         "safari-web-extension://2C127FA4-62C7-7E4F-90E5-472B45EECFDC"},
        {"blob:https://app.example/2c127fa4", "https://app.example"},
        {"blob:null/2c127fa4", "null"},
        {"blob:capacitor://localhost/2c127fa4", "null"},
        {"file:///home/me/index.html", "null"},
        {"file://", "null"},
        {"data:text/html,x", "null"},
        {"about:blank", "null"},
        {"null", "null"},
    };
    for (const page_row& r : rows) {
        CAPTURE(r.page);
        const sim::answer a = browser(r.page).fetch({.url = api, .method = "PUT"}, generous);
        CHECK(a.allowed());
        REQUIRE(a.requests.size() == 2);
        CHECK(a.requests[0].origin == r.origin);
        CHECK(a.requests[1].origin == r.origin);
    }
    browser android({.url = "file:///android_asset/www/index.html", .origin = "file://"});
    CHECK(android.fetch({.url = api}, generous).requests.at(0).origin == "file://");
}

TEST_CASE("a page that is left has no say in what the next one is") {
    browser b({.url = "file:///android_asset/www/index.html", .origin = "file://"});
    b.visit(page);
    CHECK(b.fetch({.url = api}, generous).requests.at(0).origin == page);
    browser frame({.url = "https://app.example/frame", .context = sim::page_context::opaque});
    frame.visit(page);
    CHECK(frame.fetch({.url = api}, generous).requests.at(0).origin == page);
    frame.visit("null");
    CHECK(frame.fetch({.url = api}, generous).requests.at(0).origin == "null");
}

TEST_CASE("the clock starts at 0 and goes forward alone") {
    browser b{page};
    CHECK(b.now() == 0);
    b.wait(0);
    b.wait(-1);
    CHECK(b.now() == 0);
    b.wait(2);
    CHECK(b.now() == 2);
}

TEST_CASE("a beacon is a POST with credentials, preflighted like any other") {
    sim::fetch_options beacon{
        .url = api, .body = sim::text_body("x"), .initiator = sim::initiator::beacon};
    const sim::answer text = browser(page).fetch(beacon, silent);
    CHECK(text.allowed());
    REQUIRE(text.requests.size() == 1);
    CHECK(text.requests[0].method == "POST");
    CHECK(text.requests[0].credentials);
    CHECK(text.requests[0].origin == page);

    beacon.body = {.kind = sim::body_kind::blob, .value = "{}", .mime = "application/json"};
    CHECK(browser(page).fetch(beacon, silent).blocked_at == step::preflight_origin_missing);
    const sim::answer json = browser(page).fetch(beacon, generous);
    CHECK(json.preflights() == 1);
    CHECK(json.requests.at(0).acrh == "content-type");
    const auto anonymous = [](const sim::request& r) {
        sim::response out = generous(r);
        out.headers.pop_back();
        return out;
    };
    CHECK(browser(page).fetch(beacon, anonymous).blocked_at ==
          step::preflight_credentials_not_true);
}

TEST_CASE("CORS does not stop a form") {
    const sim::fetch_options form{.url = api,
                                  .method = "POST",
                                  .headers = {{"X-A", "1"}},
                                  .body = {.kind = sim::body_kind::url_search_params},
                                  .initiator = sim::initiator::form};
    std::string type = "?";
    const auto server = [&](const sim::request& r) {
        type = std::string(r.first("Content-Type").value_or("-"));
        CHECK_FALSE(r.first("X-A"));
        return sim::response{200, {{"Cross-Origin-Resource-Policy", "same-origin"}}};
    };
    const sim::answer a = browser(page).fetch(form, server);
    CHECK(a.allowed());
    CHECK(a.preflights() == 0);
    CHECK(a.requests.at(0).origin == page);
    CHECK(a.requests.at(0).credentials);
    CHECK(type == "application/x-www-form-urlencoded");
    CHECK(a.exposed().empty());
    const sim::answer get =
        browser(page).fetch({.url = api, .initiator = sim::initiator::form}, silent);
    CHECK_FALSE(get.requests.at(0).origin.has_value());
}

TEST_CASE("what an API does not let a page say has no say") {
    const auto record = [](const sim::fetch_options& asks, bool redirects) {
        std::string sent;
        const auto server = [&](const sim::request& r) {
            sent += r.method + ' ' + r.url + '\n';
            for (const sim::header& h : r.headers) sent += h.name + ": " + h.value + '\n';
            const bool again = r.url.find("/again") != std::string::npos;
            if (!redirects || again || r.method == "OPTIONS") return generous(r);
            sim::response moved = generous(r);
            moved.status = 307;
            moved.headers.push_back({"Location", "/again"});
            return moved;
        };
        const sim::answer got = browser(page).fetch(asks, server);
        for (const sim::wire_request& r : got.requests) sent += r.credentials ? '+' : '-';
        return sent + std::string(to_string(got.verdict));
    };
    using sim::initiator;
    for (const initiator api_of :
         {initiator::beacon, initiator::form, initiator::websocket, initiator::event_source}) {
        CAPTURE(static_cast<int>(api_of));
        const bool socket = api_of == initiator::websocket;
        for (const bool redirects : {false, true}) {
            CAPTURE(redirects);
            const sim::fetch_options plain{.url = socket ? "wss://api.example/" : api,
                                           .initiator = api_of};
            const std::string expected = record(plain, redirects);
            const auto with = [&](auto change) {
                sim::fetch_options other = plain;
                change(other);
                return record(other, redirects);
            };
            for (const request_mode mode : {request_mode::no_cors, request_mode::same_origin}) {
                CHECK(with([&](auto& o) { o.mode = mode; }) == expected);
            }
            CHECK(with([](auto& o) { o.method = "PUT"; }) == expected);
            CHECK(with([](auto& o) { o.headers = {{"X-A", "1"}}; }) == expected);
            CHECK(with([](auto& o) { o.headers = {{"Accept", "a"}}; }) == expected);
            CHECK(with([](auto& o) { o.upload_listener = true; }) == expected);
            for (const sim::cache_mode mode :
                 {sim::cache_mode::no_store, sim::cache_mode::only_if_cached}) {
                CHECK(with([&](auto& o) { o.cache = mode; }) == expected);
            }
            CHECK(with([](auto& o) { o.credentials = credentials_mode::omit; }) == expected);
            if (api_of != initiator::event_source) {  // which has withCredentials
                CHECK(with([](auto& o) { o.credentials = credentials_mode::include; }) == expected);
            }
            for (const sim::redirect_mode mode :
                 {sim::redirect_mode::manual, sim::redirect_mode::error}) {
                CHECK(with([&](auto& o) { o.redirect = mode; }) == expected);
            }
            if (socket || api_of == initiator::event_source) {
                CHECK(with([](auto& o) { o.body = {sim::body_kind::text, "x", ""}; }) == expected);
            }
        }
    }
}

TEST_CASE("a WebSocket handshake has an Origin, and the server alone can refuse it") {
    const sim::fetch_options socket{.url = "wss://api.example/feed",
                                    .initiator = sim::initiator::websocket};
    const auto server = [](const sim::request& r) {
        CHECK(r.url == "https://api.example/feed");
        CHECK(r.first("Upgrade") == "websocket");
        CHECK(r.first("Connection") == "Upgrade");
        CHECK(r.first("Sec-WebSocket-Version") == "13");
        CHECK_FALSE(r.first("Accept"));
        return sim::response{r.first("Origin") == page ? 101 : 403, {}};
    };
    const sim::answer a = browser(page).fetch(socket, server);
    CHECK(a.allowed());
    CHECK(a.requests.at(0).origin == page);
    CHECK(a.requests.at(0).credentials);
    const sim::answer stranger = browser("https://evil.example").fetch(socket, server);
    CHECK(stranger.blocked_at == step::websocket_status);
    CHECK(stranger.sentence() ==
          "The request to wss://api.example/feed from origin https://evil.example is blocked: its "
          "status is 403, not 101 (websocket:status)");
    CHECK(browser("null").fetch(socket, server).requests.at(0).origin == "null");
}

TEST_CASE("a WebSocket has a URL of its own schemes, and follows no redirect") {
    const auto open = [](const quirks& q, const char* url) {
        return browser(page, q).fetch(
            {.url = url, .initiator = sim::initiator::websocket}, [](const sim::request& r) {
                return r.url.ends_with("/moved") ? sim::response{101, {}}
                                                 : redirecting(302, "/moved");
            });
    };
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        CHECK(open(q, "ws://api.example/").blocked_at == step::websocket_status);
        CHECK(open(q, "ws://api.example/").requests.at(0).url == "http://api.example/");
        CHECK(open(q, "wss://api.example/moved").allowed());
        CHECK(open(q, "ftp://api.example/moved").blocked_at == step::scheme);
        CHECK(open(q, "ftp://api.example/moved").requests.empty());
    }
}

TEST_CASE("an EventSource sends credentials home, whatever it is told, and is never cached") {
    int asked = 0;
    const auto server = [&](const sim::request&) {
        ++asked;
        return sim::response{
            200, {{"Content-Type", "text/event-stream"}, {"Cache-Control", "max-age=60"}}};
    };
    browser b{page};
    for (const credentials_mode mode :
         {credentials_mode::omit, credentials_mode::same_origin, credentials_mode::include}) {
        const sim::answer a = b.fetch(
            {.url = "/feed", .credentials = mode, .initiator = sim::initiator::event_source},
            server);
        CHECK(a.allowed());
        CHECK(a.requests.at(0).credentials);
    }
    CHECK(asked == 3);
    const sim::answer foreign = b.fetch({.url = api,
                                         .credentials = credentials_mode::include,
                                         .initiator = sim::initiator::event_source},
                                        generous);
    CHECK(foreign.requests.at(0).credentials);
}

TEST_CASE("an EventSource wants 200 and text/event-stream") {
    const sim::fetch_options source{.url = api, .initiator = sim::initiator::event_source};
    const auto answering = [&](int status, const char* type) {
        return browser(page).fetch(source, [&](const sim::request& r) {
            CHECK(r.first("Accept") == "text/event-stream");
            return sim::response{status,
                                 {{"Access-Control-Allow-Origin", "*"}, {"Content-Type", type}}};
        });
    };
    CHECK(answering(200, "text/event-stream;charset=utf-8").allowed());
    CHECK(answering(200, "text/plain").blocked_at == step::event_source_response);
    CHECK(answering(204, "text/event-stream").blocked_at == step::event_source_response);
    CHECK(answering(200, "text/event-stream").requests.at(0).origin == page);
    CHECK(browser(page).fetch(source, silent).blocked_at == step::actual_origin_missing);
}

TEST_CASE("a sandboxed frame's images carry Origin to the site around it, in browsers") {
    const auto origin = [](const quirks& q, const char* url, credentials_mode credentials) {
        browser b({.url = "https://app.example/frame",
                   .context = sim::page_context::opaque,
                   .quirks = q});
        return b
            .fetch({.url = url,
                    .credentials = credentials,
                    .mode = request_mode::no_cors,
                    .initiator = sim::initiator::image},
                   silent)
            .requests.at(0)
            .origin.value_or("-");
    };
    constexpr auto include = credentials_mode::include;
    constexpr const char* own = "https://app.example/logo.svg";
    constexpr const char* sister = "https://www.app.example/logo.svg";
    CHECK(origin(quirks::standard, own, include) == "-");
    for (const quirks& q : {quirks::chromium, quirks::firefox}) {
        CHECK(origin(q, own, include) == "null");
        CHECK(origin(q, sister, include) == "null");
        CHECK(origin(q, own, credentials_mode::same_origin) == "-");
        CHECK(origin(q, api, include) == "-");
    }
    CHECK(browser(page, quirks::chromium)
              .fetch({.url = "/x",
                      .credentials = include,
                      .mode = request_mode::no_cors,
                      .initiator = sim::initiator::image},
                     silent)
              .requests.at(0)
              .origin == std::nullopt);
}

TEST_CASE("what asked for storage access goes on to do so in Chromium, at home in Firefox") {
    const auto origins = [](const quirks& q, const char* method, const char* first, int status,
                            const char* location) {
        browser b({.url = "https://app.example/frame",
                   .context = sim::page_context::opaque,
                   .quirks = q});
        const sim::answer a = b.fetch({.url = first,
                                       .method = method,
                                       .credentials = credentials_mode::include,
                                       .mode = request_mode::no_cors},
                                      [&](const sim::request& r) {
                                          return r.url.ends_with("/end")
                                                     ? sim::response{}
                                                     : redirecting(status, location);
                                      });
        std::string out;
        for (const auto& r : a.requests) out += r.origin.value_or("-") + ' ';
        return out;
    };
    constexpr const char* own = "https://app.example/x";
    constexpr const char* plain = "http://app.example/end";
    CHECK(origins(quirks::chromium, "GET", own, 302, "https://c.example/end") == "null null ");
    CHECK(origins(quirks::firefox, "GET", own, 302, "https://c.example/end") == "null - ");
    CHECK(origins(quirks::firefox, "HEAD", own, 302, "/end") == "null null ");
    CHECK(origins(quirks::chromium, "HEAD", own, 302, "/end") == "null null ");
    // A POST does not ask, nor does what a redirect makes of it.
    CHECK(origins(quirks::chromium, "POST", own, 302, "/end") == "null - ");
    CHECK(origins(quirks::standard, "GET", own, 302, "/end") == "- - ");
    CHECK(origins(quirks::firefox, "GET", plain, 302, "") == "- ");
}

TEST_CASE("Firefox takes a host without a domain for one site with and without TLS") {
    const auto site = [](const quirks& q, const char* from, const char* first,
                         const char* location) {
        std::string said;
        (void)browser(from, q).fetch(
            {.url = first, .mode = request_mode::no_cors}, [&](const sim::request& r) {
                said = std::string(r.first("Sec-Fetch-Site").value_or(""));
                return r.url.ends_with("/end") ? sim::response{} : redirecting(302, location);
            });
        return said;
    };
    struct row {
        const char* about;
        const char* from;
        const char* first;
        const char* location;
        const char* standard;
        const char* firefox;
    };
    constexpr row rows[] = {
        {"another port", "http://localhost:1", "http://localhost:2/end", "", "same-site",
         "same-site"},
        {"over TLS", "http://localhost", "https://localhost/end", "", "cross-site", "same-site"},
        {"an address over TLS", "http://127.0.0.1", "https://127.0.0.1/end", "", "cross-site",
         "same-site"},
        {"a domain over TLS", "http://app.example", "https://app.example/end", "", "cross-site",
         "cross-site"},
        {"another address", "http://127.0.0.1", "http://127.0.0.2/end", "", "cross-site",
         "cross-site"},
        {"after a redirect", "http://localhost:1", "http://localhost:2/", "/end", "same-site",
         "cross-site"},
        {"of a domain", "https://app.example", "https://api.app.example/", "/end", "same-site",
         "same-site"},
        {"from home", "https://app.example", "/", "https://api.app.example/end", "same-site",
         "same-site"},
        {"no origin", "null", "https://localhost/end", "", "cross-site", "cross-site"},
        {"its own", "http://localhost", "/end", "", "same-origin", "same-origin"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(site(quirks::standard, r.from, r.first, r.location) == r.standard);
        CHECK(site(quirks::chromium, r.from, r.first, r.location) == r.standard);
        CHECK(site(quirks::firefox, r.from, r.first, r.location) == r.firefox);
    }
}

TEST_CASE("a preflight says what kind it is, too, in Chromium its mode even in the clear") {
    const auto said = [](const quirks& q, const char* url) {
        std::string out;
        (void)browser(page, q).fetch({.url = url, .method = "PUT"}, [&](const sim::request& r) {
            for (const sim::header& h : r.headers) {
                if (h.name.starts_with("Sec-Fetch-"))
                    out += h.name.substr(10) + '=' + h.value + ' ';
            }
            return sim::response{};
        });
        return out;
    };
    constexpr const char* all = "Site=cross-site Mode=cors Dest=empty ";
    for (const quirks& q : {quirks::standard, quirks::chromium, quirks::firefox}) {
        CHECK(said(q, "https://api.example/") == all);
        CHECK(said(q, "http://api.example/") == (is_chromium(q) ? "Mode=cors " : ""));
    }
}

TEST_CASE("elements in mode cors say Origin at home in Chromium") {
    const auto origin = [](const quirks& q, sim::initiator by, request_mode mode) {
        return browser(page, q)
            .fetch({.url = "/x", .mode = mode, .initiator = by}, silent)
            .requests.at(0)
            .origin.value_or("-");
    };
    using sim::initiator;
    for (const initiator by :
         {initiator::image, initiator::script, initiator::stylesheet, initiator::font}) {
        CHECK(origin(quirks::standard, by, request_mode::cors) == "-");
        CHECK(origin(quirks::chromium, by, request_mode::cors) == page);
        CHECK(origin(quirks::chromium, by, request_mode::no_cors) == "-");
        CHECK(origin(quirks::firefox, by, request_mode::cors) == "-");
    }
    CHECK(origin(quirks::chromium, initiator::fetch, request_mode::cors) == "-");
    CHECK(origin(quirks::chromium, initiator::video, request_mode::cors) == "-");
}

TEST_CASE("a request says what kind it is, where it is not sent in the clear") {
    struct metadata_row {
        const char* about;
        sim::fetch_options options;
        /// `Sec-Fetch-Site`, `-Mode`, `-Dest`.
        const char* said;
    };
    const metadata_row rows[] = {
        {"the own origin", {.url = "/x"}, "same-origin cors empty"},
        {"another one", {.url = api}, "cross-site cors empty"},
        {"the same site", {.url = "https://api.app.example/"}, "same-site cors empty"},
        {"the same site in the clear", {.url = "http://app.example/"}, ""},
        {"this machine", {.url = "http://localhost:8080/"}, "cross-site cors empty"},
        {"an image",
         {.url = api, .mode = request_mode::no_cors, .initiator = sim::initiator::image},
         "cross-site no-cors image"},
        {"a form", {.url = api, .initiator = sim::initiator::form}, "cross-site navigate document"},
        {"a WebSocket",
         {.url = "wss://app.example/", .initiator = sim::initiator::websocket},
         "same-origin websocket empty"},
    };
    for (const metadata_row& r : rows) {
        CAPTURE(r.about);
        std::string said;
        (void)browser(page).fetch(r.options, [&](const sim::request& q) {
            for (const char* name : {"Sec-Fetch-Site", "Sec-Fetch-Mode", "Sec-Fetch-Dest"}) {
                said += (said.empty() ? "" : " ") + std::string(q.first(name).value_or(""));
            }
            return sim::response{101, {}};
        });
        CHECK(said == r.said);
    }
}
