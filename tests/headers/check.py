#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Checks on the headers themselves: that each compiles alone and twice, includes no room that its own
must not use, stays cheap and small, and uses no name that a well-known macro would take."""
import argparse
import collections
import concurrent.futures
import fnmatch
import os
import pathlib
import re
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent.parent / "include"

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow",
            "-Werror"]

# Lines that <corsac/corsac.hpp> may add to <string_view> after preprocessing. Counted on GCC 12;
# other versions of the standard library have other counts.
LINE_BUDGET = 8000
LINE_BUDGET_GCC = "12"
TOO_EXPENSIVE = {"regex", "functional", "chrono", "iostream", "algorithm", "memory", "string",
                 "vector"}

# Bytes of machine code at -O2 of tests/headers/size/evaluate_and_apply.cpp, by GCC 12.
CODE_BUDGET = 28000

# Macros of Qt, X11 and windows.h, and glibc's major() and minor().
TAKEN_NAMES = ["emit", "signals", "slots", "foreach", "check", "Status", "None", "Bool", "Success",
               "DELETE", "ERROR", "OPTIONAL", "major", "minor"]


def headers():
    """Every header, by its name as users include it."""
    return sorted(p.relative_to(INCLUDE).as_posix() for p in INCLUDE.rglob("*.hpp"))


def without_comments(text):
    """Blanks out comments, and string literals except those of #include lines."""
    pattern = r'//[^\n]*|/\*.*?\*/|^[ \t]*#[ \t]*include[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\''

    def blank(match):
        found = match.group(0)
        if found.lstrip().startswith("#"):
            return found
        return re.sub(r"[^\n]", " ", found)

    return re.sub(pattern, blank, text, flags=re.DOTALL | re.MULTILINE)


# --- alone -----------------------------------------------------------------------------------------

def compile_alone(compiler, header):
    """The command's output if the header, included twice and nothing before it, does not compile."""
    source = f"#include <{header}>\n#include <{header}>\n"
    if os.path.basename(compiler).lower() in ("cl", "cl.exe"):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "alone.cpp")
            path.write_text(source, encoding="utf-8")
            command = [compiler, "/nologo", "/std:c++20", "/permissive-", "/utf-8", "/W4", "/WX",
                       "/EHsc", "/Zs", f"/I{INCLUDE}", str(path)]
            run = subprocess.run(command, capture_output=True, text=True, errors="replace")
    else:
        command = [compiler, "-x", "c++", "-std=c++20", "-fsyntax-only", "-fno-exceptions",
                   "-fno-rtti", *WARNINGS, "-I", str(INCLUDE), "-"]
        run = subprocess.run(command, input=source, capture_output=True, text=True,
                             errors="replace")
    return run.stdout + run.stderr if run.returncode else None


def first_include(test):
    """What a test includes before anything else: the build compiles that alone."""
    found = re.search(r"^#include ([<\"])([^>\"]+)", test.read_text(encoding="utf-8"), re.MULTILINE)
    return found.group(2) if found and found.group(1) == "<" else None


def is_guarded(header):
    """Whether a second #include of a header adds nothing."""
    guard = re.sub(r"\W", "_", header).upper()
    lines = without_comments((INCLUDE / header).read_text(encoding="utf-8")).split("\n")
    lines = [line for line in lines if line.strip()]
    return lines[:2] == [f"#ifndef {guard}", f"#define {guard}"] and lines[-1] == "#endif"


def alone(args):
    names = [name for name in headers() if args.interop or "/interop/" not in name]
    wrong = [f"{name} has no guard of its name against a second #include" for name in names
             if not is_guarded(name)]
    if args.untested:
        count = len(names)
        names = sorted(set(names) - {first_include(t) for t in HERE.parent.rglob("*.test.cpp")})
        print(f"{count - len(names)} headers are the first that a test includes")
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for header, output in zip(names, pool.map(lambda h: compile_alone(args.compiler, h), names)):
            if output is not None:
                print(output)
                wrong.append(f"{header} does not compile alone and twice on {args.compiler}")
    print(f"{len(names)} headers compiled alone on {args.compiler}, {len(wrong)} mistakes")
    return wrong


