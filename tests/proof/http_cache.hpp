// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_HTTP_CACHE_HPP
#define CORSAC_TESTS_PROOF_HTTP_CACHE_HPP

#include "intent.hpp"

#include <corsac/testing/messages.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace proof {

/// A shared HTTP cache between browsers and a server. It honours `Vary` and nothing else: it keeps
/// every answer for good, whatever its status, those to OPTIONS included, as some content delivery
/// networks are configured to do.
///
/// Spec: https://www.rfc-editor.org/rfc/rfc9111#section-4.1
class http_cache {
public:
    enum class stored_answers {
        are_fresh,
        /// Every GET that is stored is revalidated, also where `Vary` does not match, as browsers
        /// do. The server answers 304 with CORS headers alone where it would repeat the status.
        are_stale,
    };

    explicit http_cache(stored_answers age) : age_(age) {}

    template <class Origin>
    [[nodiscard]] corsac::testing::response answer(const corsac::testing::request& r,
                                                   Origin&& origin_server) {
        // The newest entry that matches.
        const auto known = std::find_if(entries_.rbegin(), entries_.rend(), [&](const entry& e) {
            return e.asked.method == r.method && e.asked.url == r.url &&
                   ((age_ == stored_answers::are_stale && r.method == "GET") || matches(e, r));
        });
        if (known == entries_.rend()) {
            entries_.push_back({r, origin_server(r)});
        } else if (age_ == stored_answers::are_stale && r.method == "GET") {
            corsac::testing::response now = origin_server(r);
            const bool not_modified = now.status == known->answered.status;
            entries_.push_back({r, not_modified ? updated(known->answered, now) : now});
        } else {
            return known->answered;
        }
        return entries_.back().answered;
    }

private:
    struct entry {
        corsac::testing::request asked;
        corsac::testing::response answered;
    };

    [[nodiscard]] static std::string joined(const corsac::testing::header_list& list,
                                            std::string_view name) {
        std::string out;
        for (const corsac::testing::header& h : list) {
            if (intent::lower(h.name) == name) out += intent::trimmed(h.value) + ", ";
        }
        return out;
    }

    [[nodiscard]] static bool matches(const entry& e, const corsac::testing::request& r) {
        for (const std::string& element : intent::split(joined(e.answered.headers, "vary"), ',')) {
            const std::string name = intent::lower(intent::trimmed(element));
            if (name == "*") return false;
            if (joined(e.asked.headers, name) != joined(r.headers, name)) return false;
        }
        return true;
    }

    /// A 304 replaces the fields that it has and leaves the others.
    /// Spec: https://www.rfc-editor.org/rfc/rfc9111#section-3.2
    [[nodiscard]] static corsac::testing::response updated(
        corsac::testing::response stored, const corsac::testing::response& not_modified) {
        const auto is_sent = [](const corsac::testing::header& h) {
            const std::string name = intent::lower(h.name);
            return name == "vary" || name.starts_with("access-control-");
        };
        std::erase_if(stored.headers, [&](const corsac::testing::header& old) {
            return is_sent(old) && !joined(not_modified.headers, intent::lower(old.name)).empty();
        });
        for (const corsac::testing::header& h : not_modified.headers) {
            if (is_sent(h)) stored.headers.push_back(h);
        }
        return stored;
    }

    stored_answers age_;
    std::vector<entry> entries_{};
};

}  // namespace proof

#endif
