// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_SYNTAX_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_SYNTAX_HPP

#include <corsac/interop/matchers/detail/expression_class.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Groups inside of each other; RE2 has a limit of its own.
inline constexpr std::size_t max_expression_depth = 200;

/// A repetition without an end.
inline constexpr std::uint32_t unbounded = 0xffffffff;

/// A node of an expression's syntax tree.
struct expression_node {
    enum class kind : std::uint8_t {
        bytes,       ///< one byte of a set
        begin,       ///< `^` and `\A`
        end,         ///< `$` and `\z`
        sequence,    ///< all parts; without any, the empty text
        choice,      ///< one of the parts
        repetition,  ///< `min` to `max` times its part
    };

    kind what = kind::sequence;
    listed_bytes one_of{};
    std::uint32_t min = 0;
    std::uint32_t max = 0;
    std::vector<std::uint32_t> parts{};  ///< indices
    std::uint32_t from = 0;              ///< where it stands in the expression
    std::uint32_t to = 0;                ///< 0 if it was not written as one
};

/// An expression as a tree whose last node is its root, or what in it is not understood.
struct expression_tree {
    std::vector<expression_node> nodes{};
    std::string not_understood{};  ///< empty: all of it is

    /// @return  The new node's index.
    std::uint32_t add(expression_node node) {
        nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(nodes.size() - 1);
    }
};

/// Reads RE2's syntax with RE2's default options, as far as the bytes of origins are concerned.
///
/// What RE2 does not accept is not understood here, or read as something; it was not compiled then.
///
/// Spec: https://github.com/google/re2/wiki/Syntax
class expression_parser : private expression_reader {
public:
    explicit expression_parser(std::string_view expression) : expression_reader(expression) {}

    [[nodiscard]] expression_tree parse() && {
        (void)parse_choice(0);
        if (!failed() && !done()) fail(at(), at() + 1);  // a parenthesis too many
        tree_.not_understood = problem();
        return std::move(tree_);
    }

private:
    using kind = expression_node::kind;

    std::uint32_t parse_choice(std::size_t depth) {
        expression_node choice{kind::choice, {}, 0, 0, {}, position(), 0};
        do { choice.parts.push_back(parse_sequence(depth)); } while (!failed() && take("|"));
        choice.to = position();
        return tree_.add(std::move(choice));
    }

    std::uint32_t parse_sequence(std::size_t depth) {
        expression_node sequence{kind::sequence, {}, 0, 0, {}, position(), 0};
        bool repeated = false;  // two operators on end are an error: `a**`
        while (!failed() && !done() && !sees("|") && !sees(")")) {
            const std::size_t from = at();
            const std::optional<std::pair<std::uint32_t, std::uint32_t>> times = take_repetition();
            if (!times) {
                repeated = false;
                parse_atom(depth, sequence.parts);
                continue;
            }
            if (repeated || sequence.parts.empty()) return fail(from, at());
            repeated = true;
            (void)take(
                "?");  // which match is preferred makes no difference to whether there is one
            expression_node& part = tree_.nodes[sequence.parts.back()];
            if (part.what == kind::bytes) part.to = position();
            const expression_node repetition{
                kind::repetition,        {},        times->first, times->second,
                {sequence.parts.back()}, part.from, position()};
            sequence.parts.back() = tree_.add(repetition);
        }
        sequence.to = position();
        return tree_.add(std::move(sequence));
    }

    /// `*`, `+`, `?`, `{n}`, `{n,}` or `{n,m}`; other braces are literals.
    std::optional<std::pair<std::uint32_t, std::uint32_t>> take_repetition() {
        using range = std::pair<std::uint32_t, std::uint32_t>;
        if (take("*")) return range{0, unbounded};
        if (take("+")) return range{1, unbounded};
        if (take("?")) return range{0, 1};
        const std::size_t from = at();
        if (!take("{")) return std::nullopt;
        const std::optional<std::uint32_t> min = take_number();
        std::optional<std::uint32_t> max = min;
        if (min && take(",")) max = sees("}") ? unbounded : take_number();
        if (!min || !max || !take("}")) {
            rewind(from);
            return std::nullopt;
        }
        constexpr std::uint32_t most = 1000;  // RE2's limit
        if (*min > most || (*max > most && *max != unbounded) || *min > *max) fail(from, at());
        return range{*min, *max};
    }

    /// Appends one part, several for `\Q...\E`, or none for flags.
    void parse_atom(std::size_t depth, std::vector<std::uint32_t>& parts) {
        const std::size_t from = at();
        if (take("(")) return parse_group(depth, from, parts);
        if (take("\\Q")) {
            while (!failed() && !done() && !take("\\E")) {
                const std::size_t literal = at();
                const std::uint32_t code = take_code_point();
                add_bytes(literal_bytes(code), literal, parts);
            }
            return;
        }
        if (take("^") || take("\\A")) return add_anchor(kind::begin, from, parts);
        if (take("$") || take("\\z")) return add_anchor(kind::end, from, parts);
        if (take(".") || take("\\C")) return add_bytes({all_bytes, false}, from, parts);
        if (sees("[")) return add_bytes(take_class(), from, parts);
        if (const std::optional<origin_byte_set> named = take_named_class()) {
            return add_bytes({*named, false}, from, parts);
        }
        const std::uint32_t code = take_character();
        add_bytes(literal_bytes(code), from, parts);
    }

    void parse_group(std::size_t depth, std::size_t from, std::vector<std::uint32_t>& parts) {
        if (depth == max_expression_depth) return (void)fail(from, at());
        const bool outside = ignores_case();
        if (take("?P<") || take("?<")) {
            const std::size_t name = at();
            while (!done() && is_word(peek())) skip();
            if (at() == name || !take(">")) return (void)fail(from, at());
        } else if (take("?")) {
            if (!take_flags(from)) return;
        }
        const std::uint32_t inside = parse_choice(depth + 1);
        if (!failed() && !take(")")) return (void)fail(from, at());
        ignore_case(outside);
        parts.push_back(inside);
    }

    /// The flags of `(?flags)` or `(?flags:`.
    /// @return  Whether a group has begun.
    bool take_flags(std::size_t from) {
        bool on = true, ignored = ignores_case(), any = false;
        for (; !done(); skip()) {
            const char flag = peek();
            if (flag == ':' || flag == ')') {
                skip();
                if (!on && !any) break;  // `(?-)`
                ignore_case(ignored);
                return flag == ':';
            }
            if (flag == 'i') ignored = on;
            // Of no effect on origins: they hold no newline, and longer matches are no other ones.
            if (flag == 'i' || flag == 'm' || flag == 's' || flag == 'U') {
                any = true;
            } else if (flag == '-' && on) {
                on = any = false;
            } else {
                break;
            }
        }
        fail(from, at() + 1);
        return false;
    }

    void add_anchor(kind what, std::size_t from, std::vector<std::uint32_t>& parts) {
        parts.push_back(
            tree_.add({what, {}, 0, 0, {}, static_cast<std::uint32_t>(from), position()}));
    }

    void add_bytes(listed_bytes one_of, std::size_t from, std::vector<std::uint32_t>& parts) {
        parts.push_back(tree_.add(
            {kind::bytes, one_of, 0, 0, {}, static_cast<std::uint32_t>(from), position()}));
    }

    expression_tree tree_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
