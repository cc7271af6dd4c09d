// SPDX-License-Identifier: MIT
#include <corsac/live/counters.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <thread>
#include <type_traits>
#include <vector>

namespace {

using corsac::counters;
using corsac::outcome;

static_assert(std::is_nothrow_copy_constructible_v<corsac::decision_counter>);
static_assert(
    std::is_nothrow_invocable_v<const corsac::decision_counter&, const corsac::decision&>);

corsac::decision decide(const corsac::policy& p, std::string_view origin) {
    return corsac::evaluate(p, support::request{"GET", {{{"Origin", origin}}}});
}

TEST_CASE("every decision is counted under its policy's name and its outcome") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example"}});
    counters all;
    const corsac::decision_counter api = all.of("api");
    const corsac::decision_counter pages = all.of("pages");
    const corsac::decision_counter same = all.of("api");
    for (const auto& count : {api, same, pages}) count(decide(*built, "https://a.example"));
    api(decide(*built, "https://b.example"));
    api(decide(*built, "null"));
    CHECK(all.count("api", outcome::allowed) == 2);
    CHECK(all.count("pages", outcome::allowed) == 1);
    CHECK(all.count("api", outcome::origin_not_allowed) == 1);
    CHECK(all.count("api", outcome::null_origin_not_allowed) == 1);
    CHECK(all.count("pages", outcome::origin_not_allowed) == 0);
    CHECK(all.count("another", outcome::allowed) == 0);
    CHECK(all.count_in_shadow("api", outcome::allowed) == 0);
}

TEST_CASE("what a policy in shadow decides is counted apart") {
    const auto built =
        corsac::make_policy({.allow_origins = {"https://a.example"}, .shadow = true});
    counters all;
    const auto count = all.of("api");
    count(decide(*built, "https://a.example"));
    count(decide(*built, "https://b.example"));
    CHECK(all.count("api", outcome::allowed) == 0);
    CHECK(all.count_in_shadow("api", outcome::allowed) == 1);
    CHECK(all.count_in_shadow("api", outcome::origin_not_allowed) == 1);
    const std::string text = all.prometheus();
    CHECK(text.find("{policy=\"api\",outcome=\"allowed\"} 0\n") != std::string::npos);
    CHECK(text.find("{policy=\"api\",outcome=\"allowed\",shadow=\"true\"} 1\n") !=
          std::string::npos);
    CHECK(text.find("no_policy\",shadow") == std::string::npos);
}

TEST_CASE("a counter outlives the handle it came from") {
    const auto count = counters{}.of("api");
    count(corsac::decision{});
    CHECK(counters{}.count("api", outcome::no_policy) == 0);
}

TEST_CASE("the text for Prometheus begins with what the metric is and has every outcome once") {
    counters all;
    CHECK(all.prometheus() ==
          "# HELP corsac_decisions_total Decisions on requests, by policy and outcome.\n"
          "# TYPE corsac_decisions_total counter\n");
    const auto count = all.of("api");
    count(corsac::decision{});
    std::vector<std::string> lines;
    all.write_prometheus([&](std::string_view line) { lines.emplace_back(line); });
    REQUIRE(lines.size() == 2 + corsac::detail::outcome_count);
    CHECK(lines[2] == "corsac_decisions_total{policy=\"api\",outcome=\"no_policy\"} 1\n");
    CHECK(lines[4] == "corsac_decisions_total{policy=\"api\",outcome=\"allowed\"} 0\n");
    CHECK(lines.back() ==
          "corsac_decisions_total{policy=\"api\",outcome=\"header_list_too_long\"} 0\n");
}

TEST_CASE("no origin is ever a label") {
    const auto built = corsac::make_policy({.allow_origins = {"https://a.example"}});
    counters all;
    const auto count = all.of("api");
    count(decide(*built, "https://a.example"));
    count(decide(*built, "https://stranger.example"));
    CHECK(all.prometheus().find("example") == std::string::npos);
}

struct label_row {
    const char* about;
    std::string_view name;
    std::string_view written;
};

