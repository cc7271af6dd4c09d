// SPDX-License-Identifier: MIT
#include "random.hpp"

#include "http_cache.hpp"
#include "properties.hpp"
#include "servers.hpp"
#include "space.hpp"

#include <corsac/testing/browser.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace proof;

/// A longer run: CORSAC_PROOF_ROUNDS=100 tries a hundred times as many policies.
std::size_t rounds() {
    const char* const text = std::getenv("CORSAC_PROOF_ROUNDS");
    const long number = text == nullptr ? 1 : std::strtol(text, nullptr, 10);
    return number < 1 ? 1 : static_cast<std::size_t>(number);
}

/// Calls `test(d, site)` for that many policies, until one of them fails.
template <class Test>
void for_random_sites(std::uint32_t seed, std::size_t count, Test test) {
    dice d(seed);
    for (std::size_t i = 0; i < count * rounds(); ++i) {
        const corsac::policy_options options = random_options(d);
        corsac::result<corsac::policy> built = corsac::make_policy(options);
        REQUIRE_MESSAGE(built, describe(options));
        const site s{options, *std::move(built)};
        if (const finding f = test(d, s)) {
            FAIL("policy " << i << ": " << letter(f->broken) << ": " << f->what);
        }
    }
}

/// S and C for a request by itself: the origin is named exactly where nothing is refused, and what
/// was asked for is listed.
finding judge_alone(const site& s, const exchange& e) {
    if (finding f = judge_exchange(s, e)) return f;
    const intent::refusal refused = intent::refuses(s.options, e.asked);
    const bool granted = !lines_of(e.answered.headers, "access-control-allow-origin").empty();
    if (refused == intent::refusal::none && !granted) {
        return violation{property::complete, "refused, although nothing is wrong"};
    }
    const intent::texts method = lines_of(e.asked.headers, "access-control-request-method");
    if (refused != intent::refusal::none || method.empty()) return {};
    const auto listed = [&](std::string_view name, std::string_view item) {
        for (const std::string& line : lines_of(e.answered.headers, name)) {
            for (const std::string& element : intent::split(line, ',')) {
                if (intent::trimmed(element) == item) return true;
                const bool any_case = name == "access-control-allow-headers";
                if (any_case && intent::lower(intent::trimmed(element)) == item) return true;
            }
        }
        return false;
    };
    if (!intent::needs_no_permission(method[0]) &&
        !listed("access-control-allow-methods", method[0])) {
        return violation{property::complete, "the method is not listed"};
    }
    for (const std::string& line : lines_of(e.asked.headers, "access-control-request-headers")) {
        for (const std::string& element : intent::split(line, ',')) {
            const std::string name = intent::lower(intent::trimmed(element));
            if (name.empty() || listed("access-control-allow-headers", name)) continue;
            return violation{property::complete, name + " is not listed"};
        }
    }
    return {};
}

TEST_CASE("random patterns match the origins that they mean, and no others") {
    std::size_t allowed = 0;
    std::size_t refused = 0;
    for_random_sites(1, 300, [&](dice& d, const site& s) -> finding {
        for (int i = 0; i < 40; ++i) {
            const sim::request asked{.method = "GET",
                                     .url = std::string(api),
                                     .headers = {{"Origin", random_origin(d, s.options)}},
                                     .body = {}};
            const exchange e{asked, faithful(s, asked)};
            (has_cors_fields(e.answered) ? allowed : refused) += 1;
            if (const finding f = judge_alone(s, e)) {
                return violation{f->broken, f->what + "\n" + describe(s.options) + describe(e)};
            }
            const std::string& origin = asked.headers[0].value;
            // Asked by itself, even `*` is for origins only.
            const bool meant =
                intent::is_sent_by_browsers(origin) && intent::allows_origin(s.options, origin);
            if (s.policy.allows_origin(origin) != meant) {
                return violation{property::sound, "allows_origin is wrong about " + origin};
            }
        }
        return {};
    });
    MESSAGE(allowed << " allowed, " << refused << " refused");
    CHECK(allowed > 3000);
    CHECK(refused > 3000);
}

