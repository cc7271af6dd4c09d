// SPDX-License-Identifier: MIT
#include <corsac/testing/safelist.hpp>

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

namespace sim = corsac::testing;
using sim::quirks;

using names = std::vector<std::string>;

std::string filled(std::size_t size, char with) { return std::string(size, with); }

struct header_row {
    const char* about;
    sim::header header;
    bool standard;
    bool chromium;
    bool firefox;
};

const header_row header_rows[] = {
    {"an ordinary Accept", {"Accept", "application/json;q=0.9, */*"}, true, true, true},
    {"the letter case of the name", {"aCCEPT", "a"}, true, true, true},
    {"a quote in Accept", {"Accept", "\"a\""}, false, false, false},
    {"a tab in Accept", {"Accept", "a\tb"}, true, true, true},
    {"a control byte in Accept", {"Accept", "a\x01"}, false, false, false},
    {"DEL in Accept", {"Accept", "a\x7f"}, false, false, false},
    {"a byte above 0x7f in Accept", {"Accept", "\xe9"}, true, true, false},
    {"the first byte above 0x7f", {"Accept", "\x80"}, true, true, false},
    {"128 bytes", {"Accept", filled(128, 'a')}, true, true, true},
    {"129 bytes", {"Accept", filled(129, 'a')}, false, false, false},
    {"a language list", {"Accept-Language", "de-CH, en;q=0.5, *"}, true, true, true},
    {"an underscore in a language", {"Accept-Language", "en_US"}, false, false, false},
    {"the language of the content", {"Content-Language", "de, en"}, true, true, true},
    {"a slash in a language", {"Content-Language", "a/b"}, false, false, false},
    {"plain text", {"Content-Type", "text/plain;charset=utf-8"}, true, true, true},
    {"a form", {"Content-Type", "application/x-www-form-urlencoded"}, true, true, true},
    {"a form with files", {"Content-Type", "multipart/form-data; boundary=abc"}, true, true, true},
    {"JSON", {"Content-Type", "application/json"}, false, false, false},
    {"a colon in a parameter", {"Content-Type", "text/plain;a=b:c"}, false, false, false},
    {"a comma in a parameter", {"Content-Type", "text/plain;a=b,c"}, true, true, false},
    {"loose semicolons", {"Content-Type", "text/plain;;;"}, true, true, false},
    {"an open range", {"Range", "bytes=0-"}, true, true, true},
    {"a closed range", {"Range", "bytes=10-20"}, true, true, true},
    {"a range of one byte, spelled oddly", {"Range", "bytes=007-7"}, true, true, true},
    {"a range that ends in a number with zeros before it",
     {"Range", "bytes=9-0010"},
     true,
     true,
     true},
    {"a range that ends in less, with zeros before it",
     {"Range", "bytes=9-0008"},
     false,
     false,
     false},
    {"a range that ends before it starts", {"Range", "bytes=20-10"}, false, false, false},
    {"the last bytes", {"Range", "bytes=-5"}, false, false, false},
    {"two ranges", {"Range", "bytes=0-1,2-3"}, false, false, false},
    {"a space in a range", {"Range", "bytes= 0-1"}, false, false, false},
    {"another unit", {"Range", "items=0-1"}, false, false, false},
    {"a number above 64 bits", {"Range", "bytes=0-99999999999999999999999"}, true, false, false},
    {"a number of 64 bits, unsigned", {"Range", "bytes=0-9223372036854775808"}, true, false, true},
    {"the largest number of 64 bits, signed",
     {"Range", "bytes=0-9223372036854775807"},
     true,
     true,
     true},
    {"the largest number of 64 bits", {"Range", "bytes=18446744073709551615-"}, true, false, true},
    {"one more", {"Range", "bytes=18446744073709551616-"}, true, false, false},
    {"Authorization", {"Authorization", "Basic eDp5"}, false, false, false},
    {"a name of one's own", {"X-A", "1"}, false, false, false},
    {"User-Agent", {"User-Agent", "x"}, false, true, false},
    {"an old client hint", {"Device-Memory", "0.5"}, false, true, false},
    {"a client hint that is no number", {"Device-Memory", ".5"}, false, false, false},
    {"one that is a whole number", {"Device-Memory", "2"}, false, true, false},
    {"nothing behind its dot", {"Device-Memory", "2."}, false, false, false},
    {"no digits behind its dot", {"Device-Memory", "2.x"}, false, false, false},
    {"nothing", {"Device-Memory", ""}, false, false, false},
    {"pixels", {"DPR", "1.5"}, false, true, false},
    {"what is no number of them", {"DPR", "x"}, false, false, false},
    {"a bandwidth", {"Downlink", "1.5"}, false, true, false},
    {"a width", {"Width", "100"}, false, true, false},
    {"a broken one", {"Width", "1.5"}, false, false, false},
    {"a window's width", {"Viewport-Width", "100"}, false, true, false},
    {"a broken one of a window", {"Viewport-Width", "1.5"}, false, false, false},
    {"a time", {"RTT", "100"}, false, true, false},
    {"a broken one of a time", {"RTT", "1.5"}, false, false, false},
    {"Save-Data", {"Save-Data", "ON"}, false, true, false},
    {"Save-Data with another value", {"Save-Data", "1"}, false, false, false},
    {"what is no network estimate", {"ECT", "5g"}, false, false, false},
    {"a network estimate", {"ECT", "slow-2g"}, false, true, false},
    {"Intervention", {"Intervention", "any"}, false, true, false},
};

}  // namespace

