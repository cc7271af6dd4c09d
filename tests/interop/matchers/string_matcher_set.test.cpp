// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/string_matcher_set.hpp>

#include <corsac/corsac.hpp>
#include <corsac/interop/matchers/re2.hpp>

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <algorithm>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace interop = corsac::interop;

namespace {

using form = interop::string_matcher::form;
using enum corsac::config_code;

interop::string_matcher make(form how, std::string_view text) {
    if (how == form::regex) return make_regex_matcher(text, interop::re2_engine<RE2>{});
    return {how, std::string(text), false, {}};
}

auto make_matched_policy(const corsac::policy_options& options,
                         std::vector<interop::string_matcher> matchers) {
    return corsac::make_policy(options, *interop::make_string_matcher_set(std::move(matchers)));
}

/// As a policy without credentials asks them.
interop::string_matcher_set prepared(std::vector<interop::string_matcher> matchers) {
    interop::string_matcher_set made(std::move(matchers));
    corsac::config_report report;
    made.prepare_for({}, report);
    return made;
}

}  // namespace

TEST_CASE("a policy's matchers allow origins only") {
    struct row {
        const char* about;
        interop::string_matcher matcher;
        std::string origin;
        bool allowed;
    };
    const row rows[] = {
        {"a suffix", make(form::suffix, ".a.example"), "https://x.a.example", true},
        {"of another domain", make(form::suffix, ".a.example"), "https://evila.example", false},
        {"a path is in no origin", make(form::prefix, "https://a."), "https://a.example/", false},
        {"nor is a user name", make(form::suffix, ".example"), "https://u@a.example", false},
        {"nor upper case", make(form::regex, "(?i)https://a.example"), "https://A.example", false},
        {"nor a newline", make(form::regex, "(?s)https://.*"), "https://a.example\nx", false},
        {"nor a default port", make(form::prefix, "https://a."), "https://a.example:443", false},
        {"nor two origins", make(form::prefix, "https://a."), "https://a.example https://b", false},
        {"nor more bytes than any origin has", make(form::prefix, "https://a."),
         "https://a." + std::string(2048, 'a'), false},
        {"nor the text *", make(form::regex, "[^/]+"), "*", false},
        {"* is no shortcut here", make(form::regex, "[^/]+"), "https://a.example", false},
        {"a prefix of *, as Envoy has it", make(form::prefix, "*"), "https://a.example", true},
        {"a suffix", make(form::suffix, "*"), "https://a.example", true},
        {"what contains it", make(form::contains, "*"), "null", true},
        {"but no more than that", make(form::prefix, "**"), "https://a.example", false},
        {"nor an expression of it", make(form::regex, R"(\*)"), "https://a.example", false},
        {"a regex", make(form::regex, R"(https://(a|b)\.example(:\d+)?)"), "https://b.example:8443",
         true},
        {"of the whole origin", make(form::regex, R"(https://(a|b)\.example)"),
         "https://b.example.evil.example", false},
        {"null by name", make(form::exact, "null"), "null", true},
        {"but not by chance", make(form::regex, "[a-z]+"), "null", false},
        {"nor by what contains it", make(form::contains, "nul"), "null", false},
        {"any origin", make(form::exact, "*"), "https://a.example", true},
        {"null is one", make(form::exact, "*"), "null", true},
        {"a path is not", make(form::exact, "*"), "https://a.example/", false},
        {"nor is *", make(form::exact, "*"), "*", false},
        {"another scheme", make(form::exact, "capacitor://localhost"), "capacitor://localhost",
         true},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.origin);
        const auto matchers = interop::make_string_matcher_set({r.matcher});
        REQUIRE(static_cast<bool>(matchers));
        CHECK(prepared({r.matcher}).match(r.origin, corsac::judged) == (r.allowed ? r.origin : ""));
        CHECK(matchers->allows_any() == r.matcher.means_everybody());
        const auto p = corsac::make_policy({}, *matchers);
        REQUIRE(static_cast<bool>(p));
        CHECK(p->allows_origin(r.origin) == r.allowed);
    }
}

