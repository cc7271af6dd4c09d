// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_ENVOY_MODEL_HPP
#define CORSAC_TESTS_INTEROP_ENVOY_MODEL_HPP

#include <corsac/interop/envoy/filter.hpp>

#include <re2/re2.h>

#include <map>
#include <memory>
#include <string>
#include <vector>

// A model of Envoy's CORS filter, written from its source as a list of steps on maps of headers, to
// be compared with the real thing's twin in corsac. It shares only the configuration's types.

namespace interop = corsac::interop;

namespace envoy_model {

using headers = std::map<std::string, std::string>;

struct outcome {
    bool local_reply = false;
    int valid = 0, invalid = 0;
    headers response;  ///< what the client sees; CORS fields only matter
};

inline std::string get(const headers& from, const std::string& name) {
    const auto found = from.find(name);
    return found == from.end() ? "" : found->second;
}

/// Every accessor of the filter: the first policy that has a value.
template <class T, class Has>
T first(const std::vector<interop::envoy_cors>& policies, T interop::envoy_cors::* field, Has has,
        T otherwise) {
    for (const interop::envoy_cors& p : policies) {
        if (has(p.*field)) return p.*field;
    }
    return otherwise;
}

inline std::string text(const std::vector<interop::envoy_cors>& policies,
                        std::string interop::envoy_cors::* field) {
    return first(policies, field, [](const std::string& s) { return !s.empty(); }, std::string());
}
inline bool flag(const std::vector<interop::envoy_cors>& policies,
                 std::optional<bool> interop::envoy_cors::* field, bool otherwise) {
    return *first(
        policies, field, [](std::optional<bool> b) { return b.has_value(); },
        std::optional<bool>(otherwise));
}

/// With RE2 itself, whatever engine compiled the matcher.
inline bool matches(const interop::string_matcher& m, std::string value) {
    using form = interop::string_matcher::form;
    if (m.how == form::regex) {
        static std::map<std::string, std::unique_ptr<RE2>> compiled;
        std::unique_ptr<RE2>& regex = compiled[m.text];
        if (!regex) regex = std::make_unique<RE2>(m.text, RE2::Quiet);
        return RE2::FullMatch(value, *regex);
    }
    std::string wanted = m.text;
    if (m.ignore_case) {
        for (std::string* s : {&value, &wanted}) {
            for (char& c : *s) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
        }
    }
    const auto ends_with = [&](const std::string& end) {
        return value.size() >= end.size() && value.rfind(end) == value.size() - end.size();
    };
    switch (m.how) {
    case form::exact: return value == wanted;
    case form::prefix: return value.find(wanted) == 0;
    case form::suffix: return wanted.empty() || ends_with(wanted);
    case form::contains: return value.find(wanted) != value.npos;
    case form::regex: break;
    }
    return false;
}

/// @param policies  The most specific first.
/// @param upstream  What the application would answer.
inline outcome run(const std::vector<interop::envoy_cors>& policies, const headers& request,
                   const headers& upstream) {
    outcome result;
    result.response = upstream;
    // decodeHeaders
    if (policies.empty()) return result;
    const bool enabled = policies.front().enabled, shadow = policies.front().shadow;
    if (!enabled && !shadow) return result;
    const std::string origin = get(request, "origin");
    if (origin.empty()) return result;
    bool allowed = false;
    for (const interop::envoy_cors& p : policies) {
        if (p.allow_origins.empty()) continue;
        for (const auto& m : p.allow_origins) allowed |= matches(m, "*") || matches(m, origin);
        break;
    }
    (allowed ? result.valid : result.invalid) = 1;
    if (!enabled) return result;
    const bool is_options = get(request, ":method") == "OPTIONS";
    const std::string asked = get(request, "access-control-request-method");
    const bool preflight = is_options && !asked.empty();
    const bool forward =
        flag(policies, &interop::envoy_cors::forward_not_matching_preflights, true);
    if (preflight && (allowed || !forward)) {
        result.local_reply = true;
        result.response.clear();
        if (allowed) result.response["access-control-allow-origin"] = origin;
        if (flag(policies, &interop::envoy_cors::allow_credentials, false)) {
            result.response["access-control-allow-credentials"] = "true";
        }
        const std::string methods = text(policies, &interop::envoy_cors::allow_methods);
        if (methods == "*") {
            result.response["access-control-allow-methods"] = asked;
        } else if (!methods.empty()) {
            result.response["access-control-allow-methods"] = methods;
        }
        const std::string names = text(policies, &interop::envoy_cors::allow_headers);
        if (names == "*") {
            result.response["access-control-allow-headers"] =
                get(request, "access-control-request-headers");
        } else if (!names.empty()) {
            result.response["access-control-allow-headers"] = names;
        }
        const std::string age = text(policies, &interop::envoy_cors::max_age);
        if (!age.empty()) result.response["access-control-max-age"] = age;
        if (get(request, "access-control-request-private-network") == "true" &&
            flag(policies, &interop::envoy_cors::allow_private_network, false)) {
            result.response["access-control-allow-private-network"] = "true";
        }
    }
    // encodeHeaders, which local replies pass through, too
    if (!allowed) return result;
    result.response["access-control-allow-origin"] = origin;
    if (flag(policies, &interop::envoy_cors::allow_credentials, false)) {
        result.response["access-control-allow-credentials"] = "true";
    }
    const std::string exposed = text(policies, &interop::envoy_cors::expose_headers);
    if (!exposed.empty()) result.response["access-control-expose-headers"] = exposed;
    return result;
}

}  // namespace envoy_model

#endif
