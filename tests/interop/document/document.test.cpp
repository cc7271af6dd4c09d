// SPDX-License-Identifier: MIT
#include <corsac/interop/document/document.hpp>

#include "interop/manifests.hpp"

#include <doctest/doctest.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

using interop::document;
using interop::document_kind;

const std::string head = "apiVersion: gateway.networking.k8s.io/v1\n"
                         "kind: HTTPRoute\n"
                         "metadata: {name: r, namespace: n}\n";

/// A value of a parser that knows no limit.
struct node {
    std::string key{};
    document_kind what = document_kind::null;
    std::string written{};
    std::vector<node> children{};

    [[nodiscard]] document_kind kind() const { return what; }
    [[nodiscard]] std::string text() const { return written; }
    template <class F>
    void visit(F&& f) const {
        for (const node& child : children) f(std::string_view(child.key), child);
    }
};
static_assert(interop::document_node<node>);
static_assert(!interop::document_node<document>);

node text(std::string key, std::string value) {
    return {std::move(key), document_kind::string, std::move(value), {}};
}
node map(std::string key, std::vector<node> children) {
    return {std::move(key), document_kind::map, {}, std::move(children)};
}
node list(std::string key, std::vector<node> children) {
    return {std::move(key), document_kind::list, {}, std::move(children)};
}
/// Lists in a list, so many deep.
node nested(std::size_t depth) {
    node all = list("", {});
    for (std::size_t i = 1; i < depth; ++i) all = list("", {std::move(all)});
    return all;
}

/// Contains itself, as an anchor of YAML may.
struct endless {
    [[nodiscard]] document_kind kind() const { return document_kind::map; }
    [[nodiscard]] std::string text() const { return {}; }
    template <class F>
    void visit(F&& f) const {
        f(std::string_view("a"), *this);
    }
};

std::string said(const interop::manifest_problems& problems) {
    std::string lines;
    for (const interop::manifest_problem& problem : problems) lines += problem.text() + '\n';
    return lines;
}

}  // namespace

TEST_CASE("a map keeps the order of its keys, and each has one value") {
    document made = document::map();
    made.set("b", document("1"));
    made.set("a", document(true));
    made.set("b", document(std::int64_t{-7})).set("c", document("never in a map"));
    REQUIRE(made.size() == 2);
    CHECK(made.key(0) == "b");
    CHECK(made.key(1) == "a");
    REQUIRE(made.find("b") != nullptr);
    CHECK(made.find("b")->kind() == document_kind::integer);
    CHECK(made.find("b")->text() == "-7");
    CHECK(made.find("a")->kind() == document_kind::boolean);
    CHECK(made.find("a")->text() == "true");
    CHECK(made.find("c") == nullptr);
    CHECK(made.find("") == nullptr);
    CHECK(document("text").find("b") == nullptr);
    CHECK(document::list().find("b") == nullptr);
}

TEST_CASE("documents are equal if kind, text, keys and values are") {
    document one = document::map();
    one.set("a", document("1"));
    document other = document::map();
    other.set("a", document("1"));
    CHECK(one == other);
    other.set("a", document(std::int64_t{1}));
    CHECK_FALSE(one == other);
    CHECK_FALSE(document::map() == document::list());
    CHECK_FALSE(document() == document(""));
    CHECK(document().is_null());
    CHECK_FALSE(document("").is_null());
    document elements = document::list();
    elements.push_back(document("1"));
    CHECK_FALSE(elements == document::list());
    CHECK(elements.item(0) == document("1"));
}

TEST_CASE("a parser's tree is copied, whatever its nodes are") {
    interop::manifest_problems problems;
    interop::document_reader reader(problems);
    const document read = reader.read(
        map("", {text("a", "1"), list("b", {text("", "2"), {"", document_kind::null, "", {}}}),
                 map("c", {text("d", "3")})}));
    CHECK(problems.empty());
    REQUIRE(read.size() == 3);
    CHECK(*read.find("a") == document("1"));
    REQUIRE(read.find("b")->size() == 2);
    CHECK(read.find("b")->kind() == document_kind::list);
    CHECK(read.find("b")->item(0) == document("2"));
    CHECK(read.find("b")->item(1).is_null());
    CHECK(*read.find("c")->find("d") == document("3"));
}

