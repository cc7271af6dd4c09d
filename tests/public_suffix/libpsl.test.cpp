// SPDX-License-Identifier: MIT
#include <corsac/origin/public_suffix.hpp>

#include <doctest/doctest.h>
#include <libpsl.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <vector>

// The header's rules against libpsl, which reads the list itself. CORSAC_LIST is the list,
// CORSAC_RULES the same in ASCII, as cmake/public_suffix.py says, and CORSAC_DATA the header that
// was made of it.

namespace {

constexpr std::size_t made_up_hosts = 1'000'000;

/// The lines of a list that are rules.
std::vector<std::string> rules_of(const char* path) {
    std::ifstream file(path);
    std::vector<std::string> rules;
    for (std::string line; std::getline(file, line);) {
        line.erase(std::min(line.find_first_of(" \t\r"), line.size()));
        if (!line.empty() && line.substr(0, 2) != "//") rules.push_back(line);
    }
    return rules;
}

/// Asks both, and remembers where they differ.
class comparison {
public:
    comparison() : psl_(psl_load_file(CORSAC_LIST), &psl_free) { REQUIRE(psl_ != nullptr); }

    void ask(const std::string& host) {
        const char* const domain = psl_registrable_domain(psl_.get(), host.c_str());
        const bool is_public = psl_is_public_suffix2(psl_.get(), host.c_str(), PSL_TYPE_ANY) != 0;
        const std::string_view expected = domain == nullptr ? "" : domain;
        ++asked;
        if (is_public) ++public_suffixes;
        const std::string rooted = host + '.';
        if (corsac::registrable_domain(host) == expected &&
            corsac::is_public_suffix(host) == is_public &&
            corsac::registrable_domain(rooted) == expected) {
            return;
        }
        if (++different > 10) return;
        MESSAGE(host << ": libpsl says " << (is_public ? "public suffix, " : "no public suffix, ")
                     << '"' << expected << "\", corsac \"" << corsac::registrable_domain(host)
                     << '"');
    }

    std::size_t asked = 0;
    std::size_t public_suffixes = 0;
    std::size_t different = 0;

private:
    std::unique_ptr<psl_ctx_t, decltype(&psl_free)> psl_;
};

/// A rule's host: `ck` of `*.ck`, `www.ck` of `!www.ck`.
std::string host_of(const std::string& rule) {
    if (rule.front() == '!') return rule.substr(1);
    return rule.front() == '*' ? rule.substr(2) : rule;
}

TEST_CASE("this is the list in question, all of it") {
    std::ifstream header(CORSAC_DATA);
    const std::string text{std::istreambuf_iterator<char>{header}, {}};
    const std::string version{corsac::detail::public_suffix_list_version};
    CHECK(text.find('"' + version + '"') != std::string::npos);
    CHECK(text.find(std::string{corsac::detail::public_suffix_data}.substr(0, 80)) !=
          std::string::npos);

    const std::vector<std::string> rules = rules_of(CORSAC_RULES);
    CHECK(rules.size() > 9000);
    CHECK(rules.size() == rules_of(CORSAC_LIST).size());
}

TEST_CASE("hosts at, above and below every rule are as libpsl says") {
    comparison both;
    const std::vector<std::string> rules = rules_of(CORSAC_RULES);
    for (const std::string& rule : rules) {
        const std::string host = host_of(rule);
        both.ask(host);
        both.ask("a." + host);
        both.ask("b.a." + host);
        both.ask("c.b.a." + host);
        both.ask("x" + host);
        both.ask(host.substr(1).empty() || host[1] == '.' ? "y" + host : host.substr(1));
        const std::size_t dot = host.find('.');
        if (dot != std::string::npos) both.ask(host.substr(dot + 1));
    }
    CHECK(both.asked > 6 * rules.size());
    CHECK(both.public_suffixes > rules.size());
    CHECK(both.asked - both.public_suffixes > 3 * rules.size());
    CHECK(both.different == 0);
}

/// Makes hosts up that are near the rules: a rule with a character or a label changed, added or
/// left out, or labels of two rules together.
class host_maker {
public:
    explicit host_maker(const std::vector<std::string>& rules) {
        for (const std::string& rule : rules) {
            hosts_.push_back(host_of(rule));
            const std::string& host = hosts_.back();
            labels_.push_back(host.substr(0, host.find('.')));
        }
    }

    std::string operator()() {
        std::string host = one_of(hosts_);
        switch (below(8)) {
        case 0: host = one_of(labels_); break;
        case 1: host.insert(below(host.size() + 1), 1, character()); break;
        case 2: host[below(host.size())] = character(); break;
        case 3: host.erase(below(host.size()), 1); break;
        case 4: host = host.substr(0, host.find_last_of('.') + 1) + one_of(hosts_); break;
        case 5: host = host.substr(host.find('.') + 1); break;
        default: break;
        }
        for (std::size_t more = below(4); more != 0; --more) host = label() + '.' + host;
        return well_formed(host);
    }

private:
    std::size_t below(std::size_t end) { return random_() % end; }
    char character() { return "abcdefghijklmnopqrstuvwxyz0123456789-."[below(38)]; }
    const std::string& one_of(const std::vector<std::string>& texts) {
        return texts[below(texts.size())];
    }
    std::string label() {
        if (below(2) == 0) return one_of(labels_);
        std::string made(1 + below(6), 'a');
        for (char& c : made) c = character();
        return made;
    }
    /// Without empty labels: libpsl and corsac differ in what is no host name.
    static std::string well_formed(const std::string& text) {
        std::string host;
        for (const char c : text) {
            if (c != '.' || (!host.empty() && host.back() != '.')) host += c;
        }
        if (!host.empty() && host.back() == '.') host.pop_back();
        return host.empty() ? "a" : host;
    }

    std::mt19937_64 random_{20261022};
    std::vector<std::string> hosts_;
    std::vector<std::string> labels_;
};

TEST_CASE("made-up hosts near the rules are as libpsl says") {
    comparison both;
    host_maker make{rules_of(CORSAC_RULES)};
    for (std::size_t i = 0; i < made_up_hosts; ++i) both.ask(make());
    CHECK(both.asked == made_up_hosts);
    CHECK(both.public_suffixes > made_up_hosts / 10);
    CHECK(both.public_suffixes < made_up_hosts / 2);
    CHECK(both.different == 0);
}

}  // namespace
