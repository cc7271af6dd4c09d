// SPDX-License-Identifier: MIT
//
// The servers that real browsers are sent to, and what the simulated ones say will happen.

#include "predict.hpp"
#include "servers.hpp"
#include "table.hpp"

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <httplib.h>
#include <nlohmann/json.hpp>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace {

using json = nlohmann::ordered_json;
using corsac::testing::quirks;

std::optional<std::string> read_file(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

json optional_text(const std::optional<std::string>& text) {
    return text ? json(*text) : json(nullptr);
}

/// The arguments of `fetch`, as the page reads them.
json to_json(const corsac::testing::fetch_options& f) {
    constexpr const char* credentials[] = {"omit", "same-origin", "include"};
    constexpr const char* modes[] = {"cors", "no-cors", "same-origin"};
    constexpr const char* redirects[] = {"follow", "error", "manual"};
    constexpr const char* caches[] = {"default",  "no-store",    "reload",
                                      "no-cache", "force-cache", "only-if-cached"};
    constexpr const char* bodies[] = {"none", "string",      "urlsearchparams", "formdata",
                                      "blob", "arraybuffer", "stream"};
    json headers = json::array();
    for (const corsac::testing::header& h : f.headers) headers.push_back({h.name, h.value});
    return {{"url", f.url},
            {"method", f.method},
            {"headers", headers},
            {"credentials", credentials[static_cast<int>(f.credentials)]},
            {"mode", modes[static_cast<int>(f.mode)]},
            {"redirect", redirects[static_cast<int>(f.redirect)]},
            {"cache", caches[static_cast<int>(f.cache)]},
            {"body", {{"type", bodies[static_cast<int>(f.body.kind)]}, {"value", f.body.value}}}};
}

json to_json(const corsac::testing::answer& a) {
    json requests = json::array();
    for (const corsac::testing::wire_request& r : a.requests) {
        requests.push_back({{"kind", corsac::testing::to_string(r.kind)},
                            {"method", r.method},
                            {"url", r.url},
                            {"origin", optional_text(r.origin)},
                            {"acrm", optional_text(r.acrm)},
                            {"acrh", optional_text(r.acrh)},
                            {"credentials", r.credentials}});
    }
    return {{"verdict", corsac::testing::to_string(a.verdict)},
            {"step", corsac::testing::to_string(a.blocked_at)},
            {"type", corsac::testing::to_string(a.type)},
            {"status", a.status},
            {"exposed", a.exposed()},
            {"sentence", a.sentence()},
            {"requests", requests}};
}

json to_json(const journal_entry& e) {
    return {{"kind", e.kind == corsac::request_kind::preflight ? "preflight" : "actual"},
            {"method", e.method},
            {"url", e.url},
            {"origin", optional_text(e.origin)},
            {"acrm", optional_text(e.requested_method)},
            {"acrh", optional_text(e.requested_headers)},
            {"credentials", e.cookie},
            {"decision",
             {{"cors", e.kind != corsac::request_kind::not_cors},
              {"governed", e.governed},
              {"allows", e.allows},
              {"credentials", e.credentials},
              {"outcome", e.outcome},
              {"explanation", e.explanation}}}};
}

json list_cases(const std::vector<test_case>& cases, const std::vector<named_policy>& named,
                const policy_map& policies) {
    json out = json::array();
    std::map<std::string, std::string> exposes;
    for (const named_policy& n : named) exposes[n.name] = n.exposes;
    for (const test_case& c : cases) {
        json entry = {
            {"name", c.name},           {"group", c.group},     {"about", c.about},
            {"page", c.page},           {"context", c.context}, {"policy", c.policy},
            {"websocket", c.websocket}, {"verdict", c.verdict}, {"preflights", c.preflights},
            {"console", c.console}};
        if (const auto e = exposes.find(c.policy); e != exposes.end()) {
            entry["exposes"] = e->second;
        }
        if (const auto p = policies.find(c.policy); p != policies.end()) {
            const bool opaque = c.context == "sandbox" || c.context == "data";
            entry["allows_origin"] = p->second.allows_origin(opaque ? "null" : c.page);
            entry["advertise"] = p->second.rules().says<&corsac::policy_options::advertise>();
        }
        std::set<std::string> names;
        json expected = json::object();
        if (!c.websocket) {
            for (const auto& [name, q] : {std::pair{"standard", &quirks::standard},
                                          std::pair{"chromium", &quirks::chromium},
                                          std::pair{"firefox", &quirks::firefox}}) {
                const quirks& browser = *q;
                json answers = json::array();
                const auto ask = [&](auto server) {
                    for (const auto& a : predict(c, server, browser)) answers.push_back(to_json(a));
                    names.insert(server.names().begin(), server.names().end());
                };
                c.group == "demo" ? ask(remote_server{}) : ask(simulated_server{policies});
                expected[name] = answers;
            }
        }
        json steps = json::array();
        for (const test_step& s : c.steps) {
            json asked = to_json(s.fetch);
            if (c.websocket) asked["via"] = "websocket";
            steps.push_back({{"request", asked}, {"wait_ms", s.wait_ms}, {"page", s.page}});
        }
        entry["steps"] = steps;
        entry["names"] = names;
        entry["expected"] = expected;
        out.push_back(entry);
    }
    return out;
}

/// Builds every policy, or says what is wrong with it.
bool build(const std::vector<named_policy>& named, policy_map& out) {
    bool good = true;
    for (const named_policy& n : named) {
        corsac::result<corsac::policy> p = corsac::make_policy(n.options);
        for (const corsac::config_error& e : p.errors()) {
            std::cerr << "policy " << n.name << ": " << e.message() << '\n';
        }
        if (p && out.emplace(n.name, std::move(*p)).second) continue;
        std::cerr << "policy " << n.name << " is unusable, or has another's name\n";
        good = false;
    }
    return good;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 7) {
        std::cerr << "usage: corsac_browser_cases PAGE.html PAGE.js CERTIFICATE KEY "
                     "DEMO-A-PORT DEMO-B-PORT\n";
        return 2;
    }
    const std::optional<std::string> page = read_file(argv[1]);
    const std::optional<std::string> script = read_file(argv[2]);
    if (!page || !script) {
        std::cerr << "cannot read " << argv[1] << " or " << argv[2] << '\n';
        return 2;
    }
    shared_state state;
    state.page = *page;
    state.script = *script;

    // The policies name ports, so they are built once the servers have theirs; nothing asks before.
    const auto plain = start_httplib(state, {}, {});
    const auto second = start_httplib(state, {}, {});
    const auto tls = start_httplib(state, argv[3], argv[4]);
    const auto beast = start_beast(state);
    const auto debugging = start_debugging(state);
    const world ports{.plain = plain->port(),
                      .second = second->port(),
                      .tls = tls->port(),
                      .beast = beast->port(),
                      .debugging = debugging->port(),
                      .demo_a = std::atoi(argv[5]),
                      .demo_b = std::atoi(argv[6])};
    if (ports.plain == 0 || ports.second == 0 || ports.tls == 0 || ports.beast == 0 ||
        ports.debugging == 0) {
        std::cerr << "cannot listen on 127.0.0.1\n";
        return 1;
    }
    const std::vector<named_policy> named = make_policies(ports);
    if (!build(named, state.policies)) return 1;
    const std::string cases = list_cases(make_cases(ports), named, state.policies).dump();

    httplib::Server control;
    control.Get("/cases", [&cases](const auto&, auto& response) {
        response.set_content(cases, "application/json");
    });
    control.Get("/journal", [&state](const auto&, auto& response) {
        json out = json::object();
        for (const auto& [name, entries] : state.seen.read()) {
            for (const journal_entry& e : entries) out[name].push_back(to_json(e));
        }
        response.set_content(out.dump(), "application/json");
    });
    control.Post("/clear", [&state](const auto&, auto&) { state.seen.clear(); });
    control.Post("/stop", [&control](const auto&, auto&) { control.stop(); });
    const int port = control.bind_to_any_port("127.0.0.1");
    if (port <= 0) return 1;
    std::cout << json{{"control", port},
                      {"plain", ports.plain},
                      {"second", ports.second},
                      {"tls", ports.tls},
                      {"beast", ports.beast}}
              << std::endl;
    return control.listen_after_bind() ? 0 : 1;
}