TEST_CASE("a list allows the origins that one of its matchers matches, and nothing else") {
    const std::vector<interop::string_matcher> some = {
        make(form::exact, "https://a.example"),
        make(form::prefix, "https://b."),
        make(form::suffix, ".c.example"),
        make(form::contains, "d.e"),
        make(form::regex, R"((?s).*[^a-z]e\.example.*)"),
        make(form::regex, "(?i)(https|capacitor)://(f|G).*"),
        make(form::regex, "[^/]+")};
    const char* const parts[] = {"https://",  "http://",    "capacitor://",
                                 "a",         "b.",         "x.",
                                 "c.example", "d.e",        ".example",
                                 "E",         "-e.example", "f",
                                 ":8443",     ":443",       "/",
                                 "\n",        "*",          "null",
                                 " ",         "@",          "HTTPS://",
                                 "\xc3\xa4",  "_",          "."};
    std::vector<interop::string_matcher_set> lists;
    for (std::size_t chosen = 0; chosen < std::size_t{1} << some.size(); ++chosen) {
        std::vector<interop::string_matcher> list;
        for (std::size_t i = 0; i < some.size(); ++i) {
            if ((chosen >> i & 1) != 0) list.push_back(some[i]);
        }
        lists.push_back(prepared(std::move(list)));
    }
    std::mt19937 roll(20261123);
    int allowed = 0, refused_matches = 0;
    for (int i = 0; i < 200000; ++i) {
        const interop::string_matcher_set& list = lists[roll() % lists.size()];
        std::string origin;
        for (auto n = roll() % 5 + 1; n != 0; --n) origin += parts[roll() % std::size(parts)];
        bool matched = false;
        for (const interop::string_matcher& m : list.all()) matched = matched || m.matches(origin);
        const bool valid = static_cast<bool>(corsac::parse_serialized_origin(origin));
        const bool got = list.match(origin, corsac::judged) == origin;
        if (got != (matched && valid)) {
            CAPTURE(origin);
            FAIL_CHECK("differs");
        }
        allowed += got ? 1 : 0;
        refused_matches += matched && !got ? 1 : 0;
    }
    CHECK(allowed > 1000);
    CHECK(refused_matches > 1000);
}

