// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_POLICY_JSON_HPP

#include <corsac/error.hpp>
#include <corsac/policy/policy_fields.hpp>
#include <corsac/policy/policy_options.hpp>

#include <nlohmann/json.hpp>

#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace playground {

using json = nlohmann::ordered_json;

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

/// A whole number as the page has it, as text: JSON's numbers lose digits in a script. What is out
/// of range becomes the nearest that is not.
template <class Number>
Number read_number(std::string_view digits) {
    Number out = 0;
    const bool negative = digits.substr(0, 1) == "-";
    const std::from_chars_result read =
        std::from_chars(digits.data(), digits.data() + digits.size(), out);
    if (read.ec != std::errc::result_out_of_range) return out;
    return negative ? std::numeric_limits<Number>::min() : std::numeric_limits<Number>::max();
}

/// Reads options as the page sends them; what is missing keeps its default.
///
/// Errors: what the JSON library does where a member has the wrong type.
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
        if (!from.contains(one.name)) continue;
        out.*one.member =
            read_number<std::int32_t>(from.at(one.name).get_ref<const std::string&>());
    }
    if (from.contains("max_age")) {
        out.max_age = read_number<std::int64_t>(from.at("max_age").get_ref<const std::string&>());
    }
    return out;
}

/// Options as the page has them: what has its default is left out.
inline json write_options(const corsac::policy_options& options) {
    const corsac::policy_options usual;
    json out = json::object();
    for (const corsac::policy_list& list : corsac::policy_lists) {
        for (const std::string_view item : options.*list.member) out[list.name].push_back(item);
    }
    for (const corsac::policy_switch& one : corsac::policy_switches) {
        if (options.*one.member) out[one.name] = true;
    }
    for (const corsac::policy_status& one : corsac::policy_statuses) {
        if (options.*one.member != usual.*one.member) {
            out[one.name] = std::to_string(options.*one.member);
        }
    }
    if (options.max_age) out["max_age"] = std::to_string(*options.max_age);
    return out;
}

/// Errors or warnings, each beside the field and the entry that it is about.
inline json errors_json(const corsac::config_errors& errors) {
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
