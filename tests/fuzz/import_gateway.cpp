// SPDX-License-Identifier: MIT
#include "require.hpp"

#include <corsac/corsac.hpp>
#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/document/nlohmann_json.hpp>
#include <corsac/interop/envoy/explanation.hpp>
#include <corsac/interop/envoy/filter.hpp>
#include <corsac/interop/gateway/import.hpp>
#include <corsac/interop/gateway/reader.hpp>
#include <corsac/interop/gateway/writer.hpp>
#include <corsac/table/route_explanation.hpp>

#include <nlohmann/json.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The input is JSON: a list of Kubernetes objects. Whatever it is, it is refused with problems that
// can be printed, or it becomes a table that answers every request, says how, and is saved as what
// it was loaded from.

namespace {

using fuzz::require;
using json = nlohmann::ordered_json;

std::vector<corsac::interop::document> read(const json& root,
                                            corsac::interop::manifest_problems& problems) {
    std::vector<corsac::interop::document> documents;
    corsac::interop::document_reader reader(problems);
    if (!root.is_array()) {
        documents.push_back(reader.read(corsac::interop::json_node{root}));
        return documents;
    }
    for (const json& object : root)
        documents.push_back(reader.read(corsac::interop::json_node{object}));
    return documents;
}

struct response {
    bool governed = false;

    void add(std::string_view name, std::string_view) {
        governed = governed || name.substr(0, 15) == "access-control-";
    }
};

void ask(const corsac::policy_table& table, const corsac::interop::envoy_policies& envoy,
         std::string_view host, std::string_view path, std::string_view method) {
    corsac::request_facts facts;
    facts.method = method;
    facts.add("host", host);
    facts.add("origin", "https://a.example");
    if (method == "OPTIONS") facts.add("access-control-request-method", "PUT");
    const corsac::matched_route route = table.find(make_route_request(facts, path));
    const corsac::decision d = evaluate(route, facts);
    response received;
    corsac::apply(d, received);
    require(!received.governed || d.allows(), "what is refused gets nothing");
    require((route.state() == corsac::route_state::broken) == (d.status() == 500),
            "a broken rule answers 500, and nothing else does");
    require(!explain(route, facts).view().empty(), "there is always something to say");
    const json said = json::parse(std::string(explain_json(route, facts).view()), nullptr, false);
    require(said.is_object() && said.contains("decision"), "the explanation is JSON");
    for (std::size_t backend = 0; backend < (route ? route.backends() : 0); ++backend) {
        (void)evaluate(route, backend, facts);
        require(!explain(route, backend, facts).view().empty(), "for a backend, too");
        const json way = json::parse(std::string(explain_json(envoy, route, backend, facts).view()),
                                     nullptr, false);
        require(way.is_object(), "Envoy's way, too");
    }
}

void check(const std::vector<corsac::interop::document>& documents,
           corsac::interop::gateway_profile profile) {
    corsac::interop::manifest_problems problems;
    const corsac::interop::gateway_objects objects = read_gateway_objects(documents, problems);
    const bool sound = problems.errors() == 0;
    const corsac::interop::gateway_import import = import_gateway(objects, profile, problems);
    for (const corsac::interop::manifest_problem& problem : problems) {
        require(problem.text().find('\n') == std::string::npos, "a problem is one line");
    }
    if (!sound) return;
    require(import.table.has_value() == (problems.errors() == 0), "a table or errors");
    if (!import.table) return;

    const corsac::interop::envoy_policies envoy(import);
    for (const char* method : {"GET", "OPTIONS"}) {
        for (const char* path : {"/", "/get", "/a/b?c=d"}) {
            for (const char* host : {"cors.example", "x.cors.example:8080", ""}) {
                ask(*import.table, envoy, host, path, method);
            }
        }
    }
    const std::vector<corsac::interop::document> saved = to_documents(objects);
    corsac::interop::manifest_problems again;
    const corsac::interop::gateway_objects reloaded = read_gateway_objects(saved, again);
    require(again.errors() == 0, "what was saved can be loaded");
    require(to_documents(reloaded) == saved, "and is the same");
    const json text = json::parse(to_json(saved), nullptr, false);
    require(to_documents(read_gateway_objects(read(text, again), again)) == saved, "also as JSON");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const json root = json::parse(data, data + size, nullptr, false);
    if (root.is_discarded()) return 0;
    corsac::interop::manifest_problems problems;
    const std::vector<corsac::interop::document> documents = read(root, problems);
    if (problems.errors() != 0) return 0;
    check(documents, corsac::interop::gateway_profile::gateway_api);
    check(documents, corsac::interop::gateway_profile::extended);
    return 0;
}
