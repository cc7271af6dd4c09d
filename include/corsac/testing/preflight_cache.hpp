// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTING_PREFLIGHT_CACHE_HPP
#define CORSAC_TESTING_PREFLIGHT_CACHE_HPP

#include <corsac/testing/cors_check.hpp>
#include <corsac/testing/messages.hpp>
#include <corsac/testing/quirks.hpp>
#include <corsac/testing/safelist.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::testing {

/// How long an answer without a valid `Access-Control-Max-Age` is remembered, in seconds.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch, step 7.9
inline constexpr std::int64_t default_max_age = 5;

/// The number of seconds for which a preflight is remembered.
[[nodiscard]] inline std::int64_t max_age_of(const response& r, const quirks& q) {
    const std::string value = detail::get(r.headers, "access-control-max-age").value_or("");
    if (value.empty()) return default_max_age;
    std::string_view digits = value;
    bool negative = false;
    const bool is_signed = digits.front() == '-' || digits.front() == '+';
    if (q.max_age == max_age_reading::chromium && is_signed) {
        negative = digits.front() == '-';
        digits.remove_prefix(1);
    }
    if (digits.empty() || !detail::all_digits(digits)) {
        return q.max_age == max_age_reading::firefox ? 0 : default_max_age;
    }
    if (q.max_age == max_age_reading::chromium && !detail::fits(digits, 0x7fff'ffff'ffff'ffff)) {
        return default_max_age;
    }
    if (negative) return 0;
    std::int64_t seconds = 0;
    for (const char c : digits) seconds = std::min(seconds * 10 + (c - '0'), q.max_age_limit);
    return seconds;
}

/// The CORS-preflight cache of one browser, on virtual time.
///
/// Times are milliseconds on any clock that only moves forward. The network partition key is left
/// out: every page of one simulated browser shares a partition.
/// Spec: https://fetch.spec.whatwg.org/#concept-cache
class preflight_cache {
public:
    /// What an entry is stored under, beside the method or the header's name.
    struct key {
        /// Serialised, perhaps `null`.
        std::string origin{};
        /// Whole, with query and fragment.
        std::string url{};
    };

    /// Whether a request may be sent without asking again.
    [[nodiscard]] bool covers(const key& k, const preflight_question& asked, std::int64_t now,
                              const quirks& q) {
        std::erase_if(entries_, [&](const entry& e) { return e.expires <= now; });
        const bool standard = !q.caches_one_answer && !q.caches_literally;
        const bool known = any(k, asked, q, [](const entry&) { return true; });
        const bool method_needed = !is_safelisted_method(asked.method) ||
                                   (q.caches_literally && asked.method == "HEAD") ||
                                   (standard && asked.forced);
        const bool enough =
            known && (!method_needed || has_method(k, asked, q)) &&
            std::all_of(asked.names.begin(), asked.names.end(),
                        [&](const std::string& name) { return has_header(k, asked, name, q); });
        if (!enough && q.caches_one_answer) clear(k);
        return enough;
    }

    /// Remembers a preflight that passed its checks.
    void store(const key& k, const response& r, const preflight_question& asked, std::int64_t now,
               const quirks& q) {
        const std::int64_t expires = now + max_age_of(r, q) * 1000;
        if (q.caches_one_answer) clear(k);
        if (q.caches_one_answer) put(k, asked, now, expires, what::mark, {}, q);
        // Firefox keeps the place of what expired, and asks for nothing in it where nothing is
        // needed: POST with an upload listener.
        if (q.caches_literally && expires > now) {
            constexpr auto for_ever = std::numeric_limits<std::int64_t>::max();
            put(k, asked, now, for_ever, what::mark, {}, q);
        }
        const auto methods = detail::extract_tokens(r.headers, "access-control-allow-methods");
        const auto names = detail::extract_tokens(r.headers, "access-control-allow-headers");
        if (!methods.present && asked.forced && !q.missing_methods_list_nothing) {
            put(k, asked, now, expires, what::method, asked.method, q);
        }
        for (const std::string& m : methods.tokens) put(k, asked, now, expires, what::method, m, q);
        for (const std::string& n : names.tokens) {
            put(k, asked, now, expires, what::header, detail::lower(n), q);
        }
    }

    /// Forgets one origin and URL, as a network error does.
    void clear(const key& k) {
        std::erase_if(entries_, [&](const entry& e) { return is_for(e, k); });
    }

    void clear() { entries_.clear(); }

    [[nodiscard]] std::size_t size() const { return entries_.size(); }

private:
    enum class what { method, header, mark };

    struct entry {
        key where{};
        bool credentials = false;
        std::int64_t expires = 0;
        what kind = what::mark;
        /// A method, a header name in lower case, or `*`.
        std::string name{};
    };

    [[nodiscard]] static bool is_for(const entry& e, const key& k) {
        return e.where.origin == k.origin && e.where.url == k.url;
    }

    template <class Accepts>
    [[nodiscard]] bool any(const key& k, const preflight_question& asked, const quirks& q,
                           Accepts accepts) const {
        const bool include = asked.credentials == credentials_mode::include;
        return std::any_of(entries_.begin(), entries_.end(), [&](const entry& e) {
            const bool serves =
                q.caches_literally ? e.credentials == include : e.credentials || !include;
            return is_for(e, k) && serves && accepts(e);
        });
    }

    /// `*` is a literal in what an exchange with credentials listed. The standard's cache does not
    /// say so; its preflight check does.
    [[nodiscard]] static bool is_star(const entry& e, const quirks& q) {
        return e.name == "*" && !q.caches_literally && !(q.caches_one_answer && e.credentials);
    }

    [[nodiscard]] bool has_method(const key& k, const preflight_question& asked,
                                  const quirks& q) const {
        return any(k, asked, q, [&](const entry& e) {
            return e.kind == what::method && (e.name == asked.method || is_star(e, q));
        });
    }

    [[nodiscard]] bool has_header(const key& k, const preflight_question& asked,
                                  const std::string& name, const quirks& q) const {
        return any(k, asked, q, [&](const entry& e) {
            return e.kind == what::header &&
                   (e.name == name || (name != "authorization" && is_star(e, q)));
        });
    }

    void put(const key& k, const preflight_question& asked, std::int64_t now, std::int64_t expires,
             what kind, const std::string& name, const quirks& q) {
        const bool include = asked.credentials == credentials_mode::include;
        bool found = false;
        for (entry& e : entries_) {
            const bool serves =
                q.caches_literally ? e.credentials == include : e.credentials || !include;
            if (!is_for(e, k) || !serves || e.kind != kind || e.name != name) continue;
            e.expires = expires;
            found = true;
        }
        if (!found && expires > now) entries_.push_back({k, include, expires, kind, name});
    }

    std::vector<entry> entries_{};
};

}  // namespace corsac::inline v0_2_0::testing

#endif
