// SPDX-License-Identifier: MIT
#include <corsac/decision/decision.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>

namespace {

using corsac::decision;
using corsac::decision_fields;
using corsac::outcome;
using enum corsac::outcome;

static_assert(std::is_trivially_copyable_v<decision>);

// --- outcomes ------------------------------------------------------------------------------------

static_assert(!corsac::is_refusal(no_policy));
static_assert(!corsac::is_refusal(not_cors));
static_assert(!corsac::is_refusal(allowed));
static_assert(corsac::is_refusal(origin_not_allowed));
static_assert(corsac::is_refusal(credentials_not_allowed));
static_assert(corsac::is_refusal(header_list_too_long));

static_assert(corsac::name_of(origin_not_allowed) == "origin_not_allowed");
static_assert(corsac::name_of(header_list_too_long) == "header_list_too_long");
static_assert(corsac::name_of(static_cast<outcome>(255)).empty());

TEST_CASE("every outcome has a name of its own") {
    std::set<std::string_view> names;
    for (int value = 0; value <= static_cast<int>(header_list_too_long); ++value) {
        CAPTURE(value);
        CHECK(names.insert(corsac::name_of(static_cast<outcome>(value))).second);
    }
    CHECK(names.count("") == 0);
}

/// What the fields of a decision mean.
struct row {
    const char* about;
    outcome decided;
    outcome in_shadow;
    std::string_view subject;
    int status;
    outcome expected;
    bool answers, governs, allows, shadowed;
};

constexpr std::string_view fits = "https://a.example";

constexpr row rows[] = {
    {"nothing", no_policy, no_policy, "", 0, no_policy, false, false, false, false},
    {"no CORS request", not_cors, no_policy, "", 0, not_cors, false, true, false, false},
    {"an allowed one", allowed, no_policy, "", 0, allowed, false, true, true, false},
    {"a granted preflight", allowed, no_policy, "", 204, allowed, true, true, true, false},
    {"a refused preflight", method_not_allowed, no_policy, "PATCH", 403, method_not_allowed, true,
     true, false, false},
    {"an answer without a policy", no_policy, no_policy, "", 500, no_policy, true, false, false,
     false},
    {"a stranger", origin_not_allowed, no_policy, fits, 0, origin_not_allowed, false, true, false,
     false},
    {"null is told from a stranger", origin_not_allowed, no_policy, "null", 0,
     null_origin_not_allowed, false, true, false, false},
    {"so is what is no origin", origin_not_allowed, no_policy, "https://a.example/", 0,
     origin_malformed, false, true, false, false},
    {"and nothing at all", origin_not_allowed, no_policy, "", 0, origin_malformed, false, true,
     false, false},
    {"another refusal is not read again", several_origins, no_policy, "null", 0, several_origins,
     false, true, false, false},
    {"what a policy in shadow allows", no_policy, allowed, fits, 0, allowed, false, false, false,
     true},
    {"what a policy in shadow refuses", no_policy, origin_not_allowed, "null", 0,
     null_origin_not_allowed, false, false, false, true},
};

constexpr bool holds(const row& r) {
    decision_fields fields;
    fields.outcome = r.decided;
    fields.shadow = r.in_shadow;
    fields.subject = r.subject;
    fields.status = static_cast<std::int16_t>(r.status);
    const decision d{fields};
    return d.outcome() == r.expected && d.answers() == r.answers && d.status() == r.status &&
           d.governs() == r.governs && d.allows() == r.allows && d.in_shadow() == r.shadowed;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a decision says what happens, and why") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(holds(r));
    }
}

TEST_CASE("an origin that is too long is refused as such") {
    decision_fields fields;
    fields.outcome = origin_not_allowed;
    const std::string origin = "https://" + std::string(corsac::max_origin_length, 'a');
    fields.subject = origin;
    CHECK(decision{fields}.outcome() == origin_too_long);
}

constexpr bool a_new_decision_is_none() {
    const decision d;
    bool anything = false;
    d.visit([&](std::string_view, std::string_view) { anything = true; });
    d.visit_vary([&](std::string_view) { anything = true; });
    return !anything && !d.governs() && d.kind() == corsac::request_kind::not_cors;
}
static_assert(a_new_decision_is_none());

// --- fields --------------------------------------------------------------------------------------

/// The fields of a response, `name: value` separated by ` | `, then what it varies on.
constexpr corsac::detail::text sent(const decision& d) {
    corsac::detail::text all;
    d.visit([&](std::string_view name, std::string_view value) {
        if (!all.empty()) all.append(" | ");
        all.append(name).append(": ").append(value);
    });
    d.visit_vary([&](std::string_view token) { all.append(" ~ ").append(token); });
    return all;
}

struct sent_row {
    const char* about;
    void (*fill)(decision_fields&);
    std::string_view expected;
};

