// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_WAYS_ALL_HPP
#define CORSAC_BENCH_WAYS_ALL_HPP

#include "../rows.hpp"
#include "by_hand.hpp"
#include "corsac.hpp"
#include "middleware.hpp"
#include "origins.hpp"

#include <corsac/policy/static_policy.hpp>

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace bench {

/// One way to answer requests of a kind.
template <class Kind>
struct way {
    const char* name;
    std::function<void(const typename Kind::request&, typename Kind::response&)> answer;
};

/// A way that has state, such as lists.
template <class Kind, class Answer>
way<Kind> way_of(const char* name, std::shared_ptr<const Answer> answer) {
    return {name, [answer](const auto& request, auto& out) { (*answer)(request, out); }};
}

/// No CORS at all: what every other way adds to is measured by itself.
template <class Kind>
way<Kind> base() {
    return {"base", answer_without_cors<typename Kind::request, typename Kind::response>};
}

/// A policy that is made at run time.
template <class Kind>
way<Kind> with_policy(origins who) {
    return {"corsac",
            [policy = policy_of(who)](const auto& r, auto& out) { decide(policy, r, out); }};
}

/// Two lists in one policy, which cost as much as they may together.
template <class Kind>
way<Kind> with_lists() {
    const corsac::policy other = policy_of(origins::lists);
    auto built = corsac::make_policy(options_of_dear(entries_of(origins::lists)), other.origins());
    if (!built) std::abort();
    return {"corsac",
            [policy = *std::move(built)](const auto& r, auto& out) { decide(policy, r, out); }};
}

/// Of whatever type the row's policy is.
template <class Kind>
way<Kind> with_any_policy(origins who) {
    return who == origins::lists ? with_lists<Kind>() : with_policy<Kind>(who);
}

/// A policy that the compiler has made, of `origins::one`.
template <class Kind>
way<Kind> with_static_policy() {
    static constexpr auto policy = corsac::static_policy([] {
        return corsac::policy_options{
            .allow_origins = {one_origin},
            .allow_methods = {"PUT", "DELETE"},
            .allow_headers = {"Authorization", "Content-Type", "X-Request-Id"},
            .expose_headers = {exposed},
            .allow_credentials = true,
            .max_age = 600};
    });
    return {"corsac, static", [](const auto& r, auto& out) { decide(policy, r, out); }};
}

template <class Kind>
way<Kind> by_hand_for(origins who) {
    if (who == origins::one) {
        return {"by hand", [](const auto& r, auto& out) {
                    by_hand::answer(r, out, [](std::string_view o) { return o == one_origin; });
                }};
    }
    return {"by hand", [set = origin_hash_set{entries_of(who)}](const auto& r, auto& out) {
                by_hand::answer(r, out, [&set](std::string_view o) { return set.allows(o); });
            }};
}

/// All that is written without corsac, for a policy that it can express.
template <class Kind>
std::vector<way<Kind>> without_corsac(origins who) {
    const std::vector<std::string> entries = entries_of(who);
    return {
        by_hand_for<Kind>(who),
        way_of<Kind>("middleware", std::make_shared<const middleware<origin_hash_set>>(entries)),
        way_of<Kind>("same duties",
                     std::make_shared<const thorough_middleware<origin_hash_set>>(entries)),
        way_of<Kind>("std::regex", std::make_shared<const middleware<origin_regex>>(entries))};
}

/// Whether a way answers a request at all: libstdc++'s expressions need some hundred bytes of stack
/// for each byte of the text.
inline bool survives(std::string_view way, const row& row) {
    return way != "std::regex" || row.origin.size() < 16384;
}

}  // namespace bench

#endif
