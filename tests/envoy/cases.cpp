// SPDX-License-Identifier: MIT
// Prints, as JSON, policies as Envoy's configuration, requests, and what corsac does with each of
// them. compare.py puts the requests to a real Envoy.
#include <corsac/corsac.hpp>
#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/document/yaml_events.hpp>
#include <corsac/interop/envoy/cors_policy_writer.hpp>
#include <corsac/interop/envoy/export.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>
#include <corsac/interop/matchers/re2.hpp>
#include <corsac/interop/matchers/string_matcher.hpp>

#include "case.hpp"
#include "interop/conformance_cases.hpp"

#include <re2/re2.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <array>
#include <cstddef>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using envoy_cases::headers;
using envoy_cases::request;
using envoy_cases::sink;
using envoy_cases::to_map;
using interop::document;

class output {
public:
    /// @return  Whether Envoy can say all of the policy; otherwise it is left out.
    bool begin_policy(const corsac::policy& p) {
        interop::exported config = interop::to_envoy(p, {.strict = true});
        if (!config.value) return false;
        path_ = "/p" + std::to_string(policies_.size()) + "/";
        document item = document::map();
        item.set("path", document(std::string_view(path_)));
        item.set("config", *std::move(config.value));
        policies_.push_back(std::move(item));
        return true;
    }

    void add(const corsac::policy& p, const request& asked) {
        const corsac::request_facts facts = asked.facts();
        const corsac::decision d = evaluate(p, facts);
        headers answer = d.answers() ? headers{} : asked.upstream;
        apply(d, sink{answer});

        document item =
            make_case(asked, d.answers() ? d.status() : 200, name_of(d.outcome()), answer);
        item.set("preflight", document(d.kind() == corsac::request_kind::preflight));
        cases_.push_back(std::move(item));
    }

    /// Two of Envoy's own policies, one on the route and one on its virtual host; a third, the same
    /// for all, stands above them.
    void begin_twin(const interop::envoy_cors& route, const interop::envoy_cors& host) {
        path_ = "/";
        host_ = "twin" + std::to_string(twins_.size()) + ".example";
        document item = document::map();
        item.set("host", document(std::string_view(host_)));
        item.set("route", per_filter(route));
        item.set("virtual_host", per_filter(host));
        twins_.push_back(std::move(item));
    }

    void add_twin(const std::array<const interop::envoy_cors*, 3>& chain, const request& asked) {
        const corsac::request_facts facts = asked.facts();
        const interop::envoy_decision d = evaluate_like_envoy(chain, facts);
        headers answer = d.answers ? headers{} : asked.upstream;
        apply(d, sink{answer});
        document item = make_case(asked, 200, "", answer);
        item.set("twin", document(std::string_view(host_)));
        cases_.push_back(std::move(item));
    }

    void print(const interop::envoy_cors& above) && {
        document all = document::map();
        all.set("above", per_filter(above));
        all.set("twins", std::move(twins_));
        all.set("policies", std::move(policies_));
        all.set("cases", std::move(cases_));
        std::cout << to_json(all);
    }

private:
    [[nodiscard]] static document per_filter(const interop::envoy_cors& p) {
        document map = document::map();
        map.set(interop::envoy_cors_filter, to_document(p));
        return map;
    }

    [[nodiscard]] document make_case(const request& asked, int status, std::string_view outcome,
                                     const headers& answer) const {
        document ours = document::map();
        ours.set("status", document(std::int64_t{status}));
        ours.set("outcome", document(outcome));
        ours.set("headers", to_map(answer));
        document item = document::map();
        item.set("path", document(std::string_view(path_)));
        item.set("method", document(std::string_view(asked.method)));
        item.set("headers", to_map(asked.fields));
        item.set("upstream", to_map(asked.upstream));
        item.set("ours", std::move(ours));
        return item;
    }

    document policies_ = document::list();
    document twins_ = document::list();
    document cases_ = document::list();
    std::string path_;
    std::string host_;
};

/// The conformance suite, on the policies as they are imported from its manifest.
void add_conformance(const std::string& file, output& out) {
    interop::manifest_problems problems;
    std::ifstream in(file);
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    std::vector<document> documents =
        interop::read_yaml<YAML::Parser, YAML::EventHandler>(text, problems);
    const interop::gateway_import import =
        import_gateway(read_gateway_objects(std::move(documents), problems),
                       interop::gateway_profile::gateway_api, problems);
    if (!import.table) {
        for (const interop::manifest_problem& problem : problems)
            std::cerr << problem.text() << '\n';
        std::exit(1);
    }
    std::string_view path;
    for (const conformance::row& row : conformance::rows) {
        const corsac::policy* p = import.table->find("h", row.path, "GET").governing();
        if (p == nullptr) std::exit(1);
        if (row.path != path && !out.begin_policy(*p)) std::exit(1);
        path = row.path;
        request asked{std::string(row.method), {{"origin", std::string(row.origin)}}, {}};
        if (!row.requested_method.empty()) {
            asked.fields["access-control-request-method"] = row.requested_method;
        }
        if (!row.requested_headers.empty()) {
            asked.fields["access-control-request-headers"] = row.requested_headers;
        }
        out.add(*p, asked);
    }
}

