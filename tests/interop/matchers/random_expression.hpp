// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_MATCHERS_RANDOM_EXPRESSION_HPP
#define CORSAC_TESTS_INTEROP_MATCHERS_RANDOM_EXPRESSION_HPP

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// Random regular expressions in RE2's syntax, as trees that know what they are made of: each can
// be written, in one of many spellings, and makes texts that it matches.

/// Numbers below a bound.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}

    std::size_t below(std::size_t bound) { return engine_() % bound; }
    bool one_in(std::size_t bound) { return below(bound) == 0; }

    template <class List>
    decltype(auto) any_of(const List& list) {
        return list[below(std::size(list))];
    }

private:
    std::mt19937 engine_;
};

/// One node of such a tree.
struct random_node {
    enum class kind { literal, bytes, sequence, choice, repetition, anchor };

    kind what = kind::sequence;
    std::string text{};    ///< how a literal is spelled, or a class, or an anchor
    std::string bytes{};   ///< some of what a class matches, or the literal
    bool written = false;  ///< whether a class lists its bytes
    std::size_t min = 0;
    std::size_t max = 0;  ///< the largest number of copies that is made
    std::vector<random_node> parts{};
};

/// Makes trees.
class expression_maker {
public:
    /// @param alphabet  What literals are made of, if they are not words.
    expression_maker(dice& roll, std::string_view alphabet) : roll_(roll), alphabet_(alphabet) {}

    /// Something that may be an origin: a scheme, a host and perhaps a port.
    random_node origin() {
        random_node all;
        if (roll_.one_in(6)) all.parts.push_back(anchor("^"));
        static const char* const schemes[] = {"https://", "https://", "https://", "http://",
                                              "app://"};
        if (roll_.one_in(12)) {
            all.parts.push_back(part(2));
        } else {
            for (const char c : std::string_view(roll_.any_of(schemes))) {
                all.parts.push_back(literal(c));
                if (c == 's' && roll_.one_in(6))
                    all.parts.back() = repeat(all.parts.back(), 0, 1, "?");
            }
        }
        all.parts.push_back(host(3));
        if (roll_.one_in(4)) all.parts.push_back(port());
        if (roll_.one_in(6)) all.parts.push_back(anchor(roll_.one_in(2) ? "$" : "\\z"));
        if (roll_.one_in(20)) all.parts.push_back(part(1));
        if (roll_.one_in(8)) {
            random_node both{.what = random_node::kind::choice};
            both.parts.push_back(std::move(all));
            both.parts.push_back(roll_.one_in(3) ? word("null") : origin());
            return both;
        }
        return all;
    }

    /// Anything.
    random_node part(std::size_t depth) {
        const std::size_t what = depth == 0 ? roll_.below(6) : roll_.below(12);
        if (what < 4) return literal(roll_.any_of(alphabet_));
        if (what < 6) return byte_class();
        if (what < 7) return choice(depth);
        if (what < 9) return sequence(depth);
        if (what < 11) return repetition(part(depth - 1));
        return roll_.one_in(4) ? anchor(roll_.one_in(2) ? "^" : "$")
                               : literal(roll_.any_of(alphabet_));
    }

private:
    random_node host(std::size_t depth) {
        random_node labels;
        const std::size_t count = 1 + roll_.below(3);
        for (std::size_t i = 0; i < count; ++i) labels.parts.push_back(label_group(depth));
        static const char* const ends[] = {
            "example.com",      "a.b",           "com",       "co.uk",   "github.io",
            "localhost",        "b.a",           "127.0.0.1", "1.0.0.1", "aa.bb",
            "s3.amazonaws.com", "amazonaws.com", "a.ck",      "[::1]"};
        if (!roll_.one_in(4)) labels.parts.push_back(word(roll_.any_of(ends)));
        if (roll_.one_in(10)) labels.parts.push_back(part(1));
        return labels;
    }

