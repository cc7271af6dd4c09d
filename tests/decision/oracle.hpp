// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_DECISION_ORACLE_HPP
#define CORSAC_TESTS_DECISION_ORACLE_HPP

#include <corsac/corsac.hpp>

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

// The whole server procedure once more, in the most obvious way, from the Fetch standard and from
// what the options say of themselves; nothing of corsac is used for it.

namespace oracle {

using strings = std::vector<std::string>;

// --- Text
// -----------------------------------------------------------------------------------------

inline std::string lower(std::string text) {
    for (char& c : text) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return text;
}
inline bool only(const std::string& text, const std::string& members) {
    return text.find_first_not_of(members) == std::string::npos;
}
inline bool has_prefix(const std::string& text, const std::string& prefix) {
    return text.compare(0, prefix.size(), prefix) == 0;
}
inline bool has_suffix(const std::string& text, const std::string& suffix) {
    return text.size() >= suffix.size() &&
           text.compare(text.size() - suffix.size(), suffix.size(), suffix) == 0;
}
inline strings split(const std::string& text, char separator) {
    strings parts{""};
    for (const char c : text) {
        if (c == separator) {
            parts.emplace_back();
        } else {
            parts.back() += c;
        }
    }
    return parts;
}
inline std::string join(const strings& parts, const std::string& separator) {
    std::string all;
    for (const std::string& part : parts) all += (all.empty() ? "" : separator) + part;
    return all;
}
inline std::string trim(std::string text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.erase(0, 1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.pop_back();
    return text;
}

inline const std::string digits = "0123456789";
inline const std::string lower_letters = "abcdefghijklmnopqrstuvwxyz";

inline bool is_token(const std::string& text) {
    return !text.empty() &&
           only(text, digits + lower_letters + "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-.^_`|~");
}

// --- Origins
// --------------------------------------------------------------------------------------

struct tuple_origin {
    std::string scheme, host, port;
};

inline std::string default_port(const std::string& scheme) {
    const std::map<std::string, std::string> known{
        {"https", "443"}, {"wss", "443"}, {"http", "80"}, {"ws", "80"}, {"ftp", "21"}};
    const auto found = known.find(scheme);
    return found == known.end() ? "" : found->second;
}

inline bool is_ipv4(const std::string& host) {
    const strings parts = split(host, '.');
    return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](const auto& part) {
               return !part.empty() && part.size() <= 3 && only(part, digits) &&
                      (part == "0" || part[0] != '0') && std::stoi(part) <= 255;
           });
}

/// An IPv6 address as browsers write it: in lower case, the first of its longest runs of zeros
/// shortened, but no single zero.
inline bool is_ipv6(const std::string& text) {
    const std::size_t gap = text.find("::");
    const bool gapped = gap != std::string::npos;
    if (gapped && text.find("::", gap + 1) != std::string::npos) return false;
    strings groups;
    std::size_t gap_begin = 0;
    std::size_t gap_end = 0;
    const strings parts{text.substr(0, gap), gapped ? text.substr(gap + 2) : ""};
    for (const std::string& part : parts) {
        for (const std::string& group : part.empty() ? strings{} : split(part, ':')) {
            if (group.empty() || group.size() > 4 || !only(group, digits + "abcdef")) return false;
            if (group.size() > 1 && group[0] == '0') return false;
            groups.push_back(group);
        }
        if (&part == &parts[0]) gap_begin = gap_end = groups.size();
    }
    if (gapped) {
        while (groups.size() < 8) {
            groups.insert(groups.begin() + static_cast<std::ptrdiff_t>(gap_begin), "0");
            ++gap_end;
        }
    }
    if (groups.size() != 8) return false;
    std::size_t longest = 1;
    std::size_t longest_begin = 0;
    for (std::size_t begin = 0; begin < 8; ++begin) {
        std::size_t end = begin;
        while (end < 8 && groups[end] == "0") ++end;
        if (end - begin > longest) {
            longest = end - begin;
            longest_begin = begin;
        }
    }
    if (longest == 1) return !gapped;
    return gapped && gap_begin == longest_begin && gap_end - gap_begin == longest;
}

