// SPDX-License-Identifier: MIT
#include <corsac/decision/response.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corsac::detail::equals_ignore_case;

/// Field lines as a server keeps them; the sinks below differ in what they can do with them.
using fields = std::vector<std::pair<std::string, std::string>>;

struct adding {
    fields& lines;
    void add(std::string_view name, std::string_view value) { lines.emplace_back(name, value); }
};
struct erasing : adding {
    void erase(std::string_view name) {
        std::erase_if(lines, [&](const auto& l) { return equals_ignore_case(l.first, name); });
    }
};
struct erasing_only_prefix : adding {
    void erase_prefix(std::string_view prefix) {
        std::erase_if(lines, [&](const auto& l) {
            return equals_ignore_case(std::string_view{l.first}.substr(0, prefix.size()), prefix);
        });
    }
};
struct erasing_prefix : erasing_only_prefix {
    void set(std::string_view name, std::string_view value) {
        std::erase_if(lines, [&](const auto& l) { return equals_ignore_case(l.first, name); });
        add(name, value);
    }
};
/// One value per name, as in Drogon: nothing can be added.
struct replacing {
    fields& lines;
    void set(std::string_view name, std::string_view value) {
        for (auto& l : lines) {
            if (equals_ignore_case(l.first, name)) {
                l.second = value;
                return;
            }
        }
        lines.emplace_back(name, value);
    }
    void erase(std::string_view name) {
        std::erase_if(lines, [&](const auto& l) { return equals_ignore_case(l.first, name); });
    }
    void vary(std::string_view token) {
        for (auto& l : lines) {
            if (!equals_ignore_case(l.first, "vary")) continue;
            if (!corsac::vary_covers(l.second, token)) l.second += ", " + std::string{token};
            return;
        }
        lines.emplace_back("vary", token);
    }
};

/// Knows what there is, so that Vary is merged only where it has to be.
struct knowing : adding {
    [[nodiscard]] bool has(std::string_view name) const {
        return std::any_of(lines.begin(), lines.end(),
                           [&](const auto& l) { return equals_ignore_case(l.first, name); });
    }
    void vary(std::string_view token) { replacing{lines}.vary(token); }
};

template <class Sink>
fields applied(const corsac::decision& d, fields lines) {
    Sink sink{lines};
    corsac::apply(d, sink);
    return lines;
}

corsac::decision decide(const corsac::policy& p, std::string_view method, std::string_view origin,
                        std::string_view requested = {}) {
    return corsac::evaluate(
        p, support::request{
               method,
               {{{origin.empty() ? "" : "origin", origin},
                 {requested.empty() ? "" : "access-control-request-method", requested}}}});
}

std::size_t count(const fields& lines, std::string_view name) {
    std::size_t found = 0;
    for (const auto& l : lines) found += equals_ignore_case(l.first, name) ? 1U : 0U;
    return found;
}
std::string value(const fields& lines, std::string_view name) {
    for (const auto& l : lines) {
        if (equals_ignore_case(l.first, name)) return l.second;
    }
    return {};
}

const corsac::policy usual = *corsac::make_policy(
    {.allow_origins = {"https://a.example"}, .allow_methods = {"PUT"}, .allow_credentials = true});
const corsac::policy keeping =
    *corsac::make_policy({.allow_origins = {"https://a.example"}, .keep_existing = true});

/// What a careless handler left behind.
const fields careless = {{"Content-Type", "text/plain"},
                         {"Access-Control-Allow-Origin", "https://evil.example"},
                         {"ACCESS-CONTROL-ALLOW-CREDENTIALS", "true"},
                         {"access-control-expose-headers", "*"},
                         {"Access-Control-Allow-Origin", "*"}};

