// SPDX-License-Identifier: MIT

// Compiled with the headers that shrink.py writes. Each bound holds exactly at its edge: as much as
// it says passes, one more is refused and says why.

#include <corsac/corsac.hpp>
#include <corsac/decision/exposed_names.hpp>
#include <corsac/decision/kept_decision.hpp>
#include <corsac/detail/keyed_index.hpp>
#include <corsac/live/asked_origins.hpp>
#include <corsac/live/shadow_candidate.hpp>
#include <corsac/table/policy_table.hpp>

#include "origin/set_of.hpp"
#include "policy/build.hpp"
#include "support.hpp"
#include "table/tables.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

using corsac::config_code;
using corsac::outcome;
using corsac::policy_options;
using strings = std::vector<std::string>;

static_assert(corsac::max_host_length < 253, "the headers as they are, not those of shrink.py");

/// `count` texts, of which `text(i)` is one.
template <class Text>
strings several(std::size_t count, const Text& text) {
    strings all;
    for (std::size_t i = 0; i < count; ++i) all.push_back(text(i));
    return all;
}

/// `size` bytes.
std::string long_text(std::size_t size) { return std::string(size, 'a'); }

/// Options that a bound of what is configured is about.
struct option_row {
    const char* about;
    std::size_t bound;
    policy_options (*options)(std::size_t size);
    config_code code;
};

/// What the entries of a policy's own list may cost a request.
constexpr std::size_t room_in_list = corsac::max_look_ups - corsac::look_ups_of_list;

const option_row option_rows[] = {
    {"bytes of a host", corsac::max_host_length,
     [](std::size_t size) {
         return policy_options{.allow_origins = {"https://" + long_text(size - 2) + ".b"}};
     },
     config_code::origin_host_too_long},
    {"bytes of a scheme", corsac::max_scheme_length,
     [](std::size_t size) { return policy_options{.allow_origins = {long_text(size) + "://b"}}; },
     config_code::origin_scheme_malformed},
    {"places of a * in labels", room_in_list / corsac::look_ups_in_label,
     [](std::size_t count) {
         return policy_options{.allow_origins = several(count, [](std::size_t i) {
                                   return "https://" + long_text(i + 1) + "-*.own.example";
                               })};
     },
     config_code::origin_shapes_too_many},
    {"labels behind a *", corsac::max_pattern_labels,
     [](std::size_t count) {
         std::string entry = "https://*.own";
         for (std::size_t i = 1; i < count; ++i) entry += ".l";
         return policy_options{.allow_origins = {entry}};
     },
     config_code::origin_pattern_too_deep},
    {"networks", room_in_list,
     [](std::size_t count) {
         return policy_options{.allow_origins = several(count, [](std::size_t i) {
                                   return "http://10." + std::to_string(i) + ".0.0/16";
                               })};
     },
     config_code::networks_too_many},
    {"bytes of a method", corsac::max_requested_method_length,
     [](std::size_t size) {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_methods = {std::string(size, 'M')}};
     },
     config_code::method_malformed},
    {"bytes of a name in allow_headers", corsac::max_configured_name_length,
     [](std::size_t size) {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = {long_text(size)}};
     },
     config_code::header_name_malformed},
    {"bytes of a name in expose_headers", corsac::max_configured_name_length,
     [](std::size_t size) {
         return policy_options{.allow_origins = {"https://a.example"},
                               .expose_headers = {long_text(size)}};
     },
     config_code::header_name_malformed},
    {"prefixes of header names", corsac::max_header_prefixes,
     [](std::size_t count) {
         return policy_options{.allow_origins = {"https://a.example"},
                               .allow_headers = several(count, [](std::size_t i) {
                                   return "x" + std::to_string(i) + "-*";
                               })};
     },
     config_code::header_prefixes_too_many},
};

TEST_CASE("what is configured may reach its bound, and one more is its one mistake") {
    for (const option_row& r : option_rows) {
        CAPTURE(r.about);
        const auto fits = corsac::make_policy(r.options(r.bound));
        for (const corsac::config_error& e : fits.errors()) MESSAGE(e.message());
        CHECK(fits);
        const auto beyond = corsac::make_policy(r.options(r.bound + 1));
        REQUIRE(beyond.errors().size() == 1);
        CHECK((*beyond.errors().begin()).code() == r.code);
    }
}

