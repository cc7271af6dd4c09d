// SPDX-License-Identifier: MIT
#include <corsac/origin/parse_origin_pattern.hpp>

#include "policy/mistake.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace {

using corsac::config_code;
using corsac::pattern_kind;
using enum corsac::config_code;
using enum corsac::pattern_kind;

struct row {
    const char* about;
    std::string_view entry;
    std::string_view view;
    pattern_kind kind;
    bool any_port;
    std::string_view scheme;
    std::string_view host;
    std::string_view fixed_labels;
};

constexpr row rows[] = {
    {"one origin", "https://example.com", "https://example.com", exact, false, "https",
     "example.com", ""},
    {"scheme and host are folded", "HTTPS://Example.COM", "https://example.com", exact, false,
     "https", "example.com", ""},
    {"a port is kept", "http://localhost:3000", "http://localhost:3000", exact, false, "http",
     "localhost", ""},
    {"the default port of https is dropped", "https://example.com:443", "https://example.com",
     exact, false, "https", "example.com", ""},
    {"the default port of http is dropped", "HTTP://example.com:80", "http://example.com", exact,
     false, "http", "example.com", ""},
    {"the default port of another scheme is kept", "http://example.com:443",
     "http://example.com:443", exact, false, "http", "example.com", ""},
    {"any port", "http://localhost:*", "http://localhost", exact, true, "http", "localhost", ""},
    {"a trailing dot is kept", "https://example.com.", "https://example.com.", exact, false,
     "https", "example.com.", ""},
    {"an underscore is kept", "https://a_b.example", "https://a_b.example", exact, false, "https",
     "a_b.example", ""},
    {"an IPv4 address", "http://127.0.0.1:8080", "http://127.0.0.1:8080", exact, false, "http",
     "127.0.0.1", ""},
    {"an IPv6 address is compressed", "http://[0:0:0:0:0:0:0:1]:3000", "http://[::1]:3000", exact,
     false, "http", "[::1]", ""},
    {"an IPv6 address of any port", "http://[2001:DB8::1]:*", "http://[2001:db8::1]", exact, true,
     "http", "[2001:db8::1]", ""},
    {"a custom scheme", "capacitor://localhost", "capacitor://localhost", exact, false, "capacitor",
     "localhost", ""},
    {"an IPv4 address in an IPv6 one", "http://[::FFFF:1.2.3.4]", "http://[::ffff:102:304]", exact,
     false, "http", "[::ffff:102:304]", ""},
    {"an opaque host keeps its case", "APP://A.b:80", "app://A.b:80", exact, false, "app", "A.b",
     ""},
    {"an opaque host may be a dot", "app://.", "app://.", exact, false, "app", ".", ""},
    {"an opaque host may be empty", "file://", "file://", exact, false, "file", "", ""},
    {"any opaque host", "moz-extension://*", "moz-extension://*", any_host, false, "moz-extension",
     "*", ""},
    {"a private network", "http://192.168.0.0/16", "http://192.168.0.0/16", network, false, "http",
     "192.168.0.0", ""},
    {"a private network on any port", "HTTP://10.0.0.0/8:*", "http://10.0.0.0/8", network, true,
     "http", "10.0.0.0", ""},
    {"a private network on a port", "http://172.16.0.0/12:3000", "http://172.16.0.0/12:3000",
     network, false, "http", "172.16.0.0", ""},
    {"a private network of IPv6", "http://[FD00:0::]/8:*", "http://[fd00::]/8", network, true,
     "http", "[fd00::]", ""},
    {"a network of one address", "https://127.0.0.1/32", "https://127.0.0.1/32", network, false,
     "https", "127.0.0.1", ""},
    {"null has no parts", "null", "null", exact, false, "", "", ""},
    {"subdomains", "https://*.Example.com", "https://*.example.com", subdomains, false, "https",
     "*.example.com", "example.com"},
    {"subdomains on a port", "https://*.example.com:8443", "https://*.example.com:8443", subdomains,
     false, "https", "*.example.com", "example.com"},
    {"subdomains on any port", "https://*.a.example:*", "https://*.a.example", subdomains, true,
     "https", "*.a.example", "a.example"},
    {"subdomains of a single label", "https://*.com", "https://*.com", subdomains, false, "https",
     "*.com", "com"},
    {"the end of a label", "https://preview-*.example.com", "https://preview-*.example.com",
     in_label, false, "https", "preview-*.example.com", "example.com"},
    {"the middle of a label", "https://app-*-team.example.com", "https://app-*-team.example.com",
     in_label, false, "https", "app-*-team.example.com", "example.com"},
    {"the begin of a label", "https://*-team.example.com", "https://*-team.example.com", in_label,
     false, "https", "*-team.example.com", "example.com"},
    {"one label of several", "https://api.*.example.com", "https://api.*.example.com", in_label,
     false, "https", "api.*.example.com", "example.com"},
    {"any host has no labels that are fixed", "https://*", "https://*", any_host, false, "https",
     "*", ""},
    {"any host on a port", "https://*:8443", "https://*:8443", any_host, false, "https", "*", ""},
    {"any host on any port", "https://*:*", "https://*", any_host, true, "https", "*", ""},
    {"part of an opaque host", "app://A*", "app://A*", in_label, false, "app", "A*", ""},
    {"any origin has no parts", "*", "*", any_origin, false, "", "", ""},
};

