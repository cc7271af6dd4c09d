// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_ENVOY_DETAIL_ROUTE_POLICIES_HPP
#define CORSAC_INTEROP_ENVOY_DETAIL_ROUTE_POLICIES_HPP

#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/export_loss.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/gateway/entries.hpp>
#include <corsac/interop/gateway/objects.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/table/attachment.hpp>
#include <corsac/table/policy_table.hpp>

#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::interop::detail {

/// A `typed_per_filter_config` with other origins.
[[nodiscard]] inline document with_origins(document per_filter, document matchers) {
    per_filter.find(envoy_cors_filter)->set("allow_origin_string_match", std::move(matchers));
    return per_filter;
}

/// All origins of a `typed_per_filter_config` as one regular expression.
[[nodiscard]] inline std::string origins_regex(const document& per_filter) {
    const document* list = per_filter.find(envoy_cors_filter)->find("allow_origin_string_match");
    std::string regex;
    for (std::size_t i = 0; i < list->size(); ++i) {
        if (!regex.empty()) regex += '|';
        const document* exact = list->item(i).find("exact");
        regex += exact != nullptr ? exact->text() == "*" ? ".*" : escape_regex(exact->text())
                                  : list->item(i).find("safe_regex")->find("regex")->text();
    }
    return regex;
}

/// The `typed_per_filter_config`s of a table's scopes, and what they do not say.
class envoy_route_policies {
public:
    /// What holds for all requests of a rule.
    [[nodiscard]] document of_rule(const gateway_entry& entry) {
        const matched_route& found = entry.found;
        if (found.state() == route_state::disabled) return to_envoy_disabled();
        if (found.state() != route_state::governed) return {};
        if (found.exposes_present()) report_exposed(title_of(entry, *found.governing()));
        return of(*found.governing(), title_of(entry, *found.governing()));
    }
    /// The same for requests that go to one backend.
    [[nodiscard]] document of_backend(const gateway_entry& entry, std::size_t backend) {
        const matched_route& found = entry.found;
        const route_state state = found.backend_state(backend);
        // A response of 500 for a filter that is missing has no CORS headers either.
        if (state == route_state::disabled || state == route_state::broken) {
            return to_envoy_disabled();
        }
        if (state != route_state::governed) return {};
        const policy& own = *found.governing(backend);
        if (found.exposes_present(backend)) report_exposed(title_of(entry, own));
        return of(own, title_of(entry, own));
    }

    void report_redirect(const gateway_entry& entry) {
        report({loss_kind::narrower,
                "redirect",
                {},
                "has no CORS headers in Envoy, so that pages "
                "cannot follow it"},
               title_of(entry));
    }

    /// @param title  The object that losses are reported about, once.
    [[nodiscard]] document of(const policy& p, const std::string& title) {
        const auto known = written_.find(&p);
        if (known != written_.end()) return known->second;
        exported config = to_envoy(p, {});
        for (const export_loss& loss : config.losses) report(loss, title);
        return written_.emplace(&p, *std::move(config.value)).first->second;
    }

    [[nodiscard]] static std::string title_of(const gateway_entry& entry) {
        return entry.route->meta.title() + ", " + entry.rule->path;
    }
    /// The object that a policy stands in.
    [[nodiscard]] static std::string title_of(const gateway_entry& entry, const policy& p) {
        std::string title;
        entry.found.visit_attachments([&](const attachment_view& a) {
            if (!title.empty() || a.governs != &p) return;
            title = std::string(a.kind) + ' ' + std::string(a.name);
        });
        return title;
    }

    /// What the objects say beside CORS, and where Envoy compares otherwise.
    void report_others(const gateway_objects& objects) {
        const auto left_out = [this](const std::string& title, const std::string& field) {
            report({loss_kind::other, field, {}, "is no CORS and is left out"}, title);
        };
        bool headers = false;
        for (const http_route& route : objects.routes) {
            for (const http_rule& rule : route.rules) {
                const std::string title = route.meta.title() + ", " + rule.path;
                for (const std::string& field : rule.others) left_out(title, field);
                for (const std::string& field : rule.filters.others) {
                    const bool written = field.find("(RequestRedirect)") != field.npos;
                    if (!written) left_out(title, field);
                }
                for (std::size_t i = 0; i < rule.backends.size(); ++i) {
                    const std::string at = title + ", backendRefs[" + std::to_string(i) + ']';
                    for (const std::string& field : rule.backends[i].filters.others) {
                        left_out(at, field);
                    }
                }
                for (const http_match& match : rule.matches) headers |= !match.headers.empty();
            }
        }
        for (const traffic_policy& from : objects.policies) {
            for (const std::string& field : from.others) left_out(from.meta.title(), field);
        }
        losses_.add(loss_kind::always, "hostnames", {},
                    "Envoy takes the dot at the end of a host for a part of it");
        if (!headers) return;
        losses_.add(loss_kind::always, "headers", {},
                    "Envoy looks at every line of a repeated field, not only at the first");
    }

    [[nodiscard]] export_losses losses() && { return std::move(losses_); }

private:
    void report(export_loss loss, const std::string& title) {
        if (loss.kind != loss_kind::always) loss.field = title + ", " + loss.field;
        if (!reported_.insert(loss.text()).second) return;
        losses_.add(loss.kind, loss.field, loss.written, std::move(loss.message));
    }
    void report_exposed(const std::string& title) {
        report({loss_kind::narrower, "expose_headers", "*",
                "cannot stand for the names in a response where credentials are allowed"},
               title);
    }

    std::map<const policy*, document> written_;
    std::set<std::string> reported_;
    export_losses losses_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
