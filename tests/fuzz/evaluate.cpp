// SPDX-License-Identifier: MIT
#include "require.hpp"

#include <corsac/corsac.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The input is a request: the number of a policy and the method in the first line, `name:value` in
// each of the others. Whatever it is, nothing that is refused or malformed may get a header.

namespace {

using fuzz::require;

struct request {
    std::string_view verb;
    std::vector<std::pair<std::string_view, std::string_view>> lines;

    [[nodiscard]] std::string_view method() const noexcept { return verb; }
    template <class F>
    void visit(const F& f) const {
        for (const auto& [name, value] : lines) f(name, value);
    }
};

struct response {
    std::string lines;

    void add(std::string_view name, std::string_view value) {
        lines.append(name).append(": ").append(value) += '\n';
    }
};

std::string answer(const corsac::decision& d) {
    response r;
    corsac::apply(d, r);
    return r.lines;
}

const std::vector<corsac::policy>& policies() {
    static const std::vector<corsac::policy> built = [] {
        std::vector<corsac::policy> all;
        for (const corsac::policy_options& options : {
                 corsac::policy_options{
                     .allow_origins = {"https://example.com", "https://*.example.org",
                                       "http://localhost:*", "https://app-*-team.example.com"},
                     .allow_methods = {"GET", "PUT", "DELETE"},
                     .allow_headers = {"Authorization", "X-A", "X-Custom-*"},
                     .expose_headers = {"X-Request-Id"},
                     .allow_credentials = true,
                     .max_age = 600},
                 corsac::policy_options{.allow_origins = {"*"}, .expose_headers = {"*"}},
                 corsac::policy_options{.allow_origins = {"*"},
                                        .allow_methods = {"*"},
                                        .allow_headers = {"*"},
                                        .allow_credentials = true,
                                        .dangerously_allow_any_origin_with_credentials = true},
                 corsac::policy_options{.allow_origins = {"https://*:*", "null"},
                                        .allow_methods = {"PUT"},
                                        .allow_headers = {"X-A", "X-B"},
                                        .reject_disallowed = true,
                                        .disclose_requested_only = true},
                 corsac::policy_options{.allow_origins = {"https://example.com"},
                                        .allow_methods = {"PUT"},
                                        .allow_headers = {"X-A"},
                                        .advertise = true,
                                        .forward_denied_preflights = true,
                                        .forward_granted_preflights = true,
                                        .allow_private_network = true},
                 corsac::policy_options{.allow_origins = {"*"}, .refuse_credentials = true},
                 corsac::policy_options{.allow_origins = {"https://example.com"}, .shadow = true},
             }) {
            all.push_back(*corsac::make_policy(options));
        }
        return all;
    }();
    return built;
}

bool is_field_value(std::string_view value) {
    for (const char c : value) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return false;
    }
    return !value.empty();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    const std::string_view first = fuzz::next_line(rest);
    if (first.empty()) return 0;
    const corsac::policy& p = policies()[static_cast<unsigned char>(first[0]) % policies().size()];
    request r{first.substr(1), {}};
    while (!rest.empty()) {
        const std::string_view line = fuzz::next_line(rest);
        const std::size_t colon = line.find(':');
        if (colon == line.npos) continue;
        r.lines.emplace_back(line.substr(0, colon), line.substr(colon + 1));
    }

    corsac::request_facts facts = corsac::read_facts(r);
    facts.credentials = corsac::carries_credentials(r);
    const corsac::decision d = corsac::evaluate(p, r);
    require(d.kind() == corsac::classify(r), "one kind");
    require(d.answers() == (d.status() != 0), "an answer has a status");
    require(!d.answers() || d.kind() != corsac::request_kind::not_cors,
            "what is no CORS request reaches the application");
    const corsac::explanation why = corsac::explain(d);
    require(is_field_value(why.view()), "an explanation is one line");
    require(why.view().size() < corsac::explanation::capacity, "an explanation is whole");

    std::size_t fields = 0;
    d.visit([&](std::string_view name, std::string_view value) {
        ++fields;
        require(is_field_value(value), "a value is printable");
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
