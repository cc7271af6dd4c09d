// SPDX-License-Identifier: MIT
#include <corsac/error.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using corsac::config_code;
using corsac::config_error;
using corsac::config_errors;
using corsac::config_place;
using enum corsac::config_code;

// Enumerators are never renumbered.
static_assert(static_cast<int>(origins_empty) == 0);
static_assert(static_cast<int>(origin_has_path) == 5);
static_assert(static_cast<int>(wildcard_in_ip) == 15);
static_assert(static_cast<int>(credentials_allowed_and_refused) == 20);
static_assert(static_cast<int>(policy_too_large) == 32);
static_assert(static_cast<int>(condition_malformed) == 40);
static_assert(static_cast<int>(duplicate_entry) == 128);
static_assert(static_cast<int>(name_never_requested) == 136);

static_assert(corsac::name_of(origin_has_path) == "origin_has_path");
static_assert(corsac::name_of(condition_malformed) == "condition_malformed");
static_assert(corsac::name_of(name_never_requested) == "name_never_requested");
static_assert(corsac::name_of(static_cast<config_code>(127)).empty(), "no code has this number");

TEST_CASE("every code has a name of its own, and warnings are numbered from 128") {
    std::set<std::string_view> names;
    bool numbered = true;  // no number is left out
    for (int value = 0; value < 256; ++value) {
        const auto code = static_cast<config_code>(value);
        CAPTURE(value);
        const bool known = !corsac::name_of(code).empty();
        if (value == 128) numbered = true;
        CHECK((numbered || !known));
        numbered = known;
        if (!known) continue;
        CHECK(names.insert(corsac::name_of(code)).second);
        CHECK(corsac::is_warning(code) == (value >= 128));
    }
}

struct row {
    const char* about;
    config_place place;
    std::string_view written;
    std::string_view problem;
    std::string_view advice;
    std::string_view message;
};

constexpr row rows[] = {
    {"a field",
     {"max_age"},
     "-1",
     "is negative",
     "write 0",
     R"(max_age: "-1" is negative; write 0)"},
    {"an entry of a list",
     {"allow_origins", 2},
     "https://a.example/",
     "has a path",
     R"(write "https://a.example")",
     R"(allow_origins[2]: "https://a.example/" has a path; write "https://a.example")"},
    {"the first entry has an index, too",
     {"allow_methods", 0},
     "TRACE",
     "is forbidden",
     "leave it out",
     R"(allow_methods[0]: "TRACE" is forbidden; leave it out)"},
    {"an index of several digits",
     {"allow_headers", 1020},
     "a b",
     "is no name",
     "write one",
     R"(allow_headers[1020]: "a b" is no name; write one)"},
    {"one object of several",
     {"hostnames", 1, "route shop/cart"},
     "a..b",
     "is no hostname",
     "write a.example",
     R"(route shop/cart, hostnames[1]: "a..b" is no hostname; write a.example)"},
    {"a field of one object",
     {"path", corsac::no_index, "route shop/cart"},
     "x",
     "is no path",
     R"(write "/x")",
     R"(route shop/cart, path: "x" is no path; write "/x")"},
    {"nothing was written",
     {"allow_origins"},
     "",
     "no origin is allowed",
     "write one",
     "allow_origins: no origin is allowed; write one"},
    {"control characters are escaped",
     {"allow_methods", 1},
     "a\r\n\x1b[0m\x7f",
     "is no method",
     "write one",
     R"(allow_methods[1]: "a\x0d\x0a\x1b[0m\x7f" is no method; write one)"},
    {"a NUL is one",
     {"allow_methods", 1},
     {"a\0b", 3},
     "is no method",
     "write one",
     R"(allow_methods[1]: "a\x00b" is no method; write one)"},
    {"what is not ASCII stays",
     {"allow_origins", 0},
     "https://b\xc3\xbc.example",
     "is not ASCII",
     "write the xn-- form",
     "allow_origins[0]: \"https://b\xc3\xbc.example\" is not ASCII; write the xn-- form"},
};

constexpr bool holds(const row& r) {
    const config_error e{origin_has_path, r.place, r.written, r.problem, r.advice};
    return e.code() == origin_has_path && e.field() == r.place.field &&
           e.index() == r.place.index && e.object() == r.place.object && e.text() == r.written &&
           e.advice() == r.advice && e.message() == r.message;
}

static_assert(support::every_row_holds<&rows, holds>());

TEST_CASE("a message is one line: where, what, why, and what to write") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        const config_error e{origin_has_path, r.place, r.written, r.problem, r.advice};
        CHECK(e.message() == r.message);
        CHECK(holds(r));
    }
}

TEST_CASE("an error outlives the texts that it was made of") {
    std::string object = "route shop/cart", written = "a..b", advice = "write a.example";
    const config_error e{
        hostname_malformed, {"hostnames", 1, object}, written, "is no hostname", advice};
    for (std::string* text : {&object, &written, &advice}) text->assign(text->size(), '!');
    const config_error copy = e;
    for (const config_error* each : {&e, &copy}) {
        CHECK(each->object() == "route shop/cart");
        CHECK(each->text() == "a..b");
        CHECK(each->advice() == "write a.example");
        CHECK(each->message() ==
              R"(route shop/cart, hostnames[1]: "a..b" is no hostname; write a.example)");
    }
}

