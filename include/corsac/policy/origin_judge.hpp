// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_ORIGIN_JUDGE_HPP
#define CORSAC_POLICY_ORIGIN_JUDGE_HPP

#include <corsac/error.hpp>
#include <corsac/policy/policy_options.hpp>

#include <string_view>

namespace corsac::inline v0 {

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

private:
    const policy_options& options_;
    const Add& add_;
};

}  // namespace corsac::inline v0

#endif