    random_node label_group(std::size_t depth) {
        switch (roll_.below(7)) {
        case 0: return part(depth);
        case 1: return word("www.");
        case 2: {
            random_node group;
            group.parts.push_back(repetition(byte_class()));
            group.parts.push_back(literal('.'));
            return roll_.one_in(2) ? repetition(std::move(group)) : group;
        }
        case 3: return repetition(byte_class());
        case 4: {
            random_node both{.what = random_node::kind::choice};
            both.parts.push_back(label_group(depth == 0 ? 0 : depth - 1));
            if (depth != 0) both.parts.push_back(label_group(depth - 1));
            return both;
        }
        case 5: return sequence(depth);
        default: return word(roll_.one_in(2) ? "a." : "b-");
        }
    }

    random_node port() {
        random_node all;
        all.parts.push_back(literal(':'));
        random_node digits{.what = random_node::kind::bytes, .text = "\\d", .bytes = "0123456789"};
        all.parts.push_back(roll_.one_in(3) ? word("8080") : repetition(std::move(digits)));
        return roll_.one_in(2) ? repeat(std::move(all), 0, 1, "?") : all;
    }

    random_node word(std::string_view text) {
        random_node all;
        for (const char c : text) all.parts.push_back(literal(c));
        return all;
    }

    random_node literal(char c) {
        static constexpr char digits[] = "0123456789abcdef";
        const auto byte = static_cast<unsigned char>(c);
        const bool special = std::string_view("\\.+*?()|[]{}^$").find(c) != std::string_view::npos;
        random_node made{.what = random_node::kind::literal, .bytes = std::string(1, c)};
        switch (roll_.below(40)) {
        case 0: made.text = std::string("\\x") + digits[byte >> 4] + digits[byte & 15]; break;
        case 1:
            made.text = std::string("\\x{") + digits[byte >> 4] + digits[byte & 15] + '}';
            break;
        case 2: made.text = std::string("\\Q") + c + "\\E"; break;
        case 3:
            made.text = c == '^' ? "\\^" : c == '\\' ? "\\\\" : std::string("[") + c + ']';
            break;
        case 4:
            made.text = std::string("\\") + static_cast<char>('0' + (byte >> 6)) +
                        static_cast<char>('0' + (byte >> 3 & 7)) +
                        static_cast<char>('0' + (byte & 7));
            break;
        case 5:
            if (c == '.') {  // forgotten
                return {.what = random_node::kind::bytes, .text = ".", .bytes = "ab.x1-:/"};
            }
            [[fallthrough]];
        default:
            made.text = special || (c == '-' && roll_.one_in(2)) ? std::string("\\") + c
                                                                 : std::string(1, c);
        }
        return made;
    }

    random_node byte_class() {
        struct entry {
            const char* text;
            const char* bytes;
            bool written;
        };
        static constexpr entry entries[] = {
            {".", "ab.x1-_:/", false},
            {"[^/]", "ab.x1-_:", false},
            {"[^.]", "abx1-_:/", false},
            {"[a-z]", "abxz", false},
            {"[a-z0-9-]", "abx1-", false},
            {"\\d", "0123456789", false},
            {"[0-9]", "0123456789", false},
            {"\\w", "abx1_", false},
            {"\\W", "./:-", false},
            {"\\S", "ab.1-", false},
            {"\\D", "ab.-", false},
            {"[ab]", "ab", true},
            {"[.-]", ".-", true},
            {"[]a]", "a]", true},
            {"[^]a]", "bx.1", false},
            {"[[:alpha:]]", "abxz", false},
            {"[[:^alpha:].]", ".1-", false},
            {"[[:word:].]", "ab_.1", false},
            {"[a.]", "a.", true},
            {"[a-b]", "ab", false},
            {"[\\d.]", "01.2", false},
            {"[:a]", ":a", true},
            {"[^a-z]", ".1-", false},
            {"[a\\-b]", "a-b", true},
            {"[1]", "1", true},
            {"[\\x61\\.]", "a.", true},
            {"[A-Z]", "ABXZ", false},
            {"(?i:[a-b])", "abAB", false},
            {"(?i:a)", "aA", true},
            {"[[:upper:]]", "ABXZ", false},
            {"[~)]", "~)", true},
            {"[[:punct:]]", ".-/:~", false},
        };
        const entry& chosen = roll_.any_of(entries);
        return {.what = random_node::kind::bytes,
                .text = chosen.text,
                .bytes = chosen.bytes,
                .written = chosen.written};
    }