constexpr bool a_report_keeps_warnings_apart() {
    corsac::config_report report;
    report.add(origin_has_path, {"allow_origins", 0}, "a", "b", "c");
    report.add(duplicate_entry, {"allow_methods", 1}, "d", "e", "f");
    report.add(max_age_negative, {"max_age"}, "g", "h", "i");
    return report.errors.size() == 2 && report.errors[0].code() == origin_has_path &&
           report.errors[1].code() == max_age_negative && report.errors[1].text() == "g" &&
           report.warnings.size() == 1 && report.warnings[0].code() == duplicate_entry &&
           report.warnings[0].field() == "allow_methods" && report.warnings[0].index() == 1;
}
static_assert(a_report_keeps_warnings_apart());

// --- result ------------------------------------------------------------------------------------

constexpr config_errors one(config_code code) {
    config_errors list;
    list.push_back({code, {"allow_origins"}, "", "is wrong", "mend it"});
    return list;
}

using number = corsac::result<int>;

constexpr number seven() { return {7, one(duplicate_entry)}; }
constexpr number nothing() { return {one(origin_has_path), one(duplicate_entry)}; }

/// Whether a result is as `seven` or `nothing` made it.
constexpr bool is_seven(const number& r) {
    return r && *r == 7 && r.errors().empty() && r.warnings().size() == 1 &&
           r.warnings()[0].code() == duplicate_entry;
}
constexpr bool is_nothing(const number& r) {
    return !r && r.errors().size() == 1 && r.errors()[0].code() == origin_has_path &&
           r.warnings().size() == 1;
}

struct result_row {
    const char* about;
    bool (*holds)();
};

constexpr result_row result_rows[] = {
    {"a value, and no error", [] { return is_seven(seven()); }},
    {"errors, and no value", [] { return is_nothing(nothing()); }},
    {"a copy has a value of its own",
     [] {
         number r = seven();
         const number copy = r;
         *r = 8;
         return is_seven(copy) && *r == 8;
     }},
    {"a copy has the errors, too",
     [] {
         const number r = nothing();
         const number copy = r;
         return is_nothing(copy) && is_nothing(r);
     }},
    {"what is moved has the value",
     [] {
         number r = seven();
         const number moved = std::move(r);
         return is_seven(moved);
     }},
    {"what is moved has the errors",
     [] {
         number r = nothing();
         const number moved = std::move(r);
         return is_nothing(moved);
     }},
    {"a value is assigned over a value",
     [] {
         number r{1, {}};
         r = seven();
         return is_seven(r);
     }},
    {"errors are assigned over a value",
     [] {
         number r{1, {}};
         r = nothing();
         return is_nothing(r);
     }},
    {"a value is assigned over errors",
     [] {
         number r = nothing();
         r = seven();
         return is_seven(r);
     }},
    {"a copy is assigned",
     [] {
         const number from = seven();
         number r = nothing();
         r = from;
         return is_seven(r) && is_seven(from);
     }},
    {"a result is assigned to itself",
     [] {
         number r = seven();
         const number& same = r;
         r = same;
         return is_seven(r);
     }},
    {"errors are read one after the other",
     [] {
         config_errors list = one(origin_has_path);
         list.push_back({origin_empty, {"allow_origins", 3}, "", "is empty", "fill it"});
         const number r{std::move(list), {}};
         std::size_t indices = 0;
         for (const config_error& e : r.errors()) indices += e.index() == 3 ? 3U : 1U;
         return indices == 4 && r.errors().end() - r.errors().begin() == 2 && r.warnings().empty();
     }},
};

constexpr bool result_holds(const result_row& r) { return r.holds(); }

static_assert(support::every_row_holds<&result_rows, result_holds>());

TEST_CASE("a result is a value or errors, whatever is done with it") {
    for (const result_row& r : result_rows) {
        CAPTURE(r.about);
        CHECK(r.holds());
    }
}

TEST_CASE("the value of a result can be used in its place, and moved out") {
    corsac::result<std::string> r{std::string(40, 'a'), {}};
    CHECK(r->size() == 40);
    r->push_back('b');
    CHECK(std::as_const(r)->size() == 41);
    const char* const bytes = r->data();
    const std::string taken = *std::move(r);
    CHECK(taken.data() == bytes);
}

struct movable_only {
    constexpr explicit movable_only(int from) noexcept : value(from) {}
    movable_only(movable_only&&) = default;
    int value;
};

TEST_CASE("what can only be moved can be a result") {
    corsac::result<movable_only> r{movable_only{3}, {}};
    const corsac::result<movable_only> moved = std::move(r);
    REQUIRE(moved);
    CHECK(moved->value == 3);
}

static_assert(std::is_nothrow_move_constructible_v<number>);
static_assert(!std::is_convertible_v<number, bool>, "the test for a value is explicit");

}  // namespace

TEST_CASE("a message cuts short what is long, and never within a character") {
    const std::string entry =
        std::string(corsac::max_shown_entry_length - 1, 'a') + "é" + std::string(5000, 'b');
    const config_error e(origin_has_path, {"allow_origins", 0}, entry, "has a path",
                         "write \"" + entry + '"');
    CHECK(e.text() == entry);
    const std::string cut(corsac::max_shown_entry_length - 1, 'a');
    const std::string shown(e.message());
    CHECK(shown.starts_with("allow_origins[0]: \"" + cut + "…\" has a path; write \"a"));
    CHECK(shown.ends_with("a…"));
    CHECK(shown.size() < 2 * corsac::max_shown_entry_length + 100);
}
