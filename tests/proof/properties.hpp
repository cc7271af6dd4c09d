// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_PROOF_PROPERTIES_HPP
#define CORSAC_TESTS_PROOF_PROPERTIES_HPP

#include "intent.hpp"
#include "servers.hpp"
#include "space.hpp"

#include <corsac/testing/browser.hpp>

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What is proved, each for one attempt of one page.

namespace proof {

/// The letters stand in reports.
enum class property : char {
    sound = 'S',        ///< what the browser allows, the policy permits
    complete = 'C',     ///< what the policy permits, the browser allows, with the right headers
    withheld = 'W',     ///< a preflighted request that is not permitted is never sent
    silent = 'L',       ///< a refusal carries no CORS header
    well_formed = 'F',  ///< no field twice, no `*` with credentials, nobody else's fields
    http_cache = 'K',   ///< no verdict changes through a shared HTTP cache that honours `Vary`
    remembered = 'P',   ///< no verdict changes through the preflight cache, which works
};

inline constexpr property every_property[] = {
    property::sound,       property::complete,   property::withheld,  property::silent,
    property::well_formed, property::http_cache, property::remembered};

[[nodiscard]] inline std::string letter(property p) { return {static_cast<char>(p)}; }

struct violation {
    property broken;
    std::string what;
};

using finding = std::optional<violation>;

struct exchange {
    sim::request asked;
    sim::response answered;
};

/// One call from one page: what the script saw, and what went over the wire.
struct attempt {
    sim::answer seen;
    std::vector<exchange> wire;
};

/// Calls `network` for every request that the page's browser sends.
template <class Network>
[[nodiscard]] attempt make_attempt(sim::browser& b, const page& from,
                                   const sim::fetch_options& fetch, Network&& network) {
    attempt out;
    out.seen = b.fetch(fetch, [&](const sim::request& r) -> sim::response {
        sim::request sent = r;
        for (sim::header& h : sent.headers) {
            if (!from.sends.empty() && h.name == "Origin") h.value = std::string(from.sends);
        }
        sim::response answered = network(sent);
        out.wire.push_back({std::move(sent), answered});
        return answered;
    });
    return out;
}

[[nodiscard]] inline bool is_cors_field(std::string_view name) {
    return intent::lower(name).starts_with("access-control-");
}

[[nodiscard]] inline bool has_cors_fields(const sim::response& r) {
    for (const sim::header& h : r.headers) {
        if (is_cors_field(h.name)) return true;
    }
    return false;
}

/// All lines of a name.
[[nodiscard]] inline intent::texts lines_of(const sim::header_list& list, std::string_view name) {
    intent::texts values;
    for (const sim::header& h : list) {
        if (intent::lower(h.name) == name) values.push_back(h.value);
    }
    return values;
}

/// S, C and W: what the script got is what the policy means.
[[nodiscard]] inline finding judge_verdict(const site& s, const page& from, const call& made,
                                           const attempt& a) {
    const bool permitted = intent::permits(s.options, made.from(from.origin()));
    const bool allowed = a.seen.allowed();
    if (allowed && !permitted) return violation{property::sound, "allowed, but not permitted"};
    if (!allowed && permitted) {
        return violation{property::complete, "permitted, but not allowed: " +
                                                 std::string(to_string(a.seen.blocked_at))};
    }
    for (const sim::wire_request& r : a.seen.requests) {
        if (!permitted && made.preflighted && !r.is_preflight()) {
            return violation{property::withheld, "sent, although it is preflighted and refused"};
        }
    }
    if (!allowed) return {};
    for (const std::string_view name : application_fields) {
        const bool exposed = intent::exposes(s.options, name, made.with_credentials());
        if (a.seen.exposes(name) == exposed) continue;
        return violation{property::complete,
                         std::string(name) + (exposed ? " is hidden" : " is exposed")};
    }
    const bool everything = intent::exposes(s.options, "vary", made.with_credentials());
    if (!everything && (a.seen.exposes("vary") || a.seen.exposes("access-control-allow-origin"))) {
        return violation{property::complete, "exposes CORS headers"};
    }
    return {};
}

/// L and F: what one answer looks like, whoever asked.
[[nodiscard]] inline finding judge_exchange(const site& s, const exchange& e) {
    const corsac::policy_options& options = s.options;
    const intent::refusal refused = intent::refuses(options, e.asked);
    // With `advertise` the browser judges methods and headers by the lists that it gets.
    const bool silent = refused == intent::refusal::origin ||
                        (refused == intent::refusal::question && !options.advertise);
    if (silent && has_cors_fields(e.answered)) {
        return violation{property::silent, "a refusal carries CORS headers"};
    }
    const auto broken = [](std::string what) {
        return violation{property::well_formed, std::move(what)};
    };
    const auto line_of = [&](std::string_view name) { return lines_of(e.answered.headers, name); };
    for (const sim::header& h : e.answered.headers) {
        if (is_cors_field(h.name) && line_of(intent::lower(h.name)).size() != 1) {
            return broken(h.name + " stands twice");
        }
    }
    const intent::texts origins = lines_of(e.asked.headers, "origin");
    const intent::texts methods = lines_of(e.asked.headers, "access-control-request-method");
    const bool preflight = e.asked.method == "OPTIONS" && !origins.empty() && !methods.empty();
    const intent::texts origin = line_of("access-control-allow-origin");
    const intent::texts credentials = line_of("access-control-allow-credentials");
    const intent::texts max_age = line_of("access-control-max-age");
    if (origin.empty() && has_cors_fields(e.answered)) return broken("CORS headers, but no origin");
    if (!origin.empty() && origin[0] != "*" && (origins.size() != 1 || origin[0] != origins[0])) {
        return broken("the answer is for another origin: " + origin[0]);
    }
    if (!credentials.empty() && (credentials[0] != "true" || origin[0] == "*")) {
        return broken("credentials are allowed wrongly");
    }
    const bool answered_by_application = !line_of("x-one").empty();
    const intent::texts vary = line_of("vary");
    const bool keeps_vary = std::any_of(vary.begin(), vary.end(), [](const std::string& line) {
        return line.find("Accept-Encoding") != std::string::npos;
    });
    if (answered_by_application && !keeps_vary) return broken("the application's Vary is lost");
    if (!preflight) {
        const bool may_be = !options.reject_disallowed || refused == intent::refusal::none;
        if (answered_by_application == may_be) return {};
        return broken("the application is asked, or is not asked, wrongly");
    }
    if (origin.empty()) {
        const int status =
            options.forward_denied_preflights ? 200 : options.denied_preflight_status;
        if (e.answered.status != status) return broken("a refusal has another status");
    } else {
        const int status = options.forward_granted_preflights ? 200 : options.preflight_status;
        if (e.answered.status != status) return broken("another status");
        const std::string age = options.max_age ? std::to_string(*options.max_age) : "";
        if ((max_age.empty() ? "" : max_age[0]) != age) return broken("another max-age");
    }
    const bool may_be =
        origin.empty() ? options.forward_denied_preflights : options.forward_granted_preflights;
    if (answered_by_application == may_be) return {};
    return broken("a preflight that the application answers");
}

/// All but the caches.
[[nodiscard]] inline finding judge(const site& s, const page& from, const call& made,
                                   const attempt& a) {
    if (finding f = judge_verdict(s, from, made, a)) return f;
    for (const exchange& e : a.wire) {
        if (finding f = judge_exchange(s, e)) return f;
    }
    return {};
}

// ---- Reports: what failed, so that it can be tried again by hand --------------------------------

[[nodiscard]] inline std::string describe(const corsac::policy_options& options) {
    const auto list = [](const char* name, const corsac::text_list& items) {
        std::string out = std::string("  ") + name + " = {";
        for (const std::string_view item : items) out += " \"" + std::string(item) + "\"";
        return out + " }\n";
    };
    const auto flag = [](const char* name, bool set) {
        return set ? std::string("  ") + name + "\n" : std::string();
    };
    return list("allow_origins", options.allow_origins) +
           list("allow_methods", options.allow_methods) +
           list("allow_headers", options.allow_headers) +
           list("expose_headers", options.expose_headers) +
           flag("allow_credentials", options.allow_credentials) +
           (options.max_age ? "  max_age = " + std::to_string(*options.max_age) + "\n" : "") +
           "  preflight_status = " + std::to_string(options.preflight_status) +
           ", denied_preflight_status = " + std::to_string(options.denied_preflight_status) + "\n" +
           flag("reject_disallowed", options.reject_disallowed) +
           flag("refuse_credentials", options.refuse_credentials) +
           flag("disclose_requested_only", options.disclose_requested_only) +
           flag("advertise", options.advertise) +
           flag("forward_denied_preflights", options.forward_denied_preflights) +
           flag("forward_granted_preflights", options.forward_granted_preflights) +
           flag("keep_existing", options.keep_existing);
}

[[nodiscard]] inline std::string describe(const exchange& e) {
    std::string out = "  > " + e.asked.method + "\n";
    for (const sim::header& h : e.asked.headers) out += "  > " + h.name + ": " + h.value + "\n";
    out += "  < " + std::to_string(e.answered.status) + "\n";
    for (const sim::header& h : e.answered.headers) out += "  < " + h.name + ": " + h.value + "\n";
    return out;
}

[[nodiscard]] inline std::string describe(const violation& v, const site& s) {
    return letter(v.broken) + ": " + v.what + "\n" + describe(s.options);
}

[[nodiscard]] inline violation with_context(const violation& v, const site& s, const page& from,
                                            const attempt& a) {
    std::string text = v.what + "\n" + describe(s.options) + "  page " +
                       std::string(from.origin()) + ": " + std::string(to_string(a.seen.verdict)) +
                       "\n";
    for (const exchange& e : a.wire) text += describe(e);
    return {v.broken, std::move(text)};
}

}  // namespace proof

#endif
