// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_RANDOM_HPP
#define CORSAC_TESTS_PROOF_RANDOM_HPP

#include "intent.hpp"
#include "servers.hpp"
#include "space.hpp"

#include <corsac/policy/policy.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// Policies, origins and requests beyond the finite space: patterns of every kind, ports, prefixes
// of header names, and all the switches. What is drawn depends on the seed alone, on every
// platform.

namespace proof {

/// Not the distributions of the standard library: each implementation draws differently with them.
class dice {
public:
    explicit dice(std::uint32_t seed) : engine_(seed) {}

    [[nodiscard]] std::size_t below(std::size_t n) { return engine_() % n; }
    [[nodiscard]] bool percent(std::size_t n) { return below(100) < n; }

    template <class Range>
    [[nodiscard]] const auto& pick(const Range& from) {
        return std::data(from)[below(std::size(from))];
    }

private:
    std::mt19937 engine_;
};

namespace detail {

[[nodiscard]] inline std::string random_label(dice& d, std::string_view bytes) {
    std::string label;
    for (std::size_t i = d.below(4) + 1; i > 0; --i) label += bytes[d.below(bytes.size())];
    return label;
}

inline constexpr std::string_view ports[] = {"", "", "", ":8080", ":3000", ":*", ":443", ":80"};
inline constexpr std::string_view ends[] = {"example.com", "example.com",  "site.example",
                                            "a.example",   "example.com.", "my_host.example"};
inline constexpr std::string_view starts[] = {"",       "a.",   "app-1-team.", "b.a.",
                                              "app-x.", "x_y.", "team."};
inline constexpr std::string_view wildcards[] = {"*.",          "*.",       "app-*.", "*-team.",
                                                 "app-*-team.", "a.app-*.", "a*.",    "b.*."};

[[nodiscard]] inline std::string in_any_case(dice& d, std::string text) {
    for (char& c : text) {
        if (c >= 'a' && c <= 'z' && d.percent(20)) c = static_cast<char>(c - 'a' + 'A');
    }
    return text;
}

/// One entry of `allow_origins`.
[[nodiscard]] inline std::string random_entry(dice& d) {
    constexpr std::string_view others[] = {"*",
                                           "null",
                                           "http://127.0.0.1:3000",
                                           "http://localhost:*",
                                           "http://[::1]:*",
                                           "https://[2001:db8::1]",
                                           "capacitor://localhost",
                                           "chrome-extension://abcdefgh",
                                           "https://*",
                                           "https://*:*",
                                           "http://*:8080"};
    if (d.percent(25)) return std::string(d.pick(others));
    std::string entry = d.percent(70) ? "https://" : "http://";
    entry += d.percent(50) ? d.pick(starts) : d.pick(wildcards);
    entry += d.pick(ends);
    entry += d.pick(ports);
    return d.percent(10) ? in_any_case(d, entry) : entry;
}

}  // namespace detail

[[nodiscard]] inline corsac::text_list random_list(dice& d, const std::vector<std::string>& from,
                                                   std::size_t longest) {
    corsac::text_list out;
    for (std::size_t i = d.below(longest + 1); i > 0; --i) out.push_back(d.pick(from));
    return out;
}

/// A policy that the library accepts, with everything dangerous allowed.
[[nodiscard]] inline corsac::policy_options random_options(dice& d) {
    corsac::policy_options o;
    for (std::size_t i = d.below(4) + 1; i > 0; --i) {
        o.allow_origins.push_back(detail::random_entry(d));
    }
    o.allow_methods = random_list(d, {"PUT", "PATCH", "DELETE", "patch", "QUERY", "*"}, 3);
    o.allow_headers = random_list(d,
                                  {"X-A", "x-b", "Content-Type", "Authorization", "X-Custom-*",
                                   "X-*", "Auth*", "AUTHORIZATION", "*", "x-custom-id"},
                                  3);
    o.allow_credentials = d.percent(50);
    o.expose_headers = random_list(d, {"X-One", "etag", "X-Two"}, 2);
    if (!o.allow_credentials && d.percent(20)) o.expose_headers = {"*"};
    constexpr std::array<std::int64_t, 4> ages = {0, 1, 600, 86400};
    if (d.percent(70)) o.max_age = d.pick(ages);
    constexpr std::array<std::int32_t, 3> granted = {204, 200, 299};
    constexpr std::array<std::int32_t, 3> denied = {403, 200, 204};
    o.preflight_status = d.pick(granted);
    o.denied_preflight_status = d.pick(denied);
    o.reject_disallowed = d.percent(30);
    o.refuse_credentials = !o.allow_credentials && d.percent(30);
    for (const std::string_view name : o.allow_headers) {
        if (intent::lower(name) == "authorization") o.refuse_credentials = false;
    }
    o.disclose_requested_only = d.percent(40);
    o.advertise = d.percent(25);
    o.forward_denied_preflights = d.percent(25);
    o.forward_granted_preflights = d.percent(20);
    o.keep_existing = d.percent(25);
    o.dangerously_allow_any_origin_with_credentials = true;
    o.dangerously_allow_insecure_origins_with_credentials = true;
    o.dangerously_allow_public_suffixes_with_credentials = true;
    o.dangerously_allow_null_origin_with_credentials = true;
    return o;
}

/// An origin that an entry of the policy names, more or less.
[[nodiscard]] inline std::string random_member(dice& d, const corsac::policy_options& options) {
    const auto& entries = options.allow_origins;
    std::string origin = intent::lower(entries[d.below(entries.size())]);
    if (origin == "null") return origin;
    if (origin == "*") return "https://" + detail::random_label(d, "abcxyz") + ".example";
    if (origin.ends_with(":*")) {
        constexpr std::string_view some[] = {"", ":1", ":8443", ":65535", ":3000"};
        origin.resize(origin.size() - 2);
        origin += d.pick(some);
    }
    if (origin.ends_with(":443") && origin.starts_with("https")) origin.resize(origin.size() - 4);
    if (origin.ends_with(":80") && origin.starts_with("http:")) origin.resize(origin.size() - 3);
    if (const std::size_t star = origin.find('*'); star != std::string::npos) {
        std::string instead = detail::random_label(d, "abz019-");
        if (d.percent(25)) instead += "." + detail::random_label(d, "abz_");
        origin.replace(star, 1, instead);
    }
    return origin;
}

/// The same with something changed.
[[nodiscard]] inline std::string random_neighbour(dice& d, const corsac::policy_options& options) {
    std::string origin = random_member(d, options);
    const std::size_t host = origin.find("://");
    if (host == std::string::npos) return "Null";
    const auto insert = [&](std::size_t at, std::string_view text) {
        origin.insert(std::min(at, origin.size()), text);
    };
    switch (d.below(15)) {
    case 0: insert(origin.size(), ".evil"); break;
    case 1: insert(host + 3, "evil."); break;
    case 2: insert(host + 3, "evil"); break;
    case 3: insert(origin.size(), ":1"); break;
    case 4: insert(origin.size(), ":0443"); break;
    case 5: insert(origin.size(), ":65536"); break;
    case 6: insert(origin.size(), "."); break;
    case 7: insert(origin.size(), "/"); break;
    case 8: insert(host + 3, "user@"); break;
    case 9: insert(0, "x"); break;
    case 10: origin = (origin.starts_with("https") ? "http" : "https") + origin.substr(host); break;
    case 11: origin += ", " + random_member(d, options); break;
    case 12: return "null";
    default: {
        // The judge knows a few IPv6 addresses by heart and cannot read others.
        if (origin.find('[') != std::string::npos) break;
        constexpr std::string_view bytes = "aZ09-_.:/@*% \t#?\\\"'\x7f\x80";
        const std::size_t at = d.below(origin.size());
        const char byte = bytes[d.below(bytes.size())];
        switch (d.below(3)) {
        case 0: origin[at] = byte; break;
        case 1: origin.insert(at, 1, byte); break;
        default: origin.erase(at, 1); break;
        }
    }
    }
    return intent::trimmed(origin);
}

[[nodiscard]] inline std::string random_origin(dice& d, const corsac::policy_options& options) {
    return d.percent(40) ? random_member(d, options) : random_neighbour(d, options);
}

/// An origin whose page the simulated browser can visit.
[[nodiscard]] inline std::string random_page(dice& d, const corsac::policy_options& options) {
    for (int tries = 0; tries < 100; ++tries) {
        std::string origin = random_origin(d, options);
        if (origin == "null") return origin;
        const bool web = origin.starts_with("https://") || origin.starts_with("http://");
        if (web && intent::is_sent_by_browsers(origin)) return origin;
    }
    return "https://elsewhere.example";
}

inline constexpr std::string_view random_names[] = {
    "X-A",       "x-a", "X-B",          "X-C",           "X-Custom-Id",   "x-custom-",   "X-Custom",
    "X-Customs", "X-",  "Content-Type", "Authorization", "authorization", "Auth-Cookie", "Auth",
    "Y-Unknown", "*"};
inline constexpr method_row random_methods[] = {
    {"GET", "GET"},     {"POST", "POST"},   {"HEAD", "HEAD"},    {"put", "PUT"},
    {"PUT", "PUT"},     {"PATCH", "PATCH"}, {"patch", "patch"},  {"Patch", "Patch"},
    {"QUERY", "QUERY"}, {"*", "*"},         {"DELETE", "DELETE"}};

[[nodiscard]] inline call random_call(dice& d, const sim::quirks& quirks) {
    headers_row headers;
    for (std::size_t i = d.below(4); i > 0; --i) {
        const std::string_view name = d.pick(random_names);
        headers.written.push_back({std::string(name), "application/json"});
        headers.unsafe.push_back(name);
    }
    constexpr sim::credentials_mode modes[] = {
        sim::credentials_mode::omit, sim::credentials_mode::same_origin,
        sim::credentials_mode::include, sim::credentials_mode::include};
    return make_call(d.pick(random_methods), headers, d.pick(modes),
                     d.percent(20) && !quirks.upload_listener_needs_body);
}

/// A preflight that no browser writes: any order and case, spaces, empty elements, several lines.
[[nodiscard]] inline sim::request random_preflight(dice& d, const corsac::policy_options& options) {
    sim::request r{.method = "OPTIONS", .url = std::string(api), .headers = {}, .body = {}};
    r.headers.push_back({"Origin", random_origin(d, options)});
    if (d.percent(5)) r.headers.push_back({"Origin", random_origin(d, options)});
    r.headers.push_back(
        {"Access-Control-Request-Method", std::string(d.pick(random_methods).sent)});
    for (std::size_t lines = d.below(4); lines > 0; --lines) {
        std::string names;
        for (std::size_t i = d.below(5); i > 0; --i) {
            constexpr std::string_view between[] = {",", ", ", ",,", " ,\t"};
            if (!d.percent(10)) names += detail::in_any_case(d, std::string(d.pick(random_names)));
            if (d.percent(3)) names += " @";
            names += d.pick(between);
        }
        r.headers.push_back({"access-control-request-HEADERS", names});
    }
    return r;
}

}  // namespace proof

#endif
