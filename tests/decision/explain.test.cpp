// SPDX-License-Identifier: MIT
#include <corsac/decision/explain.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <string_view>

namespace {

struct row {
    const char* about;
    support::request request;
    std::string_view expected;
};

constexpr row rows[] = {
    {"no Origin", {"GET", {}}, "not a CORS request: it has no Origin header"},
    {"shared",
     {"GET", {{{"Origin", "https://a.example"}}}},
     R"(response shared with "https://a.example", credentials included)"},
    {"granted",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}},
     R"(preflight granted to "https://a.example", credentials included)"},
    {"a stranger",
     {"GET", {{{"Origin", "https://evil.example"}}}},
     R"(origin "https://evil.example" is not in allow_origins; add it if you trust that site )"
     "(response not shared)"},
    {"a trailing slash",
     {"GET", {{{"Origin", "https://a.example/"}}}},
     R"(origin "https://a.example/" is not a serialised origin: something follows host and port, )"
     "or the host has a character that browsers never send; send it as in https://example.com "
     "(response not shared)"},
    {"a log stays one line",
     {"GET", {{{"Origin", "a\r\nb\"\xff"}}}},
     R"(origin "a\x0d\x0ab\x22\xff" is not a serialised origin: it does not begin with a scheme )"
     "in lower case and ://; send it as in https://example.com (response not shared)"},
    {"a method",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PATCH"}}}},
     R"(method "PATCH" is not in allow_methods; add it, or send another (methods are )"
     "case-sensitive) (preflight refused)"},
    {"a header",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "x-a"}}}},
     R"(header "x-a" is not in allow_headers; add it, or do not send it (preflight refused))"},
    {"every header that is missing",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "x-a,x-listed, X-B"},
        {"Access-Control-Request-Headers", "authorization"}}}},
     R"(headers "x-a", "X-B", "authorization" are not in allow_headers; add them, or do not send )"
     "them (a wildcard does not cover Authorization) (preflight refused)"},
    {"a header of responses",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "access-control-allow-origin"}}}},
     R"(header "access-control-allow-origin" is not in allow_headers; add it, or do not send it )"
     "(Access-Control-… is for the server to send, not for the page) (preflight refused)"},
    {"more headers than one can read",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "a1,a2,a3,a4,a5,a6,a7,a8,a9"}}}},
     R"(headers "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8", … are not in allow_headers; add )"
     "them, or do not send them (preflight refused)"},
    {"as many headers as one can read",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "a1,a2,a3,a4,a5,a6,a7,a8"}}}},
     R"(headers "a1", "a2", "a3", "a4", "a5", "a6", "a7", "a8" are not in allow_headers; add )"
     "them, or do not send them (preflight refused)"},
    {"a method in lower case, from its first letter to its last",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "az"}}}},
     R"(method "az" is not in allow_methods; methods are case-sensitive, send AZ )"
     "(preflight refused)"},
    {"patch",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "patch"}}}},
     R"(method "patch" is not in allow_methods; methods are case-sensitive, send PATCH )"
     "(preflight refused)"},
    {"a method in lower case",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "report"}}}},
     R"(method "report" is not in allow_methods; methods are case-sensitive, send REPORT )"
     "(preflight refused)"},
    {"a method in lower case with a byte behind its letters",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "re~port"}}}},
     R"(method "re~port" is not in allow_methods; methods are case-sensitive, send RE~PORT )"
     "(preflight refused)"},
    {"a method in lower case that is not listed in upper case, either",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "brew"}}}},
     R"(method "brew" is not in allow_methods; add it, or send another (methods are )"
     "case-sensitive) (preflight refused)"},
    {"two headers of responses, and one that is none",
     {"OPTIONS",
      {{{"Origin", "https://a.example"},
        {"Access-Control-Request-Method", "PUT"},
        {"Access-Control-Request-Headers", "access-control-a, access-control-b, x-c"}}}},
     R"(headers "access-control-a", "access-control-b", "x-c" are not in allow_headers; add them, )"
     "or do not send them (Access-Control-… is for the server to send, not for the page) "
     "(preflight refused)"},
};

TEST_CASE("a decision explains itself in one sentence") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example"},
                                            .allow_methods = {"PUT", "REPORT", "RE~PORT", "AZ"},
                                            .allow_headers = {"X-Listed", "Content-Type"},
                                            .allow_credentials = true});
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(corsac::explain(corsac::evaluate(*built, r.request)).view() == r.expected);
    }
}

