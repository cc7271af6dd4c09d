// SPDX-License-Identifier: MIT
#include <corsac/interop/document/document_writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

TEST_CASE("scalars are quoted where YAML would read something else") {
    for (const char* text : {"",
                             "~",
                             "null",
                             "true",
                             "True",
                             "yes",
                             "NO",
                             "on",
                             "y",
                             "1",
                             "-1.5",
                             "1e3",
                             "0x1f",
                             "a: b",
                             "a #b",
                             "- a",
                             "*a",
                             "&a",
                             "!a",
                             "{a",
                             "[a",
                             "a\nb",
                             "a\"b",
                             "a\\b",
                             " a",
                             "a ",
                             "%a",
                             "@a",
                             "`a",
                             "a:",
                             "\x01",
                             "äöü",
                             "2026-01-01T00:00:00Z",
                             "<<",
                             "=",
                             "it's",
                             "a, b",
                             ", a",
                             "^.*$",
                             "? a",
                             "|",
                             ">",
                             "a: ",
                             "a :b",
                             "a ~ (b)",
                             "a\x7f",
                             "a\xc2\x85 b",
                             "a\xe2\x80\xa8 b",
                             "\xef\xbb\xbf",
                             "a\xc2\x9b",
                             "\xf0\x9f\x98\x80"}) {
        CAPTURE(text);
        interop::document map = interop::document::map();
        map.set("key", interop::document(text));
        map.set(text, interop::document("value"));
        interop::manifest_problems problems;
        const auto yaml = manifests::parse_yaml(interop::to_yaml(map), problems);
        const auto json = manifests::parse_json(to_json(map), problems);
        CHECK(problems.empty());
        REQUIRE(yaml.size() == 1);
        CHECK(yaml[0] == map);
        CHECK(json[0] == map);
    }
}

TEST_CASE("strings are quoted as kubectl quotes them") {
    struct row {
        const char* about;
        const char* text;
        const char* written;
    };
    const row rows[] = {
        {"a list of names is plain", "GET, POST", "GET, POST"},
        {"so is a regular expression", R"(^https://.*\.a\.example$)",
         R"(^https://.*\.a\.example$)"},
        {"what could be a number is in double quotes", "86400", "\"86400\""},
        {"a sign of YAML's own is in single ones", "*", "'*'"},
        {"and so is a key and value", "a: b", "'a: b'"},
        {"an apostrophe is not doubled", "it's: b", "\"it's: b\""},
        {"a line break needs an escape", "a\nb", "\"a\\nb\""},
        {"and so does one of YAML 1.1", "a\xe2\x80\xa8 b", "\"a\\u2028 b\""},
        {"and what nobody sees", "a\x7f\xc2\x9b\xef\xbb\xbf", "\"a\\u007f\\u009b\\ufeff\""},
        {"letters of any language do not", "\xc3\xa4\xf0\x9f\x98\x80",
         "\"\xc3\xa4\xf0\x9f\x98\x80\""},
        {"nor does what is no UTF-8", "\xff", "\"\xff\""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CHECK(interop::to_yaml(interop::document(r.text)) == std::string(r.written) + '\n');
    }
}
