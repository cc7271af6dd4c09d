// SPDX-License-Identifier: MIT
// Prints, as JSON, whole tables as Envoy's route configurations, requests, and which rule, answer
// and headers corsac's table gives to each; and the same for what kgateway makes of the tables, and
// Envoy's twin. compare.py puts the requests to a real Envoy.
#include <corsac/corsac.hpp>
#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/document/yaml_events.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/envoy/kgateway_router.hpp>
#include <corsac/interop/envoy/kgateway_routes.hpp>
#include <corsac/interop/envoy/routes.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>
#include <corsac/interop/matchers/re2.hpp>
#include <corsac/table/policy_table.hpp>

#include "case.hpp"

#include <re2/re2.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <optional>
#include <random>
#include <set>
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

/// A request to one listener of a table.
struct question {
    std::uint32_t listener = corsac::any_listener;
    std::string host;
    std::string path;
    std::string query;
    request asked;
};

/// What requests are made of: everything that the table mentions, and what is near to it.
struct vocabulary {
    std::set<std::string> hosts{"other.test"}, paths{"/", "/nowhere"}, methods{"GET", "PUT"};
    std::set<std::string> queries{"", "v=1", "w"}, origins{"https://nobody.example", "null"};
    std::set<std::pair<std::string, std::string>> fields{{"x-tenant", "two"}};

    explicit vocabulary(const interop::gateway_objects& objects) {
        for (const interop::http_route& route : objects.routes) {
            for (const std::string& host : route.hostnames) {
                const bool wildcard = host.front() == '*';
                hosts.insert(wildcard ? "x.y" + host.substr(1) : host);
                hosts.insert(wildcard ? "X" + host.substr(1) + ":8080" : "x." + host);
                if (wildcard) hosts.insert(host.substr(2));
            }
            for (const interop::http_rule& rule : route.rules) {
                add(rule.filters);
                for (const interop::http_backend& backend : rule.backends) add(backend.filters);
                for (const interop::http_match& match : rule.matches) add(match);
            }
        }
        for (const interop::traffic_policy& from : objects.policies) {
            if (from.cors) add(from.cors->allow_origins);
        }
    }

private:
    void add(const interop::http_filters& filters) {
        if (filters.cors) add(filters.cors->allow_origins);
    }
    void add(const std::vector<std::string>& allowed) {
        for (const std::string& origin : allowed) {
            const std::size_t star = origin.find('*');
            if (star == origin.npos) origins.insert(origin);
            if (star == origin.npos || origin == "*") continue;
            origins.insert(origin.substr(0, star) + "p" + origin.substr(star + 1));
            origins.insert(origin.substr(0, star) + "p.q" + origin.substr(star + 1));
        }
    }
    void add(const interop::http_match& match) {
        if (match.kind != corsac::path_kind::expression) {
            for (const char* more : {"", "/", "/more", "x"}) paths.insert(match.path + more);
            if (match.path.size() > 1) paths.insert(match.path.substr(0, match.path.size() - 1));
        }
        if (!match.method.empty()) methods.insert(match.method);
        for (const std::string& pair : match.query) queries.insert("a=b&" + pair);
        for (const std::string& line : match.headers) {
            const std::size_t colon = line.find(": ");
            std::string name = line.substr(0, colon);
            for (char& c : name) c = corsac::detail::to_lower(c);  // so that none is there twice
            fields.emplace(std::move(name), line.substr(colon + 2));
        }
    }
};

class table_cases {
public:
    explicit table_cases(const std::string& file) {
        std::ifstream in(file);
        const std::string text{std::istreambuf_iterator<char>(in), {}};
        std::vector<document> documents =
            interop::read_yaml<YAML::Parser, YAML::EventHandler>(text, problems_);
        objects_ = read_gateway_objects(std::move(documents), problems_);
        import_ = import_gateway(
            objects_,
            {.profile = interop::gateway_profile::extended, .engine = interop::re2_engine<RE2>{}},
            problems_);
        if (import_.table) {
            envoy_.emplace(import_);
            router_.emplace(import_);
            return;
        }
        for (const interop::manifest_problem& problem : problems_) {
            std::cerr << file << ": " << problem.text() << '\n';
        }
        std::exit(1);
    }

