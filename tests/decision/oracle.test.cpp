// SPDX-License-Identifier: MIT
#include "decision/oracle.hpp"

#include <corsac/corsac.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// Random policies and requests over a small, hostile alphabet must get the same answer from corsac
// and from the oracle.

namespace {

using namespace oracle;

// --- Random policies and requests
// -----------------------------------------------------------------

/// The same everywhere: distributions of the standard library differ between platforms.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t limit) { return engine_() % limit; }
    bool one_in(std::size_t n) { return below(n) == 0; }
    std::string pick(const strings& from) { return from[below(from.size())]; }
    strings pick_some(const strings& from, std::size_t most) {
        strings some;
        for (std::size_t i = below(most + 1); i > 0; --i) some.push_back(pick(from));
        return some;
    }

private:
    std::mt19937 engine_;
};

const strings labels = {"a", "b", "ab", "a-b", "ba", "a_b", "x1", "xn--a"};
const strings schemes = {"https", "https", "http", "app"};

std::string random_host(dice& d) {
    if (d.one_in(20))
        return d.pick({"[::1]", "[2001:db8::1:0:0:1]", "[1:0:2:3:4:5:6:7]", "127.0.0.1"});
    std::string host = d.pick(labels);
    for (std::size_t i = d.below(4); i > 0; --i) host = d.pick(labels) + "." + host;
    return d.one_in(12) ? host + "." : host;
}

std::string random_entry(dice& d) {
    if (d.one_in(60)) return "*";
    if (d.one_in(30)) return "null";
    std::string host = random_host(d);
    const bool name = host.find_first_of("[1") == std::string::npos;
    if (d.one_in(25)) {
        host = "*";
    } else if (name && d.one_in(2)) {
        if (host.back() != '.') host = d.pick({"*", "*", "a*", "*b", "a*b", "a-*-b"}) + "." + host;
        if (d.one_in(5) && host.find('.') != host.rfind('.')) host = d.pick(labels) + "." + host;
    }
    std::string entry = d.pick(schemes) + "://" + host + d.pick({"", "", "", ":*", ":1", ":443"});
    if (d.one_in(8)) {
        for (char& c : entry) c = d.one_in(2) && c >= 'a' && c <= 'z' ? char(c - 32) : c;
    }
    return entry;
}

/// An origin that has a chance to match one of the entries, and then perhaps a flaw.
std::string random_origin(dice& d, const rules& p) {
    if (d.one_in(15)) return "null";
    std::string origin = lower(d.pick(p.origins));
    if (d.one_in(4) || origin == "*") {
        origin = d.pick(schemes) + "://" + random_host(d) + d.pick({"", "", ":1", ":8080"});
    }
    if (has_suffix(origin, ":*")) origin.replace(origin.size() - 2, 2, d.pick({"", ":1", ":8080"}));
    if (const std::size_t star = origin.find('*'); star != std::string::npos) {
        const strings fillers = {"a", "b", "ab", "a.b", "a-b", "-", "x1.a.b", "a_b", "", "xn--a"};
        origin.replace(star, 1, d.pick(fillers));
    }
    const std::size_t scheme_end = origin.find("://");
    if (scheme_end != std::string::npos) {
        const std::string standard = ":" + default_port(origin.substr(0, scheme_end));
        if (standard != ":" && has_suffix(origin, standard) && !d.one_in(4)) {
            origin.erase(origin.size() - standard.size());
        }
    }
    if (!d.one_in(3)) return origin;
    const strings bytes = {"a",  "b",    "A",    ".",    "-",
                           "_",  "*",    ":",    "/",    "@",
                           " ",  ",",    "1",    "0",    "[",
                           "]",  "?",    "#",    "\\",   "%",
                           "\t", "\x01", "\x7f", "\xc3", std::string(1, '\0')};
    for (std::size_t flaws = 1 + d.below(2); flaws > 0; --flaws) {
        const std::size_t at = d.below(origin.size() + 1);
        switch (d.below(4)) {
        case 0: origin.insert(at, d.pick(bytes)); break;
        case 1: origin.replace(at, at < origin.size() ? 1 : 0, d.pick(bytes)); break;
        case 2: origin += d.pick({".", ":1", ":80", ":443", "/", ".a", "a", " ", ", null"}); break;
        default: origin.erase(std::min(at, origin.size()), 1);
        }
    }
    return origin;
}

rules random_rules(dice& d) {
    rules p;
    do p.origins.push_back(random_entry(d));
    while (!d.one_in(4));
    p.methods = d.pick_some({"PUT", "DELETE", "PATCH", "GET", "M", "MM"}, 4);
    if (d.one_in(6)) p.methods.push_back("*");
    p.headers =
        d.pick_some({"X-A", "x-a", "X-B", "Authorization", "X-Custom-*", "X-*", "Content-Type"}, 4);
    if (d.one_in(5)) p.headers.push_back("*");
    p.credentials = d.one_in(2);
    p.expose = d.pick_some({"X-Id", "x-id", "ETag", "Location"}, 3);
    if (!p.credentials && d.one_in(6)) p.expose = {"*"};
    if (d.one_in(2)) p.max_age = d.one_in(3) ? 0 : 600;
    if (d.one_in(4)) p.granted_status = 200;
    if (d.one_in(4)) p.denied_status = 204;
    p.reject_disallowed = d.one_in(3);
    p.reject_writes = d.one_in(3);
    if (d.one_in(3)) p.own = {"https://a", "http://ab:1"};
    p.disclose_requested_only = d.one_in(4);
    p.advertise = d.one_in(4);
    p.forward_denied = d.one_in(4);
    p.forward_granted = d.one_in(4);
    p.keep_existing = d.one_in(4);
    p.private_network = d.one_in(4);
    p.refuse_credentials = !p.credentials && !contains(p.headers, "Authorization") && d.one_in(3);
    p.shadow = d.one_in(12);
    return p;
}

