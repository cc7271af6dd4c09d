// SPDX-License-Identifier: MIT
#include <corsac/origin/origin_set.hpp>

#include "collision.hpp"
#include "origin/set_of.hpp"
#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using support::set_of;

struct row {
    const char* about;
    std::string_view entry;
    std::string_view origin;
    bool expected;
};

constexpr row rows[] = {
    {"an exact origin", "https://example.com", "https://example.com", true},
    {"another scheme is another origin", "https://example.com", "http://example.com", false},
    {"another port is another origin", "https://example.com", "https://example.com:8443", false},
    {"a configured default port is dropped", "https://example.com:443", "https://example.com",
     true},
    {"configured case is folded", "HTTPS://Example.COM", "https://example.com", true},
    {"received case is not", "https://example.com", "https://Example.com", false},
    {"a prefix is not enough", "https://example.com", "https://example.com.evil.com", false},
    {"a suffix is not enough", "https://example.com", "https://evil-example.com", false},
    {"a trailing dot is a different host", "https://example.com", "https://example.com.", false},
    {"a trailing dot can be allowed", "https://example.com.", "https://example.com.", true},
    {"an underscore can be allowed", "https://a_b.example", "https://a_b.example", true},

    {"a subdomain", "https://*.example.com", "https://a.example.com", true},
    {"several labels", "https://*.example.com", "https://a.b.c.example.com", true},
    {"never the bare host", "https://*.example.com", "https://example.com", false},
    {"never an empty label", "https://*.example.com", "https://.example.com", false},
    {"only whole labels", "https://*.example.com", "https://evilexample.com", false},
    {"the domain must end there", "https://*.example.com", "https://a.example.com.evil.com", false},
    {"a path that ends in the domain", "https://*.example.org", "https://evil.com/.example.org",
     false},
    {"a query that ends in the domain", "https://*.example.org", "https://evil.com?.example.org",
     false},
    {"userinfo before the domain", "https://*.example.org", "https://evil.com@a.example.org",
     false},
    {"a backslash before the domain", "https://*.example.org", "https://evil.com\\.example.org",
     false},
    {"a control byte in the wildcard", "https://*.example.org", "https://a\n.example.org", false},
    {"a space in the wildcard", "https://*.example.org", "https://a b.example.org", false},
    {"upper case in the wildcard", "https://*.example.org", "https://A.example.org", false},
    {"another scheme", "https://*.example.com", "http://a.example.com", false},
    {"another port", "https://*.example.com", "https://a.example.com:8443", false},
    {"the port of the pattern", "https://*.example.com:8443", "https://a.example.com:8443", true},
    {"no port where one is asked", "https://*.example.com:8443", "https://a.example.com", false},
    {"any port under a wildcard", "https://*.example.com:*", "https://a.example.com:8443", true},
    {"none is any port too", "https://*.example.com:*", "https://a.example.com", true},
    {"an underscore in a label", "https://*.example.com", "https://a_b.example.com", true},
    {"a trailing dot under a wildcard", "https://*.example.com", "https://a.example.com.", false},

    {"any port", "http://localhost:*", "http://localhost:3000", true},
    {"any port or none", "http://localhost:*", "http://localhost", true},
    {"port 0 is none that a browser has", "http://localhost:*", "http://localhost:0", false},
    {"port 65536 is no port", "http://localhost:*", "http://localhost:65536", false},
    {"a default port is never sent", "http://localhost:*", "http://localhost:80", false},
    {"any port of that host only", "http://localhost:*", "http://localhost.evil.com:80", false},
    {"a port is digits", "http://localhost:*", "http://localhost:3000/", false},
    {"any port of an IPv6 address", "http://[::1]:*", "http://[::1]:3000", true},
    {"a configured IPv6 address is compressed", "http://[0:0:0:0:0:0:0:1]:3000",
     "http://[::1]:3000", true},

    {"part of a label", "https://preview-*.example.com", "https://preview-7.example.com", true},
    {"that part is not empty", "https://preview-*.example.com", "https://preview-.example.com",
     false},
    {"that part has no dot", "https://preview-*.example.com", "https://preview-a.b.example.com",
     false},
    {"that part has no underscore", "https://preview-*.example.com",
     "https://preview-a_b.example.com", false},
    {"the middle of a label", "https://app-*-team.example.com",
     "https://app-pr-12-team.example.com", true},
    {"the end of the label counts", "https://app-*-team.example.com",
     "https://app-12-teams.example.com", false},
    {"the begin of the label counts", "https://app-*-team.example.com",
     "https://my-app-12-team.example.com", false},
    {"the parts may not overlap", "https://ab*ba.example.com", "https://aba.example.com", false},
    {"the begin of a label", "https://*-team.example.com", "https://a-team.example.com", true},
    {"one label of several", "https://api.*.example.com", "https://api.eu.example.com", true},
    {"one label is one", "https://api.*.example.com", "https://api.eu.west.example.com", false},

    {"any host", "https://*", "https://anything.example", true},
    {"any host, any depth", "https://*", "https://a.b.c.d.example", true},
    {"any host of that scheme", "https://*", "http://anything.example", false},
    {"any host on the default port", "https://*", "https://anything.example:8443", false},
    {"any host on a port", "https://*:8443", "https://anything.example:8443", true},
    {"any host on any port", "https://*:*", "https://anything.example:8443", true},
    {"any host is a host", "https://*", "https://evil.com/", false},
    {"an IPv6 address is a host", "https://*", "https://[::1]", true},
    {"everything", "*", "https://anything.example:1", true},
    {"everything is an origin still", "*", "https://anything.example/", false},
    {"everything includes null", "*", "null", true},
    {"null", "null", "null", true},
    {"null is lower case", "null", "NULL", false},
    {"null is nobody else", "null", "https://null", false},
    {"a custom scheme", "capacitor://localhost", "capacitor://localhost", true},
    {"an extension", "chrome-extension://abc", "chrome-extension://abc", true},
    {"an opaque host", "safari-web-extension://140BB581-A2C0",
     "safari-web-extension://140BB581-A2C0", true},
    {"an opaque host in another case", "safari-web-extension://140BB581-A2C0",
     "safari-web-extension://140bb581-a2c0", false},
    {"an opaque host that is a dot", "app://.", "app://.", true},
    {"an opaque host that is empty", "file://", "file://", true},
    {"a file's path is no origin", "file://", "file:///", false},
    {"any opaque host", "safari-web-extension://*", "safari-web-extension://140BB581-A2C0", true},
    {"any opaque host may be a dot", "app://*", "app://.", true},
    {"any opaque host may be empty", "app://*", "app://", true},
    {"any opaque host is of that scheme", "app://*", "apps://a", false},
    {"opaque hosts below one", "app://*.A", "app://b.A", true},
    {"opaque hosts below one keep its case", "app://*.A", "app://b.a", false},
    {"part of an opaque label", "app://A-*", "app://A-B", true},
    {"everything has opaque hosts", "*", "app://.", true},

    {"a port where the pattern goes on", "app://aaaa-*", "app://aa:12345", false},
    {"a name in place of a network's address", "http://10.0.0.0/8", "http://10.0.0.a", false},
    {"a name that ends in a digit there", "http://10.0.0.0/8", "http://a1", false},
    {"a long name that ends in a digit there", "http://10.0.0.0/8",
     "http://aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1", false},
    {"an address with a path", "http://10.0.0.0/8", "http://10.0.0.1/1", false},
    {"an address of a network", "http://192.168.0.0/16", "http://192.168.255.1", true},
    {"an address outside", "http://192.168.0.0/16", "http://192.169.0.1", false},
    {"a network's port", "http://192.168.0.0/16", "http://192.168.0.1:3000", false},
    {"any port of a network", "http://192.168.0.0/16:*", "http://192.168.0.1:3000", true},
    {"no port is any port of a network", "http://192.168.0.0/16:*", "http://192.168.0.1", true},
    {"one port of a network", "http://10.0.0.0/8:3000", "http://10.9.8.7:3000", true},
    {"another port of a network", "http://10.0.0.0/8:3000", "http://10.9.8.7:3001", false},
    {"a network's scheme", "http://10.0.0.0/8", "https://10.9.8.7", false},
    {"a name that begins as a network", "http://10.0.0.0/8", "http://10.0.0.1.evil.example", false},
    {"a name is no address", "http://10.0.0.0/8", "http://a10.0.0.1.example", false},
    {"the bits of a network", "http://172.16.0.0/12", "http://172.31.0.1", true},
    {"the first address behind it", "http://172.16.0.0/12", "http://172.32.0.1", false},
    {"an IPv6 network", "http://[fd00::]/8:*", "http://[fd12:3456::1]:8080", true},
    {"an IPv6 address outside", "http://[fd00::]/8:*", "http://[fe80::1]:8080", false},
    {"half of an IPv6 address", "http://[fd00:0:0:1::]/64", "http://[fd00::1:8000:0:0:5]", true},
    {"outside that half", "http://[fd00:0:0:1::]/64", "http://[fd00:0:0:2::5]", false},
    {"a bit more than half", "http://[fd00::]/65", "http://[fd00::7fff:0:0:5]", true},
    {"outside that bit", "http://[fd00::]/65", "http://[fd00::8000:0:0:5]", false},
    {"a bit less than half", "http://[fd00::]/63", "http://[fd00:0:0:1::5]", true},
    {"outside that", "http://[fd00::]/63", "http://[fd00:0:0:2::5]", false},
    {"two addresses of IPv6", "http://[fd00::2]/127", "http://[fd00::3]", true},
    {"outside these", "http://[fd00::2]/127", "http://[fd00::4]", false},
    {"one address of IPv6", "http://[fd00::2]/128", "http://[fd00::3]", false},
    {"an IPv4 network in IPv6", "http://10.0.0.0/8", "http://[::ffff:a00:1]", true},
    {"an IPv4 network outside in IPv6", "http://10.0.0.0/8", "http://[::ffff:b00:1]", false},
    {"a network of one address", "https://127.0.0.1/32", "https://127.0.0.1", true},
    {"a network of one address has no other", "https://127.0.0.1/32", "https://127.0.0.2", false},
    {"the pattern itself is no origin", "https://*.example.com", "https://*.example.com", false},
    {"nothing", "https://example.com", "", false},
};

