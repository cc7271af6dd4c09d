// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP

#include <corsac/error.hpp>
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

namespace detail {

using options = corsac::policy_options;

struct list_field {
    const char* name;
    corsac::text_list options::*member;
};
inline constexpr list_field lists[] = {
    {"allow_origins", &options::allow_origins},
    {"allow_methods", &options::allow_methods},
    {"allow_headers", &options::allow_headers},
    {"expose_headers", &options::expose_headers},
};

struct flag_field {
    const char* name;
    bool options::*member;
};
inline constexpr flag_field flags[] = {
    {"allow_credentials", &options::allow_credentials},
    {"reject_disallowed", &options::reject_disallowed},
    {"refuse_credentials", &options::refuse_credentials},
    {"disclose_requested_only", &options::disclose_requested_only},
    {"advertise", &options::advertise},
    {"forward_denied_preflights", &options::forward_denied_preflights},
    {"keep_existing", &options::keep_existing},
    {"allow_private_network", &options::allow_private_network},
    {"shadow", &options::shadow},
    {"tolerate_forbidden_names", &options::tolerate_forbidden_names},
    {"dangerously_allow_any_origin_with_credentials",
     &options::dangerously_allow_any_origin_with_credentials},
    {"dangerously_allow_insecure_origins_with_credentials",
     &options::dangerously_allow_insecure_origins_with_credentials},
    {"dangerously_allow_public_suffixes_with_credentials",
     &options::dangerously_allow_public_suffixes_with_credentials},
    {"dangerously_allow_null_origin_with_credentials",
     &options::dangerously_allow_null_origin_with_credentials},
};

struct number_field {
    const char* name;
    std::int32_t options::*member;
};
inline constexpr number_field numbers[] = {
    {"preflight_status", &options::preflight_status},
    {"denied_preflight_status", &options::denied_preflight_status},
};

}  // namespace detail

/// Reads options as the page sends them; what is missing keeps its default.
///
/// Errors: throws what the JSON library throws where a member has the wrong type.
inline corsac::policy_options read_options(const json& from) {
    corsac::policy_options out;
    for (const auto& [name, member] : detail::lists) {
        if (!from.contains(name)) continue;
        for (const json& item : from.at(name)) {
            (out.*member).push_back(item.get_ref<const std::string&>());
        }
    }
    for (const auto& [name, member] : detail::flags) out.*member = from.value(name, out.*member);
    for (const auto& [name, member] : detail::numbers) out.*member = from.value(name, out.*member);
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
