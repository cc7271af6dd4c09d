// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_PROVE_HPP
#define CORSAC_TESTS_PROOF_PROVE_HPP

#include "http_cache.hpp"
#include "properties.hpp"
#include "servers.hpp"
#include "space.hpp"

#include <corsac/testing/browser.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

// The enumeration: every case of the space, or every n-th one.

namespace proof {

/// The cases of one policy, as mixed-radix numbers; the sites are the leading digit.
struct space {
    std::vector<site> sites = all_sites();
    std::vector<call> calls = all_calls();
    std::vector<call> cacheable = cacheable_calls();
    std::vector<call> preflighted = preflighted_calls();
    std::vector<stranger> impossible = strangers();

    [[nodiscard]] std::size_t attempts() const {
        return page_count * calls.size() * variants().size();
    }
    /// Who fills the cache (the last one is a request without Origin), who is answered from it (no
    /// page whose `Origin` no browser sends: caching changes nothing for pages that do not exist),
    /// and the two ages of what is stored.
    [[nodiscard]] std::size_t cached_pairs() const {
        return (page_count * cacheable.size() + 1) * (page_count - 1) * cacheable.size() * 2;
    }
    [[nodiscard]] std::size_t sequences() const {
        return page_count * preflighted.size() * preflighted.size() * variants().size();
    }
};

/// How much of the space: every n-th case of each kind. A step that shares no factor with the sizes
/// meets every value of every dimension.
struct portion {
    std::size_t attempts = 1;
    std::size_t cached_pairs = 1;
    std::size_t sequences = 1;
    std::size_t strangers = 1;
};

inline constexpr portion everything{};

struct tally {
    std::uint64_t attempts = 0;
    std::uint64_t allowed = 0;  ///< of the attempts
    std::uint64_t cached_pairs = 0;
    std::uint64_t sequences = 0;
    std::uint64_t strangers = 0;
    std::vector<violation> violations{};  ///< the first of each property

    [[nodiscard]] bool has(property broken) const {
        return std::any_of(violations.begin(), violations.end(),
                           [&](const violation& v) { return v.broken == broken; });
    }
    void add(const violation& v) {
        if (!has(v.broken)) violations.push_back(v);
    }
    tally& operator+=(const tally& other) {
        attempts += other.attempts;
        allowed += other.allowed;
        cached_pairs += other.cached_pairs;
        sequences += other.sequences;
        strangers += other.strangers;
        for (const violation& v : other.violations) add(v);
        return *this;
    }
};

/// Cuts the last digit off a mixed-radix number.
[[nodiscard]] inline std::size_t take_digit(std::size_t& number, std::size_t radix) {
    const std::size_t digit = number % radix;
    number /= radix;
    return digit;
}

/// The proof for one policy and one server.
class prover {
public:
    prover(const space& all, std::size_t site_index, const server& answers)
        : all_(all), index_(site_index), site_(all.sites[site_index]), answers_(answers) {}

    [[nodiscard]] tally run(const portion& part) {
        each(part.attempts, all_.attempts(), [&](std::size_t i) { attempt_one(i); });
        each(part.strangers, all_.impossible.size(), [&](std::size_t i) { refuse_stranger(i); });
        each(part.cached_pairs, all_.cached_pairs(), [&](std::size_t i) { share_cache(i); });
        each(part.sequences, all_.sequences(), [&](std::size_t i) { follow(i); });
        return std::move(out_);
    }

private:
    /// Of `size` cases per site, those whose number among all sites is a multiple of `step`.
    template <class F>
    void each(std::size_t step, std::size_t size, F visit) {
        const std::size_t before = index_ * size % step;
        for (std::size_t i = before == 0 ? 0 : step - before; i < size; i += step) { visit(i); }
    }

    [[nodiscard]] attempt make(sim::browser& b, const page& from, const call& made) const {
        return make_attempt(b, from, made.fetch,
                            [&](const sim::request& r) { return answers_(site_, r); });
    }

    [[nodiscard]] attempt make(sim::browser& b, const page& from, const sim::fetch_options& fetch,
                               http_cache& cache) const {
        return make_attempt(b, from, fetch, [&](const sim::request& r) {
            return cache.answer(
                r, [&](const sim::request& missed) { return answers_(site_, missed); });
        });
    }

    void found(const violation& v, const page& from, const attempt& a) {
        if (!out_.has(v.broken)) out_.add(with_context(v, site_, from, a));
    }