constexpr bool holds(const row& r) {
    const corsac::origin_set set = set_of({r.entry});
    return set.match(r.origin, corsac::judged) == (r.expected ? r.origin : std::string_view{}) &&
           set.matching_entry(r.origin, corsac::judged).empty() != r.expected;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("an entry allows the origins that it says, and no other") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.entry);
        CAPTURE(r.origin);
        CHECK(holds(r));
    }
}

TEST_CASE("entries in one set do not disturb each other") {
    corsac::text_list all;
    for (const row& r : rows) {
        if (r.entry != "*") all.push_back(r.entry);
    }
    const corsac::origin_set set = set_of(all);
    for (const row& r : rows) {
        if (r.entry == "*" || !r.expected) continue;
        CAPTURE(r.about);
        CHECK(set.match(r.origin, corsac::judged) == r.origin);
    }
    CHECK(set.match("ftp://example.com", corsac::judged).empty());
    CHECK(set.match("https://evil.com/.example.org", corsac::judged).empty());
}

TEST_CASE("a set says which entry let an origin in") {
    const corsac::origin_set set =
        set_of({"HTTPS://Example.com:443", "https://*.example.com", "http://localhost:*",
                "https://pr-*.example.com:*", "https://*:8443", "null"});
    const auto entry = [&](std::string_view origin) {
        return set.matching_entry(origin, corsac::judged);
    };
    CHECK(entry("https://example.com") == "https://example.com");
    CHECK(entry("https://x.y.example.com") == "https://*.example.com");
    CHECK(entry("http://localhost") == "http://localhost:*");
    CHECK(entry("http://localhost:3000") == "http://localhost:*");
    CHECK(entry("https://pr-7.example.com:1") == "https://pr-*.example.com:*");
    CHECK(entry("https://evil.example:8443") == "https://*:8443");
    CHECK(entry("null") == "null");
    CHECK(entry("https://evil.example").empty());
    CHECK(entry("https://example.com/").empty());
    CHECK(set_of({"https://a.example", "*"}).matching_entry("https://b.example", corsac::judged) ==
          "*");
    CHECK(set_of({"https://a.example", "*"}).matching_entry("https://a.example", corsac::judged) ==
          "https://a.example");
    CHECK(set_of({"*"}).matching_entry("garbage", corsac::judged).empty());
}

