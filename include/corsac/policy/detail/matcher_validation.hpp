// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_MATCHER_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_MATCHER_VALIDATION_HPP

#include <corsac/config_code.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/detail/origin_validation.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <concepts>
#include <cstddef>
#include <string_view>

namespace corsac::inline v0 {

/// A matcher that checks itself against the options of its policy, and may fit itself to them:
/// `make_policy` calls `prepare_for(options, report)` before it builds anything, and builds nothing
/// if the report gets an error. One whose `judges_itself` is its own type is not tried out besides.
template <class M>
concept prepared_matcher =
    requires(M& matcher, const policy_options& options, config_report& report) {
        matcher.prepare_for(options, report);
    };

namespace detail {

/// Where what a matcher lets in is reported.
inline constexpr config_place matcher_place{"matcher"};

/// Origins that nobody means, as strangers could register them.
struct stranger {
    const char* origin;
    bool under_public_suffix;
    bool is_app = false;  ///< of some extension or app, which sites without credentials may let in
};
inline constexpr stranger strangers[] = {
    {"https://corsac-asks-for-a-stranger.com", false},
    {"https://corsac-asks.for-a-stranger.net:8443", false},
    {"https://[2001:db8::c0:25ac]", false},
    {"https://corsacasksforastranger.com", false},
    {"https://corsacasks.forastranger.org", false},
    {"https://corsacasksforastranger.co.uk", true},
    {"https://corsacasksforastranger.github.io", true},
    {"chrome-extension://corsacasksforastrangercorsacasks", false, true},
    {"moz-extension://c0e5ac00-0000-4000-8000-5748a16e7000", false, true},
    {"app://corsacasksforastranger", false, true},
    {"https://corsac-asks-for-a-stranger.co.uk", true},
    {"https://corsac-asks-for-a-stranger.com.au", true},
    {"https://corsac-asks-for-a-stranger.github.io", true},
    {"https://corsac-asks-for-a-stranger.pages.dev", true},
    {"https://corsac-asks-for-a-stranger.vercel.app", true},
    {"https://corsac-asks-for-a-stranger.netlify.app", true},
    {"https://corsac-asks-for-a-stranger.web.app", true},
    {"https://corsac-asks-for-a-stranger.herokuapp.com", true},
    {"https://corsac-asks-for-a-stranger.azurewebsites.net", true},
    {"https://corsac-asks-for-a-stranger.s3.amazonaws.com", true},
};

/// A class that is derived from one that does may match something else.
template <class Matcher>
inline constexpr bool judges_itself = false;
template <class Matcher>
    requires std::same_as<typename Matcher::judges_itself, Matcher>
inline constexpr bool judges_itself<Matcher> = true;

/// Asks a matcher about which nothing is known for origins of strangers.
template <class Matcher, class Report>
constexpr void probe_matcher(const Matcher& matcher, const policy_options& options,
                             Report& report) {
    for (const stranger& one : strangers) {
        if (one.is_app && !options.allow_credentials) continue;
        bool allowed = false;
        const bool answered =
            completes([&] { allowed = !std::string_view{matcher.match(one.origin)}.empty(); });
        if (!answered || !allowed) continue;
        const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
            text said{"is allowed by it, which "};
            report.add(code, matcher_place, one.origin, said.append(what).view(), advice);
        };
        const origin_judge judge{options, add};
        if (one.under_public_suffix) {
            judge.judge_public_suffix("lets in names that strangers can register",
                                      "compare the whole host, or its end with the dot before it");
        } else if (options.allow_credentials) {
            judge.judge_any_origin();
        } else {
            add(config_code::matcher_of_strangers, "lets every site in",
                R"(write "*" instead, which caches can use, or compare the whole origin)");
        }
        return;  // one says enough
    }
}

/// Judges whatever lets origins in beside allow_origins, and prepares it.
template <class Matcher, class Report>
constexpr void check_matcher(Matcher& matcher, const policy_options& options, Report& report) {
    const std::size_t errors = report.errors.size();
    if constexpr (prepared_matcher<Matcher>) matcher.prepare_for(options, report);
    if (report.errors.size() != errors) return;  // it has said enough
    if (!allows_any_origin(matcher)) {
        if constexpr (!judges_itself<Matcher>) probe_matcher(matcher, options, report);
        return;
    }
    const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
        text said{"any origin "};
        report.add(code, matcher_place, {}, said.append(what).view(), advice);
    };
    origin_judge{options, add}.judge_any_origin();
}

/// A list that was checked for another policy.
template <std::size_t Size, class Report>
constexpr void check_matcher(basic_origin_set<Size>& listed, const policy_options& options,
                             Report& report) {
    text_list entries;
    listed.append_to(entries);
    for (const std::string_view entry : entries) {
        const auto ignore = [](config_code, std::string_view, std::string_view) {};
        check_pattern(parse_origin_pattern(entry, ignore), entry, matcher_place, options, report);
    }
}

template <class First, class Second, class Report>
constexpr void check_matcher(any_of<First, Second>& both, const policy_options& options,
                             Report& report) {
    check_matcher(both.first, options, report);
    check_matcher(both.second, options, report);
}

}  // namespace detail

}  // namespace corsac::inline v0

#endif