    /// S, C, W, L and F.
    void attempt_one(std::size_t number) {
        const sim::quirks& variant = variants()[take_digit(number, variants().size())];
        const call& made = all_.calls[take_digit(number, all_.calls.size())];
        const page& from = pages[number];
        sim::browser b(from.url, variant);
        const attempt a = make(b, from, made);
        ++out_.attempts;
        out_.allowed += a.seen.allowed() ? 1U : 0U;
        if (const finding f = judge(site_, from, made, a)) found(*f, from, a);
    }

    /// L and F, for what no browser sends.
    void refuse_stranger(std::size_t number) {
        const stranger& who = all_.impossible[number];
        const exchange e{who.asked, answers_(site_, who.asked)};
        ++out_.strangers;
        finding f = judge_exchange(site_, e);
        // Who asks is all that is impossible about some of them.
        if (!f && intent::refuses(site_.options, e.asked) == intent::refusal::none &&
            !intent::is_for_everybody(site_.options)) {
            f = violation{property::silent, "the judge itself lets a stranger in"};
        }
        if (f)
            out_.add(
                {f->broken, std::string(who.about) + ", " + describe(*f, site_) + describe(e)});
    }

    /// K.
    void share_cache(std::size_t number) {
        const bool fresh = take_digit(number, 2) == 0;
        const call& made = all_.cacheable[take_digit(number, all_.cacheable.size())];
        std::size_t second = take_digit(number, page_count - 1);
        if (!pages[second].sends.empty()) second = page_count - 1;
        const page& from = pages[second];

        http_cache cache(fresh ? http_cache::stored_answers::are_fresh
                               : http_cache::stored_answers::are_stale);
        const std::size_t shape = take_digit(number, all_.cacheable.size());
        if (number < page_count) {
            sim::browser before(pages[number].url);
            (void)make(before, pages[number], all_.cacheable[shape].fetch, cache);
        } else {
            // An <img>, say: it carries no Origin.
            sim::browser before(pages[0].url);
            (void)make(before, pages[0],
                       {.url = std::string(api), .mode = sim::request_mode::no_cors}, cache);
        }
        sim::browser b(from.url);
        const attempt a = make(b, from, made.fetch, cache);
        ++out_.cached_pairs;
        if (const finding f = judge_verdict(site_, from, made, a)) {
            found({property::http_cache, f->what}, from, a);
        }
    }

    /// P.
    void follow(std::size_t number) {
        const std::size_t count = all_.preflighted.size();
        const sim::quirks& variant = variants()[take_digit(number, variants().size())];
        const std::size_t second = take_digit(number, count);
        const std::size_t first = take_digit(number, count);
        const page& from = pages[number];
        const call& made = all_.preflighted[second];
        sim::browser b(from.url, variant);
        (void)make(b, from, all_.preflighted[first]);
        const attempt a = make(b, from, made);
        ++out_.sequences;
        if (const finding f = judge(site_, from, made, a)) {
            found({property::remembered, f->what}, from, a);
        } else if (first == second && a.seen.allowed()) {
            remember(b, from, made, a);
        }
    }

    /// The preflight cache does its work: the same call needs no second preflight until the
    /// policy's max-age, or the five seconds of the standard, are over.
    void remember(sim::browser& b, const page& from, const call& made, const attempt& again) {
        const std::int64_t age = site_.options.max_age.value_or(sim::default_max_age) * 1000;
        b.wait(age - 1);
        const attempt just_before = make(b, from, made);
        b.wait(1);
        const attempt just_after = make(b, from, made);
        if (again.seen.preflights() != 0 || just_before.seen.preflights() != 0) {
            found({property::remembered, "asks again too early"}, from, just_before);
        } else if (just_after.seen.preflights() != 1) {
            found({property::remembered, "does not ask again"}, from, just_after);
        }
    }

    const space& all_;
    std::size_t index_;
    const site& site_;
    const server& answers_;
    tally out_{};
};

/// The proof for every policy, one after the other.
[[nodiscard]] inline tally prove(const space& all, const server& answers, const portion& part) {
    tally total;
    for (std::size_t i = 0; i < all.sites.size(); ++i) total += prover(all, i, answers).run(part);
    return total;
}

/// The same until a policy has a violation. Neighbours have much in common, so it jumps about: 277
/// shares no factor with 720.
[[nodiscard]] inline tally refute(const space& all, const server& answers, const portion& part) {
    tally total;
    for (std::size_t i = 0; i < all.sites.size() && total.violations.empty(); ++i) {
        total += prover(all, i * 277 % all.sites.size(), answers).run(part);
    }
    return total;
}

}  // namespace proof

#endif
