// SPDX-License-Identifier: MIT
#ifndef CORSAC_ORIGIN_PUBLIC_SUFFIX_HPP
#define CORSAC_ORIGIN_PUBLIC_SUFFIX_HPP

#include <corsac/origin/detail/public_suffix_walk.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// The part of a host that one party registered: its public suffix and one label more, such as
/// `example.co.uk` of `www.example.co.uk`.
///
/// The Public Suffix List is built in, its private part included: `you.github.io` is a domain of
/// its own. The longest rule counts, exceptions before others, and a top-level domain that is not
/// listed is a public suffix. As in browsers, a wildcard such as `*.ck` makes `ck` itself one, too.
///
/// @param host  In lower case and ASCII (`xn--`), without a port; one trailing dot is ignored. What
///              is spelled otherwise is not listed. An address is taken for a name: `0.1` of
///              `127.0.0.1` would be registered.
/// @return      A part of `host`, without the trailing dot. Empty if the host is a public suffix
///              itself, or if it is none: nothing, a leading dot, or an empty label that counts.
///
/// Cost: one pass over the labels that the list knows and one more, no allocation.
/// Spec: https://github.com/publicsuffix/list/wiki/Format#formal-algorithm
[[nodiscard]] constexpr std::string_view registrable_domain(std::string_view host) noexcept {
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    if (host.empty() || host.front() == '.') return {};
    const std::size_t suffix = detail::public_suffix_size(host);
    if (suffix == 0 || suffix == host.size()) return {};
    const std::size_t end = host.size() - suffix - 1;
    std::size_t begin = end;
    while (begin != 0 && host[begin - 1] != '.') --begin;
    return begin == end ? std::string_view{} : host.substr(begin);
}

/// Whether strangers can register names right under a host: `com`, `co.uk`, `github.io`.
///
/// The same as having no `registrable_domain`, so it is also true of `localhost`, as of every
/// single label that is not listed, and of what is no host at all.
[[nodiscard]] constexpr bool is_public_suffix(std::string_view host) noexcept {
    return registrable_domain(host).empty();
}

/// Whether strangers can register names below a host: it is a public suffix, or one lies below it,
/// as `s3.amazonaws.com` lies below `amazonaws.com`.
///
/// For wildcards: `*.amazonaws.com` stands for names of Amazon's customers.
[[nodiscard]] constexpr bool is_above_public_suffixes(std::string_view host) noexcept {
    if (is_public_suffix(host)) return true;
    if (host.back() == '.') host.remove_suffix(1);
    return detail::has_suffix_rules_below(host);
}

}  // namespace corsac::inline v0_2_0

#endif
