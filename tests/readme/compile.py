#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every C++ block of README.md, each with what its text takes for granted around it."""
import argparse
import pathlib
import re
import subprocess
import sys

INCLUDES = """
#include <corsac/corsac.hpp>
#include <corsac/table/policy_table_builder.hpp>
#include <corsac/table/route_explanation.hpp>
#include <corsac/testing/browser.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>
"""

A_SERVER = """
namespace server {
struct request {
    std::string method;
    std::vector<std::pair<std::string, std::string>> headers;
};
struct response {
    void add_header(std::string_view, std::string_view) {}
    void set_header(std::string_view, std::string_view) {}
    void remove_header(std::string_view) {}
};
}
struct a_request {
    std::string_view method() const { return "GET"; }
    template <class F> void visit(F&& f) const { f("Origin", "https://example.com"); }
};
struct a_response { void add(std::string_view, std::string_view) {} };
"""

# By a word that only that block has: what stands before it and after it.
SURROUNDINGS = {
    "corsac::apply(d, response)": ("int main() { a_request request; a_response response;", "}"),
    "struct my_request": ("", "static_assert(corsac::request_view<my_request>);"
                              "static_assert(corsac::response_sink<my_response>);"),
    "corsac::policy_table_builder": (
        "void test(const corsac::policy* policy, const corsac::policy* stricter,"
        " const a_request& request) {", "}"),
    "corsac::to_envoy_routes": (
        "void test(std::vector<corsac::document> documents, corsac::manifest_problems& problems) {",
        "}"),
    "corsac::static_policy": ("", "int main() {}"),
    "corsac::testing::browser": (
        "#define CHECK_MESSAGE(holds, text) if (!(holds)) std::cerr << (text)\n"
        "void test(const corsac::policy* policy) {", "}"),
}


def program(block):
    # Includes go to the top, since a block may stand inside a function.
    includes = "\n".join(line for line in block.splitlines() if line.startswith("#include"))
    rest = "\n".join(line for line in block.splitlines() if not line.startswith("#include"))
    for word, (before, after) in SURROUNDINGS.items():
        if word in block:
            return "\n".join([includes, INCLUDES, A_SERVER, before, rest, after])
    return None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    options = parser.parse_args()
    readme = (options.root / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```cpp\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    wrong = len(blocks) != len(SURROUNDINGS)
    if wrong:
        print(f"README.md has {len(blocks)} blocks of C++, and {len(SURROUNDINGS)} are known here")
    for block in blocks:
        source = program(block)
        if source is None:
            print("no surroundings are known for:\n" + block)
            wrong = True
            continue
        command = [options.compiler, "-std=c++20", "-Wall", "-Wextra", "-fsyntax-only",
                   f"-I{options.root / 'include'}", "-x", "c++", "-"]
        result = subprocess.run(command, input=source, text=True, capture_output=True, check=False)
        if result.returncode != 0:
            print("does not compile:\n" + block + result.stderr)
            wrong = True
    print(f"{len(blocks)} blocks of README.md compiled" if not wrong else "README.md is wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
