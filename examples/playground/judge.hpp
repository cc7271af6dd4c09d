// SPDX-License-Identifier: MIT
#ifndef CORSAC_EXAMPLES_PLAYGROUND_JUDGE_HPP
#define CORSAC_EXAMPLES_PLAYGROUND_JUDGE_HPP

#include "policy_json.hpp"

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace playground {

using header_list = std::vector<std::pair<std::string, std::string>>;

/// What the application behind the policy answers, whoever serves it.
struct reply {
    int status = 200;
    header_list headers{};
};

/// @param kind  `plain`, `missing`, `failing`, `not-modified`, or `generous`: a handler that writes
///              CORS headers of its own, letting in everybody.
inline reply application(std::string_view kind) {
    reply out;
    out.headers = {{"Content-Type", "application/json"},
                   {"Cache-Control", "no-store"},
                   {"ETag", "\"42\""},
                   {"X-Request-Id", "7f3a"},
                   {"X-RateLimit-Remaining", "99"}};
    if (kind == "missing") out.status = 404;
    if (kind == "failing") out.status = 500;
    if (kind == "not-modified") out.status = 304;
    if (kind == "generous") {
        out.headers.emplace_back("Access-Control-Allow-Origin", "*");
        out.headers.emplace_back("Access-Control-Allow-Credentials", "true");
        out.headers.emplace_back("Vary", "Accept-Encoding");
    }
    return out;
}

/// The last part of `/api/ID/KIND`.
inline std::string_view reply_kind(std::string_view target) {
    target = target.substr(0, target.find('?'));
    return target.substr(target.rfind('/') + 1);
}

inline json to_json(const header_list& headers) {
    json out = json::array();
    for (const auto& [name, value] : headers) out.push_back({name, value});
    return out;
}

inline json to_json(const corsac::testing::header_list& headers) {
    json out = json::array();
    for (const auto& [name, value] : headers) out.push_back({name, value});
    return out;
}

inline json to_json(const corsac::decision& d) {
    constexpr const char* kinds[] = {"not CORS", "actual request", "preflight"};
    return {{"kind", kinds[static_cast<int>(d.kind())]},
            {"outcome", corsac::name_of(d.outcome())},
            {"allows", d.allows()},
            {"refuses", corsac::is_refusal(d.outcome())},
            {"answers", d.answers()},
            {"explanation", std::string{corsac::explain(d).view()}}};
}

/// Reads a request as the page describes it, with names as `fetch` has them.
///
/// Errors: throws what the JSON library throws where a member is missing or of the wrong type.
inline corsac::testing::fetch_options read_fetch(const json& from) {
    using namespace corsac::testing;
    const auto pick = [&from](const char* member, auto... names) {
        const std::string given = from.at(member).get<std::string>();
        const std::string_view known[] = {names...};
        for (std::size_t i = 0; i < std::size(known); ++i) {
            if (known[i] == given) return static_cast<int>(i);
        }
        return 0;
    };
    fetch_options out;
    out.url = from.at("url").get<std::string>();
    out.method = from.at("method").get<std::string>();
    for (const json& pair : from.at("headers")) {
        out.headers.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    }
    out.credentials =
        static_cast<credentials_mode>(pick("credentials", "omit", "same-origin", "include"));
    out.mode = static_cast<request_mode>(pick("mode", "cors", "no-cors", "same-origin"));
    if (from.contains("body") && from.at("body").is_string()) {
        out.body = text_body(from.at("body").get<std::string>());
    }
    return out;
}

/// What one simulated browser does, with each exchange as the server saw it.
inline json simulate(const corsac::policy& rules, const std::string& page,
                     const corsac::testing::fetch_options& fetch,
                     const corsac::testing::quirks& quirks) {
    using namespace corsac::testing;
    json exchanges = json::array();
    auto server = governed_by(rules, [](const request& r) {
        const reply answered = application(reply_kind(r.url));
        response out{.status = answered.status, .headers = {}};
        for (const auto& [name, value] : answered.headers) out.headers.push_back({name, value});
        return out;
    });
    browser simulated{page, quirks};
    const answer a = simulated.fetch(fetch, [&](const request& r) {
        corsac::request_facts facts;
        facts.method = r.method;
        for (const header& h : r.headers) facts.add(h.name, h.value);
        facts.credentials = r.credentials;
        const response out = server(r);
        exchanges.push_back({{"method", r.method},
                             {"request", to_json(r.headers)},
                             {"status", out.status},
                             {"response", to_json(out.headers)},
                             {"decision", to_json(corsac::evaluate(rules, facts))}});
        return out;
    });
    return {{"verdict", to_string(a.verdict)},
            {"step", a.allowed() ? "" : std::string{to_string(a.blocked_at)}},
            {"type", to_string(a.type)},
            {"status", a.status},
            {"sentence", a.allowed() ? "" : a.sentence()},
            {"exposed", a.exposed()},
            {"exchanges", exchanges}};
}

}  // namespace playground

#endif
