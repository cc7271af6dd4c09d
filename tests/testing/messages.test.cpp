// SPDX-License-Identifier: MIT
#include <corsac/testing/messages.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace sim = corsac::testing;

struct value_row {
    const char* about;
    sim::header_list headers;
    std::optional<std::string> expected;
};

const value_row values[] = {
    {"no line", {{"X-Ab", "1"}, {"A", "2"}}, std::nullopt},
    {"one line", {{"X-A", "1"}}, "1"},
    {"a name in another case", {{"x-a", "1"}}, "1"},
    {"several lines are joined, in their order",
     {{"X-A", "b"}, {"X-B", "2"}, {"x-A", "a"}},
     "b, a"},
    {"white space around a value is none of it", {{"X-A", " \tb c\t"}}, "b c"},
    {"an empty line is there", {{"X-A", ""}}, ""},
    {"and joined as such", {{"X-A", ""}, {"X-A", "1"}, {"X-A", " "}}, ", 1, "},
};

struct token_row {
    const char* about;
    sim::header_list headers;
    bool present;
    std::vector<std::string> tokens;
    std::optional<std::string> bad;
    std::size_t before_bad = 0;
};

const token_row lists[] = {
    {"no line", {{"X-B", "a"}}, false, {}, std::nullopt},
    {"an empty line", {{"X-A", ""}}, true, {}, std::nullopt},
    {"one token", {{"X-A", "PUT"}}, true, {"PUT"}, std::nullopt},
    {"several, with white space and empty elements",
     {{"X-A", " a,,\tb , ,c,"}},
     true,
     {"a", "b", "c"},
     std::nullopt},
    {"on several lines", {{"X-A", "a, b"}, {"x-a", "c"}}, true, {"a", "b", "c"}, std::nullopt},
    {"repetitions and letter case stay", {{"X-A", "a, A, a"}}, true, {"a", "A", "a"}, std::nullopt},
    {"what is no token", {{"X-A", "a, b c, d"}}, true, {"a", "d"}, "b c", 1},
    {"the first one that is none", {{"X-A", "b c"}, {"X-A", "(d)"}}, true, {}, "b c"},
    {"and what comes before it, on other lines, too",
     {{"X-A", "a,b"}, {"X-A", "c, (d), e"}, {"X-A", "(f), g"}},
     true,
     {"a", "b", "c", "e", "g"},
     "(d)",
     3},
};

}  // namespace

TEST_CASE("a header's value is that of all of its lines") {
    for (const value_row& r : values) {
        CAPTURE(r.about);
        CHECK(sim::detail::get(r.headers, "X-A") == r.expected);
    }
}

TEST_CASE("a request shows the first line of a name as it is") {
    const sim::request r{.headers = {{"x-a", " 1 "}, {"X-A", "2"}, {"X-B", ""}}};
    CHECK(r.first("X-A") == std::optional<std::string_view>{" 1 "});
    CHECK(r.first("x-b") == std::optional<std::string_view>{""});
    CHECK_FALSE(r.first("X-C").has_value());
    CHECK(sim::detail::count(r.headers, "X-a") == 2);
    CHECK(sim::detail::count(r.headers, "X-C") == 0);
}

TEST_CASE("a list of tokens is read as the standard extracts header list values") {
    for (const token_row& r : lists) {
        CAPTURE(r.about);
        const auto read = sim::detail::extract_tokens(r.headers, "X-A");
        CHECK(read.present == r.present);
        CHECK(read.tokens == r.tokens);
        CHECK(read.bad == r.bad);
        if (r.bad) CHECK(read.before_bad == r.before_bad);
    }
    const auto read = sim::detail::extract_tokens({{"X-A", "a, B"}}, "X-A");
    CHECK(read.has("B"));
    CHECK_FALSE(read.has("b"));
    CHECK(read.has_ignore_case("b"));
    CHECK_FALSE(read.has_ignore_case("c"));
}
