// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/corsac.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

// The input is a preflight of an allowed origin: a policy's number, the method that it asks for,
// and lines of Access-Control-Request-Headers. The answer is the oracle's, and a browser that gets
// it finds its method and every name in it.

namespace {

using fuzz::require;

const std::string origin = "https://a.example";

oracle::rules rules_of(unsigned char number) {
    static const oracle::strings headers[] = {
        {"X-A", "x-b", "Content-Type", "Authorization"},
        {"*"},
        {"*", "Authorization"},
        {"X-Custom-*", "X-A"},
        {"X-*", "Auth*", "x-custom-id"},
        {},
    };
    oracle::rules p;
    p.origins = {origin};
    p.methods = number % 2 == 0 ? oracle::strings{"PUT", "patch"} : oracle::strings{"*"};
    p.headers = headers[number / 2 % std::size(headers)];
    p.credentials = number & 16;
    p.disclose_requested_only = number & 32;
    p.advertise = number & 64;
    p.max_age = 600;
    return p;
}

/// Steps 7.8 to 7.11 of the preflight, for a request with credentials: `*` is a literal then.
/// Spec: https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
bool is_satisfied(const oracle::answer& given, const std::string& method,
                  const oracle::strings& names) {
    oracle::strings methods{"GET", "HEAD", "POST"}, headers;
    for (const std::string& line : given.headers) {
        const std::size_t colon = line.find(':');
        const std::string name = line.substr(0, colon);
        for (const std::string& element : oracle::split(line.substr(colon + 1), ',')) {
            if (name == "access-control-allow-methods") methods.push_back(oracle::trim(element));
            if (name == "access-control-allow-headers") {
                headers.push_back(oracle::lower(oracle::trim(element)));
            }
        }
    }
    for (const std::string& name : names) {
        if (!oracle::contains(headers, name)) return false;
    }
    return oracle::contains(methods, method);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view first = fuzz::next_line(rest);
    if (first.empty()) return 0;
    const oracle::rules p = rules_of(static_cast<unsigned char>(first[0]));
    const auto built = corsac::make_policy(to_options(p));
    require(static_cast<bool>(built), "the policy is sound");

    oracle::request r{"OPTIONS", {{"Origin", origin}}};
    const std::string method(first.substr(1));
    r.lines.push_back({"Access-Control-Request-Method", method});
    oracle::strings names;
    while (!rest.empty()) {
        const std::string line = oracle::trim(std::string(fuzz::next_line(rest)));  // as parsers do
        r.lines.push_back({"access-control-request-headers", line});
        for (const std::string& element : oracle::split(line, ',')) {
            const std::string name = oracle::lower(oracle::trim(element));
            if (!name.empty()) names.push_back(name);
        }
    }
    const corsac::decision d = corsac::evaluate(*built, r);
    const oracle::answer given = oracle::actual_answer(d, {});
    fuzz::require_same(describe(given), describe(expected_answer(p, r, {})),
                       "as the oracle has it");
    if (d.kind() != corsac::request_kind::preflight || !d.allows()) return 0;
    for (const std::string& line : given.headers) require(fuzz::is_one_line(line), "one line");
    require(p.advertise || is_satisfied(given, oracle::trim(method), names), "a browser goes on");
    return 0;
}
