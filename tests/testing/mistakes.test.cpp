// SPDX-License-Identifier: MIT
#include <corsac/testing/advice.hpp>

#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <string>

// The classic mistakes of servers whose CORS headers are written by hand: each is caught, and the
// sentence names what to change.

namespace {

namespace sim = corsac::testing;
using sim::browser;
using sim::credentials_mode;

constexpr const char* page = "https://app.example";
constexpr const char* api = "https://api.example/items";

const sim::header_list shared{{"Access-Control-Allow-Origin", page}, {"Vary", "Origin"}};

sim::header_list with(sim::header_list list, const char* name, const char* value) {
    list.push_back({name, value});
    return list;
}

struct mistake_row {
    const char* about;
    sim::fetch_options options;
    sim::response preflight;
    sim::response actual;
    /// With what the sentence ends.
    const char* end;
};

const sim::fetch_options json_post{.url = api,
                                   .method = "POST",
                                   .headers = {{"Content-Type", "application/json"}},
                                   .body = sim::text_body("{}")};
const sim::fetch_options put{.url = api, .method = "PUT"};
const sim::fetch_options get{.url = api};
const sim::fetch_options personal{.url = api, .credentials = credentials_mode::include};
const sim::fetch_options token{.url = api, .headers = {{"Authorization", "Bearer x"}}};

const mistake_row mistakes[] = {
    {"a slash at the end of the origin",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "https://app.example/"}}},
     "(actual:origin-mismatch); an origin ends before the path: https://app.example"},
    {"a list of origins",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "https://a.example, https://app.example"}}},
     "; it holds one origin: compare on the server, and answer https://app.example"},
    {"a pattern",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "https://*.example"}}},
     "; it knows no patterns: compare on the server, and answer https://app.example"},
    {"the wrong scheme",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "http://app.example"}}},
     "; the scheme is part of an origin: https://app.example"},
    {"a port too many",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "https://app.example:443"}}},
     "; the port is part of an origin: https://app.example"},
    {"letter case",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "HTTPS://App.Example"}}},
     "; an origin is in lower case: https://app.example"},
    {"a single origin where there are several pages",
     get,
     {},
     {200, {{"Access-Control-Allow-Origin", "https://other.example"}}},
     "; answer https://app.example if that page may read it, and send Vary: Origin"},
    {"the application and the proxy both write the header",
     get,
     {},
     {200, with(shared, "Access-Control-Allow-Origin", page)},
     "; two places send it (the application and a proxy?); let one of them do so, once"},
    {"nothing at all",
     get,
     {},
     {200, {}},
     "(actual:origin-missing); send Access-Control-Allow-Origin: https://app.example, and Vary: "
     "Origin"},
    {"no headers on errors",
     get,
     {},
     {500, {}},
     "; the answer has status 500: send Access-Control-Allow-Origin: https://app.example with it, "
     "too"},
    {"no headers on redirects",
     get,
     {},
     {301, {{"Location", "/items/"}}},
     "; send Access-Control-Allow-Origin: https://app.example with the redirect, too"},
    {"a redirect to a third origin",
     get,
     {},
     {302, with(shared, "Location", "https://cdn.example/items")},
     "from origin null (made so by a redirect to a third origin; the page is https://app.example) "
     "is blocked: Access-Control-Allow-Origin is 'https://app.example', not the request's origin "
     "(actual:origin-mismatch); a redirect to a third origin made the origin null; redirect within "
     "one origin, or let the page ask the target itself"},
    {"* with credentials",
     personal,
     {},
     {200, {{"Access-Control-Allow-Origin", "*"}}},
     "; answer https://app.example, Access-Control-Allow-Credentials: true and Vary: Origin, or "
     "send the request without credentials"},
    {"Access-Control-Allow-Credentials forgotten",
     personal,
     {},
     {200, shared},
     "; send Access-Control-Allow-Credentials: true, in lower case and once, with the preflight's "
     "answer and the response, or send the request without credentials"},
    {"preflights reach the authentication",
     json_post,
     {401, {}},
     {200, shared},
     "; the answer has status 401: a preflight carries no credentials; answer it before they are "
     "asked"},
    {"preflights reach the router",
     json_post,
     {405, shared},
     {200, shared},
     "(preflight:status); the answer has status 405: answer OPTIONS before requests are routed by "
     "method"},
    {"preflights reach the redirect to https",
     json_post,
     {301, with(shared, "Location", "/items/")},
     {200, shared},
     "; the answer has status 301: answer preflights before redirects (to https, for a slash at "
     "the end)"},
    {"preflights fail",
     json_post,
     {500, {}},
     {200, shared},
     "; the answer has status 500: answer preflights with 204 before anything else runs"},
    {"headers on everything but preflights",
     json_post,
     {204, {}},
     {200, shared},
     "; answer the OPTIONS request with Access-Control-Allow-Origin: https://app.example"},
    {"JSON, and Content-Type not allowed",
     json_post,
     {204, with(shared, "Access-Control-Allow-Methods", "POST")},
     {200, shared},
     "(preflight:header); add content-type to Access-Control-Allow-Headers"},
    {"a method that is not allowed",
     put,
     {204, with(shared, "Access-Control-Allow-Methods", "GET, POST")},
     {200, shared},
     "; add PUT to Access-Control-Allow-Methods (methods are case-sensitive)"},
    {"patch",
     {.url = api, .method = "patch"},
     {204, with(shared, "Access-Control-Allow-Methods", "PATCH")},
     {200, shared},
     "; methods are case-sensitive, send PATCH"},
    {"* for Authorization",
     token,
     {204, with(shared, "Access-Control-Allow-Headers", "*")},
     {200, shared},
     "; add Authorization to Access-Control-Allow-Headers; * does not stand for it"},
    {"* for headers, with credentials",
     {.url = api, .headers = {{"X-A", "1"}}, .credentials = credentials_mode::include},
     {204, with(with(shared, "Access-Control-Allow-Credentials", "true"),
                "Access-Control-Allow-Headers", "*")},
     {200, shared},
     "; with credentials * is the name of a header: add x-a to Access-Control-Allow-Headers"},
    {"* for methods, with credentials",
     {.url = api, .method = "PUT", .credentials = credentials_mode::include},
     {204, with(with(shared, "Access-Control-Allow-Credentials", "true"),
                "Access-Control-Allow-Methods", "*")},
     {200, shared},
     "; with credentials * is the name of a method: add PUT to Access-Control-Allow-Methods"},
    {"a list with something in it that is no name",
     {.url = api, .headers = {{"X-A", "1"}}},
     {204, with(shared, "Access-Control-Allow-Headers", "x-a; x-b")},
     {200, shared},
     "; one bad element spoils the list: take it out"},
};

}  // namespace

