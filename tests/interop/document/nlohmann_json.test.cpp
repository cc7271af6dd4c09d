// SPDX-License-Identifier: MIT
#include <corsac/interop/document/nlohmann_json.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using interop::document;
using interop::document_kind;

static_assert(interop::document_node<interop::json_node<nlohmann::json>>);
static_assert(interop::document_node<interop::json_node<nlohmann::ordered_json>>);

struct row {
    const char* about;
    const char* json;
    document_kind kind;
    const char* text;
};

}  // namespace

TEST_CASE("a JSON value is what it is written as") {
    const row rows[] = {
        {"null", "null", document_kind::null, ""},
        {"true", "true", document_kind::boolean, "true"},
        {"false", "false", document_kind::boolean, "false"},
        {"an integer", "12", document_kind::integer, "12"},
        {"a negative integer", "-12", document_kind::integer, "-12"},
        {"an integer of 64 bits", "18446744073709551615", document_kind::integer,
         "18446744073709551615"},
        {"a fraction", "1.5", document_kind::number, "1.5"},
        {"an exponent makes a number", "1e3", document_kind::number, "1000.0"},
        {"a string", R"("a\u00e4")", document_kind::string, "a\xc3\xa4"},
        {"a string that looks like a number", R"("12")", document_kind::string, "12"},
        {"an empty string is none the less there", R"("")", document_kind::string, ""},
        {"a list", "[]", document_kind::list, ""},
        {"a map", "{}", document_kind::map, ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        interop::manifest_problems problems;
        const std::vector<document> read = manifests::parse_json(r.json, problems);
        CHECK(problems.empty());
        REQUIRE(read.size() == 1);
        CHECK(read[0].kind() == r.kind);
        CHECK(read[0].text() == r.text);
    }
}

TEST_CASE("keys and elements stay in their order") {
    interop::manifest_problems problems;
    const std::vector<document> read =
        manifests::parse_json(R"({"b":[1,"x",{"c":null}],"a":true})", problems);
    REQUIRE(read.size() == 1);
    const document& root = read[0];
    REQUIRE(root.size() == 2);
    CHECK(root.key(0) == "b");
    CHECK(root.key(1) == "a");
    REQUIRE(root.item(0).size() == 3);
    CHECK(root.item(0).item(1) == document("x"));
    CHECK(root.item(0).item(2).key(0) == "c");
    CHECK(root.item(0).item(2).item(0).is_null());
}