TEST_CASE("* and https://* list no origin") {
    const corsac::origin_set set =
        set_of({"*", "https://*", "https://*:8443", "https://*.a.example", "https://b.example"});
    for (const char* origin : {"https://x.a.example", "https://b.example"}) {
        CAPTURE(origin);
        CHECK(set.lists(origin, corsac::judged));
    }
    for (const char* origin :
         {"https://c.example", "https://a.example", "https://c.example:8443"}) {
        CAPTURE(origin);
        CHECK_FALSE(set.lists(origin, corsac::judged));
        CHECK(set.match(origin, corsac::judged) == origin);
    }
}

TEST_CASE("an exact match is answered from the set's own storage") {
    const corsac::origin_set set = set_of({"https://example.com", "https://*.example.com"});
    const std::string exact = "https://example.com";
    const std::string_view matched = set.match(exact, corsac::judged);
    CHECK(matched == exact);
    CHECK(matched.data() != exact.data());
    CHECK(matched.data()[matched.size()] == '\0');
    const std::string pattern = "https://a.example.com";
    CHECK(set.match(pattern, corsac::judged).data() == pattern.data());
}

TEST_CASE("many origins are found, and their neighbours are not") {
    std::vector<std::string> tenants;
    for (int i = 0; i < 20000; ++i) {
        tenants.push_back("https://tenant-" + std::to_string(i) + ".example.com");
    }
    const corsac::origin_set set = set_of(tenants);
    for (const std::string& tenant : tenants) REQUIRE(set.match(tenant, corsac::judged) == tenant);
    for (int i = 20000; i < 40000; ++i) {
        REQUIRE(set.match("https://tenant-" + std::to_string(i) + ".example.com", corsac::judged)
                    .empty());
    }
}