/// Whether a label makes its host an IPv4 address, or wrong.
inline bool is_number(const std::string& label) {
    if (only(label, digits)) return true;
    return (has_prefix(label, "0x") || has_prefix(label, "0X")) &&
           only(label.substr(2), digits + "abcdefABCDEF");
}

/// A host as browsers write it, and with the `_` that they let through.
inline bool is_host(const std::string& host, bool opaque) {
    if (has_prefix(host, "[")) {
        return has_suffix(host, "]") && is_ipv6(host.substr(1, host.size() - 2));
    }
    if (host.size() > 253) return false;
    if (opaque) {
        return std::all_of(host.begin(), host.end(), [](char c) {
            return c > ' ' && c < '\x7f' &&
                   std::string("#/:<>?@[\\]^|").find(c) == std::string::npos;
        });
    }
    strings labels = split(host, '.');
    if (labels.size() > 1 && labels.back().empty()) labels.pop_back();
    for (const std::string& label : labels) {
        if (label.empty() || !only(label, digits + lower_letters + "-_")) return false;
    }
    return !is_number(labels.back()) || is_ipv4(host);
}

/// What the oracle takes for the serialisation of an origin that is not opaque.
inline std::optional<tuple_origin> read_origin(const std::string& text) {
    if (text.size() > 318) return {};  // a scheme of 56, `://`, a host of 253, `:65535`
    const std::size_t colon = text.find("://");
    if (colon == std::string::npos || colon == 0) return {};
    tuple_origin origin{text.substr(0, colon), text.substr(colon + 3), ""};
    if (!only(origin.scheme, digits + lower_letters + "+-.")) return {};
    if (lower_letters.find(origin.scheme[0]) == std::string::npos) return {};
    const std::size_t port = origin.host.find(':', origin.host.rfind(']') + 1);
    if (port != std::string::npos) {
        origin.port = origin.host.substr(port + 1);
        origin.host.erase(port);
        const std::string& p = origin.port;
        if (p.empty() || p.size() > 5 || !only(p, digits) || p[0] == '0') return {};
        if (std::stoi(p) > 65535 || p == default_port(origin.scheme)) return {};
        if (origin.host.empty()) return {};
    }
    if (!is_host(origin.host, default_port(origin.scheme).empty())) return {};
    return origin;
}

inline bool host_matches(const std::string& pattern, const std::string& host) {
    const std::size_t star = pattern.find('*');
    if (star == std::string::npos) return host == pattern;
    if (pattern == "*") return true;
    const std::string before = pattern.substr(0, star);
    const std::string after = pattern.substr(star + 1);
    if (host.size() <= before.size() + after.size()) return false;
    if (!has_prefix(host, before) || !has_suffix(host, after)) return false;
    const bool whole_labels = before.empty() && after[0] == '.';
    const std::string between =
        host.substr(before.size(), host.size() - before.size() - after.size());
    return whole_labels || only(lower(between), digits + lower_letters + "-");
}

inline bool entry_matches(const std::string& entry, const std::string& text) {
    const std::optional<tuple_origin> origin = read_origin(text);
    if (entry == "*") return text == "null" || origin;
    if (entry == "null") return text == "null";
    if (!origin) return false;
    const std::size_t colon = entry.find("://");
    const std::string scheme = lower(entry.substr(0, colon));
    std::string host = entry.substr(colon + 3);
    if (!default_port(scheme).empty() || has_prefix(host, "[")) host = lower(host);
    std::string port;
    if (const std::size_t at = host.find(':', host.rfind(']') + 1); at != std::string::npos) {
        port = host.substr(at + 1);
        host.erase(at);
    }
    if (port == default_port(scheme)) port = "";
    return origin->scheme == scheme && host_matches(host, origin->host) &&
           (port == "*" || origin->port == port);
}

// --- The server's procedure
// -----------------------------------------------------------------------

/// The options of a policy, in the oracle's own terms.
struct rules {
    strings origins, methods, headers, expose, own;
    bool credentials = false;
    std::optional<int> max_age{};
    int granted_status = 204;
    int denied_status = 403;
    bool reject_disallowed = false;
    bool reject_writes = false;
    bool disclose_requested_only = false;
    bool advertise = false;
    bool forward_denied = false;
    bool forward_granted = false;
    bool keep_existing = false;
    bool private_network = false;
    bool refuse_credentials = false;
    bool shadow = false;
};

