// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_ROWS_HPP
#define CORSAC_BENCH_ROWS_HPP

#include "messages.hpp"

#include <corsac/policy/policy.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What is measured: policies, and requests to them as browsers send them. Everything that is timed
// or counted, in whatever language, reads its rows from here.

namespace bench {

/// Who is allowed; all else is the same in all policies but the last one.
enum class origins : std::uint8_t {
    one,           ///< `one_origin`
    thousand,      ///< 1,000 tenants
    one_shape,     ///< the subdomains of 1,000 tenants, whose names are equally long
    forty_shapes,  ///< the same of tenants whose names have forty lengths
    ordinary,      ///< four entries, one of each kind
    dearest,       ///< as many patterns as there may be, and as long
    networks,      ///< as many networks
    lists,         ///< as much in two lists, of which this is the policy's own
};

/// Whether other libraries can express it, and code by hand does.
constexpr bool is_common(origins who) noexcept { return who < origins::ordinary; }

inline constexpr std::string_view one_origin = "https://app.example.com";
inline constexpr std::string_view stranger = "https://evil.example.com";
inline constexpr std::size_t many = 1000;

inline constexpr std::string_view methods[] = {"PUT", "DELETE"};
inline constexpr std::string_view headers[] = {"Authorization", "Content-Type", "X-Request-Id"};
inline constexpr std::string_view all_methods = "PUT, DELETE";
inline constexpr std::string_view all_headers = "Authorization, Content-Type, X-Request-Id";
inline constexpr std::string_view exposed = "X-Request-Id";
inline constexpr std::string_view max_age = "600";
inline constexpr std::string_view vary_preflight =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

/// `https://tenant-0000042.example.com`
inline std::string tenant(std::size_t number) {
    const std::string digits = std::to_string(number);
    return "https://tenant-" + std::string(7 - digits.size(), '0') + digits + ".example.com";
}

/// What follows the `https://*.` of a subdomain pattern.
inline std::string tenant_domain(std::size_t number, bool forty_lengths) {
    return tenant(number).substr(8, 14) + std::string(forty_lengths ? number % 40 : 0, 'x') +
           ".example.com";
}

/// That one list may cost beyond what every list does.
inline constexpr std::size_t most_look_ups = corsac::max_look_ups - corsac::look_ups_of_list;

/// A host of 253 bytes: one label of 63 and ninety-odd of one letter.
inline std::string long_host() {
    std::string host(63, 'w');
    while (host.size() + 2 <= 253 - 8) host += ".a";
    return host + ".example";
}

/// What costs a list more than its patterns and networks do: an origin, and one on any port.
inline std::vector<std::string> dear_entries() {
    return {"https://a.invalid", "https://localhost:*"};
}

/// As many patterns as cost that many look-ups, none of which allows the long host: one that is as
/// deep as may be, one that is not, so that every label is looked at, and then what costs most,
/// with a `*` in each place of the host's long label.
inline std::vector<std::string> dear_patterns(std::size_t look_ups) {
    std::vector<std::string> entries = dear_entries();
    const std::string host = long_host();
    entries.push_back("https://*.invalid");
    std::string deep = ".invalid";
    for (std::size_t i = 1; i < corsac::max_pattern_labels; ++i) deep.insert(0, ".a");
    entries.push_back("https://*" + deep);
    const std::string rest = host.substr(63, host.rfind('.') - 63) + ".invalid";
    for (std::size_t i = 1; i <= (look_ups - 2) / corsac::look_ups_in_label; ++i) {
        entries.push_back("https://" + std::string(i, 'w') + "*" + std::string(62 - i, 'w') + rest);
    }
    return entries;
}

/// Networks that all have one address, which is asked for on another port.
inline std::vector<std::string> dear_networks(std::size_t look_ups) {
    std::vector<std::string> entries = dear_entries();
    for (std::size_t i = 0; i < look_ups; ++i) {
        entries.push_back("https://[fd00::]/" + std::to_string(64 + i) + ":8443");
    }
    return entries;
}

inline std::vector<std::string> entries_of(origins who) {
    std::vector<std::string> entries;
    switch (who) {
    case origins::one: return {std::string{one_origin}};
    case origins::thousand:
        for (std::size_t i = 0; i < many; ++i) entries.push_back(tenant(i));
        return entries;
    case origins::one_shape:
    case origins::forty_shapes:
        for (std::size_t i = 0; i < many; ++i) {
            entries.push_back("https://*." + tenant_domain(i, who == origins::forty_shapes));
        }
        return entries;
    case origins::ordinary:
        return {"https://*.example.com", "https://*.example.org", "http://localhost:*",
                "https://preview-*.example.net"};
    case origins::dearest: return dear_patterns(most_look_ups);
    case origins::networks: return dear_networks(most_look_ups);
    case origins::lists: return dear_patterns(corsac::max_look_ups / 2 - corsac::look_ups_of_list);
    }
    std::abort();
}

/// The `number`th of the longest prefixes of header names.
inline std::string long_prefix(std::size_t number) {
    return "x-" + std::string(240, 'h') + std::to_string(100 + number) + "-";
}

template <class Entries>
corsac::policy_options options_of(const Entries& entries) {
    return {.allow_origins = entries,
            .allow_methods = {"PUT", "DELETE"},
            .allow_headers = {"Authorization", "Content-Type", "X-Request-Id"},
            .expose_headers = {exposed},
            .allow_credentials = true,
            .max_age = 600};
}

inline corsac::policy policy_of(const corsac::policy_options& options) {
    auto built = corsac::make_policy(options);
    for (const auto& mistake : built.errors()) std::puts(mistake.message().data());
    if (!built) std::abort();
    return *std::move(built);
}

/// The dearest lists of everything else beside origins.
inline corsac::policy_options options_of_dear(const std::vector<std::string>& entries) {
    corsac::policy_options options = options_of(entries);
    options.dangerously_allow_insecure_origins_with_credentials = true;
    options.dangerously_allow_public_suffixes_with_credentials = true;
    options.allow_headers = {};
    for (std::size_t i = 0; i < corsac::max_header_prefixes; ++i) {
        options.allow_headers.push_back(long_prefix(i) + "*");
    }
    return options;
}

inline corsac::policy policy_of(origins who) {
    const auto entries = entries_of(who);
    return policy_of(who > origins::ordinary ? options_of_dear(entries) : options_of(entries));
}

struct row {
    const char* name = "";
    const char* about = "";
    origins who{};
    const char* verb = "";
    std::string origin{};
    std::string headers{};  ///< Access-Control-Request-Headers; empty for none
    bool granted = false;
    /// A row whose cost this one's is held against; null for none.
    const char* beside = nullptr;
};

inline std::vector<row> rows() {
    const std::string three = "authorization,content-type,x-request-id";
    std::string megabyte;
    while (megabyte.size() < 1024 * 1024) megabyte += three + ',';
    std::string prefixed;
    for (const std::size_t i : {1U, 31U, 63U}) {
        if (!prefixed.empty()) prefixed += ',';
        prefixed += long_prefix(i) + 'a';
    }
    const std::string one{one_origin}, evil{stranger};
    return {
        {"actual", "actual request, allowed", origins::one, "GET", one, "", true, nullptr},
        {"refused", "actual request, refused", origins::one, "GET", evil, "", false, nullptr},
        {"preflight", "preflight with 3 names, granted", origins::one, "OPTIONS", one, three, true,
         nullptr},
        {"refused_preflight", "preflight, refused", origins::one, "OPTIONS", evil, three, false,
         nullptr},
        {"origins", "one of 1,000 origins", origins::thousand, "GET", tenant(577), "", true,
         nullptr},
        {"patterns", "one of 1,000 subdomain patterns", origins::one_shape, "GET",
         "https://app." + tenant_domain(577, false), "", true, nullptr},
        {"shapes", "the same, of 40 lengths", origins::forty_shapes, "GET",
         "https://app." + tenant_domain(577, true), "", true, nullptr},
        {"megabyte", "1 MB of requested names", origins::one, "OPTIONS", one,
         megabyte + "x-unknown", false, nullptr},
        {"long_origin", "an origin of 64 KiB", origins::one_shape, "GET",
         "https://" + std::string(65536, 'a') + ".example.org", "", false, nullptr},
        {"ordinary", "an ordinary policy", origins::ordinary, "GET", "https://a.b.example.com", "",
         true, nullptr},
        {"ordinary_preflight", "its preflight", origins::ordinary, "OPTIONS",
         "https://a.b.example.com", three, true, nullptr},
        {"dearest_host", "the dearest policy: host", origins::dearest, "GET",
         "https://" + long_host(), "", false, "ordinary"},
        {"dearest_lists", "the dearest policy: host, two lists", origins::lists, "GET",
         "https://" + long_host() + ":8443", "", false, "ordinary"},
        {"dearest_address", "the dearest policy: address", origins::networks, "GET",
         "https://[fd00::]:8444", "", false, "ordinary"},
        {"dearest_preflight", "the dearest policy: preflight", origins::dearest, "OPTIONS",
         "https://x" + dear_patterns(2).back().substr(9), prefixed, true, "ordinary_preflight"},
    };
}

/// The request of a row, in field lines as Chromium sends them.
template <class Kind>
typename Kind::request request_of(const row& r) {
    using text = decltype(Kind::request::verb);
    typename Kind::request request{text{r.verb}, {}};
    const auto add = [&](std::string_view name, std::string_view value) {
        request.lines.push_back({text{name}, text{value}});
    };
    add("Host", "api.example.com");
    add("Connection", "keep-alive");
    add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36");
    add("Accept", "*/*");
    add("Origin", r.origin);
    add("Sec-Fetch-Site", "cross-site");
    add("Sec-Fetch-Mode", "cors");
    add("Sec-Fetch-Dest", "empty");
    add("Accept-Encoding", "gzip, deflate, br");
    add("Accept-Language", "en-GB,en;q=0.9");
    if (r.headers.empty()) return request;
    add("Access-Control-Request-Method", "PUT");
    add("Access-Control-Request-Headers", r.headers);
    return request;
}

}  // namespace bench

#endif