TEST_CASE("an origin that shares no more than a hash with a listed one is refused") {
    // Sets of origins keep 32 bits of a hash. Of this many pairs, several agree in any 32 bits.
    constexpr std::size_t listed = 40'000;
    constexpr std::size_t tried = 700'000;
    dice d(5);
    const auto random_host = [&d](char first) {
        std::string origin = "https://_aaaaaaaaa.example";
        origin[8] = first;
        for (std::size_t i = 9; i < 18; ++i) origin[i] = intent::letters_and_digits[d.below(26)];
        return origin;
    };
    corsac::policy_options options;
    for (std::size_t i = 0; i < listed; ++i) options.allow_origins.push_back(random_host('a'));
    const corsac::result<corsac::policy> built = corsac::make_policy(options);
    REQUIRE(built);
    std::size_t allowed = 0;
    for (std::size_t i = 0; i < tried; ++i) {
        allowed += (*built).allows_origin(random_host('b')) ? 1U : 0U;
    }
    CHECK(allowed == 0);
    CHECK((*built).allows_origin(options.allow_origins[listed - 1]));
}

TEST_CASE(
    "random preflights are granted exactly where the policy means it, however they are written") {
    std::size_t granted = 0;
    for_random_sites(2, 300, [&](dice& d, const site& s) -> finding {
        for (int i = 0; i < 20; ++i) {
            const sim::request asked = random_preflight(d, s.options);
            const exchange e{asked, faithful(s, asked)};
            granted += has_cors_fields(e.answered) ? 1U : 0U;
            if (const finding f = judge_alone(s, e)) {
                return violation{f->broken, f->what + "\n" + describe(s.options) + describe(e)};
            }
        }
        return {};
    });
    MESSAGE(granted << " granted");
    CHECK(granted > 500);
}

TEST_CASE("random calls get the verdict that the policy means, also through the preflight cache") {
    static const std::array<sim::quirks, 4> browsers = {
        sim::quirks::standard, variants()[1], sim::quirks::chromium, sim::quirks::firefox};
    std::size_t allowed = 0;
    std::size_t without_preflight = 0;
    for_random_sites(3, 250, [&](dice& d, const site& s) -> finding {
        for (const sim::quirks& quirks : browsers) {
            const std::string origin = random_page(d, s.options);
            const page from{"a random page", origin};
            sim::browser b(from.url, quirks);
            call made;
            for (int i = 0; i < 6; ++i) {
                if (i % 2 == 0 || d.percent(50)) made = random_call(d, quirks);
                const attempt a = make_attempt(
                    b, from, made.fetch, [&](const sim::request& r) { return faithful(s, r); });
                if (a.seen.allowed()) {
                    ++allowed;
                    without_preflight += made.preflighted && a.seen.preflights() == 0 ? 1U : 0U;
                }
                if (const finding f = judge(s, from, made, a)) {
                    return with_context(*f, s, from, a);
                }
                constexpr std::array<std::int64_t, 4> waits = {0, 0, 3000, 600'000};
                b.wait(d.pick(waits));
            }
        }
        return {};
    });
    MESSAGE(allowed << " allowed, " << without_preflight
                    << " of them thanks to an earlier preflight");
    CHECK(allowed > 500);
    CHECK(without_preflight > 30);
}

TEST_CASE("random requests do not spoil a shared HTTP cache for anybody") {
    std::size_t allowed = 0;
    for_random_sites(4, 200, [&](dice& d, const site& s) -> finding {
        for (const auto age :
             {http_cache::stored_answers::are_fresh, http_cache::stored_answers::are_stale}) {
            http_cache cache(age);
            const auto through_cache = [&](const sim::request& r) {
                return cache.answer(r, [&](const sim::request& m) { return faithful(s, m); });
            };
            for (int i = 0; i < 6; ++i) {
                const std::string origin = random_page(d, s.options);
                const page from{"a random page", origin};
                sim::browser b(from.url);
                const call made = random_call(d, sim::quirks::standard);
                const attempt a = make_attempt(b, from, made.fetch, through_cache);
                allowed += a.seen.allowed() ? 1U : 0U;
                if (const finding f = judge_verdict(s, from, made, a)) {
                    return with_context({property::http_cache, f->what}, s, from, a);
                }
                // Somebody without a browser, and somebody without an Origin.
                sim::request other = random_preflight(d, s.options);
                (void)through_cache(other);
                other.method = "GET";
                if (d.percent(30)) other.headers.clear();
                (void)through_cache(other);
            }
        }
        return {};
    });
    CHECK(allowed > 200);
}

}  // namespace
