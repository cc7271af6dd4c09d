// SPDX-License-Identifier: MIT
#include <corsac/origin/origin.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using corsac::origin_defect;
using enum corsac::origin_defect;

struct row {
    const char* about;
    std::string_view text;
    origin_defect expected;
};

constexpr row rows[] = {
    {"scheme and host", "https://example.com", none},
    {"a port", "http://localhost:3000", none},
    {"the highest port", "https://example.com:65535", none},
    {"an IPv4 address", "http://127.0.0.1:8080", none},
    {"an IPv6 address", "http://[::1]:3000", none},
    {"an IPv6 address as browsers compress it", "http://[2001:db8::1:0:0:1]", none},
    {"a host with an underscore, which browsers send", "http://a_b.test", none},
    {"a host with a trailing dot, which browsers send", "http://page.test.", none},
    {"an internationalised host in Punycode", "https://xn--bcher-kva.example", none},
    {"a custom scheme", "capacitor://localhost", none},
    {"an extension", "chrome-extension://abcdefghijklmnopabcdefghijklmnop", none},
    {"a single label", "https://intranet", none},
    {"another scheme's default port", "http://example.com:443", none},
    {"a hexadecimal name that is no number", "http://0xcafe.example", none},
    {"an IPv4 address in an IPv6 one, as browsers write it", "http://[::ffff:102:304]", none},
    {"an opaque host keeps its case", "safari-web-extension://140BB581-A2C0-422A-9DD3", none},
    {"an opaque host may be a dot", "app://.", none},
    {"an opaque host may be empty", "capacitor-electron://", none},
    {"an opaque host may be a hyphen", "capacitor-electron://-", none},
    {"an opaque host may end in a number", "app://1.2.3", none},
    {"an opaque host may have empty labels", "app://a..b", none},
    {"an opaque host may be escaped", "app://a%20b", none},
    {"an opaque host may have an asterisk", "app://*", none},
    {"an opaque host and a port", "app://LOCALHOST:3000", none},
    {"a page of a file, in a web view", "file://", none},

    {"nothing", "", scheme},
    {"a host alone", "example.com", scheme},
    {"no scheme", "://example.com", scheme},
    {"an upper-case scheme", "HTTPS://example.com", scheme},
    {"one slash", "https:/example.com", scheme},
    {"a leading space", " https://example.com", scheme},
    {"the wildcard", "*", scheme},
    {"no host", "https://", host},
    {"only a port", "https://:80", host},
    {"only a port of another scheme, which no URL has either", "app://:80", host},
    {"an upper-case host", "https://Example.com", host},
    {"an upper-case letter further on", "https://exAmple.com", trailing},
    {"a leading dot", "https://.example.com", host},
    {"an empty label", "https://a..example.com", host},
    {"only a dot", "https://.", host},
    {"a number that is no IPv4 address", "http://1.2.3", host},
    {"a number over 255", "http://1.2.3.256", host},
    {"a leading zero in an IPv4 address", "http://01.2.3.4", host},
    {"a hexadecimal number", "http://0x7f000001", host},
    {"a hexadecimal number at the end", "http://1.2.3.0x4", host},
    {"a number of no digits", "http://a.0x", host},
    {"a number and a trailing dot", "http://127.0.0.1.", host},
    {"a number for a socket", "ws://1.2.3", host},
    {"a number for a server of files", "ftp://1.2.3", host},
    {"an upper-case host of a socket", "wss://A", host},
    {"an IPv4 address in an IPv6 one, as people write it", "http://[::ffff:1.2.3.4]", host},
    {"a path behind an opaque host", "app://a/", trailing},
    {"a space in an opaque host", "app://a b", trailing},
    {"a byte that no host has", "app://a<b", trailing},
    {"a file's path", "file:///a", trailing},
    {"an IPv6 address that is not compressed", "http://[0:0:0:0:0:0:0:1]", host},
    {"an IPv6 address in upper case", "http://[2001:DB8::1]", host},
    {"an open bracket", "http://[::1", host},
    {"empty brackets", "http://[]", host},
    {"port 0", "https://example.com:0", port},
    {"port 65536", "https://example.com:65536", port},
    {"a long port", "https://example.com:4294967376", port},
    {"no digits", "https://example.com:", port},
    {"a leading zero", "https://example.com:080", port},
    {"the default port of https", "https://example.com:443", port},
    {"the default port of http", "http://example.com:80", port},
    {"a trailing slash", "https://example.com/", trailing},
    {"a path", "https://example.com/a", trailing},
    {"a path that ends like a host", "https://evil.com/.example.org", trailing},
    {"a query", "https://example.com?a", trailing},
    {"a fragment", "https://example.com#a", trailing},
    {"userinfo", "https://user@example.com", trailing},
    {"userinfo with a password", "https://user:pw@example.com", port},
    {"two origins", "https://a.example https://b.example", trailing},
    {"a list", "https://a.example, https://b.example", trailing},
    {"a trailing space", "https://example.com ", trailing},
    {"a control byte", "https://exa\x01mple.com", trailing},
    {"a NUL", {"https://example.com\0", 20}, trailing},
    {"a byte over 127", "https://ex\xc3\xa4mple.com", trailing},
    {"a percent sign", "https://ex%61mple.com", trailing},
    {"a backslash", "https://example.com\\", trailing},
    {"a backtick, which some hosts resolve", "https://example.com`.evil.example", trailing},
};

