// SPDX-License-Identifier: MIT
#include "require.hpp"

#include "decision/oracle.hpp"

#include <corsac/corsac.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

// The input is a request: the number of a policy and the method in the first line, `name:value` in
// each of the others. Whatever it is, the answer is the oracle's, and nothing that is refused or
// malformed gets a header.

namespace {

using fuzz::require;

std::string answer(const corsac::decision& d) {
    oracle::field_lines lines;
    corsac::apply(d, oracle::sink{lines});
    std::string text;
    for (const oracle::field_line& line : lines) text += line.name + ": " + line.value + '\n';
    return text;
}

struct judged {
    oracle::rules rules;
    corsac::policy policy;
};

const std::vector<judged>& policies() {
    static const std::vector<judged> built = [] {
        std::vector<judged> all;
        for (const oracle::rules& rules : {
                 oracle::rules{.origins = {"https://example.com", "https://*.example.org",
                                           "http://localhost:*", "https://app-*-team.example.com"},
                               .methods = {"GET", "PUT", "DELETE"},
                               .headers = {"Authorization", "X-A", "X-Custom-*"},
                               .expose = {"X-Request-Id"},
                               .credentials = true,
                               .max_age = 600},
                 oracle::rules{.origins = {"*"}, .expose = {"*"}},
                 oracle::rules{
                     .origins = {"*"}, .methods = {"*"}, .headers = {"*"}, .credentials = true},
                 oracle::rules{.origins = {"https://*:*", "null"},
                               .methods = {"PUT"},
                               .headers = {"X-A", "X-B"},
                               .reject_disallowed = true,
                               .disclose_requested_only = true},
                 oracle::rules{.origins = {"https://example.com"},
                               .methods = {"PUT"},
                               .headers = {"X-A"},
                               .advertise = true,
                               .forward_denied = true,
                               .forward_granted = true,
                               .private_network = true},
                 oracle::rules{.origins = {"*"}, .refuse_credentials = true},
                 oracle::rules{.origins = {"https://example.com"}, .shadow = true},
                 oracle::rules{.origins = {"https://example.com"},
                               .own = {"https://api.example"},
                               .credentials = true,
                               .reject_disallowed = true,
                               .reject_writes = true},
             }) {
            all.push_back({rules, *corsac::make_policy(to_options(rules))});
        }
        return all;
    }();
    return built;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    const std::string_view first = fuzz::next_line(rest);
    if (first.empty()) return 0;
    const judged& chosen = policies()[static_cast<unsigned char>(first[0]) % policies().size()];
    const corsac::policy& p = chosen.policy;
    oracle::request r{std::string(first.substr(1)), {}};
    while (!rest.empty()) {
        const std::string_view line = fuzz::next_line(rest);
        const std::size_t colon = line.find(':');
        // No parser lets a CR into a name, and all of them trim values. White space around others
        // makes no difference; in lists it counts for the limits.
        if (colon == line.npos || line.find('\r') < colon) continue;
        const std::string name(line.substr(0, colon)), value(line.substr(colon + 1));
        const bool is_list = name.size() == corsac::field::request_headers.size();
        r.lines.push_back({name, is_list ? oracle::trim(value) : value});
    }

    corsac::request_facts facts = corsac::read_facts(r);
    facts.credentials = corsac::carries_credentials(r);
    const corsac::decision d = corsac::evaluate(p, r);
    fuzz::require_same(describe(oracle::actual_answer(d, {})),
                       describe(expected_answer(chosen.rules, r, {})), "as the oracle has it");
    require(d.kind() == corsac::classify(r), "one kind");
    require(d.answers() == (d.status() != 0), "an answer has a status");
    require(!d.answers() || d.kind() != corsac::request_kind::not_cors ||
                d.outcome() == corsac::outcome::cross_origin_write,
            "what is no CORS request reaches the application");
    const corsac::explanation why = corsac::explain(d);
    require(fuzz::is_one_line(why.view()), "an explanation is one line");
    require(why.view().size() < corsac::explanation::capacity, "an explanation is whole");

    std::size_t fields = 0;
    d.visit([&](std::string_view name, std::string_view value) {
        ++fields;
        require(fuzz::is_one_line(value), "a value is printable");
        if (name != corsac::field::allow_origin) return;
        if (value == "*") return require(p.origins().allows_any(), "* only if all may");
        require(value == facts.origin, "no origin but the one that asked");
        require(facts.origin_lines == 1, "one origin");
        require(corsac::is_serialized_origin(value), "an origin");
        require(p.allows_origin(value), "one that may");
    });
    const bool withheld =
        p.rules().template says<&corsac::policy_options::refuse_credentials>() && facts.credentials;
    const bool shared = d.allows() || (d.outcome() == corsac::outcome::not_cors &&
                                       p.rules().answers_star() && !withheld);
    require(d.governs() != p.rules().template says<&corsac::policy_options::shadow>(),
            "in shadow nothing is touched");
    require((fields != 0) == shared, "headers for those who may, and for nobody else");
    if (d.kind() == corsac::request_kind::preflight && d.allows()) {
        require(corsac::detail::is_token(facts.requested_method), "a method is a token");
    }

    require(answer(corsac::evaluate(p, facts)) == answer(d), "facts are the request");
    const corsac::kept_decision copy{d};
    const corsac::decision kept = copy.get();
    require(!kept.allows() || answer(kept) == answer(d), "keeping changes nothing");
    require(kept.governs() == d.governs(), "nor whose the response is");
    require(kept.allows() == d.allows() || facts.requested_header_lines != 0,
            "only names may be too many to keep");
    return 0;
}
