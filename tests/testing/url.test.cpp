// SPDX-License-Identifier: MIT
#include <corsac/testing/url.hpp>

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace {

namespace sim = corsac::testing;

struct row {
    const char* about;
    const char* input;
    /// Serialised, or nothing where it does not parse.
    const char* expected;
};

constexpr row absolute_rows[] = {
    {"an origin gets a path", "https://a.example", "https://a.example/"},
    {"scheme and host are folded", "HTTPS://A.Example/B", "https://a.example/B"},
    {"a default port is dropped", "http://a.example:80/", "http://a.example/"},
    {"so is an empty one", "http://a.example:/", "http://a.example/"},
    {"another port stays", "https://a.example:080/", "https://a.example:80/"},
    {"a port has 16 bits", "http://a.example:65536/", nullptr},
    {"a port is a number", "http://a.example:*/", nullptr},
    {"the highest one", "http://a.example:65535/", "http://a.example:65535/"},
    {"each scheme has a default port", "https://a.example:443/", "https://a.example/"},
    {"that of plain WebSockets", "ws://a.example:80/", "ws://a.example/"},
    {"that of others", "wss://a.example:443/", "wss://a.example/"},
    {"and no other's", "http://a.example:443/", "http://a.example:443/"},
    {"nor another's", "https://a.example:80/", "https://a.example:80/"},
    {"nor WebSockets'", "ws://a.example:443/", "ws://a.example:443/"},
    {"userinfo is kept", "http://u:p@a.example/", "http://u:p@a.example/"},
    {"an empty password is not", "http://u:@a.example/", "http://u@a.example/"},
    {"a colon in a password is encoded", "http://u:p:q@a.example/", "http://u:p%3Aq@a.example/"},
    {"white space around is dropped", "  http://a.example/\n", "http://a.example/"},
    {"tabs and line breaks are anywhere", "ht\ttp://a.\nexample/b\r\nc?\td",
     "http://a.example/bc?d"},
    {"spaces, too", " http://a.example/ ", "http://a.example/"},
    {"backslashes are slashes", "http:\\\\a.example\\b", "http://a.example/b"},
    {"the slashes are optional", "http:a.example", "http://a.example/"},
    {"dot segments are resolved", "http://a.example/b/../c/./d", "http://a.example/c/d"},
    {"encoded ones as well", "http://a.example/b/%2E%2e/c/.", "http://a.example/c/"},
    {"three dots are a name", "http://a.example/.../b", "http://a.example/.../b"},
    {"the root has no parent", "http://a.example/../..", "http://a.example/"},
    {"spaces are encoded", "http://a.example/a b?c d#e f", "http://a.example/a%20b?c%20d#e%20f"},
    {"so are control characters and what is not ASCII", "http://a.example/\x1f\x7f\x80?\x7f#\xff",
     "http://a.example/%1F%7F%80?%7F#%FF"},
    {"an empty query and an empty fragment are kept", "http://a.example?#", "http://a.example/?#"},
    {"an IPv4 address in other words", "http://0x7f.1/", "http://127.0.0.1/"},
    {"an IPv4 address in octal", "http://0300.0250.1/", "http://192.168.0.1/"},
    {"the highest IPv4 address as one number", "http://4294967295/", "http://255.255.255.255/"},
    {"one more", "http://4294967296/", nullptr},
    {"with zeros before it", "http://0000000000000000000000001/", "http://0.0.0.1/"},
    {"a last part in hexadecimal", "http://1.0xA/", "http://1.0.0.10/"},
    {"a hexadecimal number without digits is 0", "http://0x/", "http://0.0.0.0/"},
    {"an octal number has no 8", "http://08/", nullptr},
    {"a decimal number has no letters", "http://a.1/", nullptr},
    {"nor hexadecimal ones other letters", "http://0xg/", "http://0xg/"},
    {"no part but the last exceeds 255", "http://256.1/", nullptr},
    {"five parts", "http://1.2.3.4.5/", nullptr},
    {"an empty part", "http://1..2/", nullptr},
    {"a dot behind an IPv4 address", "http://1.2.3.4./", "http://1.2.3.4/"},
    {"two dots at the end make no address", "http://1.2.3.4../", "http://1.2.3.4../"},
    {"nor does a last part with a letter", "http://1.0a/", "http://1.0a/"},
    {"an encoded host is decoded", "http://%61.%45xample/", "http://a.example/"},
    {"to its last character", "http://a%5a/", "http://az/"},
    {"digits as well as letters", "http://a%500/", "http://ap0/"},
    {"a host with a percent sign that encodes nothing", "http://a%2/", nullptr},
    {"a host with one before no hexadecimal digits", "http://a%zz/", nullptr},
    {"an encoded character that no host has", "http://a%2Fb/", nullptr},
    {"an IPv4 address that is none", "http://1.2.3.256/", nullptr},
    {"an IPv6 address is compressed", "http://[0:0:0:0:0:0:0:1]:3000/", "http://[::1]:3000/"},
    {"the longest run is", "http://[1:0:0:2:0:0:0:3]/", "http://[1:0:0:2::3]/"},
    {"an IPv4 address inside", "http://[::ffff:1.2.3.4]/", "http://[::ffff:102:304]/"},
    {"the first of two longest runs is", "http://[1:0:0:2:0:0:3:4]/", "http://[1::2:0:0:3:4]/"},
    {"one at the end", "http://[a:b:0:0:0:0:0:0]/", "http://[a:b::]/"},
    {"nothing but zeros", "http://[::0]/", "http://[::]/"},
    {"a single zero is not", "http://[1:2:3:4:5:6:7::]/", "http://[1:2:3:4:5:6:7:0]/"},
    {"a gap that stands for nothing", "http://[1:2:3:4::5:6:7:8]/", nullptr},
    {"a group of five digits", "http://[12345::]/", nullptr},
    {"a digit that is none", "http://[g::]/", nullptr},
    {"a colon at the end", "http://[1:2:3:4:5:6:7:]/", nullptr},
    {"an IPv4 address that does not end it", "http://[1.2.3.4::1]/", nullptr},
    {"one of three parts", "http://[::1.2.3]/", nullptr},
    {"one with a dot behind it", "http://[::1.2.3.4.]/", nullptr},
    {"one that is not decimal", "http://[::0x1.2.3.4]/", nullptr},
    {"one with a zero before a number", "http://[::01.2.3.4]/", nullptr},
    {"brackets that are not closed", "http://[::1/", nullptr},
    {"two gaps", "http://[1::2::3]/", nullptr},
    {"nine groups", "http://[1:2:3:4:5:6:7:8:9]/", nullptr},
    {"an underscore is a valid host", "http://a_b.test/", "http://a_b.test/"},
    {"a trailing dot is another host", "http://page.test./", "http://page.test./"},
    {"a star is a valid host", "http://*/", "http://*/"},
    {"a space is not", "http://a b/", nullptr},
    {"an empty host", "http:///", nullptr},
    {"an IDN has to be Punycode",
     "http://b\xc3\xbc"
     "cher.test/",
     nullptr},
    {"a byte that is not ASCII", "http://a\x80/", nullptr},
    {"no scheme", "a.example", nullptr},
    {"one that is empty", ":a", nullptr},
    {"one that begins with a digit", "1a:b", nullptr},
    {"one with an underscore", "a_b:c", nullptr},
    {"a scheme of one letter", "a:b", "a:b"},
    {"a scheme of all that one may have", "Web+x-1.0:b", "web+x-1.0:b"},
    {"another scheme is kept as it is", "data:,x", "data:,x"},
};

constexpr row relative_rows[] = {
    {"an absolute path", "/x?y", "https://a.example:8443/x?y"},
    {"a relative path", "x", "https://a.example:8443/b/x"},
    {"a parent", "../x", "https://a.example:8443/x"},
    {"a query", "?x", "https://a.example:8443/b/c?x"},
    {"a fragment", "#x", "https://a.example:8443/b/c?q#x"},
    {"another host", "//b.example/x", "https://b.example/x"},
    {"another scheme", "http://b.example", "http://b.example/"},
    {"another scheme and one slash", "http:/b.example", "http://b.example/"},
    {"the same scheme and one slash", "https:/x", "https://a.example:8443/x"},
    {"the same scheme and none", "https:x", "https://a.example:8443/b/x"},
    {"nothing", "", "https://a.example:8443/b/c?q"},
};

}  // namespace

