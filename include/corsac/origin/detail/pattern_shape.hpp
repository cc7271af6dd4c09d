// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_DETAIL_PATTERN_SHAPE_HPP
#define CORSAC_ORIGIN_DETAIL_PATTERN_SHAPE_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>

namespace corsac::inline v0_2_0::detail {

/// Where patterns have their `*`: how much is fixed on either side of it.
///
/// Patterns of one shape are found with one look-up, however many there are.
struct pattern_shape {
    static constexpr std::size_t size = 8;

    std::uint32_t prefix = 0;  ///< bytes before the `*`
    std::uint32_t suffix = 0;  ///< bytes after it
    bool any_port = false;

    [[nodiscard]] friend constexpr bool operator==(const pattern_shape&,
                                                   const pattern_shape&) noexcept = default;
};

/// How many labels follow the `*` with which a pattern begins; none of `https://*`.
[[nodiscard]] constexpr std::size_t labels_behind_star(const origin_pattern& pattern) noexcept {
    std::size_t dots = 0;
    for (const char c : pattern.host()) dots += c == '.' ? 1 : 0;
    return dots;
}

/// @param pattern  With a wildcard. If it begins with it, the shape has labels instead of bytes.
[[nodiscard]] constexpr pattern_shape shape_of(const origin_pattern& pattern) noexcept {
    if (pattern.kind() != pattern_kind::in_label) {
        return {0, static_cast<std::uint32_t>(labels_behind_star(pattern)), pattern.any_port()};
    }
    return {static_cast<std::uint32_t>(pattern.wildcard_at()),
            static_cast<std::uint32_t>(pattern.view().size() - pattern.wildcard_at() - 1),
            pattern.any_port()};
}

[[nodiscard]] constexpr pattern_shape read_shape(const char* at) noexcept {
    const std::uint32_t tail = load32(at + 4);
    return {load32(at), tail & 0xffff, tail >> 16 != 0};
}

constexpr void write_shape(char* at, const pattern_shape& shape) noexcept {
    store32(at, shape.prefix);
    store32(at + 4, shape.suffix | std::uint32_t{shape.any_port} << 16);
}

constexpr void add_shape(buffer<pattern_shape>& shapes, const pattern_shape& shape) {
    for (const pattern_shape& known : shapes) {
        if (known == shape) return;
    }
    shapes.push_back(shape);
}

/// What the index of an origin set tells apart: kinds of entries, each with and without `:*`.
/// `https://*` is of the kind of `https://*.com`.
[[nodiscard]] constexpr std::uint8_t entry_kind(pattern_kind kind, bool any_port) noexcept {
    if (kind == pattern_kind::any_host) kind = pattern_kind::subdomains;
    return static_cast<std::uint8_t>(static_cast<unsigned>(kind) << 1 | (any_port ? 1U : 0U));
}

/// Goes through the labels of a host from left to right, for places of a `*` in that order.
class label_cursor {
public:
    /// @param origin  Its host is from `host_begin` to `host_end`.
    constexpr label_cursor(const char* origin, std::size_t host_begin,
                           std::size_t host_end) noexcept
        : origin_(origin), host_end_(host_end), begin_(host_begin), end_(host_begin - 1) {}

    /// Whether a `*` could stand for the bytes from `begin` to `end`: letters, digits and `-` of
    /// one label, which is then the one that the cursor is at.
    /// @param begin  Not before the one that was asked for last.
    [[nodiscard]] constexpr bool has_star(std::size_t begin, std::size_t end) noexcept {
        while (begin > end_ && end_ != host_end_) go_on();
        if (begin < begin_ || end > end_) return false;
        if (plain_end_ < begin) skip_plain(begin, end_);
        return end <= plain_end_;
    }
    [[nodiscard]] constexpr std::size_t begin() const noexcept { return begin_; }
    [[nodiscard]] constexpr std::size_t end() const noexcept { return end_; }

private:
    constexpr void go_on() noexcept {
        begin_ = end_ + 1;
        skip_plain(begin_, host_end_);
        for (end_ = plain_end_; end_ != host_end_ && origin_[end_] != '.';) ++end_;
    }
    constexpr void skip_plain(std::size_t from, std::size_t limit) noexcept {
        plain_end_ = from;
        while (plain_end_ != limit && label_chars[origin_[plain_end_]]) ++plain_end_;
    }

    const char* origin_;
    std::size_t host_end_;
    std::size_t begin_;
    std::size_t end_;
    std::size_t plain_end_ = 0;  // of letters, digits and `-` from where was asked last
};

/// The hash of a pattern with a `*` inside a label, from its parts: what is outside that label is
/// the same for all shapes, and is hashed once.
class in_label_hash {
public:
    explicit constexpr in_label_hash(std::uint64_t key) noexcept : key_(key) {}

