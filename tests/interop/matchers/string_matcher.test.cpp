// SPDX-License-Identifier: MIT
#include <corsac/interop/matchers/string_matcher.hpp>

#include <corsac/interop/matchers/re2.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>
#include <re2/re2.h>

#include <string>
#include <string_view>

namespace {

using form = interop::string_matcher::form;

const interop::re2_engine<RE2> re2_engine{};

interop::string_matcher make(form how, std::string_view text, bool ignore_case) {
    if (how == form::regex) return make_regex_matcher(text, re2_engine);
    return {how, std::string(text), ignore_case, {}};
}

/// Every text of up to five of these bytes: what `.*` is made of and what it stops at.
template <class F>
void each_short_text(const F& f) {
    for (int i = 0; i < 100000; ++i) {
        std::string text;
        constexpr char bytes[] = {'a',    '.',    '\n',   '\xc3', '\xa4',
                                  '\xe2', '\x82', '\xff', '\xf4', 'b'};
        for (int n = i; n != 0; n /= 10) text += bytes[n % 10];
        f(text);
    }
}

}  // namespace

TEST_CASE("each form of Envoy's StringMatcher") {
    struct row {
        const char* about;
        form how;
        const char* text;
        bool ignore_case;
        std::string value;
        bool matches;
    };
    const std::string a = "https://a.example";
    const row rows[] = {
        {"exact is all of it", form::exact, "https://a.example", false, a, true},
        {"not its beginning", form::exact, "https://a.example", false, a + ".evil.example", false},
        {"not its end", form::exact, "https://a.example", false, "xhttps://a.example", false},
        {"bytes", form::exact, "https://A.example", false, a, false},
        {"unless case is ignored", form::exact, "https://A.example", true, a, true},
        {"of letters only", form::exact, "https://a.example", true, "https://a.example\r", false},
        {"a prefix begins it", form::prefix, "https://", false, a, true},
        {"and may be all of it", form::prefix, "https://a.example", false, a, true},
        {"but not longer", form::prefix, "https://a.example:", false, a, false},
        {"a prefix of other case", form::prefix, "HTTPS://", false, a, false},
        {"ignored", form::prefix, "HTTPS://", true, a, true},
        {"a prefix does not end hosts", form::prefix, "https://a", false, "https://aevil.example",
         true},
        {"a suffix ends it", form::suffix, ".example", false, a, true},
        {"without its dot, also strangers'", form::suffix, "example.com", false,
         "https://evilexample.com", true},
        {"with its dot, not", form::suffix, ".example.com", false, "https://evilexample.com",
         false},
        {"a suffix in the middle", form::suffix, "a.ex", false, a, false},
        {"a suffix of other case", form::suffix, ".Example", false, a, false},
        {"ignored", form::suffix, ".Example", true, a, true},
        {"contains, at the beginning", form::contains, "https", false, a, true},
        {"in the middle", form::contains, "//a.", false, a, true},
        {"at the end", form::contains, "example", false, a, true},
        {"nowhere", form::contains, "b.", false, a, false},
        {"contains of other case", form::contains, "A.EX", false, a, false},
        {"ignored", form::contains, "A.EX", true, a, true},
        {"contains more than there is", form::contains, "https://a.example:8443", false, a, false},
        {"a regex is of the whole text, not a search", form::regex, "example", false, a, false},
        {"nor the beginning", form::regex, "https://a", false, a, false},
        {"nor the end", form::regex, R"(a\.example)", false, a, false},
        {"the whole text", form::regex, R"(https://a\.example)", false, a, true},
        {"anchors change nothing", form::regex, R"(^https://a\.example$)", false, a, true},
        {"an alternation is of whole texts, too", form::regex, "https://b|https://a", false, a,
         false},
        {"one of them fits", form::regex, R"(https://b|https://a\.example)", false, a, true},
        {"another host that ends so", form::regex, R"(https://.*\.example\.com)", false,
         "https://evilexample.com", false},
        {"another that begins so", form::regex, R"(https://example\.com)", false,
         "https://example.com.evil.example", false},
        {"a dot is any character", form::regex, "https://www.example.com", false,
         "https://wwwxexample.com", true},
        {"but no newline", form::regex, "https://.*", false, "https://a\nb", false},
        {"nor anything before one", form::regex, R"(https://a\.example)", false, a + "\n", false},
        {"nor behind one, $ or not", form::regex, R"(^https://a\.example$)", false,
         a + "\nhttps://evil.example", false},
        {"unless the expression says so", form::regex, "(?s)https://.*", false, "https://a\nb",
         true},
        {"ignore_case has no effect on it", form::regex, R"(HTTPS://A\.example)", true, a, false},
        {"(?i) has", form::regex, R"((?i)HTTPS://A\.example)", false, a, true},
        {"counted", form::regex, R"(https://[a-z]{1,3}(\.[a-z]+)+)", false, a, true},
        {"a class", form::regex, R"(https?://[ab]\.example(:\d+)?)", false, a + ":8443", true},
        {"a NUL is a byte", form::regex, R"(https://a\.example)", false, a + '\0', false},
        // Envoy's own tests of the filter
        {"Envoy's", form::regex, ".*.envoyproxy.io", false, "www.envoyproxy.com", false},
        {"Envoy's", form::regex, ".*", false, "test-host", true},
        {"Envoy's", form::regex, R"(.*\.envoyproxy\.io)", false, "www.envoyproxy.io", true},
        {"Envoy's", form::regex, R"(.*\.envoyproxy\.io)", false, "www.envooooooyproxy.io", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.text);
        CAPTURE(r.value);
        const interop::string_matcher matcher = make(r.how, r.text, r.ignore_case);
        CHECK(matcher.regex.error == "");
        CHECK(matcher.matches(r.value) == r.matches);
    }
}

