// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_ORIGIN_JUDGE_HPP
#define CORSAC_POLICY_ORIGIN_JUDGE_HPP

#include <corsac/config_code.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <cstdint>
#include <string_view>

// Whether an origin may be let in together with credentials, by whatever way it came: what can be
// known when a policy is built is an `origin_judge`'s to say, what only a request shows
// `judge_grant`'s.

namespace corsac::inline v0_2_0 {

/// Judges what lets origins in, an entry of allow_origins or anything else: what is insecure
/// together with credentials is an error, unless the option that permits it is set.
///
/// @tparam Add  Called as `add(code, what, advice)` for what is wrong.
template <class Add>
class origin_judge {
public:
    /// Borrows both.
    constexpr origin_judge(const policy_options& options, const Add& add) noexcept
        : options_(options), add_(add) {}

    /// `null`.
    constexpr void judge_null_origin() const {
        if (!options_.allow_credentials) {
            add_(config_code::null_origin_allowed, "allows every sandboxed frame of every site",
                 "leave it out unless such a frame is your client");
        } else if (!options_.dangerously_allow_null_origin_with_credentials) {
            add_(config_code::credentials_with_null_origin,
                 "with allow_credentials trusts every sandboxed frame of every site",
                 "leave it out, or set dangerously_allow_null_origin_with_credentials");
        }
    }

    /// Any host of a scheme, or any origin.
    constexpr void judge_any_origin() const {
        if (!options_.allow_credentials || options_.dangerously_allow_any_origin_with_credentials) {
            return;
        }
        add_(config_code::credentials_with_any_origin,
             "with allow_credentials lets every site act as the logged-in user",
             "list the origins you trust, or set allow_credentials = false");
    }

    /// `http://` to another machine.
    constexpr void judge_insecure_origin() const {
        if (!options_.allow_credentials ||
            options_.dangerously_allow_insecure_origins_with_credentials) {
            return;
        }
        add_(config_code::credentials_with_insecure_origin,
             "with allow_credentials trusts pages that anyone on the network can rewrite",
             "write https://, or set dangerously_allow_insecure_origins_with_credentials");
    }

    /// The addresses of a private network, which whoever runs the user's network gives out.
    constexpr void judge_network() const {
        if (!options_.allow_credentials ||
            options_.dangerously_allow_insecure_origins_with_credentials) {
            return;
        }
        add_(config_code::credentials_with_insecure_origin,
             "with allow_credentials trusts machines of whatever network the user is in",
             "list the hosts, or set dangerously_allow_insecure_origins_with_credentials");
    }

    /// Hosts that strangers can register.
    /// @param what  What lets them in, for a policy without credentials.
    constexpr void judge_public_suffix(std::string_view what, std::string_view advice) const {
        if (!options_.allow_credentials) {
            add_(config_code::wildcard_over_public_suffix, what, advice);
        } else if (!options_.dangerously_allow_public_suffixes_with_credentials) {
            add_(config_code::credentials_with_public_suffix,
                 "with allow_credentials trusts names that strangers can register", advice);
        }
    }

    /// A matcher whose hosts the policy's own `is_public_suffix` cannot be asked about.
    constexpr void judge_unasked_suffixes() const {
        if (!options_.allow_credentials ||
            options_.dangerously_allow_public_suffixes_with_credentials) {
            return;
        }
        add_(config_code::credentials_with_public_suffix,
             "cannot be asked about what a predicate or a matcher of one's own lets in",
             "list the origins, give the matcher prepare_for and judges_itself, or leave "
             "is_public_suffix out");
    }

    /// An expression, or another matcher, that is not proved to let no stranger in.
    /// @param what  What is known of it: "also accepts https://evilexample.com".
    constexpr void judge_unproved_expression(std::string_view what, std::string_view advice) const {
        if (!options_.allow_credentials) {
            add_(config_code::expression_unproved, what, advice);
        } else if (!options_.dangerously_allow_unproved_expressions_with_credentials) {
            add_(config_code::credentials_with_unproved_expression, what, advice);
        }
    }

private:
    const policy_options& options_;
    const Add& add_;
};

/// Why an origin is refused that something granted which could not be judged when the policy was
/// built: a predicate, a matcher of the caller's, a verdict.
enum class grant_defect : std::uint8_t {
    none,
    refused,                  ///< nothing was granted, or not this origin, or it is none
    unsafe_with_credentials,  ///< `null`, or plain `http://` to another machine
    failed,                   ///< who was asked threw an exception
    unknown,                  ///< who was asked has not answered
};

/// What a policy answers to an origin.
struct origin_grant {
    std::string_view answer{};  ///< in Access-Control-Allow-Origin; empty if it is refused
    grant_defect defect = grant_defect::none;  ///< `none` for a list, whatever it answers
    bool by_verdict = false;                   ///< somebody was asked about this very origin
};

/// Judges such a grant.
///
/// @param origin   As received.
/// @param granted  What is to be answered; empty if nothing.
[[nodiscard]] constexpr grant_defect judge_grant(const policy_rules& rules, std::string_view origin,
                                                 std::string_view granted) noexcept {
    if (granted.empty() || granted != origin) return grant_defect::refused;
    const bool is_null = origin == "null";
    if (!is_null && !parse_serialized_origin(origin)) return grant_defect::refused;
    if (!rules.says<&policy_options::allow_credentials>()) return grant_defect::none;
    const bool permitted =
        is_null
            ? rules.says<&policy_options::dangerously_allow_null_origin_with_credentials>()
            : !is_insecure_origin(origin) ||
                  rules
                      .says<&policy_options::dangerously_allow_insecure_origins_with_credentials>();
    return permitted ? grant_defect::none : grant_defect::unsafe_with_credentials;
}

}  // namespace corsac::inline v0_2_0

#endif
