// SPDX-License-Identifier: MIT
#include <corsac/detail/text_table.hpp>

#include <corsac/detail/hash.hpp>

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

namespace detail = corsac::detail;

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

TEST_CASE("texts of every length are found behind each other in a block") {
    detail::buffer<char> block;
    const std::string longest(65535, 'c');
    const std::string texts[] = {"", "a", std::string(255, 'b'), std::string(256, 'b'), longest};
    std::uint32_t position = 0;
    std::uint8_t kind = 0;
    for (const std::string& text : texts) {
        CAPTURE(text.size());
        const std::uint32_t expected =
            block.empty()
                ? detail::text_head
                : detail::next_text(detail::text_at(block.data(), position).size(), position);
        position = detail::append_text(block, text, ++kind);
        CHECK(position == expected);
        CHECK(detail::text_at(block.data(), position) == text);
        CHECK(detail::kind_at(block.data() + position) == kind);
        CHECK(detail::has_text(block.data(), position, text, kind));
        CHECK_FALSE(detail::has_text(block.data(), position, text, 0));
        CHECK_FALSE(detail::has_text(block.data(), position, text + 'x', kind));
        CHECK(block.back() == '\0');
    }
    const detail::text_position plain = detail::append_plain(block, "plain");
    CHECK(std::string_view(block.data() + plain.at, plain.size) == "plain");
    CHECK(block.back() == '\0');
}

TEST_CASE("folding ignores the case of letters and nothing else that a token has") {
    using detail::hash_text;
    constexpr std::uint64_t key = detail::first_hash_key;
    for (const std::string_view name : {"te", "Host", "X-Longer-Than-Eight"}) {
        CAPTURE(name);
        std::string upper{name};
        for (char& c : upper) c = detail::to_upper(c);
        CHECK(hash_text<0x20>(upper, key) == hash_text<0x20>(name, key));
        CHECK(hash_text(upper, key) != hash_text(name, key));
        CHECK(hash_text<0x20>(upper + "x", key) != hash_text<0x20>(name, key));
    }
}

static_assert(detail::hash_text("https://example.com", 1) != detail::hash_text("", 1));

}  // namespace