TEST_CASE("absolute URLs parse and serialise") {
    for (const row& r : absolute_rows) {
        CAPTURE(r.about);
        const std::optional<sim::url> parsed = sim::parse_url(r.input, nullptr);
        CHECK(parsed.has_value() == (r.expected != nullptr));
        if (parsed && r.expected != nullptr) CHECK(parsed->text() == r.expected);
    }
}

TEST_CASE("relative URLs are resolved against a base") {
    const std::optional<sim::url> base =
        sim::parse_url("https://a.example:8443/b/c?q#fragment", nullptr);
    REQUIRE(base.has_value());
    for (const row& r : relative_rows) {
        CAPTURE(r.about);
        const std::optional<sim::url> parsed = sim::parse_url(r.input, &*base);
        REQUIRE(parsed.has_value());
        CHECK(parsed->text() == r.expected);
    }
}

TEST_CASE("userinfo stays on the host that it was written for") {
    const std::optional<sim::url> base = sim::parse_url("https://u:p@a.example/b", nullptr);
    REQUIRE(base.has_value());
    CHECK(sim::parse_url("x", &*base)->text() == "https://u:p@a.example/x");
    CHECK(sim::parse_url("//a.example/x", &*base)->text() == "https://a.example/x");
}

TEST_CASE("the wire shows neither userinfo nor fragment") {
    const std::optional<sim::url> u = sim::parse_url("http://u:p@a.example/b?c#d", nullptr);
    REQUIRE(u.has_value());
    CHECK(u->wire() == "http://a.example/b?c");
    CHECK(u->origin() == "http://a.example");
}

TEST_CASE("same site is decided by the last two labels") {
    struct pair {
        const char* a;
        const char* b;
        bool same;
    };
    constexpr pair pairs[] = {
        {"https://a.page.test", "http://b.page.test:8080", true},
        {"https://page.test", "https://www.page.test", true},
        {"https://page.test", "https://page.example", false},
        {"http://127.0.0.1:1", "http://127.0.0.1:2", true},
        {"http://127.0.0.1", "http://127.0.0.2", false},
        {"http://localhost:1", "http://localhost:2", true},
        {"http://[::1]", "http://localhost", false},
        {"http://[::1]:1", "http://[::1]:2", true},
        {"http://[::1]", "http://[::2]", false},
        {"http://1.0.0.1", "http://2.0.0.1", false},
        {"http://a.page.test.", "http://b.page.test.", true},
        {"http://a.page.test.", "http://a.page.test", false},
    };
    for (const pair& p : pairs) {
        CAPTURE(p.a);
        CAPTURE(p.b);
        const auto a = sim::parse_url(p.a, nullptr);
        const auto b = sim::parse_url(p.b, nullptr);
        REQUIRE(a.has_value());
        REQUIRE(b.has_value());
        CHECK(sim::is_schemelessly_same_site(*a, *b) == p.same);
    }
}
