// SPDX-License-Identifier: MIT
#include <corsac/origin/public_suffix.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <random>
#include <string>
#include <string_view>

// The whole list is compared to libpsl in tests/public_suffix.

namespace {

using corsac::is_public_suffix;
using corsac::registrable_domain;

struct row {
    const char* about;
    std::string_view host;
    std::string_view domain;  ///< empty for public suffixes and for what is no name
};

constexpr row rows[] = {
    {"a top-level domain", "com", ""},
    {"a domain in it", "example.com", "example.com"},
    {"a host in that domain", "www.example.com", "example.com"},
    {"a host far down", "a.b.c.d.e.f.g.h.i.example.com", "example.com"},
    {"a suffix of two labels", "co.uk", ""},
    {"a domain under two labels", "www.example.co.uk", "example.co.uk"},
    {"a domain beside a suffix", "xco.uk", "xco.uk"},
    {"a label that begins like one that is listed", "co-op.uk", "co-op.uk"},
    {"a label that a listed one begins with", "c.uk", "c.uk"},
    {"where anyone gets pages", "github.io", ""},
    {"someone's pages", "someone.github.io", "someone.github.io"},
    {"below someone's pages", "a.someone.github.io", "someone.github.io"},
    {"a private suffix whose parent is a domain", "s3.amazonaws.com", ""},
    {"the domain that has private suffixes below", "amazonaws.com", "amazonaws.com"},
    {"a name beside private suffixes", "www.amazonaws.com", "amazonaws.com"},
    {"a suffix between which and its parent suffix nothing is one", "k12.ma.us", ""},
    {"its parent", "ma.us", ""},

    {"a wildcard's own name, as browsers have it", "ck", ""},
    {"what a wildcard stands for", "anything.ck", ""},
    {"a domain below it", "a.b.anything.ck", "b.anything.ck"},
    {"an exception", "www.ck", "www.ck"},
    {"below an exception", "a.www.ck", "www.ck"},
    {"a label that begins like an exception", "www2.ck", ""},
    {"a wildcard further down", "kawasaki.jp", ""},
    {"a ward of a city", "ward.kawasaki.jp", ""},
    {"a domain in that ward", "www.example.ward.kawasaki.jp", "example.ward.kawasaki.jp"},
    {"the city itself", "city.kawasaki.jp", "city.kawasaki.jp"},
    {"a host of the city", "www.city.kawasaki.jp", "city.kawasaki.jp"},
    {"a city without a wildcard", "city.chuo.tokyo.jp", "city.chuo.tokyo.jp"},
    {"a wildcard in the private part", "eu-west-1.elb.amazonaws.com", ""},
    {"below it", "a.balancer.eu-west-1.elb.amazonaws.com", "balancer.eu-west-1.elb.amazonaws.com"},
    {"a rule below what a wildcard stands for", "x.mtls.run.app", ""},
    {"a domain below both", "a.b.x.mtls.run.app", "b.x.mtls.run.app"},

    {"a label alone that is not listed", "intranet", ""},
    {"a name in an unlisted domain", "app.intranet", "app.intranet"},
    {"this machine, which callers know by themselves", "localhost", ""},
    {"an internationalised top-level domain", "xn--p1ai", ""},
    {"a domain in it", "a.xn--80aswg.xn--p1ai", "xn--80aswg.xn--p1ai"},
    {"an internationalised suffix below a plain one", "xn--55qx5d.cn", ""},
    {"a suffix in one of many branches", "qh.cn", ""},
    {"a domain in it", "b.a.qh.cn", "a.qh.cn"},
    {"a suffix in a later one", "sh.cn", ""},
    {"an internationalised name that is not listed", "a.xn--bcher-kva.example",
     "xn--bcher-kva.example"},

    {"a trailing dot after a suffix", "co.uk.", ""},
    {"a trailing dot after a host", "www.example.co.uk.", "example.co.uk"},
    {"a trailing dot after a label alone", "com.", ""},
    {"two trailing dots", "example.com..", ""},

    {"nothing", "", ""},
    {"a dot", ".", ""},
    {"dots", "...", ""},
    {"a leading dot", ".example.com", ""},
    {"an empty label behind a suffix", "a..com", ""},
    {"an empty label where a wildcard is", "a..ck", ""},
    {"an empty label left of all that counts", "a..example.com", "example.com"},
    {"upper case, which is not listed", "a.CO.UK", "CO.UK"},
    {"Unicode, which is not listed", "a.\xe5\x85\xac\xe5\x8f\xb8.cn",
     "\xe5\x85\xac\xe5\x8f\xb8.cn"},
    {"the bytes that the data is made of", "a.com$", "a.com$"},
    {"marks for labels", "$.!.#.%.&.'.com", "'.com"},
    {"an address, which callers know by themselves", "127.0.0.1", "0.1"},
    {"an address in brackets", "[::1]", ""},
    {"a NUL in a label", std::string_view{"a.com\0", 6}, std::string_view{"a.com\0", 6}},
};

// The list's published test vectors, in lower case and ASCII.
// https://github.com/publicsuffix/list/blob/main/tests/test_psl.txt
constexpr row published[] = {
    {"mixed case", "com", ""},
    {"mixed case", "example.com", "example.com"},
    {"mixed case", "www.example.com", "example.com"},
    {"leading dot", ".com", ""},
    {"leading dot", ".example", ""},
    {"leading dot", ".example.com", ""},
    {"leading dot", ".example.example", ""},
    {"unlisted TLD", "example", ""},
    {"unlisted TLD", "example.example", "example.example"},
    {"unlisted TLD", "b.example.example", "example.example"},
    {"unlisted TLD", "a.b.example.example", "example.example"},
    {"TLD with only 1 rule", "biz", ""},
    {"TLD with only 1 rule", "domain.biz", "domain.biz"},
    {"TLD with only 1 rule", "b.domain.biz", "domain.biz"},
    {"TLD with only 1 rule", "a.b.domain.biz", "domain.biz"},
    {"TLD with some 2-level rules", "com", ""},
    {"TLD with some 2-level rules", "example.com", "example.com"},
    {"TLD with some 2-level rules", "b.example.com", "example.com"},
    {"TLD with some 2-level rules", "a.b.example.com", "example.com"},
    {"TLD with some 2-level rules", "uk.com", ""},
    {"TLD with some 2-level rules", "example.uk.com", "example.uk.com"},
    {"TLD with some 2-level rules", "b.example.uk.com", "example.uk.com"},
    {"TLD with some 2-level rules", "a.b.example.uk.com", "example.uk.com"},
    {"TLD with some 2-level rules", "test.ac", "test.ac"},
    {"TLD with only 1 (wildcard) rule", "mm", ""},
    {"TLD with only 1 (wildcard) rule", "c.mm", ""},
    {"TLD with only 1 (wildcard) rule", "b.c.mm", "b.c.mm"},
    {"TLD with only 1 (wildcard) rule", "a.b.c.mm", "b.c.mm"},
    {"more complex TLD", "jp", ""},
    {"more complex TLD", "test.jp", "test.jp"},
    {"more complex TLD", "www.test.jp", "test.jp"},
    {"more complex TLD", "ac.jp", ""},
    {"more complex TLD", "test.ac.jp", "test.ac.jp"},
    {"more complex TLD", "www.test.ac.jp", "test.ac.jp"},
    {"more complex TLD", "kyoto.jp", ""},
    {"more complex TLD", "test.kyoto.jp", "test.kyoto.jp"},
    {"more complex TLD", "ide.kyoto.jp", ""},
    {"more complex TLD", "b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"more complex TLD", "a.b.ide.kyoto.jp", "b.ide.kyoto.jp"},
    {"more complex TLD", "c.kobe.jp", ""},
    {"more complex TLD", "b.c.kobe.jp", "b.c.kobe.jp"},
    {"more complex TLD", "a.b.c.kobe.jp", "b.c.kobe.jp"},
    {"more complex TLD", "city.kobe.jp", "city.kobe.jp"},
    {"more complex TLD", "www.city.kobe.jp", "city.kobe.jp"},
    {"TLD with a wildcard rule and exceptions", "ck", ""},
    {"TLD with a wildcard rule and exceptions", "test.ck", ""},
    {"TLD with a wildcard rule and exceptions", "b.test.ck", "b.test.ck"},
    {"TLD with a wildcard rule and exceptions", "a.b.test.ck", "b.test.ck"},
    {"TLD with a wildcard rule and exceptions", "www.ck", "www.ck"},
    {"TLD with a wildcard rule and exceptions", "www.www.ck", "www.ck"},
    {"US K12", "us", ""},
    {"US K12", "test.us", "test.us"},
    {"US K12", "www.test.us", "test.us"},
    {"US K12", "ak.us", ""},
    {"US K12", "test.ak.us", "test.ak.us"},
    {"US K12", "www.test.ak.us", "test.ak.us"},
    {"US K12", "k12.ak.us", ""},
    {"US K12", "test.k12.ak.us", "test.k12.ak.us"},
    {"US K12", "www.test.k12.ak.us", "test.k12.ak.us"},
    {"punycoded", "xn--85x722f.com.cn", "xn--85x722f.com.cn"},
    {"punycoded", "xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"punycoded", "www.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn"},
    {"punycoded", "shishi.xn--55qx5d.cn", "shishi.xn--55qx5d.cn"},
    {"punycoded", "xn--55qx5d.cn", ""},
    {"punycoded", "xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s"},
    {"punycoded", "www.xn--85x722f.xn--fiqs8s", "xn--85x722f.xn--fiqs8s"},
    {"punycoded", "shishi.xn--fiqs8s", "shishi.xn--fiqs8s"},
    {"punycoded", "xn--fiqs8s", ""},
};

constexpr bool holds(const row& r) {
    return registrable_domain(r.host) == r.domain && is_public_suffix(r.host) == r.domain.empty();
}

constexpr bool all_hold(const auto& table) {
    for (const row& r : table) {
        if (!holds(r)) return false;
    }
    return true;
}

// Row by row, so that the compiler says which; and many in one expression, as a policy has, within
// the limits that compilers set to one.
static_assert(support::every_row_holds<&rows, holds>());
static_assert(all_hold(published));

static_assert(noexcept(is_public_suffix(std::string_view{})));
static_assert(noexcept(registrable_domain(std::string_view{})));

TEST_CASE("hosts are divided as the Public Suffix List says") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.host);
        CHECK(registrable_domain(r.host) == r.domain);
        CHECK(is_public_suffix(r.host) == r.domain.empty());
    }
    for (const row& r : published) {
        CAPTURE(r.host);
        CHECK(registrable_domain(r.host) == r.domain);
        CHECK(is_public_suffix(r.host) == r.domain.empty());
    }
}