    /// Adds the table's configurations to a list, and its cases to another.
    void print(std::size_t random, std::mt19937& engine, document& configurations,
               document& cases) {
        std::map<std::string, std::size_t> places;  // of configurations, by name
        const auto add_all = [&](const document& list, const std::string& prefix) {
            for (std::size_t i = 0; i < list.size(); ++i) {
                places[prefix + list.item(i).find("name")->text()] = configurations.size();
                configurations.push_back(list.item(i));
            }
        };
        add_all(*to_envoy_routes(objects_, import_, {}).value, "");
        std::set<std::string> gateways;
        for (const interop::imported_listener& listener : import_.listeners) {
            if (!gateways.insert(listener.gateway).second) continue;
            add_all(to_kgateway_routes(import_, listener.gateway),
                    listener.gateway + " by kgateway ");
        }
        const vocabulary words(objects_);
        const auto any = [&](const auto& set) {
            auto at = set.begin();
            std::advance(at, static_cast<std::ptrdiff_t>(engine() % set.size()));
            return *at;
        };
        const auto add = [&](const question& q) {
            const interop::imported_listener& listener = import_.listeners[q.listener];
            const std::string port = std::to_string(listener.port);
            const auto put = [&](document item, const std::string& configuration) {
                const auto place = places.find(configuration);
                if (place == places.end()) return;  // without a route
                item.set("configuration", document(static_cast<std::int64_t>(place->second)));
                cases.push_back(std::move(item));
            };
            put(make_case(q), listener.gateway + ':' + port);
            question theirs = q;
            if (engine() % 2 == 0) {
                theirs.asked.upstream = {{"access-control-allow-origin", "https://own.example"},
                                         {"access-control-allow-credentials", "true"},
                                         {"access-control-max-age", "77"}};
            }
            const bool tls = listener.protocol == "HTTPS";
            put(make_twin_case(theirs),
                listener.gateway + " by kgateway " + (tls ? listener.name : "listener~" + port));
        };
        const auto ask = [&](question q, const std::string& origin, const std::string& method,
                             bool preflight) {
            if (!origin.empty()) q.asked.fields["origin"] = origin;
            q.asked.method = preflight ? "OPTIONS" : method;
            if (preflight) q.asked.fields["access-control-request-method"] = method;
            if (preflight && engine() % 2 == 0) {
                q.asked.fields["access-control-request-headers"] =
                    engine() % 2 == 0 ? "x-both" : "x-gateway,x-one";
            }
            add(q);
        };
        // Every entry gets what it asks for, from every origin, with and without a preflight.
        for (const interop::gateway_entry& entry : list_entries(import_)) {
            question q{
                static_cast<std::uint32_t>(entry.found.listener()), entry.domain, {}, {}, {}};
            if (q.host.front() == '*') q.host = "any" + q.host.substr(1);
            const bool written = entry.match->kind != corsac::path_kind::expression;
            q.path = written ? entry.match->path : "/a/b";
            for (const std::string& pair : entry.match->query) q.query = pair;
            for (const std::string& line : entry.match->headers) {
                const std::size_t colon = line.find(": ");
                q.asked.fields[line.substr(0, colon)] = line.substr(colon + 2);
            }
            const std::string own = entry.match->method;
            for (const std::string& origin : words.origins) {
                const std::string method = own.empty() ? any(words.methods) : own;
                ask(q, origin, method, false);
                ask(q, origin, method, true);
            }
        }
        for (std::size_t i = 0; i < random; ++i) {
            question q;
            q.listener = static_cast<std::uint32_t>(engine() % import_.listeners.size());
            q.host = any(words.hosts);
            q.path = any(words.paths);
            q.query = any(words.queries);
            for (std::size_t k = engine() % 3; k > 0; --k) q.asked.fields.insert(any(words.fields));
            const bool has_origin = engine() % 8 != 0;
            ask(q, has_origin ? any(words.origins) : std::string{}, any(words.methods),
                engine() % 2 == 0);
            // An OPTIONS that is no preflight, though it looks like one.
            q.asked.method = "OPTIONS";
            if (engine() % 2 == 0) {
                q.asked.fields["origin"] = any(words.origins);
            } else {
                q.asked.fields["access-control-request-method"] = any(words.methods);
            }
            if (engine() % 8 == 0) add(q);
        }
    }

private:
    [[nodiscard]] static document answer(const corsac::decision& d, int otherwise) {
        headers fields;
        apply(d, sink{fields});
        document ours = document::map();
        ours.set("status", document(std::int64_t{d.answers() ? d.status() : otherwise}));
        ours.set("outcome", document(name_of(d.outcome())));
        ours.set("headers", to_map(fields));
        return ours;
    }

