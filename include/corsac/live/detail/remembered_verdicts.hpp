// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_DETAIL_REMEMBERED_VERDICTS_HPP
#define CORSAC_LIVE_DETAIL_REMEMBERED_VERDICTS_HPP

// Tested in tests/live/asked_origins.test.cpp.

#include <corsac/decision/evaluate.hpp>
#include <corsac/live/origin_question.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::detail {

/// A question with its text, and its hash under the key of those who keep it.
struct kept_question {
    std::string text{};  ///< the origin, then the scope
    std::size_t origin_size = 0;
    std::uint32_t hash = 0;

    kept_question() = default;
    kept_question(const origin_question& about, std::uint32_t its_hash)
        : text(about.origin), origin_size(about.origin.size()), hash(its_hash) {
        text += about.scope;
    }

    [[nodiscard]] origin_question view() const noexcept {
        const std::string_view all = text;
        return {all.substr(0, origin_size), all.substr(origin_size)};
    }
    [[nodiscard]] bool is(const origin_question& about, std::uint32_t its_hash) const noexcept {
        return hash == its_hash && view().origin == about.origin && view().scope == about.scope;
    }
    [[nodiscard]] bool asks_about(std::string_view origin) const noexcept {
        return view().origin == origin;
    }
};

template <class Time>
struct remembered_verdict {
    kept_question about{};
    Time until{};         ///< when it is forgotten
    Time usable_until{};  ///< when it must not be used even if nobody answers
    origin_verdict verdict = origin_verdict::refused;
};

/// A bounded number of answers: groups of eight places, and a question has its place in one of
/// them. So whoever chooses texts that fall into one group pushes out eight answers and makes no
/// look-up longer.
template <class Time>
class remembered_verdicts {
public:
    using entry = remembered_verdict<Time>;

    /// @param size  At least 1; rounded down to whole groups.
    explicit remembered_verdicts(std::size_t size)
        : group_size_(std::min<std::size_t>(size, 8)), entries_(size / group_size_ * group_size_) {}

    /// Cost: eight comparisons; no allocation.
    [[nodiscard]] entry* find(const origin_question& about, std::uint32_t hash) noexcept {
        entry* const group = group_of(hash);
        for (std::size_t i = 0; i < group_size_; ++i) {
            if (group[i].about.is(about, hash)) return &group[i];
        }
        return nullptr;
    }
    /// Takes the place of the same question's answer, or of the one that ends first.
    void put(entry next) {
        entry* place = find(next.about.view(), next.about.hash);
        if (place == nullptr) {
            entry* const group = group_of(next.about.hash);
            place =
                std::min_element(group, group + group_size_,
                                 [](const entry& a, const entry& b) { return a.until < b.until; });
        }
        *place = std::move(next);
    }
    void erase(const origin_question& about, std::uint32_t hash) noexcept {
        if (entry* const found = find(about, hash)) *found = {};
    }
    /// @param gone  Called with each question: whether its answer is to be forgotten.
    template <class Gone>
    void erase_if(const Gone& gone) noexcept {
        for (entry& one : entries_) {
            if (!one.about.text.empty() && gone(one.about)) one = {};
        }
    }
    [[nodiscard]] std::size_t count() const noexcept {
        std::size_t used = 0;
        for (const entry& one : entries_) used += one.about.text.empty() ? 0U : 1U;
        return used;
    }

private:
    [[nodiscard]] entry* group_of(std::uint32_t hash) noexcept {
        return entries_.data() + hash % (entries_.size() / group_size_) * group_size_;
    }

    std::size_t group_size_;
    std::vector<entry> entries_;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
