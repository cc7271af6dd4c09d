// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_STRING_MATCHER_SET_HPP
#define CORSAC_INTEROP_MATCHERS_STRING_MATCHER_SET_HPP

#include <corsac/error.hpp>
#include <corsac/interop/matchers/detail/expression_automaton.hpp>
#include <corsac/interop/matchers/detail/expression_filter.hpp>
#include <corsac/interop/matchers/detail/expression_syntax.hpp>
#include <corsac/interop/matchers/expression_proof.hpp>
#include <corsac/interop/matchers/proof_result.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace corsac::inline v0_2_0::interop {

/// Matchers of one policy; as many origins as the Gateway API takes. They are tried one by one, so
/// exact origins belong into `allow_origins`.
inline constexpr std::size_t max_string_matchers = 64;

namespace detail {

/// As much of a matcher's text as fits in a message.
[[nodiscard]] inline std::string_view written(const string_matcher& matcher) noexcept {
    return std::string_view(matcher.text).substr(0, 80);
}

/// What is asked before a matcher whose cost depends on more than the origin's length.
[[nodiscard]] inline expression_filter filter_of(const string_matcher& matcher) {
    using form = string_matcher::form;
    const bool cheap = matcher.how != form::regex && matcher.how != form::contains;
    if (cheap) return {};
    const expression_tree tree = tree_of(matcher);
    if (!tree.not_understood.empty()) return {};
    return expression_filter(expression_automaton(tree));
}

/// Whether a matcher matches the origin of a host that nobody has. Letters alone, for expressions
/// such as `[a-z.]+`.
[[nodiscard]] inline bool matches_any_host(const string_matcher& matcher, std::string_view scheme) {
    return matcher.matches(std::string(scheme) + "qzkwxjvqzk.example");
}

/// Whether it matches whatever a browser sends, as far as samples tell.
[[nodiscard]] inline bool matches_everything(const string_matcher& matcher) {
    return matcher.matches("*") && matcher.matches("null") &&
           matches_any_host(matcher, "https://") && matches_any_host(matcher, "http://");
}

}  // namespace detail

/// Envoy's matchers as an origin matcher of a policy: `make_policy(options, *matchers)`.
///
/// Safer than in Envoy: what is no serialised origin is refused before any of them is asked;
/// `null` is matched by `exact` only; of expressions none allows every origin, as the text `*` does
/// in any other form. With credentials,
/// `http://` is refused unless it is this machine, and so is a policy whose matchers are not proved
/// to accept nobody's origins but those of hosts that they name, each unless the option that
/// permits it is set.
class string_matcher_set {
public:
    /// `prepare_for` says all that is to be said.
    using judges_itself = string_matcher_set;

    /// Use `make_string_matcher_set`; this takes what that has checked.
    explicit string_matcher_set(std::vector<string_matcher> checked) : all_(std::move(checked)) {
        for (const string_matcher& matcher : all_) {
            any_ = any_ || matcher.means_everybody();
            proofs_.push_back(prove_matcher(matcher));
            filters_.push_back(detail::filter_of(matcher));
        }
    }

    /// Matches for whoever asks, such as a matcher of the caller's: matchers that are proved, and
    /// neither `null` nor `http://` to another machine.
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        const origin_parts parts = parse_serialized_origin(origin);
        if (!parts || is_insecure_origin(origin)) return {};
        return matches_some(origin, parts, true) ? origin : std::string_view{};
    }

    /// Matches for a policy that it was prepared for.
    ///
    /// Cost: at most `max_string_matchers` times one or two nanoseconds a byte of the origin, whose
    ///       length is at most `max_origin_length`; some more for expressions of very many states.
    ///       An engine only runs where it will say yes, but for expressions of more than 256
    ///       positions, and then only if the host is on a name that they are proved to end in.
    [[nodiscard]] std::string_view match(std::string_view origin, judged_t) const noexcept {
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
        if (secure_only_ && is_insecure_origin(origin)) return {};
        return matches_some(origin, parts, false) ? origin : std::string_view{};
    }

    [[nodiscard]] bool allows_any() const noexcept { return any_; }
    /// One for each of them.
    [[nodiscard]] std::size_t look_ups() const noexcept { return all_.size(); }
    [[nodiscard]] const std::vector<string_matcher>& all() const noexcept { return all_; }

    /// Called by `make_policy`: checks the matchers against the options of their policy.
    void prepare_for(const policy_options& options, config_report& report) {
        const bool credentials = options.allow_credentials;
        secure_only_ = credentials && !options.dangerously_allow_insecure_origins_with_credentials;
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (options.is_public_suffix != nullptr) {
                proofs_[i] = prove_matcher(all_[i], options.is_public_suffix);
            }
            judge(i, options, report);
        }
    }