struct field_line {
    std::string name, value;
};
using field_lines = std::vector<field_line>;

struct request {
    std::string verb;
    field_lines lines;

    [[nodiscard]] const std::string& method() const noexcept { return verb; }
    template <class F>
    void visit(const F& f) const {
        for (const field_line& line : lines) f(line.name, line.value);
    }
    [[nodiscard]] strings values(const std::string& name) const {
        strings found;
        for (const field_line& line : lines) {
            if (lower(line.name) == name) found.push_back(trim(line.value));
        }
        return found;
    }
};

struct answer {
    std::string verdict;  ///< not_cors, allowed, refused
    int status = 0;
    std::multiset<std::string> headers{};  ///< `name: value`, all but Vary
    std::set<std::string> vary{};

    friend bool operator==(const answer&, const answer&) = default;
};

inline bool contains(const strings& list, const std::string& item) {
    return std::find(list.begin(), list.end(), item) != list.end();
}

/// The list as it is sent: what is written twice counts once, in the spelling of the first.
inline strings unique(const strings& list, bool ignore_case) {
    strings kept;
    std::set<std::string> seen;
    for (const std::string& item : list) {
        if (seen.insert(ignore_case ? lower(item) : item).second) kept.push_back(item);
    }
    return kept;
}

inline bool header_allowed(const rules& p, const std::string& name) {
    bool any = false;
    for (const std::string& listed : p.headers) {
        if (listed == "*") {
            any = true;
        } else if (lower(listed) == name) {
            return true;
        }
        if (listed.size() > 1 && listed.back() == '*') {
            const std::string prefix = lower(listed.substr(0, listed.size() - 1));
            any = any || (has_prefix(name, prefix) && name.size() > prefix.size());
        }
    }
    return any && name != "authorization" && name != "*";
}

/// Whether a page of this very server sent the request, as far as can be told.
inline bool from_here(const rules& p, const request& r) {
    const strings site = r.values("sec-fetch-site");
    const strings origin = r.values("origin");
    if (origin.size() == 1 && contains(p.own, origin[0])) return true;
    if (!site.empty() && !site.back().empty()) return site.back() == "same-origin";
    const strings host = r.values("host");
    const std::string scheme = origin.empty() ? "" : origin[0].substr(0, origin[0].find(':'));
    // Of an application's own scheme is no page that a server has.
    const bool is_page =
        origin.size() == 1 && read_origin(origin[0]) && !default_port(scheme).empty();
    const std::string authority = is_page ? origin[0].substr(scheme.size() + 3) : "";
    const bool has_port = !authority.empty() && !read_origin(origin[0])->port.empty();
    const std::string port = has_port ? "" : default_port(scheme);
    const std::string standard = port.empty() ? "" : ":" + port;
    return !authority.empty() && host.size() == 1 &&
           (lower(host[0]) == authority || lower(host[0]) == authority + standard);
}

/// What Go's http.CrossOriginProtection rejects, with the entries that name somebody as trusted.
inline bool is_rejected_write(const rules& p, const request& r) {
    if (!p.reject_writes || r.verb == "GET" || r.verb == "HEAD" || r.verb == "OPTIONS")
        return false;
    const strings site = r.values("sec-fetch-site");
    const strings origin = r.values("origin");
    if (!site.empty() && site.back() == "none") return false;
    if ((site.empty() || site.back().empty()) && origin.empty()) return false;
    if (from_here(p, r)) return false;
    for (const std::string& entry : p.origins) {
        if (entry == "null") continue;
        const std::size_t colon = entry.find("://");
        const bool anyone = entry == "*" ||
                            entry.substr(colon + 3, 1) + entry.substr(colon + 4, 1) == "*" ||
                            entry.substr(colon + 3, 2) == "*:";
        if (!anyone && origin.size() == 1 && entry_matches(entry, origin[0])) return false;
    }
    return true;
}

