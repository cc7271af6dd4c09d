// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_VALIDATION_HPP

#include <corsac/detail/ascii.hpp>
#include <corsac/detail/buffer.hpp>
#include <corsac/detail/hash_index.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/policy/detail/name_validation.hpp>
#include <corsac/policy/detail/origin_validation.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <utility>

namespace corsac::inline v0_2_0::detail {

template <class Report>
constexpr void check_switches(const policy_options& options, Report& report) {
    if (!options.refuse_credentials) return;
    if (options.allow_credentials) {
        report.add(config_code::credentials_allowed_and_refused, {"refuse_credentials"}, {},
                   "together with allow_credentials says both yes and no", "keep one of the two");
    }
    for (std::size_t i = 0; i < options.allow_headers.size(); ++i) {
        if (!equals_ignore_case(options.allow_headers[i], "authorization")) continue;
        report.add(config_code::credentials_allowed_and_refused, {"allow_headers", i},
                   options.allow_headers[i],
                   "is a credential, and refuse_credentials withholds the answer to it",
                   "leave it out, or set refuse_credentials = false");
    }
}

template <class Report>
constexpr void check_numbers(const policy_options& options, Report& report) {
    using enum config_code;
    const auto add = [&](config_code code, std::string_view field, std::int64_t number,
                         std::string_view what, std::string_view advice) {
        text written;
        if (number < 0) written.append('-');
        // Not -number: that overflows for the smallest one.
        const auto bits = static_cast<std::uint64_t>(number);
        written.append_number(number < 0 ? 0 - bits : bits);
        report.add(code, {field}, written.view(), what, advice);
    };
    if (options.max_age) {
        const std::int64_t seconds = *options.max_age;
        if (seconds < 0) {
            add(max_age_negative, "max_age", seconds, "is negative",
                "write 0 to switch the preflight cache off");
        } else if (seconds > 2147483647) {
            add(max_age_too_large, "max_age", seconds, "is too large", "write at most 86400");
        } else if (seconds > 86400) {
            add(max_age_not_honoured, "max_age", seconds, "is longer than any browser remembers",
                "write at most 86400 (Chromium: 7200)");
        }
    }
    const auto ok = [](std::int32_t status) { return status >= 200 && status <= 299; };
    if (!ok(options.preflight_status)) {
        add(preflight_status_not_ok, "preflight_status", options.preflight_status,
            "makes browsers refuse what was granted", "write 200 to 299, usually 204");
    }
    if (!ok(options.denied_preflight_status) && options.denied_preflight_status != 403) {
        add(denied_status_malformed, "denied_preflight_status", options.denied_preflight_status,
            "is no status for a refused preflight", "write 403, 200 or 204");
    }
}

/// Positions have 32 bits; a third of them leaves room for slots beside the texts.
template <class Report>
constexpr void check_size(const policy_options& options, Report& report) {
    std::size_t bytes = 0;
    for (const policy_list& list : policy_lists) {
        for (const std::string_view item : options.*list.member) {
            bytes += item.size() + 4 * hash_index_slot::size;
        }
    }
    if (bytes > 0x7fffffff) {
        report.add(config_code::policy_too_large, {"allow_origins"}, {}, "more than 2 GiB of text",
                   "decide with origin_if instead");
    }
}

template <auto List, class Report>
constexpr void check_list(const policy_options& options, Report& report) {
    if constexpr (List == &policy_options::allow_methods) {
        check_methods(options, report);
    } else if constexpr (List == &policy_options::allow_headers) {
        check_headers(options, report);
        check_content_type(options, report);
    } else if constexpr (List == &policy_options::expose_headers) {
        check_exposed(options, report);
    } else if constexpr (List == &policy_options::own_origins) {
        check_own_origins(options, report);
    } else {
        static_assert(List == &policy_options::allow_origins, "a list that nothing checks");
    }
}

/// Every check there is, in the order of the fields.
/// @param checked  Gets allow_origins; of use only if no error was reported.
template <class Report>
constexpr void check_options(const policy_options& options, bool may_have_no_origin,
                             look_up_budget& budget, checked_origins& checked, Report& report) {
    check_origins(options, may_have_no_origin, budget, checked, report);
    [&]<std::size_t... I>(std::index_sequence<I...>) {
        (check_list<policy_lists[I].member>(options, report), ...);
    }(std::make_index_sequence<list_count>{});
    check_switches(options, report);
    check_numbers(options, report);
    check_size(options, report);
}

}  // namespace corsac::inline v0_2_0::detail

#endif