constexpr bool holds(const row& r) {
    return corsac::parse_serialized_origin(r.text).defect == r.expected;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a serialised origin is what a browser sends, and nothing else") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.text);
        CHECK(corsac::parse_serialized_origin(r.text).defect == r.expected);
    }
}

TEST_CASE("length is bounded before a byte is read") {
    const std::string fits = "https://" + std::string(corsac::max_host_length, 'a');
    CHECK(corsac::is_serialized_origin(fits));
    CHECK(corsac::parse_serialized_origin(fits + "a").defect == host);
    CHECK(corsac::is_serialized_origin("app://" + std::string(corsac::max_host_length, 'A')));
    CHECK(corsac::parse_serialized_origin("app://" + std::string(corsac::max_host_length + 1, 'A'))
              .defect == host);
    const std::string huge = "https://" + std::string(64 * 1024, 'a') + ".example.com";
    CHECK(corsac::parse_serialized_origin(huge).defect == too_long);
    const std::string longest = std::string(corsac::max_origin_length - 4, 'a') + "://b";
    CHECK(corsac::parse_serialized_origin(longest + "c").defect == too_long);
}

TEST_CASE("the parts of an origin are where they are") {
    const std::string_view text = "https://a.example:8443";
    const corsac::origin_parts parts = corsac::parse_serialized_origin(text);
    CHECK(text.substr(0, parts.host_begin) == "https://");
    CHECK(text.substr(parts.host_begin, parts.host_end - parts.host_begin) == "a.example");
    CHECK(text.substr(parts.host_end) == ":8443");
}

struct host_row {
    const char* about;
    std::string_view host;
    bool loopback;
};

constexpr host_row host_rows[] = {
    {"the name", "localhost", true},
    {"a name below it", "app.localhost", true},
    {"IPv4", "127.0.0.1", true},
    {"another one of IPv4", "127.8.9.10", true},
    {"IPv6", "[::1]", true},
    {"with a trailing dot", "localhost.", true},
    {"below, with a trailing dot", "app.localhost.", true},
    {"nothing", "", false},
    {"a dot", ".", false},
    {"an empty label below it", ".localhost", false},
    {"two trailing dots", "localhost..", false},
    {"a name above", "localhost.example", false},
    {"a name that begins as an address", "127.example", false},
    {"a name that ends alike", "notlocalhost", false},
    {"another address", "128.0.0.1", false},
};

constexpr bool host_holds(const host_row& r) {
    return corsac::is_loopback_host(r.host) == r.loopback;
}
static_assert(support::every_row_holds<&host_rows, host_holds>());

TEST_CASE("loopback hosts lead back to the same machine") {
    for (const host_row& r : host_rows) {
        CAPTURE(r.about);
        CHECK(corsac::is_loopback_host(r.host) == r.loopback);
    }
}

struct insecure_row {
    const char* about;
    std::string_view origin;
    bool insecure;
};

constexpr insecure_row insecure_rows[] = {
    {"plain http", "http://a.example", true},
    {"with a port", "http://a.example:8080", true},
    {"an address", "http://192.168.1.2", true},
    {"an IPv6 address", "http://[fd00::1]:80", true},
    {"a name above localhost", "http://localhost.example:80", true},
    {"a plain socket", "ws://a.example", true},
    {"plain ftp", "ftp://a.example", true},
    {"https", "https://a.example", false},
    {"a socket over TLS", "wss://a.example", false},
    {"this machine", "http://localhost:3000", false},
    {"this machine, with a trailing dot", "http://app.localhost.:3000", false},
    {"this machine by IPv4", "http://127.1.2.3", false},
    {"this machine by IPv6", "http://[::1]:3000", false},
    {"a scheme of an app", "capacitor://localhost", false},
    {"null", "null", false},
    {"no origin at all", "http", false},
};

constexpr bool insecure_holds(const insecure_row& r) {
    return corsac::is_insecure_origin(r.origin) == r.insecure;
}
static_assert(support::every_row_holds<&insecure_rows, insecure_holds>());

TEST_CASE("an origin is insecure if others than its host can answer for it") {
    for (const insecure_row& r : insecure_rows) {
        CAPTURE(r.about);
        CHECK(corsac::is_insecure_origin(r.origin) == r.insecure);
    }
}

TEST_CASE("a domain is labels of lower-case characters, and no longer than DNS has it") {
    using corsac::detail::is_serialized_domain;
    for (const char* domain : {"a", "a.b", "a.", "a_b.c-d", "1"}) {
        CAPTURE(domain);
        CHECK(is_serialized_domain(domain));
    }
    for (const char* domain : {"", ".", ".a", "a..b", "a..", "A", "a/b", "*"}) {
        CAPTURE(domain);
        CHECK_FALSE(is_serialized_domain(domain));
    }
    CHECK(is_serialized_domain(std::string(corsac::max_host_length, 'a')));
    CHECK_FALSE(is_serialized_domain(std::string(corsac::max_host_length + 1, 'a')));
}

}  // namespace
