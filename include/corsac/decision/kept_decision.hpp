// SPDX-License-Identifier: MIT
#ifndef CORSAC_DECISION_KEPT_DECISION_HPP
#define CORSAC_DECISION_KEPT_DECISION_HPP

#include <corsac/decision/decision.hpp>
#include <corsac/detail/ascii.hpp>
#include <corsac/origin/origin.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/policy/policy_rules.hpp>
#include <corsac/request/method.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// Bytes of requested header names that a kept decision can hold.
inline constexpr std::size_t max_kept_headers_length = 512;

/// A decision that borrows nothing from the request: for handlers that answer after the request is
/// gone (uWebSockets, callbacks, coroutines). It holds its copies in place and may itself be
/// copied.
///
/// The policy must still outlive it. A granted preflight whose requested names do not fit becomes a
/// refused one; preflights are best answered at once.
class kept_decision {
public:
    constexpr explicit kept_decision(const decision& d) noexcept : fields_(d.fields()) {
        // While the whole subject is still there.
        (d.in_shadow() ? fields_.shadow : fields_.outcome) = d.outcome();
        bool fits = keep(fields_.allow_origin, origin_size_);
        // What is longer is no requested method but a list of the policy's.
        if (fits && fields_.allow_methods.size() <= max_requested_method_length) {
            fits = keep(fields_.allow_methods, method_size_);
        }
        for (std::size_t i = 0; i < fields_.requested_header_lines && fits; ++i) {
            fits = keep(fields_.requested_headers[i], line_sizes_[i]);
        }
        if (fits) fits = keep(fields_.subject.substr(0, subject_limit), subject_size_);
        if (!fits) keep_refusal(d);
    }

    /// The decision, valid as long as this object and the policy are.
    [[nodiscard]] constexpr decision get() const noexcept {
        decision_fields fields = fields_;
        const char* at = bytes_;
        const auto take = [&at](std::uint16_t size) {
            const std::string_view kept = detail::view_of(at, size);
            at += size;
            return kept;
        };
        fields.allow_origin = take(origin_size_);
        if (method_size_ != 0) fields.allow_methods = take(method_size_);
        for (std::size_t i = 0; i < fields.requested_header_lines; ++i) {
            fields.requested_headers[i] = take(line_sizes_[i]);
        }
        fields.subject = take(subject_size_);
        return decision{fields};
    }

private:
    static constexpr std::size_t subject_limit = 128;

    /// What does not fit was granted, but cannot be repeated, or was refused, and cannot be listed.
    constexpr void keep_refusal(const decision& d) noexcept {
        used_ = 0;
        fields_.allow_origin = fields_.allow_methods = {};
        fields_.requested_header_lines = 0;
        origin_size_ = method_size_ = 0;
        (void)keep(fields_.subject.substr(0, subject_limit), subject_size_);
        // Nothing is sent of what a policy in shadow grants.
        if (is_refusal(d.outcome()) || d.in_shadow()) return;
        fields_.outcome = outcome::header_list_too_long;
        const bool forwarded =
            !fields_.rules || fields_.rules.says<&policy_options::forward_denied_preflights>();
        fields_.status = forwarded
                             ? std::int16_t{0}
                             : static_cast<std::int16_t>(fields_.rules.denied_preflight_status());
    }

    constexpr bool keep(std::string_view text, std::uint16_t& size) noexcept {
        if (text.size() > sizeof bytes_ - used_) return false;
        for (const char c : text) bytes_[used_++] = c;
        size = static_cast<std::uint16_t>(text.size());
        return true;
    }

    decision_fields fields_;
    std::uint16_t origin_size_ = 0;
    std::uint16_t method_size_ = 0;
    std::uint16_t subject_size_ = 0;
    std::uint16_t line_sizes_[max_reflected_lines]{};
    std::size_t used_ = 0;
    char bytes_[max_origin_length + max_kept_headers_length + subject_limit];  // as far as `used_`
};

}  // namespace corsac::inline v0_2_0

#endif
