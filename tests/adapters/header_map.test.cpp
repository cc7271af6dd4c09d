// SPDX-License-Identifier: MIT
#include <corsac/adapters/header_map.hpp>

#include <corsac/corsac.hpp>

#include <doctest/doctest.h>

#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace {

using map = std::multimap<std::string, std::string>;
using sink = corsac::header_map<map>;

static_assert(corsac::response_sink<sink>);
static_assert(corsac::detail::sets_fields<sink>);
static_assert(corsac::detail::erases_field_prefix<sink>);
static_assert(corsac::detail::merges_vary<sink>);

static_assert(corsac::detail::field_begins_with("Access-CONTROL-Max-Age", "access-control-"));
static_assert(corsac::detail::field_begins_with("access-control-", "access-control-"));
static_assert(!corsac::detail::field_begins_with("access-control", "access-control-"));
static_assert(!corsac::detail::field_begins_with("X-Access-Control-A", "access-control-"));

struct row {
    const char* about;
    map before;
    void (*change)(sink);
    map after;
};

const row rows[] = {
    {"a line is added beside others",
     {{"vary", "a"}},
     [](sink s) { s.add("vary", "b"); },
     {{"vary", "a"}, {"vary", "b"}}},
    {"all lines of a name are replaced, in any case",
     {{"X-A", "1"}, {"x-a", "2"}, {"X-Ab", "3"}},
     [](sink s) { s.set("x-a", "4"); },
     {{"X-Ab", "3"}, {"x-a", "4"}}},
    {"a name that is not there is added",
     {{"X-Ab", "3"}},
     [](sink s) { s.set("x-a", "4"); },
     {{"X-Ab", "3"}, {"x-a", "4"}}},
    {"all names that begin alike are removed",
     {{"Access-Control-A", "1"}, {"ACCESS-CONTROL-B", "2"}, {"Access", "3"}, {"Z", "4"}},
     [](sink s) { s.erase_prefix("access-control-"); },
     {{"Access", "3"}, {"Z", "4"}}},
    {"the last field may be removed",
     {{"access-control-a", "1"}},
     [](sink s) { s.erase_prefix("access-control-"); },
     {}},
    {"Vary is written where there is none",
     {{"X-A", "1"}},
     [](sink s) { s.vary("Origin"); },
     {{"X-A", "1"}, {"vary", "Origin"}}},
    {"Vary is extended where it is",
     {{"Vary", "Accept"}},
     [](sink s) {
         s.vary("Origin");
         s.vary("Cookie");
     },
     {{"Vary", "Accept, Origin, Cookie"}}},
    {"the last of several lines is extended",
     {{"vary", "a"}, {"vary", "b"}},
     [](sink s) { s.vary("Origin"); },
     {{"vary", "a"}, {"vary", "b, Origin"}}},
    {"Vary has the token already, in any case and line",
     {{"vary", "a, ORIGIN"}, {"vary", "b"}},
     [](sink s) { s.vary("Origin"); },
     {{"vary", "a, ORIGIN"}, {"vary", "b"}}},
    {"Vary on everything is left alone",
     {{"vary", "*"}},
     [](sink s) { s.vary("Origin"); },
     {{"vary", "*"}}},
};

TEST_CASE("fields in a multimap are added, replaced, removed and merged") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        map fields = r.before;
        r.change(sink{fields});
        CHECK(fields == r.after);
    }
}

TEST_CASE("a decision replaces what stands in a multimap") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .allow_credentials = true});
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add("origin", "https://a.example");
    map fields{{"Access-Control-Allow-Origin", "*"},
               {"access-control-allow-origin", "null"},
               {"Access-Control-Max-Age", "1"},
               {"Vary", "Accept"}};
    corsac::apply(corsac::evaluate(*built, facts), corsac::header_map{fields});
    CHECK(fields == map{{"Vary", "Accept, Origin"},
                        {"access-control-allow-credentials", "true"},
                        {"access-control-allow-origin", "https://a.example"}});
}

}  // namespace
