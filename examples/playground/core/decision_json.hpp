// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_DECISION_JSON_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_DECISION_JSON_HPP

#include "policy_json.hpp"

#include <corsac/decision/decision.hpp>
#include <corsac/decision/explain.hpp>
#include <corsac/decision/near_miss.hpp>

#include <string>

namespace playground {

/// Pairs of name and value, in any container of them.
template <class Headers>
json headers_json(const Headers& headers) {
    json out = json::array();
    for (const auto& [name, value] : headers) out.push_back({name, value});
    return out;
}

/// A decision, what it says, and what to add to the policy if it was refused for something that is
/// not listed.
template <class Policy>
json decision_json(const Policy& policy, const corsac::decision& d) {
    constexpr const char* kinds[] = {"not CORS", "actual request", "preflight"};
    const auto missing = [&]() -> json {
        using enum corsac::outcome;
        const std::string subject(d.fields().subject);
        switch (d.outcome()) {
        case origin_not_allowed: return {{"field", "allow_origins"}, {"entry", subject}};
        case method_not_allowed: return {{"field", "allow_methods"}, {"entry", subject}};
        case header_not_allowed: return {{"field", "allow_headers"}, {"entry", subject}};
        default: return nullptr;
        }
    };
    return {{"kind", kinds[static_cast<int>(d.kind())]},
            {"outcome", corsac::name_of(d.outcome())},
            {"allows", d.allows()},
            {"refuses", corsac::is_refusal(d.outcome())},
            {"answers", d.answers()},
            {"explanation", std::string{corsac::explain(policy, d).view()}},
            {"missing", missing()}};
}

}  // namespace playground

#endif
