// SPDX-License-Identifier: MIT
#include <corsac/adapters/beast.hpp>

#include <corsac/corsac.hpp>

#include <boost/beast/http.hpp>
#include <doctest/doctest.h>

#include <string>
#include <vector>

// What a reply does not show, or not of every framework; the rest is in adapter_cases.

namespace {

namespace http = boost::beast::http;
using response = http::response<http::string_body>;

corsac::decision granted_preflight() {
    static const auto policy = corsac::make_policy({.allow_origins = {"https://app.example"}});
    static const std::string origin = "https://app.example";
    corsac::request_facts facts{.method = "OPTIONS"};
    facts.add("origin", origin);
    facts.add("access-control-request-method", "GET");
    return corsac::evaluate(*policy, facts);
}

TEST_CASE("the answer to a preflight leaves the connection as the request wants it") {
    struct row {
        const char* about;
        unsigned version;
        const char* connection;
        bool stays_open;
    };
    const row rows[] = {
        {"HTTP/1.1 keeps it", 11, "", true},
        {"HTTP/1.1 closes it when asked to", 11, "close", false},
        {"HTTP/1.0 closes it", 10, "", false},
        {"HTTP/1.0 keeps it when asked to", 10, "keep-alive", true},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        http::request<http::empty_body> request{http::verb::options, "/", r.version};
        if (*r.connection != '\0') request.set(http::field::connection, r.connection);
        const auto answer = corsac::beast_answer<response>(granted_preflight(), request);
        CHECK(answer.version() == r.version);
        CHECK(answer.keep_alive() == r.stays_open);
        CHECK(answer.result_int() == 204);
        CHECK(answer["access-control-allow-origin"] == "https://app.example");
    }
}

TEST_CASE("Vary gets what it does not cover yet, on a line of its own") {
    struct row {
        const char* about;
        std::vector<std::string> before;
        std::vector<std::string> after;
    };
    const row rows[] = {
        {"none yet", {}, {"Origin"}},
        {"something else", {"Accept-Encoding"}, {"Accept-Encoding", "Origin"}},
        {"it already", {"Origin"}, {"Origin"}},
        {"it in another case, among others", {"accept, ORIGIN"}, {"accept, ORIGIN"}},
        {"it on the second line", {"Accept", "Origin"}, {"Accept", "Origin"}},
        {"everything", {"*"}, {"*"}},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        response written{http::status::ok, 11};
        for (const std::string& line : r.before) written.insert(http::field::vary, line);
        corsac::beast_response<response>{written}.vary("Origin");
        std::vector<std::string> lines;
        for (const auto& field : written) lines.emplace_back(field.value());
        CHECK(lines == r.after);
    }
}

}  // namespace
