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
        {"nor behind three slashes", "http:///\xfc",
         "contains the invalid value 'http:///\\u00FC'."},
        {"nor before a path", "http://b\xfc/", "contains the invalid value 'http://b\\u00FC/'."},
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

TEST_CASE("Firefox tells repeated lines from others by how they are spelled") {
    const auto says = [](sim::header_list headers) {
        const std::string line =
            sim::browser("https://app.example", quirks::firefox)
                .fetch({.url = "https://api.example/"},
                       [&](const sim::request&) { return sim::response{200, headers}; })
                .console.at(0);
        return line.substr(line.find("(Reason: "));
    };
    constexpr const char* exact = "Access-Control-Allow-Origin";
    constexpr const char* lower = "access-control-allow-origin";
    constexpr const char* origin = "https://app.example";
    CHECK(says({{exact, origin}, {exact, origin}}) ==
          "(Reason: Multiple CORS header ‘Access-Control-Allow-Origin’ not allowed).");
    CHECK(says({{exact, origin}, {lower, origin}}) ==
          "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match "
          "‘https://app.example, https://app.example’).");
    CHECK(says({{lower, "a"}, {"X-A", "1"}, {"X-B", "1"}}) ==
          "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘a’).");
    // Empty lines count for nothing.
    CHECK(says({{lower, ""}, {lower, ""}, {lower, "a"}, {lower, "b"}, {lower, ""}, {lower, ""}}) ==
          "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘a, b’).");
    CHECK(says({{lower, ""}, {lower, "a"}}) ==
          "(Reason: CORS header ‘Access-Control-Allow-Origin’ does not match ‘a’).");
}

TEST_CASE("Firefox names a page without an origin by the site around it") {
    sim::browser frame({.url = "https://app.example/frame",
                        .context = sim::page_context::opaque,
                        .quirks = quirks::firefox});
    const auto nothing = [](const sim::request&) { return sim::response{}; };
    const sim::fetch_options asks{.url = "https://api.example/",
                                  .mode = sim::request_mode::same_origin};
    CHECK(frame.fetch(asks, nothing).console ==
          lines{"Security Error: Content at moz-nullprincipal:{…}?https://app.example may not load "
                "data from https://api.example/."});
    frame.visit("https://app.example/page");
    CHECK(frame.fetch(asks, nothing).console ==
          lines{"Security Error: Content at https://app.example/page may not load data from "
                "https://api.example/."});
}

TEST_CASE("Firefox reports a preflight that redirects for each thing that went wrong") {
    const auto says = [](sim::redirect_mode mode, const sim::response& preflight) {
        lines reasons;
        const sim::answer a =
            sim::browser("https://app.example", quirks::firefox)
                .fetch({.url = "https://api.example/", .method = "PUT", .redirect = mode},
                       [&](const sim::request&) { return preflight; });
        for (const std::string& line : a.console) {
            reasons.push_back(line.substr(line.find("(Reason: ") + 9));
        }
        return reasons;
    };
    constexpr auto follow = sim::redirect_mode::follow;
    const sim::header star{"Access-Control-Allow-Origin", "*"};
    const sim::header location{"Location", "/x"};
    constexpr const char* missing =
        "CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 302.";
    constexpr const char* status = "CORS preflight response did not succeed). Status code: 302.";
    constexpr const char* failed = "CORS request did not succeed). Status code: (null).";
    constexpr const char* external = "CORS request external redirect not allowed).";
    CHECK(says(follow, {302, {star, location}}) == lines{external, status, failed});
    CHECK(says(follow, {302, {star}}) == lines{status, failed});
    CHECK(says(follow, {302, {location}}) == lines{missing, failed, failed});
    CHECK(says(follow, {302, {}}) == lines{missing, failed});
    CHECK(says(sim::redirect_mode::error, {302, {star, location}}) == lines{status, failed});
    CHECK(says(sim::redirect_mode::error, {302, {location}}) == lines{missing, failed});
}

TEST_CASE("Chromium names what asked, and says where preflights fail") {
    const auto says = [](sim::initiator by, const sim::fetch_options& asks,
                         const sim::response& answer) {
        sim::fetch_options options = asks;
        options.url = "https://api.example/";
        options.initiator = by;
        const lines all = sim::browser("https://app.example", quirks::chromium)
                              .fetch(options, [&](const sim::request&) { return answer; })
                              .console;
        return all.size() == 1 ? all[0] : std::string{};
    };
    const auto expected = [](const std::string& noun, const std::string& reason) {
        return "Access to " + noun +
               " at 'https://api.example/' from origin 'https://app.example' has been blocked by "
               "CORS policy: " +
               reason;
    };
    using sim::initiator;
    const sim::response silent{};
    const std::string missing =
        "No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    CHECK(says(initiator::fetch, {}, silent) == expected("fetch", missing));
    CHECK(says(initiator::xhr, {}, silent) == expected("XMLHttpRequest", missing));
    CHECK(says(initiator::stylesheet, {}, silent) == expected("CSS stylesheet", missing));
    CHECK(says(initiator::event_source, {}, silent) == expected("resource", missing));
    const sim::response star{200, {{"Access-Control-Allow-Origin", "*"}}};
    CHECK(says(initiator::fetch, {.method = "PUT"}, star) ==
          expected("fetch", "Method PUT is not allowed by Access-Control-Allow-Methods in "
                            "preflight response."));
    CHECK(says(initiator::fetch, {.method = "PUT"}, silent) ==
          expected("fetch",
                   "Response to preflight request doesn't pass access control check: " + missing));
    const std::string wildcard =
        "The value of the 'Access-Control-Allow-Origin' header in the response must not be the "
        "wildcard '*' when the request's credentials mode is 'include'.";
    const sim::fetch_options personal{.credentials = sim::credentials_mode::include};
    CHECK(says(initiator::fetch, personal, star) == expected("fetch", wildcard));
    CHECK(says(initiator::xhr, personal, star) ==
          expected("XMLHttpRequest",
                   wildcard + " The credentials mode of requests initiated by the XMLHttpRequest "
                              "is controlled by the withCredentials attribute."));
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
