// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_PUBLIC_SUFFIX_WALK_HPP
#define CORSAC_ORIGIN_DETAIL_PUBLIC_SUFFIX_WALK_HPP

#include <corsac/origin/detail/public_suffix_data.hpp>

#include <cstddef>
#include <string_view>

// The Public Suffix List is a trie: over labels from the right, and over the characters of each
// label from the left. A node is a run of symbols, read from left to right:
//
//   a-z 0-9 -    one character
//   @ A-Z [ ...  several: public_suffix_spellings says which; where they end in $, so does the node
//   ! # $        the end of a label and of the node: an exception, a wildcard, a rule
//   % & '        the end of a label, with labels to its left: a wildcard, a rule, neither
//   ( ) * + ,    a jump: the node goes on at a place of one digit, ',' of two
//   : ; < = >    a fork: the node goes on with one of 2, 3, 4, 5 nodes, '>' as many as a digit says
//   . /          a skip: the size of the node that follows, of one digit, '/' of three
//
// The nodes of a fork follow each other. One that does not fit is skipped; small ones have no skip
// and are read over, and the last needs none. Nothing is unpacked, so a walk touches only what it
// needs, in constant expressions, too.

namespace corsac::inline v0_2_0::detail {

inline constexpr std::size_t suffix_base = 90;

/// A digit: `#` to `~` without `?` and `\`.
[[nodiscard]] constexpr std::size_t suffix_digit(std::size_t at) noexcept {
    const char c = public_suffix_data[at];
    return static_cast<std::size_t>(c - '#' - (c > '?' ? 1 : 0) - (c > '\\' ? 1 : 0));
}

/// What a symbol spells; a blank follows.
[[nodiscard]] constexpr const char* suffix_spelling(char symbol) noexcept {
    return public_suffix_spellings + 4 * (symbol - '!');
}

/// Where the node goes on, if that is elsewhere.
[[nodiscard]] constexpr std::size_t follow_suffix_jump(std::size_t at) noexcept {
    const char symbol = public_suffix_data[at];
    if (symbol < '(' || symbol > ',') return at;
    const std::size_t digit = suffix_digit(at + 1);
    if (symbol == ',') return digit * suffix_base + suffix_digit(at + 2);
    return static_cast<std::size_t>(symbol - '(') * suffix_base + digit;
}

/// The place behind a small node.
[[nodiscard]] constexpr std::size_t behind_small_suffix_node(std::size_t at) noexcept {
    for (std::size_t open = 1; open != 0;) {
        const char symbol = public_suffix_data[at++];
        if (symbol >= '@') {
            if (symbol <= public_suffix_last_ending) --open;
        } else if (symbol >= ':') {
            open += symbol == '>' ? suffix_digit(at++) - 1 : static_cast<std::size_t>(symbol - '9');
        } else if (symbol <= ',' && (symbol <= '$' || symbol >= '(')) {
            --open;
            if (symbol >= '(') at += symbol == ',' ? 2 : 1;
        }
    }
    return at;
}

/// Whether a label goes on with what is spelled; `$` spells its end.
[[nodiscard]] constexpr bool label_goes_on(std::string_view label, char spelled) noexcept {
    return spelled == '$' ? label.empty() : !label.empty() && label.front() == spelled;
}

[[nodiscard]] constexpr bool is_suffix_fork(char symbol) noexcept {
    return symbol >= ':' && symbol <= '>';
}

/// The node of the fork at `at` that a label goes on with; 0 if there is none.
[[nodiscard]] constexpr std::size_t choose_suffix_node(std::string_view label,
                                                       std::size_t at) noexcept {
    const char fork = public_suffix_data[at++];
    for (std::size_t left = fork == '>' ? suffix_digit(at++) : static_cast<std::size_t>(fork - '8');
         true; --left) {
        const char skip = public_suffix_data[at];
        std::size_t behind = 0;
        if (skip == '.') {
            behind = at + 2 + suffix_digit(at + 1);
            at += 2;
        } else if (skip == '/') {
            behind = suffix_digit(at + 1) * suffix_base + suffix_digit(at + 2);
            behind = at + 4 + behind * suffix_base + suffix_digit(at + 3);
            at += 4;
        }
        if (label_goes_on(label, *suffix_spelling(public_suffix_data[at]))) return at;
        if (left == 1) return 0;
        at = behind != 0 ? behind : behind_small_suffix_node(at);
    }
}

/// What the list says about a label; `mark` is 0 if it has no such label.
struct suffix_label {
    char mark = 0;
    std::size_t below = 0;  ///< where the labels to its left begin
};

/// Looks a label up among those that begin at `at`.
[[nodiscard]] constexpr suffix_label find_suffix_label(std::string_view label,
                                                       std::size_t at) noexcept {
    while (true) {
        at = follow_suffix_jump(at);
        if (is_suffix_fork(public_suffix_data[at])) {
            at = choose_suffix_node(label, at);
            if (at == 0) return {};
        }
        const char symbol = public_suffix_data[at++];
        for (const char* spelled = suffix_spelling(symbol); *spelled != ' '; ++spelled) {
            if (!label_goes_on(label, *spelled)) return {};
            if (*spelled == '$') return {symbol < '@' ? symbol : '$', at};
            label.remove_prefix(1);
        }
    }
}

/// The bytes of a host's public suffix; 0 if the host has an empty label there.
///
/// @param host  Without a trailing dot.
[[nodiscard]] constexpr std::size_t public_suffix_size(std::string_view host) noexcept {
    std::size_t size = 0;
    std::size_t at = public_suffix_root;
    bool any_label = true;  // whatever it is, it makes a public suffix: so do top-level domains
    bool more_rules = true;
    for (std::size_t end = host.size(); any_label || more_rules; --end) {
        std::size_t begin = end;
        while (begin != 0 && host[begin - 1] != '.') --begin;
        if (begin == end) return 0;
        const std::string_view name = host.substr(begin, end - begin);
        const suffix_label label = more_rules ? find_suffix_label(name, at) : suffix_label{};
        if (label.mark == '!') return host.size() - end - 1;
        if (any_label || (label.mark != 0 && label.mark != '\'')) size = host.size() - begin;
        if (begin == 0) break;
        any_label = label.mark == '#' || label.mark == '%';
        more_rules = label.mark > '$';
        at = label.below;
        end = begin;
    }
    return size;
}

/// Whether the list has rules for names below a host.
///
/// @param host  No public suffix, as one with a wildcard below it is. Without a trailing dot.
[[nodiscard]] constexpr bool has_suffix_rules_below(std::string_view host) noexcept {
    std::size_t at = public_suffix_root;
    for (std::size_t end = host.size();; --end) {
        std::size_t begin = end;
        while (begin != 0 && host[begin - 1] != '.') --begin;
        const suffix_label label = find_suffix_label(host.substr(begin, end - begin), at);
        if (label.mark <= '$') return false;
        if (begin == 0) return true;
        at = label.below;
        end = begin;
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