inline answer expected_answer(const rules& p, const request& r, const field_lines& written) {
    const strings origins = r.values("origin");
    const strings methods = r.values("access-control-request-method");
    const bool any_origin = contains(p.origins, "*");
    const bool star = any_origin && !p.credentials;
    bool granted = false;
    for (const std::string& entry : p.origins) {
        granted = granted || (origins.size() == 1 && entry_matches(entry, origins[0]));
    }
    if (star) granted = origins.size() == 1;
    const bool preflight =
        r.verb == "OPTIONS" && !origins.empty() && !methods.empty() && !methods[0].empty();

    answer result;
    std::map<std::string, std::string> ours;
    const auto share = [&] {
        ours["access-control-allow-origin"] = star ? "*" : origins[0];
        if (p.credentials) ours["access-control-allow-credentials"] = "true";
        const std::string exposed = join(unique(p.expose, true), ", ");
        if (!exposed.empty()) ours["access-control-expose-headers"] = exposed;
    };
    if (!star || (!origins.empty() && !granted)) result.vary.insert("origin");
    if (r.verb == "OPTIONS") {
        result.vary.insert("access-control-request-method");
        result.vary.insert("access-control-request-headers");
        if (p.private_network) result.vary.insert("access-control-request-private-network");
    }
    if (!preflight) {
        const bool withheld = p.refuse_credentials &&
                              !(r.values("cookie").empty() && r.values("authorization").empty());
        result.verdict = origins.empty() ? "not_cors" : granted ? "allowed" : "refused";
        const strings mode = r.values("sec-fetch-mode");
        const bool embedded =
            (r.verb == "GET" || r.verb == "HEAD") && !mode.empty() && mode.back() == "no-cors";
        if (result.verdict == "refused" && p.reject_disallowed && !embedded && !from_here(p, r)) {
            result.status = 403;
        }
        if (result.verdict == "allowed" && withheld) result.verdict = "refused";
        const bool rejected = is_rejected_write(p, r);
        if ((granted || (origins.empty() && star)) && !withheld && !rejected) share();
        if (rejected) {
            result.verdict = "refused";
            result.status = 403;
        }
        if (p.refuse_credentials) result.vary.insert({"cookie", "authorization"});
    } else {
        const std::string& method = methods[0];
        const bool any_method = contains(p.methods, "*");
        const bool reflect_method = any_method || p.disclose_requested_only;
        bool pass =
            granted && methods.size() == 1 && is_token(method) && method.size() <= 64 &&
            (method == "GET" || method == "HEAD" || method == "POST" || any_method ||
             contains(p.methods, method) || (p.advertise && !reflect_method && !p.methods.empty()));

        bool reflect_headers = p.disclose_requested_only;
        for (const std::string& listed : p.headers) {
            reflect_headers = reflect_headers || listed.back() == '*';
        }
        const strings lines = r.values("access-control-request-headers");
        strings names;
        std::size_t elements = 0;
        std::size_t bytes = 0;
        std::size_t lines_with_text = 0;
        for (const std::string& line : lines) {
            // Trimmed here, and not where the limit is: near it the two may differ.
            bytes += line.size() + 1;
            lines_with_text += line.empty() ? 0U : 1U;
            for (const std::string& element : split(line, ',')) {
                const std::string name = lower(trim(element));
                if (++elements > 128) pass = false;
                if (name.empty()) continue;
                names.push_back(name);
                pass = pass && is_token(name) &&
                       (header_allowed(p, name) || (p.advertise && !reflect_headers));
            }
        }

        pass = pass && bytes <= 4096 && (!reflect_headers || lines_with_text <= 16);
        result.verdict = pass ? "allowed" : "refused";
        if (pass) {
            share();
            result.status = p.forward_granted ? 0 : p.granted_status;
            const std::string sent_methods =
                reflect_method ? method : join(unique(p.methods, false), ", ");
            const std::string sent_headers = reflect_headers ? join(unique(names, false), ",")
                                                             : join(unique(p.headers, true), ", ");
            if (!sent_methods.empty()) ours["access-control-allow-methods"] = sent_methods;
            if (!sent_headers.empty()) ours["access-control-allow-headers"] = sent_headers;
            if (p.max_age) ours["access-control-max-age"] = std::to_string(*p.max_age);
            const strings asked = r.values("access-control-request-private-network");
            if (p.private_network && !asked.empty() && asked.back() == "true") {
                ours["access-control-allow-private-network"] = "true";
            }
        } else if (!p.forward_denied) {
            result.status = p.denied_status;
        }
    }

    const bool ours_alone = !p.keep_existing && !p.shadow;
    if (p.shadow) {
        ours.clear();
        result.vary.clear();
        result.status = 0;
    }
    for (const field_line& line : written) {
        const std::string name = lower(line.name);
        if (name == "vary") {
            for (const std::string& token : split(line.value, ',')) {
                result.vary.insert(lower(trim(token)));
            }
        } else if (!has_prefix(name, "access-control-") || p.shadow ||
                   (!ours_alone && ours.count(name) == 0 &&
                    name != "access-control-allow-credentials")) {
            result.headers.insert(name + ": " + line.value);
        }
    }
    for (const auto& [name, value] : ours) result.headers.insert(name + ": " + value);
    return result;
}

