// SPDX-License-Identifier: MIT
#include <corsac/decision/evaluate_for_debugging.hpp>

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sim = corsac::testing;

const corsac::policy& listing() {
    static const auto built = corsac::make_policy({.allow_origins = {"https://app.example"},
                                                   .allow_methods = {"PATCH"},
                                                   .allow_headers = {"Authorization"},
                                                   .allow_credentials = true});
    return *built;
}
/// Answers what is asked, save `Authorization`.
const corsac::policy& reflecting() {
    static const auto built = corsac::make_policy(
        {.allow_origins = {"https://app.example"}, .allow_methods = {"*"}, .allow_headers = {"*"}});
    return *built;
}

/// What the console of a browser says, and the developer's header.
std::string seen(const corsac::policy& policy, const sim::quirks& quirks,
                 const sim::fetch_options& asks, std::string_view page = "https://app.example") {
    std::string sentence;
    const auto server = [&](const sim::request& r) {
        sim::response answer;
        const corsac::decision d = corsac::evaluate_for_debugging(policy, sim::request_adapter{r});
        CHECK(corsac::evaluate(policy, sim::request_adapter{r}).outcome() == d.outcome());
        if (d.answers()) answer.status = d.status();
        corsac::apply(d, sim::response_adapter{answer});
        for (const sim::header& h : answer.headers) {
            if (h.name == "x-cors-explanation") sentence = h.value;
        }
        return answer;
    };
    sim::browser browser{std::string(page), quirks};
    const sim::answer got = browser.fetch(asks, server);
    std::string lines = got.allowed() ? "allowed" : "";
    for (const std::string& line : got.console) lines.append(line).append("\n");
    return lines + "| " + sentence;
}

struct into_map {
    std::map<std::string, std::string, std::less<>>& lines;
    void add(std::string_view name, std::string_view value) {
        lines[std::string(name)] = std::string(value);
    }
};

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

TEST_CASE("the console names the method or the header at fault, and the header says it in words") {
    struct row {
        const corsac::policy& policy;
        sim::fetch_options asks;
        std::string_view console;
        std::string_view sentence;
    };
    const std::string url = "https://api.example/items";
    const row rows[] = {
        {listing(), {.url = url, .method = "PUT"}, "PUT", "method \"PUT\" is not in allow_methods"},
        {listing(), {.url = url, .method = "patch"}, "patch", "send PATCH"},
        {listing(),
         {.url = url, .method = "POST", .headers = {{"Content-Type", "application/json"}}},
         "content-type",
         "content-type"},
        {listing(), {.url = url, .headers = {{"X-Mine", "1"}}}, "x-mine", "x-mine"},
        {reflecting(),
         {.url = url, .headers = {{"Authorization", "Bearer x"}}},
         "authorization",
         "authorization"},
    };
    for (const sim::quirks& quirks : {sim::quirks::chromium, sim::quirks::firefox}) {
        for (const row& r : rows) {
            const std::string got = seen(r.policy, quirks, r.asks);
            INFO(got);
            CHECK_FALSE(has(got, "allowed|"));
            const std::string console = got.substr(0, got.rfind("| "));
            // Firefox does not repeat the method.
            CHECK((has(console, r.console) || has(console, "Did not find method in CORS header")));
            CHECK(has(got.substr(got.rfind("| ")), r.sentence));
        }
    }
}

TEST_CASE("strangers learn nothing, and what is allowed stays as it is") {
    const auto answer = [](auto evaluated, const support::request& asks) {
        support::response response;
        const corsac::decision d = evaluated(asks);
        corsac::apply(d, response);
        return std::string(response.summary().view()) + " " + std::to_string(d.status());
    };
    const auto usual = [](const support::request& r) { return corsac::evaluate(listing(), r); };
    const auto debugging = [](const support::request& r) {
        return corsac::evaluate_for_debugging(listing(), r);
    };
    const support::request same[] = {
        {"OPTIONS",
         {{{"Origin", "https://evil.example"}, {"Access-Control-Request-Method", "PUT"}}}},
        {"OPTIONS", {{{"Origin", "null"}, {"Access-Control-Request-Method", "PATCH"}}}},
        {"OPTIONS",
         {{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "PATCH"}}}},
        {"GET", {{{"Origin", "https://evil.example"}}}},
        {"GET", {{{"Origin", "https://app.example"}}}},
        {"GET", {}},
    };
    for (const support::request& r : same) CHECK(answer(usual, r) == answer(debugging, r));
}

TEST_CASE(
    "a developer's answer has the lists of the policy, credentials and a status with a body") {
    const auto answer = [](const corsac::policy& policy, std::string_view method,
                           std::string_view names) {
        const support::request asks{"OPTIONS",
                                    {{{"Origin", "https://app.example"},
                                      {"Access-Control-Request-Method", method},
                                      {"Access-Control-Request-Headers", names}}}};
        support::response response;
        const corsac::decision d = corsac::evaluate_for_debugging(policy, asks);
        corsac::apply(d, response);
        const std::string all{response.summary().view()};
        return std::to_string(d.status()) + " " + all.substr(0, all.find(" | x-cors"));
    };
    CHECK(answer(listing(), "PUT", "x-mine") ==
          "200 access-control-allow-origin: https://app.example | "
          "access-control-allow-credentials: true | access-control-allow-methods: PATCH | "
          "access-control-allow-headers: Authorization");
    // What is asked for is not repeated, which would grant it.
    CHECK(answer(reflecting(), "PUT", "authorization") ==
          "200 access-control-allow-origin: https://app.example");
}