struct above_row {
    const char* about;
    std::string_view host;
    bool above;
};
constexpr above_row above_rows[] = {
    {"a top-level domain", "com", true},
    {"a suffix of a company", "github.io", true},
    {"a domain below which customers have theirs", "amazonaws.com", true},
    {"the same with a trailing dot", "amazonaws.com.", true},
    {"one with a wildcard below", "azure.databricksapps.com", true},
    {"a label above it", "databricksapps.com", true},
    {"a name under a wildcard", "www.ck", false},
    {"a domain of one party", "example.com", false},
    {"a part of it", "www.example.com", false},
    {"a domain of a customer", "mine.github.io", false},
    {"a name that only ends like one", "notamazonaws.com", false},
    {"a top-level domain that is not listed", "internal", true},
    {"a domain below it", "shop.internal", false},
};
constexpr bool is_told(const above_row& r) {
    return corsac::is_above_public_suffixes(r.host) == r.above;
}
static_assert(support::every_row_holds<&above_rows, is_told>());

TEST_CASE("a host is above public suffixes if it is one, or one lies below it") {
    for (const above_row& r : above_rows) {
        CAPTURE(r.about);
        CHECK(is_told(r));
    }
}

TEST_CASE("the registrable domain is a part of the host") {
    const std::string_view host = "www.example.co.uk.";
    CHECK(registrable_domain(host).data() == host.data() + 4);
    CHECK(registrable_domain("a..com").empty());  // nothing is before the suffix
}

