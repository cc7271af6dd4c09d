// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_GATEWAY_DETAIL_NOTES_HPP
#define CORSAC_INTEROP_GATEWAY_DETAIL_NOTES_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/interop/document/problem.hpp>
#include <corsac/interop/gateway/detail/delegation.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/imported.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>
#include <corsac/table/route_match.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace corsac::inline v0_2_0::interop::detail {

/// Notes about a table: what is right as it is written, and probably not what was meant.
class note_taker {
public:
    note_taker(const gateway_import& import, manifest_problems& problems)
        : problems_(problems), entries_(list_entries(import)), rules_(import.rules.size()) {}

    void run() {
        for (std::size_t i = 0; i < entries_.size(); ++i) look_at(i);
        for (const rule_state& rule : rules_) {
            if (rule.entry == nullptr) continue;
            const std::string title = rule.entry->route->meta.title();
            const http_rule& written = *rule.entry->rule;
            if (rule.covered) {
                problems_.note(title, written.path,
                               "no request reaches this rule: others that come before it take all "
                               "of its requests");
            }
            note_preflights(*rule.entry, title, written);
            note_written(title, written.path, written.filters);
            for (std::size_t i = 0; i < written.backends.size(); ++i) {
                note_written(title, written.path + ".backendRefs[" + std::to_string(i) + ']',
                             written.backends[i].filters);
            }
        }
        note_ungoverned();
    }

private:
    /// Entries of one path that are compared with each other; a table of more is made by a program.
    static constexpr std::size_t max_compared = 64;

    struct rule_state {
        const gateway_entry* entry = nullptr;
        bool covered = true;  ///< every match by one that comes before it
    };

    void look_at(std::size_t at) {
        const gateway_entry& entry = entries_[at];
        rule_state& rule = rules_[static_cast<std::size_t>(entry.found.id())];
        rule.entry = &entry;
        bool covered = false;
        for (std::size_t i = at, n = 0; i-- > 0 && n < max_compared && !covered; ++n) {
            const gateway_entry& before = entries_[i];
            if (before.domain != entry.domain || before.match->kind != entry.match->kind) break;
            covered = before.found.listener() == entry.found.listener() &&
                      before.found.id() != entry.found.id() && covers(*before.match, *entry.match);
        }
        rule.covered = rule.covered && covered;
    }

    [[nodiscard]] static std::string_view path_of(const http_match& match) noexcept {
        std::string_view path = match.path;
        if (match.kind != path_kind::prefix) return path;
        while (!path.empty() && path.back() == '/') path.remove_suffix(1);
        return path;
    }

    /// Whether a match takes every request that another one does.
    [[nodiscard]] static bool covers(const http_match& wide, const http_match& narrow) {
        return path_of(wide) == path_of(narrow) && conditions_cover(wide, narrow);
    }

    /// Browsers send no header of the page's with a preflight.
    /// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
    void note_preflights(const gateway_entry& entry, const std::string& title,
                         const http_rule& rule) {
        const route_state state = entry.found.state();
        if (state != route_state::governed && state != route_state::split) return;
        std::string name;
        for (const http_match& match : rule.matches) {
            const std::string own = page_header(match);
            if (own.empty()) return;
            name = own;
        }
        problems_.note(title, rule.path + ".matches",
                       "asks for the header " + name +
                           ", which no preflight carries: the rule's CORS policy never answers "
                           "one, and preflights come to another rule, or to none");
    }

    /// A header in the conditions that browsers do not send by themselves; empty if there is none.
    [[nodiscard]] static std::string page_header(const http_match& match) {
        for (const auto* lines : {&match.headers, &match.header_expressions}) {
            for (const std::string& line : *lines) {
                std::string name = line.substr(0, line.find(':'));
                bool sent = equals_ignore_case(name.substr(0, 4), "sec-") ||
                            equals_ignore_case(name.substr(0, 15), "access-control-") ||
                            equals_ignore_case(name.substr(0, 12), "x-forwarded-");
                for (const std::string_view one :
                     {"origin", "host", "user-agent", "accept", "accept-language",
                      "accept-encoding", "referer", "connection", "via", "forwarded",
                      "x-request-id", "x-real-ip"}) {
                    sent = sent || equals_ignore_case(name, one);
                }
                if (!sent) return name;
            }
        }
        return {};
    }

    void note_written(const std::string& title, const std::string& path,
                      const http_filters& filters) {
        for (const std::string& one : filters.written_cors) {
            const std::size_t space = one.find(' ');
            problems_.note(title, path + '.' + one.substr(0, space),
                           "says " + one.substr(space + 1) +
                               ", which a CORS policy of the rule replaces here; implementations "
                               "differ in what comes last");
        }
    }

    void note_ungoverned() {
        bool any = false;
        for (const rule_state& rule : rules_) {
            any = any || (rule.entry != nullptr && rule.entry->found.governing() != nullptr);
        }
        for (std::size_t i = 0; i < rules_.size() && any; ++i) {
            if (rules_[i].entry == nullptr) continue;
            const gateway_entry& entry = *rules_[i].entry;
            const route_state state = entry.found.state();
            if (state != route_state::ungoverned && state != route_state::disabled) continue;
            problems_.note(entry.route->meta.title(), entry.rule->path,
                           "has no CORS policy: CORS headers that its backends write themselves "
                           "pass through");
        }
    }

    manifest_problems& problems_;
    std::vector<gateway_entry> entries_;
    std::vector<rule_state> rules_;  ///< by `rule_id`
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