/// Preflights that a bound of what is received is about; `*` in all lists.
struct preflight_row {
    const char* about;
    std::size_t bound;
    corsac::request_facts (*facts)(std::size_t size);
    outcome code;
};

corsac::request_facts preflight(std::string_view origin, std::string_view method,
                                const strings& lines) {
    corsac::request_facts facts{.method = "OPTIONS"};
    facts.add("origin", origin);
    facts.add("access-control-request-method", method);
    for (const std::string& line : lines) facts.add("access-control-request-headers", line);
    return facts;
}

/// What the facts of a row borrow.
strings kept;
std::string kept_text;

const preflight_row preflight_rows[] = {
    {"bytes of the method", corsac::max_requested_method_length,
     [](std::size_t size) {
         kept_text = std::string(size, 'M');
         return preflight("https://a.example", kept_text, {});
     },
     outcome::method_malformed},
    {"header names", corsac::max_requested_headers,
     [](std::size_t count) {
         kept = {"x"};
         for (std::size_t i = 1; i < count; ++i) kept[0] += ",x";
         return preflight("https://a.example", "PUT", kept);
     },
     outcome::header_list_too_long},
    {"bytes of header names, with what separates the lines", corsac::max_requested_headers_length,
     [](std::size_t size) {
         kept = {long_text(size - 1)};
         return preflight("https://a.example", "PUT", kept);
     },
     outcome::header_list_too_long},
    {"lines of header names, which are sent back", corsac::max_reflected_lines,
     [](std::size_t count) {
         kept = strings(count, "x");
         return preflight("https://a.example", "PUT", kept);
     },
     outcome::header_list_too_long},
    {"lines of header names, empty ones too", corsac::max_request_header_lines,
     [](std::size_t count) {
         kept = strings(count);
         return preflight("https://a.example", "PUT", kept);
     },
     outcome::header_list_too_long},
    {"bytes of the origin", corsac::max_origin_length,
     [](std::size_t size) {
         constexpr std::size_t rest = 3 + corsac::max_host_length + 6;
         kept_text = long_text(size - rest) + "://" + long_text(corsac::max_host_length) + ":12345";
         return preflight(kept_text, "PUT", {});
     },
     outcome::origin_too_long},
};

TEST_CASE("what is received may reach its bound, and one more is refused") {
    const corsac::policy any =
        support::build({.allow_origins = {"*", "https://a.example"},
                        .allow_methods = {"*"},
                        .allow_headers = {"*"},
                        .allow_credentials = true,
                        .dangerously_allow_any_origin_with_credentials = true,
                        .dangerously_allow_insecure_origins_with_credentials = true,
                        .dangerously_allow_public_suffixes_with_credentials = true,
                        .dangerously_allow_null_origin_with_credentials = true});
    for (const preflight_row& r : preflight_rows) {
        CAPTURE(r.about);
        CHECK(corsac::evaluate(any, r.facts(r.bound)).outcome() == outcome::allowed);
        CHECK(corsac::evaluate(any, r.facts(r.bound + 1)).outcome() == r.code);
    }
}

TEST_CASE("a host of a request may reach its bound") {
    const corsac::origin_set set = support::set_of({"https://*"});
    const auto origin = [](std::size_t size) { return "https://" + long_text(size); };
    CHECK_FALSE(set.match(origin(corsac::max_host_length), corsac::judged).empty());
    CHECK(set.match(origin(corsac::max_host_length + 1), corsac::judged).empty());

    const std::string host = long_text(corsac::max_host_length);
    const corsac::policy_table table = tables::routes({{"long", {host}, {}}, {"any", {}, {}}});
    CHECK(tables::found_route(table.find(host, "/", "GET")) == "long");
    CHECK(tables::found_route(table.find(host + "a", "/", "GET")) == "any");
}