# --- rooms -----------------------------------------------------------------------------------------

def read_rooms():
    """What each room may use, and which headers must never reach which, as rooms.txt says."""
    rooms, never = {}, []
    for line in (HERE / "rooms.txt").read_text(encoding="utf-8").splitlines():
        line = line.partition("#")[0].strip()
        if not line:
            continue
        name, _, uses = line.partition(":")
        if name.startswith("never "):
            never.append((name.removeprefix("never ").strip(), uses.split()))
            continue
        order = list(rooms)
        allowed = set()
        for part in uses.split(","):
            first, dots, last = part.partition(" ... ")
            if dots:
                allowed.update(order[order.index(first.strip()):order.index(last.strip()) + 1])
            else:
                allowed.update(part.split())
        rooms[name.strip()] = allowed
    return rooms, never


def room_of(header, rooms):
    """The room of a header such as `policy/detail/builder`: the longest one that its name begins."""
    fits = [room for room in rooms if header == room or header.startswith(room + "/")]
    return max(fits, key=len, default=None)


def included_by(header):
    """The names of our own headers that a header includes, as written between the brackets."""
    text = without_comments((INCLUDE / header).read_text(encoding="utf-8"))
    return re.findall(r'^[ \t]*#[ \t]*include[ \t]*(<corsac/[^>]+>|"[^"]+")', text, re.MULTILINE)


def short_name(header):
    return header.removeprefix("corsac/").removesuffix(".hpp")


def read_graph(wrong):
    """Every header and the headers that it includes, by their short names."""
    graph = {}
    for header in headers():
        includes = graph[short_name(header)] = []
        for target in included_by(header):
            if target.startswith('"'):
                wrong.append(f"{header} includes {target}: write <corsac/...>")
            elif not (INCLUDE / target[1:-1]).is_file():
                wrong.append(f"{header} includes {target}, which does not exist")
            else:
                includes.append(short_name(target[1:-1]))
    return graph


def private_owner(header):
    """The room whose own a header is, such as `policy` of `policy/detail/builder`; or None."""
    before, found, _ = header.partition("/detail/")
    return before if found else None


def check_arrows(graph, rooms):
    for header, includes in graph.items():
        room = room_of(header, rooms)
        if room is None:
            yield f"{header} is in no room of rooms.txt"
            continue
        for other in includes:
            its_room = room_of(other, rooms)
            owner = private_owner(other)
            if owner is not None and not (header + "/").startswith(owner + "/"):
                yield f"{header} includes {other}, which is private to {owner}"
            elif its_room is not None and its_room != room and its_room not in rooms[room]:
                yield f"{header} includes {other}: {room} must not use {its_room}"


def check_circles(graph):
    done, path = set(), []

    def visit(name):
        if name in path:
            circle = path[path.index(name):] + [name]
            yield "headers include each other in a circle: " + " -> ".join(circle)
        elif name not in done:
            path.append(name)
            for other in graph.get(name, []):
                yield from visit(other)
            path.pop()
            done.add(name)

    for name in graph:
        yield from visit(name)


def reach(graph, header):
    seen, waiting = set(), [header]
    while waiting:
        for other in graph.get(waiting.pop(), []):
            if other not in seen:
                seen.add(other)
                waiting.append(other)
    return seen


CONTRIBUTING = HERE.parent.parent / ".github" / "CONTRIBUTING.md"