    random_node sequence(std::size_t depth) {
        random_node all;
        for (std::size_t n = roll_.below(4); n != 0; --n) {
            all.parts.push_back(part(depth == 0 ? 0 : depth - 1));
        }
        return all;
    }

    random_node choice(std::size_t depth) {
        random_node all{.what = random_node::kind::choice};
        for (std::size_t n = 1 + roll_.below(3); n != 0; --n) {
            all.parts.push_back(part(depth == 0 ? 0 : depth - 1));
        }
        if (roll_.one_in(5)) all.parts.push_back({});
        return all;
    }

    random_node repetition(random_node of) {
        switch (roll_.below(9)) {
        case 0: return repeat(std::move(of), 0, 3, "*");
        case 1: return repeat(std::move(of), 1, 3, "+");
        case 2: return repeat(std::move(of), 0, 1, "?");
        case 3: return repeat(std::move(of), 2, 2, "{2}");
        case 4: return repeat(std::move(of), 0, 2, "{0,2}");
        case 5: return repeat(std::move(of), 1, 3, "{1,}");
        case 6: return repeat(std::move(of), 1, 2, "{1,2}");
        case 7: return repeat(std::move(of), 0, 0, "{0}");
        default: return repeat(std::move(of), 0, 3, "*?");
        }
    }

    random_node repeat(random_node of, std::size_t min, std::size_t max, const char* text) {
        random_node made{
            .what = random_node::kind::repetition, .text = text, .min = min, .max = max};
        made.parts.push_back(std::move(of));
        return made;
    }

    random_node anchor(const char* text) {
        return {.what = random_node::kind::anchor, .text = text};
    }

    dice& roll_;
    std::string_view alphabet_;
};

/// Writes a tree down.
inline std::string spell(const random_node& node, dice& roll) {
    using kind = random_node::kind;
    std::string text;
    switch (node.what) {
    case kind::literal:
    case kind::bytes:
    case kind::anchor: return node.text;
    case kind::sequence:
        for (const random_node& part : node.parts) {
            const std::string spelled = spell(part, roll);
            text += part.what == kind::choice ? "(?:" + spelled + ')' : spelled;
        }
        return text;
    case kind::choice:
        for (const random_node& part : node.parts) {
            if (!text.empty() || &part != node.parts.data()) text += '|';
            text += spell(part, roll);
        }
        static constexpr const char* openings[] = {"(", "(?:", "(?P<name>", "(?s:", "(?m:", "(?U:"};
        return roll.one_in(30) ? text : roll.any_of(openings) + text + ')';
    case kind::repetition: {
        const random_node& of = node.parts[0];
        const bool alone =
            of.what == kind::bytes || (of.what == kind::literal && of.text.size() == 1);
        const std::string spelled = spell(of, roll);
        return (alone ? spelled : "(" + spelled + ")") + node.text;
    }
    }
    return text;
}

/// A text that a tree matches, unless an anchor is in the way.
inline void sample(const random_node& node, dice& roll, std::string& to) {
    using kind = random_node::kind;
    switch (node.what) {
    case kind::literal: to += node.bytes; return;
    case kind::bytes: to += roll.any_of(node.bytes); return;
    case kind::anchor: return;
    case kind::sequence:
        for (const random_node& part : node.parts) sample(part, roll, to);
        return;
    case kind::choice: sample(roll.any_of(node.parts), roll, to); return;
    case kind::repetition:
        for (std::size_t n = node.min + roll.below(node.max - node.min + 1); n != 0; --n) {
            sample(node.parts[0], roll, to);
        }
    }
}

/// A text that is a little different.
inline std::string mutate(std::string text, dice& roll) {
    static const char* const pieces[] = {"a", "b", ".",  "-",    "1", "x.",
                                         ":", "/", ":8", "evil", "]"};
    for (std::size_t n = 1 + roll.below(2); n != 0; --n) {
        const std::size_t at = roll.below(text.size() + 1);
        switch (roll.below(3)) {
        case 0: text.insert(at, roll.any_of(pieces)); break;
        case 1: text.erase(at, 1 + roll.below(2)); break;
        default:
            if (at < text.size()) text.replace(at, 1, roll.any_of(pieces));
        }
    }
    return text;
}

#endif
