// SPDX-License-Identifier: MIT
#include "mutants.hpp"

#include "prove.hpp"

#include <doctest/doctest.h>

namespace {

using namespace proof;

TEST_CASE("the proof finds every mutant") {
    const space all;
    for (const variation& mutant : mutants()) {
        CAPTURE(mutant.about);
        const portion part{.attempts = 101, .cached_pairs = 101, .sequences = 101, .strangers = 5};
        CHECK(!refute(all, mutant.answers, part).violations.empty());
    }
}

TEST_CASE("the proof does not mind what makes no difference") {
    const space all;
    for (const variation& harmless : harmless_variations()) {
        CAPTURE(harmless.about);
        const portion part{
            .attempts = 16001, .cached_pairs = 16001, .sequences = 16001, .strangers = 19};
        for (const violation& v : prove(all, harmless.answers, part).violations) {
            FAIL_CHECK(letter(v.broken) << ": " << v.what);
        }
    }
}

}  // namespace