def picture(graph, known):
    """The rooms and the arrows that there really are between them, as a Mermaid chart: only the
    longest ways, since what a room uses it may also reach through others."""
    arrows = {room: set() for room in known}
    for header, includes in graph.items():
        for other in includes:
            one, two = room_of(header, known), room_of(other, known)
            if one and two and one != two:
                arrows[one].add(two)

    def beyond(room):
        return arrows[room].union(*(beyond(other) for other in arrows[room]))

    lines = ["```mermaid", "flowchart BT"]
    for room, uses in arrows.items():
        if room == "version":
            continue
        lines.append(f"    {room.replace('/', '_')}[{room}]")
        lines += [f"    {room.replace('/', '_')} --> {use.replace('/', '_')}"
                  for use in sorted(uses) if use != "version" and not any(use in beyond(other) for other in uses)]
    return "\n".join([*lines, "```"])


def rooms(args):
    wrong = []
    known, never = read_rooms()
    graph = read_graph(wrong)
    text = CONTRIBUTING.read_text(encoding="utf-8")
    drawn = re.sub(r"```mermaid\n.*?\n```", lambda _: picture(graph, known), text, flags=re.DOTALL)
    if args.draw:
        CONTRIBUTING.write_text(drawn, encoding="utf-8")
    elif drawn != text:
        wrong.append("the picture in .github/CONTRIBUTING.md is not of these rooms: "
                     "tests/headers/check.py rooms --draw")
    for room, uses in known.items():
        if not any(room_of(header, known) == room for header in graph):
            wrong.append(f"rooms.txt: there is no room {room}")
        above = list(known)[:list(known).index(room)]
        wrong += [f"rooms.txt: {room} uses {use}, which is no room above it"
                  for use in uses - set(above)]
    wrong += check_arrows(graph, known)
    wrong += check_circles(graph)
    for header, forbidden in never:
        wrong += [f"rooms.txt: there is no header {name}" for name in [header, *forbidden]
                  if name not in graph]
        wrong += [f"{header} reaches {name}" for name in forbidden if name in reach(graph, header)]
    print(f"{len(known)} rooms, {len(graph)} headers, {sum(map(len, graph.values()))} includes "
          "among them")
    return wrong


# --- public ----------------------------------------------------------------------------------------

TOKENS = re.compile(r'"[^"\n]*"|[A-Za-z_]\w*|::|\S')


def declarations(text):
    """What a header declares: (signature, is_private), each signature a list of tokens. Bodies of
    functions and initialisers are left out; what is in a namespace `detail` or in a private part of
    a class is private."""
    text = re.sub(r"^[ \t]*#[^\n]*(?:\\\n[^\n]*)*", "", without_comments(text), flags=re.MULTILINE)
    tokens = TOKENS.findall(text)
    scopes = []  # [kind, is_private]; kind: open (declarations inside) or closed
    statement, depth = [], 0

    def private():
        return any(hidden for _, hidden in scopes)

    i = 0
    while i < len(tokens):
        token = tokens[i]
        if token == "{" and depth == 0:
            words = [t for t in statement if t not in ("inline", "static", "constexpr")]
            last = statement[-1] if statement else ""
            named = {"namespace", "class", "struct", "union", "enum"} & set(words)
            before_paren = words[:words.index("(")] if "(" in words else words
            opens = bool({"namespace", "class", "struct", "union"} & set(before_paren)) and \
                last != ")" and "=" not in before_paren and "concept" not in words
            if opens:
                hidden = "detail" in words and ("namespace" in words or "::" in words)
                if "namespace" not in words:
                    yield words, private() or hidden
                scopes.append(["open", hidden])
                if "class" in before_paren and "enum" not in before_paren:
                    scopes[-1][1] = True
                statement = []
            else:
                if statement and not named:
                    yield statement, private()
                level = 1
                while level:
                    i += 1
                    level += {"{": 1, "}": -1}.get(tokens[i], 0)
                following = tokens[i + 1] if i + 1 < len(tokens) else ""
                if following in (";", ",", ")") or last in ("=", ",", "("):
                    statement.append("{}")
                else:
                    statement = []
        elif token == "}" and depth == 0:
            if scopes:
                scopes.pop()
            statement = []
        elif token == ";" and depth == 0:
            if statement:
                yield statement, private()
            statement = []
        elif token == ":" and statement in (["public"], ["private"], ["protected"]):
            scopes[-1][1] = statement != ["public"]
            statement = []
        else:
            depth += {"(": 1, ")": -1}.get(token, 0)
            statement.append(token)
        i += 1


