// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP

#include <corsac/error.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

namespace playground {

using json = nlohmann::ordered_json;

/// A few public suffixes of more than one label; a real program would ask the Public Suffix List.
inline bool is_sampled_public_suffix(std::string_view host) {
    constexpr std::string_view sample[] = {"co.uk",     "com.au",      "co.jp",
                                           "github.io", "gitlab.io",   "vercel.app",
                                           "pages.dev", "netlify.app", "herokuapp.com"};
    return host.find('.') == std::string_view::npos ||
           std::find(std::begin(sample), std::end(sample), host) != std::end(sample);
}

/// Every field of a policy, for the page's form.
inline json fields() {
    json lists = json::array(), switches = json::array(), statuses = json::object();
    for (const corsac::policy_list& list : corsac::policy_lists) lists.push_back(list.name);
    for (const corsac::policy_switch& one : corsac::policy_switches) switches.push_back(one.name);
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        statuses[std::string(one.name)] = corsac::policy_options{}.*one.member;
    }
    return {{"lists", lists}, {"switches", switches}, {"statuses", statuses}};
}

/// Reads options as the page sends them; what is missing keeps its default.
///
/// Errors: throws what the JSON library throws where a member has the wrong type.
inline corsac::policy_options read_options(const json& from) {
    corsac::policy_options out;
    for (const corsac::policy_list& list : corsac::policy_lists) {
        if (!from.contains(list.name)) continue;
        for (const json& item : from.at(list.name)) {
            (out.*list.member).push_back(item.get_ref<const std::string&>());
        }
    }
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        out.*one.member = from.value(one.name, out.*one.member);
    }
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        out.*one.member = from.value(one.name, out.*one.member);
    }
    if (from.contains("max_age") && !from.at("max_age").is_null()) {
        out.max_age = from.at("max_age").get<std::int64_t>();
    }
    if (from.value("is_public_suffix", false)) out.is_public_suffix = is_sampled_public_suffix;
    return out;
}

/// Errors or warnings, each beside the field and the entry that it is about.
inline json to_json(const corsac::config_errors& errors) {
    json out = json::array();
    for (const corsac::config_error& e : errors) {
        out.push_back({{"code", corsac::name_of(e.code())},
                       {"field", e.field()},
                       {"index", e.index() == corsac::no_index ? json(nullptr) : json(e.index())},
                       {"text", e.text()},
                       {"message", e.message()},
                       {"advice", e.advice()}});
    }
    return out;
}

}  // namespace playground

#endif
