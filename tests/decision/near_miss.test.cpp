// SPDX-License-Identifier: MIT
#include <corsac/decision/near_miss.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

struct row {
    const char* about;
    std::string_view entry;
    std::string_view origin;
    std::string_view hint;  ///< empty: none
};

constexpr row rows[] = {
    {"the bare host of a pattern", "https://*.example.com", "https://example.com",
     " (a *. does not stand for the bare host)"},
    {"with a port", "https://*.example.com:*", "https://example.com:8443",
     " (a *. does not stand for the bare host)"},
    {"without www", "https://example.com", "https://www.example.com",
     " (the origin without www. is listed)"},
    {"with www", "https://www.example.com", "https://example.com",
     " (the origin with www. is listed)"},
    {"http for https", "https://example.com", "http://example.com",
     " (https is listed, and this page was loaded over http)"},
    {"https for http", "http://example.com", "https://example.com",
     " (http is listed, and this page was loaded over https)"},
    {"a port too much", "https://example.com", "https://example.com:8443",
     " (it is listed without a port; write :* behind it for any)"},
    {"a number for localhost", "http://localhost:5173", "http://127.0.0.1:5173",
     " (localhost is listed, which is another origin)"},
    {"localhost for a number", "http://127.0.0.1:*", "http://localhost:5173",
     " (127.0.0.1 is listed, which is another origin)"},
    {"IPv6 for localhost", "http://localhost:5173", "http://[::1]:5173",
     " (localhost is listed, which is another origin)"},
    {"upper case", "https://example.com", "https://Example.com",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"upper case in the scheme", "https://example.com", "HTTPS://example.com",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"a trailing slash", "https://example.com", "https://example.com/",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"a default port", "https://example.com", "https://example.com:443",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"the default port of another scheme", "http://example.com", "http://example.com:443",
     " (it is listed without a port; write :* behind it for any)"},
    {"a stranger", "https://example.com", "https://evil.example", ""},
    {"a stranger's path", "https://example.com", "https://evil.example/https://example.com", ""},
    {"www of what is not listed", "https://example.com", "https://www.evil.example", ""},
    {"an IPv6 address without a port", "http://localhost", "http://[::1]",
     " (localhost is listed, which is another origin)"},
    {"this machine, which is not listed", "https://example.com", "http://localhost:5173", ""},
    {"nothing at all", "https://example.com", "x", ""},
    {"only a scheme", "https://example.com", "https://", ""},
};

constexpr bool is_hinted(const row& r) {
    const auto built = corsac::make_policy({.allow_origins = {r.entry}});
    const support::request request{"GET", {{{"Origin", r.origin}}}};
    const corsac::decision d = corsac::evaluate(*built, request);
    const corsac::explanation plain = corsac::explain(d), full = corsac::explain(*built, d);
    return full.view().substr(0, plain.view().size()) == plain.view() &&
           full.view().substr(plain.view().size()) == r.hint;
}
static_assert(support::every_row_holds<&rows, is_hinted>());

TEST_CASE("an explanation says which origin was perhaps meant") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(is_hinted(r));
    }
}

TEST_CASE("a guess never runs over its room") {
    const auto built = corsac::make_policy({.allow_origins = {"https://*.example"}});
    for (const std::size_t size : {253U, 254U, 318U, 65536U}) {
        const std::string origin = "HTTPS://" + std::string(size, 'A') + ".example/";
        const support::request request{"GET", {{{"Origin", origin}}}};
        const corsac::decision d = corsac::evaluate(*built, request);
        CHECK(corsac::explain(*built, d).view().size() <= corsac::explanation::capacity);

        corsac::decision_fields fields;  // of what no policy would call malformed
        fields.outcome = corsac::outcome::origin_malformed;
        fields.subject = origin;
        const corsac::decision made{fields};
        CHECK(corsac::explain(*built, made).view() == corsac::explain(made).view());
    }
}

TEST_CASE("a matcher of the caller's is asked once, and not for guesses") {
    static int asked = 0;
    const auto built = corsac::make_policy({}, corsac::origin_if{[](std::string_view) {
                                               ++asked;
                                               return false;
                                           }});
    asked = 0;
    const support::request request{"GET", {{{"Origin", "http://a.example"}}}};
    const corsac::decision d = corsac::evaluate(*built, request);
    CHECK(corsac::explain(*built, d).view() == corsac::explain(d).view());
    CHECK(asked == 1);
}

}  // namespace