TEST_CASE("the classic mistakes are caught, and the sentence names what to change") {
    for (const mistake_row& r : mistakes) {
        CAPTURE(r.about);
        const auto server = [&](const sim::request& q) {
            return q.method == "OPTIONS" ? r.preflight : r.actual;
        };
        const sim::answer a = browser(page).fetch(r.options, server);
        CHECK_FALSE(a.allowed());
        const std::string sentence = a.sentence();
        CAPTURE(sentence);
        CHECK(sentence.ends_with(r.end));
    }
}

TEST_CASE("the status of an answer tells who gave it") {
    struct status_row {
        int status;
        /// What the preflight's answer should have been, and the other answer's.
        const char* preflight;
        const char* actual;
    };
    constexpr const char* login = ": a preflight carries no credentials; answer it before they are "
                                  "asked";
    constexpr const char* router = ": answer OPTIONS before requests are routed by method";
    constexpr const char* moved = ": answer preflights before redirects (to https, for a slash at "
                                  "the end)";
    constexpr const char* other = ": answer preflights with 204 before anything else runs";
    constexpr const char* too = ": send Access-Control-Allow-Origin: https://app.example with it, "
                                "too";
    constexpr status_row rows[] = {
        {199, other, nullptr}, {200, nullptr, nullptr}, {299, nullptr, nullptr}, {300, moved, too},
        {301, moved, too},     {399, moved, too},       {400, other, too},       {401, login, too},
        {402, other, too},     {403, login, too},       {404, router, too},      {405, router, too},
        {406, other, too},     {407, login, too},       {408, other, too},       {500, other, too},
        {501, router, too},    {502, other, too},
    };
    for (const status_row& r : rows) {
        CAPTURE(r.status);
        const std::string says = "the answer has status " + std::to_string(r.status);
        sim::block b{.at = sim::step::preflight_origin_missing,
                     .page_origin = page,
                     .request_origin = page,
                     .status = r.status};
        CHECK(sim::advice(b) ==
              (r.preflight != nullptr
                   ? says + r.preflight
                   : "answer the OPTIONS request with Access-Control-Allow-Origin: "
                     "https://app.example"));
        b.at = sim::step::actual_origin_missing;
        CHECK(sim::advice(b) ==
              (r.actual != nullptr
                   ? says + r.actual
                   : "send Access-Control-Allow-Origin: https://app.example, and Vary: Origin"));
    }
}

TEST_CASE("a header that is not exposed is there, and hidden") {
    const auto server = [](const sim::request&) {
        return sim::response{200, with(shared, "X-Total-Count", "7")};
    };
    const sim::answer a = browser(page).fetch(get, server);
    CHECK(a.allowed());
    CHECK_FALSE(a.exposes("X-Total-Count"));
    CHECK(a.sentence_about("X-Total-Count") ==
          "X-Total-Count is hidden from scripts; add it to Access-Control-Expose-Headers");
}

TEST_CASE("Vary: Origin forgotten: the second page that asks gets the first one's answer") {
    const auto server = [](const sim::request& r) {
        return sim::response{
            200,
            {{"Access-Control-Allow-Origin", std::string(r.first("Origin").value_or("*"))},
             {"Cache-Control", "max-age=60"}}};
    };
    browser b{page};
    CHECK(b.fetch(get, server).allowed());
    b.visit("https://admin.app.example");
    const sim::answer a = b.fetch(get, server);
    CHECK_FALSE(a.allowed());
    CHECK(a.sentence().ends_with("; the answer was cached for another request: send Vary: Origin "
                                 "with every answer of this URL, also where there is no Origin"));
}
