// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_COLLISION_HPP
#define CORSAC_TESTS_COLLISION_HPP

#include <cstdint>
#include <string>
#include <unordered_map>

namespace support {

/// Two texts that no table tells apart by their hash.
struct collision {
    std::string known;
    std::string other;
};

/// The first two of `text_of("0")`, `text_of("1")`, … with the same 32 bits of hash: there are some
/// among 100,000 texts nearly always, and among 500,000 always.
template <class TextOf, class HashOf>
collision find_collision(const TextOf& text_of, const HashOf& hash_of) {
    std::unordered_map<std::uint32_t, std::uint32_t> seen;
    for (std::uint32_t i = 0; i < 500'000; ++i) {
        std::string text = text_of(std::to_string(1'000'000 + i));
        const auto [known, added] = seen.emplace(hash_of(text), i);
        if (!added) return {text_of(std::to_string(1'000'000 + known->second)), std::move(text)};
    }
    return {};
}

/// The same, of two families: `known` is one of the first, `other` one of the second.
template <class KnownOf, class OtherOf, class HashOf>
collision find_collision(const KnownOf& known_of, const OtherOf& other_of, const HashOf& hash_of) {
    std::unordered_map<std::uint32_t, std::uint32_t> seen;
    for (std::uint32_t i = 0; i < 150'000; ++i) {
        seen.emplace(hash_of(known_of(std::to_string(1'000'000 + i))), i);
    }
    for (std::uint32_t i = 0; i < 500'000; ++i) {
        std::string text = other_of(std::to_string(1'000'000 + i));
        const auto known = seen.find(hash_of(text));
        if (known != seen.end()) {
            return {known_of(std::to_string(1'000'000 + known->second)), std::move(text)};
        }
    }
    return {};
}

}  // namespace support

#endif
