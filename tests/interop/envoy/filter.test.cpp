// SPDX-License-Identifier: MIT
#include <corsac/interop/envoy/filter.hpp>

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/envoy/cors_policy_writer.hpp>
#include <corsac/interop/matchers/re2.hpp>

#include "interop/envoy/envoy_model.hpp"
#include "interop/manifests.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <array>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace {

using form = interop::string_matcher::form;
using envoy_model::headers;

struct map_sink {
    headers& fields;
    void set(std::string_view name, std::string_view value) { fields[std::string(name)] = value; }
    void add(std::string_view name, std::string_view value) { set(name, value); }
};

/// What the client sees behind corsac's twin of the filter.
envoy_model::outcome run_ours(const std::vector<interop::envoy_cors>& policies,
                              const headers& request, const headers& upstream) {
    corsac::request_facts facts;
    for (const auto& [name, value] : request) {
        if (name == ":method") facts.method = value;
        facts.add(name, value);
    }
    std::array<const interop::envoy_cors*, 3> chain{};
    for (std::size_t i = 0; i < policies.size(); ++i) chain[i] = &policies[i];
    const interop::envoy_decision d = evaluate_like_envoy(chain, facts);
    envoy_model::outcome result;
    result.local_reply = d.answers;
    if (d.counts) (d.origin_allowed ? result.valid : result.invalid) = 1;
    if (!d.answers) result.response = upstream;
    interop::apply(d, map_sink{result.response});
    return result;
}

class dice {
public:
    explicit dice(unsigned seed) : engine_(seed) {}
    bool one_in(unsigned n) { return below(n) == 0; }
    std::size_t below(std::size_t n) { return engine_() % n; }
    template <class T, std::size_t N>
    const T& any(const T (&items)[N]) {
        return items[engine_() % N];
    }

private:
    std::mt19937 engine_;
};

const char* const origins[] = {"https://a.example",
                               "https://b.a.example",
                               "http://a.example",
                               "https://a.example:8443",
                               "https://A.example",
                               "null",
                               "https://evila.example",
                               "*",
                               "x"};

const char* const regexes[] = {R"(^https://.*\.a\.example$)",
                               ".*",
                               R"(https?://(a|b\.a)\.example(:\d{2,4})?)",
                               R"((?i)https://a\.example)",
                               R"([^/]+)",
                               R"(.*.example)",
                               R"(\*)",
                               R"(https://[a-b]\.a.*)"};

interop::envoy_cors random_policy(dice& roll) {
    static const std::vector<interop::string_matcher> compiled = [] {
        std::vector<interop::string_matcher> made;
        for (const char* regex : regexes) {
            made.push_back(make_regex_matcher(regex, interop::re2_engine<RE2>{}));
        }
        return made;
    }();
    interop::envoy_cors p;
    for (unsigned i = 0; i < 3; ++i) {
        if (!roll.one_in(3)) continue;
        const interop::string_matcher matchers[] = {
            {form::exact, roll.any(origins), roll.one_in(3), {}},
            {form::prefix, "https://", roll.one_in(3), {}},
            {form::prefix, "", false, {}},
            {form::suffix, ".example", roll.one_in(3), {}},
            {form::suffix, "", false, {}},
            {form::contains, "A.ex", roll.one_in(2), {}},
            compiled[roll.below(std::size(regexes))]};
        p.allow_origins.push_back(roll.any(matchers));
    }
    const char* const lists[] = {"", "", "*", "GET, POST", "x-a,x-b", "*, PUT"};
    p.allow_methods = roll.any(lists);
    p.allow_headers = roll.any(lists);
    p.expose_headers = roll.any(lists);
    const char* const ages[] = {"", "0", "5", "86400"};
    p.max_age = roll.any(ages);
    const std::optional<bool> flags[] = {std::nullopt, true, false};
    p.allow_credentials = roll.any(flags);
    p.allow_private_network = roll.any(flags);
    p.forward_not_matching_preflights = roll.any(flags);
    p.enabled = !roll.one_in(6);
    p.shadow = roll.one_in(4);
    return p;
}

headers random_request(dice& roll) {
    headers request;
    const char* const methods[] = {"OPTIONS", "OPTIONS", "OPTIONS", "GET", "PUT", "options"};
    request[":method"] = roll.any(methods);
    if (!roll.one_in(8)) request["origin"] = roll.any(origins);
    if (roll.one_in(20)) request["origin"] = "";
    if (!roll.one_in(4)) request["access-control-request-method"] = roll.one_in(2) ? "PUT" : "GET";
    if (roll.one_in(20)) request["access-control-request-method"] = "";
    const char* const names[] = {"x-a", "x-a, X-B", "", "authorization"};
    if (roll.one_in(2)) request["access-control-request-headers"] = roll.any(names);
    if (roll.one_in(4)) {
        request["access-control-request-private-network"] = roll.one_in(2) ? "true" : "invalid";
    }
    return request;
}

headers random_upstream(dice& roll) {
    headers response{{"server", "backend"}};
    for (const char* name : {"access-control-allow-origin", "access-control-allow-credentials",
                             "access-control-allow-methods", "access-control-expose-headers"}) {
        if (roll.one_in(2)) response[name] = "upstream";
    }
    return response;
}

