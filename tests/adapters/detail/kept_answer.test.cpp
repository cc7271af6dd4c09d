// SPDX-License-Identifier: MIT
#include <corsac/adapters/detail/kept_answer.hpp>

#include <corsac/corsac.hpp>

#include "support.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace {

using support::request;

const auto lenient = corsac::make_policy({.allow_origins = {"https://*.example"}});
const request of_stranger{"GET", {{{"Origin", "https://evil.test"}}}};

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

}  // namespace
