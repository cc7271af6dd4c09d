// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/corsac.hpp>
#include <corsac/origin/public_suffix.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The input is an entry of allow_origins, and origins in the other lines. An entry that builds lets
// in whom a naive reading of the entry lets in, and with credentials nobody whom its author cannot
// vouch for.

namespace {

using fuzz::require;

std::string host_of(const std::string& origin) {
    const corsac::origin_parts parts = corsac::parse_serialized_origin(origin);
    return origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
}

/// The 128 bits of an address in brackets or of four numbers, as text; empty if it is none.
std::string bits_of(const std::string& host) {
    std::string bits;
    const auto add = [&](unsigned long number, unsigned size) {
        for (unsigned at = size; at-- > 0;) bits += (number >> at & 1) != 0 ? '1' : '0';
    };
    if (oracle::is_ipv4(host)) {
        bits = std::string(80, '0') + std::string(16, '1');
        for (const std::string& part : oracle::split(host, '.')) add(std::stoul(part), 8);
    } else if (host.size() > 2 && oracle::is_ipv6(host.substr(1, host.size() - 2))) {
        const std::string inner = host.substr(1, host.size() - 2);
        const std::size_t gap = inner.find("::");
        const std::string left = inner.substr(0, gap);
        const std::string right = gap == inner.npos ? "" : inner.substr(gap + 2);
        const auto add_groups = [&](const std::string& groups) {
            if (groups.empty()) return;
            for (const std::string& group : oracle::split(groups, ':')) {
                add(std::stoul(group, nullptr, 16), 16);
            }
        };
        add_groups(left);
        const std::string before = bits;
        bits.clear();
        add_groups(right);
        bits = before + std::string(128 - before.size() - bits.size(), '0') + bits;
    }
    return bits;
}

/// @param entry  In its canonical spelling.
bool matches(const std::string& entry, const std::string& origin) {
    const std::size_t slash = entry.find('/', entry.find("://") + 3);
    if (entry.find("://") == entry.npos || slash == entry.npos) {
        return oracle::entry_matches(entry, origin);
    }
    // A network. Without it, the entry says which scheme and port.
    const std::string rest = entry.substr(slash + 1);
    const std::string port = rest.find(':') == rest.npos ? "" : rest.substr(rest.find(':'));
    const std::string first = entry.substr(entry.find("://") + 3, slash - entry.find("://") - 3);
    const std::string host = host_of(origin);
    const bool v4 = oracle::is_ipv4(first);
    const std::size_t count = std::stoul(rest) + (v4 ? 96 : 0);
    return oracle::is_ipv4(host) == v4 && !bits_of(host).empty() &&
           bits_of(host).substr(0, count) == bits_of(first).substr(0, count) &&
           oracle::entry_matches(entry.substr(0, entry.find("://") + 3) + host + port, origin);
}

/// Whether the author of an entry can vouch for an origin: it is his, or below a name of his.
bool is_vouched_for(const std::string& entry, const std::string& origin) {
    if (origin == "null" || corsac::is_insecure_origin(origin)) return false;
    const std::size_t begin = entry.find("://") + 3;
    const std::string host = entry.substr(begin, entry.rfind(':') - begin);
    const std::size_t star = host.find('*');
    if (star == host.npos || corsac::is_loopback_host(host_of(origin))) return true;
    const std::size_t dot = host.find('.', star);
    if (dot == host.npos) return false;
    // Hosts of schemes of their own may end in any number of dots.
    const std::string name = host.substr(dot + 1, host.find_last_not_of('.') - dot);
    return !corsac::is_public_suffix(oracle::lower(name)) &&
           oracle::has_suffix(host_of(origin), host.substr(dot));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view entry = fuzz::next_line(rest);
    const auto built = corsac::make_policy({.allow_origins = {entry}});
    const auto trusted = corsac::make_policy({.allow_origins = {entry}, .allow_credentials = true});
    require(built || !trusted, "credentials are no help");
    if (!built) return 0;
    const std::string canonical(built->options().allow_origins[0]);
    std::string written(entry);
    const bool spelled = written.find('[') == written.npos && written.find('/', 8) == written.npos;
    while (!rest.empty()) {
        std::string origin(fuzz::next_line(rest));
        for (int filled = 0; filled < 2; ++filled) {
            const bool meant = matches(canonical, origin);
            require(built->allows_origin(origin) == meant, "as the oracle has it");
            if (spelled)
                require(oracle::entry_matches(written, origin) == meant, "as it is written");
            if (trusted && trusted->allows_origin(origin)) {
                require(meant, "credentials let nobody else in");
                require(is_vouched_for(canonical, origin), "and no stranger");
            }
            // The same line in place of the wildcard.
            const std::size_t star = canonical.find('*');
            if (star == canonical.npos) break;
            origin = canonical.substr(0, star) + origin + canonical.substr(star + 1);
        }
    }
    return 0;
}
