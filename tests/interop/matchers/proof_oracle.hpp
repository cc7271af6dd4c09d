// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_MATCHERS_PROOF_ORACLE_HPP
#define CORSAC_TESTS_INTEROP_MATCHERS_PROOF_ORACLE_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/public_suffix.hpp>
#include <corsac/policy/policy_options.hpp>

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>

// What a proof of an expression says of one origin, read naively.

inline std::string_view host_of(std::string_view origin) {
    const corsac::origin_parts parts = corsac::parse_serialized_origin(origin);
    return origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
}

inline std::string lower(std::string_view text) {
    std::string made(text);
    for (char& c : made) c = corsac::detail::to_lower(c);
    return made;
}

/// Whether one party owns a name and all names below it: right above it there is the longest public
/// suffix that it ends in.
inline bool is_owned(std::string_view name, corsac::public_suffix_predicate consulted) {
    const auto is_suffix = [&](std::string_view host) {
        return corsac::is_public_suffix(host) || (consulted != nullptr && consulted(host));
    };
    if (is_suffix(name) || corsac::is_above_public_suffixes(name)) return false;
    return is_suffix(name.substr(std::min(name.find('.'), name.size() - 1) + 1));
}

/// Whether a host is on one of the names of a proof, and so that whoever owns the name owns it.
inline bool is_covered(const corsac::interop::expression_proof& proof,
                       std::string_view written_host, corsac::public_suffix_predicate consulted) {
    const std::string host = lower(written_host);
    if (proof.accepts_loopback_addresses && host.substr(0, 4) == "127." &&
        corsac::is_loopback_host(host)) {
        return true;
    }
    for (const std::string& end : proof.ends) {
        if (host == end) return true;
        const std::size_t front = host.size() - end.size();
        if (host.size() <= end.size() || host.substr(front) != end || host[front - 1] != '.') {
            continue;
        }
        std::string_view name = end;
        if (!name.empty() && name.back() == '.') name.remove_suffix(1);
        if (name == "localhost") return true;
        if (is_owned(name, consulted)) return true;
    }
    return false;
}

#endif
