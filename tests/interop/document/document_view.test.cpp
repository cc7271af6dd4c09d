// SPDX-License-Identifier: MIT
#include <corsac/interop/document/document_view.hpp>

#include "interop/input.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace {

using interop::document_view;

std::string number(const document_view& view) {
    const std::optional<std::int64_t> read = view.integer();
    return read ? std::to_string(*read) : "none";
}
std::string truth(const document_view& view) {
    const std::optional<bool> read = view.boolean();
    return !read ? "none" : *read ? "true" : "false";
}
std::string string(const document_view& view) { return '<' + view.string() + '>'; }
std::string strings(const document_view& view) {
    std::string all;
    for (const std::string& item : view.strings()) all += '<' + item + '>';
    return all;
}
std::string known_keys(const document_view& view) {
    return view.is_map({"a", "b"}) ? "map" : "none";
}

/// A value under the key `k` of a map, how it is read, and what is said about it.
struct row {
    const char* about;
    std::string yaml;
    std::string (*read)(const document_view&);
    const char* value;
    const char* said;
};

}  // namespace

TEST_CASE("what has another type is reported with its path, and read as if it were absent") {
    const row rows[] = {
        {"a string", "k: text", string, "<text>", ""},
        {"a quoted number is a string", "k: '7'", string, "<7>", ""},
        {"a number is none", "k: 7", string, "<>",
         "error: source, k: must be a string, not an integer (7)\n"},
        {"a list is none", "k: [a]", string, "<>",
         "error: source, k: must be a string, not a list\n"},
        {"nothing is absent", "x: 1", string, "<>", ""},
        {"null is absent", "k: ~", string, "<>", ""},

        {"true", "k: true", truth, "true", ""},
        {"false", "k: false", truth, "false", ""},
        {"yes is no boolean", "k: yes", truth, "none",
         "error: source, k: must be true or false, not a string (yes)\n"},
        {"no boolean at all", "x: 1", truth, "none", ""},

        {"an integer", "k: 600", number, "600", ""},
        {"a negative integer", "k: -5", number, "-5", ""},
        {"zero", "k: 0", number, "0", ""},
        {"eighteen digits", "k: 999999999999999999", number, "999999999999999999", ""},
        {"nineteen are too many", "k: 1000000000000000000", number, "none",
         "error: source, k: 1000000000000000000 is too large\n"},
        {"a fraction is no integer", "k: 1.5", number, "none",
         "error: source, k: must be an integer, not a number (1.5)\n"},
        {"a boolean is no integer", "k: true", number, "none",
         "error: source, k: must be an integer, not a boolean (true)\n"},

        {"a list of strings", "k: [a, b]", strings, "<a><b>", ""},
        {"an empty list", "k: []", strings, "", ""},
        {"a string is no list", "k: a", strings, "",
         "error: source, k: must be a list, not a string (a)\n"},
        {"an element of another type is told and empty", "k: [a, 1]", strings, "<a><>",
         "error: source, k[1]: must be a string, not an integer (1)\n"},
        {"null in a list is told and left out", "k: [~, a]", strings, "<a>",
         "error: source, k[0]: must be a string, not null\n"},

        {"a map with known keys", "k: {a: 1, b: 2}", known_keys, "map", ""},
        {"an empty map", "k: {}", known_keys, "map", ""},
        {"an unknown key is a warning", "k: {a: 1, c: 2}", known_keys, "map",
         "warning: source, k.c: is no field that is known here; it has no effect\n"},
        {"a list is no map", "k: [a]", known_keys, "none",
         "error: source, k: must be a map, not a list\n"},
        {"nothing is no map", "x: 1", known_keys, "none", ""},
    };
    for (const row& r : rows) {
        CAPTURE(r.about);
        input in(r.yaml);
        CHECK(r.read(in.view()["k"]) == r.value);
        CHECK(in.said() == r.said);
    }
}

TEST_CASE("a view knows its path, also where nothing is") {
    input in("a:\n- b: {c: 1}\n");
    const document_view root = in.view();
    CHECK(static_cast<bool>(root));
    CHECK(root.path().empty());
    CHECK(root.object() == "source");
    std::vector<std::string> paths;
    root["a"].each([&](const document_view& item) {
        paths.push_back(item["b"]["c"].path());
        CHECK(static_cast<bool>(item["b"]["c"]));
        paths.push_back(item["x"]["y"].path());
        CHECK_FALSE(static_cast<bool>(item["x"]["y"]));
        CHECK(item["x"]["y"].value() == nullptr);
    });
    CHECK(paths == std::vector<std::string>{"a[0].b.c", "a[0].x.y"});
    CHECK(in.problems.empty());
}

TEST_CASE("a long value is cut in a report") {
    input in("k: " + std::string(100, 'a'));
    CHECK(in.view()["k"].integer() == std::nullopt);
    CHECK(in.said() ==
          "error: source, k: must be an integer, not a string (" + std::string(60, 'a') + ")\n");
}

TEST_CASE("a reader says what else is wrong at the place of a value") {
    input in("a: {b: 1}");
    in.view()["a"]["b"].error("is odd");
    in.view()["a"]["c"].warning("is missing");
    CHECK(in.said() == "error: source, a.b: is odd\nwarning: source, a.c: is missing\n");
    CHECK(in.problems.errors() == 1);
}
