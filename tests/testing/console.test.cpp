// SPDX-License-Identifier: MIT
#include <corsac/testing/console.hpp>

#include <corsac/testing/advice.hpp>
#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::quirks;
using sim::step;

using lines = std::vector<std::string>;

sim::block mismatch(const char* value) {
    return {.at = step::actual_origin_mismatch,
            .offender = value,
            .page_origin = "https://app.example",
            .first_url = "https://api.example/",
            .current_url = "https://api.example/",
            .origin_lines = 1};
}

std::string chromium_says(const char* value) {
    const std::string line = sim::console_lines(mismatch(value), quirks::chromium).at(0);
    return line.substr(line.find("policy: ") + 8);
}

}  // namespace

TEST_CASE("Chromium tells four kinds of wrong origin apart") {
    struct row {
        const char* about;
        const char* value;
        const char* said;
    };
    constexpr const char* hint = " Have the server send the header with a valid value.";
    constexpr row rows[] = {
        {"another origin", "https://b.example",
         "has a value 'https://b.example' that is not equal"
         " to the supplied origin."},
        {"null", "null", "has a value 'null' that is not equal to the supplied origin."},
        {"a host and a port are a URL to it", "b.example:80",
         "has a value 'b.example:80' that is not equal to the supplied origin."},
        {"a list", "https://a.example,https://b.example",
         "contains multiple values 'https://a.example,https://b.example', but only one is "
         "allowed."},
        {"a space", "a b", "contains multiple values 'a b', but only one is allowed."},
        {"no URL", "app.example", "contains the invalid value 'app.example'."},
        {"nothing", "", "contains the invalid value ''."},
        {"a port that is no number", "http://a:*", "contains the invalid value 'http://a:*'."},
        {"a quoted origin", "\"https://b\"", "contains the invalid value '\"https://b\"'."},
        {"a byte that is not UTF-8",
         "http://b\xfc"
         "cher",
         "contains the invalid value 'http://b\\u00FCcher'."},
        {"nor the first of those bytes", "http://a/\x80",
         "has a value 'http://a/\\u0080' that is not equal to the supplied origin."},
        {"nor right behind the host", "http://a?\xff",
         "has a value 'http://a?\\u00FF' that is not equal to the supplied origin."},
        {"not even in a path is it shown", "http://a/\xff",
         "has a value 'http://a/\\u00FF' that is not equal to the supplied origin."},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(chromium_says(r.value) ==
              std::string("The 'Access-Control-Allow-Origin' header ") + r.said + hint);
    }
}

TEST_CASE("Firefox shows bytes that are not UTF-8 as U+FFFD") {
    struct row {
        const char* about;
        const char* value;
        const char* shown;
    };
    // As Python's decoder says, which replaces what the Encoding standard has replaced.
    constexpr row rows[] = {
        {"in a host",
         "b\xfc"
         "cher",
         "b\xef\xbf\xbd"
         "cher"},
        {"a letter of two bytes",
         "b\xc3\xbc"
         "cher",
         "b\xc3\xbc"
         "cher"},
        {"the last letter of two bytes", "\xdf\xbf", "\xdf\xbf"},
        {"the first letter of two bytes", "\xc2\x80", "\xc2\x80"},
        {"three bytes", "\xe2\x82\xac", "\xe2\x82\xac"},
        {"the last of three bytes", "\xef\xbf\xbf", "\xef\xbf\xbf"},
        {"the first of three bytes", "\xe0\xa0\x80", "\xe0\xa0\x80"},
        {"before the surrogates", "\xed\x9f\xbf", "\xed\x9f\xbf"},
        {"behind them", "\xee\x80\x80", "\xee\x80\x80"},
        {"four bytes", "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"the first of four bytes", "\xf0\x90\x80\x80", "\xf0\x90\x80\x80"},
        {"the last character", "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf"},
        {"beyond the last", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"a byte that begins nothing",
         "\xf5"
         "a",
         "\xef\xbf\xbd"
         "a"},
        {"a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"two bytes for what one is for", "\xc1\xbf", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"three for two", "\xe0\x9f\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"four for three", "\xf0\x8f\xbf\xbf", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"a sequence that ends early", "\xe2\x82", "\xef\xbf\xbd"},
        {"one that another begins in", "\xf0\x9f\xc3\xbc", "\xef\xbf\xbd\xc3\xbc"},
        {"a later byte alone", "\x80\xbf", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"cut off after three",
         "\xf1\x80\x80"
         "a",
         "\xef\xbf\xbd"
         "a"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(sim::console_lines(mismatch(r.value), quirks::firefox).at(0) ==
              "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
              "resource at https://api.example/. (Reason: CORS header "
              "‘Access-Control-Allow-Origin’ does not match ‘" +
                  std::string(r.shown) + "’).");
    }
}

TEST_CASE("each browser reports a failed preflight in its words") {
    const auto says = [](const quirks& q) {
        return sim::browser("https://app.example", q)
            .fetch({.url = "https://api.example/x", .method = "PUT"},
                   [](const sim::request&) {
                       return sim::response{404, {{"Access-Control-Allow-Origin", "*"}}};
                   })
            .console;
    };
    CHECK(says(quirks::standard) ==
          lines{"The preflight of https://api.example/x from origin https://app.example is "
                "blocked: its status is 404, not 200 to 299 (preflight:status)"});
    CHECK(says(quirks::chromium) ==
          lines{"Access to fetch at 'https://api.example/x' from origin 'https://app.example' has "
                "been blocked by CORS policy: Response to preflight request doesn't pass access "
                "control check: It does not have HTTP ok status."});
    CHECK(says(quirks::firefox) ==
          lines{"Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
                "resource at https://api.example/x. (Reason: CORS preflight response did not "
                "succeed). Status code: 404.",
                "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote "
                "resource at https://api.example/x. (Reason: CORS request did not succeed). Status "
                "code: (null)."});
}

TEST_CASE("of a block only what is said is so") {
    sim::block b{.at = step::preflight_status,
                 .page_origin = "https://app.example",
                 .request_origin = "https://app.example",
                 .first_url = "https://api.example/",
                 .current_url = "https://api.example/"};
    CHECK(sim::advice(b) ==
          "the answer has status 0: answer preflights with 204 before anything else runs");
    CHECK(sim::console_lines(b, quirks::chromium)
              .at(0)
              .ends_with("It does not have HTTP ok status."));
    CHECK(sim::console_lines(b, quirks::firefox).size() == 1);
    b.on_redirect = true;
    CHECK(sim::console_lines(b, quirks::firefox).size() == 2);
    b.at = step::preflight_method;
    b.offender = "PUT";
    CHECK(sim::advice(b).starts_with("add PUT to Access-Control-Allow-Methods"));
    b.at = step::actual_origin_mismatch;
    CHECK(sim::advice(b).starts_with("answer https://app.example if"));
    b.at = step::actual_wildcard_with_credentials;
    CHECK(sim::advice(b).starts_with("answer https://app.example, "));
}

TEST_CASE("every step has a reason in plain words") {
    for (int i = static_cast<int>(step::mode_same_origin); i <= static_cast<int>(step::network);
         ++i) {
        const auto at = static_cast<step>(i);
        CAPTURE(to_string(at));
        CHECK(sim::detail::plain_reason({.at = at}) != to_string(at));
    }
}
