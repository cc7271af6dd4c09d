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
    {"http where another port has https", "https://example.com:8443", "http://example.com:80", ""},
    {"www. of a pattern", "https://*.example.com", "https://www.example.com.evil.test", ""},
    {"www. and a port", "https://example.com:8443", "https://www.example.com:8443",
     " (the origin without www. is listed)"},
    {"with www. and a port", "https://www.example.com:8443", "https://example.com:8443",
     " (the origin with www. is listed)"},
    {"http for https, at a port", "https://example.com:8443", "http://example.com:8443",
     " (https is listed, and this page was loaded over http)"},
    {"https for http, at a port", "http://example.com:8080", "https://example.com:8080",
     " (http is listed, and this page was loaded over https)"},
    {"a scheme of one's own where https is listed", "https://example.com", "app://example.com", ""},
    {"another port than the one listed", "https://example.com:8443", "https://example.com:9443",
     ""},
    {"a port that is missing", "https://example.com:8443", "https://example.com", ""},
    {"the loopback address of IPv6 for a number", "http://[::1]:3000", "http://127.0.0.1:3000",
     " ([::1] is listed, which is another origin)"},
    {"localhost at another port", "http://localhost:5173", "http://127.0.0.1:3000", ""},
    {"a query", "https://example.com", "https://example.com?a",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"a fragment", "https://example.com", "https://example.com#a",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"upper case and a path", "https://example.com", "https://EXAMPLE.com/a/b?c",
     R"( ("https://example.com" is listed, and browsers send it so))"},
    {"upper case and a port", "https://example.com:8443", "https://EXAMPLE.com:8443",
     R"( ("https://example.com:8443" is listed, and browsers send it so))"},
    {"a colon without a port", "https://example.com",
     "https://example.com:", R"( ("https://example.com" is listed, and browsers send it so))"},
    {"upper case of a stranger", "https://example.com", "https://EVIL.example", ""},
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

/// With a host so long that nothing is left of the room for a longer origin.
TEST_CASE("a long origin was perhaps meant, too") {
    std::string host;
    while (host.size() < corsac::max_host_length - 16) host += "abcdefgh.";
    host.resize(corsac::max_host_length - 4, 'a');
    const std::string scheme(corsac::max_scheme_length, 's');
    const auto hint = [](const std::string& entry, const std::string& origin) {
        const auto built = corsac::make_policy({.allow_origins = {entry}});
        REQUIRE(built);
        const support::request request{"GET", {{{"Origin", origin}}}};
        const corsac::decision d = corsac::evaluate(*built, request);
        const std::size_t plain = corsac::explain(d).view().size();
        return std::string(corsac::explain(*built, d).view().substr(plain));
    };
    CHECK(hint(scheme + "://www." + host + ":65535", scheme + "://" + host + ":65535") ==
          " (the origin with www. is listed)");
}

/// Checked by the compiler, which sees every byte that is written outside.
constexpr bool guesses_nothing(std::size_t scheme, std::size_t host) {
    corsac::detail::text origin;
    for (std::size_t i = 0; i < scheme; ++i) origin.append("S");
    origin.append("://");
    for (std::size_t i = 0; i < host; ++i) origin.append("A");
    origin.append(":");
    for (std::size_t i = 0; i < host; ++i) origin.append("1");
    const auto built = corsac::make_policy({.allow_origins = {"https://*.example"}});
    corsac::decision_fields fields;  // of what no policy would call malformed
    fields.outcome = corsac::outcome::origin_malformed;
    fields.subject = origin.view();
    const corsac::decision made{fields};
    return corsac::explain(*built, made).view() == corsac::explain(made).view();
}
static_assert(guesses_nothing(5, 252) && guesses_nothing(300, 253) && guesses_nothing(5, 254));

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
