// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_CLASS_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_EXPRESSION_CLASS_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/ip_address.hpp>
#include <corsac/interop/matchers/detail/origin_bytes.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// Characters of a class that may still be called written: `[ab]` is, the alphabet is not.
inline constexpr int max_listed_bytes = 8;

/// The bytes that one element of an expression matches, and whether they are written there one by
/// one: not by a range, a name or what is left out.
struct listed_bytes {
    origin_byte_set bytes{};
    bool listed = false;

    [[nodiscard]] constexpr bool written() const noexcept {
        const int count = in_lower_case(bytes).count();
        return count <= (listed ? max_listed_bytes : 1);
    }
};

/// Reads the smallest parts of an expression: characters, escapes, classes.
class expression_reader {
protected:
    explicit expression_reader(std::string_view expression) : all_(expression) {}

    [[nodiscard]] std::size_t at() const noexcept { return at_; }
    [[nodiscard]] std::uint32_t position() const noexcept {
        return static_cast<std::uint32_t>(at_);
    }
    [[nodiscard]] bool done() const noexcept { return at_ == all_.size(); }
    [[nodiscard]] char peek() const noexcept { return all_[at_]; }
    void skip() noexcept { ++at_; }
    void rewind(std::size_t at) noexcept { at_ = at; }

    [[nodiscard]] bool sees(std::string_view text) const noexcept {
        return all_.substr(at_, text.size()) == text;
    }
    [[nodiscard]] bool take(std::string_view text) noexcept {
        if (!sees(text)) return false;
        at_ += text.size();
        return true;
    }

    /// Remembers the first part that is not understood. Reading ends there.
    std::uint32_t fail(std::size_t from, std::size_t to) {
        if (problem_.empty()) {
            problem_ = from < all_.size() ? all_.substr(from, to > from ? to - from : 1) : all_;
            if (problem_.empty()) problem_ = " ";
        }
        at_ = all_.size();
        return 0;
    }
    [[nodiscard]] bool failed() const noexcept { return !problem_.empty(); }
    [[nodiscard]] const std::string& problem() const noexcept { return problem_; }

    [[nodiscard]] bool ignores_case() const noexcept { return ignores_case_; }
    void ignore_case(bool ignored) noexcept { ignores_case_ = ignored; }

    [[nodiscard]] static constexpr bool is_word(char c) noexcept {
        return is_alpha(c) || is_digit(c) || c == '_';
    }

    [[nodiscard]] listed_bytes literal_bytes(std::uint32_t code) const noexcept {
        return {range_bytes(code, code), true};
    }

    /// A number as it may stand between braces; RE2 takes others for literals.
    std::optional<std::uint32_t> take_number() noexcept {
        if (done() || !is_digit(peek())) return std::nullopt;
        if (peek() == '0' && at_ + 1 < all_.size() && is_digit(all_[at_ + 1])) return std::nullopt;
        std::uint32_t number = 0;
        for (; !done() && is_digit(peek()); skip()) {
            if (number >= 100000000) return std::nullopt;
            number = number * 10 + static_cast<std::uint32_t>(peek() - '0');
        }
        return number;
    }

    /// One character of UTF-8.
    std::uint32_t take_code_point() {
        const std::size_t from = at_;
        const std::uint32_t lead = byte_at(&all_[at_++]);
        if (lead < 0x80) return lead;
        const int more = lead < 0xc2 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : lead < 0xf5 ? 3 : 0;
        std::uint32_t code = lead & (0x3fU >> more);
        for (int i = 0; i < more; ++i) {
            if (done() || (byte_at(&all_[at_]) & 0xc0) != 0x80) return fail(from, at_);
            code = code << 6 | (byte_at(&all_[at_++]) & 0x3f);
        }
        const bool overlong = (more == 2 && code < 0x800) || (more == 3 && code < 0x10000);
        return more == 0 || overlong || code > 0x10ffff ? fail(from, at_) : code;
    }

    /// A character, escaped or not.
    std::uint32_t take_character() {
        const std::size_t from = at_;
        if (!take("\\")) return take_code_point();
        if (done()) return fail(from, at_);
        const char c = peek();
        if (c >= '0' && c <= '7') return take_octal(from);
        if (take("x")) return take_hexadecimal(from);
        const std::size_t control = std::string_view("aftnrv").find(c);
        skip();
        if (control != std::string_view::npos) {
            return byte_at(&std::string_view("\a\f\t\n\r\v")[control]);
        }
        if (byte_at(&c) < 0x80 && (!is_word(c) || c == '_')) return byte_at(&c);
        if (to_lower(c) != 'p') return fail(from, at_);
        const std::size_t end = sees("{") ? all_.find('}', at_) : at_;  // `\p{Greek}` or `\pN`
        return fail(from, end == all_.npos ? at_ : end + 1);
    }

