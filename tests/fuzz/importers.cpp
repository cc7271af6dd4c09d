// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/interop/document/document_writer.hpp>
#include <corsac/interop/document/nlohmann_json.hpp>
#include <corsac/interop/document/yaml_cpp.hpp>
#include <corsac/interop/document/yaml_events.hpp>
#include <corsac/interop/envoy/cors_policy_reader.hpp>
#include <corsac/interop/matchers/re2.hpp>
#include <corsac/interop/other/agentgateway.hpp>
#include <corsac/interop/other/contour.hpp>
#include <corsac/interop/other/envoy_gateway.hpp>
#include <corsac/interop/other/gloo.hpp>
#include <corsac/interop/other/ingress_nginx.hpp>
#include <corsac/interop/other/istio.hpp>
#include <corsac/interop/other/s3.hpp>
#include <corsac/interop/other/traefik.hpp>

#include <nlohmann/json.hpp>
#include <re2/re2.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The input is a letter for a reader, and YAML. Both ways of reading it agree, what is written of
// it reads the same, and a policy that is made of it lets nobody in whom no text in it names.

namespace {

using fuzz::require;
using namespace corsac::interop;

std::vector<document> read_events(std::string_view text, manifest_problems& problems) {
    return read_yaml<YAML::Parser, YAML::EventHandler>(text, problems);
}

void check_problems(const manifest_problems& problems) {
    for (const manifest_problem& problem : problems) {
        require(fuzz::is_one_line(problem.text()), "a problem is one line");
    }
    for (const manifest_problem& note : problems.notes()) {
        require(fuzz::is_one_line(note.text()), "so is a note");
    }
}

/// Whether there are numbers that a parser of JSON reads in another spelling, or not at all.
bool holds_numbers(const document& of) {
    if (of.kind() == document_kind::number) return true;
    if (of.kind() == document_kind::integer) return of.text().size() > 18;
    for (std::size_t i = 0; i < of.size(); ++i) {
        if (holds_numbers(of.item(i))) return true;
    }
    return false;
}

void check_documents(const std::vector<document>& documents, const std::string& text) {
    manifest_problems problems;
    document_reader tree(problems);
    // yaml-cpp's tree of several documents may never be done.
    const document first = tree.read(yaml_node{YAML::Load(text)});
    // Of merge keys, a tree shows less.
    const bool merges = text.find("<<") != text.npos;
    require(merges || problems.errors() != 0 || first == documents[0], "as a tree");
    if (problems.errors() != 0) return;
    require(read_events(to_yaml(documents), problems) == documents, "as YAML that is written");
    if (holds_numbers(documents[0])) return;
    const auto json = nlohmann::ordered_json::parse(to_json(documents[0]), nullptr, false);
    require(!json.is_discarded(), "JSON that is written is JSON");
    document_reader again(problems);
    require(again.read(json_node{json}) == documents[0], "and reads the same");
}

/// What a reader makes of a document; one element for each policy.
std::vector<imported_cors> import(char reader, const document_view& view) {
    const re2_engine<RE2> engine{istio_max_program_size};
    std::vector<imported_cors> all;
    const auto add = [&](auto read) {
        if (!read) return;
        if constexpr (requires { read->targets; }) {
            all.push_back({read->options, {}});
        } else if constexpr (requires { read->matchers; }) {
            all.push_back(*read);
        } else {
            all.push_back({*read, {}});
        }
    };
    switch (reader) {
    case 'a': add(read_agentgateway_cors(view)); break;
    case 'c': add(read_contour_cors(view, engine)); break;
    case 'e': add(import_envoy_cors(view, engine)); break;
    case 'g': add(read_gloo_cors(view, engine)); break;
    case 'i': add(std::optional(read_istio_cors(view, engine))); break;
    case 'n': add(read_ingress_nginx_cors(view)); break;
    case 's':
        for (const corsac::policy_options& rule : read_s3_cors(view)) all.push_back({rule, {}});
        break;
    case 't': add(read_traefik_cors(view, engine)); break;
    case 'v':
        for (const istio_rule_cors& rule : read_istio_virtual_service(view, engine)) {
            all.push_back(rule.cors);
        }
        break;
    case 'y': add(read_envoy_gateway_cors(view)); break;
    default: break;
    }
    return all;
}

void collect(const document& from, oracle::strings& texts) {
    if (from.kind() == document_kind::string) {
        for (const std::string& part : oracle::split(from.text(), ',')) {
            texts.push_back(oracle::lower(oracle::trim(part)));
        }
        texts.push_back(from.text());
    }
    const bool holds = from.kind() == document_kind::list || from.kind() == document_kind::map;
    for (std::size_t i = 0; holds && i < from.size(); ++i) collect(from.item(i), texts);
}

/// Whether a text can stand for an origin in any of the systems: as a pattern, as a part of it, or
/// as an expression.
bool may_name(const std::string& text, const std::string& origin) {
    if (text == "*" || (!text.empty() && origin.find(text) != origin.npos)) return true;
    std::string pattern = "(?i)";
    for (const char c : text) pattern += c == '*' ? ".*" : RE2::QuoteMeta(std::string(1, c));
    // A default port is left out; `:*` is also none; a network stands for its addresses.
    const bool port = text.find_last_of(":") > text.find("://") + 2;
    const bool network = text.find('/', text.find("://") + 3) != text.npos;
    const RE2 expression(text, RE2::Quiet);
    if (network || (port && text.find(origin) != text.npos)) return true;
    if (RE2::FullMatch(origin, pattern)) return true;
    // Envoy asks each matcher for the text `*` first, and allows every origin if it matches.
    return expression.ok() &&
           (RE2::FullMatch(origin, expression) || RE2::FullMatch("*", expression));
}

void check_policy(const imported_cors& read, const oracle::strings& texts) {
    const corsac::policy_options& options = read.options;
    require(!options.dangerously_allow_any_origin_with_credentials &&
                !options.dangerously_allow_insecure_origins_with_credentials &&
                !options.dangerously_allow_null_origin_with_credentials &&
                !options.dangerously_allow_public_suffixes_with_credentials &&
                !options.dangerously_allow_unproved_expressions_with_credentials,
            "nobody but the author says that danger is meant");
    const auto built = make_matched_policy(read);
    for (const corsac::config_error& e : built.errors()) {
        require(fuzz::is_one_line(e.message()), "a message is one line");
    }
    if (!built) return;
    oracle::strings origins{"null", "http://evil.net", "https://evil.net", "https://a.example.com"};
    for (std::string text : texts) {
        const std::size_t star = text.find('*');
        if (star != text.npos) text.replace(star, 1, "a");
        origins.push_back(text);
        origins.push_back("https://" + text);
    }
    for (const std::string& origin : origins) {
        if (!built->allows_origin(origin)) continue;
        require(corsac::is_serialized_origin(origin), "an origin");
        bool named = false;
        for (const std::string& text : texts) named = named || may_name(text, origin);
        require(named, "whom a text names");
        if (!options.allow_credentials) continue;
        require(origin != "null" && !corsac::is_insecure_origin(origin), "none that is unsafe");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const char reader = static_cast<char>(data[0]);
    const std::string text(fuzz::view_of(data + 1, size - 1));
    manifest_problems problems;
    std::vector<document> documents;
    try {
        documents = read_events(text, problems);
        if (problems.errors() == 0 && !documents.empty()) check_documents(documents, text);
    } catch (const YAML::Exception&) { return 0; }
    check_problems(problems);
    if (problems.errors() != 0 || documents.empty()) return 0;

    const document_view root(&documents[0], "", "source", problems);
    const bool is_object = root.value() != nullptr && root.value()->find("spec") != nullptr;
    const std::vector<imported_cors> policies = import(reader, is_object ? root["spec"] : root);
    check_problems(problems);
    oracle::strings texts;
    collect(documents[0], texts);
    // Without that annotation ingress-nginx allows everybody, and a warning says so.
    if (reader == 'n') texts.push_back("*");
    for (const imported_cors& read : policies) check_policy(read, texts);
    return 0;
}