    [[nodiscard]] document make_case(const question& q) const {
        const corsac::request_facts facts = q.asked.facts();
        const std::string target = q.query.empty() ? q.path : q.path + '?' + q.query;
        corsac::route_request wanted = make_route_request(facts, target);
        wanted.host = q.host;
        const interop::imported_listener& asked = import_.listeners[q.listener];
        const auto listener = import_.find_listener(asked.gateway, asked.port, q.host);
        wanted.listener = static_cast<std::uint32_t>(listener.value_or(corsac::listener_id{}));
        const corsac::matched_route found =
            listener ? import_.table->find(wanted, fields_of(q)) : corsac::matched_route{};
        const bool preflight = classify(facts) == corsac::request_kind::preflight;
        // By the cluster that gets the request; what is decided before there is one, under "".
        document ours = document::map();
        std::string rule;
        if (!found) {
            ours.set("", answer({}, 404));
        } else {
            rule = std::string(found.route()) + " rules[" + std::to_string(found.rule_number()) +
                   "].matches[" + std::to_string(found.match_number()) + ']';
            bool any_live = false;
            for (std::size_t i = 0; i < found.backends(); ++i) {
                if (found.backend_weight(i) == 0) continue;
                any_live = true;
                const bool broken = found.backend_state(i) == corsac::route_state::broken;
                ours.set(
                    broken || !found.defect().empty() ? "" : cluster_of(found, i),
                    answer(preflight ? evaluate(found, facts) : evaluate(found, i, facts), 200));
            }
            if (preflight || !any_live)
                ours.set("", answer(evaluate(found, facts), any_live ? 200 : 500));
        }
        document item = describe(q, target, rule);
        item.set("ours", std::move(ours));
        return item;
    }

    /// What an Envoy of kgateway's says, as its twin says it.
    [[nodiscard]] document make_twin_case(const question& q) const {
        const corsac::request_facts facts = q.asked.facts();
        const std::string target = q.query.empty() ? q.path : q.path + '?' + q.query;
        corsac::route_request wanted = make_route_request(facts, target);
        wanted.host = q.host;
        wanted.method = q.asked.method;
        wanted.listener = q.listener;
        const corsac::matched_route found = router_->find(wanted, fields_of(q));
        document answers = document::list();
        std::string rule;
        const auto add = [&](std::string_view cluster, std::int64_t status, const headers& fields) {
            document one = document::map();
            one.set("cluster", document(cluster));
            one.set("status", document(status));
            one.set("headers", to_map(fields));
            answers.push_back(std::move(one));
        };
        if (!found) {
            add("", 404, {});
        } else {
            const std::string_view route = found.route();
            const std::size_t slash = route.find('/');
            rule.append(route.substr(slash + 1)).append("-").append(route.substr(0, slash));
            rule.append("-").append(std::to_string(found.rule_number())).append("-");
            rule.append(std::to_string(found.match_number()));
            if (!found.rule_name().empty()) rule.append("-").append(found.rule_name());
            bool any_live = false;
            for (std::size_t i = 0; i < found.backends() && found.defect().empty(); ++i) {
                if (found.backends() > 1 && found.backend_weight(i) == 0) continue;
                any_live = true;
                const interop::envoy_decision d = envoy_->evaluate(found, i, facts);
                headers fields = d.answers ? headers{} : q.asked.upstream;
                apply(d, sink{fields});
                add(d.answers ? "" : cluster_of(found, i), 200, fields);
            }
            if (!any_live) add("", 500, {});
        }
        document item = describe(q, target, rule);
        item.set("upstream", to_map(q.asked.upstream));
        item.set("any_of", std::move(answers));
        return item;
    }

    [[nodiscard]] static document describe(const question& q, const std::string& target,
                                           const std::string& rule) {
        document item = document::map();
        item.set("rule", document(std::string_view(rule)));
        item.set("path", document(std::string_view(target)));
        item.set("host", document(std::string_view(q.host)));
        item.set("method", document(std::string_view(q.asked.method)));
        item.set("headers", to_map(q.asked.fields));
        item.set("preflight",
                 document(classify(q.asked.facts()) == corsac::request_kind::preflight));
        return item;
    }

    struct field_finder {
        const headers& fields;
        std::string_view operator()(std::string_view name) const {
            for (const auto& [key, value] : fields) {
                if (corsac::detail::equals_ignore_case(key, name)) return value;
            }
            return {};
        }
    };
    [[nodiscard]] static field_finder fields_of(const question& q) { return {q.asked.fields}; }

    [[nodiscard]] std::string cluster_of(const corsac::matched_route& found,
                                         std::size_t backend) const {
        for (const interop::http_route& route : objects_.routes) {
            if (route.meta.full_name() != found.route()) continue;
            return interop::kgateway_cluster_name(
                route.rules[found.rule_number()].backends[backend]);
        }
        return {};
    }

    interop::manifest_problems problems_;
    interop::gateway_objects objects_;
    interop::gateway_import import_;
    std::optional<interop::envoy_policies> envoy_;
    std::optional<interop::kgateway_router> router_;
};

}  // namespace

int main(int count, char** arguments) {
    if (count < 3) {
        std::cerr << "Usage: envoy_table_cases RANDOM-REQUESTS TABLE.yaml...\n";
        return 2;
    }
    document configurations = document::list(), cases = document::list();
    std::mt19937 engine(20260103);
    for (int i = 2; i < count; ++i) {
        table_cases{arguments[i]}.print(static_cast<std::size_t>(std::atoi(arguments[1])), engine,
                                        configurations, cases);
    }
    document all = document::map();
    all.set("configurations", std::move(configurations));
    all.set("cases", std::move(cases));
    std::cout << to_json(all);
}
