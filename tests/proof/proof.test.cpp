// SPDX-License-Identifier: MIT
#include "prove.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <numeric>
#include <set>
#include <utility>

namespace {

using namespace proof;

/// Steps that share no factor with the sizes of the space.
constexpr portion every_day{.attempts = 607, .cached_pairs = 701, .sequences = 709, .strangers = 5};

/// One policy after the other; a violation ends it.
tally prove_and_report(const portion& part) {
    const tally proved = prove(space{}, faithful, part);
    for (const violation& v : proved.violations) { FAIL_CHECK(letter(v.broken) << ": " << v.what); }
    return proved;
}

TEST_CASE("the space has the size that the proof speaks of") {
    const space all;
    CHECK(all.sites.size() == 720);
    CHECK(page_count == 7);
    CHECK(all.calls.size() == 540);
    CHECK(variants().size() == 2);
    CHECK(all.sites.size() * all.attempts() == 5'443'200);
    CHECK(all.sites.size() * all.cached_pairs() == 2'229'120);
    CHECK(all.sites.size() * all.sequences() == 3'265'920);
    CHECK(all.sites.size() * all.impossible.size() == 30'240);
}

TEST_CASE("the portion for every day meets every policy, page, request and variant") {
    const space all;
    const std::size_t size = all.attempts();
    CHECK(std::gcd(every_day.attempts, all.sites.size() * size) == 1);
    CHECK(std::gcd(every_day.cached_pairs, all.sites.size() * all.cached_pairs()) == 1);
    CHECK(std::gcd(every_day.sequences, all.sites.size() * all.sequences()) == 1);
    // As many cases as a policy has, each with another number.
    CHECK(all.sites.size() * all.cached_pairs() / every_day.cached_pairs >= all.cached_pairs());
    CHECK(all.sites.size() * all.sequences() / every_day.sequences >= all.sequences());
    std::set<std::pair<std::size_t, std::size_t>> policy_and_page;
    std::set<std::pair<std::size_t, std::size_t>> page_and_call;
    for (std::size_t i = 0; i < all.sites.size() * size; i += every_day.attempts) {
        std::size_t number = i;
        const std::size_t variant = take_digit(number, variants().size());
        const std::size_t call = take_digit(number, all.calls.size());
        const std::size_t page = take_digit(number, page_count);
        policy_and_page.emplace(number, page);
        page_and_call.emplace(page, call * variants().size() + variant);
    }
    CHECK(policy_and_page.size() == 720 * 7);
    CHECK(page_and_call.size() == 7 * 540 * 2);
}

TEST_CASE("corsac is sound, complete, silent in refusal and safe to cache") {
    const tally proved = prove_and_report(every_day);
    CHECK(proved.attempts == 5'443'200 / every_day.attempts + 1);
    CHECK(proved.allowed > proved.attempts / 20);
    MESSAGE(proved.attempts << " attempts (" << proved.allowed << " allowed), " << proved.strangers
                            << " strangers, " << proved.cached_pairs << " pairs through a cache, "
                            << proved.sequences << " sequences");
}

}  // namespace