TEST_CASE("a crowded table of texts takes other keys, and the last one as it is") {
    // All fall into one slot under the first two keys.
    strings texts;
    for (std::size_t i = 0; texts.size() < 4; ++i) {
        std::string text = std::to_string(i);
        const auto part = [&](std::uint32_t key) {
            return corsac::detail::hash_text(text, corsac::detail::hash_key(key)) >> 28;
        };
        if (part(0) == 0 && part(1) == 0) texts.push_back(std::move(text));
    }
    const auto made = corsac::detail::index_items(
        texts.size(),
        [&](std::uint32_t i, std::uint64_t key) {
            return corsac::detail::hash_text(texts[i], key);
        },
        [&](std::uint32_t i, std::uint32_t k) { return texts[i] == texts[k]; },
        [](std::uint32_t, std::uint32_t) { FAIL("repeated"); });
    CHECK(made.key == corsac::detail::hash_key(corsac::detail::max_hash_keys - 1));
    for (std::uint32_t i = 0; i < texts.size(); ++i) {
        CHECK(corsac::detail::find_number(
                  made.cells.data(), made.capacity, corsac::detail::hash_text(texts[i], made.key),
                  [&](std::uint32_t number) { return texts[number - 1] == texts[i]; }) == i + 1);
    }
}

TEST_CASE("an entry is shown up to its bound, and then cut") {
    const auto shown = [](std::size_t size) {
        const auto wrong = corsac::make_policy({.allow_origins = {long_text(size)}});
        REQUIRE(wrong.errors().size() == 1);
        const std::string message{(*wrong.errors().begin()).message()};
        return message.substr(0, message.find("\" ") + 1);
    };
    constexpr std::size_t bound = corsac::max_shown_entry_length;
    CHECK(shown(bound) == "allow_origins[0]: \"" + long_text(bound) + "\"");
    CHECK(shown(bound + 1) == "allow_origins[0]: \"" + long_text(bound) + "…\"");
}

TEST_CASE("names of a response are exposed as far as they fit") {
    constexpr std::size_t bound = corsac::max_exposed_names_length;
    corsac::exposed_names names;
    names.add("x-a");
    names.add(long_text(bound - 4));  // and a comma and a space
    CHECK(names.view() == "x-a");
    names.add(long_text(bound - 5));
    CHECK(names.view().size() == bound);
}

TEST_CASE("a decision is kept with the names that fit, and is refused with more") {
    const corsac::policy any = support::build({.allow_origins = {"https://*.own.example"},
                                               .allow_methods = {"*"},
                                               .allow_headers = {"*"}});
    const auto keep = [&](const std::string& names) {
        const std::string origin = "https://a.own.example", method = "PUT";
        return corsac::kept_decision{corsac::evaluate(any, preflight(origin, method, {names}))}
            .get()
            .outcome();
    };
    CHECK(keep(long_text(corsac::max_kept_headers_length)) == outcome::allowed);
    // An origin and a subject that are shorter than they may be leave room for more names, but
    // there are no more than those that are read.
    CHECK(keep(long_text(corsac::max_requested_headers_length - 1)) == outcome::allowed);
}

TEST_CASE("the last differences are kept, as many as the bound says") {
    const corsac::policy in_force = support::build({.allow_origins = {"*"}});
    const corsac::shadow_candidate candidate{tables::allows("https://a.example")};
    const support::request asked{"GET", {{{"Origin", "https://b.example"}}}};
    for (std::size_t i = 1; i <= corsac::max_shadow_sentences + 1; ++i) {
        candidate(corsac::evaluate(in_force, asked), asked);
        CHECK(candidate.last_differences().size() == std::min(i, corsac::max_shadow_sentences));
    }
}

TEST_CASE("a scope may reach its bound, and a longer one is not asked about") {
    int questions = 0;
    const corsac::asked_origins origins{[&](const corsac::origin_question&) {
        ++questions;
        return corsac::origin_verdict::allowed;
    }};
    const std::string scope = long_text(corsac::max_scope_length), longer = scope + "a";
    CHECK(origins.wait({"https://a.example", scope}) == corsac::origin_verdict::allowed);
    CHECK(origins.wait({"https://a.example", longer}) == corsac::origin_verdict::unknown);
    CHECK(questions == 1);
}

}  // namespace