TEST_CASE("a key that stands twice is told with its path, in the document that has it") {
    interop::manifest_problems problems;
    interop::document_reader reader(problems);
    CHECK_FALSE(reader.read(map("", {text("a", "1")})).is_null());
    CHECK(reader.read(map("", {list("a", {map("", {text("b", "1"), text("b", "2")})})})).is_null());
    CHECK(said(problems) == "error: document 2, a[0].b: this key is in the map twice\n");
    CHECK_FALSE(reader.read(map("", {text("a", "1")})).is_null());
    CHECK(problems.errors() == 1);
}

TEST_CASE("what is nested deeper than anything is refused") {
    interop::manifest_problems problems;
    interop::document_reader reader(problems);
    CHECK_FALSE(reader.read(nested(interop::max_document_depth)).is_null());
    CHECK(problems.empty());
    CHECK(reader.read(nested(interop::max_document_depth + 1)).is_null());
    CHECK(said(problems).find("nested more than 64 deep") != std::string::npos);
    CHECK(problems.errors() == 1);
}

TEST_CASE("a tree that contains itself ends") {
    interop::manifest_problems problems;
    interop::document_reader reader(problems);
    CHECK(reader.read(endless{}).is_null());
    REQUIRE(problems.errors() == 1);
    const interop::manifest_problem& problem = *problems.begin();
    CHECK(problem.message.find("or an anchor contains itself") != std::string::npos);
    CHECK(problem.path.size() == 80);
}

TEST_CASE("the limit of values is one for all documents, and what follows it is not read") {
    interop::manifest_problems problems;
    interop::document_reader reader(problems);
    const node half = list("", std::vector<node>(interop::max_document_nodes / 2, text("", "x")));
    CHECK_FALSE(reader.read(half).is_null());
    CHECK(problems.empty());
    CHECK(reader.read(half).is_null());
    CHECK(said(problems).find("document 2") != std::string::npos);
    CHECK(said(problems).find("has more than 524288 values") != std::string::npos);
    CHECK(problems.errors() == 1);
    CHECK(reader.read(text("", "x")).is_null());
}

TEST_CASE("aliases are values, and a laugh of a billion of them is refused") {
    const manifests::loaded shared = manifests::load(
        head + "spec:\n  rules:\n  - filters: &f\n    - {type: CORS, cors: {allowOrigins: ['*']}}\n"
               "    matches: [{path: {value: /a}}]\n  - filters: *f\n"
               "    matches: [{path: {value: /b}}]\n");
    REQUIRE(shared.import.table.has_value());
    CHECK(manifests::ask(*shared.import.table,
                         {.path = "/b", .origin = "https://a.example"})["allow-origin"] == "*");

    std::string laughs = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
    for (int i = 1; i < 10; ++i) {
        const std::string name = "a" + std::to_string(i);
        const std::string inner = "*a" + std::to_string(i - 1);
        laughs += name + ": &" + name + " [" + inner;
        for (int k = 1; k < 10; ++k) laughs += ", " + inner;
        laughs += "]\n";
    }
    const manifests::loaded loaded = manifests::load(laughs);
    CHECK_FALSE(loaded.import.table.has_value());
    CHECK(loaded.said().find("has more than 524288 values") != std::string::npos);
}

TEST_CASE("aliases are bytes, too: a long text may not be repeated at will") {
    const std::string text(400000, 'x');
    std::string yaml = "a: &a " + text + "\nb: [*a";
    for (int i = 0; i < 100000; ++i) yaml += ", *a";
    const manifests::loaded loaded = manifests::load(yaml + "]\n");
    CHECK(loaded.said() == "error: document 1, b[18]: the input's keys and values have more than "
                           "8388608 bytes, repeated aliases included\n");
    // And so is a long key.
    std::string keys = "a: &a {" + text.substr(0, 1000) + ": 1}\nb: [*a";
    for (int i = 0; i < 100000; ++i) keys += ", *a";
    CHECK(manifests::load(keys + "]\n").said().find("more than 8388608 bytes") !=
          std::string::npos);
}

TEST_CASE("a map of very many keys is refused") {
    std::string yaml = head + "spec: {}\nstatus:\n";
    for (int i = 0; i < 5000; ++i) yaml += "  k" + std::to_string(i) + ": 1\n";
    CHECK(manifests::load(yaml).said().find("more than 4096 keys") != std::string::npos);
}

TEST_CASE("an input of 10 MB is refused before it is parsed") {
    interop::manifest_problems problems;
    CHECK_FALSE(interop::accepts_size(10U << 20, problems));
    REQUIRE(problems.errors() == 1);
    CHECK(problems.begin()->text() ==
          "error: the input has 10485760 bytes, more than the 8388608 that are read");
    CHECK(interop::accepts_size(interop::max_manifest_size, problems));
}
