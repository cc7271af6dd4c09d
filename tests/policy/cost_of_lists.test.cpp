// SPDX-License-Identifier: MIT
#include <corsac/config_code.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/live/shared_origins.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/static_policy.hpp>
#include <corsac/table/dynamic_policy.hpp>
#include <corsac/text_list.hpp>

#include "origin/set_of.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string_view>
#include <utility>

// What all that lets origins into one policy may cost a request together.

namespace {

using corsac::any_of;
using corsac::make_policy;
using support::set_of;

/// An origin, and as many places of a `*` inside a label.
constexpr corsac::text_list list_with(std::size_t places) {
    corsac::text_list entries{"https://a.example"};
    corsac::detail::text pattern{"https://"};
    for (std::size_t i = 0; i < places; ++i) {
        pattern.append('a');
        corsac::detail::text entry{pattern.view()};
        entries.push_back(entry.append("-*.a.example").view());
    }
    return entries;
}
constexpr corsac::origin_set set_with(std::size_t places) { return set_of(list_with(places)); }

corsac::shared_origin_matcher shared_with(corsac::text_list entries) {
    return corsac::make_shared_origins({.allow_origins = std::move(entries)})->matcher();
}

/// What is said of the cost, which is said once: a code and a text. Nothing if it is built.
template <class Matcher>
constexpr corsac::detail::text said_of(const corsac::text_list& own, const Matcher& matcher) {
    const auto built = make_policy({.allow_origins = own, .allow_credentials = true}, matcher);
    corsac::detail::text said;
    for (const auto& error : built.errors()) {
        said.append(corsac::name_of(error.code())).append(' ').append(error.field());
        if (!error.text().empty()) said.append(' ').append(error.text());
    }
    return said;
}

constexpr std::size_t most_places =
    (corsac::max_look_ups - corsac::look_ups_of_list) / corsac::look_ups_in_label;
constexpr std::size_t most_beside =
    (corsac::max_look_ups - 2 * corsac::look_ups_of_list) / corsac::look_ups_in_label;

constexpr bool a_set_is_counted_with_the_list() {
    return said_of(list_with(most_beside), set_with(0)).empty() &&
           said_of(list_with(most_beside), set_with(1)).view() ==
               "origin_shapes_too_many matcher https://a-*.a.example";
}
static_assert(a_set_is_counted_with_the_list());

TEST_CASE("a set that is a matcher is counted with the policy's own list") {
    CHECK(a_set_is_counted_with_the_list());
    CHECK(said_of({}, set_with(most_places)).empty());
    CHECK(said_of({"https://b.example"}, set_with(most_beside)).empty());
    CHECK(said_of({"https://b.example"}, set_with(most_beside + 1)).view() ==
          "origin_shapes_too_many matcher https://aaaaaaaaaaaaaaaaaaaaa-*.a.example");
    const auto own = list_with(most_beside);
    CHECK(said_of(own, set_of({"https://b.example", "https://*.b.example"})).view() ==
          "origin_shapes_too_many matcher https://*.b.example");
    CHECK(said_of(own, set_of({"https://127.0.0.0/8"})).view() ==
          "networks_too_many matcher https://127.0.0.0/8");
}

constexpr bool lists_are_few() {
    const auto few = set_with(0);
    return said_of(list_with(0), any_of{few, any_of{few, few}}).empty() &&
           said_of(list_with(0), any_of{few, any_of{few, any_of{few, few}}}).view() ==
               "matchers_too_many matcher" &&
           said_of({}, any_of{few, any_of{few, any_of{few, few}}}).empty() &&
           said_of(list_with(0), any_of{set_of({}), any_of{few, any_of{few, few}}}).empty();
}
static_assert(lists_are_few());

TEST_CASE("a policy takes few lists, of which empty ones are none") { CHECK(lists_are_few()); }

TEST_CASE("a set whose every byte is a constant is counted, too") {
    static constexpr auto policy = corsac::static_policy(
        [] { return corsac::policy_options{.allow_origins = list_with(most_beside)}; });
    CHECK(said_of({"https://b.example"}, policy.origins()).empty());
    CHECK(said_of({"https://b-*.example.com"}, policy.origins()).view() ==
          "origin_shapes_too_many matcher https://aaaaaaaaaaaaaaaaaaaa-*.a.example");
}

TEST_CASE("a shared list counts as the dearest that it may become") {
    const auto empty = shared_with({});
    CHECK(said_of({}, empty).empty());
    CHECK(said_of({"https://b.example"}, any_of{empty, empty}).empty());
    CHECK(said_of({"https://*.b.example"}, any_of{empty, empty}).view() ==
          "matchers_too_many matcher");
    CHECK(said_of({}, any_of{empty, any_of{empty, empty}}).view() == "matchers_too_many matcher");
    constexpr std::size_t beside =
        (corsac::max_look_ups - corsac::look_ups_of_list - corsac::look_ups_of_shared_list) /
        corsac::look_ups_in_label;
    CHECK(said_of(list_with(beside), empty).empty());
    CHECK(said_of(list_with(beside + 1), empty).view() == "matchers_too_many matcher");
}

TEST_CASE("a shared list, the first and every later one, stays within what it counts as") {
    constexpr std::size_t most =
        (corsac::look_ups_of_shared_list - corsac::look_ups_of_list) / corsac::look_ups_in_label;
    CHECK_FALSE(corsac::make_shared_origins({.allow_origins = list_with(most + 1)}));
    auto shared = corsac::make_shared_origins({.allow_origins = list_with(most)});
    REQUIRE(shared);
    const auto policy = make_policy({}, shared->matcher());
    const auto mistakes = shared->replace(list_with(most + 1));
    REQUIRE(mistakes.size() == 1);
    CHECK(mistakes[0].code() == corsac::config_code::origin_shapes_too_many);
    CHECK(mistakes[0].field() == "allow_origins");
    CHECK(mistakes[0].index() == most + 1);
    CHECK(shared->replace(list_with(0)).empty());
    CHECK(policy->origins().second.look_ups() == corsac::look_ups_of_shared_list);
}

TEST_CASE("lists whose type is forgotten are counted as before") {
    const auto few = set_with(0);
    const auto two = make_policy({.allow_origins = list_with(0)}, few);
    const corsac::dynamic_policy forgotten = corsac::make_dynamic(*two);
    CHECK(forgotten.origins().look_ups() == 2 * corsac::look_ups_of_list);
    CHECK(make_policy({}, any_of{forgotten.origins(), forgotten.origins()}));
    const auto five = make_policy({.allow_origins = list_with(0)},
                                  any_of{forgotten.origins(), forgotten.origins()});
    REQUIRE(five.errors().size() == 1);
    CHECK(five.errors()[0].code() == corsac::config_code::matchers_too_many);
    CHECK(five.errors()[0].message().find("join lists") != std::string_view::npos);
}

TEST_CASE("matchers of the caller's count as they say, or as one look-up") {
    struct dear {
        [[nodiscard]] std::string_view match(std::string_view) const noexcept { return {}; }
        [[nodiscard]] std::size_t look_ups() const noexcept { return corsac::max_look_ups; }
    };
    const auto no = corsac::origin_if{[](std::string_view) { return false; }};
    CHECK(said_of({}, dear{}).empty());
    CHECK(said_of(list_with(0), dear{}).view() == "matchers_too_many matcher");
    CHECK(said_of({}, any_of{no, dear{}}).view() == "matchers_too_many matcher");
    CHECK(said_of(list_with(most_places - 1), any_of{no, no}).empty());
    CHECK(said_of(list_with(most_places), no).view() == "matchers_too_many matcher");
}

}  // namespace
