// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_FUZZ_TABLE_ORACLE_HPP
#define CORSAC_TESTS_FUZZ_TABLE_ORACLE_HPP

#include "decision/oracle.hpp"

#include <corsac/table/attachment.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

// Routes, and the rule of a request as one finds it who tries every match of every rule.

namespace fuzz::routes {

using oracle::strings;

struct listener {
    std::string hostname;
    std::size_t port;
};
struct route {
    std::string name;
    std::size_t created;
    strings hostnames;
    std::vector<std::size_t> listeners;
};
struct match {
    std::size_t rule;
    bool exact;
    std::string path, method;
    strings headers, query;
};
struct attached {
    corsac::attachment_target target;
    std::size_t created;
    std::string name;
    bool on;
};
struct description {
    std::vector<listener> listeners;
    std::vector<route> routes;
    std::vector<std::size_t> rules;  ///< of which route
    std::vector<match> matches;
    std::vector<attached> attachments;
};
struct request {
    std::string host, path, query, method;
    strings headers;
};

inline std::string host_key(std::string host) {
    if (host.size() > 1 && host.back() == '.') host.pop_back();
    return oracle::lower(host);
}

/// The host of a `Host` field; empty if it is none, so that only routes for every host are left.
inline std::string host_of(std::string field) {
    const bool is_address = oracle::has_prefix(field, "[") && field.find(']') != field.npos;
    if (is_address) field.erase(field.find(']') + 1);
    if (field[0] != '[') field = field.substr(0, field.find(':'));
    field = host_key(field);
    return field.size() > 253 || field[0] == '.' ? "" : field;
}

/// How precisely a hostname covers a host: 0 not at all, 1 as it covers every one.
inline std::size_t covers(const std::string& hostname, const std::string& host) {
    if (hostname.empty()) return 1;
    if (hostname == host) return 1000;
    const std::string suffix = hostname.substr(1);
    const bool below = hostname[0] == '*' && oracle::has_suffix(host, suffix);
    return below && host.size() > suffix.size() ? 1 + suffix.size() : 0;
}

/// What a route's hostname and a listener's have in common.
inline std::optional<std::string> common(const std::string& a, const std::string& b) {
    if (a.empty() || b.empty()) return a + b;
    if (covers(a, b) != 0) return b;
    return covers(b, a) != 0 ? std::optional(a) : std::nullopt;
}

/// The first value of a header (`:`), in any letter case, or of a query parameter (`=`).
inline std::optional<std::string> value_of(const strings& lines, const std::string& name,
                                           char separator) {
    const auto key = [&](const std::string& n) { return separator == ':' ? oracle::lower(n) : n; };
    for (const std::string& line : lines) {
        const std::size_t at = line.find(separator);
        if (key(line.substr(0, at)) == key(name)) return at == line.npos ? "" : line.substr(at + 1);
    }
    return {};
}

inline std::string without_slashes(std::string path) {
    while (!path.empty() && path.back() == '/') path.pop_back();
    return path;
}

inline bool holds(const match& m, const request& r) {
    const std::string prefix = without_slashes(m.path);
    const bool below = r.path == prefix || oracle::has_prefix(r.path, prefix + "/");
    if (r.path[0] != '/' || (m.exact ? r.path != m.path : !below)) return false;
    const auto all = [](const strings& wanted, const strings& lines, char separator) {
        return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& line) {
            const std::size_t at = line.find(separator);
            return value_of(lines, line.substr(0, at), separator) == line.substr(at + 1);
        });
    };
    return (m.method.empty() || m.method == r.method) && all(m.headers, r.headers, ':') &&
           all(m.query, oracle::split(r.query, '&'), '=');
}

/// Whether no other listener of its port covers the host more precisely.
inline bool serves(const description& d, const listener& l, const std::string& host) {
    return l.port == 0 || std::none_of(d.listeners.begin(), d.listeners.end(), [&](const auto& o) {
               return o.port == l.port && covers(o.hostname, host) > covers(l.hostname, host);
           });
}

struct found {
    std::size_t match, listener;
};

/// Spec: https://gateway-api.sigs.k8s.io/reference/spec/#httprouterule
inline std::optional<found> look_up(const description& d, const request& r) {
    const auto rank_of = [&](std::size_t precision, const match& m) {
        const std::size_t path = m.exact ? m.path.size() : without_slashes(m.path).size();
        return std::tuple(precision, m.exact, path, !m.method.empty(), m.headers.size(),
                          m.query.size(), 100 - d.routes[d.rules[m.rule]].created);
    };
    using rank = decltype(rank_of(0, d.matches[0]));
    using tie = std::tuple<std::string, std::size_t, std::size_t, std::size_t>;
    std::optional<found> best;
    rank best_rank;
    tie best_tie;
    for (std::size_t i = 0; i < d.matches.size(); ++i) {
        const match& m = d.matches[i];
        const route& of = d.routes[d.rules[m.rule]];
        std::vector<std::size_t> under = of.listeners;
        if (under.empty()) under.push_back(d.listeners.size());
        for (const std::size_t at : under) {
            const listener l = at < d.listeners.size() ? d.listeners[at] : listener{"", 0};
            std::size_t precision = 0;
            for (const std::string& hostname : of.hostnames.empty() ? strings{""} : of.hostnames) {
                const std::optional<std::string> host = common(l.hostname, hostname);
                if (host) precision = std::max(precision, covers(*host, r.host));
            }
            if (precision == 0 || !serves(d, l, r.host) || !holds(m, r)) continue;
            const rank its_rank = rank_of(precision, m);
            const tie its_tie(of.name, m.rule, i, at);
            const bool loses =
                its_rank < best_rank || (its_rank == best_rank && its_tie > best_tie);
            if (best && loses) continue;
            best = found{i, at};
            best_rank = its_rank;
            best_tie = its_tie;
        }
    }
    return best;
}

/// The attachment that governs what was found: the most specific one, of these the oldest.
inline const attached* governs(const description& d, const found& where) {
    using level = corsac::attachment_level;
    const std::size_t rule = d.matches[where.match].rule;
    const attached* best = nullptr;
    for (const attached& a : d.attachments) {
        const std::size_t scope = a.target.scope;
        const bool here = a.target.level == level::gateway    ? where.listener < d.listeners.size()
                          : a.target.level == level::listener ? scope == where.listener
                          : a.target.level == level::route    ? scope == d.rules[rule]
                                                              : scope == rule;
        const auto rank = [](const attached& of) { return std::tie(of.created, of.name); };
        if (!here || (best != nullptr && a.target.level < best->target.level)) continue;
        if (best == nullptr || a.target.level > best->target.level || rank(a) < rank(*best)) {
            best = &a;
        }
    }
    return best;
}

}  // namespace fuzz::routes

#endif
