// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_ORIGIN_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_ORIGIN_VALIDATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/origin/public_suffix.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

/// Whether strangers can register names under `labels`, which follow a wildcard.
[[nodiscard]] constexpr bool is_open_to_strangers(std::string_view labels,
                                                  public_suffix_predicate consulted) {
    // Letter for letter, as a request's host would have to be.
    if (is_loopback_host(labels)) return false;
    text folded;  // hosts of schemes of their own keep their case
    for (const char c : labels) folded.append(to_lower(c));
    labels = folded.view();
    if (!labels.empty() && labels.back() == '.') labels.remove_suffix(1);
    if (is_above_public_suffixes(labels)) return true;
    return consulted != nullptr && consulted(labels);
}

/// Reports a scheme that never arrives.
template <class Add>
constexpr void check_scheme(std::string_view scheme, const Add& add) {
    using enum config_code;
    if (scheme == "ws" || scheme == "wss") {
        add(scheme_never_sent, "has a scheme that no browser sends in Origin",
            "write http:// or https://, the origin of the page that opens the socket");
    } else if (scheme == "file") {
        add(scheme_never_sent,
            "is sent by pages in apps' web views only; on desktops, pages of "
            "files have the origin null, as every stranger's page can have",
            "serve the page, as in http://localhost:*, or keep this for an app's web view");
    } else if (scheme == "data" || scheme == "blob" || scheme == "about" ||
               scheme == "javascript") {
        add(scheme_never_sent, "has a scheme that no browser sends in Origin",
            R"(pages of that scheme have the origin "null", or that of the page they are from)");
    }
}

/// Reports what makes a well-formed pattern insecure, or pointless.
/// @return  Whether it is safe with credentials and no dangerous option.
template <class Report>
constexpr bool check_pattern(const origin_pattern& pattern, std::string_view written,
                             const config_place& place, const policy_options& options,
                             Report& report) {
    using enum config_code;
    const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
        report.add(code, place, written, what, advice);
    };
    bool safe = true;
    const origin_judge judge{options, add};
    const auto judged_unsafe = [&]() -> const auto& {
        safe = false;
        return judge;
    };

    if (pattern.view() == "null") {
        judged_unsafe().judge_null_origin();
        return safe;
    }
    if (pattern.kind() == pattern_kind::any_origin || pattern.kind() == pattern_kind::any_host) {
        judged_unsafe().judge_any_origin();
        if (pattern.kind() == pattern_kind::any_origin) return safe;
    }
    const std::string_view scheme = pattern.scheme();
    if (!is_loopback_host(pattern.host())) {
        if (pattern.kind() == pattern_kind::network) {
            judged_unsafe().judge_network();
        } else if (is_plain_scheme(scheme)) {
            judged_unsafe().judge_insecure_origin();
        }
    }
    check_scheme(scheme, add);
    if (pattern.kind() == pattern_kind::subdomains) {
        if (labels_behind_star(pattern) > max_pattern_labels) {
            add(origin_pattern_too_deep, "has more than 8 labels behind its *",
                "list the hosts, or decide with origin_if");
        }
    }
    const bool suffix_matters =
        pattern.kind() == pattern_kind::subdomains || pattern.kind() == pattern_kind::in_label;
    if (suffix_matters && is_open_to_strangers(pattern.fixed_labels(), options.is_public_suffix)) {
        text advice{"name at least one label of a domain that is yours: https://*.example.com"};
        // `https://*example.com`, which `https://evilexample.com` matches.
        const std::string_view host = pattern.host();
        const std::size_t begin = host.find_first_not_of("*-_");
        if (pattern.kind() == pattern_kind::in_label && host.front() == '*' &&
            begin < host.find('.') &&
            !is_open_to_strangers(host.substr(begin), options.is_public_suffix)) {
            advice = text{"put a dot behind the *: "};
            advice.append(scheme).append("://*.").append(host.substr(begin));
            advice.append(pattern.any_port() ? ":*" : pattern.port());
        }
        judged_unsafe().judge_public_suffix("has a wildcard right under a public suffix",
                                            advice.view());
    }
    return safe;
}

/// What was read of allow_origins.
struct checked_origins {
    buffer<origin_pattern> patterns;  ///< each in its place, broken ones included
    bool safe = true;                 ///< all of them, with credentials and no dangerous option
};

/// Reports own origins that are no origins, or several in one.
template <class Report>
constexpr void check_own_origins(const policy_options& options, Report& report) {
    for (std::size_t i = 0; i < options.own_origins.size(); ++i) {
        const std::string_view written = options.own_origins[i];
        bool well_formed = true;
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            well_formed = false;
            report.add(code, {"own_origins", i}, written, what, advice);
        };
        const origin_pattern pattern = parse_origin_pattern(written, add);
        const bool one_origin = pattern.kind() == pattern_kind::exact && !pattern.any_port() &&
                                pattern.view() != "null";
        if (well_formed && !one_origin) {
            add(config_code::own_origin_is_pattern, "is not one origin",
                "write the origins of this server one by one: https://www.example.com");
        }
    }
}

/// Reports the first entry that costs a request more than there is room for.
template <class Report>
constexpr void check_cost(const origin_pattern& pattern, std::string_view written,
                          const config_place& place, look_up_budget& budget, Report& report) {
    if (budget.take_entry(pattern)) return;
    if (pattern.kind() == pattern_kind::network) {
        report.add(config_code::networks_too_many, place, written,
                   "is a network, which is compared with every address, and costs a request more "
                   "than there is room for",
                   "join networks, or decide with origin_if");
    } else {
        report.add(config_code::origin_shapes_too_many, place, written,
                   "has its * where no other entry has one, which costs every request more "
                   "look-ups than there is room for",
                   "begin the host with the *, or decide with origin_if");
    }
}

/// @param may_be_empty  Whether something else lets origins in.
template <class Report>
constexpr void check_origins(const policy_options& options, bool may_be_empty,
                             look_up_budget& budget, checked_origins& checked, Report& report) {
    using enum config_code;
    buffer<origin_pattern>& patterns = checked.patterns;
    patterns.reserve(options.allow_origins.size());
    bool any = false;
    if (!options.allow_origins.empty()) (void)budget.take_list();
    for (std::size_t i = 0; i < options.allow_origins.size(); ++i) {
        const std::string_view written = options.allow_origins[i];
        bool well_formed = true;
        origin_pattern pattern = parse_origin_pattern(
            written, [&](config_code code, std::string_view what, std::string_view advice) {
                well_formed = false;
                report.add(code, {"allow_origins", i}, written, what, advice);
            });
        if (well_formed) {
            const bool safe =
                check_pattern(pattern, written, {"allow_origins", i}, options, report);
            checked.safe = checked.safe && safe;
            check_cost(pattern, written, {"allow_origins", i}, budget, report);
        }
        any = any || written == "*";
        patterns.push_back(std::move(pattern));
    }
    if (patterns.empty() && !may_be_empty) {
        report.add(origins_empty, {"allow_origins"}, {}, "no origin is allowed",
                   R"(write at least one, such as "https://example.com")");
    }
    if (any && patterns.size() > 1) {
        report.add(any_beside_others, {"allow_origins"}, {}, "* makes the other entries pointless",
                   "keep * alone, or leave it out");
    }
}

}  // namespace corsac::inline v0_2_0::detail

#endif