// --- corsac's answer in the same terms
// ------------------------------------------------------------

struct sink {
    field_lines& lines;

    void add(std::string_view name, std::string_view value) {
        lines.push_back({std::string{name}, std::string{value}});
    }
    void erase(std::string_view name) {
        std::erase_if(lines, [&](const field_line& l) { return lower(l.name) == name; });
    }
};

inline answer actual_answer(const corsac::decision& d, field_lines lines) {
    corsac::apply(d, sink{lines});
    answer result;
    result.verdict = d.outcome() == corsac::outcome::not_cors  ? "not_cors"
                     : d.outcome() == corsac::outcome::allowed ? "allowed"
                                                               : "refused";
    result.status = d.status();
    for (const field_line& line : lines) {
        const std::string name = lower(line.name);
        if (name != "vary") {
            result.headers.insert(name + ": " + line.value);
            continue;
        }
        for (const std::string& token : split(line.value, ',')) {
            result.vary.insert(lower(trim(token)));
        }
    }
    return result;
}

inline corsac::policy_options to_options(const rules& p) {
    return {
        .allow_origins = p.origins,
        .allow_methods = p.methods,
        .allow_headers = p.headers,
        .expose_headers = p.expose,
        .own_origins = p.own,
        .allow_credentials = p.credentials,
        .max_age = p.max_age,
        .preflight_status = p.granted_status,
        .denied_preflight_status = p.denied_status,
        .reject_disallowed = p.reject_disallowed,
        .reject_cross_origin_writes = p.reject_writes,
        .refuse_credentials = p.refuse_credentials,
        .disclose_requested_only = p.disclose_requested_only,
        .advertise = p.advertise,
        .forward_denied_preflights = p.forward_denied,
        .forward_granted_preflights = p.forward_granted,
        .keep_existing = p.keep_existing,
        .allow_private_network = p.private_network,
        .shadow = p.shadow,
        .dangerously_allow_any_origin_with_credentials = true,
        .dangerously_allow_insecure_origins_with_credentials = true,
        .dangerously_allow_public_suffixes_with_credentials = true,
        .dangerously_allow_null_origin_with_credentials = true,
    };
}

inline std::string describe(const answer& a) {
    std::string text = a.verdict + " " + std::to_string(a.status);
    for (const std::string& line : a.headers) text += " | " + line;
    text += " | vary:";
    for (const std::string& token : a.vary) text += " " + token;
    return text;
}
inline std::string describe(const rules& p) {
    return "origins " + join(p.origins, " ") + " methods " + join(p.methods, " ") + " headers " +
           join(p.headers, " ") + (p.credentials ? " credentials" : "") +
           (p.advertise ? " advertise" : "") + (p.disclose_requested_only ? " disclose" : "") +
           (p.keep_existing ? " keep" : "") + (p.reject_disallowed ? " reject" : "") +
           (p.reject_writes ? " reject_writes" : "") + (p.own.empty() ? "" : " own") +
           (p.refuse_credentials ? " refuse_credentials" : "") + (p.shadow ? " shadow" : "");
}
inline std::string describe(const request& r) {
    std::string text = r.verb;
    for (const field_line& line : r.lines) text += " | " + line.name + ": " + line.value;
    return text;
}

}  // namespace oracle

#endif
