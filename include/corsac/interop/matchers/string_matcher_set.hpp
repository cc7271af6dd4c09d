// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_STRING_MATCHER_SET_HPP
#define CORSAC_INTEROP_MATCHERS_STRING_MATCHER_SET_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/error.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0::interop {

/// Matchers of one policy; as many origins as the Gateway API takes. They are tried one by one, so
/// exact origins belong into `allow_origins`.
inline constexpr std::size_t max_string_matchers = 64;

/// Whom a matcher lets in besides those it names, as far as samples can tell.
enum class matcher_reach : std::uint8_t {
    named,       ///< no sample of a stranger's origin matches
    strangers,   ///< a host under a domain that anybody can register: `prefix: https://app.`
    every_host,  ///< any host of https or http
    everything,  ///< those, `*` and `null`
};

namespace detail {

/// A label that nobody has, so that only a matcher of others' hosts matches it. Letters alone, for
/// expressions such as `[a-z.]+`.
inline constexpr std::string_view strangers_label = "qzkwxjvqzk";
/// Where anybody can register it.
inline constexpr std::array<std::string_view, 8> strangers_suffixes = {
    ".com", ".org", ".net", ".io", ".dev", ".co.uk", ".github.io", ".web.app"};

/// Whether the domain of an origin, its last two labels, is the stranger's.
[[nodiscard]] inline bool is_strangers(std::string_view origin) noexcept {
    const origin_parts parts = parse_serialized_origin(origin);
    if (!parts) return false;
    const std::string_view host =
        origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
    const std::size_t last_dot = host.rfind('.');
    const std::size_t dot =
        last_dot == host.npos || last_dot == 0 ? host.npos : host.rfind('.', last_dot - 1);
    return host.substr(dot == host.npos ? 0 : dot).find(strangers_label) != host.npos;
}

/// As much of a matcher's text as fits in a message.
[[nodiscard]] inline std::string_view written(const string_matcher& matcher) noexcept {
    return std::string_view(matcher.text).substr(0, 80);
}

}  // namespace detail

/// Tries a matcher on origins that no policy can mean. The samples are built around the literal
/// text of the matcher; of a regular expression that has more than literals and one `.*`, only
/// hosts that it does not name at all are tried.
[[nodiscard]] inline matcher_reach reach_of(const string_matcher& matcher) {
    using form = string_matcher::form;
    const std::string label(detail::strangers_label);
    const std::string host = label + ".example";
    const bool https = matcher.matches("https://" + host);
    const bool http = matcher.matches("http://" + host);
    if (matcher.how == form::exact) {
        return matcher.text == "*" ? matcher_reach::everything : matcher_reach::named;
    }
    if (https && http && matcher.matches("null") && matcher.matches("*")) {
        return matcher_reach::everything;
    }
    if (https || http) return matcher_reach::every_host;
    for (const std::string_view suffix : detail::strangers_suffixes) {
        if (matcher.matches("https://" + label + std::string(suffix))) {
            return matcher_reach::strangers;
        }
    }
    detail::simple_regex around{matcher.text, {}, true};
    if (matcher.how == form::suffix) std::swap(around.before, around.after);
    if (matcher.how == form::regex) {
        const std::optional<detail::simple_regex> parsed = detail::parse_simple_regex(matcher.text);
        if (!parsed) return matcher_reach::named;
        around = *parsed;
    }
    for (const std::string& before :
         {std::string(), std::string("https"), "https://" + label, "https://" + host}) {
        for (const std::string& between : {std::string(), label, host}) {
            std::string sample = before + around.before + between + around.after;
            if (matcher.ignore_case) {
                for (char& c : sample) c = detail::to_lower(c);
            }
            if (detail::is_strangers(sample) && matcher.matches(sample)) {
                return matcher_reach::strangers;
            }
        }
    }
    return matcher_reach::named;
}

/// Envoy's matchers as an origin matcher of a policy: `make_policy(options, *matchers)`.
///
/// Safer than in Envoy: what is no serialised origin is refused before any of them is asked;
/// `null` is matched by `exact` only; only `exact: "*"` allows every origin. With credentials,
/// `http://` is refused unless it is this machine, and so is a policy whose matchers let strangers
/// in, each unless the option that permits it is set.
class string_matcher_set {
public:
    /// Use `make_string_matcher_set`; this takes what that has checked.
    explicit string_matcher_set(std::vector<string_matcher> checked) : all_(std::move(checked)) {
        for (const string_matcher& matcher : all_) {
            any_ = any_ || (matcher.how == string_matcher::form::exact && matcher.text == "*");
        }
    }