    /// @param before  Up to where the label begins.
    /// @param behind  From where it ends, without a port.
    /// @param port    With its colon, if there is one.
    constexpr void set_rest(std::string_view before, std::string_view behind,
                            std::string_view port) noexcept {
        before_ = state_of(before);
        any_port_ = state_of(behind);
        with_port_ = mix(any_port_, state_of(port), key_);
    }
    /// @param head  What of the label is before the `*`.
    constexpr void set_head(std::string_view head) noexcept {
        head_ = mix(before_, state_of(head), key_);
    }
    /// @param tail  What of it is behind.
    [[nodiscard]] constexpr std::uint32_t with_tail(std::string_view tail,
                                                    bool any_port) const noexcept {
        return unfinished_hash{mix(head_, state_of(tail), key_), any_port ? any_port_ : with_port_}
            .finish(key_);
    }

private:
    [[nodiscard]] constexpr std::uint64_t state_of(std::string_view part) const noexcept {
        return begin_hash(part, key_).to_state(key_);
    }

    std::uint64_t key_;
    std::uint64_t before_ = 0;
    std::uint64_t with_port_ = 0;
    std::uint64_t any_port_ = 0;
    std::uint64_t head_ = 0;
};

/// The same of a whole pattern.
[[nodiscard]] constexpr std::uint32_t hash_in_label(const origin_pattern& pattern,
                                                    std::uint64_t key) noexcept {
    const std::string_view text = pattern.view();
    const std::size_t star = pattern.wildcard_at();
    const std::size_t host_end = text.size() - pattern.port().size();
    std::size_t begin = star;
    while (text[begin - 1] != '.' && text[begin - 1] != '/') --begin;
    std::size_t end = star + 1;
    while (end < host_end && text[end] != '.') ++end;
    in_label_hash hash{key};
    hash.set_rest(text.substr(0, begin), text.substr(end, host_end - end), text.substr(host_end));
    hash.set_head(text.substr(begin, star - begin));
    return hash.with_tail(text.substr(star + 1, end - star - 1), pattern.any_port());
}

/// How many labels follow the `*` of entries that begin with it, 0 of `https://*`. Who has more
/// than 30 shares what is said of 31.
class label_counts {
public:
    constexpr void add(std::size_t labels) noexcept {
        bits_ |= bit_of(labels);
        if (labels > most_) most_ = static_cast<std::uint32_t>(labels);
    }
    [[nodiscard]] constexpr bool has(std::size_t labels) const noexcept {
        return (bits_ & bit_of(labels)) != 0;
    }
    [[nodiscard]] constexpr bool any() const noexcept { return bits_ != 0; }
    /// How many counts there are.
    [[nodiscard]] constexpr std::size_t size() const noexcept {
        std::size_t size = 0;
        for (std::uint32_t left = bits_; left != 0; left &= left - 1) ++size;
        return size;
    }
    [[nodiscard]] constexpr std::size_t most() const noexcept { return most_; }

    [[nodiscard]] friend constexpr bool operator==(const label_counts&,
                                                   const label_counts&) noexcept = default;

private:
    [[nodiscard]] static constexpr std::uint32_t bit_of(std::size_t labels) noexcept {
        return std::uint32_t{1} << (labels < 31 ? labels : 31);
    }

    std::uint32_t bits_ = 0;
    std::uint32_t most_ = 0;
};

[[nodiscard]] constexpr std::size_t most_of(const label_counts& a, const label_counts& b) noexcept {
    return a.most() > b.most() ? a.most() : b.most();
}

/// Where the last label of a text begins: behind its last dot, or at `begin` if it has none there.
[[nodiscard]] constexpr std::size_t last_label(const char* at, std::size_t begin,
                                               std::size_t end) noexcept {
#if defined(__GNUC__)
    // Eight bytes at a time; what stands before `begin` may be among them.
    for (; end > begin && end >= 8; end -= 8) {
        constexpr std::uint64_t ones = 0x0101010101010101;
        const std::uint64_t word = load64(at + end - 8) ^ '.' * ones;
        // Adding to seven bits carries into the eighth, unless they are 0.
        const std::uint64_t others = ((word & 0x7f * ones) + 0x7f * ones) | word;
        const std::uint64_t dots = ~others & 0x80 * ones;
        if (dots == 0) continue;
        end -= static_cast<std::size_t>(__builtin_clzll(dots)) / 8;
        break;
    }
#endif
    while (end > begin && at[end - 1] != '.') --end;
    return end > begin ? end : begin;
}

/// The hash of a pattern that begins with `*`, built up from the right, so that all that a host
/// could match are found in one pass over it: first as many labels as all such patterns have, then
/// label by label.
class subdomain_hash {
public:
    /// @param scheme  With its `://`.
    constexpr subdomain_hash(std::string_view scheme, std::uint64_t key) noexcept
        : state_(begin_hash(scheme, key).to_state(key)), key_(key) {}

    /// Goes on to the labels on the left.
    constexpr void add(std::string_view labels) noexcept {
        state_ = mix(state_, begin_hash(labels, key_).to_state(key_), key_);
    }
    /// @param port  `hash_port` of what follows the host.
    [[nodiscard]] constexpr std::uint32_t with_port(std::uint64_t port) const noexcept {
        return unfinished_hash{state_, port}.finish(key_);
    }
    /// @param port  `:8443`, empty for none, or `:*`.
    [[nodiscard]] static constexpr std::uint64_t hash_port(std::string_view port,
                                                           std::uint64_t key) noexcept {
        return begin_hash(port, key).to_state(key);
    }

private:
    std::uint64_t state_;
    std::uint64_t key_;
};

}  // namespace corsac::inline v0_2_0::detail

#endif
