// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_SPACE_HPP
#define CORSAC_TESTS_PROOF_SPACE_HPP

#include "intent.hpp"

#include <corsac/policy/policy.hpp>
#include <corsac/testing/browser.hpp>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The finite space over which the proof runs: every policy with every page and every request.

namespace proof {

namespace sim = corsac::testing;

inline constexpr std::string_view api = "https://api.example/items";

/// Options, and what the library made of them.
struct site {
    corsac::policy_options options{};
    corsac::policy policy;
};

/// 5 sets of origins x credentials x 3 sets of methods x 4 of request headers x 3 of exposed ones
/// x 2 ages. The library refuses some of these as insecure; fields named `dangerously_` keep them
/// in. One cannot be had, `expose_headers = *` with credentials: a second list stands in for it.
[[nodiscard]] inline std::vector<site> all_sites() {
    using list = corsac::text_list;
    const std::array<list, 5> origins = {{{"*"},
                                          {"https://a.site.example"},
                                          {"https://a.site.example", "https://b.site.example"},
                                          {"https://a.site.example", "null"},
                                          {"https://*.site.example"}}};
    const std::array<list, 3> methods = {{{}, {"PUT", "PATCH"}, {"*"}}};
    const std::array<list, 4> headers = {
        {{}, {"X-A", "Content-Type"}, {"*"}, {"*", "Authorization"}}};
    const std::array<list, 3> exposed = {{{}, {"X-One"}, {"*"}}};
    const list instead_of_star = {"X-One", "ETag"};

    std::vector<site> sites;
    for (const list& o : origins) {
        for (const bool credentials : {false, true}) {
            for (const list& m : methods) {
                for (const list& h : headers) {
                    for (std::size_t e = 0; e < exposed.size(); ++e) {
                        for (const bool remembered : {false, true}) {
                            corsac::policy_options options{
                                .allow_origins = o,
                                .allow_methods = m,
                                .allow_headers = h,
                                .expose_headers =
                                    credentials && e == 2 ? instead_of_star : exposed[e],
                                .allow_credentials = credentials,
                                .dangerously_allow_any_origin_with_credentials = true,
                                .dangerously_allow_null_origin_with_credentials = true,
                            };
                            if (remembered) options.max_age = 600;
                            corsac::result<corsac::policy> built = corsac::make_policy(options);
                            if (!built) return {};  // the tests count the sites
                            sites.push_back({std::move(options), *std::move(built)});
                        }
                    }
                }
            }
        }
    }
    return sites;
}

struct page {
    const char* about;
    std::string_view url{};
    /// What arrives as `Origin`, where that is not what a browser sends.
    std::string_view sends{};

    [[nodiscard]] std::string_view origin() const { return sends.empty() ? url : sends; }
};

/// `https://a.site.example` is allowed by every policy of the space.
inline constexpr page pages[] = {
    {"a page that every policy lists", "https://a.site.example"},
    {"a page that some policies list", "https://b.site.example"},
    {"a listed origin as prefix", "https://a.site.example.evil"},
    {"another scheme", "http://a.site.example"},
    {"another port", "https://a.site.example:8443"},
    {"another case, which no browser sends", "https://a.site.example", "https://A.site.example"},
    {"a page without an origin", "null"},
};
inline constexpr std::size_t page_count = std::size(pages);

struct method_row {
    std::string_view written;
    std::string_view sent;
};

inline constexpr method_row method_rows[] = {
    {"GET", "GET"},         {"head", "HEAD"},     {"POST", "POST"},   {"PUT", "PUT"},
    {"put", "PUT"},         {"DELETE", "DELETE"}, {"PATCH", "PATCH"}, {"patch", "patch"},
    {"OPTIONS", "OPTIONS"}, {"*", "*"},
};

struct headers_row {
    sim::header_list written;
    /// Those that need permission, as a preflight lists them.
    std::vector<std::string_view> unsafe;
};

[[nodiscard]] inline const std::array<headers_row, 9>& header_sets() {
    static const std::array<headers_row, 9> rows = {{
        {{}, {}},
        {{{"Accept-Language", "en"}, {"Content-Type", "text/plain"}}, {}},
        {{{"Content-Type", "application/json"}}, {"content-type"}},
        {{{"X-A", "1"}}, {"x-a"}},
        {{{"X-B", "1"}, {"x-a", "1"}}, {"x-a", "x-b"}},
        {{{"X-Ab", "1"}}, {"x-ab"}},
        {{{"Authorization", "Bearer 1"}}, {"authorization"}},
        {{{"X-A", "1"}, {"Authorization", "Bearer 1"}}, {"authorization", "x-a"}},
        {{{"*", "1"}}, {"*"}},
    }};
    return rows;
}

/// One call of `fetch`, or of `XMLHttpRequest` with a listener on its upload.
struct call {
    sim::fetch_options fetch{};
    std::string_view method{};
    std::vector<std::string_view> unsafe{};
    bool preflighted = false;

