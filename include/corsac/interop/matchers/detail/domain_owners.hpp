// SPDX-License-Identifier: MIT
#ifndef CORSAC_INTEROP_MATCHERS_DETAIL_DOMAIN_OWNERS_HPP
#define CORSAC_INTEROP_MATCHERS_DETAIL_DOMAIN_OWNERS_HPP

// Tested in tests/interop/matchers/expression_proof.test.cpp.

#include <corsac/origin/public_suffix.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0::interop::detail {

/// Without the dot behind it, which makes a name no other name.
[[nodiscard]] constexpr std::string_view without_last_dot(std::string_view host) noexcept {
    if (!host.empty() && host.back() == '.') host.remove_suffix(1);
    return host;
}

/// Whose names are, by the built-in Public Suffix List and a policy's predicate beside it.
class domain_owners {
public:
    constexpr explicit domain_owners(public_suffix_predicate consulted) noexcept
        : consulted_(consulted) {}

    /// Whether there may be suffixes that the list does not know.
    [[nodiscard]] constexpr bool consults() const noexcept { return consulted_ != nullptr; }

    /// Whether the predicate says that strangers can register names right under a host.
    [[nodiscard]] constexpr bool is_consulted_suffix(std::string_view host) const {
        const std::string_view name = without_last_dot(host);
        return consults() && !name.empty() && consulted_(name);
    }

    /// The part of a host that one party registered, as `corsac::registrable_domain` has it.
    [[nodiscard]] constexpr std::string_view registrable_domain(std::string_view host) const {
        const std::string_view name = without_last_dot(host);
        const std::string_view listed = corsac::registrable_domain(name);
        if (!consults()) return listed;
        // The longest suffix counts. Those that are no longer than the list's change nothing.
        std::size_t before = 0, at = 0;
        while (name.size() - at >= listed.size() && !listed.empty()) {
            if (consulted_(name.substr(at))) {
                return at == 0 ? std::string_view{} : name.substr(before);
            }
            const std::size_t dot = name.find('.', at);
            if (dot == name.npos || dot + 1 == name.size()) break;
            before = at;
            at = dot + 1;
        }
        return listed;
    }

    /// Whether whoever owns a host owns all names below, too: `example.com`, but not
    /// `amazonaws.com`, below which there is the public suffix `s3.amazonaws.com`.
    [[nodiscard]] constexpr bool owns_names_below(std::string_view host) const {
        const std::string_view name = without_last_dot(host);
        if (name == "localhost") return true;
        return !name.empty() && !is_above_public_suffixes(name) && registrable_domain(name) == name;
    }

private:
    public_suffix_predicate consulted_;
};

}  // namespace corsac::inline v0_2_0::interop::detail

#endif
