#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Compiles every C++ block of the READMEs, each with what its text takes for granted around it, and
checks that the table of fields has a row for every field, and that each line which installs an
adapter stands in an example."""
import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import tempfile

PAGES = ["README.md", "include/corsac/**/README.md", ".github/*.md"]
# Pages whose links are followed, too.
LINKED = [*PAGES, "bench/**/README.md", "cmake/**/README.md", "examples/**/README.md",
          "tests/**/README.md"]

INCLUDES = """
#include <corsac/corsac.hpp>
#include <corsac/live/counters.hpp>
#include <corsac/live/live_policy.hpp>
#include <corsac/live/shadow_candidate.hpp>
#include <corsac/live/shared_origins.hpp>
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
    int status = 200;
    void add_header(std::string_view, std::string_view) {}
    void set_header(std::string_view, std::string_view) {}
    void remove_header(std::string_view) {}
};
}
[[maybe_unused]] static void run_the_handler(const server::request&, server::response&) {}
struct a_request {
    std::string_view method() const { return "GET"; }
    template <class F> void visit(F&& f) const { f("Origin", "https://example.com"); }
};
struct a_response { void add(std::string_view, std::string_view) {} };
"""

# By a word that only that block has: what stands before it and after it. A word that begins with
# `#include` also says that the block needs that header, and is left out where it is not installed.
SURROUNDINGS = {
    "const auto under = ": (
        "void test(httplib::Server& server, const corsac::policy* policy,"
        " const corsac::policy* stricter) {", "}"),
    "crow_middleware cors{*table}": (
        "struct authentication { struct context {};"
        " void before_handle(crow::request&, crow::response&, context&) {}"
        " void after_handle(crow::request&, crow::response&, context&) {} };"
        "void test(const corsac::policy_table* table) {", "}"),
    "database.has(q.origin)": (
        "struct any_database { bool has(std::string_view) const; }; extern const any_database database;"
        "void test(httplib::Server& server, const corsac::policy* policy) {", "}"),
    "corsac::beast_coroutine": (
        "namespace http = boost::beast::http; using request_type = http::request<http::string_body>;"
        "boost::asio::awaitable<bool> look_up(std::string origin);"
        "http::response<http::string_body> handle_request(request_type request);"
        "boost::asio::awaitable<void> test(boost::asio::thread_pool& pool, request_type request,"
        " const corsac::policy* policy) {", "}"),
    "execSqlAsync": ("void test(const corsac::policy* policy) {", "}"),
    "corsac::counters counts": (
        "void log(std::string_view, std::string_view);"
        "void test(httplib::Server& server, const corsac::policy* policy) {", "}"),
    "#include <httplib.h>": ("", ""),
    "#include <crow.h>": ("", ""),
    "#include <drogon/drogon.h>": ("", ""),
    "public_data = ": ("void test() {", "(void)public_data; }"),
    "own_pages = ": ("void test() {", "if (!own_pages) std::terminate(); }"),
    "from_nginx = ": ("void test() {", "if (!from_nginx) std::terminate(); }"),
    "corsac::apply(d, response)": (
        "void test(const corsac::policy& policy, const a_request& request, a_response response) {",
        "}"),
    "struct my_request": ("", "static_assert(corsac::request_view<my_request>);"
                              "static_assert(corsac::response_sink<my_response>);"),
    "corsac::policy_table_builder": (
        "void test(const corsac::policy* policy, const corsac::policy* stricter,"
        " const a_request& request) {", "}"),
    "interop::to_envoy_routes": (
        "void test(std::vector<corsac::interop::document> documents,"
        " corsac::interop::manifest_problems& problems) {", "}"),
    "corsac::static_policy": ("", "int main() {}"),
    "corsac::make_shared_origins": ("void test() {", "}"),
    "corsac::live_policy live": ("void test(const a_request& request, a_response response) {", "}"),
    "corsac::counters counters": (
        "void test(const corsac::policy* policy, const a_request& request) {", "}"),
    "corsac::shadow_candidate candidate": (
        "void test(const corsac::policy* policy, const a_request& request) {", "}"),
    "corsac::testing::browser": (
        "#define CHECK_MESSAGE(holds, text) if (!(holds)) std::cerr << (text)\n"
        "void test(const corsac::policy* policy) {", "}"),
}


def program(block):
    # Includes go to the top, since a block may stand inside a function.
    includes = "\n".join(line for line in block.splitlines() if line.startswith("#include"))
    rest = "\n".join(line for line in block.splitlines() if not line.startswith("#include"))
    rest = rest.replace("namespace interop = corsac::interop;\n", "")
    for word, (before, after) in SURROUNDINGS.items():
        if word in block:
            alias = "namespace interop = corsac::interop;" if "interop::" in block else ""
            return "\n".join([includes, A_SERVER, alias, before, rest, after])
    return None


def blocks_of(page):
    return re.findall(r"^```cpp\n(.*?)^```", page.read_text(encoding="utf-8"),
                      re.MULTILINE | re.DOTALL)


def precompile(command, folder):
    """What every block includes, read once. @return The options that include it."""
    common = pathlib.Path(folder, "common.hpp")
    common.write_text(INCLUDES, encoding="utf-8")
    subprocess.run([*command, "-x", "c++-header", str(common), "-o", f"{common}.gch"], check=True)
    return ["-include", str(common)]


def compile_block(command, common, block):
    """What is wrong with a block, or None; and whether it was left out."""
    source = program(block)
    if source is None:
        return "no surroundings are known for:\n" + block, False
    command = [*command, "-fsyntax-only", "-x", "c++"]

    def run(options, text):
        return subprocess.run([*command, *options, "-"], input=text, text=True,
                              capture_output=True, check=False)

    tried = run(common, source)
    if tried.returncode == 0:
        return None, False
    absent = any(run([], f"#include <{header}>\n").returncode != 0
                 for header in re.findall(r"#include <([^>]+)>", block)
                 if not header.startswith("corsac/"))
    return (None if absent else "does not compile:\n" + block + tried.stderr), absent


def missing_fields(root):
    """The fields of a policy that the manual has no row for."""
    header = (root / "include/corsac/policy/policy_fields.hpp").read_text(encoding="utf-8")
    manual = (root / "include/corsac/policy/README.md").read_text(encoding="utf-8")
    names = re.findall(r'\{"(\w+)",', header) + ["max_age", "is_public_suffix"]
    return [name for name in names if f"| `{name}` |" not in manual]


def dead_links(page):
    """The links of a page to files, or to their headings, that are not there."""
    for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8")):
        path, _, heading = link.partition("#")
        target = page.parent / path if path else page
        if re.match(r"\w+:", link):
            continue
        if not target.exists():
            yield f"links to {link}, which does not exist"
        elif heading and heading not in headings(target):
            yield f"links to {link}, which has no such heading"


def headings(page):
    """The anchors that a page's headings are given."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return [re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles]