TEST_CASE_TEMPLATE("what the handler wrote is replaced or removed", Sink, erasing, erasing_prefix,
                   erasing_only_prefix, replacing) {
    const fields shared = applied<Sink>(decide(usual, "GET", "https://a.example"), careless);
    CHECK(count(shared, "access-control-allow-origin") == 1);
    CHECK(value(shared, "access-control-allow-origin") == "https://a.example");
    CHECK(count(shared, "access-control-allow-credentials") == 1);
    CHECK(count(shared, "access-control-expose-headers") == 0);
    CHECK(value(shared, "content-type") == "text/plain");

    for (const char* origin : {"https://evil.example", "null", ""}) {
        CAPTURE(origin);
        const fields refused = applied<Sink>(decide(usual, "GET", origin), careless);
        for (const std::string_view name : corsac::field::owned) CHECK(count(refused, name) == 0);
        CHECK(value(refused, "vary") == "Origin");
        CHECK(value(refused, "content-type") == "text/plain");
    }
}

TEST_CASE("a sink that can only add writes every field once, Vary in one line") {
    const fields lines = applied<adding>(decide(usual, "OPTIONS", "https://a.example", "PUT"), {});
    CHECK(lines == fields{{"access-control-allow-origin", "https://a.example"},
                          {"access-control-allow-credentials", "true"},
                          {"access-control-allow-methods", "PUT"},
                          {"vary", "Origin, Access-Control-Request-Method, "
                                   "Access-Control-Request-Headers"}});
    CHECK(applied<adding>(decide(usual, "GET", ""), {}) == fields{{"vary", "Origin"}});
    const corsac::policy open = *corsac::make_policy({.allow_origins = {"*"}});
    CHECK(applied<adding>(decide(open, "GET", ""), {}) ==
          fields{{"access-control-allow-origin", "*"}});
    CHECK(value(applied<adding>(decide(open, "OPTIONS", "https://a.example", "GET"), {}), "vary") ==
          "Access-Control-Request-Method, Access-Control-Request-Headers");
    const corsac::policy bare =
        *corsac::make_policy({.allow_origins = {"https://a.example"}, .refuse_credentials = true});
    CHECK(applied<adding>(decide(bare, "GET", ""), {}) ==
          fields{{"vary", "Origin, Cookie, Authorization"}});
    const corsac::policy bare_open =
        *corsac::make_policy({.allow_origins = {"*"}, .refuse_credentials = true});
    CHECK(value(applied<adding>(decide(bare_open, "GET", ""), {}), "vary") ==
          "Cookie, Authorization");
    const fields options = applied<adding>(decide(bare, "OPTIONS", "https://a.example"), {});
    CHECK(options == fields{{"access-control-allow-origin", "https://a.example"},
                            {"vary", "Origin, Access-Control-Request-Method, "
                                     "Access-Control-Request-Headers"},
                            {"vary", "Cookie, Authorization"}});
}

