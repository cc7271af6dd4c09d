// SPDX-License-Identifier: MIT
//
// corsac as a WebAssembly module: a question in, an answer out, both JSON. Nothing is kept from one
// question to the next.

#include "copies.hpp"
#include "imports.hpp"
#include "policy_json.hpp"
#include "simulation.hpp"

#include <corsac/corsac.hpp>
#include <corsac/testing/browser.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#define CORSAC_PLAYGROUND_EXPORT(name) __attribute__((export_name(#name), visibility("default")))
#define CORSAC_PLAYGROUND_IMPORT(name) __attribute__((import_module("page"), import_name(#name)))

extern "C" {

/// Compiles an expression; the page keeps it under the number that it returns. Negative if it is
/// none: then the reason is so many bytes long.
CORSAC_PLAYGROUND_IMPORT(compile)
std::int32_t playground_compile(const char* regex, std::size_t size);
/// Writes the reason of the last failure.
CORSAC_PLAYGROUND_IMPORT(reason)
void playground_reason(char* into);
CORSAC_PLAYGROUND_IMPORT(matches)
std::int32_t playground_matches(std::int32_t regex, const char* text, std::size_t size);

}  // extern "C"

namespace {

using playground::json;

std::string input;
std::string output;

/// The engine of expressions that the page brings along, which has RE2's syntax.
corsac::interop::compiled_regex compile(std::string_view regex) {
    const std::int32_t number = playground_compile(regex.data(), regex.size());
    if (number < 0) {
        std::string reason(static_cast<std::size_t>(-number), ' ');
        playground_reason(reason.data());
        return {{}, "is no regular expression of RE2: " + reason};
    }
    return {[number](std::string_view text) {
                return playground_matches(number, text.data(), text.size()) != 0;
            },
            {}};
}

/// What three browsers would do.
void simulate(const json& question, const playground::simulated_server& server, json& out) {
    using corsac::testing::quirks;
    const playground::attempt tried = playground::read_attempt(question);
    out["standard"] = playground::simulate(tried, server, quirks::standard);
    out["chromium"] = playground::simulate(tried, server, quirks::chromium);
    out["firefox"] = playground::simulate(tried, server, quirks::firefox);
}

/// Asks a policy, if it is sound.
template <class Policy>
void ask(const json& question, const corsac::result<Policy>& built, json& out) {
    out["errors"] = playground::errors_json(built.errors());
    out["warnings"] = playground::errors_json(built.warnings());
    if (!built) return;
    simulate(question,
             playground::governed_server(*built, question.at("kind").get<std::string>(),
                                         question.at("location").get<std::string>()),
             out);
}

void ask_options(const json& question, const corsac::policy_options& options, json& out) {
    const corsac::result<corsac::policy> built = corsac::make_policy(options);
    ask(question, built, out);
    if (built) out["copies"] = playground::write_copies(*built);
}

corsac::testing::response read_response(const json& from) {
    corsac::testing::response out{.status = from.at("status").get<int>(), .headers = {}};
    for (const json& pair : from.at("headers")) {
        out.headers.push_back({pair.at(0).get<std::string>(), pair.at(1).get<std::string>()});
    }
    return out;
}

/// Judges what was pasted: its policies, of which one is asked, or responses as they are.
void judge_paste(const json& question, json& out) {
    const json& pasted = question.at("pasted");
    if (pasted.contains("preflight")) {
        const playground::simulated_server server = playground::scripted_server(
            read_response(pasted.at("preflight")), read_response(pasted.at("other")));
        return simulate(question, server, out);
    }
    playground::paste_reader reader{compile};
    for (const json& part : pasted.at("parts")) {
        reader.read(part.at("system").get_ref<const std::string&>(),
                    part.at("name").get<std::string>(), part.at("value"));
    }
    out["problems"] = playground::problems_json(reader.problems());
    out["policies"] = json::array();
    for (const playground::pasted_policy& one : reader.policies()) {
        out["policies"].push_back(
            {{"name", one.name},
             // Matchers are no entries of a form.
             {"options", one.cors.matchers.empty() ? playground::write_options(one.cors.options)
                                                   : json(nullptr)}});
    }
    const auto picked = question.at("pick").get<std::size_t>();
    if (picked >= reader.policies().size()) return;
    const corsac::interop::imported_cors& cors = reader.policies()[picked].cors;
    if (cors.matchers.empty()) return ask_options(question, cors.options, out);
    ask(question, corsac::interop::make_matched_policy(cors), out);
}

json judge(const json& question) {
    json out{{"errors", json::array()}, {"warnings", json::array()}};
    if (question.contains("pasted")) {
        judge_paste(question, out);
    } else {
        ask_options(question, playground::read_options(question.at("policy")), out);
    }
    return out;
}

/// The page cannot know how long an answer is before it is there.
std::size_t answer(const json& value) {
    // A lone byte from a script's header may be no UTF-8.
    output = value.dump(-1, ' ', false, json::error_handler_t::replace);
    return output.size();
}

}  // namespace

extern "C" {

/// Where the page writes a question of so many bytes.
CORSAC_PLAYGROUND_EXPORT(input)
char* playground_input(std::size_t size) {
    input.resize(size);
    return input.data();
}

/// Where the page reads an answer.
CORSAC_PLAYGROUND_EXPORT(output)
const char* playground_output() { return output.data(); }

/// The fields of a policy. @return The size of the answer.
CORSAC_PLAYGROUND_EXPORT(fields)
std::size_t playground_fields() { return answer(playground::fields()); }

/// Judges the question that is in the input. @return The size of the answer.
CORSAC_PLAYGROUND_EXPORT(judge)
std::size_t playground_judge() { return answer(judge(json::parse(input))); }

}  // extern "C"