class generator {
public:
    explicit generator(unsigned seed) : engine_(seed) {}

    bool one_in(unsigned n) { return below(n) == 0; }
    unsigned below(unsigned n) { return static_cast<unsigned>(engine_() % n); }

    template <std::size_t N>
    const char* any(const char* const (&items)[N]) {
        return items[engine_() % N];
    }

    corsac::policy_options policy_options() {
        static const char* const origins[] = {
            "https://a.example",     "https://*.a.example",    "https://pr-*.b.example",
            "http://localhost:*",    "https://c.example:8443", "https://*:8443",
            "capacitor://localhost", "http://[::1]:3000",      "https://*.d.example:*"};
        static const char* const methods[] = {"GET", "PUT", "DELETE", "PATCH", "PURGE"};
        static const char* const names[] = {"X-One", "X-Two", "Authorization", "Content-Type"};
        corsac::policy_options made;
        const unsigned kind = below(6);
        if (kind == 0) {
            made.allow_origins.push_back("*");
        } else if (kind == 1) {
            made.allow_origins.push_back("null");
        }
        for (unsigned i = below(3) + (kind > 1 ? 1U : 0U); kind != 0 && i > 0; --i) {
            made.allow_origins.push_back(any(origins));
        }
        if (one_in(4)) {
            made.allow_methods = {"*"};
        } else {
            for (unsigned i = below(4); i > 0; --i) made.allow_methods.push_back(any(methods));
        }
        if (one_in(4)) {
            made.allow_headers = {"*", "Authorization"};
        } else {
            for (unsigned i = below(4); i > 0; --i) made.allow_headers.push_back(any(names));
        }
        for (unsigned i = below(3); i > 0; --i) made.expose_headers.push_back(any(names));
        made.allow_credentials = one_in(2);
        if (!made.allow_credentials && one_in(4)) made.expose_headers = {"*"};
        if (one_in(2)) made.max_age = one_in(4) ? 0 : 600;
        made.allow_private_network = one_in(4);
        made.dangerously_allow_any_origin_with_credentials = true;
        made.dangerously_allow_insecure_origins_with_credentials = true;
        made.dangerously_allow_null_origin_with_credentials = true;
        return made;
    }

    /// Of every kind of construct: alternations, classes, counted repetition, flags, anchors; some
    /// match the text `*`, and some match nothing that is an origin.
    interop::string_matcher regex() {
        const auto make = [](const std::string& text) {
            interop::string_matcher made = make_regex_matcher(text, interop::re2_engine<RE2>{});
            if (made.regex.error.empty()) return made;
            std::cerr << text << ' ' << made.regex.error << '\n';
            std::exit(1);
        };
        if (one_in(16)) return make(any({".*", "[^/]+", R"(\*|null)", ".", R"((?s).{0,3}.*)"}));
        // Put together from parts, so that most of them match some of the origins.
        std::string text = any({"", "", "", "^", R"(\A)", "(?i)", "(?i)^"});
        text += any({"https://", "https://", "https?://", "http(s)?:..", "(?:https|capacitor)://",
                     "[a-z]+://", "HTTPS?://", ".*", R"(\w{4,5}:/{2})"});
        text += any({"", "", R"((x\.|y\.)*)", R"([a-z]\.)", R"((\w+\.){1,2})", ".*", ".+?", "A*.?",
                     R"(([[:alpha:]]\.)?)", "evil", R"((pr-\d|x)\.)"});
        text +=
            any({R"(a\.example)", R"(a\.example)", "a.example", "[ac]\\.example", R"((a|b)\.\w+)",
                 "localhost", R"(\Qa.example\E)", R"(.{2}xample)", R"([^/:]+)", "A\\.EXAMPLE"});
        text +=
            any({"", "", "", R"((:\d+)?)", ":8443", R"((:[0-9]{2,5}|/)?)", ".*", "/?", R"(\b)"});
        text += any({"", "", "", "$", R"(\z)", "|null", R"(|\*)"});
        return make(text);
    }

