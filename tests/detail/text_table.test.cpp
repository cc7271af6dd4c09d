// SPDX-License-Identifier: MIT
#include <corsac/detail/text_table.hpp>

#include <doctest/doctest.h>

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

/// Slots inspected on average to find a text that is there.
double mean_probes(const row& r) {
    const std::size_t slots = detail::slot_count(r.count);
    const auto mask = static_cast<std::uint32_t>(slots - 1);
    std::vector<char> block(slots * detail::text_slot::size);
    for (std::uint32_t i = 0; i < r.count; ++i) {
        const std::uint64_t hash = detail::hash_text(r.text(i), 0);
        detail::insert_slot(block.data(), mask, {static_cast<std::uint32_t>(hash), i, 1, 0});
    }
    double probes = 0;
    for (std::uint32_t at = 0; at <= mask; ++at) {
        const detail::text_slot slot =
            detail::read_slot(block.data() + at * detail::text_slot::size);
        if (slot.length != 0) probes += ((at - slot.hash) & mask) + 1;
    }
    return probes / r.count;
}

TEST_CASE("texts that differ little are spread over the table") {
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(mean_probes(r) < 2);
    }
}

TEST_CASE("texts are equal if every byte is") {
    for (std::size_t size = 0; size <= 40; ++size) {
        const std::string text(size, 'a');
        CHECK(detail::equal_bytes(text, std::string(size, 'a')));
        CHECK_FALSE(detail::equal_bytes(text, std::string(size + 1, 'a')));
        for (std::size_t at = 0; at < size; ++at) {
            std::string other = text;
            other[at] = 'b';
            CHECK_FALSE(detail::equal_bytes(text, other));
        }
    }
    static_assert(detail::equal_bytes("https://a.example", "https://a.example"));
    static_assert(!detail::equal_bytes("https://a.example", "https://b.example"));
}

TEST_CASE("folding ignores the case of letters and nothing else that a token has") {
    using detail::hash_text;
    for (const std::string_view name : {"te", "Host", "X-Longer-Than-Eight"}) {
        CAPTURE(name);
        std::string upper{name};
        for (char& c : upper) c = detail::to_upper(c);
        CHECK(hash_text<0x20>(upper, 0) == hash_text<0x20>(name, 0));
        CHECK(hash_text(upper, 0) != hash_text(name, 0));
        CHECK(hash_text<0x20>(upper + "x", 0) != hash_text<0x20>(name, 0));
    }
}

static_assert(detail::reverse_bytes(0x0123456789abcdef) == 0xefcdab8967452301);
static_assert(detail::hash_text("https://example.com", 1) != detail::hash_text("", 1));

}  // namespace
