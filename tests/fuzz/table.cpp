// SPDX-License-Identifier: MIT
#include "require.hpp"
#include "table_oracle.hpp"

#include <corsac/table/policy_table.hpp>
#include <corsac/table/policy_table_builder.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

// The input is a table, a line for each thing in it, and requests to it. The rule of each request
// and what governs it are the oracle's. Lines are
//   L hostname port                                  a listener
//   R name created hostname ...                      a route
//   P number                                         a listener of the last route
//   u                                                a rule of it
//   m =|^ path METHOD|- name:value|name=value ...    a match of the last rule: exact, or a prefix
//   g|l|r|a|b|c number created name                  a policy of the gateway, of a listener, of a
//                                                    route, or of a rule in one of three ways
//   !g ...                                           the same, switched off
//   ? host path query METHOD name:value ...          a request

namespace {

using fuzz::require;
using fuzz::routes::strings;
namespace routes = fuzz::routes;

std::size_t number(const std::string& word, std::size_t limit) {
    std::size_t read = 0;
    for (const char c : word) read = (read * 10 + static_cast<unsigned char>(c)) % 100;
    return read % limit;
}

/// Adds what a line says to the builder and to the description.
class reader {
public:
    void read(const strings& words) {
        const std::string& kind = words[0];
        if (kind == "L") {
            d.listeners.push_back({routes::host_key(words[1]), number(words[2], 100)});
            const auto port = static_cast<std::int64_t>(d.listeners.back().port);
            listeners_.push_back(builder.add_listener(gateway_, {words[1], port}));
        } else if (kind == "R") {
            add_route(words);
        } else if (kind == "P" && !d.routes.empty() && !listeners_.empty()) {
            const std::size_t at = number(words[1], listeners_.size());
            d.routes.back().listeners.push_back(at);
            builder.add_parent(route_, listeners_[at]);
        } else if (kind == "u" && !d.routes.empty()) {
            d.rules.push_back(d.routes.size() - 1);
            rule_ = builder.add_rule(route_, "");
        } else if (kind == "m" && !d.rules.empty()) {
            add_match(words);
        } else if (!kind.empty()) {
            attach(kind.back(), words, kind[0] != '!');
        }
    }

    routes::description d;
    corsac::policy_table_builder builder;

private:
    void add_route(const strings& words) {
        d.routes.push_back({words[1], number(words[2], 100), {}, {}});
        corsac::text_list hostnames;
        for (std::size_t i = 3; i < words.size(); ++i) {
            if (words[i].empty()) continue;
            hostnames.push_back(words[i]);
            d.routes.back().hostnames.push_back(routes::host_key(words[i]));
        }
        const auto created = static_cast<std::int64_t>(d.routes.back().created);
        route_ = builder.add_route({words[1], hostnames, created});
    }

    void add_match(const strings& words) {
        routes::match m{d.rules.size() - 1, words[1] == "=", words[2], words[3], {}, {}};
        if (m.method == "-") m.method.clear();
        corsac::route_match added;
        added.kind = m.exact ? corsac::path_kind::exact : corsac::path_kind::prefix;
        added.path = m.path;
        added.method = m.method;
        for (std::size_t i = 4; i < words.size(); ++i) {
            if (words[i].empty()) continue;
            const bool is_header = words[i].find(':') < words[i].find('=');
            (is_header ? m.headers : m.query).push_back(words[i]);
            is_header ? added.headers.push_back(words[i]) : added.query.push_back(words[i]);
        }
        builder.add_match(rule_, added);
        d.matches.push_back(m);
    }

    void attach(char where, const strings& words, bool on) {
        using level = corsac::attachment_level;
        const auto scope = [&](const auto& among) {
            return static_cast<std::uint32_t>(number(words[1], among.size()));
        };
        std::optional<corsac::attachment_target> target;
        if (where == 'g') target = gateway_;
        if (where == 'l' && !listeners_.empty()) target = listeners_[scope(listeners_)];
        if (where == 'r' && !d.routes.empty()) target = corsac::route_id{scope(d.routes)};
        if (where >= 'a' && where <= 'c' && !d.rules.empty()) {
            constexpr level ways[] = {level::rule, level::rule_reference, level::rule_filter};
            target = {corsac::rule_id{scope(d.rules)}, ways[where - 'a']};
        }
        if (!target) return;
        const std::string origin = "https://" + std::to_string(d.attachments.size()) + ".example";
        d.attachments.push_back({*target, number(words[2], 100), words[3], on});
        const corsac::attachment_options who{
            .name = words[3], .created = static_cast<std::int64_t>(d.attachments.back().created)};
        if (on) {
            builder.attach(*target, *corsac::make_policy({.allow_origins = {origin}}), who);
        } else {
            builder.disable(*target, who);
        }
    }

    corsac::gateway_id gateway_ = builder.add_gateway();
    std::vector<corsac::listener_id> listeners_;
    corsac::route_id route_{};
    corsac::rule_id rule_{};
};

void ask(const corsac::policy_table& table, const routes::description& d, const strings& words) {
    routes::request r{routes::host_of(words[1]), words[2], words[3], words[4], {}};
    r.headers.assign(words.begin() + 5, words.end());
    const corsac::route_request request{
        .host = words[1], .path = r.path, .query = r.query, .method = r.method};
    const corsac::matched_route route = table.find(request, [&](std::string_view name) {
        for (const std::string& line : r.headers) {
            const std::size_t at = line.find(':');
            if (oracle::lower(line.substr(0, at)) != oracle::lower(std::string(name))) continue;
            return at == line.npos ? std::string_view("") : std::string_view(line).substr(at + 1);
        }
        return std::string_view();
    });
    const std::optional<routes::found> expected = look_up(d, r);
    require(static_cast<bool>(route) == expected.has_value(), "a rule exactly if there is one");
    if (!expected) return;
    const routes::match& m = d.matches[expected->match];
    require(static_cast<std::size_t>(route.id()) == m.rule, "the rule");
    const routes::attached* const wins = governs(d, *expected);
    using state = corsac::route_state;
    require(route.state() == (wins == nullptr ? state::ungoverned
                              : wins->on      ? state::governed
                                              : state::disabled),
            "whether something governs it");
    if (wins == nullptr || !wins->on) return;
    const std::string origin =
        "https://" + std::to_string(wins - d.attachments.data()) + ".example";
    require(route.governing()->allows_origin(origin), "what governs it");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view rest = fuzz::view_of(data, size);
    reader lines;
    std::vector<strings> requests;
    for (int left = 40; left != 0 && !rest.empty(); --left) {
        strings words = fuzz::words(fuzz::next_line(rest));
        words.resize(std::max<std::size_t>(words.size(), 5));
        if (words[0] == "?") {
            requests.push_back(words);
        } else {
            lines.read(words);
        }
    }
    const corsac::result<corsac::policy_table> table = std::move(lines.builder).build();
    for (const corsac::config_error& e : table.errors()) {
        require(fuzz::is_one_line(e.message()), "a message is one line");
    }
    if (!table) return 0;
    for (const strings& words : requests) ask(*table, lines.d, words);
    return 0;
}