TEST_CASE("expressions that make a backtracking engine run for ever") {
    const std::string letters(2048, 'a');
    const auto matches = [&](const char* regex, const std::string& value) {
        const interop::string_matcher matcher = make_regex_matcher(regex, re2_engine);
        CHECK(matcher.regex.error == "");
        return matcher.matches(value);
    };
    CHECK_FALSE(matches("^(([a-z])+.)+[A-Z]([a-z])+$", letters));
    CHECK_FALSE(matches("(a*)*b", letters));
    CHECK(matches("(a*)*b", letters + 'b'));
    CHECK_FALSE(matches("(a|a)*c", letters));
    CHECK_FALSE(matches("(a|aa)+$!", letters));
    CHECK_FALSE(matches("([a-z]*a){10}b", letters));
}

TEST_CASE("expressions that do not compile say why and match nothing") {
    struct row {
        const char* about;
        std::string regex;
        const char* error;
    };
    const row rows[] = {
        {"a parenthesis too few", "https://(a", "is no regular expression of RE2: missing )"},
        {"one too many", "a)", "is no regular expression of RE2: unexpected )"},
        {"a class without an end", "[a-", "is no regular expression of RE2: missing ]"},
        {"nothing to repeat", "*", "no argument for repetition operator: *"},
        {"a back reference", R"((a)\1)", "invalid escape sequence: \\1"},
        {"a look-ahead", "(?!evil)a", "invalid perl operator: (?!"},
        {"too many repetitions", "a{1001}", "invalid repetition size: {1001}"},
        {"repetitions of repetitions", "((a{100}){100}){100}", "is no regular expression of RE2"},
        {"no UTF-8", "\xff", "invalid UTF-8"},
        {"larger than Envoy takes", "[a-z]{120}", "has program size 12"},
        {"too long", std::string(4097, 'a'), "is longer than 4096 bytes"},
        {"empty", "", "is empty"},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        const interop::string_matcher matcher = make_regex_matcher(r.regex, re2_engine);
        CHECK_MESSAGE(matcher.regex.error.find(r.error) != std::string::npos, matcher.regex.error);
        CHECK_FALSE(matcher.matches(r.regex));
        CHECK_FALSE(matcher.matches(""));
        CHECK_FALSE(matcher.matches("*"));
    }
    const interop::re2_engine<RE2> istio{.max_program_size = interop::istio_max_program_size};
    CHECK(make_regex_matcher("[a-z]{120}", istio).regex.error.empty());
    const interop::string_matcher never_compiled{form::regex, ".*", false, {}};
    CHECK_FALSE(never_compiled.matches("a"));
}

TEST_CASE("the engine without a package agrees with RE2 on what it knows") {
    const char* const known[] = {".*",      "^.*$", "a.*", ".*b",   "a.*b",     "^a\\..*b$",
                                 "a",       "^$",   "a$",  "a\\.b", "\\^.*\\$", "a\\.*",
                                 "a:/-_~%", "\\/a", "^^a", "a$b",   "a\\$",     "a,b=.*;'\"<>"};
    for (const char* regex : known) {
        CAPTURE(regex);
        const interop::compiled_regex simple = interop::compile_simple_regex(regex);
        const interop::compiled_regex full = re2_engine(regex);
        REQUIRE(full.error == "");
        if (!simple.error.empty()) continue;
        int differences = 0;
        each_short_text([&](const std::string& text) {
            differences += simple.matches(text) == full.matches(text) ? 0 : 1;
        });
        CHECK(differences == 0);
    }
    int understood = 0;
    for (const char* regex : known) {
        understood += interop::compile_simple_regex(regex).error.empty() ? 1 : 0;
    }
    CHECK(understood == 15);
    for (const char* regex :
         {"a.b",  ".+",      "a.*b.*c", ".*?",    "a?",     "[ab]",       "a|b",   "(?i)a",
          "\\d",  "\\Qa\\E", "\\_",     "a{2}",   "\\",     "\xc3\xa4.*", "a\\pN", ".*+",
          "a$.*", "\x01",    "\x7f",    "\\\x01", "\\\x7f", "\\ ",        "\\1",   "a\\"}) {
        CAPTURE(regex);
        CHECK(interop::compile_simple_regex(regex).error.find(
                  "<corsac/interop/matchers/re2.hpp>") != std::string::npos);
    }
}