TEST_CASE("matchers that may be in no policy") {
    struct row {
        const char* about;
        std::vector<interop::string_matcher> matchers;
        corsac::config_code code;
        const char* message;
    };
    const row rows[] = {
        {"everything, but not *",
         {make(form::regex, ".*")},
         matcher_of_everything,
         "matchers[0]: \".*\" matches every origin; write exact \"*\" if every origin is meant"},
        {"malformed",
         {make(form::exact, "a"), make(form::regex, "(")},
         matcher_malformed,
         "matchers[1]: \"(\" is no regular expression of RE2: missing ): (; write"},
        {"never compiled", {{form::regex, "a", false, {}}}, matcher_malformed, "was not compiled"},
        {"empty", {make(form::suffix, "")}, matcher_malformed, "matchers[0]: \"\" is empty"},
        {"too long",
         {make(form::suffix, std::string(4097, 'a'))},
         matcher_malformed,
         "is longer than 4096 bytes"},
        {"too many", std::vector<interop::string_matcher>(65, make(form::exact, "a")),
         matchers_too_many, "matchers: has more than 64 entries"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const auto made = interop::make_string_matcher_set(r.matchers);
        REQUIRE_FALSE(made);
        REQUIRE(made.errors().size() == 1);
        CHECK(made.errors()[0].code() == r.code);
        CHECK_FALSE(is_warning(r.code));
        const std::string message(made.errors()[0].message());
        CHECK_MESSAGE(message.find(r.message) != message.npos, message);
    }
    CHECK(interop::make_string_matcher_set(
        std::vector<interop::string_matcher>(64, make(form::exact, "a"))));
    // As in Envoy, where it matches the empty text: nobody's origin.
    const auto nobody = make_matched_policy({}, {make(form::exact, "")});
    REQUIRE(static_cast<bool>(nobody));
    CHECK_FALSE(nobody->allows_origin(""));
}

TEST_CASE("matchers and credentials") {
    struct row {
        interop::string_matcher matcher;
        corsac::config_code refused;
        corsac::config_code warned;
        bool corsac::policy_options::* permission;
    };
    using options = corsac::policy_options;
    const row rows[] = {
        {make(form::prefix, "https://"), credentials_with_any_origin, expression_unproved,
         &options::dangerously_allow_any_origin_with_credentials},
        {make(form::prefix, "https://app."), credentials_with_unproved_expression,
         expression_unproved, &options::dangerously_allow_unproved_expressions_with_credentials},
        {make(form::regex, R"(https://.*example\.com)"), credentials_with_unproved_expression,
         expression_unproved, &options::dangerously_allow_unproved_expressions_with_credentials},
        {make(form::regex, R"(https://\bexample\.com)"), credentials_with_unproved_expression,
         expression_unproved, &options::dangerously_allow_unproved_expressions_with_credentials},
        {make(form::exact, "null"), credentials_with_null_origin, null_origin_allowed,
         &options::dangerously_allow_null_origin_with_credentials},
    };
    for (const row& r : rows) {
        CAPTURE(r.matcher.text);
        const auto without = make_matched_policy({}, {r.matcher});
        REQUIRE(static_cast<bool>(without));
        REQUIRE(without.warnings().size() == 1);
        CHECK(without.warnings()[0].code() == r.warned);
        const auto with = make_matched_policy({.allow_credentials = true}, {r.matcher});
        REQUIRE_FALSE(with);
        CHECK(with.errors()[0].code() == r.refused);
        corsac::policy_options permitted{.allow_credentials = true};
        permitted.*r.permission = true;
        CHECK(make_matched_policy(permitted, {r.matcher}));
    }
    for (const form how : {form::exact, form::prefix, form::suffix, form::contains}) {
        const auto any = make_matched_policy({.allow_credentials = true}, {make(how, "*")});
        REQUIRE_FALSE(any);
        CHECK(any.errors()[0].code() == credentials_with_any_origin);
    }
    for (const char* scheme : {"https", "http"}) {
        const auto any = make_matched_policy({.allow_credentials = true},
                                             {make(form::regex, std::string(scheme) + "://.*")});
        REQUIRE_FALSE(any);
        bool said = false;
        for (const corsac::config_error& e : any.errors()) {
            said = said || e.code() == credentials_with_any_origin;
        }
        CHECK(said);
    }
    const auto permitted_any = make_matched_policy(
        {.allow_credentials = true, .dangerously_allow_any_origin_with_credentials = true},
        {make(form::exact, "*")});
    REQUIRE(static_cast<bool>(permitted_any));
    CHECK(permitted_any->allows_origin("https://a.example"));
    CHECK_FALSE(permitted_any->allows_origin("http://a.example"));
    CHECK(make_matched_policy({.allow_credentials = true}, {make(form::suffix, ".a.example")}));
    // What stands inside of another matcher is checked, too.
    const auto nobody = [](std::string_view) { return false; };
    const corsac::any_of both{*interop::make_string_matcher_set({make(form::prefix, "https://")}),
                              corsac::origin_if{nobody}};
    CHECK_FALSE(corsac::make_policy({.allow_credentials = true}, both));
}

TEST_CASE("a matcher that lets strangers in is reported with an example") {
    const auto said = [](const corsac::policy_options& options, const char* regex) {
        const auto built = make_matched_policy(options, {make(form::regex, regex)});
        const corsac::config_errors& all = built ? built.warnings() : built.errors();
        REQUIRE(all.size() == 1);
        return std::string(all[0].message());
    };
    const corsac::policy_options with{.allow_credentials = true};
    CHECK(said({}, R"(https://.*example\.com)") ==
          R"(matchers[0]: "https://.*example\.com" also accepts https://evilexample.com, which a )"
          R"(stranger could own; name a whole domain of yours: https://(.*\.)?example\.com)");
    CHECK(
        said(with, R"(https://.*example\.com)") ==
        R"(matchers[0]: "https://.*example\.com" also accepts https://evilexample.com, which a )"
        R"(stranger could own; name a whole domain of yours: https://(.*\.)?example\.com, or set )"
        R"(dangerously_allow_unproved_expressions_with_credentials)");
    CHECK(said(with, R"(https://\bexample\.com)").find(R"(for \b is not understood here)") !=
          std::string::npos);
    CHECK(said(with, R"(https?://.*\.example\.com)").find("can rewrite") != std::string::npos);
    CHECK(said(with, R"(null|https://a\.example\.com)").find("sandboxed") != std::string::npos);
}

// One line each: what a policy with credentials must not take, and what it must.
TEST_CASE("expressions of whole origins, each alone in a policy with credentials") {
    constexpr const char* refused[] = {
        R"(https://.*example\.com)",
        "https://.*example.com",
        "https://app.example.com",
        R"(https://(app|.*)example\.com)",
        R"(https://[a-z0-9-]*example\.com)",
        R"(https://example\.com.*)",
        R"(https://.*\.vercel\.app)",
        R"(https://app-.*-team\.vercel\.app)",
        R"(https://.*\.co\.uk)",
        R"(https?://.*\.example\.com)",
        R"((null|https://a\.example\.com))",
    };
    constexpr const char* built[] = {
        R"(https://([a-z0-9-]+\.)*example\.com)",
        R"(https://(.*\.)?example\.com)",
        R"(https://.*\.example\.com)",
        R"(^https://(app|www)\.example\.com(:\d+)?$)",
        R"(https://[^/.]+\.example\.com)",
        R"(https://pr-[0-9]+\.preview\.example\.com)",
        R"(https://(?:a|b)\.(example|sample)\.com)",
        "http://localhost:[0-9]+",
    };
    for (const std::string regex : refused) {
        CAPTURE(regex);
        CHECK_FALSE(make_matched_policy({.allow_credentials = true}, {make(form::regex, regex)}));
    }
    for (const std::string regex : built) {
        CAPTURE(regex);
        CHECK(make_matched_policy({.allow_credentials = true}, {make(form::regex, regex)}));
    }
}

TEST_CASE("the author's own public suffixes are asked for what matchers and expressions name") {
    struct row {
        const char* about;
        form how;
        const char* text;
        bool built;
        const char* witness;
    };
    const row rows[] = {
        {"a suffix right under one", form::suffix, ".customers.example", false,
         "https://evil.customers.example"},
        {"with a dot at its end", form::suffix, ".customers.example.", false,
         "https://evil.customers.example."},
        {"deeper than the domain", form::suffix, ".apps.example.com", false,
         "https://evil.apps.example.com"},
        {"the end of a label under it", form::suffix, "-x.apps.example.com", false,
         "https://evil-x.apps.example.com"},
        {"a name under it", form::suffix, ".mine.apps.example.com", true, ""},
        {"the domain above it, which names nothing of it", form::suffix, ".example.com", true, ""},
        {"a label beside it", form::suffix, ".xapps.example.com", true, ""},
        {"one of the list", form::suffix, ".com.au", false, "https://evil.com.au"},
        {"an expression right under one", form::regex, R"(https://.*\.customers\.example)", false,
         "https://evil.customers.example"},
        {"deeper than the domain", form::regex, R"(https://.*\.apps\.example\.com)", false,
         "https://evil.apps.example.com"},
        {"by a dot that is not escaped", form::regex, R"(https://.*.apps\.example\.com)", false,
         "https://evil.apps.example.com"},
        {"by no dot at all", form::regex, R"(https://.*apps\.example\.com)", false,
         "https://evil.apps.example.com"},
        {"as one of several", form::regex, R"(https://(a|.*\.apps)\.example\.com)", false,
         "https://evil.apps.example.com"},
        {"in capitals of an opaque host", form::regex, R"(app://.*\.APPS\.example\.com)", false,
         "by .*"},
        {"a name under it", form::regex, R"(https://(.*\.)?mine\.apps\.example\.com)", true, ""},
        {"a dot that is not written", form::regex, R"(https://[a-z]+[^\w-]example\.com)", true, ""},
        {"what is written and matched by a class", form::regex,
         R"(https://([a-z]|ba)\.example\.com)", true, ""},
        {"the suffix itself", form::regex, R"(https://apps\.example\.com)", true, ""},
        {"names that are written", form::regex, R"(https://(a|b)\.apps\.example\.com)", true, ""},
        {"one of the list", form::regex, R"(https://.*\.com\.au)", false, "https://evil.com.au"},
        {"a prefix, of which the whole host is written", form::prefix,
         "https://apps.example.com:", true, ""},
        {"a prefix that is open behind it", form::prefix, "https://mine.apps.example.com", false,
         "https://mine.apps.example.com.evil.net"},
        {"a whole origin", form::exact, "https://apps.example.com", true, ""},
    };
    const corsac::policy_options options{
        .allow_credentials = true, .is_public_suffix = [](std::string_view host) {
            return host == "customers.example" || host == "apps.example.com";
        }};
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.text);
        const auto built = make_matched_policy(options, {make(r.how, r.text)});
        CHECK(static_cast<bool>(built) == r.built);
        if (built) continue;
        REQUIRE(built.errors().size() == 1);
        CHECK(built.errors()[0].code() == credentials_with_unproved_expression);
        const std::string message(built.errors()[0].message());
        CHECK_MESSAGE(message.find(r.witness) != message.npos, message);
    }
}