private:
    [[nodiscard]] bool matches_some(std::string_view origin, const origin_parts& parts,
                                    bool proved_only) const noexcept {
        const std::string_view host =
            origin.substr(parts.host_begin, parts.host_end - parts.host_begin);
        for (std::size_t i = 0; i < all_.size(); ++i) {
            if (proved_only && !proofs_[i].proved) continue;
            if (may_match(i, origin, host) && all_[i].matches(origin)) return true;
        }
        return false;
    }

    /// Whether it is worth asking a matcher: most are cheaper than any question before.
    [[nodiscard]] bool may_match(std::size_t i, std::string_view origin,
                                 std::string_view host) const noexcept {
        using form = string_matcher::form;
        if (all_[i].how != form::regex && all_[i].how != form::contains) return true;
        return filters_[i] ? filters_[i].may_match(origin) : proofs_[i].may_accept(host);
    }

    void judge(std::size_t i, const policy_options& options, config_report& report) const {
        using form = string_matcher::form;
        const string_matcher& matcher = all_[i];
        const expression_proof& proof = proofs_[i];
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            report.add(code, {"matchers", i}, detail::written(matcher), what, advice);
        };
        const origin_judge the{options, add};
        if (matcher.means_everybody()) return;  // see allows_any()
        // A suffix cannot name a scheme. What is insecure is refused when it arrives.
        const bool names_scheme = matcher.how != form::suffix && matcher.how != form::contains;
        if (names_scheme && !proof.insecure_witness.empty()) the.judge_insecure_origin();
        if (matcher.how == form::exact
                ? matcher.matches("null")
                : proof.proved && proof.accepts_null && options.allow_credentials) {
            the.judge_null_origin();
        }
        if (!proof.proved) judge_unproved(matcher, proof, the, options);
    }

    template <class Judge>
    static void judge_unproved(const string_matcher& matcher, const expression_proof& proof,
                               const Judge& the, const policy_options& options) {
        if (options.allow_credentials && (detail::matches_any_host(matcher, "https://") ||
                                          detail::matches_any_host(matcher, "http://"))) {
            return the.judge_any_origin();
        }
        std::string advice = matcher.how == string_matcher::form::regex
                                 ? R"(name a whole domain of yours: https://(.*\.)?example\.com)"
                                 : "name a whole domain of yours: the suffix .example.com";
        if (options.allow_credentials) {
            advice += ", or set dangerously_allow_unproved_expressions_with_credentials";
        }
        the.judge_unproved_expression(describe(proof), advice);
    }

    std::vector<string_matcher> all_;
    std::vector<expression_proof> proofs_{};            // of each
    std::vector<detail::expression_filter> filters_{};  // of each
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
        } else if (!m.means_everybody()) {
            if (!detail::matches_everything(m)) continue;
            add(matcher_of_everything, "matches every origin",
                "write exact \"*\" if every origin is meant");
        }
    }
    if (!report.errors.empty()) return {std::move(report.errors), std::move(report.warnings)};
    return {string_matcher_set(std::move(matchers)), std::move(report.warnings)};
}

}  // namespace corsac::inline v0_2_0::interop

#endif