std::string show(const headers& fields) {
    std::string all;
    for (const auto& [name, value] : fields) all += name + ": " + value + '\n';
    return all;
}

}  // namespace

TEST_CASE("Envoy's twin and a model of Envoy's source agree on random policies and requests") {
    dice roll(20260101);
    int differences = 0, replies = 0, forwarded = 0;
    for (int i = 0; i < 100000; ++i) {
        std::vector<interop::envoy_cors> policies;
        for (int level = 0; level < 3; ++level) {
            if (!roll.one_in(3)) policies.push_back(random_policy(roll));
        }
        const headers request = random_request(roll), upstream = random_upstream(roll);
        const auto expected = envoy_model::run(policies, request, upstream);
        const auto got = run_ours(policies, request, upstream);
        replies += expected.local_reply ? 1 : 0;
        forwarded += expected.invalid != 0 && !expected.local_reply ? 1 : 0;
        if (got.local_reply == expected.local_reply && got.valid == expected.valid &&
            got.invalid == expected.invalid && got.response == expected.response) {
            continue;
        }
        if (++differences > 3) continue;
        MESSAGE("request:\n"
                << show(request) << "expected:\n"
                << show(expected.response) << "got:\n"
                << show(got.response));
    }
    CHECK(differences == 0);
    CHECK(replies > 10000);
    CHECK(forwarded > 10000);
}

TEST_CASE("Envoy's own unit tests") {
    interop::envoy_cors p;
    p.allow_origins = {{form::exact, "*", false, {}}};
    p.allow_methods = "GET";
    p.allow_headers = "content-type";
    p.expose_headers = "content-type";
    p.allow_credentials = false;
    p.max_age = "0";
    const headers preflight{
        {":method", "OPTIONS"}, {"origin", "test-host"}, {"access-control-request-method", "GET"}};
    const auto ask = [](const interop::envoy_cors& policy_asked, const headers& request) {
        return run_ours({policy_asked}, request, {});
    };

    const auto granted = ask(p, preflight);
    CHECK(granted.local_reply);
    CHECK(granted.valid == 1);
    CHECK(granted.response == headers{{"access-control-allow-origin", "test-host"},
                                      {"access-control-allow-methods", "GET"},
                                      {"access-control-allow-headers", "content-type"},
                                      {"access-control-expose-headers", "content-type"},
                                      {"access-control-max-age", "0"}});
    CHECK(ask(p, {{":method", "GET"}}).valid == 0);
    CHECK(ask(p, {{":method", "OPTIONS"}}).valid == 0);
    CHECK(ask(p, {{":method", "GET"}, {"origin", "localhost"}}).valid == 1);
    CHECK_FALSE(ask(p, {{":method", "OPTIONS"}, {"origin", "localhost"}}).local_reply);

    interop::envoy_cors disabled = p;
    disabled.enabled = false;
    CHECK(ask(disabled, preflight).valid == 0);
    disabled.shadow = true;
    CHECK(ask(disabled, preflight).valid == 1);
    CHECK(ask(disabled, preflight).response.empty());

    interop::envoy_cors none = p;
    none.allow_origins.clear();
    CHECK(ask(none, preflight).invalid == 1);
    CHECK_FALSE(ask(none, preflight).local_reply);
    headers from = preflight;
    const auto set_regex = [&](const char* regex) {
        none.allow_origins = {make_regex_matcher(regex, interop::re2_engine<RE2>{})};
    };
    set_regex(".*.envoyproxy.io");
    from["origin"] = "www.envoyproxy.com";
    CHECK(ask(none, from).invalid == 1);
    CHECK_FALSE(ask(none, from).local_reply);
    set_regex(".*");
    CHECK(ask(none, preflight).response["access-control-allow-origin"] == "test-host");
    set_regex(R"(.*\.envoyproxy\.io)");
    none.forward_not_matching_preflights = false;
    from["origin"] = "www.envoyproxy.io";
    CHECK(ask(none, from).response["access-control-allow-origin"] == "www.envoyproxy.io");
    from["origin"] = "www.envooooooyproxy.io";
    CHECK(ask(none, from).local_reply);
    CHECK(ask(none, from).response.count("access-control-allow-origin") == 0);

    interop::envoy_cors credentials = p;
    credentials.allow_credentials = true;
    CHECK(ask(credentials, preflight).response.count("access-control-allow-credentials") == 1);

    interop::envoy_cors any = p;
    any.allow_methods = any.allow_headers = "*";
    headers asks = preflight;
    asks["access-control-request-headers"] = "test,pre";
    CHECK(ask(any, asks).response["access-control-allow-headers"] == "test,pre");
    CHECK(ask(any, asks).response["access-control-allow-methods"] == "GET");

    interop::envoy_cors network = p;
    network.allow_private_network = true;
    asks["access-control-request-private-network"] = "true";
    CHECK(ask(network, asks).response.count("access-control-allow-private-network") == 1);
    CHECK(ask(p, asks).response.count("access-control-allow-private-network") == 0);
    asks["access-control-request-private-network"] = "invalid";
    CHECK(ask(network, asks).response.count("access-control-allow-private-network") == 0);
}