TEST_CASE("the predicate is asked for whole labels in lower case, without a dot behind them") {
    static std::vector<std::string> asked;
    asked.clear();
    const corsac::policy_options options{.allow_credentials = true,
                                         .is_public_suffix = [](std::string_view host) {
                                             asked.emplace_back(host);
                                             return false;
                                         }};
    CHECK(
        make_matched_policy(options, {make(form::regex, R"((?i)https://.*\.Apps\.Example\.com\.?)"),
                                      make(form::suffix, ".shop.example.")}));
    CHECK_FALSE(asked.empty());
    for (const std::string& host : asked) {
        CAPTURE(host);
        CHECK((host == "example.com" || host == "apps.example.com" || host == "shop.example"));
    }
    CHECK(std::find(asked.begin(), asked.end(), "apps.example.com") != asked.end());
    CHECK(std::find(asked.begin(), asked.end(), "shop.example") != asked.end());
}

TEST_CASE("what is permitted without a proof is not tried out besides") {
    const corsac::policy_options permitted{
        .allow_credentials = true, .dangerously_allow_unproved_expressions_with_credentials = true};
    const auto p = make_matched_policy(permitted, {make(form::suffix, ".github.io")});
    REQUIRE(static_cast<bool>(p));
    CHECK(p->allows_origin("https://a.github.io"));
    CHECK_FALSE(p->allows_origin("http://a.github.io"));
    CHECK_FALSE(make_matched_policy(permitted, {make(form::prefix, "https://")}));
}