TEST_CASE("an explanation says what else a refused header or origin is") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example"},
                                            .allow_methods = {"*"},
                                            .allow_headers = {"*"},
                                            .reject_disallowed = true});
    const auto preflight = [](std::string_view names) {
        return support::request{"OPTIONS",
                                {{{"Origin", "https://a.example"},
                                  {"Access-Control-Request-Method", "PUT"},
                                  {"Access-Control-Request-Headers", names}}}};
    };
    CHECK(corsac::explain(corsac::evaluate(*built, preflight("authorization, authorization")))
              .view() ==
          R"(headers "authorization", "authorization" are not in allow_headers; add them, or do )"
          "not send them (a wildcard does not cover Authorization) (preflight refused)");
    CHECK(corsac::explain(
              corsac::evaluate(*built, support::request{"POST",
                                                        {{{"Origin", "https://evil.example"},
                                                          {"Sec-Fetch-Site", "cross-site"}}}}))
              .view() ==
          R"(origin "https://evil.example" is not in allow_origins; add it if you trust that site )"
          "(request rejected)");
    CHECK(corsac::explain(corsac::evaluate(*built, support::request{"GET", {{{"Origin", "a\\b"}}}}))
              .view()
              .find(R"("a\x5cb")") != std::string_view::npos);
}

TEST_CASE("a write from another origin is explained by what the browser says, or by the origin") {
    const auto guarded = corsac::make_policy(
        {.allow_origins = {"https://a.example"}, .reject_cross_origin_writes = true});
    CHECK(corsac::explain(
              corsac::evaluate(*guarded,
                               support::request{"POST", {{{"Origin", "https://evil.example"}}}}))
              .view() ==
          R"(origin "https://evil.example" is not this server's, and reject_cross_origin_writes )"
          "lets only allow_origins write (request rejected)");
    CHECK(corsac::explain(
              corsac::evaluate(*guarded,
                               support::request{"POST", {{{"Sec-Fetch-Site", "cross-site"}}}}))
              .view() ==
          "the browser says that the request comes from another site, and "
          "reject_cross_origin_writes lets only allow_origins write (request rejected)");

    // A `*` shares, and trusts nobody with writing.
    const auto open =
        corsac::make_policy({.allow_origins = {"*"}, .reject_cross_origin_writes = true});
    CHECK(corsac::explain(
              corsac::evaluate(*open,
                               support::request{"POST", {{{"Origin", "https://evil.example"}}}}))
              .view() ==
          R"(origin "https://evil.example" is not this server's, and reject_cross_origin_writes )"
          "lets only allow_origins write (request rejected)");
}

TEST_CASE("an explanation says that a policy is in shadow, or what withholds the answer") {
    const auto shadow =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .shadow = true});
    const support::request get{"GET", {{{"Origin", "https://a.example"}, {"Cookie", "a=b"}}}};
    CHECK(corsac::explain(corsac::evaluate(*shadow, get)).view() ==
          R"(response shared with "https://a.example", without credentials; not enforced, the )"
          "policy is in shadow");
    const auto bare =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .refuse_credentials = true});
    CHECK(corsac::explain(corsac::evaluate(*bare, get)).view() ==
          R"(origin "https://a.example" is allowed, but the request carries a cookie or )"
          "Authorization, which refuse_credentials withholds; send it without, or set "
          "allow_credentials instead (response not shared)");
}

TEST_CASE("an origin that is not trusted with credentials is told why, null as well") {
    const auto trusting =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .allow_credentials = true});
    const auto told = [&](std::string_view origin) {
        corsac::request_facts facts;
        facts.method = "GET";
        facts.add("origin", origin);
        return std::string{
            corsac::explain(corsac::evaluate(*trusting, facts, corsac::origin_verdict::allowed))
                .view()};
    };
    CHECK(told("null") ==
          R"(origin "null" is that of every sandboxed frame of every site, and allow_credentials )"
          "is set; serve the page from an origin of its own (response not shared)");
    CHECK(told("http://b.example") ==
          R"(origin "http://b.example" is plain http, so anyone on the network can rewrite its )"
          "pages, and allow_credentials is set; serve the page over https (response not shared)");
}

struct sentence_row {
    corsac::outcome outcome;
    std::string_view subject;
    std::string_view expected;
};

