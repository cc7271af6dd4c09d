// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_LOOK_UP_BUDGET_HPP
#define CORSAC_ORIGIN_LOOK_UP_BUDGET_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/origin/detail/pattern_shape.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <cstddef>

// What a request may cost at most in search of its origin: so much that the dearest policy costs it
// less than ten times an ordinary one, see bench/README.md.

namespace corsac::inline v0_2_0 {

/// Look-ups that all that lets origins into a policy may cost a request: its own list, further sets
/// and shared lists.
inline constexpr std::size_t max_look_ups = 80;

/// What every list is taken to cost, for the whole origin and the way through its labels. Each
/// number of labels behind a `*.` and each network costs one more.
inline constexpr std::size_t look_ups_of_list = 20;

/// What each place of a `*` inside a label costs: what is around it is hashed for it alone.
inline constexpr std::size_t look_ups_in_label = 2;

/// What a list that can be replaced is taken to cost, and the most that it may cost, whatever it
/// holds now.
inline constexpr std::size_t look_ups_of_shared_list = 30;

/// Labels behind the `*.` of a policy's pattern, each of which costs hosts as deep a step.
inline constexpr std::size_t max_pattern_labels = 8;

/// Counts what lists cost a request.
class look_up_budget {
public:
    explicit constexpr look_up_budget(std::size_t look_ups) noexcept : left_(look_ups) {}

    /// @return  False for the first that there is no room for; what follows is not counted.
    [[nodiscard]] constexpr bool take(std::size_t look_ups) noexcept {
        if (exhausted_) return true;
        exhausted_ = look_ups > left_;
        left_ -= exhausted_ ? left_ : look_ups;
        return !exhausted_;
    }
    /// The same for a list, whose entries are taken next.
    [[nodiscard]] constexpr bool take_list() {
        places_ = {};
        return take(look_ups_of_list);
    }
    /// The same for an entry. Patterns whose `*` stands in one place share a look-up.
    [[nodiscard]] constexpr bool take_entry(const origin_pattern& pattern) {
        if (exhausted_) return true;
        if (pattern.kind() == pattern_kind::network) return take(1);
        if (!pattern.has_wildcard()) return true;
        const std::size_t known = places_.size();
        detail::add_shape(places_, detail::shape_of(pattern));
        if (places_.size() == known) return true;
        return take(pattern.kind() == pattern_kind::in_label ? look_ups_in_label : 1);
    }

private:
    detail::buffer<detail::pattern_shape> places_{};
    std::size_t left_;
    bool exhausted_ = false;
};

}  // namespace corsac::inline v0_2_0

#endif
