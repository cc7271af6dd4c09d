// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_HTTP_CACHE_HPP
#define CORSAC_TESTING_HTTP_CACHE_HPP

#include <corsac/testing/detail/freshness.hpp>
#include <corsac/testing/fetch_options.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// The HTTP cache of one browser, on virtual time: what makes an answer that lacks `Vary: Origin`
/// fail for the second page that asks.
///
/// Only answers to GET are kept (in Firefox, to HEAD as well), one for each key, as browsers do:
/// the next one replaces it. Times are milliseconds on any clock that only moves forward; a
/// response without `Date` was made now. Spec: https://www.rfc-editor.org/rfc/rfc9111
class http_cache {
public:
    /// What an answer is stored under.
    struct key {
        /// The site of the page: pages of other sites do not share what is cached.
        std::string partition{};
        /// Without fragment.
        std::string url{};
        /// Firefox keeps answers to requests with and without credentials apart.
        bool credentials = false;
        /// And those to HEAD.
        bool head = false;

        friend bool operator==(const key&, const key&) = default;
    };

    /// What the cache has for a request.
    struct found {
        /// To be used without asking the server, if `conditions` is empty.
        std::optional<response> stored{};
        /// Header lines that ask the server whether it still is what it was.
        header_list conditions{};

        [[nodiscard]] bool usable() const { return stored && conditions.empty(); }
    };

    /// @param r  The request as it would be sent.
    [[nodiscard]] found look_up(const key& k, const request& r, cache_mode mode, std::int64_t now,
                                const quirks& q) const {
        const bool even_stale =
            mode == cache_mode::force_cache || mode == cache_mode::only_if_cached;
        const bool chromium = q.http_cache == http_cache_rules::chromium;
        const bool other_method =
            chromium &&
            (r.method == "HEAD" || (even_stale && (r.method == "DELETE" || r.method == "PATCH")));
        if (r.method != "GET" && !k.head && !other_method) return {};
        if (bypasses(r, mode, q) || mode == cache_mode::reload) return {};
        const entry* const e = find(k);
        if (e == nullptr) return {};
        const bool same = matches(*e, r);
        const bool authorized =
            q.http_cache == http_cache_rules::firefox && r.first("authorization").has_value();
        const bool fresh = even_stale || (mode != cache_mode::no_cache && now < e->fresh_until);
        if (same && fresh && !authorized) return {e->stored, {}};
        found out{e->stored, {}};
        const auto etag = detail::get(e->stored.headers, "etag");
        const auto modified = detail::get(e->stored.headers, "last-modified");
        if (etag) out.conditions.push_back({"If-None-Match", *etag});
        // The date of another variant says nothing about this one.
        if (modified && same) out.conditions.push_back({"If-Modified-Since", *modified});
        if (out.conditions.empty() || other_method) return {};
        return out;
    }

    /// Takes in what the server answered.
    ///
    /// @param asked  What `look_up` said before the request was sent.
    /// @return       What the page gets: after a 304 the stored response, its headers updated.
    response take(const key& k, const request& r, cache_mode mode, std::int64_t now,
                  const quirks& q, const found& asked, response answered) {
        const bool safe = r.method == "GET" || r.method == "HEAD" || r.method == "OPTIONS" ||
                          (r.method == "PUT" && q.http_cache == http_cache_rules::chromium);
        if (!safe && answered.status < 400) {
            key other = k;
            other.head = true;
            forget(k);
            forget(other);
        }
        if ((r.method != "GET" && !k.head) || bypasses(r, mode, q)) return answered;
        if (answered.status == 304 && asked.stored) {
            response updated = *asked.stored;
            for (const header& h : answered.headers) {
                std::erase_if(updated.headers, [&](const header& old) {
                    return corsac::detail::equals_ignore_case(old.name, h.name);
                });
            }
            updated.headers.insert(updated.headers.end(), answered.headers.begin(),
                                   answered.headers.end());
            updated.decided = std::move(answered.decided);
            answered = std::move(updated);
        }
        store(k, r, now, q, answered);
        return answered;
    }

    void forget(const key& k) {
        std::erase_if(entries_, [&](const entry& e) { return e.at == k; });
    }
    void clear() { entries_.clear(); }
    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    struct entry {
        key at{};
        response stored{};
        std::int64_t fresh_until = 0;
        /// The request's value of each header that `Vary` names.
        std::vector<std::pair<std::string, std::optional<std::string>>> varies{};
        bool varies_on_everything = false;
    };

    [[nodiscard]] static bool bypasses(const request& r, cache_mode mode, const quirks& q) {
        const bool ranges_count = q.http_cache != http_cache_rules::chromium;
        return mode == cache_mode::no_store || (ranges_count && r.first("range"));
    }

    [[nodiscard]] const entry* find(const key& k) const {
        for (const entry& e : entries_) {
            if (e.at == k) return &e;
        }
        return nullptr;
    }

    [[nodiscard]] static bool matches(const entry& e, const request& r) {
        return !e.varies_on_everything &&
               std::all_of(e.varies.begin(), e.varies.end(), [&](const auto& v) {
                   return detail::get(r.headers, v.first) == v.second;
               });
    }

    /// Whether a response may be kept at all, be it for mode `force-cache` only.
    [[nodiscard]] static bool keeps(const response& r, const quirks& q) {
        if (detail::cache_directive(r.headers, "no-store") || r.status == 206) return false;
        if (q.http_cache == http_cache_rules::chromium) return r.status != 401;
        if (q.http_cache == http_cache_rules::firefox) {
            const bool elsewhere = r.status >= 300 && r.status <= 399;
            return r.status != 429 && (!elsewhere || detail::count(r.headers, "location") != 0);
        }
        return r.status != 304;
    }

    /// Spec: https://www.rfc-editor.org/rfc/rfc9110#section-15.1, but for what Firefox leaves out
    [[nodiscard]] static bool can_be_fresh(const response& r, const quirks& q) {
        constexpr int usual[] = {200, 203, 204, 410};
        return q.http_cache != http_cache_rules::firefox || detail::contains(usual, r.status) ||
               (r.status >= 300 && r.status <= 399);
    }

    void store(const key& k, const request& r, std::int64_t now, const quirks& q,
               const response& answered) {
        forget(k);
        if (!keeps(answered, q)) return;
        const std::int64_t fresh = can_be_fresh(answered, q) ? detail::freshness_of(answered) : 0;
        entry e{.at = k, .stored = answered, .fresh_until = now + fresh * 1000};
        detail::for_each_element(detail::get(answered.headers, "vary").value_or(""),
                                 [&](std::string_view name) {
                                     e.varies.emplace_back(name, detail::get(r.headers, name));
                                     e.varies_on_everything = e.varies_on_everything || name == "*";
                                 });
        entries_.push_back(std::move(e));
    }

    std::vector<entry> entries_{};
};

}  // namespace corsac::inline v0_2_0::testing

#endif
