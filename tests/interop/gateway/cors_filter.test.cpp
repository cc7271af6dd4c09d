// SPDX-License-Identifier: MIT
#include <corsac/interop/gateway/cors_filter.hpp>

#include <corsac/interop/document/document_writer.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace {

using interop::cors_filter;

struct row {
    const char* about;
    const char* yaml;
    cors_filter expected;
    const char* said;
};

}  // namespace

TEST_CASE("a filter is read as it is written") {
    const row rows[] = {
        {"nothing", "{}", {}, ""},
        {"every field",
         "{allowOrigins: ['https://a.example', '*'], allowCredentials: false, "
         "allowMethods: [PUT], allowHeaders: [X-A, x-a], exposeHeaders: ['*'], maxAge: 600}",
         {.allow_origins = {"https://a.example", "*"},
          .allow_credentials = false,
          .allow_methods = {"PUT"},
          .allow_headers = {"X-A", "x-a"},
          .expose_headers = {"*"},
          .max_age = 600},
         ""},
        {"null is absent", "{allowCredentials: ~, maxAge: ~, allowOrigins: ~}", {}, ""},
        {"an age of 0 is not none", "{maxAge: 0}", {.max_age = 0}, ""},
        {"an age as a duration",
         "{maxAge: 1h}",
         {.max_age = 3600},
         "warning: source, maxAge: is the string \"1h\", which the Gateway API does not take; "
         "write 3600\n"},
        {"an age in minutes",
         "{maxAge: 10m}",
         {.max_age = 600},
         "warning: source, maxAge: is the string \"10m\", which the Gateway API does not take; "
         "write 600\n"},
        {"an age in seconds",
         "{maxAge: 5s}",
         {.max_age = 5},
         "warning: source, maxAge: is the string \"5s\", which the Gateway API does not take; "
         "write 5\n"},
        {"a number as a string",
         "{maxAge: '600'}",
         {},
         "error: source, maxAge: must be an integer, not a string (600)\n"},
        {"an age in days",
         "{maxAge: 1d}",
         {},
         "error: source, maxAge: must be an integer, not a string (1d)\n"},
        {"a unit alone",
         "{maxAge: s}",
         {},
         "error: source, maxAge: must be an integer, not a string (s)\n"},
        {"a field that is not known",
         "{allowOrigin: x}",
         {},
         "warning: source, allowOrigin: is no field that is known here; it has no effect\n"},
        {"disable is a field of TrafficPolicy only",
         "{disable: {}}",
         {},
         "warning: source, disable: is no field that is known here; it has no effect\n"},
        {"no map", "[a]", {}, "error: source: must be a map, not a list\n"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        input in(r.yaml);
        CHECK(interop::read_cors_filter(in.view(), false) == r.expected);
        CHECK(in.said() == r.said);
    }
    input in("{disable: {}}");
    CHECK(interop::read_cors_filter(in.view(), true) == cors_filter{});
    CHECK(in.said().empty());
}

TEST_CASE("a filter that is written and read again is the same") {
    const cors_filter filters[] = {
        {},
        {.allow_origins = {"https://a.example"}},
        {.allow_origins = {"*"}, .allow_credentials = true, .max_age = 0},
        {.allow_methods = {"PUT", "GET"}, .allow_headers = {"X-A"}, .expose_headers = {"X-B"}},
        {.allow_credentials = false, .max_age = 86400},
    };
    for (const cors_filter& filter : filters) {
        const std::string yaml = interop::to_yaml(to_document(filter));
        CAPTURE(yaml);
        input in(yaml);
        CHECK(interop::read_cors_filter(in.view(), false) == filter);
        CHECK(in.said().empty());
    }
}

TEST_CASE("fields that are unset or empty are not written") {
    CHECK(to_document(cors_filter{}).size() == 0);
    interop::document expected = interop::document::map();
    expected.set("allowOrigins", interop::document::list()).push_back(interop::document("*"));
    expected.set("allowCredentials", interop::document(false));
    expected.set("maxAge", interop::document(std::int64_t{0}));
    CHECK(to_document(cors_filter{
              .allow_origins = {"*"}, .allow_credentials = false, .max_age = 0}) == expected);
}