def lines_of_no_example(root):
    """The lines that install an adapter which do not stand in its example; that one is compiled with
    the framework, and a test asks it."""
    for page in (root / "README.md", root / "examples/adapters/README.md"):
        for row in re.findall(r"^\|.*$", page.read_text(encoding="utf-8"), re.MULTILINE):
            header = re.search(r"`(?:corsac/)?adapters/(\w+)\.hpp`", row)
            if header is None:
                continue
            example = root / f"examples/adapters/{header[1]}.cpp"
            text = "".join(example.read_text(encoding="utf-8").split())
            for line in re.findall(r"`([^`]*\bcorsac::[^`]*)`", row):
                if "".join(line.split()) not in text:
                    yield f"{page.relative_to(root)}: {line} does not stand in {example.name}"


def unexplained_dangers(root):
    """The dangerous fields whose attack SECURITY does not show."""
    options = (root / "include/corsac/policy/policy_options.hpp").read_text(encoding="utf-8")
    page = (root / ".github/SECURITY.md").read_text(encoding="utf-8")
    for name in re.findall(r"bool (dangerously_\w+)", options):
        if f"**`{name}`.**" not in page:
            yield f".github/SECURITY.md shows no attack for {name}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--compiler", required=True)
    parser.add_argument("--root", type=pathlib.Path, required=True)
    options = parser.parse_args()
    pages = sorted({page for pattern in PAGES for page in options.root.glob(pattern)})
    blocks = [(page, block) for page in pages for block in blocks_of(page)]
    wrong, left_out = 0, 0
    command = [options.compiler, "-std=c++20", "-Wall", "-Wextra", f"-I{options.root / 'include'}"]
    with (tempfile.TemporaryDirectory() as folder,
          concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool):
        common = precompile(command, folder)
        results = pool.map(lambda b: compile_block(command, common, b[1]), blocks)
        for (page, _), (problem, skipped) in zip(blocks, results):
            left_out += skipped
            if problem is not None:
                print(f"{page.relative_to(options.root)}: {problem}")
                wrong += 1
    for name in missing_fields(options.root):
        print(f"include/corsac/policy/README.md has no row for the field {name}")
        wrong += 1
    for page in sorted({page for pattern in LINKED for page in options.root.glob(pattern)}):
        for problem in dead_links(page):
            print(f"{page.relative_to(options.root)} {problem}")
            wrong += 1
    for problem in [*unexplained_dangers(options.root), *lines_of_no_example(options.root)]:
        print(problem)
        wrong += 1
    print(f"{len(blocks) - left_out} blocks of {len(pages)} pages compiled, {left_out} left out "
          f"because a header is not installed, {wrong} wrong")
    return 1 if wrong or not blocks else 0


if __name__ == "__main__":
    sys.exit(main())