TEST_CASE("a header is safelisted by its name and value") {
    for (const header_row& r : header_rows) {
        CAPTURE(r.about);
        const auto& [name, value] = r.header;
        CHECK(sim::is_safelisted_request_header(name, value, quirks::standard) == r.standard);
        CHECK(sim::is_safelisted_request_header(name, value, quirks::chromium) == r.chromium);
        CHECK(sim::is_safelisted_request_header(name, value, quirks::firefox) == r.firefox);
    }
}

TEST_CASE("unsafe names are lower case, sorted, and each there once") {
    const sim::header_list list = {{"X-B", "1"}, {"Accept", "a"}, {"x-a", "1"}, {"X-b", "2"}};
    CHECK(sim::unsafe_request_header_names(list, quirks::standard) == names{"x-a", "x-b"});
    CHECK(sim::unsafe_request_header_names(list, quirks::firefox) == names{"x-a", "x-b", "x-b"});
}

TEST_CASE("repeated lines are sent as they are, joined, or the last or first of them") {
    const sim::header_list list = {{"X-A", "1"},
                                   {"Authorization", "a"},
                                   {"Content-Type", "a/a"},
                                   {"x-a", "2"},
                                   {"authorization", "b"},
                                   {"User-Agent", "a"},
                                   {"content-type", "b/b"},
                                   {"user-agent", "b"}};
    const sim::header_list joined = {{"X-A", "1, 2"},
                                     {"Authorization", "a, b"},
                                     {"Content-Type", "a/a, b/b"},
                                     {"User-Agent", "a, b"}};
    const sim::header_list last = {{"X-A", "1"},
                                   {"x-a", "2"},
                                   {"authorization", "b"},
                                   {"content-type", "b/b"},
                                   {"user-agent", "b"}};
    const sim::header_list first_type = {{"X-A", "1"},
                                         {"Content-Type", "a/a"},
                                         {"x-a", "2"},
                                         {"authorization", "b"},
                                         {"user-agent", "b"}};
    for (const bool has_body : {false, true}) {
        CHECK(sim::wire_headers(list, has_body, quirks::standard) == list);
        CHECK(sim::wire_headers(list, has_body, quirks::chromium) == joined);
    }
    CHECK(sim::wire_headers(list, false, quirks::firefox) == last);
    CHECK(sim::wire_headers(list, true, quirks::firefox) == first_type);
}

TEST_CASE("safelisted values are unsafe once they exceed 1024 bytes together") {
    sim::header_list list(8, {"Accept", filled(128, 'a')});
    CHECK(sim::unsafe_request_header_names(list, quirks::standard).empty());
    list.push_back({"Content-Language", "e"});
    CHECK(sim::unsafe_request_header_names(list, quirks::standard) ==
          names{"accept", "content-language"});
    CHECK(sim::unsafe_request_header_names(list, quirks::firefox).empty());
    // Chromium joins the eight lines first, and the result is longer than one value may be.
    CHECK(sim::unsafe_request_header_names(list, quirks::chromium) == names{"accept"});
}

TEST_CASE("some headers no script can set") {
    struct row {
        const char* name;
        const char* value;
        bool forbidden;
    };
    constexpr row rows[] = {
        {"Cookie", "a=b", true},
        {"hOST", "x", true},
        {"Origin", "null", true},
        {"Access-Control-Request-Method", "PUT", true},
        {"Access-Control-Request-Private-Network", "true", false},
        {"Sec-Anything", "1", true},
        {"Proxy-Anything", "1", true},
        {"Secret", "1", false},
        {"X-HTTP-Method-Override", "PUT", false},
        {"X-HTTP-Method-Override", "PUT, trace", true},
        {"X-HTTP-Method", "Connect", true},
        {"X-Method-Override", "TRACK", true},
        {"X-Method-Override", "TRACKED", false},
        {"Authorization", "x", false},
        {"User-Agent", "x", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.name);
        CAPTURE(r.value);
        CHECK(sim::is_forbidden_request_header(r.name, r.value) == r.forbidden);
    }
}

TEST_CASE("six methods are normalised, three are forbidden") {
    CHECK(sim::normalize_method("delete") == "DELETE");
    CHECK(sim::normalize_method("Put") == "PUT");
    CHECK(sim::normalize_method("patch") == "patch");
    CHECK(sim::normalize_method("eGg") == "eGg");
    CHECK(sim::is_forbidden_method("tRaCe"));
    CHECK_FALSE(sim::is_forbidden_method("TRACED"));
    CHECK(sim::is_safelisted_method("HEAD"));
    CHECK_FALSE(sim::is_safelisted_method("get"));
}

TEST_CASE("seven response headers are seen unasked, two never") {
    CHECK(sim::is_safelisted_response_header("LAST-MODIFIED"));
    CHECK_FALSE(sim::is_safelisted_response_header("ETag"));
    CHECK(sim::is_forbidden_response_header("set-cookie"));
    CHECK(sim::is_forbidden_response_header("Set-Cookie2"));
    CHECK_FALSE(sim::is_forbidden_response_header("Set-Cookies"));
}