TEST_CASE("Envoy inherits field by field where corsac takes the winner whole") {
    const std::string head = "apiVersion: gateway.kgateway.dev/v1alpha1\nkind: TrafficPolicy\n";
    const manifests::loaded loaded = manifests::load(
        "apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\n"
        "metadata: {name: r, namespace: n}\nspec: {parentRefs: [{name: gw}], rules: [{backendRefs: "
        "[{name: b, port: 1}]}]}\n---\n" +
        head +
        "metadata: {name: g, namespace: n}\n"
        "spec: {targetRefs: [{kind: Gateway, name: gw}], cors: {allowOrigins: "
        "['https://a.example'], allowCredentials: true, exposeHeaders: [X-Gateway]}}\n---\n" +
        head +
        "metadata: {name: t, namespace: n}\n"
        "spec: {targetRefs: [{kind: HTTPRoute, name: r}], cors: {allowOrigins: "
        "['https://a.example'], allowCredentials: false}}\n");
    INFO(loaded.said());
    REQUIRE(loaded.import.table.has_value());
    const manifests::request request{.origin = "https://a.example"};
    const manifests::answer ours = manifests::ask(*loaded.import.table, request);
    CHECK(ours["allow-credentials"] == "-");
    CHECK(ours["expose-headers"] == "-");

    const interop::envoy_policies envoy(loaded.import);
    const corsac::request_facts facts = request.facts();
    const auto route = loaded.import.table->find(make_route_request(facts, request.path));
    const interop::envoy_decision theirs = envoy.evaluate(route, 0, facts);
    CHECK(theirs.allow_credentials);
    CHECK(theirs.expose_headers == "X-Gateway");
    CHECK(theirs.allow_origin == "https://a.example");
}

TEST_CASE("the scenario in Envoy's way: the refused preflight is approved by the application") {
    for (const char* file : {"examples/gateway/manifests/native-filter.yaml",
                             "examples/gateway/manifests/traffic-policy.yaml"}) {
        CAPTURE(file);
        const manifests::loaded loaded = manifests::load(manifests::read_file(file));
        REQUIRE(loaded.import.table.has_value());
        const interop::envoy_policies envoy(loaded.import);
        const auto evaluate = [&](std::string_view origin) {
            const manifests::request request{.method = "OPTIONS",
                                             .host = "cors.example:8080",
                                             .path = "/get",
                                             .origin = std::string(origin),
                                             .requested_method = "POST",
                                             .requested_headers = "Origin"};
            const corsac::request_facts facts = request.facts();
            const auto route = loaded.import.table->find(make_route_request(facts, request.path));
            return envoy.evaluate(route, 0, facts).answers;
        };
        CHECK(evaluate("https://example.com"));
        CHECK_FALSE(evaluate("https://notallowed.com"));
    }
}

TEST_CASE("what kgateway sends to Envoy for its own test inputs") {
    struct row {
        const char* about;
        interop::cors_filter filter;
        const char* config;
    };
    const row rows[] = {
        {"a native filter, with the default maxAge",
         {.allow_origins = {"https://notexample.com"}, .allow_methods = {"POST"}},
         "allowMethods: POST\n"
         "allowOriginStringMatch:\n"
         "- exact: https://notexample.com\n"
         "maxAge: \"5\"\n"},
        {"a traffic policy, every kind of origin, false credentials not passed on",
         {.allow_origins = {"https://example.com", "https://*.notexample.com", "https://a.b*",
                            "http://*"},
          .allow_credentials = false,
          .allow_methods = {"GET", "POST", "OPTIONS"},
          .allow_headers = {"Content-Type", "Authorization"},
          .expose_headers = {"X-Custom-Header"},
          .max_age = 86400},
         "allowHeaders: Content-Type, Authorization\n"
         "allowMethods: GET, POST, OPTIONS\n"
         "allowOriginStringMatch:\n"
         "- exact: https://example.com\n"
         "- safeRegex:\n"
         "    regex: ^https://.*\\.notexample\\.com$\n"
         "- prefix: https://a.b\n"
         "- prefix: http://\n"
         "exposeHeaders: X-Custom-Header\n"
         "maxAge: \"86400\"\n"},
        {"true credentials, and any origin",
         {.allow_origins = {"*"}, .allow_credentials = true},
         "allowCredentials: true\n"
         "allowOriginStringMatch:\n"
         "- safeRegex:\n"
         "    regex: ^.*$\n"
         "maxAge: \"5\"\n"},
    };
    const std::string type = "'@type': " + std::string(interop::envoy_cors_policy) + '\n';
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(to_yaml(to_document(interop::to_envoy_cors(r.filter))) == type + r.config);
    }
    interop::envoy_cors off;
    off.enabled = false;
    CHECK(to_yaml(to_document(off)) == type + "filterEnabled:\n  defaultValue: {}\n"
                                              "  runtimeKey: envoy.cors.filter_enabled\n");
}
