// SPDX-License-Identifier: MIT
#ifndef CORSAC_LIVE_SHARED_ORIGINS_HPP
#define CORSAC_LIVE_SHARED_ORIGINS_HPP

#include <corsac/detail/buffer.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/policy/policy.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

// One list of origins for several policies, replaceable while requests are served. Not part of
// <corsac/corsac.hpp>: it needs threads, which nothing else here does.

namespace corsac::inline v0 {

/// What a shared set allows, and how strictly its lists are checked, the later ones included.
struct shared_origins_options {
    /// As in `policy_options`.
    text_list allow_origins{};

    /// Checks the lists as those of a policy with credentials. Only where this is false may a list
    /// hold `*` and the like, and then no policy with `allow_credentials` can be built on the set.
    bool allow_credentials = true;

    /// As in `policy_options`; they count for every list that the set will ever have.
    bool dangerously_allow_any_origin_with_credentials = false;
    bool dangerously_allow_insecure_origins_with_credentials = false;
    bool dangerously_allow_public_suffixes_with_credentials = false;
    bool dangerously_allow_null_origin_with_credentials = false;
    public_suffix_predicate is_public_suffix = nullptr;
};

namespace detail {

/// Two places for a set, of which one is current; a reader counts itself in before it looks.
///
/// A reader counts, then makes sure that the place is still the current one. If it is, then
/// whoever replaces the set either sees the count, or has made the place current again before.
// Not std::atomic<std::shared_ptr>: libstdc++ 12 releases its lock without ordering, other
// libraries do not have it, and there a reader may be the one that has to free the old set.
class replaceable_origins {
public:
    explicit replaceable_origins(origin_set first) { places_[0].set.emplace(std::move(first)); }

    [[nodiscard]] bool allows(std::string_view origin) noexcept {
        for (;;) {  // once more only if the set is replaced in this very moment
            const std::uint32_t at = current_.load();
            place& here = places_[at];
            here.readers.fetch_add(1);
            if (current_.load() != at) {
                here.readers.fetch_sub(1);
                continue;
            }
            const bool allowed = !here.set->match(origin).empty();
            here.readers.fetch_sub(1);
            return allowed;
        }
    }

    void replace(origin_set next) {
        const std::lock_guard lock{writing_};
        const std::uint32_t old = current_.load();
        places_[1 - old].set.emplace(std::move(next));
        current_.store(1 - old);
        while (places_[old].readers.load() != 0) std::this_thread::yield();
        places_[old].set.reset();
    }

private:
    struct place {
        std::optional<origin_set> set{};
        std::atomic<std::uint32_t> readers{0};
    };

    place places_[2];
    std::atomic<std::uint32_t> current_{0};
    std::mutex writing_;
};

[[nodiscard]] inline policy_options checked_as(const shared_origins_options& options,
                                               text_list allow_origins) {
    return {
        .allow_origins = std::move(allow_origins),
        .allow_credentials = options.allow_credentials,
        .dangerously_allow_any_origin_with_credentials =
            options.dangerously_allow_any_origin_with_credentials,
        .dangerously_allow_insecure_origins_with_credentials =
            options.dangerously_allow_insecure_origins_with_credentials,
        .dangerously_allow_public_suffixes_with_credentials =
            options.dangerously_allow_public_suffixes_with_credentials,
        .dangerously_allow_null_origin_with_credentials =
            options.dangerously_allow_null_origin_with_credentials,
        .is_public_suffix = options.is_public_suffix,
    };
}

}  // namespace detail

/// What a policy holds of a shared set: an origin matcher, cheap to copy, that keeps the set alive.
class shared_origin_matcher {
public:
    /// Looks a request's origin up in the set of this moment.
    ///
    /// @return  `origin` or an empty view, never a text of the set, which may be replaced next.
    ///
    /// Cost: two atomic increments more than in a set of the policy's own; no lock, no allocation.
    [[nodiscard]] std::string_view match(std::string_view origin) const noexcept {
        return set_->allows(origin) ? origin : std::string_view{};
    }

    /// Whether every list of the set is checked as one for policies with credentials.
    [[nodiscard]] bool allows_credentials() const noexcept { return allows_credentials_; }

    // No allows_any(): a policy asks once, and the set may change. So the answer to an origin that
    // `*` allows is that origin, not `*`.

private:
    friend class shared_origins;

    shared_origin_matcher(std::shared_ptr<detail::replaceable_origins> set,
                          bool allows_credentials) noexcept
        : set_(std::move(set)), allows_credentials_(allows_credentials) {}

    std::shared_ptr<detail::replaceable_origins> set_;
    bool allows_credentials_;
};

/// A set of origins that several policies share and that can be replaced while they are in use.
///
/// Any number of threads may match and replace at once. The set lives on in the policies that use
/// it; this is the handle of whoever replaces it. Made by `make_shared_origins`.
class shared_origins {
public:
    /// For `make_policy(options, set.matcher())`, as often as wanted.
    [[nodiscard]] shared_origin_matcher matcher() const noexcept {
        return {set_, checks_.allow_credentials};
    }

    /// Replaces the list for every policy at once, checked as the first one was.
    ///
    /// When it returns, no request is matched against the old list any more.
    ///
    /// @return  Empty if the list is in force; otherwise every mistake, and the old one stays.
    ///
    /// Errors: those of `allow_origins`, see `config_code`. Warnings are not told.
    /// Cost:   builds the set, then waits for look-ups that have begun, each a fraction of a
    ///         microsecond. Replacements wait for each other.
    [[nodiscard]] config_errors replace(text_list allow_origins) {
        const result<policy> next =
            make_policy(detail::checked_as(checks_, std::move(allow_origins)));
        if (next) set_->replace(next->origins());
        return next.errors();
    }

private:
    friend result<shared_origins> make_shared_origins(shared_origins_options options);

    shared_origins(shared_origins_options checks, origin_set first)
        : checks_(std::move(checks)),
          set_(std::make_shared<detail::replaceable_origins>(std::move(first))) {}

    shared_origins_options checks_;  // never changes, its list is empty
    std::shared_ptr<detail::replaceable_origins> set_;
};

/// Checks a list of origins and builds the set.
///
/// Errors: those of `allow_origins`, see `config_code`; nothing is half-built.
[[nodiscard]] inline result<shared_origins> make_shared_origins(shared_origins_options options) {
    text_list first = std::exchange(options.allow_origins, {});
    const result<policy> checked = make_policy(detail::checked_as(options, std::move(first)));
    if (!checked) return {checked.errors(), checked.warnings()};
    return {shared_origins{std::move(options), checked->origins()}, checked.warnings()};
}

/// A policy that allows what a shared set does, beside `allow_origins`, which may be empty.
///
/// Errors: as for any matcher, and `credentials_with_any_origin` for `allow_credentials` on a set
///         whose lists are not checked for it.
[[nodiscard]] inline result<basic_policy<any_of<origin_set, shared_origin_matcher>>> make_policy(
    const policy_options& options, shared_origin_matcher matcher) {
    const bool unchecked = options.allow_credentials && !matcher.allows_credentials();
    auto made = make_policy<shared_origin_matcher>(options, std::move(matcher));
    if (!unchecked) return made;
    config_errors errors = made.errors();
    errors.push_back({config_code::credentials_with_any_origin,
                      {"allow_origins"},
                      {},
                      "the shared origins are not checked for use with allow_credentials",
                      "set allow_credentials = true in shared_origins_options too"});
    return {std::move(errors), made.warnings()};
}

}  // namespace corsac::inline v0

#endif