TEST_CASE("labels of every length are told apart") {
    for (std::size_t size = 1; size <= 63; ++size) {
        CAPTURE(size);
        const std::string label(size, 'a');
        const std::string scheme = size % 2 == 0 ? "https://" : "b.c://";
        const corsac::origin_set set = set_of({scheme + "*." + label + ".b"});
        const auto allows = [&](const std::string& host) {
            return !set.match(scheme + host, corsac::judged).empty();
        };
        CHECK(allows("c." + label + ".b"));
        CHECK(allows(label + "." + label + ".b"));
        CHECK(allows("c.d." + label + ".b"));
        CHECK(!allows(label + ".b"));
        CHECK(!allows("." + label + ".b"));
        CHECK(!allows("c" + label + ".b"));
        CHECK(!allows("c." + label + "a.b"));
        CHECK(!allows("c." + label + ".b."));
        CHECK(!allows("c." + label));
    }
}

TEST_CASE("origins with the hash of an entry are told apart from it by their text") {
    struct shape {
        const char* about;
        std::string before, behind;  // the entry is these, with something else between them
    };
    const shape shapes[] = {
        {"exact", "https://h", ".example"},
        {"exact, with any port", "https://h", ".example:*"},
        {"subdomains", "https://*.h", ".example"},
        {"subdomains, with any port", "https://*.h", ".example:*"},
        {"within a label, before the star", "https://h", "-*.example"},
        {"within a label, behind the star", "https://h-*-", ".example"},
        {"within a label, with any port", "https://h", "-*.example:*"},
    };
    const std::uint64_t key = corsac::detail::first_hash_key;
    for (const shape& s : shapes) {
        CAPTURE(s.about);
        const auto [known, other] = support::find_collision(
            [&](const std::string& name) { return s.before + name + s.behind; },
            [&](const std::string& entry) {
                return corsac::detail::origin_set_access::hash_of(support::pattern_of(entry), key,
                                                                  2);
            });
        REQUIRE(known != other);
        const auto origin_under = [](std::string entry) {
            if (entry.ends_with(":*")) entry.resize(entry.size() - 2);
            const std::size_t star = entry.find('*');
            return star == entry.npos ? entry : entry.replace(star, 1, "x");
        };
        const corsac::origin_set set = set_of({known, "https://another.example"});
        CHECK(set.match(origin_under(known), corsac::judged) == origin_under(known));
        CHECK(set.match(origin_under(other), corsac::judged).empty());
        const corsac::origin_set both = set_of({known, other, "https://another.example"});
        CHECK(both.match(origin_under(other), corsac::judged) == origin_under(other));
        CHECK(both.matching_entry(origin_under(other), corsac::judged) == other);
    }
}