TEST_CASE("a set that no policy has judged allows only what is proved") {
    struct hidden {
        interop::string_matcher_set set;
        std::string_view match(std::string_view origin) const noexcept { return set.match(origin); }
    };
    const auto p = corsac::make_policy(
        {.allow_credentials = true},
        hidden{interop::string_matcher_set(
            {make(form::regex, R"(https://.*example\.com)"), make(form::suffix, ".example.net")})});
    REQUIRE(static_cast<bool>(p));
    CHECK(p->allows_origin("https://a.example.net"));
    CHECK_FALSE(p->allows_origin("https://evilexample.com"));

    // One that was judged for a policy without credentials, and is taken out of it.
    const auto anonymous = make_matched_policy(
        {}, {make(form::regex, R"(https://.*example\.com)"), make(form::suffix, ".example.net"),
             make(form::exact, "null"), make(form::exact, "http://b.example")});
    REQUIRE(static_cast<bool>(anonymous));
    CHECK(anonymous->allows_origin("https://evilexample.com"));
    const auto reused =
        corsac::make_policy({.allow_credentials = true}, hidden{anonymous->origins().second});
    REQUIRE(static_cast<bool>(reused));
    CHECK(reused->allows_origin("https://a.example.net"));
    for (const char* stranger : {"https://evilexample.com", "null", "http://b.example"}) {
        CHECK_FALSE(reused->allows_origin(stranger));
        CHECK(anonymous->origins().second.match(stranger).empty());
    }
}