TEST_CASE("labels and hosts may be as long as they like") {
    const std::string label(100'000, 'a');
    std::string deep;
    for (int i = 0; i < 100'000; ++i) deep += "a.";
    CHECK(is_public_suffix(label));
    CHECK(registrable_domain(label + ".com") == label + ".com");
    CHECK(registrable_domain("b." + label + ".co.uk") == label + ".co.uk");
    CHECK(registrable_domain("b." + label) == "b." + label);
    CHECK(is_public_suffix(label + ".ck"));
    CHECK(registrable_domain(deep + "github.io") == "a.github.io");
    CHECK(registrable_domain(deep) == "a.a");
}

TEST_CASE("any bytes are divided somehow, at a dot, and the same again") {
    std::mt19937 random{1};
    const std::string_view bytes = "ac.jpuk.ck-0$!#%&'()*+,/:;<=>@A[~ \x7f\xff";
    for (int i = 0; i < 200'000; ++i) {
        std::string host(random() % 12, '.');
        for (char& c : host) c = bytes[random() % bytes.size()];
        host += i % 3 == 0 ? "" : i % 3 == 1 ? ".ck" : ".city.kobe.jp";
        const std::string_view domain = registrable_domain(host);
        const std::string_view view = host;
        if (domain.empty()) continue;
        const std::size_t end = view.size() - (view.back() == '.' ? 1 : 0);
        CAPTURE(host);
        REQUIRE(domain.data() + domain.size() == view.data() + end);
        REQUIRE((domain.data() == view.data() || domain.data()[-1] == '.'));
        REQUIRE(registrable_domain(domain) == domain);
        REQUIRE(is_public_suffix(domain.substr(domain.find('.') + 1)));
    }
}

}  // namespace