constexpr sent_row sent_rows[] = {
    {"nothing", [](decision_fields&) {}, ""},
    {"an origin alone", [](decision_fields& f) { f.allow_origin = "*"; },
     "access-control-allow-origin: *"},
    {"all fields, in one order",
     [](decision_fields& f) {
         f.allow_private_network = true;
         f.expose_headers = "X-B";
         f.max_age = "0";
         f.allow_headers = "X-A";
         f.allow_methods = "PUT";
         f.allow_credentials = true;
         f.allow_origin = "https://a.example";
     },
     "access-control-allow-origin: https://a.example | access-control-allow-credentials: true | "
     "access-control-allow-methods: PUT | access-control-allow-headers: X-A | "
     "access-control-max-age: 0 | access-control-expose-headers: X-B | "
     "access-control-allow-private-network: true"},
    {"without an origin no field is sent, whatever there is",
     [](decision_fields& f) {
         f.allow_methods = f.allow_headers = f.max_age = f.expose_headers = "1";
         f.requested_headers[0] = "x-a";
         f.allow_credentials = f.allow_private_network = true;
     },
     ""},
    {"requested names are folded, and each is listed once",
     [](decision_fields& f) {
         f.allow_origin = "*";
         f.requested_headers[0] = "X-B, x-a";
         f.requested_headers[1] = "x-b,X-C";
         f.requested_header_lines = 2;
     },
     "access-control-allow-origin: * | access-control-allow-headers: x-b,x-a,x-c"},
    {"empty elements are left out",
     [](decision_fields& f) {
         f.allow_origin = "*";
         f.requested_headers[0] = ", ,x-a,\t,";
         f.requested_header_lines = 1;
     },
     "access-control-allow-origin: * | access-control-allow-headers: x-a"},
    {"nothing but empty elements is no list",
     [](decision_fields& f) {
         f.allow_origin = "*";
         f.requested_headers[0] = " , ";
         f.requested_header_lines = 1;
     },
     "access-control-allow-origin: *"},
    {"a list of the policy's comes before what was requested",
     [](decision_fields& f) {
         f.allow_origin = "*";
         f.allow_headers = "X-A";
         f.requested_headers[0] = "x-b";
         f.requested_header_lines = 1;
     },
     "access-control-allow-origin: * | access-control-allow-headers: X-A"},
    {"Vary on the origin", [](decision_fields& f) { f.vary_origin = true; }, " ~ Origin"},
    {"Vary of a preflight", [](decision_fields& f) { f.vary_preflight = true; },
     " ~ Access-Control-Request-Method ~ Access-Control-Request-Headers"},
    {"Vary on a private network", [](decision_fields& f) { f.vary_private_network = true; },
     " ~ Access-Control-Request-Private-Network"},
    {"Vary on credentials", [](decision_fields& f) { f.vary_credentials = true; },
     " ~ Cookie ~ Authorization"},
    {"Vary on all of them, in one order",
     [](decision_fields& f) {
         f.vary_credentials = f.vary_private_network = f.vary_preflight = f.vary_origin = true;
     },
     " ~ Origin ~ Access-Control-Request-Method ~ Access-Control-Request-Headers ~ "
     "Access-Control-Request-Private-Network ~ Cookie ~ Authorization"},
};

constexpr bool is_sent(const sent_row& r) {
    decision_fields fields;
    r.fill(fields);
    return sent(decision{fields}).view() == r.expected;
}

static_assert(support::every_row_holds<&sent_rows, is_sent>());

TEST_CASE("a decision visits the fields that are sent, each once") {
    for (const sent_row& r : sent_rows) {
        CAPTURE(r.about);
        decision_fields fields;
        r.fill(fields);
        CHECK(sent(decision{fields}).view() == r.expected);
    }
}

TEST_CASE("requested names beyond the limits are left out, and those before them are whole") {
    decision_fields fields;
    fields.allow_origin = "*";
    fields.requested_header_lines = 1;
    const auto listed = [&](const std::string& names) {
        fields.requested_headers[0] = names;
        std::string list;
        decision{fields}.visit([&](std::string_view name, std::string_view value) {
            if (name == corsac::field::allow_headers) list = value;
        });
        return list;
    };
    const std::string fitting(corsac::max_requested_headers_length - 4, 'a');
    CHECK(listed("x-a," + fitting) == "x-a," + fitting);
    CHECK(listed("x-a," + fitting + ",x-b") == "x-a," + fitting);
    CHECK(listed("x-a," + fitting + "a,x-b") == "x-a,x-b");

    std::string many, expected;
    for (std::size_t i = 0; i < corsac::max_requested_headers + 5; ++i) {
        many += "x" + std::to_string(i) + ",";
        if (i < corsac::max_requested_headers) {
            expected += (i == 0 ? "x" : ",x") + std::to_string(i);
        }
    }
    CHECK(listed(many) == expected);
}

}  // namespace