/// As a policy would leave it that keeps no lines of requested names.
constexpr sentence_row sentence_rows[] = {
    {corsac::outcome::no_policy, "", "no policy governs this request; it was left alone"},
    {corsac::outcome::null_origin_not_allowed, "null",
     "origin null (a sandboxed frame, a file, or a cross-origin redirect) is not in allow_origins; "
     "serve the page from an origin of its own (response not shared)"},
    {corsac::outcome::origin_too_long, "https://a.example",
     R"(origin "https://a.example" is longer than any origin (response not shared))"},
    {corsac::outcome::several_origins, "https://a.example",
     R"(the request has several Origin lines, the first of them "https://a.example"; a browser )"
     "sends one, so look for a proxy that adds another (response not shared)"},
    {corsac::outcome::origin_unknown, "https://a.example",
     R"(origin "https://a.example" is not in allow_origins, and who was asked about it has not )"
     "answered; look whether the database is up (response not shared)"},
    {corsac::outcome::policy_unknown, "",
     "the callable that chooses the policy threw an exception; nobody can say what is allowed "
     "(response not shared)"},
    {corsac::outcome::origin_check_failed, "https://a.example",
     R"(origin "https://a.example" could not be checked: the matcher of the policy threw an )"
     "exception (response not shared)"},
    {corsac::outcome::method_malformed, "GET,PUT",
     R"(Access-Control-Request-Method "GET,PUT" is not one method (response not shared))"},
    {corsac::outcome::header_not_allowed, "x-a",
     R"(header "x-a" is not in allow_headers; add it, or do not send it (response not shared))"},
    {corsac::outcome::header_malformed, "x a",
     R"(Access-Control-Request-Headers has "x a", which is no header name (response not shared))"},
    {corsac::outcome::header_list_too_long, "",
     "Access-Control-Request-Headers has more lines, names or bytes than any browser sends "
     "(response not shared)"},
};

constexpr bool has_sentence(const sentence_row& r) {
    corsac::decision_fields fields;
    fields.outcome = r.outcome;
    fields.subject = r.subject;
    return corsac::explain(corsac::decision{fields}).view() == r.expected;
}
static_assert(support::every_row_holds<&sentence_rows, has_sentence>());

TEST_CASE("each outcome has a sentence of its own, and no other's") {
    for (const sentence_row& r : sentence_rows) {
        CAPTURE(corsac::name_of(r.outcome));
        CHECK(has_sentence(r));
    }
    const auto open = corsac::make_policy({.allow_origins = {"*"}});
    CHECK(corsac::explain(
              corsac::evaluate(*open, support::request{"GET", {{{"Origin", "https://a.example"}}}}))
              .view() == "response shared with every origin, without credentials");
}

TEST_CASE("of a long text as much is shown as fits a line, and of a name half of that") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example"}});
    const auto told = [&](const support::request& r) {
        return std::string{corsac::explain(corsac::evaluate(*built, r)).view()};
    };
    const std::string origin = "https://" + std::string(60, 'a') + "." + std::string(31, 'b');
    REQUIRE(origin.size() == 100);
    CHECK(told({"GET", {{{"Origin", origin}}}}).find("\"" + origin + "\"") != std::string::npos);
    const std::string longer = origin + "c";
    CHECK(told({"GET", {{{"Origin", longer}}}}).find("\"" + origin + "…\"") != std::string::npos);
    const auto preflight = [](std::string_view names) {
        return support::request{"OPTIONS",
                                {{{"Origin", "https://a.example"},
                                  {"Access-Control-Request-Method", "GET"},
                                  {"Access-Control-Request-Headers", names}}}};
    };
    const std::string name(50, 'n');
    CHECK(told(preflight(name)).starts_with("header \"" + name + "\" is not"));
    const std::string longer_name = name + "n";
    CHECK(told(preflight(longer_name)).starts_with("header \"" + name + "…\" is not"));
}

TEST_CASE("every outcome has a name and a sentence") {
    for (int value = 0; value <= static_cast<int>(corsac::outcome::header_list_too_long); ++value) {
        corsac::decision_fields fields;
        fields.outcome = static_cast<corsac::outcome>(value);
        CHECK_FALSE(corsac::name_of(fields.outcome).empty());
        CHECK(corsac::explain(corsac::decision{fields}).view().size() > 20);
    }
}

TEST_CASE("an explanation is bounded, terminated and streamable") {
    const auto built = corsac::make_policy({.allow_origins = {"https://*.example"}});
    const std::string huge(64 * 1024, '\n');
    const corsac::explanation e =
        corsac::explain(corsac::evaluate(*built, support::request{"GET", {{{"Origin", huge}}}}));
    CHECK(e.view().size() <= corsac::explanation::capacity);
    CHECK(e.c_str()[e.view().size()] == '\0');
    std::ostringstream stream;
    stream << e;
    CHECK(stream.str() == e.view());

    corsac::explanation full;
    full.append(std::string(corsac::explanation::capacity - 1, 'a')).append("bc").append("d");
    CHECK(full.view() == std::string(corsac::explanation::capacity - 1, 'a') + "b");
    CHECK(full.c_str()[full.view().size()] == '\0');
}

TEST_CASE("the longest explanation is whole") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://*.example"}, .shadow = true});
    const std::string origin = "https://a" + std::string(250, '\x01');
    const support::request request{
        "OPTIONS", {{{"Origin", origin}, {"Access-Control-Request-Method", "GET"}}}};
    const corsac::explanation e = corsac::explain(corsac::evaluate(*built, request));
    CHECK(e.view().size() < corsac::explanation::capacity);
    const std::string_view end = "(preflight refused); not enforced, the policy is in shadow";
    CHECK(e.view().find(end) == e.view().size() - end.size());
}

}  // namespace
