// SPDX-License-Identifier: MIT
#include <corsac/detail/keyed_index.hpp>

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace detail = corsac::detail;

/// A family of texts, and how many of them to take.
struct row {
    const char* about;
    std::string (*text)(unsigned index);
    unsigned count;
};

const row rows[] = {
    {"the digits are in the middle",
     [](unsigned i) { return "https://tenant-" + std::to_string(i) + ".example.com"; }, 20000},
    {"the ports of one host",
     [](unsigned i) { return "http://localhost:" + std::to_string(3000 + i); }, 100},
    {"all ports of one host",
     [](unsigned i) { return "https://app.example.com:" + std::to_string(1 + i); }, 65535},
    {"the addresses of a network",
     [](unsigned i) {
         return "http://10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256);
     },
     4096},
    {"names that differ at their end", [](unsigned i) { return "x-header-" + std::to_string(i); },
     100},
    {"short names", [](unsigned i) { return "x-" + std::to_string(i); }, 1000},
};

detail::keyed_index index(const std::vector<std::string>& texts) {
    return detail::index_items(
        texts.size(),
        [&](std::uint32_t i, std::uint64_t key) { return detail::hash_text(texts[i], key); },
        [&](std::uint32_t i, std::uint32_t k) { return texts[i] == texts[k]; },
        [](std::uint32_t, std::uint32_t) { FAIL("repeated"); });
}

/// How far its entries are from where they are looked for first.
struct distances {
    double mean = 0;
    std::uint32_t longest = 0;
};
distances measure(const detail::keyed_index& index, std::size_t count) {
    distances found;
    for (std::uint32_t at = 0; at < index.capacity; ++at) {
        const detail::hash_index_slot slot = detail::read_slot(index.cells.data(), at);
        if (slot.number == 0) continue;
        const std::uint32_t distance = detail::distance_of(slot.hash, at, index.capacity);
        found.mean += distance / static_cast<double>(count);
        found.longest = std::max(found.longest, distance);
    }
    return found;
}

std::uint32_t find(const detail::keyed_index& index, const std::vector<std::string>& texts,
                   std::string_view wanted) {
    return detail::find_number(index.cells.data(), index.capacity,
                               detail::hash_text(wanted, index.key),
                               [&](std::uint32_t number) { return texts[number - 1] == wanted; });
}

TEST_CASE("texts that differ little are spread over the table, and found in it") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        std::vector<std::string> texts;
        for (unsigned i = 0; i < r.count; ++i) texts.push_back(r.text(i));
        const detail::keyed_index made = index(texts);
        CHECK(made.key == detail::first_hash_key);
        CHECK(measure(made, texts.size()).mean < 1.2);
        std::size_t found = 0;
        for (std::uint32_t i = 0; i < r.count; ++i) {
            found += find(made, texts, texts[i]) == i + 1 ? 1U : 0U;
        }
        CHECK(found == r.count);
        CHECK(find(made, texts, "nothing of the kind") == 0);
    }
}

TEST_CASE("texts chosen to crowd a table make it take another key") {
    // What fills one of 256 parts of the table under the first key, and under the second.
    std::vector<std::string> texts;
    for (std::uint32_t i = 0; texts.size() < 10000; ++i) {
        std::string text = "https://" + std::to_string(i) + ".t.example";
        if (detail::hash_text(text, detail::hash_key(0)) >> 24 == 0 &&
            (texts.size() % 2 == 0 || detail::hash_text(text, detail::hash_key(1)) >> 28 == 0)) {
            texts.push_back(std::move(text));
        }
    }
    const detail::keyed_index made = index(texts);
    CHECK(made.key != detail::first_hash_key);
    CHECK(measure(made, texts.size()).longest <= detail::max_slot_distance);
    CHECK(find(made, texts, texts.back()) == texts.size());
}

TEST_CASE("of equal items the first is indexed, and the others are told") {
    const std::vector<std::string> texts{"a", "b", "a", "c", "b", "a"};
    std::vector<std::uint32_t> told;
    const detail::keyed_index made = detail::index_items(
        texts.size(),
        [&](std::uint32_t i, std::uint64_t key) { return detail::hash_text(texts[i], key); },
        [&](std::uint32_t i, std::uint32_t k) { return texts[i] == texts[k]; },
        [&](std::uint32_t i, std::uint32_t first) {
            told.push_back(i);
            told.push_back(first);
        });
    CHECK(told == std::vector<std::uint32_t>{2, 0, 4, 1, 5, 0});
    CHECK(made.capacity == detail::index_capacity(3));
    CHECK(find(made, texts, "b") == 2);
}

}  // namespace
