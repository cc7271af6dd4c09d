// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_PROOF_RESULT_HPP
#define CORSAC_INTEROP_MATCHERS_PROOF_RESULT_HPP

// Tested in tests/interop/matchers/expression_proof.test.cpp.

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/detail/core.hpp>
#include <corsac/origin/origin.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Names that one expression may be proved to end in. They are compared with every origin before
/// an engine runs.
inline constexpr std::size_t max_written_names = 1024;

/// Why an expression is not proved to accept only origins of those whom it names.
enum class proof_gap : std::uint8_t {
    none,            ///< it is proved
    strangers,       ///< there is a witness
    unwritten,       ///< a part of it matches names that are not written in it
    suffix_below,    ///< a name is written below which there are public suffixes: `amazonaws.com`
    not_understood,  ///< a part of it is not understood here
    too_many_names,  ///< more than `max_written_names` are written in it
    too_large,       ///< its repetitions take more than can be looked at
};

namespace detail {

/// Whether a host is a name or one below it. Only opaque hosts have letters in upper case.
[[nodiscard]] constexpr bool is_or_is_below(std::string_view host, std::string_view name) noexcept {
    if (host.size() < name.size()) return false;
    const std::size_t front = host.size() - name.size();
    return equals_ignore_case(host.substr(front), name) && (front == 0 || host[front - 1] == '.');
}

}  // namespace detail

/// What is known of an expression, or of another matcher, from its text alone.
///
/// It is proved if whoever may use an origin that it accepts is named in it: each such origin's
/// host ends, at the border of a label, in a registrable domain that is written in the expression,
/// or is written there as a whole, or is this machine (`localhost`, `*.localhost`, 127.0.0.0/8,
/// `[::1]`). Written are literal characters, alternations of them and classes that list at most
/// eight of them, such as `[ab]`; not `[a-z]`, `\d` or `.`, and no further copies that `*`, `+` or
/// `{1,3}` make. A text that is no serialised origin is not accepted, whatever the expression says,
/// since no matcher is asked for it.
struct expression_proof {
    bool proved = false;
    proof_gap gap = proof_gap::not_understood;  ///< why not

    /// If it is not proved: an origin that it accepts and that a stranger could own; empty if none
    /// was found.
    std::string witness{};

    /// Without a witness: the part of the expression that is not understood or that matches names
    /// that are not written; the name with public suffixes below; all of what is too large.
    std::string unproved_part{};

    /// Whether it accepts the text `null`.
    bool accepts_null = false;

    /// Whether it accepts an origin of `http://` (or `ws://`, `ftp://`) on another machine, or may
    /// do so.
    bool accepts_insecure = false;
    std::string insecure_witness{};  ///< empty if none was found

    /// If it is proved: what is written, in lower case and sorted. Each accepted origin's host is
    /// one of these, or ends in a dot and one of these.
    std::vector<std::string> ends{};

    /// If it is proved: whether addresses of 127.0.0.0/8 are accepted besides.
    bool accepts_loopback_addresses = false;

    /// Whether it is proved to accept no origin but perhaps `null`: `https://A\.example` and
    /// `a\.example` do, which no browser sends.
    [[nodiscard]] bool accepts_no_host() const noexcept {
        return proved && ends.empty() && !accepts_loopback_addresses;
    }

    /// Whether the host of an origin may be accepted: a cheap answer before an engine gives the
    /// right one. True if the expression is not proved.
    [[nodiscard]] bool may_accept(std::string_view host) const noexcept {
        if (!proved) return true;
        if (accepts_loopback_addresses && is_loopback_host(host)) return true;
        return std::any_of(ends.begin(), ends.end(), [host](std::string_view end) {
            return detail::is_or_is_below(host, end);
        });
    }
};

/// What keeps an expression from being proved, as the rest of a sentence: "also accepts
/// https://evilexample.com, which a stranger could own". Empty if it is proved.
[[nodiscard]] inline std::string describe(const expression_proof& proof) {
    switch (proof.gap) {
    case proof_gap::none: break;
    case proof_gap::strangers:
        return "also accepts " + proof.witness + ", which a stranger could own";
    case proof_gap::unwritten:
        return "accepts hosts whose domain it does not write, by " + proof.unproved_part;
    case proof_gap::suffix_below:
        return "also accepts names under public suffixes below " + proof.unproved_part;
    case proof_gap::not_understood:
        return "is not proved to accept no stranger's origin, for " + proof.unproved_part +
               " is not understood here";
    case proof_gap::too_many_names:
        return "names more than " + std::to_string(max_written_names) + " domains";
    case proof_gap::too_large: return "is too large to be proved to accept no stranger's origin";
    }
    return {};
}

}  // namespace corsac::inline v0_2_0::interop

#endif
