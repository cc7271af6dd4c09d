// SPDX-License-Identifier: MIT
#include <corsac/interop/document/yaml_events.hpp>

#include <corsac/interop/document/document_writer.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <string>
#include <vector>

namespace {

using interop::document;

/// What is wrong with a text, the first of it.
std::string said(const std::string& yaml) {
    interop::manifest_problems problems;
    (void)manifests::parse_yaml(yaml, problems);
    return problems.empty() ? "" : problems.begin()->text();
}

}  // namespace

TEST_CASE("keys that are no texts, with whatever is in them, are one key each") {
    interop::manifest_problems problems;
    const std::vector<document> read = manifests::parse_yaml(
        "a: &x k\n? {b: [c, {d: *x}], e: f}\n: [1, {? [] : 2}]\n*x : 3\n&y g: *y\n", problems);
    CHECK(problems.empty());
    REQUIRE(read.size() == 1);
    const document& root = read[0];
    REQUIRE(root.size() == 4);
    CHECK(root.key(1) == "?");
    CHECK(root.item(1).item(0).text() == "1");
    CHECK(root.item(1).item(1).key(0) == "?");
    CHECK(root.item(1).item(1).item(0).text() == "2");
    CHECK(root.key(2) == "k");
    CHECK(root.item(2).text() == "3");
    CHECK(root.key(3) == "g");
    CHECK(root.item(3) == document("g"));
}

TEST_CASE("anchors are those of their document") {
    interop::manifest_problems problems;
    const std::vector<document> read =
        manifests::parse_yaml("a: &x 1\nb: &x {c: 2}\nd: *x\n--- \n- &x 5\n- *x\n", problems);
    REQUIRE(read.size() == 2);
    CHECK(*read[0].find("d") == *read[0].find("b"));
    CHECK(read[1].item(1).text() == "5");
    CHECK(said("a: &x [1, *x]\n") == "error: document 1, a[1]: an anchor contains itself");
}

TEST_CASE("what is merged may be written anywhere, and is merged once") {
    interop::manifest_problems problems;
    const std::vector<document> read = manifests::parse_yaml(
        "b: {x: 1, <<: {y: 2, x: 3}, <<: [{z: 4}, {z: 5}], w: {<<: {v: 6}}}\n", problems);
    CHECK(problems.empty());
    REQUIRE(read.size() == 1);
    CHECK(interop::to_json(*read[0].find("b")) ==
          interop::to_json(manifests::parse_yaml("{x: 1, w: {v: 6}, y: 2, z: 4}", problems)[0]));
}

TEST_CASE("what is not UTF-8 is told, in a key and in a value") {
    CHECK(said("a: {b: \xc6}") == "error: document 1, a.b: has a text that is not UTF-8");
    CHECK(said("\xc6: c").find("has a text that is not UTF-8") != std::string::npos);
    CHECK(said("a: \xc3\xbc").empty());
}

TEST_CASE("a key that stands twice, and what is too deep, are told with their places") {
    CHECK(said("a: 1\n---\nb: [{c: 1, d: {e: 1, e: 2}}]\n")
              .find("error: document 2, b[0].d.e: this key is in the map twice") == 0);
    const std::string deep = std::string(100, '[') + std::string(100, ']');
    CHECK(said(deep).find("error: document 1, [0][0]") == 0);
}

TEST_CASE("what yaml-cpp would hold as a whole is refused, and never read in part") {
    const std::size_t piece = interop::max_yaml_piece;
    const std::string refusal = "a text, or a list or map in brackets, has more than 524288 bytes";
    std::string list = "a:\n  - [1";
    while (list.size() < 2 * piece) list += ",\n  1";
    for (const std::string& yaml : {list + "]\n", "a: " + std::string(2 * piece, 'x') + "\n",
                                    "a: |\n  " + std::string(2 * piece, 'x') + "\n",
                                    "a: '" + std::string(2 * piece, 'x') + "'\n"}) {
        CHECK_MESSAGE(said(yaml).find(refusal) != std::string::npos, said(yaml));
    }
    std::string lines = "a:\n";
    while (lines.size() < 4 * piece) lines += "- [some, thing]\n";
    CHECK(said(lines + "b: [").find("flow not found") != std::string::npos);
    interop::manifest_problems problems;
    CHECK(manifests::parse_yaml(lines, problems).size() == 1);
    CHECK(problems.empty());
}

TEST_CASE("a text that is too long is not looked at") {
    CHECK(said(std::string(interop::max_manifest_size + 1, ' '))
              .find("more than the 8388608 that are read") != std::string::npos);
}

TEST_CASE("a stray comma is refused, and keeps nobody waiting") {
    for (const char* yaml : {",", "a: 1\n---\n, b\n", ",ttp:\n  - a: b\n"}) {
        CAPTURE(yaml);
        CHECK(said(yaml).find("has a comma that belongs to nothing") != std::string::npos);
    }
    interop::manifest_problems problems;
    CHECK(manifests::parse_yaml("---\n---\n--- ~\n", problems).size() == 3);
    CHECK(problems.empty());
}
