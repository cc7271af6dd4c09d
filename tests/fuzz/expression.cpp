// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "interop/matchers/proof_oracle.hpp"
#include "interop/matchers/random_expression.hpp"

#include <corsac/interop/matchers/expression_proof.hpp>
#include <corsac/interop/matchers/imported_cors.hpp>
#include <corsac/interop/matchers/re2.hpp>

#include <re2/re2.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The input is a matcher: a letter for its form (in upper case, if letter case is to be ignored)
// and its text, or `=` and the seed of a random expression; origins in the other lines. Whatever
// RE2 matches is on a name that the proof says is written, and a policy lets nobody else in.

namespace {

using fuzz::require;
namespace interop = corsac::interop;
using form = interop::string_matcher::form;

const interop::re2_engine<RE2> engine{interop::istio_max_program_size};

interop::string_matcher matcher_of(std::string_view line) {
    const char letter = line.empty() ? 'r' : line.front();
    const std::string_view text = line.substr(line.empty() ? 0 : 1);
    const bool ignore_case = letter >= 'A' && letter <= 'Z';
    switch (letter | 0x20) {
    case 'e': return {form::exact, std::string(text), ignore_case, {}};
    case 'p': return {form::prefix, std::string(text), ignore_case, {}};
    case 's': return {form::suffix, std::string(text), ignore_case, {}};
    case 'c': return {form::contains, std::string(text), ignore_case, {}};
    default: return interop::make_regex_matcher(text, engine);
    }
}

/// A random expression, and texts that it matches, or nearly.
interop::string_matcher random_matcher(std::string_view seed, std::vector<std::string>& origins) {
    std::uint32_t number = 0;
    for (const char c : seed) number = number * 31 + static_cast<unsigned char>(c);
    dice roll(number);
    constexpr std::string_view alphabets[] = {"ab.", "ab.-1", "aAbB.~(", "ab./:", "ab.[]:1"};
    const random_node tree = expression_maker(roll, roll.any_of(alphabets)).origin();
    for (int i = 0; i < 40; ++i) {
        std::string text;
        sample(tree, roll, text);
        origins.push_back(i % 2 == 0 ? text : mutate(text, roll));
    }
    return interop::make_regex_matcher(spell(tree, roll), engine);
}

/// Envoy takes the text `*` for every origin.
bool does_match(const interop::string_matcher& matcher, const std::string& text) {
    return matcher.means_everybody() || matcher.matches(text);
}

void check_witness(const interop::string_matcher& matcher, const std::string& witness) {
    if (witness.empty()) return;
    require(static_cast<bool>(corsac::parse_serialized_origin(witness)), "a witness is an origin");
    require(!corsac::is_loopback_host(host_of(witness)), "of another machine");
    require(does_match(matcher, witness), "that the matcher matches");
}

void check_simple(const interop::string_matcher& matcher, const std::vector<std::string>& texts) {
    const interop::compiled_regex simple = interop::compile_simple_regex(matcher.text);
    if (matcher.how != form::regex || !simple.matches || !matcher.regex.matches) return;
    for (const std::string& text : texts) {
        require(simple.matches(text) == matcher.matches(text), "the engine without a package");
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view first = fuzz::next_line(rest);
    std::vector<std::string> origins;
    while (!rest.empty()) origins.emplace_back(fuzz::next_line(rest));
    const interop::string_matcher matcher =
        first.substr(0, 1) == "=" ? random_matcher(first.substr(1), origins) : matcher_of(first);
    check_simple(matcher, origins);

    const interop::expression_proof proof = interop::prove_matcher(matcher);
    require(proof.proved == (proof.gap == interop::proof_gap::none), "proved, or a gap");
    require(proof.proved == describe(proof).empty(), "and something to say about it");
    if (matcher.how == form::regex && !matcher.regex.matches) return 0;
    check_witness(matcher, proof.witness);
    check_witness(matcher, proof.insecure_witness);
    require(!proof.proved || proof.accepts_null || !matcher.matches("null"), "null");

    const auto anyone = interop::make_matched_policy({.matchers = {matcher}});
    const auto trusted = interop::make_matched_policy(
        {{.allow_origins = {"https://own.example"}, .allow_credentials = true}, {matcher}});
    for (const std::string& origin : origins) {
        const bool matches = corsac::parse_serialized_origin(origin) && does_match(matcher, origin);
        const bool insecure = corsac::is_insecure_origin(origin);
        if (matches && insecure) require(proof.accepts_insecure, "plain http");
        if (matches && proof.proved) {
            require(proof.may_accept(host_of(origin)), "the cheap answer");
            require(is_covered(proof, host_of(origin), nullptr), "on a name that is written");
        }
        if (anyone && origin != "null") {
            require(anyone->allows_origin(origin) == matches, "the policy matches what RE2 does");
        }
        if (!trusted || origin == "https://own.example" || !trusted->allows_origin(origin))
            continue;
        require(proof.proved && matches && !insecure, "with credentials only what is proved");
    }
    return 0;
}
