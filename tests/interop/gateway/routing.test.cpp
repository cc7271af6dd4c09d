// SPDX-License-Identifier: MIT
// The requests of the Gateway API's own routing conformance suite, and the backend or status that
// each of them must get.
#include <corsac/interop/gateway/import.hpp>

#include <corsac/interop/matchers/re2.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using nlohmann::ordered_json;

std::vector<interop::document> documents_of(const ordered_json& suite, const ordered_json& test,
                                            interop::manifest_problems& problems) {
    interop::document_reader reader(problems);
    std::vector<interop::document> documents;
    for (const ordered_json* list : {&suite["base"], &test["objects"]}) {
        for (const ordered_json& object : *list) {
            documents.push_back(reader.read(interop::json_node{object}));
        }
    }
    return documents;
}

/// `namespace/name` of the backends that a rule sends requests to, or `500`.
std::string backends_of(const corsac::matched_route& found) {
    std::string all;
    for (std::size_t i = 0; i < found.backends() && found.defect().empty(); ++i) {
        if (found.backend_weight(i) == 0) continue;
        const bool broken = found.backend_state(i) == corsac::route_state::broken;
        const std::string_view name = found.backend_name(i);
        all += (all.empty() ? "" : " ") +
               (broken ? "500" : std::string(name.substr(0, name.find(':'))));
    }
    return all.empty() ? "500" : all;
}

}  // namespace

TEST_CASE("the Gateway API's routing conformance cases") {
    const ordered_json suite = ordered_json::parse(manifests::read_file("routing.json"));
    std::size_t cases = 0;
    for (const ordered_json& test : suite["tests"]) {
        CAPTURE(test["name"].get<std::string>());
        interop::manifest_problems problems;
        const interop::gateway_objects objects =
            read_gateway_objects(documents_of(suite, test, problems), problems);
        const interop::gateway_import import = import_gateway(
            objects, interop::gateway_import_options{.engine = interop::re2_engine<RE2>{}},
            problems);
        for (const interop::manifest_problem& problem : problems) INFO(problem.text());
        REQUIRE(import.table.has_value());
        for (const ordered_json& row : test["requests"]) {
            CAPTURE(row.dump());
            ++cases;
            const std::string gateway = "gateway-conformance-infra/" + row[0].get<std::string>();
            const std::string host = row[2], path = row[3], method = row[4], expected = row[6];
            std::string got = "404";
            if (const auto listener =
                    import.find_listener(gateway, row[1].get<std::int64_t>(), host)) {
                corsac::request_facts facts;
                facts.method = method;
                facts.add("host", host);
                corsac::route_request asked = make_route_request(facts, path);
                asked.listener = static_cast<std::uint32_t>(*listener);
                const auto found =
                    import.table->find(asked, [&](std::string_view name) -> std::string_view {
                        for (const auto& [key, value] : row[5].items()) {
                            if (!corsac::detail::equals_ignore_case(key, name)) continue;
                            return value.get_ref<const std::string&>();
                        }
                        return {};
                    });
                if (found) got = backends_of(found);
            }
            CHECK((' ' + got + ' ').find(' ' + expected + ' ') != std::string::npos);
        }
    }
    CHECK(cases == 234);
}