const label_row label_rows[] = {
    {"nothing to escape", "api", "api"},
    {"empty", "", ""},
    {"a quote", "a\"b", "a\\\"b"},
    {"a backslash", "a\\n", "a\\\\n"},
    {"a line feed", "a\nb", "a\\nb"},
    {"other languages stay", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa6\x8a",
     "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\xa6\x8a"},
    {"a byte of no UTF-8",
     "a\xff"
     "b",
     "a\xef\xbf\xbd"
     "b"},
    {"half a character", "a\xc3", "a\xef\xbf\xbd"},
    {"an overlong form", "\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
    {"a surrogate", "\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    {"beyond Unicode", "\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
};

struct utf8_row {
    std::string_view bytes;
    std::size_t length;  ///< of the character that they begin with
};

/// The borders of each row of the table in https://www.rfc-editor.org/rfc/rfc3629#section-4
constexpr utf8_row utf8_rows[] = {
    {"", 0},
    {"\x7f", 1},
    {"\x80", 0},
    {"\xbf", 0},
    {"\xc1\xbf", 0},
    {"\xc2\x7f", 0},
    {"\xc2\x80", 2},
    {"\xdf\xbf", 2},
    {"\xdf\xc0", 0},
    {"\xdf", 0},
    {"\xe0\x9f\xbf", 0},
    {"\xe0\xa0\x80", 3},
    {"\xe0\xbf\xbf", 3},
    {"\xe0\xc0\x80", 0},
    {"\xe1\x7f\x80", 0},
    {"\xe1\x80\x80", 3},
    {"\xe1\x80\x7f", 0},
    {"\xe1\x80\xc0", 0},
    {"\xe1\x80", 0},
    {"\xec\xbf\xbf", 3},
    {"\xed\x80\x80", 3},
    {"\xed\x9f\xbf", 3},
    {"\xed\xa0\x80", 0},
    {"\xee\x80\x80", 3},
    {"\xef\xbf\xbf", 3},
    {"\xf0\x8f\xbf\xbf", 0},
    {"\xf0\x90\x80\x80", 4},
    {"\xf0\xbf\xbf\xbf", 4},
    {"\xf1\x80\x80\x80", 4},
    {"\xf1\x80\x80\x7f", 0},
    {"\xf1\x80\x80\xc0", 0},
    {"\xf3\xbf\xbf\xbf", 4},
    {"\xf4\x80\x80\x80", 4},
    {"\xf4\x8f\xbf\xbf", 4},
    {"\xf4\x90\x80\x80", 0},
    {"\xf5\x80\x80\x80", 0},
};

constexpr bool has_length(const utf8_row& r) {
    return corsac::detail::utf8_length(r.bytes) == r.length &&
           (r.length == 0 || corsac::detail::utf8_length(r.bytes.substr(0, r.length - 1)) == 0);
}
static_assert(support::every_row_holds<&utf8_rows, has_length>());

TEST_CASE("a character of UTF-8 has its length, what is none has none") {
    for (const utf8_row& r : utf8_rows) {
        CAPTURE(r.bytes);
        CHECK(has_length(r));
    }
}

TEST_CASE("a policy's name is escaped as the format says") {
    for (const label_row& r : label_rows) {
        CAPTURE(r.about);
        counters all;
        (void)all.of(r.name);
        const std::string expected =
            "{policy=\"" + std::string{r.written} + "\",outcome=\"allowed\"} 0\n";
        CHECK(all.prometheus().find(expected) != std::string::npos);
    }
}

TEST_CASE("no count is lost, with fewer threads than shards and with more, or one after another") {
    for (const unsigned threads : {4U, corsac::detail::exclusive_shards + 20U}) {
        CAPTURE(threads);
        counters all;
        const auto count = all.of("api");
        for (int round = 0; round < 2; ++round) {
            std::vector<std::thread> counting;
            for (unsigned i = 0; i < threads; ++i) {
                counting.emplace_back([&] {
                    for (int n = 0; n < 1000; ++n) count(corsac::decision{});
                });
            }
            for (std::thread& thread : counting) thread.join();
        }
        CHECK(all.count("api", outcome::no_policy) == std::uint64_t{2000} * threads);
    }
}

TEST_CASE("threads that share a shard lose no count") {
    counters all;
    const auto count = all.of("api");
    std::vector<std::thread> counting;
    for (int i = 0; i < 4; ++i) {
        counting.emplace_back([&] {
            corsac::detail::my_shard = corsac::detail::exclusive_shards;
            for (int n = 0; n < 20'000; ++n) count(corsac::decision{});
        });
    }
    for (std::thread& thread : counting) thread.join();
    CHECK(all.count("api", outcome::no_policy) == 80'000);
}

}  // namespace
