// SPDX-License-Identifier: MIT
#ifndef CORSAC_TESTS_INTEROP_MANIFESTS_HPP
#define CORSAC_TESTS_INTEROP_MANIFESTS_HPP

#include <corsac/decision/response.hpp>
#include <corsac/interop/document/document.hpp>
#include <corsac/interop/document/nlohmann_json.hpp>
#include <corsac/interop/document/yaml_events.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// What the interop tests share: from text to documents to a table, and a request put to it.

namespace interop = corsac::interop;

namespace manifests {

inline std::vector<interop::document> parse_yaml(const std::string& text,
                                                 interop::manifest_problems& problems) {
    try {
        return interop::read_yaml<YAML::Parser, YAML::EventHandler>(text, problems);
    } catch (const YAML::Exception& e) {
        if (problems.errors() == 0) problems.error("", "", e.what());
    }
    return {};
}

inline std::vector<interop::document> parse_json(const std::string& text,
                                                 interop::manifest_problems& problems) {
    std::vector<interop::document> documents;
    interop::document_reader reader(problems);
    try {
        const auto root = nlohmann::ordered_json::parse(text);
        documents.push_back(reader.read(interop::json_node{root}));
    } catch (const nlohmann::json::exception& e) { problems.error("", "", e.what()); }
    return documents;
}

/// A file of the folder `manifests`, or of one that examples ship.
inline std::string read_file(const std::string& name) {
    std::ifstream in(std::string(CORSAC_SOURCE_DIR) + "/" +
                     (name.find('/') == name.npos ? "tests/interop/manifests/" + name : name));
    REQUIRE(in.good());
    return {std::istreambuf_iterator<char>(in), {}};
}

struct loaded {
    interop::manifest_problems problems;
    interop::gateway_objects objects;
    interop::gateway_import import;

    /// Every problem, one a line.
    [[nodiscard]] std::string said() const {
        std::string lines;
        for (const interop::manifest_problem& problem : problems) lines += problem.text() + '\n';
        return lines;
    }
};

inline loaded load(const std::string& yaml,
                   interop::gateway_profile profile = interop::gateway_profile::gateway_api) {
    loaded result;
    result.objects = read_gateway_objects(parse_yaml(yaml, result.problems), result.problems);
    if (result.problems.errors() != 0) return result;
    result.import = import_gateway(result.objects, profile, result.problems);
    return result;
}

/// Header fields by lower-case name; what several lines have is joined.
using headers = std::map<std::string, std::string, std::less<>>;

struct sink {
    headers& fields;

    void set(std::string_view name, std::string_view value) { fields[std::string(name)] = value; }
    void add(std::string_view name, std::string_view value) {
        std::string& field = fields[std::string(name)];
        field += (field.empty() ? "" : ", ") + std::string(value);
    }
    void erase(std::string_view name) { fields.erase(std::string(name)); }
};

struct request {
    std::string method = "GET";
    std::string host = "any.example";
    std::string path = "/";
    std::string origin{};
    std::string requested_method{};
    std::string requested_headers{};

    [[nodiscard]] corsac::request_facts facts() const {
        corsac::request_facts facts;
        facts.method = method;
        facts.add("host", host);
        if (!origin.empty()) facts.add("origin", origin);
        if (!requested_method.empty()) facts.add("access-control-request-method", requested_method);
        if (!requested_headers.empty()) {
            facts.add("access-control-request-headers", requested_headers);
        }
        return facts;
    }
};

struct answer {
    int status = 0;  ///< 0: the application's
    corsac::outcome outcome{};
    headers fields;

    [[nodiscard]] std::string operator[](std::string_view name) const {
        const auto found = fields.find("access-control-" + std::string(name));
        return found == fields.end() ? "-" : found->second;
    }
};

inline answer ask(const corsac::policy_table& table, const request& r) {
    const corsac::request_facts facts = r.facts();
    const corsac::decision d = evaluate(table.find(make_route_request(facts, r.path)), facts);
    answer result{d.status(), d.outcome(), {}};
    corsac::apply(d, sink{result.fields});
    return result;
}

}  // namespace manifests

#endif
