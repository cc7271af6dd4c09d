// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_NEAR_MISS_HPP
#define CORSAC_DECISION_NEAR_MISS_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_rules.hpp>

#include <cstddef>
#include <string_view>

namespace corsac::inline v0_2_0 {

namespace detail {

/// A refused origin, changed a little.
class changed_origin {
public:
    template <class... Part>
    explicit constexpr changed_origin(Part... parts) noexcept {
        (append(parts), ...);
    }
    [[nodiscard]] constexpr std::string_view view() const noexcept {
        return view_of(chars_, size_);
    }

private:
    constexpr void append(std::string_view part) noexcept {
        for (const char c : part) {
            if (size_ < sizeof chars_) chars_[size_++] = c;
        }
    }

    char chars_[max_origin_length + 32]{};
    std::size_t size_ = 0;
};

/// Looks for the origin that was meant.
template <class P>
class near_miss {
public:
    constexpr near_miss(const P& p, std::string_view origin, explanation& e) noexcept
        : policy_(p), e_(e), scheme_(origin.substr(0, origin.find("://"))),
          host_(
              origin.substr(scheme_.size() < origin.size() ? scheme_.size() + 3 : origin.size())) {
        const std::size_t end = host_.find_first_of("/?#");
        behind_ = end == host_.npos ? std::string_view{} : host_.substr(end);
        host_ = host_.substr(0, end);
        const std::size_t colon = host_.rfind(':');
        const bool has_port = colon != host_.npos && host_.find(']', colon) == host_.npos;
        port_ = has_port ? host_.substr(colon) : std::string_view{};
        host_ = host_.substr(0, host_.size() - port_.size());
    }

    constexpr void explain() const noexcept {
        if (host_.empty()) return;
        if (try_spelling()) return;
        if (allows("x.", host_, port_)) return say(" (a *. does not stand for the bare host)");
        if (host_.substr(0, 4) == "www." && allows(host_.substr(4), port_)) {
            return say(" (the origin without www. is listed)");
        }
        if (allows("www.", host_, port_)) return say(" (the origin with www. is listed)");
        if (scheme_ == "http" && allows_at("https", host_, port_)) {
            return say(" (https is listed, and this page was loaded over http)");
        }
        if (scheme_ == "https" && allows_at("http", host_, port_)) {
            return say(" (http is listed, and this page was loaded over https)");
        }
        if (!port_.empty() && allows(host_)) {
            return say(" (it is listed without a port; write :* behind it for any)");
        }
        if (is_loopback_host(host_)) try_loopback();
    }

private:
    /// Letter case, a path, a default port: what no browser sends, but tools do.
    constexpr bool try_spelling() const noexcept {
        const lower_case_copy scheme{scheme_}, host{host_};
        const bool folded = scheme.view() != scheme_ || host.view() != host_;
        const bool standard =
            port_ == ":" ||  // in URLs no port, https://url.spec.whatwg.org/#port-state
            (!port_.empty() &&
             parse_decimal(port_.substr(1), 65535) == default_port(scheme.view()));
        if (!folded && !standard && behind_.empty()) return false;
        const changed_origin sent{scheme.view(), "://", host.view(),
                                  standard ? std::string_view{} : port_};
        if (!policy_.allows_origin(sent.view())) return false;
        e_.append(" (").append_quoted(sent.view(), shown_in_explanation);
        e_.append(" is listed, and browsers send it so)");
        return true;
    }

    constexpr void try_loopback() const noexcept {
        for (const std::string_view name : {"localhost", "127.0.0.1", "[::1]"}) {
            if (name == host_ || !allows(name, port_)) continue;
            e_.append(" (").append(name).append(" is listed, which is another origin)");
            return;
        }
    }

    /// Letters in lower case, as far as they fit.
    class lower_case_copy {
    public:
        explicit constexpr lower_case_copy(std::string_view text) noexcept {
            for (const char c : text) {
                if (size_ < sizeof chars_) chars_[size_++] = to_lower(c);
            }
        }
        [[nodiscard]] constexpr std::string_view view() const noexcept {
            return view_of(chars_, size_);
        }

    private:
        char chars_[max_host_length]{};
        std::size_t size_ = 0;
    };

    template <class... Part>
    [[nodiscard]] constexpr bool allows_at(std::string_view scheme, Part... parts) const noexcept {
        return policy_.allows_origin(
            changed_origin{scheme, std::string_view{"://"}, std::string_view{parts}...}.view());
    }
    template <class... Part>
    [[nodiscard]] constexpr bool allows(Part... parts) const noexcept {
        return allows_at(scheme_, parts...);
    }
    constexpr void say(std::string_view hint) const noexcept { e_.append(hint); }

    const P& policy_;
    explanation& e_;
    std::string_view scheme_;
    std::string_view host_;
    std::string_view port_{};
    std::string_view behind_{};
};

}  // namespace detail

/// The same as `explain(d)`, and for a refused origin which one was perhaps meant: the bare host of
/// `*.example.com`, `https` instead of `http`, another port, letter case, `localhost` for
/// `127.0.0.1`.
///
/// @param p  The policy that decided. A matcher of the caller's is not asked.
///
/// Cost: a look-up for each guess; for logs, not for answers.
template <policy_like P>
[[nodiscard]] constexpr explanation explain(const P& p, const decision& d) noexcept {
    explanation e = explain(d);
    if constexpr (requires { p.origins().size_in_bytes(); }) {
        const outcome decided = d.outcome();
        if (decided == outcome::origin_not_allowed || decided == outcome::origin_malformed) {
            detail::near_miss<P>{p, d.fields().subject, e}.explain();
        }
    }
    return e;
}

}  // namespace corsac::inline v0_2_0

#endif