def public(_):
    """No public signature but a concept's names a type of a namespace `detail`."""
    wrong, types, count = [], set(), 0
    for header in headers():
        text = (INCLUDE / header).read_text(encoding="utf-8")
        for words, is_private in declarations(text):
            if is_private:
                for key in ("struct", "class", "using"):
                    if key in words[:-1] and "concept" not in words:
                        types.add(words[words.index(key) + 1])
    for header in headers():
        if "/detail/" in header:
            continue
        text = (INCLUDE / header).read_text(encoding="utf-8")
        for words, is_private in declarations(text):
            count += not is_private
            if is_private or "friend" in words or "concept" in words:
                continue
            for name in re.findall(r"detail :: (\w+)", " ".join(words)):
                if name in types:
                    wrong.append(f"{header}: detail::{name} in the public "
                                 f"`{' '.join(words)[:100]}`")
    print(f"{count} public declarations, {len(types)} private types")
    return wrong


# --- budget ----------------------------------------------------------------------------------------

def version_of(compiler):
    return subprocess.run([compiler, "-dumpversion"], capture_output=True, text=True,
                          check=True).stdout.strip()


def preprocess(compiler, options, header):
    command = [compiler, "-x", "c++", "-std=c++20", *options, "-I", str(INCLUDE), "-"]
    return subprocess.run(command, input=f"#include <{header}>\n", capture_output=True, text=True,
                          errors="replace", check=True)


def budget(args):
    wrong = []
    umbrella = "corsac/corsac.hpp"
    ours, base = (len(preprocess(args.compiler, ["-E", "-P"], header).stdout.splitlines())
                  for header in (umbrella, "string_view"))
    version = version_of(args.compiler)
    print(f"GCC {version}: <{umbrella}> is {ours} lines, <string_view> alone {base}: "
          f"{ours - base} more, of {LINE_BUDGET} allowed on GCC {LINE_BUDGET_GCC}")
    if version.split(".")[0] == LINE_BUDGET_GCC and ours - base > LINE_BUDGET:
        wrong.append(f"<{umbrella}> is {ours - base - LINE_BUDGET} lines over its budget")

    trace = preprocess(args.compiler, ["-fsyntax-only", "-H"], umbrella).stderr
    stack = []
    for dots, path in re.findall(r"^(\.+) (.+)$", trace, re.MULTILINE):
        del stack[len(dots) - 1:]
        stack.append(path)
        # Only the public header counts: GCC's internal bits/... keep the same names elsewhere.
        if re.search(r"/c\+\+/[^/]+/[^/]+$", path) and os.path.basename(path) in TOO_EXPENSIVE:
            ours = [p for p in stack if p.startswith(str(INCLUDE))]
            wrong.append(f"<{umbrella}> reaches <{os.path.basename(path)}> through {ours[-1]}")
    print(f"it reaches {len(set(re.findall(r'^[.]+ (.+)$', trace, re.MULTILINE)))} headers")
    return wrong


# --- size ------------------------------------------------------------------------------------------