TEST_CASE("with credentials, matchers allow no page that others on the network can rewrite") {
    const interop::string_matcher own[] = {
        make(form::suffix, ".a.example"),
        make(form::regex, R"((https://x\.a|https?://localhost)(:\d+)?)")};
    const auto with = make_matched_policy({.allow_credentials = true}, {own[0], own[1]});
    REQUIRE(static_cast<bool>(with));
    CHECK(with->allows_origin("https://x.a.example"));
    CHECK_FALSE(with->allows_origin("http://x.a.example"));
    CHECK(with->allows_origin("http://localhost:3000"));
    CHECK_FALSE(with->allows_origin("http://x.a"));
    const auto without = make_matched_policy({}, {own[0], own[1]});
    REQUIRE(static_cast<bool>(without));
    CHECK(without->allows_origin("http://x.a.example"));
    CHECK(without->allows_origin("https://x.a"));
    for (const auto& matcher :
         {make(form::exact, "ws://a.example"), make(form::prefix, "ftp://a.example:")}) {
        const auto named_one = make_matched_policy({.allow_credentials = true}, {matcher});
        REQUIRE_FALSE(named_one);
        CHECK(named_one.errors()[0].code() == credentials_with_insecure_origin);
    }
    for (const auto& matcher :
         {make(form::exact, "http://a.example"), make(form::regex, R"(^http://a\.example)"),
          make(form::regex, R"((https?://a\.example|https://b\.example)(:\d+)?)"),
          make(form::regex, R"(.*[./]a\.example)")}) {
        const auto named_one = make_matched_policy({.allow_credentials = true}, {matcher});
        REQUIRE_FALSE(named_one);
        CHECK(named_one.errors()[0].code() == credentials_with_insecure_origin);
        const auto permitted =
            make_matched_policy({.allow_credentials = true,
                                 .dangerously_allow_insecure_origins_with_credentials = true},
                                {matcher});
        REQUIRE(static_cast<bool>(permitted));
        CHECK(permitted->allows_origin("http://a.example"));
    }
    CHECK(make_matched_policy({.allow_credentials = true},
                              {make(form::prefix, "http://localhost:")}));
}

TEST_CASE("a policy of matchers answers like any other") {
    const auto p =
        make_matched_policy({.allow_origins = {"https://own.example"}, .allow_methods = {"PUT"}},
                            {make(form::regex, R"(https://pr-\d+\.a\.example)")});
    REQUIRE(static_cast<bool>(p));
    CHECK(p->allows_origin("https://own.example"));
    corsac::request_facts facts;
    facts.method = "GET";
    facts.add("origin", "https://pr-42.a.example");
    const corsac::decision d = evaluate(*p, facts);
    CHECK(d.outcome() == corsac::outcome::allowed);
    corsac::request_facts other;
    other.method = "GET";
    other.add("origin", "https://pr-x.a.example");
    CHECK(evaluate(*p, other).outcome() == corsac::outcome::origin_not_allowed);
    static_assert(corsac::origin_matcher<interop::string_matcher_set>);
}