constexpr bool reads(const row& r) {
    bool well_formed = true;
    const corsac::origin_pattern pattern = corsac::parse_origin_pattern(
        r.entry, [&](config_code, std::string_view, std::string_view) { well_formed = false; });
    const bool wildcard = r.kind == subdomains || r.kind == in_label || r.kind == any_host;
    return well_formed && pattern.view() == r.view && pattern.kind() == r.kind &&
           pattern.any_port() == r.any_port && pattern.scheme() == r.scheme &&
           pattern.host() == r.host && pattern.fixed_labels() == r.fixed_labels &&
           pattern.has_wildcard() == wildcard &&
           (!wildcard || pattern.wildcard_at() == r.view.find('*'));
}

static_assert(support::every_row_holds<&rows, reads>());

TEST_CASE("an entry is read into its canonical spelling and its parts") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.entry);
        CHECK(reads(r));
    }
}

struct mistake_row {
    const char* about;
    std::string_view entry;
    config_code code;
    std::string_view advice;  ///< a part of it
};

constexpr auto long_host = [] {
    std::array<char, 316> chars{};
    chars.fill('a');
    constexpr std::string_view begin = "https://", end = ".example";
    for (std::size_t i = 0; i < begin.size(); ++i) chars[i] = begin[i];
    for (std::size_t i = 0; i < end.size(); ++i) chars[chars.size() - end.size() + i] = end[i];
    return chars;
}();
constexpr std::string_view too_long{long_host.data(), long_host.size()};

