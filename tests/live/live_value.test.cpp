// SPDX-License-Identifier: MIT
#include <corsac/live/live_value.hpp>

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace {

/// Two things that belong together and cannot be moved, as what points into itself.
struct pair_of_one_version {
    explicit pair_of_one_version(int version, int* destroyed)
        : table(version), beside(&table), gone(destroyed) {}
    pair_of_one_version(const pair_of_one_version&) = delete;
    pair_of_one_version& operator=(const pair_of_one_version&) = delete;
    ~pair_of_one_version() { ++*gone; }

    int table;
    const int* beside;
    int* gone;
};

}  // namespace

TEST_CASE("a value is replaced in every copy of the handle, and what was read stays whole") {
    using shared = std::unique_ptr<const pair_of_one_version>;
    int destroyed = 0;
    {
        const corsac::live_value<shared> live{shared{}};
        const corsac::live_value<shared> copy = live;
        CHECK(*copy.read() == nullptr);
        live.replace(std::make_unique<const pair_of_one_version>(1, &destroyed));
        {
            const corsac::live_value<shared>::reader before = copy.read();
            copy.replace(std::make_unique<const pair_of_one_version>(2, &destroyed));
            CHECK((*before)->table == 1);
            CHECK(*(*before)->beside == 1);
            CHECK(destroyed == 0);
            CHECK((*live.read())->table == 2);
        }
        CHECK(destroyed == 1);
    }
    CHECK(destroyed == 2);
}

TEST_CASE("what can be moved needs no pointer") {
    const corsac::live_value<std::string> live{"old"};
    const auto before = live.read();
    live.replace("new");
    CHECK(*before == "old");
    CHECK(*live.read() == "new");
}
