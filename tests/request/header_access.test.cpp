// SPDX-License-Identifier: MIT
#include <corsac/request/header_access.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

/// A server that can only look names up, and sees the first line of each.
struct lookup_request {
    support::request request;

    [[nodiscard]] constexpr std::string_view method() const { return request.verb; }
    [[nodiscard]] constexpr std::string_view first(std::string_view name) const {
        for (const support::line& l : request.lines) {
            if (corsac::detail::equals_ignore_case(l.name, name)) return l.value;
        }
        return {};
    }
};

struct write_only_sink {
    void add(std::string_view, std::string_view) {}
};
struct one_value_per_name_sink {
    void set(std::string_view, std::string_view) {}
    void vary(std::string_view) {}
};
struct sink_that_would_lose_vary {
    void set(std::string_view, std::string_view) {}
};

static_assert(corsac::request_view<support::request>);
static_assert(corsac::request_view<lookup_request>);
static_assert(!corsac::request_view<int>);
static_assert(corsac::response_sink<support::response>);
static_assert(corsac::response_sink<write_only_sink>);
static_assert(corsac::response_sink<one_value_per_name_sink>);
static_assert(!corsac::response_sink<sink_that_would_lose_vary>);

constexpr support::request busy{"OPTIONS",
                                {{{"Host", "api.example"},
                                  {"Origin", " https://a.example\t"},
                                  {"origin", "https://b.example"},
                                  {"Access-Control-Request-Method", "PUT "},
                                  {"Access-Control-Request-Headers", "x-a"},
                                  {"Access-Control-Request-Headers", "x-b"},
                                  {"Sec-Fetch-Site", "cross-site"},
                                  {"Sec-Fetch-Mode", "cors"},
                                  {"Access-Control-Request-Private-Network", "true"}}}};

TEST_CASE("reading a request keeps the first line of a name and counts the others") {
    const corsac::request_facts facts = corsac::read_facts(busy);
    CHECK(facts.method == "OPTIONS");
    CHECK(facts.origin == "https://a.example");
    CHECK(facts.origin_lines == 2);
    CHECK(facts.requested_method == "PUT");
    CHECK(facts.requested_method_lines == 1);
    CHECK(facts.requested_header_lines == 2);
    CHECK(facts.requested_headers[0] == "x-a");
    CHECK(facts.requested_headers[1] == "x-b");
    CHECK(facts.host == "api.example");
    CHECK(facts.fetch_site == "cross-site");
    CHECK(facts.private_network);
}

TEST_CASE("a server that only looks names up gives the same facts but for repeated lines") {
    const corsac::request_facts facts = corsac::read_facts(lookup_request{busy});
    CHECK(facts.origin == "https://a.example");
    CHECK(facts.origin_lines == 1);
    CHECK(facts.requested_method == "PUT");
    CHECK(facts.requested_headers[0] == "x-a");
    CHECK(facts.private_network);
}

/// A server that notes which names it is asked for.
struct noting_request {
    std::string_view verb;
    std::string& asked;

    [[nodiscard]] std::string_view method() const { return verb; }
    [[nodiscard]] std::string_view first(std::string_view name) const {
        asked.append(name).append(" ");
        return {};
    }
};

TEST_CASE(
    "a server that only looks names up is asked for what the answer depends on, and no more") {
    const auto asked_of = [](std::string_view method, bool where_from) {
        std::string asked;
        (void)corsac::read_facts(noting_request{method, asked}, where_from);
        return asked;
    };
    const std::string of_preflights = "origin access-control-request-method "
                                      "access-control-request-headers "
                                      "access-control-request-private-network ";
    const std::string where = "host sec-fetch-site sec-fetch-mode ";
    CHECK(asked_of("GET", false) == "origin ");
    CHECK(asked_of("OPTIONS", false) == of_preflights);
    CHECK(asked_of("POST", true) == "origin " + where);
    CHECK(asked_of("OPTIONS", true) == of_preflights + where);
    std::string asked;
    (void)corsac::read_facts(noting_request{"GET", asked});
    CHECK(asked == of_preflights + where);
}

TEST_CASE("a request that is asked for no more has no more") {
    for (const bool where_from : {false, true}) {
        const corsac::request_facts facts = corsac::read_facts(busy, where_from);
        CHECK(facts.origin == "https://a.example");
        CHECK(facts.origin_lines == 2);
        CHECK(facts.requested_method == "PUT");
        CHECK(facts.requested_header_lines == 2);
        CHECK(facts.private_network);
        CHECK(facts.host == (where_from ? "api.example" : ""));
        CHECK(facts.fetch_mode == (where_from ? "cors" : ""));
    }
    support::request get = busy;
    get.verb = "GET";
    const corsac::request_facts facts = corsac::read_facts(get, false);
    CHECK(facts.origin_lines == 2);
    CHECK(facts.requested_method_lines == 0);
    CHECK(facts.requested_header_lines == 0);
}

TEST_CASE("fields whose names are as long as those that are read are others") {
    const support::request request{"OPTIONS",
                                   {{{"Date", "x"},
                                     {"access-control-request-methoz", "x"},
                                     {"access-control-request-headerz", "x"},
                                     {"access-control-request-private-networz", "true"},
                                     {"sec-fetch-sitz", "x"}}}};
    const corsac::request_facts facts = corsac::read_facts(request);
    CHECK(facts.host.data() == nullptr);
    CHECK(facts.requested_method_lines == 0);
    CHECK(facts.requested_header_lines == 0);
    CHECK_FALSE(facts.private_network);
    CHECK(facts.fetch_site.empty());
}

TEST_CASE("several Host fields are several, however many") {
    const support::request request{"GET", {{{"Host", "a"}, {"Host", "b"}, {"Host", "c"}}}};
    const corsac::request_facts facts = corsac::read_facts(request);
    CHECK(facts.several_hosts);
    CHECK(facts.host == "a");
}

TEST_CASE("credentials are a cookie or Authorization, by whatever way a server is asked") {
    const support::request none{"GET", {{{"Origin", "https://a.example"}}}};
    const support::request cookie{"GET", {{{"Cookie", "a=b"}}}};
    const support::request password{"GET", {{{"Authorization", "Basic Og=="}}}};
    using corsac::carries_credentials;
    CHECK_FALSE(carries_credentials(none));
    CHECK(carries_credentials(cookie));
    CHECK(carries_credentials(password));
    CHECK_FALSE(carries_credentials(lookup_request{none}));
    CHECK(carries_credentials(lookup_request{cookie}));
    CHECK(carries_credentials(lookup_request{password}));
}

TEST_CASE("more header lines than are read are still counted") {
    corsac::request_facts facts;
    for (int i = 0; i < 9; ++i) facts.add("access-control-request-headers", "x-a");
    CHECK(facts.requested_header_lines == 9);
}

TEST_CASE("every name handed out is lower-case and NUL-terminated") {
    for (const std::string_view name : corsac::field::owned) {
        CAPTURE(name);
        CHECK(name.data()[name.size()] == '\0');
        CHECK(name.substr(0, 15) == corsac::field::access_control_prefix);
        for (const char c : name) CHECK(c == corsac::detail::to_lower(c));
    }
}

static_assert(corsac::vary_covers("Accept-Encoding, ORIGIN", "Origin"));
static_assert(corsac::vary_covers(" * ", "Origin"));
static_assert(!corsac::vary_covers("", "Origin"));
static_assert(!corsac::vary_covers("X-Origin, Original", "Origin"));

}  // namespace