TEST_CASE("matchers are equal if the same is written") {
    const interop::string_matcher a = make(form::regex, "a", false);
    CHECK(a == interop::string_matcher{form::regex, "a", false, {}});
    CHECK_FALSE(a == make(form::regex, "b", false));
    CHECK_FALSE(a == make(form::exact, "a", false));
    CHECK_FALSE(make(form::exact, "a", true) == make(form::exact, "a", false));
}

TEST_CASE("StringMatchers are read in either spelling") {
    struct row {
        const char* yaml;
        form how;
        const char* text;
        bool ignore_case;
    };
    const row rows[] = {
        {"exact: https://a.example", form::exact, "https://a.example", false},
        {"{prefix: 'https://a.', ignore_case: true}", form::prefix, "https://a.", true},
        {"{suffix: .a.example, ignoreCase: false}", form::suffix, ".a.example", false},
        {"{contains: staging, ignoreCase: true}", form::contains, "staging", true},
        {"safe_regex: {regex: 'https://[ab]'}", form::regex, "https://[ab]", false},
        {"safeRegex: {googleRe2: {}, regex: '^a$'}", form::regex, "^a$", false},
        {"safe_regex: {google_re2: {}, regex: '^a$'}", form::regex, "^a$", false},
        {"exact: ''", form::exact, "", false},
        {"exact: '*'", form::exact, "*", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        const auto matcher = read_string_matcher(in.view(), re2_engine);
        CHECK_MESSAGE(in.problems.empty(), in.said());
        REQUIRE(matcher.has_value());
        CHECK(*matcher == interop::string_matcher{r.how, r.text, r.ignore_case, {}});
    }
}

TEST_CASE("what is wrong with a StringMatcher is said with its path") {
    struct row {
        const char* yaml;
        const char* says;
        bool is_error;
    };
    const row rows[] = {
        {"{}", "error: source: has none of exact, prefix", true},
        {"ignore_case: true", "has none of exact", true},
        {"{exact: a, prefix: b}", "error: source: has more than one of exact", true},
        {"prefix: ''", "error: source, prefix: is empty", true},
        {"suffix: ''", "error: source, suffix: is empty", true},
        {"contains: ''", "error: source, contains: is empty", true},
        {"safe_regex: {regex: ''}", "error: source, safe_regex.regex: is empty", true},
        {"safe_regex: {}", "error: source, safe_regex.regex: is empty", true},
        {"safeRegex: {regex: '('}",
         "error: source, safeRegex.regex: is no regular expression of RE2", true},
        {"safe_regex: a", "error: source, safe_regex: must be a map", true},
        {"exact: 1", "error: source, exact: must be a string", true},
        {"{exact: a, ignore_case: maybe}", "error: source, ignore_case: must be true or false",
         true},
        {"{exact: a, ignore_case: true, ignoreCase: true}", "is the same field as ignore_case",
         true},
        {"text", "error: source: must be a map", true},
        {"{exact: a, custom: {}}", "warning: source, custom: is no field that is known", false},
        {"{safe_regex: {regex: a}, ignore_case: true}",
         "warning: source, ignore_case: has no effect on an expression", false},
        {"safe_regex: {regex: '[^/]+'}", "warning: source: matches the text \"*\", so Envoy allows",
         false},
        {"safe_regex: {regex: '.*'}", "warning: source: matches the text \"*\"", false},
        {"safe_regex: {regex: '.'}", "warning: source: matches the text \"*\"", false},
    };
    for (const row& r : rows) {
        CAPTURE(r.yaml);
        input in(r.yaml);
        const auto matcher = read_string_matcher(in.view(), re2_engine);
        CHECK_MESSAGE(in.says(r.says), in.said());
        CHECK(matcher.has_value() == !r.is_error);
        CHECK(in.problems.errors() == (r.is_error ? 1 : 0));
    }
    for (const char* everybody : {"exact: '*'", "prefix: '*'", "suffix: '*'", "contains: '*'"}) {
        CAPTURE(everybody);
        input written(everybody);
        CHECK(read_string_matcher(written.view(), re2_engine)->means_everybody());
        CHECK(written.problems.empty());
    }
    input in("prefix: " + std::string(4097, 'a'));
    CHECK_FALSE(read_string_matcher(in.view(), re2_engine).has_value());
    CHECK(in.says("prefix: is longer than 4096 bytes"));
    input without_engine("safe_regex: {regex: 'a|b'}");
    CHECK_FALSE(
        read_string_matcher(without_engine.view(), interop::compile_simple_regex).has_value());
    CHECK(without_engine.says(
        "safe_regex.regex: needs an engine: include <corsac/interop/matchers/re2.hpp>"));
}