request random_request(dice& d, const rules& p) {
    request r{d.one_in(3) ? "OPTIONS" : d.pick({"GET", "POST", "OPTIONS", "options", "PUT"}), {}};
    const auto line = [&](const strings& names, const std::string& value) {
        r.lines.push_back(
            {d.pick(names), d.one_in(6) ? d.pick({" ", "\t", ""}) + value + " " : value});
    };
    const strings origin = {"Origin", "origin", "ORIGIN"};
    if (!d.one_in(10)) line(origin, random_origin(d, p));
    if (d.one_in(25)) line(origin, random_origin(d, p));
    if (d.one_in(5))
        line({"Host", "host"}, d.pick({"a", "b:443", "b:80", "a.b", "ab:1", "[::1]", "A:443"}));
    if (d.one_in(6)) {
        line({"Sec-Fetch-Site"}, d.pick({"same-origin", "same-site", "cross-site", "none", ""}));
    }
    if (d.one_in(6)) line({"Sec-Fetch-Mode"}, d.pick({"no-cors", "cors", "navigate"}));
    if (d.one_in(6)) line({"Cookie", "authorization", "COOKIE"}, d.pick({"a=b", "Basic Og=="}));
    if (d.one_in(8)) line({"Oriqin", "Access-Control-Request-Methot", "X-Origin"}, "https://a");
    const strings acrm = {"Access-Control-Request-Method", "access-control-request-method"};
    const strings asked = {"GET",  "PUT", "DELETE", "PATCH", "M",   "MM", "put", "get",
                           "POST", "P",   "*",      "PUT,M", "P T", "",   "\x01"};
    if (d.one_in(2)) line(acrm, d.pick(asked));
    if (d.one_in(30)) line(acrm, d.pick(asked));
    const strings acrh = {"Access-Control-Request-Headers", "ACCESS-CONTROL-REQUEST-HEADERS"};
    const strings names = {
        "x-a",      "X-A", "x-b",  "authorization", "x-custom-1",   "x-custom-", "x-",
        "x-custom", "",    " ",    "\tx-a ",        "content-type", "x-a b",     "x@",
        "*",        "x-*", "x-a,", "\x7f"};
    for (std::size_t i = d.one_in(2)   ? 1 + d.below(2)
                         : d.one_in(7) ? 6 + d.below(40)
                                       : 0;
         i > 0; --i) {
        line(acrh, d.one_in(12) ? std::string(100 + d.below(60), ',')
                                : join(d.pick_some(names, 4), d.pick({",", ", ", " ,\t"})));
    }
    if (d.one_in(6)) {
        line({"Access-Control-Request-Private-Network"}, d.pick({"true", "TRUE", "1", "true"}));
    }
    return r;
}

field_lines random_response(dice& d) {
    field_lines lines{{"Content-Type", "text/plain"}};
    if (d.one_in(3)) lines.push_back({"Access-Control-Allow-Origin", "https://evil.example"});
    if (d.one_in(3)) lines.push_back({"access-control-allow-origin", "*"});
    if (d.one_in(3)) lines.push_back({"ACCESS-CONTROL-MAX-AGE", "1"});
    if (d.one_in(3)) lines.push_back({"Access-Control-Allow-Credentials", "true"});
    if (d.one_in(3)) lines.push_back({"Vary", d.pick({"Accept", "origin, Accept"})});
    return lines;
}

TEST_CASE("corsac and a naive reading of the standard give the same answers") {
    constexpr int policies = 1000;
    constexpr int requests = 24;
    dice d{20240229};
    std::map<std::string, int> seen;
    int differences = 0;
    for (int i = 0; i < policies && differences < 5; ++i) {
        const rules p = random_rules(d);
        const auto built = corsac::make_policy(to_options(p));
        const std::string policy_text = describe(p);
        CAPTURE(policy_text);
        for (const corsac::config_error& e : built.errors()) {
            const std::string message{e.message()};
            CAPTURE(message);
            CHECK_MESSAGE(false, "a policy that the oracle takes for sound");
        }
        if (!built) return;
        for (int j = 0; j < requests; ++j) {
            const request r = random_request(d, p);
            const field_lines written = random_response(d);
            const answer expected = expected_answer(p, r, written);
            const corsac::decision decided = corsac::evaluate(*built, r);
            const answer actual = actual_answer(decided, written);
            ++seen[std::string{corsac::name_of(decided.kind())} + " " +
                   std::string{corsac::name_of(decided.outcome())}];
            if (actual == expected) continue;
            ++differences;
            const std::string request_text = describe(r);
            CAPTURE(request_text);
            CHECK(describe(actual) == describe(expected));
        }
    }
    CHECK(differences == 0);

    // The test is worth something only if every kind of answer was given often. How often differs:
    // compilers throw the dice in the order in which they evaluate arguments.
    for (const char* often :
         {"not_cors not_cors", "actual allowed", "actual origin_not_allowed",
          "actual origin_malformed", "actual null_origin_not_allowed", "actual several_origins",
          "actual credentials_not_allowed", "actual cross_origin_write",
          "not_cors cross_origin_write", "preflight allowed", "preflight origin_not_allowed",
          "preflight origin_malformed", "preflight method_not_allowed",
          "preflight method_malformed", "preflight header_not_allowed",
          "preflight header_malformed", "preflight header_list_too_long"}) {
        const std::string name = often;
        CAPTURE(name);
        CHECK(seen[name] >= 10);
    }
}

}  // namespace
