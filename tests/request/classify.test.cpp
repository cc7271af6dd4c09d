// SPDX-License-Identifier: MIT
#include <corsac/request/classify.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

namespace {

using corsac::request_kind;
using enum corsac::request_kind;

struct row {
    const char* about;
    support::request request;
    request_kind expected;
};

constexpr row rows[] = {
    {"no Origin is never CORS", {"GET", {}}, not_cors},
    {"no Origin is no preflight either",
     {"OPTIONS", {{{"Access-Control-Request-Method", "PUT"}}}},
     not_cors},
    {"an Origin makes it CORS, whatever the method",
     {"POST", {{{"Origin", "https://a.example"}}}},
     actual},
    {"OPTIONS, Origin and a requested method are a preflight",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}},
     preflight},
    {"field names come in any letter case",
     {"OPTIONS", {{{"ORIGIN", "https://a.example"}, {"access-control-REQUEST-method", "PUT"}}}},
     preflight},
    {"requested headers are not needed, and do not make one",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Headers", "x-a"}}}},
     actual},
    {"an empty requested method is none",
     {"OPTIONS", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", " "}}}},
     actual},
    {"methods are case-sensitive",
     {"options", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}},
     actual},
    {"a GET with a requested method is an actual request",
     {"GET", {{{"Origin", "https://a.example"}, {"Access-Control-Request-Method", "PUT"}}}},
     actual},
    {"OPTIONS sent by a script belongs to the application",
     {"OPTIONS", {{{"Origin", "https://a.example"}}}},
     actual},
    {"an Origin that no browser sends is CORS too, to be refused",
     {"OPTIONS", {{{"Origin", "?"}, {"Access-Control-Request-Method", "PUT"}}}},
     preflight},
    {"the origin null is one", {"GET", {{{"Origin", "null"}}}}, actual},
    {"names that begin or end alike are other fields",
     {"OPTIONS", {{{"Origins", "https://a.example"}, {"X-Origin", "https://a.example"}}}},
     not_cors},
};

constexpr bool holds(const row& r) { return corsac::classify(r.request) == r.expected; }

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("classify follows the Fetch definitions") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(corsac::classify(r.request) == r.expected);
    }
}

}  // namespace