    [[nodiscard]] bool with_credentials() const {
        return fetch.credentials == sim::credentials_mode::include;
    }
    [[nodiscard]] intent::wish from(std::string_view origin) const {
        return {origin, method, unsafe, with_credentials(), preflighted};
    }
};

[[nodiscard]] inline call make_call(const method_row& method, const headers_row& headers,
                                    sim::credentials_mode credentials, bool upload_listener) {
    return {.fetch = {.url = std::string(api),
                      .method = std::string(method.written),
                      .headers = headers.written,
                      .credentials = credentials,
                      .upload_listener = upload_listener},
            .method = method.sent,
            .unsafe = headers.unsafe,
            .preflighted = upload_listener || !intent::needs_no_permission(method.sent) ||
                           !headers.unsafe.empty()};
}

/// 10 methods x 9 sets of headers x 3 credentials modes x upload listener.
[[nodiscard]] inline std::vector<call> all_calls() {
    std::vector<call> calls;
    for (const method_row& method : method_rows) {
        for (const headers_row& headers : header_sets()) {
            for (const auto credentials :
                 {sim::credentials_mode::omit, sim::credentials_mode::same_origin,
                  sim::credentials_mode::include}) {
                for (const bool upload : {false, true}) {
                    calls.push_back(make_call(method, headers, credentials, upload));
                }
            }
        }
    }
    return calls;
}

/// 3 methods x 3 sets of headers x with or without credentials, each of which is preflighted and
/// leaves something in the preflight cache when it is allowed.
[[nodiscard]] inline std::vector<call> preflighted_calls() {
    std::vector<call> calls;
    for (const std::size_t method : {0U, 3U, 9U}) {       // GET, PUT, *
        for (const std::size_t headers : {3U, 6U, 8U}) {  // X-A, Authorization, *
            for (const auto credentials :
                 {sim::credentials_mode::omit, sim::credentials_mode::include}) {
                calls.push_back(
                    make_call(method_rows[method], header_sets()[headers], credentials, false));
            }
        }
    }
    return calls;
}

/// 3 shapes of request x with or without credentials, for the HTTP cache.
[[nodiscard]] inline std::vector<call> cacheable_calls() {
    std::vector<call> calls;
    for (const auto credentials : {sim::credentials_mode::omit, sim::credentials_mode::include}) {
        calls.push_back(make_call(method_rows[0], header_sets()[0], credentials, false));
        calls.push_back(make_call(method_rows[0], header_sets()[3], credentials, false));
        calls.push_back(make_call(method_rows[3], header_sets()[0], credentials, false));
    }
    return calls;
}

/// The standard, and its one difference that both engines have and that concerns permissions.
[[nodiscard]] inline const std::array<sim::quirks, 2>& variants() {
    static const std::array<sim::quirks, 2> both = {sim::quirks{},
                                                    sim::quirks{.star_covers_authorization = true}};
    return both;
}

/// A request that no browser sends, and that every policy must refuse.
struct stranger {
    const char* about;
    sim::request asked;
};

[[nodiscard]] inline std::vector<stranger> strangers() {
    const std::string a = "https://a.site.example";
    struct row {
        const char* about;
        std::vector<std::string> origins;
    };
    const row impossible_origins[] = {
        {"the same Origin twice", {a, a}},
        {"two Origin lines", {a, "https://b.site.example"}},
        {"two Origin lines, the good one last", {"https://evil.example", a}},
        {"a list of origins", {a + ", https://b.site.example"}},
        {"origins with a space between them", {a + " https://b.site.example"}},
        {"an empty Origin", {""}},
        {"a star as Origin", {"*"}},
        {"null in upper case", {"NULL"}},
        {"an origin with a path", {a + "/"}},
        {"an origin with a user name", {"https://user@a.site.example"}},
        {"an origin with a default port", {a + ":443"}},
        {"an origin with a zero before its port", {a + ":08443"}},
        {"an origin with a wildcard", {"https://*.site.example"}},
        {"a scheme in upper case", {"HTTPS://a.site.example"}},
        {"an origin without a scheme", {"a.site.example"}},
        {"an origin with a quoted end", {a + "\""}},
        {"an origin with a NUL", {a + std::string(1, '\0')}},
        {"an origin of 400 bytes", {"https://" + std::string(380, 'a') + ".example"}},
    };
    std::vector<stranger> all;
    for (const row& r : impossible_origins) {
        sim::request actual{.method = "GET", .url = std::string(api), .headers = {}, .body = {}};
        for (const std::string& origin : r.origins) actual.headers.push_back({"Origin", origin});
        sim::request preflight = actual;
        preflight.method = "OPTIONS";
        preflight.headers.push_back({"Access-Control-Request-Method", "GET"});
        all.push_back({r.about, std::move(actual)});
        all.push_back({r.about, std::move(preflight)});
    }
    const std::pair<const char*, sim::header_list> impossible_questions[] = {
        {"a method with a space", {{"Access-Control-Request-Method", "PU T"}}},
        {"a list of methods", {{"Access-Control-Request-Method", "PUT, PATCH"}}},
        {"two methods",
         {{"Access-Control-Request-Method", "GET"}, {"Access-Control-Request-Method", "GET"}}},
        {"a header name with a space",
         {{"Access-Control-Request-Method", "GET"}, {"Access-Control-Request-Headers", "x-a b"}}},
        {"a malformed name after a good one",
         {{"Access-Control-Request-Method", "GET"}, {"Access-Control-Request-Headers", "x-a,b@c"}}},
        {"a malformed name on the second line",
         {{"Access-Control-Request-Method", "GET"},
          {"Access-Control-Request-Headers", "x-a"},
          {"Access-Control-Request-Headers", "(x)"}}},
    };
    for (const auto& [about, lines] : impossible_questions) {
        sim::request preflight{
            .method = "OPTIONS", .url = std::string(api), .headers = {}, .body = {}};
        preflight.headers.push_back({"Origin", a});
        preflight.headers.insert(preflight.headers.end(), lines.begin(), lines.end());
        all.push_back({about, std::move(preflight)});
    }
    return all;
}

}  // namespace proof

#endif
