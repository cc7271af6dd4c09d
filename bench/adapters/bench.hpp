// SPDX-License-Identifier: MIT
#ifndef CORSAC_BENCH_ADAPTERS_BENCH_HPP
#define CORSAC_BENCH_ADAPTERS_BENCH_HPP

#include "../allocations.hpp"

#include <corsac/corsac.hpp>

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <functional>
#include <string_view>
#include <utility>
#include <vector>

// What CORS adds to one request on a real framework, in three ways that produce the same headers:
//
//   base    the framework makes and destroys the response, without any CORS
//   ideal   an adapter written by hand for this very policy: constants, no checks; it leaves it to
//           the browser which methods and headers are allowed
//   corsac  the adapter, as it is installed
//   own     the framework's own CORS code, where it has some
namespace bench {

inline constexpr std::string_view allowed = "https://app.example";
inline constexpr std::string_view refused = "https://evil.example";
inline constexpr std::string_view methods = "GET, PUT, DELETE";
inline constexpr std::string_view headers = "Authorization, Content-Type, X-Request-Id";
inline constexpr std::string_view exposed = "X-Request-Id";
inline constexpr std::string_view max_age = "600";
inline constexpr std::string_view vary_preflight =
    "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

inline const corsac::policy& policy() {
    static const corsac::result<corsac::policy> built = corsac::make_policy({
        .allow_origins = {allowed, "https://admin.example", "https://*.team.example"},
        .allow_methods = {"GET", "PUT", "DELETE"},
        .allow_headers = {"Authorization", "Content-Type", "X-Request-Id"},
        .expose_headers = {exposed},
        .allow_credentials = true,
        .max_age = 600,
    });
    if (!built) std::abort();
    return *built;
}

/// The same origins, by hand.
inline bool is_allowed(std::string_view origin) {
    return origin == allowed || origin == "https://admin.example" ||
           (origin.starts_with("https://") && origin.ends_with(".team.example"));
}

/// The headers of a browser's request, without those of CORS.
inline constexpr std::pair<std::string_view, std::string_view> browser_fields[] = {
    {"Host", "api.example"},
    {"User-Agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
                   "Chrome/140.0.0.0 Safari/537.36"},
    {"Accept", "*/*"},
    {"Accept-Language", "en-US,en;q=0.9"},
    {"Accept-Encoding", "gzip, deflate, br, zstd"},
    {"Connection", "keep-alive"},
    {"Referer", "https://app.example/"},
    {"Sec-Fetch-Dest", "empty"},
    {"Sec-Fetch-Mode", "cors"},
};

/// Calls `add(name, value)` for every field line of a request.
template <class Add>
void fill(Add add, std::string_view origin, bool preflight) {
    for (const auto& [name, value] : browser_fields) add(name, value);
    if (!origin.empty()) add(std::string_view{"Origin"}, origin);
    if (!preflight) return;
    add(std::string_view{"Access-Control-Request-Method"}, std::string_view{"PUT"});
    add(std::string_view{"Access-Control-Request-Headers"},
        std::string_view{"authorization,content-type,x-request-id"});
}

/// A framework's benchmarks. They are made once `main` runs: what a request of Drogon's is hashed
/// with does not exist before.
struct group {
    explicit group(void (*make)()) { all().push_back(make); }
    static std::vector<void (*)()>& all();
};

struct way {
    std::string_view name{};  ///< `framework/request/way`
    std::function<void()> answer{};
};

/// All ways in the order in which they were added.
std::vector<way>& ways();

template <class F>
void add(const char* name, F f) {
    ways().push_back({name, f});
    benchmark::RegisterBenchmark(name, [f](benchmark::State& state) { measure(state, f); });
}

}  // namespace bench

#endif