constexpr mistake_row mistakes[] = {
    {"an empty entry", "", origin_empty, "https://example.com"},
    {"a host alone", "example.com", origin_scheme_missing, R"(write "https://example.com")"},
    {"a host and a port", "Localhost:3000", origin_scheme_missing,
     R"(write "http://localhost:3000")"},
    {"an address and a port", "127.0.0.1:8080", origin_scheme_missing,
     R"(write "http://127.0.0.1:8080")"},
    {"an IPv6 address and a port", "[::1]:8080", origin_scheme_missing,
     R"(write "http://[::1]:8080")"},
    {"subdomains without a scheme", "*.example.com", origin_scheme_missing,
     R"(write "https://*.example.com")"},
    {"subdomains as cookies write them", ".example.com", origin_scheme_missing,
     R"(write "https://*.example.com")"},
    {"one slash", "http:/example.com", origin_scheme_missing, R"(write "https://example.com")"},
    {"no colon", "https//example.com", origin_scheme_missing, R"(write "https://example.com")"},
    {"slashes of another system", "https:\\\\example.com", origin_scheme_missing,
     R"(write "https://example.com")"},
    {"null in capitals", "NULL", origin_scheme_missing, R"(write "null")"},
    {"two origins and a comma", "https://a.example,https://b.example", entry_is_a_list,
     R"(write "https://a.example", "https://b.example")"},
    {"a list as JSON writes it", R"(["https://a.example", "http://[::1]:80"])", entry_is_a_list,
     R"(write "https://a.example", "http://[::1]:80")"},
    {"a list of lines", "https://a.example\nhttps://b.example", entry_is_a_list,
     R"(write "https://a.example", "https://b.example")"},
    {"a long list", "a b c d e f", entry_is_a_list, R"("c", "d", …)"},
    {"a space", "https://exa mple.com", entry_is_a_list, R"("https://exa")"},
    {"white space around", " HTTPS://a.example\n", entry_has_white_space,
     R"(write "https://a.example")"},
    {"a comma behind", "https://a.example,", entry_has_white_space, R"(write "https://a.example")"},
    {"white space around null", "null ", entry_has_white_space, R"(write "null")"},
    {"quotes", R"("https://a.example")", entry_has_quotes, R"(write "https://a.example")"},
    {"single quotes", "'*'", entry_has_quotes, R"(write "*")"},
    {"brackets", R"(["http://[::1]:3000"])", entry_has_quotes, R"(write "http://[::1]:3000")"},
    {"nothing but white space", " ", origin_empty, "leave the entry out"},
    {"nothing but quotes", R"("")", origin_empty, "leave the entry out"},
    {"an expression", R"(^https://(.*\.)?example\.com$)", origin_is_expression,
     "https://*.example.com"},
    {"an expression between slashes", R"(/https:\/\/.*\.example\.com/)", origin_is_expression,
     "string_matcher_set"},
    {"an optional letter", "https?://example.com", origin_is_expression, "https://*.example.com"},
    {"alternatives", "https://(a|b).example.com", origin_is_expression, "https://*.example.com"},
    {"alternatives of a shell", "https://{a,b}.example.com", origin_is_expression,
     "https://*.example.com"},
    {"a malformed scheme", "ht_tp://example.com", origin_scheme_malformed,
     R"(write "https://example.com")"},
    {"userinfo", "https://me:pw@example.com", origin_has_userinfo,
     R"(write "https://example.com")"},
    {"a trailing slash", "https://Example.com:443/", origin_has_path,
     R"(write "https://example.com")"},
    {"a path", "https://example.com/app", origin_has_path, R"(write "https://example.com")"},
    {"a query", "https://example.com?x", origin_has_path, R"(write "https://example.com")"},
    {"a fragment behind any port", "http://localhost:*#x", origin_has_path,
     R"(write "http://localhost:*")"},
    {"no host", "https://", origin_host_missing, "https://example.com"},
    {"a network of no host", "app:///8", origin_has_path, R"(write "app://")"},
    {"brackets with nothing between them", "http://[]", origin_ip_malformed, "http://[::1]:3000"},
    {"no host but a port", "https://:80", origin_host_missing, "https://example.com"},
    {"no host but a port of another scheme", "app://:80", origin_host_missing,
     "https://example.com"},
    {"no host but any port", "app://:*", origin_host_missing, "https://example.com"},
    {"a byte that no host has", "https://exa%6dple.com", origin_host_malformed, "letters"},
    {"a byte that no opaque host has", "app://a<b", origin_host_malformed, "as it is sent"},
    {"an empty label", "https://a..example.com", origin_host_malformed, "single dots"},
    {"a leading dot", "https://.example.com", origin_host_malformed, "single dots"},
    {"an internationalised host",
     "https://b\xc3\xbc"
     "cher.example",
     origin_host_unicode, "xn--"},
    {"a host that is too long", too_long, origin_host_too_long, "check the host name"},
    {"an address of three numbers", "http://10.0.0", origin_ip_malformed, "http://10.0.0.0"},
    {"a number over 255", "http://1.2.3.256", origin_ip_malformed, "four numbers"},
    {"a hexadecimal number", "http://0x7f000001", origin_ip_malformed, "http://127.0.0.1"},
    {"a hexadecimal number at the end", "http://1.2.3.0x4", origin_ip_malformed, "http://1.2.3.4"},
    {"an octal number", "http://010.0.0.1", origin_ip_malformed, "http://8.0.0.1"},
    {"an address with a dot behind it", "http://10.0.0.1.", origin_ip_malformed,
     "browsers send it as http://10.0.0.1"},
    {"an address with a zone", "http://[fe80::1%25eth0]:3000", origin_ip_malformed,
     "http://[fe80::1]:3000"},
    {"an IPv6 address without its end", "http://[::1:3000", origin_ip_malformed,
     "http://[::1]:3000"},
    {"an IPv6 address with nine pieces", "http://[1:2:3:4:5:6:7:8:9]", origin_ip_malformed,
     "http://[::1]:3000"},
    {"no digits in the port", "https://example.com:", origin_port_malformed, ":* for any port"},
    {"port 0", "https://example.com:0", origin_port_malformed, "1 to 65535"},
    {"port 65536", "https://example.com:65536", origin_port_malformed, "1 to 65535"},
    {"a leading zero in the port", "https://example.com:0443", origin_port_malformed,
     "leading zeros"},
    {"part of a port", "https://example.com:80*", origin_port_malformed, ":* for any port"},
    {"two wildcards", "https://*.a-*.example.com", wildcard_repeated, "list several"},
    {"a wildcard in the scheme", "*://example.com", wildcard_in_scheme,
     R"(write "https://example.com")"},
    {"a wildcard in the last label", "https://example.*", wildcard_in_top_label, "further left"},
    {"a wildcard in the last label, before a dot", "https://example.*.", wildcard_in_top_label,
     "further left"},
    {"a wildcard beside the only label", "http://*host", wildcard_in_top_label, "further left"},
    {"a wildcard in an IPv4 address", "http://8.*.0.1", wildcard_in_ip, "list the addresses"},
    {"wildcards in a private address", "http://192.168.*.*:*", wildcard_in_ip,
     "http://192.168.0.0/16:*"},
    {"a wildcard at the end of one", "http://192.168.1.*:3000", wildcard_in_ip,
     "http://192.168.1.0/24:3000"},
    {"a wildcard for most of one", "http://10.*", wildcard_in_ip, "http://10.0.0.0/8"},
    {"a wildcard in an IPv6 address", "http://[::*]", wildcard_in_ip, "http://[fd00::]/8"},
    {"a network's second address", "http://192.168.1.0/16", network_malformed, "first address"},
    {"a network's second address, of IPv6", "http://[fd00:0:0:1::]/32", network_malformed,
     "first address"},
    {"a network of no address", "http://host.example/16", origin_has_path, "http://host.example"},
    {"a scheme that is too long",
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa://b", origin_scheme_malformed,
     "https://b"},
    {"an address behind no scheme", "1a://10.0.0.1", origin_scheme_malformed, "http://10.0.0.1"},
    {"two wildcards of a scheme of one's own", "app://a*b*", wildcard_repeated, "keep one *"},
    {"a wildcard above a number", "https://*.a.1", origin_ip_malformed, "four numbers"},
    {"a wildcard behind an address", "http://10.0.0.1.*", wildcard_in_ip, "http://10.0.0.1/32"},
    {"a wildcard beside a number that is none", "http://300.*", wildcard_in_ip,
     "list the addresses"},
    {"a network of too many bits", "http://10.0.0.0/33", network_malformed, "as many as"},
    {"a network of more bits than any address has", "http://[fd00::]/129", origin_has_path,
     "http://[fd00::]"},
    {"a network of strangers", "http://8.8.8.0/24", network_not_private, "192.168.0.0/16"},
    {"a network with a private part", "http://192.0.0.0/8", network_not_private, "10.0.0.0/8"},
    {"everybody's network", "http://[::]/0", network_not_private, "list the addresses"},
};

constexpr bool is_told(const mistake_row& r) {
    std::size_t told = 0;
    bool right = true;
    (void)corsac::parse_origin_pattern(
        r.entry, [&](config_code code, std::string_view what, std::string_view advice) {
            ++told;
            right = right && code == r.code && !what.empty() &&
                    advice.find(r.advice) != std::string_view::npos;
        });
    return told == 1 && right;
}

static_assert(support::every_row_holds<&mistakes, is_told>());

TEST_CASE("every mistake in an entry is reported with its code, place, text and advice") {
    for (const mistake_row& r : mistakes) {
        CAPTURE(r.about);
        CHECK(is_told(r));
        // A broken entry is told as such, not also as one that is insecure with credentials.
        for (const bool credentials : {false, true}) {
            CAPTURE(credentials);
            support::check_mistake({.allow_origins = {r.entry}, .allow_credentials = credentials},
                                   {r.code, "allow_origins", 0, r.entry, r.advice});
        }
    }
}

TEST_CASE("every code that is about one entry has a row") {
    support::check_every_code(
        mistakes, [](const mistake_row& r) { return r.code; },
        [](config_code code) {
            return (code >= origin_empty && code <= wildcard_in_ip) ||
                   (code >= entry_is_a_list && code < networks_too_many);
        });
}

TEST_CASE("a message is one line that says where, what, why and what to write") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example/\x01", ""}});
    REQUIRE(built.errors().size() == 2);
    CHECK(built.errors()[0].message() ==
          R"(allow_origins[0]: "https://a.example/\x01" has a path, query or fragment; )"
          R"(write "https://a.example")");
    CHECK(built.errors()[1].message() ==
          R"(allow_origins[1]: "" is empty; )"
          R"(write an origin such as "https://example.com", or leave the entry out)");
}

TEST_CASE("an entry with several mistakes is told all of them, and no half of a remedy") {
    const auto told = [](const std::string& entry) {
        std::string all;
        const auto built = corsac::make_policy({.allow_origins = {entry}});
        for (const corsac::config_error& e : built.errors()) {
            all.append(corsac::name_of(e.code())).append(": ").append(e.advice()).append("\n");
        }
        return all;
    };
    const std::string whole = "write scheme, host and port: https://example.com\n";
    const std::string port = "origin_port_malformed: write 1 to 65535 without leading zeros, or :* "
                             "for any port\n";
    CHECK(told("//") == "origin_scheme_missing: " + whole + "origin_host_missing: " + whole +
                            "origin_has_path: " + whole);
    CHECK(told(":") == "origin_scheme_missing: " + whole + "origin_host_missing: " + whole + port);
    CHECK(told("http:") == "origin_scheme_missing: " + whole + port);
    CHECK(told("http://[") == "entry_has_quotes: " + whole + "origin_host_missing: " + whole);
    const std::string endless(300, 'a');
    CHECK(told('.' + endless) ==
          "origin_scheme_missing: " + whole + "origin_host_too_long: check the host name\n");
    // The network is meant without what cannot be a port.
    CHECK(told("http://192.168.1.*:x") ==
          "wildcard_in_ip: write the network: http://192.168.1.0/24\n" + port);
}

TEST_CASE("what an error says to write is right, and its message is one line") {
    for (const char* entry :
         {"//example.com", "https:example.com", "https:/example.com", "https://a\nb.example/",
          "a\x01", "https://a.example,https://b.example", "https:///path", "localhost:3000/",
          "ht tp://me@[::1]:80/x", "*://*.example.com:*/", "*.example.com", "NULL", " https://a/ ",
          "'HTTP://A:80'", ".a.example", "https//a", "127.0.0.1", "HTTPS:a"}) {
        CAPTURE(entry);
        const auto built = corsac::make_policy({.allow_origins = {entry}});
        REQUIRE_FALSE(built);
        for (const corsac::config_error& e : built.errors()) {
            const std::string message{e.message()};
            CAPTURE(message);
            for (const char c : message) CHECK(static_cast<unsigned char>(c) >= 0x20);
            const std::string_view advice = e.advice();
            if (advice.substr(0, 7) != "write \"" || e.code() == entry_is_a_list) continue;
            const auto better =
                corsac::make_policy({.allow_origins = {advice.substr(7, advice.size() - 8)}});
            CHECK(better);
        }
    }
}

struct network_row {
    std::string_view entry;
    bool is_private;
};

/// What IANA's registries have as private, shared or link-local, whole and with one bit less.
constexpr network_row network_rows[] = {
    {"http://127.0.0.0/8", true},
    {"http://126.0.0.0/7", false},
    {"http://10.0.0.0/8", true},
    {"http://10.0.0.0/7", false},
    {"http://172.16.0.0/12", true},
    {"http://172.0.0.0/11", false},
    {"http://192.168.0.0/16", true},
    {"http://192.168.0.0/15", false},
    {"http://169.254.0.0/16", true},
    {"http://169.254.0.0/15", false},
    {"http://100.64.0.0/10", true},
    {"http://100.0.0.0/9", false},
    {"http://[::1]/128", true},
    {"http://[::2]/128", false},
    {"http://[fc00::]/7", true},
    {"http://[fc00::]/6", false},
    {"http://[fe80::]/10", true},
    {"http://[fe80::]/9", false},
    {"http://[fd00::]/64", true},
    {"http://[fd00:0:0:1::]/64", true},
    {"http://[fd00::8000:0:0:0]/65", true},
};

constexpr bool is_accepted_if_private(const network_row& r) {
    bool is_private = true, another = false;
    const auto add = [&](corsac::config_code code, std::string_view, std::string_view) {
        const bool strange = code == corsac::config_code::network_not_private;
        is_private = is_private && !strange;
        another = another || !strange;
    };
    const corsac::origin_pattern pattern = corsac::parse_origin_pattern(r.entry, add);
    return is_private == r.is_private && !another &&
           (!is_private || pattern.kind() == corsac::pattern_kind::network);
}
static_assert(support::every_row_holds<&network_rows, is_accepted_if_private>());

TEST_CASE("a network is an entry if all of it is private") {
    for (const network_row& r : network_rows) {
        CAPTURE(r.entry);
        CHECK(is_accepted_if_private(r));
    }
}

}  // namespace