    /// Cost: at most `max_string_matchers` times a matcher's, which is linear in the origin's
    /// length, at most `max_origin_length`.
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        if (origin == "null") {
            for (const string_matcher& matcher : all_) {
                if (matcher.how == string_matcher::form::exact && matcher.matches(origin)) {
                    return origin;
                }
            }
            return any_ ? origin : std::string_view{};
        }
        const origin_parts parts = parse_serialized_origin(origin);
        if (!parts) return {};
        if (any_) return origin;
        if (secure_only_ && origin.substr(0, 5) == "http:" &&
            !is_loopback_host(origin.substr(parts.host_begin, parts.host_end - parts.host_begin))) {
            return {};
        }
        for (const string_matcher& matcher : all_) {
            if (matcher.matches(origin)) return origin;
        }
        return {};
    }

    [[nodiscard]] bool allows_any() const noexcept { return any_; }
    [[nodiscard]] const std::vector<string_matcher>& all() const noexcept { return all_; }

    /// Called by `make_policy`: checks the matchers against the options of their policy.
    void prepare_for(const policy_options& options, config_report& report) {
        const bool credentials = options.allow_credentials;
        secure_only_ = credentials && !options.dangerously_allow_insecure_origins_with_credentials;
        for (std::size_t i = 0; i < all_.size(); ++i) judge(i, options, report);
    }

private:
    [[nodiscard]] static bool names_insecure_origin(std::string_view text) noexcept {
        if (!text.empty() && text.front() == '^') text.remove_prefix(1);
        if (text.substr(0, 7) != "http://") return false;
        text.remove_prefix(7);
        for (const std::string_view loopback : {"localhost", "127", "[::1]", "\\[::1"}) {
            if (text.substr(0, loopback.size()) == loopback) return false;
        }
        return true;
    }

    void judge(std::size_t i, const policy_options& options, config_report& report) const {
        using enum config_code;
        const string_matcher& matcher = all_[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"matchers", i}, detail::written(matcher), what, advice);
        };
        const origin_judge the{options, add};
        if (names_insecure_origin(matcher.text)) the.judge_insecure_origin();
        if (matcher.how == string_matcher::form::exact && matcher.matches("null")) {
            the.judge_null_origin();
        }
        switch (reach_of(matcher)) {
        case matcher_reach::named:
        case matcher_reach::everything: break;  // make_policy asks allows_any()
        case matcher_reach::every_host:
            if (options.allow_credentials) {
                the.judge_any_origin();
            } else {
                add(wildcard_over_public_suffix,
                    "matches the origins of hosts that it does not name",
                    "name at least one label of a domain that is yours");
            }
            break;
        case matcher_reach::strangers:
            the.judge_public_suffix("also matches hosts that strangers can register",
                                    "name a whole domain of yours: the suffix .example.com");
        }
    }

    std::vector<string_matcher> all_;
    bool any_ = false;
    bool secure_only_ = false;
};

/// Checks matchers for use in a policy.
///
/// @return  The list, or every mistake in it, under the field `matchers`. Whether they may go
///          together with credentials is up to `make_policy`.
[[nodiscard]] inline result<string_matcher_set> make_string_matcher_set(
    std::vector<string_matcher> matchers) {
    using enum config_code;
    using form = string_matcher::form;
    config_report report;
    if (matchers.size() > max_string_matchers) {
        report.add(matchers_too_many, {"matchers"}, {}, "has more than 64 entries",
                   "list exact origins in allow_origins");
    }
    for (std::size_t i = 0; i < matchers.size(); ++i) {
        const string_matcher& m = matchers[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"matchers", i}, detail::written(m), what, advice);
        };
        if (m.how == form::regex && !m.regex.error.empty()) {
            add(matcher_malformed, m.regex.error, "write a regular expression of RE2");
        } else if (m.how == form::regex && !m.regex.matches) {
            add(matcher_malformed, "was not compiled", "use make_regex_matcher");
        } else if (m.text.size() > max_matcher_length) {
            add(matcher_malformed, "is longer than 4096 bytes", "an origin has at most 319");
        } else if (m.text.empty() && m.how != form::exact) {
            add(matcher_malformed, "is empty", "write what the origins have in common");
        } else if (m.text != "*" || m.how != form::exact) {
            if (reach_of(m) != matcher_reach::everything) continue;
            add(matcher_of_everything, "matches every origin",
                "write exact \"*\" if every origin is meant");
        }
    }
    if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
    return {string_matcher_set(std::move(matchers)), std::move(report.warnings)};
}

}  // namespace corsac::inline v0::interop

#endif