TEST_CASE_TEMPLATE("a sentence for developers is written by every sink, in what a field may hold",
                   Sink, adding, erasing, erasing_prefix, erasing_only_prefix, replacing) {
    const support::request refused{
        "OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "A~Z"}}}};
    corsac::decision_fields made = corsac::evaluate(usual, refused).fields();
    made.explain = [](const corsac::decision&) noexcept {
        return corsac::explanation{}.append(" ~\x1f\x7f\xff.");
    };
    CHECK(value(applied<Sink>(corsac::decision{made}, {}), "x-cors-explanation") == " ~....");
}

TEST_CASE("Vary is merged into what is there") {
    const corsac::decision d = decide(usual, "OPTIONS", "https://a.example", "PUT");
    CHECK(value(applied<replacing>(d, {{"Vary", "Accept-Encoding"}}), "vary") ==
          "Accept-Encoding, Origin, Access-Control-Request-Method, "
          "Access-Control-Request-Headers");
    CHECK(value(applied<replacing>(d, {{"Vary", "origin, accept, access-control-request-method"}}),
                "vary") ==
          "origin, accept, access-control-request-method, Access-Control-Request-Headers");
    CHECK(value(applied<replacing>(d, {{"Vary", "*"}}), "vary") == "*");
}

TEST_CASE("Vary is one line, whether or not a sink knows that there is none yet") {
    for (const bool options : {false, true}) {
        const corsac::decision d =
            decide(usual, options ? "OPTIONS" : "GET", "https://a.example", options ? "PUT" : "");
        for (const fields& before :
             {fields{}, fields{{"Vary", "Accept-Encoding"}}, fields{{"VARY", "*"}},
              fields{{"vary", "access-control-request-headers, origin"}}}) {
            const fields after = applied<knowing>(d, before);
            CHECK(count(after, "vary") == 1);
            CHECK(value(after, "vary") == value(applied<replacing>(d, before), "vary"));
        }
    }
    // What depends on credentials says so whether or not the sink knows.
    const corsac::policy bare =
        *corsac::make_policy({.allow_origins = {"https://a.example"}, .refuse_credentials = true});
    const corsac::decision d = decide(bare, "OPTIONS", "https://a.example");
    CHECK(value(applied<knowing>(d, {}), "vary") ==
          "Origin, Access-Control-Request-Method, Access-Control-Request-Headers, Cookie, "
          "Authorization");
    CHECK(applied<knowing>(d, {}) == applied<replacing>(d, {}));
}

TEST_CASE_TEMPLATE("keep_existing removes nothing and still never doubles a field", Sink, erasing,
                   erasing_prefix, erasing_only_prefix, replacing) {
    const fields before = {{"Access-Control-Allow-Origin", "https://theirs.example"},
                           {"Access-Control-Max-Age", "1"}};
    const fields shared = applied<Sink>(decide(keeping, "GET", "https://a.example"), before);
    CHECK(count(shared, "access-control-allow-origin") == 1);
    CHECK(value(shared, "access-control-allow-origin") == "https://a.example");
    CHECK(value(shared, "access-control-max-age") == "1");
    const fields refused = applied<Sink>(decide(keeping, "GET", "https://evil.example"), before);
    CHECK(value(refused, "access-control-allow-origin") == "https://theirs.example");
    CHECK(value(refused, "access-control-max-age") == "1");

    // A handler's credentials would complete the grant of a policy that allows none.
    const fields with_credentials = {{"Access-Control-Allow-Credentials", "true"},
                                     {"Access-Control-Max-Age", "1"}};
    for (const char* origin : {"https://a.example", "https://evil.example"}) {
        const fields after = applied<Sink>(decide(keeping, "GET", origin), with_credentials);
        CHECK(count(after, "access-control-allow-credentials") == 0);
        CHECK(count(after, "access-control-max-age") == 1);
    }
}

TEST_CASE_TEMPLATE("applying twice is applying once", Sink, erasing_prefix, replacing) {
    const corsac::decision d = decide(usual, "GET", "https://a.example");
    const fields once = applied<Sink>(d, careless);
    const fields twice = applied<Sink>(d, once);
    for (const auto& [name, text] : once) {
        if (name == "vary") continue;
        CHECK(count(twice, name) == 1);
        CHECK(value(twice, name) == text);
    }
}

TEST_CASE("only an answer for developers has a body") {
    const support::request refused{
        "OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PATCH"}}}};
    const support::request shared{"GET", {{{"Origin", "https://a.example"}}}};
    CHECK(corsac::answer_body(corsac::evaluate(usual, refused)).view().empty());
    CHECK(corsac::answer_body(corsac::evaluate(usual, shared)).view().empty());

    corsac::decision_fields made = corsac::evaluate(usual, refused).fields();
    made.explain = &corsac::explain;
    CHECK(corsac::answer_body(corsac::decision{made}).view().find("PATCH") !=
          std::string_view::npos);
    made.status = 0;  // the application answers
    CHECK(corsac::answer_body(corsac::decision{made}).view().empty());
}

TEST_CASE("a response that no policy governs is left alone") {
    CHECK(applied<erasing>(corsac::decision{}, careless) == careless);
    CHECK_FALSE(corsac::decision{}.answers());
    CHECK_FALSE(corsac::decision{}.governs());
}

TEST_CASE("values outlive the decision: names and policy texts are NUL-terminated") {
    decide(usual, "OPTIONS", "https://a.example", "PUT")
        .visit([](std::string_view name, std::string_view value) {
            CHECK(name.data()[name.size()] == '\0');
            CHECK(value.data()[value.size()] == '\0');
        });
}

}  // namespace