    /// Any field may be unset.
    interop::envoy_cors envoy_policy() {
        using form = interop::string_matcher::form;
        interop::envoy_cors made;
        if (one_in(8)) {
            made.enabled = false;
            return made;
        }
        static const interop::string_matcher matchers[] = {
            {form::exact, "https://a.example", false, {}},
            {form::exact, "HTTPS://A.example", true, {}},
            {form::exact, "*", false, {}},
            {form::prefix, "https://", false, {}},
            {form::suffix, ".EXAMPLE:8443", true, {}},
            {form::contains, "localhost", false, {}},
            {form::contains, "LOCALHOST:3", true, {}}};
        for (unsigned i = below(4); i > 0; --i) {
            made.allow_origins.push_back(one_in(3) ? matchers[below(std::size(matchers))]
                                                   : regex());
        }
        made.allow_methods = any({"", "", "*", "GET, PUT", "*, PUT"});
        made.allow_headers = any({"", "", "*", "x-one,x-two", "X-One"});
        made.expose_headers = any({"", "", "*", "x-three"});
        made.max_age = any({"", "", "0", "600"});
        const std::optional<bool> flags[] = {std::nullopt, true, false};
        made.allow_credentials = flags[below(3)];
        made.allow_private_network = flags[below(3)];
        made.forward_not_matching_preflights = flags[below(3)];
        return made;
    }

    /// Half of the time from an origin that the policy allows, if there is one.
    request any_request(const corsac::policy& p) {
        static const char* const origins[] = {"https://a.example",
                                              "https://x.a.example",
                                              "https://x.y.a.example",
                                              "https://evila.example",
                                              "http://a.example",
                                              "https://a.example:8443",
                                              "https://pr-1.b.example",
                                              "https://pr-.b.example",
                                              "http://localhost",
                                              "http://localhost:3000",
                                              "https://c.example:8443",
                                              "https://z.example:8443",
                                              "capacitor://localhost",
                                              "http://[::1]:3000",
                                              "null",
                                              "https://x.d.example:99",
                                              "https://d.example",
                                              "https://a_b.a.example",
                                              "https://A.example",
                                              "https://a.example/",
                                              "https://127.0.0.1:8443",
                                              "https://a.example, https://z.example",
                                              "*",
                                              "nobody"};
        static const char* const methods[] = {"GET", "POST", "PUT", "DELETE", "PATCH", "PURGE"};
        static const char* const names[] = {
            "x-one",   "x-one,x-two",  "authorization",        "content-type",
            "x-other", "X-One, x-one", "authorization,x-other"};
        request made;
        if (!one_in(12)) made.fields["origin"] = any(origins);
        for (int tries = one_in(2) ? 100 : 0; tries > 0; --tries) {
            if (p.allows_origin(made.fields["origin"])) break;
            made.fields["origin"] = any(origins);
        }
        if (!one_in(3)) {
            made.method = "OPTIONS";
            if (!one_in(8)) made.fields["access-control-request-method"] = any(methods);
            if (one_in(2)) made.fields["access-control-request-headers"] = any(names);
            if (one_in(4)) made.fields["access-control-request-private-network"] = "true";
        } else {
            made.method = any({"GET", "POST", "PUT", "DELETE"});
        }
        if (one_in(3)) {
            made.upstream = {{"access-control-allow-origin", "https://upstream.example"},
                             {"access-control-allow-methods", "UPSTREAM"}};
            if (one_in(2)) made.upstream["access-control-allow-credentials"] = "true";
        }
        return made;
    }

private:
    std::mt19937 engine_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count != 3) {
        std::cerr << "Usage: envoy_cases CONFORMANCE.yaml POLICIES\n";
        return 2;
    }
    output out;
    add_conformance(arguments[1], out);
    generator next(20260102);
    for (int made = std::atoi(arguments[2]); made > 0;) {
        const corsac::result<corsac::policy> p = corsac::make_policy(next.policy_options());
        if (!p || !out.begin_policy(*p)) continue;
        --made;
        for (int i = 0; i < 12; ++i) out.add(*p, next.any_request(*p));
    }
    interop::envoy_cors above;
    above.allow_origins = {make_regex_matcher(".*", interop::re2_engine<RE2>{})};
    above.allow_methods = above.allow_headers = above.expose_headers = "inherited";
    above.max_age = "99";
    above.allow_credentials = above.allow_private_network = true;
    above.forward_not_matching_preflights = true;
    const corsac::result<corsac::policy> nobody =
        corsac::make_policy({.allow_origins = {"https://nobody.example"}});
    for (int made = std::atoi(arguments[2]); made > 0; --made) {
        const interop::envoy_cors route = next.envoy_policy(), host = next.envoy_policy();
        out.begin_twin(route, host);
        for (int i = 0; i < 12; ++i) {
            out.add_twin({&route, &host, &above}, next.any_request(*nobody));
        }
    }
    std::move(out).print(above);
}