    /// `\d`, `\W` and their like.
    std::optional<origin_byte_set> take_named_class() noexcept {
        if (!sees("\\") || at_ + 1 == all_.size()) return std::nullopt;
        const char c = all_[at_ + 1];
        origin_byte_set named;
        switch (to_lower(c)) {
        case 'd': named = digit_bytes; break;
        case 'w': named = word_bytes; break;
        case 's': break;
        default: return std::nullopt;
        }
        at_ += 2;
        return is_upper(c) ? all_bytes - named : named;
    }

    /// `[...]`
    listed_bytes take_class() {
        const std::size_t from = at_;
        skip();
        const bool negated = take("^");
        listed_bytes members{{}, !negated};
        for (bool first = true; !failed() && (first || !sees("]")); first = false) {
            if (done()) return fail(from, at_), listed_bytes{};
            if (const std::optional<origin_byte_set> named = take_class_name()) {
                members = {members.bytes | *named, false};
                continue;
            }
            const std::uint32_t low = take_character();
            std::uint32_t high = low;
            if (sees("-") && at_ + 1 < all_.size() && all_[at_ + 1] != ']') {
                skip();
                high = take_character();
                members.listed = members.listed && low == high;
            }
            if (high < low) fail(from, at_);
            members.bytes |= range_bytes(low, high);
        }
        skip_if_there();
        if (negated) members.bytes = all_bytes - members.bytes;
        return members;
    }

private:
    void skip_if_there() noexcept {
        if (!done()) skip();
    }

    /// `[:alpha:]`, `\d` and their like, inside of a class.
    std::optional<origin_byte_set> take_class_name() {
        const std::size_t end = sees("[:") ? all_.find(":]", at_ + 2) : all_.npos;
        if (end == all_.npos) return take_named_class();
        const std::size_t from = at_;
        at_ += 2;
        const bool negated = take("^");
        const std::string_view name = all_.substr(at_, end - at_);
        at_ = end + 2;
        origin_byte_set named;
        if (name == "alnum") {
            named = word_bytes - byte('_');
        } else if (name == "alpha") {
            named = lower_bytes | upper_bytes;
        } else if (name == "lower") {
            named = lower_bytes;
        } else if (name == "upper") {
            named = upper_bytes;
        } else if (name == "ascii" || name == "graph" || name == "print") {
            named = all_bytes;
        } else if (name == "digit") {
            named = digit_bytes;
        } else if (name == "punct") {
            named = all_bytes - (word_bytes - byte('_'));
        } else if (name == "word") {
            named = word_bytes;
        } else if (name == "xdigit") {
            named = digit_bytes | fold_case(bytes_of("abcdef"));
        } else if (name != "blank" && name != "cntrl" && name != "space") {
            fail(from, at_);
        }
        if (ignores_case_) named = fold_case(named);
        return negated ? all_bytes - named : named;
    }

    std::uint32_t take_octal(std::size_t from) {
        // One digit but 0 would be a reference to a group.
        const bool alone = at_ + 1 == all_.size() || all_[at_ + 1] < '0' || all_[at_ + 1] > '7';
        if (peek() != '0' && alone) return fail(from, at_ + 1);
        std::uint32_t code = 0;
        for (int i = 0; i < 3 && !done() && peek() >= '0' && peek() <= '7'; ++i, skip()) {
            code = code * 8 + static_cast<std::uint32_t>(peek() - '0');
        }
        return code;
    }

    std::uint32_t take_hexadecimal(std::size_t from) {
        const bool braces = take("{");
        std::uint32_t code = 0;
        std::size_t digits = 0;
        while (!done() && hex_value(peek()) >= 0 && (braces || digits < 2)) {
            code = code * 16 + static_cast<std::uint32_t>(hex_value(peek()));
            if (code > 0x10ffff) return fail(from, at_);
            ++digits;
            skip();
        }
        if (braces ? digits == 0 || !take("}") : digits != 2) return fail(from, at_);
        return code;
    }

    /// What a range of characters has in common with origins.
    [[nodiscard]] origin_byte_set range_bytes(std::uint32_t low,
                                              std::uint32_t high) const noexcept {
        origin_byte_set bytes;
        for (std::uint32_t code = low; code <= high && code < 0x80; ++code) {
            bytes.add(static_cast<char>(code));
        }
        if (!ignores_case_) return bytes;
        // Two characters beyond ASCII that are the same as a letter if case is ignored.
        constexpr std::uint32_t long_s = 0x17f, kelvin = 0x212a;
        if (low <= long_s && long_s <= high) bytes.add('s');
        if (low <= kelvin && kelvin <= high) bytes.add('k');
        return fold_case(bytes);
    }

    std::string_view all_;
    std::size_t at_ = 0;
    bool ignores_case_ = false;
    std::string problem_{};
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
