// SPDX-License-Identifier: MIT
#include <corsac/detail/buffer.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace {

namespace detail = corsac::detail;

template <class T>
void check_same(const detail::buffer<T>& made, const std::vector<T>& expected) {
    REQUIRE(made.size() == expected.size());
    CHECK(made.empty() == expected.empty());
    for (std::size_t i = 0; i < expected.size(); ++i) CHECK(made[i] == expected[i]);
    CHECK(std::vector<T>(made.begin(), made.end()) == expected);
    if (!expected.empty()) CHECK(made.back() == expected.back());
}

/// Does the same with a buffer and with a vector.
template <class T>
void check_as_vector(T (*item)(int)) {
    detail::buffer<T> made;
    std::vector<T> expected;
    check_same(made, expected);
    for (int i = 0; i < 100; ++i) {
        made.push_back(item(i));
        expected.push_back(item(i));
        check_same(made, expected);
    }
    const detail::buffer<T> copy = made;
    CHECK(copy == made);
    made[50] = item(101);
    CHECK_FALSE(copy == made);
    expected[50] = item(101);
    for (const std::size_t size : {200U, 60U, 61U, 0U, 3U}) {
        made.resize(size);
        expected.resize(size);
        check_same(made, expected);
        CHECK_FALSE(copy == made);
    }
    made.append(copy.data(), copy.size());
    expected.insert(expected.end(), copy.begin(), copy.end());
    check_same(made, expected);
    made.append(copy.data(), 0);
    check_same(made, expected);
    detail::buffer<T> moved = std::move(made);
    check_same(moved, expected);
    check_same(made, {});
    made = moved;
    check_same(made, expected);
    made = {};
    check_same(made, {});
}

TEST_CASE("a buffer holds what a vector would") {
    check_as_vector<char>([](int i) { return static_cast<char>(i); });
    check_as_vector<int>([](int i) { return i; });
    check_as_vector<std::string>([](int i) { return std::string(40, 'a') + std::to_string(i); });
}

TEST_CASE("a buffer appends to itself") {
    detail::buffer<int> made;
    for (int i = 0; i < 10; ++i) made.push_back(i);
    for (int times = 0; times < 5; ++times) {
        const std::size_t size = made.size();
        made.append(made.data(), size);
        REQUIRE(made.size() == 2 * size);
        for (std::size_t i = 0; i < made.size(); ++i) CHECK(made[i] == static_cast<int>(i % 10));
    }
}

}  // namespace
