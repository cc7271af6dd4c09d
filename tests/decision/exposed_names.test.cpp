// SPDX-License-Identifier: MIT
#include <corsac/decision/exposed_names.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace {

using corsac::exposed_names;

struct row {
    const char* about;
    std::string_view names;  ///< separated by |
    std::string_view expected;
};

constexpr row rows[] = {
    {"nothing", "", ""},
    {"one name", "ETag", "ETag"},
    {"names as they are written, in their order", "X-B|x-a|ETag", "X-B, x-a, ETag"},
    {"a name is listed once, in any case", "X-B|ETag|x-b", "X-B, ETag"},
    {"what scripts read anyway needs no listing", "Content-Type|EXPIRES|X-A", "X-A"},
    {"what no script can read", "Set-Cookie|X-A|set-cookie2", "X-A"},
    {"the protocol's own fields", "Access-Control-Allow-Origin|access-control-x|X-A", "X-A"},
    {"a name that only begins like those", "Access-Control|Access", "Access-Control, Access"},
    {"what is no name", "bad name||a,b|X-A", "X-A"},
    {"a name of one letter", "X|Y", "X, Y"},
    {"a part of another name is one", "X-Ab|X-A", "X-Ab, X-A"},
};

constexpr bool holds(const row& r) {
    exposed_names names;
    std::string_view rest = r.names;
    while (!rest.empty()) {
        const std::string_view name = rest.substr(0, rest.find('|'));
        names.add(name);
        rest.remove_prefix(name.size() == rest.size() ? name.size() : name.size() + 1);
    }
    return names.view() == r.expected;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("the names of a response are listed as far as listing helps") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

TEST_CASE("names in the response are exposed where * would not do") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .allow_credentials = true});
    corsac::exposed_names names;
    for (const std::string_view name :
         {"Content-Type", "X-Request-Id", "Set-Cookie", "Server", "x-request-id", "bad name",
          "Access-Control-Allow-Origin", "ETag"}) {
        names.add(name);
    }
    CHECK(names.view() == "X-Request-Id, Server, ETag");
    const support::request of_friend{"GET", {{{"Origin", "https://a.example"}}}};
    const support::request of_stranger{"GET", {{{"Origin", "https://b.example"}}}};
    const corsac::decision allowed = corsac::evaluate(*built, of_friend);
    CHECK(names.into(allowed).fields().expose_headers == "X-Request-Id, Server, ETag");
    const corsac::decision refused = corsac::evaluate(*built, of_stranger);
    CHECK(names.into(refused).fields().expose_headers.empty());
}

TEST_CASE("a policy's own list stays, and preflights expose nothing of a response") {
    exposed_names names;
    names.add("ETag");
    const auto lists =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .expose_headers = {"X-A"}});
    const support::request get{"GET", {{{"Origin", "https://a.example"}}}};
    CHECK(names.into(corsac::evaluate(*lists, get)).fields().expose_headers == "X-A");

    const auto silent = corsac::make_policy({.allow_origins = {"https://a.example"}});
    const support::request preflight{
        "OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "GET"}}}};
    CHECK(names.into(corsac::evaluate(*silent, preflight)).fields().expose_headers.empty());
    CHECK(names.into(corsac::evaluate(*silent, get)).fields().expose_headers == "ETag");
    CHECK(names.into(corsac::evaluate(*silent, get)).fields().allow_origin == "https://a.example");
    CHECK_FALSE(names.into(corsac::decision{}).governs());
    CHECK(names.into(corsac::decision{}).fields().expose_headers.empty());
}

TEST_CASE("what does not fit stays hidden, and the list is never cut within a name") {
    exposed_names names;
    const std::string long_name(corsac::max_exposed_names_length - 5, 'a');
    names.add(long_name);
    CHECK(names.view() == long_name);
    names.add("X-Ab");
    CHECK(names.view() == long_name);
    names.add("X-B");
    CHECK(names.view() == long_name + ", X-B");
    CHECK(names.view().size() == corsac::max_exposed_names_length);
    names.add("Y");
    CHECK(names.view() == long_name + ", X-B");
}

}  // namespace