TEST_CASE(
    "origins with the hash of an entry of another kind, or another size, are told apart, too") {
    const auto hash_of = [](const std::string& entry) {
        return corsac::detail::origin_set_access::hash_of(support::pattern_of(entry),
                                                          corsac::detail::first_hash_key, 2);
    };
    const auto under = [](const std::string& name) { return "https://*.h" + name + ".example"; };
    const auto on_any_port = [&](const std::string& name) { return under(name) + ":*"; };
    const auto longer = [&](const std::string& name) { return under("h" + name); };
    const auto [known, other] = support::find_collision(under, on_any_port, hash_of);
    REQUIRE(known != other);
    const corsac::origin_set set = set_of({known, "https://*.another.example:*"});
    std::string origin = other.substr(0, other.size() - 2).replace(8, 1, "x");
    CHECK(set.match(origin, corsac::judged).empty());
    CHECK(set.match(origin + ":8443", corsac::judged).empty());

    const auto [shorter, one_more] = support::find_collision(under, longer, hash_of);
    REQUIRE(shorter != one_more);
    origin = one_more;
    origin.replace(8, 1, "x");
    CHECK(set_of({shorter}).match(origin, corsac::judged).empty());
    CHECK(set_of({shorter, one_more}).match(origin, corsac::judged) == origin);
}

TEST_CASE("a host is found below whatever depths the entries have together") {
    const std::string entries[] = {"https://*",         "https://*.d",     "https://*.c.d",
                                   "https://*.a.b.c.d", "https://*.d:*",   "https://*.b.c.d:*",
                                   "https://*.c.d:81",  "https://*.e.c.d", "http://*.b.c.d"};
    const std::string hosts[] = {"d",      "c.d",       "b.c.d",      "a.b.c.d", "x.a.b.c.d",
                                 "e.c.d",  "x.e.c.d",   "y.x.c.d",    "x.d",     "x.b.c.e",
                                 "x.bc.d", "x.a-b.c.d", "y.x.a.b.c.d"};
    // What an entry says, without any index.
    const auto allows = [](std::string entry, const std::string& origin, std::size_t port_size) {
        std::string asked = origin;
        if (entry.ends_with(":*")) {
            entry.resize(entry.size() - 2);
            asked.resize(asked.size() - port_size);
            port_size = 0;
        }
        const std::size_t star = entry.find('*');
        const std::string behind = entry.substr(star + 1);
        return asked.size() > star + behind.size() && behind.size() >= port_size &&
               asked.starts_with(entry.substr(0, star)) && asked.ends_with(behind);
    };
    for (unsigned chosen = 1; chosen < 1U << std::size(entries); ++chosen) {
        std::vector<std::string> some;
        for (std::size_t i = 0; i < std::size(entries); ++i) {
            if ((chosen >> i & 1) != 0) some.push_back(entries[i]);
        }
        const corsac::origin_set set = set_of(some);
        for (const std::string& host : hosts) {
            for (const std::string port : {"", ":81"}) {
                const std::string origin = "https://" + host + port;
                bool expected = false;
                for (const std::string& entry : some) {
                    expected = expected || allows(entry, origin, port.size());
                }
                if (set.match(origin, corsac::judged).empty() != expected) continue;
                CAPTURE(some);
                CAPTURE(origin);
                CHECK(false);
            }
        }
    }
}

