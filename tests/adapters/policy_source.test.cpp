// SPDX-License-Identifier: MIT
#include <corsac/adapters/policy_source.hpp>

#include <corsac/corsac.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace {

using corsac::policy;
using corsac::policy_source_of;
using support::request;

// --- what adapters accept ------------------------------------------------------------------------

constexpr auto by_pointer = [](const request&) -> const policy* { return nullptr; };
constexpr auto by_shared_pointer = [](const request&) -> std::shared_ptr<const policy> {
    return nullptr;
};
constexpr auto of_another_request = [](const std::string&) -> const policy* { return nullptr; };
constexpr auto of_options = [](const request&) -> const corsac::policy_options* { return nullptr; };
constexpr auto of_nothing = [](const request&) {};

static_assert(corsac::policy_source<decltype(by_pointer), request>);
static_assert(corsac::policy_source<decltype(by_shared_pointer), request>);
static_assert(corsac::policy_source<corsac::single_policy<policy>, request>);
static_assert(corsac::policy_source<corsac::single_policy<policy>, std::string>);
static_assert(!corsac::policy_source<decltype(of_another_request), request>);
static_assert(!corsac::policy_source<decltype(of_options), request>);
static_assert(!corsac::policy_source<decltype(of_nothing), request>);
static_assert(!corsac::policy_source<policy, request>);

static_assert(corsac::policy_argument<policy&>);
static_assert(corsac::policy_argument<const policy&>);
static_assert(!corsac::policy_argument<policy>, "a temporary policy would be gone");
static_assert(corsac::policy_argument<decltype(by_pointer)>);

const policy* of_function(const request&) { return nullptr; }

static_assert(std::is_same_v<policy_source_of<policy&>, corsac::single_policy<policy>>);
static_assert(std::is_same_v<policy_source_of<const policy&>, corsac::single_policy<policy>>);
static_assert(std::is_same_v<policy_source_of<std::remove_const_t<decltype(by_pointer)>>,
                             std::remove_const_t<decltype(by_pointer)>>);
static_assert(std::is_same_v<policy_source_of<decltype(of_function)&>, decltype(&of_function)>,
              "a function becomes a pointer");

// --- what they make of it ------------------------------------------------------------------------

const auto rejecting =
    corsac::make_policy({.allow_origins = {"https://*.example"}, .reject_disallowed = true});
const auto lenient = corsac::make_policy({.allow_origins = {"https://*.example"}});
const request of_stranger{"GET", {{{"Origin", "https://evil.test"}}}};

TEST_CASE("one policy is that of every request, and none leaves requests alone") {
    const corsac::single_policy<policy> none;
    CHECK(none(of_stranger) == nullptr);
    CHECK_FALSE(corsac::detail::decide_if(none(of_stranger), of_stranger).governs());
    const auto source = corsac::detail::as_policy_source(*rejecting);
    CHECK(source(of_stranger) == &*rejecting);
    CHECK(source(std::string{"anything"}) == &*rejecting);
    CHECK(corsac::detail::decide_if(source(of_stranger), of_stranger).status() == 403);
}

TEST_CASE("a pointer that owns its policy is one, too, and so is what a function returns") {
    const auto shared = std::make_shared<const policy>(*rejecting);
    const auto source = [&](const request& r) {
        return r.verb == "GET" ? shared : std::shared_ptr<const policy>{};
    };
    CHECK(corsac::detail::decide_if(source(of_stranger), of_stranger).status() == 403);
    CHECK_FALSE(corsac::detail::decide_if(source({.verb = "PUT"}), of_stranger).governs());
    CHECK(corsac::detail::as_policy_source(of_function)(of_stranger) == nullptr);
}

TEST_CASE("only a policy that rejects needs a decision in front of the handler") {
    const policy* none = nullptr;
    CHECK(corsac::detail::rejects(&*rejecting));
    CHECK_FALSE(corsac::detail::rejects(&*lenient));
    CHECK_FALSE(corsac::detail::rejects(none));
}

TEST_CASE("a kept answer needs no request") {
    std::string origin = "https://a.example";
    const request asked{"GET", {{{"Origin", origin}}}};
    const corsac::detail::kept_answer kept{corsac::evaluate(*lenient, asked)};
    const corsac::detail::kept_answer copy = kept;
    origin.assign(origin.size(), '!');
    for (const corsac::detail::kept_answer* each : {&kept, &copy}) {
        support::response response;
        corsac::apply(each->get(), response);
        CHECK(response.summary().view() ==
              "access-control-allow-origin: https://a.example | vary: Origin");
    }
    const corsac::detail::kept_answer refused{corsac::evaluate(*lenient, of_stranger)};
    CHECK_FALSE(refused.get().allows());
    support::response response;
    corsac::apply(refused.get(), response);
    CHECK(response.summary().view() == "vary: Origin");
}

static_assert(corsac::detail::reason_phrase(200) == "OK");
static_assert(corsac::detail::reason_phrase(204) == "No Content");
static_assert(corsac::detail::reason_phrase(299) == "Success");
static_assert(corsac::detail::reason_phrase(403) == "Forbidden");
static_assert(corsac::detail::reason_phrase(500) == "Error");

struct only_sets {
    std::string& written;
    void set(std::string_view name, std::string_view value) {
        written.append(name).append("=").append(value).append(";");
    }
    void vary(std::string_view) { written.append("vary;"); }
};
struct adds_too : only_sets {
    void add(std::string_view name, std::string_view value) {
        written.append("+").append(name).append("=").append(value).append(";");
    }
};

TEST_CASE("in a new response nothing has to be looked for") {
    const request asked{"GET", {{{"Origin", "https://a.example"}}}};
    const corsac::decision d = corsac::evaluate(*lenient, asked);
    std::string set, added;
    corsac::apply(d, corsac::detail::new_response{only_sets{set}});
    corsac::apply(d, corsac::detail::new_response{adds_too{{added}}});
    CHECK(set == "access-control-allow-origin=https://a.example;vary=Origin;");
    CHECK(added == "+access-control-allow-origin=https://a.example;+vary=Origin;");
}

}  // namespace
