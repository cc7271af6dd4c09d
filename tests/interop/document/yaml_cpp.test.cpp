// SPDX-License-Identifier: MIT
#include <corsac/interop/document/yaml_cpp.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace {

using interop::document;
using interop::document_kind;

static_assert(interop::document_node<interop::yaml_node<YAML::Node>>);

/// By yaml-cpp's own tree, and, the same must come of them, by its events.
std::vector<document> parse_both(const std::string& yaml, interop::manifest_problems& problems) {
    interop::document_reader reader(problems);
    std::vector<document> read;
    for (const YAML::Node& root : YAML::LoadAll(yaml)) {
        read.push_back(reader.read(interop::yaml_node{root}));
    }
    interop::manifest_problems of_events;
    CHECK(manifests::parse_yaml(yaml, of_events) == read);
    CHECK(of_events.errors() == problems.errors());
    return read;
}

struct row {
    const char* about;
    const char* yaml;
    document_kind kind;
    const char* text;
};

}  // namespace

TEST_CASE("a scalar is what YAML 1.2's core schema says") {
    const row rows[] = {
        {"a word", "text", document_kind::string, "text"},
        {"nothing", "", document_kind::null, ""},
        {"a tilde", "~", document_kind::null, ""},
        {"null", "Null", document_kind::null, ""},
        {"null in quotes", "'null'", document_kind::string, "null"},
        {"true", "true", document_kind::boolean, "true"},
        {"true in upper case", "TRUE", document_kind::boolean, "true"},
        {"false", "False", document_kind::boolean, "false"},
        {"true in mixed case", "tRUE", document_kind::string, "tRUE"},
        {"true in quotes", "\"true\"", document_kind::string, "true"},
        {"yes is a word", "yes", document_kind::string, "yes"},
        {"an integer", "12", document_kind::integer, "12"},
        {"an integer in quotes", "'12'", document_kind::string, "12"},
        {"an integer that says that it is a string", "!!str 12", document_kind::string, "12"},
        {"a negative integer", "-12", document_kind::integer, "-12"},
        {"a plus sign is left out", "+12", document_kind::integer, "12"},
        {"leading zeros are left out", "-012", document_kind::integer, "-12"},
        {"zero", "0", document_kind::integer, "0"},
        {"nothing but zeros", "000", document_kind::integer, "0"},
        {"a sign alone", "+", document_kind::string, "+"},
        {"a fraction", "1.5", document_kind::number, "1.5"},
        {"a fraction that begins with its dot, as JSON has it", ".5", document_kind::number, "0.5"},
        {"one that ends with it", "-05.", document_kind::number, "-5.0"},
        {"a dot before an exponent", "+1.e3", document_kind::number, "1.0e3"},
        {"an exponent", "1e3", document_kind::number, "1e3"},
        {"an exponent with a sign", "1.50E-3", document_kind::number, "1.50E-3"},
        {"what only looks like one", "8ea8", document_kind::string, "8ea8"},
        {"a sign and nothing", "1e+", document_kind::string, "1e+"},
        {"an exponent with a sign", "1.5E-3", document_kind::number, "1.5E-3"},
        {"an exponent without digits", "1e", document_kind::string, "1e"},
        {"an exponent with a sign and no digits", "1e+", document_kind::string, "1e+"},
        {"an exponent that is no number", "1e3a", document_kind::string, "1e3a"},
        {"an exponent of nothing", "e3", document_kind::string, "e3"},
        {"two dots", "1.2.3", document_kind::string, "1.2.3"},
        {"a dot alone", ".", document_kind::string, "."},
        {"sixty-based numbers are gone", "12:30", document_kind::string, "12:30"},
        {"so are underscores in numbers", "1_000", document_kind::string, "1_000"},
        {"a list", "[]", document_kind::list, ""},
        {"a map", "{}", document_kind::map, ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        CAPTURE(r.yaml);
        interop::manifest_problems problems;
        // In a map, since an empty text alone has no document.
        const std::vector<document> read = parse_both("k: " + std::string(r.yaml) + "\n", problems);
        CHECK(problems.empty());
        REQUIRE(read.size() == 1);
        REQUIRE(read[0].find("k") != nullptr);
        CHECK(read[0].find("k")->kind() == r.kind);
        CHECK(read[0].find("k")->text() == r.text);
    }
}

TEST_CASE("keys stay in their order, and aliases are what they stand for") {
    interop::manifest_problems problems;
    const std::vector<document> read = parse_both("b: &x [1, two]\na: *x\n---\nc: 1\n", problems);
    REQUIRE(read.size() == 2);
    const document& root = read[0];
    CHECK(root.key(0) == "b");
    CHECK(root.key(1) == "a");
    CHECK(root.item(0) == root.item(1));
    REQUIRE(root.item(1).size() == 2);
    CHECK(root.item(1).item(1) == document("two"));
    CHECK(read[1].key(0) == "c");
}

TEST_CASE("a key that is no scalar is there, to be reported as unknown") {
    interop::manifest_problems problems;
    const std::vector<document> read = parse_both("? [a, b]\n: 1\n", problems);
    REQUIRE(read.size() == 1);
    REQUIRE(read[0].size() == 1);
    CHECK(read[0].key(0) == "?");
}

TEST_CASE("merge keys are read as YAML's type repository says") {
    struct merge_row {
        const char* about;
        std::string yaml;
        const char* expected;  ///< of the last key
    };
    const merge_row rows[] = {
        {"keys of another map", "a: &a {x: 1, y: 2}\nb: {<<: *a, z: 3}\n", "z=3 x=1 y=2"},
        {"one's own win", "a: &a {x: 1, y: 2}\nb: {<<: *a, x: 3}\n", "x=3 y=2"},
        {"of several the first wins", "a: &a {x: 1}\nc: &c {x: 2, y: 2}\nb: {<<: [*a, *c]}\n",
         "x=1 y=2"},
        {"a map that merges itself", "a: &a {x: 1}\nc: &c {<<: *a, y: 2}\nb: {<<: *c}\n",
         "y=2 x=1"},
        {"in quotes it is a key like others", "b: {'<<': 1, x: 2}\n", "<<=1 x=2"},
        {"with a map as well", "b: {'<<': {x: 1}, y: 2}\n", "<<= y=2"},
        {"and so it is where nothing can be merged", "b: {<<: 1}\n", "<<=1"},
        {"nor all of a list", "b: {y: 2, <<: [{x: 1}, 2]}\n", "y=2 <<="},
        {"an empty list has no keys", "b: {<<: [], y: 2}\n", "y=2"},
        {"a key that is no scalar is merged as unknown", "a: &a {? [k] : 1, x: 1}\nb: {<<: *a}\n",
         "?=1 x=1"},
        {"unless there is one", "a: &a {? [k] : 1, x: 1}\nb: {<<: *a, ? [k] : 2}\n", "?=2 x=1"},
    };
    for (const merge_row& r : rows) {
        CAPTURE(r.about);
        interop::manifest_problems problems;
        const std::vector<document> read = parse_both(r.yaml, problems);
        CHECK(problems.empty());
        REQUIRE(read.size() == 1);
        const document& map = *read[0].find("b");
        std::string found;
        for (std::size_t i = 0; i < map.size(); ++i) {
            found += (i == 0 ? "" : " ") + map.key(i) + '=' + map.item(i).text();
        }
        CHECK(found == r.expected);
    }
}

TEST_CASE("of merge keys, a tree shows no more than anybody writes; events have what was written") {
    std::string many = "a: &a {x: 1}\nb: {<<: [*a";
    for (int i = 0; i < 10000; ++i) many += ", *a";
    many += "]}\n";
    interop::manifest_problems problems;
    const document tree =
        interop::document_reader(problems).read(interop::yaml_node{YAML::Load(many)});
    REQUIRE(tree.find("b")->size() == 2);
    CHECK(tree.find("b")->key(1) == "<<");
    const std::vector<document> read = manifests::parse_yaml(many, problems);
    REQUIRE(read.size() == 1);
    REQUIRE(read[0].find("b")->size() == 1);
    CHECK(read[0].find("b")->item(0).text() == "1");
    CHECK(problems.empty());
}