def sections(compiler, source, optimisation):
    """{name: bytes} of what the compiler makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "made.o")
        subprocess.run([compiler, "-std=c++20", optimisation, "-I", str(INCLUDE), "-c",
                        str(HERE / "size" / source), "-o", str(made)], check=True)
        said = subprocess.run(["size", "-A", str(made)], capture_output=True, text=True,
                              check=True).stdout
    found = collections.defaultdict(int)
    for name, count in re.findall(r"^(\.\S+) +(\d+) ", said, re.MULTILINE):
        found[name] += int(count)
    return found


def size(args):
    """How much machine code deciding is, and that a constant policy has none that starts it."""
    wrong = []
    made = sections(args.compiler, "evaluate_and_apply.cpp", "-O2")
    code = sum(count for name, count in made.items() if name.startswith(".text"))
    version = version_of(args.compiler)
    print(f"{os.path.basename(args.compiler)} {version}: one evaluate and one apply are {code} bytes "
          f"of code, of {CODE_BUDGET} allowed with GCC {LINE_BUDGET_GCC}")
    banner = subprocess.run([args.compiler, "--version"], capture_output=True, text=True).stdout
    is_gcc = "Free Software Foundation" in banner and version.split(".")[0] == LINE_BUDGET_GCC
    if code == 0:
        wrong.append("nothing was measured")
    if is_gcc and code > CODE_BUDGET:
        wrong.append(f"evaluate and apply are {code - CODE_BUDGET} bytes over their budget")
    for optimisation in ("-O0", "-O2"):
        start = [name for name in sections(args.compiler, "static_policy.cpp", optimisation)
                 if name.startswith((".init_array", ".ctors", ".text.startup"))]
        if start:
            wrong.append(f"static_policy leaves start-up code with {optimisation}: "
                         + ", ".join(start))
    return wrong


# --- mirrors ---------------------------------------------------------------------------------------

def mirrors(_):
    """Every public header has a test of its name, which includes it first, or says where it is
    tested: `// Tested in tests/….`"""
    wrong, own, elsewhere = [], 0, 0
    root = HERE.parent.parent
    for header in headers():
        if "/detail/" in header or header in ("corsac/version.hpp", "corsac/corsac.hpp"):
            continue
        test = root / "tests" / (short_name(header) + ".test.cpp")
        says = re.search(r"^// Tested in (tests/[\w./]+)\.$",
                         (INCLUDE / header).read_text(encoding="utf-8"), re.MULTILINE)
        if test.is_file():
            own += 1
            if first_include(test) != header:
                wrong.append(f"{test.relative_to(root)} does not include {header} first")
            if says:
                wrong.append(f"{header} says where it is tested, and has a test of its name")
        elif says is None:
            wrong.append(f"{header} has no tests/{short_name(header)}.test.cpp and does not say "
                         "where it is tested")
        elif not (root / says.group(1)).exists():
            wrong.append(f"{header} is tested in {says.group(1)}, which does not exist")
        else:
            elsewhere += 1
    print(f"{own} headers have a test of their name, {elsewhere} say where they are tested")
    return wrong


# --- names -----------------------------------------------------------------------------------------

def names(_):
    wrong = []
    taken = re.compile(r"\b(" + "|".join(TAKEN_NAMES) + r")\b")
    for header in headers():
        text = without_comments((INCLUDE / header).read_text(encoding="utf-8"))
        for number, line in enumerate(text.splitlines(), 1):
            for name in taken.findall(line):
                wrong.append(f"{header}:{number}: `{name}` is a macro in Qt, X11, Windows or glibc")
    print(f"{len(headers())} headers searched for {', '.join(TAKEN_NAMES)}")
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(required=True)
    for function in (alone, budget, size, rooms, public, mirrors, names):
        command = commands.add_parser(function.__name__)
        command.set_defaults(run=function)
        if function in (alone, budget, size):
            command.add_argument("--compiler", required=True)
        if function is alone:
            command.add_argument("--untested", action="store_true",
                                 help="only headers that no test includes first")
            command.add_argument("--no-interop", dest="interop", action="store_false",
                                 help="without those that need a parser's test")
        if function is rooms:
            command.add_argument("--draw", action="store_true",
                                 help="write the picture in .github/CONTRIBUTING.md anew")
    args = parser.parse_args()
    if not headers():
        sys.exit(f"no header found under {INCLUDE}")
    wrong = args.run(args)
    for sentence in wrong:
        print("WRONG:", sentence)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