TEST_CASE("in shadow nothing is shown, by whoever the origin is decided") {
    const auto shadow = corsac::make_policy({.allow_origins = {"*"}, .shadow = true});
    const auto any = corsac::make_policy({.allow_origins = {"*"}});
    const support::request asked{
        "OPTIONS", {{{"Origin", "https://app.example"}, {"Access-Control-Request-Method", "PUT"}}}};
    using corsac::origin_verdict;
    CHECK_FALSE(corsac::evaluate_for_debugging(*shadow, asked).explains());
    CHECK_FALSE(corsac::evaluate_for_debugging(*shadow, asked, origin_verdict::allowed).explains());
    for (const corsac::decision& d :
         {corsac::evaluate_for_debugging(*any, asked),
          corsac::evaluate_for_debugging(*any, asked, origin_verdict::allowed)}) {
        CHECK(d.outcome() == corsac::outcome::method_not_allowed);
        CHECK(d.explains());
        CHECK(d.fields().allow_origin == "*");
    }
    const corsac::decision listed =
        corsac::evaluate_for_debugging(listing(), asked, origin_verdict::allowed);
    CHECK(listed.fields().allow_origin == "https://app.example");
    CHECK_FALSE(
        corsac::evaluate_for_debugging(listing(), asked, origin_verdict::refused).explains());
}

TEST_CASE("credentials that are withheld are explained, and stay withheld") {
    const auto bare =
        corsac::make_policy({.allow_origins = {"https://app.example"}, .refuse_credentials = true});
    const support::request asked{"GET", {{{"Origin", "https://app.example"}, {"Cookie", "a=b"}}}};
    for (const corsac::decision& d :
         {corsac::evaluate_for_debugging(*bare, asked),
          corsac::evaluate_for_debugging(*bare, asked, corsac::origin_verdict::allowed)}) {
        CHECK(d.outcome() == corsac::outcome::credentials_not_allowed);
        CHECK_FALSE(d.answers());
        support::response response;
        corsac::apply(d, response);
        const std::string sent{response.summary().view()};
        CHECK(has(sent, "x-cors-explanation: origin \"https://app.example\" is allowed, but"));
        CHECK_FALSE(has(sent, "access-control-"));
    }
}

TEST_CASE("a field's value is ASCII, whatever is explained") {
    const support::request asked{"OPTIONS",
                                 {{{"Origin", "https://app.example"},
                                   {"Access-Control-Request-Method", "PATCH"},
                                   {"Access-Control-Request-Headers", "a,b,c,d,e,f,g,h,i"}}}};
    const corsac::decision d = corsac::evaluate_for_debugging(listing(), asked);
    CHECK(has(corsac::explain(d), "\"h\", … are not"));
    CHECK(has(corsac::answer_body(d), "\"h\", ... are not"));
}

TEST_CASE("a method that stands twice is no browser's") {
    const support::request twice{"OPTIONS",
                                 {{{"Origin", "https://app.example"},
                                   {"Access-Control-Request-Method", "PATCH"},
                                   {"Access-Control-Request-Method", "PATCH"}}}};
    const corsac::decision d = corsac::evaluate_for_debugging(listing(), twice);
    CHECK(d.outcome() == corsac::outcome::method_malformed);
    CHECK_FALSE(d.explains());
}

TEST_CASE("whatever is asked, it grants what evaluate grants") {
    const std::vector<std::string> methods{"GET", "POST", "PUT", "PATCH", "patch", "P UT", "TRACE"};
    const std::vector<std::string> names{
        "", "authorization", "x-a", "content-type,authorization", "a b", "x-a,authorization"};
    for (const corsac::policy* policy : {&listing(), &reflecting()}) {
        for (const std::string& method : methods) {
            for (const std::string& headers : names) {
                const support::request asks{"OPTIONS",
                                            {{{"Origin", "https://app.example"},
                                              {"Access-Control-Request-Method", method},
                                              {"Access-Control-Request-Headers", headers}}}};
                const corsac::decision usual = corsac::evaluate(*policy, asks);
                const corsac::decision d = corsac::evaluate_for_debugging(*policy, asks);
                CAPTURE(method);
                CAPTURE(headers);
                CHECK(usual.allows() == d.allows());
                if (usual.allows()) continue;
                // The browser's own test, of what it is sent.
                std::map<std::string, std::string, std::less<>> sent;
                corsac::apply(d, into_map{sent});
                const auto listed = [&](std::string_view field, std::string_view wanted) {
                    const auto found = sent.find(field);
                    std::string_view list;
                    if (found != sent.end()) list = found->second;
                    while (corsac::detail::has_elements(list)) {
                        const std::string_view one = corsac::detail::next_element(list);
                        // Methods are compared as they stand, names are not.
                        if (field == "access-control-allow-methods"
                                ? one == wanted
                                : corsac::detail::equals_ignore_case(one, wanted)) {
                            return true;
                        }
                        CHECK(one != "*");
                    }
                    return false;
                };
                const bool safe = method == "GET" || method == "POST";
                bool passes = safe || listed("access-control-allow-methods", method);
                std::string_view rest = headers;
                while (corsac::detail::has_elements(rest)) {
                    const std::string_view name = corsac::detail::next_element(rest);
                    passes = passes && listed("access-control-allow-headers", name);
                }
                CHECK_FALSE(passes);
            }
        }
    }
}

}  // namespace