TEST_CASE("what is longer than every entry is refused unread") {
    const corsac::origin_set set = set_of({"https://example.com"});
    CHECK(set.match(std::string(64 * 1024, 'a'), corsac::judged).empty());
    const corsac::origin_set patterns = set_of({"https://*.example.com"});
    CHECK(patterns.match("https://" + std::string(64 * 1024, 'a') + ".example.com", corsac::judged)
              .empty());
}

TEST_CASE("what only looks like an origin matches no pattern and no network") {
    const corsac::origin_set patterns =
        set_of({"https://*.example.com", "https://a-*.example.com", "app://*"});
    const corsac::origin_set networks = set_of({"http://10.0.0.0/8:*", "http://[fd00::]/8"});
    const std::string host(253 - std::string_view{".example.com"}.size(), 'a');
    CHECK_FALSE(patterns.match("https://" + host + ".example.com", corsac::judged).empty());
    CHECK(patterns.match("https://a" + host + ".example.com", corsac::judged).empty());
    for (const char* origin : {"https://1234", "https://:1", "app://:1", "https://", "x", ":1"}) {
        CAPTURE(origin);
        CHECK(patterns.match(origin, corsac::judged).empty());
        CHECK(networks.match(origin, corsac::judged).empty());
    }
    for (const char* origin : {"app://", "http://"}) {
        CHECK(networks.match(origin, corsac::judged).empty());
    }
}

TEST_CASE("the begin of an entry is no origin of it, nor is its end") {
    const struct {
        std::string_view entry;
        std::string_view origin;  // the only part that is meant; empty: none
    } known[] = {{"https://example.com", "https://example.com"},
                 {"https://*.example.com", ""},
                 {"https://*.example.com:*", ""},
                 {"https://a-*.example.com", ""},
                 {"https://*:*", ""},
                 {"http://localhost:*", "http://localhost"},
                 {"http://10.0.0.0/8", "http://10.0.0.0"},
                 {"null", "null"},
                 {"*", ""}};
    for (const auto& one : known) {
        const std::string_view entry = one.entry;
        CAPTURE(entry);
        const corsac::origin_set set = set_of({entry});
        for (std::size_t size = 0; size <= entry.size(); ++size) {
            for (const std::string_view part :
                 {entry.substr(0, size), entry.substr(entry.size() - size)}) {
                CAPTURE(part);
                const bool meant = !part.empty() && part == one.origin;
                CHECK(set.match(part, corsac::judged).empty() != meant);
            }
        }
    }
}

TEST_CASE("sets are equal if every entry is") {
    CHECK(set_of({"https://*.a.example"}) == set_of({"https://*.a.example"}));
    CHECK_FALSE(set_of({"https://*.a.example", "https://*.b.a.test"}) ==
                set_of({"https://*.a.b.test", "https://*.a.c.test"}));
    CHECK_FALSE(set_of({"https://*.a.example"}) == set_of({"https://*.b.example"}));
    CHECK_FALSE(set_of({"https://*.a.example"}) == set_of({"https://*.example.a.b"}));
    std::string deep = "https://*";
    for (int i = 0; i < 31; ++i) deep += ".a";
    CHECK_FALSE(set_of({deep + ".a.a"}) == set_of({deep + ".aaa"}));
}

TEST_CASE("an empty set allows nothing") {
    const corsac::origin_set set = set_of({});
    CHECK(set.match("https://example.com", corsac::judged).empty());
    CHECK(set.match("null", corsac::judged).empty());
    CHECK(set.match("", corsac::judged).empty());
}

}  // namespace
