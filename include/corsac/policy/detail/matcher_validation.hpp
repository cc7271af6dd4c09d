// SPDX-License-Identifier: MIT
#ifndef CORSAC_POLICY_DETAIL_MATCHER_VALIDATION_HPP
#define CORSAC_POLICY_DETAIL_MATCHER_VALIDATION_HPP

#include <corsac/config_code.hpp>
#include <corsac/detail/completes.hpp>
#include <corsac/detail/text.hpp>
#include <corsac/detail/token_list.hpp>
#include <corsac/error.hpp>
#include <corsac/origin/look_up_budget.hpp>
#include <corsac/origin/origin_matcher.hpp>
#include <corsac/origin/origin_pattern.hpp>
#include <corsac/origin/origin_set.hpp>
#include <corsac/origin/parse_origin_pattern.hpp>
#include <corsac/policy/detail/origin_validation.hpp>
#include <corsac/policy/origin_judge.hpp>
#include <corsac/policy/policy_options.hpp>
#include <corsac/text_list.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace corsac::inline v0_2_0 {

/// A matcher that checks itself against the options of its policy, and may fit itself to them:
/// `make_policy` calls `prepare_for(options, report)` before it builds anything, and builds nothing
/// if the report gets an error. One whose `judges_itself` is its own type is not tried out besides.
template <class M>
concept prepared_matcher =
    requires(M& matcher, const policy_options& options, config_report& report) {
        matcher.prepare_for(options, report);
    };

namespace detail {

using std::string_view_literals::operator""sv;

/// Where what a matcher lets in is reported.
inline constexpr config_place matcher_place{"matcher"};

/// Origins that nobody means, as strangers could have them.
struct stranger {
    enum class kind : std::uint8_t {
        anyone,
        under_public_suffix,
        on_network,  ///< whichever the user is in, which may be meant without credentials
        app,         ///< or an extension, likewise
    };
    const char* origin;
    kind of;
};
inline constexpr stranger strangers[] = {
    {"https://corsac-asks-for-a-stranger.com", stranger::kind::anyone},
    {"https://corsac-asks.for-a-stranger.net:8443", stranger::kind::anyone},
    {"https://[2001:db8::c0:25ac]", stranger::kind::anyone},
    {"https://corsacasksforastranger.com", stranger::kind::anyone},
    {"https://corsacasks.forastranger.org", stranger::kind::anyone},
    {"https://corsacasksforastranger.co.uk", stranger::kind::under_public_suffix},
    {"https://corsacasksforastranger.github.io", stranger::kind::under_public_suffix},
    {"https://192.168.197.172", stranger::kind::on_network},
    {"https://10.197.172.25:8443", stranger::kind::on_network},
    {"chrome-extension://corsacasksforastrangercorsacasks", stranger::kind::app},
    {"moz-extension://c0e5ac00-0000-4000-8000-5748a16e7000", stranger::kind::app},
    {"app://corsacasksforastranger", stranger::kind::app},
};

/// Suffixes under which most strangers are: a predicate such as `ends_with(".github.io")` names
/// one.
inline constexpr std::string_view suffixes_of_strangers =
    "com, net, org, io, dev, app, de, co.uk, org.uk, me.uk, ac.uk, com.au, com.br, com.cn, co.in, "
    "co.jp, co.nz, co.za, xn--p1ai, github.io, gitlab.io, pages.dev, workers.dev, fly.dev, "
    "web.app, firebaseapp.com, vercel.app, netlify.app, onrender.com, herokuapp.com, "
    "azurewebsites.net, s3.amazonaws.com, cloudfront.net, appspot.com, run.app, blogspot.com, "
    "ngrok.io, ngrok-free.app"sv;

/// @return  Whether it is allowed, which is reported.
template <class Matcher, class Report>
constexpr bool probe_matcher(const Matcher& matcher, std::string_view origin, stranger::kind of,
                             const policy_options& options, Report& report) {
    bool allowed = false;
    const bool answered =
        completes([&] { allowed = !std::string_view{matcher.match(origin)}.empty(); });
    if (!answered || !allowed) return false;
    const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
        text said{"is allowed by it, which "};
        report.add(code, matcher_place, origin, said.append(what).view(), advice);
    };
    const origin_judge judge{options, add};
    if (of == stranger::kind::on_network) {
        judge.judge_network();
    } else if (of == stranger::kind::under_public_suffix) {
        judge.judge_public_suffix("lets in names that strangers can register",
                                  "compare the whole host, or its end with the dot before it");
    } else if (options.allow_credentials) {
        judge.judge_any_origin();
    } else {
        add(config_code::matcher_of_strangers, "lets every site in",
            R"(write "*" instead, which caches can use, or compare the whole origin)");
    }
    return true;
}

/// Asks a matcher about which nothing is known for origins of strangers.
template <class Matcher, class Report>
constexpr void probe_matcher(const Matcher& matcher, const policy_options& options,
                             Report& report) {
    // One says enough.
    for (const stranger& one : strangers) {
        const bool may_be_meant =
            one.of == stranger::kind::app || one.of == stranger::kind::on_network;
        if (may_be_meant && !options.allow_credentials) continue;
        if (probe_matcher(matcher, one.origin, one.of, options, report)) return;
    }
    std::string_view rest = suffixes_of_strangers;
    while (!rest.empty()) {
        text origin{"https://corsac-asks-for-a-stranger."};
        origin.append(next_element(rest));
        if (probe_matcher(matcher, origin.view(), stranger::kind::under_public_suffix, options,
                          report))
            return;
    }
    if (options.is_public_suffix == nullptr) return;
    const auto add = [&](config_code code, std::string_view what, std::string_view advice) {
        report.add(code, matcher_place, "is_public_suffix", what, advice);
    };
    origin_judge{options, add}.judge_unasked_suffixes();
}

/// Reports the first matcher that costs a request more than there is room for.
template <class Report>
constexpr void check_cost(bool has_room, Report& report) {
    if (has_room) return;
    report.add(config_code::matchers_too_many, matcher_place, {},
               "costs every request more look-ups than there is room for beside the other lists",
               "join lists, or decide with origin_if");
}

/// Judges whatever lets origins in beside allow_origins, and prepares it.
template <class Matcher, class Report>
constexpr void check_matcher(Matcher& matcher, const policy_options& options,
                             look_up_budget& budget, Report& report) {
    check_cost(budget.take(look_ups_of(matcher)), report);
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

/// A list that was checked for another policy, if at all.
template <std::size_t Size, class Report>
constexpr void check_matcher(basic_origin_set<Size>& listed, const policy_options& options,
                             look_up_budget& budget, Report& report) {
    text_list entries;
    listed.append_to(entries);
    if (!entries.empty()) check_cost(budget.take_list(), report);
    for (const std::string_view entry : entries) {
        const auto ignore = [](config_code, std::string_view, std::string_view) {};
        const origin_pattern pattern = parse_origin_pattern(entry, ignore);
        check_pattern(pattern, entry, matcher_place, options, report);
        check_cost(pattern, entry, matcher_place, budget, report);
    }
}

template <class First, class Second, class Report>
constexpr void check_matcher(any_of<First, Second>& both, const policy_options& options,
                             look_up_budget& budget, Report& report) {
    check_matcher(both.first, options, budget, report);
    check_matcher(both.second, options, budget, report);
}

}  // namespace detail

}  // namespace corsac::inline v0_2_0

#endif
